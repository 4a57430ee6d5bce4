"""Instants between Python and the library: int64 microseconds since 1970-01-01T00:00Z."""

from datetime import UTC, date, datetime, timedelta

from duecare import _core
from duecare._errors import ArgumentError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Not those of `calendar`, which speak the language of the process's locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def date_in_words(day: date) -> str:
    """``1 June 2023``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def to_micros(value: datetime | str, field: str, policy: _core.Policy) -> int:
    """Reads an aware datetime, or text as the contract has it; a date alone means the end of that day."""
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise ArgumentError(
                f"{field} is a datetime without a time zone. Give it one (tzinfo=...), or pass text, "
                f"which is read in the policy's zone {policy.time_zone}."
            )
        return (value - _EPOCH) // _MICROSECOND
    if isinstance(value, str):
        return policy.parse_instant(value, end_of_day=True)
    raise TypeError(f"{field} must be an aware datetime or text, not {type(value).__name__}")


def to_instant(value: datetime | str, field: str, policy: _core.Policy) -> datetime:
    """The same as a datetime in UTC."""
    return _core.to_datetime(to_micros(value, field, policy))


def from_datetime(value: datetime) -> int:
    """Microseconds of an aware datetime."""
    return (value - _EPOCH) // _MICROSECOND


def format_instant(value: datetime) -> str:
    """The form of the contract: ``YYYY-MM-DDTHH:MM:SSZ``."""
    return _core.format_instant(from_datetime(value))
