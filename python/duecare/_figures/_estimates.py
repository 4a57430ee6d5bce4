"""Intervals, limits and curves in the shapes that the pictures draw. The numbers are those of the engine.

Exact binomial throughout: unit counts are often small, where normal limits mislead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from duecare import sampling


def proportion_interval(count: int, number: int) -> tuple[float, float]:
    """Clopper and Pearson's interval (1934): covers at least as often as 95 %; (0, 1) where number is 0."""
    return sampling.proportion_bounds([count], [number])[0]


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which shares lie 95 and 99.8 of 100 units of one size that are all alike."""

    far_low: float
    low: float
    high: float
    far_high: float


def funnel_limits(share: float, sizes: Sequence[int]) -> list[Limits]:
    """Exact binomial limits, interpolated (Spiegelhalter 2005), for each size."""
    found = sampling.funnel_limits(n=sizes, theta=share, p=[0.001, 0.025, 0.975, 0.999]).limits
    return [Limits(*row) for row in found]


@dataclass(frozen=True, slots=True)
class Step:
    """From ``time`` on this share is still waiting."""

    time: float
    waiting: float
    low: float
    high: float
    at_risk: int


@dataclass(frozen=True, slots=True)
class Curve:
    """How many still wait after how long, and when half of them no longer did (None: not reached)."""

    steps: tuple[Step, ...]
    median: float | None


def kaplan_meier(times: Iterable[tuple[float, bool]]) -> Curve:
    """Kaplan and Meier's estimate; each time is of an end (True) or of when it was last known to wait.

    Limits of 95 % by Greenwood's variance on the scale log(-log S), which keeps them between 0 and 1.
    """
    pairs = list(times)
    time, event = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    found = sampling.kaplan_meier(time=time, event=event)
    steps = [Step(0.0, 1.0, 1.0, 1.0, len(pairs))]
    if found["at"]:
        rows = zip(found.at, found.survival, found.low, found.high, found.n_risk, strict=True)
        for at, waiting, low, high, at_risk in rows:
            # Once none waits, the estimate has no variance; the upper limit stays where it was.
            none_left = low is None
            lowest, highest = (0.0, steps[-1].high) if none_left else (low, high)
            steps.append(Step(at, waiting, lowest, highest, at_risk))
    half = sampling.survival_quantile(time=time, event=event).quantile
    return Curve(tuple(steps), half)
