"""Pictures of a whole audit. Each says in its definition what was counted and what was left out."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from duecare._figures import _estimates
from duecare._figures._chart import (
    AMBER,
    BLUE,
    FAINT,
    INK,
    MUTED,
    PALE,
    RED,
    Anchor,
    Area,
    Axis,
    Bar,
    Chart,
    Dot,
    Line,
    Mark,
    Table,
    Words,
)
from duecare._figures._study import Lag, Review, Study, Tally, Wait
from duecare._figures._time import span

_LINE_COLOURS = (BLUE, AMBER, "#5b2a86", "#1a1a1a")


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


def _share_axis(high: float, label: str) -> Axis:
    step = next(one for one in (0.02, 0.05, 0.1, 0.2, 0.25) if high / one <= 5 or one == 0.25)
    top = min(1.0, math.ceil(high / step - 1e-9) * step or step)
    return Axis(
        0, top, tuple((step * i, f"{100 * step * i:.0f} %") for i in range(round(top / step) + 1)), label
    )


# ---- Funnel ------------------------------------------------------------------------------------------------


def funnel_chart(groups: Sequence[tuple[str, int, int]], *, what: str, by: str = "unit") -> Chart:
    """``groups``: name, how many failed, how many were judged."""
    known = [(name, failed, number) for name, failed, number in groups if number]
    failed_all, number_all = sum(g[1] for g in known), sum(g[2] for g in known)
    share = failed_all / number_all if number_all else 0.0
    most = max((g[2] for g in known), default=1)
    x = number_axis(most * 1.05, f"{what} that could be judged", whole=True)
    sizes = sorted({max(1, round(x.high * (i / 60) ** 1.5)) for i in range(1, 61)})
    inner = _estimates.funnel_limits(share, sizes, 0.95)
    outer = _estimates.funnel_limits(share, sizes, 0.998)
    top = max(
        [
            *(g[1] / g[2] for g in known),
            *(high for (_, high), n in zip(outer, sizes, strict=True) if n >= most / 12),
            share,
            0.01,
        ]
    )
    y = _share_axis(min(1.0, top * 1.08), "late or missed")
    marks: list[Mark] = [
        *(_limits(sizes, outer, y.high, dash=True)),
        *(_limits(sizes, inner, y.high, dash=False)),
        Line(((0, share), (x.high, share)), INK, 1.5),
    ]
    rows, outside = [], []
    for name, failed, number in sorted(known, key=lambda g: -g[1] / g[2]):
        ((low, high),) = _estimates.funnel_limits(share, [number], 0.998)
        ((low95, high95),) = _estimates.funnel_limits(share, [number], 0.95)
        here = failed / number
        where = (
            "far above"
            if here > high
            else "above"
            if here > high95
            else "far below"
            if here < low
            else "below"
            if here < low95
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
        "The line is the share of all together. Between the solid curves lie 95 of 100 units, between the dashed "
        "ones 998 of 1,000, if all were alike and only chance told them apart (exact binomial limits). Obligations "
        "of one case go together more than chance would have it, so a mark just outside is a reason to look, and "
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


# ---- Rhythm ------------------------------------------------------------------------------------------------


def cadence_chart(reviews: Sequence[Review], *, title: str, what: str = "reviews") -> Chart:
    """How far apart reviews are, against what each was allowed."""
    done = [one for one in reviews if one.verdict in ("met", "late")]
    waiting = [one for one in reviews if one.verdict in ("missed", "pending")]
    longest = max((one.days for one in [*done, *waiting]), default=1.0)
    width = next((w for w in (0.25, 0.5, 1, 2, 7, 14, 28, 91, 182, 365, 3650) if longest / w <= 26), 36500)
    bins: dict[int, Counter[str]] = {}
    for one in [*done, *waiting]:
        kind = {"met": "in time", "late": "late", "missed": "overdue", "pending": "waiting"}[one.verdict]
        bins.setdefault(int(one.days // width), Counter())[kind] += 1
    tallest = max((counts.total() for counts in bins.values()), default=1)
    x = number_axis(
        (max(bins, default=0) + 1) * width, f"days from one of the {what} to the next", whole=True
    )
    y = number_axis(tallest, "how many", whole=True)
    styles: dict[str, tuple[str, str]] = {
        "in time": (BLUE, ""),
        "waiting": (FAINT, ""),
        "late": (AMBER, "lines"),
        "overdue": (RED, "lines"),
    }
    marks: list[Mark] = []
    rows = []
    for index in sorted(bins):
        base = 0
        low, high = index * width, (index + 1) * width
        for kind, (fill, hatch) in styles.items():
            number = bins[index][kind]
            if number:
                says = f"{low:g} to {high:g} days: {number:,} {kind}"
                marks.append(
                    Bar(
                        low + width * 0.06,
                        high - width * 0.06,
                        base,
                        base + number,
                        fill,
                        hatch,
                        "#ffffff",
                        says,
                    )  # type: ignore[arg-type]
                )
                base += number
        rows.append((f"{low:g} to {high:g}", *(f"{bins[index][kind]:,}" for kind in styles)))
    limits = Counter(round(one.allowed, 2) for one in reviews if one.allowed is not None and one.allowed > 0)
    for allowed, number in limits.most_common(3):
        if number >= len(reviews) * 0.05 and allowed <= x.high:
            marks.append(Line(((allowed, 0), (allowed, y.high)), INK, 1.2, dash=True))
            marks.append(
                Words(allowed, y.high, f"{allowed:.3g} days allowed", "start", 10, INK, dx=4, dy=8, halo=True)
            )
    late = sum(one.verdict in ("late", "missed") for one in reviews)
    judged = sum(one.verdict in ("met", "late", "missed") for one in reviews)
    return Chart(
        title,
        f"{judged - late:,} of {judged:,} came in time; {late:,} were late or did not come.",
        f"Each of the {what} counts from the one before it, or from when the rhythm began, to when it was done; those "
        "that have not come count up to the day of the audit, or to when they were no longer needed. Dashed lines "
        "are the times that policy allowed most often.",
        x,
        y,
        tuple(marks),
        Table(("Days", "In time", "Waiting, in time", "Late", "Not done in time"), tuple(rows), title),
        (
            ("in time", Bar(0, 1, 0, 1, BLUE)),
            ("still waiting, in time", Bar(0, 1, 0, 1, FAINT)),
            ("late", Bar(0, 1, 0, 1, AMBER, "lines")),
            ("not done in time", Bar(0, 1, 0, 1, RED, "lines")),
        ),
        height=280,
    )


# ---- Time to event -----------------------------------------------------------------------------------------


def survival_chart(groups: Sequence[tuple[str, Sequence[Wait]]], *, title: str) -> Chart:
    """Kaplan and Meier's curves of how many still wait, for up to four groups."""
    shown = [(name, waits) for name, waits in groups if waits][: len(_LINE_COLOURS)]
    curves = [
        (name, waits, _estimates.kaplan_meier((w.days, w.ended) for w in waits)) for name, waits in shown
    ]
    # What still waits may have waited for years; the picture ends a little after the last that was done.
    last = max((w.days for _, waits in shown for w in waits if w.ended), default=0.0)
    longest = last * 1.2 or max((w.days for _, waits in shown for w in waits), default=1.0)
    unit, divisor = ("hours", 1 / 24) if longest <= 4 else ("days", 1.0)
    x = number_axis(longest / divisor, f"{unit} since it fell to be done", parts=7)
    marks: list[Mark] = [Line(((0, 0.5), (x.high, 0.5)), FAINT, 1, dash=True)]
    legend: list[tuple[str, Bar | Dot | Line]] = []
    rows = []
    for colour, dash, (name, waits, steps) in zip(_LINE_COLOURS, (False, True) * 2, curves, strict=False):
        if len(curves) == 1:
            marks.append(Area(_band(steps, divisor, x.high * divisor)))
        ended, half = sum(w.ended for w in waits), _estimates.median(steps)
        style = Line(
            _staircase(steps, divisor, x.high), colour, 2, dash, f"{name}: {ended:,} of {len(waits):,}"
        )
        marks.append(style)
        legend.append((name, style))
        within = "not reached" if half is None else span(half * 86_400) if half >= 1 / 1_440 else "at once"
        rows.append((name, f"{len(waits):,}", f"{ended:,}", f"{len(waits) - ended:,}", within))
    return Chart(
        title,
        " ".join(_waited(*row) for row in rows),
        "The height is the share still waiting after so long (Kaplan and Meier's estimate). What still waits, was "
        "excused or was no longer needed counts as long as it waited, and not as done. Half were done where the "
        "curve crosses the middle; the picture ends a little after the last that was done."
        + (" The band is where the true share lies with 95 % confidence." if len(curves) == 1 else ""),
        x,
        Axis(0, 1, tuple((i / 4, f"{25 * i} %") for i in range(5)), "still waiting"),
        tuple(marks),
        Table(
            ("Stage", "Began", "Done", "Not done, or ended otherwise", "Half were done within"),
            tuple(rows),
            title,
        ),
        tuple(legend),
        height=290,
    )


