"""Machine and human together: findings of the machine for every unit, reviews of people for those drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, variance
from typing import Any

from duecare.sampling._calculate import calculate
from duecare.sampling._estimate import Answered, Estimate, share
from duecare.sampling._review import COMPLIANT, DEVIATION, NOT_APPLICABLE, UNREVIEWABLE, Review
from duecare.sampling._sample import Manifest

POOR_PRECISION = 0.8
"""A duty of whose machine findings fewer than this share is confirmed is named."""


@dataclass(frozen=True, slots=True)
class Flags:
    """What the machine says of each unit of the frame: whether it found a deviation."""

    by_unit: Mapping[str, bool]
    strata: Mapping[str, str] = field(default_factory=dict)

    @property
    def mean(self) -> float:
        return fmean(self.by_unit.values())


@dataclass(frozen=True, slots=True)
class Overturned:
    """A unit in which human and machine disagree."""

    unit: str
    question: str
    machine: str
    human: str
    comment: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the machine's findings of one question are worth, and what they add."""

    question: str
    human: Estimate
    difference: Estimate | None
    ratio: Estimate | None
    regression: Estimate | None
    gain: float | None
    """By how many times the variance is smaller with the machine (difference) than without."""
    table: dict[str, int]
    """tp, fp, fn, tn in the sample, unweighted."""
    accuracy: dict[str, Any]
    rogan_gladen: dict[str, Any] | None
    poor: str | None
    overturned: tuple[Overturned, ...]
    notes: tuple[str, ...] = ()


def _estimate(like: Estimate, made: Mapping[str, Any], what: str, method: str, interval: str) -> Estimate:
    return Estimate(
        what, made.get("mean"), made.get("se"), made.get("ci_low"), made.get("ci_high"), like.conf, method,
        interval, like.n, like.N, like.design, total=made.get("total"),
    )  # fmt: skip


def _simple(human: Estimate, answered: Answered, flags: Flags, conf: str) -> list[Estimate | None]:
    inputs = {
        "y": list(answered.values), "x": [float(flags.by_unit[unit.id]) for unit in answered.units],
        "N": len(flags.by_unit), "x_bar_pop": flags.mean, "conf": conf,
    }  # fmt: skip
    out: list[Estimate | None] = []
    for name in ("difference", "ratio", "regression"):
        made = calculate(f"estimate_{name}", inputs)
        good = made.get("mean") is not None
        out.append(
            _estimate(human, made, f"with the machine, {name}", f"estimate_{name}", "t") if good else None
        )
    return out


def _stratified(human: Estimate, answered: Answered, flags: Flags, manifest: Manifest, conf: str) -> Estimate:
    """The mean of the machine plus the stratified mean of the differences."""
    rows = []
    for group in manifest.document["groups"]:
        here = [
            value - float(flags.by_unit[unit.id])
            for unit, value in zip(answered.units, answered.values, strict=True)
            if unit.stratum == group["stratum"]
        ]
        row = {"N": group["count"], "n": len(here)}
        if here:
            row |= {"mean": fmean(here), "s2": variance(here) if len(here) > 1 else 0.0}
        rows.append(row)
    made = calculate("estimate_stratified", {"strata": rows, "conf": conf})
    shifted = {
        key: None if made.get(key) is None else flags.mean + made[key]
        for key in ("mean", "ci_low", "ci_high")
    }
    if shifted["mean"] is not None:
        shifted["total"] = shifted["mean"] * len(flags.by_unit)
    made = {"se": made.get("se"), **shifted}
    return _estimate(
        human, made, "with the machine, difference", "estimate_stratified of the differences", "t"
    )


def _weighted(human: Estimate, answered: Answered, flags: Flags) -> Estimate:
    """The mean of the machine plus Hájek's mean of the differences."""
    differences = [
        value - float(flags.by_unit[unit.id])
        for unit, value in zip(answered.units, answered.values, strict=True)
    ]
    kind = "poisson" if human.design == "poisson" else "deville"
    made = calculate(
        "estimate_hajek",
        {"y": differences, "pi": [unit.pi for unit in answered.units], "variance": kind},
    )
    mean = None if made["mean"] is None else flags.mean + made["mean"]
    result = {"mean": mean, "se": made.get("se_mean", made.get("se"))}
    return _estimate(
        human, result, "with the machine, difference", f"estimate_hajek ({kind}) of the differences", "none"
    )


