"""Time as minutes since 1970-01-01T00:00Z, and the deadlines of the built-in pack in it.

Only what the generator needs: Europe/London between 2021 and 2025, and the working days of the pack. It is
written apart from the engine on purpose: the due times that are planted must not come from what they test.
"""

import datetime
import json
from bisect import bisect_right
from functools import lru_cache

from duecare._policy import Policy

HOUR = 60
DAY = 1440
_EPOCH = datetime.date(1970, 1, 1).toordinal()


def day_number(year: int, month: int, day: int) -> int:
    return datetime.date(year, month, day).toordinal() - _EPOCH


def _last_sunday(year: int, month: int) -> int:
    last = day_number(year, month, 31)
    return last - (last + 4) % 7


# Instants at which the clocks change, and the offset from UTC, in minutes, from each on.
_CHANGES = [
    moment
    for year in range(2021, 2026)
    for moment in (_last_sunday(year, 3) * DAY + HOUR, _last_sunday(year, 10) * DAY + HOUR)
]


def offset(minute: int) -> int:
    return HOUR if bisect_right(_CHANGES, minute) % 2 else 0


def from_local(local: int) -> int:
    """A local time that occurs twice means the first; one that does not exist keeps the offset before."""
    return local - HOUR if offset(local - HOUR) else local


def local_day(minute: int) -> int:
    return (minute + offset(minute)) // DAY


def after_days(minute: int, days: int) -> int:
    """The same local time so many days on."""
    return from_local(minute + offset(minute) + days * DAY)


def after_months(minute: int, months: int) -> int:
    """The same local time and day of the month, or the last day of that month."""
    local = minute + offset(minute)
    return from_local(_month_day(local // DAY, months) * DAY + local % DAY)


@lru_cache(maxsize=4096)
def _month_day(day: int, months: int) -> int:
    date = datetime.date.fromordinal(day + _EPOCH)
    index = date.year * 12 + date.month - 1 + months
    year, month = divmod(index, 12)
    following = day_number(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(day_number(year, month + 1, 1) + date.day - 1, following - 1)


def end_of_inclusive_months(minute: int, months: int) -> int:
    """The midnight with which so many months end, the local day of the minute being the first of them.

    Not for a day of the month that the last month lacks; callers keep to the first 28 days.
    """
    return from_local(_month_day(local_day(minute), months) * DAY)


def end_of_day(day: int) -> int:
    """The midnight with which a local day ends. What is due then is due one microsecond before."""
    return from_local((day + 1) * DAY)


@lru_cache(maxsize=1)
def _closed() -> frozenset[int]:
    base = json.loads(Policy.builtin("england-wales-base").to_json())
    days = base["calendars"]["working"]["closed"]
    return frozenset(datetime.date.fromisoformat(day).toordinal() - _EPOCH for day in days)


def is_working(day: int) -> bool:
    return (day + 3) % 7 < 5 and day not in _closed()


@lru_cache(maxsize=8192)
def _working_day_after(day: int, count: int) -> int:
    while count:
        day += 1
        count -= is_working(day)
    return day


def after_working_days(minute: int, count: int) -> int:
    """The midnight with which the count-th working day after the local day of the minute ends."""
    return end_of_day(_working_day_after(local_day(minute), count))


@lru_cache(maxsize=4096)
def date_text(day: int) -> str:
    return datetime.date.fromordinal(day + _EPOCH).isoformat()


_TIMES = [f"T{minute // 60:02}:{minute % 60:02}:00Z" for minute in range(DAY)]


def text(minute: int) -> str:
    return date_text(minute // DAY) + _TIMES[minute % DAY]


def text_before(midnight: int) -> str:
    """One microsecond before."""
    minute = midnight - 1
    return f"{date_text(minute // DAY)}{_TIMES[minute % DAY][:6]}:59.999999Z"
