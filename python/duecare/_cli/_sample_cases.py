"""Frames from case histories: whom an expression of the policy language is true of, and who has findings.

The engine itself decides: a policy is built around the expression and audited. Its two duties hold "as long
as the expression is true" and "as long as its negation is true"; a case in which neither ever held is one
that the record does not decide.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from duecare._audit import audit
from duecare._caseload import Caseload
from duecare._policy import Policy
from duecare._types import VERDICTS, Verdict
from duecare.sampling import Unit

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


def strata_of(
    cases: Caseload, policy: Policy, expressions: Sequence[str], as_of: str | None
) -> dict[str, str]:
    """By case its stratum: the texts of all expressions, with `` / `` between them."""
    columns = [texts_of(cases, policy, expression, as_of) for expression in expressions]
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
