"""The library's ABI is that of capi/abi/duecare-0.1.abi.xml, but for what was added: functions, members at the end
of options (capi/abi/allowed.abignore says why). Anything else fails, and so does a machine without abidiff.

    abi_gate.py LIBRARY TOP            compares a library that has debug information
    abi_gate.py LIBRARY TOP --update   writes the baseline, for a release or for an ABI with a new SONAME
"""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

BASELINE = "capi/abi/duecare-0.1.abi.xml"
ALLOWED = "capi/abi/allowed.abignore"

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

    @property
    def reasons(self) -> list[str]:
        named = [text for bit, text in BITS.items() if self.code & bit]
        return named or ([] if self.code == 0 else [f"abidiff ended with {self.code}"])


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is missing, and without it nothing is known of the ABI: install abigail-tools.")
    return found


def compare(baseline: Path, library: Path, headers: Path, allowed: Path) -> Outcome:
    """Types that no header declares are private: handles are opaque."""
    done = subprocess.run(
        [tool("abidiff"), "--no-added-syms", "--harmless", "--no-show-locs", "--drop-private-types",
         "--headers-dir2", headers, "--suppressions", allowed, baseline, library],
        capture_output=True, text=True,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout + done.stderr)


def write(baseline: Path, library: Path, headers: Path) -> None:
    """No paths, no lines, no names of parameters: what is in it is what a binary depends on."""
    subprocess.run(
        [tool("abidw"), "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-parameter-names",
         "--no-elf-needed", "--no-write-default-sizes", "--exported-interfaces-only", "--drop-private-types",
         "--type-id-style", "hash", "--headers-dir", headers, "--out-file", baseline, library],
        check=True,
    )  # fmt: skip


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
    outcome = compare(baseline, library, headers, top / ALLOWED)
    if outcome.code != 0:
        print(outcome.report)
        print(f"{'; '.join(outcome.reasons)}: programs built against an earlier header would break.")
        print("Undo the change: add a new function, or a member at the end of options. Before 1.0 the ABI may be")
        print("broken in a release that raises DUECARE_ABI_VERSION; the baseline is then written anew (--update).")
        return 1
    listed = set(re.findall(r"^(duecare_\w+)", (top / "capi/symbols.txt").read_text(encoding="utf-8"), re.M))
    print(f"{len(known)} functions as before; added since: {', '.join(sorted(listed - known)) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
