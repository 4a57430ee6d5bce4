"""Durations and limits in plain words."""

import re
from dataclasses import dataclass
from typing import Any

from duecare._handbook._phrases import Speaker
from duecare._handbook._words import code, plain, spoken, valued

_NUMBER = re.compile(r"^(\d+) (.+)$")


@dataclass(frozen=True, slots=True)
class Limit:
    """A duration: in words, with what it depends on, if it does."""

    words: str
    """``72 hours``; ``the time for the grade``, when `cases` say how long that is."""
    cases: tuple[tuple[str, str], ...] = ()
    """When, and how long then."""
    kind: str = "span"
    """``span``, ``inclusive`` and ``whole`` days, ``start``, ``at``, ``practicable``, ``ever``."""


def _number(count: str, unit: str) -> str:
    words = unit.split(" ")
    words[-1] = words[-1].removesuffix("s") if count == "1" else words[-1].removesuffix("s") + "s"
    return f"{count} {' '.join(words)}"


def _fixed(text: str) -> Limit:
    if text in {"ever", "as soon as practicable"}:
        return Limit(text, kind="ever" if text == "ever" else "practicable")
    if text.startswith("start of next "):
        return Limit(f"the start of the next {spoken(text.removeprefix('start of next '))}", kind="start")
    found = _NUMBER.match(text)
    if found is None:
        return Limit(plain(text))
    count, unit = found.groups()
    if unit.endswith(" inclusive"):
        unit = plain(unit.removesuffix(" inclusive"))
        if count == "1" and unit in {"day", "days"}:
            return Limit("the end of the same day", kind="start")
        said = _number(count, unit)
        return Limit(f"{said}, counting the day it began as the first", kind="inclusive")
    if unit.startswith("whole "):
        said = _number(count, plain(unit))
        return Limit(f"{said}, counting from the day after", kind="whole")
    return Limit(_number(count, spoken(unit)))


def limit(duration: Any, speaker: Speaker) -> Limit:
    """A duration as a duty has it."""
    if isinstance(duration, str):
        if not duration.startswith("$"):
            return _fixed(duration)
        value = speaker.parameters.get(duration[1:])
        inner = _fixed(str(value))
        return Limit(f"{inner.words} ({code(duration)}, set by each force)", kind=inner.kind)
    if "at" in duration:
        what = speaker.value(duration["at"])
        return Limit(f"the {what} that the opening entry itself sets", kind="at")
    return _chosen(duration, speaker)


def _chosen(duration: Any, speaker: Speaker) -> Limit:
    about = speaker.value(duration["choose"])
    plain_value = not about.startswith("“")
    cases = []
    for value, each in duration["cases"].items():
        when = f"{about} is {valued(value)}" if plain_value else valued(value)
        cases += _cases(when, limit(each, speaker))
    cases += _cases("otherwise", limit(duration["otherwise"], speaker))
    if plain_value:
        return Limit("the time given below", tuple(cases), "chosen")
    return Limit("the time given below", (("which of these applies", about), *cases), "chosen")


def _cases(when: str, found: Limit) -> list[tuple[str, str]]:
    if not found.cases:
        return [(when, found.words)]
    return [(f"{when}, and {inner}", words) for inner, words in found.cases]


def within(found: Limit) -> str:
    """After "must follow"."""
    if found.kind == "practicable":
        return found.words
    return f"{'by' if found.kind in {'start', 'at'} else 'within'} {found.words}"
