"""One case as a supervisor reads it: what happened, when it was recorded, what fell due and what became "
"of it."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, final

from duecare import _core
from duecare._errors import NotFoundError
from duecare._instants import format_instant
from duecare._policy import Policy
from duecare._types import Severity, Verdict

if TYPE_CHECKING:
    from duecare._caseload import Caseload

# Worst first; what is still open and overdue stands before what was ended late.
_WORST: tuple[Verdict, ...] = ("missed", "late", "unassessable", "pending", "met", "excused", "lapsed")


@final
@dataclass(frozen=True, slots=True)
class CaseEvent:
    """Something that happened, as the record said it at ``known_at``."""

    id: str
    type: str
    title: str
    """What the policy calls it; else its type in plain words."""
    occurred_at: datetime
    recorded_at: datetime
    day_only: bool
    """The record gives the day and no time."""
    actor: str | None
    subjects: tuple[str, ...]
    """Empty: it concerns everybody."""

    @property
    def recorded_after_seconds(self) -> int:
        """From when it happened to when the record said so; 0 where the record gives only a day."""
        return 0 if self.day_only else int((self.recorded_at - self.occurred_at).total_seconds())


@final
@dataclass(frozen=True, slots=True)
class CasePerson:
    """Somebody of the case."""

    id: str
    roles: tuple[str, ...]
    born: str
    """``YYYY-MM-DD``, ``YYYY-MM``, ``YYYY`` or empty."""

    def age_at(self, year: int, month: int, day: int) -> tuple[int, int] | None:
        """Completed years, the least and the most that the record allows; None if it gives no birth date."""
        if not self.born:
            return None
        parts = [int(part) for part in self.born.split("-")]
        ages = []
        for last in (True, False):
            born = (parts[0], *(parts[1:] or [12 if last else 1]))
            born = born if len(born) == 3 else (*born, 31 if last else 1)
            ages.append(year - born[0] - ((month, day) < born[1:3]))
        return ages[0], ages[1]


@final
@dataclass(frozen=True, slots=True)
class Obligation:
    """A finding, with what a picture and a page need of it."""

    duty_id: str
    title: str
    key: str | None
    verdict: Verdict
    severity: Severity
    opened_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    overdue_seconds: int
    flags: tuple[str, ...]
    reason: str | None
    owner: str | None
    evidence: tuple[str, ...]
    explanation: str

    @property
    def instant(self) -> bool:
        """Judged at the moment that it arose: there was no time to wait for."""
        return self.ended_at == self.opened_at and self.due_at in (None, self.opened_at)

    @property
    def open(self) -> bool:
        return self.ended_at is None

    @property
    def adverse(self) -> bool:
        return self.verdict in ("missed", "late", "unassessable")

    @classmethod
    def of(cls, finding: _core.Finding) -> "Obligation":
        return cls(
            finding.duty_id,
            finding.title or finding.duty_id,
            finding.key,
            finding.verdict,
            finding.severity,
            finding.opened_at,
            finding.due_at,
            finding.ended_at,
            finding.overdue_seconds,
            finding.flags,
            finding.reason,
            finding.owner,
            finding.evidence,
            finding.explanation,
        )

    @classmethod
    def of_dict(cls, finding: Mapping[str, Any]) -> "Obligation":
        def instant(text: str | None) -> datetime | None:
            return None if text is None else datetime.fromisoformat(text)

        opened = instant(finding["opened_at"])
        if opened is None:
            raise ValueError("a finding without opened_at")
        return cls(
            finding["duty_id"],
            finding["title"] or finding["duty_id"],
            finding["key"],
            finding["verdict"],
            finding["severity"],
            opened,
            instant(finding["due_at"]),
            instant(finding["ended_at"]),
            finding["overdue_seconds"],
            tuple(finding["flags"]),
            finding["reason"],
            finding["owner"],
            tuple(finding["evidence"]),
            finding["explanation"],
        )


def worst_first(obligation: Obligation) -> tuple[int, bool, int]:
    return (_WORST.index(obligation.verdict), not obligation.open, -obligation.overdue_seconds)


@final
@dataclass(frozen=True, slots=True)
class CaseTimeline:
    """``result.case(id)``. Notebooks show it as a picture with its table; ``duecare.plot.timeline`` draws
    it."""

    case_id: str
    policy: Policy
    as_of: datetime
    known_at: datetime
    persons: tuple[CasePerson, ...]
    events: tuple[CaseEvent, ...]
    """Those visible at ``as_of`` and ``known_at``, in the contract's order."""
    obligations: tuple[Obligation, ...]
    """Of every verdict, in the order of the policy and of time."""

    @property
    def adverse(self) -> tuple[Obligation, ...]:
        """What was missed, late or cannot be assessed, the worst first."""
        return tuple(sorted((one for one in self.obligations if one.adverse), key=worst_first))

    @property
    def closed_at(self) -> datetime | None:
        """When the case was last closed, unless it was opened again; None while it is open."""
        closed: datetime | None = None
        for event in self.events:
            if event.type == "case.closed":
                closed = event.occurred_at
            elif event.type in ("case.opened", "case.reopened"):
                closed = None
        return closed

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data; instants as the contract writes them."""
        return {
            "case_id": self.case_id,
            "as_of": format_instant(self.as_of),
            "known_at": format_instant(self.known_at),
            "persons": [_plain(one) for one in self.persons],
            "events": [_plain(one) for one in self.events],
            "obligations": [_plain(one) for one in self.obligations],
        }

    def _repr_html_(self) -> str:
        """For notebooks: escaped, without scripts, nothing loaded from elsewhere."""
        from duecare._figures import case_html

        return case_html(self)

    def __str__(self) -> str:
        from duecare._figures import case_text

        return case_text(self)

    def __repr__(self) -> str:
        adverse = len(self.adverse)
        return f"<duecare.CaseTimeline of {len(self.events)} events, {adverse} findings>"


def _plain(value: object) -> dict[str, Any]:
    out = asdict(value)  # type: ignore[call-overload]
    return {name: format_instant(one) if isinstance(one, datetime) else one for name, one in out.items()}


def spoken(name: str) -> str:
    """``review.supervisor`` as ``Review supervisor``: for event types that no policy gives a title."""
    text = name.replace(".", ": ").replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]


def event_titles(policy: Policy) -> dict[str, str]:
    """What the policy, or else the vocabulary of the built-in ones, calls each type of event."""
    known = json.loads(_core.vocabulary_json()).get("events", {})
    titles = {name: str(event.get("title") or "") for name, event in known.items()}
    own = json.loads(policy.to_json()).get("events") or {}
    titles |= {name: str((event or {}).get("title") or "") for name, event in own.items()}
    return {name: title for name, title in titles.items() if title}


class InstantReader:
    """Reads the instants of records in a policy's zone."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def read(self, text: str) -> datetime:
        """A date alone is the beginning of its day."""
        if text.endswith("Z"):
            return datetime.fromisoformat(text)
        return self._policy.parse_instant(text if len(text) > 10 else f"{text}T00:00:00")


