"""``duecare policy diff``: which verdicts change, and for whom, when a policy takes the place of another."""

import enum
from typing import Annotated

import typer

from duecare._caseload import Caseload
from duecare._cli._console import DONE, MATCHED, REJECTS, message, output, shielded
from duecare._cli._input import instant, read_caseload, say_what_was_read
from duecare._cli._options import KnownAtOption, MappingOption, ThreadsOption
from duecare._cli._policies import load_policy
from duecare._cli._progress import Bar
from duecare._cli._words import count
from duecare._diff import Difference, compare
from duecare._errors import ArgumentError
from duecare._instants import format_instant
from duecare._policy import Policy


class DiffFormat(enum.StrEnum):
    """How the difference is written."""

    table = "table"
    json = "json"
    md = "md"


@shielded
def diff_command(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The policy in force: file or built-in id.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The one to come: file or built-in id.")],
    caseload: Annotated[
        list[str],
        typer.Option("--caseload", metavar="FILE", help="Case histories and staff; may be repeated."),
    ],
    as_of: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Judge as of this instant. Default: the latest of the caseload."),
    ] = None,
    known_at: KnownAtOption = None,
    form: Annotated[DiffFormat, typer.Option("--format", help="How to write it.")] = DiffFormat.table,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="Write there instead of to stdout.")] = None,
    threads: ThreadsOption = 0,
    mapping: MappingOption = None,
    fail_on_change: Annotated[
        bool, typer.Option("--fail-on-change", help="Exit with 4 if any obligation is not what it was.")
    ] = False,
) -> None:
    """Compare what two policies ask, and what they find in the same caseload."""
    before, after = load_policy(old), load_policy(new)
    at = instant(before, as_of, "--as-of")
    known = instant(before, known_at, "--known-at")
    cases = read_caseload(caseload, strict=False, mapping=mapping)
    say_what_was_read(cases, after)
    difference = _compare(cases, before, after, at, known, threads)
    message(
        f"as of {format_instant(difference.old.as_of)}, known at {format_instant(difference.old.known_at)}"
    )
    _write(difference, form, out)
    if fail_on_change and difference.changes:
        message(f"{count(len(difference.changes), 'obligation')} changed")
        raise typer.Exit(MATCHED)
    raise typer.Exit(REJECTS if cases.rejects else DONE)


def _compare(
    cases: Caseload, old: Policy, new: Policy, at: str | None, known: str | None, threads: int
) -> Difference:
    if at is None and cases.event_count == 0:
        raise ArgumentError("There is no event to take the instant of the audit from. Give --as-of.")
    with Bar("Auditing", cases.case_count) as bar:
        return compare(cases, old, new, as_of=at, known_at=known, threads=threads, progress=bar.at)


def _write(difference: Difference, form: DiffFormat, out: str | None) -> None:
    # Rich takes a while to import, and not every command needs it.
    from duecare._cli import _diff_forms

    if form is DiffFormat.table and (out is None or out == "-"):
        _diff_forms.write_table(difference, None)
        return
    with output(out) as stream:
        if form is DiffFormat.table:
            _diff_forms.write_table(difference, stream)
        elif form is DiffFormat.json:
            _diff_forms.write_json(difference, stream)
        else:
            _diff_forms.write_markdown(difference, stream)
