"""The unit of an obligation is the same in every table, page, list and store."""

import copy
import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import duecare
import support
from duecare._figures._study import NO_UNIT, Study

# anna moves from North to South; bert and dora are people without a unit; "Child Abuse" is a unit.
STAFF = {
    "format": "duecare.staff/1",
    "staff": [
        {
            "id": "anna",
            "service": [
                {"from": "2020-01-01", "until": "2023-01-12", "unit": "North", "rank": "constable"},
                {"from": "2023-01-12", "unit": "South", "rank": "sergeant"},
            ],
        },
        {"id": "bert", "service": [{"from": "2020-01-01", "rank": "constable"}]},
        {"id": "cleo", "service": [{"from": "2020-01-01", "rank": "inspector", "unit": "North"}]},
    ],
}
HOLDERS = {
    "C1": ({"holder": "anna", "unit": "East"}, "South"),
    "C2": ({"holder": "Child Abuse", "unit": "East"}, "Child Abuse"),
    "C3": ({"holder": "bert", "unit": "East"}, "East"),
    "C4": ({"holder": "dora", "unit": "West"}, "West"),
    "C5": ({"unit": "West"}, "West"),
    "C6": ({"holder": "bert"}, None),
}


def documents() -> list[dict[str, Any]]:
    return [
        STAFF,
        *(
            support.case(
                case_id,
                support.event("case.opened", "2023-01-09T08:00:00Z", actor="dora"),
                support.event("missing.returned", "2023-01-10T08:00:00Z"),
                attributes=attributes,
            )
            for case_id, (attributes, _) in HOLDERS.items()
        ),
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("units")
    (folder / "cases.jsonl").write_text(support.json_lines(*documents()))
    policy = support.policy(owner="case.holder", ranks={"constable": 1, "sergeant": 2, "inspector": 3})
    (folder / "policy.json").write_text(json.dumps(policy))
    return folder


def audited(folder: Path, as_of: str = "2023-01-20T00:00:00Z") -> duecare.Result:
    policy = duecare.Policy.load(folder / "policy.json")
    return duecare.audit(folder / "cases.jsonl", policy, as_of=as_of, verdicts="all")


EXPECTED = {case_id: unit for case_id, (_, unit) in HOLDERS.items()}
COUNTS = Counter(EXPECTED.values())


def test_each_finding_has_the_unit_of_the_definition(folder: Path) -> None:
    findings = audited(folder).findings
    assert {finding.case_id: finding.unit for finding in findings} == EXPECTED
    assert "unit" not in findings[0].to_dict()  # which has the contract's fields
    assert [copy.copy(finding).unit for finding in findings] == list(EXPECTED.values())
    # Not due yet: anna is still in North.
    early = audited(folder, "2023-01-11T08:00:00Z").findings
    assert {finding.case_id: finding.unit for finding in early} == {**EXPECTED, "C1": "North"}


def test_tables_pictures_and_the_store_count_the_same(folder: Path, tmp_path: Path) -> None:
    result = audited(folder)
    assert {row.group["unit"]: row.total for row in result.compliance(by=["unit"])} == COUNTS
    study = Study(result)
    assert {name: study.unit(name).total for name in study.units} == {
        unit or NO_UNIT: n for unit, n in COUNTS.items()
    }
    with duecare.Store(tmp_path / "s.db", create=True) as store:
        store.put_run(result)
        assert {point["key"]: point["total"] for point in store.trend("unit")} == COUNTS
        for unit in filter(None, COUNTS):
            assert store.findings(1, unit=unit).summary["total"] == COUNTS[unit]
    rows = result.capacity(["2023-01-20"], supervisor_rank="sergeant")
    held = {row.name: row.open_obligations for row in rows if row.level == "unit"}
    assert held == {**COUNTS, "North": 0}
    assert {row.name: row.open_cases for row in rows if row.level == "unit"} == held
    assert {row.name: row.supervisors for row in rows if row.supervisors} == {"South": 1, "North": 1}
    # Owners stay what the policy says.
    assert {row.group["owner"] for row in result.owners()} == {"anna", "Child Abuse", "bert", "dora", None}


def test_supervisors_are_those_whom_the_caller_names(folder: Path) -> None:
    result = audited(folder)
    assert all(row.level != "supervisor" for row in result.capacity(["2023-01-11"]))
    rows = result.capacity(["2023-01-11"], supervised_by={"anna": "cleo", "bert": "cleo"})
    found = {row.name: (row.unit, row.open_cases) for row in rows if row.level == "supervisor"}
    assert found == {"cleo": ("North", 3), None: (None, 3)}
    with pytest.raises(duecare.ArgumentError, match="constable, sergeant, inspector"):
        result.capacity([], supervisor_rank="boss")
    with pytest.raises(TypeError, match="a list of instants"):
        result.capacity("2023-01-11")
    with pytest.raises(duecare.ArgumentError, match="instant"):
        result.capacity(["soon"])


def due(folder: Path, *arguments: str) -> bytes:
    done = support.run_cli(
        ["due", folder / "cases.jsonl", "--policy", folder / "policy.json", "--as-of", "2023-01-11",
         "--until", "2023-01-14", *arguments]
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_falls_due_is_held_by_the_unit_where_there_is_no_owner(folder: Path) -> None:
    heads = [line for line in due(folder).decode().splitlines() if not line.startswith(" ")]
    assert heads == ["Child Abuse (1)", "West (1)", "anna (1)", "bert (2)", "dora (1)"]

    def cases(owner: str) -> list[str]:
        lines = due(folder, "--owner", owner, "--format", "jsonl").splitlines()
        return [json.loads(line)["case_id"] for line in lines]

    assert [cases(owner) for owner in ("West", "North", "bert", "nobody")] == [
        ["C4", "C5"],
        ["C1"],
        ["C3", "C6"],
        [],
    ]


def test_a_mistyped_holder_is_not_somebody_with_nothing_to_do(folder: Path) -> None:
    def said(owner: str) -> str:
        given = ["due", folder / "cases.jsonl", "--policy", folder / "policy.json", "--as-of", "2023-01-11"]
        done = support.run_cli([*given, "--until", "2023-01-14", "--owner", owner])
        assert done.returncode == 0
        return done.stderr.decode()

    assert "nobody called 'Wset' holds anything that is still to do. Did you mean 'West'?" in said("Wset")
    assert "nobody" not in said("West")


def _rows(rows: Iterable[Mapping[str, str]]) -> list[str]:
    return [row["case_id"] for row in rows]


@pytest.mark.parametrize("command", ["due", "replay"])
def test_lists_are_written_as_tables_too(command: str, folder: Path, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    arguments = [command, folder / "cases.jsonl", "--policy", folder / "policy.json", "--as-of", "2023-01-11"]
    arguments += ["--until", "2023-01-14"] if command == "due" else []
    said = [
        json.loads(line)
        for line in support.run_cli([*arguments, "--format", "jsonl"]).stdout.splitlines()
    ]  # fmt: skip
    assert said
    text = support.run_cli([*arguments, "--format", "csv"]).stdout.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == list(said[0])
    assert _rows(rows) == _rows(said)
    instants = [[datetime.fromisoformat(row["opened_at"]) for row in some] for some in (rows, said)]
    assert instants[0] == instants[1]
    for form in ("parquet", "arrow"):
        out = tmp_path / form
        done = support.run_cli([*arguments, "--format", form, "-o", out])
        assert (done.returncode, done.stdout) == (0, b""), done.stderr
        table = pq.read_table(out) if form == "parquet" else pa.ipc.open_file(out).read_all()
        assert table["case_id"].to_pylist() == _rows(said)
    assert (
        support.run_cli([*arguments, "--format", "table"]).stdout
        == support.run_cli(arguments).stdout
        == support.run_cli([*arguments, "--format", "text"]).stdout
    )


def test_nothing_falls_due_before_the_audit(folder: Path) -> None:
    done = support.run_cli(
        ["due", folder / "cases.jsonl", "--policy", folder / "policy.json", "--as-of", "2023-01-11",
         "--until", "2023-01-10"]
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"is before the instant of the audit" in done.stderr
