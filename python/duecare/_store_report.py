"""One page about the runs of a store: whether it got better, what came of findings, what was decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, BinaryIO

from markupsafe import Markup

from duecare._core import version
from duecare._figures._svg import to_svg
from duecare._figures._trend import trend_chart
from duecare._html import templates, write_page
from duecare._store import Store
from duecare._store_rows import By, Rows, over_time, under_another_policy


def percent(value: float | None) -> str:
    """A share for people."""
    return "nothing judged" if value is None else f"{100 * value:.1f} %"


@dataclass(frozen=True, slots=True)
class Group:
    """A duty or a unit over all runs."""

    name: str
    points: tuple[Mapping[str, Any], ...]
    first: Mapping[str, Any]
    last: Mapping[str, Any]
    apart: bool
    """The bounds of the first and the last share do not meet."""


def _groups(trend: Rows) -> tuple[Group, ...]:
    by_key: dict[str, list[Mapping[str, Any]]] = {}
    for point in trend:
        if point["rate"] is not None:
            by_key.setdefault(point["key"] or "not recorded", []).append(point)
    groups = []
    for name, points in sorted(by_key.items()):
        first, last = points[0], points[-1]
        apart = first["rate_high"] < last["rate_low"] or last["rate_high"] < first["rate_low"]
        groups.append(Group(name, tuple(points), first, last, apart))
    return tuple(groups)


@dataclass(frozen=True, slots=True)
class Between:
    """What became of findings from one run to the next."""

    earlier: int
    later: int
    policy_changed: bool
    counts: Mapping[str, int]


def _lives(store: Store, runs: Sequence[Mapping[str, Any]]) -> tuple[Between, ...]:
    found = []
    kept = [run for run in runs if "findings" not in store.run(run["run"])["pruned"]]
    for earlier, later in pairwise(kept):
        summary = store.life(earlier["run"], later["run"], limit=0).summary
        found.append(Between(earlier["run"], later["run"], summary["policy_changed"], summary["counts"]))
    return tuple(found)


def write_trend_page(store: Store, stream: BinaryIO, *, title: str = "Supervision over time") -> None:
    """Writes the page, UTF-8: one file that loads nothing.

    Parameters
    ----------
    store
        With one run at least. They stand by the instants that they are of, whenever they were stored.
    stream
        Written to from its position on.
    title
        Of the page.
    """
    runs = over_time(store.runs)
    changed = under_another_policy(runs)
    groups: tuple[By, ...] = ("total", "duty", "unit")
    trends = {by: store.trend(by) for by in groups}
    lives = _lives(store, runs)
    write_page(
        templates("duecare._report", {"percent": percent, "words": lambda name: name.replace("_", " ")}),
        "trend.html.j2",
        stream,
        title=title,
        runs=runs,
        changed=changed,
        head=store.head,
        total=tuple(trends["total"]),
        picture=Markup(to_svg(trend_chart(trends["total"], changed))),  # noqa: S704 - it escapes all text
        duties=_groups(trends["duty"]),
        units=_groups(trends["unit"]),
        lives=lives,
        kinds=[name for name in (lives[0].counts if lives else ()) if any(b.counts[name] for b in lives)],
        precision=tuple(store.precision()),
        version=version(),
    )


__all__ = ["write_trend_page"]
