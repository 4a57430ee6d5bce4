"""One page about the runs of a store: whether it got better, what came of findings, what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, BinaryIO

from duecare._core import version
from duecare._html import templates, write_page
from duecare._store import Store
from duecare._store_rows import By, Rows

# Units of the viewBox of a picture of shares.
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 720.0, 220.0, 44.0, 34.0, 12.0


@dataclass(frozen=True, slots=True)
class Point:
    """The share met of one run in a picture: its place, the bounds and what it says."""

    x: float
    y: float
    low: float
    high: float
    run: int
    new_policy: bool
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Shares over runs. Runs in which nothing was judged have no point."""

    points: tuple[Point, ...]
    width: float = _WIDTH
    height: float = _HEIGHT
    left: float = _LEFT

    @property
    def grid(self) -> tuple[tuple[int, float], ...]:
        return tuple((percent, _y(percent / 100)) for percent in (0, 25, 50, 75, 100))


def _y(share: float) -> float:
    return round(_TOP + (1 - share) * (_HEIGHT - _TOP - _BOTTOM), 1)


def percent(value: float | None) -> str:
    """A share for people."""
    return "nothing judged" if value is None else f"{100 * value:.1f} %"


def _picture(points: Iterable[Mapping[str, Any]], places: Mapping[int, int], changed: set[int]) -> Picture:
    step = (_WIDTH - _LEFT - 16) / max(1, len(places))
    return Picture(
        tuple(
            Point(
                round(_LEFT + step * (places[one["run"]] + 0.5), 1),
                _y(one["rate"]),
                _y(one["rate_low"]),
                _y(one["rate_high"]),
                one["run"],
                one["run"] in changed,
                f"run {one['run']}, as of {one['as_of'][:10]}: "
                f"{percent(one['rate'])} of {one['judged']:,} met",
            )
            for one in points
            if one["rate"] is not None
        )
    )


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
        With one run at least, in the order in which they were stored.
    stream
        Written to from its position on.
    title
        Of the page.
    """
    runs = list(store.runs)
    places = {run["run"]: place for place, run in enumerate(runs)}
    changed = {b["run"] for a, b in pairwise(runs) if a["policy_digest"] != b["policy_digest"]}
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
        picture=_picture(trends["total"], places, changed),
        duties=_groups(trends["duty"]),
        units=_groups(trends["unit"]),
        lives=lives,
        kinds=[name for name in (lives[0].counts if lives else ()) if any(b.counts[name] for b in lives)],
        precision=tuple(store.precision()),
        version=version(),
    )


__all__ = ["write_trend_page"]
