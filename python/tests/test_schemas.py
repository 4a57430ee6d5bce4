"""The JSON Schemas: what the library accepts fits them, and what breaks the shape does not."""

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import duecare
import support

NAMES = (
    "case",
    "finding",
    "policy",
    "review",
    "sample-manifest",
    "sample-plan",
    "staff",
    "test",
    "vocabulary",
)
PACKS = support.ROOT / "src" / "policy" / "packs"
# Of those that were made at random, enough.
FILES = [*sorted(support.VECTORS.glob("*.json")), *sorted(support.VECTORS.glob("random/*.json"))[::10]]


@functools.cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(duecare.schema(name))


def faults(name: str, document: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(document)]


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def kind(document: Any) -> str:
    is_staff = isinstance(document, dict) and document.get("format") == "duecare.staff/1"
    return "staff" if is_staff else "case"


def parsed(line: Any) -> Any:
    """A line of a caseload as a document; None where it is no JSON."""
    if isinstance(line, str):
        try:
            return json.loads(line)
        except ValueError:
            return None
    return line


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_schema_with_descriptions(name: str) -> None:
    schema = duecare.schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert list(undescribed(schema, "")) == []


def undescribed(node: Any, place: str) -> Iterator[str]:
    """Properties that an editor would have nothing to say about."""
    if isinstance(node, dict):
        for key, value in (node.get("properties") or {}).items():
            told = isinstance(value, dict) and ("description" in value or "$ref" in value or "anyOf" in value)
            if not told and not place.endswith(("/if", "/then", "/else")):
                yield f"{place}/properties/{key}"
        for key, value in node.items():
            yield from undescribed(value, f"{place}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from undescribed(value, f"{place}/{index}")


def test_names() -> None:
    assert duecare.schema("duecare.policy/1") == duecare.schema("policy")
    with pytest.raises(duecare.NotFoundError, match="case, finding, mapping, policy"):
        duecare.schema("polcy")


def test_vectors_fit() -> None:
    assert len(FILES) > 100
    for path in FILES:
        vector = read(path)
        assert faults("test", vector) == [], path
        for policy in (vector["policy"], *vector.get("policies", [])):
            assert faults("policy", policy) == [], path
        rejected = {entry["line"] for entry in vector.get("expect_rejects", [])}
        for number, line in enumerate(vector["caseload"], 1):
            if number not in rejected:
                assert faults(kind(parsed(line)), parsed(line)) == [], f"{path} line {number}"


# Lines of the wrong type, or without what they need: 7 and 8 break a rule between two places of the document,
# which no schema sees.
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13])
def test_wrong_types_do_not_fit(number: int) -> None:
    line = read(support.VECTORS / "026-wrong-types.json")["caseload"][number - 1]
    assert faults("case", parsed(line))


def without(duty: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in duty.items() if key not in keys}


