"""What tests of tables have in common: examples, files and how they are run."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa

import duecare
from support import ROOT, run_cli

EXPORT = ROOT / "examples" / "export"


SEPSIS = ROOT / "examples" / "sepsis"


BASE: dict[str, Any] = {
    "format": "duecare.mapping/1",
    "events": {"case": "Fall", "type": "Art", "occurred": "Am"},
}


def run(*arguments: str) -> tuple[int, str, str]:
    done = run_cli(arguments)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode()


def mapped(columns: dict[str, Any], **events: Any) -> duecare.Caseload:
    document = {**BASE, "events": {**BASE["events"], **events}}
    return duecare.Caseload.from_events(pa.table(columns), document)


def occurred(caseload: duecare.Caseload, zone: str = "Europe/London") -> list[str]:
    policy = json.loads((EXPORT / "policy.json").read_text()) | {"time_zone": zone}
    result = duecare.audit(caseload, duecare.Policy.from_json(policy), as_of="2030-01-01")
    return [value.isoformat() for value in result.events.to_arrow()["occurred_at"].to_pylist()]


def table_file(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path
