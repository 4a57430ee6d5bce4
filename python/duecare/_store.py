"""The audit store: runs and the work on them, in one file that shows whether anybody changed it."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self, final

from duecare import _core
from duecare._audit import Result, audit
from duecare._caseload import Caseload
from duecare._compliance import rate_interval
from duecare._errors import ArgumentError, StateError
from duecare._inspection import (
    Basis,
    InspectionReport,
    Recommendation,
    make_inspection_report,
    read_recommendations,
)
from duecare._instants import format_instant
from duecare._policy import Policy
from duecare._store_rows import (
    ActionStatus,
    By,
    Decision,
    Fault,
    Keep,
    Key,
    Life,
    Prunable,
    Rerun,
    Rows,
    StoredRecord,
    StoredRun,
    Verification,
)
from duecare._types import JUDGED, Verdict

_KEEPS: tuple[Keep, ...] = ("identity", "evidence", "histories")


def _instant(value: datetime | str, name: str) -> str:
    if isinstance(value, str):
        return value
    if value.utcoffset() is None:
        raise ArgumentError(f"{name} is a datetime without a time zone. Give it one (tzinfo=...).")
    return format_instant(value)


def _when(value: datetime | str | None, name: str) -> str:
    """As the library reads it; None is now, to the second."""
    return _instant(datetime.now(UTC).replace(microsecond=0) if value is None else value, name)


def _key_text(key: str | bytes) -> str:
    """A public key as text; bytes that are none are told as any other text that is no key."""
    return key if isinstance(key, str) else key.decode("utf-8", "replace")


def _fields(**given: Any) -> dict[str, Any]:
    return {key: value for key, value in given.items() if value is not None}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _rate(name: str, part: int, whole: int, confidence: float) -> dict[str, float | None]:
    low, high = rate_interval(part, whole, confidence) or (None, None)
    return {name: part / whole if whole else None, f"{name}_low": low, f"{name}_high": high}


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A record whose fields stand beside its number."""
    return {**row["body"], **{name: value for name, value in row.items() if name != "body"}}


def _lines(text: str) -> Rows:
    summary, *rows = [json.loads(line) for line in text.split("\n") if line]
    return Rows(rows, summary)


