"""How the share met went from run to run."""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from duecare._figures._axes import percent
from duecare._figures._chart import AMBER, BLUE, MUTED, Axis, Chart, Dot, Line, Mark, Table, Words


def _axis(lowest: float) -> Axis:
    """From a round share below ``lowest`` to all."""
    low = max(0.0, math.floor(lowest * 20 - 1e-9) / 20)
    step = next(one for one in (0.01, 0.02, 0.05, 0.1, 0.2) if (1 - low) / one <= 5 or one == 0.2)
    ticks = [low + step * i for i in range(round((1 - low) / step) + 1)]
    return Axis(low, 1.0, tuple((at, f"{100 * at:.0f} %") for at in ticks if at <= 1 + 1e-9), "met of judged")


def trend_chart(points: Sequence[Mapping[str, Any]], changed: Collection[int] = ()) -> Chart:
    """``points``: rows of ``Store.trend`` of one group; ``changed``: runs whose policy is another."""
    known = [(place, one) for place, one in enumerate(points, 1) if one["rate"] is not None]
    y = _axis(min((one["rate_low"] for _, one in known), default=0.0))
    x = Axis(
        0.4,
        len(points) + 0.6,
        tuple((i, str(one["run"])) for i, one in enumerate(points, 1)),
        "run",
        grid=False,
    )
    marks: list[Mark] = []
    for place, one in enumerate(points, 1):
        if one["run"] in changed:
            marks.append(Line(((place - 0.5, y.low), (place - 0.5, 1.0)), AMBER, 1.5, dash=True))
            marks.append(Words(place - 0.5, y.low, "other policy", colour=MUTED, dx=4, dy=-6))
    rows = []
    for place, one in known:
        between = f"{percent(one['rate_low'])} to {percent(one['rate_high'])}"
        says = (
            f"run {one['run']}: {one['met']:,} of {one['judged']:,} met ({percent(one['rate'])}; {between})"
        )
        marks.append(Line(((place, one["rate_low"]), (place, one["rate_high"])), BLUE, 2))
        marks.append(Dot(place, one["rate"], "dot", BLUE, says=says))
        rows.append(
            (
                str(one["run"]),
                one["as_of"][:10],
                f"{one['met']:,}",
                f"{one['judged']:,}",
                percent(one["rate"]),
                between,
            )
        )
    ends = [one for _, one in (known[:1] + known[1:][-1:])]
    said = ", ".join(f"{percent(one['rate'])} in run {one['run']}" for one in ends)
    return Chart(
        "Share met of what was judged, by run",
        f"{said or 'Nothing was judged in any run'}.",
        "Each mark is a run: how many of the obligations that were met, late or missed were met. The line "
        "through it is the 95 % interval (Wilson's), which treats the obligations as a sample of such "
        "obligations. The scale need not begin at nothing. A dashed line: from here on by another policy.",
        x,
        y,
        tuple(marks),
        Table(
            ("Run", "As of", "Met", "Judged", "Share met", "95 % interval"), tuple(rows), "Share met by run"
        ),
        height=260,
    )
