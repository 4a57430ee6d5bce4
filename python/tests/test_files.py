"""Files of every kind as tables: what is read, in one file or several, and what is refused."""

import gzip
import json
import re
import sqlite3
import traceback
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import duecare
from tabular import BASE, EXPORT, occurred, run, table_file, workbook


def test_files(tmp_path: Path) -> None:
    table = pa.table({"Fall": ["A"], "Art": ["x"], "Am": ["2024-01-01T08:00:00Z"]})
    pq.write_table(table, tmp_path / "a.parquet")
    table.to_pandas().to_excel(tmp_path / "a.xlsx", index=False)
    with sqlite3.connect(tmp_path / "a.sqlite") as connection:
        table.to_pandas().to_sql("t", connection, index=False)
    connection.close()
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"Fall,Art,Am\nA,x,2024-01-01T08:00:00Z\n"))
    (tmp_path / "a.csv").write_bytes("Fall|Art|Am\nÄ|x|2024-01-01T08:00:00Z\n".encode("cp1252"))
    (tmp_path / "log.jsonocel").write_text(
        json.dumps(
            {
                "objects": [{"id": "A", "type": "case"}],
                "events": [
                    {
                        "id": "e",
                        "type": "x",
                        "time": "2024-01-01T08:00:00Z",
                        "relationships": [{"objectId": "A"}],
                    }
                ],
            }
        )
    )
    for name, extra in {
        "a.parquet": {},
        "a.xlsx": {"file": {"sheet": "Sheet1"}},
        "a.sqlite": {"file": {"query": "select * from t"}},
        "a.csv.gz": {},
        "a.csv": {"file": {"delimiter": "|", "encoding": "cp1252"}},
        "log.jsonocel": {"events": {"case": "object", "type": "type", "occurred": "time"}},
    }.items():
        caseload = duecare.Caseload.from_file(tmp_path / name, {**BASE, **extra})
        assert (caseload.event_count, caseload.rejects) == (1, ()), name
        assert occurred(caseload) == ["2024-01-01T08:00:00+00:00"]
    assert caseload.case_ids == ("A",)
    with pytest.raises(duecare.DataError):
        duecare.Caseload.from_file(tmp_path / "a.sqlite", {**BASE, "file": {"query": "delete from t"}})
    with pytest.raises(duecare.ArgumentError, match="kind"):
        duecare.Caseload.from_file(tmp_path / "what", BASE)


def test_a_column_of_a_workbook_without_a_name(tmp_path: Path) -> None:
    # The last column is empty below its missing name, as spreadsheets leave them.
    rows = [["Fall", None, "Art", None], ["A", None, "x", None], ["B", None, None, None]]
    found = duecare.read_table(workbook(tmp_path / "a.xlsx", rows))
    assert found.to_pylist() == [{"Fall": "A", "Art": "x"}, {"Fall": "B", "Art": None}]
    rows[1][1] = "free text"
    with pytest.raises(duecare.DataError, match="column B has values and no name"):
        duecare.read_table(workbook(tmp_path / "b.xlsx", rows))
    rows = [["Fall"], ["A", "beyond the names"]]
    with pytest.raises(duecare.DataError, match="column B has values and no name"):
        duecare.read_table(workbook(tmp_path / "c.xlsx", rows))


def test_a_workbook_with_a_title_above_the_names(tmp_path: Path) -> None:
    book = workbook(tmp_path / "a.xlsx", [["Export of March"], [], ["Fall", "Art"], ["A", "x"]])
    with pytest.raises(duecare.DataError, match="skip_rows"):
        duecare.read_table(book)
    assert duecare.read_table(book, {"skip_rows": 2}).to_pylist() == [{"Fall": "A", "Art": "x"}]


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("A,B,A\n1,2,3\n")
    workbook(tmp_path / "a.xlsx", [["A", "B", "A"], [1, 2, 3]])
    sqlite3.connect(tmp_path / "a.db").close()
    for name, options in {"a.csv": {}, "a.xlsx": {}, "a.db": {"query": "select 1 as A, 2 as A"}}.items():
        with pytest.raises(duecare.DataError, match='Two columns are called "A"'):
            duecare.read_table(tmp_path / name, options)


