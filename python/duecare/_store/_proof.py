"""The file of a store: that nobody changed it, who signed it, what was taken out of it, and copies of it."""

import json
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from duecare._audit import audit
from duecare._caseload import Caseload
from duecare._store._runs import Runs
from duecare._store._values import fields, instant, to_json, when
from duecare._store_rows import Fault, Prunable, Rerun, StoredRecord, Verification


def _key_text(key: str | bytes) -> str:
    """A public key as text; bytes that are none are told as any other text that is no key."""
    return key if isinstance(key, str) else key.decode("utf-8", "replace")


class Proof(Runs):
    """Signs, verifies, prunes and copies."""

    __slots__ = ()

    @property
    def head(self) -> str:
        """The last link of the chain, 64 hex digits."""
        found: str = self._json("head")["head"]
        return found

    @property
    def info(self) -> Mapping[str, Any]:
        """Version of the schema and of SQLite, runs, records and bytes."""
        found: Mapping[str, Any] = self._json("info")
        return found

    def sign(
        self,
        key: bytes | bytearray | memoryview | str,
        *,
        run: int | None = None,
        record: int | None = None,
        by: str,
        at: datetime | str | None = None,
    ) -> StoredRecord:
        """Signs a run, or the record of a manifest, and with it all that was stored before it.

        Parameters
        ----------
        key
            The private key, PEM text as ``openssl genpkey -algorithm ed25519`` writes it. It is not stored.
            The library leaves no copy of it in memory; a ``bytearray`` can be overwritten afterwards.
        run, record
            What is signed; one of them.

        Raises
        ------
        ArgumentError, NotFoundError
            The key is none of Ed25519, or encrypted; there is no such run or manifest.
        UnsupportedError
            A build without OpenSSL.
        """
        pem = key.encode() if isinstance(key, str) else key
        request = fields(run=run, record=record, by=by, at=when(at, "at"))
        return StoredRecord(**json.loads(self._open().sign(to_json(request), pem)))

    def verify(
        self,
        expected_head: str | None = None,
        *,
        trusted: Iterable[str | bytes] | str | bytes | None = None,
        require_signatures: bool = False,
    ) -> Verification:
        """Recomputes every digest, and checks every signature.

        Parameters
        ----------
        expected_head
            One that was written down elsewhere: the chain must have gone through it. Only that, or a
            signature, shows a file whose whole chain was computed anew.
        trusted
            Public keys whose signatures count, each 64 hex digits or PEM text: ``signed`` and ``unsigned``
            say which runs and manifests have one.
        require_signatures
            What none of them signed is a fault.

        Examples
        --------
        >>> bool(store.verify(store.head))
        True
        >>> [fault.kind for fault in store.verify("0" * 64).faults]
        ['head_rewritten']
        """
        if trusted is None and not require_signatures:
            found = json.loads(self._open().verify(expected_head or ""))
        else:
            keys = [trusted] if isinstance(trusted, str | bytes) else trusted
            request = fields(
                head=expected_head or None,
                trusted=None if keys is None else [_key_text(one) for one in keys],
                require_signatures=require_signatures or None,
            )
            found = json.loads(self._open().verify_trusted(to_json(request)))
        faults = tuple(
            Fault(**{name: fault.get(name) for name in Fault.__slots__}) for fault in found.pop("faults")
        )
        return Verification(
            **{name: found[name] for name in ("ok", "head", "links", "rows")},
            faults=faults,
            signatures=found["signatures"]["valid"],
            unchecked=found["signatures"]["unchecked"],
            signed=tuple(found.get("signed", ())),
            unsigned=tuple(found.get("unsigned", ())),
        )

    def verify_rerun(
        self, run: int, caseload: Caseload | str | os.PathLike[str], *, threads: int = 0
    ) -> Rerun:
        """Audits again, by the policy and instants that were stored, and compares finding by finding."""
        stored = self.run(run)
        again = audit(
            caseload,
            self.policy(run),
            as_of=stored["as_of"],
            known_at=stored["known_at"],
            verdicts="all",
            threads=threads,
        )
        found = json.loads(self._open().compare_run(run, again._native))
        found["differences"] = tuple(found["differences"])
        return Rerun(**{name: found[name] for name in Rerun.__slots__})

    def prune(
        self,
        before: datetime | str,
        what: Iterable[Prunable],
        *,
        by: str,
        reason: str,
        at: datetime | str | None = None,
    ) -> Mapping[str, Any]:
        """Removes what need not be kept of runs recorded before an instant, and leaves the digests.

        Counts, policies and trends stay, and the chain still verifies.
        """
        request = {
            "before": instant(before, "before"),
            "what": list(what),
            "by": by,
            "reason": reason,
            "at": when(at, "at"),
        }
        found: Mapping[str, Any] = json.loads(self._open().prune(to_json(request)))
        return found

    def backup(self, path: str | os.PathLike[str]) -> None:
        """Copies the store as it is at this moment into a new file, while others go on using it."""
        self._open().backup(os.fspath(path))
