"""Agreement between reviewers, and of people with the machine."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from duecare.sampling._calculate import calculate
from duecare.sampling._review import COMPLIANT, DEVIATION, Review

_CATEGORIES = (DEVIATION, COMPLIANT)


def _measures(table: Sequence[Sequence[int]], categories: Sequence[str], weights: str) -> dict[str, Any]:
    n = sum(map(sum, table))
    if n == 0:
        return {"n": 0, "reason": "no unit was judged by both"}
    percent = calculate("percent_agreement", {"table": table})
    kappa = calculate("cohen_kappa", {"table": table, "weights": weights})
    gwet = calculate("gwet_ac", {"table": table, "weights": weights})
    return {
        "n": n,
        "categories": list(categories),
        "table": [list(row) for row in table],
        "percent": percent,
        "kappa": kappa,
        "gwet_ac2" if weights != "none" else "gwet_ac1": gwet,
    }


def of_answers(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, Any]:
    """Of two judges, by unit "deviation" or "compliant"; other answers do not count."""
    table = [[0, 0], [0, 0]]
    for unit, answer in first.items():
        other = second.get(unit)
        if answer in _CATEGORIES and other in _CATEGORIES:
            table[_CATEGORIES.index(answer)][_CATEGORIES.index(other)] += 1
    return _measures(table, _CATEGORIES, "none")


def of_grades(first: Mapping[str, float], second: Mapping[str, float]) -> dict[str, Any]:
    """Of two judges that grade; the grades that anybody gave are the categories, in their order."""
    grades = sorted({*first.values(), *second.values()})
    table = [[0] * len(grades) for _ in grades]
    for unit, grade in first.items():
        if unit in second:
            table[grades.index(grade)][grades.index(second[unit])] += 1
    return _measures(table, [f"{grade:g}" for grade in grades], "linear")


def between_reviewers(reviews: Sequence[Review], question: str) -> list[dict[str, Any]]:
    """Each pair of reviewers that have units in common."""
    here = [one for one in reviews if one.question == question]
    names = sorted({one.reviewer for one in here})
    out = []
    for first, second in combinations(names, 2):
        answers = [{r.case: r.answer for r in here if r.reviewer == name} for name in (first, second)]
        if not answers[0].keys() & answers[1].keys():
            continue
        row: dict[str, Any] = {"first": first, "second": second, "answers": of_answers(*answers)}
        grades = [
            {r.case: r.grade for r in here if r.reviewer == name and r.grade is not None}
            for name in (first, second)
        ]
        if grades[0].keys() & grades[1].keys():
            row["grades"] = of_grades(grades[0], grades[1])
        out.append(row)
    return out
