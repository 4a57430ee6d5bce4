"""Reviews of drawn units by people (``duecare.review/1``), from JSON or CSV."""

import csv
import datetime
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from duecare._errors import ArgumentError
from duecare._near import did_you_mean
from duecare.sampling._sample import Manifest

REVIEW = "duecare.review/1"
FIELDS = ("case", "reviewer", "question", "answer", "grade", "comment", "date")

COMPLIANT = "compliant"
DEVIATION = "deviation"
UNREVIEWABLE = "unreviewable"
NOT_APPLICABLE = "not_applicable"
ANSWERS = (COMPLIANT, DEVIATION, UNREVIEWABLE, NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Review:
    """What one person says of one question (or duty) in one case."""

    case: str
    reviewer: str
    question: str
    answer: str
    grade: float | None = None
    comment: str = ""
    date: str = ""


def _review(fields: dict[str, Any], source: str, line: int, pointer: str = "") -> Review:
    def refuse(message: str, key: str = "") -> ArgumentError:
        at = f"{pointer}/{key}" if pointer and key else pointer
        return ArgumentError(message, source=source, line=line, pointer=at)

    given = {key: value for key, value in fields.items() if value not in (None, "")}
    if "duty" in given:
        if "question" in given:
            raise refuse("A review is of a question or of a duty, not of both.", "duty")
        given["question"] = given.pop("duty")
    for key in given:
        if key not in FIELDS:
            hint = did_you_mean(str(key), [*FIELDS, "duty"], f"Known are {', '.join(FIELDS)} and duty.")
            raise refuse(f"A review has no field {key!r}. {hint}", str(key))
    for key in ("case", "reviewer", "question", "answer"):
        if not isinstance(given.get(key), str):
            raise refuse(f"The review has no {key}.", key)
    if given["answer"] not in ANSWERS:
        hint = did_you_mean(given["answer"], ANSWERS, f"Answers are {', '.join(ANSWERS)}.")
        raise refuse(f"There is no answer {given['answer']!r}. {hint}", "answer")
    grade = given.get("grade")
    if grade is not None:
        try:
            grade = float(grade)
        except (TypeError, ValueError):
            raise refuse(f"The grade {grade!r} is no number.", "grade") from None
    date = str(given.get("date", ""))
    if date:
        try:
            datetime.date.fromisoformat(date)
        except ValueError:
            raise refuse(f"{date!r} is no date of the form YYYY-MM-DD.", "date") from None
    comment = str(given.get("comment", ""))
    return Review(given["case"], given["reviewer"], given["question"], given["answer"], grade, comment, date)


def _read_json(path: str | os.PathLike[str]) -> list[Review]:
    try:
        document = json.loads(Path(path).read_text("utf-8"))
    except ValueError as error:
        raise ArgumentError(f"The reviews are no JSON: {error}", source=str(path)) from None
    if not isinstance(document, dict) or document.get("format") != REVIEW:
        raise ArgumentError(f'The format has to be "{REVIEW}".', source=str(path), pointer="/format")
    reviews = document.get("reviews")
    if not isinstance(reviews, list) or not all(isinstance(one, dict) for one in reviews):
        raise ArgumentError("The reviews are a list of objects.", source=str(path), pointer="/reviews")
    return [_review(one, str(path), 0, f"/reviews/{index}") for index, one in enumerate(reviews)]


# What a spreadsheet would take for a formula, with the mark of text before it that keeps it from doing so.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def disarmed(text: str) -> str:
    """The cell for a text: one that a spreadsheet would run as a formula begins with an apostrophe."""
    return f"'{text}" if _FORMULA.match(text) else text


def armed(cell: str) -> str:
    """The text of a cell that ``disarmed`` wrote."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read_answers(path: str | os.PathLike[str], *, blanks: bool = False) -> list[Review]:
    """Reviews from a CSV file with the names of their fields; ``blanks``: rows may still lack an answer, and
    are left out. An apostrophe before what a spreadsheet would take for a formula is no part of the text."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        return [
            _review(
                {key: armed(cell) if isinstance(cell, str) else cell for key, cell in row.items()},
                str(path),
                reader.line_num,
            )
            for row in reader
            if row.get("answer") or not blanks
        ]


def blank_answers(path: str | os.PathLike[str], rows: Iterable[tuple[str, str, str]]) -> None:
    """Writes the file that ``read_answers`` reads, for (case, reviewer, question) without their answers."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(dict(zip(FIELDS, map(disarmed, row), strict=False)) for row in rows)


def read_reviews(path: str | os.PathLike[str]) -> list[Review]:
    """Reviews from a JSON document of ``duecare.review/1``, or a CSV file with the names of its fields."""
    return _read_json(path) if str(path).endswith(".json") else read_answers(path)


def write_reviews(reviews: Iterable[Review]) -> str:
    """The reviews as ``duecare.review/1``, sorted by question, case and reviewer."""
    rows = []
    for one in sorted(reviews, key=lambda r: (r.question, r.case, r.reviewer)):
        fields = {name: getattr(one, name) for name in FIELDS}
        rows.append({key: value for key, value in fields.items() if value not in (None, "")})
    body = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{{"format": "{REVIEW}", "reviews": [\n  {body}\n]}}\n'


def check_reviews(reviews: Sequence[Review], manifest: Manifest) -> None:
    """Raises ArgumentError for reviews of cases that were not drawn, or are out of scope, and for second
    reviews of the same question by the same person."""
    units = {unit.id: unit for unit in manifest.units}
    strangers = sorted({one.case for one in reviews if one.case not in units})
    if strangers:
        shown = ", ".join(strangers[:5]) + (", ..." if len(strangers) > 5 else "")
        raise ArgumentError(
            f"There are reviews of cases that were not drawn: {shown}. Only what was drawn says something of "
            "the rest; leave these out, or find out whether the manifest is the right one."
        )
    outside = sorted({one.case for one in reviews if not units[one.case].in_scope})
    if outside:
        raise ArgumentError(f"There are reviews of cases that are out of scope: {', '.join(outside[:5])}.")
    twice = [
        key for key, times in Counter((r.case, r.question, r.reviewer) for r in reviews).items() if times > 1
    ]
    if twice:
        case, question, reviewer = min(twice)
        raise ArgumentError(f"{reviewer!r} reviewed {question!r} in {case!r} twice; which one counts?")


def lead_reviewer(reviews: Sequence[Review]) -> str:
    """Who reviewed most; of several the first by name."""
    return min(Counter(one.reviewer for one in reviews).items(), key=lambda item: (-item[1], item[0]))[0]
