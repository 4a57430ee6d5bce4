"""What the commands of ``duecare store`` have in common: options, rows, and the word about the head."""

import csv
import enum
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from duecare import _core
from duecare._cli._console import clean_lines, message, output
from duecare._errors import ArgumentError
from duecare._policy import Policy
from duecare._store import Store
from duecare._store_rows import all_keys

KeyOption = Annotated[
    str | None,
    typer.Option(
        "--pseudonymise",
        metavar="FILE",
        help="The file with the key of pseudonyms, 16 bytes or more. Free text is kept as it is given.",
    ),
]
ByOption = Annotated[str, typer.Option("--by", metavar="PERSON", help="Who says so.")]
AtOption = Annotated[
    str | None,
    typer.Option("--at", metavar="TIME", help="When; a date alone: the end of that day. Default: now."),
]
AS_GIVEN = "Kept as it is given, also where names are kept as pseudonyms."


class RowsFormat(enum.StrEnum):
    """How rows are written."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"


FormatOption = Annotated[RowsFormat, typer.Option("--format", help="How to write it.")]


def read_key(path: str | None) -> bytes | None:
    """The bytes of a file with a key."""
    return None if path is None else Path(path).read_bytes()


_WITH_OFFSET = re.compile(r"\d[Tt ]\d.*([Zz]|[+-]\d\d:?\d\d)$")


def instant_by(policy: Policy, text: str | None, option: str, *, is_start: bool = False) -> str | None:
    """What is given for an instant, as the store takes it.

    As everywhere, a date alone is the end of that day in the policy's zone; with ``is_start`` its beginning.
    """
    if text is None or _WITH_OFFSET.search(text):
        return text
    try:
        return _core.format_instant(policy._native.parse_instant(text, end_of_day=not is_start))
    except ArgumentError as error:
        raise typer.BadParameter(error.message, param_hint=option) from None


def instant_in(kept: Store, text: str | None, option: str, *, is_start: bool = False) -> str | None:
    """The same, in the zone of the policy of the last run."""
    if text is None or _WITH_OFFSET.search(text) or not (runs := kept.runs):
        return text
    return instant_by(kept.policy(runs[-1]["run"]), text, option, is_start=is_start)


def cell(value: Any) -> str:
    """A value as a cell of a table or of a CSV file."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    cells = [list(columns), *([cell(row.get(name)) for name in columns] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    lines = ("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in cells)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def write_rows(rows: Sequence[Mapping[str, Any]], form: RowsFormat, columns: Sequence[str]) -> None:
    """Writes rows to stdout; the table has ``columns`` alone, the others every key."""
    with output(None) as stream:
        if form is RowsFormat.jsonl:
            for row in rows:
                stream.write(json.dumps(dict(row), ensure_ascii=False).encode() + b"\n")
        elif form is RowsFormat.csv:
            text = io.StringIO(newline="")
            keys = all_keys(rows) if rows else list(columns)
            writer = csv.writer(text)
            writer.writerow(keys)
            writer.writerows([cell(row.get(key)) for key in keys] for row in rows)
            stream.write(text.getvalue().encode())
        else:
            stream.write(clean_lines(_table(rows, columns)).encode())


def say_head(head: str) -> None:
    """Tells the head of the chain on stderr."""
    message(f"head {head}: write it down somewhere else")
