"""What a reviewed sample says of the whole frame: the estimator follows from how the sample was drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, variance
from typing import Any

from duecare._errors import ArgumentError
from duecare.sampling._calculate import calculate
from duecare.sampling._review import DEVIATION, NOT_APPLICABLE, UNREVIEWABLE, Review
from duecare.sampling._sample import DrawnUnit, Manifest

UNREVIEWABLE_RULES = ("deviation", "non-response", "bounds")


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate with all that it rests on. ``estimate`` is None where it is not defined."""

    what: str
    estimate: float | None
    se: float | None
    low: float | None
    high: float | None
    conf: str
    method: str
    interval: str
    n: int
    N: int | None
    design: str
    total: float | None = None
    warnings: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Answered:
    """The drawn units with a value each: 1 for a deviation, or a grade."""

    units: tuple[DrawnUnit, ...]
    values: tuple[float, ...]
    left_out: int = 0
    """Units without a value: not applicable, or no response."""
    silent: int = 0
    """Those of them that gave no response: what they are is not known."""

    def only(self, ids: set[str]) -> "Answered":
        kept = [(u, v) for u, v in zip(self.units, self.values, strict=True) if u.id in ids]
        return Answered(tuple(u for u, _ in kept), tuple(v for _, v in kept), self.left_out + 1, self.silent)


def answers(
    reviews: Sequence[Review], manifest: Manifest, question: str, lead: str, unreviewable: str
) -> tuple[Answered, list[str]]:
    """The answers of the lead reviewer to one question; 1 is a deviation."""
    by_case = {one.case: one for one in reviews if one.question == question and one.reviewer == lead}
    units, values, warnings = [], [], []
    silent, applies_not, missing = [], 0, []
    for unit in manifest.units:
        if not unit.in_scope:
            continue
        review = by_case.get(unit.id)
        if review is None:
            missing.append(unit.id)
        elif review.answer == NOT_APPLICABLE:
            applies_not += 1
        elif review.answer == UNREVIEWABLE and unreviewable == "non-response":
            silent.append(unit.id)
        else:
            high = unreviewable != "compliant"
            units.append(unit)
            values.append(float(review.answer == DEVIATION or (review.answer == UNREVIEWABLE and high)))
    if missing:
        shown = ", ".join(missing[:5]) + (", ..." if len(missing) > 5 else "")
        raise ArgumentError(
            f"{lead!r} has no answer to {question!r} for {len(missing)} drawn units: {shown}. "
            'A file that cannot be reviewed gets the answer "unreviewable"; it is not left out.'
        )
    if silent:
        warnings.append(
            f"{len(silent)} files could not be reviewed and count as no response: what is said holds if they "
            "are like the others."
        )
    return Answered(tuple(units), tuple(values), applies_not + len(silent), len(silent)), warnings


def count_unreviewable(reviews: Sequence[Review], question: str, lead: str) -> int:
    return sum(r.question == question and r.reviewer == lead and r.answer == UNREVIEWABLE for r in reviews)


def _counts(manifest: Manifest) -> dict[str, int]:
    """Units by group: by stratum, or of the whole frame ("")."""
    return {group["stratum"] or "": group["count"] for group in manifest.document["groups"]}


def _grouped(manifest: Manifest) -> bool:
    return manifest.document["groups"][0]["stratum"] is not None


def _skipped(manifest: Manifest) -> bool:
    return any(not unit.in_scope for unit in manifest.units)


def _read_whole(answered: Answered, manifest: Manifest, stratum: str | None = None) -> bool:
    """Whether every unit that could be drawn (of a stratum) was drawn, and none stayed without response."""
    groups = manifest.document["groups"]
    if stratum is not None and _grouped(manifest):
        groups = [group for group in groups if group["stratum"] == stratum]
    return not answered.silent and all(
        group["drawn"] + group["not_covered"] == group["count"] for group in groups
    )


def _result(
    what: str, made: Mapping[str, Any], answered: Answered, manifest: Manifest, conf: str, **more: Any
) -> Estimate:
    fields: dict[str, Any] = {
        "estimate": made.get("mean"), "se": made.get("se_mean", made.get("se")), "low": made.get("ci_low"),
        "high": made.get("ci_high"), "total": made.get("total"), "n": len(answered.values),
        "N": manifest.document["frame"]["count"], "design": manifest.design,
    }  # fmt: skip
    return Estimate(what=what, conf=conf, **{**fields, **more})


def _is_share(answered: Answered) -> bool:
    return set(answered.values) <= {0.0, 1.0}


