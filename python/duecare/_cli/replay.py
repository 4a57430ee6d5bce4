"""``duecare replay``: what was known and what fell due, event by event in the order of recording."""

import difflib
import enum
import json
import xml.etree.ElementTree as ET
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from duecare._audit import Result, audit
from duecare._case import case_index
from duecare._caseload import Caseload
from duecare._cli._columns import write_columns
from duecare._cli._console import DONE, FAILED, REJECTS, clean, message, output, shielded
from duecare._cli._input import instant, read_caseload, say_if_nothing_is_visible, say_what_was_read
from duecare._cli._junit import xml_text
from duecare._cli._options import CaseloadArgument, ListFormat, MappingOption, OutOption, PolicyOption
from duecare._cli._policies import DEFAULT_POLICY, load_policy
from duecare._cli._words import count, short
from duecare._errors import ArgumentError
from duecare._frames import need
from duecare._instants import format_instant
from duecare._monitor import ObligationChange
from duecare._policy import Policy
from duecare._replay import Step, replay
from duecare._types import Verdict


class ReplayStep(enum.StrEnum):
    """Where the clock stops."""

    event = "event"
    day = "day"


OPEN: tuple[Verdict, ...] = ("pending", "missed", "unassessable")


def _now(policy: Policy, change: ObligationChange) -> str:
    before = f" (was {change.verdict_before})" if "verdict" in change.what else ""
    due = f", due {short(policy, change.due_at)}" if change.due_at is not None else ""
    moved = f" (was {short(policy, change.due_before) or 'none'})" if "due" in change.what else ""
    ended = f", ended by {change.ending_event}" if change.ending_event else ""
    flags = f" [{' '.join(change.flags)}]" if change.flags else ""
    reason = f": {change.reason}" if change.reason else ""
    return f"{change.verdict}{before}{due}{moved}{ended}{flags}{reason}"


def _text(policy: Policy, steps: list[Step]) -> list[str]:
    lines = []
    for step in steps:
        what = (
            f"{step.case_id}  {step.event} {step.event_type}, happened {step.occurred_at}"
            if step.event
            else "(time passed)"
        )
        lines.append(clean(f"{short(policy, step.at)}  {what}"))
        for change in step.changes:
            key = f" ({change.key})" if change.key else ""
            case = "" if change.case_id == step.case_id else f"{change.case_id}  "
            name = f"{case}{change.duty_id}{key}"
            lines.append(clean(f"    {'/'.join(change.what):<8}  {name}: {_now(policy, change)}"))
    return lines


def _open_at_the_end(result: Result, case_id: str | None) -> list[str]:
    """What a supervisor would see after the last step: obligations that nothing has ended, by due date."""
    left = [
        finding
        for finding in result.findings
        if finding.ended_at is None and case_id in (None, finding.case_id)
    ]
    left.sort(key=lambda finding: (finding.due_at is None, finding.due_at, finding.case_id, finding.duty_id))
    lines = []
    for finding in left:
        key = f" ({finding.key})" if finding.key else ""
        due = f", due {short(result.policy, finding.due_at)}" if finding.due_at is not None else ""
        lines.append(clean(f"    {finding.verdict:<12} {finding.case_id}  {finding.duty_id}{key}{due}"))
    return lines


# Of a change: its own fields, and when and by which event it came.
_FIELDS = (
    *("at", "event", "what", "case_id", "duty_id", "key", "verdict", "verdict_before", "opened_at", "due_at"),
    *("ended_at", "trigger_event", "ending_event", "flags", "reason", "owner"),
)


def _fields(change: ObligationChange, step: Step) -> dict[str, Any]:
    came = {"at": step.at, "event": f"{step.case_id}/{step.event}" if step.event else None}
    return {name: came[name] if name in came else getattr(change, name) for name in _FIELDS}


def _as_json(fields: dict[str, Any]) -> str:
    plain = {
        name: format_instant(value) if isinstance(value, datetime) else value
        for name, value in fields.items()
    }
    return json.dumps(plain, ensure_ascii=False)


def _as_table(rows: list[dict[str, Any]], form: str) -> Any:
    pyarrow = need("pyarrow", f"The format {form}")
    kinds = {
        **dict.fromkeys(("at", "opened_at", "due_at", "ended_at"), pyarrow.timestamp("us", "UTC")),
        **dict.fromkeys(("what", "flags"), pyarrow.list_(pyarrow.string())),
    }
    schema = pyarrow.schema([(name, kinds.get(name, pyarrow.string())) for name in _FIELDS])
    return pyarrow.Table.from_pylist(rows, schema)


def _write_lines(lines: list[str], stream: BinaryIO) -> None:
    stream.write("".join(f"{line}\n" for line in lines).encode())


