"""Findings of a result as a lazy sequence, and the counts of its obligations."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, final, overload

from duecare import _core
from duecare._core import Finding
from duecare._frames import Table
from duecare._types import SEVERITIES, VERDICTS, Duty, Severity, Verdict

# Findings made at a time while iterating: enough to pay for the call, little enough to stay in cache.
_BATCH = 256


@final
class Findings(Sequence[Finding]):
    """The findings of a result in the contract's order, each made when it is asked for.

    Keeps the result alive.
    """

    __slots__ = ("_length", "_native")

    def __init__(self, core: _core.Result) -> None:
        self._native = core
        self._length = core.finding_count

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> list[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | list[Finding]:
        if isinstance(index, slice):
            start, stop, step = index.indices(self._length)
            if step == 1:
                return self._native.findings(start, max(0, stop - start))
            return [self[i] for i in range(start, stop, step)]
        if index < 0:
            index += self._length
        if not 0 <= index < self._length:
            raise IndexError(f"there are {self._length} findings")
        return self._native.findings(index, 1)[0]

    def __iter__(self) -> Iterator[Finding]:
        for start in range(0, self._length, _BATCH):
            yield from self._native.findings(start, min(_BATCH, self._length - start))

    def to_dicts(self) -> list[dict[str, Any]]:
        """Exactly the contract's fields of each; instants as text."""
        return [finding.to_dict() for finding in self]

    def json_lines(self) -> Iterator[bytes]:
        """The findings as JSON Lines, UTF-8, some at a time; joined they are the whole text."""
        for start in range(0, self._length, _BATCH):
            yield self._native.json_lines(start, min(_BATCH, self._length - start))

    def table(self, *, explanations: bool = True) -> Table:
        """The findings as columns; without explanations it takes a fraction of the time."""
        return Table(self._native, _core.TABLE_FINDINGS, explanations=explanations)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.table().__arrow_c_stream__(requested_schema)

    def to_arrow(self, *, explanations: bool = True) -> Any:
        """A ``pyarrow.Table``: the contract's fields in their order, instants as timestamps in UTC."""
        return self.table(explanations=explanations).to_arrow()

    def to_pandas(self, *, explanations: bool = True, **options: Any) -> Any:
        """A ``pandas.DataFrame``; options are those of ``pyarrow.Table.to_pandas``."""
        return self.table(explanations=explanations).to_pandas(**options)

    def to_polars(self, *, explanations: bool = True) -> Any:
        """A ``polars.DataFrame``."""
        return self.table(explanations=explanations).to_polars()

    def to_parquet(self, path: str | os.PathLike[str], *, explanations: bool = True, **options: Any) -> None:
        """Writes a Parquet file, batch by batch."""
        self.table(explanations=explanations).to_parquet(path, **options)

    def __repr__(self) -> str:
        return f"<duecare.Findings, {self._length}>"


def _frozen(counts: Mapping[Verdict, int]) -> Mapping[Verdict, int]:
    return MappingProxyType(dict(counts))


def _added(rows: Sequence[Mapping[Verdict, int]]) -> Mapping[Verdict, int]:
    return _frozen({verdict: sum(row[verdict] for row in rows) for verdict in VERDICTS})


@dataclass(frozen=True, slots=True)
class DutySummary:
    """The obligations of one duty, by verdict."""

    duty: Duty
    counts: Mapping[Verdict, int]

    @property
    def duty_id(self) -> str:
        return self.duty.id

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of every obligation, whether its finding was asked for or not."""

    duties: tuple[DutySummary, ...]
    """In the order of the policy; duties that nothing called for are there with zeros."""
    totals: Mapping[Verdict, int]
    by_severity: Mapping[Severity, Mapping[Verdict, int]]
    cases: int
    visible_events: int
    rejects: int

    @property
    def total(self) -> int:
        """All obligations."""
        return sum(self.totals.values())

    def to_dict(self) -> dict[str, Any]:
        return {
            "cases": self.cases,
            "visible_events": self.visible_events,
            "rejects": self.rejects,
            "obligations": self.total,
            "totals": dict(self.totals),
            "by_severity": {severity: dict(counts) for severity, counts in self.by_severity.items()},
            "duties": {row.duty_id: dict(row.counts) for row in self.duties},
        }


def summarise(core: _core.Result, duties: Sequence[Duty]) -> Summary:
    """Reads the counts of a result."""
    rows = tuple(
        DutySummary(duty, _frozen(dict(zip(VERDICTS, core.counts(index), strict=True))))
        for index, duty in enumerate(duties)
    )
    by_severity = {
        severity: _added([row.counts for row in rows if row.duty.severity == severity])
        for severity in SEVERITIES
    }
    return Summary(
        duties=rows,
        totals=_added([row.counts for row in rows]),
        by_severity=MappingProxyType(by_severity),
        cases=core.case_count,
        visible_events=core.visible_event_count,
        rejects=core.reject_count,
    )
