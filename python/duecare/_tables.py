"""Tables in: frames and files, as Arrow, to the engine."""

import inspect
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from duecare import _core
from duecare._errors import ArgumentError, DataError
from duecare._frames import ArrowStreamExporter, need, unread
from duecare._mapping import MappingLike, mapping_json, read_mapping, tables_of
from duecare._near import did_you_mean

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
    return import_named(caseload, _by_name(frames, document), document)


def import_named(
    caseload: _core.Caseload, named: Iterable[tuple[str, Any]], document: dict[str, Any] | None
) -> ImportReport:
    """Adds tables under their names, of which several may have the same, in one import."""
    tables = _core.Tables("" if document is None else mapping_json(document))
    for name, frame in named:
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
    ".jsonocel": "ocel",
    ".ocel.json": "ocel",
}


def kind_by_name(path: str | os.PathLike[str]) -> str | None:
    """What kind of table a file is by the end of its name; None if by that it is none."""
    name = os.fsdecode(path).lower()
    return next((kind for ending, kind in KINDS.items() if name.endswith(ending)), None)


def kind_of(path: str | os.PathLike[str], options: Mapping[str, Any]) -> str:
    """What kind of file it is: as stated, else by its name."""
    if "kind" in options:
        return str(options["kind"])
    kind = kind_by_name(path)
    if kind is not None:
        return kind
    raise ArgumentError(
        f"{os.fspath(path)}: what kind of file this is cannot be told from its name. State it: "
        '"file": {"kind": "csv"}; kinds are csv, parquet, arrow, excel, sqlite, xes, ocel.'
    )


def read_table(path: str | os.PathLike[str], options: Mapping[str, Any] | None = None) -> Any:
    """A file as an Arrow table. Text stays text: nothing is guessed to be a date or a number.

    ``options`` is what a mapping has under ``file``: ``kind``; csv: ``delimiter`` (required unless ","),
    ``encoding`` (utf-8), ``quote``, ``skip_rows``; excel: ``sheet``, ``skip_rows``; sqlite: ``query``; ocel:
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


def table_name(path: str | os.PathLike[str]) -> str:
    """What a file is called as a table: its name without endings."""
    return FilePath(path).name.split(".")[0]


def file_options(mapping: Mapping[str, Any], table: str) -> dict[str, Any]:
    """What ``file`` of a mapping says of the file of a table."""
    options = dict(mapping.get("file") or {})
    of_table = options.pop("tables", {})
    names = set(filter(None, tables_of(mapping)))
    for name in of_table:
        if name not in names:
            hint = did_you_mean(name, names, f"They name {', '.join(sorted(names)) or 'none'}.")
            raise DataError(f'No section names a table "{name}". {hint}', pointer=f"/file/tables/{name}")
    return {**options, **of_table.get(table, {})}


def tables_in(paths: Sequence[str | os.PathLike[str]], mapping: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The tables of files under the names that a mapping has for them.

    A mapping for several tables finds them by the names of files without their endings, or of the sheets of
    a workbook. Any other takes all files for parts of one table. What ``file`` has under ``tables`` for a
    table replaces the rest of ``file``.
    """
    names = sorted(set(filter(None, tables_of(mapping))))
    found = []
    for path in paths:
        stem = table_name(path)
        options = file_options(mapping, stem)
        if len(names) < 2:
            name = names[0] if names else FilePath(path).name
            yield name, read_table(path, file_options(mapping, name))
        elif stem in names:
            found.append(stem)
            yield stem, read_table(path, options)
        elif kind_of(path, options) == "excel" and "sheet" not in options:
            for name in names:
                found.append(name)
                yield name, read_table(path, {"sheet": name, **file_options(mapping, name)})
        else:
            raise ArgumentError(
                f"{os.fspath(path)}: the mapping is for the tables {', '.join(names)}, and this file has the "
                "name of none of them. Call each file as its table, or give a workbook with such sheets."
            )
    missing = [name for name in names if name not in found]
    if len(names) > 1 and missing:
        raise ArgumentError(f"The mapping is also for {', '.join(missing)}, and no file has that name.")
