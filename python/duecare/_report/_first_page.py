"""The first page: what is overdue, what falls due, and where most went wrong."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from duecare._figures._study import Filed
from duecare._report._chapters import theme_of
from duecare._report._context import Context, counted, cut, share
from duecare._report._model import (
    Figure,
)
from duecare._types import SEVERITIES

_WEEK = timedelta(days=7)


class FirstPage:
    """Counts first, then the lists."""

    def __init__(self, at: Context) -> None:
        self._at = at

    def _closed(self, filed: Sequence[Filed]) -> dict[int, str]:
        """Of those cases that are closed, since when."""
        notes = {}
        for case in {one.case for one in filed}:
            closed = self._at.study.timeline(case).closed_at
            if closed is not None:
                notes[case] = f"case closed {self._at.clock.day(self._at.disguise.when(closed))}"
        return notes

    def _overdue(self, severity: str, most: int) -> tuple[list[Filed], dict[int, str], dict[str, Any]]:
        found = self._at.study.overdue(severity)
        closed = self._closed(found)
        shown = sorted(found, key=lambda one: one.case in closed)[:most]
        name = "overdue" if severity == "critical" else f"overdue_{severity}"
        return (
            found,
            closed,
            {
                name: tuple(self._at.line(one, closed.get(one.case, "")) for one in shown),
                f"{name}_note": cut(len(found), len(shown), "open cases first, the longest overdue first"),
            },
        )

    def _figures(self, critical: list[Filed], closed: Mapping[int, str], soon: int) -> tuple[Figure, ...]:
        total = self._at.study.total()
        counts, unclear = total.counts, total.counts["unassessable"]
        in_cases = counted(len({one.case for one in critical}), "case")
        in_closed = sum(one.case in closed for one in critical)
        detail = f"in {in_cases} of {len(self._at.result.caseload):,}" if critical else "in any case"
        detail += f"; {in_closed:,} in cases that are closed" if in_closed else ""
        one = len(critical) == 1
        return (
            Figure(
                f"{len(critical):,}",
                f"critical {'duty is' if one else 'duties are'} overdue and still not done",
                detail,
                "bad" if critical else "good",
            ),
            Figure(
                f"{soon:,}",
                f"{'duty falls' if soon == 1 else 'duties fall'} due in the next 7 days",
                f"of {counts['pending']:,} still to do and in time",
                "plain",
            ),
            Figure(
                f"{counts['met']:,}",
                f"of {total.judged:,} duties were done in time",
                f"{counts['late']:,} done late, {counts['missed']:,} not done in time",
                "plain",
            ),
            Figure(
                f"{unclear:,}",
                "cannot be judged: the record does not say enough",
                "counted neither as done nor as missed",
                "warn" if unclear else "good",
            ),
        )

    def write(self) -> dict[str, Any]:
        first = self._at.limits.first
        critical, closed, listed = self._overdue("critical", first)
        _, _, high = self._overdue("high", first)
        soon = self._at.study.due_until(self._at.study.as_of + _WEEK)
        return {
            "figures": self._figures(critical, closed, len(soon)),
            **listed,
            **high,
            "soon": tuple(self._at.line(one) for one in soon[:first]),
            "soon_note": cut(len(soon), min(first, len(soon)), "the first to fall due"),
            "worst": tuple(self._worst()),
        }

    def _worst(self) -> Iterator[tuple[str, str, str]]:
        tallies = [(name, self._at.study.duty(name)) for name in self._at.study.by_unit]
        order = {name: SEVERITIES.index(duty.severity) for name, duty in self._at.study.duties.items()}
        failed = [(name, tally) for name, tally in tallies if tally.failed]
        for name, tally in sorted(failed, key=lambda one: (-one[1].failed, order[one[0]], one[0]))[:6]:
            duty = self._at.study.duties[name]
            yield duty.title or name, share(tally.failed, tally.judged), theme_of(duty.area).anchor
