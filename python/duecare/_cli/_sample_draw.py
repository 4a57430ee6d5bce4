"""``duecare sample draw``, ``extend``, ``replace``, ``verify``."""

from pathlib import Path
from typing import Annotated

import typer

from duecare._cli._console import DONE, FAILED, message, output, shielded
from duecare._cli._sample_plan import _numbers, read_plan
from duecare._cli._words import count
from duecare._errors import ArgumentError
from duecare.sampling import Frame, Sample, check_commitment, commitment, derive, draw, verify
from duecare.sampling._exclusions import read_manifest

_Manifest = Annotated[str, typer.Argument(metavar="MANIFEST", help="What `sample draw` wrote.")]
_FrameFile = Annotated[str, typer.Argument(metavar="FRAME", help="What `sample frame` wrote.")]
_Out = Annotated[str | None, typer.Option("--out", metavar="FILE", help="Write there; default stdout.")]
_Reason = Annotated[str, typer.Option(help="Why; it goes into the manifest.")]


def _write(sample: Sample, out: str | None) -> None:
    manifest = sample.manifest
    with output(out) as stream:
        stream.write(manifest.text.encode())
    for warning in manifest.document["warnings"]:
        message(f"warning: {warning}")
    message(f"{count(len(sample.ids), 'unit')} of {len(sample.frame):,} drawn")


@shielded
def draw_command(
    frame: _FrameFile,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="What `sample plan` wrote.")],
    commit: Annotated[
        bool, typer.Option("--commit", help="Draw nothing: write what is published before the seed is known.")
    ] = False,
    seed: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Best 20 or more digits of public dice.")
    ] = None,
    origin: Annotated[str, typer.Option(metavar="TEXT", help="Where the seed came from.")] = "",
    committed: Annotated[
        str | None,
        typer.Option("--commitment", metavar="FILE", help="What --commit wrote; it has to fit."),
    ] = None,
    out: _Out = None,
) -> None:
    """Draw by a plan and a seed, and write the manifest; or commit to frame and plan."""
    loaded, by = Frame.read(frame), read_plan(plan)
    if commit:
        if seed is not None:
            raise typer.BadParameter("A commitment comes before the seed.", param_hint="--seed")
        draw(loaded, by, "0")  # a plan that does not fit is to be known before anybody relies on it
        with output(out) as stream:
            stream.write(commitment(loaded, by).encode())
        message(f"frame {loaded.digest}")
        message(f"plan  {by.digest}")
        return
    if seed is None:
        raise typer.BadParameter("A draw needs a seed; --commit comes before it.", param_hint="--seed")
    if committed is not None:
        problems = check_commitment(Path(committed).read_text("utf-8"), loaded, by)
        if problems:
            raise ArgumentError("This is not what was committed to: " + "; ".join(problems) + ".")
    if len(seed) < 20:
        message(f"warning: a seed of {len(seed)} characters can be tried out; roll at least 20 dice")
    _write(draw(loaded, by, seed, origin), out)


@shielded
def extend_command(
    manifest: _Manifest,
    frame: _FrameFile,
    reason: _Reason,
    to: Annotated[int | None, typer.Option("--to", metavar="N", help="So many units in all.")] = None,
    to_stratum: Annotated[
        list[str] | None, typer.Option("--to-h", metavar="STRATUM=N", help="So many of it; repeat it.")
    ] = None,
    out: _Out = None,
) -> None:
    """Take the next units of the same order. The sample before is part of the new one."""
    if (to is None) == (not to_stratum):
        raise typer.BadParameter("Give --to or --to-h.", param_hint="--to")
    sample = derive(read_manifest(manifest), Frame.read(frame))
    sample.extend(to if to is not None else _numbers(to_stratum or [], "--to-h"), reason)
    _write(sample, out)


@shielded
def replace_command(
    manifest: _Manifest,
    frame: _FrameFile,
    id_: Annotated[str, typer.Argument(metavar="ID", help="A unit that was drawn and is out of scope.")],
    reason: _Reason,
    out: _Out = None,
) -> None:
    """Note that a unit is out of scope (a duplicate, closed before the period); the next takes its place.

    A file that is missing or cannot be reviewed is in scope: say so in the reviews.
    """
    sample = derive(read_manifest(manifest), Frame.read(frame))
    sample.replace(id_, reason)
    _write(sample, out)


@shielded
def verify_command(
    manifest: _Manifest,
    frame: _FrameFile,
    plan: Annotated[str | None, typer.Option(metavar="PLAN", help="Also that the plan is this file.")] = None,
    committed: Annotated[
        str | None, typer.Option("--commitment", metavar="FILE", help="Also that it was committed to.")
    ] = None,
) -> None:
    """Draw again what a manifest tells of, and say what differs. Exit code 1 if anything does."""
    loaded, stated = Frame.read(frame), read_manifest(manifest)
    problems = [str(difference) for difference in verify(stated, loaded)]
    if plan is not None and read_plan(plan).text != stated.plan.text:
        problems.append(f"/plan/text: The plan is another one than {plan}.")
    if committed is not None:
        problems += check_commitment(Path(committed).read_text("utf-8"), loaded, stated.plan)
    for problem in problems:
        message(problem)
    if problems:
        message(f"{count(len(problems), 'difference')}: the draw is not what the manifest says")
        raise typer.Exit(FAILED)
    message(f"the draw of {count(len(stated.units), 'unit')} is what the manifest says")
    raise typer.Exit(DONE)
