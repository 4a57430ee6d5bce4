"""``duecare sample review`` and ``estimate``: what people said of the files, and what follows for all."""

import enum
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from duecare._cli._console import DONE, FAILED, clean_lines, message, output, shielded
from duecare._cli._words import count
from duecare._errors import ArgumentError
from duecare.sampling import Frame, Manifest, verify
from duecare.sampling._agreement import between_reviewers, of_answers
from duecare.sampling._estimate import Estimate, answers, by_stratum, count_unreviewable, share
from duecare.sampling._exclusions import read_manifest
from duecare.sampling._frame import read_table
from duecare.sampling._machine import Comparison, Flags, compare
from duecare.sampling._review import (
    COMPLIANT,
    DEVIATION,
    Review,
    check_reviews,
    lead_reviewer,
    read_reviews,
    write_reviews,
)


class Unreviewable(enum.StrEnum):
    """What a file that could not be reviewed counts as."""

    deviation = "deviation"
    non_response = "non-response"
    bounds = "bounds"


_Manifest = Annotated[str, typer.Argument(metavar="MANIFEST", help="What `sample draw` wrote.")]
_Reviews = Annotated[
    list[str], typer.Argument(metavar="REVIEWS...", help="duecare.review/1 as .json, or CSV with its fields.")
]
_Out = Annotated[str | None, typer.Option("--out", metavar="FILE", help="Write there; default stdout.")]


def _read(manifest: Manifest, paths: Sequence[str]) -> list[Review]:
    reviews = [one for path in paths for one in read_reviews(path)]
    if not reviews:
        raise ArgumentError("There are no reviews.")
    check_reviews(reviews, manifest)
    return reviews


@shielded
def review_command(manifest: _Manifest, reviews: _Reviews, out: _Out = None) -> None:
    """Check reviews against what was drawn, and write them as one duecare.review/1.

    Reviews of cases that were not drawn are an error. Exit code 1 as long as files have no review.
    """
    drawn = read_manifest(manifest)
    read = _read(drawn, reviews)
    with output(out) as stream:
        stream.write(write_reviews(read).encode())
    in_scope = [unit.id for unit in drawn.units if unit.in_scope]
    open_ones = 0
    for question in sorted({one.question for one in read}):
        done = {one.case for one in read if one.question == question}
        missing = [id_ for id_ in in_scope if id_ not in done]
        open_ones += len(missing)
        message(f"{question}: {len(done)} of {count(len(in_scope), 'unit')} reviewed")
        if missing:
            message("  without a review: " + ", ".join(missing[:8]) + (", ..." if len(missing) > 8 else ""))
    raise typer.Exit(FAILED if open_ones else DONE)


def _machine(path: str, frame: Frame, question: str) -> Flags:
    """Late and missed findings of the duty are deviations; a unit without one has none."""
    flagged = set()
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                finding = json.loads(line)
                if finding["duty_id"] == question and finding["verdict"] in ("late", "missed"):
                    flagged.add(finding["case_id"])
            except (ValueError, KeyError, TypeError):
                raise ArgumentError("This is no finding.", source=path, line=number) from None
    units = frame.units()
    return Flags({unit.id: unit.id in flagged for unit in units}, {unit.id: unit.stratum for unit in units})


def _percent(value: float | None) -> str:
    return "not defined" if value is None else f"{100 * value:.1f} %"


def _line(one: Estimate) -> str:
    of = "" if one.N is None else f" of {one.N}"
    between = "" if one.low is None else f", {_percent(one.low)} to {_percent(one.high)}"
    return (
        f"{one.what}: {_percent(one.estimate)}{between}  (n {one.n}{of}, {float(one.conf):.0%}, "
        f"{one.method}, {one.interval})"
    )


def _accuracy_lines(comparison: Comparison) -> list[str]:
    table, accuracy = comparison.table, comparison.accuracy
    lines = [
        f"  machine against human: {table['tp']} found by both, {table['fp']} by the machine alone, "
        f"{table['fn']} by people alone, {table['tn']} by neither"
    ]
    for name in ("sensitivity", "specificity", "ppv", "npv"):
        if accuracy.get(name) is not None:
            low, high = accuracy.get(f"{name}_low"), accuracy.get(f"{name}_high")
            between = "" if low is None or high is None else f", {_percent(low)} to {_percent(high)}"
            lines.append(f"  {name} {_percent(accuracy[name])}{between}")
    lines.append(f"  ({accuracy['method']})")
    corrected = comparison.rogan_gladen
    if corrected is not None and corrected.get("estimate") is not None:
        lines.append(
            "  rate of the machine corrected for its errors (Rogan-Gladen): "
            + _percent(corrected["estimate"])
        )
    return lines


