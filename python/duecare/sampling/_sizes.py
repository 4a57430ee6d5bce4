"""How many files to read, and what so many can show."""

from typing import Literal

from duecare.sampling._calculate import Number, Statistics, statistics


def sample_size_attribute(
    *,
    tolerable_rate: Number,
    expected_rate: Number | None = None,
    expected_deviations: int | None = None,
    risk: Number | None = None,
    conf: Number | None = None,
    model: Literal["binomial", "poisson", "hypergeometric"] = "binomial",
    N: int | None = None,
) -> Statistics:
    """The smallest sample that can show the rate of deviations to be below a tolerable one.

    AICPA Audit Sampling 2017, tables A-1 and A-2: the smallest n with P(X <= k) <= risk, where
    k = ceil(n * expected_rate) or the number given.

    Parameters
    ----------
    tolerable_rate : number
        The rate that is to be excluded.
    expected_rate, expected_deviations : number or int, optional
        What is expected to be found, as a rate or as a number; by default no deviation.
    risk, conf : number, optional
        Risk of overreliance, or the confidence that is 1 - risk (by default 0.95).
    model : str
        "hypergeometric" takes the size of the population into account.
    N : int, optional
        Units of the population; for "hypergeometric".

    Returns
    -------
    Statistics
        ``n``, ``acceptable_deviations``, ``achieved_risk``; None where no practicable n does it.

    Examples
    --------
    >>> sample_size_attribute(tolerable_rate=0.05, risk=0.05).n
    59
    """
    return statistics(
        "sample_size_attribute",
        model=model,
        tolerable_rate=tolerable_rate,
        expected_rate=expected_rate,
        expected_deviations=expected_deviations,
        risk=risk,
        conf=conf,
        N=N,
    )


def sample_size_discovery(
    *, N: int, M: int | None = None, critical_rate: Number | None = None, conf: Number = 0.95
) -> Statistics:
    """The smallest sample that finds at least one deviation if there are M of them; exact hypergeometric.

    Parameters
    ----------
    N : int
        Units of the population.
    M, critical_rate : int or number
        Deviations that must not go unnoticed, as a number or as a rate (rounded up).
    conf : number
        Probability of finding one.

    Returns
    -------
    Statistics
        ``n``, ``M``, ``achieved_confidence``.
    """
    return statistics("sample_size_discovery", N=N, M=M, critical_rate=critical_rate, conf=conf)


def detection_probability(*, N: int, M: int, n: int, at_least: int = 1) -> Statistics:
    """How likely n units of N hold at least so many of the M deviations; exact hypergeometric.

    Parameters
    ----------
    N, M, n : int
        Units, deviations among them, units drawn.
    at_least : int
        Deviations that the sample is to hold.

    Returns
    -------
    Statistics
        ``probability``.

    Examples
    --------
    >>> round(detection_probability(N=100, M=5, n=45).probability, 3)
    0.954
    """
    return statistics("detection_probability", N=N, M=M, n=n, at_least=at_least)


def sample_size_proportion(
    *,
    margin: Number,
    p: Number = 0.5,
    conf: Number | None = None,
    z: float | None = None,
    N: int | None = None,
) -> Statistics:
    """The sample that knows a rate to within a margin; Cochran 1977, 4.4. Not for rare deviations.

    Parameters
    ----------
    margin : number
        Half the width of the interval.
    p : number
        The rate that is expected.
    conf, z : number, optional
        Confidence (by default 0.95), or the normal quantile itself.
    N : int, optional
        Units of the population; without it, it is endless.

    Returns
    -------
    Statistics
        ``n0`` for an endless population, and ``n``.

    Examples
    --------
    >>> sample_size_proportion(margin=0.05, z=2, N=3200).n
    356
    """
    return statistics("sample_size_proportion", p=p, margin=margin, conf=conf, z=z, N=N)


def power_two_proportions(
    *,
    p1: Number,
    p2: Number,
    n1: int | None = None,
    n2: int | None = None,
    power: Number | None = None,
    conf: Number = 0.95,
) -> Statistics:
    """How likely two samples show that two rates differ, or the size that shows it.

    Normal approximation without continuity correction; Fleiss, Levin & Paik 2003, 4.2.

    Parameters
    ----------
    p1, p2 : number
        The rates.
    n1, n2 : int, optional
        Sizes of the samples; one alone is that of both. Without them the size is sought.
    power : number, optional
        The power that the size is to have, by default 0.8.
    conf : number
        1 - the level of the two-sided test.

    Returns
    -------
    Statistics
        ``power``; where it was sought also ``n``, the size of each sample.
    """
    return statistics("power_two_proportions", p1=p1, p2=p2, n1=n1, n2=n2, power=power, conf=conf)


def detectable_difference(*, n: int, p: Number = 0.5, power: Number = 0.8, conf: Number = 0.95) -> Statistics:
    """The smallest difference from a rate that two samples of n each show with this power.

    Parameters
    ----------
    n : int
        Size of each of both samples.
    p : number
        The rate to differ from.
    power, conf : number
        Power and 1 - level of the two-sided test.

    Returns
    -------
    Statistics
        ``difference``; None where no difference would be shown.
    """
    return statistics("detectable_difference", p=p, n=n, power=power, conf=conf)