def visible(
    events: Sequence[Mapping[str, Any]], read: Callable[[str], datetime], as_of: datetime, known_at: datetime
) -> list[tuple[datetime, datetime, Mapping[str, Any]]]:
    """What counts of a case's events (evaluation.md), with both instants, in the order of the contract."""
    dated = [
        (read(event["occurred_at"]), read(event.get("recorded_at") or event["occurred_at"]), event)
        for event in events
    ]
    known = [one for one in dated if one[1] <= known_at]
    replaced = {event.get("replaces") for _, _, event in known} - {None}
    kept = [
        one
        for one in known
        if one[0] <= as_of and one[2]["id"] not in replaced and not one[2].get("withdrawn")
    ]
    return sorted(kept, key=lambda one: (one[0], one[1], str(one[2]["id"]).encode()))


def _actor(event: Mapping[str, Any]) -> str | None:
    actor = event.get("actor")
    return actor.get("id") if isinstance(actor, Mapping) else actor


def case_events(
    document: Mapping[str, Any],
    policy: Policy,
    as_of: datetime,
    known_at: datetime,
    titles: Mapping[str, str],
) -> tuple[CaseEvent, ...]:
    """The events of a ``duecare.case/1`` document, as an audit at these instants sees them."""
    read = InstantReader(policy).read
    return tuple(
        CaseEvent(
            event["id"],
            event["type"],
            titles.get(event["type"]) or spoken(event["type"]),
            occurred,
            recorded,
            len(event["occurred_at"]) == 10,
            _actor(event),
            tuple(event.get("subjects") or ()),
        )
        for occurred, recorded, event in visible(document.get("events") or [], read, as_of, known_at)
    )


def case_index(caseload: "Caseload", case_id: str) -> int:
    """Where a case stands in the caseload. NotFoundError, which does not repeat ids of other cases."""
    try:
        return caseload.case_ids.index(case_id)
    except ValueError:
        raise NotFoundError(f"There is no case {case_id!r} among {len(caseload):,}.") from None


def timeline(
    caseload: "Caseload",
    index: int,
    policy: Policy,
    instants: tuple[datetime, datetime],
    obligations: Iterable[Obligation],
    titles: Mapping[str, str] | None = None,
) -> CaseTimeline:
    """The timeline of a case of the caseload, by its index, with what the audit found."""
    document = caseload.document(index)
    as_of, known_at = instants
    events = case_events(
        document, policy, as_of, known_at, event_titles(policy) if titles is None else titles
    )
    persons = tuple(
        CasePerson(person["id"], tuple(person.get("roles") or ()), person.get("born") or "")
        for person in document.get("persons") or []
    )
    return CaseTimeline(document["id"], policy, as_of, known_at, persons, events, tuple(obligations))
