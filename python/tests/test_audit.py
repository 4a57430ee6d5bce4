"""The audit, its findings and its counts."""

import gc
import json
import pickle
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import duecare
import support

DOCUMENTS = [support.MET, support.LATE, support.MISSED, support.NO_VIEWS]
FIELDS = [
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


@pytest.fixture
def result(policy: duecare.Policy) -> duecare.Result:
    return duecare.audit(
        duecare.Caseload.from_documents(DOCUMENTS), policy, as_of=support.AS_OF, verdicts="all"
    )


def test_finds_what_happened(result: duecare.Result) -> None:
    found = [(f.case_id, f.duty_id, f.verdict) for f in result.findings]
    assert found == [
        ("MC-1", "return-interview", "met"),
        ("MC-2", "return-interview", "late"),
        ("MC-3", "return-interview", "missed"),
        ("MC-4", "views-recorded", "missed"),
    ]


def test_a_finding_has_every_field(result: duecare.Result) -> None:
    late = result.findings[1]
    assert late.opened_at == datetime(2023, 1, 10, 8, tzinfo=UTC)
    assert late.due_at == datetime(2023, 1, 13, 8, tzinfo=UTC)
    assert late.ended_at == datetime(2023, 1, 13, 9, 30, tzinfo=UTC)
    assert late.opened_at.tzinfo is UTC
    assert (late.overdue_seconds, late.elapsed_seconds, late.missed_periods) == (5400, 264_600, 0)
    assert (late.key, late.trigger_event, late.ending_event) == (None, "e1", "e2")
    assert (late.flags, late.reason, late.evidence, late.owner) == ((), None, ("e1", "e2"), None)
    assert (late.area, late.severity, late.title) == (
        "missing",
        "high",
        "Talk with a child who has come back",
    )
    assert late.explanation
    assert result.findings[2].ended_at is None


def test_a_finding_as_dict_is_the_json_of_the_library(result: duecare.Result) -> None:
    lines = b"".join(result.findings.json_lines()).decode().splitlines()
    assert [json.loads(line) for line in lines] == result.findings.to_dicts()
    assert list(json.loads(lines[0])) == list(result.findings[0].to_dict()) == FIELDS


def test_a_finding_is_a_value(result: duecare.Result) -> None:
    first, again = result.findings[0], result.findings[0]
    assert first == again
    assert hash(first) == hash(again)
    assert len({first, again, result.findings[1]}) == 2
    assert first != "MC-1"
    assert pickle.loads(pickle.dumps(first)) == first  # noqa: S301
    with pytest.raises(AttributeError):
        first.verdict = "met"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        first.veridct = "met"  # type: ignore[attr-defined]
    match first:
        case duecare.Finding(case_id, duty_id):
            assert (case_id, duty_id) == ("MC-1", "return-interview")
        case _:
            pytest.fail("a finding can be matched")


def test_repr_shows_no_case(result: duecare.Result) -> None:
    assert repr(result.findings[2]) == "<duecare.Finding return-interview missed>"
    assert "MC-" not in repr(result) + repr(result.findings)


def test_findings_are_a_sequence(result: duecare.Result) -> None:
    findings = result.findings
    assert isinstance(findings, Sequence)
    assert len(findings) == 4
    assert findings[-1] == findings[3] == list(findings)[3]
    assert findings[1:3] == [findings[1], findings[2]]
    assert findings[::-2] == [findings[3], findings[1]]
    assert findings[3:1] == []
    assert findings[2] in findings
    assert findings.index(findings[2]) == 2
    for index in (4, -5):
        with pytest.raises(IndexError):
            findings[index]


def test_more_findings_than_a_batch(policy: duecare.Policy) -> None:
    cases = [{**support.MISSED, "id": f"MC-{number:04}"} for number in range(1000)]
    result = duecare.audit(duecare.Caseload.from_documents(cases), policy, as_of=support.AS_OF)
    assert [f.case_id for f in result.findings] == [case["id"] for case in cases]
    assert b"".join(result.findings.json_lines()).count(b"\n") == 1000


def test_counts_count_everything(policy: duecare.Policy) -> None:
    caseload = duecare.Caseload.from_documents([*DOCUMENTS, support.BROKEN])
    result = duecare.audit(caseload, policy, as_of=support.AS_OF, verdicts=[])
    assert len(result.findings) == 0
    summary = result.summary
    assert summary.total == 4
    assert dict(summary.totals) == {
        "met": 1, "late": 1, "missed": 2, "pending": 0, "excused": 0, "lapsed": 0, "unassessable": 0,
    }  # fmt: skip
    assert [(row.duty_id, row.total, row.counts["missed"]) for row in summary.duties] == [
        ("return-interview", 3, 1),
        ("views-recorded", 1, 1),
    ]
    assert summary.by_severity["critical"]["missed"] == 1
    assert summary.by_severity["high"]["late"] == 1
    assert (summary.cases, summary.rejects, summary.visible_events) == (4, 1, 6)
    assert json.loads(json.dumps(summary.to_dict()))["totals"]["met"] == 1


def test_which_verdicts(policy: duecare.Policy) -> None:
    caseload = duecare.Caseload.from_documents(DOCUMENTS)

    def verdicts(wanted: Any) -> set[str]:
        return {
            f.verdict for f in duecare.audit(caseload, policy, as_of=support.AS_OF, verdicts=wanted).findings
        }

    assert verdicts(None) == {"late", "missed"}
    assert verdicts(["met"]) == {"met"}
    assert verdicts("all") == {"met", "late", "missed"}
    with pytest.raises(duecare.ArgumentError, match="'mised' is no verdict"):
        verdicts(["mised"])
    with pytest.raises(duecare.ArgumentError, match="must be 'all' or a list"):
        verdicts("late")


def test_as_of_in_every_form(policy: duecare.Policy) -> None:
    caseload = duecare.Caseload.from_documents([support.MISSED])

    def at(value: Any) -> datetime:
        return duecare.audit(caseload, policy, as_of=value).as_of

    summer = datetime(2023, 6, 1, 9, tzinfo=UTC)
    assert at(summer) == at("2023-06-01T10:00:00") == at("2023-06-01T09:00:00Z") == summer
    assert at(None) == datetime(2023, 1, 10, 8, tzinfo=UTC)
    with pytest.raises(duecare.ArgumentError, match="as_of is a datetime without a time zone"):
        at(datetime(2023, 6, 1, 9))  # noqa: DTZ001
    with pytest.raises(TypeError, match="as_of must be"):
        at(summer.date())
    with pytest.raises(duecare.ArgumentError):
        at("yesterday")


def test_known_at(policy: duecare.Policy) -> None:
    entered_late = support.case(
        "MC-1",
        support.event("missing.returned", "2023-01-10T08:00:00Z"),
        support.event("interview.return_home", "2023-01-11T08:00:00Z", recorded_at="2023-01-18T08:00:00Z"),
    )
    caseload = duecare.Caseload.from_documents([entered_late])
    now = duecare.audit(caseload, policy, as_of=support.AS_OF, verdicts="all")
    then = duecare.audit(
        caseload, policy, as_of=support.AS_OF, known_at="2023-01-15T00:00:00Z", verdicts="all"
    )
    assert now.findings[0].verdict == "met"
    assert now.findings[0].flags == ("retrospective",)
    assert now.known_at == now.as_of
    assert then.findings[0].verdict == "missed"
    assert then.known_at == datetime(2023, 1, 15, tzinfo=UTC)


def test_takes_paths(policy: duecare.Policy, caseload_file: Path, tmp_path: Path) -> None:
    other = support.write(tmp_path / "more.jsonl", support.json_lines({**support.MISSED, "id": "MC-8"}))
    assert len(duecare.audit(caseload_file, policy, as_of=support.AS_OF).findings) == 3
    assert len(duecare.audit([str(caseload_file), other], policy, as_of=support.AS_OF).findings) == 4


def test_strict_takes_nothing_doubtful(policy: duecare.Policy) -> None:
    broken = duecare.Caseload.from_documents([support.MET, support.BROKEN])
    odd = duecare.Caseload.from_documents([{**support.MET, "colour": "red"}])
    assert len(duecare.audit(broken, policy).rejects) == 1
    assert len(duecare.audit(odd, policy).warnings) == 1
    for caseload in (broken, odd):
        with pytest.raises(duecare.DataError):
            duecare.audit(caseload, policy, strict=True)


def test_nothing_to_take_the_instant_from(policy: duecare.Policy) -> None:
    empty = duecare.Caseload()
    with pytest.raises(duecare.ArgumentError):
        duecare.audit(empty, policy)
    assert duecare.audit(empty, policy, as_of=support.AS_OF).summary.total == 0


def test_any_number_of_threads_finds_the_same(policy: duecare.Policy) -> None:
    cases = [{**DOCUMENTS[n % 4], "id": f"MC-{n}"} for n in range(500)]
    caseload = duecare.Caseload.from_documents(cases)
    texts = {
        b"".join(
            duecare.audit(
                caseload, policy, as_of=support.AS_OF, verdicts="all", threads=n
            ).findings.json_lines()
        )
        for n in (0, 1, 2, 7)
    }
    assert len(texts) == 1
    with pytest.raises(duecare.ArgumentError, match="threads"):
        duecare.audit(caseload, policy, threads=-1)


def test_findings_outlive_everything(policy: duecare.Policy) -> None:
    findings = duecare.audit(duecare.Caseload.from_documents(DOCUMENTS), policy, as_of=support.AS_OF).findings
    iterator = iter(findings)
    first = next(iterator)
    del findings
    gc.collect()
    assert first.case_id == "MC-2"
    assert [f.case_id for f in iterator] == ["MC-3", "MC-4"]


def test_one_result_read_by_many_threads(result: duecare.Result) -> None:
    expected = result.findings.to_dicts()
    seen: list[list[dict[str, Any]]] = []

    def read() -> None:
        for _ in range(50):
            seen.append(result.findings.to_dicts())

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 200
    assert all(dicts == expected for dicts in seen)


def test_results_are_not_pickled(result: duecare.Result) -> None:
    with pytest.raises(TypeError, match="pickle its findings"):
        pickle.dumps(result)


# ---- Progress and stopping ---------------------------------------------------------------------------------


def test_progress_ends_at_the_whole(policy: duecare.Policy) -> None:
    steps: list[tuple[int, int]] = []
    caseload = duecare.Caseload.from_documents(DOCUMENTS)
    duecare.audit(caseload, policy, progress=lambda done, total: steps.append((done, total)))
    assert steps[0] == (0, 4)
    assert steps[-1] == (4, 4)


def test_progress_can_cancel(policy: duecare.Policy) -> None:
    caseload = duecare.Caseload.from_documents(DOCUMENTS)
    with pytest.raises(duecare.CancelledError):
        duecare.audit(caseload, policy, progress=lambda done, total: False)
    assert len(duecare.audit(caseload, policy, as_of=support.AS_OF).findings) == 3


def test_what_progress_raises_is_passed_on(policy: duecare.Policy) -> None:
    def broken(done: int, total: int) -> None:
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        duecare.audit(duecare.Caseload.from_documents(DOCUMENTS), policy, progress=broken)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """SIGINT raises KeyboardInterrupt, also in the background of a shell, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_stops_an_audit(policy: duecare.Policy) -> None:
    caseload = duecare.Caseload.from_documents({**support.MISSED, "id": str(n)} for n in range(20_000))

    def press(done: int, total: int) -> None:
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        duecare.audit(caseload, policy, progress=press)


def test_other_threads_run_during_an_audit(policy: duecare.Policy) -> None:
    caseload = duecare.Caseload.from_documents({**support.MISSED, "id": str(n)} for n in range(50_000))
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.0005)

    thread = threading.Thread(target=tick)
    thread.start()
    during = 0
    for _ in range(400):  # a busy machine may give the other thread no time during one audit
        before = ticks
        duecare.audit(caseload, policy, as_of=support.AS_OF, verdicts=[], threads=1)
        during = max(during, ticks - before)
        if during > 1:
            break
    done.set()
    thread.join()
    assert during > 1
