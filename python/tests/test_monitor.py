"""Monitor, ``duecare replay`` and the pytest plugin."""

import copy
import importlib.metadata
import json
import random
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import duecare
import support
from duecare._replay import replay

EXAMPLES = support.ROOT / "examples"
FILES = [EXAMPLES / "caseload/cases.jsonl", EXAMPLES / "caseload/staff.jsonl"]
HARNESS = EXAMPLES / "harness"


@pytest.fixture(scope="module")
def policy() -> duecare.Policy:
    return duecare.Policy.load(EXAMPLES / "policy.json")


@pytest.fixture(scope="module")
def result(policy: duecare.Policy) -> duecare.Result:
    return duecare.audit(FILES, policy, verdicts="all")


def documents() -> list[dict[str, object]]:
    return [json.loads(line) for file in FILES for line in file.read_text().splitlines() if line]


def test_findings_are_those_of_the_audit(policy: duecare.Policy, result: duecare.Result) -> None:
    monitor = duecare.Monitor(policy, result.as_of)
    events = []
    for document in documents():
        of_case = document.get("events", [])
        assert isinstance(of_case, list)
        events += [(str(document["id"]), {"id": f"#{n}"} | e) for n, e in enumerate(of_case, 1)]
        monitor.push_document(document | {"events": []} if of_case else document)
    random.Random(1).shuffle(events)  # noqa: S311
    for case_id, event in events:
        monitor.push_event(case_id, event)
    found = [finding.to_dict() for finding in monitor.findings(verdicts="all")]
    assert found == [finding.to_dict() for finding in result.findings]
    assert len(monitor.list(verdicts="all")) == len(found)
    again = duecare.Monitor.restore(policy, monitor.snapshot())
    assert again.list(verdicts="all") == monitor.list(verdicts="all")
    assert (again.as_of, again.known_at, again.event_count) == (result.as_of, result.as_of, len(events))
    one = found[0]["case_id"]
    assert {f.case_id for f in monitor.findings(one, verdicts="all")} == {one}
    assert monitor.memory > 0
    assert repr(monitor).startswith("<duecare.Monitor of ")


def small() -> tuple[duecare.Policy, duecare.Monitor]:
    vector = json.loads((HARNESS / "return-interview.duecare.json").read_text())
    policy = duecare.Policy.from_json(vector["policy"])
    monitor = duecare.Monitor(policy, datetime(2023, 1, 10, 9, tzinfo=UTC))
    assert monitor.push_document({"format": "duecare.case/1", "id": "C"}) == ()
    return policy, monitor


def test_changes_tell_what_became() -> None:
    _, monitor = small()
    event = {"id": "e1", "type": "missing.returned", "occurred_at": "2023-01-10T08:00:00Z"}
    (opened,) = monitor.push_event("C", event)
    assert (opened.what, opened.verdict, opened.verdict_before) == (("opened",), "pending", None)
    due = datetime(2023, 1, 13, 8, tzinfo=UTC)
    assert monitor.next_due == opened.due_at == due
    assert monitor.list(due_until=due - timedelta(seconds=1)) == ()
    assert [o.case_id for o in monitor.list(due_until=due)] == ["C"]
    assert [o.case_id for o in monitor.list(due_until=due.isoformat())] == ["C"]
    with pytest.raises(TypeError, match="due_until must be an aware datetime or text"):
        monitor.list(due_until=3)  # type: ignore[arg-type]
    assert monitor.set_clock(due) == ()
    (missed,) = monitor.set_clock(due + timedelta(seconds=30))
    assert (missed.what, missed.verdict, missed.overdue_seconds) == (("verdict",), "missed", 30)
    assert monitor.next_due is None
    (back,) = monitor.set_clock("2023-01-11")
    assert back.verdict == "pending"
    (gone,) = monitor.push_event(
        "C", {"type": "x", "occurred_at": "2023-01-10T08:30:00Z", "replaces": "e1", "withdrawn": True}
    )
    assert gone.what == ("gone",)
    assert monitor.drop_case("C") == ()
    assert monitor.case_count == 0


def test_refusals_leave_it_as_it_was() -> None:
    policy, monitor = small()
    before = monitor.snapshot()
    with pytest.raises(duecare.NotFoundError, match="push its document"):
        monitor.push_event("D", "{}")
    with pytest.raises(duecare.DataError) as refused:
        monitor.push_event("C", {"type": "x", "occurred_at": "2023-02-30"})
    assert refused.value.pointer == "/occurred_at"
    with pytest.raises(duecare.DataError, match="cut off"):
        duecare.Monitor.restore(policy, before[:-5])
    with pytest.raises(duecare.ArgumentError):
        monitor.push_event("C", {"x": float("nan")})
    with pytest.raises(TypeError):
        copy.copy(monitor)
    assert monitor.snapshot() == before


