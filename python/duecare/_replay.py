"""Histories run through a monitor in the order in which they were recorded."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from duecare import _core
from duecare._caseload import Caseload
from duecare._monitor import Monitor, ObligationChange
from duecare._policy import Policy

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What one instant brought: an event that was recorded, or time alone (``event`` None)."""

    at: datetime
    case_id: str | None
    event: str | None
    event_type: str | None
    occurred_at: str | None
    changes: tuple[ObligationChange, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    at: datetime
    occurred: datetime
    case_id: str
    event: dict[str, Any]


def _read(policy: Policy, text: str) -> datetime:
    """As a monitor orders events: a date alone is the start of that day."""
    return _core.to_datetime(policy._native.parse_instant(text, end_of_day=False))


def _entries(policy: Policy, documents: list[dict[str, Any]]) -> list[_Entry]:
    made = [
        _Entry(
            _read(policy, event.get("recorded_at", event["occurred_at"])),
            _read(policy, event["occurred_at"]),
            document["id"],
            event,
        )
        for document in documents
        for event in document["events"]
    ]
    return sorted(made, key=lambda one: (one.at, one.occurred, one.case_id, one.event["id"]))


def _end_of_day(policy: Policy, instant: datetime) -> datetime:
    return policy.parse_instant(policy.format_instant(instant)[:10])


def replay(
    caseload: Caseload,
    policy: Policy,
    *,
    as_of: datetime,
    step: Literal["event", "day"] = "event",
    case_id: str | None = None,
) -> Iterator[Step]:
    """Steps in the order of recording up to ``as_of``, each with what it changed.

    What falls due between two events is a step of its own. With ``step="day"`` the clock stands at the end of
    the local day on which an event was recorded, so that each day is one look at the record.
    """
    native = caseload._native
    documents = [json.loads(native.case_json(i)) for i in range(native.case_count)]
    entries = [e for e in _entries(policy, documents) if e.at <= as_of]
    begin = min((min(e.at, e.occurred) for e in entries), default=as_of) - _MOMENT
    monitor = Monitor(policy, begin)
    monitor.push_document(native.staff_json())
    for document in documents:
        monitor.push_document(document | {"events": []})

    def wanted(changes: tuple[ObligationChange, ...]) -> tuple[ObligationChange, ...]:
        return tuple(c for c in changes if case_id is None or c.case_id == case_id)

    def until(end: datetime) -> Iterator[Step]:
        while (due := monitor.next_due) is not None and due < end:
            changes = wanted(monitor.set_clock(due + _MOMENT))
            if changes:
                yield Step(due + _MOMENT, None, None, None, None, changes)
        changes = wanted(monitor.set_clock(end))
        if changes:
            yield Step(end, None, None, None, None, changes)

    for entry in entries:
        at = min(_end_of_day(policy, entry.at), as_of) if step == "day" else entry.at
        if at > monitor.as_of:
            yield from until(at)
        changes = wanted(monitor.push_event(entry.case_id, entry.event))
        if case_id is None or entry.case_id == case_id or changes:
            event = entry.event
            yield Step(at, entry.case_id, event["id"], event["type"], event["occurred_at"], changes)
    yield from until(as_of)
