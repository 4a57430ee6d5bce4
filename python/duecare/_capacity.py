"""What officers, supervisors and units had at hand at an instant: cases, obligations, qualified staff."""

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from duecare._compliance import need_all
from duecare._core import Finding
from duecare._errors import ArgumentError
from duecare._instants import to_instant

if TYPE_CHECKING:
    from duecare._audit import Result

Turns: TypeAlias = Mapping[str, Sequence[tuple[datetime, bool]]]
"""Of each case when it was opened (True) and closed (False), in the order of time."""


class Entry(NamedTuple):
    """An entry of service: holds from ``since`` to before ``until``."""

    since: date
    until: date | None
    rank: str | None
    unit: str | None
    accreditations: tuple[str, ...]


class Register:
    """The staff register by day."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._of: dict[str, list[Entry]] = defaultdict(list)
        for row in rows:
            entry = Entry(row["from"], row["until"], row["rank"], row["unit"], tuple(row["accreditations"]))
            self._of[row["id"]].append(entry)
        for entries in self._of.values():
            entries.sort(key=lambda entry: entry.since)

    def entry(self, staff: str | None, on: date) -> Entry | None:
        entries = [] if staff is None else self._of.get(staff, [])
        at = bisect_right(entries, on, key=lambda entry: entry.since) - 1
        if at < 0:
            return None
        found = entries[at]
        return found if found.until is None or on < found.until else None

    def unit(self, staff: str | None, on: date) -> str | None:
        entry = self.entry(staff, on)
        return None if entry is None else entry.unit or None

    def on(self, day: date) -> Iterator[tuple[str, Entry]]:
        """Everybody who serves on that day, by id."""
        for staff in sorted(self._of):
            entry = self.entry(staff, day)
            if entry is not None:
                yield staff, entry


def _local_day(result: "Result", instant: datetime) -> date:
    return datetime.fromisoformat(result.policy.format_instant(instant)).date()


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one owner, one supervisor or one unit as a whole had at hand at one instant."""

    at: datetime
    level: Literal["owner", "supervisor", "unit"]
    name: str | None
    unit: str | None
    """Of an owner or supervisor: that of the register, or that of all they hold; None where there are
    several."""
    open_cases: int
    open_obligations: int
    due_within_week: int
    qualified: int | None
    """Of a unit, or of those whom a supervisor supervises: staff with the accreditation asked for on that
    day; None when none was asked for."""
    supervisors: int | None = None
    """Of a unit: staff of the rank asked for or above on that day; None when none was asked for."""


@dataclass(slots=True)
class _Load:
    cases: int = 0
    held: int = 0
    due: int = 0

    def add(self, other: "_Load") -> None:
        self.cases += other.cases
        self.held += other.held
        self.due += other.due


@dataclass(slots=True)
class _Group:
    """What an owner, a supervisor or a unit holds, and of which units that is."""

    load: _Load = field(default_factory=_Load)
    units: set[str | None] = field(default_factory=set)


_Holder: TypeAlias = tuple[str | None, str | None]
"""An owner and a unit."""


def _is_open(finding: Finding, at: datetime) -> bool:
    return finding.opened_at <= at and (finding.ended_at is None or finding.ended_at > at)


def _turns(result: "Result", opened: str, closed: str) -> Turns:
    turns: dict[str, list[tuple[datetime, bool]]] = defaultdict(list)
    for batch in result.events.to_arrow().select(["case_id", "type", "occurred_at"]).to_batches():
        for row in batch.to_pylist():
            if row["type"] in (opened, closed):
                turns[row["case_id"]].append((row["occurred_at"], row["type"] == opened))
    for each in turns.values():
        each.sort()
    return turns


def _ranks_from(result: "Result", rank: str | None) -> frozenset[str]:
    """The ranks that are that one or above."""
    if rank is None:
        return frozenset()
    ranks: Mapping[str, int] = json.loads(result.policy.to_json()).get("ranks") or {}
    if rank not in ranks:
        raise ArgumentError(
            f"supervisor_rank: {rank!r} is no rank of the policy. Its ranks: {', '.join(ranks) or 'none'}."
        )
    return frozenset(name for name, level in ranks.items() if level >= ranks[rank])


