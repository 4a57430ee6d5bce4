"""``duecare sample frame``: what can be drawn."""

import enum
import json
from typing import Annotated, Any

import typer

from duecare._cli import _sample_cases as from_cases
from duecare._cli._console import DONE, REJECTS, message, output, shielded
from duecare._cli._input import instant, read_caseload, say_what_was_read
from duecare._cli._options import MappingOption
from duecare._cli._policies import DEFAULT_POLICY, load_policy
from duecare._cli._words import count
from duecare._errors import ArgumentError
from duecare._types import VERDICTS, Verdict
from duecare.sampling import Frame, Unit
from duecare.sampling._exclusions import Excluded, audited, day, exclude, listed, read_manifest
from duecare.sampling._frame import read_csv


class Undecided(enum.StrEnum):
    """What happens to cases that the record does not decide."""

    fail = "fail"
    include = "include"
    exclude = "exclude"


class Rows(enum.StrEnum):
    """What a row of the frame is."""

    case = "case"
    obligation = "obligation"


def _verdicts(text: str) -> list[Verdict]:
    wanted = [verdict for verdict in VERDICTS if verdict in text.split(",")]
    if len(wanted) != len(text.split(",")):
        raise typer.BadParameter(f"Give some of {','.join(VERDICTS)}.", param_hint="--findings")
    return wanted


def _reasons(
    holds: list[str], exclusions: list[str], earlier: list[str], within_days: int, on: str | None
) -> dict[str, str]:
    reasons: dict[str, str] = {}
    if earlier:
        if on is None:
            raise typer.BadParameter("--audited needs --on, the day of this audit.", param_hint="--on")
        drawn = []
        for text in earlier:
            path, at, date = text.rpartition("@")
            if not at:
                raise typer.BadParameter(
                    f"{text!r} is not MANIFEST@YYYY-MM-DD, the day of that draw.", param_hint="--audited"
                )
            drawn.append((read_manifest(path), day(date, "--audited")))
        reasons |= audited(drawn, within_days, day(on, "--on"))
    for path in exclusions:
        reasons |= listed(path)
    for path in holds:
        reasons |= listed(path, "on legal hold")
    return reasons


def _undecided(ids: tuple[str, ...], how: Undecided) -> list[Excluded]:
    if not ids or how is Undecided.include:
        return []
    if how is Undecided.fail:
        shown = ", ".join(ids[:5]) + (", ..." if len(ids) > 5 else "")
        raise ArgumentError(
            f"The record does not decide --where for {count(len(ids), 'case')}: {shown}. "
            "Say --undecided include or --undecided exclude; either goes into the report."
        )
    return [Excluded(id_, "the record does not decide whether it belongs") for id_ in ids]


