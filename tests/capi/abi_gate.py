"""The library's ABI is that of capi/abi/duecare-0.1.abi.xml, but for what was added: functions, and members
at the end of the structures of capi/abi/growing.txt. Anything else fails, and so does a machine without
abidiff.

    abi_gate.py LIBRARY TOP            compares a library that has debug information
    abi_gate.py LIBRARY TOP --update   writes the baseline, for a release or for an ABI with a new SONAME
"""

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

BASELINE = "capi/abi/duecare-0.1.abi.xml"
GROWING = "capi/abi/growing.txt"

# The bits of abidiff's exit code (abidiff(1), "RETURN VALUES").
BITS = {
    1: "abidiff failed",
    2: "abidiff was called wrongly",
    4: "the ABI changed",
    8: "the ABI changed incompatibly",
}


@dataclass(frozen=True)
class Outcome:
    """What abidiff said: its exit code and its report."""

    code: int
    report: str
    members: list[str]  # that were added where that is allowed

    @property
    def reasons(self) -> list[str]:
        named = [text for bit, text in BITS.items() if self.code & bit]
        return named or ([] if self.code == 0 else [f"abidiff ended with {self.code}"])


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SystemExit(
            f"{name} is missing, and without it nothing is known of the ABI: install abigail-tools."
        )
    return found


def write(baseline: Path, library: Path, headers: Path) -> None:
    """What a binary depends on: no paths, lines or names of parameters, and no types that no header declares,
    for handles are opaque."""
    subprocess.run(
        [tool("abidw"), "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-parameter-names",
         "--no-elf-needed", "--no-write-default-sizes", "--exported-interfaces-only", "--drop-private-types",
         "--type-id-style", "hash", "--headers-dir", headers, "--out-file", baseline, library],
        check=True,
    )  # fmt: skip


def cut(now: Path, baseline: Path, growing: set[str]) -> list[str]:
    """Takes from `now` the members that stand past the end that a growing structure has in the baseline.
    Gives their names."""
    sizes = {
        found.get("name"): int(found.get("size-in-bits", 0))
        for found in ElementTree.parse(baseline).iter("class-decl")
    }
    tree = ElementTree.parse(now)
    added = []
    for structure in tree.iter("class-decl"):
        name = structure.get("name", "")
        size = sizes.get(name)
        if name not in growing or size is None or int(structure.get("size-in-bits", 0)) <= size:
            continue
        for member in structure.findall("data-member"):
            if int(member.get("layout-offset-in-bits", 0)) >= size:
                structure.remove(member)
                added.append(f"{name}.{member.find('var-decl').get('name')}")
        structure.set("size-in-bits", str(size))
    tree.write(now)
    return added


def compare(baseline: Path, library: Path, headers: Path, growing: Path) -> Outcome:
    """The library is written down as the baseline was, and the two are compared: given the library itself and
    the headers, abidiff takes every type of the baseline for a private one, and finds nothing."""
    with tempfile.TemporaryDirectory() as folder:
        now = Path(folder) / "now.abi.xml"
        write(now, library, headers)
        names = re.findall(r"^\w+$", growing.read_text(encoding="utf-8"), re.M)
        added = cut(now, baseline, set(names))
        done = subprocess.run(
            [tool("abidiff"), "--no-added-syms", "--harmless", baseline, now], capture_output=True, text=True
        )
    return Outcome(done.returncode, done.stdout + done.stderr, added)


def names_in(baseline: Path) -> set[str]:
    return set(re.findall(r"<elf-symbol name='(\w+)'", baseline.read_text(encoding="utf-8")))


def main() -> int:
    library, top = Path(sys.argv[1]), Path(sys.argv[2])
    baseline, headers = top / BASELINE, top / "include"
    if sys.argv[3:] == ["--update"]:
        write(baseline, library, headers)
    known = names_in(baseline)
    if len(known) < 100:
        raise SystemExit(f"{baseline} has only {len(known)} functions: it is no baseline.")
    outcome = compare(baseline, library, headers, top / GROWING)
    if outcome.code != 0:
        print(outcome.report)
        print(f"{'; '.join(outcome.reasons)}: programs built against an earlier header would break.")
        print(
            "Undo the change: add a new function, or a member at the end of options. Before 1.0 the ABI may\n"
            "be broken in a release that raises DUECARE_ABI_VERSION; write the baseline anew then (--update)."
        )
        return 1
    listed = set(re.findall(r"^(duecare_\w+)", (top / "capi/symbols.txt").read_text(encoding="utf-8"), re.M))
    added = [*sorted(listed - known), *outcome.members]
    print(f"{len(known)} functions as before; added since: {', '.join(added) or 'nothing'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
