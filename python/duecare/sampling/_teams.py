"""Teams beside each other, and months after each other."""

from collections.abc import Sequence
from typing import Literal

from duecare.sampling._calculate import Number, Statistics, statistics


def funnel_limits(
    *,
    n: int | Sequence[int],
    theta: Number,
    p: Number | Sequence[Number] | None = None,
    kind: Literal["exact_interpolated", "exact_discrete", "normal"] = "exact_interpolated",
) -> Statistics:
    """Limits of the rates of teams that are all alike; Spiegelhalter 2005.

    Statistics in Medicine 24, 1185, appendix A.1.1.

    Parameters
    ----------
    n : int or sequence of int
        Size of a team, or of each.
    theta : number
        The rate that they share.
    p : number or sequence, optional
        Probabilities below the limits, by default 0.001, 0.025, 0.975, 0.999.
    kind : str
        "exact_discrete" is not interpolated; "normal" approximates.

    Returns
    -------
    Statistics
        ``limits``: for one n a list of them, for several a list of lists; None for n = 0.

    Examples
    --------
    >>> [round(limit, 3) for limit in funnel_limits(n=100, theta=0.1, p=[0.025, 0.975]).limits]
    [0.04, 0.158]
    """
    return statistics("funnel_limits", n=n, theta=theta, p=p, kind=kind)


def funnel_p_value(
    *, x: int, n: int, theta: Number, method: Literal["exact", "mid_p"] = "exact"
) -> Statistics:
    """How surprising a team's count is if its rate is theta: twice the smaller binomial tail.

    Parameters
    ----------
    x, n : int
        Found, of so many.
    theta : number
        The rate that the teams share.
    method : str
        "mid_p" counts half of P(X = x).

    Returns
    -------
    Statistics
        ``p_value``, ``p_low``, ``p_high``. Of many teams see :func:`benjamini_hochberg`.
    """
    return statistics("funnel_p_value", x=x, n=n, theta=theta, method=method)


def overdispersion(
    *,
    x: Sequence[int],
    n: Sequence[int],
    theta: Number | None = None,
    winsorize: Number = 0.1,
    winsor_method: Literal["order_statistic", "quantile7"] = "order_statistic",
    transform: Literal["none", "arcsine"] = "none",
) -> Statistics:
    """Whether teams differ by more than chance, and by how much; Spiegelhalter 2005.

    Parameters
    ----------
    x, n : sequence of int
        Found, of so many, for each team.
    theta : number, optional
        The rate that they share, by default that of all together.
    winsorize : number
        Share at each end that is drawn in before the spread is measured.
    winsor_method : str
        By order statistics, or by R's type-7 quantiles.
    transform : str
        Scale of the z values.

    Returns
    -------
    Statistics
        ``theta``, ``phi``, ``tau2``, ``significant``, ``teams``, ``z``, ``z_winsorized``,
        ``z_adjusted_multiplicative``, ``z_adjusted_additive``.
    """
    return statistics(
        "overdispersion",
        x=x, n=n, theta=theta, winsorize=winsorize, winsor_method=winsor_method, transform=transform,
    )  # fmt: skip


def funnel_limits_overdispersed(
    *,
    n: int | Sequence[int],
    theta: Number,
    phi: float | None = None,
    tau2: float | None = None,
    p: Number | Sequence[Number] | None = None,
    transform: Literal["none", "arcsine"] = "none",
) -> Statistics:
    """Funnel limits widened by what :func:`overdispersion` found; never narrowed.

    Parameters
    ----------
    n, theta, p
        As of :func:`funnel_limits`.
    phi, tau2 : float
        One of both: multiplicative, or additive.
    transform : str
        Scale of the limits.

    Returns
    -------
    Statistics
        ``limits``, as of :func:`funnel_limits`.
    """
    return statistics(
        "funnel_limits_overdispersed", n=n, theta=theta, p=p, phi=phi, tau2=tau2, transform=transform
    )


def p_chart(
    *,
    x: Sequence[int],
    n: Sequence[int],
    center: Number | None = None,
    sigma: float = 3,
    laney: bool = False,
    d2: float = 1.128,
) -> Statistics:
    """Rates of periods with limits for each; Shewhart's p chart, with ``laney`` that of Laney 2002.

    Parameters
    ----------
    x, n : sequence of int
        Found, of so many, in each period; n = 0 is a gap.
    center : number, optional
        The rate to compare with, by default that of all together.
    sigma : float
        How many standard deviations away the limits are.
    laney : bool
        Whether the limits take the spread between periods into account.
    d2 : float
        Laney's constant.

    Returns
    -------
    Statistics
        ``center``, ``ucl``, ``lcl``, ``sigma_z``, ``out_of_control`` (positions from 0), ``warnings``.
    """
    return statistics("p_chart", x=x, n=n, center=center, sigma=sigma, laney=laney, d2=d2)


