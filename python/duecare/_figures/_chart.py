"""A picture as data: what is drawn, in the units of its axes, with the table that says the same in numbers.

Every decision about a picture (what to show, on which scale, in which colour, in which words) is made where
its chart is built; the two renderers, SVG for pages and Matplotlib for analysts, only place the marks.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Hatch: TypeAlias = Literal["", "lines", "dots"]
Shape: TypeAlias = Literal["dot", "ring", "diamond", "cross", "square", "triangle", "arrow"]
Anchor: TypeAlias = Literal["start", "middle", "end"]

# Told apart by people who see no red and green, and at least 3:1 against white; shape or hatch says the same.
INK = "#1a1a1a"
MUTED = "#5a6169"
FAINT = "#c9d0d6"
BLUE = "#0060a8"
AMBER = "#a85400"
RED = "#a40000"
PURPLE = "#5b2a86"
GREY = "#767676"
PALE = "#e4ebf1"

VERDICT_COLOURS = {
    "met": BLUE,
    "late": AMBER,
    "missed": RED,
    "pending": MUTED,
    "excused": GREY,
    "lapsed": GREY,
    "unassessable": PURPLE,
}


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear scale; ``ticks`` are its values with their words."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()
    label: str = ""
    grid: bool = True
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle from one corner to the other."""

    x0: float
    x1: float
    y0: float
    y1: float
    fill: str
    hatch: Hatch = ""
    outline: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    colour: str = INK
    width: float = 1.5
    dash: bool = False
    says: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A filled polygon."""

    points: tuple[tuple[float, float], ...]
    fill: str = PALE


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark at a point."""

    x: float
    y: float
    shape: Shape = "dot"
    colour: str = INK
    size: float = 4.5
    says: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Text at a point, moved by ``dx`` and ``dy`` pixels."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    size: float = 11
    colour: str = INK
    bold: bool = False
    dx: float = 0
    dy: float = 0
    halo: bool = False
    """Kept readable where lines run through it."""


Mark: TypeAlias = Bar | Line | Area | Dot | Words


@dataclass(frozen=True, slots=True)
class Table:
    """The same as numbers and words, for those who do not see the picture."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture. ``summary`` is its sentence for those who do not see it."""

    title: str
    summary: str
    definition: str
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    table: Table
    legend: tuple[tuple[str, Bar | Dot | Line], ...] = ()
    width: float = 760
    height: float = 320
    left: float = 64
    """Room for the words of the y axis."""
    rows: tuple[tuple[float, tuple[str, ...]], ...] = field(default=())
    """Words of one or two lines at the left of a row, for axes of rows."""
