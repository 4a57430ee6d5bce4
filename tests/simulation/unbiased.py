"""Each estimator of a total, and of its variance, against the truth, by drawing every sample there is.

    python tests/simulation/unbiased.py

The population has eight units with a value y, a machine's finding x, a size and a stratum. Every sample of a
design is drawn with its probability, so that the expectations are exact; nothing is random. An unbiased
estimator has no bias beyond rounding; Hájek's, ratio and regression have some, which goes with 1/n.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import comb
from typing import Any

from duecare import sampling

Y = [1, 0, 3, 2, 5, 4, 1, 6]
X = [1, 0, 2, 2, 4, 5, 1, 5]
SIZES = [2, 1, 4, 3, 6, 5, 2, 7]
STRATA = [[0, 1, 2], [3, 4, 5, 6, 7]]
N = len(Y)
Weighted = tuple[float, dict[str, Any]]


@dataclass(frozen=True)
class Row:
    estimator: str
    unbiased: bool  # of the mean, by its theory
    bias: float
    variance_bias: float | None  # of the estimated variance; None: it is an approximation by its theory


def of_srs(method: str, n: int, more: Callable[[tuple[int, ...]], dict[str, Any]]) -> Iterator[Weighted]:
    for units in combinations(range(N), n):
        yield 1 / comb(N, n), sampling.calculate(method, {"N": N, **more(units)})


def of_strata(takes: list[int]) -> Iterator[Weighted]:
    choices = [list(combinations(units, take)) for units, take in zip(STRATA, takes, strict=True)]
    for parts in product(*choices):
        rows = []
        for units, part in zip(STRATA, parts, strict=True):
            values = [Y[i] for i in part]
            mean = sum(values) / len(values)
            s2 = sum((v - mean) ** 2 for v in values) / (len(values) - 1)
            rows.append({"N": len(units), "n": len(part), "mean": mean, "s2": s2})
        weight = 1.0
        for choice in choices:
            weight /= len(choice)
        yield weight, sampling.calculate("estimate_stratified", {"strata": rows})


def of_sampford(method: str, n: int) -> Iterator[Weighted]:
    """P(s) is proportional to the product of pi/(1-pi) times n minus the sum of pi (Sampford 1967)."""
    made = sampling.calculate("sampford_joint", {"sizes": SIZES, "n": n})
    pi = sampling.calculate("inclusion_probabilities", {"sizes": SIZES, "n": n})["pi"]
    upper = iter(made["joint"])
    joint = [[0.0] * N for _ in range(N)]
    for i in range(N):
        joint[i][i] = pi[i]
        for j in range(i + 1, N):
            joint[i][j] = joint[j][i] = next(upper)
    weights = []
    for units in combinations(range(N), n):
        weight = n - sum(pi[i] for i in units)
        for i in units:
            weight *= pi[i] / (1 - pi[i])
        weights.append((units, weight))
    total = sum(weight for _, weight in weights)
    for units, weight in weights:
        inputs = {
            "y": [Y[i] for i in units],
            "pi": [pi[i] for i in units],
            "joint": [[joint[i][j] for j in units] for i in units],
            "variance": "syg",
            "N": N,
        }
        yield weight / total, sampling.calculate(method, inputs)


def row(estimator: str, unbiased: bool, samples: Iterator[Weighted], variance_too: bool = True) -> Row:
    all_samples = list(samples)
    truth = sum(Y) / N
    means = [(p, one["mean"] if one.get("mean") is not None else one["total"] / N) for p, one in all_samples]
    expected = sum(p * mean for p, mean in means)
    variance = sum(p * (mean - expected) ** 2 for p, mean in means)
    estimated = None
    if variance_too:
        per_unit = all_samples[0][1].get("mean") is None  # se is that of the total
        squares = [
            (p, (one["se"] / N if per_unit else one.get("se_mean") or one["se"]) ** 2)
            for p, one in all_samples
        ]
        estimated = sum(p * square for p, square in squares) - variance
    return Row(estimator, unbiased, expected - truth, estimated)


def table() -> list[Row]:
    def plain(units: tuple[int, ...]) -> dict[str, Any]:
        return {"y": [Y[i] for i in units]}

    def paired(units: tuple[int, ...]) -> dict[str, Any]:
        return {"y": [Y[i] for i in units], "x": [X[i] for i in units], "x_bar_pop": sum(X) / N}

    return [
        row("srs", True, of_srs("estimate_srs", 4, plain)),
        row("stratified", True, of_strata([2, 3])),
        row("difference", True, of_srs("estimate_difference", 4, paired)),
        row("horvitz-thompson", True, of_sampford("estimate_ht", 3)),
        row("hajek", False, of_sampford("estimate_hajek", 3), variance_too=False),
        row("ratio", False, of_srs("estimate_ratio", 4, paired), variance_too=False),
        row("regression", False, of_srs("estimate_regression", 4, paired), variance_too=False),
    ]


def main() -> int:
    wrong = 0
    print(f"{'estimator':18}      bias  bias of the variance")
    for found in table():
        shown = "approximate" if found.variance_bias is None else f"{found.variance_bias:+.2e}"
        print(f"{found.estimator:18} {found.bias:+.2e}  {shown}")
        wrong += found.unbiased and abs(found.bias) > 1e-12
        wrong += found.variance_bias is not None and abs(found.variance_bias) > 1e-12
    print(f"{wrong} not as their theory says")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
