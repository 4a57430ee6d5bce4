"""Findings as a table for a terminal."""

import os
import sys
from typing import BinaryIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from duecare._audit import Result
from duecare._cli._console import clean
from duecare._cli._words import count, short, span
from duecare._core import Finding
from duecare._types import VERDICTS

# Where no terminal says how wide it is.
_WIDTH = 140
_STYLES = {
    "missed": "bold red",
    "late": "yellow",
    "unassessable": "magenta",
    "pending": "cyan",
    "met": "green",
}


def console(stream: BinaryIO | None) -> Console:
    if stream is not None:
        return Console(file=_Utf8(stream), width=_WIDTH, no_color=True, highlight=False)  # type: ignore[arg-type]
    told = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if told else _WIDTH, highlight=False)


class _Utf8:
    """As much of a text file as Rich needs."""

    encoding = "utf-8"

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(text.encode())

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return False


def _row(result: Result, finding: Finding) -> list[Text]:
    overdue = span(finding.overdue_seconds)
    if overdue:
        overdue = f"overdue {overdue}"
    sentence = finding.explanation
    if finding.flags:
        sentence += f" [{', '.join(finding.flags)}]"
    return [
        Text("\n".join(clean(text) for text in (finding.case_id, finding.key) if text)),
        Text(clean(finding.duty_id)),
        Text(finding.verdict, style=_STYLES.get(finding.verdict, "")).append(
            f"\n{finding.severity}", "default"
        ),
        Text("\n".join(text for text in (short(result.policy, finding.due_at), overdue) if text)),
        Text(clean(sentence)),
    ]


def _findings(result: Result) -> Table:
    table = Table(
        title="Findings", title_justify="left", box=box.HORIZONTALS, show_lines=True, pad_edge=False
    )
    for name in ("Case", "Duty", "Verdict", "Due", "Explanation"):
        table.add_column(name, overflow="fold")
    for finding in result.findings:
        table.add_row(*_row(result, finding))
    return table


def _summary(result: Result) -> Table:
    table = Table(title="Obligations by duty", title_justify="left", box=box.HORIZONTALS, show_footer=True)
    summary = result.summary
    table.add_column("Duty", "all duties", overflow="fold")
    for verdict in VERDICTS:
        table.add_column(verdict, f"{summary.totals[verdict]:,}", justify="right")
    table.add_column("all", f"{summary.total:,}", justify="right")
    for row in summary.duties:
        counts = [f"{row.counts[verdict]:,}" for verdict in VERDICTS]
        table.add_row(Text(clean(row.duty_id)), *counts, f"{row.total:,}")
    return table


def write_table(result: Result, stream: BinaryIO | None) -> None:
    """To a file, or to stdout, whose terminal is then made use of."""
    terminal = console(stream)
    if len(result.findings):
        terminal.print(_findings(result))
    else:
        terminal.print("No findings of the verdicts asked for.")
    terminal.print(_summary(result))
    terminal.print(f"{count(result.summary.cases, 'case')}, {count(len(result.rejects), 'reject')}")