GOOD = support.RETURN_INTERVIEW
WRONG = {
    "no severity": without(GOOD, "severity"),
    "no source": without(GOOD, "source"),
    "unknown key": {**GOOD, "withn": "1 days"},
    "no shape": without(GOOD, "within"),
    "two shapes": {**GOOD, "before": "1 days"},
    "no trigger": without(GOOD, "on"),
    "no answer": without(GOOD, "require"),
    "key of another shape": {**GOOD, "every": "7 days"},
    "unknown severity": {**GOOD, "severity": "severe"},
    "unknown status": {**GOOD, "source": {**support.SOURCE, "status": "law"}},
    "unknown key of the source": {**GOOD, "source": {**support.SOURCE, "page": "1"}},
    "a number as expression": {**GOOD, "applies": True},
    "a number as duration": {**GOOD, "within": 72},
    "no unit": {**GOOD, "within": "72"},
    "choose without otherwise": {**GOOD, "within": {"choose": "case.kind", "cases": {}}},
    "unknown repeat": {**GOOD, "repeat": "once"},
    "a star in the middle": {**GOOD, "on": {"event": "a.*.b"}},
    "no types": {**GOOD, "on": {"event": []}},
    "selector without event": {**GOOD, "until": {"where": "true"}},
    "count without window": {**GOOD, "on": {"event": "a", "count": {"at_least": 3}}},
    "both directions": {**GOOD, "or_before": "1 days", "not_before": "1 hours"},
    "impossible date": {**GOOD, "effective": {"from": "2022-13-01"}},
    "across what": {**GOOD, "across": "forces"},
    "test without case": {**GOOD, "tests": [{"name": "x", "as_of": "2023-01-01", "expect": []}]},
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_duties_neither_fit_nor_compile(name: str) -> None:
    document = support.policy(WRONG[name])
    assert faults("policy", document), name
    with pytest.raises(duecare.PolicyError):
        duecare.Policy.from_json(document)


@pytest.mark.parametrize("key", ["format", "id", "version", "title", "time_zone"])
def test_what_a_policy_needs(key: str) -> None:
    document = support.policy()
    assert faults("policy", document) == []
    del document[key]
    assert faults("policy", document)
    with pytest.raises(duecare.PolicyError):
        duecare.Policy.from_json(document)


def test_a_layer_may_leave_out_and_remove() -> None:
    layer = {
        "format": "duecare.policy/1",
        "id": "force",
        "extends": "example",
        "duties": [
            {"id": "return-interview", "within": "48 hours", "title": "Soon"},
            {"id": "x", "disabled": True},
        ],
    }
    assert faults("policy", layer) == []
    assert faults("policy", {**layer, "duties": [{"id": "return-interview", "excused_by": None}]}) == []
    assert faults("policy", {**layer, "duties": [{"id": "return-interview", "excused_bi": None}]})
    assert faults("policy", {**layer, "duties": [{"within": "48 hours"}]})


def test_packs_and_examples_fit() -> None:
    packs = sorted(PACKS.glob("*/*.json"))
    assert packs
    for path in (
        *packs,
        *sorted(support.ROOT.glob("examples/**/*olicy.json")),
        support.ROOT / "examples/my-force/my-force.json",
    ):
        assert faults("policy", read(path)) == [], path
    assert faults("vocabulary", read(PACKS / "vocabulary.json")) == []
    histories = sorted(
        set(support.ROOT.glob("examples/**/*.jsonl")) - set(support.ROOT.glob("examples/harness/*"))
    )
    assert histories
    for path in histories:
        for line in path.read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            assert faults(kind(document), document) == [], path


def test_vocabulary_does_not_fit_without_titles() -> None:
    document = read(PACKS / "vocabulary.json")
    del document["events"]["case.opened"]["title"]
    assert faults("vocabulary", document)


def test_findings_fit() -> None:
    seen: set[str] = set()
    for path in FILES[:60]:
        vector = read(path)
        policy = duecare.Policy.from_json(vector["policy"], layers=vector.get("policies", []))
        caseload = duecare.Caseload.from_documents(vector["caseload"])
        result = duecare.audit(
            caseload, policy, as_of=vector["as_of"], known_at=vector.get("known_at"), verdicts="all"
        )
        for text in b"".join(result.findings.json_lines()).splitlines():
            finding = json.loads(text)
            seen.add(finding["verdict"])
            assert faults("finding", finding) == [], path
    assert seen >= {"met", "late", "missed", "pending", "unassessable"}


def test_wrong_findings_do_not_fit() -> None:
    policy = duecare.Policy.from_json(support.policy())
    caseload = duecare.Caseload.from_documents([support.LATE])
    finding = duecare.audit(caseload, policy, as_of=support.AS_OF).findings[0].to_dict()
    assert faults("finding", finding) == []
    for change in (
        {"verdict": "ok"},
        {"verdict": "unassessable"},
        {"reason": "missing_value: event.x"},
        {"due_at": "2023-01-01"},
        {"flags": ["hurried"]},
        {"more": 1},
    ):
        assert faults("finding", {**finding, **change}), change
    del finding["key"]
    assert faults("finding", finding)


def test_command(tmp_path: Path) -> None:
    done = support.run_cli(["schema", "policy"])
    assert done.returncode == 0
    assert json.loads(done.stdout) == duecare.schema("policy")
    out = tmp_path / "case.json"
    assert support.run_cli(["schema", "case", "--out", out]).returncode == 0
    assert read(out) == duecare.schema("case")
    done = support.run_cli(["schema", "cases"])
    assert done.returncode == 1
    assert b"case, finding, mapping, policy, review, sample-manifest, sample-plan, staff, test" in done.stderr
