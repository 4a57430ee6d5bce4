"""Tables in and out: the vectors through Arrow, every type, frames of every library, and what goes wrong."""

import gc
import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import arrow_vectors
import duecare
from support import SOURCE, VECTORS

POLICY = duecare.Policy.from_json(
    {
        "format": "duecare.policy/1",
        "id": "p",
        "version": "1",
        "title": "P",
        "time_zone": "Europe/London",
        "duties": [
            {
                "id": "answer",
                "title": "Answer",
                "area": "a",
                "severity": "high",
                "source": SOURCE,
                "on": {"event": "asked"},
                "require": {"event": "answered"},
                "within": "24 hours",
            }
        ],
    }
)
NOW = datetime(2024, 8, 1, tzinfo=UTC)


def events(**columns: Any) -> pa.Table:
    base: dict[str, Any] = {
        "case_id": ["A", "A", "B"],
        "type": ["asked", "answered", "asked"],
        "occurred_at": [
            datetime(2024, 1, 1, 8, tzinfo=UTC),
            datetime(2024, 1, 1, 9, tzinfo=UTC),
            datetime(2024, 1, 2, 8, tzinfo=UTC),
        ],
    }
    return pa.table({**base, **columns})


def audited(frames: Any, mapping: Any = None) -> duecare.Result:
    return duecare.audit(duecare.Caseload.from_events(frames, mapping), POLICY, as_of=NOW, verdicts="all")


def verdicts(result: duecare.Result) -> list[tuple[str, str]]:
    return [(finding.case_id, finding.verdict) for finding in result.findings]


GOOD = [("A", "met"), ("B", "missed")]


def test_the_vectors_through_arrow() -> None:
    through = 0
    skipped = 0
    for path in sorted(VECTORS.glob("*.json")) + sorted(VECTORS.glob("random/*.json")):
        vector = json.loads(path.read_text("utf-8"))
        if vector.get("expect_rejects"):
            continue
        documents = [json.loads(d) if isinstance(d, str) else d for d in vector["caseload"]]
        try:
            tables = arrow_vectors.tables(documents)
        except arrow_vectors.NoTableError:
            skipped += 1
            continue
        policy = duecare.Policy.from_json(vector["policy"], layers=vector.get("policies", []))
        caseload = duecare.Caseload.from_events(tables)
        assert caseload.rejects == (), path.name
        result = duecare.audit(
            caseload, policy, as_of=vector["as_of"], known_at=vector.get("known_at"), verdicts="all"
        )
        told = result.findings.to_dicts()
        expected = vector["expect"]
        assert [
            {k: v for k, v in f.items() if k in e} for f, e in zip(told, expected, strict=True)
        ] == expected, path.name
        rows = result.findings.to_arrow().to_pylist()
        for row in rows:
            for key in ("opened_at", "due_at", "ended_at"):
                row[key] = None if row[key] is None else duecare._instants.format_instant(row[key])
        assert rows == told, path.name
        through += 1
    assert through > 250
    assert skipped < through / 3


@pytest.mark.parametrize(
    "frame",
    [
        events(),
        events().to_pandas(),
        pl.DataFrame(events()),
        pl.DataFrame(events()).lazy(),
        events().to_reader(max_chunksize=1),
        pd.DataFrame(events().to_pandas()).astype({"case_id": "category", "type": "string"}),
        pl.DataFrame(events()).with_columns(pl.col("type").cast(pl.Categorical)),
        events().cast(
            pa.schema(
                [
                    ("case_id", pa.large_string()),
                    ("type", pa.string_view()),
                    ("occurred_at", pa.timestamp("ns", "Europe/Berlin")),
                ]
            )
        ),
    ],
    ids=["pyarrow", "pandas", "polars", "lazy", "reader", "category", "categorical", "views"],
)
def test_frames(frame: Any) -> None:
    assert verdicts(audited(frame)) == GOOD


def test_duckdb() -> None:
    with duckdb.connect() as connection:
        connection.register("t", events())
        assert verdicts(audited(connection.sql("select * from t"))) == GOOD


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps(unit: str) -> None:
    at = [datetime(2024, 7, 1, 8), datetime(2024, 7, 1, 9), datetime(2024, 7, 2, 8)]  # noqa: DTZ001
    local = audited(events(occurred_at=pa.array(at, pa.timestamp(unit))))
    assert local.findings[0].opened_at == datetime(2024, 7, 1, 7, tzinfo=UTC)
    zoned = audited(events(occurred_at=pa.array(at, pa.timestamp(unit, "UTC"))))
    assert zoned.findings[0].opened_at == datetime(2024, 7, 1, 8, tzinfo=UTC)


