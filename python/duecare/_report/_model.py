"""The report as data: everything that the page shows, already in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from duecare._figures._chart import Chart, Table


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a page holds; what is left out is always said and counted."""

    timelines: int = 50
    """Cases that are drawn, the most serious first."""
    first: int = 15
    """Lines of the lists on the first page."""
    findings: int = 2_000
    """Lines of the list of cases that are not drawn."""


@dataclass(frozen=True, slots=True)
class Line:
    """An obligation in a list."""

    case_id: str
    anchor: str
    """Of the case in the page; empty: it is not drawn."""
    concerns: str
    duty_id: str
    title: str
    severity: str
    verdict: str
    said: str
    due: str
    over: str
    unit: str
    sentence: str
    flags: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """By what authority."""

    title: str
    url: str
    status: str


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty in a chapter, counts first."""

    duty_id: str
    title: str
    severity: str
    source: Source
    judged: str
    met: str
    late: str
    missed: str
    unclear: str
    waiting: str
    other: str
    rate: str
    interval: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A theme with what was found."""

    anchor: str
    title: str
    asks: str
    sentence: str
    duties: tuple[DutyRow, ...]
    charts: tuple[Chart, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the list of what happened in a case."""

    number: int
    anchor: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of a case that is drawn."""

    line: Line
    evidence: tuple[tuple[str, str], ...]
    """Words, and the anchor of the entry or nothing."""
    source: Source
    reason: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case that is drawn."""

    case_id: str
    anchor: str
    state: str
    people: tuple[str, ...]
    counted: str
    chart: Chart
    findings: tuple[Finding, ...]
    columns: tuple[str, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the first page."""

    number: str
    words: str
    detail: str
    tone: str


@dataclass(slots=True)
class Report:
    """All of the page."""

    title: str
    as_of: str
    known_at: str
    facts: tuple[tuple[str, str], ...]
    rejected: int
    nothing_visible: bool
    """No event was on record at these instants."""
    figures: tuple[Figure, ...]
    overdue: tuple[Line, ...]
    overdue_note: str
    overdue_high: tuple[Line, ...]
    overdue_high_note: str
    soon: tuple[Line, ...]
    soon_note: str
    worst: tuple[tuple[str, str, str], ...]
    """Title, count in words, anchor of the chapter."""
    chapters: tuple[Chapter, ...]
    funnel: Chart | None
    unit_note: str
    units: Table
    estimates: tuple[Table, ...]
    cases: tuple[CasePage, ...]
    cases_note: str
    rest: tuple[Line, ...]
    rest_note: str
    unclear: Table
    rejects: Table | None
    warnings: tuple[str, ...]
    anonymous: bool
    shifted: bool
    policy_words: str = ""
    anchors: Mapping[str, str] = field(default_factory=dict)
