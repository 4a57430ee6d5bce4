"""Instants and spans as people read them."""

from datetime import datetime

from duecare._instants import date_in_words
from duecare._policy import Policy

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def local(policy: Policy, instant: datetime | None) -> str:
    """``1 June 2023, 10:30`` in the policy's zone; seconds only where they say something."""
    if instant is None:
        return ""
    there = datetime.fromisoformat(policy.format_instant(instant))
    clock = f"{there:%H:%M}" if there.second in (0, 59) else f"{there:%H:%M:%S}"
    return f"{date_in_words(there)}, {clock}"


def short(policy: Policy, instant: datetime | None) -> str:
    """``2023-06-01 10:30`` in the policy's zone."""
    return "" if instant is None else policy.format_instant(instant)[:16].replace("T", " ")


def span(seconds: int) -> str:
    """``3 days 4 hours``: the two largest units."""
    parts = []
    for name, size in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count:,} {name}" + ("" if count == 1 else "s"))
    return " ".join(parts[:2])


def count(number: int, noun: str) -> str:
    """``1 case``, ``1,204 cases``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
