"""The open file of a store: what is asked of it and put into it, as JSON."""

import json
import os
from collections.abc import Mapping
from typing import Any, Self

from duecare import _core
from duecare._errors import ArgumentError, StateError
from duecare._store._values import fields, to_json
from duecare._store_rows import Keep, StoredRecord

_KEEPS: tuple[Keep, ...] = ("identity", "evidence", "histories")


class Session:
    """Opens, asks and closes; what can be asked is in the classes made of it."""

    __slots__ = ("_native", "_path")

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        create: bool = False,
        read_only: bool = False,
        keep: Keep = "identity",
        key: bytes | None = None,
        cipher_key: bytes | None = None,
        relaxed: bool = False,
        busy_seconds: float = 5.0,
    ) -> None:
        if keep not in _KEEPS:
            raise ArgumentError(f"keep is {keep!r}; expected is one of {', '.join(_KEEPS)}.")
        if busy_seconds < 0:
            raise ArgumentError("busy_seconds is negative.")
        if key is not None and not key:
            raise ArgumentError("The key of pseudonyms has 16 to 1024 bytes; this one is empty.")
        if cipher_key is not None and not cipher_key:
            raise ArgumentError("The key of an encrypted store has 1 to 1024 bytes; this one is empty.")
        self._path = os.fspath(path)
        self._native: _core.Store | None = _core.Store(
            self._path,
            read_only,
            create,
            relaxed,
            max(1, round(busy_seconds * 1000)),
            _KEEPS.index(keep),
            key or b"",
            cipher_key or b"",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<duecare.Store {self._path!r}{'' if self._native else ', closed'}>"

    def close(self) -> None:
        """Closes the file. Further calls raise StateError; closing again does nothing."""
        self._native = None

    def _open(self) -> _core.Store:
        if self._native is None:
            raise StateError("The store is closed.")
        return self._native

    def _ask(self, what: str, **given: Any) -> str:
        return self._open().query(to_json({"what": what, **fields(**given)}))

    def _json(self, what: str, **given: Any) -> Any:
        return json.loads(self._ask(what, **given))

    def _put(self, kind: str, body: Mapping[str, Any]) -> StoredRecord:
        return StoredRecord(**json.loads(self._open().put(kind, to_json(body))))
