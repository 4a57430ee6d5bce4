"""The handbook of a policy as data: what the pages show."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from duecare._handbook._durations import limit
from duecare._handbook._duties import Note, sets, words
from duecare._handbook._phrases import Speaker
from duecare._handbook._words import code, listed, period, plain, quoted, spoken
from duecare._policy import Policy
from duecare._types import SEVERITIES

_STATUSES = {
    "statute": "law",
    "statutory_guidance": "statutory guidance",
    "code_of_practice": "code of practice",
    "professional_practice": "professional practice",
    "inspection_expectation": "what inspectorates expect",
    "local_policy": "local policy",
    "illustrative": "illustrative, binds nobody",
}
# What every reader has to know once; `code` marks as elsewhere.
READING = (
    ("“Words in quotes”", "are kinds of entries, attributes and values as the records name them."),
    ("Must follow", "after the entry that opens the duty. What happens exactly when it is due is in time."),
    ("Set by each force", "no law fixes this number; the policy of a force may give another."),
    (
        "As soon as practicable",
        "no number is invented: time is measured, and nothing becomes late by itself.",
    ),
    ("Excused, no longer binds", "the duty ends there without breach, if that came in time."),
    (
        "Not known",
        "where the record does not say what a duty needs, its verdict is “unassessable”, never “met”.",
    ),
)
_WEEKDAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


@dataclass(frozen=True, slots=True)
class Layer:
    """One document of those that the policy is made of."""

    place: str
    """File name, or that it comes with duecare."""
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LayerEntry:
    """What a layer brings."""

    id: str
    version: str
    title: str
    place: str
    brings: str


@dataclass(frozen=True, slots=True)
class Source:
    """By what authority."""

    title: str
    section: str
    url: str
    status: str


@dataclass(frozen=True, slots=True)
class DutyEntry:
    """A duty as the pages show it."""

    id: str
    title: str
    severity: str
    sentence: str
    cases: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]
    source: Source
    parameters: tuple[str, ...]
    layers: str


@dataclass(frozen=True, slots=True)
class Area:
    """The duties of one area, in the order of the policy."""

    name: str
    anchor: str
    duties: tuple[DutyEntry, ...]


@dataclass(frozen=True, slots=True)
class ParameterEntry:
    """A number that each force sets."""

    name: str
    value: str
    layer: str
    duties: tuple[tuple[str, str], ...]
    """Id and title of those that use it."""
    statuses: str


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """Days that a policy counts by."""

    name: str
    days: str
    hours: str
    closed: str
    covers: str
    duties: str


@dataclass(frozen=True, slots=True)
class FactEntry:
    """A value that events set."""

    name: str
    about: str
    initial: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Handbook:
    """All of a policy."""

    id: str
    version: str
    title: str
    time_zone: str
    digest: str
    owner: str
    ranks: str
    reading: tuple[tuple[str, str], ...]
    layers: tuple[LayerEntry, ...]
    parameters: tuple[ParameterEntry, ...]
    calendars: tuple[CalendarEntry, ...]
    facts: tuple[FactEntry, ...]
    areas: tuple[Area, ...]
    duties: int
    severities: tuple[tuple[str, int], ...]
    statuses: tuple[tuple[str, int], ...]


def _strings(value: Any) -> Iterator[str]:
    """All texts of a duty that the engine reads: not its tests, its title or its source."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in {"tests", "title", "source", "explain"}:
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def parameters_of(duty: Mapping[str, Any], names: Iterable[str]) -> tuple[str, ...]:
    """Those of the parameters that a duty uses."""
    texts = list(_strings(duty))
    return tuple(
        name
        for name in names
        if any(text == f"${name}" or _mentions(text, f"param.{name}") for text in texts)
    )


def _mentions(text: str, path: str) -> bool:
    at = text.find(path)
    while at >= 0:
        after = text[at + len(path) : at + len(path) + 1]
        if not (after.isalnum() or after == "_"):
            return True
        at = text.find(path, at + 1)
    return False


