"""A year of an invented force, stored month by month, with one change of policy in July.

python year.py CASES TRUTH STORE
"""

import json
import sys

import duecare

LAST_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTHS = [f"{month:02}-{day}" for month, day in enumerate(LAST_DAYS, 1)]
CHANGED = "sup-review-cadence-by-crime-type"


def main() -> None:
    cases_path, truth_path, store_path = sys.argv[1:]
    cases = duecare.Caseload.load(cases_path)
    before = duecare.Policy.builtin("england-wales-child-protection")
    after = before.with_parameters(review_standard="21 days", review_vulnerability="7 days")
    say = sys.stdout.write
    with duecare.Store(store_path, create=True) as store:
        for month in MONTHS:
            policy = before if month < "07" else after
            # What was recorded or corrected later is not seen: each run uses the record of its own day.
            result = duecare.audit(cases, policy, as_of=f"2023-{month}", verdicts="all")
            store.put_run(result, recorded_at=f"2023-{month}T18:00:00Z", label=month)
        for row in store.trend("total", duty_id=CHANGED):
            if row["rate"] is None:
                say(f"run {row['run']:2}: nothing judged\n")
            else:
                bounds = f"{row['rate_low']:.2f} to {row['rate_high']:.2f}"
                say(f"run {row['run']:2}: {row['met']} of {row['judged']} met, ")
                say(f"{row['rate']:.2f} ({bounds})\n")
        life = store.life(6, 7).summary
        told = {name: number for name, number in life["counts"].items() if number}
        say(f"June to July, policy changed: {life['policy_changed']}\n")
        say("".join(f"  {name.replace('_', ' ')} {number}\n" for name, number in told.items()))
        # The generator knows what failed; here, of the duties that did not change, by the end of the year.
        with open(truth_path, encoding="utf-8") as file:
            failings = [one for one in map(json.loads, file) if one["duty_id"] != CHANGED]
        until = "2023-12-31"
        planted = {
            (one["case_id"], one["duty_id"], one["due_at"])
            for one in failings
            if one["due_at"] is not None and one["due_at"][:10] < until
        }
        found = {
            (row["case_id"], row["duty_id"], row["due_at"])
            for row in store.findings(12, verdicts=["late", "missed"])
        }
        say(f"planted and due before {until}: {len(planted)}; ")
        say(f"found in the last run: {len(planted & found)}\n")


if __name__ == "__main__":
    main()
