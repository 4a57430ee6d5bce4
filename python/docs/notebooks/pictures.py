# %% [markdown]
# # Pictures
# What the report draws, as Matplotlib figures. Needs `pip install 'duecare[plot]'`.

# %%
import duecare
from duecare import plot

policy = duecare.Policy.load("examples/policy.json")
files = ["examples/caseload/cases.jsonl", "examples/caseload/staff.jsonl"]
result = duecare.audit(files, policy, as_of="2026-06-01T00:00:00Z", verdicts="all")

# %%
figure = plot.timeline(result.case("WILTS-1"))
print(figure.axes[0].get_title(loc="left"))

# %%
for draw in (plot.funnel, plot.cadence, plot.heatmap, plot.lags):
    print(draw.__name__, len(draw(result).axes))

# %%
plot.survival(result, duties=["device-examined", "victim-statement"]).savefig("survival.svg")
