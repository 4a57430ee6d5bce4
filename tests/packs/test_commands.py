"""The commands that belong to the pack, and the example of a force's own rules."""

import json
import subprocess
import sys
from pathlib import Path

import duecare

EXAMPLES = Path(__file__).parents[2] / "examples"
FORCE = EXAMPLES / "my-force/my-force.json"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "duecare", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_vocabulary_as_json_is_what_the_library_gives() -> None:
    done = run("vocabulary", "--format", "json")
    assert done.returncode == 0
    words = json.loads(done.stdout)
    assert words == duecare.vocabulary()
    assert words["format"] == "duecare.vocabulary/1"
    for event in words["events"].values():
        assert event["definition"]
        assert event["question"].endswith("?")
        assert event["example"]["type"]
        assert all(attribute["definition"] for attribute in event["attributes"].values())


def test_vocabulary_as_markdown_has_every_event_and_attribute() -> None:
    done = run("vocabulary")
    assert done.returncode == 0
    for name, event in duecare.vocabulary()["events"].items():
        assert f"### `{name}`: {event['title']}\n" in done.stdout
        assert f"**To map it:** {event['question']}" in done.stdout
        for attribute in event["attributes"]:
            assert f"| `{attribute}` |" in done.stdout


def test_vocabulary_of_some_events() -> None:
    done = run("vocabulary", "--event", "review.", "--format", "json")
    assert set(json.loads(done.stdout)["events"]) == {
        "review.supervisor",
        "review.deferred",
        "review.independent",
    }
    done = run("vocabulary", "--event", "reveiw.supervisor")
    assert done.returncode == 2
    assert "review.supervisor" in done.stderr


def test_generate(tmp_path: Path) -> None:
    cases, truth = tmp_path / "cases.jsonl", tmp_path / "truth.jsonl"
    done = run(
        "generate",
        "--cases",
        "50",
        "--seed",
        "9",
        "--profile",
        "wiltshire-2022",
        "--out",
        cases,
        "--truth",
        truth,
    )
    assert done.returncode == 0
    assert "audit them as of 2024-06-30T00:00:00Z" in done.stderr
    assert (
        run("generate", "--cases", "50", "--seed", "9", "--profile", "wiltshire-2022").stdout
        == cases.read_text()
    )
    planted = [json.loads(line) for line in truth.read_text().splitlines()]
    assert planted
    assert set(planted[0]) == {"case_id", "duty_id", "key", "due_at", "verdict"}
    assert len(duecare.Caseload.load(cases, strict=True)) == 50


def test_a_forces_own_rules() -> None:
    assert run("policy", "check", FORCE).stdout.count("0 warnings") == 1
    done = run("policy", "test", FORCE)
    assert done.returncode == 0, done.stdout
    assert len(FORCE.read_text().splitlines()) <= 60
    ours = {duty.id for duty in duecare.Policy.load(FORCE).duties}
    theirs = {duty.id for duty in duecare.Policy.builtin("england-wales-child-protection").duties}
    assert theirs - ours == {"ppn-three-greens-in-three-months"}
    assert ours - theirs == {"our-inspector-sees-high-risk"}