def status(name: str) -> str:
    return _STATUSES.get(name, spoken(name))


def _counted(number: int, noun: str, many: str = "") -> str:
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def _days(given: Sequence[str]) -> str:
    """``Monday to Friday``."""
    places = sorted(list(_WEEKDAYS).index(one) for one in set(given) if one in _WEEKDAYS)
    names = [list(_WEEKDAYS.values())[place] for place in places]
    if len(names) > 2 and places == list(range(places[0], places[-1] + 1)):
        return f"{names[0]} to {names[-1]}"
    return listed(names)


class _Author:
    def __init__(self, document: Mapping[str, Any], layers: Sequence[Layer]) -> None:
        self._document = document
        self._layers = layers
        titles = {name: str((event or {}).get("title", "")) for name, event in self._of("events").items()}
        self._parameters = self._of("parameters")
        self._speaker = Speaker(titles, self._parameters)
        self._duties: list[Mapping[str, Any]] = list(document.get("duties") or [])

    def _of(self, key: str) -> Mapping[str, Any]:
        return dict(self._document.get(key) or {})

    def write(self, policy: Policy) -> Handbook:
        return Handbook(
            id=plain(policy.id),
            version=plain(policy.version),
            title=plain(policy.title or policy.id),
            time_zone=policy.time_zone,
            digest=policy.digest,
            owner=self._speaker.value(self._document["owner"]) if "owner" in self._document else "",
            ranks=", ".join(f"{spoken(name)} ({number})" for name, number in self._of("ranks").items()),
            reading=READING,
            layers=tuple(self._layer_entries()),
            parameters=tuple(self._parameter(name, value) for name, value in self._parameters.items()),
            calendars=tuple(self._calendar(name, each) for name, each in self._of("calendars").items()),
            facts=tuple(self._fact(name, fact) for name, fact in self._of("facts").items()),
            areas=tuple(self._areas()),
            duties=len(self._duties),
            severities=tuple(
                (name, sum(duty.get("severity") == name for duty in self._duties)) for name in SEVERITIES
            ),
            statuses=tuple(self._statuses()),
        )

    def _statuses(self) -> Iterator[tuple[str, int]]:
        found = [(duty.get("source") or {}).get("status") for duty in self._duties]
        for name, said in _STATUSES.items():
            if name in found:
                yield said, found.count(name)

    # ---- Layers --------------------------------------------------------------------------------------------

    def _layer_entries(self) -> Iterator[LayerEntry]:
        seen: set[str] = set()
        for layer in self._layers:
            duties = layer.document.get("duties") or []
            ids = [str(duty.get("id")) for duty in duties]
            dropped = [str(duty.get("id")) for duty in duties if duty.get("disabled") is True]
            changed = [one for one in ids if one in seen and one not in dropped]
            added = [one for one in ids if one not in seen and one not in dropped]
            parts = [_counted(len(added), "new duty", "new duties")] if added else []
            if changed:
                parts.append(f"changes {listed(code(one) for one in changed)}")
            if dropped:
                parts.append(f"drops {listed(code(one) for one in dropped)}")
            for key in ("parameters", "calendars", "facts"):
                number = len(layer.document.get(key) or {})
                if number:
                    parts.append(_counted(number, key.removesuffix("s")))
            seen.update(ids)
            yield LayerEntry(
                plain(layer.document.get("id", "")),
                plain(layer.document.get("version", "")),
                plain(layer.document.get("title", "")),
                plain(layer.place),
                ", ".join(parts) or "nothing of its own",
            )

    def _set_by(self, key: str, name: str) -> str:
        """The last layer that gives it."""
        for layer in reversed(self._layers):
            if name in (layer.document.get(key) or {}):
                return plain(layer.document.get("id", ""))
        return ""

    def _layers_of(self, duty_id: str) -> str:
        ids = [
            plain(layer.document.get("id", ""))
            for layer in self._layers
            if any(duty.get("id") == duty_id for duty in layer.document.get("duties") or [])
        ]
        if len(ids) < 2:
            return "".join(ids)
        return f"{ids[0]}, changed by {listed(ids[1:])}"

    # ---- Parameters, calendars, facts ----------------------------------------------------------------------

    def _parameter(self, name: str, value: Any) -> ParameterEntry:
        users = [duty for duty in self._duties if parameters_of(duty, [name])]
        statuses = {status(str((duty.get("source") or {}).get("status", ""))) for duty in users}
        shown = limit(value, self._speaker).words if isinstance(value, str) else plain(json.dumps(value))
        return ParameterEntry(
            plain(name),
            shown,
            self._set_by("parameters", name),
            tuple((plain(duty["id"]), plain(duty.get("title") or duty["id"])) for duty in users),
            ", ".join(sorted(statuses)),
        )

    def _calendar(self, name: str, calendar: Mapping[str, Any]) -> CalendarEntry:
        covers = calendar.get("covers") or {}
        closed = len(calendar.get("closed") or [])
        used = sum(
            any(f" {name} " in f" {text} " or text.endswith(f" {name} day") for text in self._times(duty))
            for duty in self._duties
        )
        return CalendarEntry(
            plain(name),
            _days(calendar.get("weekdays") or []),
            f"{plain(calendar.get('opens', '00:00'))} to {plain(calendar.get('closes', '24:00'))}",
            _counted(closed, "date left out", "dates left out") if closed else "none left out",
            period(covers) or "every date",
            _counted(used, "duty", "duties"),
        )

    def _times(self, duty: Mapping[str, Any]) -> list[str]:
        """The texts of a duty with its parameters put in."""
        return [
            str(self._parameters.get(text[1:], text)) if text.startswith("$") else text
            for text in _strings(duty)
        ]

    def _fact(self, name: str, fact: Mapping[str, Any]) -> FactEntry:
        initial = fact.get("initial")
        return FactEntry(
            quoted(name),
            "each person" if fact.get("per") == "subject" else "the case",
            self._speaker.value(initial) if initial is not None else "not known",
            tuple(sets(rule, self._speaker) for rule in fact.get("set") or []),
        )

    # ---- Duties --------------------------------------------------------------------------------------------

    def _areas(self) -> Iterator[Area]:
        names = dict.fromkeys(str(duty.get("area", "")) for duty in self._duties)
        for number, name in enumerate(names, 1):
            said = spoken(name) or "no area"
            yield Area(
                said[:1].upper() + said[1:],
                f"area-{number}",
                tuple(self._duty(duty) for duty in self._duties if str(duty.get("area", "")) == name),
            )

    def _duty(self, duty: Mapping[str, Any]) -> DutyEntry:
        said = words(duty, self._speaker)
        source = duty.get("source") or {}
        return DutyEntry(
            id=plain(duty["id"]),
            title=plain(duty.get("title") or duty["id"]),
            severity=plain(duty.get("severity", "")),
            sentence=said.sentence,
            cases=said.cases,
            notes=said.notes,
            source=Source(
                plain(source.get("title", "")),
                plain(source.get("section", "")),
                plain(source.get("url", "")),
                status(str(source.get("status", ""))),
            ),
            parameters=tuple(plain(name) for name in parameters_of(duty, self._parameters)),
            layers=self._layers_of(duty["id"]),
        )


def describe(policy: Policy, layers: Sequence[Layer] = ()) -> Handbook:
    """The handbook of a policy; ``layers`` are the documents that it is made of, the ground first."""
    document = json.loads(policy.to_json())
    return _Author(document, layers).write(policy)


__all__ = ["Area", "DutyEntry", "Handbook", "Layer", "describe", "parameters_of"]
