"""Explanations: steps, the nearest change, and the command."""

import json
from pathlib import Path
from typing import Any

import pytest

import duecare
import support

AS_OF = support.AS_OF
INTERVIEW = {
    **support.RETURN_INTERVIEW,
    "require": {"event": "interview.return_home", "where": "event.alone == true"},
}


def explained(events: list[dict[str, Any]], key: str | None = None) -> duecare.Explanation:
    caseload = duecare.Caseload()
    case = {"format": "duecare.case/1", "id": "C", "events": events}
    caseload.read_bytes(support.json_lines(case).encode())
    policy = duecare.Policy.from_json(support.policy(INTERVIEW))
    return duecare.audit(caseload, policy, as_of=AS_OF).explain("C", "return-interview", key)


BACK = support.event("missing.returned", "2023-01-10T08:00:00Z", id="e1")
TALK = support.event("interview.return_home", "2023-01-11T08:00:00Z", id="e2", attributes={"alone": False})


def test_steps_and_nearest() -> None:
    explanation = explained([BACK, TALK])
    assert [step["kind"] for step in explanation.steps] == ["opened", "due", "rejected", "judged"]
    assert explanation.steps[2]["event"] == "e2"
    assert explanation.steps[2]["why"] == "where"
    assert [change["kind"] for change in explanation.nearest] == ["change_event", "add_event"]
    assert explanation.nearest[0]["needs"] == [{"path": "event.alone", "relation": "==", "value": True}]
    assert explanation.obligations[0].finding["verdict"] == "missed"
    assert '"alone" is false' in str(explanation)


def test_the_change_named_is_enough() -> None:
    for change in explained([BACK, TALK]).nearest:
        if change["kind"] == "add_event":
            repaired = [BACK, TALK, {**TALK, "id": "e3", "occurred_at": change["until"]}]
            repaired[2]["attributes"] = {"alone": True}
        else:
            repaired = [BACK, {**TALK, "attributes": {"alone": True}}]
        assert explained(repaired).obligations[0].finding["verdict"] == "met"


def test_to_dict_is_the_json_and_a_copy() -> None:
    explanation = explained([BACK])
    data = explanation.to_dict()
    assert data == json.loads(explanation.json())
    data["obligations"].clear()
    assert explanation.to_dict()["obligations"]
    assert (explanation.case_id, explanation.duty_id) == ("C", "return-interview")


def test_nothing_called_for_it() -> None:
    explanation = explained([TALK])
    assert explanation.obligations == ()
    assert "Nothing in this case calls for it." in str(explanation)


def test_what_is_not_there_is_told_with_a_near_name() -> None:
    caseload = duecare.Caseload()
    caseload.read_bytes(support.json_lines(support.MISSED).encode())
    result = duecare.audit(caseload, duecare.Policy.from_json(support.policy()), as_of=AS_OF)
    with pytest.raises(duecare.NotFoundError, match='Did you mean "return-interview"'):
        result.explain(support.MISSED["id"], "return-intervew")
    with pytest.raises(duecare.NotFoundError, match='no case "X"'):
        result.explain("X", "return-interview")
    with pytest.raises(duecare.NotFoundError, match="no obligation"):
        result.explain(support.MISSED["id"], "return-interview", "P1")


def test_command(policy_file: Path, caseload_file: Path) -> None:
    arguments = [
        "explain",
        caseload_file,
        "MC-3",
        "return-interview",
        "--policy",
        policy_file,
        "--as-of",
        AS_OF,
    ]
    done = support.run_cli(arguments)
    assert done.returncode == 0, done.stderr
    assert "Verdict: missed" in done.stdout.decode()
    done = support.run_cli([*arguments, "--format", "json"])
    assert json.loads(done.stdout)["obligations"][0]["finding"]["verdict"] == "missed"


def test_command_says_what_is_missing(policy_file: Path, caseload_file: Path) -> None:
    done = support.run_cli(["explain", caseload_file, "MC-3", "--policy", policy_file])
    assert done.returncode == 2
    done = support.run_cli(["explain", caseload_file, "MC-9", "return-interview", "--policy", policy_file])
    assert done.returncode == 1
    assert b"MC-9" in done.stderr
