"""Small immutable values that the rest of the package hands out."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["met", "late", "missed", "pending", "excused", "lapsed", "unassessable"]
Severity: TypeAlias = Literal["critical", "high", "medium", "low"]

# The order in which people read them: worst first.
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
# The order of evaluation.md.
VERDICTS: tuple[Verdict, ...] = ("met", "late", "missed", "pending", "excused", "lapsed", "unassessable")
# Verdicts that say whether a duty was met: the denominator of its rate.
JUDGED: tuple[Verdict, ...] = ("met", "late", "missed")
# Verdicts that say a duty was breached, or may have been.
ADVERSE: tuple[Verdict, ...] = ("missed", "late", "unassessable")


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something to say about a policy, with its place. ``str()`` gives all of it, on several lines."""

    severity: Literal["error", "warning"]
    message: str
    policy: str
    """Id or file name of the layer that the text stands in."""
    pointer: str
    """JSON pointer into that layer's document."""
    line: int
    """1-based, 0 when unknown."""
    expression: str
    """The expression or duration at fault, or empty."""
    column: int
    """0-based byte offset of the fault in ``expression``."""
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Duty:
    """What a duty of a policy says of itself."""

    id: str
    title: str
    area: str
    severity: Severity
    source_title: str
    source_section: str
    source_url: str
    source_status: str
    explain: str
    """Sentence template, or empty."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A document that was not taken into the caseload, and why."""

    source: str
    line: int
    """1-based."""
    case_id: str
    """As far as it was read, or empty."""
    pointer: str
    """JSON pointer into the document; empty: the document itself."""
    reason: str

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}"
        if self.pointer:
            place += f" {self.pointer}"
        return f"{place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class UnnamedEvent:
    """An event type of the data that the policy does not name: often a code that was not mapped."""

    type: str
    count: int

    @property
    def message(self) -> str:
        times = "once" if self.count == 1 else f"{self.count} times"
        return f"The event type {self.type} occurs {times}, and the policy does not name it."

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class NothingVisible:
    """The record said nothing yet at the instants of the audit, so that nothing was judged."""

    cases: int
    events: int
    """Of the caseload, whenever they happened."""
    as_of: str
    known_at: str

    @property
    def message(self) -> str:
        if self.cases == 0:
            return "There is no case, so nothing was judged."
        if self.events == 0:
            return "No case has an event, so nothing was judged."
        return (
            f"Of {self.events:,} events none is visible as of {self.as_of}, known at {self.known_at}, "
            "so nothing was judged."
        )

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class UnknownKey:
    """A key in the data that the format does not know; it was not read."""

    path: str
    """Kind of object and key: ``event.colour``."""
    count: int
    source: str
    """Where it came first: source, 1-based line, JSON pointer."""
    line: int
    pointer: str

    @property
    def message(self) -> str:
        times = "once" if self.count == 1 else f"{self.count} times, first"
        return f"The key {self.path} is not known and was not read ({times} in {self.source}:{self.line})."

    def __str__(self) -> str:
        return self.message
