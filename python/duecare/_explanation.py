"""How obligations came to their verdicts: steps, and the nearest thing that would have made them met."""

import json
from dataclasses import dataclass, field
from typing import Any, final

from duecare import _core


@dataclass(frozen=True, slots=True)
class ObligationLife:
    """One obligation. Dictionaries have the keys of the JSON of ``duecare_explanation_export_json``."""

    finding: dict[str, Any]
    """Exactly the contract's fields; instants as text."""
    steps: tuple[dict[str, Any], ...]
    """In the order of time: ``kind``, ``event``, ``at``, ... and ``text``, one line for people."""
    nearest: tuple[dict[str, Any], ...]
    """Changes of the record that would have made it met, the smallest first; empty unless it went wrong."""


@final
@dataclass(frozen=True, slots=True)
class Explanation:
    """The obligations of one duty in one case. ``str()`` tells them in plain lines."""

    obligations: tuple[ObligationLife, ...]
    _data: dict[str, Any] = field(repr=False)
    _json: str = field(repr=False)
    _text: str = field(repr=False)

    @property
    def case_id(self) -> str:
        return str(self._data["case_id"])

    @property
    def duty_id(self) -> str:
        return str(self._data["duty_id"])

    @property
    def steps(self) -> tuple[dict[str, Any], ...]:
        """The steps of all obligations, one obligation after the other."""
        return tuple(step for obligation in self.obligations for step in obligation.steps)

    @property
    def nearest(self) -> tuple[dict[str, Any], ...]:
        """The changes of all obligations, one obligation after the other."""
        return tuple(change for obligation in self.obligations for change in obligation.nearest)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data; instants as text. A copy."""
        return dict(json.loads(self._json))

    def json(self) -> str:
        """The same as one line of JSON, as the library writes it."""
        return self._json

    def __str__(self) -> str:
        return self._text


def explain(core: _core.Result, case_id: str, duty_id: str, key: str | None) -> Explanation:
    """Explains one duty in one case of a result."""
    written, text = core.explain(case_id, duty_id, key)
    data = json.loads(written)
    lives = tuple(
        ObligationLife(one["finding"], tuple(one["steps"]), tuple(one["nearest"]))
        for one in data["obligations"]
    )
    return Explanation(lives, data, written, text)