def test_a_row_with_more_columns_is_told_by_its_line_and_not_by_what_is_in_it(tmp_path: Path) -> None:
    lines = "Export\nA,B\n1,2\n\n3,4,of a child\n5\n"
    (tmp_path / "a.csv").write_text(lines)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(lines.encode()))
    for name in ("a.csv", "a.csv.gz"):
        with pytest.raises(duecare.DataError, match="has 3 columns, and there are 2 names") as caught:
            duecare.read_table(tmp_path / name, {"skip_rows": 1})
        assert caught.value.line == 5
        assert "child" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("a.xlsx", {}, "no Excel workbook"),
        ("a.arrow", {}, "no Arrow file"),
        ("a.parquet", {}, "no Parquet"),
        ("a.csv", {"delimiter": ";;"}, "delimiter is ';;'; it is one character"),
        ("a.csv", {"sheet": 1}, '"sheet" is no option of a csv file; it has delimiter, encoding'),
        ("a.db", {}, "a query has to say"),
        ("book.xlsx", {"sheet": 5}, "there is no sheet 5; they are counted from 0, and there are 1: Sheet"),
        ("book.xlsx", {"sheet": "x"}, 'there is no sheet "x"; there are Sheet'),
    ],
)
def test_what_is_no_such_file_is_said(
    name: str, options: dict[str, Any], message: str, tmp_path: Path
) -> None:
    workbook(tmp_path / "book.xlsx", [["A"], [1]])
    if name != "book.xlsx":
        (tmp_path / name).write_text("nothing of the kind")
    with pytest.raises(duecare.Error, match=re.escape(message)):
        duecare.read_table(tmp_path / name, options)


def test_the_cases_of_an_ocel_log_are_stated(tmp_path: Path) -> None:
    def event(name: str, *objects: str) -> dict[str, Any]:
        related = [{"objectId": one} for one in objects]
        return {"id": name, "type": "x", "time": "2024-01-01T08:00:00Z", "relationships": related}

    kinds = {"A": "case", "B": "case", "K1": "child"}
    log = {
        "objects": [{"id": one, "type": kind} for one, kind in kinds.items()],
        "events": [event("e1", "A", "K1"), event("e2", "K1"), event("e3", "A", "B"), event("e4")],
    }
    path = tmp_path / "log.ocel.json"
    path.write_text(json.dumps(log))
    with pytest.raises(duecare.ArgumentError, match=r'"case" \(3 events\), "child" \(2 events\)'):
        duecare.read_table(path)
    with pytest.raises(duecare.ArgumentError, match='no event is related to an object of type "person"'):
        duecare.read_table(path, {"object_type": "person"})
    columns = {"case": "object", "type": "type", "occurred": "time"}
    mapping = {**BASE, "file": {"kind": "ocel", "object_type": "case"}, "events": columns}
    caseload = duecare.Caseload.from_file(path, mapping)
    assert (caseload.case_ids, caseload.event_count) == (("A", "B"), 3)
    assert len(caseload.rejects) == 1  # e4 is of no case


SEVERAL: dict[str, Any] = {
    "format": "duecare.mapping/1",
    "events": {"table": "events", "case": "case", "type": "type", "occurred": "at"},
    "cases": {"table": "cases", "case": "case", "attributes": {"unit": "unit"}},
    "persons": {"table": "persons", "case": "case", "id": "id", "roles": {"value": "child"}},
}


TABLES = {
    "events": ["case,type,at", "A,x,2024-01-01", "B,x,2024-01-02"],
    "cases": ["case;unit", "A;North", "B;South"],
    "persons": ["case,id", "A,K1"],
}


