"""duecare-0.1.h is as it was frozen, and duecare.h still has each of its constants with the same value, the
sizes of its structures among them. New constants of a group take values that are free.

Arguments: the C compiler, the top folder of the repository.
"""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

FROZEN = "tests/capi/old_client/duecare-0.1.h"
SHA_256 = "6d0c29c90ff67f55c080cc4c057320b065c67f41ac23cd856223d1a0f0ce4bf4"

# What belongs to a release, and what is code.
NOT_COMPARED = re.compile(r"DUECARE_(VERSION_\w+|ABI_VERSION|API|CHECKED|NOEXCEPT|\w+_INIT|\w+_H)$")
# Values of one kind; those of the others are sets of bits that several kinds share, or single numbers.
GROUPS = ("STATUS", "SEVERITY", "PRECISION", "VERDICT", "TABLE", "FLAG", "CHANGE", "SIDE", "UNIT")


def constants_of(header: str) -> dict[str, str]:
    code = re.sub(r"\\\n", " ", re.sub(r"/\*.*?\*/", "", header, flags=re.S))
    found = re.findall(r"^#define (DUECARE_\w+)[ \t]+(\S.*?)[ \t]*$", code, re.M)
    return {name: value for name, value in found if not NOT_COMPARED.match(name)}


def clashes(constants: dict[str, str]) -> list[str]:
    """Two names of one group with one value."""
    found = []
    for group in GROUPS:
        taken: dict[int, str] = {}
        for name, text in constants.items():
            number = re.fullmatch(r"(?:U?INT(?:32|64)_C\()?(0x[0-9A-Fa-f]+|\d+)u?\)?", text)
            if re.fullmatch(rf"DUECARE_{group}_[A-Z_]+", name) and number:
                value = int(number[1], 0)
                if value in taken and name != "DUECARE_TABLE_EXPLANATIONS":  # a flag of the tables
                    found.append(f"{name} has the value of {taken[value]}")
                taken.setdefault(value, name)
    return found


def main() -> int:
    cc, top = sys.argv[1], Path(sys.argv[2])
    content = (top / FROZEN).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA_256:
        raise SystemExit(
            f"{FROZEN} has been edited: its SHA-256 is {digest}. A later release gets a copy of its own."
        )
    then = constants_of(content.decode())
    now = constants_of((top / "include/duecare/duecare.h").read_text(encoding="utf-8"))
    if len(then) < 60:
        raise SystemExit(f"{FROZEN}: only {len(then)} constants were found")
    if missing := sorted(set(then) - set(now)):
        raise SystemExit(f"duecare.h no longer has {', '.join(missing)}")
    if found := clashes(now):
        raise SystemExit("; ".join(found))
    lines = ['#include "duecare/duecare.h"']
    lines += [
        f"typedef char as_in_0_1_{name}[(({name}) == ({value})) ? 1 : -1];" for name, value in then.items()
    ]
    done = subprocess.run(
        [cc, "-std=c99", "-fsyntax-only", "-I", top / "include", "-x", "c", "-"],
        input="\n".join(lines) + "\n", capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode != 0:
        changed = sorted(set(re.findall(r"as_in_0_1_(\w+)", done.stderr)))
        raise SystemExit(f"other values than in 0.1: {', '.join(changed) or done.stderr}")
    print(f"{len(then)} constants as in 0.1, {len(now) - len(then)} new")
    return 0


if __name__ == "__main__":
    sys.exit(main())
