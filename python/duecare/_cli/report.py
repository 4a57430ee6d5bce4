"""``duecare report``: one page about a caseload, for those who answer for it."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from duecare._audit import audit
from duecare._cli._console import DONE, REJECTS, message, output, shielded
from duecare._cli._input import (
    instant,
    read_caseload,
    say_if_nothing_is_visible,
    say_what_none_sees,
    say_what_was_read,
)
from duecare._cli._options import (
    AsOfOption,
    CaseloadArgument,
    KnownAtOption,
    MappingOption,
    OutOption,
    PolicyOption,
    ThreadsOption,
)
from duecare._cli._policies import DEFAULT_POLICY, load_policy
from duecare._cli._progress import Bar
from duecare._errors import ArgumentError, DataError


def _key(path: str | None) -> bytes:
    if path is None:
        raise typer.BadParameter(
            "--anonymise needs a key, so that nobody without it can find out whose token is whose. "
            "Make one with: head -c 32 /dev/urandom > key; then give --key key, and keep that file safe.",
            param_hint="--key",
        )
    return Path(path).read_bytes()


def _estimates(path: str | None) -> tuple[Any, ...]:
    if path is None:
        return ()
    from duecare._report._estimates_file import read_estimates

    text = Path(path).read_text(encoding="utf-8")
    try:
        return read_estimates(json.loads(text))
    except (ValueError, TypeError, KeyError) as error:
        raise DataError(f"This is no file of estimates: {error}", source=path) from None


def register(app: typer.Typer, epilog: str) -> None:
    """Adds the command to the application."""

    @app.command("report", epilog=epilog)
    @shielded
    def report_command(
        caseload: CaseloadArgument,
        policy: PolicyOption = DEFAULT_POLICY,
        mapping: MappingOption = None,
        out: OutOption = None,
        as_of: AsOfOption = None,
        known_at: KnownAtOption = None,
        timelines: Annotated[
            int, typer.Option(min=0, help="How many cases to draw, the most serious first.")
        ] = 50,
        estimates: Annotated[
            str | None,
            typer.Option(metavar="FILE", help="Also show these estimates from a sample of files (JSON)."),
        ] = None,
        anonymise: Annotated[
            bool,
            typer.Option("--anonymise", help="Tokens for ids, ages in bands, no free text. Needs --key."),
        ] = False,
        key: Annotated[
            str | None,
            typer.Option(
                metavar="FILE", help="Key of the tokens, at least 16 bytes. The same key: the same tokens."
            ),
        ] = None,
        shift_dates: Annotated[
            bool,
            typer.Option("--shift-dates", help="With --anonymise: move all dates by the same whole weeks."),
        ] = False,
        strict: Annotated[
            bool, typer.Option("--strict", help="The first document rejected, or key not known, is an error.")
        ] = False,
        threads: ThreadsOption = 0,
    ) -> None:
        """Write a report as one HTML page, to read on a screen, a phone or paper."""
        if shift_dates and not anonymise:
            raise typer.BadParameter("goes with --anonymise.", param_hint="--shift-dates")
        from duecare import _report

        disguise = _report.Anonymous(_key(key), shift_dates=shift_dates) if anonymise else _report.Disguise()
        tables = _estimates(estimates)
        loaded = load_policy(policy)
        at, known = instant(loaded, as_of, "--as-of"), instant(loaded, known_at, "--known-at")
        cases = read_caseload(caseload, strict, mapping)
        say_what_was_read(cases, loaded)
        if at is None and cases.event_count == 0:
            raise ArgumentError("There is no event to take the instant of the audit from. Give --as-of.")
        with Bar("Auditing", cases.case_count) as bar:
            result = audit(
                cases, loaded, as_of=at, known_at=known, verdicts="all", threads=threads, progress=bar.at
            )
        say_if_nothing_is_visible(result)
        say_what_none_sees(result)
        limits = _report.Limits(timelines=timelines)
        with Bar("Drawing", timelines) as bar:
            report = _report.make_report(
                result, limits=limits, disguise=disguise, estimates=tables, progress=bar.at
            )
            with output(out) as stream:
                _report.to_html(report, stream)
        if out not in (None, "-"):
            message(f"written: {out}")
        raise typer.Exit(REJECTS if cases.rejects else DONE)
