"""Numbers in words, and axes with round ticks."""

import math

from duecare._figures._chart import Axis


def percent(share: float) -> str:
    """Never says none or all of what is not none or all."""
    if share in (0, 1):
        return f"{100 * share:.0f}\u00a0%"
    if share < 0.0005:
        return "under 0.1\u00a0%"
    if share >= 0.9995:
        return "over 99.9\u00a0%"
    return f"{100 * share:.1f}\u00a0%" if share < 0.1 or share >= 0.985 else f"{100 * share:.0f}\u00a0%"


def _round_step(span: float, parts: int) -> float:
    raw = span / parts
    power = 10.0 ** math.floor(math.log10(raw)) if raw > 0 else 1.0
    return next(power * step for step in (1, 2, 2.5, 5, 10) if power * step >= raw)


def number_axis(high: float, label: str, *, parts: int = 5, whole: bool = False, low: float = 0.0) -> Axis:
    """From 0 to a round number at or above ``high``."""
    step = _round_step(max(high - low, 1e-9), parts)
    if whole:
        step = max(1.0, math.ceil(step))
    top = math.ceil(high / step - 1e-9) * step or step
    count = round(top / step)
    return Axis(low, top, tuple((step * i, f"{step * i:,.10g}") for i in range(count + 1)), label)


def share_axis(high: float, label: str) -> Axis:
    step = next(one for one in (0.02, 0.05, 0.1, 0.2, 0.25) if high / one <= 5 or one == 0.25)
    top = min(1.0, math.ceil(high / step - 1e-9) * step or step)
    return Axis(
        0, top, tuple((step * i, f"{100 * step * i:.0f} %") for i in range(round(top / step) + 1)), label
    )