@pytest.mark.parametrize("step", ["event", "day"])
def test_a_replay_ends_where_the_audit_does(
    policy: duecare.Policy, result: duecare.Result, step: str
) -> None:
    state: dict[tuple[object, ...], str] = {}
    for one in replay(result.caseload, policy, as_of=result.as_of, step=step):  # type: ignore[arg-type]
        for change in one.changes:
            identity = (change.case_id, change.duty_id, change.key, change.trigger_event, change.opened_at)
            if "gone" in change.what:
                del state[identity]
            else:
                state[identity] = change.verdict
    expected = {
        (f.case_id, f.duty_id, f.key, f.trigger_event, f.opened_at): f.verdict for f in result.findings
    }
    assert state == expected


def run(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    return support.run_cli(["replay", *FILES, "--policy", EXAMPLES / "policy.json", *arguments])


def test_the_command_shows_steps(result: duecare.Result) -> None:
    case_id = result.caseload.case_ids[0]
    done = run("--case", case_id)
    assert done.returncode == 0, done.stderr
    assert b"opened" in done.stdout
    refused = run("--case", "nobody")
    assert refused.returncode == 1
    assert f"There is no case 'nobody' among {len(result.caseload)}.".encode() in refused.stderr
    assert case_id.encode() not in refused.stderr


def test_what_did_the_supervisor_see_on_the_8th() -> None:
    done = run("--case", "WILTS-1", "--step", "day", "--as-of", "2023-03-08T12:00:00Z")
    assert done.returncode == 0, done.stderr
    head, _, left = done.stdout.decode().partition("(open then: 2)\n")
    assert "e5 threat.stated" not in head  # recorded on the 20th
    assert [line.split() for line in left.splitlines()] == [
        ["missed", "WILTS-1", "arrest-known-suspect", "(S1),", "due", "2023-02-28", "23:59"],
        ["missed", "WILTS-1", "victim-statement,", "due", "2023-03-06", "23:59"],
    ]


def test_expectations(tmp_path: Path) -> None:
    done = run("--case", "WILTS-1", "--expect", HARNESS / "expected.jsonl", "--junit", tmp_path / "good.xml")
    assert done.returncode == 0, done.stderr
    suites = ET.parse(tmp_path / "good.xml").getroot()  # noqa: S314
    assert suites.get("failures") == "0"
    assert int(suites.get("tests", "0")) > 0
    lines = (HARNESS / "expected.jsonl").read_text().splitlines()
    wrong = json.loads(lines[0])
    wrong["verdict"] = "excused"
    other = tmp_path / "other.jsonl"
    other.write_text("\n".join([json.dumps(wrong), *lines[1:]]))
    done = run("--case", "WILTS-1", "--expect", other, "--junit", tmp_path / "bad.xml")
    assert done.returncode == 1
    assert b"-{" in done.stderr
    assert b'"excused"' in done.stderr
    assert ET.parse(tmp_path / "bad.xml").getroot().get("failures") == "1"  # noqa: S314
    other.write_text("[]\n")
    assert run("--expect", other).returncode == 1


def test_the_plugin(tmp_path: Path) -> None:
    good = tmp_path / "good.duecare.json"
    shutil.copy(HARNESS / "return-interview.duecare.json", good)
    vector = json.loads(good.read_text())
    vector["expect"][0]["verdict"] = "missed"
    (tmp_path / "bad.duecare.json").write_text(json.dumps(vector))
    installed = {entry.name for entry in importlib.metadata.entry_points(group="pytest11")}
    plugin = [] if "duecare" in installed else ["-p", "duecare.pytest_plugin"]
    command = [sys.executable, "-m", "pytest", "-q", *plugin, "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, str(tmp_path)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "found, not expected" in done.stdout


@pytest.mark.skipif(shutil.which("ctest") is None, reason="needs ctest")
def test_the_ctest_example(tmp_path: Path) -> None:
    configure = ["cmake", "-S", str(HARNESS), "-B", str(tmp_path), f"-DPython_EXECUTABLE={sys.executable}"]
    subprocess.run(configure, check=True, capture_output=True)
    done = subprocess.run(["ctest"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "replay.xml").is_file()
