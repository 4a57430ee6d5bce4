"""Findings as one HTML page: no scripts, nothing loaded from elsewhere, fit for print."""

from collections.abc import Iterator
from itertools import groupby
from typing import BinaryIO

from duecare._audit import Result
from duecare._cli._words import count, local, span
from duecare._core import Finding
from duecare._html import templates, write_page
from duecare._types import SEVERITIES, VERDICTS


def _share(part: int, whole: int) -> str:
    """A count with its denominator: ``3 of 40 (7.5 %)``."""
    if whole == 0:
        return "none"
    return f"{part:,} of {whole:,} ({100 * part / whole:.1f} %)"


def _by_case(result: Result) -> Iterator[tuple[str, list[Finding]]]:
    for case_id, findings in groupby(result.findings, key=lambda finding: finding.case_id):
        yield case_id, list(findings)


def write_report(result: Result, verdicts: str, stream: BinaryIO) -> None:
    """Writes the page; ``verdicts`` says in words which findings are listed."""
    environment = templates(
        "duecare._cli", {"span": span, "local": lambda instant: local(result.policy, instant)}
    )
    environment.globals["share"] = _share
    environment.globals["count"] = count
    write_page(
        environment,
        "report.html.j2",
        stream,
        result=result,
        policy=result.policy,
        summary=result.summary,
        rejects=result.rejects,
        nothing_visible=result.nothing_visible,
        warnings=result.warnings,
        listed=verdicts,
        cases=_by_case(result),
        number=len(result.findings),
        verdicts=VERDICTS,
        severities=SEVERITIES,
    )
