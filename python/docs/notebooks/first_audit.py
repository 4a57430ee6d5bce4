# %% [markdown]
# # A first audit
# A notebook as a plain file: each `# %%` begins a cell. No case data is saved in it.

# %%
import duecare

policy = duecare.Policy.load("examples/policy.json")
files = ["examples/caseload/cases.jsonl", "examples/caseload/staff.jsonl"]
result = duecare.audit(files, policy, as_of="2026-06-01T00:00:00Z", verdicts="all")
totals = result.summary.totals
print(totals["met"], "met,", totals["late"], "late,", totals["missed"], "missed of", result.summary.total)

# %% [markdown]
# One case, as a picture with its table:

# %%
result.case("WILTS-1")

# %% [markdown]
# Why it is so, and what would have been enough:

# %%
print(result.explain("WILTS-1", "victim-statement"))
