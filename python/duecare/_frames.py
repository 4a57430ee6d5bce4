"""Findings and other tables of a result, for data frames. Nothing here makes Python objects of rows."""

import os
from collections.abc import Iterator
from typing import Any, Protocol, final

from duecare import _core
from duecare._errors import ArgumentError, UnsupportedError


class ArrowStreamExporter(Protocol):
    """Anything that gives an Arrow C stream: a frame of pandas, polars, pyarrow or DuckDB, and others."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


def need(module: str, what: str) -> Any:
    """Imports an optional package, or says how to get it."""
    import importlib

    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != module.split(".")[0]:
            raise
        package = {"yaml": "pyyaml"}.get(module.split(".")[0], module.split(".")[0])
        raise UnsupportedError(f"{what} needs the package {package}: pip install {package}") from error


def unread(frame: Any) -> Any:
    """A frame, or a reader whose first batch has been seen to be there.

    A reader gives its rows once. One that is used up gives none, which would look like a table without rows.
    """
    if not hasattr(frame, "read_next_batch"):
        return frame
    pyarrow = need("pyarrow", "Reading from a RecordBatchReader")
    failure: Exception | None = None
    first = None
    try:
        first = frame.read_next_batch()
    except StopIteration:
        raise ArgumentError(
            "The reader gives no batch: it has been read before, or it never had one. A reader gives its "
            "rows once; make a new one, or pass a table (reader.read_all()), which can be read again and "
            "be empty."
        ) from None
    except Exception as error:
        failure = error  # told where the stream is read, as that of a later batch

    def batches() -> Iterator[Any]:
        if failure is not None:
            raise failure
        yield first
        while True:
            try:
                yield frame.read_next_batch()
            except StopIteration:
                return

    return pyarrow.RecordBatchReader.from_batches(frame.schema, batches())


@final
class Table:
    """A table of a result: columns with documented names, types and order; made when it is asked for.

    Every export makes its batches anew. It keeps the result alive.
    """

    __slots__ = ("_explanations", "_kind", "_native")

    def __init__(self, core: _core.Result, kind: int, *, explanations: bool = False) -> None:
        self._native = core
        self._kind = kind
        self._explanations = explanations

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The Arrow PyCapsule interface. The schema is always the table's own."""
        return _core.export_table(self._native, self._kind, self._explanations)

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table``."""
        return need("pyarrow", "to_arrow()").table(self)

    def to_pandas(self, **options: Any) -> Any:
        """A ``pandas.DataFrame``; options are those of ``pyarrow.Table.to_pandas``.

        Columns of lists become Python objects, which takes several times the memory of the columns;
        ``types_mapper=pandas.ArrowDtype`` leaves all columns as they are and makes none.
        """
        need("pandas", "to_pandas()")
        return self.to_arrow().to_pandas(**options)

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``."""
        return need("polars", "to_polars()").DataFrame(self)

    def to_parquet(self, path: str | os.PathLike[str], **options: Any) -> None:
        """Writes a Parquet file, batch by batch; options are those of ``pyarrow.parquet.ParquetWriter``."""
        parquet = need("pyarrow.parquet", "to_parquet()")
        reader = need("pyarrow", "to_parquet()").RecordBatchReader.from_stream(self)
        with parquet.ParquetWriter(os.fspath(path), reader.schema, **options) as writer:
            for batch in reader:
                writer.write_batch(batch)
