"""Two inspections side by side, as numbers: what a page shows, and a program reads."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from duecare._compliance import Compliance
from duecare._inspection._recommendations import Recommendation
from duecare._policy import Policy
from duecare._types import Duty, Verdict

Basis = Literal["census", "sample"]
WRONG: tuple[Verdict, ...] = ("late", "missed", "unassessable")
DECISIONS = ("accepted", "explained", "disputed", "false_alarm")
# What is worst of several actions on one finding counts.
ACTIONS = ("overdue", "open", "done", "dropped")


@dataclass(frozen=True, slots=True)
class Difference:
    """From the share met then to the share met of what was judged since."""

    change: float
    """In shares, -1 to 1."""
    interval: tuple[float, float] | None
    """None in a census, where the change was counted and not estimated."""


@dataclass(frozen=True, slots=True)
class Work:
    """What was done about the findings of the first inspection."""

    findings: int
    """Late, missed or unassessable at the first inspection."""
    decisions: Mapping[str, int]
    """By the latest decision of each, and ``none``."""
    actions: Mapping[str, int]
    """By the worst of its actions as of the second inspection, and ``none``."""


@dataclass(frozen=True, slots=True)
class Part:
    """The obligations of a duty, a unit or a recommendation at both inspections."""

    name: str
    """Id of the duty or of the recommendation, name of the unit; empty: the record names none."""
    then: Compliance
    """All of the first inspection."""
    now: Compliance
    """All of the second, those of the first among them where the caseload still holds them."""
    since: Compliance
    """Of the second, those that the first had not judged: it shares none of them with ``then``."""
    difference: Difference | None
    """Of ``since`` and ``then``; None where nothing was judged in one of them."""
    life: Mapping[str, int]
    """What became of findings, those of either inspection, as ``Store.life`` counts it."""
    fate: Mapping[str, int]
    """The same of the findings of the first inspection alone; it sums up to ``work.findings``."""
    work: Work


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that nothing has ended at the second inspection."""

    finding: str
    case_id: str
    duty_id: str
    key: str | None
    life: str
    verdict: str
    due_at: str | None
    unit: str | None
    owner: str | None
    from_first: bool
    """It was wrong at the first inspection already."""
    decision: str
    """The latest, or empty."""
    action: str
    """The worst of its actions, or empty."""


@dataclass(frozen=True, slots=True)
class DutyPart:
    """A duty, with its units."""

    duty: Duty
    """As the later policy that has it says."""
    changed: Literal["", "changed", "added", "removed"]
    """What the policies of the two runs differ in, for this duty."""
    whole: Part
    units: tuple[Part, ...]
    open: tuple[OpenFinding, ...]
    """By due date; those of the first inspection first."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """What is told of one recommendation."""

    recommendation: Recommendation
    whole: Part
    duties: tuple[str, ...]
    """Ids; those with no obligation at either inspection are not in ``InspectionReport.duties``."""


@dataclass(frozen=True, slots=True)
class InspectionReport:
    """The difference of two inspections; ``Store.inspection_report`` makes it."""

    earlier: Mapping[str, Any]
    """The run, as ``Store.run`` gives it."""
    later: Mapping[str, Any]
    basis: Basis
    confidence: float
    at: str
    """As of when actions are overdue."""
    head: str
    policy_changed: bool
    whole: Part
    duties: tuple[DutyPart, ...]
    """In the order of the policy; those alone that have an obligation at either inspection."""
    units: tuple[Part, ...]
    chapters: tuple[Chapter, ...]
    """One for each recommendation."""
    actions: tuple[Mapping[str, Any], ...]
    """As ``Store.actions`` gives them, those about a finding or a duty of the first inspection."""
    policy: Policy
    """Of the later run."""

    @property
    def open(self) -> tuple[OpenFinding, ...]:
        """Of all duties."""
        return tuple(one for duty in self.duties for one in duty.open)

    def to_html(
        self, target: str | os.PathLike[str] | BinaryIO, *, title: str = "Two inspections compared"
    ) -> None:
        """Writes one page, UTF-8, that loads nothing: into a file, or from the position of a stream on."""
        from duecare._inspection._page import write_inspection_page

        if isinstance(target, (str, os.PathLike)):
            with open(target, "wb") as stream:
                write_inspection_page(self, stream, title=title)
        else:
            write_inspection_page(self, target, title=title)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "earlier": dict(self.earlier),
            "later": dict(self.later),
            "basis": self.basis,
            "confidence": self.confidence,
            "at": self.at,
            "head": self.head,
            "policy_changed": self.policy_changed,
            "whole": _part(self.whole),
            "duties": [_duty(one) for one in self.duties],
            "units": [_part(one) for one in self.units],
            "recommendations": [_chapter(one) for one in self.chapters],
            "open": [{name: getattr(one, name) for name in OpenFinding.__slots__} for one in self.open],
            "actions": [dict(one) for one in self.actions],
        }


def _side(side: Compliance) -> dict[str, Any]:
    return {name: value for name, value in side.to_dict().items() if name not in side.group}


def _part(part: Part) -> dict[str, Any]:
    found = part.difference
    low, high = (None, None) if found is None or found.interval is None else found.interval
    return {
        "name": part.name,
        "then": _side(part.then),
        "now": _side(part.now),
        "since": _side(part.since),
        "change": None if found is None else found.change,
        "change_low": low,
        "change_high": high,
        "life": dict(part.life),
        "fate": dict(part.fate),
        "findings": part.work.findings,
        "decisions": dict(part.work.decisions),
        "actions": dict(part.work.actions),
    }


def _duty(part: DutyPart) -> dict[str, Any]:
    return {
        "title": part.duty.title,
        "policy": part.changed or "same",
        **_part(part.whole),
        "units": [_part(one) for one in part.units],
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    given = chapter.recommendation
    return {
        "text": given.text,
        "due": given.due or None,
        "target": given.target,
        "duties": list(given.duties),
        **_part(chapter.whole),
    }
