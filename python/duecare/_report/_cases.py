"""Case by case: the picture, the findings with their evidence and sources, and the entries."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from duecare._audit import Progress
from duecare._case import CaseTimeline, worst_first
from duecare._figures._study import NO_UNIT, Filed
from duecare._figures._timeline import event_table, timeline_chart, verdict_words
from duecare._report._context import Context, counted, cut
from duecare._report._model import (
    CasePage,
    Event,
    Finding,
)
from duecare._types import SEVERITIES


class Cases:
    """Those drawn, and a list of the rest."""

    def __init__(self, at: Context, progress: Progress | None) -> None:
        self._at = at
        self._progress = progress

    def write(self) -> dict[str, Any]:
        shown = self._at.chosen[: self._at.limits.timelines]
        hidden = set(self._at.chosen[self._at.limits.timelines :])
        rest = [one for one in self._at.study.filed if one.case in hidden and one.obligation.adverse]
        rest.sort(key=lambda one: (SEVERITIES.index(one.obligation.severity), worst_first(one.obligation)))
        most = self._at.limits.findings
        note = (
            f"{counted(len(self._at.chosen), 'case')} of {len(self._at.result.caseload):,} "
            "with something late, missed or unclear."
        )
        if hidden:
            note += (
                f" The {len(shown):,} most serious are drawn here; "
                f"the other {len(hidden):,} are in the list after them."
            )
        return {
            "cases": tuple(self._case_pages(shown)),
            "cases_note": note,
            "rest": tuple(self._at.line(one) for one in rest[:most]),
            "rest_note": cut(len(rest), min(most, len(rest)), "the most serious"),
        }

    def _case_pages(self, cases: Sequence[int]) -> Iterator[CasePage]:
        for number, case in enumerate(cases, 1):
            yield self._case_page(case)
            if self._progress is not None:
                self._progress(number, len(cases))

    def _case_page(self, case: int) -> CasePage:
        plain = self._at.study.timeline(case)
        shown = self._at.disguise.case(plain, self._at.study.titles)
        anchor = self._at.anchors[case]
        numbers = {event.id: number for number, event in enumerate(plain.events, 1)}
        by_id = {duty.id: duty for duty in self._at.result.policy.duties}
        pairs = sorted(
            (
                (old, new)
                for old, new in zip(plain.obligations, shown.obligations, strict=True)
                if old.adverse or old.verdict == "pending"
            ),
            key=lambda pair: worst_first(pair[0]),
        )
        # Without an owner the unit is that of the case.
        unit = self._at.result.caseload.unit(case) or NO_UNIT
        findings = tuple(
            Finding(
                self._at.line(Filed(case, plain.case_id, "", old.owner or unit, old)),
                tuple(self._evidence(old.evidence, numbers, plain, shown, anchor)),
                self._at.source(by_id[old.duty_id]),
                new.reason or "",
            )
            for old, new in pairs
        )
        table = event_table(shown, self._at.clock)
        adverse = Counter(one.verdict for one in plain.adverse)
        said = ", ".join(
            f"{adverse[v]:,} {verdict_words(v)}" for v in ("missed", "late", "unassessable") if adverse[v]
        )
        return CasePage(
            shown.case_id,
            anchor,
            self._state(shown),
            tuple(self._people(plain, shown)),
            f"{said}; {counted(len(plain.obligations), 'duty', 'duties')} in all",
            timeline_chart(shown),
            findings,
            table.columns,
            tuple(Event(number, f"{anchor}-e{number}", cells) for number, cells in enumerate(table.rows, 1)),
        )

    def _state(self, case: CaseTimeline) -> str:
        closed = case.closed_at
        return f"closed {self._at.clock.day(closed)}" if closed is not None else "open"

    def _people(self, plain: CaseTimeline, shown: CaseTimeline) -> Iterator[str]:
        at = self._at.clock.local(plain.events[0].occurred_at if plain.events else plain.as_of)
        for person, masked in zip(plain.persons, shown.persons, strict=True):
            roles = (
                ", ".join(role.replace("_", " ") for role in dict.fromkeys(masked.roles))
                or "no role recorded"
            )
            yield f"{masked.id}: {roles}, {self._at.disguise.age(person, at)}"

    def _evidence(
        self,
        evidence: Iterable[str],
        numbers: Mapping[str, int],
        plain: CaseTimeline,
        shown: CaseTimeline,
        anchor: str,
    ) -> Iterator[tuple[str, str]]:
        for event_id in evidence:
            number = numbers.get(event_id)
            if number is not None:
                told = f" [{event_id}]" if not self._at.disguise.anonymous else ""
                yield f"{number}. {shown.events[number - 1].title}{told}", f"{anchor}-e{number}"
            elif self._at.disguise.anonymous:
                yield "an entry of another case, or one replaced since", ""
            else:
                yield event_id, ""
