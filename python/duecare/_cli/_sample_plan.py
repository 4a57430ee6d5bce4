"""``duecare sample plan``: how much is drawn from where, and what that can show."""

import enum
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from duecare import _core
from duecare._cli import _sample_size as sizes
from duecare._cli._console import message, output, shielded
from duecare._errors import ArgumentError
from duecare.sampling import Frame, Manifest, Plan
from duecare.sampling import _planning as planning
from duecare.sampling._exclusions import quotas, read_manifest


class Design(enum.StrEnum):
    """How units are drawn."""

    srs = "srs"
    stratified = "stratified"
    systematic = "systematic"
    poisson = "poisson"
    sequential_poisson = "sequential_poisson"
    pareto = "pareto"
    pps_systematic = "pps_systematic"
    sampford = "sampford"


class Allocation(enum.StrEnum):
    """How n is divided among strata."""

    proportional = "proportional"
    equal = "equal"
    minimum = "minimum"
    neyman = "neyman"


def _numbers(texts: list[str], option: str) -> dict[str, int]:
    out = {}
    for text in texts:
        name, equals, number = text.rpartition("=")
        if not equals or not number.isdigit():
            raise typer.BadParameter(f"{text!r} is not STRATUM=NUMBER.", param_hint=option)
        out[name] = int(number)
    return out


def rotated(manifest: Manifest) -> str:
    """The start after that of an earlier draw, so that the next draw goes on where that ended."""
    document = manifest.plan.document
    if manifest.design != "srs":
        raise ArgumentError("Rotation goes on from a draw of the design srs.", source="--rotate")
    group = manifest.document["groups"][0]
    start = Decimal(str(document.get("start", "0"))) + Decimal(group["drawn"]) / Decimal(group["count"])
    return f"{start % 1:.12f}"


def _allocated(
    frame: Frame,
    method: Allocation,
    n: int,
    minimum: int,
    spread: str | None,
    pilot: str | None,
    reviews: list[str],
    question: str | None,
) -> dict[str, Any]:
    made: dict[str, Any] = {"method": method.value, "n": n}
    spreads = None
    if method is Allocation.neyman:
        if (spread is None) == (pilot is None):
            raise typer.BadParameter(
                "How do the strata spread? Give --spread, or --pilot with --reviews.", param_hint="--allocate"
            )
        if spread is not None:
            by_stratum = sizes.spreads_from_table(spread)
        elif reviews:
            by_stratum, asked = sizes.spreads_from_reviews(read_manifest(str(pilot)), reviews, question)
            made["question"] = asked
        else:
            raise typer.BadParameter("--pilot needs the reviews of it.", param_hint="--reviews")
        spreads = sizes.in_order(by_stratum, frame, str(spread or pilot))
        made |= {"S_h": dict(zip(frame.strata, spreads, strict=True)), "min_per_stratum": minimum}
    elif spread is not None or pilot is not None:
        raise typer.BadParameter("Spreads are for --allocate neyman.", param_hint="--allocate")
    numbers = planning.allocate(method.value, list(frame.strata.values()), n, minimum, spreads)
    return {"n_h": dict(zip(frame.strata, numbers, strict=True)), "allocation": made}


