"""Between what a rate lies, by what the sample showed."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from duecare.sampling._calculate import Number, Statistics, statistics

Side: TypeAlias = Literal["two", "upper", "lower"]
IntervalMethod: TypeAlias = Literal[
    "clopper_pearson", "wilson", "wilson_cc", "jeffreys", "agresti_coull", "mid_p", "wald"
]


def proportion_interval(
    *,
    x: int,
    n: int,
    conf: Number = 0.95,
    method: IntervalMethod = "clopper_pearson",
    side: Side = "two",
) -> Statistics:
    """Interval of a rate, x of n having been found.

    Clopper & Pearson 1934; Wilson 1927; Newcombe 1998 (method 4: "wilson_cc", method 6: "mid_p"); Jeffreys as
    Brown, Cai & DasGupta 2001; Agresti & Coull 1998. "wald" is there to compare with: no width at x = 0.

    Parameters
    ----------
    x, n : int
        Found, of so many looked at.
    conf : number
        Confidence. With a one-sided bound all of 1 - conf is on that side.
    method : str
        "clopper_pearson" never covers less often than ``conf`` says.
    side : str
        "upper" for "at most so many, with this confidence".

    Returns
    -------
    Statistics
        ``estimate`` (None for n = 0), ``low``, ``high``, ``n``, ``conf``, ``method``.

    Examples
    --------
    >>> found = proportion_interval(x=0, n=59, side="upper")
    >>> found.low, round(found.high, 4)
    (0.0, 0.0495)
    """
    return statistics("proportion_interval", x=x, n=n, conf=conf, method=method, side=side)


def hypergeometric_bounds(*, N: int, n: int, x: int, conf: Number = 0.95, side: Side = "two") -> Statistics:
    """Exact bounds of how many of N units are deviations, x of n drawn having been.

    Katz 1953; Buonaccorsi 1987; Wright 1991, Exact Confidence Bounds when Sampling from Small Finite
    Universes.

    Parameters
    ----------
    N, n, x : int
        Units, units drawn without replacement, deviations among these.
    conf : number
        Confidence. With a one-sided bound all of 1 - conf is on that side.
    side : str
        "two", "upper" or "lower".

    Returns
    -------
    Statistics
        ``M_low``, ``M_high``, ``rate_low``, ``rate_high``; ``remaining_high``: at most so many not yet found.

    Examples
    --------
    >>> hypergeometric_bounds(N=1200, n=102, x=0, side="upper", conf=0.9).M_high
    25
    """
    return statistics("hypergeometric_bounds", N=N, n=n, x=x, conf=conf, side=side)


def stratified_proportion_interval(
    *,
    strata: Sequence[Mapping[str, Any]],
    method: Literal["korn_graubard", "logit", "wilson_neff", "exact", "bonferroni_exact"],
    conf: Number = 0.95,
    side: Side | None = None,
    cap: bool | None = None,
    df: Literal["satterthwaite", "n_minus_H"] | None = None,
) -> Statistics:
    """Interval of a rate by a stratified sample.

    Korn & Graubard, Survey Methodology 24 (1998), 193; Wendell & Schmee, JASA 91 (1996), 825 ("exact", for
    few and small strata); "bonferroni_exact" adds the exact bounds of the strata at 1 - alpha / H:
    always valid.

    Parameters
    ----------
    strata : sequence of mappings
        ``N``, ``n`` and ``x`` of each stratum.
    method : str
        Which interval.
    conf : number
        Confidence.
    side : str, optional
        "two", "upper" or "lower".
    cap : bool, optional
        Whether the effective sample size is at most the real one.
    df : str, optional
        Degrees of freedom.

    Returns
    -------
    Statistics
        ``low``, ``high``, and ``n_eff`` or ``M_low`` and ``M_high``.
    """
    return statistics(
        "stratified_proportion_interval", strata=strata, conf=conf, method=method, side=side, cap=cap, df=df
    )
