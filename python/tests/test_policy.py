"""Loading, compiling and describing policies."""

import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

import duecare
import support

MISSPELT = support.policy({**support.VIEWS, "check": "has(event.views) && actr.rank == 'sergeant'"})
LAYER = {
    "format": "duecare.policy/1",
    "id": "force",
    "version": "2.0.0",
    "extends": "example",
    "duties": [{"id": "return-interview", "within": "24 hours"}],
}


def test_says_what_it_is(policy: duecare.Policy) -> None:
    assert (policy.id, policy.version, policy.title) == ("example", "1.0.0", "Example")
    assert policy.time_zone == "Europe/London"
    assert len(policy.digest) == 64
    assert [duty.id for duty in policy.duties] == ["return-interview", "views-recorded"]
    assert policy.duties[1].severity == "critical"
    assert policy.duties[0].source_status == "illustrative"
    assert policy.warnings == policy.diagnostics == ()
    assert json.loads(policy.to_json())["id"] == "example"


def test_equal_text_makes_equal_policies(policy: duecare.Policy) -> None:
    again = duecare.Policy.from_json(json.dumps(support.policy()))
    other = duecare.Policy.from_json(support.policy(version="1.0.1"))
    assert policy == again
    assert hash(policy) == hash(again)
    assert policy != other
    assert policy != "example"


def test_cannot_be_changed(policy: duecare.Policy) -> None:
    with pytest.raises(AttributeError, match="cannot be changed"):
        policy.id = "other"  # type: ignore[misc]
    with pytest.raises(TypeError, match=r"Policy\.load"):
        duecare.Policy()


def test_survives_pickling(policy: duecare.Policy) -> None:
    assert pickle.loads(pickle.dumps(policy)) == policy  # noqa: S301


def test_repr_has_one_line(policy: duecare.Policy) -> None:
    assert repr(policy) == "<duecare.Policy example 1.0.0>"


def test_layer_beside_the_file(tmp_path: Path) -> None:
    support.write(tmp_path / "example.json", support.policy())
    force = duecare.Policy.load(support.write(tmp_path / "force.json", LAYER))
    assert force.id == "force"
    assert json.loads(force.to_json())["duties"][0]["within"] == "24 hours"


def test_layer_handed_over_comes_first(tmp_path: Path) -> None:
    support.write(tmp_path / "example.json", "this is no policy")
    path = support.write(tmp_path / "force.json", LAYER)
    assert len(duecare.Policy.load(path, layers=[support.policy()]).duties) == 2
    assert len(duecare.Policy.from_json(LAYER, layers=[json.dumps(support.policy())]).duties) == 2


def test_layer_that_is_nowhere() -> None:
    with pytest.raises(duecare.PolicyError, match="example"):
        duecare.Policy.from_json(LAYER)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "..", "a/b", "a\0b"])
def test_an_id_is_no_path(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "policies"
    folder.mkdir()
    support.write(tmp_path / "secret.json", support.policy(id="../secret"))
    with pytest.raises(duecare.PolicyError):
        duecare.Policy.load(support.write(folder / "force.json", {**LAYER, "extends": name}))


def test_one_policy_is_no_list_of_layers() -> None:
    with pytest.raises(TypeError, match="iterable of policies"):
        duecare.Policy.from_json(LAYER, layers=json.dumps(support.policy()))


def test_error_says_where_and_what() -> None:
    with pytest.raises(duecare.PolicyError) as caught:
        duecare.Policy.from_json(json.dumps(MISSPELT, indent=1), name="force.json")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.severity == "error"
    assert diagnostic.pointer == "/duties/0/check"
    assert diagnostic.line > 1
    assert diagnostic.expression[diagnostic.column :].startswith("actr")
    assert "actor" in diagnostic.message
    assert "^" in str(diagnostic)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, duecare.Error)


def test_bytes_that_are_no_text_are_an_error_of_the_policy(tmp_path: Path) -> None:
    path = tmp_path / "latin.json"
    path.write_bytes(b'{"format": "duecare.policy/1", "id": "caf\xe9"}')
    with pytest.raises(duecare.PolicyError):
        duecare.Policy.load(path)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        duecare.Policy.load(tmp_path / "nowhere.json")


def test_instants_are_read_in_the_policys_zone(policy: duecare.Policy) -> None:
    summer = datetime(2023, 6, 1, 9, 0, tzinfo=UTC)
    assert policy.parse_instant("2023-06-01T10:00:00") == summer
    assert policy.parse_instant("2023-06-01T10:00:00+01:00") == summer
    assert policy.parse_instant("2023-06-01") == datetime(2023, 6, 1, 22, 59, 59, 999_999, tzinfo=UTC)
    assert policy.format_instant(summer) == "2023-06-01T10:00:00+01:00"
    assert (
        policy.format_instant(summer.astimezone(timezone(timedelta(hours=5)))) == "2023-06-01T10:00:00+01:00"
    )


@pytest.mark.parametrize("year", [1, 1969, 1970, 2024, 9999])
def test_instants_of_all_years(policy: duecare.Policy, year: int) -> None:
    at = datetime(year, 12, 31, 23, 59, 59, 123_456, tzinfo=UTC)
    assert policy.parse_instant(at.isoformat()) == at


def test_instants_need_a_zone(policy: duecare.Policy) -> None:
    with pytest.raises(duecare.ArgumentError, match="without a time zone"):
        policy.format_instant(datetime(2023, 6, 1, 9, 0))  # noqa: DTZ001


def test_built_in_policies() -> None:
    for name in duecare.Policy.builtin_names():
        assert duecare.Policy.builtin(name).id == name
    with pytest.raises(duecare.NotFoundError, match="no-such"):
        duecare.Policy.builtin("no-such")
