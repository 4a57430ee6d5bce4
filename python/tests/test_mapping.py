"""Mappings: a host's own tables, files of every kind, the command that proposes, and what goes wrong."""

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
import yaml

import duecare
from support import ROOT, run_cli

EXPORT = ROOT / "examples" / "export"
SEPSIS = ROOT / "examples" / "sepsis"
BASE: dict[str, Any] = {
    "format": "duecare.mapping/1",
    "events": {"case": "Fall", "type": "Art", "occurred": "Am"},
}


def run(*arguments: str) -> tuple[int, str, str]:
    done = run_cli(arguments)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode()


def mapped(columns: dict[str, Any], **events: Any) -> duecare.Caseload:
    document = {**BASE, "events": {**BASE["events"], **events}}
    return duecare.Caseload.from_events(pa.table(columns), document)


def occurred(caseload: duecare.Caseload, zone: str = "Europe/London") -> list[str]:
    policy = json.loads((EXPORT / "policy.json").read_text()) | {"time_zone": zone}
    result = duecare.audit(caseload, duecare.Policy.from_json(policy), as_of="2030-01-01")
    return [value.isoformat() for value in result.events.to_arrow()["occurred_at"].to_pylist()]


@pytest.mark.parametrize("path", [EXPORT / "mapping.yaml", SEPSIS / "mapping.yaml"], ids=["export", "sepsis"])
def test_the_schema_has_the_examples(path: Path) -> None:
    jsonschema.validate(yaml.safe_load(path.read_text("utf-8")), duecare.schema("mapping"))


def test_the_export() -> None:
    caseload = duecare.Caseload.from_file(EXPORT / "export.csv", EXPORT / "mapping.yaml")
    (report,) = caseload.imports
    assert [(code.column, code.code, code.count) for code in report.unmapped] == [
        ("Ereignis", "Akte gezogen", 1)
    ]
    assert report.unused_columns == (("export.csv", "Bemerkung"),)
    (reject,) = caseload.rejects
    assert (reject.line, reject.case_id) == (13, "K-2024-004")
    assert 'column "Geburtsdatum"' in reject.reason
    result = duecare.audit(
        caseload, duecare.Policy.load(EXPORT / "policy.json"), as_of="2024-04-10", verdicts="all"
    )
    rows = result.findings.to_arrow().select(["case_id", "key", "verdict", "due_at", "owner"]).to_pylist()
    assert [(row["case_id"], row["key"], row["verdict"]) for row in rows] == [
        ("K-2024-001", "P-1", "met"),
        ("K-2024-002", "P-2", "late"),
        ("K-2024-003", "P-3", "missed"),
    ]
    # 02:30 does not exist in that night: it is read with the offset in force before the change.
    assert result.findings[2].opened_at.isoformat() == "2024-03-31T01:30:00+00:00"


def test_the_command_says_what_it_met(tmp_path: Path) -> None:
    code, out, said = run(
        "audit", "--policy", str(EXPORT / "policy.json"), "--mapping", str(EXPORT / "mapping.yaml"),
            "--as-of",
        "2024-04-10", "--format", "csv", "--verdicts", "all", str(EXPORT / "export.csv"),
    )  # fmt: skip
    assert code == 3
    assert 'The code "Akte gezogen" of the column "Ereignis" comes once and is not mapped.' in said
    assert "Data row 13" in said
    lines = out.splitlines()
    assert lines[0].replace('"', "").startswith("case_id,duty_id,key,verdict")
    assert len(lines) == 4
    for form in ("parquet", "arrow"):
        file = tmp_path / f"findings.{form}"
        code, out, said = run(
            "audit", "--policy", str(EXPORT / "policy.json"), "--mapping", str(EXPORT / "mapping.yaml"),
            "--as-of",
            "2024-04-10", "--format", form, "--out", str(file), str(EXPORT / "export.csv"),
        )  # fmt: skip
        assert code == 3
        assert duecare.read_table(file)["verdict"].to_pylist() == ["late", "missed"]


def test_inspect_proposes_and_shows_what_it_does_not_know() -> None:
    code, out, said = run("map", "inspect", "--delimiter", ";", str(EXPORT / "export.csv"))
    assert code == 0, said
    for said in (
        '"case": "Fallnummer"',
        "Akte gezogen",
        "%d.%m.%Y",
        "time_zone",
        '"Geburtsdatum" looks like birthdays',
    ):
        assert said in out
    found = duecare.inspect(EXPORT / "export.csv", {"delimiter": ";"})
    jsonschema.validate(found.proposal, duecare.schema("mapping"))
    policy = duecare.Policy.load(EXPORT / "policy.json")
    checked = duecare.inspect(EXPORT / "export.csv", None, EXPORT / "mapping.yaml", policy)
    assert checked.unmapped == [("Akte gezogen", 1)]
    assert ("missing.reported", 1) in checked.unseen or ("missing.reported", 4) in checked.unseen


