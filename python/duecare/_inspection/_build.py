"""Two runs of a store made into the difference of two inspections."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from duecare._compliance import Compliance, difference_interval, rate_interval
from duecare._diff import definitions
from duecare._errors import ArgumentError, NotFoundError
from duecare._inspection._model import (
    ACTIONS,
    DECISIONS,
    WRONG,
    Basis,
    Chapter,
    Difference,
    DutyPart,
    InspectionReport,
    OpenFinding,
    Part,
    Work,
)
from duecare._inspection._recommendations import Recommendation, check_recommendations
from duecare._policy import Policy
from duecare._store_rows import Key, Rows
from duecare._types import JUDGED, VERDICTS, Duty

if TYPE_CHECKING:
    from duecare._store import Store

_Cell = tuple[str, str]  # a duty and a unit
_CELL: tuple[Key, ...] = ("duty", "unit")
_Changed = Literal["", "changed", "added", "removed"]


@dataclass(slots=True)
class _Tally:
    """What is counted of one duty in one unit."""

    then: Counter[str] = field(default_factory=Counter)
    now: Counter[str] = field(default_factory=Counter)
    since: Counter[str] = field(default_factory=Counter)
    life: Counter[str] = field(default_factory=Counter)
    fate: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    findings: int = 0

    def add(self, other: "_Tally") -> None:
        for name in ("then", "now", "since", "life", "fate", "decisions", "actions"):
            getattr(self, name).update(getattr(other, name))
        self.findings += other.findings


def _worst(store: "Store", at: str) -> tuple[dict[str, str], Rows]:
    """Of each finding with actions what is worst of them, and all actions."""
    stands: defaultdict[str, set[str]] = defaultdict(set)
    actions = store.actions(at=at)
    for one in actions:
        if one.get("finding"):
            is_over = bool(one.get("overdue_seconds"))
            stands[one["finding"]].add("overdue" if is_over else one["status"])
    return {
        finding: next(name for name in ACTIONS if name in names) for finding, names in stands.items()
    }, actions


def _decided(store: "Store") -> dict[str, str]:
    rows = store.records("decision", latest=True)
    return {row["body"]["finding"]: row["body"]["verdict"] for row in rows if "body" in row}


class _Counts:
    """Everything that is counted from two runs, by duty and unit."""

    def __init__(self, store: "Store", earlier: int, later: int, at: str) -> None:
        self.cells: defaultdict[_Cell, _Tally] = defaultdict(_Tally)
        self.open: defaultdict[str, list[OpenFinding]] = defaultdict(list)
        self.life = store.life(earlier, later)
        self._decisions = _decided(store)
        self._actions, self.actions = _worst(store, at)
        self._read(store, earlier, later)

    def _read(self, store: "Store", earlier: int, later: int) -> None:
        self._count(store.trend(_CELL, from_run=earlier, to_run=earlier), "then")
        self._count(store.trend(_CELL, from_run=later, to_run=later), "now")
        self._count(store.trend(_CELL, from_run=later, to_run=later, since_run=earlier), "since")
        wrong: set[str] = set()
        for row in store.findings(earlier, verdicts=WRONG):
            tally = self._of(row)
            wrong.add(row["finding"])
            tally.findings += 1
            tally.decisions[self._decisions.get(row["finding"], "none")] += 1
            tally.actions[self._actions.get(row["finding"], "none")] += 1
        not_done = {
            row["finding"]
            for row in store.findings(later, verdicts=("missed", "unassessable"))
            if row["ended_at"] is None
        }
        for row in self.life:
            tally = self._of(row)
            tally.life[row["life"]] += 1
            tally.fate[row["life"]] += row["finding"] in wrong
            if row["finding"] in not_done:
                self.open[row["duty_id"]].append(self._open(row, row["finding"] in wrong))
        self.wrong = wrong

    def _count(self, points: Rows, name: Literal["then", "now", "since"]) -> None:
        for point in points:
            counts = {verdict: point[verdict] for verdict in VERDICTS}
            getattr(self._of(point), name).update(counts)

    def _of(self, row: Mapping[str, Any]) -> _Tally:
        return self.cells[row["duty_id"], row["unit"] or ""]

    def _open(self, row: Mapping[str, Any], from_first: bool) -> OpenFinding:
        names = ("finding", "case_id", "duty_id", "key", "life", "verdict", "due_at", "unit", "owner")
        return OpenFinding(
            **{name: row[name] for name in names},
            from_first=from_first,
            decision=self._decisions.get(row["finding"], ""),
            action=self._actions.get(row["finding"], ""),
        )

    def sum(self, fits: Callable[[_Cell], bool]) -> _Tally:
        found = _Tally()
        for cell, tally in self.cells.items():
            if fits(cell):
                found.add(tally)
        return found


class _Maker:
    """Tallies as parts, all with one confidence."""

    def __init__(self, confidence: float, basis: Basis, kinds: Iterable[str]) -> None:
        self._confidence = confidence
        self._basis = basis
        self._kinds = tuple(kinds)

    def _side(self, counts: Mapping[str, int]) -> Compliance:
        row = {verdict: counts.get(verdict, 0) for verdict in VERDICTS}
        judged = sum(row[verdict] for verdict in JUDGED)
        return Compliance({}, row, rate_interval(row["met"], judged, self._confidence))

    def part(self, name: str, tally: _Tally) -> Part:
        then, now, since = (self._side(side) for side in (tally.then, tally.now, tally.since))
        difference = None
        if then.rate is not None and since.rate is not None:
            pairs = (then.counts["met"], then.judged), (since.counts["met"], since.judged)
            interval = difference_interval(*pairs, self._confidence) if self._basis == "sample" else None
            difference = Difference(since.rate - then.rate, interval)
        work = Work(
            tally.findings,
            {verdict: tally.decisions[verdict] for verdict in (*DECISIONS, "none")},
            {stand: tally.actions[stand] for stand in (*ACTIONS, "none")},
        )
        life, fate = ({kind: of[kind] for kind in self._kinds} for of in (tally.life, tally.fate))
        return Part(name, then, now, since, difference, life, fate, work)


def _policy_changes(old: Policy, new: Policy, life: Rows) -> dict[str, _Changed]:
    """Duties that are not the same in both policies, by what they say or by what they depend on."""
    found: dict[str, _Changed] = {}
    if old == new:
        return found
    told = definitions(old, new)
    for row in life.summary["duties"]:
        if row["counts"]["changed_by_policy"]:
            found[row["duty_id"]] = "changed"
    found |= {duty: "changed" for duties in told.affected.values() for duty in duties}
    found |= {one.duty_id: "changed" for one in told.changed}
    found |= {duty: "added" for duty, _ in told.added}
    found |= {duty: "removed" for duty, _ in told.removed}
    return found


def _duties(old: Policy, new: Policy) -> dict[str, Duty]:
    """All duties of both, each as the later policy that has it says."""
    return {one.id: one for one in new.duties} | {
        one.id: one for one in old.duties if one.id not in {later.id for later in new.duties}
    }


def _check(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> None:
    if earlier["run"] == later["run"]:
        raise ArgumentError(f"Both inspections are run {earlier['run']}; give the numbers of two runs.")
    if datetime.fromisoformat(earlier["as_of"]) > datetime.fromisoformat(later["as_of"]):
        raise ArgumentError(
            f"Run {earlier['run']} is as of {earlier['as_of']}, which is after {later['as_of']} of run "
            f"{later['run']}. Give the run of the first inspection first."
        )


def _check_policies(earlier: Mapping[str, Any], later: Mapping[str, Any], old: Policy, new: Policy) -> None:
    """A policy that builds on another has its own id and the other's duties: ids alone say nothing."""
    if earlier["policy_id"] == later["policy_id"]:
        return
    before, after = ({duty.id for duty in policy.duties} for policy in (old, new))
    common, fewest = len(before & after), min(len(before), len(after))
    if 2 * common < fewest:
        raise ArgumentError(
            f"Run {earlier['run']} was audited against the policy {earlier['policy_id']!r} and run "
            f"{later['run']} against {later['policy_id']!r}, which have {common} of {fewest} duties in "
            "common. Compare runs of one policy, in whatever versions, or of policies that build on one "
            "another."
        )


