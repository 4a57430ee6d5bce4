"""The difference between two policies as a table, as Markdown and as JSON."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from rich import box
from rich.table import Table
from rich.text import Text

from duecare._cli._console import clean
from duecare._cli._table import console
from duecare._cli._words import count, short
from duecare._diff import Change, Difference, DutyTotals, KeyChange
from duecare._instants import format_instant
from duecare._policy import Policy

# A longer value says more in the file than in a cell.
_LONGEST = 160


# ---- Words that all forms share ----------------------------------------------------------------------------


def _value(value: Any) -> str:
    if value is None:
        return "(none)"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _key_change(change: KeyChange) -> str:
    old, new = change.old, change.new
    if isinstance(old, list) and isinstance(new, list):
        gone = [item for item in old if item not in new]
        come = [item for item in new if item not in old]
        if gone or come:
            parts = [f"without {_value(gone)}"] if gone else []
            parts += [f"with {_value(come)}"] if come else []
            return f"{change.path}: now {', '.join(parts)}"
    return f"{change.path}: {_value(old)} → {_value(new)}"


def _definition_lines(difference: Difference) -> Iterator[tuple[str, list[str]]]:
    """(heading, lines)."""
    found = difference.definitions
    yield "Duties added", [f"{name}: {title}" for name, title in found.added]
    yield "Duties removed", [f"{name}: {title}" for name, title in found.removed]
    for duty in found.changed:
        yield f"Duty changed: {duty.duty_id}", [_key_change(key) for key in duty.keys]
    lines = []
    for part in found.parts:
        used = found.affected.get(part.path.removeprefix("parameters/"), ())
        by = f" (used by {', '.join(used)})" if part.path.startswith("parameters/") and used else ""
        lines.append(_key_change(part) + by)
    yield "Rest of the policy", lines


def _verdicts(change: Change) -> str:
    if change.kind != "changed":
        return f"{change.kind}: {change.new_verdict or change.old_verdict}"
    if change.verdict_changed:
        return f"{change.old_verdict} → {change.new_verdict}"
    return f"{change.new_verdict}, as before"


def _due(difference: Difference, change: Change) -> str:
    policy = difference.new.policy
    old = short(policy, change.old_due_at) or "no fixed time"
    new = short(policy, change.new_due_at) or "no fixed time"
    if change.kind == "disappeared":
        return old
    return f"{old} → {new}" if change.due_changed else new


def _moves(row: DutyTotals) -> str:
    return ", ".join(f"{number:,} {old} → {new}" for (old, new), number in sorted(row.moves.items()))


_TOTALS = (
    "obligations before",
    "after",
    "as before",
    "appeared",
    "disappeared",
    "other verdict",
    "other due",
)


def _numbers(row: DutyTotals) -> list[int]:
    return [
        row.old, row.new, row.same, row.appeared, row.disappeared, row.verdict_changed, row.due_changed
    ]  # fmt: skip


def _sum(rows: Sequence[DutyTotals]) -> list[int]:
    return [sum(column) for column in zip(*map(_numbers, rows), strict=True)] if rows else [0] * len(_TOTALS)


def _headline(difference: Difference) -> str:
    before = sum(row.old for row in difference.totals)
    after = sum(row.new for row in difference.totals)
    cases = len({change.case_id for change in difference.changes})
    whole = difference.new.summary.cases
    return (
        f"{count(before, 'obligation')} under {_name(difference.old.policy)}, {after:,} under "
        f"{_name(difference.new.policy)}; {count(len(difference.changes), 'change')} in {cases:,} of "
        f"{count(whole, 'case')}."
    )


def _name(policy: Policy) -> str:
    return f"{policy.id} {policy.version}"


# ---- Forms -------------------------------------------------------------------------------------------------


def _totals_table(difference: Difference) -> Table:
    table = Table(title="Obligations by duty", title_justify="left", box=box.HORIZONTALS, show_footer=True)
    table.add_column("Duty", "all duties", overflow="fold")
    for name, number in zip(_TOTALS, _sum(difference.totals), strict=True):
        table.add_column(name, f"{number:,}", justify="right")
    table.add_column("verdicts that changed", overflow="fold")
    for row in difference.totals:
        if row.touched:
            numbers = [f"{number:,}" for number in _numbers(row)]
            table.add_row(Text(clean(row.duty_id)), *numbers, Text(_moves(row)))
    return table


def _changes_table(difference: Difference) -> Table:
    table = Table(title="Changes", title_justify="left", box=box.HORIZONTALS, show_lines=True, pad_edge=False)
    for name in ("Case", "Duty", "Opened", "Verdict", "Due", "Explanation"):
        table.add_column(name, overflow="fold")
    policy = difference.new.policy
    for change in difference.changes:
        cells = [
            "\n".join(clean(text) for text in (change.case_id, change.key) if text),
            clean(change.duty_id),
            short(policy, change.opened_at),
            _verdicts(change),
            _due(difference, change),
            clean(change.explanation),
        ]
        table.add_row(*map(Text, cells))
    return table


def write_table(difference: Difference, stream: BinaryIO | None) -> None:
    terminal = console(stream)
    for heading, lines in _definition_lines(difference):
        if lines:
            terminal.print(Text(heading, style="bold"))
            for line in lines:
                terminal.print(Text(f"  {clean(line)}"))
    if not difference.definitions:
        terminal.print("The policies ask the same.")
    if difference.changes:
        terminal.print(_changes_table(difference))
        terminal.print(_totals_table(difference))
    terminal.print(Text(clean(_headline(difference))))


def _markdown_lines(difference: Difference) -> Iterator[str]:
    from duecare._handbook import markdown

    def row(cells: Sequence[object]) -> str:
        return f"| {' | '.join(markdown(clean(str(cell))) for cell in cells)} |"

    names = [markdown(clean(_name(result.policy))) for result in (difference.old, difference.new)]
    yield f"# {' → '.join(names)}"
    yield ""
    yield f"As of {format_instant(difference.old.as_of)}. {markdown(clean(_headline(difference)))}"
    for heading, lines in _definition_lines(difference):
        if lines:
            yield ""
            yield f"## {markdown(clean(heading))}"
            yield ""
            yield from (f"- {markdown(clean(line))}" for line in lines)
    if not difference.changes:
        return
    yield ""
    yield "## Obligations by duty"
    yield ""
    yield row(["duty", *_TOTALS, "verdicts that changed"])
    yield f"|---|{'---:|' * len(_TOTALS)}---|"
    for totals in difference.totals:
        if totals.touched:
            yield row([totals.duty_id, *_numbers(totals), _moves(totals)])
    yield row(["all duties", *_sum(difference.totals), ""])
    yield ""
    yield "## Changes"
    yield ""
    yield row(["case", "concerns", "duty", "opened", "verdict", "due", "explanation"])
    yield "|---|---|---|---|---|---|---|"
    for change in difference.changes:
        opened = short(difference.new.policy, change.opened_at)
        cells = [change.case_id, change.key or "the case", change.duty_id, opened, _verdicts(change)]
        yield row([*cells, _due(difference, change), change.explanation])


def _text(at: datetime | None) -> str | None:
    return None if at is None else format_instant(at)


def _document(difference: Difference) -> dict[str, Any]:
    found = difference.definitions

    def policy(one: Policy) -> dict[str, str]:
        return {"id": one.id, "version": one.version, "digest": one.digest}

    def named(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
        return [{"duty_id": name, "title": title} for name, title in pairs]

    return {
        "format": "duecare.diff/1",
        "old": policy(difference.old.policy),
        "new": policy(difference.new.policy),
        "as_of": _text(difference.old.as_of),
        "known_at": _text(difference.old.known_at),
        "cases": difference.new.summary.cases,
        "rejects": difference.new.summary.rejects,
        "definitions": {
            "added": named(found.added),
            "removed": named(found.removed),
            "changed": [
                {"duty_id": duty.duty_id, "title": duty.title, "keys": [key.to_dict() for key in duty.keys]}
                for duty in found.changed
            ],
            "rest": [part.to_dict() for part in found.parts],
            "parameters_used_by": {name: list(duties) for name, duties in found.affected.items()},
        },
        "duties": [_totals_document(row) for row in difference.totals],
        "changes": [_change_document(change) for change in difference.changes],
    }


def _totals_document(row: DutyTotals) -> dict[str, Any]:
    return {
        "duty_id": row.duty_id,
        "old": row.old,
        "new": row.new,
        "same": row.same,
        "appeared": row.appeared,
        "disappeared": row.disappeared,
        "verdict_changed": row.verdict_changed,
        "due_changed": row.due_changed,
        "moves": [
            {"from": old, "to": new, "count": number} for (old, new), number in sorted(row.moves.items())
        ],
    }


def _change_document(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "case_id": change.case_id,
        "duty_id": change.duty_id,
        "key": change.key,
        "trigger_event": change.trigger_event,
        "opened_at": _text(change.opened_at),
        "verdict": {"old": change.old_verdict, "new": change.new_verdict},
        "due_at": {"old": _text(change.old_due_at), "new": _text(change.new_due_at)},
        "explanation": change.explanation,
    }


def write_json(difference: Difference, stream: BinaryIO) -> None:
    stream.write(json.dumps(_document(difference), ensure_ascii=False, indent=1).encode() + b"\n")


def write_markdown(difference: Difference, stream: BinaryIO) -> None:
    stream.write(("\n".join(_markdown_lines(difference)) + "\n").encode())