def test_days() -> None:
    days = [date(2024, 1, 1), date(2024, 1, 1), date(2024, 1, 2)]
    for kind in (pa.date32(), pa.date64()):
        result = audited(events(occurred_at=pa.array(days, kind)))
        assert "imprecise" in result.findings[0].flags or result.findings[0].verdict == "met"
        assert result.events.to_arrow()["is_day"].to_pylist() == [True] * 3


ATTRIBUTES = {
    "text": (pa.array(["x"]), "x"),
    "dictionary": (pa.array(["x"]).dictionary_encode(), "x"),
    "int8": (pa.array([-3], pa.int8()), -3),
    "uint64": (pa.array([2**63 + 2**12], pa.uint64()), float(2**63 + 2**12)),
    "float16": (pa.array([1.5], pa.float16()), 1.5),
    "float32": (pa.array([1.5], pa.float32()), 1.5),
    "float64": (pa.array([0.1]), 0.1),
    "decimal": (pa.array([Decimal("12.50")], pa.decimal128(10, 2)), 12.5),
    "decimal_whole": (pa.array([Decimal("12")], pa.decimal128(10, 0)), 12),
    "boolean": (pa.array([True]), True),
    "date": (pa.array([date(2024, 2, 3)]), "2024-02-03"),
    "time": (pa.array([time(9, 15)]), "09:15:00"),
    "instant": (pa.array([NOW]), "2024-08-01T00:00:00Z"),
    "list": (pa.array([["a", "b"]]), ["a", "b"]),
    "large_list": (pa.array([[1, 2]], pa.large_list(pa.int64())), [1, 2]),
    "fixed_list": (pa.array([[1, 2]], pa.list_(pa.int64(), 2)), [1, 2]),
    "structure": (pa.array([{"town": "Bath"}]), {"town": "Bath"}),
    "map": (pa.array([[("town", "Bath")]], pa.map_(pa.string(), pa.string())), {"town": "Bath"}),
}


def _expression(path: str, value: Any) -> str:
    if isinstance(value, dict):
        return " && ".join(_expression(f"{path}.{key}", inner) for key, inner in value.items())
    if isinstance(value, list):
        return " && ".join(f"{json.dumps(item)} in {path}" for item in value)
    return f"{path} == {json.dumps(value)}"


@pytest.mark.parametrize("kind", ATTRIBUTES)
def test_attributes(kind: str) -> None:
    """A check of the value says whether the engine has it: from Arrow exactly where from JSON."""
    column, value = ATTRIBUTES[kind]
    document = json.loads(POLICY.to_json())
    duty = {key: document["duties"][0][key] for key in ("id", "title", "area", "severity", "source")}
    document["duties"] = [{**duty, "on": {"event": "asked"}, "check": _expression("event.x", value)}]
    policy = duecare.Policy.from_json(document)
    case = {
        "format": "duecare.case/1",
        "id": "A",
        "events": [{"type": "asked", "occurred_at": "2024-01-01T08:00:00Z", "attributes": {"x": value}}],
    }
    table = pa.table(
        {"case_id": ["A"], "type": ["asked"], "occurred_at": ["2024-01-01T08:00:00Z"], "x": column}
    )
    for caseload in (duecare.Caseload.from_documents([case]), duecare.Caseload.from_events(table)):
        assert caseload.rejects == ()
        result = duecare.audit(caseload, policy, as_of=NOW, verdicts="all")
        assert [finding.verdict for finding in result.findings] == ["met"]


def test_errors_name_table_column_and_row() -> None:
    with pytest.raises(duecare.DataError, match=r'no column "case_id".*It has "caseid"'):
        duecare.Caseload.from_events(
            pa.table({"caseid": ["A"], "type": ["x"], "occurred_at": ["2024-01-01"]})
        )
    with pytest.raises(duecare.DataError, match='column "blob" is of the Arrow type "z"'):
        duecare.Caseload.from_events(events(blob=[b"x"] * 3))
    caseload = duecare.Caseload.from_events(events(occurred_at=["2024-01-01", "2024-02-31", "2024-01-01"]))
    (reject,) = caseload.rejects
    assert (reject.source, reject.line, reject.case_id) == ("events", 2, "A")
    assert reject.reason.startswith('Data row 2, column "occurred_at": "2024-02-31" is no instant')
    assert caseload.case_ids == ("B",)
    caseload = duecare.Caseload.from_events(
        {
            "events": events(subjects=[["P"], None, ["Q"]]),
            "persons": pa.table({"case_id": ["A", "B"], "id": ["P", "P"]}),
        }
    )
    (reject,) = caseload.rejects
    assert (reject.line, reject.pointer) == (3, "/events/0/subjects/0")
    caseload = duecare.Caseload.from_events(events(case_id=["A", None, "B"]))
    assert [(r.line, "case_id" in r.reason) for r in caseload.rejects] == [(2, True)]
    with pytest.raises(duecare.DataError, match="Data row 2"):
        duecare.Caseload.from_events(events(type=["asked", None, "asked"]), strict=True)
    with pytest.raises(TypeError, match="no Arrow stream"):
        duecare.Caseload.from_events([1, 2])  # type: ignore[arg-type]


