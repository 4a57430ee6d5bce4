"""A host in Python with ctypes alone: audits a caseload, monitors a live event, and shows an error.

    python3 host.py policy.json cases.jsonl

The package `duecare` does more; this shows how any language that can call C goes about it. The library is
found as the system finds libraries, or where DUECARE_LIBRARY says.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from ctypes import (
    POINTER,
    Structure,
    byref,
    c_char_p,
    c_int32,
    c_int64,
    c_size_t,
    c_uint32,
    c_uint64,
    c_void_p,
)
from pathlib import Path
from typing import Any

INSTANT_NONE = -(2**63)
_library = ctypes.CDLL(os.environ.get("DUECARE_LIBRARY", "libduecare.so.0"))


def _declare(name: str, result: Any, *arguments: Any) -> Any:
    function = getattr(_library, "duecare_" + name)
    function.restype, function.argtypes = result, arguments
    return function


_version = _declare("version", c_char_p)
_status_name = _declare("status_get_name", c_char_p, c_int32)
_verdict_name = _declare("verdict_get_name", c_char_p, c_int32)
_error_message = _declare("error_get_message", c_char_p, c_void_p, POINTER(c_size_t))
_count_rejects = _declare("caseload_count_rejects", c_uint64, c_void_p)
_reject_line = _declare("caseload_get_reject_line", c_uint64, c_void_p, c_uint64)
_reject_reason = _declare("caseload_get_reject_reason", c_char_p, c_void_p, c_uint64, POINTER(c_size_t))
_count_findings = _declare("result_count_findings", c_uint64, c_void_p)
_finding_case = _declare("finding_get_case_id", c_char_p, c_void_p, POINTER(c_size_t))
_finding_duty = _declare("finding_get_duty_id", c_char_p, c_void_p, POINTER(c_size_t))
_finding_key = _declare("finding_get_key", c_char_p, c_void_p, POINTER(c_size_t))
_finding_verdict = _declare("finding_get_verdict", c_int32, c_void_p)
_finding_due = _declare("finding_get_due_at", c_int64, c_void_p)
_next_due = _declare("monitor_get_next_due", c_int64, c_void_p)
_count_changes = _declare("changes_count", c_uint64, c_void_p)
_change_case = _declare("changes_get_case_id", c_char_p, c_void_p, c_uint64, POINTER(c_size_t))
_change_duty = _declare("changes_get_duty_id", c_char_p, c_void_p, c_uint64, POINTER(c_size_t))
_change_key = _declare("changes_get_key", c_char_p, c_void_p, c_uint64, POINTER(c_size_t))
_change_verdict = _declare("changes_get_verdict", c_int32, c_void_p, c_uint64)
_change_due = _declare("changes_get_due_at", c_int64, c_void_p, c_uint64)
_text_get = _declare("text_get", c_char_p, c_void_p, POINTER(c_size_t))


class MonitorOptions(Structure):
    """duecare_monitor_options."""

    _fields_ = (("struct_size", c_uint32), ("flags", c_uint32), ("as_of", c_int64), ("known_at", c_int64))
    AS_OF = 1


class DuecareError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = _status_name(status).decode()


def _fallible(name: str, *arguments: Any) -> Any:
    """A function that returns a status and ends with `duecare_error **`; a failure is raised."""
    function = _declare(name, c_int32, *arguments, POINTER(c_void_p))
    free = _declare("error_free", None, c_void_p)

    def call(*values: Any) -> None:
        error = c_void_p()
        status = function(*values, byref(error))
        if status != 0:
            message = (_error_message(error, None) or b"").decode()
            free(error)
            raise DuecareError(status, message)

    return call


_policy_compile = _fallible("policy_compile", c_char_p, c_size_t, c_char_p, c_size_t, POINTER(c_void_p))
_caseload_new = _fallible("caseload_new", c_void_p, POINTER(c_void_p))
_caseload_read = _fallible("caseload_read_file", c_void_p, c_char_p, c_size_t)
_audit_run = _fallible("audit_run", c_void_p, c_void_p, c_void_p, POINTER(c_void_p))
_finding_new = _fallible("finding_new", c_void_p, POINTER(c_void_p))
_finding_at = _fallible("finding_at", c_void_p, c_uint64)
_monitor_new = _fallible("monitor_new", c_void_p, POINTER(MonitorOptions), POINTER(c_void_p))
_push_document = _fallible("monitor_push_document", c_void_p, c_char_p, c_size_t, POINTER(c_void_p))
_push_event = _fallible(
    "monitor_push_event", c_void_p, c_char_p, c_size_t, c_char_p, c_size_t, POINTER(c_void_p)
)
_set_clock = _fallible("monitor_set_clock", c_void_p, c_int64, c_int64, POINTER(c_void_p))
_instant_format = _fallible("instant_format", c_int64, c_void_p)
_text_new = _fallible("text_new", POINTER(c_void_p))


class Object:
    """A handle that is freed with the function of its noun."""

    def __init__(self, noun: str, make: Any, *values: Any) -> None:
        self._free = _declare(noun + "_free", None, c_void_p)
        self.handle = c_void_p()
        make(*values, byref(self.handle))

    def __del__(self) -> None:
        self._free(self.handle)


def compile_policy(json: bytes, name: str) -> Object:
    shown = name.encode()
    return Object("policy", _policy_compile, shown, len(shown), json, len(json))


def instant_text(instant: int) -> str:
    text = Object("text", _text_new)
    _instant_format(instant, text.handle)
    return _text_get(text.handle, None).decode()


def findings(policy: Object, caseload: Object) -> Iterator[str]:
    result = Object("result", _audit_run, policy.handle, caseload.handle, None)
    reader = Object("finding", _finding_new, result.handle)
    for index in range(_count_findings(result.handle)):
        _finding_at(reader.handle, index)
        key, due = _finding_key(reader.handle, None), _finding_due(reader.handle)
        yield " ".join(
            [
                _finding_case(reader.handle, None).decode(),
                _finding_duty(reader.handle, None).decode(),
                key.decode() if key is not None else "-",
                _verdict_name(_finding_verdict(reader.handle)).decode(),
                *(["due", instant_text(due)] if due != INSTANT_NONE else []),
            ]
        )


def print_changes(changes: Object) -> None:
    for i in range(_count_changes(changes.handle)):
        key, due = _change_key(changes.handle, i, None), _change_due(changes.handle, i)
        print(
            "now",
            _change_case(changes.handle, i, None).decode(),
            _change_duty(changes.handle, i, None).decode(),
            key.decode() if key is not None else "-",
            _verdict_name(_change_verdict(changes.handle, i)).decode(),
            *(["due", instant_text(due)] if due != INSTANT_NONE else []),
        )


def monitor(policy: Object) -> None:
    """A child comes back, and then 72 hours pass."""
    options = MonitorOptions(ctypes.sizeof(MonitorOptions), MonitorOptions.AS_OF)
    options.as_of = 1675245600000000  # 2023-02-01T10:00:00Z
    live = Object("monitor", _monitor_new, policy.handle, byref(options))
    document = b'{"format":"duecare.case/1","id":"MC-3","persons":[{"id":"P7","born":"2012-05-06"}]}'
    print_changes(Object("changes", _push_document, live.handle, document, len(document)))
    event = b'{"id":"e1","type":"missing.returned","occurred_at":"2023-02-01T08:00:00Z"}'
    print_changes(Object("changes", _push_event, live.handle, b"MC-3", 4, event, len(event)))
    after = _next_due(live.handle) + 1  # what happens when it is due is still in time
    print_changes(Object("changes", _set_clock, live.handle, after, after))


def main(policy_path: str, cases_path: str) -> None:
    print("duecare", _version().decode())
    policy = compile_policy(Path(policy_path).read_bytes(), policy_path)
    caseload = Object("caseload", _caseload_new, None)
    path = os.fsencode(cases_path)
    _caseload_read(caseload.handle, path, len(path))
    for i in range(_count_rejects(caseload.handle)):
        reason = _reject_reason(caseload.handle, i, None).decode()
        print(f"rejected: line {_reject_line(caseload.handle, i)}: {reason}")
    for line in findings(policy, caseload):
        print(line)
    monitor(policy)
    try:
        compile_policy(b'{"format": "duecare.policy/1", "id": "broken"}', "broken.json")
    except DuecareError as error:
        print(f"error {error.status}: {error}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: host.py policy.json cases.jsonl")
    main(sys.argv[1], sys.argv[2])