def table_file(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_inspect_knows_names_however_they_are_written(tmp_path: Path) -> None:
    file = table_file(
        tmp_path / "a.csv",
        "Case-ID,EventType,Event Date,Officer_ID,A b,A-b",
        "1,review.supervisor,2024-03-01,x,y,z",
    )
    found = duecare.inspect(file)
    assert found.proposal["events"] == {
        "case": "Case-ID",
        "type": "EventType",
        "occurred": "Event Date",
        "actor": "Officer_ID",
        "attributes": {"A_b": "A b", "A_b_2": "A-b"},
    }


@pytest.mark.parametrize(
    ("dates", "form", "said"),
    [
        (("03/04/2024", "05/06/2024"), "%d/%m/%Y", "nothing in the file says so"),
        (("03/04/2024", "25/06/2024"), "%d/%m/%Y", None),
        (("03/04/2024", "06/25/2024"), "%m/%d/%Y", "the month comes first"),
        (("03/14/2024", "25/06/2024"), "%d/%m/%Y", "mend the export"),
    ],
)
def test_inspect_looks_which_part_of_a_date_comes_first(
    dates: tuple[str, str], form: str, said: str | None, tmp_path: Path
) -> None:
    file = table_file(
        tmp_path / "a.csv", "case,type,date", *(f"{i},x,{date}" for i, date in enumerate(dates))
    )
    found = duecare.inspect(file)
    assert found.proposal["events"]["occurred"] == {"column": "date", "date_format": [form]}
    about = [doubt for doubt in found.doubts if doubt.startswith('"date"')]
    assert (said in about[0]) if said else about == []


def test_inspect_names_what_a_column_without_a_telling_name_may_be(tmp_path: Path) -> None:
    rows = [f"R{i % 5},{'seen' if i % 2 else 'written'},2024-03-{i + 1:02d}" for i in range(10)]
    found = duecare.inspect(table_file(tmp_path / "a.csv", "F1,F2,F3", *rows))
    assert {found.proposal["events"][key] for key in ("case", "type", "occurred")} == {"?"}
    asked = " ".join(found.doubts)
    assert 'Which column is "type"? No name says so. By what is in them, it may be "F1" or "F2".' in asked
    assert 'Which column is "occurred"? No name says so. By what is in them, it may be "F3".' in asked


def test_inspect_takes_a_row_with_several_dates_for_a_case(tmp_path: Path) -> None:
    file = table_file(
        tmp_path / "a.csv",
        "Case ref,Unit,Opened,Suspect charged on,DOB",
        "A,North,2024-01-01,2024-02-01,2010-01-01",
        "B,South,2024-01-02,,2011-01-01",
    )
    found = duecare.inspect(file)
    assert found.proposal["cases"] == {
        "case": "Case ref",
        "attributes": {"Unit": "Unit"},
        "events": [
            {"type": "case.opened", "occurred": "Opened"},
            {"type": "?", "occurred": "Suspect charged on"},
        ],
    }
    assert "events" not in found.proposal
    decided = json.loads(json.dumps(found.proposal).replace('"?"', '"suspect.charged"'))
    decided["time_zone"] = "Europe/London"
    caseload = duecare.Caseload.from_file(file, decided)
    assert (caseload.case_count, caseload.event_count, caseload.rejects) == (2, 3, ())


def test_the_command_inspects_databases_and_workbooks(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("create table t as select 1 as case_id, 'x' as type, '2024-01-01' as date")
    connection.close()
    code, out, said = run("map", "inspect", str(tmp_path / "a.db"))
    assert (code, out) == (1, "")
    assert "a query has to say" in said
    code, out, said = run("map", "inspect", "--json", "--query", "select * from t", str(tmp_path / "a.db"))
    assert code == 0, said
    assert json.loads(out)["file"] == {"query": "select * from t"}
    workbook(tmp_path / "a.bin", [["case", "type", "date"]])
    code, out, said = run("map", "inspect", "--kind", "excel", "--sheet", "Sheet", str(tmp_path / "a.bin"))
    assert code == 0, said


def test_sepsis_excerpt() -> None:
    caseload = duecare.Caseload.from_file(SEPSIS / "excerpt.xes", SEPSIS / "mapping.yaml")
    assert (caseload.case_count, caseload.event_count, caseload.rejects) == (4, 10, ())
    result = duecare.audit(caseload, duecare.Policy.load(SEPSIS / "policy.json"), verdicts="all")
    told = [(finding.case_id, finding.duty_id[:5], finding.verdict) for finding in result.findings]
    # B: 02:30 in summer time to 02:40 in winter time are 70 minutes.
    assert told == [
        ("A", "antib", "met"), ("A", "lacta", "met"), ("B", "antib", "late"), ("B", "lacta", "missed"),
        ("C", "antib", "missed"), ("C", "lacta", "missed"),
    ]  # fmt: skip


def test_zones_forms_and_units() -> None:
    fall, art = {"Fall": ["A"]}, {"Art": ["x"]}
    source = {"column": "Am", "date_format": ["%d/%m/%Y %H:%M", "%d/%m/%Y"]}
    assert occurred(mapped({**fall, **art, "Am": ["3/7/2024 8:05"]}, occurred=source)) == [
        "2024-07-03T07:05:00+00:00"
    ]
    document = {**BASE, "time_zone": "Europe/Berlin", "events": {**BASE["events"], "occurred": source}}
    table = pa.table({**fall, **art, "Am": ["3/7/2024 8:05"]})
    assert occurred(duecare.Caseload.from_events(table, document)) == ["2024-07-03T06:05:00+00:00"]
    assert occurred(mapped({**fall, **art, "Am": [86_400]}, occurred={"column": "Am", "unit": "s"})) == [
        "1970-01-02T00:00:00+00:00"
    ]
    (reject,) = mapped({**fall, **art, "Am": ["13/13/2024"]}, occurred=source).rejects
    assert "is no instant in the form %d/%m/%Y %H:%M or %d/%m/%Y" in reject.reason
    (reject,) = mapped({**fall, **art, "Am": [1_700_000_000]}).rejects
    assert '"unit"' in reject.reason


def test_columns_of_a_case_become_events() -> None:
    table = pa.table({"id": ["A", "B"], "opened": ["2024-01-01", "2024-01-02"], "closed": ["2024-02-01", ""]})
    document = {
        "format": "duecare.mapping/1",
        "cases": {
            "case": "id",
            "events": [
                {"type": "case.opened", "occurred": "opened"},
                {"type": "case.closed", "occurred": "closed"},
            ],
        },
    }
    caseload = duecare.Caseload.from_events(table, document)
    assert (caseload.case_count, caseload.event_count, caseload.rejects) == (2, 3, ())


def test_codes() -> None:
    columns = {"Fall": ["A", "A", "A"], "Art": ["OPEN", "odd", "odd"], "Am": ["2024-01-01"] * 3}
    values = {"column": "Art", "values": {"open": "case.opened"}, "ignore_case": True}
    kept = mapped(columns, type=values)
    assert (kept.event_count, kept.imports[0].unmapped[0].count) == (3, 2)
    dropped = mapped(columns, type={**values, "unmapped": "drop"})
    assert (dropped.event_count, dropped.imports[0].dropped_rows) == (1, 2)
    refused = mapped(columns, type={**values, "unmapped": "reject"})
    assert (refused.case_count, refused.rejects[0].line) == (0, 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"evnts": {}}, "did you mean|events"),
        ({"events": {"case": "Fall", "type": "Art"}}, '"occurred" is missing'),
        ({"time_zone": "Europe/Berln"}, "Berln"),
        (
            {"events": {**BASE["events"], "occurred": {"column": "Am", "date_format": "%d.%m.%y"}}},
            "four digits",
        ),
        ({"events": {**BASE["events"], "case": {"value": "x", "column": "y"}}}, "either"),
    ],
)
def test_wrong_mappings(change: dict[str, Any], message: str) -> None:
    with pytest.raises(duecare.Error, match=f"(?i){message}"):
        duecare.Caseload.from_events(
            pa.table({"Fall": ["A"], "Art": ["x"], "Am": ["2024-01-01"]}), {**BASE, **change}
        )


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


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


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


