"""Laws that hold for every history: what changes no answer, and how answers may move."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

import duecare
import support

# A winter, well away from both changes of the clocks in Europe/London.
START = datetime(2022, 11, 7, tzinfo=UTC)
HOURS = 60 * 24

POLICY = duecare.Policy.from_json(
    support.policy(
        support.RETURN_INTERVIEW,
        support.VIEWS,
        {
            **support.RETURN_INTERVIEW,
            "id": "return-interview-of-each",
            "per": "subject",
            "on": {"event": "missing.returned", "where": "event.risk != 'low'"},
            "require": {"event": "interview.return_home", "where": "actor.id != trigger.actor.id"},
            "excused_by": {"event": "interview.refused"},
            "until": {"event": "case.closed"},
            "within": "3 days",
            "not_before": "1 hour",
            "repeat": "restart",
            "warn": "12 hours",
        },
        {
            "id": "plan-before",
            "title": "Plan before the talk",
            "area": "planning",
            "severity": "low",
            "source": support.SOURCE,
            "on": {"event": "interview.return_home"},
            "require": {"event": "plan.agreed"},
            "before": "2 days",
        },
        {
            "id": "review-cadence",
            "title": "Review while open",
            "area": "supervision",
            "severity": "medium",
            "source": support.SOURCE,
            "while": "fact.status == 'open'",
            "require": {"event": "review.supervisor"},
            "first": "72 hours",
            "every": {"choose": "fact.grade", "cases": {"high": "2 days"}, "otherwise": "1 week"},
        },
        {
            "id": "open-at-most",
            "title": "Close in time",
            "area": "supervision",
            "severity": "medium",
            "source": support.SOURCE,
            "while": "fact.status == 'open'",
            "at_most": "2 weeks",
        },
        facts={
            "status": {
                "initial": "'none'",
                "set": [{"event": "case.opened", "to": "'open'"}, {"event": "case.closed", "to": "'closed'"}],
            },
            "grade": {"set": [{"event": "risk.assessed", "to": "event.risk"}]},
        },
    )
)

TYPES = [
    "missing.returned",
    "interview.return_home",
    "interview.refused",
    "child.spoken_to",
    "plan.agreed",
    "case.opened",
    "case.closed",
    "risk.assessed",
    "review.supervisor",
]


def written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """An event without id, some of them entered late, dated to the day, or saying little."""
    at = START + timedelta(hours=draw(st.integers(0, HOURS)), minutes=draw(st.sampled_from([0, 0, 30])))
    event: dict[str, Any] = {"type": draw(st.sampled_from(TYPES)), "occurred_at": written(at)}
    if draw(st.integers(0, 4)) == 0:
        event["occurred_at"] = at.strftime("%Y-%m-%d")
    delay = draw(st.sampled_from([None, None, 0, 3, 100]))
    if delay is not None:
        event["recorded_at"] = written(at + timedelta(hours=delay))
    if draw(st.booleans()):
        event["subjects"] = draw(st.sampled_from([["P1"], ["P2"], ["P1", "P2"]]))
    if draw(st.booleans()):
        event["actor"] = draw(st.sampled_from(["a", "b"]))
    attributes = draw(
        st.fixed_dictionaries(
            {}, optional={"risk": st.sampled_from(["low", "high"]), "views": st.just("said")}
        )
    )
    return {**event, "attributes": attributes} if attributes else event


@st.composite
def cases(draw: st.DrawFn, case_id: str = "MC-1") -> dict[str, Any]:
    content = draw(st.lists(events(), max_size=12))
    numbered = [{"id": f"e{number}", **event} for number, event in enumerate(content)]
    if numbered and draw(st.integers(0, 3)) == 0:
        numbered[-1]["replaces"] = numbered[0]["id"]
        assume(len(numbered) > 1)
    persons = [{"id": "P1", "born": "2010-05-01"}, {"id": "P2", "born": "2011"}]
    return {"format": "duecare.case/1", "id": case_id, "persons": persons, "events": numbered}


instants = st.integers(0, HOURS + 24 * 30).map(lambda hours: START + timedelta(hours=hours))


def audit(
    documents: list[dict[str, Any]],
    as_of: datetime,
    known_at: datetime | None = None,
    policy: duecare.Policy = POLICY,
) -> duecare.Result:
    caseload = duecare.Caseload.from_documents(documents)
    assert caseload.rejects == ()
    return duecare.audit(caseload, policy, as_of=as_of, known_at=known_at, verdicts="all", threads=1)


@given(cases(), instants, st.randoms())
def test_the_order_of_events_in_the_file_says_nothing(
    case: dict[str, Any], as_of: datetime, random: Any
) -> None:
    shuffled = {**case, "events": random.sample(case["events"], len(case["events"]))}
    assert audit([case], as_of).findings.to_dicts() == audit([shuffled], as_of).findings.to_dicts()


@given(cases(), events(), instants, instants, st.integers(1, 1000))
def test_what_was_not_yet_recorded_says_nothing(
    case: dict[str, Any], extra: dict[str, Any], as_of: datetime, known_at: datetime, later: int
) -> None:
    unseen = {**extra, "id": "unseen", "recorded_at": written(known_at + timedelta(seconds=later))}
    if case["events"]:
        unseen["replaces"] = case["events"][0]["id"]
    more = {**case, "events": [*case["events"], unseen]}
    before, after = audit([case], as_of, known_at), audit([more], as_of, known_at)
    assert before.findings.to_dicts() == after.findings.to_dicts()
    assert before.summary == after.summary


@given(st.lists(cases(), min_size=2, max_size=6), st.data(), instants)
def test_parts_make_the_whole(content: list[dict[str, Any]], data: st.DataObject, as_of: datetime) -> None:
    documents = [{**case, "id": f"MC-{number}"} for number, case in enumerate(content)]
    cut = data.draw(st.integers(1, len(documents) - 1))
    whole = audit(documents, as_of)
    parts = [audit(documents[:cut], as_of), audit(documents[cut:], as_of)]
    assert whole.findings.to_dicts() == [fields for part in parts for fields in part.findings.to_dicts()]
    totals: Counter[str] = Counter()
    for part in parts:
        totals.update(part.summary.totals)
    assert dict(whole.summary.totals) == {verdict: totals[verdict] for verdict in whole.summary.totals}


MOVED = ("opened_at", "due_at", "ended_at")


def moved_text(text: str, by: timedelta) -> str:
    if len(text) == len("2022-11-07"):
        return (datetime.fromisoformat(text) + by).strftime("%Y-%m-%d")
    return written(datetime.fromisoformat(text) + by)


@given(cases(), instants, st.integers(-1, 1))
def test_whole_weeks_move_everything_alike(case: dict[str, Any], as_of: datetime, weeks: int) -> None:
    assume(as_of <= START + timedelta(hours=HOURS))
    by = timedelta(weeks=weeks)
    moved_events = [
        {**event, **{k: moved_text(event[k], by) for k in ("occurred_at", "recorded_at") if k in event}}
        for event in case["events"]
    ]
    here = audit([case], as_of).findings
    there = audit([{**case, "events": moved_events}], as_of + by).findings
    assert len(here) == len(there)
    for one, other in zip(here, there, strict=True):
        fields, moved = one.to_dict(), other.to_dict()
        for name in MOVED:
            before, after = getattr(one, name), getattr(other, name)
            assert after == (None if before is None else before + by)
        for name in (*MOVED, "explanation"):
            del fields[name], moved[name]
        assert fields == moved


def identity(finding: duecare.Finding) -> tuple[Any, ...]:
    return (finding.case_id, finding.duty_id, finding.key, finding.trigger_event, finding.opened_at)


@given(cases(), instants, instants, instants)
def test_what_was_settled_is_never_pending_again(
    case: dict[str, Any], one: datetime, other: datetime, known_at: datetime
) -> None:
    earlier, later = sorted((one, other))
    before = Counter(identity(f) for f in audit([case], earlier, known_at).findings if f.verdict != "pending")
    after: dict[tuple[Any, ...], list[str]] = {}
    for finding in audit([case], later, known_at).findings:
        after.setdefault(identity(finding), []).append(finding.verdict)
    for key, count in before.items():
        verdicts = after[key]
        # Two obligations may share an identity (evaluation.md); the settled ones come first.
        assert len(verdicts) >= count
        assert "pending" not in verdicts[:count]


@given(st.integers(0, HOURS), st.integers(0, HOURS), st.integers(0, HOURS))
def test_a_later_answer_is_never_less_overdue(one: int, other: int, wait: int) -> None:
    as_of = START + timedelta(hours=wait)

    def overdue(hours: int) -> int:
        case = support.case(
            "MC-1",
            support.event("missing.returned", written(START)),
            support.event("interview.return_home", written(START + timedelta(hours=hours))),
        )
        result = audit([case], as_of, policy=SIMPLE)
        return result.findings[0].overdue_seconds

    sooner, later = sorted((one, other))
    assert overdue(sooner) <= overdue(later)


SIMPLE = duecare.Policy.from_json(support.policy(support.RETURN_INTERVIEW))


@given(cases(), instants, st.sampled_from(["2 days", "3 days", "100 hours"]))
def test_more_time_never_makes_more_overdue(case: dict[str, Any], as_of: datetime, longer: str) -> None:
    tight = duecare.Policy.from_json(support.policy({**support.RETURN_INTERVIEW, "within": "1 day"}))
    loose = duecare.Policy.from_json(support.policy({**support.RETURN_INTERVIEW, "within": longer}))
    for strict, lax in zip(
        audit([case], as_of, policy=tight).findings, audit([case], as_of, policy=loose).findings, strict=True
    ):
        assert identity(strict) == identity(lax)
        assert lax.overdue_seconds <= strict.overdue_seconds
        assert (strict.verdict, lax.verdict) not in {("met", "late"), ("met", "missed")}


def told(one: Any) -> tuple[Any, ...]:
    """What a finding and an obligation of a monitor both say."""
    fields = (one.case_id, one.duty_id, one.key, one.verdict, one.opened_at, one.due_at, one.ended_at)
    seconds = (one.overdue_seconds, one.elapsed_seconds)
    return (*fields, *seconds, one.trigger_event, one.ending_event, tuple(one.flags), one.reason, one.owner)


@given(st.lists(cases(), min_size=1, max_size=3), st.data(), instants, instants)
def test_a_monitor_told_in_any_order_finds_what_an_audit_does(
    content: list[dict[str, Any]], data: st.DataObject, as_of: datetime, known_at: datetime
) -> None:
    documents = [{**case, "id": f"MC-{number}"} for number, case in enumerate(content)]
    pushes = [(case["id"], event) for case in documents for event in case["events"]]
    monitor = duecare.Monitor(POLICY, START)
    known: dict[tuple[Any, ...], str] = {}

    def hear(changes: tuple[duecare.ObligationChange, ...]) -> None:
        for change in changes:
            which = (change.case_id, change.duty_id, change.key, change.opened_at, change.trigger_event)
            if "gone" in change.what:
                known.pop(which, None)
            else:
                known[which] = change.verdict

    for case in documents:
        hear(monitor.push_document({**case, "events": []}))
    for case_id, event in data.draw(st.permutations(pushes)):
        hear(monitor.push_event(case_id, event))
        step = data.draw(st.sampled_from(["", "", "clock", "restart"]))
        if step == "clock":
            hear(monitor.set_clock(data.draw(instants), data.draw(instants)))
        elif step == "restart":
            monitor = duecare.Monitor.restore(POLICY, monitor.snapshot())
    hear(monitor.set_clock(as_of, known_at))
    expected = audit(documents, as_of, known_at).findings
    assert Counter(told(o) for o in monitor.list(verdicts="all")) == Counter(told(f) for f in expected)
    assert monitor.findings(verdicts="all").to_dicts() == expected.to_dicts()
    assert known == {(f.case_id, f.duty_id, f.key, f.opened_at, f.trigger_event): f.verdict for f in expected}
