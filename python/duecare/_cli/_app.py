"""The commands."""

import enum
import os
import sys
from pathlib import Path
from typing import Annotated, cast

import typer

from duecare import _core
from duecare._audit import Result, audit
from duecare._cli import _generate, _map, _sample, _store, _vocabulary
from duecare._cli._console import DONE, FAILED, MATCHED, REJECTS, clean_lines, message, output, shielded
from duecare._cli._diff import diff_command
from duecare._cli._examples import EXIT_CODES, epilog
from duecare._cli._input import (
    instant,
    read_caseload,
    say_if_nothing_is_visible,
    say_what_none_sees,
    say_what_was_read,
)
from duecare._cli._options import KnownAtOption, MappingOption, PolicyOption
from duecare._cli._policies import DEFAULT_POLICY, load_policy
from duecare._cli._progress import Bar
from duecare._cli._schema import schema_command
from duecare._cli._show import show_command
from duecare._cli._words import count
from duecare._cli.case import register as register_case
from duecare._cli.due import register as register_due
from duecare._cli.explain import register as register_explain
from duecare._cli.replay import register as register_replay
from duecare._cli.report import register as register_report
from duecare._errors import ArgumentError, PolicyError
from duecare._instants import format_instant
from duecare._types import ADVERSE, SEVERITIES, VERDICTS, Verdict

_EPILOG = EXIT_CODES

# Showing locals in a traceback would print case data.
app = typer.Typer(
    name="duecare",
    help="Supervision audit of case histories against a policy of duties.",
    epilog=_EPILOG,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    pretty_exceptions_enable=False,
)
policy_app = typer.Typer(
    name="policy", help="Check, test and show policies.", no_args_is_help=True, add_completion=False
)
app.add_typer(policy_app)


def _say_version(asked: bool) -> None:
    if asked:
        version_command()
        raise typer.Exit


@app.callback()
def _of_all(
    _version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_say_version, help="Say which version this is."),
    ] = False,
) -> None:
    pass


