"""An audit before every event finds nothing, and says why."""

from pathlib import Path

import pytest

import duecare
import support

BEFORE = "1990-01-01"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("nothing")
    cases, policy = folder / "cases.jsonl", folder / "policy.json"
    cases.write_text(support.json_lines(support.MISSED, support.LATE))
    policy.write_text(support.json_lines(support.policy()))
    return cases, policy


def test_a_result_says_that_it_saw_nothing(files: tuple[Path, Path]) -> None:
    policy = duecare.Policy.load(files[1])
    for instants in ({"as_of": BEFORE}, {"as_of": "2023-01-20", "known_at": BEFORE}):
        result = duecare.audit(files[0], policy, **instants)  # type: ignore[arg-type]
        assert result.nothing_visible in result.warnings
        assert "Of 3 events none is visible" in str(result.nothing_visible)
    assert duecare.audit(files[0], policy, as_of="2023-01-20").nothing_visible is None
    empty = duecare.audit(duecare.Caseload(), policy, as_of="2023-01-20")
    assert str(empty.nothing_visible) == "There is no case, so nothing was judged."


@pytest.mark.parametrize(
    "arguments",
    [["audit"], ["due", "--until", "2023-02-01"], ["report"], ["replay"], ["audit", "--format", "html"]],
    ids=" ".join,
)
def test_commands_warn_and_go_on(arguments: list[str], files: tuple[Path, Path]) -> None:
    command = [*arguments[:1], files[0], "--policy", files[1], *arguments[1:]]
    done = support.run_cli([*command, "--as-of", BEFORE])
    assert done.returncode == 0, done.stderr
    assert b"warning: Of 3 events none is visible" in done.stderr
    assert b"none is visible" not in support.run_cli([*command, "--as-of", "2023-01-20"]).stderr
    if b"<html" in done.stdout:
        assert b'class="alert"' in done.stdout
        assert b"no critical duty is overdue" not in done.stdout
        assert b"nothing in these cases called" not in done.stdout


def test_a_store_is_told_too(files: tuple[Path, Path], tmp_path: Path) -> None:
    done = support.run_cli(
        ["store", "put", tmp_path / "s.db", files[0], "--policy", files[1], "--as-of", BEFORE]
    )
    assert done.returncode == 0
    assert b"none is visible" in done.stderr
