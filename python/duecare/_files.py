"""Files of host systems as Arrow tables. Nothing is guessed: text is text until a mapping says otherwise."""

import gzip
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from duecare._errors import ArgumentError, DataError
from duecare._frames import need

_ROWS = 65_536


def read_csv(
    path: str, *, delimiter: str = ",", encoding: str = "utf-8", quote: str = '"', skip_rows: int = 0
) -> Any:
    """Every column is text. A row with another number of columns is an error, with its number."""
    csv = need("pyarrow.csv", "Reading CSV")
    pyarrow = need("pyarrow", "Reading CSV")
    parse = csv.ParseOptions(delimiter=delimiter, quote_char=quote or False, newlines_in_values=True)
    read = csv.ReadOptions(encoding=encoding, skip_rows=skip_rows)
    try:
        with csv.open_csv(path, read_options=read, parse_options=parse) as probe:
            names = probe.schema.names
        if len(set(names)) != len(names):
            raise DataError("Two columns have the same name.", source=path, line=skip_rows + 1)
        convert = csv.ConvertOptions(
            column_types=dict.fromkeys(names, pyarrow.string()), strings_can_be_null=False, check_utf8=True
        )
        return csv.read_csv(path, read_options=read, parse_options=parse, convert_options=convert)
    except (pyarrow.ArrowInvalid, UnicodeDecodeError, LookupError) as error:
        raise DataError(f"The file is no CSV in this form: {error}", source=path) from error


def read_parquet(path: str) -> Any:
    pyarrow = need("pyarrow", "Reading Parquet")
    try:
        return need("pyarrow.parquet", "Reading Parquet").read_table(path)
    except pyarrow.ArrowInvalid as error:
        raise DataError(f"The file is no Parquet: {error}", source=path) from error


def read_arrow(path: str) -> Any:
    return need("pyarrow.feather", "Reading Arrow").read_table(path)


def read_excel(path: str, *, sheet: str | int = 0) -> Any:
    """The cells as they are stored: dates are dates, whatever they look like on the screen."""
    openpyxl = need("openpyxl", "Reading Excel")
    pyarrow = need("pyarrow", "Reading Excel")
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        if isinstance(sheet, str) and sheet not in book.sheetnames:
            raise ArgumentError(
                f'{path}: there is no sheet "{sheet}"; there are {", ".join(book.sheetnames)}.'
            )
        rows = (book[sheet] if isinstance(sheet, str) else book.worksheets[sheet]).iter_rows(values_only=True)
        names = [str(name) for name in next(rows, ()) if name is not None]
        columns: list[list[Any]] = [[] for _ in names]
        for row in rows:
            if any(value is not None for value in row):
                for column, value in zip(columns, row, strict=False):
                    column.append(value)
    finally:
        book.close()
    arrays = [_column(pyarrow, name, values, path) for name, values in zip(names, columns, strict=True)]
    return pyarrow.table(dict(zip(names, arrays, strict=True)))


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


def _attributes(element: Any, prefix: str, into: dict[str, Any]) -> None:
    for child in element:
        kind = child.tag.rpartition("}")[2]
        if kind in _XES and child.get("key") is not None and child.get("value") is not None:
            into[prefix + child.get("key")] = _XES[kind](child.get("value"))


def read_xes(path: str) -> Any:
    """A row an event; columns of a trace are called ``case:`` and the key, as process miners do."""
    pyarrow = need("pyarrow", "Reading XES")
    columns: dict[str, list[Any]] = {}
    count = 0
    for trace in _traces(path):
        of_case: dict[str, Any] = {}
        _attributes(trace, "case:", of_case)
        for event in trace:
            if event.tag.rpartition("}")[2] != "event":
                continue
            row = dict(of_case)
            _attributes(event, "", row)
            for name, value in row.items():
                column = columns.setdefault(name, [])
                column.extend([None] * (count - len(column)))
                column.append(value)
            count += 1
    for column in columns.values():
        column.extend([None] * (count - len(column)))
    return pyarrow.table({name: _column(pyarrow, name, values, path) for name, values in columns.items()})


def read_ocel(path: str) -> Any:
    """OCEL 2.0 JSON: a row for each event and object that it is related to.

    Columns: ``id``, ``type``, ``time``, ``object``, ``object_type``, ``qualifier`` and the attributes of the
    event. The mapping says which object type the cases are, by a table filtered beforehand or ``unmapped``.
    """
    pyarrow = need("pyarrow", "Reading OCEL")
    try:
        log = json.loads(Path(path).read_bytes())
        kinds = {each["id"]: each["type"] for each in log["objects"]}
        rows = []
        for event in log["events"]:
            base = {"id": event["id"], "type": event["type"], "time": event["time"]}
            base |= {each["name"]: each["value"] for each in event.get("attributes", [])}
            for related in event.get("relationships", []):
                of = related["objectId"]
                rows.append(
                    base | {"object": of, "object_type": kinds[of], "qualifier": related.get("qualifier")}
                )
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"The file is no OCEL 2.0 JSON: {error!r}", source=path) from error
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pyarrow.table(
        {name: _column(pyarrow, name, [row.get(name) for row in rows], path) for name in names}
    )
