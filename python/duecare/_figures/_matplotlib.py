"""Charts as Matplotlib figures, for analysts who restyle them. The only module that imports Matplotlib."""

import math
from typing import TYPE_CHECKING, Any

from duecare._errors import UnsupportedError
from duecare._figures._chart import Area, Bar, Chart, Dot, Line, Mark, Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARKERS = {
    "dot": "o",
    "ring": "o",
    "diamond": "D",
    "cross": "x",
    "square": "s",
    "triangle": "^",
    "arrow": ">",
}
_HATCHES = {"": "", "lines": "////", "dots": "..."}
_PIXELS = 100.0
_LEGEND_COLUMNS = 3
# Of a picture with hardly a row: title, axis and their words take this much.
_LEAST_HEIGHT = 150
# What the title and the words below the axis take beyond what a chart counts for them.
_HEADING = 30


def _figure_class() -> "type[Figure]":
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UnsupportedError(
            "duecare.plot needs Matplotlib, which is not installed. Install it with: "
            "pip install 'duecare[plot]'"
        ) from error
    return Figure


def _plain(text: str) -> str:
    """Matplotlib reads what stands between two dollars as a formula; an id may have both."""
    return text.replace("$", r"\$")


def _bar(axes: "Axes", bar: Bar, **more: Any) -> None:
    axes.barh(
        (bar.y0 + bar.y1) / 2,
        bar.x1 - bar.x0,
        left=bar.x0,
        height=abs(bar.y1 - bar.y0),
        color=bar.fill,
        hatch=_HATCHES[bar.hatch] or None,
        edgecolor=bar.outline or ("#ffffff" if bar.hatch else bar.fill),
        linewidth=0.8 if bar.outline else 0,
        **more,
    )


def _dot(axes: "Axes", dot: Dot, **more: Any) -> None:
    ring = dot.shape == "ring"
    axes.plot(
        [dot.x],
        [dot.y],
        linestyle="none",
        marker=_MARKERS[dot.shape],
        markersize=dot.size * 1.6,
        markerfacecolor="#ffffff" if ring else dot.colour,
        markeredgecolor=dot.colour,
        markeredgewidth=2 if dot.shape in {"ring", "cross"} else 0,
        clip_on=False,
        **more,
    )


def _draw(axes: "Axes", mark: Mark) -> None:
    if isinstance(mark, Bar):
        _bar(axes, mark)
    elif isinstance(mark, Dot):
        _dot(axes, mark)
    elif isinstance(mark, Line):
        xs, ys = zip(*mark.points, strict=True)
        axes.plot(xs, ys, color=mark.colour, linewidth=mark.width, linestyle="--" if mark.dash else "-")
    elif isinstance(mark, Area):
        xs, ys = zip(*mark.points, strict=True)
        axes.fill(xs, ys, color=mark.fill, linewidth=0, zorder=0)
    else:
        _write(axes, mark)


def _write(axes: "Axes", words: Words) -> None:
    from matplotlib.patheffects import withStroke

    axes.annotate(
        _plain(words.text),
        (words.x, words.y),
        xytext=(words.dx * 0.75, -words.dy * 0.75),
        textcoords="offset points",
        ha={"start": "left", "middle": "center", "end": "right"}[words.anchor],
        va="center",
        fontsize=words.size * 0.75,
        color=words.colour,
        fontweight="bold" if words.bold else "normal",
        path_effects=[withStroke(linewidth=3, foreground="white")] if words.halo else None,
    )


def _legend(axes: "Axes", chart: Chart) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = []
    for label, mark in chart.legend:
        words = _plain(label)
        if isinstance(mark, Bar):
            edge = mark.outline or ("#ffffff" if mark.hatch else mark.fill)
            handles.append(
                Patch(facecolor=mark.fill, edgecolor=edge, hatch=_HATCHES[mark.hatch] or None, label=words)
            )
        elif isinstance(mark, Dot):
            face = "#ffffff" if mark.shape == "ring" else mark.colour
            handles.append(
                Line2D(
                    [],
                    [],
                    linestyle="none",
                    marker=_MARKERS[mark.shape],
                    markerfacecolor=face,
                    markeredgecolor=mark.colour,
                    label=words,
                )
            )
        else:
            handles.append(
                Line2D([], [], color=mark.colour, linestyle="--" if mark.dash else "-", label=words)
            )
    if handles:
        axes.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(0, 1.01),
            ncols=_LEGEND_COLUMNS,
            fontsize=8,
            frameon=False,
        )


def to_figure(chart: Chart) -> "Figure":
    """A figure that no window system knows of: ``figure.savefig(path)``, or shown by a notebook."""
    legend_rows = math.ceil(len(chart.legend) / _LEGEND_COLUMNS)
    # The legend stands above what the chart asks for: in it, rows would be squeezed and their words overlap.
    height = max(chart.height, _LEAST_HEIGHT) + _HEADING + 15 * legend_rows
    figure = _figure_class()(figsize=(chart.width / _PIXELS, height / _PIXELS), layout="constrained")
    axes = figure.add_subplot()
    for mark in chart.marks:
        _draw(axes, mark)
    axes.set_xlim(chart.x.low, chart.x.high)
    axes.set_ylim(*(chart.y.high, chart.y.low) if chart.y.reverse else (chart.y.low, chart.y.high))
    steps = chart.x.ticks
    axes.set_xticks([value for value, _ in steps], [_plain(words) for _, words in steps], fontsize=8)
    ticks = [*chart.y.ticks, *((value, "\n".join(lines)) for value, lines in chart.rows)]
    axes.set_yticks([value for value, _ in ticks], [_plain(words) for _, words in ticks], fontsize=8)
    axes.set_xlabel(_plain(chart.x.label), fontsize=9)
    axes.set_ylabel(_plain(chart.y.label), fontsize=9)
    axes.set_title(_plain(chart.title), fontsize=10, loc="left", pad=8 + 15 * legend_rows)
    axes.spines[["top", "right"]].set_visible(False)
    if chart.x.grid:
        axes.grid(axis="x", alpha=0.4)
    if chart.y.grid:
        axes.grid(axis="y", alpha=0.4)
    axes.set_axisbelow(True)
    _legend(axes, chart)
    return figure
