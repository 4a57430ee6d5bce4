"""How right the machine is, and how far two judges agree."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from duecare.sampling._calculate import Number, Statistics, statistics

Table: TypeAlias = Sequence[Sequence[float]]
Weights: TypeAlias = Literal["none", "linear", "quadratic"] | Sequence[Sequence[float]]


def classification_accuracy(
    *,
    tp: int,
    fp: int,
    fn: int,
    tn: int,
    conf: Number = 0.95,
    ci_method: Literal["wilson", "clopper_pearson"] = "wilson",
) -> Statistics:
    """Sensitivity, specificity and what follows from them, each with limits of its own denominator.

    Right only if the cases that were reviewed are a simple random sample of all; otherwise
    :func:`begg_greenes`.

    Parameters
    ----------
    tp, fp, fn, tn : int
        Cases flagged rightly and wrongly, not flagged wrongly and rightly.
    conf : number
        Confidence.
    ci_method : str
        Which interval.

    Returns
    -------
    Statistics
        ``sensitivity``, ``specificity``, ``ppv``, ``npv``, ``accuracy``, ``prevalence`` (each also ``_low``
        and ``_high``), ``lr_positive``, ``lr_negative``, ``f1``, ``youden``.

    Examples
    --------
    >>> classification_accuracy(tp=18, fp=4, fn=2, tn=76).sensitivity
    0.9
    """
    return statistics("classification_accuracy", tp=tp, fp=fp, fn=fn, tn=tn, conf=conf, ci_method=ci_method)


def begg_greenes(
    *,
    n_pos: int,
    n_neg: int,
    pos_d1: int,
    pos_d0: int,
    neg_d1: int,
    neg_d0: int,
    finite: bool = False,
    conf: Number = 0.95,
) -> Statistics:
    """Accuracy where flagged cases were reviewed more often than others; Begg & Greenes 1983.

    Parameters
    ----------
    n_pos, n_neg : int
        Cases with and without a flag.
    pos_d1, pos_d0, neg_d1, neg_d0 : int
        Of the reviewed, flagged and not, those with and without a deviation.
    finite : bool
        Whether the flags are those of the whole population.
    conf : number
        Confidence.

    Returns
    -------
    Statistics
        ``sensitivity``, ``specificity``, ``ppv``, ``missed`` (each also ``_se``, ``_low``, ``_high``),
        ``prevalence``.
    """
    return statistics(
        "begg_greenes",
        n_pos=n_pos, n_neg=n_neg, pos_d1=pos_d1, pos_d0=pos_d0, neg_d1=neg_d1, neg_d0=neg_d0,
        finite=finite, conf=conf,
    )  # fmt: skip


def rogan_gladen(
    *,
    x: int,
    n: int,
    se: Number,
    sp: Number,
    n_se: int | None = None,
    n_sp: int | None = None,
    conf: Number = 0.95,
    ci_method: Literal["delta", "wilson", "clopper_pearson"] = "delta",
) -> Statistics:
    """The true rate by a machine of known accuracy; Rogan & Gladen 1978, limits Reiczigel et al. 2010.

    Parameters
    ----------
    x, n : int
        Flagged, of so many.
    se, sp : number
        Sensitivity and specificity of the machine, known from elsewhere and right for these cases.
    n_se, n_sp : int, optional
        From how many cases these are known; without them exactly.
    conf : number
        Confidence.
    ci_method : str
        "delta" takes ``n_se`` and ``n_sp`` into account.

    Returns
    -------
    Statistics
        ``raw``, ``estimate`` (0 to 1), ``truncated``, ``std_error``, ``ci_low``, ``ci_high``.
    """
    return statistics(
        "rogan_gladen", x=x, n=n, se=se, sp=sp, n_se=n_se, n_sp=n_sp, conf=conf, ci_method=ci_method
    )


def percent_agreement(
    *,
    table: Table,
    n: int | None = None,
    conf: Number = 0.95,
    ci_method: Literal["wilson", "clopper_pearson"] = "wilson",
) -> Statistics:
    """The share of cases in which two judges say the same.

    Of two categories also the agreement on each; Cicchetti & Feinstein 1990.

    Parameters
    ----------
    table : square matrix
        Cases by what the first (rows) and the second judge (columns) says.
    n : int, optional
        Cases, where the table holds shares.
    conf : number
        Confidence.
    ci_method : str
        Which interval.

    Returns
    -------
    Statistics
        ``agreement``, ``low``, ``high``, ``n``; of two categories ``positive_agreement`` and
        ``negative_agreement``.
    """
    return statistics("percent_agreement", table=table, n=n, conf=conf, ci_method=ci_method)


def cohen_kappa(
    *,
    table: Table,
    weights: Weights = "none",
    n: int | None = None,
    conf: Number = 0.95,
    ci: Literal["normal", "t"] = "normal",
) -> Statistics:
    """Agreement of two judges beyond chance; Cohen 1960, 1968; errors Fleiss, Cohen & Everitt 1969.

    Where deviations are rare kappa is low however well the judges agree: give it beside
    :func:`percent_agreement` and :func:`gwet_ac`.

    Parameters
    ----------
    table : square matrix
        Cases by what the first (rows) and the second judge (columns) says.
    weights : str or square matrix
        Weights of agreement, 1 on the diagonal.
    n : int, optional
        Cases, where the table holds shares.
    conf : number
        Confidence.
    ci : str
        Limits by the normal distribution or by Student's t.

    Returns
    -------
    Statistics
        ``po``, ``pe``, ``kappa``, ``ase``, ``ase0`` (of no agreement), ``ci_low``, ``ci_high``, ``n``.

    Examples
    --------
    >>> round(cohen_kappa(table=[[118, 5], [2, 0]]).kappa, 4)
    -0.0234
    """
    return statistics("cohen_kappa", table=table, weights=weights, n=n, conf=conf, ci=ci)


def gwet_ac(
    *,
    table: Table,
    weights: Weights = "none",
    n: int | None = None,
    N: int | None = None,
    conf: Number = 0.95,
    ci: Literal["t", "normal"] = "t",
) -> Statistics:
    """AC1, with weights AC2; Gwet, British Journal of Mathematical and Statistical Psychology 61 (2008), 29.

    Parameters
    ----------
    table, weights, n, conf
        As of :func:`cohen_kappa`. All categories that are possible, not only those that occur.
    N : int, optional
        Cases of the population.
    ci : str
        Limits by Student's t or by the normal distribution.

    Returns
    -------
    Statistics
        ``pa``, ``pe``, ``coefficient``, ``se``, ``ci_low``, ``ci_high``, ``n``.

    Examples
    --------
    >>> round(gwet_ac(table=[[118, 5], [2, 0]]).coefficient, 4)
    0.9408
    """
    return statistics("gwet_ac", table=table, weights=weights, n=n, N=N, conf=conf, ci=ci)


def gwet_ac_raw(
    *,
    ratings: Sequence[Sequence[str | int | None]],
    categories: Sequence[str | int],
    weights: Weights = "none",
    N: int | None = None,
    conf: Number = 0.95,
    ci: Literal["t", "normal"] = "t",
) -> Statistics:
    """AC1 or AC2 of any number of judges, not all of whom judged every case; Gwet 2014.

    Parameters
    ----------
    ratings : matrix
        A row for each case, a column for each judge; None where there is no rating.
    categories : sequence
        All that are possible, in their order.
    weights, N, conf, ci
        As of :func:`gwet_ac`.

    Returns
    -------
    Statistics
        ``pa``, ``pe``, ``coefficient``, ``se``, ``ci_low``, ``ci_high``, ``n``.
    """
    return statistics(
        "gwet_ac_raw", ratings=ratings, categories=categories, weights=weights, N=N, conf=conf, ci=ci
    )


def fleiss_kappa(*, counts: Sequence[Sequence[int]]) -> Statistics:
    """Agreement of equally many judges of each case, whoever they are; Fleiss 1971.

    Parameters
    ----------
    counts : matrix
        A row for each case, a column for each category: how many judges chose it.

    Returns
    -------
    Statistics
        ``pa``, ``pe``, ``kappa``.
    """
    return statistics("fleiss_kappa", counts=counts)
