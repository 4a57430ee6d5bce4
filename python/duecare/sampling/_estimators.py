"""Means, rates and totals of a population by a sample of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from duecare.sampling._calculate import Number, Statistics, statistics

Interval: TypeAlias = Literal["t", "normal"]
UnequalVariance: TypeAlias = Literal["ht", "syg", "poisson", "deville", "brewer", "hansen_hurwitz"]


def estimate_srs(
    *,
    N: int | None = None,
    y: Sequence[float] | None = None,
    x: int | None = None,
    n: int | None = None,
    mean: float | None = None,
    s2: float | None = None,
    conf: Number = 0.95,
    ci: Interval = "t",
) -> Statistics:
    """By a simple random sample without replacement; Cochran 1977, chapters 2 and 3.

    Parameters
    ----------
    N : int, optional
        Units of the population; without it, it is endless.
    y : sequence of float, optional
        What was found of each unit. Or ``x`` of ``n``, or ``n`` with ``mean`` and variance ``s2`` (by n - 1).
    x, n, mean, s2 : optional
        See ``y``.
    conf : number
        Confidence.
    ci : str
        Limits by Student's t with n - 1 degrees of freedom, or by the normal distribution.

    Returns
    -------
    Statistics
        ``mean``, ``se``, ``ci_low``, ``ci_high``, ``total``, ``se_total``, ``df``, ``warnings`` and more.

    Examples
    --------
    >>> found = estimate_srs(N=400, n=60, x=6)
    >>> found.mean, round(found.se, 4)
    (0.1, 0.036)
    """
    return statistics("estimate_srs", N=N, y=y, x=x, n=n, mean=mean, s2=s2, conf=conf, ci=ci)


def estimate_stratified(
    *,
    strata: Sequence[Mapping[str, Any]],
    conf: Number = 0.95,
    df: Literal["satterthwaite", "n_minus_H", "normal"] = "satterthwaite",
    ci: Interval = "t",
) -> Statistics:
    """By a stratified simple random sample; Cochran 1977, (5.6) to (5.16).

    Parameters
    ----------
    strata : sequence of mappings
        Of each stratum ``N`` and: ``n`` and ``x``, or ``y``, or ``n``, ``mean`` and ``s2``.
    conf : number
        Confidence.
    df : str
        Degrees of freedom: Satterthwaite's, units less strata, or none (normal).
    ci : str
        Limits by Student's t or by the normal distribution.

    Returns
    -------
    Statistics
        ``mean``, ``se``, ``ci_low``, ``ci_high``, ``total``, ``se_total``, ``df``, ``warnings`` and more.
        Where nothing was found in any stratum, its 0 as ``se`` says nothing, and ``interval`` has the limits
        of Korn & Graubard, or exact ones (``method``, ``low``, ``high``).

    Examples
    --------
    >>> strata = [{"N": 100, "n": 20, "x": 2}, {"N": 300, "n": 30, "x": 6}]
    >>> round(estimate_stratified(strata=strata).mean, 3)
    0.175
    """
    return statistics("estimate_stratified", strata=strata, conf=conf, df=df, ci=ci)


def estimate_ht(
    *,
    y: Sequence[float],
    pi: Sequence[float],
    joint: Sequence[Sequence[float]] | None = None,
    variance: UnequalVariance | None = None,
    N: int | None = None,
    conf: Number = 0.95,
) -> Statistics:
    """Total by unequal probabilities; Horvitz & Thompson 1952. For a rate take :func:`estimate_hajek`.

    Variance: "ht", "syg" (Sen; Yates & Grundy 1953), "poisson", "deville" (1993), "brewer" (Brewer & Donadio
    2003, (18)), "hansen_hurwitz" (with replacement).

    Parameters
    ----------
    y, pi : sequence of float
        What was found of each unit, and the probability that the unit had of being drawn.
    joint : square matrix, optional
        Probabilities of both being drawn, with ``pi`` on the diagonal; for "ht" and "syg".
    variance : str, optional
        Which estimator of the variance.
    N : int, optional
        Units of the population, for the mean.
    conf : number
        Confidence of the (normal) limits of the total.

    Returns
    -------
    Statistics
        ``estimate`` (which is ``total``), ``variance``, ``se``, ``ci_low``, ``ci_high``, ``mean``,
        ``se_mean``, ``N_hat``, ``warnings`` and more.
    """
    return statistics("estimate_ht", y=y, pi=pi, joint=joint, variance=variance, N=N, conf=conf)


def estimate_hajek(
    *,
    y: Sequence[float],
    pi: Sequence[float],
    joint: Sequence[Sequence[float]] | None = None,
    variance: UnequalVariance | None = None,
    N: int | None = None,
    conf: Number = 0.95,
) -> Statistics:
    """Mean by unequal probabilities, weights adding up to 1; Hájek 1971. The one to take for a rate.

    Parameters
    ----------
    y, pi, joint, variance, N, conf
        As of :func:`estimate_ht`; the variance is that of the residuals.

    Returns
    -------
    Statistics
        ``mean``, ``variance``, ``se``, ``ci_low``, ``ci_high``, ``N_hat``, ``total``, ``se_total``,
        ``warnings`` and more.
    """
    return statistics("estimate_hajek", y=y, pi=pi, joint=joint, variance=variance, N=N, conf=conf)


def estimate_difference(
    *,
    y: Sequence[float],
    x: Sequence[float],
    x_bar_pop: float,
    N: int | None = None,
    conf: Number = 0.95,
    ci: Interval = "t",
) -> Statistics:
    """What the machine says of all, corrected by what people found of some; Särndal et al. 1992, 6.3.

    Without bias, however wrong the machine is.

    Parameters
    ----------
    y, x : sequence of float
        Of each unit of a simple random sample what people and what the machine found.
    x_bar_pop : float
        Mean of the machine's findings over the population.
    N : int, optional
        Units of the population.
    conf : number
        Confidence.
    ci : str
        Limits by Student's t or by the normal distribution.

    Returns
    -------
    Statistics
        ``mean``, ``se``, ``ci_low``, ``ci_high``, ``total``, ``se_total``, ``warnings`` and more.
        Where x and y agree on all that was read, ``disagreement`` has the exact upper bound of the share of
        units on which they do not (``method``, ``low``, ``high``).

    Examples
    --------
    >>> round(estimate_difference(y=[1, 0, 0, 0], x=[1, 1, 0, 0], x_bar_pop=0.4, N=40).mean, 3)
    0.15
    """
    return statistics("estimate_difference", y=y, x=x, N=N, x_bar_pop=x_bar_pop, conf=conf, ci=ci)


def estimate_ratio(
    *,
    y: Sequence[float],
    x: Sequence[float],
    x_bar_pop: float,
    N: int | None = None,
    variance: Literal["v2", "v0"] = "v2",
    conf: Number = 0.95,
    ci: Interval = "t",
) -> Statistics:
    """Ratio estimator; Cochran 1977, chapter 6.

    Parameters
    ----------
    y, x, x_bar_pop, N, conf, ci
        As of :func:`estimate_difference`.
    variance : str
        "v2" is scaled by (x_bar_pop / mean of x) squared, "v0" is not.

    Returns
    -------
    Statistics
        As of :func:`estimate_difference`, with ``ratio``.
    """
    return statistics(
        "estimate_ratio", y=y, x=x, N=N, x_bar_pop=x_bar_pop, variance=variance, conf=conf, ci=ci
    )


def estimate_regression(
    *,
    y: Sequence[float],
    x: Sequence[float],
    x_bar_pop: float,
    N: int | None = None,
    divisor: Literal["n-2", "n-1"] = "n-2",
    conf: Number = 0.95,
    ci: Interval = "t",
) -> Statistics:
    """Regression estimator; Cochran 1977, (7.29).

    Parameters
    ----------
    y, x, x_bar_pop, N, conf, ci
        As of :func:`estimate_difference`.
    divisor : str
        What the sum of squared residuals is divided by.

    Returns
    -------
    Statistics
        As of :func:`estimate_difference`, with ``slope``.
    """
    return statistics(
        "estimate_regression", y=y, x=x, N=N, x_bar_pop=x_bar_pop, divisor=divisor, conf=conf, ci=ci
    )


def estimate_poststratified(
    *,
    strata: Sequence[Mapping[str, Any]],
    variance: Literal["conditional", "unconditional"] = "conditional",
    conf: Number = 0.95,
    ci: Interval = "t",
) -> Statistics:
    """By a simple random sample that is sorted into strata afterwards; Holt & Smith 1979.

    Parameters
    ----------
    strata : sequence of mappings
        As of :func:`estimate_stratified`.
    variance : str
        Given the sizes that were drawn, or over all samples (Cochran 1977, (5A.42)).
    conf : number
        Confidence.
    ci : str
        Limits by Student's t or by the normal distribution.

    Returns
    -------
    Statistics
        As of :func:`estimate_stratified`.
    """
    return statistics("estimate_poststratified", strata=strata, variance=variance, conf=conf, ci=ci)


def estimate_two_phase(
    *,
    method: Literal["difference", "regression", "ratio", "stratification"] = "difference",
    y: Sequence[float] | None = None,
    x: Sequence[float] | None = None,
    n1: int | None = None,
    x_bar_phase1: float | None = None,
    n1_h: Sequence[int] | None = None,
    n2_h: Sequence[int] | None = None,
    x_h: Sequence[int] | None = None,
    N: int | None = None,
    divisor: Literal["n-2", "n-1"] | None = None,
    conf: Number = 0.95,
    ci: Interval = "t",
) -> Statistics:
    """Where the machine looked at a sample alone, and people at a part of it.

    Cochran 1977, 12.2 and 12.6; Rao 1973; Särndal et al. 1992, 9.4 and 9.7.

    Parameters
    ----------
    method : str
        "stratification" takes ``n1_h``, ``n2_h``, ``x_h``; the others ``y``, ``x``, ``n1``, ``x_bar_phase1``.
    y, x : sequence of float, optional
        Of each unit of the second phase what people and what the machine found.
    n1, x_bar_phase1 : optional
        Units of the first phase, and the mean of the machine's findings over them.
    n1_h, n2_h, x_h : sequence of int, optional
        By stratum: units of the first and of the second phase, deviations among these.
    N : int, optional
        Units of the population.
    divisor : str, optional
        What the sum of squared residuals is divided by ("regression").
    conf : number
        Confidence.
    ci : str
        Limits by Student's t or by the normal distribution.

    Returns
    -------
    Statistics
        ``mean``, ``se``, ``ci_low``, ``ci_high``, ``total``, ``se_total``, ``warnings`` and more.
    """
    return statistics(
        "estimate_two_phase",
        method=method, y=y, x=x, n1=n1, N=N, x_bar_phase1=x_bar_phase1, n1_h=n1_h, n2_h=n2_h, x_h=x_h,
        conf=conf, ci=ci, divisor=divisor,
    )  # fmt: skip
