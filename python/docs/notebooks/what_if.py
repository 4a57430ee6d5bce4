# %% [markdown]
# # What does a 21-day rhythm do to the supervisors' load?
# With ipywidgets in a notebook, the last cell gives a slider; without, it tells three values.

# %%
import duecare

policy = duecare.Policy.load("examples/policy.json")
cases = duecare.Caseload.load("examples/caseload/cases.jsonl", "examples/caseload/staff.jsonl")


def load(days: int) -> str:
    """How many reviews a rhythm asks for, and how many of those fail."""
    changed = policy.with_parameters(missing_review=f"{days} hours")
    difference = duecare.compare_policies(cases, policy, changed, as_of="2026-06-01T00:00:00Z")
    row = next(one for one in difference.totals if one.duty_id == "missing-review")
    return f"every {days} hours: {row.new} reviews (now {row.old}), {row.verdict_changed} verdicts change"


# %%
try:
    from ipywidgets import interact
except ImportError:
    for hours in (24, 48, 72):
        print(load(hours))
else:
    interact(load, days=(12, 96, 12))
