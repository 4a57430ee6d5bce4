"""What holds for the built-in pack as a whole: sources, tests, calendars, and the words it looks for."""

import datetime
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import holidays
import pytest

import duecare

ROOT = Path(__file__).parents[2]
PACKS = ROOT / "src/policy/packs"
FILES = sorted((PACKS / "england-wales").glob("*.json"))
LAYERS = [json.loads(path.read_text()) for path in FILES]
DUTIES: dict[str, dict[str, Any]] = {duty["id"]: duty for layer in LAYERS for duty in layer["duties"]}
BASE = next(layer for layer in LAYERS if layer["id"] == "england-wales-base")
VOCABULARY = json.loads((PACKS / "vocabulary.json").read_text())
YEARS = range(2012, 2031)

# The core rows of the catalogue that the pack was begun from. A row may only go with a word in CHANGELOG.md.
CORE = (Path(__file__).parent / "core-duties.txt").read_text().split()
STATUSES = {
    "statute",
    "statutory_guidance",
    "code_of_practice",
    "professional_practice",
    "inspection_expectation",
    "local_policy",
}
AREAS = {path.stem.removeprefix("england-wales-") for path in FILES} - {"base", "child-protection"}


def test_the_pack_has_what_it_was_begun_from() -> None:
    assert len(DUTIES) >= 100
    assert [name for name in CORE if name not in DUTIES] == []
    assert len(AREAS) == 15
    assert {duty["area"] for duty in DUTIES.values()} == AREAS


@pytest.mark.parametrize("name", DUTIES)
def test_a_duty_has_a_source_and_four_tests(name: str) -> None:
    duty = DUTIES[name]
    assert {"title", "section", "status"} <= set(duty["source"])
    assert duty["source"]["status"] in STATUSES
    assert len(duty["tests"]) >= 4
    assert len({test["name"] for test in duty["tests"]}) == len(duty["tests"])


