"""Tables in: frames and files, as Arrow, to the engine."""

import inspect
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from duecare import _core
from duecare._errors import ArgumentError
from duecare._frames import ArrowStreamExporter, need, unread
from duecare._mapping import MappingLike, mapping_json, read_mapping, tables_of

Frames = ArrowStreamExporter | Mapping[str, ArrowStreamExporter]


@dataclass(frozen=True, slots=True)
class UnmappedCode:
    """A code that ``values`` of the mapping does not have."""

    column: str
    code: str
    count: int

    def __str__(self) -> str:
        times = "once" if self.count == 1 else f"{self.count} times"
        return f'The code "{self.code}" of the column "{self.column}" comes {times} and is not mapped.'


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came past, beside the rejects."""

    rows: int
    dropped_rows: int
    """Because the mapping says ``unmapped: drop``."""
    unmapped: tuple[UnmappedCode, ...]
    unused_columns: tuple[tuple[str, str], ...]
    """(table, column) that no section names."""


def stream_of(frame: Any) -> Any:
    """The Arrow C stream of a frame."""
    export = getattr(frame, "__arrow_c_stream__", None)
    if export is None and hasattr(frame, "to_arrow_table"):  # a DuckDB relation
        frame = frame.to_arrow_table()
        export = frame.__arrow_c_stream__
    elif export is None and hasattr(frame, "collect"):  # a lazy frame of polars
        export = getattr(frame.collect(), "__arrow_c_stream__", None)
    if export is None:
        raise TypeError(
            f"{type(frame).__name__} gives no Arrow stream: a frame of pandas, polars, pyarrow or DuckDB, or "
            "anything with __arrow_c_stream__, was expected"
        )
    return unread(frame).__arrow_c_stream__() if hasattr(frame, "read_next_batch") else export()


def _by_name(frames: Any, mapping: dict[str, Any] | None) -> Iterator[tuple[str, Any]]:
    if isinstance(frames, Mapping):
        yield from frames.items()
    elif mapping is None:
        yield "events", frames
    else:
        names = sorted(set(filter(None, tables_of(mapping))))
        if len(names) > 1:
            raise ArgumentError(
                f"The mapping is for several tables ({', '.join(names)}); pass a dict of frames by name."
            )
        yield (names[0] if names else "table"), frames


def import_tables(caseload: _core.Caseload, frames: Any, mapping: MappingLike | None) -> ImportReport:
    """Adds frames to a caseload."""
    document = None if mapping is None else read_mapping(mapping)
    tables = _core.Tables("" if document is None else mapping_json(document))
    for name, frame in _by_name(frames, document):
        tables.add(name, stream_of(frame))
    _core.add_tables(caseload, tables)
    told = json.loads(tables.report())
    return ImportReport(
        rows=told["rows"],
        dropped_rows=told["dropped_rows"],
        unmapped=tuple(UnmappedCode(**code) for code in told["unmapped"]),
        unused_columns=tuple((column["table"], column["column"]) for column in told["unused_columns"]),
    )


# ---- Files -------------------------------------------------------------------------------------------------

KINDS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".xlsx": "excel",
    ".xes": "xes",
    ".xes.gz": "xes",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".sqlite": "sqlite",
    ".db": "sqlite",
    ".csv.gz": "csv",
}


def kind_of(path: str | os.PathLike[str], options: Mapping[str, Any]) -> str:
    """What kind of file it is: as stated, else by its name."""
    if "kind" in options:
        return str(options["kind"])
    name = os.fspath(path).lower()
    for ending in sorted(KINDS, key=len, reverse=True):
        if name.endswith(ending):
            return KINDS[ending]
    if name.endswith((".jsonocel", ".ocel.json")):
        return "ocel"
    raise ArgumentError(
        f"{os.fspath(path)}: what kind of file this is cannot be told from its name. State it: "
        '"file": {"kind": "csv"}; kinds are csv, parquet, arrow, excel, sqlite, xes, ocel.'
    )


def read_table(path: str | os.PathLike[str], options: Mapping[str, Any] | None = None) -> Any:
    """A file as an Arrow table. Text stays text: nothing is guessed to be a date or a number.

    ``options`` is what a mapping has under ``file``: ``kind``; csv: ``delimiter`` (required unless ","),
    ``encoding`` (utf-8), ``quote``, ``skip_rows``; excel: ``sheet``; sqlite: ``query``; ocel:
    ``object_type``.
    """
    from duecare import _files

    given = dict(options or {})
    kind = kind_of(path, given)
    given.pop("kind", None)
    readers: dict[str, Callable[..., Any]] = {
        "csv": _files.read_csv,
        "parquet": _files.read_parquet,
        "arrow": _files.read_arrow,
        "excel": _files.read_excel,
        "sqlite": _files.read_sqlite,
        "xes": _files.read_xes,
        "ocel": _files.read_ocel,
    }
    if kind not in readers:
        raise ArgumentError(f'"{kind}" is no kind of file that is read; there are {", ".join(readers)}.')
    need("pyarrow", "Reading tables from files")
    known = [name for name in inspect.signature(readers[kind]).parameters if name != "path"]
    for name in given:
        if name not in known:
            there = f"it has {', '.join(known)}" if known else "it has none"
            raise ArgumentError(f'{os.fspath(path)}: "{name}" is no option of a {kind} file; {there}.')
    if kind == "sqlite" and "query" not in given:
        raise ArgumentError(
            f"{os.fspath(path)}: a query has to say which rows of the database are read: "
            '"file": {"kind": "sqlite", "query": "..."}.'
        )
    try:
        return readers[kind](os.fspath(path), **given)
    except TypeError as error:  # an option of another type
        raise ArgumentError(f"{os.fspath(path)}: the options of a {kind} file are wrong: {error}") from None
