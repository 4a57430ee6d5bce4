"""Frames from case histories: whom an expression of the policy language is true of, and who has findings.

The engine itself decides: a policy is built around the expression and audited. Its two duties hold "as long
as the expression is true" and "as long as its negation is true"; a case in which neither ever held is one
that the record does not decide.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from duecare._audit import audit
from duecare._caseload import Caseload
from duecare._errors import ArgumentError
from duecare._policy import Policy
from duecare._types import VERDICTS, Verdict
from duecare.sampling import Unit
from duecare.sampling._frame import size_of

_DUTY = {
    "area": "frame",
    "severity": "low",
    "at_most": "1000 years",
    "source": {"title": "Frame of a sample", "section": "", "url": "", "status": "local_policy"},
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Cases by what the record says of an expression."""

    true: tuple[str, ...]
    undecided: tuple[str, ...]


def _holds(policy: Policy, expressions: dict[str, str], owner: str | None = None) -> Policy:
    """The facts, ranks and calendars of a policy, with duties that hold as long as the expressions do."""
    document = json.loads(policy.to_json())
    document["id"] = "frame"
    document.pop("tests", None)
    document.pop("owner", None)
    document["duties"] = [
        {**_DUTY, "id": name, "title": name, "while": text, **({"owner": owner} if owner else {})}
        for name, text in expressions.items()
    ]
    return Policy.from_json(json.dumps(document))


def _run(cases: Caseload, policy: Policy, as_of: str | None) -> Any:
    return audit(cases, policy, as_of=as_of, verdicts=list(VERDICTS))


def cases_where(cases: Caseload, policy: Policy, expression: str, as_of: str | None) -> Chosen:
    """The cases in which ``expression`` (over ``case`` and ``fact``) held at some time up to ``as_of``."""
    built = _holds(policy, {"in-frame": expression, "not-in-frame": f"!({expression})"})
    held: dict[str, set[str]] = {"in-frame": set(), "not-in-frame": set()}
    for finding in _run(cases, built, as_of).findings:
        held[finding.duty_id].add(finding.case_id)
    decided = held["in-frame"] | held["not-in-frame"]
    return Chosen(
        tuple(id_ for id_ in cases.case_ids if id_ in held["in-frame"]),
        tuple(id_ for id_ in cases.case_ids if id_ not in decided),
    )


def texts_of(cases: Caseload, policy: Policy, expression: str, as_of: str | None) -> dict[str, str]:
    """By case the text that ``expression`` has (a unit, an owner); cases without one are left out."""
    built = _holds(policy, {"value": "true"}, owner=expression)
    return {
        finding.case_id: finding.owner
        for finding in _run(cases, built, as_of).findings
        if finding.owner is not None
    }


# Leaves of one round of the search of numbers_of, and how many different values it follows at most.
_PARTS = 16
_MOST_VALUES = 256


def _tree(expression: str, leaves: Sequence[tuple[int, int]]) -> str:
    """Which of the adjoining or ordered intervals [low, high) the value lies in, as the text of its index."""

    def build(low: int, high: int) -> str:
        if high - low == 1:
            begin, end = leaves[low]
            return f"(({expression}) == {begin} ? '{low}' : 'part')" if end - begin == 1 else f"'{low}'"
        middle = (low + high) // 2
        return f"(({expression}) < {leaves[middle][0]} ? {build(low, middle)} : {build(middle, high)})"

    return f"(({expression}) < 0 ? 'negative' : {build(0, len(leaves))})"


