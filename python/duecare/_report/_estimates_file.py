"""Estimates from a sample of files, as ``duecare sample estimate --json`` writes them, for a report."""

from collections.abc import Iterator, Mapping
from typing import Any

from duecare._figures._axes import percent
from duecare._figures._chart import Table

_FORMAT = "duecare.estimate/1"
_COLUMNS = (
    "What was asked of each file",
    "Share with a deviation",
    "Lies between",
    "Files read",
    "Of",
    "How",
)


def _share(value: float | None) -> str:
    return "not defined" if value is None else percent(value)


def _row(one: Mapping[str, Any], *, part: bool) -> tuple[str, ...]:
    low, high = one["low"], one["high"]
    whole = one["N"]
    return (
        ("– " if part else "") + str(one["what"]),
        _share(one["estimate"]),
        "not defined" if low is None or high is None else f"{percent(low)} and {percent(high)}",
        f"{one['n']:,}",
        "–" if whole is None else f"{whole:,}",
        f"{one['design']}, {one['method']}, {one['interval']}".replace("_", " "),
    )


def _rows(questions: list[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    for question in questions:
        yield _row(question["overall"], part=False)
        for one in (*(question.get("strata") or ()), *(question.get("domains") or ())):
            yield _row(one, part=True)


def read_estimates(document: Any) -> tuple[Table, ...]:
    """A line for each question, and for each part of the frame that was asked for."""
    if not isinstance(document, Mapping) or document.get("format") != _FORMAT:
        raise ValueError(f'its "format" must be "{_FORMAT}", as `duecare sample estimate --json` writes it')
    level = percent(float(document["conf"]))
    notes = [str(note) for question in document["questions"] for note in question.get("warnings") or ()]
    said = "".join(f" Note: {note}." for note in dict.fromkeys(note.rstrip(".") for note in notes))
    caption = (
        f"What people found in the files drawn, and within which margins ({level}) it holds for all.{said}"
    )
    return (Table(_COLUMNS, tuple(_rows(document["questions"])), caption),)
