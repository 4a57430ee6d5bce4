"""duecare.dll: what it exports and imports, the C programs under Wine, and the same bytes as on Linux.

Arguments: cmake, the build folder of the preset `windows`, libduecare.so to compare with, the top folder of
the repository. Needs mingw-w64 and Wine; tests/windows.sh installs them.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CC = "x86_64-w64-mingw32-gcc-posix"
OBJDUMP = "x86_64-w64-mingw32-objdump"
FLAGS = ["-std=c99", "-O1", "-pedantic", "-Wall", "-Wextra", "-Werror"]

# What every Windows 10 has; anything else would have to be shipped too.
SYSTEM = {"KERNEL32.dll", "bcrypt.dll", "msvcrt.dll"}

PROGRAMS = [
    "arguments_test", "audit_test", "context_test", "layers_test", "monitor_test", "ownership_test",
    "sample_test", "windows_test",
]  # fmt: skip

# Bytes a push, threads.
CONFORMANCE = [("7", "2"), ("1000000", "4")]

failures = []


def output_of(*command: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> bytes:
    done = subprocess.run([str(c) for c in command], capture_output=True, cwd=cwd, env=env)
    if done.returncode != 0:
        text = (done.stdout + done.stderr).decode(errors="replace")
        raise RuntimeError(f"{' '.join(str(c) for c in command)}: exit {done.returncode}\n{text}")
    return done.stdout


def check(what: str, holds: bool, otherwise: object = "") -> None:
    if not holds:
        failures.append(f"{what}: {otherwise}")
        print(f"FAILED {what}: {otherwise}")


class Clock:
    """How long each part took."""

    def __init__(self) -> None:
        self.begun = time.monotonic()

    def lap(self, what: str) -> None:
        now = time.monotonic()
        print(f"{what} ({now - self.begun:.1f} s)", flush=True)
        self.begun = now


def tables(dump: str) -> tuple[set[str], set[str], str]:
    """Imported libraries, exported names and the library's own name, as `objdump -p` shows them."""
    imports = set(re.findall(r"^\s*DLL Name: (\S+)", dump, flags=re.M))
    export_table = dump[dump.index("[Ordinal/Name Pointer] Table") :]
    exports = set(re.findall(r"^\s*\[\s*\d+\] (\S+)$", export_table, flags=re.M))
    own = re.search(r"^Name\s+[0-9a-f]+ (\S+)$", dump, flags=re.M)
    return imports, exports, own.group(1) if own else ""


def listed(top: Path) -> set[str]:
    lines = (top / "capi/symbols.txt").read_text().splitlines()
    return {line.split()[0] for line in lines if line and not line.startswith("#")}


def check_tables(tree: Path, top: Path) -> str:
    names = listed(top)
    imports, exports, own = tables(output_of(OBJDUMP, "-p", tree / "bin/duecare.dll").decode())
    check("name", own == "duecare.dll", own)
    check("exports against symbols.txt", exports == names, sorted(exports ^ names))
    check("imports", imports <= SYSTEM and "bcrypt.dll" in imports, sorted(imports))
    definition = (tree / "lib/duecare.def").read_text().split()
    check("duecare.def", definition[:3] == ["LIBRARY", "duecare.dll", "EXPORTS"], definition[:3])
    check("duecare.def against symbols.txt", sorted(definition[3:]) == sorted(names))
    archive = output_of("x86_64-w64-mingw32-nm", "--defined-only", tree / "lib/libduecare.dll.a").decode()
    imported = set(re.findall(r" T (duecare_\w+)$", archive, flags=re.M))
    check("import library against symbols.txt", imported == names, sorted(imported ^ names))
    size = (tree / "bin/duecare.dll").stat().st_size
    return f"duecare.dll: {len(exports)} exports, imports {' '.join(sorted(imports))}, {size:,} bytes"


