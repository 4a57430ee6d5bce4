"""``duecare store``: runs and the work on findings, kept in one file that shows whether it was changed."""

from collections.abc import Mapping
from typing import Annotated, Any, cast

import typer

from duecare._audit import audit
from duecare._cli._console import DONE, REJECTS, message, output, shielded
from duecare._cli._examples import EXIT_CODES, epilog
from duecare._cli._input import instant, read_caseload, say_if_nothing_is_visible, say_what_was_read
from duecare._cli._options import (
    AsOfOption,
    CaseloadArgument,
    KnownAtOption,
    MappingOption,
    OutOption,
    PolicyOption,
    StoreArgument,
    ThreadsOption,
)
from duecare._cli._policies import DEFAULT_POLICY, load_policy
from duecare._cli._progress import Bar
from duecare._cli._store_compare import compare_command
from duecare._cli._store_options import (
    AS_GIVEN,
    AtOption,
    ByOption,
    FormatOption,
    KeyOption,
    RowsFormat,
    instant_by,
    instant_in,
    read_key,
    say_head,
    write_rows,
)
from duecare._cli._store_proof import backup_command, prune_command, sign_command, verify_command
from duecare._cli._words import count
from duecare._errors import ArgumentError
from duecare._store import Store
from duecare._store_rows import ActionStatus, By, Decision, Keep, Key, Life, Rows


def _flat_run(run: Mapping[str, Any]) -> dict[str, Any]:
    return {**{key: value for key, value in run.items() if key != "counts"}, **run["counts"]}


store_app = typer.Typer(
    name="store",
    help="Keep runs and the work on findings in one file that shows whether anybody changed it.",
    no_args_is_help=True,
    add_completion=False,
)


@store_app.command("put")
@shielded
def put_command(
    store: StoreArgument,
    caseload: CaseloadArgument,
    policy: PolicyOption = DEFAULT_POLICY,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    label: Annotated[
        str | None, typer.Option(metavar="TEXT", help=f"What the run is called. {AS_GIVEN}")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="PERSON", help="Who makes it.")] = None,
    at: AtOption = None,
    keep: Annotated[Keep, typer.Option(help="What is kept of the run.")] = "identity",
    key: KeyOption = None,
    mapping: MappingOption = None,
    threads: ThreadsOption = 0,
) -> None:
    """Audit case histories and store the run; the file is made where there is none."""
    loaded = load_policy(policy)
    when, known = instant(loaded, as_of, "--as-of"), instant(loaded, known_at, "--known-at")
    recorded = instant_by(loaded, at, "--at")
    cases = read_caseload(caseload, strict=False, mapping=mapping)
    say_what_was_read(cases, loaded)
    if when is None and cases.event_count == 0:
        raise ArgumentError("There is no event to take the instant of the audit from. Give --as-of.")
    with Bar("Auditing", cases.case_count) as bar:
        result = audit(
            cases, loaded, as_of=when, known_at=known, verdicts="all", threads=threads, progress=bar.at
        )
    say_if_nothing_is_visible(result)
    with Store(store, create=True, keep=keep, key=read_key(key)) as kept:
        run = kept.put_run(result, recorded_at=recorded, label=label, by=by)
    already = "" if run.is_new else " was stored before"
    message(f"run {run.run}{already}: {count(run.findings, 'obligation')}")
    say_head(run.head)
    raise typer.Exit(REJECTS if cases.rejects else DONE)


@store_app.command("runs")
@shielded
def runs_command(store: StoreArgument, form: FormatOption = RowsFormat.table) -> None:
    """List the runs of a store."""
    with Store(store, read_only=True) as kept:
        rows = [_flat_run(run) for run in kept.runs]
    columns = ("run", "recorded_at", "as_of", "policy_id", "policy_version", "cases")
    write_rows(rows, form, (*columns, "met", "late", "missed", "pending", "unassessable", "label"))