def test_a_stream_that_fails_is_an_error_and_is_released_once() -> None:
    released = []

    class Watched:
        def __del__(self) -> None:
            released.append(1)

    def batches(watched: Watched) -> Any:
        yield events().to_batches()[0]
        raise ValueError("the cursor broke")

    reader = pa.RecordBatchReader.from_batches(events().schema, batches(Watched()))
    with pytest.raises(duecare.DataError, match="the cursor broke"):
        duecare.Caseload.from_events(reader)
    del reader
    gc.collect()
    assert released == [1]


def test_a_stream_that_fails_at_once_fails_in_the_same_way() -> None:
    def batches() -> Any:
        raise ValueError("the cursor broke")
        yield

    reader = pa.RecordBatchReader.from_batches(events().schema, batches())
    with pytest.raises(duecare.DataError, match="the cursor broke"):
        duecare.Caseload.from_events(reader)


def test_tables_out() -> None:
    result = audited(events())
    table = result.findings.to_arrow()
    assert table.column_names[:5] == ["case_id", "duty_id", "key", "verdict", "opened_at"]
    assert table.schema.field("opened_at").type == pa.timestamp("us", "UTC")
    assert table["verdict"].to_pylist() == ["met", "missed"]
    assert result.findings.to_polars()["verdict"].to_list() == ["met", "missed"]
    assert list(result.findings.to_pandas()["verdict"]) == ["met", "missed"]
    assert result.cases.to_arrow().to_pylist()[0] == {
        "case_id": "A",
        "kind": "investigation",
        "document": 1,
        "persons": 0,
        "events": 2,
    }
    assert result.events.to_arrow()["type"].to_pylist() == ["asked", "answered", "asked"]
    stream = result.findings.__arrow_c_stream__()
    del result
    gc.collect()
    assert pa.RecordBatchReader._import_from_c_capsule(stream).read_all()["case_id"].to_pylist() == ["A", "B"]


def test_parquet(tmp_path: Path) -> None:
    result = audited(events())
    result.findings.to_parquet(tmp_path / "f.parquet")
    assert pl.read_parquet(tmp_path / "f.parquet")["case_id"].to_list() == ["A", "B"]


def test_no_findings() -> None:
    result = duecare.audit(duecare.Caseload(), POLICY, as_of=NOW)
    assert result.findings.to_arrow().num_rows == 0
    assert result.findings.to_polars().is_empty()


def test_figures() -> None:
    result = audited(events())
    (row,) = result.compliance(by=["duty"])
    assert (row.group["duty"], row.judged, row.counts["met"], row.rate) == ("answer", 2, 1, 0.5)
    assert row.interval is not None
    assert row.interval == pytest.approx((0.0945, 0.9055), abs=5e-4)
    earlier = audited(events().slice(0, 1))
    change = result.compare(earlier)
    assert [new.finding.case_id for new in change.new] == ["B"]
    assert [(c.before and c.before.verdict, c.after and c.after.verdict) for c in change.resolved] == [
        ("missed", "met")
    ]
    assert (change.still_wrong, change.changed) == ((), ())
    assert result.owners()[0].group == {"owner": None}
    with pytest.raises(duecare.StateError, match="verdicts"):
        duecare.audit(duecare.Caseload.from_events(events()), POLICY, as_of=NOW).compliance()
    (unit, *_) = [
        row for row in result.capacity([datetime(2024, 1, 1, 8, 30, tzinfo=UTC)]) if row.level == "unit"
    ]
    assert (unit.open_cases, unit.open_obligations, unit.due_within_week) == (0, 1, 1)


def test_a_reader_that_is_used_up_is_no_empty_table() -> None:
    reader = events().to_reader(max_chunksize=1)
    assert duecare.Caseload.from_events(reader).event_count == events().num_rows
    with pytest.raises(duecare.ArgumentError, match="read before"):
        duecare.Caseload.from_events(reader)
    with pytest.raises(duecare.ArgumentError, match="read before"):
        duecare.Caseload.from_events({"events": events().to_reader(), "cases": reader})
    with pytest.raises(duecare.ArgumentError, match="read before"):
        duecare.sampling.Frame.from_arrow(reader, id="case_id")
    # What is empty and can be read again is empty.
    assert duecare.Caseload.from_events(events().slice(0, 0)).event_count == 0
    # A first batch without rows is not the end.
    empty = pa.RecordBatch.from_pylist([], events().schema)
    batches = [empty, *events().to_batches(), empty]
    assert (
        duecare.Caseload.from_events(pa.RecordBatchReader.from_batches(events().schema, batches)).event_count
        == events().num_rows
    )


