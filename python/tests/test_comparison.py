"""What became of what was wrong between two results, in the same words and numbers as a store's."""

from collections import Counter
from pathlib import Path

import pytest

import duecare
import support

DAY = "2023-01-{}T08:00:00Z".format


def audited(*cases: object, as_of: str, verdicts: str | None = "all", **more: object) -> duecare.Result:
    caseload = duecare.Caseload()
    caseload.read_bytes(support.json_lines(*cases).encode())  # type: ignore[arg-type]
    policy = duecare.Policy.from_json(support.policy(**more))
    return duecare.audit(caseload, policy, as_of=as_of, verdicts=verdicts)  # type: ignore[arg-type]


def returned(day: int, *events: dict[str, object]) -> tuple[dict[str, object], ...]:
    return (support.event("missing.returned", DAY(f"{day:02}")), *events)


CASES = (
    support.case("resolved", *returned(2, support.event("interview.return_home", DAY(12)))),
    support.case("open", *returned(2)),
    support.case("past", *returned(2, support.event("interview.return_home", DAY("08")))),
    support.case("new", *returned(9)),
    support.case("met", *returned(9, support.event("interview.return_home", DAY(11)))),
    support.case("came", *returned(11)),
    support.case("came and met", *returned(11, support.event("interview.return_home", DAY(12)))),
    support.case(
        "corrected",
        *returned(
            3,
            support.event("missing.returned", DAY("08"), replaces="e1", recorded_at="2023-01-12T08:00:00Z"),
        ),
    ),
)


@pytest.fixture(scope="module")
def earlier() -> duecare.Result:
    return audited(*CASES, as_of=DAY(10))


@pytest.fixture(scope="module")
def later() -> duecare.Result:
    return audited(*CASES, as_of=DAY(20))


def test_only_what_is_wrong_counts(earlier: duecare.Result, later: duecare.Result) -> None:
    found = later.compare(earlier)
    assert sorted((change.finding.case_id, change.became) for change in found.changes) == [
        ("came", "new"),
        ("corrected", "changed_by_correction"),
        ("corrected", "changed_by_correction"),
        ("new", "new"),
        ("open", "still_open"),
        ("past", "past"),
        ("resolved", "resolved"),
    ]
    assert [change.finding.case_id for change in found.new] == ["new", "came"]
    assert [(c.before and c.before.verdict, c.after and c.after.verdict) for c in found.resolved] == [
        ("missed", "late")
    ]
    assert [change.finding.case_id for change in found.still_wrong] == ["open", "past"]
    assert {change.finding.case_id for change in found.changed} == {"corrected"}
    assert later.compare(later).of("new", "resolved", "worse") == ()


def test_a_case_that_is_gone(earlier: duecare.Result) -> None:
    found = audited(*CASES[:1], as_of=DAY(10)).compare(earlier)
    assert found.counts == {"still_open": 1, "gone_with_case": 3}
    reopened = support.case("open", support.event("missing.returned", DAY("09")))
    found = audited(reopened, as_of=DAY(10)).compare(earlier)
    assert found.counts == {"gone_with_record": 1, "gone_with_case": 3}


def test_what_cannot_be_compared(earlier: duecare.Result, later: duecare.Result) -> None:
    for one, other in (
        (audited(*CASES, as_of=DAY(20), verdicts=None), earlier),
        (later, audited(*CASES, as_of=DAY(20), verdicts=None)),
    ):
        with pytest.raises(duecare.StateError, match='verdicts="all"'):
            one.compare(other)
    with pytest.raises(duecare.ArgumentError, match="different policies"):
        audited(*CASES, as_of=DAY(20), version="2").compare(earlier)
    with pytest.raises(duecare.ArgumentError, match="later result"):
        earlier.compare(later)
    with pytest.raises(TypeError, match=r"earlier must be a duecare\.Result, not tuple"):
        later.compare(())  # type: ignore[arg-type]
    known_before = duecare.audit(
        later.caseload, later.policy, as_of=DAY(20), known_at=DAY(12), verdicts="all"
    )
    assert later.compare(known_before).of("gone_with_case") == ()
    with pytest.raises(duecare.ArgumentError, match="later result"):
        known_before.compare(later)


def test_a_store_says_the_same(tmp_path: Path, earlier: duecare.Result, later: duecare.Result) -> None:
    files = [support.ROOT / "examples/caseload" / name for name in ("cases.jsonl", "staff.jsonl")]
    policy = duecare.Policy.load(support.ROOT / "examples/policy.json")
    published = [
        duecare.audit(files, policy, as_of=as_of, verdicts="all") for as_of in ("2022-06-08", "2023-03-08")
    ]
    for number, (before, after) in enumerate(((earlier, later), published)):
        with duecare.Store(tmp_path / f"{number}.db", create=True) as store:
            store.put_run(before)
            store.put_run(after)
            told = store.life(1, 2)
        found = after.compare(before)
        assert found.counts == Counter(row["life"] for row in told)
        assert Counter((c.finding.case_id, c.finding.duty_id, c.became) for c in found.changes) == Counter(
            (row["case_id"], row["duty_id"], row["life"]) for row in told
        )
        assert found.new
