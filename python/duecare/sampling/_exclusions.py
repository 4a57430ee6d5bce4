"""Units that are not drawn, each with the reason: on hold, audited lately, out of quota."""

import datetime
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from duecare._errors import ArgumentError
from duecare.sampling._frame import Unit, read_table
from duecare.sampling._sample import Manifest


@dataclass(frozen=True, slots=True)
class Excluded:
    """A unit that was left out of a frame, and why."""

    id: str
    reason: str


def day(text: str, where: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ArgumentError(f"{where}: {text!r} is no date of the form YYYY-MM-DD.") from None


def listed(path: str | os.PathLike[str], reason: str | None = None) -> dict[str, str]:
    """Reasons by id from a CSV file with the columns id and reason (or id alone, with ``reason`` given)."""
    columns = ["id"] if reason is not None else ["id", "reason"]
    out = {}
    for number, row in read_table(path, columns):
        why = row.get("reason", reason)
        if not why:
            raise ArgumentError("An exclusion needs a reason.", source=str(path), line=number)
        out[row["id"]] = why
    return out


def audited(
    manifests: Iterable[tuple[Manifest, datetime.date]], within_days: int, on: datetime.date
) -> dict[str, str]:
    """Units that earlier draws took less than so many days before."""
    out = {}
    for manifest, drawn_on in manifests:
        days = (on - drawn_on).days
        if 0 <= days < within_days:
            for unit in manifest.units:
                if unit.in_scope:
                    out[unit.id] = f"audited {days} days before ({drawn_on})"
    return out


def exclude(units: Sequence[Unit], reasons: Mapping[str, str]) -> tuple[list[Unit], list[Excluded]]:
    """The units that stay, and those that do not. Ids that the frame does not have are no matter."""
    kept = [unit for unit in units if unit.id not in reasons]
    return kept, [Excluded(unit.id, reasons[unit.id]) for unit in units if unit.id in reasons]


def quotas(strata: Mapping[str, int], each: int, earlier: Iterable[Manifest] = ()) -> dict[str, int]:
    """How many units each stratum (an owner, a team, a unit) still has to give in a cycle.

    ``earlier``: the draws of this cycle. What a stratum does not have, it does not give.
    """
    given: dict[str, int] = {}
    for manifest in earlier:
        for unit in manifest.units:
            if unit.in_scope:
                given[unit.stratum] = given.get(unit.stratum, 0) + 1
    return {name: max(0, min(count, each - given.get(name, 0))) for name, count in strata.items()}


def read_manifest(path: str | os.PathLike[str]) -> Manifest:
    try:
        return Manifest(Path(path).read_text("utf-8"))
    except ArgumentError as error:
        raise ArgumentError(error.message, pointer=error.pointer, source=str(path)) from None