@store_app.command("show")
@shielded
def show_command(
    store: StoreArgument,
    run: Annotated[int, typer.Argument(metavar="RUN", help="Its number.")],
    verdicts: Annotated[
        str, typer.Option(metavar="LIST", help="Findings of these; all: every obligation.")
    ] = "late,missed,pending,unassessable",
    case: Annotated[str | None, typer.Option("--case", metavar="ID", help="Of this case alone.")] = None,
    duty: Annotated[str | None, typer.Option("--duty", metavar="ID", help="Of this duty alone.")] = None,
    owner: Annotated[str | None, typer.Option(metavar="OWNER", help="Of this owner alone.")] = None,
    key: KeyOption = None,
    form: FormatOption = RowsFormat.table,
) -> None:
    """List the findings of a run, with the number that decisions name."""
    wanted = None if verdicts == "all" else [name.strip() for name in verdicts.split(",")]
    with Store(store, read_only=True, key=read_key(key)) as kept:
        found = kept.findings(run, verdicts=cast("Any", wanted), case_id=case, duty_id=duty, owner=owner)
    write_rows(found, form, ("finding", "case_id", "duty_id", "key", "verdict", "due_at", "owner"))
    message(count(found.summary["total"], "obligation"))


@store_app.command("diff")
@shielded
def diff_command(
    store: StoreArgument,
    earlier: Annotated[int, typer.Argument(metavar="EARLIER", help="The number of a run.")],
    later: Annotated[int, typer.Argument(metavar="LATER", help="The number of a later run.")],
    kinds: Annotated[
        str | None, typer.Option(metavar="LIST", help="List these alone: new,reopened,worse,resolved,...")
    ] = None,
    form: FormatOption = RowsFormat.table,
) -> None:
    """Say what became of each finding from one run to another."""
    wanted = None if kinds is None else [name.strip() for name in kinds.split(",")]
    with Store(store, read_only=True) as kept:
        found = kept.life(earlier, later, kinds=cast("list[Life] | None", wanted))
    write_rows(
        found, form, ("life", "finding", "case_id", "duty_id", "key", "verdict_before", "verdict", "due_at")
    )
    counts = found.summary["counts"]
    message(", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in counts.items() if number))
    if found.summary["policy_changed"]:
        message("The policy is not the same in both runs.")


@store_app.command("trend")
@shielded
def trend_command(
    store: StoreArgument,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LIST",
            help="A row for each: total, or some of duty,unit,owner that occur together; may be given again. "
            "Default: total.",
        ),
    ] = None,
    duty: Annotated[str | None, typer.Option("--duty", metavar="ID", help="Of this duty alone.")] = None,
    unit: Annotated[str | None, typer.Option(metavar="UNIT", help="Of this unit alone.")] = None,
    owner: Annotated[str | None, typer.Option(metavar="OWNER", help="Of this owner alone.")] = None,
    key: KeyOption = None,
    form: FormatOption = RowsFormat.table,
) -> None:
    """Counts of each run by the instant it is of, and the share met of what was judged, with 95 % bounds."""
    keys = [name.strip() for names in by or ["total"] for name in names.split(",")]
    with Store(store, read_only=True, key=read_key(key)) as kept:
        one_key = len(keys) == 1
        found = kept.trend(
            cast("By", keys[0]) if one_key else cast("list[Key]", keys), duty_id=duty, unit=unit, owner=owner
        )
    names = {"total": [], "duty": ["duty_id"]}
    shown = [name for key in keys for name in names.get(key, [key])]
    if one_key and keys != ["total"]:
        shown = ["key"]
    write_rows(
        found,
        form,
        ["run", "as_of", *shown, "met", "late", "missed", "judged", "rate", "rate_low", "rate_high"],
    )


