"""Figures over a result: compliance, owners. Counts first, rates with denominators."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from duecare import sampling
from duecare._errors import ArgumentError, StateError
from duecare._types import JUDGED, VERDICTS, Verdict

if TYPE_CHECKING:
    from duecare._audit import Result


def rate_interval(met: int, judged: int, confidence: float) -> tuple[float, float] | None:
    """Wilson's interval of a rate; None where nothing was judged. It treats what was judged as a sample."""
    found = sampling.proportion_interval(x=met, n=judged, conf=confidence, method="wilson")
    return (found.low, found.high) if judged else None


def difference_interval(
    before: tuple[int, int], after: tuple[int, int], confidence: float
) -> tuple[float, float] | None:
    """Newcombe's interval of the second share less the first, each (met, judged); None where none was judged.

    Made of Wilson's intervals of the two (Newcombe 1998, Statistics in Medicine 17:873-890, method 10). The
    two samples are to have nothing in common.
    """
    of_before, of_after = rate_interval(*before, confidence), rate_interval(*after, confidence)
    if of_before is None or of_after is None:
        return None
    was, now = before[0] / before[1], after[0] / after[1]
    return (
        now - was - math.hypot(now - of_after[0], of_before[1] - was),
        now - was + math.hypot(of_after[1] - now, was - of_before[0]),
    )


@dataclass(frozen=True, slots=True)
class Compliance:
    """The obligations of one group, by verdict."""

    group: Mapping[str, str | None]
    counts: Mapping[Verdict, int]
    interval: tuple[float, float] | None
    """Wilson's interval of ``rate``; None where nothing was judged. It treats the obligations as a sample."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def judged(self) -> int:
        """The denominator of ``rate``: met, late and missed."""
        return sum(self.counts[verdict] for verdict in JUDGED)

    @property
    def rate(self) -> float | None:
        """Met of judged; None where nothing was judged."""
        return self.counts["met"] / self.judged if self.judged else None

    def to_dict(self) -> dict[str, Any]:
        low, high = self.interval or (None, None)
        return {
            **self.group,
            **{str(verdict): count for verdict, count in self.counts.items()},
            "total": self.total,
            "judged": self.judged,
            "rate": self.rate,
            "rate_low": low,
            "rate_high": high,
        }


def need_all(result: "Result") -> None:
    if len(result.findings) != result.summary.total:
        raise StateError('These figures need every obligation: audit with verdicts="all".')


# What obligations are counted by, and which attribute of a finding it is.
_PARTS = {"area": "area", "duty": "duty_id", "owner": "owner", "severity": "severity", "unit": "unit"}


def compliance(result: "Result", by: Sequence[str], confidence: float) -> tuple[Compliance, ...]:
    if isinstance(by, str):
        raise TypeError("by must be a list of names such as ['unit', 'duty'], not one text")
    for name in by:
        if name not in _PARTS:
            raise ArgumentError(f"by: {name!r} is not one of {', '.join(_PARTS)}.")
    if not 0 < confidence < 1:
        raise ArgumentError(f"confidence: {confidence} is not between 0 and 1, such as 0.95.")
    need_all(result)
    chosen = [attrgetter(_PARTS[name]) for name in by]
    counts: dict[tuple[str | None, ...], dict[Verdict, int]] = {}
    for finding in result.findings:
        group = tuple(part(finding) for part in chosen)
        counts.setdefault(group, dict.fromkeys(VERDICTS, 0))[finding.verdict] += 1
    ordered = sorted(counts.items(), key=lambda item: [(part is None, part or "") for part in item[0]])
    return tuple(
        Compliance(
            dict(zip(by, group, strict=True)),
            row,
            rate_interval(row["met"], sum(row[verdict] for verdict in JUDGED), confidence),
        )
        for group, row in ordered
    )


def owners(result: "Result") -> tuple[Compliance, ...]:
    rows = compliance(result, ["owner"], 0.95)
    return tuple(sorted(rows, key=lambda row: -(row.counts["missed"] + row.counts["late"])))