def _by_case(lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(json.loads(line)["case_id"], []).append(line)
    return found


def differences(expected: list[str], found: list[str]) -> dict[str, list[str]]:
    """For each case that differs: the lines that are expected (-) and found (+)."""
    before, after = _by_case(expected), _by_case(found)
    out = {}
    for case in sorted(before.keys() | after.keys()):
        lines = difflib.unified_diff(
            before.get(case, []), after.get(case, []), "expected", "found", lineterm="", n=1
        )
        if difference := list(lines):
            out[case] = difference
    return out


def _read_expected(path: str, case_id: str | None) -> list[str]:
    lines = []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            if case_id is None or fields["case_id"] == case_id:
                lines.append(json.dumps(fields, ensure_ascii=False))
        except (ValueError, TypeError, KeyError) as error:
            message_ = "Expected a change as --format jsonl writes it, one JSON object with case_id a line."
            raise ArgumentError(message_, source=path, line=number) from error
    return lines


def _write_junit(path: str, cases: list[str], wrong: dict[str, list[str]]) -> None:
    root = ET.Element("testsuites", tests=str(len(cases)), failures=str(len(wrong)))
    suite = ET.SubElement(
        root, "testsuite", name="duecare replay", tests=str(len(cases)), failures=str(len(wrong))
    )
    for name in cases:
        case = ET.SubElement(suite, "testcase", classname="duecare.replay", name=xml_text(name))
        if name in wrong:
            failure = ET.SubElement(case, "failure", message="the changes are not those expected")
            failure.text = xml_text("\n".join(wrong[name]))
    with Path(path).open("wb") as stream:
        ET.ElementTree(root).write(stream, encoding="utf-8", xml_declaration=True)


def _at_the_end(cases: Caseload, policy: Policy, as_of: str | None) -> Result:
    """What is open when the replay stops; that instant is ``as_of`` of it."""
    if as_of is None and cases.event_count == 0:
        raise ArgumentError("There is no event to take the last instant from. Give --as-of.")
    end = None if as_of is None else policy.parse_instant(as_of)
    return audit(cases, policy, as_of=end, verdicts=OPEN)


def register(app: typer.Typer, epilog: str) -> None:
    """Adds the command to the application."""

    @app.command("replay", epilog=epilog)
    @shielded
    def replay_command(
        caseload: CaseloadArgument,
        policy: PolicyOption = DEFAULT_POLICY,
        mapping: MappingOption = None,
        step: Annotated[
            ReplayStep, typer.Option(help="Stop at each event, or at the end of each day with one.")
        ] = ReplayStep.event,
        case: Annotated[
            str | None, typer.Option("--case", metavar="ID", help="Show this case alone.")
        ] = None,
        as_of: Annotated[
            str | None, typer.Option(metavar="TIME", help="Stop here; the latest instant if not given.")
        ] = None,
        form: Annotated[ListFormat, typer.Option("--format", help="How to write it.")] = ListFormat.text,
        out: OutOption = None,
        expect: Annotated[
            str | None,
            typer.Option(metavar="FILE", help="Compare with changes that --format jsonl wrote; exit 1."),
        ] = None,
        junit: Annotated[
            str | None, typer.Option(metavar="FILE", help="Write JUnit XML, a test a case.")
        ] = None,
    ) -> None:
        """Show event by event, as it was recorded, what was known and what fell due."""
        loaded = load_policy(policy)
        instant(loaded, as_of, "--as-of")
        cases = read_caseload(caseload, strict=False, mapping=mapping)
        say_what_was_read(cases, loaded)
        if case is not None:
            case_index(cases, case)
        at_the_end = _at_the_end(cases, loaded, as_of)
        say_if_nothing_is_visible(at_the_end)
        end = at_the_end.as_of
        steps = list(replay(cases, loaded, as_of=end, step=step.value, case_id=case))
        rows = [_fields(change, one) for one in steps for change in one.changes]
        lines = [_as_json(row) for row in rows]
        wrong = differences(_read_expected(expect, case), lines) if expect is not None else {}
        if expect is None or not form.is_text:
            with output(out) as stream:
                if form.is_text:
                    left = _open_at_the_end(at_the_end, case)
                    last = f"{short(loaded, end)}  (open then: {len(left)})"
                    _write_lines([*_text(loaded, steps), last, *left], stream)
                elif form is ListFormat.jsonl:
                    _write_lines(lines, stream)
                else:
                    write_columns(_as_table(rows, form), form, stream)
        for name, difference in wrong.items():
            message(f"{name}: the changes are not those expected\n" + "\n".join(difference))
        if junit is not None:
            _write_junit(junit, [case] if case is not None else list(cases.case_ids), wrong)
        message(f"as of {format_instant(end)}: {count(len(lines), 'change')}")
        if wrong:
            raise typer.Exit(FAILED)
        raise typer.Exit(REJECTS if cases.rejects else DONE)
