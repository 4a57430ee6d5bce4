"""One process, two copies of SQLite and of Boost.JSON: neither meets the other.

- A host with copies of its own loads the library, and goes on with its own (two_copies_host.cpp).
- The library is loaded first, then the machine's copies (two_copies_guest.c).
- A library is loaded before ours that has every name of Boost.JSON and SQLite, each ending the process when
  it is called: the audit runs nevertheless. SQLite's names are left out where ours is linked with the
  machine's SQLite, which is then the one that it means to call.

Arguments: the library, the host, the guest, the C compiler, nm, the machine's libboost_json and libsqlite3.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def run(*command: object, env: dict[str, str] | None = None) -> str:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=env)
    if done.returncode != 0:
        raise SystemExit(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def names_of(nm: str, library: str, pattern: str) -> list[str]:
    found = re.findall(r"^[0-9a-f]+ [TWV] (\S+)$", run(nm, "-D", "--defined-only", library), re.M)
    return sorted({name for name in found if re.search(pattern, name)})


def traps(cc: str, names: list[str], folder: Path) -> Path:
    """A shared library in which each of the names is a function that ends the process."""
    source, library = folder / "traps.s", folder / "libtraps.so"
    lines = ["    .text"]
    for name in names:
        lines += [f"    .globl {name}", f"    .type {name}, @function", f"{name}:"]
    lines += ["    ud2", '    .section .note.GNU-stack, "", %progbits']
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    run(cc, "-shared", "-o", library, source)
    return library


def main() -> int:
    library, host, guest, cc, nm, boost, sqlite = sys.argv[1:8]
    undefined = re.findall(r" [Uw] (\S+?)(?:@\S+)?$", run(nm, "-D", "--undefined-only", library), re.M)
    if asked := [name for name in undefined if "5boost" in name]:
        raise SystemExit(f"the library asks other libraries for Boost: {asked[:9]}")
    uses_sqlite = any(name.startswith("sqlite3_") for name in undefined)

    run(host, library)
    run(guest, library, sqlite, boost)

    with tempfile.TemporaryDirectory() as folder:
        names = names_of(nm, boost, "^_ZNK?5boost")
        if len(names) < 300:
            raise SystemExit(f"{boost} has only {len(names)} names of Boost")
        if not uses_sqlite:
            names += names_of(nm, sqlite, "^sqlite3_")
        preloaded = traps(cc, names, Path(folder))
        run(guest, library, env=os.environ | {"LD_PRELOAD": str(preloaded)})
        # They come before what is loaded later, or else it would say nothing that none was called.
        shadowed = subprocess.run(
            [guest, library, sqlite, boost], env=os.environ | {"LD_PRELOAD": str(preloaded)},
            capture_output=True, text=True,
        )  # fmt: skip
        if shadowed.returncode == 0 or "not so: " not in shadowed.stderr:
            raise SystemExit(f"the traps are not where they should be: {shadowed.stderr}")
    print(f"{len(names)} traps, none called; SQLite {'of the machine' if uses_sqlite else 'not used'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
