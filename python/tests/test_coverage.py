"""Coverage of the tests of policies."""

import json
from pathlib import Path
from typing import Any

import pytest

import duecare
import support

CHOSEN = {
    **support.RETURN_INTERVIEW,
    "on": {"event": "missing.returned", "where": "has(event.risk)"},
    "within": {
        "choose": "event.risk",
        "cases": {"high": "24 hours", "low": "72 hours"},
        "otherwise": "48 hours",
    },
}


LAYER = "policy.json"


def returned(at: str, **attributes: Any) -> dict[str, Any]:
    return support.event("missing.returned", at, attributes=attributes)


def as_test(name: str, verdict: str, *events: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "as_of": support.AS_OF,
        "case": support.case("MC-1", *events),
        "expect": [{"verdict": verdict}],
    }


HIGH = as_test("missed", "missed", returned("2023-01-10T08:00:00Z", risk="high"))
LOW = as_test(
    "met",
    "met",
    returned("2023-01-10T08:00:00Z", risk="low"),
    support.event("interview.return_home", "2023-01-11T08:00:00Z"),
)


def coverage(*documents: Any, policy: dict[str, Any]) -> dict[str, Any]:
    result = duecare.audit(
        duecare.Caseload.from_documents(documents),
        duecare.Policy.from_json(policy, name=LAYER),
        as_of=support.AS_OF,
        coverage=True,
    )
    document: dict[str, Any] = json.loads(result.coverage_json())
    return document


def test_what_an_audit_comes_past() -> None:
    policy = support.policy(CHOSEN)
    found = coverage(HIGH["case"], support.case("MC-2", returned("2023-01-19T08:00:00Z")), policy=policy)
    assert found["policy"] == "example"
    assert found["digest"] == duecare.Policy.from_json(policy).digest
    assert found["duties"] == [
        {
            "duty": "return-interview",
            "layer": LAYER,
            "pointer": "/duties/0",
            "verdicts": {"met": 0, "late": 0, "missed": 1, "pending": 0},
        }
    ]
    # has() is never unknown.
    assert found["expressions"] == [
        {
            "duty": "return-interview",
            "layer": LAYER,
            "pointer": "/duties/0/on/where",
            "expression": "has(event.risk)",
            "outcomes": {"false": 1, "true": 1},
        }
    ]
    assert found["choices"] == [
        {
            "duty": "return-interview",
            "layer": LAYER,
            "pointer": "/duties/0/within/choose",
            "expression": "event.risk",
            "cases": [{"value": "high", "count": 1}, {"value": "low", "count": 0}],
            "otherwise": 0,
        }
    ]


def test_it_has_to_be_asked_for() -> None:
    result = duecare.audit(
        duecare.Caseload.from_documents([HIGH["case"]]),
        duecare.Policy.from_json(support.policy()),
        as_of="2023-01-20",
    )
    with pytest.raises(duecare.StateError, match="DUECARE_AUDIT_COVERAGE"):
        result.coverage_json()


def verdicts(duty: dict[str, Any], **more: Any) -> list[str]:
    found = coverage(policy=support.policy(duty, **more))
    return list(found["duties"][0]["verdicts"])


def test_verdicts_that_a_duty_can_give() -> None:
    plain = support.RETURN_INTERVIEW
    assert verdicts(plain) == ["met", "late", "missed", "pending"]
    assert "excused" in verdicts({**plain, "excused_by": "x"})
    assert "excused" in verdicts({**plain, "unless": "true"})
    assert "lapsed" in verdicts({**plain, "until": "x"})
    assert "lapsed" in verdicts({**plain, "repeat": "restart"})
    assert "unassessable" in verdicts({**plain, "require": {"event": "x", "where": "event.y == 1"}})
    assert "unassessable" in verdicts({**plain, "within": {"at": "event.by"}})
    assert verdicts({**plain, "within": "as soon as practicable"}) == ["met", "pending"]
    assert verdicts({**plain, "within": "as soon as practicable", "until": "x"}) == [
        "met",
        "missed",
        "pending",
    ]
    working = {"calendars": {"working": {"weekdays": ["mon"]}}}
    assert "unassessable" in verdicts({**plain, "within": "1 working days"}, **working)
    assert verdicts(support.VIEWS) == ["met", "missed"]
    assert verdicts({**support.VIEWS, "check": "false"}) == ["missed"]
    assert verdicts({**support.VIEWS, "check": "event.views"}) == ["met", "missed", "unassessable"]


def school(until: str) -> dict[str, Any]:
    return {
        "weekdays": ["mon", "tue", "wed", "thu", "fri"],
        "covers": {"from": "2023-01-01", "until": until},
        "opens": "09:00",
        "closes": "15:00",
    }


@pytest.mark.parametrize(
    ("within", "until", "decided"),
    [
        # 1 January 2023 was a Sunday; the Monday is reached from the Sunday, the Tuesday from it too.
        ("start of next school day", "2023-01-02", False),
        ("start of next school day", "2023-01-03", True),
        ("2 school days", "2023-01-03", False),
        ("2 school days", "2023-01-04", True),
        ("6 school hours", "2023-01-02", False),
        ("6 school hours", "2023-01-03", True),
        ("7 school hours", "2023-01-03", False),
    ],
)
def test_a_calendar_that_is_a_placeholder_decides_nothing(within: str, until: str, decided: bool) -> None:
    found = verdicts({**support.RETURN_INTERVIEW, "within": within}, calendars={"school": school(until)})
    assert found == (["met", "late", "missed", "pending", "unassessable"] if decided else ["unassessable"])


