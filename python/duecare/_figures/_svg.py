"""Charts as SVG: text stays text, nothing is loaded, no scripts, every mark can be asked what it is."""

from collections.abc import Callable, Iterator
from html import escape
from itertools import count

from duecare._figures._chart import (
    FAINT,
    INK,
    MUTED,
    Anchor,
    Area,
    Axis,
    Bar,
    Chart,
    Dot,
    Hatch,
    Line,
    Mark,
    Words,
)

_TOP, _RIGHT, _BOTTOM = 10.0, 16.0, 46.0
_LEGEND_LINE = 20.0
_HATCHES: dict[Hatch, str] = {
    "lines": '<path d="M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2" stroke="#fff" stroke-width="1.6"/>',
    "dots": '<circle cx="3" cy="3" r="1.2" fill="#fff"/>',
}


def _n(value: float) -> str:
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def _scale(axis: Axis, begin: float, end: float) -> Callable[[float], float]:
    if axis.reverse:
        begin, end = end, begin
    span = (axis.high - axis.low) or 1.0
    return lambda value: begin + (value - axis.low) / span * (end - begin)


def _text(x: float, y: float, text: str, anchor: Anchor = "start", more: str = "") -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}"{more}>{escape(text)}</text>'


def _dot(shape: str, x: float, y: float, r: float, colour: str) -> str:
    fill = f'fill="{colour}"'
    if shape == "dot":
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" {fill}/>'
    if shape == "ring":
        return (
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" fill="#fff" stroke="{colour}" stroke-width="2"/>'
        )
    if shape == "square":
        return f'<rect x="{_n(x - r)}" y="{_n(y - r)}" width="{_n(2 * r)}" height="{_n(2 * r)}" {fill}/>'
    if shape == "cross":
        low, high, side = _n(y - r), _n(y + r), _n(2 * r)
        d = f"M{_n(x - r)},{low} l{side},{side} M{_n(x - r)},{high} l{side},-{side}"
        return f'<path d="{d}" stroke="{colour}" stroke-width="2.6" fill="none"/>'
    points = {
        "diamond": [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)],
        "triangle": [(0, -1.2), (1.1, 0.9), (-1.1, 0.9)],
        "arrow": [(1.4, 0), (-0.6, -1.2), (-0.6, 1.2)],
    }[shape]
    path = " ".join(f"{_n(x + r * dx)},{_n(y + r * dy)}" for dx, dy in points)
    return f'<polygon points="{path}" {fill}/>'


