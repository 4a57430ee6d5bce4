"""Runs of a store, and what became of findings between them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from duecare._audit import Result
from duecare._policy import Policy
from duecare._store._session import Session
from duecare._store._values import fields, rate, to_json, when
from duecare._store_rows import By, Key, Life, Rows, StoredRun
from duecare._types import JUDGED, Verdict


def _lines(text: str) -> Rows:
    summary, *rows = [json.loads(line) for line in text.split("\n") if line]
    return Rows(rows, summary)


class Runs(Session):
    """Puts runs, and reads them one by one, two by two, and all in a row."""

    __slots__ = ()

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
        info = fields(
            recorded_at=when(recorded_at, "recorded_at"),
            label=label,
            by=by,
        )
        return StoredRun(**json.loads(self._open().put_run(result._native, to_json(info))))

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

        The earlier is the one as of an earlier instant, whichever was stored first; they are refused the
        other way round.

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
        """Counts by verdict of each run and group, with the share met; by the instants that runs are of.

        Parameters
        ----------
        by
            A row for each duty, unit or owner; or a list of these, and a row for each that occur together.
        duty_id, unit, owner
            Of these alone.
        from_run, to_run
            Of the runs with numbers between, both included.
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
            **fields(**{"from": from_run, "to": to_run, "since": since_run}),
        )["points"]
        rows = []
        for point in points:
            judged = sum(point[verdict] for verdict in JUDGED)
            rows.append({**point, "judged": judged, **rate("rate", point["met"], judged, confidence)})
        return Rows(rows, {"by": by if isinstance(by, str) else list(by)})
