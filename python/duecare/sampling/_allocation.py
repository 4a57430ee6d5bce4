"""How many of the files come from each stratum."""

from collections.abc import Sequence

from duecare.sampling._calculate import Number, Statistics, statistics


def allocate_proportional(
    *,
    N_h: Sequence[int],
    n: int,
    min_per_stratum: int | None = None,
    S_h: Sequence[Number] | None = None,
) -> Statistics:
    """Shares in proportion to the sizes, rounded by largest remainder.

    Bowley 1926; Cochran 1977, 5.5. Ties: the larger stratum, then the earlier.

    Parameters
    ----------
    N_h : sequence of int
        Units of each stratum.
    n : int
        Units to draw in all.
    min_per_stratum : int, optional
        A floor; as :func:`allocate_minimum`.
    S_h : sequence of numbers, optional
        Standard deviations, for ``variance_mean`` alone.

    Returns
    -------
    Statistics
        ``n_h``, ``quotas``, ``warnings``; with ``S_h`` also ``variance_mean``.

    Examples
    --------
    >>> allocate_proportional(N_h=[1054, 220, 1382, 422], n=300).n_h
    [103, 21, 135, 41]
    """
    return statistics("allocate_proportional", N_h=N_h, n=n, min_per_stratum=min_per_stratum, S_h=S_h)


def allocate_equal(*, N_h: Sequence[int], n: int, S_h: Sequence[Number] | None = None) -> Statistics:
    """The same number from each stratum; strata smaller than their share are taken whole.

    Parameters
    ----------
    N_h : sequence of int
        Units of each stratum.
    n : int
        Units to draw in all.
    S_h : sequence of numbers, optional
        Standard deviations, for ``variance_mean`` alone.

    Returns
    -------
    Statistics
        ``n_h``, ``quotas``, ``warnings``; with ``S_h`` also ``variance_mean``.
    """
    return statistics("allocate_equal", N_h=N_h, n=n, S_h=S_h)


def allocate_minimum(
    *,
    N_h: Sequence[int],
    n: int,
    min_per_stratum: int = 2,
    S_h: Sequence[Number] | None = None,
) -> Statistics:
    """Proportional shares, but none below a floor: strata below it get the floor, the rest is divided again.

    Parameters
    ----------
    N_h : sequence of int
        Units of each stratum.
    n : int
        Units to draw in all.
    min_per_stratum : int
        The floor; a stratum that is smaller is taken whole.
    S_h : sequence of numbers, optional
        Standard deviations, for ``variance_mean`` alone.

    Returns
    -------
    Statistics
        ``n_h``, ``quotas``, ``warnings``; with ``S_h`` also ``variance_mean``.
    """
    return statistics("allocate_minimum", N_h=N_h, n=n, min_per_stratum=min_per_stratum, S_h=S_h)


def allocate_neyman(
    *, N_h: Sequence[int], S_h: Sequence[Number], n: int, min_per_stratum: int = 1
) -> Statistics:
    """The allocation with the smallest variance of the mean, in whole numbers.

    Neyman 1934; Cochran 1977, (5.26); exact in integers by the priority values of Wright, American
    Statistician 66 (2012), 217. For a rate of deviations S_h is sqrt(p_h (1 - p_h)); plan with
    p_h = (x + 0.5) / (n + 1), so that a pilot without a deviation does not leave a stratum out.

    Parameters
    ----------
    N_h : sequence of int
        Units of each stratum.
    S_h : sequence of numbers
        Standard deviation within each stratum.
    n : int
        Units to draw in all.
    min_per_stratum : int
        The floor; a stratum that is smaller is taken whole.

    Returns
    -------
    Statistics
        ``n_h``, ``quotas``, ``variance_mean``, ``warnings``.
    """
    return statistics("allocate_neyman", N_h=N_h, S_h=S_h, n=n, min_per_stratum=min_per_stratum)
