"""The exit codes of every command that reads case histories: 0, 1, 2 and 3 mean the same for all of them."""

from pathlib import Path

import pytest

import support
from support import ROOT

POLICY = str(ROOT / "examples/policy.json")
CASES = (ROOT / "examples/caseload/cases.jsonl").read_bytes().splitlines(keepends=True)[:3]
SECRET = b"Q-SECRET-7"
COMMANDS = {
    "audit": ["audit", "FILE", "--policy", POLICY],
    "report": ["report", "FILE", "--policy", POLICY, "-o", "OUT"],
    "case": ["case", "FILE", "CASE", "--policy", POLICY],
    "explain": ["explain", "FILE", "CASE", "missing-review", "--policy", POLICY],
    "due": ["due", "FILE", "--policy", POLICY, "--until", "2026-01-01"],
    "replay": ["replay", "FILE", "--policy", POLICY],
    "policy diff": ["policy", "diff", POLICY, POLICY, "--caseload", "FILE"],
    "sample frame": ["sample", "frame", "FILE", "--policy", POLICY, "--out", "OUT"],
}


def run(name: str, file: Path, tmp_path: Path) -> tuple[int, bytes]:
    words = {"FILE": str(file), "OUT": str(tmp_path / "out"), "CASE": _case_id()}
    done = support.run_cli([words.get(word, word) for word in COMMANDS[name]])
    return done.returncode, done.stderr


def _case_id() -> str:
    import json

    return str(json.loads(CASES[0])["id"])


@pytest.mark.parametrize("name", COMMANDS)
def test_codes_mean_the_same_for_all(name: str, tmp_path: Path) -> None:
    good = tmp_path / "good.jsonl"
    good.write_bytes(b"".join(CASES))
    code, said = run(name, good, tmp_path)
    assert code == 0, said
    partly = tmp_path / "partly.jsonl"
    broken = b'{"format": "duecare.case/1", "id": "' + SECRET + b'", "events": [{"type": "x"}]}\n'
    partly.write_bytes(b"".join(CASES) + broken)
    code, said = run(name, partly, tmp_path)
    assert code == 3, said
    assert b"1 document rejected" in said
    assert SECRET not in said  # messages say where, and not whose
    code, said = run(name, tmp_path / "none.jsonl", tmp_path)
    assert code == 1, said
    assert b"Traceback" not in said
    table = tmp_path / "table.csv"
    table.write_text("a,b\n1,2\n", "utf-8")
    code, said = run(name, table, tmp_path)
    assert code == 2, said
