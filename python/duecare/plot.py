"""Pictures of cases and audits as Matplotlib figures, to be restyled and saved.

They are drawn from the same data as the pictures of ``duecare report``. Matplotlib comes with
``pip install 'duecare[plot]'``; without it each function raises UnsupportedError. Those that take a result
need findings of every verdict: ``duecare.audit(..., verdicts="all")``.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from duecare._audit import Result
from duecare._case import CaseTimeline
from duecare._errors import ArgumentError
from duecare._figures._funnel import funnel_chart, unit_groups
from duecare._figures._grids import heatmap_chart, lags_chart
from duecare._figures._matplotlib import to_figure
from duecare._figures._spans import cadence_chart, survival_chart
from duecare._figures._study import Review, Study, Wait
from duecare._figures._timeline import timeline_chart
from duecare._figures._trend import trend_chart
from duecare._store import Store
from duecare._store_rows import under_another_policy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["cadence", "funnel", "heatmap", "lags", "survival", "timeline", "trend"]


def _need(value: object, kind: type, name: str, expected: str) -> None:
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {expected}, not {type(value).__name__}")


def _study(result: Result) -> Study:
    _need(result, Result, "result", 'a duecare.Result: duecare.audit(..., verdicts="all")')
    return Study(result)


def _known(study: Study, duties: Sequence[str] | None) -> list[str] | None:
    if duties is None:
        return None
    if isinstance(duties, str):
        raise ArgumentError("duties must be a list of ids of duties, not one text.")
    for duty_id in duties:
        if duty_id not in study.duties:
            raise ArgumentError(f"The policy has no duty {duty_id!r}.")
    return list(duties)


def timeline(case: CaseTimeline, *, most_rows: int = 16) -> "Figure":
    """What happened in a case, and each duty from when it arose to when it fell due.

    Parameters
    ----------
    case
        ``result.case(case_id)``.
    most_rows
        How many duties to draw, the most serious first.
    """
    _need(case, CaseTimeline, "case", "a CaseTimeline: result.case(case_id)")
    return to_figure(timeline_chart(case, most_rows=most_rows))


def funnel(result: Result, *, duties: Sequence[str] | None = None) -> "Figure":
    """Share late or missed by unit against how many were judged, with exact binomial limits.

    Units are those of ``Finding.unit``.
    """
    study = _study(result)
    return to_figure(funnel_chart(unit_groups(study, _known(study, duties)), what="obligations"))


def cadence(result: Result, *, duties: Sequence[str] | None = None) -> "Figure":
    """How many days lie between reviews, for duties that recur."""
    study = _study(result)
    chosen = _known(study, duties)
    reviews: list[Review] = [
        one for name, found in study.reviews.items() if chosen is None or name in chosen for one in found
    ]
    return to_figure(cadence_chart(reviews, title="Days between reviews"))


def survival(result: Result, *, duties: Sequence[str]) -> "Figure":
    """Share still waiting by time since it fell to be done, one curve a duty, at most four.

    The curves are Kaplan and Meier's."""
    study = _study(result)
    chosen = _known(study, duties) or []
    groups: list[tuple[str, list[Wait]]] = [
        (study.duties[name].title or name, study.waits[name]) for name in chosen
    ]
    if not 1 <= len(groups) <= 4:
        raise ArgumentError("survival draws from one to four duties.")
    for name in chosen:
        if study.shapes[name] != "respond":
            raise ArgumentError(f"The duty {name!r} waits for nothing to be done after it arises.")
    return to_figure(survival_chart(groups, title="Still waiting"))


def heatmap(
    result: Result, *, duties: Sequence[str] | None = None, units: Sequence[str] | None = None
) -> "Figure":
    """Late or missed out of judged, duties by units."""
    study = _study(result)
    chosen = _known(study, duties)
    shown = [name for name in study.duties if name in study.by_unit] if chosen is None else chosen
    return to_figure(
        heatmap_chart(study, shown, study.units if units is None else list(units), title="Late or missed")
    )


def lags(result: Result) -> "Figure":
    """How long after things happened the record said so, by kind of entry."""
    study = _study(result)
    return to_figure(lags_chart(study.lags(), study.titles))


def trend(
    store: Store, *, duty_id: str | None = None, unit: str | None = None, owner: str | None = None
) -> "Figure":
    """Share met from run to run of a store, with 95 % intervals; of all duties unless one is named."""
    _need(store, Store, "store", "an open duecare.Store: with duecare.Store(path) as store")
    points = store.trend(duty_id=duty_id, unit=unit, owner=owner)
    return to_figure(trend_chart(points, under_another_policy(store.runs)))
