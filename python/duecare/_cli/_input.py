"""What commands read: instants and caseloads, and what there is to say about them."""

import sys
from collections import Counter
from pathlib import Path

import typer

from duecare._audit import Result
from duecare._caseload import Caseload
from duecare._cli._console import message
from duecare._cli._progress import Bar
from duecare._cli._words import count
from duecare._errors import ArgumentError
from duecare._inspect import unseen_by
from duecare._policy import Policy
from duecare._tables import kind_by_name


def instant(policy: Policy, text: str | None, option: str) -> str | None:
    """The text itself, if it is an instant; a wrong one is a matter of usage, not of the data."""
    if text is not None:
        try:
            policy.parse_instant(text)
        except ArgumentError as error:
            raise typer.BadParameter(error.message, param_hint=option) from None
    return text


_DOCUMENTS = (".jsonl", ".jsonl.gz", ".jsonl.zst")


def _refuse_tables(paths: list[str]) -> None:
    """A table read as JSON would give a message a line, and none that helps."""
    for path in paths:
        if kind_by_name(path) is not None:
            raise typer.BadParameter(
                f"{path} is a table, and what its columns are has to be stated. "
                f"`duecare map inspect {path}` proposes a mapping.",
                param_hint="--mapping",
            )


def read_caseload(paths: list[str], strict: bool, mapping: str | None = None) -> Caseload:
    """Documents, and tables where there is a mapping."""
    if mapping is None:
        _refuse_tables(paths)
    tables = [] if mapping is None else [path for path in paths if not path.endswith(_DOCUMENTS)]
    if "-" in tables:
        raise typer.BadParameter("a table cannot come from stdin: give the file.", param_hint="--mapping")
    documents = [path for path in paths if path not in tables]
    sizes = [0 if path == "-" else Path(path).stat().st_size for path in documents]
    caseload = Caseload(strict=strict)
    if tables:
        caseload.read_tables(tables, str(mapping))
    with Bar("Reading", sum(sizes) if "-" not in documents else None) as bar:
        for path in documents:
            if path == "-":
                caseload.read_stream(sys.stdin.buffer, name="<stdin>", progress=bar.advance)
            else:
                caseload.read_file(path, progress=bar.advance)
    return caseload


def say_if_nothing_is_visible(result: Result) -> None:
    """An audit before every event finds nothing, which must not look like a caseload without failings."""
    if result.nothing_visible is not None:
        message(f"warning: {result.nothing_visible}")


def say_what_none_sees(result: Result) -> None:
    """Of events from tables: those that no duty and no fact names, mostly codes that were not mapped.

    Without it a mapping that maps nothing would look like a caseload without failings.
    """
    if not result.caseload.imports:
        return
    types = Counter(result.events.to_arrow()["type"].to_pylist())
    unseen = unseen_by(result.policy, sorted(types.items(), key=lambda item: (-item[1], item[0])))
    if unseen:
        shown = ", ".join(f"{kind} ({times:,})" for kind, times in unseen[:6])
        message(
            f"note: no duty sees {sum(times for _, times in unseen):,} of {count(types.total(), 'event')}: "
            f"{shown}{', ...' if len(unseen) > 6 else ''}"
        )
    if types and len(unseen) == len(types):
        message(
            "warning: no duty sees any event, so nothing was judged. Map the codes of events to the words of "
            "the policy (`values` of the mapping; the words: duecare vocabulary)."
        )


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