def test_roles_are_never_unknown() -> None:
    found = coverage(
        policy=support.policy({**support.VIEWS, "per": "subject", "for": "'child' in subject.roles"})
    )
    assert list(found["expressions"][0]["outcomes"]) == ["false", "true"]


def test_conditions_on_facts_that_are_always_known() -> None:
    facts = {
        "status": {"initial": "'none'", "set": [{"event": "case.opened", "to": "'open'"}]},
        "grade": {"set": [{"event": "case.opened", "where": "event.x == 1", "to": "event.grade"}]},
    }
    duty = {**support.VIEWS, "on": {"event": "child.spoken_to", "where": "fact.status == 'open'"}}
    found = coverage(
        policy=support.policy(duty, {**duty, "id": "b", "check": "fact.grade == 1"}, facts=facts)
    )
    outcomes = {entry["expression"]: list(entry["outcomes"]) for entry in found["expressions"]}
    assert outcomes["fact.status == 'open'"] == ["false", "true"]
    assert outcomes["fact.grade == 1"] == ["false", "true", "unknown"]
    assert found["expressions"][0]["fact"] == "grade"
    assert found["expressions"][0]["pointer"] == "/facts/grade/set/0/where"


def run(tmp_path: Path, *arguments: object, tests: Any = (HIGH,)) -> tuple[int, str, str]:
    policy = support.policy({**CHOSEN, "tests": list(tests)}, support.VIEWS)
    file = support.write(tmp_path / "policy.json", policy)
    done = support.run_cli(["policy", "test", file, *arguments])
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_listing(tmp_path: Path) -> None:
    code, out, _ = run(tmp_path, "--coverage")
    assert code == 0
    table = [line.split() for line in out.splitlines()]
    assert ["duties", "1", "2", "50.0", "%"] in table
    assert ["verdicts", "1", "6", "16.7", "%"] in table
    assert ["conditions", "1", "4", "25.0", "%"] in table
    assert ["choices", "1", "3", "33.3", "%"] in table
    assert ["all", "4", "15", "26.7", "%"] in table
    assert "  views-recorded: nothing opens it  (" in out
    assert "return-interview: never late" in out
    assert "never missed" in out  # of views-recorded
    assert "return-interview: never missed" not in out
    assert "return-interview: never false: has(event.risk)" in out
    assert "/duties/0/on/where" in out
    assert "return-interview: never “low”: event.risk" in out
    assert "return-interview: never otherwise: event.risk" in out


def test_counts_of_all_tests_add_up(tmp_path: Path) -> None:
    target = tmp_path / "coverage.json"
    code, out, _ = run(tmp_path, "--coverage-json", target, tests=(HIGH, LOW))
    assert code == 0
    assert "coverage" not in out
    document = json.loads(target.read_text(encoding="utf-8"))
    assert document["format"] == "duecare.coverage-report/1"
    (policy,) = document["policies"]
    assert policy["duties"][0]["verdicts"] == {"met": 1, "late": 0, "missed": 1, "pending": 0}
    assert policy["choices"][0]["cases"] == [{"value": "high", "count": 1}, {"value": "low", "count": 1}]
    assert document["totals"]["all"] == {"reached": 6, "all": 15}
    assert len(document["not_reached"]) == 9


def test_least(tmp_path: Path) -> None:
    assert run(tmp_path, "--min-coverage", "26")[0] == 0
    code, _, err = run(tmp_path, "--min-coverage", "27")
    assert code == 1
    assert "26.7 %" in err
    assert run(tmp_path, "--min-coverage", "101")[0] == 2


def test_a_policy_without_tests_counts_as_not_reached(tmp_path: Path) -> None:
    code, out, _ = run(tmp_path, "--coverage", tests=())
    assert code == 1
    assert ["all", "0", "15", "0.0", "%"] in [line.split() for line in out.splitlines()]


def test_of_a_layer_only_what_it_brings_itself(tmp_path: Path) -> None:
    support.write(tmp_path / "example.json", support.policy({**CHOSEN, "tests": [HIGH]}))
    layer = {
        "format": "duecare.policy/1",
        "id": "force",
        "extends": "example",
        "duties": [{**support.VIEWS, "tests": []}, {"id": CHOSEN["id"], "unless": "case.kind == 'x'"}],
        "tests": [{**HIGH, "expect": [{"duty": CHOSEN["id"], "verdict": "missed"}]}],
    }
    file = support.write(tmp_path / "force.json", layer)
    done = support.run_cli(["policy", "test", file, "--coverage", "--quiet"])
    assert done.returncode == 0, done.stdout + done.stderr
    table = [line.split() for line in done.stdout.decode().splitlines()]
    # Its own duty, with two verdicts, and the condition that it adds to another.
    assert ["duties", "0", "1", "0.0", "%"] in table
    assert ["verdicts", "0", "2", "0.0", "%"] in table
    assert ["conditions", "1", "4", "25.0", "%"] in table
    done = support.run_cli(["policy", "test", file, "--coverage", "--quiet", "--inherited"])
    table = [line.split() for line in done.stdout.decode().splitlines()]
    assert ["duties", "1", "2", "50.0", "%"] in table
