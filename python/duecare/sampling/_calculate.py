"""The methods of drawing and estimating by name."""

import json
from collections.abc import Mapping
from typing import Any

from duecare import _core


def calculate(method: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Results of a method as a dict. What is not defined is None, with a ``reason``.

    Decimals are taken as they are written: 0.07 is 7/100, and so is ``"0.07"``.
    """
    results: dict[str, Any] = json.loads(_core.calculate(method, json.dumps(inputs)))
    return results
