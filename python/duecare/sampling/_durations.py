"""How long it takes until something ends, with what is still open taken into account."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from duecare.sampling._calculate import Number, Statistics, statistics

ConfidenceType: TypeAlias = Literal["log-log", "log", "plain"]


def kaplan_meier(
    *,
    time: Sequence[float],
    event: Sequence[int | bool],
    entry: Sequence[float | None] | None = None,
    at: float | Sequence[float] | None = None,
    conf: Number = 0.95,
    conf_type: ConfidenceType = "log-log",
) -> Statistics:
    """The share not yet ended; Kaplan & Meier 1958, variance by Greenwood.

    Parameters
    ----------
    time : sequence of float
        From the start to the end, or to when the record ends.
    event : sequence of 0 or 1
        Whether it ended (1) or was still open (0).
    entry : sequence of float, optional
        From when on it was watched, where that is not from the start.
    at : float or sequence, optional
        At what time; by default at each at which something ended.
    conf : number
        Confidence.
    conf_type : str
        Scale of the limits; "log-log" stays between 0 and 1.

    Returns
    -------
    Statistics
        ``survival``, ``se``, ``low``, ``high``, ``n_risk``, ``beyond_last``, ``reason``; lists, unless
        ``at`` is one number, with ``at``.

    Examples
    --------
    >>> kaplan_meier(time=[2, 4, 6, 8], event=[1, 1, 0, 1], at=4).survival
    0.5
    """
    return statistics(
        "kaplan_meier", time=time, event=event, entry=entry, at=at, conf=conf, conf_type=conf_type
    )


def survival_quantile(
    *,
    time: Sequence[float],
    event: Sequence[int | bool],
    entry: Sequence[float | None] | None = None,
    p: Number = 0.5,
    conf: Number = 0.95,
    conf_type: ConfidenceType = "log-log",
) -> Statistics:
    """The first time by which a share p has ended; limits Brookmeyer & Crowley 1982.

    Parameters
    ----------
    time, event, entry, conf, conf_type
        As of :func:`kaplan_meier`.
    p : number
        Which share; 0.5 is the median.

    Returns
    -------
    Statistics
        ``quantile``, ``low``, ``high``; None where not reached.

    Examples
    --------
    >>> survival_quantile(time=[2, 4, 6, 8], event=[1, 1, 1, 1]).quantile
    4.0
    """
    return statistics(
        "survival_quantile", time=time, event=event, entry=entry, p=p, conf=conf, conf_type=conf_type
    )


def nelson_aalen(
    *,
    time: Sequence[float],
    event: Sequence[int | bool],
    entry: Sequence[float | None] | None = None,
    at: float | Sequence[float] | None = None,
) -> Statistics:
    """The cumulative hazard; Nelson 1969; Aalen 1978.

    Parameters
    ----------
    time, event, entry, at
        As of :func:`kaplan_meier`.

    Returns
    -------
    Statistics
        ``cumulative_hazard``, ``se``, ``n_risk``.
    """
    return statistics("nelson_aalen", time=time, event=event, entry=entry, at=at)


def restricted_mean(
    *,
    time: Sequence[float],
    event: Sequence[int | bool],
    entry: Sequence[float | None] | None = None,
    tau: float | None = None,
) -> Statistics:
    """The mean time until the end, or until tau: the area under the survival curve.

    Parameters
    ----------
    time, event, entry
        As of :func:`kaplan_meier`.
    tau : float, optional
        Up to when, by default up to the largest time.

    Returns
    -------
    Statistics
        ``rmst``, ``se``, ``tau``.
    """
    return statistics("restricted_mean", time=time, event=event, entry=entry, tau=tau)


def logrank(
    *,
    time: Sequence[float],
    event: Sequence[int | bool],
    group: Sequence[str | int],
    entry: Sequence[float | None] | None = None,
) -> Statistics:
    """Whether two groups end at the same pace; Mantel 1966, hypergeometric variance.

    Parameters
    ----------
    time, event, entry
        As of :func:`kaplan_meier`.
    group : sequence
        The group of each, of two.

    Returns
    -------
    Statistics
        ``chi2``, ``p_value``, and of ``first_group`` ``observed``, ``expected``, ``variance``;
        ``observed_other``, ``expected_other``.
    """
    return statistics("logrank", time=time, event=event, entry=entry, group=group)


def aalen_johansen(
    *,
    time: Sequence[float],
    state: Sequence[str | int],
    cause: str | int = 1,
    entry: Sequence[float | None] | None = None,
    at: float | Sequence[float] | None = None,
) -> Statistics:
    """The share that has ended in one of several ways; Aalen & Johansen 1978.

    1 - :func:`kaplan_meier` with the other ways taken as open would say too much.

    Parameters
    ----------
    time, entry, at
        As of :func:`kaplan_meier`.
    state : sequence
        How each ended; 0 is still open.
    cause : str or int
        Which way.

    Returns
    -------
    Statistics
        ``cif``, ``se``, ``event_free``, ``n_risk``.
    """
    return statistics("aalen_johansen", time=time, state=state, entry=entry, cause=cause, at=at)
