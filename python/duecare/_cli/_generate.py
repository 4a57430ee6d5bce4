"""``duecare generate``: caseloads with known failings."""

import contextlib
import enum
from typing import Annotated

import typer

from duecare._cli._console import message, output, shielded
from duecare._cli._progress import Bar
from duecare._cli._words import count


class Profile(enum.StrEnum):
    """How good the force is that is invented."""

    wiltshire_2022 = "wiltshire-2022"
    good_force = "good-force"
    mixed = "mixed"


def register(app: typer.Typer) -> None:
    app.command("generate")(generate_command)


@shielded
def generate_command(
    cases: Annotated[int, typer.Option(min=1, max=9_999_999, metavar="N", help="How many case histories.")],
    seed: Annotated[
        int, typer.Option(min=0, metavar="S", help="The same seed gives the same bytes on every machine.")
    ] = 1,
    profile: Annotated[Profile, typer.Option(help="How often what goes wrong.")] = Profile.mixed,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="Write there instead of to stdout.")] = None,
    truth: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Also write every planted failing: case, duty, key, due time, verdict."
        ),
    ] = None,
) -> None:
    """Invent a caseload, with a staff register, whose failings are known. No person in it exists.

    It is written for the built-in policy england-wales-child-protection.
    """
    from duecare import _generator

    planted = 0
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(output(out))
        known = stack.enter_context(output(truth)) if truth is not None else None
        bar = stack.enter_context(Bar("Generating", cases))
        for line, failings in _generator.caseload(cases, seed, profile.value):
            stream.write(line.encode())
            planted += len(failings)
            if known is not None and failings:
                known.write("".join(failings).encode())
            bar.advance(1)
    message(
        f"{count(cases, 'case')}, {count(planted, 'failing')} planted; audit them as of {_generator.AS_OF}"
    )
