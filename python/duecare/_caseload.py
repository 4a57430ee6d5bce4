"""Caseloads: case histories and staff from files, streams and documents at hand."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, final

from duecare import _core
from duecare._errors import ArgumentError
from duecare._mapping import MappingLike, read_mapping
from duecare._tables import Frames, ImportReport, import_named, import_tables, kind_by_name, tables_in
from duecare._types import Reject, UnknownKey

# Between two slices Python looks at signals, so this bounds how long Ctrl-C has to wait.
_SLICE = 1 << 20

Path = str | os.PathLike[str]
Document = str | bytes | Mapping[str, Any]


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _to_name(path: Path) -> bytes:
    """File names that are no text are shown with U+FFFD; the file itself is opened by its own bytes."""
    return os.fsencode(path).decode("utf-8", "replace").encode()


def _to_line(document: Document, number: int) -> bytes:
    if isinstance(document, Mapping):
        try:
            return json.dumps(document, allow_nan=False).encode()
        except (TypeError, ValueError, RecursionError) as error:
            message = f"Document {number} cannot be written as JSON: {error}"
            raise ArgumentError(message, source="documents", line=number) from error
    if isinstance(document, str):
        document = document.encode("utf-8", "surrogatepass")
    if not isinstance(document, bytes):
        raise TypeError(f"document {number} must be a dict or JSON text, not {type(document).__name__}")
    # One document stays one line. A tab stands where a line end may stand in JSON, and nowhere else.
    return document.replace(b"\r", b"\t").replace(b"\n", b"\t")


@final
class Caseload:
    """Case histories and staff read from any number of sources.

    A document that cannot be taken is kept as a reject, with its line, JSON pointer and reason, and the rest
    goes on; with ``strict`` the first one raises DataError, and so does a key that is not known. Limits of 0
    are those of the format: 64 MiB a document, 1 MiB a string, nesting 32, 1,000,000 events a case.

    Reading is for one thread at a time; audits may share a caseload. While a result refers to it nothing can
    be added (StateError).
    """

    __slots__ = ("_imports", "_native")

    def __init__(
        self,
        *,
        strict: bool = False,
        max_document_bytes: int = 0,
        max_string_bytes: int = 0,
        max_nesting: int = 0,
        max_events_per_case: int = 0,
    ) -> None:
        self._imports: list[ImportReport] = []
        self._native = _core.Caseload(
            strict=strict,
            max_document_bytes=max_document_bytes,
            max_string_bytes=max_string_bytes,
            max_nesting=max_nesting,
            max_events_per_case=max_events_per_case,
        )

    @classmethod
    def load(cls, *paths: Path, strict: bool = False, **limits: int) -> "Caseload":
        """Reads files: JSON Lines, one document or one array of documents; plain, gzip or zstd.

        A table (CSV, Excel, ...) raises ArgumentError: from_file reads it, by a mapping.
        """
        if not paths:
            raise ArgumentError("Caseload.load needs at least one path.")
        self = cls(strict=strict, **limits)
        for path in paths:
            self.read_file(path)
        return self

    @classmethod
    def from_documents(
        cls, documents: Iterable[Document], *, strict: bool = False, name: str = "documents", **limits: int
    ) -> "Caseload":
        """Takes dicts or JSON texts, one document each. Rejects count them from 1, as lines of ``name``."""
        if isinstance(documents, (str, bytes, Mapping)):
            raise TypeError("documents must be an iterable of documents, not one document")
        self = cls(strict=strict, **limits)
        self._native.begin(name.encode("utf-8", "replace"))
        pending = bytearray()
        for number, document in enumerate(documents, 1):
            pending += _to_line(document, number) + b"\n"
            if len(pending) >= _SLICE:
                self._native.push(bytes(pending))
                pending.clear()
        self._native.push(bytes(pending))
        self._native.finish()
        return self

    @classmethod
    def from_events(
        cls, frames: Frames, mapping: MappingLike | None = None, *, strict: bool = False, **limits: int
    ) -> "Caseload":
        """Takes a table of events, a row an event, from pandas, polars, pyarrow, DuckDB or any Arrow stream.

        Parameters
        ----------
        frames
            A frame, or a dict of frames by the names of their tables.
        mapping
            Which columns are what: a dict, or the path of a ``duecare.mapping/1`` in YAML or JSON. Without it
            the tables are called ``events``, ``cases``, ``persons`` and ``staff``, and their columns as the
            fields of the format (``case_id``, ``type``, ``occurred_at``, ...); others are attributes.
        """
        self = cls(strict=strict, **limits)
        self.add_tables(frames, mapping)
        return self

    @classmethod
    def from_file(
        cls, path: Path, mapping: MappingLike, *, strict: bool = False, **limits: int
    ) -> "Caseload":
        """Reads a host's file (CSV, Parquet, Arrow, Excel, SQLite, XES or OCEL) as its mapping says."""
        self = cls(strict=strict, **limits)
        self.read_table(path, mapping)
        return self

    def add_tables(self, frames: Frames, mapping: MappingLike | None = None) -> ImportReport:
        """Adds frames, as from_events does; what it came past beside rejects is also in ``imports``."""
        report = import_tables(self._native, frames, mapping)
        self._imports.append(report)
        return report

    def read_table(self, path: Path, mapping: MappingLike) -> ImportReport:
        """Adds a host's file, as from_file does."""
        return self.read_tables([path], mapping)

    def read_tables(self, paths: Sequence[Path], mapping: MappingLike) -> ImportReport:
        """Adds a host's files in one import: parts of one table, or a table each.

        A mapping whose sections name several tables (``table``) finds them by the names of the files without
        their endings, or of the sheets of a workbook. An event of a case may stand in any of them.
        """
        document = read_mapping(mapping)
        named = tables_in([os.fspath(path) for path in paths], document)
        report = import_named(self._native, named, document)
        self._imports.append(report)
        return report

    @property
    def imports(self) -> tuple[ImportReport, ...]:
        """What each import of tables came past: codes that are not mapped, columns that nothing names."""
        return tuple(self._imports)

    def read_file(self, path: Path, *, progress: Callable[[int], object] | None = None) -> None:
        """Adds a file; ``progress`` is told of bytes as they are read. Raises OSError.

        A file whose name ends as that of a table (``.csv``, ``.xlsx``, ...) raises ArgumentError: it is
        from_file that reads it. Documents under such a name are for read_stream.
        """
        if kind_by_name(path) is not None:  # as JSON each of its lines would be a reject that helps nobody
            raise ArgumentError(
                f"{_to_name(path).decode()} is a table; state what its columns are: "
                "Caseload.from_file(path, mapping). duecare.inspect(path) proposes a mapping."
            )
        with open(path, "rb", buffering=0) as file:
            self._read(file, _to_name(path), progress)

    def read_stream(
        self, stream: _Readable, *, name: str = "<stream>", progress: Callable[[int], object] | None = None
    ) -> None:
        """Adds what a binary file object gives, in slices."""
        self._read(stream, name.encode("utf-8", "replace"), progress)

    def read_bytes(self, data: bytes | bytearray | memoryview, *, name: str = "<bytes>") -> None:
        """Adds a source at hand, in any form that a file may have. The buffer is not copied."""
        self._native.begin(name.encode("utf-8", "replace"))
        view = memoryview(data).cast("B")
        for start in range(0, len(view), _SLICE):
            self._native.push(view[start : start + _SLICE])
        self._native.finish()

    def _read(self, stream: _Readable, name: bytes, progress: Callable[[int], object] | None) -> None:
        self._native.begin(name)
        # A buffered reader fills the whole slice in one go, and sees no Ctrl-C while it waits for the rest.
        read = getattr(stream, "read1", stream.read)
        while chunk := read(_SLICE):
            self._native.push(chunk)
            if progress is not None:
                progress(len(chunk))
        self._native.finish()

    @property
    def case_count(self) -> int:
        return self._native.case_count

    @property
    def event_count(self) -> int:
        return self._native.event_count

    @property
    def staff_document_count(self) -> int:
        return self._native.staff_document_count

    @property
    def byte_count(self) -> int:
        """Bytes read, as they came."""
        return self._native.byte_count

    @property
    def memory(self) -> int:
        """Bytes of memory that the histories hold."""
        return self._native.memory

    @property
    def case_ids(self) -> tuple[str, ...]:
        """In caseload order."""
        return tuple(self._native.case_id(index) for index in range(self._native.case_count))

    def document(self, index: int) -> dict[str, Any]:
        """A case, by index in caseload order, as ``duecare.case/1``. A new dict at each call.

        Every event that was taken is there, also those that others replace; events without an id have their
        place as one (``#3``), and keys that are not known were not kept. IndexError past the end.
        """
        if not 0 <= index < self._native.case_count:
            raise IndexError(f"there are {self._native.case_count} cases")
        return dict(json.loads(self._native.case_json(index)))

    def unit(self, index: int) -> str | None:
        """The attribute ``unit`` of a case, by index in caseload order; None unless it is text."""
        unit = (self.document(index).get("attributes") or {}).get("unit")
        return unit if isinstance(unit, str) and unit else None

    @property
    def rejects(self) -> tuple[Reject, ...]:
        """What was not taken, in the order of the input."""
        return tuple(Reject(*fields) for fields in self._native.rejects())

    @property
    def unknown_keys(self) -> tuple[UnknownKey, ...]:
        """Keys that are not known and were not read, once each."""
        return tuple(UnknownKey(*fields) for fields in self._native.unknown_keys())

    def __len__(self) -> int:
        return self._native.case_count

    def __bool__(self) -> bool:
        # A caseload without cases is still a caseload.
        return True

    def __repr__(self) -> str:
        return f"<duecare.Caseload of {self.case_count} cases, {self._native.reject_count} rejects>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a caseload cannot be pickled; load it where it is needed")
