"""Every conformance vector through the Python interface, under several ways to hand the documents over."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import duecare
import support

FILES = sorted(support.VECTORS.rglob("*.json"))
NOT_COMPARED = {"area", "severity", "title", "explanation"}

Reader = Callable[[list[Any]], duecare.Caseload]


def lines_of(documents: list[Any]) -> bytes:
    return support.json_lines(*documents).encode()


def in_small_pieces(documents: list[Any]) -> duecare.Caseload:
    caseload = duecare.Caseload()
    text = lines_of(documents)

    class Dripping:
        def __init__(self) -> None:
            self.at = 0

        def read(self, size: int, /) -> bytes:
            self.at += 7
            return text[self.at - 7 : self.at]

    caseload.read_stream(Dripping())
    return caseload


READERS: dict[str, Reader] = {"documents": duecare.Caseload.from_documents, "pieces": in_small_pieces}


def test_the_vectors_are_there() -> None:
    assert len(FILES) > 300


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "path", FILES, ids=lambda path: str(path.relative_to(support.VECTORS).with_suffix(""))
)
def test_vector(path: Path, reader: str) -> None:
    vector = json.loads(path.read_bytes())
    policy = duecare.Policy.from_json(vector["policy"], layers=vector.get("policies", []))
    caseload = READERS[reader](vector["caseload"])
    result = duecare.audit(
        caseload, policy, as_of=vector["as_of"], known_at=vector.get("known_at"), verdicts="all"
    )
    found = [
        {name: value for name, value in finding.to_dict().items() if name not in NOT_COMPARED}
        for finding in result.findings
    ]
    assert found == vector["expect"]
    assert [reject.line for reject in result.rejects] == [
        reject["line"] for reject in vector.get("expect_rejects") or []
    ]
    assert result.summary.total == len(vector["expect"])


@pytest.mark.parametrize(
    "path", FILES, ids=lambda path: str(path.relative_to(support.VECTORS).with_suffix(""))
)
def test_vector_written_back(path: Path) -> None:
    """What a caseload gives back of its cases says the same to an audit as what was read."""
    vector = json.loads(path.read_bytes())
    policy = duecare.Policy.from_json(vector["policy"], layers=vector.get("policies", []))
    first = duecare.Caseload.from_documents(vector["caseload"])
    cases = [first.document(index) for index in range(len(first))]
    staff = [one for one in vector["caseload"] if "duecare.staff/1" in str(one)]
    again = duecare.Caseload.from_documents([*staff, *cases])
    assert [again.document(index) for index in range(len(again))] == cases
    assert not duecare.Caseload.from_documents(cases, strict=True).rejects
    result = duecare.audit(
        again, policy, as_of=vector["as_of"], known_at=vector.get("known_at"), verdicts="all"
    )
    found = [
        {name: value for name, value in finding.to_dict().items() if name not in NOT_COMPARED}
        for finding in result.findings
    ]
    assert found == vector["expect"]
