"""Files of host systems as Arrow tables. Nothing is guessed: text is text until a mapping says otherwise."""

import contextlib
import csv
import gzip
import json
import re
import sqlite3
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from duecare._errors import ArgumentError, DataError
from duecare._frames import need

_ROWS = 65_536


def _need_own_names(names: Sequence[str], path: str, line: int = 0) -> None:
    """A table has one column of a name; of two, one would be lost without a word."""
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise DataError(
            f'Two columns are called "{twice[0]}". Each needs a name of its own.', source=path, line=line
        )


def _need_even_rows(path: str, delimiter: str, encoding: str, quote: str, skip_rows: int) -> None:
    """Tells a row that is cut otherwise by its line, never by what is in it. For what Arrow cannot read.

    Arrow would call a handler for such rows. Its threads may still hold that when Python ends, which aborts
    the process.
    """
    form: dict[str, Any] = {"delimiter": delimiter}
    form |= {"quotechar": quote} if quote else {"quoting": csv.QUOTE_NONE}
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding=encoding, newline="") as file:
        for _ in range(skip_rows):
            file.readline()
        rows = csv.reader(file, **form)
        names = next(rows, [])
        for row in rows:
            if row and len(row) != len(names):
                raise DataError(
                    f"The row that ends here has {len(row)} columns, and there are {len(names)} names. A "
                    "value that contains the delimiter or a line break has to stand in quotes.",
                    source=path,
                    line=skip_rows + rows.line_num,
                )


def read_csv(
    path: str, *, delimiter: str = ",", encoding: str = "utf-8", quote: str = '"', skip_rows: int = 0
) -> Any:
    """Every column is text. A row with another number of columns is an error, with its number."""
    arrow_csv = need("pyarrow.csv", "Reading CSV")
    pyarrow = need("pyarrow", "Reading CSV")
    for name, text in (("delimiter", delimiter), ("quote", quote)):
        if len(text) > 1 or text in {"\r", "\n"} or (name == "delimiter" and not text):
            raise ArgumentError(f"{path}: {name} is {text!r}; it is one character.")
    parse = arrow_csv.ParseOptions(delimiter=delimiter, quote_char=quote or False, newlines_in_values=True)
    read = arrow_csv.ReadOptions(encoding=encoding, skip_rows=skip_rows)
    try:
        with arrow_csv.open_csv(path, read_options=read, parse_options=parse) as probe:
            names = probe.schema.names
        _need_own_names(names, path, skip_rows + 1)
        convert = arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pyarrow.string()), strings_can_be_null=False, check_utf8=True
        )
        return arrow_csv.read_csv(path, read_options=read, parse_options=parse, convert_options=convert)
    except (pyarrow.ArrowInvalid, UnicodeDecodeError, LookupError) as error:
        with contextlib.suppress(UnicodeDecodeError, LookupError, csv.Error, OSError):
            _need_even_rows(path, delimiter, encoding, quote, skip_rows)
        said = re.sub(r"(, got \d+):.*", r"\1", str(error), flags=re.DOTALL)  # the row itself follows
        raise DataError(f"The file is no CSV in this form: {said}", source=path) from None
    except OSError as error:
        if error.errno is not None:
            raise
        raise DataError(f"The file cannot be unpacked: {error}", source=path) from error


def read_parquet(path: str) -> Any:
    pyarrow = need("pyarrow", "Reading Parquet")
    try:
        return need("pyarrow.parquet", "Reading Parquet").read_table(path)
    except pyarrow.ArrowInvalid as error:
        raise DataError(f"The file is no Parquet: {error}", source=path) from error


def read_arrow(path: str) -> Any:
    pyarrow = need("pyarrow", "Reading Arrow")
    try:
        return need("pyarrow.feather", "Reading Arrow").read_table(path)
    except pyarrow.ArrowInvalid as error:
        raise DataError(f"The file is no Arrow file: {error}", source=path) from error


