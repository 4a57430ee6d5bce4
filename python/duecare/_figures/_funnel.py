"""How units compare, with what chance alone would do."""

from collections.abc import Iterable, Sequence

from duecare._figures import _estimates
from duecare._figures._axes import number_axis, percent, share_axis
from duecare._figures._chart import (
    AMBER,
    BLUE,
    INK,
    MUTED,
    Anchor,
    Axis,
    Chart,
    Dot,
    Line,
    Mark,
    Table,
    Words,
)
from duecare._figures._study import Study


def funnel_chart(groups: Sequence[tuple[str, int, int]], *, what: str, by: str = "unit") -> Chart:
    """``groups``: name, how many failed, how many were judged."""
    known = [(name, failed, number) for name, failed, number in groups if number]
    failed_all, number_all = sum(g[1] for g in known), sum(g[2] for g in known)
    share = failed_all / number_all if number_all else 0.0
    most = max((g[2] for g in known), default=1)
    x = number_axis(most * 1.05, f"{what} that could be judged", whole=True)
    sizes = sorted({max(1, round(x.high * (i / 60) ** 1.5)) for i in range(1, 61)})
    limits = _estimates.funnel_limits(share, sizes)
    top = max(
        [
            *(g[1] / g[2] for g in known),
            *(at.far_high for at, n in zip(limits, sizes, strict=True) if n >= most / 12),
            share,
            0.01,
        ]
    )
    y = share_axis(min(1.0, top * 1.08), "late or missed")
    marks: list[Mark] = [
        *_limits(sizes, [(at.far_low, at.far_high) for at in limits], y.high, dash=True),
        *_limits(sizes, [(at.low, at.high) for at in limits], y.high, dash=False),
        Line(((0, share), (x.high, share)), INK, 1.5),
    ]
    rows, outside = [], []
    worst_first = sorted(known, key=lambda g: -g[1] / g[2])
    own_limits = _estimates.funnel_limits(share, [number for *_, number in worst_first])
    for (name, failed, number), own in zip(worst_first, own_limits, strict=True):
        here = failed / number
        where = (
            "far above"
            if here > own.far_high
            else "above"
            if here > own.high
            else "far below"
            if here < own.far_low
            else "below"
            if here < own.low
            else "within"
        )
        if where.startswith("far"):
            outside.append(name)
        low_est, high_est = _estimates.proportion_interval(failed, number)
        rows.append(
            (
                name,
                f"{failed:,}",
                f"{number:,}",
                percent(here),
                f"{percent(low_est)} to {percent(high_est)}",
                where,
            )
        )
        odd = where != "within"
        says = f"{name}: {failed:,} of {number:,} ({percent(here)}), {where} the limits"
        marks.append(Dot(number, here, "diamond" if odd else "dot", AMBER if odd else BLUE, 5.5, says))
    marks += _labels([(name, n, failed / n) for name, failed, n in known], x, y)
    said = (
        f"far outside the limits: {', '.join(outside)}" if outside else f"no {by} is far outside the limits"
    )
    return Chart(
        f"Late or missed, by {by}",
        f"{failed_all:,} of {number_all:,} were late or missed ({percent(share)}); {said}.",
        f"Each mark is a {by}: how many {what} could be judged, and which share of them was late or missed. "
        "The line is the share of all together. Between the solid curves lie 95 of 100 units, between the "
        "dashed "
        "ones 998 of 1,000, if all were alike and only chance told them apart (exact binomial limits). "
        "Obligations "
        "of one case go together more than chance would have it, so a mark just outside is a reason to "
        "look, and "
        "no proof.",
        x,
        y,
        tuple(marks),
        Table(
            (by.capitalize(), "Late or missed", "Judged", "Share", "95 % interval", "Against the limits"),
            tuple(rows),
            f"Late or missed, by {by}",
        ),
        (
            (f"a {by}", Dot(0, 0, "dot", BLUE)),
            (f"a {by} outside the 95 % limits", Dot(0, 0, "diamond", AMBER)),
            ("all together", Line(((0, 0),), INK)),
            ("95 % limits", Line(((0, 0),), MUTED)),
            ("99.8 % limits", Line(((0, 0),), MUTED, dash=True)),
        ),
    )


def _labels(points: Sequence[tuple[str, int, float]], x: Axis, y: Axis) -> Iterable[Words]:
    """Names beside their marks, where they cover neither each other nor another mark; else none."""
    # Rough pixels of the plot, and of letters.
    across, down = 680 / (x.high - x.low), 264 / (y.high - y.low)
    taken = [(n * across - 6, share * down - 6, n * across + 6, share * down + 6) for _, n, share in points]
    for name, n, share in points:
        wide, here, up = 6.0 * len(name), n * across, share * down
        places: tuple[tuple[Anchor, float, float, float], ...] = (
            ("start", here + 9, 0, 9),
            ("end", here - 9 - wide, 0, -9),
            ("middle", here - wide / 2, 15, 0),
            ("middle", here - wide / 2, -15, 0),
        )
        for anchor, left, rise, dx in places:
            box = (left, up + rise - 6, left + wide, up + rise + 6)
            free = all(box[2] < o[0] or o[2] < box[0] or box[3] < o[1] or o[3] < box[1] for o in taken)
            if free and box[0] >= 0 and box[2] <= 690 and box[1] >= 0 and box[3] <= 264:
                taken.append(box)
                yield Words(n, share, name, anchor, 11, INK, dx=dx, dy=-rise, halo=True)
                break


def _limits(
    sizes: Sequence[int], limits: Sequence[tuple[float, float]], top: float, *, dash: bool
) -> Iterable[Line]:
    lower = tuple((float(n), low) for n, (low, _) in zip(sizes, limits, strict=True))
    upper = tuple((float(n), high) for n, (_, high) in zip(sizes, limits, strict=True) if high <= top)
    for points in (lower, upper):
        if len(points) > 1:
            yield Line(points, MUTED, 1.2, dash)


def unit_groups(study: Study, duties: list[str] | None = None) -> list[tuple[str, int, int]]:
    tallies = [(unit, study.unit(unit, duties)) for unit in study.units]
    return [(unit, tally.failed, tally.judged) for unit, tally in tallies if tally.judged]