def _split(interval: tuple[int, int]) -> list[tuple[int, int]]:
    low, high = interval
    bounds = sorted({low + (high - low) * part // _PARTS for part in range(_PARTS + 1)})
    return list(pairwise(bounds))


def numbers_of(cases: Caseload, policy: Policy, expression: str, as_of: str | None) -> dict[str, int]:
    """By case the whole number from 0 on that ``expression`` has; cases without a value are left out.

    The engine answers in texts alone, so it is asked for intervals that get narrower.
    """
    # The first round finds the power of two, so that small numbers are found in a few.
    leaves = [(0, 1), *((2**power, 2 ** (power + 1)) for power in range(63))]
    while True:
        told = texts_of(cases, policy, _tree(expression, leaves), as_of)
        for id_, text in told.items():
            if not text.isdigit():
                wrong = "is negative" if text == "negative" else "is no whole number"
                raise ArgumentError(
                    f"{expression}: the size of the case {id_!r} {wrong}. "
                    "Sizes are whole numbers from 0 on; scale money to its smallest coin."
                )
        found = {id_: leaves[int(text)] for id_, text in told.items()}
        distinct = sorted(set(found.values()))
        if all(high - low == 1 for low, high in distinct):
            return {id_: low for id_, (low, _) in found.items()}
        if len(distinct) > _MOST_VALUES:
            raise ArgumentError(
                f"{expression} has more than {_MOST_VALUES} different values; of an expression no more are "
                "found. Give a plain path such as case.harm, or a table with --csv."
            )
        leaves = [part for interval in distinct for part in _split(interval)]


_PATH = re.compile(r"case((?:\.[A-Za-z_]\w*)+)")


def _attribute(document: dict[str, Any], keys: Sequence[str]) -> Any:
    value: Any = document.get("attributes", {})
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def sizes_of(
    cases: Caseload, policy: Policy, expression: str, as_of: str | None, ids: Sequence[str]
) -> Counter[str]:
    """By case of ``ids`` the size that an expression has, such as case.harm; one without is an error."""
    path = _PATH.fullmatch(expression.strip())
    if path is not None and path[1] not in (".id", ".kind", ".persons"):
        keys, wanted = path[1].removeprefix(".").split("."), set(ids)
        found = {
            id_: size_of(_attribute(cases.document(at), keys), f"Case {id_!r}")
            for at, id_ in enumerate(cases.case_ids)
            if id_ in wanted
        }
        known = {id_: size for id_, size in found.items() if size is not None}
    else:
        known = numbers_of(cases, policy, expression, as_of)
    without = [id_ for id_ in ids if id_ not in known]
    if without:
        shown = ", ".join(without[:5]) + (", ..." if len(without) > 5 else "")
        raise ArgumentError(
            f"{expression} has no number in {len(without)} of {len(ids)} cases: {shown}. "
            "A unit without a size cannot be drawn in proportion to it; leave them out with --where, or "
            "say what they count, such as has(case.harm) ? case.harm : 1.",
            source="--size",
        )
    return Counter(known)


def strata_of(
    cases: Caseload, policy: Policy, expressions: Sequence[str], as_of: str | None
) -> dict[str, str]:
    """By case its stratum: the texts of all expressions, with `` / `` between them."""
    columns = [texts_of(cases, policy, expression, as_of) for expression in expressions]
    for expression, column in zip(expressions, columns, strict=True):
        if not column and cases.case_ids:
            raise ArgumentError(
                f"{expression} is a text in none of the cases; strata have names. Of a number make one: "
                f"{expression} < 10 ? 'few' : 'many'.",
                source="--stratum",
            )
    return {id_: " / ".join(column.get(id_, "") for column in columns) for id_ in cases.case_ids}


@dataclass(frozen=True, slots=True)
class Obligation:
    """One row of a frame of obligations."""

    id: str
    case_id: str


def obligations(
    cases: Caseload, policy: Policy, verdicts: Iterable[Verdict], duties: Sequence[str], as_of: str | None
) -> list[Obligation]:
    """What a policy finds in the cases, with these verdicts and (if any are named) of these duties."""
    wanted = set(verdicts)
    rows = []
    for finding in _run(cases, policy, as_of).findings:
        if finding.verdict not in wanted or (duties and finding.duty_id not in duties):
            continue
        parts = [finding.case_id, finding.duty_id, finding.key or "", str(finding.to_dict()["opened_at"])]
        rows.append(Obligation("|".join(parts), finding.case_id))
    return rows


def counted(rows: Iterable[Obligation]) -> Counter[str]:
    """How many by case."""
    return Counter(row.case_id for row in rows)


def units(ids: Iterable[str], strata: dict[str, str], sizes: Counter[str] | None) -> list[Unit]:
    return [Unit(id_, strata.get(id_, ""), None if sizes is None else sizes[id_]) for id_ in ids]
