"""The audit store: runs and the work on them, in one file that shows whether anybody changed it."""

import os
from collections.abc import Sequence
from datetime import datetime
from typing import final

from duecare._inspection import (
    Basis,
    InspectionReport,
    Recommendation,
    make_inspection_report,
    read_recommendations,
)
from duecare._store._proof import Proof
from duecare._store._values import instant
from duecare._store._work import Work
from duecare._store_rows import Fault, Rerun, Rows, StoredRecord, StoredRun, Verification


@final
class Store(Proof, Work):
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

    __slots__ = ()

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
            at=None if at is None else instant(at, "at"),
            confidence=confidence,
            source=source,
        )


__all__ = ["Fault", "Rerun", "Rows", "Store", "StoredRecord", "StoredRun", "Verification"]
