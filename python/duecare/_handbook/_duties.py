"""Duties as sentences."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from duecare._handbook._durations import limit, within
from duecare._handbook._phrases import Speaker
from duecare._handbook._words import code, listed, period, quoted

# Beginnings of what follows a noun without a comma.
_DIRECT = (
    "by ",
    "about ",
    "that is ",
    "concerning ",
    "with ",
    "without ",
    "marked ",
    "under ",
    "mentioning ",
    "not ",
    "(",
)


@dataclass(frozen=True, slots=True)
class Note:
    """One thing more about a duty: what it is about, and what it says."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A duty in words."""

    sentence: str
    cases: tuple[tuple[str, str], ...]
    """How long, when the time depends on something."""
    notes: tuple[Note, ...]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


class _Duty:
    """Words for one duty."""

    def __init__(self, duty: Mapping[str, Any], speaker: Speaker) -> None:
        self._duty = duty
        self._speaker = speaker

    # ---- Events --------------------------------------------------------------------------------------------

    def _names(self, selector: Any) -> str:
        names = [selector] if isinstance(selector, str) else list(selector)
        said = [
            f"any entry of the kind {code(name)}" if name.endswith("*") else self._speaker.event(name)
            for name in names
        ]
        return listed(said, "or")

    def event(self, match: Any) -> str:
        """``“Return interview” by somebody else``."""
        if not isinstance(match, Mapping):
            return self._names(match)
        if "where" not in match:
            return self._names(match["event"])
        types = match["event"]
        apart = self._speaker.by_type(match["where"], types) if isinstance(types, list) else None
        if apart is not None:
            return ", or ".join(self._modified(self._names(names), said) for names, said in apart)
        return self._modified(self._names(types), self._speaker.modifiers(match["where"]))

    @staticmethod
    def _modified(names: str, modifiers: str) -> str:
        if not modifiers:
            return names
        joint = "" if modifiers.startswith(_DIRECT) else ","
        return f"{names}{joint} {modifiers}"

    # ---- Whom it is about ----------------------------------------------------------------------------------

    def _whom(self) -> str:
        per = self._duty.get("per", "case")
        if per == "subject":
            who = self._speaker.persons(self._duty.get("for"))
            if who == "person":
                return "for each person it concerns"
            return f"for each {who}{',' if ', ' in who else ''} whom it concerns"
        if per == "case":
            return ""
        return f"for each {quoted(per.removeprefix('event.'))} separately"

    def _opening(self) -> str:
        on = self._duty["on"]
        said = self.event(on)
        count = on.get("count") if isinstance(on, Mapping) else None
        if count is None:
            return f"after {said}"
        window = limit(count["within"], self._speaker).words
        return f"when {said} has happened {count['at_least']} times or more within {window}"

    # ---- The sentence of each shape ------------------------------------------------------------------------

    def words(self) -> Words:
        duty = self._duty
        cases: tuple[tuple[str, str], ...] = ()
        if "check" in duty:
            sentence = self._check()
        elif "before" in duty:
            sentence = self._precede()
        elif "at_most" in duty:
            sentence, cases = self._last()
        elif "every" in duty:
            sentence, cases = self._recur()
        else:
            sentence, cases = self._respond()
        return Words(_upper(sentence), cases, tuple(self._notes()))

    def _closed(self, text: str) -> str:
        """With a comma before the verb where the subject has commas inside."""
        return f"{text}," if ", " in text else text

    def _end(self) -> str:
        whom = self._whom()
        return f", {whom}." if whom else "."

    def _respond(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        found = limit(self._duty["within"], self._speaker)
        what = self._closed(self.event(self._duty["require"]))
        return f"{self._opening()}, {what} must follow {within(found)}{self._end()}", found.cases

    def _precede(self) -> str:
        found = limit(self._duty["before"], self._speaker)
        reach = "at any time before it" if found.kind == "ever" else f"at most {found.words} before it"
        what = self._closed(self.event(self._duty["require"]))
        trigger = self._closed(self.event(self._duty["on"]))
        return f"{trigger} may only happen if {what} went before, {reach}{self._end()}"

    def _check(self) -> str:
        on = self._duty["on"]
        count = on.get("count") if isinstance(on, Mapping) else None
        opening = self._closed(self.event(on))
        happens = "is entered"
        if count is not None:
            window = limit(count["within"], self._speaker).words
            happens = f"has happened {count['at_least']} times or more within {window}"
        if self._duty["check"].strip() == "false":
            never = "must never be entered" if count is None else f"must never have happened {happens[13:]}"
            return f"{opening} {never}{self._end()}"
        demand = self._speaker.demand(self._duty["check"])
        return f"whenever {opening} {happens}, {demand}{self._end()}"

    def _recur(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        every = limit(self._duty["every"], self._speaker)
        first = limit(self._duty["first"], self._speaker) if "first" in self._duty else None
        often = {
            "chosen": "again and again, each time within the time given below",
            "practicable": "again and again, as soon as practicable",
        }.get(every.kind, f"at least once every {every.words.removeprefix('1 ')}")
        if first is not None:
            often += f", the first time {within(first)}"
        cases = every.cases
        if first is not None and first.cases:
            cases = (*(("the first time, " + when, words) for when, words in first.cases), *cases)
        holds = self._speaker.clause(self._duty["while"])
        what = self._closed(self.event(self._duty["require"]))
        return f"as long as {holds}, {what} must happen {often}{self._end()}", cases

    def _last(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        found = limit(self._duty["at_most"], self._speaker)
        holds = self._closed(self._speaker.clause(self._duty["while"]))
        at_most = {
            "start": f"until {found.words}",
            "at": f"until {found.words}",
            "chosen": "no longer than given below",
            "practicable": "only as long as it has to",
        }.get(found.kind, f"at most {found.words}")
        return f"the time while {holds} may last {at_most}{self._end()}", found.cases

    # ---- What else there is to know ------------------------------------------------------------------------

    def _notes(self) -> Iterator[Note]:
        for label, text in self._about():
            yield Note(label, f"{_upper(text)}.")

    def _about(self) -> Iterator[tuple[str, str]]:
        duty, speaker = self._duty, self._speaker
        if "applies" in duty:
            yield "Only where", speaker.clause(duty["applies"])
        if duty.get("across") == "cases":
            yield "Looks at", "everything recorded about the person, in all cases"
        if "repeat" in duty and duty["repeat"] != "each":
            yield (
                "If it happens again",
                {
                    "first": "only the first time opens this duty",
                    "absorb": "nothing new opens while one is still to be answered",
                    "restart": "the one before ends, and the time begins anew",
                }[duty["repeat"]],
            )
        if "or_before" in duty:
            found = limit(duty["or_before"], speaker)
            reach = "at any time before" if found.kind == "ever" else f"up to {found.words} before"
            yield "Also counts", f"what was done {reach}"
        if "not_before" in duty:
            found = limit(duty["not_before"], speaker)
            yield "Does not count", f"what is done earlier than {found.words} after"
        if duty.get("anchor") == "schedule":
            yield "Counted", "from the start at fixed times, whenever the last one was done"
        yield from self._ends()
        yield from self._flags()
        if "effective" in duty:
            yield "In force", self._effective(duty["effective"])
        if "owner" in duty:
            yield "Falls to", speaker.value(duty["owner"])

    def _ends(self) -> Iterator[tuple[str, str]]:
        duty, speaker = self._duty, self._speaker
        if "unless" in duty:
            yield "Excused", f"from the start, if {speaker.clause(duty['unless'])}"
        if "excused_by" in duty:
            yield "Excused by", self.event(duty["excused_by"])
        if "until" in duty:
            yield "No longer binds after", self.event(duty["until"])
        if "pause_while" in duty:
            yield "The clock stands still", f"while {speaker.clause(duty['pause_while'])}"

    def _flags(self) -> Iterator[tuple[str, str]]:
        duty, speaker = self._duty, self._speaker
        if "accounted_by" in duty:
            reason = self.event(duty["accounted_by"])
            yield (
                "A reason may be recorded",
                f"{reason}. It excuses nothing; the finding is marked accounted for",
            )
        if "warn" in duty:
            left = limit(duty["warn"], speaker).words.removeprefix("1 ")
            yield "Shown as due soon", f"in the last {left} before it is due"
        if "recorded_within" in duty:
            found = limit(duty["recorded_within"], speaker)
            yield "To be recorded", f"within {found.words} of happening, else it is marked as recorded late"

    def _effective(self, effective: Mapping[str, Any]) -> str:
        by = "the day of opening"
        if "at" in effective:
            by = self._speaker.value(effective["at"])
        return f"{period(effective) or 'always'}, going by {by}"


def words(duty: Mapping[str, Any], speaker: Speaker) -> Words:
    """The duty in words."""
    return _Duty(duty, speaker).words()


def sets(rule: Mapping[str, Any], speaker: Speaker) -> str:
    """``“File opened”: “open”``, for the rules of facts."""
    return f"{_Duty({}, speaker).event(rule)}: {speaker.value(rule['to'])}"
