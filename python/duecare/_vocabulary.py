"""The words that the built-in policies are written in."""

import json
from typing import Any, cast

from duecare import _core


def vocabulary() -> dict[str, Any]:
    """``duecare.vocabulary/1``: under ``events`` each event type with its definition, its attributes, an
    example, and the question that a records system must answer to map it; further ``case``, ``person``,
    ``ranks`` and ``accreditations``. A new dict at each call.
    """
    return cast("dict[str, Any]", json.loads(_core.vocabulary_json()))