def read_excel(path: str, *, sheet: str | int = 0, skip_rows: int = 0) -> Any:
    """The cells as they are stored: dates are dates, whatever they look like on the screen.

    The first row after those that are skipped has the names. A column without values needs none.
    """
    openpyxl = need("openpyxl", "Reading Excel")
    pyarrow = need("pyarrow", "Reading Excel")
    # By its content: of a name that it does not know, openpyxl opens nothing.
    with open(path, "rb") as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        except (zipfile.BadZipFile, KeyError, ValueError) as error:
            raise DataError(f"The file is no Excel workbook (.xlsx): {error}", source=path) from error
        names, columns = _cells(_sheet(book, sheet, path), skip_rows)
    names += [None] * (len(columns) - len(names))
    for place, (name, values) in enumerate(zip(names, columns, strict=True), start=1):
        if name is None and any(value is not None for value in values):
            letter = openpyxl.utils.get_column_letter(place)
            raise DataError(
                f"The column {letter} has values and no name. Write one into the row of names, or say how "
                "many rows stand above it (skip_rows).",
                source=path,
                line=skip_rows + 1,
            )
    named = [(name, values) for name, values in zip(names, columns, strict=True) if name is not None]
    _need_own_names([name for name, _ in named], path, skip_rows + 1)
    return pyarrow.table({name: _column(pyarrow, name, values, path) for name, values in named})


def _cells(sheet: Any, skip_rows: int) -> tuple[list[str | None], list[list[Any]]]:
    """The names in the first row, and what stands below them; rows without any value are left out."""
    rows = sheet.iter_rows(min_row=skip_rows + 1, values_only=True)
    names = [None if name is None else str(name) for name in next(rows, ())]
    columns: list[list[Any]] = [[] for _ in names]
    count = 0
    for row in rows:
        if any(value is not None for value in row):
            columns += [[None] * count for _ in row[len(columns) :]]
            for place, column in enumerate(columns):
                column.append(row[place] if place < len(row) else None)
            count += 1
    return names, columns


def _sheet(book: Any, sheet: str | int, path: str) -> Any:
    if isinstance(sheet, str):
        if sheet in book.sheetnames:
            return book[sheet]
        raise ArgumentError(f'{path}: there is no sheet "{sheet}"; there are {", ".join(book.sheetnames)}.')
    if 0 <= sheet < len(book.worksheets):
        return book.worksheets[sheet]
    raise ArgumentError(
        f"{path}: there is no sheet {sheet}; they are counted from 0, and there are {len(book.worksheets)}: "
        f"{', '.join(book.sheetnames)}."
    )


def _column(pyarrow: Any, name: str, values: list[Any], path: str) -> Any:
    kinds = {type(value) for value in values if value is not None}
    if str in kinds and len(kinds) > 1:  # a number among texts is the text of it
        values = [None if value is None else str(value) for value in values]
    try:
        return pyarrow.array(values)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError) as error:
        raise DataError(f'The column "{name}" has values of several types: {error}', source=path) from error


def read_sqlite(path: str, *, query: str) -> Any:
    """Runs one query on a database that is opened read-only."""
    pyarrow = need("pyarrow", "Reading SQLite")
    if not Path(path).is_file():
        raise FileNotFoundError(2, "No such file", path)
    connection = sqlite3.connect(f"file:{quote(str(Path(path).absolute()))}?mode=ro", uri=True)
    try:
        cursor = connection.execute(query)
        if cursor.description is None:
            raise ArgumentError(f"{path}: the query gives no rows.")
        names = [column[0] for column in cursor.description]
        _need_own_names(names, path)
        batches: list[list[list[Any]]] = []
        while rows := cursor.fetchmany(_ROWS):
            batches.append([list(column) for column in zip(*rows, strict=True)])
    except sqlite3.Error as error:
        raise DataError(f"The query failed: {error}", source=path) from error
    finally:
        connection.close()
    joined = [[value for batch in batches for value in batch[i]] for i in range(len(names))]
    arrays = [_column(pyarrow, name, values, path) for name, values in zip(names, joined, strict=True)]
    return pyarrow.table(dict(zip(names, arrays, strict=True)))


# ---- Event logs --------------------------------------------------------------------------------------------

_XES: dict[str, Callable[[str], Any]] = {
    "string": str,
    "id": str,
    "date": str,
    "int": int,
    "float": float,
    "boolean": lambda text: text == "true",
}


