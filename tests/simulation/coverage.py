"""Coverage of each interval of a rate against its nominal level, by exact enumeration.

    python tests/simulation/coverage.py [--long]

For each method, sample size and true rate: the probability that the interval holds the true rate, summed over
all samples that can come out (binomial; for samples from a finite population hypergeometric). No random
numbers are drawn, so nothing depends on a seed and the figures are exact. `--long` takes a finer grid.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import comb, exp, lgamma, log

from duecare import sampling

METHODS = ("clopper_pearson", "wilson", "wilson_cc", "jeffreys", "agresti_coull", "mid_p", "wald")
# Those that hold their level whatever the rate; the others hold it on average.
EXACT = frozenset(["clopper_pearson", "hypergeometric"])


@dataclass(frozen=True)
class Coverage:
    method: str
    conf: float
    least: float
    mean: float
    cells: int


def binomial(n: int, x: int, p: float) -> float:
    if p in (0.0, 1.0):
        return float(x == n * p)
    return exp(lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1) + x * log(p) + (n - x) * log(1 - p))


@cache
def limits(method: str, n: int, conf: float) -> tuple[tuple[float, float], ...]:
    made = [
        sampling.calculate("proportion_interval", {"x": x, "n": n, "conf": conf, "method": method})
        for x in range(n + 1)
    ]
    return tuple((one["low"], one["high"]) for one in made)


def of_rates(method: str, n: int, conf: float, rates: list[float]) -> Iterator[float]:
    for p in rates:
        held = [low <= p <= high for low, high in limits(method, n, conf)]
        yield sum(binomial(n, x, p) for x in range(n + 1) if held[x])


def of_populations(population: int, n: int, conf: float) -> Iterator[float]:
    bounds = [
        sampling.calculate("hypergeometric_bounds", {"N": population, "n": n, "x": x, "conf": conf})
        for x in range(n + 1)
    ]
    samples = comb(population, n)
    for deviating in range(population + 1):
        held = 0
        for x in range(max(0, n + deviating - population), min(n, deviating) + 1):
            if bounds[x]["M_low"] <= deviating <= bounds[x]["M_high"]:
                held += comb(deviating, x) * comb(population - deviating, n - x)
        yield held / samples


def table(*, long: bool) -> list[Coverage]:
    sizes = [10, 30, 60, 100, 200] if long else [10, 30, 60]
    rates = [i / (400 if long else 40) for i in range(1, 400 if long else 40)]
    populations = [(50, 20), (200, 60), (400, 100)] if long else [(50, 20)]
    out = []
    for conf in (0.9, 0.95, 0.99) if long else (0.95,):
        for method in METHODS:
            found = [share for n in sizes for share in of_rates(method, n, conf, rates)]
            out.append(Coverage(method, conf, min(found), sum(found) / len(found), len(found)))
        found = [share for N, n in populations for share in of_populations(N, n, conf)]
        out.append(Coverage("hypergeometric", conf, min(found), sum(found) / len(found), len(found)))
    return out


def main() -> int:
    wrong = 0
    print(f"{'method':16} nominal   least    mean  cells")
    for row in table(long="--long" in sys.argv[1:]):
        print(f"{row.method:16} {row.conf:7} {row.least:7.4f} {row.mean:7.4f} {row.cells:6}")
        wrong += row.method in EXACT and row.least < row.conf - 1e-12
    print(f"{wrong} exact methods below their level")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
