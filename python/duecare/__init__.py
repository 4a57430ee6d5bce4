"""Supervision audit of case histories against a policy of duties.

>>> import duecare
>>> policy = duecare.Policy.load("force.json")            # doctest: +SKIP
>>> result = duecare.audit("cases.jsonl", policy)         # doctest: +SKIP
>>> for finding in result.findings:                       # doctest: +SKIP
...     print(finding.case_id, finding.verdict, finding.explanation)

Instants go in and come out as aware ``datetime``; text without an offset is local in the policy's zone.
Errors are ``duecare.Error`` and its kinds. Importing this package does no work and starts no thread.
"""

import logging

from duecare._audit import Progress, Result, audit
from duecare._capacity import Capacity
from duecare._case import CaseEvent, CasePerson, CaseTimeline, Obligation
from duecare._caseload import Caseload
from duecare._comparison import Change, Comparison
from duecare._compliance import Compliance
from duecare._core import Finding, build_info
from duecare._core import version as _version
from duecare._diff import Difference
from duecare._diff import compare as compare_policies
from duecare._errors import (
    ArgumentError,
    BusyError,
    CancelledError,
    DataError,
    Error,
    FileError,
    InternalError,
    LimitError,
    NotFoundError,
    PolicyError,
    StateError,
    UnsupportedError,
)
from duecare._explanation import Explanation, ObligationLife
from duecare._findings import DutySummary, Findings, Summary
from duecare._frames import Table
from duecare._inspect import Inspection, inspect
from duecare._inspection import InspectionReport, Recommendation
from duecare._monitor import Monitor, ObligationChange
from duecare._policy import Policy
from duecare._schemas import schema
from duecare._store import Store
from duecare._store_rows import Rows, Verification
from duecare._tables import ImportReport, UnmappedCode, read_table
from duecare._types import (
    Diagnostic,
    Duty,
    NothingVisible,
    Reject,
    Severity,
    UnknownKey,
    UnnamedEvent,
    Verdict,
)
from duecare._vocabulary import vocabulary

__version__ = _version()

__all__ = [
    "ArgumentError",
    "BusyError",
    "CancelledError",
    "Capacity",
    "CaseEvent",
    "CasePerson",
    "CaseTimeline",
    "Caseload",
    "Change",
    "Comparison",
    "Compliance",
    "DataError",
    "Diagnostic",
    "Difference",
    "Duty",
    "DutySummary",
    "Error",
    "Explanation",
    "FileError",
    "Finding",
    "Findings",
    "ImportReport",
    "Inspection",
    "InspectionReport",
    "InternalError",
    "LimitError",
    "Monitor",
    "NotFoundError",
    "NothingVisible",
    "Obligation",
    "ObligationChange",
    "ObligationLife",
    "Policy",
    "PolicyError",
    "Progress",
    "Recommendation",
    "Reject",
    "Result",
    "Rows",
    "Severity",
    "StateError",
    "Store",
    "Summary",
    "Table",
    "UnknownKey",
    "UnmappedCode",
    "UnnamedEvent",
    "UnsupportedError",
    "Verdict",
    "Verification",
    "__version__",
    "audit",
    "build_info",
    "compare_policies",
    "inspect",
    "read_table",
    "schema",
    "vocabulary",
]

logging.getLogger("duecare").addHandler(logging.NullHandler())
