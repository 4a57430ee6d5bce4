"""``duecare store compare``: two inspections on one page."""

import enum
import json
from typing import Annotated

import typer

from duecare._cli._console import message, output, shielded
from duecare._cli._options import OutOption, StoreArgument
from duecare._cli._store_options import instant_in
from duecare._cli._words import count
from duecare._inspection._model import Basis
from duecare._store import Store


class CompareFormat(enum.StrEnum):
    """How a comparison is written."""

    html = "html"
    json = "json"


@shielded
def compare_command(
    store: StoreArgument,
    earlier: Annotated[int, typer.Argument(metavar="EARLIER", help="The run of the first inspection.")],
    later: Annotated[int, typer.Argument(metavar="LATER", help="The run of the second inspection.")],
    out: OutOption = None,
    recommendations: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="What the inspectorate recommended: CSV with id, text, duties, due and target, or "
            "duecare.recommendations/1.",
        ),
    ] = None,
    basis: Annotated[
        Basis, typer.Option(help="Whether the caseloads are all cases there were, or samples of them.")
    ] = "census",
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="TIME",
            help="Say which actions are overdue then; a date alone: at the end of that day. "
            "Default: LATER's.",
        ),
    ] = None,
    title: Annotated[str, typer.Option(metavar="TEXT", help="Of the page.")] = "Two inspections compared",
    form: Annotated[CompareFormat, typer.Option("--format", help="How to write it.")] = CompareFormat.html,
) -> None:
    """Write one page: whether what an inspection found was met at the next."""
    with Store(store, read_only=True) as kept:
        when = instant_in(kept, at, "--at")
        report = kept.inspection_report(
            earlier, later, recommendations=recommendations or (), basis=basis, at=when
        )
    with output(out) as stream:
        if form is CompareFormat.json:
            stream.write((json.dumps(report.to_dict(), ensure_ascii=False) + "\n").encode())
        else:
            report.to_html(stream, title=title)
    fate, work = report.whole.fate, report.whole.work
    message(
        f"{count(work.findings, 'finding')} of run {earlier}: {fate['resolved']:,} resolved, "
        f"{fate['still_open'] + fate['worse']:,} still open or worse, {work.actions['overdue']:,} with an "
        "action that is overdue"
    )
    if report.policy_changed:
        message("The policy is not the same in both runs.")
    if out is not None:
        message(f"written: {out}")