def _waited(name: str, began: str, ended: str, _open: str, within: str) -> str:
    said = {"not reached": "half not yet", "at once": "half at once"}.get(within, f"half within {within}")
    return f"{name}: {ended} of {began} done, {said}."


def _staircase(
    steps: Sequence[_estimates.Step], divisor: float, end: float
) -> tuple[tuple[float, float], ...]:
    points = [(0.0, 1.0)]
    for step in steps[1:]:
        points += [(step.time / divisor, points[-1][1]), (step.time / divisor, step.waiting)]
    return (*points, (end, points[-1][1]))


def _band(
    steps: Sequence[_estimates.Step], divisor: float, longest: float
) -> tuple[tuple[float, float], ...]:
    upper: list[tuple[float, float]] = []
    lower: list[tuple[float, float]] = []
    for at, step in enumerate(steps):
        end = steps[at + 1].time if at + 1 < len(steps) else longest
        upper += [(step.time / divisor, step.high), (end / divisor, step.high)]
        lower += [(step.time / divisor, step.low), (end / divisor, step.low)]
    return (*upper, *reversed(lower))


# ---- Heat map ----------------------------------------------------------------------------------------------


def heatmap_chart(
    study: Study,
    duties: Sequence[str],
    units: Sequence[str],
    *,
    title: str,
    names: Mapping[str, str] | None = None,
    extra: str = "",
) -> Chart:
    """Duties down, units across, failures out of what was judged in each cell."""
    import textwrap

    called = {unit: (names or {}).get(unit, unit) for unit in units}
    marks: list[Mark] = []
    rows = []
    for down, duty_id in enumerate(duties):
        row = [study.duties[duty_id].title or duty_id]
        for across, unit in enumerate(units):
            tally = study.by_unit[duty_id].get(unit, Tally())
            text = f"{tally.failed:,} of {tally.judged:,}" if tally.judged else "–"
            row.append(text)
            share = tally.failed / tally.judged if tally.judged else 0.0
            fill = _heat(share) if tally.judged else "#ffffff"
            says = f"{row[0]}, {called[unit]}: {text} late or missed"
            marks.append(
                Bar(across + 0.03, across + 0.97, down + 0.06, down + 0.94, fill, outline=FAINT, says=says)
            )
            marks.append(
                Words(across + 0.5, down + 0.5, text, "middle", 11, "#ffffff" if share >= 0.45 else INK)
            )
        rows.append(tuple(row))
    labels = tuple(
        (
            down + 0.5,
            tuple(textwrap.wrap(study.duties[duty].title or duty, 44, max_lines=2, placeholder=" …")),
        )
        for down, duty in enumerate(duties)
    )
    short = tuple(
        (across + 0.5, "\n".join(textwrap.wrap(name, 17, max_lines=2, placeholder="…")))
        for across, name in enumerate(called.values())
    )
    return Chart(
        title,
        f"{len(duties)} duties by {len(units)} units; in each cell how many were late or missed, out of those judged.",
        "In each cell: late or missed, out of those that could be judged; the darker, the larger the share. A dash: the duty did not arise there."
        + extra,
        Axis(0, max(1, len(units)), short, grid=False),
        Axis(0, max(1, len(duties)), grid=False, reverse=True),
        tuple(marks),
        Table(("Duty", *called.values()), tuple(rows), title),
        width=max(640, 270 + 112 * len(units)),
        height=60 + 34 * max(1, len(duties)),
        left=268,
        rows=labels,
    )


