"""``duecare case``: one case, what happened in it and what fell due."""

import enum
import json
from typing import Annotated

import typer

from duecare._audit import audit
from duecare._case import CaseTimeline
from duecare._cli._console import DONE, REJECTS, clean_lines, output, shielded
from duecare._cli._input import instant, read_caseload, say_if_nothing_is_visible, say_what_was_read
from duecare._cli._options import AsOfOption, KnownAtOption, MappingOption, OutOption, PolicyOption
from duecare._cli._policies import DEFAULT_POLICY, load_policy
from duecare._errors import ArgumentError


class CaseFormat(enum.StrEnum):
    """How a case is written."""

    text = "text"
    json = "json"
    html = "html"
    svg = "svg"


def _written(case: CaseTimeline, form: CaseFormat) -> str:
    if form is CaseFormat.text:
        return clean_lines(str(case))
    if form is CaseFormat.json:
        return json.dumps(case.to_dict(), ensure_ascii=False) + "\n"
    from duecare._figures import timeline_chart, to_svg

    if form is CaseFormat.svg:
        return to_svg(timeline_chart(case)) + "\n"
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        "<title>Case</title></head><body><main><h1>Case</h1>"
        f"{case._repr_html_()}</main></body></html>\n"
    )


def register(app: typer.Typer, epilog: str) -> None:
    """Adds the command to the application."""

    @app.command("case", epilog=epilog)
    @shielded
    def case_command(
        words: Annotated[
            list[str],
            typer.Argument(
                metavar="CASELOAD... CASE",
                help="Files of case histories and staff, as for audit; then the id of a case.",
            ),
        ],
        policy: PolicyOption = DEFAULT_POLICY,
        mapping: MappingOption = None,
        as_of: AsOfOption = None,
        known_at: KnownAtOption = None,
        form: Annotated[CaseFormat, typer.Option("--format", help="How to write it.")] = CaseFormat.text,
        out: OutOption = None,
    ) -> None:
        """Show one case: what happened, when it was recorded, and what is late, missed or still to do."""
        if len(words) < 2:
            raise typer.BadParameter(
                "give at least one file, then the id of a case.", param_hint="CASELOAD... CASE"
            )
        *paths, case_id = words
        loaded = load_policy(policy)
        at, known = instant(loaded, as_of, "--as-of"), instant(loaded, known_at, "--known-at")
        cases = read_caseload(paths, strict=False, mapping=mapping)
        say_what_was_read(cases, loaded)
        if at is None and cases.event_count == 0:
            raise ArgumentError("There is no event to take the instant of the audit from. Give --as-of.")
        result = audit(cases, loaded, as_of=at, known_at=known, verdicts=[])
        say_if_nothing_is_visible(result)
        with output(out) as stream:
            stream.write(_written(result.case(case_id), form).encode())
        raise typer.Exit(REJECTS if cases.rejects else DONE)