class _Drawing:
    """One chart. ``name`` makes the ids in it unique in a page."""

    def __init__(self, chart: Chart, name: str) -> None:
        self._chart = chart
        self._name = name
        self._right = chart.width - _RIGHT
        legend = list(self._legend_places())
        lines = legend[-1][1] + 1 if legend else 0
        self._legend = legend
        self._head = _TOP + lines * _LEGEND_LINE
        self._height = chart.height + lines * _LEGEND_LINE
        self._floor = self._height - _BOTTOM
        self._x = _scale(chart.x, chart.left, self._right)
        self._y = _scale(chart.y, self._floor, self._head)

    def _legend_places(self) -> Iterator[tuple[float, int, str, Bar | Dot | Line]]:
        at, line = 0.0, 0
        for words, mark in self._chart.legend:
            width = 30 + 6.4 * len(words)
            if at and at + width > self._chart.width:
                at, line = 0.0, line + 1
            yield at, line, words, mark
            at += width + 12

    def svg(self) -> str:
        chart = self._chart
        title, said = f"{self._name}-t", f"{self._name}-d"
        body = "".join(self._pieces())
        hatches = "".join(
            f'<pattern id="{self._name}-{kind}" width="6" height="6" patternUnits="userSpaceOnUse">{drawn}'
            "</pattern>"
            for kind, drawn in _HATCHES.items()
            if f"#{self._name}-{kind})" in body
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(chart.width)} {_n(self._height)}" '
            f'role="img" aria-labelledby="{title} {said}" font-size="11" '
            'font-family="system-ui, Segoe UI, Arial, sans-serif">'
            f'<title id="{title}">{escape(chart.title)}</title>'
            f'<desc id="{said}">{escape(chart.summary)}</desc>'
            f"{f'<defs>{hatches}</defs>' if hatches else ''}{body}</svg>"
        )

    def _pieces(self) -> Iterator[str]:
        yield from self._axes()
        for mark in self._chart.marks:
            yield self._mark(mark)
        # After the marks, whose outlines would break it.
        yield f'<path d="M{_n(self._chart.left)},{_n(self._floor)} H{_n(self._right)}" stroke="{INK}"/>'
        for at, line, words, mark in self._legend:
            yield self._key(at, _TOP + line * _LEGEND_LINE, words, mark)

    def _axes(self) -> Iterator[str]:
        chart, x, y = self._chart, self._x, self._y
        left, right, head, floor = chart.left, self._right, self._head, self._floor
        for value, words in chart.x.ticks:
            at = x(value)
            if chart.x.grid:
                yield f'<path d="M{_n(at)},{_n(head)} V{_n(floor)}" stroke="{FAINT}"/>'
            for number, line in enumerate(words.split("\n")):
                yield _text(at, floor + 16 + 13 * number, line, "middle", f' fill="{MUTED}"')
        for value, words in chart.y.ticks:
            at = y(value)
            if chart.y.grid:
                yield f'<path d="M{_n(left)},{_n(at)} H{_n(right)}" stroke="{FAINT}"/>'
            yield _text(left - 7, at + 4, words, "end", f' fill="{MUTED}"')
        for value, lines in chart.rows:
            first = y(value) + 4 - 6.5 * (len(lines) - 1)
            for number, line in enumerate(lines):
                yield _text(4, first + 13 * number, line)
        if chart.x.label:
            yield _text((left + right) / 2, floor + 36, chart.x.label, "middle")
        if chart.y.label:
            at = (head + floor) / 2
            yield _text(14, at, chart.y.label, "middle", f' transform="rotate(-90 14 {_n(at)})"')

    def _bar(self, bar: Bar, x0: float, y0: float, width: float, height: float) -> str:
        place = f'x="{_n(x0)}" y="{_n(y0)}" width="{_n(width)}" height="{_n(height)}"'
        outline = f' stroke="{bar.outline}"' if bar.outline else ""
        drawn = f'<rect {place} fill="{bar.fill}"{outline}/>'
        if bar.hatch:
            drawn += f'<rect {place} fill="url(#{self._name}-{bar.hatch})"/>'
        return drawn

    def _path(self, points: tuple[tuple[float, float], ...]) -> str:
        return "M" + " L".join(f"{_n(self._x(x))},{_n(self._y(y))}" for x, y in points)

    def _mark(self, mark: Mark) -> str:
        if isinstance(mark, Words):
            weight = ' font-weight="600"' if mark.bold else ""
            more = f' fill="{mark.colour}" font-size="{_n(mark.size)}"{weight}'
            if mark.halo:
                more += ' paint-order="stroke" stroke="#fff" stroke-width="3.5" stroke-linejoin="round"'
            x, y = self._x(mark.x) + mark.dx, self._y(mark.y) + mark.dy + mark.size * 0.36
            return _text(x, y, mark.text, mark.anchor, more)
        if isinstance(mark, Area):
            return f'<path d="{self._path(mark.points)} Z" fill="{mark.fill}"/>'
        if isinstance(mark, Line):
            dash = ' stroke-dasharray="5 4"' if mark.dash else ""
            drawn = (
                f'<path d="{self._path(mark.points)}" fill="none" stroke="{mark.colour}" '
                f'stroke-width="{_n(mark.width)}"{dash}/>'
            )
        elif isinstance(mark, Bar):
            x0, x1 = sorted((self._x(mark.x0), self._x(mark.x1)))
            y0, y1 = sorted((self._y(mark.y0), self._y(mark.y1)))
            drawn = self._bar(mark, x0, y0, max(x1 - x0, 1.5), y1 - y0)
        else:
            drawn = _dot(mark.shape, self._x(mark.x), self._y(mark.y), mark.size, mark.colour)
        return f"<g>{drawn}<title>{escape(mark.says)}</title></g>" if mark.says else drawn

    def _key(self, at: float, top: float, words: str, mark: Bar | Dot | Line) -> str:
        middle = top + 5
        if isinstance(mark, Dot):
            drawn = _dot(mark.shape, at + 9, middle, mark.size, mark.colour)
        elif isinstance(mark, Bar):
            drawn = self._bar(mark, at, middle - 5, 18, 10)
        else:
            dash = ' stroke-dasharray="5 4"' if mark.dash else ""
            stroke = f'stroke="{mark.colour}" stroke-width="{_n(mark.width)}"{dash}'
            drawn = f'<path d="M{_n(at)},{_n(middle)} h18" {stroke}/>'
        return drawn + _text(at + 24, middle + 4, words)


def to_svg(chart: Chart, name: str = "chart") -> str:
    """The chart as an ``svg`` element; ``name`` has to be unique in the page that takes it in."""
    return _Drawing(chart, name).svg()


def names() -> Iterator[str]:
    """``fig1``, ``fig2``, …"""
    return (f"fig{number}" for number in count(1))
