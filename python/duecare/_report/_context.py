"""What all parts of a report write from: the audit, what may be shown, and words for both."""

from duecare._audit import Result
from duecare._case import Obligation
from duecare._figures._axes import percent
from duecare._figures._study import Filed, Study
from duecare._figures._time import Clock, span
from duecare._figures._timeline import verdict_words
from duecare._report._disguise import Disguise
from duecare._report._model import (
    Limits,
    Line,
    Source,
)
from duecare._types import SEVERITIES, Duty

_STATUS = {
    "statute": "law",
    "statutory_guidance": "statutory guidance",
    "code_of_practice": "code of practice",
    "professional_practice": "professional practice",
    "inspection_expectation": "what inspectorates expect",
    "local_policy": "local policy",
    "illustrative": "illustrative, binds nobody",
}


def counted(number: int, noun: str, many: str = "") -> str:
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({percent(part / whole)})" if whole else "none"


def cut(all_of_them: int, shown: int, which: str) -> str:
    if shown == all_of_them:
        return ""
    return f"Shown are {shown:,} of {all_of_them:,}, {which}."


class Context:
    """What all parts of a report write from."""

    def __init__(self, result: Result, limits: Limits, disguise: Disguise) -> None:
        self.study = Study(result)
        self.result = result
        self.limits = limits
        self.disguise = disguise
        self.clock = Clock(result.policy)
        self.chosen = self._serious_cases()
        """Cases with findings, the most serious first."""
        self.anchors = {
            case: f"case-{place}" for place, case in enumerate(self.chosen[: limits.timelines], 1)
        }

    def _serious_cases(self) -> list[int]:
        """Cases with findings: by open critical ones, then by severity and verdict, then as they came."""
        weight: dict[int, list[int]] = {}
        for one in self.study.filed:
            found = one.obligation
            if not found.adverse:
                continue
            place = SEVERITIES.index(found.severity)
            marks = weight.setdefault(one.case, [0] * (1 + 2 * len(SEVERITIES)))
            marks[0] += place == 0 and found.verdict == "missed" and found.open
            marks[1 + 2 * place] += found.verdict in ("missed", "late")
            marks[2 + 2 * place] += found.verdict == "unassessable"
        return sorted(weight, key=lambda case: ([-n for n in weight[case]], case))

    def when(self, one: Obligation) -> str:
        """When it was or is due."""
        if one.due_at is None:
            return "no fixed time"
        return self.clock.words(self.disguise.when(one.due_at))

    def line(self, one: Filed, note: str = "") -> Line:
        """An obligation as lists show it."""
        shown = self.disguise.filed(one)
        found = shown.obligation
        return Line(
            shown.case_id,
            self.anchors.get(one.case, ""),
            found.key or "the case",
            found.duty_id,
            found.title,
            found.severity,
            found.verdict,
            verdict_words(found.verdict),
            self.when(one.obligation),
            span(found.overdue_seconds) if found.overdue_seconds else "",
            shown.holder,
            self.disguise.sentence(found, self.clock),
            ", ".join(flag.replace("_", " ") for flag in found.flags),
            note,
        )

    def source(self, duty: Duty) -> Source:
        """By what authority a duty is asked."""
        title = duty.source_title + (f", {duty.source_section}" if duty.source_section else "")
        return Source(title, duty.source_url, _STATUS.get(duty.source_status, duty.source_status))
