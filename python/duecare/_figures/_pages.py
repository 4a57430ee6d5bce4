"""A case by itself: for notebooks as HTML, for terminals as text."""

from html import escape

from duecare._case import CaseTimeline
from duecare._figures._chart import Table
from duecare._figures._svg import to_svg
from duecare._figures._time import Clock, span
from duecare._figures._timeline import event_table, timeline_chart, verdict_words

_MOST_ROWS = 200


def table_html(table: Table, *, most: int | None = None) -> str:
    """An escaped ``table`` element with its caption."""
    rows = table.rows if most is None else table.rows[:most]
    left_out = len(table.rows) - len(rows)
    caption = table.caption + (f" (the first {len(rows):,} of {len(table.rows):,})" if left_out else "")
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{escape(cell)}</th>' if place == 0 else f"<td>{escape(cell)}</td>"
            for place, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def findings_table(case: CaseTimeline, clock: Clock) -> Table:
    rows = tuple(
        (
            one.title + (f" ({one.key})" if one.key else ""),
            verdict_words(one.verdict),
            clock.words(one.due_at) if one.due_at else "no fixed time",
            span(one.overdue_seconds) if one.overdue_seconds else "–",
            one.explanation,
        )
        for one in (*case.adverse, *(one for one in case.obligations if one.verdict == "pending"))
    )
    return Table(
        ("Duty", "What became of it", "Due", "Over", "In words"),
        rows,
        f"What is late, missed, unclear or still to do in case {case.case_id}",
    )


def case_html(case: CaseTimeline) -> str:
    """A fragment with the picture and both tables."""
    clock = Clock(case.policy)
    # Ids of the picture must not meet those of another case in the same notebook.
    name = "case" + "".join(f"{byte:02x}" for byte in case.case_id.encode()[:24])
    picture = to_svg(timeline_chart(case), name)
    return (
        f'<section aria-label="Case {escape(case.case_id)}"><h3>Case {escape(case.case_id)}</h3>{picture}'
        + table_html(findings_table(case, clock), most=_MOST_ROWS)
        + table_html(event_table(case, clock), most=_MOST_ROWS)
        + "</section>"
    )


def case_text(case: CaseTimeline) -> str:
    """The same in plain lines."""
    clock = Clock(case.policy)
    lines = [f"Case {case.case_id}, as of {clock.words(case.as_of)}", "", "What happened"]
    width = max((len(event.title) for event in case.events), default=0)
    for number, event in enumerate(case.events, 1):
        gap = event.recorded_after_seconds
        late = f"  recorded {span(gap)} later" if gap >= 3_600 else ""
        when = clock.words(event.occurred_at, day_only=event.day_only)
        lines.append(f"{number:>4}  {when:<18}  {event.title:<{width}}{late}".rstrip())
    shown = findings_table(case, clock).rows
    lines += [
        "",
        "What is late, missed, unclear or still to do"
        if shown
        else "Nothing is late, missed, unclear or still to do.",
    ]
    for duty, became, due, over, words in shown:
        lines += [
            f"  {duty}",
            f"      {became}; due: {due}" + (f"; over by {over}" if over != "–" else ""),
            f"      {words}",
        ]
    done = sum(one.verdict in ("met", "excused", "lapsed") for one in case.obligations)
    lines += ["", f"{done:,} of {len(case.obligations):,} obligations were met, excused or no longer needed."]
    return "\n".join(lines) + "\n"
