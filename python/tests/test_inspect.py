"""What a proposed mapping is told from, and what nobody but a person can decide."""

import json
import sqlite3
from pathlib import Path

import jsonschema
import pytest
import yaml

import duecare
from tabular import EXPORT, run, table_file, workbook


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


def test_inspect_names_targets_that_are_no_words() -> None:
    mapping = yaml.safe_load((EXPORT / "mapping.yaml").read_text("utf-8"))
    mapping["events"]["type"]["values"]["Fall angelegt"] = "case.opend"
    found = duecare.inspect(EXPORT / "export.csv", None, mapping)
    told = [doubt for doubt in found.doubts if "case.opend" in doubt]
    assert len(told) == 1
    assert told[0].endswith("Did you mean 'case.opened'?")
    assert ("case.opend", 4) in found.unseen  # also without a policy: the built-in one is asked
    mapping["events"]["type"]["values"]["Fall angelegt"] = "case.opened"
    assert duecare.inspect(EXPORT / "export.csv", None, mapping).doubts == []


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
