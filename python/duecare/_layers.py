"""The documents that a policy is made of, as they were written."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from duecare import _core
from duecare._policy import Policy, beside


def find(name: str) -> tuple[Policy, bytes, Path | None]:
    """A policy by its file or, where there is none, by the id of a built-in one: compiled, its own text, its
    file."""
    path = Path(name)
    if not path.exists() and name in Policy.builtin_names():
        return Policy.builtin(name), _core.builtin_json(name).encode(), None
    return Policy.load(path), path.read_bytes(), path


def chain(text: bytes, path: Path | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(place, document), the ground first; of a policy that compiles."""
    yield from reversed(list(_upwards(text, path)))


def _upwards(text: bytes, path: Path | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    resolve = beside(path.parent) if path is not None else None
    place = path.name if path is not None else "built in"
    while True:
        document = json.loads(text)
        yield place, document
        parent = document.get("extends")
        if parent is None:
            return
        found = resolve(parent) if resolve is not None else None
        if found is not None:
            place, text = f"{parent}.json", found[1]
        else:
            place, text = "built in", _core.builtin_json(parent).encode()
