"""Compares every method of drawing and estimating with reference values.

    python tests/golden/run.py FILE.csv...

Columns: method, inputs (a JSON object), output_name, expected (JSON), tolerance, reference. Each row is
calculated through the Python package, and so through the C ABI. Numbers, and arrays of them element by
element, may differ by the tolerance; all else must be the same. Ends with a table by method and `N
passed, M failed`;
exit code 1 when a row failed.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duecare
from duecare import sampling


@dataclass(frozen=True)
class Row:
    place: str
    method: str
    inputs: dict[str, Any]
    output_name: str
    expected: Any
    tolerance: float


def read_rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Row(
                place=f"{path.name}: {row['method']} {row['inputs']} {row['output_name']}",
                method=row["method"],
                inputs=json.loads(row["inputs"]),
                output_name=row["output_name"],
                expected=json.loads(row["expected"]),
                tolerance=float(row["tolerance"]),
            )


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def same(got: Any, expected: Any, tolerance: float) -> bool:
    if is_number(got) and is_number(expected):
        return abs(got - expected) <= tolerance
    if isinstance(got, (list, tuple)) and isinstance(expected, list):
        return len(got) == len(expected) and all(
            same(a, b, tolerance) for a, b in zip(got, expected, strict=True)
        )
    if isinstance(got, dict) and isinstance(expected, dict):
        return got.keys() == expected.keys() and all(same(got[k], expected[k], tolerance) for k in expected)
    return type(got) is type(expected) and bool(got == expected)


def trouble(row: Row) -> str | None:
    """What is wrong with a row, or nothing."""
    try:
        result = sampling.calculate(row.method, row.inputs)
    except duecare.Error as error:
        return str(error)
    if row.output_name not in result:
        return f"the result has no {row.output_name}, only {', '.join(result)}"
    got = result[row.output_name]
    if same(got, row.expected, row.tolerance):
        return None
    return f"expected {row.expected!r} within {row.tolerance}, got {got!r}"


def run(paths: list[Path]) -> tuple[Counter[str], Counter[str], list[str]]:
    """Rows passed and failed by method, and a line for each that failed."""
    passed: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    lines = []
    for path in paths:
        for row in read_rows(path):
            wrong = trouble(row)
            if wrong is None:
                passed[row.method] += 1
            else:
                failed[row.method] += 1
                lines.append(f"FAILED {row.place}: {wrong}")
    return passed, failed, lines


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    passed, failed, lines = run([Path(argument) for argument in arguments])
    for line in lines:
        print(line)
    methods = sorted(passed.keys() | failed.keys())
    width = max((len(method) for method in methods), default=6)
    print(f"{'method':{width}}  passed  failed")
    for method in methods:
        print(f"{method:{width}}  {passed[method]:6}  {failed[method]:6}")
    print(f"{passed.total()} passed, {failed.total()} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