@shielded
def plan_command(
    frame: Annotated[str, typer.Argument(metavar="FRAME", help="What `sample frame` wrote.")],
    design: Annotated[Design, typer.Option(help="How units are drawn.")] = Design.srs,
    n: Annotated[int | None, typer.Option("--n", min=0, help="How many units in all.")] = None,
    tolerable: Annotated[
        str | None,
        typer.Option(metavar="RATE", help="Instead of --n: as many as show the rate to be below this."),
    ] = None,
    expected: Annotated[
        str | None,
        typer.Option(metavar="RATE", help="With --tolerable, or --margin: the rate that is expected."),
    ] = None,
    margin: Annotated[
        str | None,
        typer.Option(metavar="SHARE", help="Instead of --n: as many as show a share to so much either way."),
    ] = None,
    conf: Annotated[
        str, typer.Option(metavar="LEVEL", help="With --tolerable or --margin: the confidence.")
    ] = "0.95",
    n_h: Annotated[
        list[str] | None, typer.Option("--n-h", metavar="STRATUM=N", help="From this stratum; repeat it.")
    ] = None,
    allocate: Annotated[
        Allocation | None, typer.Option(help="Divide --n among the strata (design stratified).")
    ] = None,
    minimum: Annotated[
        int, typer.Option(min=0, help="With --allocate minimum or neyman: from each stratum.")
    ] = 2,
    spread: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="With --allocate neyman: CSV with stratum, and sd, or rate, or deviations and reviewed.",
        ),
    ] = None,
    pilot: Annotated[
        str | None, typer.Option(metavar="MANIFEST", help="With --allocate neyman: an earlier draw.")
    ] = None,
    reviews: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="With --pilot: its reviews; repeat it.")
    ] = None,
    question: Annotated[
        str | None, typer.Option(metavar="ID", help="With --reviews: of which question.")
    ] = None,
    take_all: Annotated[
        list[str] | None,
        typer.Option("--all", metavar="STRATUM", help="Every unit of it (targeted); repeat it."),
    ] = None,
    rest: Annotated[
        str | None, typer.Option(metavar="FRACTION", help="With --all: so much of the others, such as 0.1.")
    ] = None,
    quota: Annotated[
        int | None, typer.Option(min=0, help="So many units of each stratum (owner, team, unit) in a cycle.")
    ] = None,
    cycle: Annotated[
        list[str] | None,
        typer.Option(metavar="MANIFEST", help="With --quota: what was drawn in this cycle; repeat it."),
    ] = None,
    rotate: Annotated[
        str | None,
        typer.Option(metavar="MANIFEST", help="Go on where that draw ended; use its seed again."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="What the audit is about.")] = None,
    decision_rule: Annotated[str | None, typer.Option(help="What follows from which result.")] = None,
    extension_rule: Annotated[
        str | None, typer.Option(help="When more is drawn, fixed before anything is seen.")
    ] = None,
    seed_rule: Annotated[str | None, typer.Option(help="Who rolls which dice when.")] = None,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="The plan; default stdout.")] = None,
) -> None:
    """Write a plan, and say what so many files can and cannot show."""
    loaded = Frame.read(frame)
    keys: dict[str, Any] = {"title": title, "design": design.value}
    size = _worked_out(len(loaded), n, conf, tolerable, expected, margin)
    if size is not None:
        _only_n(take_all, quota, n_h)
        n, keys["power"] = size.n, size.computed
    if take_all:
        missing = [name for name in take_all if name not in loaded.strata]
        if missing:
            raise ArgumentError(f"The frame has no stratum {missing[0]!r}.", source=frame)
        keys |= {"design": "stratified", "n_h": dict.fromkeys(take_all, "all")}
        keys["others"] = {"fraction": rest, "at_least": 1} if rest is not None else 0
    elif quota is not None:
        earlier = [read_manifest(path) for path in cycle or []]
        keys |= {"design": "stratified", "n_h": quotas(loaded.strata, quota, earlier)}
    elif allocate is not None:
        if n is None:
            raise typer.BadParameter("--allocate divides --n; give it, or --tolerable.", param_hint="--n")
        keys |= _allocated(loaded, allocate, n, minimum, spread, pilot, reviews or [], question)
        keys["design"] = "stratified" if design is Design.srs else design.value
    elif n_h:
        keys["n_h"] = _numbers(n_h, "--n-h")
    elif n is not None:
        keys["n"] = n
    else:
        raise typer.BadParameter(
            "Give --n, --tolerable, --margin, --n-h, --all or --quota.", param_hint="--n"
        )
    if rotate is not None:
        keys["start"] = rotated(read_manifest(rotate))
    keys |= {
        "decision_rule": decision_rule, "extension_rule": extension_rule, "seed_rule": seed_rule,
        "frame_digest": loaded.digest, "software": f"duecare {_core.version()}",
    }  # fmt: skip
    plan = Plan.make(**{key: value for key, value in keys.items() if value is not None})
    drawn = planning.count(plan, loaded)
    sentences = planning.sentences(drawn, len(loaded))
    with output(out) as stream:
        stream.write(plan.text.encode())
    message(f"{drawn} of {len(loaded)} units, plan digest {plan.digest}")
    for sentence in _of_size(size, str(keys["design"])):
        message(sentence)
    for sentence in sentences:
        message(sentence)


def _worked_out(
    population: int,
    n: int | None,
    conf: str,
    tolerable: str | None,
    expected: str | None,
    margin: str | None,
) -> sizes.Size | None:
    if tolerable is None and margin is None:
        if expected is not None:
            raise typer.BadParameter("It goes with --tolerable or --margin.", param_hint="--expected")
        return None
    if n is not None or (tolerable is not None and margin is not None):
        raise typer.BadParameter("Give one of --n, --tolerable and --margin.", param_hint="--n")
    return sizes.size_for(population, conf, tolerable, expected, margin)


def _only_n(take_all: list[str] | None, quota: int | None, n_h: list[str] | None) -> None:
    if take_all or quota is not None or n_h:
        raise typer.BadParameter(
            "--tolerable and --margin work out --n; with --all, --quota or --n-h there is none.",
            param_hint="--tolerable",
        )


def _of_size(size: sizes.Size | None, design: str) -> list[str]:
    if size is None:
        return []
    if design == Design.srs.value:
        return [size.says]
    other = "This is the size of a simple random sample; the margin of another design is its own, and "
    return [size.says, other + "`sample estimate` says it."]


def read_plan(path: str) -> Plan:
    return Plan(Path(path).read_bytes().decode("utf-8"))