def _need_both(caseload: duecare.Caseload) -> None:
    assert caseload.rejects == ()
    first, second = caseload.document(0), caseload.document(1)
    assert (first["attributes"], second["attributes"]) == ({"unit": "North"}, {"unit": "South"})
    assert [person["id"] for person in first["persons"]] == ["K1"]


def test_an_export_in_several_files(tmp_path: Path) -> None:
    files = [table_file(tmp_path / f"{name}.csv", *lines) for name, lines in TABLES.items()]
    mapping = SEVERAL | {"file": {"tables": {"cases": {"delimiter": ";"}}}}
    caseload = duecare.Caseload()
    assert caseload.read_tables(files, mapping).rows == 5
    _need_both(caseload)
    (tmp_path / "m.json").write_text(json.dumps(mapping))
    jsonschema.validate(mapping, duecare.schema("mapping"))
    given = ["--mapping", str(tmp_path / "m.json"), "--policy", str(EXPORT / "policy.json")]
    code, _, said = run("audit", *map(str, files), *given)
    assert code == 0, said
    assert "5 rows: 2 events of 2 cases" in said
    code, _, said = run("audit", *map(str, files[:2]), *given)
    assert code == 1
    assert "The mapping is also for persons" in said
    code, out, said = run("map", "inspect", "--mapping", str(tmp_path / "m.json"), str(files[1]))
    assert code == 0, said
    assert "2 rows, 2 columns" in out  # by the delimiter of that table
    wrong = SEVERAL | {"file": {"tables": {"case": {"delimiter": ";"}}}}
    with pytest.raises(
        duecare.DataError, match=r"No section names a table \"case\"\. Did you mean 'cases'\?"
    ):
        duecare.Caseload().read_tables(files, wrong)
    other = table_file(tmp_path / "other.csv", "case")
    code, _, said = run("audit", str(other), *given)
    assert code == 1
    assert "has the name of none of them" in said


def test_an_export_in_sheets_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, lines in TABLES.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(re.split("[,;]", line))
    book.save(tmp_path / "export.xlsx")
    caseload = duecare.Caseload.from_file(tmp_path / "export.xlsx", SEVERAL)
    _need_both(caseload)


@pytest.mark.parametrize("table", [None, "rows"])
def test_one_export_cut_into_files(table: str | None, tmp_path: Path) -> None:
    first = table_file(tmp_path / "1.csv", "Fall,Art,Am", "A,x,2024-01-01", "B,x,2024-01-01")
    second = table_file(tmp_path / "2.csv", "Fall,Art,Am", "A,y,2024-01-02", "A,y,2024-02-30")
    events = BASE["events"] | ({} if table is None else {"table": table})
    caseload = duecare.Caseload()
    caseload.read_tables([first, second], BASE | {"events": events})
    assert [reject.case_id for reject in caseload.rejects] == ["A"]
    table_file(second, "Fall,Art,Am", "A,y,2024-01-02")
    caseload = duecare.Caseload()
    caseload.read_tables([first, second], BASE | {"events": events})
    assert (caseload.case_count, caseload.event_count, caseload.rejects) == (2, 3, ())


XES = (
    '<log><trace><string key="concept:name" value="A"/><event><int key="n" value="{}"/></event></trace></log>'
)


def test_an_event_log_that_cannot_be_read_is_told_without_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.xes").write_text(XES.format("the child was hit"))
    with pytest.raises(duecare.DataError, match='Trace 1: A value of the attribute "n" is no int') as caught:
        duecare.read_table(tmp_path / "a.xes")
    assert "child" not in "".join(traceback.format_exception(caught.value))
    packed = gzip.compress(XES.format("1").encode() * 50)
    (tmp_path / "a.xes.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(duecare.DataError, match="cannot be unpacked"):
        duecare.read_table(tmp_path / "a.xes.gz")
    for name in ("b.xes.gz", "b.csv.gz"):
        (tmp_path / name).write_bytes(b"no gzip at all")
        with pytest.raises(duecare.DataError, match=re.escape(f"{name}: The file cannot be unpacked")):
            duecare.read_table(tmp_path / name)