def test_inspect_names_targets_that_are_no_words() -> None:
    mapping = yaml.safe_load((EXPORT / "mapping.yaml").read_text("utf-8"))
    mapping["events"]["type"]["values"]["Fall angelegt"] = "case.opend"
    found = duecare.inspect(EXPORT / "export.csv", None, mapping)
    told = [doubt for doubt in found.doubts if "case.opend" in doubt]
    assert len(told) == 1
    assert told[0].endswith('Is "case.opened" meant?')
    assert ("case.opend", 4) in found.unseen  # also without a policy: the built-in one is asked
    mapping["events"]["type"]["values"]["Fall angelegt"] = "case.opened"
    assert duecare.inspect(EXPORT / "export.csv", None, mapping).doubts == []


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


def test_a_mapping_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(duecare.DataError, match="no text in UTF-8"):
        duecare.Caseload.from_file(EXPORT / "export.csv", tmp_path / "m.yaml")


def test_a_question_mark_may_mean_no_value() -> None:
    frame = pa.table(
        {"Fall": ["A", "B"], "Art": ["x", "x"], "Am": ["2024-01-01T08:00:00Z"] * 2, "Wer": ["?", "b"]}
    )
    mapping = {**BASE, "null_values": ["?"], "events": {**BASE["events"], "actor": "Wer"}}
    caseload = duecare.Caseload.from_events(frame, mapping)
    assert [caseload.document(i)["events"][0].get("actor") for i in range(2)] == [None, "b"]


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


