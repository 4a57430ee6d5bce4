"""``duecare policy test``: tests in policies, and files in the form of the conformance vectors."""

import json
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

import support

EXPECT_LATE = {"duty": "return-interview", "verdict": "late", "due_at": "2023-01-13T08:00:00+00:00"}


def duty_test(**changes: Any) -> dict[str, Any]:
    test = {"name": "late by an hour", "as_of": support.AS_OF, "case": support.LATE, "expect": [EXPECT_LATE]}
    return {**test, **changes}


def policy_with(*tests: Any, top: list[Any] | None = None) -> dict[str, Any]:
    duty = {**support.RETURN_INTERVIEW, "tests": list(tests)} if tests else support.RETURN_INTERVIEW
    return support.policy(duty, support.VIEWS, **({"tests": top} if top else {}))


def run(tmp_path: Path, document: Any, *options: str) -> subprocess.CompletedProcess[bytes]:
    path = support.write(tmp_path / "tested.json", document)
    return support.run_cli(["policy", "test", path, *options])


def test_passes(tmp_path: Path) -> None:
    done = run(tmp_path, policy_with(duty_test()))
    assert done.returncode == 0, done.stdout
    text = done.stdout.decode()
    assert "pass" in text
    assert "return-interview: late by an hour" in text
    assert text.endswith("1 test passed, 0 failed\n")


def test_the_duty_may_go_without_saying(tmp_path: Path) -> None:
    done = run(tmp_path, policy_with(duty_test(expect=[{"verdict": "late"}])))
    assert done.returncode == 0, done.stdout


def test_a_case_needs_no_format_inside_a_policy(tmp_path: Path) -> None:
    bare = {key: value for key, value in support.LATE.items() if key != "format"}
    assert run(tmp_path, policy_with(duty_test(case=bare))).returncode == 0


