"""What a page may say about people: everything, or with ``--anonymise`` only what does not name them."""

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import datetime, timedelta

from duecare._case import CaseEvent, CasePerson, CaseTimeline, Obligation
from duecare._errors import ArgumentError
from duecare._figures._study import NO_UNIT, Filed
from duecare._figures._time import Clock, span
from duecare._figures._timeline import verdict_words

_LEAST_KEY = 16
_BANDS = ((0, 0, "under 1"), (1, 4, "1 to 4"), (5, 9, "5 to 9"), (10, 15, "10 to 15"), (16, 17, "16 or 17"))
# Roles that say what somebody is to a case and nothing of who they are.
_ROLES = frozenset(
    [
        "child",
        "victim",
        "witness",
        "suspect",
        "offender",
        "missing",
        "detainee",
        "parent",
        "carer",
        "sibling",
        "adult",
        "complainant",
    ]
)


class Disguise:
    """Shows everything as it is."""

    anonymous = False
    shifted = False

    def token(self, kind: str, text: str) -> str:
        """What stands for an id of a case, person, staff member, unit or thing."""
        return text

    def when(self, instant: datetime) -> datetime:
        return instant

    def sentence(self, one: Obligation, clock: Clock) -> str:
        return one.explanation

    def age(self, person: CasePerson, at: datetime) -> str:
        ages = person.age_at(at.year, at.month, at.day)
        if ages is None:
            return "age not recorded"
        return f"aged {ages[0]}" if ages[0] == ages[1] else f"aged {ages[0]} or {ages[1]}"

    def reason(self, text: str) -> str:
        return text

    def role(self, text: str) -> str:
        return text

    def event_title(self, event: CaseEvent, titles: dict[str, str]) -> str:
        return event.title

    def unit(self, name: str) -> str:
        return name if name == NO_UNIT else self.token("unit", name)

    def obligation(self, one: Obligation) -> Obligation:
        return one

    def filed(self, one: Filed) -> Filed:
        return one

    def case(self, case: CaseTimeline, titles: dict[str, str]) -> CaseTimeline:
        return case


class Anonymous(Disguise):
    """Keyed tokens for ids, ages in bands, no free text; dates moved by whole weeks if asked for.

    Whoever has the key can find a case again, and nobody else; the same key gives the same tokens in every
    report. Titles of duties and numbers stay: a very unusual case may still be recognised by them.
    """

    anonymous = True

    def __init__(self, key: bytes, *, shift_dates: bool = False) -> None:
        if len(key) < _LEAST_KEY:
            raise ArgumentError(
                f"The key has {len(key)} bytes, and must have at least {_LEAST_KEY}. "
                "Make one with: head -c 32 /dev/urandom > key"
            )
        self._key = key
        self.shifted = shift_dates
        weeks = 26 + int.from_bytes(self._digest("shift", "dates")[:8], "big") % 235
        self._back = timedelta(weeks=weeks if shift_dates else 0)

    def _digest(self, kind: str, text: str) -> bytes:
        return hmac.new(self._key, kind.encode() + b"\0" + text.encode(), hashlib.sha256).digest()

    def token(self, kind: str, text: str) -> str:
        letters = base64.b32encode(self._digest(kind, text)[:10]).decode().lower()
        return f"{kind}-{letters[:10]}"

    def when(self, instant: datetime) -> datetime:
        return instant - self._back

    def sentence(self, one: Obligation, clock: Clock) -> str:
        due = f"due {clock.words(one.due_at)}" if one.due_at else "no fixed time"
        over = f", {span(one.overdue_seconds)} over" if one.overdue_seconds else ""
        return f"{one.title}: {verdict_words(one.verdict)} ({due}{over})."

    def age(self, person: CasePerson, at: datetime) -> str:
        ages = person.age_at(at.year, at.month, at.day)
        if ages is None:
            return "age not recorded"
        words = [
            next((name for low, high, name in _BANDS if low <= age <= high), "18 or over") for age in ages
        ]
        return f"aged {words[0]}" if words[0] == words[1] else f"aged {words[0]}, or {words[1]}"

    def reason(self, text: str) -> str:
        # The rank that is not known stands in the record; the others name a path or operator of the policy.
        return "unknown_rank" if text.startswith("unknown_rank") else text

    def role(self, text: str) -> str:
        return text if text in _ROLES else "other role"

    def event_title(self, event: CaseEvent, titles: dict[str, str]) -> str:
        return titles.get(event.type) or "Other entry"

    def _instant(self, instant: datetime | None) -> datetime | None:
        return None if instant is None else self.when(instant)

    def obligation(self, one: Obligation) -> Obligation:
        return replace(
            one,
            key=None if one.key is None else self.token("id", one.key),
            opened_at=self.when(one.opened_at),
            due_at=self._instant(one.due_at),
            ended_at=self._instant(one.ended_at),
            reason=None if one.reason is None else self.reason(one.reason),
            owner=None if one.owner is None else self.unit(one.owner),
            explanation="",
        )

    def filed(self, one: Filed) -> Filed:
        return replace(
            one,
            case_id=self.token("case", one.case_id),
            holder=self.unit(one.holder),
            obligation=self.obligation(one.obligation),
        )

    def case(self, case: CaseTimeline, titles: dict[str, str]) -> CaseTimeline:
        return replace(
            case,
            case_id=self.token("case", case.case_id),
            as_of=self.when(case.as_of),
            known_at=self.when(case.known_at),
            # Birth dates are read before this, for bands of age.
            persons=tuple(
                CasePerson(self.token("id", one.id), tuple(map(self.role, one.roles)), "")
                for one in case.persons
            ),
            events=tuple(self._event(one, titles) for one in case.events),
            obligations=tuple(map(self.obligation, case.obligations)),
        )

    def _event(self, event: CaseEvent, titles: dict[str, str]) -> CaseEvent:
        return replace(
            event,
            title=self.event_title(event, titles),
            type=event.type if event.type in titles else "other",
            occurred_at=self.when(event.occurred_at),
            recorded_at=self.when(event.recorded_at),
            actor=None if event.actor is None else self.token("staff", event.actor),
            subjects=tuple(self.token("id", one) for one in event.subjects),
        )