class Format(enum.StrEnum):
    """How findings are written."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    arrow = "arrow"
    html = "html"


class FailOn(enum.StrEnum):
    """Least severity of the findings that make the command fail."""

    critical = "critical"
    high = "high"
    any = "any"


_FAIL_ON = {FailOn.critical: SEVERITIES[:1], FailOn.high: SEVERITIES[:2], FailOn.any: SEVERITIES}


def _verdicts(text: str | None) -> list[Verdict] | None:
    if text is None:
        return None
    if text == "all":
        return list(VERDICTS)
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in VERDICTS:
            raise typer.BadParameter(
                f"{name!r} is no verdict. Give 'all' or some of {','.join(VERDICTS)}.",
                param_hint="--verdicts",
            )
    return cast("list[Verdict]", names)


def _write(result: Result, form: Format, verdicts: list[Verdict] | None, out: str | None) -> None:
    # Rich and Jinja2 take a while to import, and not every run needs them.
    to_terminal = out is None or out == "-"
    if form is Format.table and to_terminal:
        from duecare._cli._table import write_table

        write_table(result, None)
        return
    with output(out) as stream:
        if form is Format.jsonl:
            for text in result.findings.json_lines():
                stream.write(text)
        elif form in (Format.csv, Format.parquet, Format.arrow):
            from duecare._cli._columns import write_columns

            write_columns(result.findings, form.value, stream)
        elif form is Format.html:
            from duecare._cli._report import write_report

            listed = verdicts or ["late", "missed", "pending", "unassessable"]
            write_report(
                result, "all verdicts" if len(listed) == len(VERDICTS) else ", ".join(listed), stream
            )
        else:
            from duecare._cli._table import write_table

            write_table(result, stream)


def _matched(result: Result, fail_on: FailOn | None) -> int:
    """Obligations that --fail-on is about, whether their findings were asked for or not."""
    if fail_on is None:
        return 0
    counts = result.summary.by_severity
    return sum(counts[severity][verdict] for severity in _FAIL_ON[fail_on] for verdict in ADVERSE)


@app.command("audit", epilog=_EPILOG)
@shielded
def audit_command(
    caseload: Annotated[
        list[str],
        typer.Argument(
            metavar="CASELOAD...", help="Files of case histories and staff: JSON Lines or JSON; - is stdin."
        ),
    ],
    policy: PolicyOption = DEFAULT_POLICY,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Judge as of this instant; local in the policy's zone unless it has an offset; "
            "a date alone: the end of that day. Default: the latest instant of the caseload.",
        ),
    ] = None,
    known_at: KnownAtOption = None,
    verdicts: Annotated[
        str | None,
        typer.Option(
            metavar="LIST",
            help="Findings to list: all, or some of met,late,missed,pending,excused,lapsed,unassessable. "
            "Default: late,missed,pending,unassessable.",
        ),
    ] = None,
    mapping: MappingOption = None,
    form: Annotated[Format, typer.Option("--format", help="How to write the findings.")] = Format.table,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="Write there instead of to stdout.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="The first document rejected, or key not known, is an error.")
    ] = False,
    threads: Annotated[
        int, typer.Option(min=0, help="How many; 0: as many as the machine has. The result is the same.")
    ] = 0,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            help="Exit with 4 if any obligation of at least this severity is missed, late or unassessable."
        ),
    ] = None,
) -> None:
    """Audit case histories against a policy."""
    wanted = _verdicts(verdicts)
    loaded = load_policy(policy)
    at = instant(loaded, as_of, "--as-of")
    known = instant(loaded, known_at, "--known-at")
    cases = read_caseload(caseload, strict, mapping)
    say_what_was_read(cases, loaded)
    if at is None and cases.event_count == 0:
        raise ArgumentError("There is no event to take the instant of the audit from. Give --as-of.")
    with Bar("Auditing", cases.case_count) as bar:
        result = audit(
            cases, loaded, as_of=at, known_at=known, verdicts=wanted, threads=threads, progress=bar.at
        )
    for unnamed in result.unnamed_events:
        message(f"warning: {unnamed}")
    say_if_nothing_is_visible(result)
    say_what_none_sees(result)
    message(f"as of {format_instant(result.as_of)}, known at {format_instant(result.known_at)}")
    _write(result, form, wanted, out)
    matched = _matched(result, fail_on)
    if matched:
        message(f"{count(matched, 'obligation')} matched --fail-on {fail_on}")
        raise typer.Exit(MATCHED)
    raise typer.Exit(REJECTS if cases.rejects else DONE)


register_explain(app, _EPILOG)
register_report(app, _EPILOG)
register_case(app, _EPILOG)
register_due(app, _EPILOG)
register_replay(app, _EPILOG)


@policy_app.command("check")
@shielded
def check_command(
    policies: Annotated[
        list[str], typer.Argument(metavar="POLICY...", help="Policy files, or names of built-in policies.")
    ],
) -> None:
    """Compile policies and say everything that is wrong with them."""
    failed = False
    for path in policies:
        try:
            policy = load_policy(path)
        except PolicyError as error:
            failed = True
            _print("\n".join(str(diagnostic) for diagnostic in error.diagnostics) or str(error))
            errors = sum(diagnostic.severity == "error" for diagnostic in error.diagnostics)
            _print(f"{path}: {count(errors or 1, 'error')}")
            continue
        for diagnostic in policy.warnings:
            _print(str(diagnostic))
        _print(
            f"{path}: ok, {policy.id} {policy.version}, {len(policy.duties):,} dut"
            f"{'y' if len(policy.duties) == 1 else 'ies'}, {count(len(policy.warnings), 'warning')}"
        )
    raise typer.Exit(FAILED if failed else DONE)


@policy_app.command("test")
@shielded
def test_command(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Policies with `tests`; files with `policy`, `caseload`, `as_of` and `expect`; folders.",
        ),
    ],
    junit: Annotated[
        str | None, typer.Option(metavar="FILE", help="Also write the outcome as JUnit XML.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Name only what fails.")] = False,
    inherited: Annotated[
        bool, typer.Option("--inherited", help="Of a policy also the tests of the layers that it extends.")
    ] = False,
    coverage: Annotated[
        bool,
        typer.Option("--coverage", help="Also say which verdicts, conditions and cases no test reaches."),
    ] = False,
    coverage_json: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the coverage there, as JSON; - is stdout.")
    ] = None,
    min_coverage: Annotated[
        float | None,
        typer.Option(min=0, max=100, metavar="PERCENT", help="Exit with 1 if less than this is reached."),
    ] = None,
) -> None:
    """Run the tests that stand in policies or in files of their own."""
    from duecare._cli import _policy_tests
    from duecare._cli._coverage import Coverage, report
    from duecare._cli._junit import write_junit

    outcomes = []
    empty = []
    wanted = coverage or coverage_json is not None or min_coverage is not None
    tally = Coverage() if wanted else None
    for path in files:
        found = _policy_tests.run(Path(path), tally, inherited=inherited)
        if not found:
            empty.append(path)
        for outcome in found:
            if outcome.failures or not quiet:
                _print(outcome.text())
        outcomes += found
    if junit is not None:
        with output(junit) as stream:
            write_junit(outcomes, stream)
    for path in empty:
        message(f"error: {path}: no tests found")
    failed = sum(bool(outcome.failures) for outcome in outcomes)
    _print(f"{count(len(outcomes) - failed, 'test')} passed, {failed:,} failed")
    enough = tally is None or report(tally, listing=coverage, json_to=coverage_json, least=min_coverage)
    raise typer.Exit(FAILED if failed or empty or not enough else DONE)


policy_app.command("show")(show_command)
policy_app.command("diff", epilog=_EPILOG)(diff_command)
app.command("schema")(schema_command)


@app.command("version")
def version_command() -> None:
    """Say which version this is, and of which time zone data."""
    _print(f"duecare {_core.version()} (ABI {_core.abi_version()}, time zones {_core.zone_data_version()})")
    _print(_core.build_info())


for command in (_generate, _map, _sample, _store, _vocabulary):
    command.register(app)


def _show_examples(group: typer.Typer, before: str = "") -> None:
    for info in group.registered_commands:
        info.epilog = epilog(before + (info.name or ""))


_show_examples(app)
_show_examples(policy_app, "policy ")


def _print(text: str) -> None:
    sys.stdout.write(clean_lines(text) + "\n")


def main() -> None:
    """The entry point of the command."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character must not stop the audit.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="duecare")
    except BrokenPipeError:
        os._exit(FAILED)
