"""What a result says, in the words and figures of a report."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from duecare._audit import Progress, Result
from duecare._case import CaseTimeline, Obligation, worst_first
from duecare._figures import _estimates
from duecare._figures._axes import percent
from duecare._figures._chart import Chart, Table
from duecare._figures._funnel import funnel_chart, unit_groups
from duecare._figures._grids import heatmap_chart, lags_chart
from duecare._figures._spans import cadence_chart, survival_chart
from duecare._figures._study import NO_UNIT, Filed, Study, Tally
from duecare._figures._time import Clock, span
from duecare._figures._timeline import event_table, timeline_chart, verdict_words
from duecare._report._chapters import OTHER, THEMES, Theme, theme_of
from duecare._report._disguise import Disguise
from duecare._report._model import (
    CasePage,
    Chapter,
    DutyRow,
    Event,
    Figure,
    Finding,
    Limits,
    Line,
    Report,
    Source,
)
from duecare._types import SEVERITIES, VERDICTS, Duty

_WEEK = timedelta(days=7)
_HEAT_DUTIES, _HEAT_UNITS = 12, 8
# Rhythms and stages with fewer than this are not drawn: the counts in the table say it better.
_FEWEST = 10
_STATUS = {
    "statute": "law",
    "statutory_guidance": "statutory guidance",
    "code_of_practice": "code of practice",
    "professional_practice": "professional practice",
    "inspection_expectation": "what inspectorates expect",
    "local_policy": "local policy",
    "illustrative": "illustrative, binds nobody",
}


def counted(number: int, noun: str, many: str = "") -> str:
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def _of(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({percent(part / whole)})" if whole else "none"


class _Author:
    def __init__(self, result: Result, limits: Limits, disguise: Disguise, progress: Progress | None) -> None:
        self._progress = progress
        self._study = Study(result)
        self._result = result
        self._limits = limits
        self._disguise = disguise
        self._clock = Clock(result.policy)
        self._chosen = self._serious_cases()
        self._anchors = {
            case: f"case-{place}" for place, case in enumerate(self._chosen[: limits.timelines], 1)
        }
        self._themes: dict[Theme, list[str]] = {}
        for duty in result.policy.duties:
            if duty.id in self._study.by_unit:
                self._themes.setdefault(theme_of(duty.area), []).append(duty.id)

    # ---- Which cases, in which order -----------------------------------------------------------------------

    def _serious_cases(self) -> list[int]:
        """Cases with findings: by open critical ones, then by severity and verdict, then as they came."""
        weight: dict[int, list[int]] = {}
        for one in self._study.filed:
            found = one.obligation
            if not found.adverse:
                continue
            place = SEVERITIES.index(found.severity)
            marks = weight.setdefault(one.case, [0] * (1 + 2 * len(SEVERITIES)))
            marks[0] += place == 0 and found.verdict == "missed" and found.open
            marks[1 + 2 * place] += found.verdict in ("missed", "late")
            marks[2 + 2 * place] += found.verdict == "unassessable"
        return sorted(weight, key=lambda case: ([-n for n in weight[case]], case))

    # ---- Words ---------------------------------------------------------------------------------------------

    def _when(self, one: Obligation) -> str:
        if one.due_at is None:
            return "no fixed time"
        return self._clock.words(self._disguise.when(one.due_at))

    def _line(self, one: Filed, note: str = "") -> Line:
        shown = self._disguise.filed(one)
        found = shown.obligation
        return Line(
            shown.case_id,
            self._anchors.get(one.case, ""),
            found.key or "the case",
            found.duty_id,
            found.title,
            found.severity,
            found.verdict,
            verdict_words(found.verdict),
            self._when(one.obligation),
            span(found.overdue_seconds) if found.overdue_seconds else "",
            shown.unit,
            self._disguise.sentence(found, self._clock),
            ", ".join(flag.replace("_", " ") for flag in found.flags),
            note,
        )

    def _source(self, duty: Duty) -> Source:
        title = duty.source_title + (f", {duty.source_section}" if duty.source_section else "")
        return Source(title, duty.source_url, _STATUS.get(duty.source_status, duty.source_status))

    # ---- First page ----------------------------------------------------------------------------------------

    def _closed(self, filed: Sequence[Filed]) -> dict[int, str]:
        """Of those cases that are closed, since when."""
        notes = {}
        for case in {one.case for one in filed}:
            closed = self._study.timeline(case).closed_at
            if closed is not None:
                notes[case] = f"case closed {self._clock.day(self._disguise.when(closed))}"
        return notes

    def _overdue(self, severity: str, most: int) -> tuple[list[Filed], dict[int, str], dict[str, Any]]:
        found = self._study.overdue(severity)
        closed = self._closed(found)
        shown = sorted(found, key=lambda one: one.case in closed)[:most]
        name = "overdue" if severity == "critical" else f"overdue_{severity}"
        return (
            found,
            closed,
            {
                name: tuple(self._line(one, closed.get(one.case, "")) for one in shown),
                f"{name}_note": _cut(len(found), len(shown), "open cases first, the longest overdue first"),
            },
        )

    def _figures(self, critical: list[Filed], closed: Mapping[int, str], soon: int) -> tuple[Figure, ...]:
        total = self._study.total()
        counts, unclear = total.counts, total.counts["unassessable"]
        in_cases = counted(len({one.case for one in critical}), "case")
        in_closed = sum(one.case in closed for one in critical)
        detail = f"in {in_cases} of {len(self._result.caseload):,}" if critical else "in any case"
        detail += f"; {in_closed:,} in cases that are closed" if in_closed else ""
        one = len(critical) == 1
        return (
            Figure(
                f"{len(critical):,}",
                f"critical {'duty is' if one else 'duties are'} overdue and still not done",
                detail,
                "bad" if critical else "good",
            ),
            Figure(
                f"{soon:,}",
                f"{'duty falls' if soon == 1 else 'duties fall'} due in the next 7 days",
                f"of {counts['pending']:,} still to do and in time",
                "plain",
            ),
            Figure(
                f"{counts['met']:,}",
                f"of {total.judged:,} duties were done in time",
                f"{counts['late']:,} done late, {counts['missed']:,} not done in time",
                "plain",
            ),
            Figure(
                f"{unclear:,}",
                "cannot be judged: the record does not say enough",
                "counted neither as done nor as missed",
                "warn" if unclear else "good",
            ),
        )

    def _first_page(self) -> dict[str, Any]:
        first = self._limits.first
        critical, closed, listed = self._overdue("critical", first)
        _, _, high = self._overdue("high", first)
        soon = self._study.due_until(self._study.as_of + _WEEK)
        return {
            "figures": self._figures(critical, closed, len(soon)),
            **listed,
            **high,
            "soon": tuple(self._line(one) for one in soon[:first]),
            "soon_note": _cut(len(soon), min(first, len(soon)), "the first to fall due"),
            "worst": tuple(self._worst()),
        }

    def _worst(self) -> Iterator[tuple[str, str, str]]:
        tallies = [(name, self._study.duty(name)) for name in self._study.by_unit]
        order = {name: SEVERITIES.index(duty.severity) for name, duty in self._study.duties.items()}
        failed = [(name, tally) for name, tally in tallies if tally.failed]
        for name, tally in sorted(failed, key=lambda one: (-one[1].failed, order[one[0]], one[0]))[:6]:
            duty = self._study.duties[name]
            yield duty.title or name, _of(tally.failed, tally.judged), theme_of(duty.area).anchor

    # ---- Chapters ------------------------------------------------------------------------------------------

    def _chapters(self) -> Iterator[Chapter]:
        for theme in (*THEMES, OTHER):
            duties = self._themes.get(theme)
            if not duties:
                continue
            total = self._study.total(duties)
            yield Chapter(
                theme.anchor,
                theme.title,
                theme.asks,
                self._sentence(total, len(duties)),
                tuple(self._duty_row(name) for name in duties),
                tuple(self._charts(theme, duties)),
            )

    def _sentence(self, total: Tally, duties: int) -> str:
        said = f"{counted(duties, 'duty', 'duties')} arose {counted(total.total, 'time')}. "
        if total.judged:
            said += (
                f"Of {total.judged:,} that were due and could be judged, {total.counts['met']:,} were done "
                f"in time, "
                f"{total.counts['late']:,} late, and {total.counts['missed']:,} not in time."
            )
        else:
            said += "None was due yet and could be judged."
        if total.counts["unassessable"]:
            said += (
                f" {total.counts['unassessable']:,} could not be judged, "
                "because the record does not say enough."
            )
        return said

    def _duty_row(self, name: str) -> DutyRow:
        duty, tally = self._study.duties[name], self._study.duty(name)
        counts = tally.counts
        low, high = _estimates.proportion_interval(counts["met"], tally.judged)
        return DutyRow(
            name,
            duty.title or name,
            duty.severity,
            self._source(duty),
            f"{tally.judged:,}",
            f"{counts['met']:,}",
            f"{counts['late']:,}",
            f"{counts['missed']:,}",
            f"{counts['unassessable']:,}",
            f"{counts['pending']:,}",
            f"{counts['excused'] + counts['lapsed']:,}",
            percent(counts["met"] / tally.judged) if tally.judged else "–",
            f"{percent(low)} to {percent(high)}" if tally.judged else "–",
        )

    def _charts(self, theme: Theme, duties: list[str]) -> Iterator[Chart]:
        units = [unit for unit in self._study.units if self._study.unit(unit, duties).judged]
        failing = [name for name in duties if self._study.duty(name).failed]
        failing.sort(key=lambda name: -self._study.duty(name).failed)
        if len(units) > 1 and failing:
            yield self._heat(failing[:_HEAT_DUTIES], units, theme)
        yield from self._rhythms(duties)
        yield from self._waits(theme, duties)
        if theme.anchor == "records":
            yield from self._lags()

    def _heat(self, duties: list[str], units: list[str], theme: Theme) -> Chart:
        most = sorted(units, key=lambda unit: -self._study.unit(unit, duties).judged)[:_HEAT_UNITS]
        shown = [unit for unit in units if unit in most]
        names = {unit: self._disguise.unit(unit) for unit in shown}
        left = len(units) - len(shown)
        extra = f" The {left} units with fewest are not drawn." if left else ""
        return heatmap_chart(
            self._study,
            duties,
            shown,
            title=f"{theme.title} Late or missed, by unit",
            names=names,
            extra=extra,
        )

    def _rhythms(self, duties: list[str]) -> Iterator[Chart]:
        rhythms = [name for name in duties if self._study.reviews.get(name)]
        rhythms.sort(key=lambda name: -len(self._study.reviews[name]))
        for name in rhythms[:2]:
            title = self._study.duties[name].title or name
            if len(self._study.reviews[name]) >= _FEWEST:
                yield cadence_chart(
                    self._study.reviews[name], title=f"Rhythm: {title}", what="reviews or visits"
                )

    def _waits(self, theme: Theme, duties: list[str]) -> Iterator[Chart]:
        """Stages are duties that wait for something; those with fixed answers at once say little."""
        if theme.anchor not in ("children", "evidence", "offenders", "victims"):
            return
        stages = [
            name
            for name in duties
            if self._study.shapes[name] == "respond"
            and sum(wait.ended for wait in self._study.waits.get(name, ())) >= _FEWEST
            and any(wait.days > 0 for wait in self._study.waits[name])
        ]
        stages.sort(key=lambda name: -len(self._study.waits[name]))
        if stages:
            groups = [
                (self._study.duties[name].title or name, self._study.waits[name]) for name in stages[:4]
            ]
            yield survival_chart(groups, title=f"{theme.title} How long it took")

    def _lags(self) -> Iterator[Chart]:
        chart = lags_chart(
            self._study.lags(), self._study.titles, unnamed="Other entry" if self._disguise.anonymous else ""
        )
        if chart.table.rows:
            yield chart

    # ---- Units ---------------------------------------------------------------------------------------------

    def _units(self) -> dict[str, Any]:
        groups = [
            (self._disguise.unit(name), failed, number) for name, failed, number in unit_groups(self._study)
        ]
        rows = []
        for unit in self._study.units:
            tally = self._study.unit(unit)
            rows.append(
                (
                    self._disguise.unit(unit),
                    *(f"{tally.counts[verdict]:,}" for verdict in VERDICTS),
                    f"{tally.total:,}",
                    _of(tally.failed, tally.judged),
                )
            )
        named = [group for group in groups if group[0] != NO_UNIT]
        note = (
            ""
            if len(named) > 1
            else "Fewer than two units are named in the record, so there is nothing to compare."
        )
        return {
            "funnel": funnel_chart(named, what="duties") if len(named) > 1 else None,
            "unit_note": note,
            "units": Table(
                (
                    "Unit",
                    *(verdict_words(verdict).capitalize() for verdict in VERDICTS),
                    "All",
                    "Late or not in time, of those judged",
                ),
                tuple(rows),
                "Duties by the unit that held the case when they fell due, and by what became of them",
            ),
        }

    # ---- Cases ---------------------------------------------------------------------------------------------

    def _cases(self) -> dict[str, Any]:
        shown = self._chosen[: self._limits.timelines]
        hidden = set(self._chosen[self._limits.timelines :])
        rest = [one for one in self._study.filed if one.case in hidden and one.obligation.adverse]
        rest.sort(key=lambda one: (SEVERITIES.index(one.obligation.severity), worst_first(one.obligation)))
        most = self._limits.findings
        note = (
            f"{counted(len(self._chosen), 'case')} of {len(self._result.caseload):,} "
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
            "rest": tuple(self._line(one) for one in rest[:most]),
            "rest_note": _cut(len(rest), min(most, len(rest)), "the most serious"),
        }

    def _case_pages(self, cases: Sequence[int]) -> Iterator[CasePage]:
        for number, case in enumerate(cases, 1):
            yield self._case_page(case)
            if self._progress is not None:
                self._progress(number, len(cases))

    def _case_page(self, case: int) -> CasePage:
        plain = self._study.timeline(case)
        shown = self._disguise.case(plain, self._study.titles)
        anchor = self._anchors[case]
        numbers = {event.id: number for number, event in enumerate(plain.events, 1)}
        by_id = {duty.id: duty for duty in self._result.policy.duties}
        pairs = sorted(
            (
                (old, new)
                for old, new in zip(plain.obligations, shown.obligations, strict=True)
                if old.adverse or old.verdict == "pending"
            ),
            key=lambda pair: worst_first(pair[0]),
        )
        findings = tuple(
            Finding(
                self._line(Filed(case, plain.case_id, "", old.owner or NO_UNIT, old)),
                tuple(self._evidence(old.evidence, numbers, plain, shown, anchor)),
                self._source(by_id[old.duty_id]),
                new.reason or "",
            )
            for old, new in pairs
        )
        table = event_table(shown, self._clock)
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
        return f"closed {self._clock.day(closed)}" if closed is not None else "open"

    def _people(self, plain: CaseTimeline, shown: CaseTimeline) -> Iterator[str]:
        at = self._clock.local(plain.events[0].occurred_at if plain.events else plain.as_of)
        for person, masked in zip(plain.persons, shown.persons, strict=True):
            roles = (
                ", ".join(role.replace("_", " ") for role in dict.fromkeys(masked.roles))
                or "no role recorded"
            )
            yield f"{masked.id}: {roles}, {self._disguise.age(person, at)}"

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
                told = f" [{event_id}]" if not self._disguise.anonymous else ""
                yield f"{number}. {shown.events[number - 1].title}{told}", f"{anchor}-e{number}"
            elif self._disguise.anonymous:
                yield "an entry of another case, or one replaced since", ""
            else:
                yield event_id, ""

    # ---- What was not judged, and what was not read --------------------------------------------------------

    def _unclear(self) -> Table:
        reasons: Counter[tuple[str, str]] = Counter()
        for one in self._study.filed:
            if one.obligation.verdict == "unassessable":
                reason = self._disguise.reason(one.obligation.reason or "")
                reasons[one.obligation.title, reason] += 1
        rows = tuple(
            (title, _reason_words(reason), f"{number:,}")
            for (title, reason), number in sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
        )
        return Table(
            ("Duty", "What the record lacks", "How often"), rows, "What could not be judged, and why"
        )

    def _rejects(self) -> Table | None:
        rejects = self._result.rejects
        if not rejects:
            return None
        if self._disguise.anonymous:
            return Table(("Documents",), ((f"{len(rejects):,}",),), "Documents that could not be read")
        rows = tuple(
            (
                one.source,
                f"{one.line:,}",
                one.case_id or "not known",
                one.pointer or "the whole document",
                one.reason,
            )
            for one in rejects[: self._limits.findings]
        )
        return Table(
            ("File", "Line", "Case", "Place", "Reason"),
            rows,
            "Documents that could not be read, and are in no figure",
        )

    def _warnings(self) -> tuple[str, ...]:
        warnings = [one.message for one in self._result.warnings]
        if self._disguise.anonymous:
            return (f"{counted(len(warnings), 'warning')}, left out here.",) if warnings else ()
        return tuple(warnings)

    def write(self, estimates: tuple[Table, ...]) -> Report:
        result, policy, clock = self._result, self._result.policy, self._clock
        summary = result.summary
        facts = (
            ("As of", clock.words(self._disguise.when(result.as_of))),
            ("As known at", clock.words(self._disguise.when(result.known_at))),
            ("Times", f"local, {policy.time_zone}"),
            ("Read", f"{counted(summary.cases, 'case')}, {counted(summary.visible_events, 'event')}"),
            (
                "Policy",
                f"{policy.title or policy.id}, version {policy.version} (digest {policy.digest[:16]})",
            ),
        )
        return Report(
            title="Supervision report",
            as_of=clock.words(self._disguise.when(result.as_of)),
            known_at=clock.words(self._disguise.when(result.known_at)),
            facts=facts,
            rejected=len(result.rejects),
            **self._first_page(),
            chapters=tuple(self._chapters()),
            **self._units(),
            estimates=estimates,
            **self._cases(),
            unclear=self._unclear(),
            rejects=self._rejects(),
            warnings=self._warnings(),
            anonymous=self._disguise.anonymous,
            shifted=self._disguise.shifted,
        )


def _cut(all_of_them: int, shown: int, which: str) -> str:
    if shown == all_of_them:
        return ""
    return f"Shown are {shown:,} of {all_of_them:,}, {which}."


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
    return _Author(result, limits or Limits(), disguise or Disguise(), progress).write(estimates)
