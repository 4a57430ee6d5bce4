"""The audit as it happens: a policy and a clock; events in, what they change out."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self, final

from duecare import _core
from duecare._audit import verdict_bits
from duecare._caseload import Document
from duecare._errors import ArgumentError
from duecare._findings import Findings
from duecare._instants import to_micros
from duecare._policy import Policy
from duecare._types import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationChange:
    """What became of one obligation: its fields as they are now, or as they were before it went.

    ``what``: ``opened``, ``gone`` (the record no longer says that it was opened), ``verdict``, ``due``,
    ``ended``, ``flags``, ``owner``, ``reason``; empty in a list.
    """

    what: tuple[str, ...]
    case_id: str
    duty_id: str
    key: str | None
    verdict: Verdict
    opened_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    overdue_seconds: int
    elapsed_seconds: int
    missed_periods: int
    trigger_event: str | None
    ending_event: str | None
    flags: tuple[str, ...]
    reason: str | None
    owner: str | None
    title: str
    verdict_before: Verdict | None
    due_before: datetime | None


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _of_json(line: str) -> ObligationChange:
    fields = json.loads(line)
    for name in ("opened_at", "due_at", "ended_at", "due_before"):
        fields[name] = _instant(fields[name])
    for name in ("what", "flags"):
        fields[name] = tuple(fields[name])
    return ObligationChange(**fields)


def _changes(lines: str) -> tuple[ObligationChange, ...]:
    return tuple(_of_json(line) for line in lines.split("\n") if line)


def _bytes(document: Document) -> bytes:
    if isinstance(document, Mapping):
        try:
            return json.dumps(document, allow_nan=False).encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise ArgumentError(f"The document cannot be written as JSON: {error}") from error
    return document.encode("utf-8", "surrogatepass") if isinstance(document, str) else document


@final
class Monitor:
    """Takes events one by one, in any order, and says after each what has changed.

    At any time its findings are those of an audit of the same events at its ``as_of`` and ``known_at``. A
    call that raises leaves it as it was. One thread at a time. It holds what it was given until
    ``drop_case``.
    """

    __slots__ = ("_native", "_policy")

    def __init__(self, policy: Policy, as_of: datetime | str, known_at: datetime | str | None = None) -> None:
        known = None if known_at is None else to_micros(known_at, "known_at", policy._native)
        self._native = _core.Monitor(policy._native, to_micros(as_of, "as_of", policy._native), known)
        self._policy = policy

    @classmethod
    def restore(cls, policy: Policy, data: bytes) -> Self:
        """Goes on from a snapshot. DataError if it is not whole, ArgumentError if it is another policy's."""
        self = object.__new__(cls)
        self._native = _core.Monitor.restore(policy._native, data)
        self._policy = policy
        return self

    def push_event(self, case_id: str, event: Document) -> tuple[ObligationChange, ...]:
        """Takes one event of a case that is there, as it would stand under ``events``.

        NotFoundError for another case; DataError for what is no event, names a stranger, or has the id of an
        event that is there.
        """
        return _changes(self._native.push_event(case_id.encode("utf-8", "surrogatepass"), _bytes(event)))

    def push_document(self, document: Document) -> tuple[ObligationChange, ...]:
        """Takes a new case, more of one that is there, or staff. DataError if it cannot be taken."""
        return _changes(self._native.push_document(_bytes(document)))

    def set_clock(
        self, as_of: datetime | str, known_at: datetime | str | None = None
    ) -> tuple[ObligationChange, ...]:
        """Sets the clock, forwards or backwards; ``known_at`` is ``as_of`` where it is not given."""
        at = to_micros(as_of, "as_of", self._policy._native)
        known = at if known_at is None else to_micros(known_at, "known_at", self._policy._native)
        return _changes(self._native.set_clock(at, known))

    def drop_case(self, case_id: str) -> tuple[ObligationChange, ...]:
        """Forgets a case; tells what that changes in duties across cases."""
        return _changes(self._native.drop_case(case_id.encode("utf-8", "surrogatepass")))

    def list(
        self,
        *,
        verdicts: Iterable[Verdict] | Literal["all"] | None = None,
        case_id: str | None = None,
        key: str | None = None,
        owner: str | None = None,
        due_until: datetime | str | None = None,
    ) -> tuple[ObligationChange, ...]:
        """The obligations that fit; ``due_until``: those pending that fall due then or before (text as for
        ``set_clock``)."""
        until = None if due_until is None else to_micros(due_until, "due_until", self._policy._native)
        return _changes(self._native.list(verdict_bits(verdicts), case_id, key, owner, until))

    def findings(
        self, case_id: str | None = None, *, verdicts: Iterable[Verdict] | Literal["all"] | None = None
    ) -> Findings:
        """Findings of one case or of all, with evidence and explanation."""
        return Findings(self._native.audit(case_id, verdict_bits(verdicts)))

    def snapshot(self) -> bytes:
        """Everything needed to go on elsewhere: versioned, with a SHA-256 of it all."""
        return self._native.snapshot()

    @property
    def policy(self) -> Policy:
        return self._policy

    @property
    def as_of(self) -> datetime:
        return _core.to_datetime(self._native.as_of)

    @property
    def known_at(self) -> datetime:
        return _core.to_datetime(self._native.known_at)

    @property
    def next_due(self) -> datetime | None:
        """The first instant at which something pending falls due; after it the verdict is another."""
        due = self._native.next_due
        return None if due is None else _core.to_datetime(due)

    @property
    def case_count(self) -> int:
        return self._native.case_count

    @property
    def event_count(self) -> int:
        return self._native.event_count

    @property
    def memory(self) -> int:
        """Bytes held, roughly."""
        return self._native.memory

    def __repr__(self) -> str:
        return f"<duecare.Monitor of {self.case_count} cases, {self.event_count} events>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a monitor cannot be pickled; take its snapshot()")
