"""What is installed: complete, of one version, and without work at import."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata, resources
from pathlib import Path

import duecare
import support

PROJECT = tomllib.loads((support.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = (support.ROOT / "tests" / "requirements.txt").read_text(encoding="utf-8").splitlines()


def test_one_version() -> None:
    cmake = (support.ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    match = re.search(r"project\(duecare VERSION ([\d.]+)", cmake)
    assert match is not None
    assert duecare.__version__ == metadata.version("duecare") == match[1]
    assert duecare.__version__ in duecare.build_info()


def test_the_pins_agree() -> None:
    pins = {line for line in PINS if line and not line.startswith("#")}
    assert set(PROJECT["build-system"]["requires"]) <= pins
    assert set(PROJECT["dependency-groups"]["dev"]) <= pins
    named = {pin.split("==")[0] for pin in pins}
    assert {re.split("[<>=]", item)[0] for item in PROJECT["project"]["dependencies"]} <= named


def test_the_package_is_complete() -> None:
    package = Path(str(resources.files(duecare)))
    assert (package / "py.typed").is_file()
    assert (package / "_core.pyi").is_file()
    assert (package / "_cli" / "templates" / "report.html.j2").is_file()
    for name in ("report.html.j2", "macros.html.j2", "report.css", "report.js"):
        assert (package / "_report" / "templates" / name).is_file()
    assert len(list(package.glob("libduecare.so.*"))) == 1


def test_the_library_is_the_one_in_the_package() -> None:
    maps = Path("/proc/self/maps").read_text(encoding="utf-8")
    loaded = {line.split()[-1] for line in maps.splitlines() if "libduecare.so" in line}
    assert loaded == {str(next(Path(str(resources.files(duecare))).resolve().glob("libduecare.so.*")))}


def test_no_name_of_a_library_built_in_leaves_the_package() -> None:
    """Two copies of SQLite or Boost in one process would take each other's functions."""
    package = Path(str(resources.files(duecare)))
    for file in (*package.glob("_core*.so"), *package.glob("libduecare.so.*")):
        told = subprocess.run(
            ["nm", "-D", "--defined-only", file], capture_output=True, text=True, check=True
        ).stdout
        names = [line.split()[-1] for line in told.splitlines()]
        assert names
        foreign = [name for name in names if re.search("sqlite3|boost|absl|ZSTD_|inflate", name)]
        assert foreign == []


def test_import_does_no_work() -> None:
    code = (
        "import sys, threading\n"
        "import duecare\n"
        "assert threading.active_count() == 1\n"
        "heavy = {'typer', 'rich', 'jinja2', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_every_name_is_there() -> None:
    for name in duecare.__all__:
        assert getattr(duecare, name) is not None
