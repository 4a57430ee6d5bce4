"""The timeline of a case: what happened and when it was recorded above, one row for each duty below."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from duecare._case import CaseEvent, CaseTimeline, Obligation, worst_first
from duecare._figures._chart import (
    BLUE,
    INK,
    MUTED,
    PALE,
    PURPLE,
    VERDICT_COLOURS,
    Axis,
    Bar,
    Chart,
    Dot,
    Line,
    Mark,
    Shape,
    Table,
    Words,
)
from duecare._figures._time import Clock, place, span, time_axis

DEFINITION = (
    "Each row is a duty. A bar runs from when the duty arose to when it fell due; hatching is the time after "
    "that until it was done, ended, or today. A duty judged on the spot has a mark and no bar. The upper "
    "line "
    "shows when things happened, the lower one when the record first said so; numbers lead to the list."
)
_ROW, _LANE = 32.0, 30.0
_LEFT = 262.0
_WIDTH = 860.0
_MOST_ROWS = 16
_MOST_LANES = 3
_SHAPES: dict[str, Shape] = {
    "met": "dot",
    "late": "diamond",
    "missed": "cross",
    "pending": "ring",
    "excused": "square",
    "lapsed": "square",
    "unassessable": "triangle",
}
_SAID = {
    "met": "done in time",
    "late": "done late",
    "missed": "not done in time",
    "pending": "still to do, in time",
    "excused": "excused by the record",
    "lapsed": "no longer needed",
    "unassessable": "the record does not say enough",
}
LEGEND: tuple[tuple[str, Bar | Dot | Line], ...] = (
    ("time allowed", Bar(0, 1, 0, 1, PALE, outline=MUTED)),
    ("no fixed time", Line(((0, 0),), MUTED, 1.5, dash=True)),
    ("overdue", Bar(0, 1, 0, 1, VERDICT_COLOURS["missed"], "lines")),
    ("done in time", Dot(0, 0, "dot", BLUE)),
    ("done late", Dot(0, 0, "diamond", VERDICT_COLOURS["late"])),
    ("not done in time", Dot(0, 0, "cross", VERDICT_COLOURS["missed"])),
    ("still in time", Dot(0, 0, "ring", MUTED)),
    ("record does not say", Dot(0, 0, "triangle", PURPLE)),
    ("excused or no longer needed", Dot(0, 0, "square", VERDICT_COLOURS["excused"])),
)


@dataclass(frozen=True, slots=True)
class Row:
    """The obligations of one duty, and of one person or thing if it is kept apart by that."""

    title: str
    key: str | None
    obligations: tuple[Obligation, ...]


def rows_of(case: CaseTimeline) -> list[Row]:
    """Worst first; rows without anything adverse or open come after, as they arose."""
    grouped: dict[tuple[str, str | None], list[Obligation]] = {}
    for one in case.obligations:
        grouped.setdefault((one.duty_id, one.key), []).append(one)
    rows = [Row(found[0].title, key, tuple(found)) for (_, key), found in grouped.items()]
    return sorted(
        rows,
        key=lambda row: (min(worst_first(one)[:2] for one in row.obligations), row.obligations[0].opened_at),
    )


def _range(case: CaseTimeline, rows: Iterable[Row]) -> tuple[datetime, datetime]:
    """From the first thing to the last, not to the end of what is overdue: that may be years away."""
    points = [case.as_of - timedelta(days=1)] if not case.events else []
    for event in case.events:
        points += [event.occurred_at, min(event.recorded_at, case.as_of)]
    for row in rows:
        for one in row.obligations:
            points.append(one.opened_at)
            points += [at for at in (one.ended_at,) if at is not None]
            if one.due_at is not None and (one.due_at <= case.as_of or one.verdict == "pending"):
                points.append(one.due_at)
    first, last = min(points), max(points)
    room = max((last - first) * 0.04, timedelta(minutes=20))
    return first - room / 2, last + room


def _wrapped(row: Row) -> tuple[str, ...]:
    text = f"{row.title} ({row.key})" if row.key else row.title
    return tuple(textwrap.wrap(text, 43, max_lines=2, placeholder=" …")) or ("–",)


# Place, number and event of those that share a mark.
_Group: TypeAlias = list[tuple[float, int, CaseEvent]]


class _Lanes:
    """The two upper lines."""

    def __init__(self, case: CaseTimeline, clock: Clock, axis: Axis) -> None:
        self._events = case.events
        self._clock = clock
        self._axis = axis
        pixel = (axis.high - axis.low) / (_WIDTH - _LEFT)
        self._near, self._letter = 4 * pixel, 5.6 * pixel

    def marks(self) -> list[Mark]:
        low, high = self._axis.low, self._axis.high
        marks: list[Mark] = [
            Line(((low, 0.5), (high, 0.5)), MUTED, 1),
            Line(((low, 1.5), (high, 1.5)), MUTED, 1),
        ]
        for event in self._events:
            here, there = place(event.occurred_at), min(place(event.recorded_at), high)
            if there - here > self._near:
                marks.append(Line(((here, 0.5), (there, 1.5)), MUTED, 1, dash=True))
        return [*marks, *self._lane(0.5, recorded=False), *self._lane(1.5, recorded=True)]

    def _lane(self, y: float, *, recorded: bool) -> Iterable[Mark]:
        dated = sorted(
            (place(event.recorded_at if recorded else event.occurred_at), number, event)
            for number, event in enumerate(self._events, 1)
        )
        for group in self._groups([[one] for one in dated]):
            at = group[0][0]
            if at > self._axis.high:
                continue
            said = "; ".join(self._says(number, event, recorded) for _, number, event in group)
            yield Dot(at, y, "dot", INK, 4 if len(group) == 1 else 5, said)
            yield Words(at, y, _numbers([one[1] for one in group]), "middle", 9.5, MUTED, dy=-12)

    def _groups(self, groups: list[_Group]) -> list[_Group]:
        """Those that are so near that their numbers would touch share a mark."""
        merged: list[_Group] = []
        for group in groups:
            merged.append(group)
            while len(merged) > 1:
                before, last = merged[-2:]
                letters = len(_numbers([one[1] for one in before])) + len(_numbers([one[1] for one in last]))
                if last[0][0] - before[0][0] >= self._letter * letters / 2 + self._near:
                    break
                merged[-2:] = [before + last]
        return merged

    def _says(self, number: int, event: CaseEvent, recorded: bool) -> str:
        when = self._clock.words(
            event.recorded_at if recorded else event.occurred_at, day_only=event.day_only
        )
        return f"{number}. {event.title}, {'recorded ' if recorded else ''}{when}"


def _numbers(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    if high - low + 1 == len(numbers):
        return str(low) if low == high else f"{low}–{high}"
    return f"{low}…{high}"


def _sublanes(obligations: Sequence[Obligation], end: datetime) -> list[tuple[Obligation, int]]:
    """Those of a row that overlap, one above the other."""
    lanes: list[datetime] = []
    placed = []
    for one in obligations:
        last = one.opened_at if one.instant or one.verdict == "unassessable" else one.ended_at or end
        lane = next((n for n, free in enumerate(lanes) if free <= one.opened_at), len(lanes))
        lane = min(lane, _MOST_LANES - 1)
        if lane == len(lanes):
            lanes.append(last)
        lanes[lane] = max(lanes[lane], last)
        placed.append((one, lane))
    return placed


def _bars(
    one: Obligation, y: float, half: float, case: CaseTimeline, axis: Axis, clock: Clock
) -> Iterable[Mark]:
    """The time allowed, and what went beyond it."""
    if one.instant or one.verdict == "unassessable":
        return
    says, colour = _says(one, clock), VERDICT_COLOURS[one.verdict]
    opened, ended = place(one.opened_at), min(place(one.ended_at or case.as_of), axis.high)
    if one.due_at is None:
        yield Line(((opened, y), (ended, y)), MUTED, 1.5, dash=True, says=says)
        return
    due = place(one.due_at)
    allowed = min(due, ended) if one.verdict in ("met", "excused", "lapsed") else due
    yield Bar(opened, min(allowed, axis.high), y - half, y + half, PALE, outline=MUTED, says=says)
    if one.verdict in ("late", "missed") and ended > due:
        yield Bar(due, ended, y - half, y + half, colour, "lines", says=says)


def _points(
    one: Obligation, y: float, size: float, case: CaseTimeline, axis: Axis, clock: Clock
) -> Iterable[Mark]:
    """What became of it, where it did."""
    says, colour = _says(one, clock), VERDICT_COLOURS[one.verdict]
    ended = place(one.ended_at or case.as_of)
    at = place(one.due_at) if one.due_at is not None and one.verdict in ("missed", "pending") else ended
    if one.instant or one.verdict == "unassessable":
        at = place(one.opened_at)
    yield Dot(min(at, axis.high), y, _SHAPES[one.verdict], colour, size, says)
    if one.verdict == "missed" and ended > axis.high:
        yield Dot(axis.high, y, "arrow", colour, size, says)


def _says(one: Obligation, clock: Clock) -> str:
    due = f"due {clock.words(one.due_at)}" if one.due_at else "no fixed time"
    late = f", {span(one.overdue_seconds)} over" if one.overdue_seconds else ""
    return f"{one.title}: {_SAID[one.verdict]}; {due}{late}"


def verdict_words(verdict: str) -> str:
    return _SAID[verdict]


def _summary(case: CaseTimeline, rows: Sequence[Row]) -> str:
    adverse = case.adverse
    said = ", ".join(
        f"{sum(one.verdict == verdict for one in adverse)} {_SAID[verdict]}"
        for verdict in ("missed", "late", "unassessable")
        if any(one.verdict == verdict for one in adverse)
    )
    return (
        f"Timeline of case {case.case_id} with {len(case.events)} events and {len(rows)} duties: "
        f"{said or 'nothing late, missed or unclear'}. The lists after the picture say the same."
    )


def event_table(case: CaseTimeline, clock: Clock) -> Table:
    rows = []
    for number, event in enumerate(case.events, 1):
        gap = event.recorded_after_seconds
        rows.append(
            (
                str(number),
                event.title,
                clock.words(event.occurred_at, day_only=event.day_only),
                f"{span(gap)} later" if gap >= 60 else "at once" if not event.day_only else "not known",
                ", ".join(event.subjects) or "everybody",
                event.actor or "–",
            )
        )
    return Table(
        ("No.", "What happened", "When", "Recorded", "Concerns", "By"),
        tuple(rows),
        f"What happened in case {case.case_id}, {len(rows)} events",
    )


def timeline_chart(case: CaseTimeline, *, most_rows: int = _MOST_ROWS) -> Chart:
    """The picture of a case, with at most so many rows, the worst first."""
    clock = Clock(case.policy)
    rows = rows_of(case)
    shown = rows[:most_rows]
    axis = time_axis(clock, *_range(case, shown))
    marks = _Lanes(case, clock, axis).marks()
    lanes = 2.0
    row_height = _ROW / _LANE
    for number, row in enumerate(shown):
        y = lanes + 0.35 + row_height * (number + 0.5)
        placed = _sublanes(row.obligations, case.as_of)
        lanes_here = max(lane for _, lane in placed) + 1
        half = 0.26 if lanes_here == 1 else 0.42 / lanes_here
        above = [(one, y + 2 * half * (lane - (lanes_here - 1) / 2)) for one, lane in placed]
        for one, here in above:
            marks += _bars(one, here, half * 0.86, case, axis, clock)
        for one, here in above:
            marks += _points(one, here, 5 if lanes_here == 1 else 3.6, case, axis, clock)
    depth = lanes + 0.35 + row_height * len(shown)
    labels: list[tuple[float, tuple[str, ...]]] = [
        (0.5, ("What happened",)),
        (1.5, ("When it was recorded",)),
    ]
    labels += [
        (lanes + 0.35 + row_height * (number + 0.5), _wrapped(row)) for number, row in enumerate(shown)
    ]
    left_out = len(rows) - len(shown)
    return Chart(
        f"Case {case.case_id}",
        _summary(case, rows),
        DEFINITION
        + (f" {left_out} more duties without a more serious finding are not drawn." if left_out else ""),
        axis,
        Axis(-0.35, depth, grid=False, reverse=True),
        tuple(marks),
        event_table(case, clock),
        LEGEND,
        width=_WIDTH,
        height=56 + _LANE * (depth + 0.35),
        left=_LEFT,
        rows=tuple(labels),
    )
