"""A pytest plugin: files named ``*.duecare.json`` are tests of a policy on histories.

Such a file is one object: ``policy`` (an object, the name of a file beside it, or the name of a built-in
policy), ``caseload`` (documents), ``as_of``, optionally ``known_at``, and ``expect``: findings with the
fields that matter. It passes when the duties that ``expect`` names have exactly those obligations, through
a monitor that is given the events in the order of recording.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import duecare

_SUFFIX = ".duecare.json"


class VectorError(Exception):
    """What a file expects is not what was found."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "VectorFile | None":
    if not file_path.name.endswith(_SUFFIX):
        return None
    made: VectorFile = VectorFile.from_parent(parent, path=file_path)
    return made


class VectorFile(pytest.File):
    """One file, one test."""

    def collect(self) -> Iterator["Vector"]:
        yield Vector.from_parent(self, name=self.path.name.removesuffix(_SUFFIX))


def _policy(given: Any, folder: Path) -> duecare.Policy:
    if not isinstance(given, str):
        return duecare.Policy.from_json(given)
    beside = folder / given
    return duecare.Policy.load(beside) if beside.is_file() else duecare.Policy.builtin(given)


def _findings(vector: dict[str, Any], policy: duecare.Policy) -> list[dict[str, Any]]:
    """Through a monitor: every event by itself."""
    as_of = policy.parse_instant(vector["as_of"])
    known_at = policy.parse_instant(vector["known_at"]) if vector.get("known_at") else as_of
    monitor = duecare.Monitor(policy, as_of, known_at)
    pending = []
    for document in vector["caseload"]:
        events = document.get("events", [])
        for place, event in enumerate(events, 1):
            pending.append((document["id"], {"id": f"#{place}"} | event))
        monitor.push_document(document | {"events": []} if events else document)
    for case_id, event in sorted(pending, key=lambda one: one[1].get("recorded_at", one[1]["occurred_at"])):
        monitor.push_event(case_id, event)
    return [finding.to_dict() for finding in monitor.findings(verdicts="all")]


class Vector(pytest.Item):
    """Compares what was found with what is expected."""

    def runtest(self) -> None:
        vector = json.loads(self.path.read_text(encoding="utf-8"))
        found = _findings(vector, _policy(vector["policy"], self.path.parent))
        left = [
            finding for finding in found if finding["duty_id"] in {e["duty_id"] for e in vector["expect"]}
        ]
        wrong = []
        for expected in vector["expect"]:
            match = next((f for f in left if all(f.get(k) == v for k, v in expected.items())), None)
            if match is None:
                wrong.append(f"expected, not found: {json.dumps(expected, ensure_ascii=False)}")
            else:
                left.remove(match)
        wrong += [f"found, not expected: {json.dumps(f, ensure_ascii=False)}" for f in left]
        if wrong:
            raise VectorError("\n".join(wrong))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, VectorError | duecare.Error):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, self.name
