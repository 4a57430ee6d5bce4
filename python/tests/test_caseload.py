"""Reading case histories from all that they may come in."""

import gzip
import io
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

import duecare
import support

TEXT = support.json_lines(support.MET, support.LATE)


def test_from_files(tmp_path: Path) -> None:
    one = support.write(tmp_path / "one.jsonl", support.json_lines(support.MET))
    two = support.write(tmp_path / "two.json", json.dumps([support.LATE, support.MISSED], indent=2))
    caseload = duecare.Caseload.load(one, str(two))
    assert caseload.case_ids == ("MC-1", "MC-2", "MC-3")
    assert len(caseload) == caseload.case_count == 3
    assert caseload.event_count == 5
    assert caseload.rejects == ()
    assert caseload.byte_count == one.stat().st_size + two.stat().st_size
    assert caseload.memory > 0


@pytest.mark.parametrize("name", ["export.csv", "EXPORT.XLSX", "log.xes.gz", "records.db", "log.ocel.json"])
def test_a_table_needs_a_mapping(name: str, tmp_path: Path) -> None:
    path = support.write(tmp_path / name, "case,type,at\nMC-1,case.opened,2023-01-10T08:00:00Z\n")
    policy = duecare.Policy.from_json(json.dumps(support.policy()))
    for read in (
        lambda: duecare.Caseload.load(path),
        lambda: duecare.Caseload().read_file(str(path)),
        lambda: duecare.audit(path, policy),
        lambda: duecare.audit([str(path)], policy),
    ):
        with pytest.raises(duecare.ArgumentError) as error:
            read()
        assert error.value.message == (
            f"{path} is a table; state what its columns are: Caseload.from_file(path, mapping). "
            "duecare.inspect(path) proposes a mapping."
        )


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview])
def test_from_buffers(make: type) -> None:
    caseload = duecare.Caseload()
    caseload.read_bytes(make(TEXT.encode()))
    assert caseload.case_ids == ("MC-1", "MC-2")


def test_from_compressed_bytes_and_streams() -> None:
    caseload = duecare.Caseload()
    caseload.read_bytes(gzip.compress(TEXT.encode()))
    seen: list[int] = []
    stream = io.BytesIO(support.json_lines(support.MISSED).encode())
    caseload.read_stream(stream, name="upload", progress=seen.append)
    assert caseload.case_count == 3
    assert sum(seen) == len(support.json_lines(support.MISSED))


def test_from_documents() -> None:
    documents: list[Any] = [
        support.MET,
        json.dumps(support.LATE, indent=2),
        json.dumps(support.MISSED).encode(),
    ]
    caseload = duecare.Caseload.from_documents(documents)
    assert caseload.case_ids == ("MC-1", "MC-2", "MC-3")
    assert caseload.rejects == ()


def test_one_document_is_no_list() -> None:
    with pytest.raises(TypeError, match="iterable"):
        duecare.Caseload.from_documents(support.MET)
    with pytest.raises(TypeError, match="document 2"):
        duecare.Caseload.from_documents([support.MET, 7])  # type: ignore[list-item]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object()])
def test_documents_that_are_no_json(value: object) -> None:
    bad = {**support.MET, "attributes": {"x": value}}
    with pytest.raises(duecare.ArgumentError, match="Document 1 cannot be written as JSON"):
        duecare.Caseload.from_documents([bad])


def test_rejects_say_where_and_why() -> None:
    wrong = support.case("MC-5", support.event("a", "2023-02-29T08:00:00Z"))
    caseload = duecare.Caseload.from_documents([support.MET, support.BROKEN, wrong], name="today")
    assert caseload.case_ids == ("MC-1",)
    broken, impossible = caseload.rejects
    assert (broken.source, broken.line) == ("today", 2)
    assert (impossible.line, impossible.case_id, impossible.pointer) == (3, "MC-5", "/events/0/occurred_at")
    assert "2023-02-29" in impossible.reason or "date" in impossible.reason
    assert str(impossible).startswith("today:3 /events/0/occurred_at: ")


def test_a_line_end_inside_a_string_stays_wrong() -> None:
    text = json.dumps(support.MET).replace("MC-1", "MC\n1")
    assert [reject.line for reject in duecare.Caseload.from_documents([text]).rejects] == [1]


def test_bytes_that_are_no_utf8_are_a_reject() -> None:
    caseload = duecare.Caseload()
    caseload.read_bytes(TEXT.encode().replace(b"MC-1", b"MC\xff1"), name="latin")
    assert [(reject.source, reject.line) for reject in caseload.rejects] == [("latin", 1)]
    assert caseload.case_ids == ("MC-2",)


def test_strict_raises() -> None:
    with pytest.raises(duecare.DataError) as caught:
        duecare.Caseload.from_documents([support.MET, support.BROKEN], strict=True, name="today")
    assert caught.value.line == 2
    assert caught.value.source == "today"
    assert isinstance(caught.value, ValueError)


def test_unknown_keys_are_counted() -> None:
    odd = {**support.MET, "colour": "red"}
    caseload = duecare.Caseload.from_documents([odd, {**odd, "id": "MC-7"}])
    (key,) = caseload.unknown_keys
    assert (key.path, key.count, key.line) == ("case.colour", 2, 1)
    assert "case.colour" in str(key)
    with pytest.raises(duecare.DataError):
        duecare.Caseload.from_documents([odd], strict=True)


def test_limits() -> None:
    caseload = duecare.Caseload.from_documents([support.MET, support.MISSED], max_events_per_case=1)
    assert [reject.line for reject in caseload.rejects] == [1]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        duecare.Caseload.load(tmp_path / "nowhere.jsonl")
    with pytest.raises(duecare.ArgumentError, match="at least one path"):
        duecare.Caseload.load()


def test_is_no_value() -> None:
    caseload = duecare.Caseload()
    assert caseload
    assert "0 cases" in repr(caseload)
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(caseload)


def test_closed_while_a_result_refers_to_it(policy: duecare.Policy) -> None:
    caseload = duecare.Caseload.from_documents([support.MET])
    result = duecare.audit(caseload, policy)
    with pytest.raises(duecare.StateError):
        caseload.read_bytes(support.json_lines(support.LATE).encode())
    del result
    caseload.read_bytes(support.json_lines(support.LATE).encode())
    assert caseload.case_count == 2
