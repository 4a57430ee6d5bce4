"""Event types that the policy does not name are counted and reported."""

from __future__ import annotations

import json

import duecare

SOURCE = {"title": "Example", "section": "1", "url": "https://example.org", "status": "illustrative"}
POLICY = {
    "format": "duecare.policy/1",
    "id": "example",
    "version": "1",
    "title": "Example",
    "time_zone": "Europe/London",
    "events": {"case.noted": {"title": "A note"}},
    "duties": [
        {
            "id": "reply",
            "title": "A reply",
            "area": "example",
            "severity": "low",
            "source": SOURCE,
            "on": "request.sent",
            "require": "reply.*",
            "within": "1 day",
        }
    ],
}


def case(*types: str) -> dict[str, object]:
    events = [{"type": name, "occurred_at": "2023-01-10T08:00:00Z"} for name in types]
    return {"format": "duecare.case/1", "id": "WP-1", "events": events}


def test_types_without_a_name_are_counted() -> None:
    cases = duecare.Caseload.from_documents(
        [case("request.sent", "reply.full", "case.noted", "REQ_SNT", "REQ_SNT", "ABC")]
    )
    result = duecare.audit(cases, duecare.Policy.from_json(json.dumps(POLICY)))
    assert [(e.type, e.count) for e in result.unnamed_events] == [("ABC", 1), ("REQ_SNT", 2)]
    assert "REQ_SNT occurs 2 times" in result.unnamed_events[1].message
    assert set(result.unnamed_events) <= set(result.warnings)


def test_nothing_is_said_where_the_policy_documents_no_events() -> None:
    policy = {key: value for key, value in POLICY.items() if key != "events"}
    cases = duecare.Caseload.from_documents([case("REQ_SNT")])
    assert duecare.audit(cases, duecare.Policy.from_json(json.dumps(policy))).unnamed_events == ()
