"""How many files a plan draws, worked out from what it is to show; and how strata spread, for Neyman."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import typer

from duecare._errors import ArgumentError
from duecare.sampling import (
    Frame,
    Manifest,
    Statistics,
    check_reviews,
    read_reviews,
    sample_size_attribute,
    sample_size_discovery,
    sample_size_proportion,
)
from duecare.sampling._estimate import answers
from duecare.sampling._frame import read_table
from duecare.sampling._review import lead_reviewer


@dataclass(frozen=True, slots=True)
class Size:
    """A sample size, what it was computed for, and the same in a sentence."""

    n: int
    computed: dict[str, Any]
    says: str


def _rate(text: str, option: str) -> str:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1:
        raise typer.BadParameter(
            f"{text!r} is not a rate from 0 to below 1, such as 0.05.", param_hint=option
        )
    return text


def _percent(text: str) -> str:
    return f"{100 * float(text):.10g} %"


def size_for(
    population: int, conf: str, tolerable: str | None, expected: str | None, margin: str | None
) -> Size:
    """For a tolerable rate (discovery, or attribute sampling with an expected rate), or for a margin."""
    if float(_rate(conf, "--conf")) == 0:
        raise typer.BadParameter("The confidence is above 0, such as 0.95.", param_hint="--conf")
    rate = _rate(expected or "0", "--expected")
    if margin is not None:
        return _for_margin(population, conf, _rate(margin, "--margin"), expected)
    tolerable = _rate(tolerable or "", "--tolerable")
    if float(rate) >= float(tolerable):
        raise typer.BadParameter(
            f"The expected rate ({_percent(rate)}) has to be below the tolerable one "
            f"({_percent(tolerable)}): no sample can show a rate to be below what it is expected to be.",
            param_hint="--expected",
        )
    if float(rate) > 0:
        return _for_attribute(population, conf, tolerable, rate)
    found = sample_size_discovery(N=population, critical_rate=tolerable, conf=conf)
    says = (
        f"{found.n} files, because if {found.M} or more of the {population} ({_percent(tolerable)}) had a "
        f"deviation, {found.n} files would hold at least one with {_percent(conf)} confidence: found none, "
        "fewer have one (discovery sampling, exact hypergeometric). A single deviation ends the proof."
    )
    return _size(found, "sample_size_discovery", {"critical_rate": tolerable, "conf": conf}, population, says)


def _for_attribute(population: int, conf: str, tolerable: str, expected: str) -> Size:
    inputs = {"tolerable_rate": tolerable, "expected_rate": expected, "conf": conf, "model": "hypergeometric"}
    found = sample_size_attribute(
        tolerable_rate=tolerable, expected_rate=expected, conf=conf, model="hypergeometric", N=population
    )
    says = (
        f"{found.n} files, because up to {found.acceptable_deviations} of them may have a deviation "
        f"({_percent(expected)} expected), and if {_percent(tolerable)} of the {population} or more had one, "
        f"so few would come about with a risk of at most {100 * (1 - float(conf)):.10g} % "
        "(attribute sampling, exact hypergeometric)."
    )
    return _size(found, "sample_size_attribute", inputs, population, says)


def _for_margin(population: int, conf: str, margin: str, expected: str | None) -> Size:
    if float(margin) == 0:
        raise typer.BadParameter("A margin is above 0, such as 0.05.", param_hint="--margin")
    share = expected or "0.5"
    found = sample_size_proportion(margin=margin, p=share, conf=conf, N=population)
    says = (
        f"{found.n} files, because a share near {_percent(share)} of {population} files is then known to "
        f"{100 * float(margin):.10g} points either way with {_percent(conf)} confidence "
        "(Cochran 1977, section 4.4, with the finite population)."
    )
    return _size(
        found, "sample_size_proportion", {"margin": margin, "p": share, "conf": conf}, population, says
    )


def _size(found: Statistics, method: str, inputs: dict[str, str], population: int, says: str) -> Size:
    if found.n is None:
        raise ArgumentError(
            f"No practicable number of files shows this ({found.reason}). "
            "Raise --tolerable, or lower --expected or --conf."
        )
    return Size(found.n, {"method": method, "N": population, **inputs, **found.to_dict()}, says)


def _spread_of_rate(rate: float) -> float:
    return sqrt(rate * (1 - rate))


def _shrunk(deviations: float, reviewed: int) -> float:
    """A pilot without a deviation must not leave its stratum out."""
    return (deviations + 0.5) / (reviewed + 1)


def _number(row: Mapping[str, str], column: str, path: str, line: int, most: float) -> float:
    try:
        value = float(row[column])
    except ValueError:
        value = -1.0
    if not 0 <= value <= most:
        limit = "from 0 on" if most == float("inf") else f"from 0 to {most:g}"
        raise ArgumentError(f"{column} {row[column]!r} is not a number {limit}.", source=path, line=line)
    return value


def spreads_from_table(path: str) -> dict[str, float]:
    """Standard deviations by stratum, from the column sd, or rate, or deviations and reviewed."""
    rows = read_table(path, ["stratum"])
    names = set(rows[0][1]) if rows else set()
    out: dict[str, float] = {}
    for line, row in rows:
        if row["stratum"] in out:
            raise ArgumentError(f"The stratum {row['stratum']!r} stands here twice.", source=path, line=line)
        if "sd" in names:
            value = _number(row, "sd", path, line, float("inf"))
        elif "rate" in names:
            value = _spread_of_rate(_number(row, "rate", path, line, 1))
        elif {"deviations", "reviewed"} <= names:
            reviewed = _number(row, "reviewed", path, line, float("inf"))
            found = _number(row, "deviations", path, line, reviewed)
            value = _spread_of_rate(_shrunk(found, int(reviewed)))
        else:
            raise ArgumentError(
                "Beside the column stratum there has to be sd, or rate, or deviations and reviewed.",
                source=path,
                line=1,
            )
        out[row["stratum"]] = value
    return out


def spreads_from_reviews(
    manifest: Manifest, paths: Sequence[str], question: str | None
) -> tuple[dict[str, float], str]:
    """Standard deviations by stratum from the reviews of an earlier draw, and the question they answer."""
    reviews = [one for path in paths for one in read_reviews(path)]
    check_reviews(reviews, manifest)
    questions = sorted({one.question for one in reviews})
    if question is None and len(questions) != 1:
        raise typer.BadParameter(
            f"The reviews answer {len(questions)} questions ({', '.join(questions[:5])}); say which one.",
            param_hint="--question",
        )
    asked = question or questions[0]
    if asked not in questions:
        raise ArgumentError(f"No review answers {asked!r}; there are {', '.join(questions) or 'none'}.")
    of_it = [one for one in reviews if one.question == asked]
    # What could not be reviewed counts as a deviation here: it only makes the plan more careful.
    answered, _ = answers(of_it, manifest, asked, lead_reviewer(of_it), "deviation")
    groups: dict[str, list[float]] = {}
    for unit, value in zip(answered.units, answered.values, strict=True):
        groups.setdefault(unit.stratum, []).append(value)
    return {name: _spread_of_rate(_shrunk(sum(v), len(v))) for name, v in groups.items()}, asked


def in_order(spreads: Mapping[str, float], frame: Frame, source: str) -> list[float]:
    """The spreads in the order of the strata of the frame; each has to have one."""
    missing = [name for name in frame.strata if name not in spreads]
    if missing:
        raise ArgumentError(
            f"The stratum {missing[0]!r} of the frame has no spread; there are "
            f"{', '.join(map(repr, sorted(spreads))) or 'none'}.",
            source=source,
        )
    return [spreads[name] for name in frame.strata]
