"""Profiles of the property tests: HYPOTHESIS_PROFILE=ci (default) or long."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import duecare
import support

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

# The same examples on every run: a change that breaks a law is to fail for that change.
settings.register_profile("ci", max_examples=50, derandomize=True, deadline=None, database=None)
settings.register_profile("long", max_examples=10_000, deadline=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture
def policy() -> duecare.Policy:
    return duecare.Policy.from_json(support.policy())


@pytest.fixture
def policy_file(tmp_path: Path) -> Path:
    return support.write(tmp_path / "policy.json", support.policy())


@pytest.fixture
def caseload_file(tmp_path: Path) -> Path:
    return support.write(
        tmp_path / "cases.jsonl",
        support.json_lines(support.MET, support.LATE, support.MISSED, support.NO_VIEWS),
    )
