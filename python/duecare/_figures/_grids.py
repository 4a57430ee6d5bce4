"""Rows of bars and cells: duties by unit, and how soon entries were recorded."""

import math
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from duecare._case import spoken
from duecare._figures._chart import (
    AMBER,
    FAINT,
    INK,
    MUTED,
    PALE,
    RED,
    Axis,
    Bar,
    Chart,
    Hatch,
    Mark,
    Table,
    Words,
)
from duecare._figures._study import Lag, Study, Tally


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
        f"{len(duties)} duties by {len(units)} units; in each cell how many were late or missed, out of "
        f"those judged.",
        "In each cell: late or missed, out of those that could be judged; the darker, the larger the "
        "share. A dash: the duty did not arise there." + extra,
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
    fills: tuple[tuple[str, Hatch], ...] = ((PALE, ""), ("#8fb4d6", ""), (AMBER, "lines"), (RED, "lines"))
    marks: list[Mark] = []
    for down, name in enumerate(shown):
        base, number = 0.0, counts[name].total()
        for (fill, hatch), (_, words) in zip(fills, _LAG_STEPS, strict=True):
            share = counts[name][words] / number
            if share:
                says = f"{name}: {counts[name][words]:,} of {number:,} {words}"
                marks.append(Bar(base, base + share, down + 0.15, down + 0.85, fill, hatch, "#ffffff", says))
            base += share
    everything = sum(total.values())
    slow_all = sum(total[step] for step in late)
    return Chart(
        "How soon it was recorded",
        f"{slow_all:,} of {everything:,} entries were recorded more than a day after they say it happened.",
        "For each kind of entry, the share recorded so long after the time at which it says that it "
        "happened. Only entries "
        "that give both to the minute count; the kinds with most late entries come first. An entry "
        "recorded late may be true; it was not "
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
        ),
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
