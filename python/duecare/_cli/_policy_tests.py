"""Tests of policies: those in a policy or its duties, and those in files of their own.

A file of its own has the keys ``policy``, ``policies``, ``caseload``, ``as_of``, ``known_at``, ``expect``
(every finding, in order) and ``expect_rejects``. A test in a policy has ``name``, ``as_of``, ``known_at``,
``case`` or ``cases``, and ``expect``: every obligation of the duty, in any order, each with some of its
fields. At the top of a policy it is about the duties that ``expect`` names, or about all if it names none.

An expected finding is compared in the fields that it gives; instants are compared as instants.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from duecare._audit import Result, audit
from duecare._caseload import Caseload
from duecare._cli._coverage import Coverage
from duecare._cli._policies import load_policy
from duecare._errors import Error
from duecare._near import did_you_mean
from duecare._policy import Policy

Fields = Mapping[str, Any]

_INSTANTS = frozenset({"opened_at", "due_at", "ended_at"})
_FIELDS = [
    "case_id",
    "duty_id",
    "key",
    "verdict",
    "opened_at",
    "due_at",
    "ended_at",
    "overdue_seconds",
    "elapsed_seconds",
    "missed_periods",
    "trigger_event",
    "ending_event",
    "flags",
    "reason",
    "evidence",
    "owner",
    "area",
    "severity",
    "title",
    "explanation",
]
_VECTOR_KEYS = frozenset(
    ["name", "about", "policy", "policies", "caseload", "as_of", "known_at", "expect", "expect_rejects"]
)
_POLICY_KEYS = frozenset({"duties", "extends"})
_TEST_KEYS = frozenset(["name", "about", "as_of", "known_at", "case", "cases", "expect"])


class MalformedTestError(Exception):
    """A test that does not say what it has to."""


@dataclass
class Outcome:
    """How one test went; no failures: it passed."""

    file: str
    group: str
    """The duty, or the policy, that it is about."""
    name: str
    failures: list[str] = field(default_factory=list)

    def text(self) -> str:
        head = f"{'FAIL' if self.failures else 'pass'} {self.file}: {self.group}: {self.name}"
        body = [f"    {line}" for failure in self.failures for line in failure.splitlines()]
        return "\n".join([head, *body])


# ---- Comparing ---------------------------------------------------------------------------------------------


def _same(policy: Policy, name: str, expected: Any, found: Any) -> bool:
    if name in _INSTANTS and isinstance(expected, str) and isinstance(found, str):
        return bool(expected == found) or policy.parse_instant(expected) == policy.parse_instant(found)
    if name == "flags" and isinstance(expected, list):
        return bool(sorted(map(str, expected)) == found)
    # In Python 1 == True; in a test they are not the same.
    return bool(expected == found and isinstance(expected, bool) == isinstance(found, bool))


def _differences(policy: Policy, expected: Fields, found: Fields) -> list[str]:
    return [
        f"{name}: expected {json.dumps(value)}, found {json.dumps(found[name])}"
        for name, value in expected.items()
        if not _same(policy, name, value, found[name])
    ]


def _normalised(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise MalformedTestError(f"each entry of `expect` must be an object, not {json.dumps(entry)}")
    fields = {"duty_id" if name == "duty" else name: value for name, value in entry.items()}
    for name in fields:
        if name not in _FIELDS:
            hint = did_you_mean(name, _FIELDS, f"Fields are: {', '.join(_FIELDS)}.")
            raise MalformedTestError(f"`expect` has the unknown field `{name}`. {hint}")
    return fields


def _line(fields: Fields) -> str:
    return ", ".join(f"{name} {json.dumps(value)}" for name, value in fields.items())


def _shown(finding: Fields) -> str:
    names = ("case_id", "duty_id", "key", "verdict", "opened_at", "due_at", "ended_at", "reason")
    return _line({name: finding[name] for name in names if finding[name] is not None})


def _report(policy: Policy, number: int, expected: Fields | None, found: Fields | None) -> str:
    if found is None:
        return f"{number}. expected, but not found: {_line(expected or {})}"
    if expected is None:
        return f"{number}. found, but not expected: {_shown(found)}"
    lines = "\n".join(f"   {line}" for line in _differences(policy, expected, found))
    return f"{number}. {_shown(found)}\n{lines}"


def _compare_in_order(policy: Policy, expected: Sequence[Fields], found: Sequence[Fields]) -> list[str]:
    return [
        _report(policy, number, wanted, have)
        for number, (wanted, have) in enumerate(zip_longest(expected, found), 1)
        if wanted is None or have is None or _differences(policy, wanted, have)
    ]


def _matching(policy: Policy, expected: Sequence[Fields], found: Sequence[Fields]) -> dict[int, int]:
    """Index in ``found`` to index in ``expected``: as many pairs as can be made (augmenting paths)."""
    fits = [
        [j for j, have in enumerate(found) if not _differences(policy, wanted, have)] for wanted in expected
    ]
    taken: dict[int, int] = {}

    def place(i: int, seen: set[int]) -> bool:
        for j in fits[i]:
            if j not in seen:
                seen.add(j)
                if j not in taken or place(taken[j], seen):
                    taken[j] = i
                    return True
        return False

    for i in range(len(expected)):
        place(i, set())
    return taken


def _compare_in_any_order(policy: Policy, expected: Sequence[Fields], found: Sequence[Fields]) -> list[str]:
    taken = _matching(policy, expected, found)
    matched = set(taken.values())
    wanted = [fields for i, fields in enumerate(expected) if i not in matched]
    have = [fields for j, fields in enumerate(found) if j not in taken]
    return _compare_in_order(policy, wanted, have)


# ---- Running -----------------------------------------------------------------------------------------------


def _required(document: Fields, key: str, kind: type, what: str) -> Any:
    if not isinstance(document.get(key), kind):
        raise MalformedTestError(f"`{key}` must be {what}")
    return document[key]


def _refuse_unknown(document: Fields, known: Iterable[str]) -> None:
    for key in document:
        if key not in known:
            raise MalformedTestError(f"the key `{key}` is not known; known are {', '.join(sorted(known))}")


def _audit(policy: Policy, caseload: Caseload, test: Fields, coverage: Coverage | None) -> Result:
    as_of = _required(test, "as_of", str, "an instant")
    result = audit(
        caseload,
        policy,
        as_of=as_of,
        known_at=test.get("known_at"),
        verdicts="all",
        threads=1,
        coverage=coverage is not None,
    )
    if coverage is not None:
        coverage.add(json.loads(result.coverage_json()))
    return result


def _run_vector(policy: Policy, document: Fields, coverage: Coverage | None) -> list[str]:
    _refuse_unknown(document, _VECTOR_KEYS)
    caseload = Caseload.from_documents(_required(document, "caseload", list, "an array of documents"))
    result = _audit(policy, caseload, document, coverage)
    expected = [_normalised(entry) for entry in _required(document, "expect", list, "an array")]
    failures = _compare_in_order(policy, expected, result.findings.to_dicts())
    lines = sorted(entry["line"] for entry in document.get("expect_rejects", []))
    rejected = sorted(reject.line for reject in caseload.rejects)
    if lines != rejected:
        reasons = "".join(f"\n   {reject}" for reject in caseload.rejects)
        failures.append(f"rejected lines: expected {lines}, found {rejected}{reasons}")
    return failures


def _documents(test: Fields) -> list[Any]:
    if ("case" in test) == ("cases" in test):
        raise MalformedTestError("give either `case` or `cases`")
    documents = [test["case"]] if "case" in test else _required(test, "cases", list, "an array of cases")
    for document in documents:
        if not isinstance(document, dict):
            raise MalformedTestError("each case must be an object")
    # Inside a policy it is plain what an object is.
    return [{"format": "duecare.case/1", **document} for document in documents]


def _run_policy_test(policy: Policy, duty: str | None, test: Fields, coverage: Coverage | None) -> list[str]:
    _refuse_unknown(test, _TEST_KEYS)
    caseload = Caseload.from_documents(_documents(test), name="case")
    if caseload.rejects:
        return [f"the case cannot be read: {reject}" for reject in caseload.rejects]
    expected = [_normalised(entry) for entry in _required(test, "expect", list, "an array")]
    if duty is None:
        duties = {fields.get("duty_id") for fields in expected}
        if None in duties:
            raise MalformedTestError(
                "each entry of `expect` must name its `duty` in a test of the whole policy"
            )
    else:
        duties = {duty}
        for fields in expected:
            if fields.setdefault("duty_id", duty) != duty:
                raise MalformedTestError(
                    f"a test of `{duty}` cannot expect anything of `{fields['duty_id']}`"
                )
    for name in sorted(map(str, duties)):
        if name not in {known.id for known in policy.duties}:
            raise MalformedTestError(f"there is no duty `{name}` in the policy")
    result = _audit(policy, caseload, test, coverage)
    found = [fields for fields in result.findings.to_dicts() if not duties or fields["duty_id"] in duties]
    return _compare_in_any_order(policy, expected, found)


def _tests_of(document: Fields) -> Iterator[tuple[str | None, Any]]:
    """(duty or None, test) of a policy."""
    for test in document.get("tests") or []:
        yield None, test
    for duty in document.get("duties") or []:
        for test in duty.get("tests") or []:
            yield duty["id"], test


def _guarded(outcome: Outcome, run: Any) -> Outcome:
    try:
        outcome.failures += run()
    except (MalformedTestError, Error, TypeError) as error:
        outcome.failures.append(str(error))
    return outcome


def _run_policy(path: Path, coverage: Coverage | None, inherited: bool) -> list[Outcome]:
    policy = load_policy(str(path))
    # Tests of lower layers hold for their numbers, which this layer may have changed. A built-in policy is
    # tested whole: its areas are layers of one another.
    alone = path.exists() and not inherited
    document = json.loads(path.read_bytes() if alone else policy.to_json())
    if coverage is not None:
        coverage.expect(policy, str(path) if alone else None)
    outcomes = []
    for number, (duty, test) in enumerate(_tests_of(document), 1):
        name = str(test.get("name", f"test {number}")) if isinstance(test, dict) else f"test {number}"
        outcome = Outcome(str(path), duty or policy.id, name)
        if isinstance(test, dict):
            _guarded(outcome, lambda duty=duty, test=test: _run_policy_test(policy, duty, test, coverage))
        else:
            outcome.failures.append(f"a test must be an object, not {json.dumps(test)}")
        outcomes.append(outcome)
    return outcomes


def _run_file(path: Path, coverage: Coverage | None, inherited: bool) -> list[Outcome]:
    try:
        document = json.loads(path.read_bytes()) if path.exists() else {"duties": []}
    except ValueError:
        # The library says where the text is wrong.
        return _run_policy(path, coverage, inherited)
    if not isinstance(document, dict):
        return []
    if "policy" not in document:
        return _run_policy(path, coverage, inherited) if _POLICY_KEYS & document.keys() else []
    outcome = Outcome(str(path), "file", str(document.get("name", path.stem)))

    def run() -> list[str]:
        policy = Policy.from_json(document["policy"], name=str(path), layers=document.get("policies", []))
        return _run_vector(policy, document, coverage)

    return [_guarded(outcome, run)]


def run(path: Path, coverage: Coverage | None = None, *, inherited: bool = False) -> list[Outcome]:
    """Runs the tests of a file, or of every ``.json`` file under a folder, and tells ``coverage``.

    Of a policy only those that stand in its own file, with ``inherited`` also those of the layers below it.
    """
    if path.is_dir():
        files = sorted(path.rglob("*.json"))
        return [outcome for file in files for outcome in _run_file(file, coverage, inherited)]
    return _run_file(path, coverage, inherited)
