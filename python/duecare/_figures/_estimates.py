"""Proportions and times to event, in one place: the pictures ask here and nowhere else.

Exact binomial throughout: unit counts are often small, where normal limits mislead.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Continued fraction of the incomplete beta function, by Lentz's method (DLMF 8.17.22)."""
    tiny, c, d = 1e-300, 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > tiny else tiny)
    result = d
    for m in range(1, 10_000):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + numerator * d
            d = 1.0 / (d if abs(d) > tiny else tiny)
            c = 1.0 + numerator / c
            c = c if abs(c) > tiny else tiny
            step = c * d
            result *= step
        if abs(step - 1.0) < 1e-14:
            break
    return result


def _beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    if x < (a + 1.0) / (a + b + 2.0):
        return math.exp(log_front) * _beta_fraction(a, b, x) / a
    return 1.0 - math.exp(log_front) * _beta_fraction(b, a, 1.0 - x) / b


def _at_most(k: int, n: int, p: float) -> float:
    """P(X ≤ k) of a binomial X."""
    if k < 0:
        return 0.0
    return 1.0 if k >= n else 1.0 - _beta(k + 1, n - k, p)


def _bisect(low: float, high: float, wanted: float, a: float, b: float) -> float:
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _beta(a, b, middle) < wanted else (low, middle)
    return (low + high) / 2


def proportion_interval(count: int, number: int, level: float = 0.95) -> tuple[float, float]:
    """Clopper and Pearson's interval (1934): covers at least as often as ``level`` says."""
    if number == 0:
        return (0.0, 1.0)
    tail = (1.0 - level) / 2
    low = 0.0 if count == 0 else _bisect(0.0, 1.0, tail, count, number - count + 1)
    high = 1.0 if count == number else _bisect(0.0, 1.0, 1.0 - tail, count + 1, number - count)
    return low, high


def _quantile(n: int, p: float, wanted: float) -> float:
    """Interpolated quantile of a binomial share (Spiegelhalter 2005, appendix A.1.1)."""
    low, high = -1, n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _at_most(middle, n, p) <= wanted else (low, middle)
    above, below = _at_most(high, n, p), _at_most(high - 1, n, p)
    alpha = (above - wanted) / (above - below) if above > below else 0.0
    return min(1.0, max(0.0, (high - alpha) / n))


def funnel_limits(share: float, sizes: Sequence[int], level: float) -> list[tuple[float, float]]:
    """Between which shares of ``n`` lie ``level`` of units that are all alike, for each size."""
    tail = (1.0 - level) / 2
    return [(_quantile(n, share, tail), _quantile(n, share, 1.0 - tail)) for n in sizes]


@dataclass(frozen=True, slots=True)
class Step:
    """From ``time`` on this share is still waiting."""

    time: float
    waiting: float
    low: float
    high: float
    at_risk: int
    ended: int


def kaplan_meier(times: Iterable[tuple[float, bool]], level: float = 0.95) -> list[Step]:
    """Kaplan and Meier's estimate; each time is of an end (True) or of when it was last known to wait.

    Limits by Greenwood's variance on the scale log(-log S), which keeps them between 0 and 1.
    """
    z = _normal_quantile(0.5 + level / 2)
    ordered = sorted(times)
    steps = [Step(0.0, 1.0, 1.0, 1.0, len(ordered), 0)]
    survival, variance, index = 1.0, 0.0, 0
    while index < len(ordered):
        time, at_risk, ended = ordered[index][0], len(ordered) - index, 0
        while index < len(ordered) and ordered[index][0] == time:
            ended += ordered[index][1]
            index += 1
        if not ended:
            continue
        survival *= 1 - ended / at_risk
        if survival <= 0:
            steps.append(Step(time, 0.0, 0.0, steps[-1].high, at_risk, ended))
            break
        variance += ended / (at_risk * (at_risk - ended))
        spread = z * math.sqrt(variance) / -math.log(survival)
        steps.append(
            Step(
                time,
                survival,
                survival ** math.exp(spread),
                survival ** math.exp(-spread),
                at_risk,
                ended,
            )
        )
    return steps


def median(steps: Sequence[Step]) -> float | None:
    """When half of them no longer waited; None if that has not been reached."""
    return next((step.time for step in steps if step.waiting <= 0.5), None)


def _normal_quantile(p: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(p)
