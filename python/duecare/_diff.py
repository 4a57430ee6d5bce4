"""What changes when one policy takes the place of another: what is asked, and the verdicts of a caseload."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from duecare._audit import Progress, Result, audit
from duecare._caseload import Caseload
from duecare._core import Finding
from duecare._policy import Policy

Kind = Literal["appeared", "disappeared", "changed"]

# Keys of a policy whose members have names of their own.
_NAMED = ("parameters", "ranks", "calendars", "facts", "events")
_PLAIN = ("id", "version", "title", "time_zone", "owner")
# What says nothing about what is expected.
_NOT_ASKED = frozenset({"tests"})


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One key that is not what it was. An absent value is None, and JSON's null nowhere allowed."""

    path: str
    """``within``, ``require/where``."""
    old: Any
    new: Any

    def to_dict(self) -> dict[str, Any]:
        return {"path": self.path, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class DutyChange:
    """A duty that both policies have, and not the same."""

    duty_id: str
    title: str
    keys: tuple[KeyChange, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """What differs between the policies themselves."""

    added: tuple[tuple[str, str], ...]
    """Id and title."""
    removed: tuple[tuple[str, str], ...]
    changed: tuple[DutyChange, ...]
    parts: tuple[KeyChange, ...]
    """Of everything but the duties: ``parameters/review_high``."""
    affected: Mapping[str, tuple[str, ...]]
    """Duties that use a parameter that changed, by the parameter."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.parts)


@dataclass(frozen=True, slots=True)
class Change:
    """An obligation that is not what it was."""

    kind: Kind
    case_id: str
    duty_id: str
    key: str | None
    trigger_event: str | None
    opened_at: datetime
    old_verdict: str | None
    new_verdict: str | None
    old_due_at: datetime | None
    new_due_at: datetime | None
    explanation: str
    """Of the new finding, or of the one that is gone."""

    @property
    def verdict_changed(self) -> bool:
        return self.kind == "changed" and self.old_verdict != self.new_verdict

    @property
    def due_changed(self) -> bool:
        return self.kind == "changed" and self.old_due_at != self.new_due_at


@dataclass(slots=True)
class DutyTotals:
    """How a duty fares: obligations under either policy, and what became of them."""

    duty_id: str
    title: str
    old: int = 0
    new: int = 0
    same: int = 0
    appeared: int = 0
    disappeared: int = 0
    verdict_changed: int = 0
    due_changed: int = 0
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Verdict before and after, of those that both policies have."""

    def add(self, change: Change) -> None:
        self.appeared += change.kind == "appeared"
        self.disappeared += change.kind == "disappeared"
        self.due_changed += change.due_changed
        if change.verdict_changed:
            self.verdict_changed += 1
            self.moves[str(change.old_verdict), str(change.new_verdict)] += 1

    @property
    def touched(self) -> bool:
        return bool(self.appeared or self.disappeared or self.verdict_changed or self.due_changed)


@dataclass(frozen=True, slots=True)
class Difference:
    """All of it, in a fixed order."""

    old: Result
    new: Result
    definitions: Definitions
    totals: tuple[DutyTotals, ...]
    """Duties of the new policy in its order, then those that only the old one has."""
    changes: tuple[Change, ...]
    """By case, duty, opening, key and trigger."""


# ---- Definitions -------------------------------------------------------------------------------------------


def _walk(path: str, old: Any, new: Any) -> Iterator[KeyChange]:
    if old == new and isinstance(old, bool) == isinstance(new, bool):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys([*old, *new]):
            yield from _walk(f"{path}/{key}" if path else key, old.get(key), new.get(key))
        return
    yield KeyChange(path, old, new)


def _duties(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {
        duty["id"]: {key: value for key, value in duty.items() if key not in _NOT_ASKED}
        for duty in document.get("duties") or []
    }


def _parts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[KeyChange]:
    for key in _PLAIN:
        yield from _walk(key, old.get(key), new.get(key))
    for key in _NAMED:
        before, after = old.get(key) or {}, new.get(key) or {}
        for name in dict.fromkeys([*before, *after]):
            yield from _walk(f"{key}/{name}", before.get(name), after.get(name))


def definitions(old: Policy, new: Policy) -> Definitions:
    """What differs between two policies after their layers; their tests are left out."""
    # Templates and Jinja2 come with it, which an audit does not need.
    from duecare._handbook import parameters_of

    before, after = json.loads(old.to_json()), json.loads(new.to_json())
    old_duties, new_duties = _duties(before), _duties(after)
    parts = tuple(_parts(before, after))
    changed_parameters = dict.fromkeys(
        part.path.split("/")[1] for part in parts if part.path.startswith("parameters/")
    )
    both = {**old_duties, **new_duties}
    return Definitions(
        added=tuple(
            (name, duty.get("title", "")) for name, duty in new_duties.items() if name not in old_duties
        ),
        removed=tuple(
            (name, duty.get("title", "")) for name, duty in old_duties.items() if name not in new_duties
        ),
        changed=tuple(
            DutyChange(name, duty.get("title", ""), keys)
            for name, duty in new_duties.items()
            if name in old_duties and (keys := tuple(_walk("", old_duties[name], duty)))
        ),
        parts=parts,
        affected={
            name: tuple(duty_id for duty_id, duty in both.items() if parameters_of(duty, [name]))
            for name in changed_parameters
        },
    )


# ---- Verdicts ----------------------------------------------------------------------------------------------

# The identity of an obligation across runs, and which of those that share it.
_Identity = tuple[str, str | None, str | None, datetime, int]


def _numbered(findings: Sequence[Finding]) -> dict[_Identity, Finding]:
    seen: Counter[tuple[str, str | None, str | None, datetime]] = Counter()
    out: dict[_Identity, Finding] = {}
    for finding in findings:
        identity = (finding.duty_id, finding.key, finding.trigger_event, finding.opened_at)
        out[*identity, seen[identity]] = finding
        seen[identity] += 1
    return out


def _change(old: Finding | None, new: Finding | None) -> Change | None:
    shown = new or old
    if shown is None or (old and new and (old.verdict, old.due_at) == (new.verdict, new.due_at)):
        return None
    return Change(
        "changed" if old and new else "appeared" if new else "disappeared",
        shown.case_id,
        shown.duty_id,
        shown.key,
        shown.trigger_event,
        shown.opened_at,
        old.verdict if old else None,
        new.verdict if new else None,
        old.due_at if old else None,
        new.due_at if new else None,
        shown.explanation,
    )


def _by_case(result: Result) -> Iterator[tuple[str, list[Finding]]]:
    for case_id, findings in groupby(result.findings, key=lambda finding: finding.case_id):
        yield case_id, list(findings)


def _pairs(old: Result, new: Result, cases: Sequence[str]) -> Iterator[tuple[list[Finding], list[Finding]]]:
    """Findings of one case after the other under both policies; both results are in caseload order."""
    streams = [_by_case(old), _by_case(new)]
    heads = [next(stream, None) for stream in streams]
    for case_id in cases:
        pair: list[list[Finding]] = []
        for side, head in enumerate(heads):
            if head is not None and head[0] == case_id:
                pair.append(head[1])
                heads[side] = next(streams[side], None)
            else:
                pair.append([])
        if pair[0] or pair[1]:
            yield pair[0], pair[1]


def _order(places: Mapping[str, int], change: Change) -> tuple[Any, ...]:
    return (
        places[change.duty_id],
        change.opened_at,
        change.key is not None,
        change.key or "",
        change.trigger_event or "",
    )


def _totals(old: Policy, new: Policy) -> dict[str, DutyTotals]:
    duties = {duty.id: duty.title for duty in new.duties}
    duties |= {duty.id: duty.title for duty in old.duties if duty.id not in duties}
    return {name: DutyTotals(name, title) for name, title in duties.items()}


def compare(
    caseload: Caseload,
    old: Policy,
    new: Policy,
    *,
    as_of: datetime | str | None = None,
    known_at: datetime | str | None = None,
    threads: int = 0,
    progress: Progress | None = None,
) -> Difference:
    """Audits the caseload under both policies at the same instants, and compares every obligation.

    Instants without an offset, and the default of ``as_of``, are read in the zone of the old policy.
    """
    before = audit(
        caseload, old, as_of=as_of, known_at=known_at, verdicts="all", threads=threads, progress=progress
    )
    after = audit(
        caseload,
        new,
        as_of=before.as_of,
        known_at=before.known_at,
        verdicts="all",
        threads=threads,
        progress=progress,
    )
    totals = _totals(old, new)
    places = {name: place for place, name in enumerate(totals)}
    changes: list[Change] = []
    for one, other in _pairs(before, after, caseload.case_ids):
        old_findings, new_findings = _numbered(one), _numbered(other)
        here = []
        for identity in dict.fromkeys([*old_findings, *new_findings]):
            row = totals[identity[0]]
            row.old += identity in old_findings
            row.new += identity in new_findings
            change = _change(old_findings.get(identity), new_findings.get(identity))
            if change is None:
                row.same += 1
            else:
                row.add(change)
                here.append(change)
        changes += sorted(here, key=lambda change: _order(places, change))
    return Difference(before, after, definitions(old, new), tuple(totals.values()), tuple(changes))
