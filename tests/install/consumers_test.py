"""The installed tree is all that a consumer needs: examples/c and examples/cpp are built against it with
find_package, examples/c with pkg-config too, and all are run on the example data beside them.

Arguments: cmake, the build folder to install from, the top folder of the repository, the C and C++ compilers.
"""

import os
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


def main() -> int:
    cmake, build, top, cc, cxx = sys.argv[1:6]
    examples = Path(top) / "examples"
    with tempfile.TemporaryDirectory() as folder:
        prefix, work = Path(folder) / "prefix", Path(folder) / "work"
        run(cmake, "--install", build, "--prefix", prefix, "--component", "library")
        library = next(prefix.rglob("libduecare.so.0")).parent
        env = os.environ | {"LD_LIBRARY_PATH": str(library), "PKG_CONFIG_PATH": str(library / "pkgconfig")}

        for name in ("c", "cpp"):
            source = work / name
            shutil.copytree(examples / name, source)  # nothing of the repository is beside it
            run(cmake, "-S", source, "-B", source / "build", f"-DCMAKE_PREFIX_PATH={prefix}",
                f"-DCMAKE_C_COMPILER={cc}", f"-DCMAKE_CXX_COMPILER={cxx}")  # fmt: skip
            run(cmake, "--build", source / "build")
            check_run(source / "build/audit", examples / name, env)

        got = run(work / "c/build/monitor", examples / "first/policy.json", env=env)
        if got != (examples / "c/monitor.stdout").read_text(encoding="utf-8"):
            raise SystemExit(f"the example of the monitor printed\n{got}")

        # The prefix in duecare.pc is that of the configuration; pkg-config is told the one used here.
        prefix_here = f"--define-variable=prefix={prefix}"
        flags = run("pkg-config", prefix_here, "--cflags", "--libs", "duecare", env=env)
        program = work / "audit_pkg_config"
        run(cc, "-std=c99", examples / "c/audit.c", "-o", program, *flags.split())
        check_run(program, examples / "c", env)
    return 0


if __name__ == "__main__":
    sys.exit(main())
