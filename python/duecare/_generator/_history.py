"""One case while it is being written, and what was planted in it."""

from dataclasses import dataclass

from duecare._generator import _clock
from duecare._generator._random import Random
from duecare._generator._staff import UNITS, Staff

# Nothing later than this is written: the instant that the data were taken at.
HORIZON = _clock.day_number(2024, 6, 30) * _clock.DAY


@dataclass(slots=True)
class Planted:
    """A failing, and the verdict that an audit as of the horizon must give it."""

    duty: str
    key: str | None
    due: str | None
    verdict: str


class History:
    """Events are written in any order; times are minutes (`_clock`)."""

    __slots__ = (
        "answers",
        "case_id",
        "category",
        "children",
        "events",
        "failings",
        "informed",
        "persons",
        "random",
        "rates",
        "recent",
        "staff",
        "undone",
        "unit",
    )

    def __init__(
        self, case_id: str, category: str, unit: int, random: Random, rates: dict[str, int], staff: Staff
    ) -> None:
        self.case_id = case_id
        self.category = category
        self.unit = unit
        self.random = random
        self.rates = rates
        self.staff = staff
        self.persons: list[str] = []
        self.events: list[tuple[int, str]] = []
        self.failings: list[Planted] = []
        self.children = ["P1"]
        self.recent = False
        """The report says that the last episode of abuse was less than four weeks ago."""
        self.undone: list[tuple[str, str | None]] = []
        """Planted: duties that were to be done as soon as practicable and are not when the case closes."""
        self.informed: list[int] = []
        """When the victim heard something."""
        self.answers: list[int] = []
        """When something was done that answers a sign in a log."""

    def plants(self, kind: str) -> bool:
        return self.random.chance(self.rates[kind])

    def person(self, name: str, roles: str, born: str, more: str = "") -> None:
        self.persons.append(f'{{"id":"{self.case_id}-{name}","roles":[{roles}],"born":"{born}"{more}}}')

    def key(self, name: str) -> str:
        """The id of a person of this case."""
        return f"{self.case_id}-{name}"

    def add(
        self,
        type_: str,
        at: int,
        attributes: str = "",
        actor: str = "",
        subject: str = "",
        recorded: int | None = None,
        more: str = "",
    ) -> str | None:
        """Writes an event; returns its id, unless it lies beyond the horizon.

        `attributes` is the inside of a JSON object; `more` are further members of the event, after a comma.
        """
        if at > HORIZON:
            return None
        name = f"e{len(self.events) + 1}"
        line = f'{{"id":"{name}","type":"{type_}","occurred_at":"{_clock.text(at)}"'
        if recorded is not None:
            line += f',"recorded_at":"{_clock.text(min(recorded, HORIZON))}"'
        if actor:
            line += f',"actor":"{actor}"'
        if subject:
            line += f',"subjects":["{self.case_id}-{subject}"]'
        if attributes:
            line += f',"attributes":{{{attributes}}}'
        self.events.append((at, f"{line}{more}}}"))
        return name

    def plant(
        self, duty: str, due: int, answered: int | None, key: str | None = None, midnight: bool = False
    ) -> None:
        """A duty that is answered late or not at all. `midnight`: it is due a microsecond before `due`."""
        if due > HORIZON or (due == HORIZON and not midnight):
            return
        late = answered is not None and answered <= HORIZON
        shown = _clock.text_before(due) if midnight else _clock.text(due)
        self.failings.append(Planted(duty, key, shown, "late" if late else "missed"))

    def plant_check(self, duty: str, at: int, key: str | None = None) -> None:
        """A record that does not say what it has to."""
        if at <= HORIZON:
            self.failings.append(Planted(duty, key, _clock.text(at), "missed"))

    def plant_undone(self, duty: str, ended: int, key: str | None = None) -> None:
        """What had to be done as soon as practicable, and was not when it no longer could be."""
        if ended <= HORIZON:
            self.failings.append(Planted(duty, key, None, "missed"))

    def document(self, kind: str) -> str:
        """The line of JSON."""
        events = ",".join(line for _, line in sorted(self.events))
        return (
            f'{{"format":"duecare.case/1","id":"{self.case_id}","kind":"{kind}","attributes":{{"unit":"{UNITS[self.unit]}"}},'
            f'"persons":[{",".join(self.persons)}],"events":[{events}]}}\n'
        )
