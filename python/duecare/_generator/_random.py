"""Random numbers that are the same everywhere: integers only, and not Python's generator."""

from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")
_MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15


class Random:
    """splitmix64 (Steele, Lea, Flood 2014)."""

    __slots__ = ("_state",)

    def __init__(self, seed: int, stream: int) -> None:
        self._state = seed & _MASK
        self._state = (self.bits() ^ (stream * _STEP)) & _MASK

    def bits(self) -> int:
        """64 of them."""
        self._state = z = (self._state + _STEP) & _MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def below(self, end: int) -> int:
        """From 0 to end - 1."""
        return (self.bits() >> 32) * end >> 32

    def between(self, low: int, high: int) -> int:
        """From low to high, both included."""
        return low + ((self.bits() >> 32) * (high - low + 1) >> 32)

    def chance(self, permille: int) -> bool:
        return ((self.bits() >> 32) * 1000 >> 32) < permille

    def pick(self, items: Sequence[_T]) -> _T:
        return items[(self.bits() >> 32) * len(items) >> 32]