def test_the_tests_reach_every_verdict_and_every_case(tmp_path: Path) -> None:
    report = tmp_path / "coverage.json"
    command = ["policy", "test", "england-wales-child-protection", "--quiet", "--coverage-json", str(report)]
    done = subprocess.run([sys.executable, "-m", "duecare", *command], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
    coverage = json.loads(report.read_text())
    totals = coverage["totals"]
    missing = [gap for gap in coverage["not_reached"] if gap["kind"] != "conditions"]
    assert missing == []
    assert totals["duties"]["all"] == len(DUTIES)
    assert totals["conditions"]["reached"] >= 0.97 * totals["conditions"]["all"]


EXAMPLE = json.loads((ROOT / "examples/policy.json").read_text())


@pytest.mark.parametrize("duty", EXAMPLE["duties"], ids=lambda duty: str(duty["id"]))
def test_a_duty_of_the_example_has_a_source_and_four_tests(duty: dict[str, Any]) -> None:
    assert {"title", "section", "status"} <= set(duty["source"])
    assert len({test["name"] for test in duty["tests"]}) >= 4


@pytest.mark.parametrize("name", DUTIES)
def test_a_number_of_ours_is_no_law(name: str) -> None:
    """A duty with a parameter is never called statute or guidance: no law fixes that number."""
    duty = DUTIES[name]
    shape = json.dumps({key: value for key, value in duty.items() if key not in ("tests", "source")})
    named = set(re.findall(r'"\$([a-z_]+)"', shape)) | set(re.findall(r"param\.([a-z_]+)", shape))
    if not named:
        return
    assert duty["source"]["status"] in {"local_policy", "inspection_expectation", "professional_practice"}
    assert "parameter" in duty["source"]["section"]


def test_a_practicable_duty_has_no_number() -> None:
    for duty in DUTIES.values():
        if duty.get("within") == "as soon as practicable":
            assert "every" not in duty
            assert all(test.get("due_at") is None for each in duty["tests"] for test in each["expect"])


def test_every_layer_is_built_in_and_extends_the_one_before() -> None:
    assert {layer["id"] for layer in LAYERS} == set(duecare.Policy.builtin_names())
    seen, layer = [], {item["id"]: item for item in LAYERS}["england-wales-child-protection"]
    while "extends" in layer:
        seen.append(layer["id"])
        layer = next(item for item in LAYERS if item["id"] == layer["extends"])
    assert len(seen) == len(LAYERS) - 1
    policy = duecare.Policy.builtin("england-wales-child-protection")
    assert len(policy.duties) == len(DUTIES)
    assert policy.warnings == ()


def used(value: Any, key: str = "") -> set[str]:
    """Event types that a part of a policy selects."""
    if isinstance(value, Mapping):
        return set().union(*(used(part, name) for name, part in value.items() if name != "tests"))
    if isinstance(value, list):
        return set().union(*(used(part, key) for part in value))
    return {value} if key == "event" and isinstance(value, str) else set()


def test_the_vocabulary_has_every_word_of_the_pack() -> None:
    known = VOCABULARY["events"]
    for layer in LAYERS:
        for rule in (*layer["duties"], layer.get("facts", {})):
            assert {name for name in used(rule) if name not in known} == set()
    assert set(BASE["events"]) == set(known)


def relied_on(rule: Mapping[str, Any]) -> set[str]:
    """Event types that a duty selects, or that set a fact it reads."""
    text = json.dumps({key: value for key, value in rule.items() if key not in ("tests", "source")})
    facts = (BASE["facts"][name] for name in re.findall(r"fact\.([a-z_0-9]+)", text))
    return used(rule).union(*map(used, facts))


def test_the_vocabulary_says_which_areas_use_a_word() -> None:
    areas: dict[str, set[str]] = {name: set() for name in VOCABULARY["events"]}
    for duty in DUTIES.values():
        for name in relied_on(duty):
            areas[name].add(duty["area"])
    assert {name: set(event["areas"]) for name, event in VOCABULARY["events"].items()} == areas


def test_the_tests_speak_the_vocabulary() -> None:
    for duty in DUTIES.values():
        for test in duty["tests"]:
            for case in test.get("cases") or [test["case"]]:
                for event in case["events"]:
                    attributes = VOCABULARY["events"][event["type"]]["attributes"]
                    assert set(event.get("attributes", {})) <= set(attributes), (duty["id"], test["name"])


# ---- Calendars ---------------------------------------------------------------------------------------------


def closed(calendar: str) -> set[datetime.date]:
    return {datetime.date.fromisoformat(day) for day in BASE["calendars"][calendar]["closed"]}


def published(divisions: tuple[str, ...], last_weekday: int) -> set[datetime.date]:
    days: set[datetime.date] = set()
    for division in divisions:
        days |= set(holidays.country_holidays("GB", subdiv=division, years=YEARS))
    return {day for day in days if day.weekday() <= last_weekday}


def weekdays(days: set[datetime.date], last_weekday: int) -> set[datetime.date]:
    return {day for day in days if day.weekday() <= last_weekday}


def test_working_days_of_england_and_wales() -> None:
    assert weekdays(closed("working"), 4) == published(("ENG",), 4) == published(("WLS",), 4)


def test_working_days_of_the_whole_kingdom() -> None:
    assert closed("working_uk") == published(("ENG", "WLS", "SCT", "NIR"), 4)
    assert closed("working_uk") > weekdays(closed("working"), 4)


def test_court_days() -> None:
    """A New Year's Day on a Saturday is no bank holiday itself: the Monday proclaimed instead is."""
    saturdays = {datetime.date(2022, 1, 1), datetime.date(2028, 1, 1)}
    assert published(("ENG",), 5) - weekdays(closed("court"), 5) == saturdays
    assert weekdays(closed("court"), 5) - published(("ENG",), 5) == set()


def test_moved_and_extra_days() -> None:
    extra = ["2012-06-04", "2012-06-05", "2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08"]
    moved = ["2012-05-28", "2020-05-04", "2022-05-30"]
    assert set(map(datetime.date.fromisoformat, extra)) <= closed("working")
    assert not set(map(datetime.date.fromisoformat, moved)) & closed("working")


@pytest.mark.parametrize("calendar", ["working", "working_uk", "court"])
def test_a_date_past_the_end_is_refused(calendar: str) -> None:
    """No day is guessed: the verdict is unassessable and names the calendar."""
    policy = duecare.Policy.from_json(
        json.dumps(
            {
                "format": "duecare.policy/1",
                "id": "past-the-end",
                "version": "1",
                "title": "t",
                "extends": "england-wales-base",
                "duties": [
                    {
                        "id": "answer",
                        "title": "t",
                        "area": "a",
                        "severity": "low",
                        "source": {"title": "t", "section": "s", "url": "", "status": "illustrative"},
                        "on": "report.received",
                        "require": "incident.registered",
                        "within": f"2 {calendar} days",
                    }
                ],
            }
        )
    )
    cases = duecare.Caseload.from_documents(
        {
            "format": "duecare.case/1",
            "id": case,
            "events": [{"type": "report.received", "occurred_at": f"{day}T10:00:00Z"}],
        }
        for case, day in (("IN", "2030-12-20"), ("OUT", "2030-12-30"))
    )
    found = duecare.audit(cases, policy, as_of="2032-01-01T00:00:00Z").findings
    by_case = {finding.case_id: finding for finding in found}
    assert by_case["IN"].verdict == "missed"
    assert by_case["OUT"].verdict == "unassessable"
    assert by_case["OUT"].reason == f"calendar_uncovered: {calendar}"


# ---- Words in logs -----------------------------------------------------------------------------------------

README = (PACKS / "README.md").read_text()
TEXTS = json.loads((Path(__file__).parent / "log-texts.json").read_text())
KINDS = {
    "neglect": "signs-neglect-acted-on",
    "abuse": "signs-abuse-acted-on",
    "exploitation": "signs-exploitation-acted-on",
    "self_harm": "signs-self-harm-acted-on",
}


def log_entry(text: str) -> dict[str, Any]:
    return {"type": "log.entry", "occurred_at": "2023-03-01T10:00:00Z", "attributes": {"text": text}}


def marked(kind: str) -> dict[str, bool]:
    """Each text, and whether the duty opened at it."""
    texts = [item["text"] for item in TEXTS["texts"]]
    cases = duecare.Caseload.from_documents(
        {"format": "duecare.case/1", "id": str(number), "events": [log_entry(text)]}
        for number, text in enumerate(texts)
    )
    policy = duecare.Policy.builtin("england-wales-child-protection")
    result = duecare.audit(cases, policy, as_of="2024-01-01T00:00:00Z", verdicts=["missed"])
    opened = {int(finding.case_id) for finding in result.findings if finding.duty_id == KINDS[kind]}
    return {text: number in opened for number, text in enumerate(texts)}


def counted(found: Mapping[str, bool], truth: Mapping[str, bool]) -> dict[str, int]:
    return {
        "found": sum(found[text] and truth[text] for text in truth),
        "overlooked": sum(truth[text] and not found[text] for text in truth),
        "false_alarms": sum(found[text] and not truth[text] for text in truth),
    }


@pytest.mark.parametrize("which", ["mended on", "unseen"])
def test_how_well_the_words_do(which: str) -> None:
    """Counts as packs/README.md reports them: whoever changes a word list sees what it does."""
    items = [item for item in TEXTS["texts"] if item["set"] == which]
    found = {kind: marked(kind) for kind in KINDS}
    counts = {
        kind: counted(found[kind], {item["text"]: kind in item["signs"] for item in items}) for kind in KINDS
    }
    either = {item["text"]: any(found[kind][item["text"]] for kind in KINDS) for item in items}
    counts["any"] = counted(either, {item["text"]: bool(item["signs"]) for item in items})
    assert counts == TEXTS["measured"][which]


@pytest.mark.parametrize("which", ["mended on", "unseen"])
def test_the_figures_that_the_readme_gives(which: str) -> None:
    """Per hundred, from the counts in the file."""
    rows = re.findall(
        r"^\| (.+?) \| (.+?) \| (\d+) \| (\d+) \| (\d+) \| (\d+) % \| (\d+) % \|$", README, re.MULTILINE
    )
    shown = {(row[0], row[1]): tuple(map(int, row[2:])) for row in rows}
    for kind, counts in TEXTS["measured"][which].items():
        found, overlooked, false_alarms = counts["found"], counts["overlooked"], counts["false_alarms"]
        precision = round(100 * found / (found + false_alarms))
        recall = round(100 * found / (found + overlooked))
        assert shown[which, kind] == (found, overlooked, false_alarms, precision, recall)


def test_the_texts_are_many_and_say_yes_and_no() -> None:
    yes = sum(bool(item["signs"]) for item in TEXTS["texts"])
    assert min(yes, len(TEXTS["texts"]) - yes) >= 60


def test_text_that_says_no_raises_nothing() -> None:
    said_no = [item["text"] for item in TEXTS["texts"] if item.get("says_no")]
    assert len(said_no) >= 15
    alarms = {text for kind in KINDS for text, found in marked(kind).items() if found and text in said_no}
    assert alarms == set(TEXTS["known_false_alarms"])
