"""The names that leave the library are those of duecare.h, of duecare.map and of symbols.txt, and no others.

Arguments: the shared library, the top folder of the repository, nm, readelf, the version of the project.
"""

import re
import subprocess
import sys
from pathlib import Path


def output_of(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> int:
    library, top, nm, readelf, version = sys.argv[1:6]
    failures = []

    def compare(what: str, found: set[str], expected: set[str]) -> None:
        if found != expected:
            extra, missing = sorted(found - expected), sorted(expected - found)
            failures.append(f"{what}: too many {extra}, missing {missing}")

    header = (Path(top) / "include/duecare/duecare.h").read_text()
    code = re.sub(r"/\*.*?\*/", "", header, flags=re.S)
    declared = set(re.findall(r"\b(duecare_\w+)\(", code))
    if len(declared) < 100:
        failures.append(f"duecare.h: only {len(declared)} functions were found")

    map_text = re.sub(r"/\*.*?\*/", "", (Path(top) / "capi/duecare.map").read_text(), flags=re.S)
    compare("duecare.map", set(re.findall(r"\b(duecare_\w+);", map_text)), declared)
    if "local: *;" not in map_text:
        failures.append("duecare.map: does not hide the rest")

    listed = {}
    for line in (Path(top) / "capi/symbols.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, since, state = line.split()
            listed[name] = (since, state)
            states = {"unstable", "stable", "deprecated", "removed"}
            if not re.fullmatch(r"\d+\.\d+", since) or state not in states:
                failures.append(f"symbols.txt: {line!r}")
    compare("symbols.txt", set(listed), declared)

    exported = set()
    for line in output_of(nm, "-D", "--defined-only", library).splitlines():
        _, kind, name = line.split()
        if kind == "A" and name == "DUECARE_1.0":
            continue  # the version node itself
        if kind != "T" or not name.endswith("@@DUECARE_1.0"):
            failures.append(f"nm: {line!r} is no function of the node DUECARE_1.0")
        exported.add(name.split("@")[0])
    compare("nm -D", exported, declared)

    # Memory that the C++ library allocates itself is not freed here, and the other way round
    # (capi/packaging/memory.cmake): no string is asked of it, and operator new by two functions alone.
    ours = {"operator new(unsigned long)", "operator new(unsigned long, std::align_val_t)",
            "operator delete(void*)", "operator delete(void*, std::align_val_t)"}  # fmt: skip
    for line in output_of(nm, "-DC", "--undefined-only", library).splitlines():
        name = line.split(None, 1)[1].split("@")[0]
        if name.startswith(("std::__cxx11::basic_string<", "operator ")) and name not in ours:
            failures.append(f"nm: {name!r} goes past capi/allocation.cpp")

    dynamic = output_of(readelf, "-d", library)
    abi = re.search(r"#define DUECARE_ABI_VERSION (\d+)", header).group(1)
    if f"[libduecare.so.{abi}]" not in dynamic:
        failures.append(f"SONAME is not libduecare.so.{abi}")
    if f'#define DUECARE_VERSION_STRING "{version}"' not in header:
        failures.append(f"duecare.h is not of version {version}")

    print("\n".join(failures) or f"{len(declared)} names agree")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
