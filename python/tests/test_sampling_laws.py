"""Laws that tie the statistics together, whatever the numbers (sampling.md, section 15)."""

from itertools import combinations, pairwise
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duecare import sampling

sizes = st.lists(st.integers(0, 400), min_size=1, max_size=8).filter(lambda found: sum(found) > 0)


@given(sizes, st.data())
def test_allocations_add_up_and_fit(counts: list[int], data: st.DataObject) -> None:
    n = data.draw(st.integers(1, sum(counts)))
    for made in (
        sampling.allocate_proportional(N_h=counts, n=n),
        sampling.allocate_equal(N_h=counts, n=n),
    ):
        assert sum(made.n_h) == n
        assert all(0 <= took <= there for took, there in zip(made.n_h, counts, strict=True))


@given(st.lists(st.tuples(st.integers(2, 60), st.floats(0.05, 5)), min_size=2, max_size=5), st.data())
def test_neyman_is_no_worse_than_its_neighbours(strata: list[tuple[int, float]], data: st.DataObject) -> None:
    counts = [count for count, _ in strata]
    deviations = [round(deviation, 3) for _, deviation in strata]
    n = data.draw(st.integers(len(strata), sum(counts)))
    took = sampling.allocate_neyman(N_h=counts, S_h=deviations, n=n, min_per_stratum=1).n_h
    assert sum(took) == n

    def variance(n_h: list[int]) -> float:
        return sum((N * S) ** 2 / m for N, S, m in zip(counts, deviations, n_h, strict=True))

    best = variance(list(took))
    for i, j in combinations(range(len(took)), 2):
        for a, b in ((i, j), (j, i)):
            moved = list(took)
            moved[a] -= 1
            moved[b] += 1
            if moved[a] >= 1 and moved[b] <= counts[b]:
                assert best <= variance(moved) * (1 + 1e-12)


@given(st.integers(1, 300), st.data())
def test_hypergeometric_bounds_mirror(N: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(1, N))
    x = data.draw(st.integers(0, n))
    here = sampling.hypergeometric_bounds(N=N, n=n, x=x, conf=0.9)
    there = sampling.hypergeometric_bounds(N=N, n=n, x=n - x, conf=0.9)
    assert (here.M_low, here.M_high) == (N - there.M_high, N - there.M_low)
    wider = sampling.hypergeometric_bounds(N=N, n=n, x=x, conf=0.99)
    assert wider.M_low <= here.M_low <= here.M_high <= wider.M_high


@given(st.lists(st.integers(0, 1), min_size=3, max_size=40), st.integers(0, 500))
def test_one_stratum_is_a_simple_sample(y: list[int], more: int) -> None:
    population = len(y) + more
    simple = sampling.estimate_srs(N=population, y=y)
    strata = sampling.estimate_stratified(strata=[{"N": population, "n": len(y), "x": sum(y)}])
    assert isclose(simple.mean, strata.mean, abs_tol=1e-12)
    assert isclose(simple.se, strata.se, abs_tol=1e-12)


@given(st.lists(st.integers(0, 30), min_size=4, max_size=4).filter(lambda cells: sum(cells) > 0))
def test_agreement_does_not_mind_who_is_first(cells: list[int]) -> None:
    a, b, c, d = cells
    for method in (sampling.cohen_kappa, sampling.gwet_ac):
        one, other, named = (
            method(table=[[a, b], [c, d]]),
            method(table=[[a, c], [b, d]]),
            method(table=[[d, c], [b, a]]),
        )
        name = "kappa" if "kappa" in one else "coefficient"
        if one[name] is None:
            assert other[name] is None
            assert named[name] is None
        else:
            assert isclose(one[name], other[name], abs_tol=1e-12)
            assert isclose(one[name], named[name], abs_tol=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_values_are_not_smaller_and_keep_their_order(p: list[float]) -> None:
    p = [round(value, 6) for value in p]
    adjusted = sampling.benjamini_hochberg(p=p, q=0.05).adjusted
    assert all(after >= before - 1e-15 for before, after in zip(p, adjusted, strict=True))
    order = sorted(range(len(p)), key=lambda i: p[i])
    assert all(adjusted[i] <= adjusted[j] + 1e-15 for i, j in pairwise(order))


@given(st.lists(st.integers(1, 20), min_size=1, max_size=30), st.integers(0, 25))
def test_without_censoring_survival_is_the_share_still_open(times: list[int], at: int) -> None:
    made = sampling.kaplan_meier(time=times, event=[1] * len(times), at=[at])
    [survival] = made.survival
    assert isclose(survival, sum(time > at for time in times) / len(times), abs_tol=1e-12)


@pytest.mark.parametrize("x", [0, 1, 7, 60])
@pytest.mark.parametrize("method", ["clopper_pearson", "wilson", "jeffreys", "agresti_coull"])
def test_limits_of_compliance_are_those_of_deviation_turned(x: int, method: str) -> None:
    bad = sampling.calculate("proportion_interval", {"x": x, "n": 60, "method": method})
    good = sampling.calculate("proportion_interval", {"x": 60 - x, "n": 60, "method": method})
    assert isclose(bad["low"], 1 - good["high"], abs_tol=1e-12)
    assert isclose(bad["high"], 1 - good["low"], abs_tol=1e-12)