def _heat(share: float) -> str:
    """White to dark blue, in lightness as in colour."""
    pale, deep = (240, 244, 248), (0, 60, 110)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(pale, deep, strict=True))


# ---- When it was recorded ----------------------------------------------------------------------------------

_LAG_STEPS: tuple[tuple[float, str], ...] = (
    (3_600, "within an hour"),
    (86_400, "within a day"),
    (7 * 86_400, "within a week"),
    (math.inf, "after more than a week"),
)


def lags_chart(lags: Iterable[Lag], titles: dict[str, str], *, most: int = 12, unnamed: str = "") -> Chart:
    """For each kind of entry, how long after it happened it was recorded.

    ``unnamed`` stands for kinds that have no title, whose names may be anything.
    """
    import textwrap

    from duecare._case import spoken

    counts: dict[str, Counter[str]] = {}
    for lag in lags:
        step = next(words for limit, words in _LAG_STEPS if lag.seconds <= limit)
        kind = titles.get(lag.event_type) or unnamed or spoken(lag.event_type)
        counts.setdefault(kind, Counter())[step] += 1
    late = _LAG_STEPS[2][1], _LAG_STEPS[3][1]

    def slow(name: str) -> int:
        return sum(counts[name][step] for step in late)

    order = sorted(counts, key=lambda name: (-slow(name), -counts[name].total(), name))
    total = sum((one for one in counts.values()), Counter())
    shown = [name for name in order[:most] if slow(name)] or order[:3]
    fills: tuple[tuple[str, str], ...] = ((PALE, ""), ("#8fb4d6", ""), (AMBER, "lines"), (RED, "lines"))
    marks: list[Mark] = []
    for down, name in enumerate(shown):
        base, number = 0.0, counts[name].total()
        for (fill, hatch), (_, words) in zip(fills, _LAG_STEPS, strict=True):
            share = counts[name][words] / number
            if share:
                says = f"{name}: {counts[name][words]:,} of {number:,} {words}"
                marks.append(Bar(base, base + share, down + 0.15, down + 0.85, fill, hatch, "#ffffff", says))  # type: ignore[arg-type]
            base += share
    everything = sum(total.values())
    slow_all = sum(total[step] for step in late)
    return Chart(
        "How soon it was recorded",
        f"{slow_all:,} of {everything:,} entries were recorded more than a day after they say it happened.",
        "For each kind of entry, the share recorded so long after the time at which it says that it happened. Only entries "
        "that give both to the minute count; the kinds with most late entries come first. An entry recorded late may be true; it was not "
        "there to be read in between.",
        Axis(0, 1, tuple((i / 4, f"{25 * i} %") for i in range(5)), "of the entries of that kind"),
        Axis(0, max(1, len(shown)), grid=False, reverse=True),
        tuple(marks),
        Table(
            ("Entry", *(words for _, words in _LAG_STEPS), "All"),
            tuple(
                (
                    name,
                    *(f"{counts[name][words]:,}" for _, words in _LAG_STEPS),
                    f"{counts[name].total():,}",
                )
                for name in order
            ),
            "How soon entries were recorded, by kind",
        ),
        tuple(
            (words, Bar(0, 1, 0, 1, fill, hatch, MUTED))
            for (fill, hatch), (_, words) in zip(fills, _LAG_STEPS, strict=True)
        ),  # type: ignore[arg-type]
        height=60 + 30 * max(1, len(shown)),
        left=268,
        rows=tuple(
            (
                down + 0.5,
                tuple(
                    textwrap.wrap(
                        f"{name} ({counts[name].total():,})",
                        44,
                        max_lines=2,
                        placeholder=" …",
                    )
                ),
            )
            for down, name in enumerate(shown)
        ),
    )
