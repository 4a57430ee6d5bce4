"""A small policy and small histories that many tests use."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "conformance"

SOURCE = {
    "title": "Example handbook",
    "section": "1",
    "url": "https://example.org/h",
    "status": "illustrative",
}

RETURN_INTERVIEW = {
    "id": "return-interview",
    "title": "Talk with a child who has come back",
    "area": "missing",
    "severity": "high",
    "source": SOURCE,
    "on": {"event": "missing.returned"},
    "require": {"event": "interview.return_home"},
    "within": "72 hours",
}

VIEWS = {
    "id": "views-recorded",
    "title": "Record what the child said",
    "area": "voice",
    "severity": "critical",
    "source": SOURCE,
    "on": {"event": "child.spoken_to"},
    "check": "has(event.views)",
}


def policy(*duties: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A policy document with these duties."""
    return {
        "format": "duecare.policy/1",
        "id": "example",
        "version": "1.0.0",
        "title": "Example",
        "time_zone": "Europe/London",
        "duties": copy.deepcopy(list(duties or (RETURN_INTERVIEW, VIEWS))),
        **more,
    }


def event(kind: str, at: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "occurred_at": at, **more}


def case(case_id: str, *events: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A case whose events are called e1, e2, … unless they say otherwise."""
    numbered = [{"id": f"e{number}", **fields} for number, fields in enumerate(events, 1)]
    return {"format": "duecare.case/1", "id": case_id, "events": numbered, **more}


MET = case(
    "MC-1",
    event("missing.returned", "2023-01-10T08:00:00Z"),
    event("interview.return_home", "2023-01-11T08:00:00Z"),
)
LATE = case(
    "MC-2",
    event("missing.returned", "2023-01-10T08:00:00Z"),
    event("interview.return_home", "2023-01-13T09:30:00Z"),
)
MISSED = case("MC-3", event("missing.returned", "2023-01-10T08:00:00Z"))
NO_VIEWS = case("MC-4", event("child.spoken_to", "2023-01-12T10:00:00Z"))
BROKEN = '{"format": "duecare.case/1", "id": "MC-9", "events": ['
AS_OF = "2023-01-20T00:00:00Z"


def json_lines(*documents: Mapping[str, Any] | str) -> str:
    return "".join((d if isinstance(d, str) else json.dumps(d)) + "\n" for d in documents)


def write(path: Path, content: Mapping[str, Any] | str) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def run_cli(
    arguments: Sequence[object],
    *,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """The command as its users start it: another process, no terminal."""
    clean = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"}}
    return subprocess.run(
        [sys.executable, "-m", "duecare", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env={**clean, **(environment or {})},
        cwd=cwd,
        timeout=120,
        check=False,
    )
