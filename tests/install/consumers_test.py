"""The installed tree is all that a consumer needs, wherever it stands. It is installed, moved elsewhere, and
examples/c and examples/cpp are built against it: with find_package and with pkg-config, over the shared and
over the static library. All are run on the example data beside them. The repository also configures as a part
of another project.

Arguments: cmake, the build folder to install from, the top folder of the repository, the C and C++ compilers,
nm, ON if there is a static library.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def run(*command: object, env: dict[str, str] | None = None, exit_code: int = 0) -> str:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=env)
    if done.returncode != exit_code:
        raise SystemExit(f"{command}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def check_run(program: Path, example: Path, env: dict[str, str]) -> None:
    """Its output is as it stands beside it; a record of the example data is rejected, hence exit code 3."""
    first = example.parent / "first"
    got = run(program, first / "policy.json", first / "cases.jsonl", env=env, exit_code=3)
    expected = (example / "audit.stdout").read_text(encoding="utf-8")
    if got != expected:
        raise SystemExit(f"{program} printed\n{got}\nand not\n{expected}")


def check_needed(program: Path, shared: bool) -> None:
    """Whether it needs the shared library at run time."""
    needed = re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "-d", program))
    if ("libduecare.so.0" in needed) != shared:
        raise SystemExit(f"{program} needs {needed}")


def check_tree(prefix: Path) -> None:
    """No text file of the tree says where it was built or installed first."""
    for path in sorted(prefix.rglob("*")):
        if path.suffix in {".cmake", ".pc", ".h", ".hpp"} and path.is_file():
            found = re.search(r"(?m)^.*/(?:tmp|home|root|var|srv)/.*$", path.read_text(encoding="utf-8"))
            if found:
                raise SystemExit(f"{path.relative_to(prefix)} names a place: {found.group()}")


def cmake_consumers(cmake: str, prefix: Path, work: Path, examples: Path, compilers: list[str]) -> None:
    """find_package for the shared library, with the projects of the examples as they stand."""
    env = os.environ | {"LD_LIBRARY_PATH": str(next(prefix.rglob("libduecare.so.0")).parent)}
    for name in ("c", "cpp"):
        source = work / name
        shutil.copytree(examples / name, source)  # nothing of the repository is beside it
        run(cmake, "-S", source, "-B", source / "build", f"-DCMAKE_PREFIX_PATH={prefix}", *compilers)
        run(cmake, "--build", source / "build")
        check_run(source / "build/audit", examples / name, env)
        check_needed(source / "build/audit", shared=True)
    got = run(work / "c/build/monitor", examples / "first/policy.json", env=env)
    if got != (examples / "c/monitor.stdout").read_text(encoding="utf-8"):
        raise SystemExit(f"the example of the monitor printed\n{got}")


STATIC_PROJECT = """
cmake_minimum_required(VERSION 3.16)
project(consumer LANGUAGES {languages})
set(CMAKE_CXX_STANDARD 20)
find_package(duecare 0.1 REQUIRED COMPONENTS static)
add_executable(audit {source})
target_link_libraries(audit PRIVATE duecare::static)
set_target_properties(audit PROPERTIES LINKER_LANGUAGE {linker})
"""


def static_cmake_consumers(
    cmake: str, prefix: Path, work: Path, examples: Path, compilers: list[str]
) -> None:
    """find_package for the static library, also in a project that is C alone. In C++ the object of the
    project before is linked, for what is compiled would be the same."""
    sources = {"c": examples / "c/audit.c", "cpp": next((work / "cpp/build").rglob("audit.cpp.o"))}
    for name, languages in (("c", "C"), ("cpp", "C CXX")):
        source = work / f"static_{name}"
        source.mkdir()
        text = STATIC_PROJECT.format(languages=languages, source=sources[name], linker=languages.split()[-1])
        (source / "CMakeLists.txt").write_text(text, encoding="utf-8")
        run(cmake, "-S", source, "-B", source / "build", f"-DCMAKE_PREFIX_PATH={prefix}", *compilers)
        run(cmake, "--build", source / "build")
        check_run(source / "build/audit", examples / name, dict(os.environ))
        check_needed(source / "build/audit", shared=False)


SUBDIRECTORY_PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES C CXX)
add_subdirectory({top} duecare EXCLUDE_FROM_ALL)
add_executable(audit {top}/examples/c/audit.c)
target_link_libraries(audit PRIVATE duecare::duecare)
if(TARGET duecare::static)
  add_executable(audit_static {top}/examples/c/audit.c)
  target_link_libraries(audit_static PRIVATE duecare::static)
endif()
"""


