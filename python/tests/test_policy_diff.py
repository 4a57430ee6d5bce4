"""What changes when one policy takes the place of another."""

import json
from pathlib import Path
from typing import Any

import pytest

import support

OLD = support.policy(parameters={"talk": "72 hours"})
OLD["duties"][0]["within"] = "$talk"
GONE = {**support.VIEWS, "id": "gone", "title": "Gone", "on": {"event": "missing.returned"}}
COME = {**support.VIEWS, "id": "come", "title": "Come", "on": {"event": "missing.returned"}, "check": "false"}


def old() -> dict[str, Any]:
    document = json.loads(json.dumps(OLD))
    document["duties"].append(GONE)
    return dict(document)


def new() -> dict[str, Any]:
    document = json.loads(json.dumps(OLD))
    document["version"] = "2.0.0"
    document["parameters"]["talk"] = "12 hours"
    document["duties"][1]["severity"] = "low"
    document["duties"].append(COME)
    return dict(document)


@pytest.fixture
def files(tmp_path: Path, caseload_file: Path) -> list[object]:
    support.write(caseload_file, support.json_lines(support.MET, support.LATE, support.NO_VIEWS))
    return [
        support.write(tmp_path / "old.json", old()),
        support.write(tmp_path / "new.json", new()),
        "--caseload",
        caseload_file,
        "--as-of",
        support.AS_OF,
    ]


def diff(arguments: list[object], *more: object) -> Any:
    return support.run_cli(["policy", "diff", *arguments, *more])


def document(arguments: list[object], *more: object) -> Any:
    done = diff(arguments, "--format", "json", *more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_definitions(files: list[object]) -> None:
    found = document(files)["definitions"]
    assert found["added"] == [{"duty_id": "come", "title": "Come"}]
    assert found["removed"] == [{"duty_id": "gone", "title": "Gone"}]
    assert found["changed"] == [
        {
            "duty_id": "views-recorded",
            "title": support.VIEWS["title"],
            "keys": [{"path": "severity", "old": "critical", "new": "low"}],
        }
    ]
    assert found["rest"] == [
        {"path": "version", "old": "1.0.0", "new": "2.0.0"},
        {"path": "parameters/talk", "old": "72 hours", "new": "12 hours"},
    ]
    assert found["parameters_used_by"] == {"talk": ["return-interview"]}


def test_changes_in_a_fixed_order(files: list[object]) -> None:
    found = document(files)
    rows = [
        (c["case_id"], c["duty_id"], c["kind"], c["verdict"]["old"], c["verdict"]["new"])
        for c in found["changes"]
    ]
    assert rows == [
        ("MC-1", "return-interview", "changed", "met", "late"),
        ("MC-1", "come", "appeared", None, "missed"),
        ("MC-1", "gone", "disappeared", "missed", None),
        ("MC-2", "return-interview", "changed", "late", "late"),
        ("MC-2", "come", "appeared", None, "missed"),
        ("MC-2", "gone", "disappeared", "missed", None),
    ]
    assert found["changes"][0]["due_at"] == {"old": "2023-01-13T08:00:00Z", "new": "2023-01-10T20:00:00Z"}
    assert found["changes"][0]["trigger_event"] == "e1"
    assert found["changes"][0]["explanation"]


def test_totals_have_denominators(files: list[object]) -> None:
    found = document(files)
    rows = {row["duty_id"]: row for row in found["duties"]}
    assert list(rows) == ["return-interview", "views-recorded", "come", "gone"]
    assert rows["return-interview"] == {
        "duty_id": "return-interview",
        "old": 2,
        "new": 2,
        "same": 0,
        "appeared": 0,
        "disappeared": 0,
        "verdict_changed": 1,
        "due_changed": 2,
        "moves": [{"from": "met", "to": "late", "count": 1}],
    }
    assert (rows["views-recorded"]["old"], rows["views-recorded"]["same"]) == (1, 1)
    assert (rows["come"]["old"], rows["come"]["appeared"]) == (0, 2)
    assert (rows["gone"]["new"], rows["gone"]["disappeared"]) == (0, 2)
    assert found["cases"] == 3


def test_for_people(files: list[object], tmp_path: Path) -> None:
    done = diff(files)
    assert done.returncode == 0
    text = done.stdout.decode()
    for part in (
        "come: Come",
        "gone: Gone",
        "severity: critical → low",
        "parameters/talk: 72 hours → 12 hours (used by return-interview)",
        "met → late",
        "1 met → late",
        "5 obligations under example 1.0.0, 5 under example 2.0.0; 6 changes in 2 of 3 cases.",
    ):
        assert part in text, part
    out = tmp_path / "diff.md"
    assert diff(files, "--format", "md", "--out", out).returncode == 0
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# example 1.0.0 → example 2.0.0"
    assert "| return-interview | 2 | 2 | 0 | 0 | 0 | 1 | 2 | 1 met → late |" in lines
    assert any(
        line.startswith("| MC-1 | the case | return-interview | 2023-01-10 08:00 | met → late |")
        for line in lines
    )


def test_exit_codes(files: list[object], caseload_file: Path) -> None:
    assert diff(files, "--fail-on-change").returncode == 4
    same = [files[0], files[0], *files[2:]]
    done = diff(same, "--fail-on-change")
    assert done.returncode == 0
    assert b"The policies ask the same." in done.stdout
    support.write(caseload_file, support.json_lines(support.MET, support.BROKEN))
    assert diff(same).returncode == 3
    assert diff([*files[:4], "--as-of", "soon"]).returncode == 2


def test_obligations_that_share_their_identity_are_told_apart(tmp_path: Path) -> None:
    """A rhythm whose opening event is itself the first answer: two obligations of one identity."""
    duty = {
        "id": "rhythm",
        "title": "Rhythm",
        "area": "a",
        "severity": "low",
        "source": support.SOURCE,
        "while": "fact.open == true",
        "require": "review",
        "every": "7 days",
    }
    facts = {"open": {"initial": "false", "set": [{"event": "review", "to": "true"}]}}
    before = support.write(tmp_path / "a.json", support.policy(duty, facts=facts))
    after = support.write(tmp_path / "b.json", support.policy({**duty, "every": "6 days"}, facts=facts))
    cases = support.write(
        tmp_path / "c.jsonl",
        support.json_lines(support.case("MC-1", support.event("review", "2023-01-02T08:00:00Z"))),
    )
    found = document([before, after, "--caseload", cases, "--as-of", "2023-01-05"])
    assert [row["old"] for row in found["duties"]] == [2]
    assert [row["new"] for row in found["duties"]] == [2]
    assert [change["due_at"]["new"] for change in found["changes"]] == ["2023-01-08T08:00:00Z"] * 2
