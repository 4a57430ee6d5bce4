# %% [markdown]
# # Pictures
# What the report draws, as Matplotlib figures. Needs `pip install 'duecare[plot]'`.

# %%
import duecare
from duecare import plot

policy = duecare.Policy.load("examples/policy.json")
files = ["examples/caseload/cases.jsonl", "examples/caseload/staff.jsonl"]
result = duecare.audit(files, policy, as_of="2026-06-01T00:00:00Z", verdicts="all")

# %% [markdown]
# One case: what was due from when to when, and what was done.

# %%
plot.timeline(result.case("WILTS-1"))

# %% [markdown]
# Units beside each other, with the limits between which chance alone would put them:

# %%
plot.funnel(result)

# %% [markdown]
# The rhythm of reviews; verdicts by duty and unit; how long after events they were recorded:

# %%
plot.cadence(result)

# %%
plot.heatmap(result)

# %%
plot.lags(result)

# %% [markdown]
# How long until a device was examined and a victim's statement taken. The figure is Matplotlib's own, and
# can be restyled and saved:

# %%
figure = plot.survival(result, duties=["device-examined", "victim-statement"])
figure.savefig("survival.svg")
print(figure.axes[0].get_xlabel())
figure