def test_blanks_around_text_of_a_table_mean_nothing() -> None:
    frame = pa.table(
        {
            "Fall": ["A", "A ", " A", "A"],
            "Art": ["x  ", "x", "x", "x"],
            "Am": ["2024-01-01 ", "2024-01-02", "2024-01-03", "2024-01-04"],
            "Um": ["09:15 ", "09:15", "", " "],
            "Wer": ["b", "b ", "   ", "\t"],
            "Ort": ["North   ", "a b", "", " "],
        }
    )
    occurred = {"column": "Am", "time": "Um", "date_format": "%Y-%m-%d"}
    events = {**BASE["events"], "type": {"column": "Art", "values": {"x": "case.opened"}}}
    events |= {"occurred": occurred, "actor": "Wer", "attributes": {"place": "Ort"}}
    caseload = duecare.Caseload.from_events(frame, BASE | {"time_zone": "UTC", "events": events})
    assert (caseload.case_ids, caseload.rejects) == (("A",), ())
    found = caseload.document(0)["events"]
    assert [event["type"] for event in found] == ["case.opened"] * 4
    assert [event.get("actor") for event in found] == ["b", "b", None, None]
    assert [event.get("attributes") for event in found] == [{"place": "North"}, {"place": "a b"}, None, None]
    assert [len(event["occurred_at"]) > 10 for event in found] == [True, True, False, False]


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


def test_every_command_reads_tables_by_a_mapping(tmp_path: Path) -> None:
    given = ["--policy", str(EXPORT / "policy.json"), "--mapping", str(EXPORT / "mapping.yaml")]
    table = str(EXPORT / "export.csv")
    page = tmp_path / "report.html"
    code, _, said = run("report", *given, table, "-o", str(page))
    assert code == 3  # one case was rejected, as of audit
    assert "30.02.2013" in said
    assert "K-2024-002" in page.read_text("utf-8")
    code, out, _ = run("case", *given, table, "K-2024-002")
    assert code == 3
    assert "done late" in out
    code, out, _ = run("explain", *given, table, "K-2024-002", "return-interview")
    assert code == 3
    assert "3 days 11 hours" in out
    code, out, _ = run("due", *given, "--as-of", "2024-04-01", "--until", "2024-04-05", table)
    assert code == 3
    assert "K-2024-003" in out
    code, out, _ = run("replay", *given, "--case", "K-2024-001", table)
    assert code == 3
    code, out, _ = run("sample", "frame", *given, "--stratum", "case.unit", table)
    assert code == 3
    assert "K-2024-001\tJugend Nord" in out


def test_documents_beside_tables_stay_documents(tmp_path: Path) -> None:
    staff = tmp_path / "staff.jsonl"
    row = {"id": "a.brandt", "service": [{"from": "2020-01-01", "unit": "Jugend", "rank": "sergeant"}]}
    staff.write_text(json.dumps({"format": "duecare.staff/1", "staff": [row]}) + "\n", "utf-8")
    given = ["--policy", str(EXPORT / "policy.json"), "--mapping", str(EXPORT / "mapping.yaml")]
    code, _, said = run("audit", *given, str(EXPORT / "export.csv"), str(staff))
    assert code == 3
    assert "1 document rejected" in said
    assert "warning: staff" not in said


def test_a_table_without_a_mapping_says_what_to_do() -> None:
    code, _, said = run("audit", "--policy", str(EXPORT / "policy.json"), str(EXPORT / "export.csv"))
    assert code == 2
    assert "--mapping" in said
    assert "duecare map inspect" in " ".join(said.replace("│", " ").split())


def test_a_proposal_is_not_used_before_it_is_decided(tmp_path: Path) -> None:
    table = str(EXPORT / "export.csv")
    code, out, _ = run("map", "inspect", "--delimiter", ";", "--json", table)
    assert json.loads(out)["time_zone"] == "?"
    mapping = tmp_path / "mapping.json"
    mapping.write_text(out, "utf-8")
    given = ["--policy", str(EXPORT / "policy.json"), "--mapping", str(mapping)]
    code, _, said = run("audit", *given, table)
    assert code == 1
    assert "/events/type/values/Fall angelegt" in said
    # Nothing mapped at all would look like a caseload without failings.
    document = json.loads(out) | {"time_zone": "Europe/Berlin"}
    document["events"]["type"] = "Ereignis"
    mapping.write_text(json.dumps(document), "utf-8")
    code, _, said = run("audit", *given, table)
    assert "no duty sees 14 of 14 events" in said
    assert "nothing was judged" in said