def subdirectory_consumer(cmake: str, work: Path, top: Path, compilers: list[str]) -> None:
    """add_subdirectory: the project configures with our targets, and its packages stay its own. Building
    it all once more would take minutes."""
    source = work / "subdirectory"
    source.mkdir()
    (source / "CMakeLists.txt").write_text(SUBDIRECTORY_PROJECT.format(top=top), encoding="utf-8")
    run(cmake, "-S", source, "-B", source / "build", f"-DPython_EXECUTABLE={sys.executable}",
        *compilers)  # fmt: skip
    if (source / "build/CPackConfig.cmake").exists():
        raise SystemExit("as a part of another project it makes that one's packages")


def pkg_config_consumers(prefix: Path, work: Path, examples: Path, cc: str, static: bool) -> None:
    library = next(prefix.rglob("libduecare.so.0")).parent
    env = os.environ | {"PKG_CONFIG_PATH": str(library / "pkgconfig")}
    flags = run("pkg-config", "--cflags", "--libs", "duecare", env=env).split()
    program = work / "audit_pkg_config"
    run(cc, "-std=c99", examples / "c/audit.c", "-o", program, *flags)
    check_run(program, examples / "c", env | {"LD_LIBRARY_PATH": str(library)})
    if not static:
        return
    # A program with no shared library at all, libc included, and no C++ compiler to link it.
    flags = run("pkg-config", "--static", "--cflags", "--libs", "duecare", env=env).split()
    if "-DDUECARE_STATIC" not in flags:
        raise SystemExit(f"pkg-config --static says {flags}")
    program = work / "audit_pkg_config_static"
    run(cc, "-std=c99", "-static", examples / "c/audit.c", "-o", program, *flags)
    check_run(program, examples / "c", dict(os.environ))
    check_needed(program, shared=False)


def check_archive(prefix: Path, nm: str, top: Path) -> None:
    """The static library gives out the functions of duecare.h, and no name of ours in C++ or of Boost's."""
    archive = next(prefix.rglob("libduecare.a"))
    names = set(re.findall(r"^[0-9a-f]+ [A-TV-Zuvw] (\S+)$", run(nm, "-g", "--defined-only", archive), re.M))
    listed = set(re.findall(r"^(duecare_\w+)", (top / "capi/symbols.txt").read_text(encoding="utf-8"), re.M))
    if names != listed:
        raise SystemExit(f"libduecare.a: too many {sorted(names - listed)}, missing {sorted(listed - names)}")


def main() -> int:
    cmake, build, top, cc, cxx, nm, static = sys.argv[1:8]
    examples = Path(top).resolve() / "examples"
    compilers = [f"-DCMAKE_C_COMPILER={cc}", f"-DCMAKE_CXX_COMPILER={cxx}"]
    with tempfile.TemporaryDirectory() as folder:
        first, prefix, work = (Path(folder) / name for name in ("first", "elsewhere/tree", "work"))
        for component in ("library", "development", *(["static"] if static == "ON" else [])):
            run(cmake, "--install", build, "--prefix", first, "--component", component)
        prefix.parent.mkdir()
        first.rename(prefix)
        work.mkdir()
        check_tree(prefix)
        cmake_consumers(cmake, prefix, work, examples, compilers)
        pkg_config_consumers(prefix, work, examples, cc, static == "ON")
        subdirectory_consumer(cmake, work, Path(top).resolve(), compilers)
        if static == "ON":
            check_archive(prefix, nm, Path(top))
            static_cmake_consumers(cmake, prefix, work, examples, compilers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
