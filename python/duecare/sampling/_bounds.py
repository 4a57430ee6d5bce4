"""What is wanted of many rates at once, and what methods there are."""

import json
from collections.abc import Sequence
from typing import Literal

from duecare import _core

Side = Literal["two", "upper", "lower"]
_SIDES: dict[str, int] = {"two": 0, "upper": 1, "lower": 2}


def proportion_bounds(
    x: Sequence[int],
    n: Sequence[int],
    *,
    conf: float = 0.95,
    side: Side = "two",
) -> list[tuple[float, float]]:
    """Clopper-Pearson bounds of many rates (Clopper & Pearson, Biometrika 26, 1934).

    Parameters
    ----------
    x, n
        ``x[i]`` found among ``n[i]``; of one length. Lists or arrays of whole numbers.
    conf
        The confidence, between 0 and 1.
    side
        ``"two"``, ``"upper"`` (the rate is at most so much) or ``"lower"`` (at least so much).

    Returns
    -------
    list of tuple
        ``(low, high)`` for each; (0, 1) where ``n[i]`` is 0.

    Raises
    ------
    ArgumentError
        For ``x[i] > n[i]`` or a confidence outside of (0, 1).

    Examples
    --------
    >>> [(low, high)] = proportion_bounds([0], [60])
    >>> low, round(high, 4)
    (0.0, 0.0596)
    """
    if len(x) != len(n):
        raise ValueError(f"x has {len(x)} numbers and n has {len(n)}; each rate has one of both")
    if side not in _SIDES:
        raise ValueError(f"side is {side!r}; expected is one of {', '.join(_SIDES)}")
    return _core.proportion_bounds(x, n, conf, _SIDES[side])


def methods() -> dict[str, list[str]]:
    """The parameters of each method that :func:`calculate` knows, by its name.

    Empty where they depend on one of them, such as the ``op`` of ``ticket_draw``.
    """
    return {entry["name"]: entry["parameters"] for entry in map(json.loads, _core.methods())}
