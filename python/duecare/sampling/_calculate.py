"""The methods of drawing and estimating by name."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from duecare import _core

Number: TypeAlias = int | float | str | Decimal | Fraction
"""Decimals are taken as they are written: 0.07 is 7/100, and so are ``"0.07"``, ``"7e-2"``, ``"7/100"``."""


def _plain(value: Any) -> Any:
    """What JSON has no word for: decimals as they are written, arrays as lists."""
    if isinstance(value, (Decimal, Fraction)):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"a {type(value).__name__} is not a value for a calculation")


def calculate(method: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Results of a method as a dict. What is not defined is None, with a ``reason``.

    Decimals are taken as they are written: 0.07 is 7/100, and so are ``"0.07"``, ``"7e-2"`` and ``"7/100"``.
    """
    results: dict[str, Any] = json.loads(_core.calculate(method, json.dumps(inputs, default=_plain)))
    return results


class Statistics(Mapping[str, Any]):
    """What a method found, by name: ``found["low"]`` is ``found.low``. Read-only.

    What is not defined is None, and ``reason`` says why.
    """

    __slots__ = ("_method", "_values")

    def __init__(self, method: str, values: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_method", method)
        object.__setattr__(self, "_values", dict(values))

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            if name in self._values:
                return self._values[name]
            if name == "reason":  # nothing was left undefined
                return None
        raise AttributeError(
            f"{self._method} has no {name!r}, but: {', '.join(self._values)}"
            if not name.startswith("_")
            else name
        )

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"results of {self._method} are read-only")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"results of {self._method} are read-only")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._values})

    def __repr__(self) -> str:
        return f"{self._method}({', '.join(f'{name}={value!r}' for name, value in self._values.items())})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._method, self._values)

    def to_dict(self) -> dict[str, Any]:
        """A dict of its own, for JSON or a table."""
        return dict(self._values)


def statistics(method: str, /, **inputs: Any) -> Statistics:
    """``calculate`` with what is not None, by keyword; a trailing ``_`` keeps Python's own words apart."""
    given = {name.removesuffix("_"): value for name, value in inputs.items() if value is not None}
    return Statistics(method, calculate(method, given))
