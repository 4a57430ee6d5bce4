"""The documents that a policy is made of, as they were written."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from duecare import _core
from duecare._policy import beside

_BUILT_IN = "built in"


def chain(name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(place, document) of a policy that compiles, the ground first; by its file or a built-in id."""
    path = Path(name)
    if path.exists():
        layers = _upwards(path.name, path.read_bytes(), beside(path.parent))
    else:
        layers = _upwards(_BUILT_IN, _core.builtin_json(name).encode(), None)
    yield from reversed(list(layers))


def _upwards(
    place: str, text: bytes, resolve: Callable[[str], tuple[bytes, bytes] | None] | None
) -> Iterator[tuple[str, Mapping[str, Any]]]:
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
            place, text = _BUILT_IN, _core.builtin_json(parent).encode()