def _census(
    what: str, answered: Answered, manifest: Manifest, conf: str, warnings: Sequence[str]
) -> Estimate:
    """All was read: what was found is what there is."""
    n, mean = len(answered.values), fmean(answered.values)
    return Estimate(
        what, mean, 0.0, mean, mean, conf, "census", "none", n, n, manifest.design,
        total=sum(answered.values), warnings=tuple(warnings),
    )  # fmt: skip


def share(
    what: str, answered: Answered, manifest: Manifest, conf: str, stratum: str | None = None
) -> Estimate:
    """The share of the frame (or of the domain, perhaps in a stratum) that deviates, or the mean grade."""
    warnings = [str(text) for text in manifest.document["warnings"]]
    if not answered.values:
        return Estimate(
            what, None, None, None, None, conf, "none", "none", 0, None, manifest.design,
            warnings=(*warnings, "No unit of the sample belongs here."),
        )  # fmt: skip
    whole = answered.left_out == 0 and not _skipped(manifest)
    of_known_size = whole and manifest.design in ("srs", "systematic", "stratified")
    if not of_known_size and _read_whole(answered, manifest, stratum):
        return _census(what, answered, manifest, conf, warnings)
    if manifest.design in ("srs", "systematic"):
        return _simple(what, answered, manifest, conf, whole, warnings)
    if manifest.design == "stratified" and whole:
        return _stratified(what, answered, manifest, conf, warnings)
    return _weighted(what, answered, manifest, conf, whole, warnings)


def _small(x: float, n: int, warnings: list[str]) -> None:
    if min(x, n - x) < 5:
        warnings.append(
            f"{x:.0f} of {n} is a small count: rely on the exact interval, not on the standard error."
        )


def _simple(
    what: str, answered: Answered, manifest: Manifest, conf: str, whole: bool, warnings: list[str]
) -> Estimate:
    n, count = len(answered.values), manifest.document["frame"]["count"]
    if manifest.design == "systematic":
        warnings.append(
            "A systematic draw has no unbiased variance; that of a simple random draw stands for it."
        )
    if not _is_share(answered):
        made = calculate("estimate_srs", {"N": count, "y": list(answered.values), "conf": conf})
        if not whole:
            warnings.append(
                "Part of the sample: N of this part is not known, that of the frame stands for it."
            )
        return _result(
            what,
            made,
            answered,
            manifest,
            conf,
            method="estimate_srs",
            interval="t",
            warnings=tuple(warnings),
        )
    x = round(sum(answered.values))
    _small(x, n, warnings)
    made = calculate("estimate_srs", {"N": count, "n": n, "x": x, "conf": conf})
    if whole:
        exact = calculate("hypergeometric_bounds", {"N": count, "n": n, "x": x, "conf": conf})
        return _result(
            what, made, answered, manifest, conf, method="estimate_srs", interval="hypergeometric_bounds",
            low=exact["rate_low"], high=exact["rate_high"], warnings=tuple(warnings),
            details={"x": x, "total_low": exact["M_low"], "total_high": exact["M_high"]},
        )  # fmt: skip
    exact = calculate("proportion_interval", {"x": x, "n": n, "conf": conf, "method": "clopper_pearson"})
    warnings.append("How many units of the frame belong here is not known: the interval takes them as many.")
    return _result(
        what, made, answered, manifest, conf, method="estimate_srs", interval="clopper_pearson", N=None,
        total=None, low=exact["low"], high=exact["high"], warnings=tuple(warnings), details={"x": x},
    )  # fmt: skip


def strata_inputs(answered: Answered, manifest: Manifest) -> list[dict[str, Any]]:
    """N, n, and x or mean and s2 of each group."""
    rows = []
    share_only = _is_share(answered)
    for name, count in _counts(manifest).items():
        values = [v for u, v in zip(answered.units, answered.values, strict=True) if u.stratum == name]
        row: dict[str, Any] = {"N": count, "n": len(values)}
        if share_only:
            row["x"] = round(sum(values))
        elif values:
            row |= {"mean": fmean(values), "s2": variance(values) if len(values) > 1 else 0.0}
        rows.append(row)
    return rows