def _run(store: "Store", run: int) -> Mapping[str, Any]:
    try:
        return store.run(run)
    except NotFoundError as error:
        raise NotFoundError(
            f"{error.message} Both inspections are runs of one store; `duecare store put` adds one.",
            source=error.source,
        ) from None


def make_inspection_report(
    store: "Store",
    earlier: int,
    later: int,
    *,
    recommendations: Sequence[Recommendation],
    basis: Basis,
    at: str | None,
    confidence: float,
    source: str = "",
) -> InspectionReport:
    """See ``Store.inspection_report``."""
    if basis not in ("census", "sample"):
        raise ArgumentError(f"basis is {basis!r}; expected is census or sample.")
    if not 0 < confidence < 1:
        raise ArgumentError(f"confidence: {confidence} is not between 0 and 1, such as 0.95.")
    first, second = _run(store, earlier), _run(store, later)
    _check(first, second)
    old, new = store.policy(earlier), store.policy(later)
    _check_policies(first, second, old, new)
    duties = _duties(old, new)
    check_recommendations(recommendations, duties, source)
    when = at if at is not None else str(second["as_of"])
    counts = _Counts(store, earlier, later, when)
    make = _Maker(confidence, basis, counts.life.summary["counts"])
    changes = _policy_changes(old, new, counts.life)
    units = sorted({unit for _, unit in counts.cells}, key=lambda unit: (not unit, unit))
    present = {duty for duty, _ in counts.cells}
    asked = {duty for one in recommendations for duty in one.duties}

    def duty_part(duty: Duty) -> DutyPart:
        cells = [unit for unit in units if (duty.id, unit) in counts.cells]
        return DutyPart(
            duty,
            changes.get(duty.id, ""),
            make.part(duty.id, counts.sum(lambda cell: cell[0] == duty.id)),
            tuple(make.part(unit, counts.cells[duty.id, unit]) for unit in cells),
            tuple(sorted(counts.open[duty.id], key=lambda one: (not one.from_first, one.due_at or "~"))),
        )

    return InspectionReport(
        earlier=first,
        later=second,
        basis=basis,
        confidence=confidence,
        at=when,
        head=store.head,
        policy_changed=bool(counts.life.summary["policy_changed"]),
        whole=make.part("", counts.sum(lambda _: True)),
        duties=tuple(duty_part(duty) for name, duty in duties.items() if name in present),
        units=tuple(
            make.part(unit, counts.sum(lambda cell, unit=unit: cell[1] == unit))  # type: ignore[misc]
            for unit in units
        ),
        chapters=tuple(
            Chapter(
                one,
                make.part(one.id, counts.sum(lambda cell, one=one: cell[0] in one.duties)),  # type: ignore[misc]
                one.duties,
            )
            for one in recommendations
        ),
        actions=tuple(
            one
            for one in counts.actions
            if one.get("finding") in counts.wrong or one.get("duty_id") in (present | asked)
        ),
        policy=new,
    )
