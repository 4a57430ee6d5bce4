"""What commands read: instants and caseloads, and what there is to say about them."""

import sys
from pathlib import Path

import typer

from duecare._caseload import Caseload
from duecare._cli._console import message
from duecare._cli._progress import Bar
from duecare._cli._words import count
from duecare._errors import ArgumentError
from duecare._policy import Policy


def instant(policy: Policy, text: str | None, option: str) -> str | None:
    """The text itself, if it is an instant; a wrong one is a matter of usage, not of the data."""
    if text is not None:
        try:
            policy.parse_instant(text)
        except ArgumentError as error:
            raise typer.BadParameter(error.message, param_hint=option) from None
    return text


def read_caseload(paths: list[str], strict: bool) -> Caseload:
    sizes = [0 if path == "-" else Path(path).stat().st_size for path in paths]
    caseload = Caseload(strict=strict)
    with Bar("Reading", sum(sizes) if "-" not in paths else None) as bar:
        for path in paths:
            if path == "-":
                caseload.read_stream(sys.stdin.buffer, name="<stdin>", progress=bar.advance)
            else:
                caseload.read_file(path, progress=bar.advance)
    return caseload


def read_tables(paths: list[str], mapping: str, strict: bool) -> Caseload:
    caseload = Caseload(strict=strict)
    for path in paths:
        caseload.read_table(path, mapping)
    return caseload


def _say_what_was_imported(caseload: Caseload) -> None:
    for report in caseload.imports:
        message(
            f"{report.rows:,} rows: {caseload.event_count:,} events of {count(caseload.case_count, 'case')}"
        )
        for code in report.unmapped:
            message(f"warning: {code}")
        if report.dropped_rows:
            message(
                f"warning: {count(report.dropped_rows, 'row')} dropped, as the mapping says of unmapped codes"
            )
        for table, column in report.unused_columns:
            message(f'note: the column "{column}" of {table} is not used')


def say_what_was_read(caseload: Caseload, policy: Policy) -> None:
    for warning in (*policy.warnings, *caseload.unknown_keys):
        message(f"warning: {warning}")
    _say_what_was_imported(caseload)
    rejects = caseload.rejects
    for reject in rejects:
        message(f"rejected: {reject}")
    if rejects:
        message(f"{count(len(rejects), 'document')} rejected; not in the result")
