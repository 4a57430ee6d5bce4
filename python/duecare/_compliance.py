"""Figures over a result: compliance, comparison, owners, capacity. Counts first, rates with denominators."""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from duecare import sampling
from duecare._core import Finding
from duecare._errors import ArgumentError, StateError
from duecare._types import JUDGED, VERDICTS, Verdict

if TYPE_CHECKING:
    from duecare._audit import Result


def rate_interval(met: int, judged: int, confidence: float) -> tuple[float, float] | None:
    """Wilson's interval of a rate; None where nothing was judged. It treats what was judged as a sample."""
    found = sampling.proportion_interval(x=met, n=judged, conf=confidence, method="wilson")
    return (found.low, found.high) if judged else None


def difference_interval(
    before: tuple[int, int], after: tuple[int, int], confidence: float
) -> tuple[float, float] | None:
    """Newcombe's interval of the second share less the first, each (met, judged); None where none was judged.

    Made of Wilson's intervals of the two (Newcombe 1998, Statistics in Medicine 17:873-890, method 10). The
    two samples are to have nothing in common.
    """
    of_before, of_after = rate_interval(*before, confidence), rate_interval(*after, confidence)
    if of_before is None or of_after is None:
        return None
    was, now = before[0] / before[1], after[0] / after[1]
    return (
        now - was - math.hypot(now - of_after[0], of_before[1] - was),
        now - was + math.hypot(of_after[1] - now, was - of_before[0]),
    )


@dataclass(frozen=True, slots=True)
class Compliance:
    """The obligations of one group, by verdict."""

    group: Mapping[str, str | None]
    counts: Mapping[Verdict, int]
    interval: tuple[float, float] | None
    """Wilson's interval of ``rate``; None where nothing was judged. It treats the obligations as a sample."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def judged(self) -> int:
        """The denominator of ``rate``: met, late and missed."""
        return sum(self.counts[verdict] for verdict in JUDGED)

    @property
    def rate(self) -> float | None:
        """Met of judged; None where nothing was judged."""
        return self.counts["met"] / self.judged if self.judged else None

    def to_dict(self) -> dict[str, Any]:
        low, high = self.interval or (None, None)
        return {
            **self.group,
            **{str(verdict): count for verdict, count in self.counts.items()},
            "total": self.total,
            "judged": self.judged,
            "rate": self.rate,
            "rate_low": low,
            "rate_high": high,
        }


def _need_all(result: "Result") -> None:
    if len(result.findings) != result.summary.total:
        raise StateError('These figures need every obligation: audit with verdicts="all".')


class Register:
    """Units of staff by day, from the register and, where an event says otherwise, not from it."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._of: dict[str, list[tuple[date, date | None, str | None, tuple[str, ...]]]] = defaultdict(list)
        for row in rows:
            entry = (row["from"], row["until"], row["unit"], tuple(row["accreditations"]))
            self._of[row["id"]].append(entry)
        for entries in self._of.values():
            entries.sort(key=lambda entry: entry[0])

    def _entry(self, staff: str, on: date) -> tuple[date, date | None, str | None, tuple[str, ...]] | None:
        entries = self._of.get(staff, [])
        at = bisect_right(entries, on, key=lambda entry: entry[0]) - 1
        if at < 0:
            return None
        found = entries[at]
        return found if found[1] is None or on < found[1] else None

    def unit(self, staff: str | None, on: date) -> str | None:
        entry = None if staff is None else self._entry(staff, on)
        return None if entry is None else entry[2]

    def qualified(self, accreditation: str, on: date) -> Iterator[tuple[str, str | None]]:
        """(staff id, unit) of those who have it on that day."""
        for staff in sorted(self._of):
            entry = self._entry(staff, on)
            if entry is not None and accreditation in entry[3]:
                yield staff, entry[2]


def register_of(result: "Result") -> Register:
    return Register(result.service.to_arrow().to_pylist())


def _local_day(result: "Result", instant: datetime) -> date:
    return datetime.fromisoformat(result.policy.format_instant(instant)).date()


def _group_by(result: "Result", by: Sequence[str]) -> Callable[[Finding], tuple[str | None, ...]]:
    register = register_of(result) if "unit" in by else None

    def unit(finding: Finding) -> str | None:
        when = finding.due_at or finding.opened_at
        return None if register is None else register.unit(finding.owner, _local_day(result, when))

    parts: dict[str, Callable[[Finding], str | None]] = {
        "duty": lambda finding: finding.duty_id,
        "owner": lambda finding: finding.owner,
        "severity": lambda finding: finding.severity,
        "area": lambda finding: finding.area,
        "unit": unit,
    }
    for name in by:
        if name not in parts:
            raise ArgumentError(f"by: {name!r} is not one of {', '.join(sorted(parts))}.")
    chosen = [parts[name] for name in by]
    return lambda finding: tuple(part(finding) for part in chosen)


def compliance(result: "Result", by: Sequence[str], confidence: float) -> tuple[Compliance, ...]:
    if isinstance(by, str):
        raise TypeError("by must be a list of names such as ['unit', 'duty'], not one text")
    group_of = _group_by(result, by)
    if not 0 < confidence < 1:
        raise ArgumentError(f"confidence: {confidence} is not between 0 and 1, such as 0.95.")
    _need_all(result)
    counts: dict[tuple[str | None, ...], dict[Verdict, int]] = {}
    for finding in result.findings:
        row = counts.setdefault(group_of(finding), dict.fromkeys(VERDICTS, 0))
        row[finding.verdict] += 1
    ordered = sorted(counts.items(), key=lambda item: [(part is None, part or "") for part in item[0]])
    return tuple(
        Compliance(
            dict(zip(by, group, strict=True)),
            row,
            rate_interval(row["met"], sum(row[verdict] for verdict in JUDGED), confidence),
        )
        for group, row in ordered
    )


