"""The programs of tests/simulation, on their small grids: what they find is what the theory says."""

import subprocess
import sys
from pathlib import Path

import pytest

SIMULATION = Path(__file__).resolve().parents[2] / "tests" / "simulation"


@pytest.mark.parametrize(
    ("program", "last"),
    [("coverage.py", "0 exact methods below their level"), ("unbiased.py", "0 not as their theory says")],
)
def test_as_the_theory_says(program: str, last: str) -> None:
    done = subprocess.run(
        [sys.executable, str(SIMULATION / program)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == last
    assert len(done.stdout.splitlines()) >= 9
