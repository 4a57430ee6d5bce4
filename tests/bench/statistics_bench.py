"""1,000,000 Clopper-Pearson bounds, and exact hypergeometric bounds of 100,000 units: duecare beside SciPy.

    python tests/bench/statistics_bench.py

Processor time of one core, the median of five, in one run. SciPy is used where it is installed
(`pip install scipy`); nothing else of duecare needs it.
"""

import random
import statistics
import time
from collections.abc import Callable

from duecare import sampling

try:
    from scipy import stats
except ImportError:
    stats = None

COUNT = 1_000_000
POPULATION = 100_000


def median(call: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        begun = time.process_time()
        call()
        times.append(time.process_time() - begun)
    return statistics.median(times)


def hypergeometric_by_scipy(n: int, x: int) -> tuple[int, int]:
    """Bisection over M on the two tails, each 2.5 %."""
    low, high = x, POPULATION - n + x
    while low < high:
        middle = (low + high + 1) // 2
        if stats.hypergeom.cdf(x, POPULATION, middle, n) > 0.025:
            low = middle
        else:
            high = middle - 1
    upper, low, high = low, x, POPULATION - n + x
    while low < high:
        middle = (low + high) // 2
        if stats.hypergeom.sf(x - 1, POPULATION, middle, n) > 0.025:
            high = middle
        else:
            low = middle + 1
    return low, upper


def main() -> None:
    numbers = random.Random(1)
    n = [numbers.randint(1, 2000) for _ in range(COUNT)]
    x = [numbers.randint(0, size) for size in n]
    own = median(lambda: sampling.proportion_bounds(x, n, side="upper"))
    print(f"Clopper-Pearson, {COUNT:,} upper bounds: {own:.3f} s")
    if stats is not None:
        above = [size - found for found, size in zip(x, n, strict=True)]
        other = median(lambda: stats.beta.ppf(0.95, [found + 1 for found in x], above))
        print(f"  SciPy {other:.3f} s, {other / own:.1f} times as long")
    cases = [(600, 7), (60, 0), (5000, 120), (60_000, 700)]

    def bounds() -> list[tuple[int, int]]:
        made = [sampling.hypergeometric_bounds(N=POPULATION, n=size, x=found) for size, found in cases]
        return [(one.M_low, one.M_high) for one in made]

    own = median(bounds)
    print(f"Hypergeometric, N = {POPULATION:,}, {len(cases)} two-sided bounds: {own * 1000:.2f} ms")
    if stats is not None:
        other = median(lambda: [hypergeometric_by_scipy(size, found) for size, found in cases])
        same = [hypergeometric_by_scipy(size, found) for size, found in cases] == bounds()
        print(f"  SciPy {other * 1000:.2f} ms, {other / own:.0f} times as long; the same bounds: {same}")


if __name__ == "__main__":
    main()
