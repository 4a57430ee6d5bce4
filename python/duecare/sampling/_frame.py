"""Frames: every unit that can be drawn, with its stratum and its size."""

import csv
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from duecare import _core
from duecare._errors import ArgumentError
from duecare._frames import unread

_LARGEST = 2**63 - 1
_DIGITS = re.compile(r"-?[0-9]+")  # int() takes more: spaces, underscores, digits of other scripts


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a frame. ``size`` is a whole number from 0 on, or None."""

    id: str
    stratum: str = ""
    size: int | None = None


def size_of(value: object, where: str) -> int | None:
    """A size from a table: a whole number, or nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ArgumentError(f"{where}: the size {value!r} is no whole number.")
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ArgumentError(
            f"{where}: the size {value!r} is no whole number in the digits 0 to 9 alone. "
            "Scale money to its smallest coin."
        )
    # Python turns texts of more than 4,300 digits down by an error of its own.
    if isinstance(value, str) and len(value) > 100:
        raise ArgumentError(f"{where}: the size has {len(value)} digits; the largest is 2^63 - 1.")
    number = int(value)
    if not -_LARGEST <= number <= _LARGEST:
        raise ArgumentError(f"{where}: the size {number} is beyond 2^63 - 1.")
    return number


@final
class Frame:
    """All units that can be drawn, in their order. Immutable.

    Ids are unique, not empty, and taken as they stand: nothing is trimmed, folded or normalised. A duplicate,
    a negative size, an id that begins with ``#`` or has a control character is an ArgumentError.

    ``Frame(["A", "B"])``, ``Frame([{"id": "A", "stratum": "north", "size": 3}])``, ``Frame.from_csv(path)``;
    ``Frame.from_arrow(table)`` takes any data frame with ``__arrow_c_stream__`` (pandas, Polars, PyArrow).
    """

    __slots__ = ("_native",)

    def __init__(self, units: Iterable[str | Unit | Mapping[str, Any]] = ()) -> None:
        self._native = _core.Frame()
        self._native.push_rows([_row(unit, number) for number, unit in enumerate(units, 1)])
        self._native.finish()

    @classmethod
    def _of(cls, native: _core.Frame) -> "Frame":
        native.finish()
        frame = cls.__new__(cls)
        frame._native = native
        return frame

    @classmethod
    def from_csv(
        cls,
        path: str | os.PathLike[str],
        *,
        id: str = "id",  # noqa: A002
        stratum: str | None = None,
        size: str | None = None,
    ) -> "Frame":
        """A frame of the rows of a CSV file with a header (UTF-8). The names are those of its columns."""
        return cls(read_csv(path, id=id, stratum=stratum, size=size))

    @classmethod
    def from_arrow(
        cls,
        data: object,
        *,
        id: str = "id",  # noqa: A002
        stratum: str | None = None,
        size: str | None = None,
    ) -> "Frame":
        """A frame of the rows of a data frame with ``__arrow_c_stream__``, without copies through Python."""
        if not hasattr(data, "__arrow_c_stream__"):
            raise TypeError(f"{type(data).__name__} has no __arrow_c_stream__")
        native = _core.Frame()
        native.push_arrow(unread(data), id, stratum, size)
        return cls._of(native)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> "Frame":
        """Reads what ``canonical()`` gives: a line a unit, id TAB stratum TAB size."""
        units = []
        for number, line in enumerate(Path(path).read_bytes().decode("utf-8").split("\n"), 1):
            if line == "":
                continue
            if line.endswith("\r"):
                raise ArgumentError(
                    "A line of a frame ends with LF alone, and this one with CR LF. Take the file as it was "
                    "written: its digest is that of its bytes.",
                    source=str(path),
                    line=number,
                )
            fields = line.split("\t")
            if len(fields) != 3:
                raise ArgumentError(
                    "A line of a frame is id TAB stratum TAB size.", source=str(path), line=number
                )
            units.append(Unit(fields[0], fields[1], size_of(fields[2], f"{path}, line {number}")))
        return cls(units)

    @classmethod
    def merged(cls, frames: Mapping[str, "Frame"]) -> "Frame":
        """All units of several frames, with ``NAME/`` before each id and ``NAME: `` before each stratum.

        A draw from it, filtered, is the draw from each: see the contract of sampling, 1.6.
        """
        native = _core.Frame()
        for name, frame in frames.items():
            native.push_frame(frame._native, f"{name}/", f"{name}: ")
        return cls._of(native)

    @property
    def digest(self) -> str:
        """SHA-256 of ``canonical()``, hex."""
        return self._native.digest

    @property
    def order_digest(self) -> str:
        """SHA-256 of the ids in their order, each followed by LF: systematic draws depend on it."""
        return self._native.order_digest

    @property
    def strata(self) -> dict[str, int]:
        """How many units each stratum has, by name in the order of their bytes."""
        return dict(self._native.strata())

    def canonical(self) -> bytes:
        """One line a unit, sorted by the bytes of the id: what the digest is of, and what ``read`` reads."""
        return self._native.canonical()

    def units(self) -> list[Unit]:
        """The units, sorted by the bytes of their ids."""
        rows = (line.split("\t") for line in self.canonical().decode().split("\n") if line)
        return [Unit(id_, stratum, int(size) if size else None) for id_, stratum, size in rows]

    def __len__(self) -> int:
        return self._native.count

    def __repr__(self) -> str:
        return f"<duecare.sampling.Frame, {len(self)} units, {self.digest[:12]}>"


def _row(unit: str | Unit | Mapping[str, Any], number: int) -> tuple[str, str, int | None]:
    if isinstance(unit, str):
        return unit, "", None
    if isinstance(unit, Unit):
        return unit.id, unit.stratum, unit.size
    unknown = set(unit) - {"id", "stratum", "size"}
    if unknown or "id" not in unit:
        raise ArgumentError(
            f"Unit {number}: expected are the keys id, stratum and size, "
            f"given are {', '.join(map(str, unit))}."
        )
    stratum = unit.get("stratum")
    return (
        str(unit["id"]),
        "" if stratum is None else str(stratum),
        size_of(unit.get("size"), f"Unit {number}"),
    )


def read_csv(
    path: str | os.PathLike[str],
    *,
    id: str = "id",  # noqa: A002
    stratum: str | None = None,
    size: str | None = None,
) -> list[Unit]:
    """The units of a CSV file, in its order."""
    units = []
    for number, row in read_table(path, [name for name in (id, stratum, size) if name is not None]):
        units.append(
            Unit(
                row[id],
                row[stratum] if stratum is not None else "",
                size_of(row[size], f"{path}, line {number}") if size is not None else None,
            )
        )
    return units


def read_table(path: str | os.PathLike[str], columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file, each with its line. All ``columns`` have to be there."""
    rows = []
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        names = reader.fieldnames or []
        missing = [name for name in columns if name not in names]
        if missing:
            raise ArgumentError(
                f"There is no column {missing[0]!r}; there are {', '.join(names) or 'none'}.",
                source=str(path),
                line=1,
            )
        for row in reader:
            if None in row or None in row.values():
                raise ArgumentError(
                    f"The row has not as many fields as the header has ({len(names)}).",
                    source=str(path),
                    line=reader.line_num,
                )
            rows.append((reader.line_num, row))
    return rows