def test_capacity_over_time_by_hand() -> None:
    """Two officers of two units; one case is handed over, one closed. Each number is counted beside it."""

    def event(case: str, day: int, kind: str, **more: object) -> dict[str, object]:
        return {"case_id": case, "type": kind, "occurred_at": f"2024-03-{day:02}T08:00:00Z", **more}

    rows = [
        event("A", 1, "case.opened", officer="anna"),
        event("A", 1, "asked"),  # due on the 11th, open until it is answered on the 12th
        event("A", 12, "answered"),
        event("B", 2, "case.opened", officer="bert"),
        event("B", 3, "asked"),  # due on the 13th
        event("B", 5, "case.allocated", officer="anna"),  # from bert to anna
        event("B", 6, "asked"),  # due on the 16th; both are never answered
        event("B", 20, "case.closed"),
    ]
    columns = ("case_id", "type", "occurred_at", "officer")
    frame = pa.table({name: [row.get(name) for row in rows] for name in columns})
    policy = json.loads(POLICY.to_json())
    policy["facts"] = {
        "officer": {"initial": "'nobody'", "set": [
            {"event": ["case.opened", "case.allocated"], "to": "event.officer"}]},
    }  # fmt: skip
    policy["owner"] = "fact.officer"
    policy["duties"] = [
        {
            **policy["duties"][0],
            "on": {"event": "asked"},
            "require": {"event": "answered"},
            "within": "10 days",
        }
    ]
    cases = duecare.Caseload.from_events(frame)
    staff = [
        {"id": "anna", "service": [{"from": "2020-01-01", "unit": "North", "accreditations": ["PIP2"]}]},
        {"id": "bert", "service": [{"from": "2020-01-01", "unit": "South", "accreditations": []}]},
        {
            "id": "cleo",
            "service": [{"from": "2024-03-10", "unit": "South", "accreditations": ["PIP2"]}],
        },  # comes later
    ]
    cases.read_bytes(json.dumps({"format": "duecare.staff/1", "staff": staff}).encode())
    assert (cases.rejects, cases.unknown_keys) == ((), ())
    result = duecare.audit(
        cases, duecare.Policy.from_json(policy), as_of="2024-03-31T00:00:00Z", verdicts="all"
    )
    at = [datetime(2024, 3, day, 12, tzinfo=UTC) for day in (4, 10, 14, 25)]
    found = {
        (row.at.day, row.level, row.name): (
            row.open_cases, row.open_obligations, row.due_within_week, row.qualified,
        )
        for row in result.capacity(at, qualified="PIP2")
    }  # fmt: skip
    assert found == {
        # Both cases, A and the first of B; A falls due on the 11th. An obligation is held by who holds the
        # case when it falls due, so that of the 3rd is anna's, although bert had the case until the 5th.
        (4, "owner", "anna"): (2, 2, 1, None),
        (4, "unit", "North"): (2, 2, 1, 1),
        # All three, due on the 11th, 13th and 16th. cleo has come, with nothing to do yet.
        (10, "owner", "anna"): (2, 3, 3, None),
        (10, "unit", "North"): (2, 3, 3, 1),
        (10, "unit", "South"): (0, 0, 0, 1),
        # A was answered on the 12th; of B the first is overdue and still to do, the second due on the 16th.
        (14, "owner", "anna"): (2, 2, 1, None),
        (14, "unit", "North"): (2, 2, 1, 1),
        (14, "unit", "South"): (0, 0, 0, 1),
        # B is closed; what was never done in it is still not done.
        (25, "owner", "anna"): (1, 2, 0, None),
        (25, "unit", "North"): (1, 2, 0, 1),
        (25, "unit", "South"): (0, 0, 0, 1),
    }


@pytest.mark.parametrize(
    "convert",
    [
        lambda table: table.to_polars(),
        lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
        lambda table: table.to_arrow(),
    ],
    ids=["polars", "pandas with columns of Arrow", "pyarrow"],
)
def test_conversions_make_no_python_objects_of_rows(convert: Callable[[duecare.Table], Any]) -> None:
    rows = 20_000
    frame = pa.table(
        {
            "case_id": [f"C{number}" for number in range(rows)],
            "type": ["asked"] * rows,
            "occurred_at": pa.array([NOW] * rows, pa.timestamp("us", "UTC")),
        }
    )
    table = audited(frame).findings.table(explanations=False)
    convert(table)  # imports and caches
    tracemalloc.start()
    converted = convert(table)
    objects = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(converted) == rows
    assert objects < 8 * rows  # not even a reference a row
