"""What callers give, as the library reads it."""

import json
from datetime import UTC, datetime
from typing import Any

from duecare._compliance import rate_interval
from duecare._errors import ArgumentError
from duecare._instants import format_instant


def instant(value: datetime | str, name: str) -> str:
    if isinstance(value, str):
        return value
    if value.utcoffset() is None:
        raise ArgumentError(f"{name} is a datetime without a time zone. Give it one (tzinfo=...).")
    return format_instant(value)


def when(value: datetime | str | None, name: str) -> str:
    """As the library reads it; None is now, to the second."""
    return instant(datetime.now(UTC).replace(microsecond=0) if value is None else value, name)


def fields(**given: Any) -> dict[str, Any]:
    return {key: value for key, value in given.items() if value is not None}


def to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def rate(name: str, part: int, whole: int, confidence: float) -> dict[str, float | None]:
    low, high = rate_interval(part, whole, confidence) or (None, None)
    return {name: part / whole if whole else None, f"{name}_low": low, f"{name}_high": high}
