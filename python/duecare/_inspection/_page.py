"""The difference of two inspections as one page: no script, nothing loaded."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from markupsafe import Markup

from duecare._case import spoken
from duecare._compliance import Compliance
from duecare._core import version
from duecare._figures._axes import percent
from duecare._figures._chart import Chart
from duecare._figures._inspections import inspections_chart
from duecare._figures._svg import names, to_svg
from duecare._html import templates, write_page
from duecare._inspection import _words as words
from duecare._inspection._model import Chapter, DutyPart, InspectionReport, OpenFinding, Part
from duecare._instants import date_in_words

_DRAWN = 24
_LISTED = 100
_CASES = 500
_CHANGES = {
    "changed": "it, or what it depends on, was changed",
    "added": "only the later policy has it",
    "removed": "only the earlier policy has it",
}


@dataclass(frozen=True, slots=True)
class _Case:
    """A case with open findings, and where the page tells of it."""

    case_id: str
    anchor: str
    findings: int
    duties: tuple[tuple[str, str], ...]
    """Anchor and title."""


def _is_told(part: DutyPart) -> bool:
    """Whether there is more to tell of a duty than a row of the table."""
    whole = part.whole
    return bool(part.changed or part.open or whole.work.findings or any(whole.life.values()))


def _failures(part: Part) -> int:
    return sum(side.counts[verdict] for side in (part.then, part.since) for verdict in ("late", "missed"))


def _picture(report: InspectionReport) -> tuple[Chart, str]:
    """By recommendation where there are any, else by duty; and what it leaves out."""
    if report.chapters:
        rows = [(f"{one.recommendation.id}: {one.recommendation.text}", one.whole) for one in report.chapters]
        what = "recommendation"
    else:
        rows = [(one.duty.title, one.whole) for one in report.duties]
        what = "duty"
    judged = [one for one in rows if one[1].then.judged or one[1].since.judged]
    drawn = judged
    if len(judged) > _DRAWN:
        most = sorted(judged, key=lambda row: -_failures(row[1]))[:_DRAWN]
        drawn = [one for one in judged if one in most]
    left_out = len(rows) - len(drawn)
    note = (
        f"{left_out:,} more are in the tables below alone: nothing was judged, or less was late or missed."
        if left_out
        else ""
    )
    pairs = [(name, part.then, part.since) for name, part in drawn]
    return inspections_chart(pairs, what=what, confidence=report.confidence), note


def _cases(report: InspectionReport, anchors: dict[str, str]) -> list[_Case]:
    by_case: dict[str, list[OpenFinding]] = defaultdict(list)
    for one in report.open:
        by_case[one.case_id].append(one)
    titles = {part.duty.id: part.duty.title for part in report.duties}
    return [
        _Case(
            case_id,
            f"case-{number}",
            len(by_case[case_id]),
            tuple((anchors[duty], titles[duty]) for duty in dict.fromkeys(one.duty_id for one in found)),
        )
        for number, (case_id, found) in enumerate(sorted(by_case.items()), 1)
    ]


def _facts(report: InspectionReport) -> list[tuple[str, str, str, bool]]:
    """What was audited each time: the name, then, now, and whether it has to be the same."""
    sides = report.earlier, report.later

    def row(name: str, key: str, *, same: bool = False) -> tuple[str, str, str, bool]:
        shown = [f"{run[key]:,}" if isinstance(run[key], int) else run[key] or "–" for run in sides]
        return name, shown[0], shown[1], same and shown[0] != shown[1]

    rows = [
        row("Run", "run"),
        row("Called", "label"),
        row("Made by", "by"),
        row("Stored at", "recorded_at"),
        row("As of", "as_of"),
        row("Using what the record said at", "known_at"),
        row("Policy", "policy_id", same=True),
        row("Version of the policy", "policy_version", same=True),
        row("Digest of the policy", "policy_digest", same=True),
        row("Digest of the caseload", "caseload_digest"),
        row("Cases", "cases"),
        row("Events", "events"),
        row("Events known by then", "visible_events"),
        row("Documents that could not be read", "rejects"),
        row("Obligations", "findings"),
    ]
    rows += [
        (f"Of these {words_}", f"{sides[0]['counts'][name]:,}", f"{sides[1]['counts'][name]:,}", False)
        for name, words_ in (
            ("met", "met"),
            ("late", "late"),
            ("missed", "missed"),
            ("pending", "still in time"),
            ("excused", "excused"),
            ("lapsed", "no longer needed"),
            ("unassessable", "could not be judged"),
        )
    ]
    return [*rows, row("Engine", "engine", same=True), row("Time zone data", "zone_data", same=True)]


def _figures(report: InspectionReport) -> list[tuple[str, str, str, str]]:
    """Tone, number, words, detail."""
    whole = report.whole
    fate, work = whole.fate, whole.work
    first = f"of {work.findings:,} of the first inspection"
    still = fate["still_open"] + fate["worse"]
    return [
        ("good" if fate["resolved"] else "", f"{fate['resolved']:,}", "findings resolved", first),
        ("bad" if still else "good", f"{still:,}", "still open or worse", first),
        (
            "warn",
            f"{whole.life['new'] + whole.life['reopened']:,}",
            "new or reopened",
            "wrong at the second inspection and not at the first",
        ),
        (
            "bad" if work.actions["overdue"] else "good",
            f"{work.actions['overdue']:,}",
            "with an action that is overdue",
            first,
        ),
    ]


def _rules(report: InspectionReport, chapter: Chapter) -> str:
    by_id = {part.duty.id: part for part in report.duties}
    parts = [by_id[duty] for duty in chapter.duties if duty in by_id]
    return words.other_rules(f"{one.duty.title}: {_CHANGES[one.changed]}" for one in parts if one.changed)


def _said(report: InspectionReport, part: Part) -> list[str]:
    """The paragraphs of a duty or a recommendation; the first is the one that counts most."""
    told = [
        words.compared(part, report.basis, report.confidence),
        words.not_judged(part.since),
        words.of_the_first(part),
        words.came_since(part),
        words.work_on(part),
    ]
    return [one for one in told if one]


def write_inspection_page(report: InspectionReport, stream: BinaryIO, *, title: str) -> None:
    """Writes the page, UTF-8."""
    numbered = names()

    def picture(chart: Chart) -> Markup:
        return Markup(to_svg(chart, next(numbered)))  # noqa: S704 - it escapes all text

    def local(instant: str | None) -> str:
        if instant is None:
            return "–"
        return report.policy.format_instant(datetime.fromisoformat(instant))[:16].replace("T", " ")

    def interval(side: Compliance) -> str:
        if side.rate is None or side.interval is None:
            return "nothing judged"
        return f"{percent(side.interval[0])} to {percent(side.interval[1])}"

    anchors = {part.duty.id: f"duty-{number}" for number, part in enumerate(report.duties, 1)}
    cases = _cases(report, anchors)
    chart, left_out = _picture(report)
    asked = {duty for chapter in report.chapters for duty in chapter.duties}
    environment = templates(
        "duecare._report",
        {
            "picture": picture,
            "local": local,
            "of": words.of,
            "fates": words.fates,
            "since_fates": words.fates_since,
            "interval": interval,
            "percent": percent,
            "points": words.points,
            "spoken": spoken,
            "day": lambda instant: date_in_words(words.day(instant, report.policy)),
        },
    )
    values: dict[str, Any] = {
        "report": report,
        "title": title,
        "version": version(),
        "facts": _facts(report),
        "figures": _figures(report),
        "chart": chart,
        "left_out": left_out,
        "said": _said(report, report.whole),
        "chapters": [
            {
                "anchor": f"recommendation-{number}",
                "of": one,
                "said": _said(report, one.whole),
                "target": words.target(one, report.basis, report.confidence),
                "deadline": words.deadline(one, report),
                "rules": _rules(report, one),
                "duties": [part for part in report.duties if part.duty.id in one.duties],
                "silent": [duty for duty in one.duties if duty not in anchors],
            }
            for number, one in enumerate(report.chapters, 1)
        ],
        "of_none": [part for part in report.duties if part.duty.id not in asked],
        "told": [
            {
                "anchor": anchors[part.duty.id],
                "of": part,
                "said": _said(report, part.whole),
                "rule": _CHANGES.get(part.changed, ""),
                "open": part.open[:_LISTED],
                "more": max(0, len(part.open) - _LISTED),
            }
            for part in report.duties
            if _is_told(part)
        ],
        "is_told": {part.duty.id for part in report.duties if _is_told(part)},
        "anchors": anchors,
        "cases": cases[:_CASES],
        "more_cases": max(0, len(cases) - _CASES),
        "case_anchors": {one.case_id: one.anchor for one in cases[:_CASES]},
        "life_words": words.LIFE,
        "decision_words": words.DECISION_WORDS,
    }
    write_page(environment, "inspection.html.j2", stream, **values)
