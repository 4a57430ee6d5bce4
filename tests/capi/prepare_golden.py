"""Writes the reference values that are numbers as lines that a C program can read without a library.

Arguments: the CSV file, the file to write. Fails if a method of the CSV file has none.
"""

import csv
import json
import sys
from pathlib import Path


def number(expected: object) -> float | None:
    """A number, or the first of a list."""
    while isinstance(expected, list) and expected:
        expected = expected[0]
    known = isinstance(expected, (int, float)) and not isinstance(expected, bool)
    return float(expected) if known else None  # type: ignore[arg-type]


def main() -> int:
    source, target = map(Path, sys.argv[1:3])
    methods, written, lines = set(), set(), []
    with source.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            methods.add(row["method"])
            value = number(json.loads(row["expected"]))
            if value is None:
                continue
            written.add(row["method"])
            lines.append(
                "\t".join([row["method"], row["inputs"], row["output_name"], repr(value), row["tolerance"]])
            )
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} rows of {len(written)} methods")
    without = methods - written
    if without:
        print(f"no number is expected of {', '.join(sorted(without))}")
    return 1 if without else 0


if __name__ == "__main__":
    sys.exit(main())
