"""The audit: a policy, a caseload and an instant in; findings out."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias, final

from duecare import _core
from duecare._capacity import Capacity, Wanted, capacity
from duecare._case import CaseTimeline, Obligation, case_index, timeline
from duecare._caseload import Caseload, Path
from duecare._comparison import Comparison, compare
from duecare._compliance import Compliance, compliance, owners
from duecare._errors import ArgumentError, DataError
from duecare._explanation import Explanation, explain
from duecare._findings import Findings, Summary, summarise
from duecare._frames import Table
from duecare._instants import format_instant, to_micros
from duecare._policy import Policy
from duecare._types import VERDICTS, Diagnostic, NothingVisible, Reject, UnknownKey, UnnamedEvent, Verdict

Progress: TypeAlias = Callable[[int, int], bool | None]
"""Called with (cases done, cases in all), on the thread of the audit; False cancels it."""


@final
class Result:
    """What an audit found. Immutable; keeps its caseload closed for additions while it lives."""

    __slots__ = ("_caseload", "_native", "_policy")

    def __init__(self, core: _core.Result, policy: Policy, caseload: Caseload) -> None:
        self._native = core
        self._policy = policy
        self._caseload = caseload

    @property
    def findings(self) -> Findings:
        """Those of the verdicts asked for, in the contract's order."""
        return Findings(self._native)

    @property
    def summary(self) -> Summary:
        """Counts of every obligation by duty and verdict."""
        return summarise(self._native, self._policy.duties)

    @property
    def as_of(self) -> datetime:
        return self._native.as_of

    @property
    def known_at(self) -> datetime:
        return self._native.known_at

    @property
    def policy(self) -> Policy:
        return self._policy

    @property
    def caseload(self) -> Caseload:
        return self._caseload

    @property
    def rejects(self) -> tuple[Reject, ...]:
        """Documents that are not in the result. Look at this first."""
        return self._caseload.rejects

    @property
    def unnamed_events(self) -> tuple[UnnamedEvent, ...]:
        """Event types that no duty, no fact and none of the policy's documented events names."""
        return tuple(UnnamedEvent(*fields) for fields in self._native.unnamed_events())

    @property
    def nothing_visible(self) -> NothingVisible | None:
        """Says so if no event is visible at these instants: no finding then means nothing at all."""
        if self.summary.visible_events:
            return None
        caseload = self._caseload
        return NothingVisible(
            caseload.case_count,
            caseload.event_count,
            format_instant(self.as_of),
            format_instant(self.known_at),
        )

    @property
    def warnings(self) -> tuple[Diagnostic | NothingVisible | UnknownKey | UnnamedEvent, ...]:
        """What the policy, the instants and the data leave to wonder about."""
        nothing = self.nothing_visible
        return (
            *self._policy.warnings,
            *(() if nothing is None else (nothing,)),
            *self._caseload.unknown_keys,
            *self.unnamed_events,
        )

    @property
    def cases(self) -> Table:
        """The cases as a table: ``case_id kind document persons events``."""
        return Table(self._native, _core.TABLE_CASES)

    @property
    def events(self) -> Table:
        """All events as a table, instants in UTC as the policy's zone reads them."""
        return Table(self._native, _core.TABLE_EVENTS)

    @property
    def service(self) -> Table:
        """The staff register as a table, a row an entry of service."""
        return Table(self._native, _core.TABLE_SERVICE)

    def compliance(
        self, by: Sequence[str] = ("duty",), *, confidence: float = 0.95
    ) -> tuple[Compliance, ...]:
        """Obligations counted by verdict, for each value of ``by``, with rates and their intervals.

        ``by``: some of ``duty``, ``unit`` (``Finding.unit``), ``owner``, ``severity``, ``area``. The rate
        is met of met, late and missed; the rest is counted beside it. Needs an audit with ``verdicts="all"``
        (StateError).
        """
        return compliance(self, by, confidence)

    def compare(self, earlier: "Result") -> Comparison:
        """What became since an earlier result of all that was or is wrong: late, missed or unassessable.

        By case, duty, key and trigger, in the words of a store's ``life``: newly wrong, resolved, still
        wrong, or another because the record was corrected. Both results need ``verdicts="all"`` (StateError)
        and the same policy (ArgumentError).
        """
        return compare(self, earlier)

    def owners(self) -> tuple[Compliance, ...]:
        """Obligations by who held the case, the most that are missed or late first.

        Owners are what the policy says: None where it names none, a unit where it names units. For units
        whatever the owners are, ``compliance(by=["unit"])``.
        """
        return owners(self)

    def capacity(
        self,
        at: Sequence[datetime | str],
        *,
        opened: str = "case.opened",
        closed: str = "case.closed",
        qualified: str | None = None,
        supervised_by: Mapping[str, str] | None = None,
        supervisor_rank: str | None = None,
    ) -> tuple[Capacity, ...]:
        """For each instant and owner, supervisor and unit: cases held, obligations open and due; and staff.

        An obligation is held by its ``owner``: who held the case when it fell due, which is not always who
        holds the case at the instant. A case is held by the owner of its latest obligation. Where the owner
        has a unit in the register on the day of the instant, that is the unit; else that of
        ``Finding.unit``. Needs an audit with ``verdicts="all"``.

        Parameters
        ----------
        at
            Aware datetimes, or texts as ``audit`` takes them (a date alone: the end of that day).
        opened, closed
            Types of the events that open and close a case.
        qualified
            An accreditation of the register: counts, by unit and supervisor, who has it on that day.
        supervised_by
            Who supervises whom, by owner. The records have ranks, and do not say who supervises whom: the
            rows of supervisors are there only where this is given, and one without a name has what nobody of
            it holds.
        supervisor_rank
            A rank of the policy: counts by unit who has it or a higher one on that day.
        """
        wanted = Wanted(opened, closed, qualified, supervised_by or {}, supervisor_rank)
        return capacity(self, at, wanted)

    def explain(self, case_id: str, duty_id: str, key: str | None = None) -> Explanation:
        """How the obligations of one duty in one case came to their verdicts, step by step.

        All of them are there, also those whose findings were not asked for; ``key`` keeps those of one
        person or ``per`` value. A case, duty or key that is not there raises NotFoundError.
        """
        return explain(self._native, case_id, duty_id, key)

    def case(self, case_id: str) -> CaseTimeline:
        """One case: its events as the audit saw them, and its obligations of every verdict.

        NotFoundError if there is no such case.
        """
        index = case_index(self._caseload, case_id)
        found = [
            Obligation.of_dict(life.finding)
            for row in self.summary.duties
            if row.total
            for life in self.explain(case_id, row.duty_id).obligations
        ]
        return timeline(self._caseload, index, self._policy, (self.as_of, self.known_at), found)

    def coverage_json(self) -> str:
        """What the audit came past, as JSON (duecare.coverage/1). StateError if it was not asked for."""
        return self._native.coverage_json()

    def __repr__(self) -> str:
        counts = f"{self._native.finding_count} findings, {self._native.reject_count} rejects"
        return f"<duecare.Result of {self._native.case_count} cases: {counts}>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a result cannot be pickled; pickle its findings, list(result.findings)")


