"""Every host of examples/hosts, built against the installed tree and run, prints what stands in expected.txt.

Arguments: cmake, the build folder to install from, the top folder of the repository, and the hosts to try
(none: all). A toolchain that is missing is a failure: tests/hosts.sh installs what is needed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


def run(*command: object, cwd: Path, env: dict[str, str]) -> str:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, cwd=cwd, env=env)
    if done.returncode != 0:
        raise SystemExit(
            f"{' '.join(str(c) for c in command)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
    return done.stdout


@dataclass(frozen=True)
class Tree:
    """An installed library, and the environment in which it is found."""

    library: Path
    env: dict[str, str]
    flags: list[str]  # for a C or C++ compiler

    @staticmethod
    def install(cmake: str, build: str, prefix: Path) -> "Tree":
        for component in ("library", "development"):
            subprocess.run(
                [cmake, "--install", build, "--prefix", str(prefix), "--component", component],
                check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        library = next(prefix.rglob("libduecare.so.0")).parent
        env = os.environ | {"LD_LIBRARY_PATH": str(library), "PKG_CONFIG_PATH": str(library / "pkgconfig")}
        flags = subprocess.run(
            ["pkg-config", "--cflags", "--libs", "duecare"],
            check=True,
            capture_output=True,
            text=True,
            env=env,
        ).stdout.split()
        return Tree(library, env, flags)


Host = Callable[[Path, Tree, list[Path]], str]


def c(source: Path, tree: Tree, arguments: list[Path]) -> str:
    warnings = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror"]
    run("cc", *warnings, "host.c", "-o", "host", *tree.flags, cwd=source, env=tree.env)
    return run("./host", *arguments, cwd=source, env=tree.env)


def cpp(source: Path, tree: Tree, arguments: list[Path]) -> str:
    warnings = ["-std=c++20", "-pedantic", "-Wall", "-Wextra", "-Werror"]
    run("c++", *warnings, "host.cpp", "-o", "host", *tree.flags, cwd=source, env=tree.env)
    return run("./host", *arguments, cwd=source, env=tree.env)


def csharp(source: Path, tree: Tree, arguments: list[Path]) -> str:
    run("mcs", "-warnaserror", "-out:Host.exe", "Host.cs", cwd=source, env=tree.env)
    return run("mono", "Host.exe", *arguments, cwd=source, env=tree.env)


def java(source: Path, tree: Tree, arguments: list[Path]) -> str:
    jna = "/usr/share/java/jna.jar"
    run("javac", "-Xlint:all", "-Werror", "-cp", jna, "Host.java", cwd=source, env=tree.env)
    return run("java", "-cp", f"{jna}:.", "Host", *arguments, cwd=source, env=tree.env)


def go(source: Path, tree: Tree, arguments: list[Path]) -> str:
    run("go", "vet", ".", cwd=source, env=tree.env)
    run("go", "build", "-o", "host", ".", cwd=source, env=tree.env)
    return run("./host", *arguments, cwd=source, env=tree.env)


def rust(source: Path, tree: Tree, arguments: list[Path]) -> str:
    env = tree.env | {"DUECARE_LIB_DIR": str(tree.library), "RUSTFLAGS": "-D warnings"}
    run("cargo", "build", "--quiet", "--offline", cwd=source, env=env)
    return run("target/debug/duecare-host", *arguments, cwd=source, env=tree.env)


def node(source: Path, tree: Tree, arguments: list[Path]) -> str:
    run("npm", "install", "--silent", "--no-audit", "--no-fund", cwd=source, env=tree.env)
    return run("node", "host.js", *arguments, cwd=source, env=tree.env)


def python_ctypes(source: Path, tree: Tree, arguments: list[Path]) -> str:
    return run(sys.executable, "host.py", *arguments, cwd=source, env=tree.env)


def sqlite(source: Path, tree: Tree, arguments: list[Path]) -> str:
    """Runs host.sql in the shell: its last statement is the error, and its lines are its own expected.txt."""
    flags = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    run("cc", *flags, "duecare_sqlite.c", "-o", "duecare_sqlite.so", *tree.flags, cwd=source, env=tree.env)
    shutil.copy(arguments[0], source / "policy.json")
    done = subprocess.run(
        ["sqlite3", "-separator", " ", ":memory:"],
        stdin=(source / "host.sql").open(), capture_output=True, text=True, cwd=source, env=tree.env,
    )  # fmt: skip
    if "duecare: policy:1: error: `version` is missing" not in done.stderr:
        raise SystemExit(f"host.sql shows no error of the library:\n{done.stderr}")
    return done.stdout


HOSTS: dict[str, Host] = {
    "c": c, "cpp": cpp, "csharp": csharp, "java": java, "go": go, "rust": rust, "node": node,
    "python-ctypes": python_ctypes, "sqlite": sqlite,
}  # fmt: skip


def main() -> int:
    cmake, build, top, *wanted = sys.argv[1:]
    hosts = Path(top) / "examples" / "hosts"
    arguments = [Path(top) / "examples/first/policy.json", Path(top) / "examples/first/cases.jsonl"]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree.install(cmake, build, Path(folder) / "prefix")
        for name, host in HOSTS.items():
            if wanted and name not in wanted:
                continue
            source = Path(folder) / name
            shutil.copytree(hosts / name, source)  # nothing of the repository is beside it
            own = hosts / name / "expected.txt"
            expected = (own if own.exists() else hosts / "expected.txt").read_text(encoding="utf-8")
            got = host(source, tree, arguments)
            same = got == expected
            failed += not same
            print(f"{name}: {'as expected' if same else 'DIFFERS'}")
            if not same:
                print(f"printed\n{got}and not\n{expected}")
    print(f"{len(wanted or HOSTS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
