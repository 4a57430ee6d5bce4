"""Intervals, funnel limits and curves against values worked out another way."""

from fractions import Fraction
from math import comb

import pytest

from duecare._figures import _estimates as estimates


def at_most(k: int, n: int, p: Fraction) -> Fraction:
    return sum((comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1)), Fraction(0))


@pytest.mark.parametrize(("n", "p"), [(1, Fraction(1, 2)), (7, Fraction(1, 10)), (60, Fraction(3, 7))])
def test_binomial_tails_are_those_of_exact_sums(n: int, p: Fraction) -> None:
    for k in range(-1, n + 1):
        assert estimates._at_most(k, n, float(p)) == pytest.approx(float(at_most(k, n, p)), abs=1e-12)


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


@pytest.mark.parametrize("level", [0.95, 0.998])
def test_funnel_limits_enclose_what_chance_allows(level: float) -> None:
    share = Fraction(1, 8)
    for n, (low, high) in zip(
        (1, 5, 40, 200), estimates.funnel_limits(0.125, (1, 5, 40, 200), level), strict=True
    ):
        # Interpolated between two neighbouring counts: one more would be too many, one less too few.
        above, below = int(high * n) + 1, int(low * n) - 1
        assert float(1 - at_most(above, n, share)) <= (1 - level) / 2 + 1e-12
        assert float(at_most(below, n, share)) <= (1 - level) / 2 + 1e-12
        assert 0 <= low <= 0.125 <= high <= 1
    wide, narrow = estimates.funnel_limits(0.125, (20, 2_000), level)
    assert wide[1] - wide[0] > narrow[1] - narrow[0]


def test_kaplan_meier_on_the_remission_times_of_1963() -> None:
    """Freireich and others' patients on 6-mercaptopurine, the textbook example; + still in remission."""
    text = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
    times = [(float(one.rstrip("+")), not one.endswith("+")) for one in text.split()]
    steps = {step.time: step for step in estimates.kaplan_meier(times)}
    published = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    assert {time: round(steps[time].waiting, 4) for time in published} == published
    assert [steps[time].at_risk for time in published] == [21, 17, 15, 12, 11, 7, 6]
    assert estimates.median(list(steps.values())) == 23
    # log(-log) limits at 10 weeks, as R's survfit(conf.type = "log-log") has them.
    assert (steps[10].low, steps[10].high) == pytest.approx((0.5032, 0.8894), abs=2e-4)


def test_kaplan_meier_without_ends_waits_for_ever() -> None:
    steps = estimates.kaplan_meier([(3.0, False), (9.0, False)])
    assert [step.waiting for step in steps] == [1.0]
    assert estimates.median(steps) is None


def test_kaplan_meier_where_all_ended() -> None:
    steps = estimates.kaplan_meier([(1.0, True), (2.0, True)])
    assert [step.waiting for step in steps] == [1.0, 0.5, 0.0]
    assert estimates.median(steps) == 1.0
