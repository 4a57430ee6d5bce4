"""JSON Schemas of the formats, for editors and for checking what is made elsewhere."""

import json
from importlib.resources import files
from typing import Any

from duecare._errors import NotFoundError

SCHEMAS = (
    "case",
    "finding",
    "mapping",
    "policy",
    "review",
    "sample-manifest",
    "sample-plan",
    "staff",
    "test",
    "vocabulary",
)


def schema_text(name: str) -> str:
    """A schema as it is shipped."""
    plain = name.removeprefix("duecare.").removesuffix("/1")
    if plain not in SCHEMAS:
        raise NotFoundError(f"There is no schema {name!r}. There are: {', '.join(SCHEMAS)}.")
    return (files("duecare") / "schemas" / f"{plain}.json").read_text("utf-8")


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a format: ``"policy"`` or ``"duecare.policy/1"``.

    It checks the shape of a document. Whether its expressions, names and dates are right only reading it
    shows: what a schema accepts may still not compile or be rejected.

    Raises NotFoundError, which names those there are.
    """
    document: dict[str, Any] = json.loads(schema_text(name))
    return document
