"""Recommendations of an inspectorate, and the duties that show whether they were met; JSON or CSV."""

import csv
import json
import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from duecare._errors import ArgumentError
from duecare._near import did_you_mean

FORMAT = "duecare.recommendations/1"
FIELDS = ("id", "text", "duties", "due", "target")


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation. Several may name the same duty."""

    id: str
    text: str
    duties: tuple[str, ...]
    """Ids of duties, one at least."""
    due: str = ""
    """The day by which it was to be met, ``YYYY-MM-DD``, or empty."""
    target: float | None = None
    """The share met that the inspectorate asked for, above 0 and up to 1; None: it named none."""


def _target(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError
    if isinstance(value, str):
        text = value.strip()
        value = float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
    if not 0 < value <= 1:
        raise ValueError
    return float(value)


def _duties(value: Any) -> tuple[str, ...]:
    """A list, or a text in which spaces, commas or semicolons stand between the ids."""
    if isinstance(value, str):
        value = [part for part in re.split(r"[\s,;]+", value) if part]
    if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
        raise ValueError
    return tuple(dict.fromkeys(value))


def _recommendation(given: Mapping[Any, Any], source: str, line: int, pointer: str) -> Recommendation:
    def refuse(message: str, key: object = "") -> ArgumentError:
        at = f"{pointer}/{key}" if pointer and key else pointer
        return ArgumentError(message, source=source, line=line, pointer=at)

    if None in given:
        raise refuse("The row has more cells than there are columns. Put quotes around text with commas.")
    fields = {key: value for key, value in given.items() if value not in (None, "")}
    for key in fields:
        if key not in FIELDS:
            hint = did_you_mean(str(key), FIELDS, f"Known are {', '.join(FIELDS)}.")
            raise refuse(f"A recommendation has no field {key!r}. {hint}", key)
    for key in ("id", "text"):
        if not isinstance(fields.get(key), str):
            raise refuse(f"The recommendation has no {key}.", key)
    try:
        duties = _duties(fields.get("duties"))
    except ValueError:
        raise refuse(f"Recommendation {fields['id']} names no duties; name one at least.", "duties") from None
    try:
        due = date.fromisoformat(fields["due"]).isoformat() if "due" in fields else ""
    except (TypeError, ValueError):
        raise refuse(f"{fields['due']!r} is no date of the form YYYY-MM-DD.", "due") from None
    try:
        target = _target(fields["target"]) if "target" in fields else None
    except ValueError:
        told = f"The target {fields['target']!r} is no share above 0 and up to 1, such as 0.9 or 90 %."
        raise refuse(told, "target") from None
    return Recommendation(fields["id"], fields["text"], duties, due, target)


def _read_json(path: str, text: str) -> list[Recommendation]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ArgumentError(f"The recommendations are no JSON: {error}", source=path) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ArgumentError(f'The format has to be "{FORMAT}".', source=path, pointer="/format")
    rows = document.get("recommendations")
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise ArgumentError(
            "The recommendations are a list of objects.", source=path, pointer="/recommendations"
        )
    return [_recommendation(one, path, 0, f"/recommendations/{place}") for place, one in enumerate(rows)]


def _read_csv(path: str, text: str) -> list[Recommendation]:
    reader = csv.DictReader(text.splitlines(keepends=True), strict=True)
    try:
        return [_recommendation(row, path, reader.line_num, "") for row in reader]
    except csv.Error as error:
        raise ArgumentError(f"The file is no CSV: {error}", source=path, line=reader.line_num) from None


def read_recommendations(path: str | os.PathLike[str]) -> tuple[Recommendation, ...]:
    """Of a file: ``.json`` is a document of ``duecare.recommendations/1``, all else CSV with a header.

    Raises
    ------
    ArgumentError
        With the line or the pointer of what is wrong.
    """
    name = os.fspath(path)
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArgumentError(f"The recommendations are no UTF-8: {error}", source=name) from None
    found = _read_json(name, text) if name.endswith(".json") else _read_csv(name, text)
    if not found:
        raise ArgumentError("There is no recommendation in it.", source=name)
    return tuple(found)


def check_recommendations(given: Sequence[Recommendation], duties: Collection[str], source: str = "") -> None:
    """Raises ArgumentError for a second one of the same id, and for duties that neither policy has."""
    seen: set[str] = set()
    for one in given:
        if one.id in seen:
            raise ArgumentError(f"There are two recommendations {one.id!r}.", source=source)
        seen.add(one.id)
        for duty in one.duties:
            if duty not in duties:
                hint = did_you_mean(duty, duties, "`duecare policy show` lists the duties.")
                raise ArgumentError(
                    f"Recommendation {one.id} names the duty {duty!r}, which the policy of neither run has. "
                    f"{hint}",
                    source=source,
                )