def _stratified(
    what: str, answered: Answered, manifest: Manifest, conf: str, warnings: list[str]
) -> Estimate:
    rows = strata_inputs(answered, manifest)
    made = calculate("estimate_stratified", {"strata": rows, "conf": conf})
    if made.get("reason"):
        warnings.append(f"No standard error: {made['reason']}.")
    if not _is_share(answered):
        return _result(
            what, made, answered, manifest, conf, method="estimate_stratified", interval="t (satterthwaite)",
            warnings=tuple(warnings),
        )  # fmt: skip
    x = round(sum(answered.values))
    _small(x, len(answered.values), warnings)
    exact = calculate(
        "stratified_proportion_interval", {"strata": rows, "conf": conf, "method": "bonferroni_exact"}
    )
    beta = calculate(
        "stratified_proportion_interval", {"strata": rows, "conf": conf, "method": "korn_graubard"}
    )
    return _result(
        what, made, answered, manifest, conf, method="estimate_stratified", interval="bonferroni_exact",
        low=exact["low"], high=exact["high"], warnings=tuple(warnings),
        details={
            "x": x,
            "korn_graubard": {"low": beta["low"], "high": beta["high"], "n_eff": beta.get("n_eff")},
        },
    )  # fmt: skip


def _weighted(
    what: str, answered: Answered, manifest: Manifest, conf: str, whole: bool, warnings: list[str]
) -> Estimate:
    """Hájek's mean, for designs with unequal probabilities and for parts of strata."""
    kind = "poisson" if manifest.design == "poisson" else "deville"
    pi = [unit.pi for unit in answered.units]
    made = calculate("estimate_hajek", {"y": list(answered.values), "pi": pi, "variance": kind, "conf": conf})
    mean, se = made["mean"], made["se"]
    name, low, high = "none", None, None
    if _is_share(answered) and mean in (0.0, 1.0):
        name, (low, high) = "clopper_pearson with n_eff", _of_one_kind(mean, pi, conf, warnings)
    elif se is None:
        warnings.append(f"No interval, for want of a standard error: {made.get('reason')}.")
    elif se == 0:
        warnings.append("No interval: the standard error is 0, though not all was read.")
    elif _is_share(answered):
        n_eff = mean * (1 - mean) / se**2
        limits = calculate(
            "proportion_interval",
            {"x": mean * n_eff, "n": n_eff, "conf": conf, "method": "wilson"},
        )
        name, low, high = "wilson with n_eff", limits["low"], limits["high"]
        if n_eff > len(answered.values):
            warnings.append("The sample seems more precise than a simple random one; take that with care.")
    else:
        name, low, high = "normal", made["ci_low"], made["ci_high"]
    if not whole:
        warnings.append("The part of the frame that belongs here is itself estimated from the sample.")
    return _result(
        what, made, answered, manifest, conf, method=f"estimate_hajek ({kind})", interval=name, low=low,
        high=high, warnings=tuple(warnings), se=se,
        N=manifest.document["frame"]["count"] if whole else None,
    )  # fmt: skip


def _of_one_kind(mean: float, pi: Sequence[float], conf: str, warnings: list[str]) -> tuple[float, float]:
    """Limits where all that was read is alike: Clopper & Pearson's, of as many units as the weights leave."""
    weights = [1 / one for one in pi]
    # Kish 1965, 11.7. Unequal weights make it fewer than were read, which is to the safe side.
    n_eff = min(sum(weights) ** 2 / sum(weight**2 for weight in weights), len(weights))
    limits = calculate(
        "proportion_interval", {"x": mean * n_eff, "n": n_eff, "conf": conf, "method": "clopper_pearson"}
    )
    warnings.append(
        f"All that was read is alike: the interval counts it as {n_eff:.1f} units, and holds if units "
        "that were less likely to be drawn are no different."
    )
    return limits["low"], limits["high"]


def by_stratum(what: str, answered: Answered, manifest: Manifest, conf: str) -> list[Estimate]:
    """One estimate a stratum; within it units of a stratified draw are a simple random sample."""
    counts = {row["name"]: row["count"] for row in manifest.document["frame"]["strata"]}
    whole = answered.left_out == 0 and not _skipped(manifest)
    out = []
    for name, count in counts.items():
        ids = {unit.id for unit in answered.units if unit.stratum == name}
        part = answered.only(ids)
        label = f"{what}, {name or 'no stratum'}"
        simple = manifest.design in ("srs", "systematic", "stratified") and whole
        if not simple or not part.values or not _is_share(part):
            out.append(share(label, part, manifest, conf, name))
            continue
        n, x = len(part.values), round(sum(part.values))
        warnings: list[str] = []
        _small(x, n, warnings)
        if n == 1 < count:
            warnings.append("One unit: no variance can be estimated.")
        made = calculate("estimate_srs", {"N": count, "n": n, "x": x, "conf": conf})
        exact = calculate("hypergeometric_bounds", {"N": count, "n": n, "x": x, "conf": conf})
        out.append(
            _result(
                label, made, part, manifest, conf, method="estimate_srs", interval="hypergeometric_bounds",
                N=count, low=exact["rate_low"], high=exact["rate_high"], warnings=tuple(warnings),
                details={"x": x},
            )
        )  # fmt: skip
    return out
