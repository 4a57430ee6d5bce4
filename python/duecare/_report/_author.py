"""A result in the words and figures of a report."""

from collections import Counter

from duecare._audit import Progress, Result
from duecare._figures._chart import Table
from duecare._report._cases import Cases
from duecare._report._context import Context, counted
from duecare._report._disguise import Disguise
from duecare._report._duties import Duties
from duecare._report._first_page import FirstPage
from duecare._report._model import (
    Limits,
    Report,
)


class _Author:
    def __init__(self, at: Context, progress: Progress | None) -> None:
        self._at = at
        self._progress = progress

    def _unclear(self) -> Table:
        reasons: Counter[tuple[str, str]] = Counter()
        for one in self._at.study.filed:
            if one.obligation.verdict == "unassessable":
                reason = self._at.disguise.reason(one.obligation.reason or "")
                reasons[one.obligation.title, reason] += 1
        rows = tuple(
            (title, _reason_words(reason), f"{number:,}")
            for (title, reason), number in sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
        )
        return Table(
            ("Duty", "What the record lacks", "How often"), rows, "What could not be judged, and why"
        )

    def _rejects(self) -> Table | None:
        rejects = self._at.result.rejects
        if not rejects:
            return None
        if self._at.disguise.anonymous:
            return Table(("Documents",), ((f"{len(rejects):,}",),), "Documents that could not be read")
        rows = tuple(
            (
                one.source,
                f"{one.line:,}",
                one.case_id or "not known",
                one.pointer or "the whole document",
                one.reason,
            )
            for one in rejects[: self._at.limits.findings]
        )
        return Table(
            ("File", "Line", "Case", "Place", "Reason"),
            rows,
            "Documents that could not be read, and are in no figure",
        )

    def _warnings(self) -> tuple[str, ...]:
        warnings = [one.message for one in self._at.result.warnings]
        if self._at.disguise.anonymous:
            return (f"{counted(len(warnings), 'warning')}, left out here.",) if warnings else ()
        return tuple(warnings)

    def write(self, estimates: tuple[Table, ...]) -> Report:
        result, policy, clock = self._at.result, self._at.result.policy, self._at.clock
        duties = Duties(self._at)
        summary = result.summary
        facts = (
            ("As of", clock.words(self._at.disguise.when(result.as_of))),
            ("As known at", clock.words(self._at.disguise.when(result.known_at))),
            ("Times", f"local, {policy.time_zone}"),
            ("Read", f"{counted(summary.cases, 'case')}, {counted(summary.visible_events, 'event')}"),
            (
                "Policy",
                f"{policy.title or policy.id}, version {policy.version} (digest {policy.digest[:16]})",
            ),
        )
        return Report(
            title="Supervision report",
            as_of=clock.words(self._at.disguise.when(result.as_of)),
            known_at=clock.words(self._at.disguise.when(result.known_at)),
            facts=facts,
            rejected=len(result.rejects),
            nothing_visible=result.nothing_visible is not None,
            **FirstPage(self._at).write(),
            chapters=tuple(duties.write()),
            **duties.units(),
            estimates=estimates,
            **Cases(self._at, self._progress).write(),
            unclear=self._unclear(),
            rejects=self._rejects(),
            warnings=self._warnings(),
            anonymous=self._at.disguise.anonymous,
            shifted=self._at.disguise.shifted,
        )


def _reason_words(reason: str) -> str:
    kind, _, what = reason.partition(": ")
    words = {
        "missing_value": "nothing is recorded as",
        "wrong_type": "a value is of the wrong kind for",
        "unknown_rank": "a rank is not one of the policy's",
        "calendar_uncovered": "the calendar does not cover the date:",
    }.get(kind, kind.replace("_", " "))
    return f"{words} {what}".strip()


def make_report(
    result: Result,
    *,
    limits: Limits | None = None,
    disguise: Disguise | None = None,
    estimates: tuple[Table, ...] = (),
    progress: Progress | None = None,
) -> Report:
    """Everything that the page shows. The result needs findings of every verdict.

    ``progress`` is told of (cases drawn, cases to draw).
    """
    context = Context(result, limits or Limits(), disguise or Disguise())
    return _Author(context, progress).write(estimates)
