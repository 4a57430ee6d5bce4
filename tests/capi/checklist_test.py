"""The table of capi/README.md has every point once and in order, and names tests that there are: of CTest, of
GoogleTest by suite and test, or a file of python/tests. A point without one says so.

Arguments: ctest, the build folder, the top folder of the repository.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

POINTS = 45
WITHOUT = ("not kept", "nothing to test")


def names_of_ctest(ctest: str, build: str) -> set[str]:
    shown = subprocess.run(
        [ctest, "--test-dir", build, "--show-only=json-v1"], check=True, capture_output=True, text=True
    )
    return {test["name"] for test in json.loads(shown.stdout[shown.stdout.index("{") :])["tests"]}


def names_of_googletest(top: Path) -> set[str]:
    found = set()
    for path in (top / "tests").rglob("*_test.cpp"):
        text = path.read_text(encoding="utf-8")
        found |= {".".join(pair) for pair in re.findall(r"^TEST(?:_[FP])?\((\w+), (\w+)\)", text, re.M)}
    return found


def main() -> int:
    ctest, build, top = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    known = names_of_ctest(ctest, build) | names_of_googletest(top)
    text = (top / "capi/README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \|(.*)\|([^|]*)\|$", text, re.M)
    failures = []
    if [int(number) for number, _, _ in rows] != list(range(1, POINTS + 1)):
        failures.append(f"the points are {[number for number, _, _ in rows]}, and not 1 to {POINTS}")
    for number, _, tests in rows:
        names = re.findall(r"`([^`]+)`", tests)
        if not names and not tests.strip().startswith(WITHOUT):
            failures.append(f"point {number} names no test, and does not say that there is none")
        failures += [
            f"point {number}: there is no test {name}"
            for name in names
            if name not in known and not (name.startswith("python/tests/") and (top / name).is_file())
        ]
    print("\n".join(failures) or f"{len(rows)} points name tests that there are")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
