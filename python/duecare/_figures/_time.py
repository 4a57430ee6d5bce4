"""Axes of time with round ticks, and instants in words, in a policy's zone."""

import math
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from duecare._figures._chart import Axis
from duecare._policy import Policy

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DAY = 86_400.0


def place(instant: datetime) -> float:
    """Where an instant stands on an axis of time: seconds since 1970."""
    return instant.timestamp()


class Clock:
    """Local times of a policy's zone, in words."""

    def __init__(self, policy: Policy, *, time_zone: str | None = None) -> None:
        self._policy = policy
        self.time_zone = time_zone or policy.time_zone

    def local(self, instant: datetime) -> datetime:
        """Without an offset."""
        return datetime.fromisoformat(self._policy.format_instant(instant)).replace(tzinfo=None)

    def instant(self, local: datetime) -> datetime:
        return self._policy.parse_instant(local.isoformat())

    def day(self, instant: datetime) -> str:
        """``1 Jun 2023``."""
        there = self.local(instant)
        return f"{there.day} {MONTHS[there.month - 1]} {there.year}"

    def words(self, instant: datetime, *, day_only: bool = False) -> str:
        """``1 Jun 2023, 10:30``; the first and the last moment of a day are the day."""
        there = self.local(instant)
        day = f"{there.day} {MONTHS[there.month - 1]} {there.year}"
        if day_only:
            return day
        if (there.hour, there.minute, there.second) == (23, 59, 59):
            return f"end of {day}"
        # The last moment that a day without a time allows, counted on: people say the minute that follows.
        if there.microsecond == 999_999:
            there += timedelta(microseconds=1)
        return f"{day}, {there:%H:%M}"


def _hours(step: int) -> Callable[[datetime], Iterator[datetime]]:
    def ticks(first: datetime) -> Iterator[datetime]:
        at = first.replace(hour=first.hour // step * step, minute=0, second=0, microsecond=0)
        while True:
            yield at
            at += timedelta(hours=step)

    return ticks


def _days(step: int) -> Callable[[datetime], Iterator[datetime]]:
    def ticks(first: datetime) -> Iterator[datetime]:
        at = first.replace(hour=0, minute=0, second=0, microsecond=0)
        if step == 7:
            at -= timedelta(days=at.weekday())
        while True:
            yield at
            at += timedelta(days=step)

    return ticks


def _months(step: int) -> Callable[[datetime], Iterator[datetime]]:
    def ticks(first: datetime) -> Iterator[datetime]:
        month = first.year * 12 + (first.month - 1) // step * step
        while month < 12 * 9999:
            yield datetime(month // 12, month % 12 + 1, 1)  # noqa: DTZ001 - local times of any zone
            month += step

    return ticks


_STEPS: tuple[tuple[float, Callable[[datetime], Iterator[datetime]], str], ...] = (
    *((3_600.0 * n, _hours(n), "hour") for n in (1, 2, 3, 6, 12)),
    *((DAY * n, _days(n), "day") for n in (1, 2, 7, 14)),
    *((30.5 * DAY * n, _months(n), "month") for n in (1, 2, 3, 6)),
    *((365.25 * DAY * n, _months(12 * n), "year") for n in (1, 2, 5, 10, 50, 100, 1000)),
)


def _tick_words(at: datetime, kind: str) -> str:
    if kind == "hour":
        return f"{at.day} {MONTHS[at.month - 1]}" if at.hour == 0 else f"{at:%H:%M}"
    if kind == "day":
        return f"{at.day} {MONTHS[at.month - 1]}"
    return f"{MONTHS[at.month - 1]} {at.year}" if kind == "month" else str(at.year)


def time_axis(clock: Clock, begin: datetime, end: datetime, *, most: int = 7) -> Axis:
    """An axis from ``begin`` to ``end`` with at most about ``most`` ticks at round local times."""
    low, high = place(begin), place(end)
    if high - low < 3_600:
        high = low + 3_600
        end = begin + timedelta(hours=1)
    _, ticks, kind = next((one for one in _STEPS if (high - low) / one[0] <= most), _STEPS[-1])
    shown = []
    for at in ticks(clock.local(begin)):
        value = place(clock.instant(at))
        if value > high:
            break
        if value >= low:
            shown.append((value, _tick_words(at, kind)))
        if len(shown) > math.ceil(most) + 4:
            break
    years = sorted({clock.local(begin).year, clock.local(end).year})
    said = f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"
    label = f"{said}, local time" if kind in ("hour", "day") else "Local time"
    return Axis(low, high, tuple(shown), label)


def span(seconds: float) -> str:
    """``2 years``, ``3 days``, ``20 minutes``: one unit, rounded down, the largest that is at least two.

    A year has 365.25 days here."""
    whole = int(seconds)
    for name, size in (("year", 31_557_600), ("day", 86_400), ("hour", 3_600), ("minute", 60)):
        number = whole // size
        if number >= 2 or (number == 1 and whole % size == 0):
            return f"{number:,} {name}{'' if number == 1 else 's'}"
    return f"{whole} second{'' if whole == 1 else 's'}"
