"""Mappings of a host's own tables, what goes wrong with them, and every command that takes one."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pytest
import yaml

import duecare
from tabular import BASE, EXPORT, SEPSIS, mapped, occurred, run


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
