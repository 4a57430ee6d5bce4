"""Shares met at two inspections, one line for each duty or recommendation."""

import textwrap
from collections.abc import Sequence

from duecare._compliance import Compliance
from duecare._figures._axes import percent
from duecare._figures._chart import AMBER, BLUE, FAINT, Axis, Chart, Dot, Line, Mark, Table


def _said(side: Compliance) -> tuple[str, ...]:
    if side.rate is None or side.interval is None:
        return "0 of 0", "nothing judged", "–"
    low, high = side.interval
    return (
        f"{side.counts['met']:,} of {side.judged:,}",
        percent(side.rate),
        f"{percent(low)} to {percent(high)}",
    )


def _marks(name: str, at: float, side: Compliance, when: str, shape: str, colour: str) -> list[Mark]:
    if side.rate is None or side.interval is None:
        return []
    met, share, between = _said(side)
    says = f"{name}, {when}: {met} met ({share}; {between})"
    low, high = side.interval
    line = Line(((low, at), (high, at)), colour, 2)
    return [line, Dot(side.rate, at, "ring" if shape == "ring" else "dot", colour, says=says)]


def inspections_chart(
    rows: Sequence[tuple[str, Compliance, Compliance]], *, what: str, confidence: float
) -> Chart:
    """``rows``: a name, what was judged at the first inspection, and what was judged since."""
    marks: list[Mark] = []
    table = []
    for place, (name, then, since) in enumerate(rows):
        marks.append(Line(((0, place + 1), (1, place + 1)), FAINT, 1))
        marks += _marks(name, place + 0.33, then, "first inspection", "ring", AMBER)
        marks += _marks(name, place + 0.67, since, "since", "dot", BLUE)
        table.append((name, *_said(then), *_said(since)))
    rose = sum(b.rate > a.rate for _, a, b in rows if a.rate is not None and b.rate is not None)
    both = sum(a.rate is not None and b.rate is not None for _, a, b in rows)
    interval = f"{percent(confidence)} interval"
    return Chart(
        f"Share met at the first inspection and since, by {what}",
        f"Of {both:,} that were judged at both, the share is higher since in {rose:,}.",
        "Each ring is the share met of what was judged at the first inspection, each dot the share met of "
        f"what was judged since. The line through it is the {interval} (Wilson's), which treats the "
        "obligations as a sample of such obligations.",
        Axis(0, 1, tuple((step / 5, f"{20 * step} %") for step in range(6)), "met of judged"),
        Axis(0, max(1, len(rows)), grid=False, reverse=True),
        tuple(marks),
        Table(
            (
                what.capitalize(),
                "Met then",
                "Share then",
                f"{interval} then",
                "Met since",
                "Share since",
                f"{interval} since",
            ),
            tuple(table),
            f"Share met by {what}",
        ),
        legend=(
            ("first inspection", Dot(0, 0, "ring", AMBER)),
            ("since the first inspection", Dot(0, 0, "dot", BLUE)),
        ),
        height=66 + 40 * max(1, len(rows)),
        left=310,
        rows=tuple(
            (place + 0.5, tuple(textwrap.wrap(name, 44, max_lines=2, placeholder=" …")))
            for place, (name, _, _) in enumerate(rows)
        ),
    )