def _question(
    question: str,
    reviews: Sequence[Review],
    manifest: Manifest,
    lead: str,
    how: Unreviewable | None,
    conf: str,
    flags: Flags | None,
    domains: Mapping[str, set[str]],
) -> tuple[list[str], dict[str, Any]]:
    unreviewable = count_unreviewable(reviews, question, lead)
    if unreviewable and how is None:
        raise ArgumentError(
            f"{count(unreviewable, 'file')} could not be reviewed for {question!r}. "
            "Say openly what they count as: --unreviewable deviation, non-response or bounds."
        )
    rule = (how or Unreviewable.deviation).value
    answered, warnings = answers(reviews, manifest, question, lead, rule)
    overall = share(question, answered, manifest, conf)
    lines = [_line(overall)]
    document: dict[str, Any] = {"question": question, "lead": lead, "unreviewable": unreviewable}
    document |= {"unreviewable_count_as": rule, "overall": overall.to_dict()}
    if rule == "bounds" and unreviewable:
        lowest, _ = answers(reviews, manifest, question, lead, "compliant")
        low = share(question, lowest, manifest, conf)
        document["bounds"] = {"low": low.to_dict(), "high": overall.to_dict()}
        lines = [
            f"{question}: between {_percent(low.estimate)} and {_percent(overall.estimate)}, "
            f"with the margins {_percent(low.low)} to {_percent(overall.high)}; "
            f"{count(unreviewable, 'file')} could not be reviewed"
        ]
    strata = by_stratum(question, answered, manifest, conf)
    if len(strata) > 1:
        lines += [f"  {_line(one)}" for one in strata]
        document["strata"] = [one.to_dict() for one in strata]
    parts = [
        share(f"{question}, {name}", answered.only(ids), manifest, conf) for name, ids in domains.items()
    ]
    lines += [f"  {_line(one)}" for one in parts]
    document["domains"] = [one.to_dict() for one in parts]
    for text in (*warnings, *overall.warnings):
        lines.append(f"  note: {text}")
    document["warnings"] = warnings
    if flags is not None:
        compared = compare(reviews, answered, manifest, flags, question, lead, conf)
        for one in (compared.difference, compared.ratio, compared.regression):
            if one is not None:
                lines.append(f"  {_line(one)}")
        if compared.gain is not None:
            lines.append(f"  the machine's findings are worth {compared.gain:.1f} times as many reviews")
        lines += _accuracy_lines(compared)
        lines += [f"  note: {text}" for text in compared.notes]
        if compared.poor is not None:
            lines.append(f"  POOR: {compared.poor}")
        human = {r.case: r.answer for r in reviews if r.question == question and r.reviewer == lead}
        machine = {unit: DEVIATION if flag else COMPLIANT for unit, flag in flags.by_unit.items()}
        document["machine"] = _comparison(compared) | {"agreement": of_answers(machine, human)}
        lines += [
            f"  overturned: {one.unit}: machine {one.machine}, human {one.human}"
            + (f" ({one.comment})" if one.comment else "")
            for one in compared.overturned
        ]
    pairs = between_reviewers(reviews, question)
    document["agreement"] = pairs
    for pair in pairs:
        both = pair["answers"]
        if both["n"]:
            kappa, gwet = both["kappa"].get("kappa"), both["gwet_ac1"].get("coefficient")
            lines.append(
                f"  {pair['first']} and {pair['second']} agree on "
                f"{_percent(both['percent']['agreement'])} of {both['n']}; "
                f"kappa {_figure(kappa)}, AC1 {_figure(gwet)}"
            )
    return lines, document


def _figure(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.2f}"


def _comparison(one: Comparison) -> dict[str, Any]:
    estimates = {
        "human": one.human,
        "difference": one.difference,
        "ratio": one.ratio,
        "regression": one.regression,
    }
    return {
        **{name: None if value is None else value.to_dict() for name, value in estimates.items()},
        "gain": one.gain,
        "table": one.table,
        "accuracy": one.accuracy,
        "rogan_gladen": one.rogan_gladen,
        "poor": one.poor,
        "notes": list(one.notes),
        "overturned": [
            {"unit": o.unit, "machine": o.machine, "human": o.human, "comment": o.comment}
            for o in one.overturned
        ],
    }


def _domains(path: str | None) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    if path is not None:
        for _, row in read_table(path, ["id", "domain"]):
            out.setdefault(row["domain"], set()).add(row["id"])
    return dict(sorted(out.items()))


@shielded
def estimate_command(
    manifest: _Manifest,
    frame: Annotated[str, typer.Argument(metavar="FRAME", help="What `sample frame` wrote.")],
    reviews: _Reviews,
    machine: Annotated[
        str | None,
        typer.Option(
            metavar="FINDINGS",
            help="What `duecare audit --format jsonl` found in all cases; questions are then ids of duties.",
        ),
    ] = None,
    question: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only this question; repeat it.")
    ] = None,
    lead: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose answers count. Default: who reviewed most.")
    ] = None,
    unreviewable: Annotated[
        Unreviewable | None, typer.Option(help="What files count as that could not be reviewed.")
    ] = None,
    domain: Annotated[
        str | None, typer.Option(metavar="FILE", help="CSV: id, domain. An estimate for each domain as well.")
    ] = None,
    conf: Annotated[str, typer.Option(metavar="LEVEL", help="Confidence, as a decimal.")] = "0.95",
    as_json: Annotated[
        str | None, typer.Option("--json", metavar="FILE", help="Also everything as JSON there.")
    ] = None,
    out: _Out = None,
) -> None:
    """Say what the reviews show for the whole frame, with margins that follow from how it was drawn."""
    drawn, loaded = read_manifest(manifest), Frame.read(frame)
    differences = verify(drawn, loaded)
    if differences:
        raise ArgumentError(f"The manifest does not derive from this frame: {differences[0]}")
    read = _read(drawn, reviews)
    leading = lead or lead_reviewer(read)
    parts = _domains(domain)
    lines: list[str] = []
    documents = []
    for name in question or sorted({one.question for one in read}):
        flags = None if machine is None else _machine(machine, loaded, name)
        said, document = _question(name, read, drawn, leading, unreviewable, conf, flags, parts)
        lines += said
        documents.append(document)
    with output(out) as stream:
        stream.write(clean_lines("\n".join(lines)).encode() + b"\n")
    if as_json is not None:
        whole = {"format": "duecare.estimate/1", "conf": conf, "questions": documents}
        with output(as_json) as stream:
            stream.write((json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode())
