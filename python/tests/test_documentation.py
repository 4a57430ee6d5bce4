"""Examples in docstrings run, and the pages of the site can be gathered, for which the notebooks run."""

import doctest
import importlib
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import duecare
import support

NOTEBOOKS = sorted((support.ROOT / "python/docs/notebooks").glob("*.py"))
MODULES = [
    module.name
    for module in pkgutil.walk_packages(duecare.__path__, "duecare.")
    if not module.name.startswith(("duecare._core", "duecare.__main__"))
]


# Their examples are of a store that is there, and run apart from the others.
STORE_MODULES = [name for name in MODULES if f"{name}.".startswith("duecare._store.")]


def test_examples_in_docstrings() -> None:
    attempted = 0
    for name in ["duecare", *MODULES]:
        if name in STORE_MODULES:
            continue
        result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
        assert result.failed == 0, name
        attempted += result.attempted
    assert attempted >= 3


def _stored(folder: Path) -> tuple[duecare.Result, duecare.Store]:
    """What the examples of the store are of."""
    policy = duecare.Policy.from_json(support.policy())
    cases = duecare.Caseload.from_documents([support.MET, support.LATE, support.MISSED, support.NO_VIEWS])
    store = duecare.Store(folder / "stored.db", create=True)
    for day in (12, 20):
        result = duecare.audit(cases, policy, as_of=f"2023-01-{day}T00:00:00Z", verdicts="all")
        store.put_run(result, recorded_at=f"2023-01-{day}T18:00:00Z", label=f"{day} January")
    return result, store


STORE_EXAMPLES = [
    example
    for name in STORE_MODULES
    for example in doctest.DocTestFinder().find(importlib.import_module(name))
    if example.examples
]


@pytest.mark.parametrize("example", STORE_EXAMPLES, ids=lambda example: example.name)
def test_examples_of_the_store(
    example: doctest.DocTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result, store = _stored(tmp_path)
    with store:
        example.globs |= {"result": result, "store": store}
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        assert runner.run(example, clear_globs=False).failed == 0


def test_the_store_has_examples() -> None:
    assert len(STORE_EXAMPLES) > 10


def test_the_site_has_the_notebooks_with_what_they_show(pages: Path) -> None:
    for path in NOTEBOOKS:
        page = (pages / f"notebooks/{path.stem}.md").read_text(encoding="utf-8")
        whole = json.loads((pages / f"notebooks/{path.stem}.ipynb").read_text(encoding="utf-8"))
        cells = [cell for cell in whole["cells"] if cell["cell_type"] == "code"]
        assert cells
        assert page.count("```python") == len(cells)
        assert any(cell["outputs"] for cell in cells)
    pictures = json.loads((pages / "notebooks/pictures.ipynb").read_text(encoding="utf-8"))
    outputs = [output for cell in pictures["cells"] for output in cell.get("outputs", [])]
    assert sum("image/svg+xml" in output.get("data", {}) for output in outputs) == 6
    assert "<svg" in (pages / "notebooks/first_audit.md").read_text(encoding="utf-8")


def test_notebooks_are_there_and_hold_no_output() -> None:
    assert len(NOTEBOOKS) == 3
    assert not list((support.ROOT / "python/docs").rglob("*.ipynb"))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the site, gathered once."""
    target = tmp_path_factory.mktemp("site") / "docs"
    subprocess.run([sys.executable, support.ROOT / "python/docs/make_pages.py", target], check=True)
    return target


def test_pages_of_the_site(pages: Path) -> None:
    language = (pages / "reference/language.md").read_text(encoding="utf-8")
    for option in ("repeat", "unless", "excused_by", "until", "pause_while", "not_before", "accounted_by"):
        assert f"\n## `{option}`\n" in language
    assert language.count("<svg") > 20
    header = (support.ROOT / "include/duecare/duecare.h").read_text(encoding="utf-8")
    page = (pages / "reference/c.md").read_text(encoding="utf-8")
    for name in ("duecare_audit_run", "duecare_caseload_export_case_json", "duecare_result_count_cases"):
        assert name in header
        assert name in page
