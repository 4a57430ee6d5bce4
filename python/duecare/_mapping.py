"""Mappings: which columns of a host's table are what, and what its codes mean (duecare.mapping/1)."""

import json
import os
from collections.abc import Mapping as MappingABC
from pathlib import Path
from typing import Any

from duecare import _core
from duecare._errors import DataError
from duecare._frames import need

MappingLike = MappingABC[str, Any] | str | os.PathLike[str]


def read_mapping(mapping: MappingLike) -> dict[str, Any]:
    """A mapping from a dict, or from a YAML or JSON file. What is wrong with it raises DataError."""
    if isinstance(mapping, MappingABC):
        document = dict(mapping)
        name = "the mapping"
    else:
        name = os.fspath(mapping)
        try:
            text = Path(name).read_text("utf-8")
        except UnicodeDecodeError as error:
            raise DataError(f"The mapping is no text in UTF-8: {error}", source=name) from error
        if name.endswith(".json"):
            try:
                document = json.loads(text)
            except ValueError as error:
                raise DataError(f"The mapping is no valid JSON: {error}", source=name) from error
        else:
            yaml = need("yaml", "A mapping in YAML")
            try:
                document = yaml.safe_load(text)
            except yaml.YAMLError as error:
                raise DataError(f"The mapping is no valid YAML: {error}", source=name) from error
    if not isinstance(document, dict):
        raise DataError('A mapping is an object with the key "format".', source=name)
    _need_decided(document, "", name)
    try:
        _core.Tables(mapping_json(document))  # says what is wrong
    except DataError as error:
        raise DataError(error.message, pointer=error.pointer, source=name) from None
    return document


def _need_decided(node: Any, pointer: str, name: str) -> None:
    """`duecare map inspect` writes "?" where somebody has to decide; never among what means no value."""
    if pointer == "/null_values":
        return
    if node == "?":
        raise DataError(
            'Here stands "?" still: it has to be decided what this is.', pointer=pointer, source=name
        )
    children = dict(enumerate(node)) if isinstance(node, list) else node
    for key, child in children.items() if isinstance(children, dict) else ():
        part = str(key).replace("~", "~0").replace("/", "~1")
        _need_decided(child, f"{pointer}/{part}", name)


def mapping_json(document: MappingABC[str, Any]) -> str:
    try:
        return json.dumps(document, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise DataError(f"The mapping cannot be written as JSON: {error}") from error


def tables_of(mapping: MappingABC[str, Any]) -> list[str]:
    """The names of tables that the sections ask for; "" for any."""
    names = []
    for role in ("events", "cases", "persons", "staff"):
        given = mapping.get(role, [])
        for section in given if isinstance(given, list) else [given]:
            names.append(section.get("table", ""))
    return names
