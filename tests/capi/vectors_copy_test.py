"""tests/conformance is a faithful copy of the vectors it was taken from, where these are at hand.

Arguments: the top folder of the repository. The originals are looked for beside it, in ../shared/conformance.
"""

import filecmp
import sys
from pathlib import Path


def main() -> int:
    top = Path(sys.argv[1]).resolve()
    copy, original = top / "tests/conformance", top.parent / "shared/conformance"
    vectors = {p.relative_to(copy) for p in copy.rglob("*.json")}
    if not vectors:
        print("no vectors")
        return 1
    if not original.is_dir():
        print(f"{len(vectors)} vectors; the originals are not here to compare with")
        return 77  # ctest: skipped
    originals = {p.relative_to(original) for p in original.rglob("*.json")}
    common = vectors & originals
    differing = [p for p in common if not filecmp.cmp(copy / p, original / p, shallow=False)]
    for what, paths in (
        ("extra", vectors - originals),
        ("missing", originals - vectors),
        ("differs", differing),
    ):
        for path in sorted(paths):
            print(f"{what}: {path}")
    return 1 if vectors != originals or differing else 0


if __name__ == "__main__":
    sys.exit(main())
