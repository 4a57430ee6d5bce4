"""The chapters: duties with their counts, and their pictures; and how units compare."""

from collections.abc import Iterator
from typing import Any

from duecare._figures import _estimates
from duecare._figures._axes import percent
from duecare._figures._chart import Chart, Table
from duecare._figures._funnel import funnel_chart, unit_groups
from duecare._figures._grids import heatmap_chart, lags_chart
from duecare._figures._spans import cadence_chart, survival_chart
from duecare._figures._study import NO_UNIT, Tally
from duecare._figures._timeline import verdict_words
from duecare._report._chapters import OTHER, THEMES, Theme, theme_of
from duecare._report._context import Context, counted, share
from duecare._report._model import (
    Chapter,
    DutyRow,
)
from duecare._types import VERDICTS

_HEAT_DUTIES, _HEAT_UNITS = 12, 8
# Rhythms and stages with fewer than this are not drawn: the counts in the table say it better.
_FEWEST = 10


class Duties:
    """By theme, and by unit."""

    def __init__(self, at: Context) -> None:
        self._at = at
        self._themes: dict[Theme, list[str]] = {}
        for duty in at.result.policy.duties:
            if duty.id in at.study.by_unit:
                self._themes.setdefault(theme_of(duty.area), []).append(duty.id)

    def write(self) -> Iterator[Chapter]:
        for theme in (*THEMES, OTHER):
            duties = self._themes.get(theme)
            if not duties:
                continue
            total = self._at.study.total(duties)
            yield Chapter(
                theme.anchor,
                theme.title,
                theme.asks,
                self._sentence(total, len(duties)),
                tuple(self._duty_row(name) for name in duties),
                tuple(self._charts(theme, duties)),
            )

    def _sentence(self, total: Tally, duties: int) -> str:
        said = f"{counted(duties, 'duty', 'duties')} arose {counted(total.total, 'time')}. "
        if total.judged:
            said += (
                f"Of {total.judged:,} that were due and could be judged, {total.counts['met']:,} were done "
                f"in time, "
                f"{total.counts['late']:,} late, and {total.counts['missed']:,} not in time."
            )
        else:
            said += "None was due yet and could be judged."
        if total.counts["unassessable"]:
            said += (
                f" {total.counts['unassessable']:,} could not be judged, "
                "because the record does not say enough."
            )
        return said

    def _duty_row(self, name: str) -> DutyRow:
        duty, tally = self._at.study.duties[name], self._at.study.duty(name)
        counts = tally.counts
        low, high = _estimates.proportion_interval(counts["met"], tally.judged)
        return DutyRow(
            name,
            duty.title or name,
            duty.severity,
            self._at.source(duty),
            f"{tally.judged:,}",
            f"{counts['met']:,}",
            f"{counts['late']:,}",
            f"{counts['missed']:,}",
            f"{counts['unassessable']:,}",
            f"{counts['pending']:,}",
            f"{counts['excused'] + counts['lapsed']:,}",
            percent(counts["met"] / tally.judged) if tally.judged else "–",
            f"{percent(low)} to {percent(high)}" if tally.judged else "–",
        )

    def _charts(self, theme: Theme, duties: list[str]) -> Iterator[Chart]:
        units = [unit for unit in self._at.study.units if self._at.study.unit(unit, duties).judged]
        failing = [name for name in duties if self._at.study.duty(name).failed]
        failing.sort(key=lambda name: -self._at.study.duty(name).failed)
        if len(units) > 1 and failing:
            yield self._heat(failing[:_HEAT_DUTIES], units, theme)
        yield from self._rhythms(duties)
        yield from self._waits(theme, duties)
        if theme.anchor == "records":
            yield from self._lags()

    def _heat(self, duties: list[str], units: list[str], theme: Theme) -> Chart:
        most = sorted(units, key=lambda unit: -self._at.study.unit(unit, duties).judged)[:_HEAT_UNITS]
        shown = [unit for unit in units if unit in most]
        names = {unit: self._at.disguise.unit(unit) for unit in shown}
        left = len(units) - len(shown)
        extra = f" The {left} units with fewest are not drawn." if left else ""
        return heatmap_chart(
            self._at.study,
            duties,
            shown,
            title=f"{theme.title} Late or missed, by unit",
            names=names,
            extra=extra,
        )

    def _rhythms(self, duties: list[str]) -> Iterator[Chart]:
        rhythms = [name for name in duties if self._at.study.reviews.get(name)]
        rhythms.sort(key=lambda name: -len(self._at.study.reviews[name]))
        for name in rhythms[:2]:
            title = self._at.study.duties[name].title or name
            if len(self._at.study.reviews[name]) >= _FEWEST:
                yield cadence_chart(
                    self._at.study.reviews[name], title=f"Rhythm: {title}", what="reviews or visits"
                )

    def _waits(self, theme: Theme, duties: list[str]) -> Iterator[Chart]:
        """Stages are duties that wait for something; those with fixed answers at once say little."""
        if theme.anchor not in ("children", "evidence", "offenders", "victims"):
            return
        stages = [
            name
            for name in duties
            if self._at.study.shapes[name] == "respond"
            and sum(wait.ended for wait in self._at.study.waits.get(name, ())) >= _FEWEST
            and any(wait.days > 0 for wait in self._at.study.waits[name])
        ]
        stages.sort(key=lambda name: -len(self._at.study.waits[name]))
        if stages:
            groups = [
                (self._at.study.duties[name].title or name, self._at.study.waits[name]) for name in stages[:4]
            ]
            yield survival_chart(groups, title=f"{theme.title} How long it took")

    def _lags(self) -> Iterator[Chart]:
        chart = lags_chart(
            self._at.study.lags(),
            self._at.study.titles,
            unnamed="Other entry" if self._at.disguise.anonymous else "",
        )
        if chart.table.rows:
            yield chart

    def units(self) -> dict[str, Any]:
        groups = [
            (self._at.disguise.unit(name), failed, number)
            for name, failed, number in unit_groups(self._at.study)
        ]
        rows = []
        for unit in self._at.study.units:
            tally = self._at.study.unit(unit)
            rows.append(
                (
                    self._at.disguise.unit(unit),
                    *(f"{tally.counts[verdict]:,}" for verdict in VERDICTS),
                    f"{tally.total:,}",
                    share(tally.failed, tally.judged),
                )
            )
        named = [group for group in groups if group[0] != NO_UNIT]
        note = (
            ""
            if len(named) > 1
            else "Fewer than two units are named in the record, so there is nothing to compare."
        )
        return {
            "funnel": funnel_chart(named, what="duties") if len(named) > 1 else None,
            "unit_note": note,
            "units": Table(
                (
                    "Unit",
                    *(verdict_words(verdict).capitalize() for verdict in VERDICTS),
                    "All",
                    "Late or not in time, of those judged",
                ),
                tuple(rows),
                "Duties by the unit that held the case when they fell due, and by what became of them",
            ),
        }