@final
class Store:
    """One SQLite file with runs, decisions, actions, samples and reviews, each under a chain of digests.

    What a call has returned from is on the disk. One writer at a time; others wait up to ``busy_seconds`` and
    then raise BusyError with nothing changed; any number may read. One thread at a time uses a Store, and
    after ``fork`` the child opens its own.

    Parameters
    ----------
    path
        The file.
    create
        Make the file, readable by its owner alone, where there is none.
    read_only
        Nothing can be put.
    keep
        Of the runs put through this object: ``"identity"``, who, when and the verdict; ``"evidence"``, the
        evidence and the sentence of each finding too; ``"histories"``, whole case histories too.
    key
        For pseudonyms, 16 to 1024 bytes: ids of cases, persons, staff and owners are replaced by their
        HMAC-SHA256 under it. A file is one or the other for ever.
    cipher_key
        Encrypts the file, where the SQLite that this process has loaded is SQLCipher: what its
        ``sqlite3_key`` takes, 1 to 1024 bytes. Backups are encrypted under it too.
    relaxed
        The last moments may be lost when the machine loses power. For imports that can be done again.
    busy_seconds
        How long to wait for another writer.

    Raises
    ------
    NotFoundError, FileError, DataError
        No such file; it cannot be used; it is no store, or damaged.
    UnsupportedError
        It is of a later version; or a ``cipher_key``, and the SQLite of this process is not SQLCipher.

    Examples
    --------
    ``result`` is of ``audit(..., verdicts="all")``:

    >>> with Store("audits.db", create=True) as store:
    ...     run = store.put_run(result, recorded_at="2023-01-20T18:00:00Z", label="January")
    ...     print(run.run, run.is_new, run.findings, bool(store.verify(run.head)))
    1 True 4 True

    The examples of methods are of a store with two runs of one caseload, as of 12 and of 20 January 2023.
    """

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
        return self._open().query(_text({"what": what, **_fields(**given)}))

    def _json(self, what: str, **given: Any) -> Any:
        return json.loads(self._ask(what, **given))

    def _put(self, kind: str, fields: Mapping[str, Any]) -> StoredRecord:
        return StoredRecord(**json.loads(self._open().put(kind, _text(fields))))

    # Runs ------------------------------------------------------------------------------------------------

    def put_run(
        self,
        result: Result,
        *,
        recorded_at: datetime | str | None = None,
        label: str | None = None,
        by: str | None = None,
    ) -> StoredRun:
        """Stores a run whole or not at all.

        Parameters
        ----------
        result
            Of ``audit(..., verdicts="all")``: without what was met, later runs could not tell what was
            resolved from what is gone.
        recorded_at
            When it is stored; default: now.
        label, by
            For people: what the run is called, and who made it.
        """
        info = _fields(
            recorded_at=_when(recorded_at, "recorded_at"),
            label=label,
            by=by,
        )
        return StoredRun(**json.loads(self._open().put_run(result._native, _text(info))))

    @property
    def runs(self) -> Rows:
        """Of each run its number, instants, policy, digests, versions, and ``counts`` by verdict.

        Examples
        --------
        >>> [(run["run"], run["label"], run["counts"]["met"], run["counts"]["missed"]) for run in store.runs]
        [(1, '12 January', 1, 0), (2, '20 January', 1, 2)]
        """
        return Rows(self._json("runs")["runs"])

    def run(self, run: int) -> Mapping[str, Any]:
        """One run, with counts by duty, rejects, what was pruned, and the head when it was stored."""
        found: Mapping[str, Any] = self._json("run", run=run)
        return found

    def policy(self, run: int) -> Policy:
        """The policy of a run, compiled from the text that was stored with it.

        Examples
        --------
        >>> store.policy(1).version
        '1.0.0'
        """
        return Policy.from_json(self._json("policy", run=run)["json"])

    def findings(
        self,
        run: int,
        *,
        verdicts: Iterable[Verdict] | None = None,
        case_id: str | None = None,
        duty_id: str | None = None,
        owner: str | None = None,
        unit: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Rows:
        """The obligations of a run that fit, in the audit's order; ``finding`` is what decisions name.

        Examples
        --------
        >>> for row in store.findings(2, verdicts=["missed"]):
        ...     print(row["finding"], row["case_id"], row["duty_id"], row["due_at"])
        a3c5c38f18db09d7 MC-3 return-interview 2023-01-13T08:00:00Z
        a8dde6feca0a0a79 MC-4 views-recorded 2023-01-12T10:00:00Z
        """
        return _lines(
            self._ask(
                "findings",
                run=run,
                verdicts=None if verdicts is None else list(verdicts),
                case_id=case_id,
                duty_id=duty_id,
                owner=owner,
                unit=unit,
                limit=limit,
                offset=offset,
            )
        )

    def life(
        self, earlier: int, later: int, *, kinds: Iterable[Life] | None = None, limit: int | None = None
    ) -> Rows:
        """What became of the findings between two runs: ``life`` of each, and the counts in ``summary``.

        Examples
        --------
        >>> for row in store.life(1, 2):
        ...     print(row["life"], row["case_id"], row["verdict_before"], row["verdict"])
        new MC-2 pending late
        new MC-3 pending missed
        new MC-4 None missed
        >>> store.life(1, 2).summary["counts"]["new"]
        3
        """
        wanted = None if kinds is None else list(kinds)
        return _lines(self._ask("life", **{"from": earlier, "to": later}, kinds=wanted, limit=limit))

    def trend(
        self,
        by: By | Sequence[Key] = "total",
        *,
        duty_id: str | None = None,
        unit: str | None = None,
        owner: str | None = None,
        from_run: int | None = None,
        to_run: int | None = None,
        since_run: int | None = None,
        confidence: float = 0.95,
    ) -> Rows:
        """Counts by verdict of each run and group, with the share met.

        Parameters
        ----------
        by
            A row for each duty, unit or owner; or a list of these, and a row for each that occur together.
        duty_id, unit, owner
            Of these alone.
        from_run, to_run
            Of the runs between, both included.
        since_run
            Of those obligations alone that this run did not judge, to be neither met, late nor missed.
        confidence
            Of the bounds.

        Returns
        -------
        Rows
            ``run``, ``as_of``, ``key`` (the duty, unit or owner; a list has ``duty_id``, ``unit``, ``owner``
            as they are asked for), a count for each verdict, ``total``; ``judged`` (met, late and missed),
            ``rate`` (met of judged) with the bounds ``rate_low`` and ``rate_high`` as in
            ``Result.compliance``, None where nothing was judged.

        Examples
        --------
        >>> for row in store.trend(["unit", "duty"], from_run=2):
        ...     print(row["run"], row["unit"], row["duty_id"], f"{row['met']} of {row['judged']}")
        2 None return-interview 1 of 3
        2 None views-recorded 0 of 1
        """
        points = self._json(
            "trend",
            by=by if isinstance(by, str) else list(by),
            duty_id=duty_id,
            unit=unit,
            owner=owner,
            **_fields(**{"from": from_run, "to": to_run, "since": since_run}),
        )["points"]
        rows = []
        for point in points:
            judged = sum(point[verdict] for verdict in JUDGED)
            rows.append({**point, "judged": judged, **_rate("rate", point["met"], judged, confidence)})
        return Rows(rows, {"by": by if isinstance(by, str) else list(by)})

    def inspection_report(
        self,
        earlier: int,
        later: int,
        *,
        recommendations: str | os.PathLike[str] | Sequence[Recommendation] = (),
        basis: Basis = "census",
        at: datetime | str | None = None,
        confidence: float = 0.95,
    ) -> InspectionReport:
        """The difference of two inspections: whether what the first found was met at the second.

        Parameters
        ----------
        earlier, later
            Numbers of two runs of this store, against one policy in whatever versions, or against policies
            that build on one another.
        recommendations
            A file of them (JSON or CSV), or a sequence: the report then has a chapter for each.
        basis
            ``"census"``: the caseloads are all there was, so a difference was counted, and has no interval.
            ``"sample"``: they are samples of cases, drawn apart from each other.
        at
            As of when an open action is overdue; default: when the later run is as of.
        confidence
            Of intervals.

        Raises
        ------
        NotFoundError, ArgumentError
            No such run; the runs do not go together; a recommendation names a duty that neither has.
        StateError
            The findings of one were pruned.

        Examples
        --------
        >>> report = store.inspection_report(1, 2)
        >>> then, since, fate = report.whole.then, report.whole.since, report.whole.fate
        >>> f"{then.counts['met']} of {then.judged} met, since {since.counts['met']} of {since.judged}"
        '1 of 1 met, since 0 of 3'
        >>> report.to_html("compared.html")
        """
        if isinstance(recommendations, (str, os.PathLike)):
            source, given = os.fspath(recommendations), read_recommendations(recommendations)
        else:
            source, given = "", tuple(recommendations)
        return make_inspection_report(
            self,
            earlier,
            later,
            recommendations=given,
            basis=basis,
            at=None if at is None else _instant(at, "at"),
            confidence=confidence,
            source=source,
        )

    # Work on findings ------------------------------------------------------------------------------------

    def decide(
        self, finding: str, verdict: Decision, *, by: str, reason: str, at: datetime | str | None = None
    ) -> StoredRecord:
        """Says what was decided about a finding. Nothing is overwritten; the latest counts.

        Examples
        --------
        >>> finding = store.findings(2, verdicts=["missed"])[0]["finding"]
        >>> said = {"by": "DI Shaw", "reason": "Nobody asked", "at": "2023-01-21T09:00:00Z"}
        >>> record = store.decide(finding, "accepted", **said)
        >>> record.record, record.is_new
        (1, True)
        """
        return self._put(
            "decision",
            {
                "finding": finding,
                "verdict": verdict,
                "by": by,
                "reason": reason,
                "at": _when(at, "at"),
            },
        )

    def action(
        self,
        action_id: str,
        title: str,
        *,
        status: ActionStatus = "open",
        by: str,
        due_at: datetime | str | None = None,
        owner: str | None = None,
        finding: str | None = None,
        duty_id: str | None = None,
        reason: str | None = None,
        at: datetime | str | None = None,
    ) -> StoredRecord:
        """Notes an action, or what has become of it; an open one has a due date.

        Examples
        --------
        >>> said = {"by": "DCI Moss", "at": "2023-01-21T09:00:00Z"}
        >>> record = store.action("A-1", "Ask for it", due_at="2023-02-01T12:00:00Z", **said)
        >>> record.record, record.is_new
        (1, True)
        """
        return self._put(
            "action",
            _fields(
                id=action_id,
                title=title,
                status=status,
                due_at=None if due_at is None else _instant(due_at, "due_at"),
                by=by,
                owner=owner,
                finding=finding,
                duty_id=duty_id,
                reason=reason,
                at=_when(at, "at"),
            ),
        )

    def note(
        self,
        text: str,
        *,
        by: str,
        finding: str | None = None,
        about: str | None = None,
        at: datetime | str | None = None,
    ) -> StoredRecord:
        """Notes something about a finding, or about anything else."""
        return self._put(
            "note",
            _fields(
                text=text,
                by=by,
                finding=finding,
                about=about,
                at=_when(at, "at"),
            ),
        )

    def actions(
        self,
        *,
        status: ActionStatus | None = None,
        owner: str | None = None,
        at: datetime | str | None = None,
    ) -> Rows:
        """The latest of each action, with ``overdue_seconds`` where ``at`` is given.

        Examples
        --------
        >>> said = {"by": "DCI Moss", "at": "2023-01-21T09:00:00Z"}
        >>> record = store.action("A-1", "Ask for it", due_at="2023-02-01T12:00:00Z", **said)
        >>> for one in store.actions(at="2023-02-01T13:00:00Z"):
        ...     print(one["id"], one["status"], one["overdue_seconds"])
        A-1 open 3600
        """
        until = None if at is None else _instant(at, "at")
        found = self._json("actions", status=None if status is None else [status], owner=owner, at=until)[
            "actions"
        ]
        return Rows(_flat(row) for row in found)

    def records(
        self,
        kind: str | None = None,
        *,
        finding: str | None = None,
        manifest: str | None = None,
        unit: str | None = None,
        latest: bool = False,
    ) -> Rows:
        """Records as they were put; ``latest``: those that count."""
        return Rows(
            self._json(
                "records", kind=kind, finding=finding, manifest=manifest, unit=unit, latest=latest or None
            )["records"]
        )

    def precision(self, *, confidence: float = 0.95) -> Rows:
        """How often a duty was right, by the latest decisions: ``right`` of ``decided``, with bounds.

        Examples
        --------
        >>> finding = store.findings(2, verdicts=["missed"])[0]["finding"]
        >>> said = {"by": "DI Shaw", "reason": "It is on paper", "at": "2023-01-21T09:00:00Z"}
        >>> record = store.decide(finding, "false_alarm", **said)
        >>> [(duty["duty_id"], duty["right"], duty["decided"]) for duty in store.precision()]
        [('return-interview', 0, 1)]
        """
        duties = self._json("precision")["duties"]
        return Rows(
            {**duty, **_rate("precision", duty["right"], duty["decided"], confidence)} for duty in duties
        )

    # Samples ---------------------------------------------------------------------------------------------

    def put_manifest(
        self, manifest_id: str, manifest: str, *, by: str, at: datetime | str | None = None
    ) -> StoredRecord:
        """Keeps the manifest of a sample, byte for byte."""
        return self._put(
            "manifest",
            {
                "id": manifest_id,
                "manifest": manifest,
                "by": by,
                "at": _when(at, "at"),
            },
        )

    def put_review(
        self,
        manifest_id: str,
        unit: str,
        question: str,
        answer: Any,
        *,
        by: str,
        reason: str | None = None,
        adjudicates: bool = False,
        at: datetime | str | None = None,
    ) -> StoredRecord:
        """Keeps a reviewer's answer about a unit of a sample, or the adjudication of answers that differ."""
        return self._put(
            "adjudication" if adjudicates else "review",
            _fields(
                manifest=manifest_id,
                unit=unit,
                question=question,
                answer=answer,
                by=by,
                reason=reason,
                at=_when(at, "at"),
            ),
        )

    # The file --------------------------------------------------------------------------------------------

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
        request = _fields(run=run, record=record, by=by, at=_when(at, "at"))
        return StoredRecord(**json.loads(self._open().sign(_text(request), pem)))

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
            request = _fields(
                head=expected_head or None,
                trusted=None if keys is None else [_key_text(one) for one in keys],
                require_signatures=require_signatures or None,
            )
            found = json.loads(self._open().verify_trusted(_text(request)))
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
            "before": _instant(before, "before"),
            "what": list(what),
            "by": by,
            "reason": reason,
            "at": _when(at, "at"),
        }
        found: Mapping[str, Any] = json.loads(self._open().prune(_text(request)))
        return found

    def backup(self, path: str | os.PathLike[str]) -> None:
        """Copies the store as it is at this moment into a new file, while others go on using it."""
        self._open().backup(os.fspath(path))


__all__ = ["Fault", "Rerun", "Rows", "Store", "StoredRecord", "StoredRun", "Verification"]