@store_app.command("report")
@shielded
def report_command(
    store: StoreArgument,
    out: OutOption = None,
    title: Annotated[str, typer.Option(metavar="TEXT", help="Of the page.")] = "Supervision over time",
) -> None:
    """Write one page: trends by duty and unit, what became of findings, what was decided."""
    from duecare._store_report import write_trend_page

    with Store(store, read_only=True) as kept, output(out) as stream:
        write_trend_page(kept, stream, title=title)
    if out is not None:
        message(f"written: {out}")


store_app.command("compare")(compare_command)


@store_app.command("decide")
@shielded
def decide_command(
    store: StoreArgument,
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="Its number, 16 hex digits.")],
    decision: Annotated[Decision, typer.Argument(help="What was decided.")],
    by: ByOption,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=f"Why. {AS_GIVEN}")],
    at: AtOption = None,
    key: KeyOption = None,
) -> None:
    """Record a decision about a finding; the latest counts, and none is overwritten."""
    with Store(store, key=read_key(key)) as kept:
        record = kept.decide(finding, decision, by=by, reason=reason, at=instant_in(kept, at, "--at"))
    message(f"record {record.record}")
    say_head(record.head)


@store_app.command("action")
@shielded
def action_command(
    store: StoreArgument,
    action: Annotated[str, typer.Argument(metavar="ID", help="Its name, such as A-12.")],
    by: ByOption,
    title: Annotated[
        str | None,
        typer.Argument(metavar="TITLE", help=f"What is to be done; needed at first. {AS_GIVEN}"),
    ] = None,
    status: Annotated[ActionStatus | None, typer.Option(help="Where it stands; at first open.")] = None,
    due: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="When it is due; needed while open. A date alone: the end of that day."
        ),
    ] = None,
    owner: Annotated[str | None, typer.Option(metavar="OWNER", help="Who does it.")] = None,
    finding: Annotated[
        str | None, typer.Option(metavar="FINDING", help="The finding that it is about.")
    ] = None,
    duty: Annotated[
        str | None, typer.Option("--duty", metavar="ID", help="The duty that it is about.")
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help=f"Why. {AS_GIVEN}")] = None,
    at: AtOption = None,
    key: KeyOption = None,
) -> None:
    """Record an action, or what has become of it.

    What is not given stays as it was, but for --reason; "" takes an owner, finding or duty away.
    """
    with Store(store, key=read_key(key)) as kept:
        record = kept.action(
            action,
            title,
            status=status,
            by=by,
            due_at=instant_in(kept, due, "--due"),
            owner=owner,
            finding=finding,
            duty_id=duty,
            reason=reason,
            at=instant_in(kept, at, "--at"),
        )
    message(f"record {record.record}")
    say_head(record.head)


@store_app.command("actions")
@shielded
def actions_command(
    store: StoreArgument,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="TIME", help="Say what is overdue then; a date alone: at the end of that day."
        ),
    ] = None,
    form: FormatOption = RowsFormat.table,
) -> None:
    """List actions as they stand."""
    with Store(store, read_only=True) as kept:
        found = kept.actions(at=instant_in(kept, at, "--at"))
    columns = ["id", "status", "due_at", "owner", "title"]
    write_rows(found, form, [*columns, "overdue_seconds"] if at is not None else columns)


@store_app.command("precision")
@shielded
def precision_command(store: StoreArgument, form: FormatOption = RowsFormat.table) -> None:
    """How often each duty was right, by the latest decisions, with 95 % bounds."""
    with Store(store, read_only=True) as kept:
        found: Rows = kept.precision()
    columns = ("duty_id", "accepted", "explained", "disputed", "false_alarm", "decided", "precision")
    write_rows(found, form, (*columns, "precision_low", "precision_high"))


for name, command in (
    ("sign", sign_command),
    ("verify", verify_command),
    ("backup", backup_command),
    ("prune", prune_command),
):
    store_app.command(name)(command)


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.add_typer(store_app)
    store_app.info.epilog = EXIT_CODES
    for info in store_app.registered_commands:
        info.epilog = epilog(f"store {info.name}")
