"""``duecare due``: what falls due until an instant, by who holds it."""

import json
from datetime import datetime
from typing import Annotated

import typer

from duecare._audit import Result, audit
from duecare._cli._columns import write_columns
from duecare._cli._console import DONE, REJECTS, clean_lines, message, output, shielded
from duecare._cli._input import instant, read_caseload, say_if_nothing_is_visible, say_what_was_read
from duecare._cli._options import (
    AsOfOption,
    CaseloadArgument,
    ListFormat,
    MappingOption,
    OutOption,
    PolicyOption,
    ThreadsOption,
)
from duecare._cli._policies import DEFAULT_POLICY, load_policy
from duecare._cli._progress import Bar
from duecare._cli._words import count, short
from duecare._core import Finding
from duecare._errors import ArgumentError
from duecare._instants import format_instant
from duecare._near import did_you_mean

_NOBODY = "nobody on record"


def due_until(result: Result, until: datetime, holder: str | None = None) -> list[tuple[int, Finding]]:
    """What is still to do and falls due until then, the first first: its place and the finding.

    ``holder``: what this owner or unit holds alone.
    """
    found = [
        (finding.due_at, place, finding)
        for place, finding in enumerate(result.findings)
        if finding.verdict == "pending"
        and finding.due_at is not None
        and finding.due_at <= until
        and holder in (None, finding.owner, finding.unit)
    ]
    return [one[1:] for one in sorted(found, key=lambda one: one[:2])]


def _say_if_unknown(result: Result, holder: str) -> None:
    """A mistyped name holds nothing, which must not look like somebody with nothing to do."""
    known = {name for finding in result.findings for name in (finding.owner, finding.unit) if name}
    if holder not in known:
        hint = did_you_mean(holder, known)
        message(f"warning: nobody called {holder!r} holds anything that is still to do. {hint}".rstrip())


def _text(result: Result, found: list[tuple[int, Finding]]) -> str:
    by_owner: dict[str, list[Finding]] = {}
    for _, finding in found:
        by_owner.setdefault(finding.owner or finding.unit or _NOBODY, []).append(finding)
    lines = []
    for owner in sorted(by_owner, key=lambda name: (name == _NOBODY, name)):
        lines.append(f"{owner} ({len(by_owner[owner]):,})")
        for finding in by_owner[owner]:
            key = f" ({finding.key})" if finding.key else ""
            due = short(result.policy, finding.due_at)
            title = finding.title or finding.duty_id
            lines.append(f"  {due}  {finding.severity:<8}  {finding.case_id}  {title}{key}")
    return "\n".join(lines) + ("\n" if lines else "")


def register(app: typer.Typer, epilog: str) -> None:
    """Adds the command to the application."""

    @app.command("due", epilog=epilog)
    @shielded
    def due_command(
        caseload: CaseloadArgument,
        until: Annotated[
            str,
            typer.Option(
                metavar="TIME", help="Up to and with this instant; a date alone: the end of that day."
            ),
        ],
        policy: PolicyOption = DEFAULT_POLICY,
        mapping: MappingOption = None,
        as_of: AsOfOption = None,
        owner: Annotated[
            str | None, typer.Option(metavar="OWNER", help="Only what this officer or unit holds.")
        ] = None,
        form: Annotated[ListFormat, typer.Option("--format", help="How to write it.")] = ListFormat.text,
        out: OutOption = None,
        threads: ThreadsOption = 0,
    ) -> None:
        """List what is still to do and falls due until an instant, by who holds it."""
        loaded = load_policy(policy)
        instant(loaded, until, "--until")
        end, at = loaded.parse_instant(until), instant(loaded, as_of, "--as-of")
        cases = read_caseload(caseload, strict=False, mapping=mapping)
        say_what_was_read(cases, loaded)
        if at is None and cases.event_count == 0:
            raise ArgumentError("There is no event to take the instant of the audit from. Give --as-of.")
        with Bar("Auditing", cases.case_count) as bar:
            result = audit(cases, loaded, as_of=at, verdicts=["pending"], threads=threads, progress=bar.at)
        say_if_nothing_is_visible(result)
        found = due_until(result, end, owner)
        message(f"as of {format_instant(result.as_of)}, due until {format_instant(end)}")
        if end < result.as_of:
            message(
                f"warning: {format_instant(end)} is before the instant of the audit, so nothing can fall due "
                "until then"
            )
        if owner is not None and not found:
            _say_if_unknown(result, owner)
        with output(out) as stream:
            if form is ListFormat.jsonl:
                for _, finding in found:
                    stream.write(json.dumps(finding.to_dict(), ensure_ascii=False).encode() + b"\n")
            elif form.is_text:
                stream.write(clean_lines(_text(result, found)).encode())
            else:
                write_columns(result.findings.to_arrow().take([one[0] for one in found]), form, stream)
        message(f"{count(len(found), 'obligation')} due")
        raise typer.Exit(REJECTS if cases.rejects else DONE)