def spc_rules(*, z: Sequence[float | None]) -> Statistics:
    """The eight rules of Nelson 1984; each rule one asks for costs false alarms.

    Parameters
    ----------
    z : sequence of float or None
        Points in standard deviations from the centre line.

    Returns
    -------
    Statistics
        For each rule the positions (from 0) of the points that complete its pattern.
    """
    return statistics("spc_rules", z=z)


def runs_analysis(*, y: Sequence[float | None], center: float | None = None) -> Statistics:
    """Whether a series wanders off its median: longest run and crossings; Anhøj & Olesen 2014.

    Parameters
    ----------
    y : sequence of float or None
        The series; None is left out.
    center : float, optional
        The line, by default the median.

    Returns
    -------
    Statistics
        ``n_useful``, ``longest_run``, ``longest_run_max``, ``crossings``, ``crossings_min``, ``signal``
        (None for fewer than 10 points), ``center``.
    """
    return statistics("runs_analysis", y=y, center=center)


def ewma_chart(
    *,
    x: Sequence[float],
    mu0: float | None = None,
    sigma: float | None = None,
    p0: Number | None = None,
    n: int | Sequence[int] | None = None,
    lambda_: float = 0.2,
    L: float = 3,
    limits: Literal["exact", "asymptotic"] = "exact",
) -> Statistics:
    """Exponentially weighted moving average; Roberts 1959; Lucas & Saccucci 1990.

    Parameters
    ----------
    x : sequence of float
        Measurements, or with ``p0`` counts.
    mu0, sigma : float, optional
        Mean and standard deviation of a frozen base period.
    p0, n : optional
        Or: base rate, and of how many each count is.
    lambda_ : float
        Weight of the newest point.
    L : float
        How many standard deviations away the limits are.
    limits : str
        Of each point, or those that they tend to.

    Returns
    -------
    Statistics
        ``ewma``, ``ucl``, ``lcl``, ``signals`` (positions from 0), ``first_signal``.
    """
    return statistics(
        "ewma_chart", x=x, mu0=mu0, sigma=sigma, p0=p0, n=n, lambda_=lambda_, L=L, limits=limits
    )


def cusum_chart(*, x: Sequence[float], mu0: float, k: float, h: float) -> Statistics:
    """Tabular cumulative sums, both ways; Page 1954.

    Parameters
    ----------
    x : sequence of float
        Measurements.
    mu0 : float
        Mean of a frozen base period.
    k, h : float
        Allowance and limit, in units of the data.

    Returns
    -------
    Statistics
        ``c_plus``, ``c_minus``, ``signals`` (positions from 0), ``first_signal``.
    """
    return statistics("cusum_chart", x=x, mu0=mu0, k=k, h=h)


def llr_cusum(
    *, x: Sequence[int], p0: Number, p1: Number, h: float, n: int | Sequence[int] | None = None
) -> Statistics:
    """Cumulative log-likelihood ratio of a rate p1 against p0; Steiner et al. 2000.

    Parameters
    ----------
    x : sequence of int
        Counts, in the order of the events.
    p0, p1 : number
        Base rate, and the rate to be noticed.
    h : float
        Limit.
    n : int or sequence of int, optional
        Of how many each count is, by default 1.

    Returns
    -------
    Statistics
        ``cusum``, ``signals`` (positions from 0), ``first_signal``.
    """
    return statistics("llr_cusum", x=x, n=n, p0=p0, p1=p1, h=h)


def benjamini_hochberg(
    *,
    p: Sequence[float | None],
    q: Number = 0.05,
    dependence: Literal["positive", "arbitrary"] = "positive",
) -> Statistics:
    """Which of many tests to believe; Benjamini & Hochberg 1995, "arbitrary" Benjamini & Yekutieli 2001.

    Parameters
    ----------
    p : sequence of float or None
        p-values of all tests that were looked at; None is left out.
    q : number
        Share of false ones among the believed that is put up with.
    dependence : str
        What is known of how the tests hang together.

    Returns
    -------
    Statistics
        ``adjusted``, ``rejected`` (positions from 0), ``m`` (tests counted).

    Examples
    --------
    >>> benjamini_hochberg(p=[0.001, 0.04, 0.03, 0.9]).rejected
    [0]
    """
    return statistics("benjamini_hochberg", p=p, q=q, dependence=dependence)
