"""Documents of the format as Arrow tables, for tests: a column for each type that an attribute comes in."""

from typing import Any

import pyarrow as pa


class NoTableError(Exception):
    """A list of several types, a wrong type, an unknown key."""


def _class(value: Any) -> str:
    if isinstance(value, dict):
        return "dict"
    if isinstance(value, list):
        kinds = {_class(item) for item in value}
        if len(kinds) > 1 or kinds & {"dict", "NoneType"} or any(kind.startswith("list") for kind in kinds):
            raise NoTableError
        return "list " + "".join(kinds)
    return type(value).__name__


def array(values: list[Any], kind: str) -> pa.Array:
    if kind == "dict":
        return struct(values)
    if kind == "list ":
        return pa.array(values, pa.list_(pa.null()))
    return pa.array(values)


def struct(values: list[dict[str, Any] | None]) -> pa.StructArray:
    """A structure in which a key stands once for each type that it comes in."""
    fields = sorted(
        {(key, _class(value)) for row in values if row for key, value in row.items() if value is not None}
    )
    arrays = []
    for key, kind in fields:
        column = [
            row[key] if row and row.get(key) is not None and _class(row[key]) == kind else None
            for row in values
        ]
        arrays.append(array(column, kind))
    mask = pa.array([row is None for row in values])
    if not fields:
        return pa.array([None if row is None else {} for row in values], pa.struct([]))
    names = [key for key, _ in fields]
    return pa.StructArray.from_arrays(
        arrays, fields=[pa.field(n, a.type) for n, a in zip(names, arrays, strict=True)], mask=mask
    )


_TEXTS = pa.list_(pa.string())
_ACTOR = pa.struct(
    [("id", pa.string()), ("rank", pa.string()), ("unit", pa.string()), ("accreditations", _TEXTS)]
)
_KEYS = {
    "case": {"format", "id", "kind", "attributes", "persons", "events"},
    "person": {"id", "roles", "born", "attributes"},
    "event": {
        "id",
        "type",
        "occurred_at",
        "recorded_at",
        "actor",
        "subjects",
        "replaces",
        "withdrawn",
        "attributes",
    },
}


def _known(document: dict[str, Any], kind: str) -> None:
    if set(document) - _KEYS[kind]:
        raise NoTableError


def _texts(rows: list[dict[str, Any]], key: str) -> pa.Array:
    return pa.array([row.get(key) for row in rows], pa.string())


def tables(documents: list[dict[str, Any]]) -> dict[str, pa.Table]:
    cases = [d for d in documents if d["format"] == "duecare.case/1"]
    persons: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for case in cases:
        _known(case, "case")
        for person in case.get("persons", []):
            _known(person, "person")
            persons.append({**person, "case_id": case["id"]})
        for event in case.get("events", []):
            _known(event, "event")
            actor = event.get("actor")
            events.append(
                {**event, "case_id": case["id"], "actor": {"id": actor} if isinstance(actor, str) else actor}
            )
    service = [
        {**entry, "id": member["id"]}
        for d in documents
        if d["format"] == "duecare.staff/1"
        for member in d["staff"]
        for entry in member.get("service", [])
    ]
    out = {
        "cases": pa.table(
            {
                "id": _texts(cases, "id"),
                "kind": _texts(cases, "kind"),
                "attributes": struct([case.get("attributes") for case in cases]),
            }
        ),
        "persons": pa.table(
            {
                "case_id": _texts(persons, "case_id"),
                "id": _texts(persons, "id"),
                "born": _texts(persons, "born"),
                "roles": pa.array([person.get("roles") for person in persons], _TEXTS),
                "attributes": struct([person.get("attributes") for person in persons]),
            }
        ),
        "events": pa.table(
            {
                **{
                    key: _texts(events, key)
                    for key in ("case_id", "id", "type", "occurred_at", "recorded_at", "replaces")
                },
                "actor": pa.array([event.get("actor") for event in events], _ACTOR),
                "subjects": pa.array([event.get("subjects") for event in events], _TEXTS),
                "withdrawn": pa.array([event.get("withdrawn") for event in events], pa.bool_()),
                "attributes": struct([event.get("attributes") for event in events]),
            }
        ),
    }
    if service:
        out["staff"] = pa.table(
            {
                **{key: _texts(service, key) for key in ("id", "from", "until", "rank", "unit")},
                "accreditations": pa.array([entry.get("accreditations") for entry in service], _TEXTS),
            }
        )
    return out
