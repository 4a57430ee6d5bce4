"""Coverage of the tests of policies: which verdicts, outcomes of conditions and cases no test reaches."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from duecare._audit import audit
from duecare._caseload import Caseload
from duecare._cli._console import clean_lines, message, output
from duecare._policy import Policy

_KINDS = ("duties", "verdicts", "conditions", "choices")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that no test reaches."""

    kind: str
    """One of ``duties``, ``verdicts``, ``conditions``, ``choices``."""
    of: str
    """The duty or fact."""
    layer: str
    pointer: str
    """Into the policy after its layers."""
    what: str

    def __str__(self) -> str:
        return f"{self.of}: {self.what}  ({self.layer} {self.pointer})"


@dataclass(slots=True)
class _Tally:
    """Of one policy: the document of the library, added up over all audits."""

    document: dict[str, Any]
    layer: str | None = None
    """What stands in other layers does not count; None: all of it counts."""

    def add(self, other: Mapping[str, Any]) -> None:
        for mine, more in zip(self.document["duties"], other["duties"], strict=True):
            _add_counts(mine["verdicts"], more["verdicts"])
        for mine, more in zip(self.document["expressions"], other["expressions"], strict=True):
            _add_counts(mine["outcomes"], more["outcomes"])
        for mine, more in zip(self.document["choices"], other["choices"], strict=True):
            mine["otherwise"] += more["otherwise"]
            for case, more_case in zip(mine["cases"], more["cases"], strict=True):
                case["count"] += more_case["count"]

    def points(self) -> Iterator[tuple[Gap, bool]]:
        """All there is to reach, and whether it was."""
        for gap, reached in self._all_points():
            if self.layer in (None, gap.layer):
                yield gap, reached

    def _all_points(self) -> Iterator[tuple[Gap, bool]]:
        for duty in self.document["duties"]:
            place = (duty["duty"], duty["layer"], duty["pointer"])
            counts = duty["verdicts"]
            yield Gap("duties", *place, "nothing opens it"), any(counts.values())
            for verdict, count in counts.items():
                yield Gap("verdicts", *place, f"never {verdict}"), count > 0
        for found in self.document["expressions"]:
            for outcome, count in found["outcomes"].items():
                yield _gap("conditions", found, f"never {outcome}: {found['expression']}"), count > 0
        for found in self.document["choices"]:
            for case in found["cases"]:
                yield (
                    _gap("choices", found, f"never “{case['value']}”: {found['expression']}"),
                    case["count"] > 0,
                )
            yield _gap("choices", found, f"never otherwise: {found['expression']}"), found["otherwise"] > 0


def _gap(kind: str, found: Mapping[str, Any], what: str) -> Gap:
    of = found["duty"] if "duty" in found else f"fact {found['fact']}"
    return Gap(kind, of, found["layer"], found["pointer"], what)


def _add_counts(mine: dict[str, int], more: Mapping[str, int]) -> None:
    for name, count in more.items():
        mine[name] = mine.get(name, 0) + count


@dataclass(slots=True)
class Coverage:
    """What the tests of any number of policies reach; audits against the same policy add up."""

    _tallies: dict[str, _Tally] = field(default_factory=dict)

    def add(self, document: dict[str, Any]) -> None:
        """Takes the coverage of one audit."""
        known = self._tallies.get(document["digest"])
        if known is None:
            self._tallies[document["digest"]] = _Tally(document)
        else:
            known.add(document)

    def expect(self, policy: Policy, layer: str | None) -> None:
        """Counts a policy in even if nothing turns out to test it; ``layer``: only what stands there."""
        nothing = Caseload.from_documents([])
        result = audit(nothing, policy, as_of="2000-01-01", threads=1, coverage=True)
        self.add(json.loads(result.coverage_json()))
        self._tallies[policy.digest].layer = layer

    def points(self) -> Iterator[tuple[Gap, bool]]:
        for tally in self._tallies.values():
            yield from tally.points()

    def gaps(self) -> list[Gap]:
        return [gap for gap, reached in self.points() if not reached]

    def totals(self) -> dict[str, tuple[int, int]]:
        """(reached, all) by kind, and of everything as ``all``."""
        totals = dict.fromkeys((*_KINDS, "all"), (0, 0))
        for gap, reached in self.points():
            for kind in (gap.kind, "all"):
                had, whole = totals[kind]
                totals[kind] = (had + reached, whole + 1)
        return totals

    def percent(self) -> float:
        reached, whole = self.totals()["all"]
        return 100.0 if whole == 0 else 100 * reached / whole

    def to_dict(self) -> dict[str, Any]:
        return {
            "format": "duecare.coverage-report/1",
            "totals": {
                kind: {"reached": reached, "all": whole} for kind, (reached, whole) in self.totals().items()
            },
            "policies": [tally.document for tally in self._tallies.values()],
            "not_reached": [
                {
                    "kind": gap.kind,
                    "of": gap.of,
                    "layer": gap.layer,
                    "pointer": gap.pointer,
                    "what": gap.what,
                }
                for gap in self.gaps()
            ],
        }


def _lines(coverage: Coverage) -> Iterator[str]:
    yield ""
    yield f"{'coverage':<12}{'reached':>9}{'of':>9}{'':>9}"
    for kind, (reached, whole) in coverage.totals().items():
        share = "" if whole == 0 else f"{100 * reached / whole:.1f} %"
        yield f"{kind:<12}{reached:>9,}{whole:>9,}{share:>9}"
    gaps = coverage.gaps()
    for kind in _KINDS:
        yield from _listing(kind, [gap for gap in gaps if gap.kind == kind])


def _listing(kind: str, gaps: Sequence[Gap]) -> Iterator[str]:
    if gaps:
        yield ""
        yield f"{kind} that no test reaches:"
        yield from (f"  {gap}" for gap in gaps)


def report(coverage: Coverage, *, listing: bool, json_to: str | None, least: float | None) -> bool:
    """Writes what was asked for; whether enough was reached."""
    if listing:
        with output(None) as stream:
            stream.write(clean_lines("\n".join(_lines(coverage))).encode("utf-8", "replace") + b"\n")
    if json_to is not None:
        with output(json_to) as stream:
            text = json.dumps(coverage.to_dict(), ensure_ascii=False, indent=1)
            stream.write(text.encode() + b"\n")
    if least is None or coverage.percent() >= least:
        return True
    message(f"error: the tests reach {coverage.percent():.1f} % and should reach {least:g} %")
    return False