class Wine:
    """Programs against the installed tree, beside a copy of the DLL, in a Windows of their own (`prefix`)."""

    def __init__(self, tree: Path, folder: Path, prefix: Path) -> None:
        self.tree, self.folder = tree, folder
        shutil.copy(tree / "bin/duecare.dll", folder)
        self.program = shutil.which("wine64") or shutil.which("wine") or "/usr/lib/wine/wine64"
        without = "mscoree,mshtml,winemenubuilder.exe="  # takes long to set up, and nothing needs it
        settings = {"WINEPREFIX": str(prefix), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": without}
        self.env = os.environ | settings
        self.env.pop("DISPLAY", None)

    def build(self, source: Path) -> None:
        library = ["-I", self.tree / "include", "-L", self.tree / "lib", "-lduecare"]
        stack = "-Wl,--stack,1048576"  # as threads have unless a program says otherwise
        output_of(CC, *FLAGS, source, "-o", self.folder / f"{source.stem}.exe", *library, stack)

    def run(self, name: str, *arguments: object) -> bytes:
        return output_of(self.program, f"{name}.exe", *arguments, cwd=self.folder, env=self.env)

    def stop(self) -> None:
        server = shutil.which("wineserver") or "/usr/lib/wine/wineserver"
        subprocess.run([server, "-k"], env=self.env, capture_output=True)


class Native:
    """The same programs with the library of this machine."""

    def __init__(self, library: Path, include: Path, folder: Path) -> None:
        self.library, self.include, self.folder = library, include, folder

    def build(self, source: Path) -> None:
        where = ["-I", self.include, self.library, f"-Wl,-rpath,{self.library.parent}"]
        output_of("cc", *FLAGS, source, "-o", self.folder / source.stem, *where)

    def run(self, name: str, *arguments: object) -> bytes:
        return output_of(self.folder / name, *arguments, cwd=self.folder)


def check_programs(wine: Wine, top: Path, clock: Clock) -> None:
    """Every program runs, also after one that failed."""

    def attempt(name: str, *arguments: object) -> str:
        try:
            return wine.run(name, *arguments).decode().strip()
        except RuntimeError as error:
            check(name, False, error)
            return "failed"

    folder = wine.folder
    for name in [*PROGRAMS, "conformance", "golden"]:
        wine.build(top / f"tests/capi/{name}.c")
    clock.lap(f"{len(PROGRAMS) + 2} C programs built")
    wine.run("layers_test")
    clock.lap("Wine prepared")
    for name in PROGRAMS:
        attempt(name)
    clock.lap(f"{len(PROGRAMS)} C programs ran")
    python, tests = sys.executable, top / "tests"
    output_of(python, tests / "capi/prepare_vectors.py", tests / "conformance", folder / "vectors")
    for row in CONFORMANCE:
        clock.lap(f"conformance {' '.join(row)}: {attempt('conformance', 'vectors', *row)}")
    golden = tests / "golden/golden_public.csv"
    output_of(python, tests / "capi/prepare_golden.py", golden, folder / "golden.tsv")
    clock.lap(f"golden: {attempt('golden', 'golden.tsv')}")


def check_sameness(wine: Wine, native: Native, top: Path, clock: Clock) -> None:
    examples = top / "examples"
    host, findings = examples / "hosts/c/host.c", top / "tests/capi/findings.c"
    for source in (host, findings):
        wine.build(source)
        native.build(source)
    files = {
        "policy.json": examples / "policy.json", "first.json": examples / "first/policy.json",
        "cases.jsonl": examples / "caseload/cases.jsonl", "staff.jsonl": examples / "caseload/staff.jsonl",
        "first.jsonl": examples / "first/cases.jsonl",
    }  # fmt: skip
    for name, path in files.items():
        for folder in (wine.folder, native.folder):
            shutil.copy(path, folder / name)
    expected = (examples / "hosts/expected.txt").read_bytes()
    printed = wine.run("host", "first.json", "first.jsonl")
    check("the host prints expected.txt", printed.replace(b"\r\n", b"\n") == expected, printed)
    for threads in ("1", "4"):
        arguments = ["policy.json", "2026-06-01T00:00:00Z", threads, "cases.jsonl", "staff.jsonl"]
        here, there = native.run("findings", *arguments), wine.run("findings", *arguments)
        check(f"{threads} threads", here == there, f"{len(here)} bytes and {len(there)}, not the same")
        check("findings", here.count(b"\n") > 100, here)
    clock.lap(f"the caseload: {here.count(b'verdict'):,} findings, {len(here):,} bytes, the same on both")


def main() -> int:
    cmake = sys.argv[1]
    build, library, top = (Path(argument).resolve() for argument in sys.argv[2:5])
    clock = Clock()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tree = folder / "tree"
        output_of(cmake, "--install", build, "--prefix", tree)
        clock.lap(check_tables(tree, top))
        for part in ("wine", "native"):
            (folder / part).mkdir()
        wine = Wine(tree, folder / "wine", build / "wine")
        try:
            check_programs(wine, top, clock)
            check_sameness(wine, Native(library, top / "include", folder / "native"), top, clock)
        finally:
            wine.stop()
    print(f"windows: {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