def _table(answered: Answered, flags: Flags) -> dict[str, int]:
    out = {"tp": 0, "fp": 0, "fn": 0, "tn": 0}
    for unit, value in zip(answered.units, answered.values, strict=True):
        key = ("tp" if value else "fp") if flags.by_unit[unit.id] else ("fn" if value else "tn")
        out[key] += 1
    return out


def _divides_by_flag(manifest: Manifest, flags: Flags) -> bool:
    """Whether every stratum has units of one flag alone: review then depends on the flag, and on no more."""
    if manifest.design != "stratified" or not flags.strata:
        return False
    seen: dict[str, set[bool]] = {}
    for unit, flag in flags.by_unit.items():
        seen.setdefault(flags.strata.get(unit, ""), set()).add(flag)
    return len(seen) == 2 and all(len(found) == 1 for found in seen.values())


def _accuracy(
    answered: Answered, flags: Flags, manifest: Manifest, table: Mapping[str, int]
) -> dict[str, Any]:
    """Sensitivity, specificity and predictive values, as the way of drawing demands."""
    if manifest.design in ("srs", "systematic"):
        made = calculate("classification_accuracy", {**table, "ci_method": "clopper_pearson"})
        return {"method": "classification_accuracy", "interval": "clopper_pearson", **made}
    positives = [unit.id for unit in answered.units if flags.by_unit[unit.id]]
    predictive: dict[str, float] = {}
    for name, good, bad in (("ppv", "tp", "fp"), ("npv", "tn", "fn")):
        n = table[good] + table[bad]
        if n:
            bounds = calculate(
                "proportion_interval", {"x": table[good], "n": n, "conf": "0.95", "method": "clopper_pearson"}
            )
            predictive |= {
                f"{name}_low": bounds["low"],
                f"{name}_high": bounds["high"],
                name: table[good] / n,
            }
    if _divides_by_flag(manifest, flags):
        total = sum(flags.by_unit.values())
        made = calculate(
            "begg_greenes",
            {
                "n_pos": total, "n_neg": len(flags.by_unit) - total, "pos_d1": table["tp"],
                "pos_d0": table["fp"], "neg_d1": table["fn"], "neg_d0": table["tn"], "finite": True,
            },
        )  # fmt: skip
        return {"method": "begg_greenes", **predictive, **made}
    return {"method": "estimate_hajek by domain", "n_flagged": len(positives), **_by_weights(answered, flags)}


def _by_weights(answered: Answered, flags: Flags) -> dict[str, Any]:
    """Each ratio as a Hájek mean in its own domain."""
    rows = [
        (unit.pi, flags.by_unit[unit.id], bool(value))
        for unit, value in zip(answered.units, answered.values, strict=True)
    ]
    domains = {
        "sensitivity": [(pi, flag) for pi, flag, found in rows if found],
        "specificity": [(pi, not flag) for pi, flag, found in rows if not found],
        "ppv": [(pi, found) for pi, flag, found in rows if flag],
        "npv": [(pi, not found) for pi, flag, found in rows if not flag],
    }
    out: dict[str, Any] = {}
    for name, domain in domains.items():
        out[name] = None
        if domain:
            inputs = {
                "y": [float(v) for _, v in domain],
                "pi": [pi for pi, _ in domain],
                "variance": "deville",
            }
            made = calculate("estimate_hajek", inputs)
            out[name], out[f"{name}_se"] = made["mean"], made.get("se_mean", made.get("se"))
    return out


def _rogan_gladen(
    flags: Flags, accuracy: Mapping[str, Any], table: Mapping[str, int]
) -> dict[str, Any] | None:
    se, sp = accuracy.get("sensitivity"), accuracy.get("specificity")
    if se is None or sp is None:
        return None
    inputs = {
        "x": sum(flags.by_unit.values()), "n": len(flags.by_unit), "se": se, "sp": sp,
        "n_se": table["tp"] + table["fn"], "n_sp": table["tn"] + table["fp"],
    }  # fmt: skip
    return calculate("rogan_gladen", inputs)


