"""Invents caseloads with known failings, to try out policies, machines and people.

Every case has its own stream of random numbers, so that the same seed gives the same bytes however the work
is divided. Integers only: nothing depends on the machine.
"""

from collections.abc import Iterator

from duecare._generator import _clock, _investigation, _missing
from duecare._generator._history import HORIZON, History
from duecare._generator._profiles import KINDS, PROFILES, rates
from duecare._generator._random import Random
from duecare._generator._staff import Staff

__all__ = ["AS_OF", "KINDS", "PROFILES", "caseload"]

AS_OF = _clock.text(HORIZON)
"""The instant that the data end at; what is planted is true of an audit as of then."""

_FIRST = _clock.day_number(2022, 1, 3)
_LAST = _clock.day_number(2024, 5, 31)
# Category, share in hundredths, units that take it.
_MIX = (
    ("child_abuse", 24, (0, 1)),
    ("neglect", 12, (0, 1)),
    ("sexual_offence", 9, (0, 1)),
    ("domestic_abuse", 24, (2,)),
    ("online_abuse", 9, (3,)),
    ("exploitation", 6, (4,)),
    ("missing", 16, (4,)),
)
_DRAW = tuple((category, units) for category, share, units in _MIX for _ in range(share))
_SOURCES = ("school", "health", "parent", "children_services", "public")


def caseload(cases: int, seed: int, profile: str) -> Iterator[tuple[str, list[str]]]:
    """Lines of JSON, each with the lines of ground truth about it. The first is the staff register."""
    planted = rates(profile)
    staff = Staff()
    yield staff.document(Random(seed, 0)), []
    for number in range(1, cases + 1):
        history = _case(f"G{number:07}", Random(seed, number), planted, staff)
        kind = "missing" if history.category == "missing" else "investigation"
        yield history.document(kind), [_truth(history, index) for index in range(len(history.failings))]


def _case(case_id: str, random: Random, planted: dict[str, int], staff: Staff) -> History:
    category, units = random.pick(_DRAW)
    history = History(case_id, category, random.pick(units), random, planted, staff)
    start = random.between(_FIRST, _LAST) * _clock.DAY + random.between(7 * 60, 20 * 60)
    if category == "missing":
        history.person("P1", '"child","missing"', _birth(random, 2007, 2014))
        _missing.write(history, start)
        return history
    _people(history)
    _report(history, start)
    _investigation.write(history, start)
    return history


def _people(history: History) -> None:
    random = history.random
    if history.category == "domestic_abuse":
        adult = ',"attributes":{"enhanced_rights":true}'
        history.person("V1", '"victim"', _birth(random, 1965, 2003), adult)
        history.person("P1", '"child","witness"', _birth(random, 2007, 2021))
        if random.chance(450):
            history.children.append("P2")
            history.person("P2", '"child","witness"', _birth(random, 2007, 2021))
    else:
        history.person("P1", '"child","victim"', _birth(random, 2007, 2020))
    history.person("S1", '"suspect"', _birth(random, 1955, 2003))


def _birth(random: Random, first: int, last: int) -> str:
    return f"{random.between(first, last)}-{random.between(1, 12):02}-{random.between(1, 28):02}"


def _report(history: History, start: int) -> None:
    random = history.random
    source = "agency" if history.category == "online_abuse" else random.pick(_SOURCES)
    told = f'"category":"{history.category}","source":"{source}","alleges_crime":true'
    if history.category in ("child_abuse", "sexual_offence"):
        history.recent = random.chance(300)
        days = random.between(0, 20) if history.recent else random.between(30, 900)
        told += f',"days_since_last_episode":{days}'
    history.add("report.received", start, told)


def _truth(history: History, index: int) -> str:
    failing = history.failings[index]
    key = "null" if failing.key is None else f'"{failing.key}"'
    due = "null" if failing.due is None else f'"{failing.due}"'
    return (
        f'{{"case_id":"{history.case_id}","duty_id":"{failing.duty}","key":{key},"due_at":{due},'
        f'"verdict":"{failing.verdict}"}}\n'
    )
