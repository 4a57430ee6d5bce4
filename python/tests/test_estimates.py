"""Intervals, funnel limits and curves against values worked out another way."""

import time
from collections.abc import Callable
from fractions import Fraction
from math import comb

import pytest

from duecare._figures import _estimates as estimates


def at_most(k: int, n: int, p: Fraction) -> Fraction:
    return sum((comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1)), Fraction(0))


# Clopper and Pearson 1934; values as R's binom.test prints them.
@pytest.mark.parametrize(
    ("count", "number", "low", "high"),
    [
        (0, 10, 0.0, 0.3084971),
        (5, 10, 0.1870860, 0.8129140),
        (10, 10, 0.6915029, 1.0),
        (1, 4, 0.006309463, 0.8058796),
        (682, 925, 0.7076683, 0.7654066),
    ],
)
def test_proportion_interval(count: int, number: int, low: float, high: float) -> None:
    assert estimates.proportion_interval(count, number) == pytest.approx((low, high), abs=2e-6)


def test_of_nothing_nothing_is_known() -> None:
    assert estimates.proportion_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("level", "pick"),
    [(0.95, lambda at: (at.low, at.high)), (0.998, lambda at: (at.far_low, at.far_high))],
    ids=["95 %", "99.8 %"],
)
def test_funnel_limits_enclose_what_chance_allows(
    level: float, pick: Callable[[estimates.Limits], tuple[float, float]]
) -> None:
    share, sizes = Fraction(1, 8), (1, 5, 40, 200)
    for n, limits in zip(sizes, estimates.funnel_limits(0.125, sizes), strict=True):
        low, high = pick(limits)
        # Interpolated between two neighbouring counts: one more would be too many, one less too few.
        above, below = int(high * n) + 1, int(low * n) - 1
        assert float(1 - at_most(above, n, share)) <= (1 - level) / 2 + 1e-12
        assert float(at_most(below, n, share)) <= (1 - level) / 2 + 1e-12
        assert 0 <= low <= 0.125 <= high <= 1
    (wide_low, wide_high), (low, high) = map(pick, estimates.funnel_limits(0.125, (20, 2_000)))
    assert wide_high - wide_low > high - low


def test_where_all_failed_all_alike_fail() -> None:
    (limits,) = estimates.funnel_limits(1.0, (5,))
    assert limits == estimates.Limits(1.0, 1.0, 1.0, 1.0)


def test_kaplan_meier_on_the_remission_times_of_1963() -> None:
    """Freireich and others' patients on 6-mercaptopurine, the textbook example; + still in remission."""
    text = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
    times = [(float(one.rstrip("+")), not one.endswith("+")) for one in text.split()]
    curve = estimates.kaplan_meier(times)
    steps = {step.time: step for step in curve.steps}
    published = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    assert {time: round(steps[time].waiting, 4) for time in published} == published
    assert [steps[time].at_risk for time in published] == [21, 17, 15, 12, 11, 7, 6]
    assert curve.median == 23
    # log(-log) limits at 10 weeks, as R's survfit(conf.type = "log-log") has them.
    assert (steps[10].low, steps[10].high) == pytest.approx((0.5032, 0.8894), abs=2e-4)


def test_kaplan_meier_without_ends_waits_for_ever() -> None:
    curve = estimates.kaplan_meier([(3.0, False), (9.0, False)])
    assert [step.waiting for step in curve.steps] == [1.0]
    assert curve.median is None


def test_kaplan_meier_where_all_ended() -> None:
    curve = estimates.kaplan_meier([(1.0, True), (2.0, True)])
    assert [step.waiting for step in curve.steps] == [1.0, 0.5, 0.0]
    assert curve.median == 1.0
    assert (curve.steps[-1].low, curve.steps[-1].high) == (0.0, curve.steps[-2].high)


def test_a_curve_of_many_takes_no_quadratic_time() -> None:
    """Forty times as many durations; a product of both numbers would take 1,600 times as long."""

    def seconds(number: int) -> float:
        times = [((i * 7919 % 100_003) / 97, i % 3 != 0) for i in range(number)]
        began = time.process_time()
        estimates.kaplan_meier(times)
        return time.process_time() - began

    small = min(seconds(1_000) for _ in range(3))
    assert seconds(40_000) < 300 * small
