"""What people decide and do about findings, and what reviewers of a sample answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from duecare._store._session import Session
from duecare._store._values import fields, instant, rate, when
from duecare._store_rows import ActionStatus, Decision, Rows, StoredRecord

_ACTION = (
    *("id", "title", "status", "due_at", "owner", "finding", "run", "case_id", "duty_id"),
    *("by", "reason", "at", "record"),
)


def _flat(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """A record of an action whose fields stand beside its number, each of them in every row."""
    known = {**row["body"], **row}
    return {name: known.get(name) for name in names}


class Work(Session):
    """Puts records, of which nothing is overwritten and the latest counts, and reads them."""

    __slots__ = ()

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
                "at": when(at, "at"),
            },
        )

    def action(
        self,
        action_id: str,
        title: str | None = None,
        *,
        status: ActionStatus | None = None,
        by: str,
        due_at: datetime | str | None = None,
        owner: str | None = None,
        finding: str | None = None,
        duty_id: str | None = None,
        reason: str | None = None,
        at: datetime | str | None = None,
    ) -> StoredRecord:
        """Notes an action, or what has become of it; an open one has a due date.

        What is not given stays as the latest record of the action has it, but for ``reason``: each record
        says all there is to say, and none is overwritten.

        Parameters
        ----------
        action_id
            What it is called.
        title
            What is to be done; needed at first.
        status
            Where it stands; at first ``"open"``.
        due_at, owner, finding, duty_id
            When it is due, who does it, and the finding or the duty that it is about. The empty text takes
            away what was there.

        Raises
        ------
        NotFoundError
            No run of the store has the finding, or no policy of its runs the duty.

        Examples
        --------
        >>> said = {"by": "DCI Moss", "at": "2023-01-21T09:00:00Z"}
        >>> record = store.action("A-1", "Ask for it", due_at="2023-02-01T12:00:00Z", **said)
        >>> record.record, record.is_new
        (1, True)
        >>> record = store.action("A-1", status="done", by="DCI Moss", at="2023-01-30T09:00:00Z")
        >>> [(one["title"], one["status"], one["due_at"]) for one in store.actions()]
        [('Ask for it', 'done', '2023-02-01T12:00:00Z')]
        """
        about = {
            "due_at": None if due_at is None else instant(due_at, "due_at"),
            "owner": owner,
            "finding": finding,
            "duty_id": duty_id,
        }
        said = fields(id=action_id, title=title, status=status, by=by, reason=reason, at=when(at, "at"))
        # To the library null takes away, where nothing leaves as it is.
        said |= {name: value or None for name, value in about.items() if value is not None}
        return self._put("action", said)

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
            fields(
                text=text,
                by=by,
                finding=finding,
                about=about,
                at=when(at, "at"),
            ),
        )

    def actions(
        self,
        *,
        status: ActionStatus | None = None,
        owner: str | None = None,
        at: datetime | str | None = None,
    ) -> Rows:
        """The latest of each action, with ``overdue_seconds`` where ``at`` is given; None is what it has not.

        Examples
        --------
        >>> said = {"by": "DCI Moss", "at": "2023-01-21T09:00:00Z"}
        >>> record = store.action("A-1", "Ask for it", due_at="2023-02-01T12:00:00Z", **said)
        >>> for one in store.actions(at="2023-02-01T13:00:00Z"):
        ...     print(one["id"], one["status"], one["overdue_seconds"])
        A-1 open 3600
        """
        until = None if at is None else instant(at, "at")
        found = self._json("actions", status=None if status is None else [status], owner=owner, at=until)[
            "actions"
        ]
        names = _ACTION if until is None else (*_ACTION, "overdue_seconds")
        return Rows(_flat(row, names) for row in found)

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
            {**duty, **rate("precision", duty["right"], duty["decided"], confidence)} for duty in duties
        )

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
                "at": when(at, "at"),
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
            fields(
                manifest=manifest_id,
                unit=unit,
                question=question,
                answer=answer,
                by=by,
                reason=reason,
                at=when(at, "at"),
            ),
        )
