# %% [markdown]
# # What does a 21-day rhythm do to the supervisors' load?
# Four hundred invented investigations; no person in them exists. The policy wants a supervisor to read the
# file of a vulnerable victim every 14 days. What if it were 21, or 7? Reviews fail where supervisors have too
# much, so count what each unit would have to do before a rule is in force.

# %%
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime

import duecare

DUTY = "sup-review-cadence-by-crime-type"
AS_OF = "2024-06-30"
made = ["duecare", "generate", "--cases", "400", "--seed", "4", "--out", "made.jsonl"]
subprocess.run([sys.executable, "-m", *made], check=True)
cases = duecare.Caseload.load("made.jsonl")
policy = duecare.Policy.builtin("england-wales-child-protection")

# %% [markdown]
# ## The load now
# Of each unit on a Monday: open cases, and what falls due within the week; beside it how many sergeants and
# above the register has. The owner of a duty is the unit here, since the policy says so (`owner: fact.unit`).

# %%
now = duecare.audit(cases, policy, as_of=AS_OF, verdicts="all")
monday = datetime(2023, 5, 8, tzinfo=UTC)
service = now.service.to_arrow().to_pylist()


def supervisors(day: date) -> Counter[str]:
    """Sergeants and above by unit, on a day."""
    there = [row for row in service if row["from"] <= day and (row["until"] is None or day < row["until"])]
    return Counter(row["unit"] for row in there if row["rank"] not in ("constable", None))


for row in now.capacity([monday]):
    if row.level == "owner":
        print(
            f"{row.name}: {row.open_cases} open, {row.due_within_week} due within a week, "
            f"{supervisors(monday.date())[row.name]} supervisors"
        )

# %% [markdown]
# ## The load under another rhythm
# Each review that came opens the next obligation, so that the obligations on record follow what people did,
# and say little of another rhythm. For the load let the same duty count on a fixed grid from the opening of
# the file (`anchor: schedule`): then an obligation is a review that the rhythm asks for.

# %%
FIRST, LAST = datetime(2023, 4, 1, tzinfo=UTC), datetime(2023, 7, 1, tzinfo=UTC)
on_a_grid = duecare.Policy.from_json(
    {
        "format": "duecare.policy/1", "id": "grid", "version": "1", "title": "Reviews on a grid",
        "extends": policy.id, "duties": [{"id": DUTY, "anchor": "schedule"}],
    }
)  # fmt: skip


def asked(days: int) -> Counter[str | None]:
    """How many reviews a rhythm of so many days asks for within the quarter, by unit."""
    changed = on_a_grid.with_parameters(review_vulnerability=f"{days} days")
    return Counter(
        finding.owner
        for finding in duecare.audit(cases, changed, as_of=AS_OF, verdicts="all").findings
        if finding.duty_id == DUTY and finding.due_at is not None and FIRST <= finding.due_at < LAST
    )


before = asked(14)


def load(days: int) -> str:
    """What a rhythm of so many days asks for, and which verdicts on what was done would be others."""
    then = asked(days)
    changed = policy.with_parameters(review_vulnerability=f"{days} days")
    difference = duecare.compare_policies(cases, policy, changed, as_of=AS_OF)
    row = next(one for one in difference.totals if one.duty_id == DUTY)
    units = ", ".join(f"{unit} {then[unit]}" for unit in sorted(before, key=str))
    return (
        f"every {days} days: {then.total()} reviews in the quarter (now {before.total()}): {units}; "
        f"{row.verdict_changed} of {row.new} verdicts on what was done change"
    )


# %% [markdown]
# With ipywidgets in a notebook this is a slider; without, it tells four values. Verdicts change although
# people did what they did: a looser rhythm makes late reviews timely, a stricter one makes timely ones late.
# What they would have done under the other rule nobody knows.

# %%
try:
    from ipywidgets import interact
except ImportError:
    for each in (28, 21, 14, 7):
        print(load(each))
else:
    interact(load, days=(7, 42, 7))