def _poor(question: str, accuracy: Mapping[str, Any], table: Mapping[str, int]) -> str | None:
    ppv = accuracy.get("ppv")
    n = table["tp"] + table["fp"]
    if ppv is None or n < 5 or ppv >= POOR_PRECISION:
        return None
    return (
        f"{question}: of {n} findings of the machine that were reviewed {table['tp']} were confirmed "
        f"({100 * ppv:.0f} %). Do not act on its findings without reading the file."
    )


def overturned(reviews: Sequence[Review], question: str, lead: str, flags: Flags) -> list[Overturned]:
    """Where human and machine disagree, by unit."""
    rows = []
    for one in reviews:
        if one.question != question or one.reviewer != lead or one.answer not in (COMPLIANT, DEVIATION):
            continue
        machine = flags.by_unit[one.case]
        if machine != (one.answer == DEVIATION):
            rows.append(
                Overturned(one.case, question, DEVIATION if machine else COMPLIANT, one.answer, one.comment)
            )
    return sorted(rows, key=lambda row: row.unit)


def _judged(answered: Answered, by_unit: Mapping[str, str]) -> Answered:
    """Units that a person did judge. A file that nobody could read says nothing of the machine, whatever it
    counts as in the rate."""
    kept = [
        (unit, value)
        for unit, value in zip(answered.units, answered.values, strict=True)
        if by_unit[unit.id] in (COMPLIANT, DEVIATION)
    ]
    unread = len(answered.units) - len(kept)
    return Answered(
        tuple(unit for unit, _ in kept),
        tuple(value for _, value in kept),
        answered.left_out + unread,
        answered.silent + unread,
    )


def _together(
    human: Estimate, answered: Answered, flags: Flags, manifest: Manifest, conf: str
) -> tuple[Estimate | None, Estimate | None, Estimate | None]:
    """Difference, ratio and regression, as far as the design has them."""
    if not answered.values:
        return None, None, None
    if manifest.design in ("srs", "systematic"):
        difference, ratio, regression = _simple(human, answered, flags, conf)
        return difference, ratio, regression
    if manifest.design == "stratified":
        return _stratified(human, answered, flags, manifest, conf), None, None
    return _weighted(human, answered, flags), None, None


def compare(
    reviews: Sequence[Review],
    answered: Answered,
    manifest: Manifest,
    flags: Flags,
    question: str,
    lead: str,
    conf: str,
) -> Comparison:
    """Estimates with the machine's findings beside that without, and what those findings are worth."""
    human = share(f"{question}, human alone", answered, manifest, conf)
    ours = [one for one in reviews if one.question == question and one.reviewer == lead]
    by_unit = {one.case: one.answer for one in ours}
    notes = []
    with_machine = ratio = regression = None
    if NOT_APPLICABLE in by_unit.values() or any(not unit.in_scope for unit in manifest.units):
        notes.append(
            "No estimate with the machine: it speaks of the whole frame, and the question concerns a part of "
            "it whose size is not known."
        )
    else:
        with_machine, ratio, regression = _together(human, answered, flags, manifest, conf)
    unread = sum(by_unit.get(unit.id) == UNREVIEWABLE for unit in answered.units)
    if unread:
        files = "the file" if unread == 1 else f"the {unread} files"
        notes.append(f"The machine is measured without {files} that nobody could review.")
    judged = _judged(answered, by_unit)
    table = _table(judged, flags)
    accuracy = _accuracy(judged, flags, manifest, table)
    rogan_gladen = None if with_machine is None else _rogan_gladen(flags, accuracy, table)
    gain = (human.se / with_machine.se) ** 2 if with_machine and human.se and with_machine.se else None
    return Comparison(
        question,
        human,
        with_machine,
        ratio,
        regression,
        gain,
        table,
        accuracy,
        rogan_gladen,
        _poor(question, accuracy, table),
        tuple(overturned(reviews, question, lead, flags)),
        tuple(notes),
    )
