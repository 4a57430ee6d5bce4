"""Published cases that the pack was not made from, told as a stranger would tell them."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import duecare

RETOLD = json.loads((Path(__file__).parent / "retold.json").read_text())
CASES: dict[str, dict[str, Any]] = {entry["case"]["id"]: entry for entry in RETOLD["cases"]}


@pytest.fixture(scope="module")
def findings() -> list[duecare.Finding]:
    caseload = duecare.Caseload.from_documents(entry["case"] for entry in RETOLD["cases"])
    assert caseload.rejects == ()
    policy = duecare.Policy.builtin("england-wales-child-protection")
    verdicts = ["late", "missed", "unassessable"]
    return list(duecare.audit(caseload, policy, as_of=RETOLD["as_of"], verdicts=verdicts).findings)


@pytest.mark.parametrize("name", CASES)
def test_every_finding_is_judged(name: str, findings: list[duecare.Finding]) -> None:
    entry = CASES[name]
    judged = Counter(
        (finding["duty"], finding.get("verdict", "unassessable"), finding["trigger"])
        for kind in ("found", "by_silence", "unassessable")
        for finding in entry[kind]
    )
    found = Counter((f.duty_id, f.verdict, f.trigger_event) for f in findings if f.case_id == name)
    assert found == judged
    assert entry["source"]
    assert entry["concluded"]
    assert entry["case"]["attributes"]["told_from"] == entry["source"]


def test_they_speak_the_vocabulary() -> None:
    words = duecare.vocabulary()
    for entry in CASES.values():
        for event in entry["case"]["events"]:
            attributes = words["events"][event["type"]]["attributes"]
            assert set(event.get("attributes", {})) <= set(attributes), event


def test_silence_accuses_seldom() -> None:
    """What is found outweighs what only the account's silence suggests, and no case drowns in it."""
    counts = {kind: sum(len(entry[kind]) for entry in CASES.values()) for kind in ("found", "by_silence")}
    assert counts["found"] >= 2 * counts["by_silence"]
    assert max(len(entry["by_silence"]) for entry in CASES.values()) <= 4


def test_the_figures_that_the_readme_gives() -> None:
    counts = {
        kind: sum(len(entry[kind]) for entry in CASES.values())
        for kind in ("found", "by_silence", "unassessable")
    }
    readme = " ".join((Path(__file__).parents[2] / "src/policy/packs/README.md").read_text().split())
    assert f"{counts['found']} are what the account's authors found, {counts['by_silence']} rest on" in readme
    assert f"{counts['unassessable']} name what the account would have to say" in readme
    assert [name for name, entry in CASES.items() if not entry["found"]] == ["BRADFORD-2020"]