def _report(frame: Frame, excluded: list[Excluded], made: dict[str, Any]) -> bytes:
    document = {
        "format": "duecare.sample-frame/1",
        "digest": frame.digest,
        "order_digest": frame.order_digest,
        "count": len(frame),
        "strata": frame.strata,
        "made": {key: value for key, value in made.items() if value},
        "excluded": [{"id": one.id, "reason": one.reason} for one in excluded],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


@shielded
def frame_command(
    caseload: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CASELOAD...]", help="Files of case histories; - is stdin."),
    ] = None,
    table: Annotated[
        str | None, typer.Option("--csv", metavar="FILE", help="A table with a header instead of cases.")
    ] = None,
    merge: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FRAME", help="Frames of several forces instead; repeat it."),
    ] = None,
    id_column: Annotated[str, typer.Option("--id", metavar="COLUMN", help="With --csv.")] = "id",
    stratum: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EXPRESSION|COLUMN",
            help="What cases are divided by, such as case.unit; with --csv a column. May be repeated.",
        ),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            metavar="EXPRESSION|COLUMN|findings",
            help="Size for draws in proportion to it, such as case.harm; how many findings; "
            "with --csv a column.",
        ),
    ] = None,
    where: Annotated[
        str | None,
        typer.Option(
            metavar="EXPRESSION",
            help="Only cases in which this (over case and fact, in the policy language) held at some time.",
        ),
    ] = None,
    undecided: Annotated[
        Undecided, typer.Option(help="Cases for which the record does not decide --where.")
    ] = Undecided.fail,
    findings: Annotated[
        str | None, typer.Option(metavar="VERDICTS", help="Only cases with a finding of these: missed,late.")
    ] = None,
    duty: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="With --findings: of this duty; repeat it.")
    ] = None,
    row: Annotated[
        Rows, typer.Option(help="With --findings: a row a case, or one an obligation.")
    ] = Rows.case,
    policy: Annotated[
        str, typer.Option(metavar="FILE|NAME", help="Whose facts and findings.")
    ] = DEFAULT_POLICY,
    mapping: MappingOption = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="TIME", help="Default: the latest of the cases.")
    ] = None,
    exclusions: Annotated[
        list[str] | None, typer.Option("--exclude", metavar="FILE", help="CSV: id, reason.")
    ] = None,
    holds: Annotated[list[str] | None, typer.Option("--hold", metavar="FILE", help="CSV: id.")] = None,
    earlier: Annotated[
        list[str] | None,
        typer.Option("--audited", metavar="MANIFEST@DATE", help="An earlier draw and its day; repeat it."),
    ] = None,
    within_days: Annotated[int, typer.Option(min=1, help="With --audited: not again so soon.")] = 365,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="With --audited: the day of this audit.")
    ] = None,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="The frame; default stdout.")] = None,
    report: Annotated[
        str | None, typer.Option(metavar="FILE", help="Also how it was made and who is left out, as JSON.")
    ] = None,
) -> None:
    """Make a frame: one line a unit, id TAB stratum TAB size, sorted; its SHA-256 is the frame's digest."""
    left_out: list[Excluded] = []
    rejected = False
    if sum(map(bool, (caseload, table, merge))) != 1:
        raise typer.BadParameter("Give case histories, or --csv, or --merge.", param_hint="CASELOAD")
    if merge:
        frame = Frame.merged(_named_frames(merge))
        units = frame.units()
    elif table is not None:
        if stratum is not None and len(stratum) > 1:
            raise typer.BadParameter("With --csv it is one column.", param_hint="--stratum")
        units = read_csv(table, id=id_column, stratum=stratum[0] if stratum else None, size=size)
    else:
        loaded = load_policy(policy)
        at = instant(loaded, as_of, "--as-of")
        cases = read_caseload(caseload or [], strict=False, mapping=mapping)
        say_what_was_read(cases, loaded)
        rejected = bool(cases.rejects)
        ids: list[str] = list(cases.case_ids)
        if where is not None:
            chosen = from_cases.cases_where(cases, loaded, where, at)
            left_out = _undecided(chosen.undecided, undecided)
            stay = {*chosen.true, *(chosen.undecided if undecided is Undecided.include else ())}
            ids = [id_ for id_ in ids if id_ in stay]
        strata = from_cases.strata_of(cases, loaded, stratum or [], at) if stratum else {}
        found = []
        if findings is not None or size == "findings":
            verdicts = _verdicts(findings or "late,missed,unassessable")
            stay = set(ids)
            found = [
                one
                for one in from_cases.obligations(cases, loaded, verdicts, duty or [], at)
                if one.case_id in stay
            ]
        counts = from_cases.counted(found)
        if findings is not None and row is Rows.obligation:
            if size is not None:
                raise typer.BadParameter("Rows of obligations have no size.", param_hint="--size")
            units = [Unit(one.id, strata.get(one.case_id, "")) for one in found]
        else:
            if findings is not None:
                ids = [id_ for id_ in ids if counts[id_] > 0]
            sizes = None if size is None else counts
            if size not in (None, "findings"):
                sizes = from_cases.sizes_of(cases, loaded, str(size), at, ids)
            units = from_cases.units(ids, strata, sizes)
    kept, excluded = exclude(units, _reasons(holds or [], exclusions or [], earlier or [], within_days, on))
    # Files of frames stand in the order of the ids, so that the digest alone says what is in them.
    frame = Frame(Frame(kept).units())
    with output(out) as stream:
        stream.write(frame.canonical())
    excluded = left_out + excluded
    if report is not None:
        made = {
            "where": where, "undecided": undecided.value if where else None, "stratum": stratum, "size": size,
            "findings": findings, "duty": duty, "row": row.value if findings else None, "as_of": as_of,
            "policy": policy if caseload else None, "merge": merge,
        }  # fmt: skip
        with output(report) as stream:
            stream.write(_report(frame, excluded, made))
    strata_text = "1 stratum" if len(frame.strata) == 1 else f"{len(frame.strata):,} strata"
    message(f"{count(len(frame), 'unit')} in {strata_text}, digest {frame.digest}")
    if excluded:
        message(f"{count(len(excluded), 'unit')} left out")
    raise typer.Exit(REJECTS if rejected else DONE)


def _named_frames(texts: list[str]) -> dict[str, Frame]:
    frames = {}
    for text in texts:
        name, equals, path = text.partition("=")
        if not equals or not name or name in frames:
            raise typer.BadParameter(f"{text!r} is not NAME=FRAME, each name once.", param_hint="--merge")
        frames[name] = Frame.read(path)
    return frames
