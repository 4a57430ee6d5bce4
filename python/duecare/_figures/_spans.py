"""How far apart reviews are, and how long stages wait."""

from collections import Counter
from collections.abc import Sequence

from duecare._figures import _estimates
from duecare._figures._axes import number_axis
from duecare._figures._chart import (
    AMBER,
    BLUE,
    FAINT,
    INK,
    PURPLE,
    RED,
    Area,
    Axis,
    Bar,
    Chart,
    Dot,
    Hatch,
    Line,
    Mark,
    Table,
    Words,
)
from duecare._figures._study import Review, Wait
from duecare._figures._time import span

_LINE_COLOURS = (BLUE, AMBER, PURPLE, INK)


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
    styles: dict[str, tuple[str, Hatch]] = {
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
                    )
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
        f"Each of the {what} counts from the one before it, or from when the rhythm began, to when it was "
        f"done; those "
        "that have not come count up to the day of the audit, or to when they were no longer needed. "
        "Dashed lines "
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
    for colour, dash, (name, waits, curve) in zip(_LINE_COLOURS, (False, True) * 2, curves, strict=False):
        if len(curves) == 1:
            marks.append(Area(_band(curve.steps, divisor, x.high * divisor)))
        ended, half = sum(w.ended for w in waits), curve.median
        style = Line(
            _staircase(curve.steps, divisor, x.high), colour, 2, dash, f"{name}: {ended:,} of {len(waits):,}"
        )
        marks.append(style)
        legend.append((name, style))
        within = "not reached" if half is None else span(half * 86_400) if half >= 1 / 1_440 else "at once"
        rows.append((name, f"{len(waits):,}", f"{ended:,}", f"{len(waits) - ended:,}", within))
    return Chart(
        title,
        " ".join(_waited(*row) for row in rows),
        "The height is the share still waiting after so long (Kaplan and Meier's estimate). What still "
        "waits, was "
        "excused or was no longer needed counts as long as it waited, and not as done. Half were done "
        "where the "
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
