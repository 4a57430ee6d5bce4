"""What a store gives: rows, where something stands, and what verifying has shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal, final, overload

from duecare._frames import need

Keep = Literal["identity", "evidence", "histories"]
Decision = Literal["accepted", "disputed", "explained", "false_alarm"]
ActionStatus = Literal["open", "done", "dropped"]
Prunable = Literal["findings", "histories", "records"]
Key = Literal["duty", "unit", "owner"]
By = Literal["total", "duty", "unit", "owner"]
Life = Literal[
    "new",
    "reopened",
    "still_open",
    "past",
    "worse",
    "resolved",
    "changed_by_correction",
    "changed_by_policy",
    "new_with_policy",
    "gone_with_policy",
    "gone_with_case",
    "gone_with_record",
]


def all_keys(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every key of any row, in the order in which they come."""
    return list(dict.fromkeys(key for row in rows for key in row))


def over_time(runs: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Runs by the instant that they are of, which is not always the order in which they were stored."""

    def when(run: Mapping[str, Any]) -> tuple[datetime, datetime, int]:
        return datetime.fromisoformat(run["as_of"]), datetime.fromisoformat(run["known_at"]), run["run"]

    return sorted(runs, key=when)


@final
class Rows(Sequence[Mapping[str, Any]]):
    """Rows of a store: a sequence of mappings, and a table when asked for, with a column for every key."""

    __slots__ = ("_rows", "summary")

    def __init__(self, rows: Iterable[Mapping[str, Any]], summary: Mapping[str, Any] | None = None) -> None:
        self._rows = tuple(rows)
        self.summary: Mapping[str, Any] = summary or {}

    @overload
    def __getitem__(self, at: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, at: slice) -> "Rows": ...
    def __getitem__(self, at: int | slice) -> "Mapping[str, Any] | Rows":
        return Rows(self._rows[at], self.summary) if isinstance(at, slice) else self._rows[at]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self._rows)

    def __repr__(self) -> str:
        return f"<duecare.Rows: {len(self):,}>"

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table``."""
        keys = all_keys(self._rows)
        return need("pyarrow", "to_arrow()").Table.from_pylist(
            [{key: row.get(key) for key in keys} for row in self._rows]
        )

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``."""
        return need("pandas", "to_pandas()").DataFrame([dict(row) for row in self._rows])

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``."""
        return need("polars", "to_polars()").DataFrame(
            [dict(row) for row in self._rows], infer_schema_length=None
        )


@dataclass(frozen=True, slots=True)
class StoredRun:
    """Where a run stands in the store. ``head`` is to be written down elsewhere."""

    run: int
    is_new: bool
    """False: the same policy, cases and instants were stored before, under this number."""
    findings: int
    head: str


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """Where a record stands in the store. ``head`` is to be written down elsewhere."""

    record: int
    is_new: bool
    """False: the latest of its subject says the very same, ``at`` included, under this number."""
    head: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first of one thing that does not fit the chain."""

    kind: str
    """``changed``, ``missing``, ``moved``, ``inserted``, ``head_rewritten``, ``signature``, ``unsigned``;
    where the file is damaged, ``unreadable``."""
    table: str | None
    id: str | int | None
    run: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What recomputing every digest, and checking every signature, has shown. True where all fits."""

    ok: bool
    head: str
    links: int
    rows: int
    faults: tuple[Fault, ...]
    signatures: int = 0
    """How many fit, whoever signed."""
    unchecked: int = 0
    """How many were not checked, since this build has no OpenSSL."""
    signed: tuple[Mapping[str, Any], ...] = ()
    """Where keys are trusted: ``run`` or ``record``, ``signature``, ``by``, ``at``, ``public_key``."""
    unsigned: tuple[Mapping[str, Any], ...] = ()
    """Where keys are trusted, the other runs and manifests: ``run`` or ``record``, ``by_others``."""

    def __bool__(self) -> bool:
        return self.ok


@dataclass(frozen=True, slots=True)
class Rerun:
    """What auditing again has given beside what was stored. True where they are the same."""

    same: bool
    policy: bool
    caseload: bool
    as_of: bool
    known_at: bool
    findings: int
    differences: tuple[Mapping[str, Any], ...]
    """At most 100, by case: ``finding``, ``case_id``, ``duty_id``, ``field``, ``stored``, ``now``. That
    a finding has another ``place`` comes last."""

    def __bool__(self) -> bool:
        return self.same


def under_another_policy(runs: Iterable[Mapping[str, Any]]) -> set[int]:
    """The numbers of those runs that were judged by another policy than the run before, over time."""
    return {
        later["run"]
        for before, later in pairwise(over_time(runs))
        if before["policy_digest"] != later["policy_digest"]
    }