def verdict_bits(verdicts: Iterable[Verdict] | Literal["all"] | None) -> int:
    """The set of verdicts as the library has it."""
    if verdicts is None:
        return _core.DEFAULT_VERDICTS
    if verdicts == "all":
        return _core.ALL_VERDICTS
    if isinstance(verdicts, str):
        raise ArgumentError(
            f"verdicts must be 'all' or a list of verdicts such as ['late'], not {verdicts!r}."
        )
    bits = 0
    for verdict in verdicts:
        if verdict not in VERDICTS:
            raise ArgumentError(f"{verdict!r} is no verdict. Verdicts are: {', '.join(VERDICTS)}.")
        bits |= 1 << VERDICTS.index(verdict)
    return bits


def _refuse_doubtful(caseload: Caseload) -> None:
    """``strict`` for a caseload that was read without it."""
    for reject in caseload.rejects:
        raise DataError(reject.reason, pointer=reject.pointer, source=reject.source, line=reject.line)
    for key in caseload.unknown_keys:
        raise DataError(key.message, pointer=key.pointer, source=key.source, line=key.line)


def audit(
    caseload: Caseload | Path | Iterable[Path],
    policy: Policy,
    *,
    as_of: datetime | str | None = None,
    known_at: datetime | str | None = None,
    verdicts: Iterable[Verdict] | Literal["all"] | None = None,
    strict: bool = False,
    threads: int = 0,
    progress: Progress | None = None,
    coverage: bool = False,
) -> Result:
    """Audits every case against the policy.

    Parameters
    ----------
    caseload
        A Caseload, or the path or paths of its files.
    as_of
        Judge as of this instant: an aware datetime, or text, local in the policy's zone unless it has an
        offset, a date alone being the end of that day. Default: the latest instant of the caseload.
    known_at
        Use what the record said at this instant. Default: ``as_of``.
    verdicts
        Keep findings of these; ``"all"``, or names. Default: late, missed, pending, unassessable. The summary
        counts all of them in any case.
    strict
        The first reject, or a key that is not known, raises DataError.
    threads
        How many; 0: as many as the machine has. The result is the same for any number.
    progress
        Told how far it is; what it raises is passed on, and when it returns False the audit raises
        CancelledError. Ctrl-C works without it.
    coverage
        Note which conditions, cases and verdicts the audit came past, for ``Result.coverage_json``. Uses one
        thread.
    """
    if not isinstance(policy, Policy):
        raise TypeError(f"policy must be a duecare.Policy, not {type(policy).__name__}")
    if threads < 0:
        raise ArgumentError("threads must be 0 (all of the machine) or more.")
    bits = verdict_bits(verdicts)
    core_policy = policy._native
    as_of_micros = None if as_of is None else to_micros(as_of, "as_of", core_policy)
    known_at_micros = None if known_at is None else to_micros(known_at, "known_at", core_policy)
    if isinstance(caseload, (str, os.PathLike)):
        caseload = Caseload.load(caseload, strict=strict)
    elif not isinstance(caseload, Caseload):
        caseload = Caseload.load(*caseload, strict=strict)
    elif strict:
        _refuse_doubtful(caseload)
    core = _core.audit(
        core_policy, caseload._native, as_of_micros, known_at_micros, bits, threads, progress, coverage
    )
    return Result(core, policy, caseload)
