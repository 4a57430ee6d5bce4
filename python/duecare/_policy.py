"""Policies: loading them from files with the layers that they extend."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, final

from duecare import _core
from duecare._errors import ArgumentError
from duecare._instants import to_micros
from duecare._near import did_you_mean
from duecare._types import Diagnostic, Duty

_Document = str | bytes | Mapping[str, Any]

DEFAULT_POLICY: Final = "england-wales-child-protection"
"""What is audited against unless another is stated."""


def _to_bytes(document: _Document) -> bytes:
    """Whatever is no UTF-8 goes to the library as it is; it says where it stands."""
    if isinstance(document, bytes):
        return document
    if isinstance(document, str):
        return document.encode("utf-8", "surrogatepass")
    return json.dumps(document, allow_nan=False).encode()


def beside(folder: Path) -> Callable[[str], tuple[bytes, bytes] | None]:
    """A resolver that looks for ``POLICY-ID.json`` in the folder, and nowhere else."""

    def resolve(policy_id: str) -> tuple[bytes, bytes] | None:
        # An id is a name, not a path: it must not reach out of the folder.
        if not policy_id or {"/", os.sep, "\0"} & set(policy_id):
            return None
        path = folder / f"{policy_id}.json"
        try:
            return _to_bytes(str(path)), path.read_bytes()
        except FileNotFoundError:
            return None

    return resolve


@final
class Policy:
    """A checked, compiled policy. Immutable; any number of threads may use it."""

    __slots__ = ("_native", "_warnings")
    _native: _core.Policy
    _warnings: tuple[Diagnostic, ...]

    def __init__(self) -> None:
        raise TypeError("use Policy.load(path) or Policy.from_json(text)")

    @classmethod
    def _of(cls, core: _core.Policy) -> "Policy":
        self = object.__new__(cls)
        object.__setattr__(self, "_native", core)
        warnings = tuple(Diagnostic(*fields) for fields in core.warnings())
        object.__setattr__(self, "_warnings", warnings)
        return self

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, layers: Iterable[_Document] = ()) -> "Policy":
        """Compiles a policy file.

        What it ``extends`` is looked for among ``layers`` (JSON text or dicts), then as ``POLICY-ID.json``
        beside the file, then among the built-in policies.

        Raises PolicyError with every diagnostic, or OSError when the file cannot be read.
        """
        file = Path(path)
        return cls._compile(file.read_bytes(), str(file), layers, beside(file.parent))

    @classmethod
    def from_json(cls, text: _Document, *, name: str = "", layers: Iterable[_Document] = ()) -> "Policy":
        """Compiles a policy from JSON text or a dict; ``name`` is shown in diagnostics."""
        return cls._compile(_to_bytes(text), name, layers, None)

    @classmethod
    def builtin(cls, name: str) -> "Policy":
        """A policy that comes with duecare. Raises NotFoundError, which names those there are."""
        return cls._of(_core.builtin_policy(name))

    @staticmethod
    def builtin_names() -> tuple[str, ...]:
        """Ids of the policies that come with duecare."""
        return tuple(_core.builtin_ids())

    @classmethod
    def _compile(
        cls,
        text: bytes,
        name: str,
        layers: Iterable[_Document],
        resolver: Callable[[str], tuple[bytes, bytes] | None] | None,
    ) -> "Policy":
        if isinstance(layers, (str, bytes, Mapping)):
            raise TypeError("layers must be an iterable of policies, not one policy")
        handed_over = [(b"", _to_bytes(layer)) for layer in layers]
        return cls._of(_core.compile_policy(text, _to_bytes(name), handed_over, resolver))

    @property
    def id(self) -> str:
        return self._native.id

    @property
    def version(self) -> str:
        return self._native.version

    @property
    def title(self) -> str:
        return self._native.title

    @property
    def time_zone(self) -> str:
        """IANA name of the zone that local times are read and shown in."""
        return self._native.time_zone

    @property
    def digest(self) -> str:
        """SHA-256 of ``to_json()``, lower-case hex: the same policy has the same digest."""
        return self._native.digest

    @property
    def duties(self) -> tuple[Duty, ...]:
        """In the order of the policy."""
        return tuple(Duty(*fields) for fields in self._native.duties())

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What there is to say about a policy that compiles: its warnings."""
        return self._warnings

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return self._warnings

    def with_parameters(self, **values: Any) -> "Policy":
        """The same policy with other values of its parameters. ArgumentError for one that it does not have.

        >>> import duecare
        >>> policy = duecare.Policy.builtin("england-wales-supervision")
        >>> policy.with_parameters(review_standard="21 days") == policy
        False
        """
        document = json.loads(self.to_json())
        known = document.get("parameters") or {}
        for name in values:
            if name not in known:
                hint = did_you_mean(name, known)
                raise ArgumentError(f"The policy has no parameter {name!r}. {hint}".rstrip())
        document["parameters"] = {**known, **values}
        return Policy.from_json(document, name=self.id)

    def to_json(self) -> str:
        """The whole policy after its layers."""
        return self._native.json

    def parse_instant(self, text: str) -> datetime:
        """Reads RFC 3339 text; without an offset it is local, a date alone means the end of that day."""
        return _core.to_datetime(to_micros(text, "text", self._native))

    def format_instant(self, value: datetime) -> str:
        """As the policy's zone shows it: ``2023-06-01T10:30:00+01:00``."""
        return self._native.format_instant(to_micros(value, "value", self._native))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a policy cannot be changed: {name}")

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Policy) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"<duecare.Policy {self.id} {self.version}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickle, (self.to_json(),)


def _unpickle(text: str) -> Policy:
    return Policy.from_json(text)