def test_shows_expected_against_found(tmp_path: Path) -> None:
    wrong = duty_test(expect=[{"duty": "return-interview", "verdict": "met", "overdue_seconds": 0}])
    done = run(tmp_path, policy_with(wrong))
    assert done.returncode == 1
    text = done.stdout.decode()
    assert "FAIL" in text
    assert 'verdict: expected "met", found "late"' in text
    assert "overdue_seconds: expected 0, found 5400" in text
    assert text.endswith("0 tests passed, 1 failed\n")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"expect": []}, "found, but not expected"),
        ({"expect": [EXPECT_LATE, {"verdict": "met"}]}, "expected, but not found"),
        ({"expect": [{"verdct": "late"}]}, "Did you mean 'verdict'?"),
        ({"expect": [{"duty": "no-such", "verdict": "late"}]}, "cannot expect anything of `no-such`"),
        ({"cases": [support.LATE]}, "give either `case` or `cases`"),
        ({"as_of": None}, "`as_of` must be"),
        ({"as_off": "x"}, "the key `as_off` is not known"),
        ({"case": {**support.LATE, "events": 1}}, "the case cannot be read"),
        ({"as_of": "yesterday"}, "expected is YYYY-MM-DD"),
    ],
)
def test_what_is_wrong_fails(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    done = run(tmp_path, policy_with(duty_test(**changes)))
    assert done.returncode == 1
    # The policy itself may already refuse a malformed test; either way it is told and fails.
    assert message in done.stdout.decode() or b"/tests/0" in done.stderr


def test_all_obligations_of_the_duty_in_any_order(tmp_path: Path) -> None:
    cases = [support.LATE, support.MISSED, support.NO_VIEWS]
    expect = [{"verdict": "missed"}, {"verdict": "late"}]
    assert run(tmp_path, policy_with(duty_test(case=None, cases=cases, expect=expect))).returncode == 1
    both = {key: value for key, value in duty_test(cases=cases, expect=expect).items() if key != "case"}
    assert run(tmp_path, policy_with(both)).returncode == 0


def test_entries_that_say_little_leave_room_for_those_that_say_more(tmp_path: Path) -> None:
    test = duty_test(
        cases=[support.LATE, support.MISSED],
        expect=[{"verdict": "late"}, {"verdict": "missed", "ending_event": None}],
    )
    del test["case"]
    assert run(tmp_path, policy_with(test)).returncode == 0


def test_of_the_whole_policy(tmp_path: Path) -> None:
    cases = [support.LATE, support.NO_VIEWS]
    test = {"name": "both", "as_of": support.AS_OF, "cases": cases}
    views = {"duty": "views-recorded", "verdict": "missed"}
    assert run(tmp_path, policy_with(top=[{**test, "expect": [views]}])).returncode == 0
    assert run(tmp_path, policy_with(top=[{**test, "expect": [views, EXPECT_LATE]}])).returncode == 0
    assert run(tmp_path, policy_with(top=[{**test, "expect": []}])).returncode == 1
    assert run(tmp_path, policy_with(top=[{**test, "expect": [{"verdict": "late"}]}])).returncode == 1
    nowhere = run(tmp_path, policy_with(top=[{**test, "expect": [{"duty": "no-such", "verdict": "late"}]}]))
    assert nowhere.returncode == 1
    assert b"no-such" in nowhere.stderr


def test_known_at(tmp_path: Path) -> None:
    late_entry = support.case(
        "MC-1",
        support.event("missing.returned", "2023-01-10T08:00:00Z"),
        support.event("interview.return_home", "2023-01-11T08:00:00Z", recorded_at="2023-01-18T08:00:00Z"),
    )
    test = duty_test(case=late_entry, known_at="2023-01-15", expect=[{"verdict": "missed"}])
    assert run(tmp_path, policy_with(test)).returncode == 0


def test_no_tests_is_an_error(tmp_path: Path) -> None:
    done = run(tmp_path, policy_with())
    assert done.returncode == 1
    assert b"no tests found" in done.stderr
    (tmp_path / "empty").mkdir()
    assert support.run_cli(["policy", "test", tmp_path / "empty"]).returncode == 1


def test_a_policy_that_does_not_compile(tmp_path: Path) -> None:
    broken = {**support.RETURN_INTERVIEW, "within": "72 hors", "tests": [duty_test()]}
    done = run(tmp_path, support.policy(broken))
    assert done.returncode == 1
    assert b"hors" in done.stderr
    assert b"Traceback" not in done.stderr


def test_vectors_pass() -> None:
    done = support.run_cli(["policy", "test", support.VECTORS, "--quiet"])
    assert done.returncode == 0, done.stdout
    count = len(list(support.VECTORS.rglob("*.json")))
    assert done.stdout.decode() == f"{count} tests passed, 0 failed\n"


@pytest.mark.parametrize("change", ["verdict", "missing", "rejects"])
def test_vectors_that_are_wrong_fail(tmp_path: Path, change: str) -> None:
    vector = json.loads((support.VECTORS / "025-malformed-lines.json").read_bytes())
    if change == "verdict":
        vector["expect"][0]["verdict"] = "late"
    elif change == "missing":
        vector["expect"].pop()
    else:
        vector["expect_rejects"].pop()
    done = run(tmp_path, vector)
    assert done.returncode == 1
    text = done.stdout.decode()
    expected = {
        "verdict": 'verdict: expected "late", found "met"',
        "missing": "2. found, but not expected",
        "rejects": "rejected lines: expected [2, 3, 5, 6, 7, 8], found [2, 3, 5, 6, 7, 8, 9]",
    }
    assert expected[change] in text


def test_junit(tmp_path: Path) -> None:
    wrong = duty_test(name="wrong \u0001", expect=[])
    done = run(tmp_path, policy_with(duty_test(), wrong), "--junit", str(tmp_path / "junit.xml"))
    assert done.returncode == 1
    root = ET.parse(tmp_path / "junit.xml").getroot()  # noqa: S314
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    cases = root.findall("./testsuite/testcase")
    assert [case.find("failure") is not None for case in cases] == [False, True]
    assert cases[0].get("classname") == "return-interview"