def owners(result: "Result") -> tuple[Compliance, ...]:
    rows = compliance(result, ["owner"], 0.95)
    return tuple(sorted(rows, key=lambda row: -(row.counts["missed"] + row.counts["late"])))


@dataclass(frozen=True, slots=True)
class Change:
    """An obligation that stands in both results, and is not the same."""

    before: Finding
    after: Finding


@dataclass(frozen=True, slots=True)
class Comparison:
    """Findings that came, went and changed between two results."""

    new: tuple[Finding, ...]
    resolved: tuple[Finding, ...]
    changed: tuple[Change, ...]
    unchanged: int


def _identity(finding: Finding) -> tuple[Any, ...]:
    return finding.case_id, finding.duty_id, finding.key, finding.trigger_event, finding.opened_at


def _by_identity(result: "Result") -> dict[tuple[Any, ...], Finding]:
    found: dict[tuple[Any, ...], Finding] = {}
    for finding in result.findings:
        identity = _identity(finding)
        number = 0
        while (*identity, number) in found:
            number += 1
        found[(*identity, number)] = finding
    return found


def compare(later: "Result", earlier: "Result") -> Comparison:
    before, after = _by_identity(earlier), _by_identity(later)
    kept = [key for key in after if key in before]
    changed = tuple(
        Change(before[key], after[key])
        for key in kept
        if (before[key].verdict, before[key].due_at, before[key].ended_at)
        != (after[key].verdict, after[key].due_at, after[key].ended_at)
    )
    return Comparison(
        new=tuple(finding for key, finding in after.items() if key not in before),
        resolved=tuple(finding for key, finding in before.items() if key not in after),
        changed=changed,
        unchanged=len(kept) - len(changed),
    )


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one owner, or one unit as a whole, had at hand at one instant."""

    at: datetime
    level: Literal["owner", "unit"]
    name: str | None
    unit: str | None
    open_cases: int
    open_obligations: int
    due_within_week: int
    qualified: int | None
    """Of a unit: staff with the accreditation asked for on that day; None when none was asked for."""


def _is_open(finding: Finding, at: datetime) -> bool:
    return finding.opened_at <= at and (finding.ended_at is None or finding.ended_at > at)


def _open_cases(result: "Result", opened: str, closed: str) -> dict[str, list[tuple[datetime, bool]]]:
    turns: dict[str, list[tuple[datetime, bool]]] = defaultdict(list)
    for batch in result.events.to_arrow().select(["case_id", "type", "occurred_at"]).to_batches():
        for row in batch.to_pylist():
            if row["type"] in (opened, closed):
                turns[row["case_id"]].append((row["occurred_at"], row["type"] == opened))
    for each in turns.values():
        each.sort()
    return turns


def capacity(
    result: "Result", at: Sequence[datetime], opened: str, closed: str, qualified: str | None
) -> tuple[Capacity, ...]:
    _need_all(result)
    register = register_of(result)
    turns = _open_cases(result, opened, closed)
    findings = list(result.findings)
    rows: list[Capacity] = []
    for instant in at:
        if instant.tzinfo is None:
            raise ArgumentError("at: instants must be aware datetimes.")
        rows += _capacity_at(result, instant.astimezone(UTC), register, turns, findings, qualified)
    return tuple(rows)


def _capacity_at(
    result: "Result",
    at: datetime,
    register: Register,
    turns: Mapping[str, list[tuple[datetime, bool]]],
    findings: Iterable[Finding],
    qualified: str | None,
) -> list[Capacity]:
    day = _local_day(result, at)
    open_now = {
        case for case, each in turns.items() if (past := [up for when, up in each if when <= at]) and past[-1]
    }
    holder: dict[str, tuple[datetime, str | None]] = {}
    load: dict[str | None, list[int]] = defaultdict(lambda: [0, 0, 0])
    for finding in findings:
        if finding.opened_at <= at:
            last = holder.get(finding.case_id)
            if last is None or finding.opened_at >= last[0]:
                holder[finding.case_id] = (finding.opened_at, finding.owner)
        if _is_open(finding, at):
            row = load[finding.owner]
            row[1] += 1
            row[2] += finding.due_at is not None and at <= finding.due_at < at + timedelta(days=7)
    for case in open_now:
        load[holder[case][1] if case in holder else None][0] += 1
    units: dict[str | None, list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = []
    for owner, counts in sorted(load.items(), key=lambda item: (item[0] is None, item[0] or "")):
        unit = register.unit(owner, day)
        units[unit] = [a + b for a, b in zip(units[unit], counts, strict=True)]
        cases, held, due = counts
        rows.append(Capacity(at, "owner", owner, unit, cases, held, due, None))
    able: dict[str | None, int] = defaultdict(int)
    if qualified is not None:
        for _, unit in register.qualified(qualified, day):
            able[unit] += 1
            units[unit] = units[unit]
    for unit, counts in sorted(units.items(), key=lambda item: (item[0] is None, item[0] or "")):
        cases, held, due = counts
        staff = able[unit] if qualified is not None else None
        rows.append(Capacity(at, "unit", unit, unit, cases, held, due, staff))
    return rows
