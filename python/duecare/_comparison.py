"""What became of what was wrong between two results: the same words as a store's (src/store/README.md)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from duecare._case import InstantReader
from duecare._core import Finding
from duecare._errors import ArgumentError, StateError
from duecare._instants import format_instant
from duecare._types import Verdict

if TYPE_CHECKING:
    from duecare._audit import Result

Became = Literal[
    "new",
    "worse",
    "still_open",
    "past",
    "resolved",
    "changed_by_correction",
    "gone_with_case",
    "gone_with_record",
]
"""``new``: wrong, and nothing was wrong before. ``worse``: a worse verdict, or more periods missed.
``still_open``: unassessable or missed, as before. ``past``: late, as before; it is over. ``resolved``:
nothing is wrong any more, or it was done at last. ``changed_by_correction``: by a correction that the earlier
result did not know. ``gone_with_case``: the case is not there any more. ``gone_with_record``: the record says
something else, without a correction. Wrong is late, unassessable or missed."""

# How bad a verdict is: nothing is wrong, over and late, nobody can tell, not done.
_RANK: Mapping[Verdict, int] = {"late": 1, "unassessable": 2, "missed": 3}


@dataclass(frozen=True, slots=True)
class Change:
    """An obligation that is wrong in one of two results or in both."""

    became: Became
    before: Finding | None
    """None: it was not there."""
    after: Finding | None
    """None: it is not there any more."""

    @property
    def finding(self) -> Finding:
        """As it is now, or as it last was."""
        found = self.after or self.before
        if found is None:
            raise AssertionError("a change of nothing")
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of everything that was or is wrong. What is wrong in neither result is not in it."""

    changes: tuple[Change, ...]
    """In the order of the later result, then what is gone in that of the earlier one."""

    def of(self, *became: Became) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.became in became)

    @property
    def counts(self) -> Mapping[Became, int]:
        """How many of each kind there are."""
        return Counter(change.became for change in self.changes)

    @property
    def new(self) -> tuple[Change, ...]:
        """Wrong now, and not before."""
        return self.of("new")

    @property
    def resolved(self) -> tuple[Change, ...]:
        """Wrong before; now nothing is wrong, or it was done at last."""
        return self.of("resolved")

    @property
    def still_wrong(self) -> tuple[Change, ...]:
        """Wrong before and now: ``still_open``, ``worse``, or ``past``."""
        return self.of("still_open", "worse", "past")

    @property
    def changed(self) -> tuple[Change, ...]:
        """Another because the record is another: by a correction, or gone with the case or the record."""
        return self.of("changed_by_correction", "gone_with_case", "gone_with_record")


_Identity = tuple[Any, ...]


def _by_identity(result: "Result") -> dict[_Identity, Finding]:
    """evaluation.md: two share an identity where a response opens what comes next; they stand in order."""
    seen: Counter[_Identity] = Counter()
    found: dict[_Identity, Finding] = {}
    for finding in result.findings:
        identity = (finding.case_id, finding.duty_id, finding.key, finding.trigger_event, finding.opened_at)
        found[*identity, seen[identity]] = finding
        seen[identity] += 1
    return found


class _Corrections:
    """Of a case, the corrections that the later result knows and the earlier one did not."""

    def __init__(self, earlier: "Result", later: "Result") -> None:
        self._readers = [self._reader(later), self._reader(earlier)]
        self._known: dict[str, frozenset[tuple[str, str]]] = {}

    @staticmethod
    def _reader(result: "Result") -> Callable[[str], frozenset[tuple[str, str]]]:
        places = {case_id: index for index, case_id in enumerate(result.caseload.case_ids)}
        read = InstantReader(result.policy).read

        def of(case_id: str) -> frozenset[tuple[str, str]]:
            if case_id not in places:
                return frozenset()
            events = result.caseload.document(places[case_id]).get("events") or []
            return frozenset(
                (event["replaces"], event["id"])
                for event in events
                if event.get("replaces")
                and read(event.get("recorded_at") or event["occurred_at"]) <= result.known_at
            )

        return of

    def of(self, case_id: str) -> frozenset[tuple[str, str]]:
        """(what is replaced, by what)."""
        if case_id not in self._known:
            now, then = (reader(case_id) for reader in self._readers)
            self._known[case_id] = now - then
        return self._known[case_id]

    def touch(self, finding: Finding, *, is_before: bool) -> bool:
        """Whether one replaces an event of the finding, or brought one."""
        names = (finding.trigger_event, finding.ending_event)
        return any(pair[0 if is_before else 1] in names for pair in self.of(finding.case_id))


def _both(before: Finding, after: Finding, corrections: _Corrections) -> Became | None:
    was, now = _RANK.get(before.verdict, 0), _RANK.get(after.verdict, 0)
    if was == now == 0:
        return None
    due_moved = before.due_at != after.due_at
    if (before.verdict, before.due_at, before.missed_periods) == (
        after.verdict,
        after.due_at,
        after.missed_periods,
    ):
        return "past" if now == 1 else "still_open"
    if (
        corrections.touch(before, is_before=True)
        or corrections.touch(after, is_before=False)
        or (due_moved and corrections.of(after.case_id))
    ):
        return "changed_by_correction"
    if was == 0:
        return "new"
    if now == 0 or (was >= 2 and now == 1):
        return "resolved"
    if now > was or after.missed_periods > before.missed_periods:
        return "worse"
    return "past" if now == 1 else "still_open"


def _need_comparable(later: "Result", earlier: "Result") -> None:
    if not isinstance(earlier, type(later)):
        raise TypeError(f"earlier must be a duecare.Result, not {type(earlier).__name__}")
    for name, result in (("later", later), ("earlier", earlier)):
        if len(result.findings) != result.summary.total:
            raise StateError(
                f"The {name} result has {len(result.findings):,} of its {result.summary.total:,} findings, "
                'and cannot tell what was resolved from what was not listed: audit both with verdicts="all".'
            )
    if later.policy != earlier.policy:
        raise ArgumentError(
            "The two results are of different policies, and a change might be the policy's doing. Compare "
            "policies with duecare.compare_policies, or let a store tell the two apart (Store.life)."
        )
    if (later.as_of, later.known_at) < (earlier.as_of, earlier.known_at):
        one, other = (
            f"{format_instant(result.as_of)}, known at {format_instant(result.known_at)}"
            for result in (earlier, later)
        )
        raise ArgumentError(
            f"The earlier result is as of {one}, which is after {other}: call compare on the later result."
        )


def _changes(later: "Result", earlier: "Result") -> Iterator[Change]:
    before, after = _by_identity(earlier), _by_identity(later)
    corrections = _Corrections(earlier, later)
    cases = frozenset(later.caseload.case_ids)
    for identity, finding in after.items():
        old = before.get(identity)
        if old is not None:
            became = _both(old, finding, corrections)
            if became is not None:
                yield Change(became, old, finding)
        elif finding.verdict in _RANK:
            came = corrections.touch(finding, is_before=False)
            yield Change("changed_by_correction" if came else "new", None, finding)
    for identity, finding in before.items():
        if identity in after or finding.verdict not in _RANK:
            continue
        if finding.case_id not in cases:
            yield Change("gone_with_case", finding, None)
        elif corrections.of(finding.case_id):
            yield Change("changed_by_correction", finding, None)
        else:
            yield Change("gone_with_record", finding, None)


def compare(later: "Result", earlier: "Result") -> Comparison:
    _need_comparable(later, earlier)
    return Comparison(tuple(_changes(later, earlier)))
