"""Every method against reference values: tests/golden/run.py, and its copy of them."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from duecare import sampling

GOLDEN = Path(__file__).resolve().parents[2] / "tests" / "golden"
SHARED = GOLDEN.parents[2] / "shared" / "golden" / "golden_public.csv"


@pytest.fixture(scope="module")
def runner() -> ModuleType:
    spec = importlib.util.spec_from_file_location("golden_run", GOLDEN / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["golden_run"] = module
    spec.loader.exec_module(module)
    return module


def test_every_row(runner: ModuleType) -> None:
    passed, failed, lines = runner.run([GOLDEN / "golden_public.csv"])
    assert not failed, "\n".join(lines)
    assert passed.total() >= 288
    assert set(passed) <= set(sampling.methods())


def test_a_wrong_value_fails(tmp_path: Path) -> None:
    csv = tmp_path / "wrong.csv"
    csv.write_text(
        "method,inputs,output_name,expected,tolerance,reference\n"
        'proportion_interval,"{""x"":0,""n"":10,""conf"":0.95,""method"":""clopper_pearson""}",high,0.3085,1e-9,\n'
        'proportion_interval,"{""x"":0,""n"":10,""conf"":0.95,""method"":""clopper_pearson""}",low,0,0,\n'
        'proportion_interval,"{""x"":0,""n"":10,""confidence"":0.95}",low,0,0,\n',
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(GOLDEN / "run.py"), str(csv)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "1 passed, 2 failed"


@pytest.mark.skipif(not SHARED.exists(), reason="the reference values that these are a copy of are not here")
def test_the_copy_is_one() -> None:
    assert (GOLDEN / "golden_public.csv").read_bytes() == SHARED.read_bytes()
