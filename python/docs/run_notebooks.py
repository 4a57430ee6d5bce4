"""Runs the notebooks, and writes each with what its cells gave: as a page of the site, and for Jupyter.

A notebook is a Python file in which ``# %%`` begins a cell and ``# %% [markdown]`` one of text. What the last
expression of a cell gives is shown as a notebook shows it: HTML, a picture, or its text.
"""

import ast
import contextlib
import io
import json
import os
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matplotlib

BLANK = re.compile(r"\n\s*\n")
MARK = re.compile(r"^# %%( \[markdown\])?$", re.MULTILINE)


@dataclass
class Cell:
    is_text: bool
    source: str
    printed: str = ""
    shown: dict[str, str] = field(default_factory=dict)
    """What the last expression gave, by MIME type."""


def cells_of(text: str) -> list[Cell]:
    marks = list(MARK.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    cells = []
    for mark, end in zip(marks, ends, strict=True):
        source = text[mark.end() : end].strip("\n")
        if mark[1]:
            source = "\n".join(line.removeprefix("#").removeprefix(" ") for line in source.split("\n"))
        cells.append(Cell(bool(mark[1]), source))
    return cells


def _shown(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if hasattr(value, "savefig"):
        drawn = io.StringIO()
        # Without a date and with fixed names inside, so that the site is the same each time.
        with matplotlib.rc_context({"svg.hashsalt": "duecare"}):
            value.savefig(drawn, format="svg", metadata={"Date": None})
        picture = drawn.getvalue()
        return {"image/svg+xml": picture[picture.index("<svg") :]}
    if hasattr(value, "_repr_html_"):
        return {"text/html": value._repr_html_()}
    return {"text/plain": repr(value)}


def run(cells: list[Cell], folder: Path) -> None:
    """Runs all cells in one namespace, in a folder that holds a link to the examples."""
    names: dict[str, Any] = {"__name__": "__main__"}
    before = Path.cwd()
    os.chdir(folder)
    try:
        for number, cell in enumerate(cells, start=1):
            if cell.is_text:
                continue
            tree = ast.parse(cell.source, f"<cell {number}>")
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(tree, f"<cell {number}>", "exec"), names)  # noqa: S102
                if last is not None:
                    whole = ast.Expression(last.value)
                    cell.shown = _shown(eval(compile(whole, f"<cell {number}>", "eval"), names))  # noqa: S307
            cell.printed = printed.getvalue()
    finally:
        os.chdir(before)


def page(name: str, cells: list[Cell]) -> str:
    parts = []
    for cell in cells:
        parts.append(cell.source if cell.is_text else f"```python\n{cell.source}\n```")
        if cell.printed:
            parts.append(f"```text\n{cell.printed.rstrip()}\n```")
        for kind, text in cell.shown.items():
            if kind == "text/plain":
                parts.append(f"```text\n{text}\n```")
            else:  # a blank line would end the block of HTML
                parts.append(f"<div>{BLANK.sub(chr(10), text)}</div>")
    parts.append(f"[The same as a notebook for Jupyter]({name}.ipynb)")
    return "\n\n".join(parts) + "\n"


def notebook(cells: list[Cell]) -> str:
    """Jupyter's format 4.5, with outputs."""
    written: list[dict[str, Any]] = []
    for number, cell in enumerate(cells, start=1):
        source = cell.source.splitlines(keepends=True)
        one: dict[str, Any] = {"id": f"cell-{number}", "metadata": {}, "source": source}
        if cell.is_text:
            written.append({"cell_type": "markdown", **one})
            continue
        outputs: list[dict[str, Any]] = []
        if cell.printed:
            text = cell.printed.splitlines(keepends=True)
            outputs.append({"output_type": "stream", "name": "stdout", "text": text})
        if cell.shown:
            data = {kind: text.splitlines(keepends=True) for kind, text in cell.shown.items()}
            outputs.append(
                {"output_type": "execute_result", "execution_count": number, "metadata": {}, "data": data}
            )
        written.append({"cell_type": "code", "execution_count": number, "outputs": outputs, **one})
    python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": written, "metadata": {"kernelspec": python}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def make(source: Path, examples: Path, target: Path) -> None:
    """Writes NAME.md and NAME.ipynb for each notebook into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.glob("*.py")):
        cells = cells_of(path.read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "examples").symlink_to(examples)
            run(cells, Path(folder))
        (target / f"{path.stem}.md").write_text(page(path.stem, cells), encoding="utf-8")
        (target / f"{path.stem}.ipynb").write_text(notebook(cells), encoding="utf-8")
