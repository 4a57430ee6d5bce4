"""What a page says of two inspections: counts first, denominators always, and no more than was counted."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from duecare._compliance import Compliance
from duecare._figures._axes import percent
from duecare._inspection._model import Chapter, InspectionReport, Part
from duecare._instants import date_in_words
from duecare._policy import Policy

# In the order in which they are told: first what became of findings of the first inspection.
LIFE: Mapping[str, tuple[str, str]] = {
    "resolved": ("resolved", "wrong at the first inspection; nothing is wrong now, or it was done at last"),
    "past": ("late, and over", "late at the first inspection; it is over and stays late"),
    "still_open": ("still open", "missed, or not to be judged, and the same now"),
    "worse": ("worse", "a worse verdict than at the first, or more periods missed"),
    "changed_by_correction": (
        "changed by a correction",
        "an entry that it rests on was corrected since; the record changed, not the work",
    ),
    "changed_by_policy": ("changed by the policy", "the duty, or what it depends on, is not what it was"),
    "gone_with_policy": ("gone with the policy", "the policy does not ask for it any more, or otherwise"),
    "gone_with_case": ("gone with its case", "the caseload of the second has no such case: nothing is known"),
    "gone_with_record": ("gone with the record", "the record says something else now, without a correction"),
    "new": ("new", "wrong now; not at the first inspection, nor in a run of the store before it"),
    "reopened": ("reopened", "wrong now, not at the first inspection, but in a run of the store before it"),
    "new_with_policy": ("new with the policy", "wrong now, under a duty that is not what it was"),
}
ACTION_WORDS = {
    "overdue": "with an action that is overdue",
    "open": "with an action still in time",
    "done": "with an action done",
    "dropped": "with an action dropped",
    "none": "with no action",
}
DECISION_WORDS = {
    "accepted": "accepted",
    "explained": "explained",
    "disputed": "disputed",
    "false_alarm": "false alarm",
    "none": "not decided",
}


def day(instant: str, policy: Policy) -> date:
    """The day that an instant is on in the policy's zone."""
    return date.fromisoformat(policy.format_instant(datetime.fromisoformat(instant))[:10])


def of(side: Compliance) -> str:
    """``46 of 50 met (92 %)``."""
    if side.rate is None:
        return "nothing judged"
    return f"{side.counts['met']:,} of {side.judged:,} met ({percent(side.rate)})"


def points(change: float) -> str:
    """``+12.3 points``: of 100, and never none of what is not none."""
    if not change:
        return "no change"
    said = f"{100 * change:+.1f}"
    if float(said) == 0:
        said = "under +0.1" if change > 0 else "under \N{MINUS SIGN}0.1"
    return f"{said.replace('-', chr(0x2212))} points"


def listed(counts: Mapping[str, int], words: Mapping[str, str]) -> str:
    """``3 accepted, 1 disputed``; those of which there are none are left out."""
    return ", ".join(f"{n:,} {words[name]}" for name, n in counts.items() if n)


def fates(counts: Mapping[str, int]) -> str:
    """``11 resolved, 4 still open``, in the order in which they are told."""
    return ", ".join(f"{counts[name]:,} {words}" for name, (words, _) in LIFE.items() if counts.get(name))


def _number(n: int, noun: str) -> str:
    return f"{n:,} {noun}" + ("" if n == 1 else "s")


def compared(part: Part, basis: str, confidence: float) -> str:
    """The share since and then, as one sentence or two."""
    if part.since.rate is None:
        since = "Since the first inspection nothing of it was judged, so the shares cannot be compared."
        return f"{since} At the first: {of(part.then)}."
    said = f"{of(part.since)} of what was judged since the first inspection"
    if part.then.rate is None or part.difference is None:
        return f"{said}; at the first nothing was judged, so there is nothing to compare it with."
    said += f"; {of(part.then)} at the first: {points(part.difference.change)}"
    if basis == "census":
        return f"{said}."
    if part.difference.interval is None:
        return f"{said}, with no interval."
    low, high = part.difference.interval
    told = f"{said} ({percent(confidence)} interval {points(low)} to {points(high)})."
    return told if low > 0 or high < 0 else f"{told} The sample does not show that anything changed."


def not_judged(side: Compliance) -> str:
    """What is in no share; empty where there is none."""
    counts = {name: side.counts[name] for name in ("unassessable", "pending")}
    words = {"unassessable": "could not be judged", "pending": "were still in time"}
    said = listed(counts, words)
    return f"Beside these, {said} at the second inspection." if said else ""


def of_the_first(part: Part) -> str:
    """What became of the findings of the first inspection."""
    work = part.work
    if not work.findings:
        return "The first inspection found nothing wrong here."
    return f"Of {_number(work.findings, 'finding')} of the first inspection: {fates(part.fate)}."


def fates_since(part: Part) -> str:
    """What became of findings that the first inspection had not; empty where there are none."""
    return fates({name: part.life[name] - part.fate[name] for name in part.life})


def came_since(part: Part) -> str:
    """The same as a sentence."""
    said = fates_since(part)
    return f"Not among those of the first: {said}." if said else ""


def work_on(part: Part) -> str:
    """Decisions and actions on the findings of the first inspection; empty where it had none."""
    work = part.work
    if not work.findings:
        return ""
    return (
        f"Of the {_number(work.findings, 'finding')}: {listed(work.decisions, DECISION_WORDS)}; "
        f"{listed(work.actions, ACTION_WORDS)}."
    )


def target(chapter: Chapter, basis: str, confidence: float) -> str:
    """What can be said of the target; empty where the inspectorate named none."""
    wanted, since = chapter.recommendation.target, chapter.whole.since
    if wanted is None:
        return ""
    name = f"the target of {percent(wanted)} met"
    if since.rate is None or since.interval is None:
        return f"Whether {name} is reached cannot be said: nothing was judged since the first inspection."
    here = f"{since.counts['met']:,} of {since.judged:,}, {percent(since.rate)}"
    if basis == "census":
        return f"{name.capitalize()} is {'reached' if since.rate >= wanted else 'not reached'} ({here})."
    low, high = since.interval
    between = f"{percent(confidence)} interval {percent(low)} to {percent(high)}"
    if low <= wanted <= high:
        return f"Whether {name} is reached this sample cannot tell ({here}; {between})."
    return f"{name.capitalize()} is {'reached' if low > wanted else 'not reached'} ({here}; {between})."


def deadline(chapter: Chapter, report: InspectionReport) -> str:
    """When the recommendation was to be met; empty where nothing is said of it."""
    due = chapter.recommendation.due
    if not due:
        return ""
    said = f"It was to be met by {date_in_words(date.fromisoformat(due))}"
    second = day(report.later["as_of"], report.policy)
    if second.isoformat() < due:
        return f"{said}, which is after the second inspection: its time is not over."
    return f"{said}; the second inspection is as of {date_in_words(second)}."


def other_rules(names: Iterable[str]) -> str:
    """A warning where a rule is not the same at both; empty where it is."""
    told = "; ".join(names)
    return (
        f"The rule is not the same at both inspections, so the shares are of different rules: {told}."
        if (told)
        else ""
    )