def _open(path: str) -> Any:
    return gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")


def _traces(path: str) -> Iterator[Any]:
    with _open(path) as file:
        try:
            for _, element in ElementTree.iterparse(file):  # noqa: S314
                if element.tag.rpartition("}")[2] == "trace":
                    yield element
                    element.clear()
        except ElementTree.ParseError as error:
            raise DataError(f"The file is no XES: {error}", source=path) from error
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise DataError(f"The file cannot be unpacked: {error}", source=path) from error


def _attributes(element: Any, prefix: str, into: dict[str, Any]) -> None:
    for child in element:
        kind = child.tag.rpartition("}")[2]
        if kind in _XES and child.get("key") is not None and child.get("value") is not None:
            try:
                into[prefix + child.get("key")] = _XES[kind](child.get("value"))
            except ValueError:  # never with the value: it is of a case
                raise DataError(
                    f'A value of the attribute "{child.get("key")}" is no {kind}, as it says that it is.'
                ) from None


def _rows_of(trace: Any) -> list[dict[str, Any]]:
    of_case: dict[str, Any] = {}
    _attributes(trace, "case:", of_case)
    rows = []
    for event in trace:
        if event.tag.rpartition("}")[2] == "event":
            rows.append(dict(of_case))
            _attributes(event, "", rows[-1])
    return rows


def read_xes(path: str) -> Any:
    """A row an event; columns of a trace are called ``case:`` and the key, as process miners do."""
    pyarrow = need("pyarrow", "Reading XES")
    columns: dict[str, list[Any]] = {}
    count = 0
    for number, trace in enumerate(_traces(path), start=1):
        try:
            rows = _rows_of(trace)
        except DataError as error:
            raise DataError(f"Trace {number}: {error.message}", source=path) from None
        for row in rows:
            for name, value in row.items():
                column = columns.setdefault(name, [])
                column.extend([None] * (count - len(column)))
                column.append(value)
            count += 1
    for column in columns.values():
        column.extend([None] * (count - len(column)))
    return pyarrow.table({name: _column(pyarrow, name, values, path) for name, values in columns.items()})


def read_ocel(path: str, *, object_type: str | None = None) -> Any:
    """OCEL 2.0 JSON: a row for each event and object of that type that it is related to.

    Columns: ``id``, ``type``, ``time``, ``object``, ``object_type``, ``qualifier`` and the attributes of the
    event. Where events are related to objects of several types, it has to be said which are the cases.
    """
    pyarrow = need("pyarrow", "Reading OCEL")
    try:
        log = json.loads(Path(path).read_bytes())
        kinds = {each["id"]: each["type"] for each in log["objects"]}
        rows = []
        for event in log["events"]:
            base = {"id": event["id"], "type": event["type"], "time": event["time"]}
            base |= {each["name"]: each["value"] for each in event.get("attributes", [])}
            related = event.get("relationships", [])
            for one in related:
                of = one["objectId"]
                rows.append(
                    base | {"object": of, "object_type": kinds[of], "qualifier": one.get("qualifier")}
                )
            if not related:  # of no case: for the engine to reject, with its place
                rows.append(base | {"object": None, "object_type": None, "qualifier": None})
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"The file is no OCEL 2.0 JSON: {error!r}", source=path) from error
    rows = _of_type(rows, object_type, path)
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pyarrow.table(
        {name: _column(pyarrow, name, [row.get(name) for row in rows], path) for name in names}
    )


def _of_type(rows: list[dict[str, Any]], wanted: str | None, path: str) -> list[dict[str, Any]]:
    counts = Counter(row["object_type"] for row in rows if row["object_type"] is not None)
    said = ", ".join(f'"{kind}" ({count} events)' for kind, count in counts.most_common())
    if wanted is None and len(counts) > 1:
        raise ArgumentError(
            f"{path}: events are related to objects of several types: {said}. Say which are the cases: "
            '"file": {"kind": "ocel", "object_type": "..."}.'
        )
    if wanted is not None and wanted not in counts:
        raise ArgumentError(f'{path}: no event is related to an object of type "{wanted}"; there are {said}.')
    return rows if wanted is None else [row for row in rows if row["object_type"] in (wanted, None)]
