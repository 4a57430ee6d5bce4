"""``duecare explain``: the life of the obligations of one duty in one case."""

import enum
from typing import Annotated

import typer

from duecare._audit import audit
from duecare._cli._console import DONE, REJECTS, clean_lines, output, shielded
from duecare._cli._input import instant, read_caseload, say_if_nothing_is_visible, say_what_was_read
from duecare._cli._options import AsOfOption, KnownAtOption, MappingOption, PolicyOption
from duecare._cli._policies import DEFAULT_POLICY, load_policy
from duecare._errors import ArgumentError


class ExplainFormat(enum.StrEnum):
    """How an explanation is written."""

    text = "text"
    json = "json"


def register(app: typer.Typer, epilog: str) -> None:
    """Adds the command to the application."""

    @app.command("explain", epilog=epilog)
    @shielded
    def explain_command(
        words: Annotated[
            list[str],
            typer.Argument(
                metavar="CASELOAD... CASE DUTY",
                help="Files of case histories and staff, as for audit; then the id of a case and of a duty.",
            ),
        ],
        policy: PolicyOption = DEFAULT_POLICY,
        mapping: MappingOption = None,
        key: Annotated[
            str | None,
            typer.Option(metavar="KEY", help="Only obligations of this person or `per` value."),
        ] = None,
        as_of: AsOfOption = None,
        known_at: KnownAtOption = None,
        form: Annotated[
            ExplainFormat, typer.Option("--format", help="How to write it.")
        ] = ExplainFormat.text,
    ) -> None:
        """Tell how a duty was judged in a case, step by step, and what would have been enough."""
        if len(words) < 3:
            raise typer.BadParameter(
                "give at least one file, then the id of a case and the id of a duty.",
                param_hint="CASELOAD... CASE DUTY",
            )
        *paths, case_id, duty_id = words
        loaded = load_policy(policy)
        at = instant(loaded, as_of, "--as-of")
        known = instant(loaded, known_at, "--known-at")
        cases = read_caseload(paths, strict=False, mapping=mapping)
        say_what_was_read(cases, loaded)
        if at is None and cases.event_count == 0:
            raise ArgumentError("There is no event to take the instant of the audit from. Give --as-of.")
        result = audit(cases, loaded, as_of=at, known_at=known, verdicts=[])
        say_if_nothing_is_visible(result)
        explanation = result.explain(case_id, duty_id, key)
        with output(None) as stream:
            text = explanation.json() + "\n" if form is ExplainFormat.json else clean_lines(str(explanation))
            stream.write(text.encode())
        raise typer.Exit(REJECTS if cases.rejects else DONE)
