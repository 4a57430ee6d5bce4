"""What a number of files can and cannot show, in sentences."""

from collections.abc import Sequence

from duecare.sampling import _calculate, _sizes
from duecare.sampling._frame import Frame
from duecare.sampling._sample import Plan, draw


def allocate(
    method: str, counts: Sequence[int], n: int, minimum: int, spreads: Sequence[float] | None = None
) -> list[int]:
    """n divided among strata of so many units, by ``allocate_<method>``; ``spreads`` are for Neyman's."""
    inputs: dict[str, object] = {"N_h": list(counts), "n": n}
    if spreads is not None:
        inputs["S_h"] = list(spreads)
    if method in ("minimum", "neyman"):
        inputs["min_per_stratum"] = minimum
    numbers: list[int] = _calculate.calculate(f"allocate_{method}", inputs)["n_h"]
    return numbers


def count(plan: Plan, frame: Frame) -> int:
    """How many units the plan draws; also a check that it fits the frame."""
    # Any seed will do: only Poisson draws depend on it, and their plan says what is expected.
    document = plan.document
    drawn = len(draw(frame, plan, "0").ids)
    return int(document["n"]) if document["design"] == "poisson" and "n" in document else drawn


def sentences(n: int, population: int) -> list[str]:
    """What so many files can and cannot show."""
    if n == 0:
        return ["Nothing is drawn, and nothing can be said."]
    if n >= population:
        return ["Every file is read: what is found is the whole, without a margin."]
    high = _calculate.calculate(
        "hypergeometric_bounds", {"N": population, "n": n, "x": 0, "conf": "0.95", "side": "upper"}
    )
    margin = _calculate.calculate(
        "proportion_interval", {"x": n // 2, "n": n, "conf": "0.95", "method": "wilson", "side": "two"}
    )
    width = 100 * (margin["high"] - margin["low"]) / 2
    change = _sizes.detectable_difference(n=n).difference
    found = [
        f"If none of the {n} files has a deviation, at most {high['M_high']} of the {population} have one "
        f"({100 * high['rate_high']:.1f} %; 95 % confidence).",
        f"A share near one half is known to about {width:.0f} points either way (95 % confidence).",
        _of_two(change),
    ]
    if change is None or change > 0.1:
        found.append(f"{n} files cannot show a change of ten points.")
    return found


def _of_two(change: float | None) -> str:
    if change is None:
        return "Two such samples cannot be relied on to show any change of a share near one half."
    return (
        f"Two such samples show a change of {100 * change:.0f} points (80 % power); "
        f"they cannot be relied on to show a smaller one."
    )
