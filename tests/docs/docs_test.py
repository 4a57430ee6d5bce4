"""What the pages say is so: the commands and programs in them run, what they print is what the pages show,
links lead somewhere, and the map of folders in README.md is that of the disk.

Blocks of a page are marked by words after the language, which no viewer shows:

    ```json file=NAME     the block is written to NAME
    ```sh run             runs under bash -e; with `exit=N`, N is the exit code that is expected
    ```python run         runs under this Python
    ```text output        right after a block that runs: all that it prints, stdout and stderr

The blocks of a page run in order, in an empty folder that shows the entries of the repository. There,
build/venv is the environment of this Python, and build/release the library, taken from build/release or
build/dev. Trailing spaces are not compared, and the path of the folder is left out.

    python tests/docs/docs_test.py --update

writes into the pages what comes out now. Read the difference before you keep it.
"""

import difflib
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "python/docs/pages"
PAGES = [
    "README.md",
    "capi/GUIDE.md",
    "python/GUIDE.md",
    "tests/GUIDE.md",
    "examples/audit/README.md",
    *sorted(str(page.relative_to(ROOT)) for page in SITE.rglob("*.md")),
]
LIBRARY = "libduecare.so"
# Made by tools, and in no clone.
MADE = {"build", "dist", "__pycache__"}


@dataclass
class Block:
    """A fenced block: ``lines`` of the page are its content, from 0-based ``begin`` on."""

    begin: int
    language: str
    words: dict[str, str]
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def blocks_of(page: str) -> list[Block]:
    blocks: list[Block] = []
    inside = None
    for number, line in enumerate(page.splitlines()):
        if not line.startswith("```"):
            if inside is not None:
                inside.lines.append(line)
        elif inside is None:
            language, *words = line.removeprefix("```").split() or [""]
            inside = Block(number + 1, language, {w.partition("=")[0]: w.partition("=")[2] for w in words})
        else:
            blocks.append(inside)
            inside = None
    assert inside is None, f"the block of line {inside.begin} is not closed" if inside else ""
    return blocks


def library_folder() -> Path | None:
    for name in ("release", "dev"):
        if (ROOT / "build" / name / LIBRARY).exists():
            return ROOT / "build" / name
    return None


def make_folder(folder: Path, needs_library: bool) -> None:
    for entry in ROOT.iterdir():
        if entry.name not in MADE and not entry.name.startswith("."):
            (folder / entry.name).symlink_to(entry)
    (folder / "build").mkdir()
    (folder / "build/venv").symlink_to(sys.prefix)
    if needs_library:
        library = library_folder()
        if library is None:
            pytest.fail("the page needs the library: cmake --preset dev && cmake --build --preset dev")
        (folder / "build/release").symlink_to(library)


def run(block: Block, folder: Path) -> str:
    command = ["bash", "-e", "-c", block.text] if block.language == "sh" else [sys.executable, "-"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        input=None if block.language == "sh" else block.text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env={"PATH": path, "LC_ALL": "C.UTF-8", "HOME": str(folder)},
    )
    expected = int(block.words.get("exit", "0"))
    if done.returncode != expected:
        pytest.fail(
            f"line {block.begin}: exit code {done.returncode}, not {expected}\n{block.text}\n{done.stdout}"
        )
    text = done.stdout.replace(f"{folder}/", "").replace(str(folder), "")
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def outputs(page: str, folder: Path) -> list[tuple[Block, str]]:
    """Runs a page: its output blocks, each with what the block before it printed."""
    make_folder(folder, "build/release" in page)
    shown = []
    blocks = blocks_of(page)
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        if "file" in block.words:
            (folder / block.words["file"]).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.words["file"]).write_text(block.text, encoding="utf-8")
        if "run" in block.words:
            printed = run(block, folder)
            if after is not None and "output" in after.words:
                shown.append((after, printed))
    return shown


@pytest.mark.parametrize("name", PAGES)
def test_blocks_print_what_is_shown(name: str, tmp_path: Path) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    shown = outputs(page, tmp_path)
    assert shown, "nothing on this page runs"
    for block, printed in shown:
        expected = "".join(f"{line.rstrip()}\n" for line in block.lines)
        if printed != expected:
            difference = difflib.unified_diff(
                expected.splitlines(), printed.splitlines(), f"{name}:{block.begin}", "printed", lineterm=""
            )
            pytest.fail("\n".join(difference))


@pytest.mark.parametrize("name", PAGES)
def test_marks_make_sense(name: str) -> None:
    known = {"run", "output", "file", "exit"}
    blocks = blocks_of((ROOT / name).read_text(encoding="utf-8"))
    for before, block in zip([None, *blocks], blocks, strict=False):
        assert not block.words.keys() - known, f"line {block.begin}: unknown words"
        if "run" in block.words:
            assert block.language in {"sh", "python"}, f"line {block.begin}: {block.language} is not run"
        if "output" in block.words:
            assert before is not None, f"line {block.begin}: the output of nothing"
            assert "run" in before.words, f"line {block.begin}: the block before it does not run"


def pages_of_repository() -> list[Path]:
    return sorted(
        path
        for path in ROOT.rglob("*.md")
        if not any(part in MADE or part.startswith(".") for part in path.relative_to(ROOT).parts)
    )


def test_links_lead_somewhere() -> None:
    dead = []
    for page in pages_of_repository():
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                dead.append(f"{page.relative_to(ROOT)}: {target}")
    assert not dead, "\n".join(dead)


def folders_on_disk() -> set[str]:
    """The folders of the repository and those in them, as `src/` and `src/base/`."""
    found = set()
    for path in (*ROOT.glob("*/"), *ROOT.glob("*/*/")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part != ".ci" for part in parts)
        made = any(part in MADE or part.endswith(".egg-info") for part in parts)
        if path.is_dir() and not hidden and not made:
            found.add("/".join(parts) + "/")
    return found


def test_the_map_of_folders_is_that_of_the_disk() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    chapter = re.search(r"^## Folders$(.*?)^## ", readme, re.MULTILINE | re.DOTALL)
    assert chapter is not None, "README.md has no chapter `Folders`"
    listed = re.findall(r"^\| `([^`]+/)` \|", chapter[1], re.MULTILINE)
    on_disk = folders_on_disk()
    assert len(listed) == len(set(listed)), "a folder is listed twice"
    assert set(listed) == on_disk, (
        f"not in README.md: {sorted(on_disk - set(listed))}; not on the disk: {sorted(set(listed) - on_disk)}"
    )


def update(name: str) -> None:
    path = ROOT / name
    page = path.read_text(encoding="utf-8")
    lines = page.splitlines()
    with tempfile.TemporaryDirectory() as folder:
        for block, printed in reversed(outputs(page, Path(folder).resolve())):
            lines[block.begin : block.begin + len(block.lines)] = printed.splitlines()
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] != ["--update"]:
        sys.exit(__doc__)
    for changed in sys.argv[2:] or PAGES:
        update(changed)
