"""One pass over what an audit found: counts by duty and unit, and what single pictures need."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from duecare._audit import Result
from duecare._case import CaseTimeline, InstantReader, Obligation, event_titles, timeline, visible
from duecare._core import Finding
from duecare._errors import ArgumentError
from duecare._types import Verdict

Shape: TypeAlias = Literal["respond", "precede", "recur", "last", "check"]
NO_UNIT = "not recorded"


def shape_of(duty: Mapping[str, Any]) -> Shape:
    """Which of the shapes of a policy a duty has."""
    if "check" in duty:
        return "check"
    if "before" in duty:
        return "precede"
    if "while" in duty:
        return "last" if "at_most" in duty else "recur"
    return "respond"


@dataclass(slots=True)
class Tally:
    """Obligations by verdict."""

    counts: Counter[Verdict] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def judged(self) -> int:
        """The denominator of every share: what could be judged and was due, or done."""
        return self.counts["met"] + self.counts["late"] + self.counts["missed"]

    @property
    def failed(self) -> int:
        return self.counts["late"] + self.counts["missed"]

    def add(self, other: "Tally") -> None:
        self.counts.update(other.counts)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long an obligation waited, and whether what it waited for came."""

    days: float
    ended: bool
    unit: str


@dataclass(frozen=True, slots=True)
class Review:
    """One interval of a rhythm."""

    days: float
    verdict: Verdict
    allowed: float | None
    """Days from opening to due."""
    unit: str


@dataclass(frozen=True, slots=True)
class Filed:
    """An obligation and where it stands."""

    case: int
    case_id: str
    area: str
    holder: str
    """The owner; where there is none, the unit."""
    obligation: Obligation


@dataclass(frozen=True, slots=True)
class Lag:
    """How long after something happened the record said so."""

    event_type: str
    seconds: int


class Study:
    """Needs a result with findings of every verdict."""

    def __init__(self, result: Result) -> None:
        summary = result.summary
        if len(result.findings) != summary.total:
            raise ArgumentError(
                "Pictures need findings of every verdict: audit with verdicts='all' "
                f"({len(result.findings):,} of {summary.total:,} are there)."
            )
        self.result = result
        self.policy = result.policy
        self.as_of = result.as_of
        self.titles = event_titles(result.policy)
        document = json.loads(result.policy.to_json())
        self.duties = {duty.id: duty for duty in result.policy.duties}
        self.definitions: dict[str, Mapping[str, Any]] = {
            duty["id"]: duty for duty in document.get("duties") or []
        }
        self.shapes = {name: shape_of(duty) for name, duty in self.definitions.items()}
        self.by_unit: defaultdict[str, defaultdict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
        """Duty, then unit (``Finding.unit``)."""
        self.waits: defaultdict[str, list[Wait]] = defaultdict(list)
        self.reviews: defaultdict[str, list[Review]] = defaultdict(list)
        self.filed: list[Filed] = []
        """What is late, missed, unclear or pending, in the order of the findings."""
        self.spans: dict[int, tuple[int, int]] = {}
        """For each case with findings, where they stand in the result."""
        self._read()

    # ---- The pass over the findings ------------------------------------------------------------------------

    def _read(self) -> None:
        cases = {case_id: index for index, case_id in enumerate(self.result.caseload.case_ids)}
        before, begin, index, case = "", 0, 0, -1
        for index, finding in enumerate(self.result.findings):
            if finding.case_id != before:
                if case >= 0:
                    self.spans[case] = (begin, index)
                before, begin, case = finding.case_id, index, cases[finding.case_id]
            self._take(finding, case)
        if case >= 0:
            self.spans[case] = (begin, index + 1)

    def _take(self, finding: Finding, case: int) -> None:
        verdict, unit = finding.verdict, finding.unit or NO_UNIT
        self.by_unit[finding.duty_id][unit].counts[verdict] += 1
        shape = self.shapes[finding.duty_id]
        days = finding.elapsed_seconds / 86_400
        if shape == "respond" and verdict != "unassessable":
            self.waits[finding.duty_id].append(Wait(days, verdict in ("met", "late"), unit))
        elif shape == "recur" and verdict != "unassessable":
            due = finding.due_at
            allowed = None if due is None else (due - finding.opened_at).total_seconds() / 86_400
            self.reviews[finding.duty_id].append(Review(days, verdict, allowed, unit))
        if verdict in ("late", "missed", "unassessable", "pending"):
            holder = finding.owner or unit
            self.filed.append(Filed(case, finding.case_id, finding.area, holder, Obligation.of(finding)))

    # ---- What is asked of it -------------------------------------------------------------------------------

    @property
    def units(self) -> list[str]:
        found = {unit for units in self.by_unit.values() for unit in units}
        return sorted(found, key=lambda unit: (unit == NO_UNIT, unit))

    def duty(self, duty_id: str) -> Tally:
        return self._sum([duty_id], None)

    def unit(self, unit: str, duties: list[str] | None = None) -> Tally:
        return self._sum(list(self.by_unit) if duties is None else duties, unit)

    def _sum(self, duties: list[str], unit: str | None) -> Tally:
        total = Tally()
        for duty_id in duties:
            for name, tally in self.by_unit.get(duty_id, {}).items():
                if unit is None or name == unit:
                    total.add(tally)
        return total

    def total(self, duties: list[str] | None = None) -> Tally:
        return self._sum(list(self.by_unit) if duties is None else duties, None)

    def timeline(self, case: int) -> CaseTimeline:
        begin, end = self.spans.get(case, (0, 0))
        found = [Obligation.of(finding) for finding in self.result.findings[begin:end]]
        instants = (self.result.as_of, self.result.known_at)
        return timeline(self.result.caseload, case, self.policy, instants, found, self.titles)

    def lags(self) -> Iterator[Lag]:
        """Of every visible event whose record gives both times to the minute."""
        read = InstantReader(self.policy).read
        caseload = self.result.caseload
        for index in range(len(caseload)):
            events = [
                event
                for event in caseload.document(index).get("events") or []
                if len(event["occurred_at"]) > 10 and len(event.get("recorded_at") or "long enough") > 10
            ]
            for occurred, recorded, event in visible(events, read, self.as_of, self.result.known_at):
                yield Lag(event["type"], int((recorded - occurred).total_seconds()))

    def overdue(self, severity: str) -> list[Filed]:
        """Its time has run out, and nothing on record has answered or ended it; the longest overdue first."""
        found = [
            one
            for one in self.filed
            if one.obligation.severity == severity
            and one.obligation.verdict == "missed"
            and one.obligation.open
        ]
        return sorted(found, key=lambda one: -one.obligation.overdue_seconds)

    def due_until(self, until: datetime) -> list[Filed]:
        """What falls due until then, the first first."""
        found = [
            (one.obligation.due_at, one)
            for one in self.filed
            if one.obligation.verdict == "pending"
            and one.obligation.due_at is not None
            and one.obligation.due_at <= until
        ]
        return [one for _, one in sorted(found, key=lambda pair: pair[0])]
