"""A year of monthly audits of an invented force, kept in a store, and checked against what was planted.

    duecare generate --cases 160 --seed 2023 --out made.jsonl --truth truth.jsonl
    python year.py made.jsonl truth.jsonl year.db

The last day of each month of 2023 is audited as it could have been then: nothing recorded later is known.
Some late answers turn out to have been entered with a wrong time and are corrected in a later month; from
July on another policy is in force (july.json).
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duecare

HERE = Path(__file__).parent
END = datetime(2024, 1, 1, tzinfo=UTC)
WRONG = ("late", "missed", "unassessable")


def lines_of(path: str) -> list[dict]:
    """The documents of a JSON Lines file."""
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def month_ends() -> list[datetime]:
    firsts = [datetime(2023, month, 1, tzinfo=UTC) for month in range(2, 13)]
    return [first - timedelta(microseconds=1) for first in [*firsts, END]]


def with_corrections(documents: list[dict], policy: duecare.Policy) -> tuple[list[dict], set[tuple]]:
    """Every eighth late answer of the year turns out to have come an hour before it was due.

    That is recorded three weeks after the answer. Gives the documents, and which obligations are met by it.
    """
    caseload = duecare.Caseload.from_documents(documents)
    late = [
        finding
        for finding in duecare.audit(caseload, policy, as_of=END, verdicts=["late"]).findings
        if finding.ending_event
        and finding.due_at - finding.opened_at > timedelta(hours=2)
        and finding.due_at.year == 2023
    ]
    cases = {document["id"]: document for document in documents if "events" in document}
    corrected = set()
    for finding in late[::8]:
        events = cases[finding.case_id]["events"]
        wrong = next(event for event in events if event.get("id") == finding.ending_event)
        entered = datetime.fromisoformat(wrong.get("recorded_at", wrong["occurred_at"]))
        events.append(
            {
                **wrong,
                "id": f"{wrong['id']}-corrected",
                "replaces": wrong["id"],
                "occurred_at": (finding.due_at - timedelta(hours=1)).isoformat(),
                "recorded_at": (entered + timedelta(days=21)).isoformat(),
            }
        )
        # One answer may be that of two duties.
        corrected |= {
            (one.case_id, one.duty_id, one.key)
            for one in late
            if (one.case_id, one.ending_event) == (finding.case_id, finding.ending_event)
        }
    return documents, corrected


def main() -> None:
    made, truth, path = sys.argv[1:]
    old = duecare.Policy.builtin("england-wales-child-protection")
    new = duecare.Policy.load(HERE / "july.json")
    documents, corrected = with_corrections(lines_of(made), old)
    caseload = duecare.Caseload.from_documents(documents)
    planted = {
        (one["case_id"], one["duty_id"], one["key"]): datetime.fromisoformat(one["due_at"])
        for one in lines_of(truth)
        if one["due_at"]  # those without wait for what nobody knows
    }
    for obligation in corrected:
        planted.pop(obligation, None)
    told = f"{len(planted)} failings planted, {len(corrected)} undone by corrections"
    print(f"{caseload.case_count} cases, {told}")
    print("month     met of judged   new resolved corrected policy   planted found")
    with duecare.Store(path, create=True) as store:
        for number, end in enumerate(month_ends(), 1):
            policy = old if end.month < 7 else new
            result = duecare.audit(caseload, policy, as_of=end, verdicts="all")
            store.put_run(result, recorded_at=end + timedelta(hours=9), label=f"{end:%B}")
            trend = store.trend(from_run=number)[0]
            counts = store.life(number - 1, number, limit=0).summary["counts"] if number > 1 else {}
            changed = counts.get("changed_by_policy", 0) + counts.get("new_with_policy", 0)
            due = {one for one, due_at in planted.items() if due_at < end}
            found = {
                (finding.case_id, finding.duty_id, finding.key)
                for finding in result.findings
                if finding.verdict in WRONG
            }
            print(
                f"{end:%Y-%m}  {trend['met']:>5} of {trend['judged']:>5}"
                f"  {counts.get('new', 0):>5} {counts.get('resolved', 0):>8}"
                f" {counts.get('changed_by_correction', 0):>9} {changed:>6}"
                f"  {len(due):>7} {len(due & found):>5}"
            )
        print("verified" if store.verify() else "NOT verified")


if __name__ == "__main__":
    main()