def _instants(result: "Result", at: Sequence[datetime | str]) -> list[datetime]:
    if isinstance(at, (str, datetime)):
        raise TypeError("at must be a list of instants such as ['2024-03-01'], not one instant")
    return [to_instant(instant, "at", result.policy._native) for instant in at]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked beside the instants."""

    opened: str
    closed: str
    qualified: str | None
    supervised_by: Mapping[str, str]
    supervisor_rank: str | None


def capacity(result: "Result", at: Sequence[datetime | str], wanted: Wanted) -> tuple[Capacity, ...]:
    need_all(result)
    instants = _instants(result, at)
    desk = _Desk(result, wanted)
    return tuple(row for instant in instants for row in desk.rows(instant))


class _Desk:
    """What is read once for all instants."""

    def __init__(self, result: "Result", wanted: Wanted) -> None:
        self._result = result
        self._wanted = wanted
        self._leading = _ranks_from(result, wanted.supervisor_rank)
        self._register = Register(result.service.to_arrow().to_pylist())
        self._turns = _turns(result, wanted.opened, wanted.closed)
        self._held = list(result.findings)
        self._units_of_cases: dict[str, str | None] = {}
        self._cases = {case_id: index for index, case_id in enumerate(result.caseload.case_ids)}

    def _loads(self, at: datetime, day: date) -> dict[_Holder, _Load]:
        """By owner and unit: that of the register on the day, else that of the finding."""

        def holder(finding: Finding) -> _Holder:
            return finding.owner, self._register.unit(finding.owner, day) or finding.unit

        latest: dict[str, Finding] = {}
        loads: dict[_Holder, _Load] = defaultdict(_Load)
        for finding in self._held:
            if finding.opened_at <= at:
                last = latest.get(finding.case_id)
                if last is None or finding.opened_at >= last.opened_at:
                    latest[finding.case_id] = finding
            if _is_open(finding, at):
                row = loads[holder(finding)]
                row.held += 1
                row.due += finding.due_at is not None and at <= finding.due_at < at + timedelta(days=7)
        for case, each in self._turns.items():
            past = [is_open for when, is_open in each if when <= at]
            if past and past[-1]:
                known = latest.get(case)
                who = (None, self._unit_of_case(case)) if known is None else holder(known)
                loads[who].cases += 1
        return loads

    def _unit_of_case(self, case_id: str) -> str | None:
        if case_id not in self._units_of_cases:
            self._units_of_cases[case_id] = self._result.caseload.unit(self._cases[case_id])
        return self._units_of_cases[case_id]

    def rows(self, at: datetime) -> list[Capacity]:
        day = _local_day(self._result, at)
        loads = self._loads(at, day)
        people = dict(self._register.on(day))
        found = self._people(at, day, "owner", _grouped(loads, lambda holder: holder[0]))
        if self._wanted.supervised_by:
            found += self._supervisors(at, day, loads, people)
        return found + self._units(at, loads, people)

    def _people(
        self,
        at: datetime,
        day: date,
        level: Literal["owner", "supervisor"],
        groups: Mapping[str | None, _Group],
        able: Mapping[str | None, int] | None = None,
    ) -> list[Capacity]:
        """A row for each, with the unit of the register, or else the one of all that they hold."""
        rows = []
        for name in _named(groups):
            group = groups[name]
            held = next(iter(group.units)) if len(group.units) == 1 else None
            unit = self._register.unit(name, day) or held
            rows.append(_row(at, level, name, unit, group.load, None if able is None else able.get(name, 0)))
        return rows

    def _supervisors(
        self, at: datetime, day: date, loads: Mapping[_Holder, _Load], people: Mapping[str, Entry]
    ) -> list[Capacity]:
        of = self._wanted.supervised_by
        groups = _grouped(loads, lambda holder: None if holder[0] is None else of.get(holder[0]))
        if self._wanted.qualified is None:
            return self._people(at, day, "supervisor", groups)
        able: Counter[str | None] = Counter(
            of[staff]
            for staff, entry in people.items()
            if staff in of and self._wanted.qualified in entry.accreditations
        )
        for name in able:
            groups.setdefault(name, _Group())
        return self._people(at, day, "supervisor", groups, able)

    def _units(
        self, at: datetime, loads: Mapping[_Holder, _Load], people: Mapping[str, Entry]
    ) -> list[Capacity]:
        groups = _grouped(loads, lambda holder: holder[1])
        able = Counter(
            entry.unit for entry in people.values() if self._wanted.qualified in entry.accreditations
        )
        leading = Counter(entry.unit for entry in people.values() if entry.rank in self._leading)
        for name in (*able, *leading):
            groups.setdefault(name, _Group())
        return [
            _row(
                at,
                "unit",
                name,
                name,
                groups[name].load,
                able[name] if self._wanted.qualified is not None else None,
                leading[name] if self._wanted.supervisor_rank is not None else None,
            )
            for name in _named(groups)
        ]


def _grouped(
    loads: Mapping[_Holder, _Load], name_of: Callable[[_Holder], str | None]
) -> dict[str | None, _Group]:
    groups: dict[str | None, _Group] = {}
    for holder, load in loads.items():
        group = groups.setdefault(name_of(holder), _Group())
        group.load.add(load)
        group.units.add(holder[1])
    return groups


def _named(groups: Iterable[str | None]) -> list[str | None]:
    return sorted(groups, key=lambda name: (name is None, name or ""))


def _row(
    at: datetime,
    level: Literal["owner", "supervisor", "unit"],
    name: str | None,
    unit: str | None,
    load: _Load,
    qualified: int | None = None,
    supervisors: int | None = None,
) -> Capacity:
    return Capacity(at, level, name, unit, load.cases, load.held, load.due, qualified, supervisors)
