"""One tree of errors, each also a built-in kind, all of which survive pickling."""

import pickle

import pytest

import duecare
from duecare._errors import from_library


@pytest.mark.parametrize(
    ("code", "kind", "builtin"),
    [
        ("INVALID_ARGUMENT", duecare.ArgumentError, ValueError),
        ("INVALID_STATE", duecare.StateError, RuntimeError),
        ("NOT_FOUND", duecare.NotFoundError, LookupError),
        ("POLICY", duecare.PolicyError, ValueError),
        ("DATA", duecare.DataError, ValueError),
        ("LIMIT", duecare.LimitError, ValueError),
        ("IO", duecare.FileError, OSError),
        ("CANCELLED", duecare.CancelledError, duecare.Error),
        ("UNSUPPORTED", duecare.UnsupportedError, NotImplementedError),
        ("INTERNAL", duecare.InternalError, RuntimeError),
        ("OF_A_LATER_VERSION", duecare.InternalError, RuntimeError),
    ],
)
def test_kinds(code: str, kind: type[duecare.Error], builtin: type[BaseException]) -> None:
    error = from_library(code, "Wrong.", "/a/0", "f.json", 7, "f.json:7 /a/0: Wrong.", [])
    assert type(error) is kind
    assert isinstance(error, duecare.Error)
    assert isinstance(error, builtin)
    assert (error.message, error.pointer, error.source, error.line) == ("Wrong.", "/a/0", "f.json", 7)
    assert str(error) == "f.json:7 /a/0: Wrong."
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(again) is kind
    assert again.__dict__ == error.__dict__
    assert str(again) == str(error)


def test_diagnostics_survive_pickling() -> None:
    with pytest.raises(duecare.PolicyError) as caught:
        duecare.Policy.from_json("{}", name="empty.json")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert again.diagnostics == caught.value.diagnostics
    assert len(again.diagnostics) >= 1


def test_out_of_memory_is_pythons_own() -> None:
    assert type(from_library("OUT_OF_MEMORY", "No memory.", "", "", 0, "", [])) is MemoryError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (duecare.Error("Wrong."), "Wrong."),
        (duecare.DataError("Wrong.", source="f"), "f: Wrong."),
        (duecare.DataError("Wrong.", source="f", line=3), "f:3: Wrong."),
        (duecare.DataError("Wrong.", source="f", line=3, pointer="/a"), "f:3 /a: Wrong."),
        (duecare.DataError("Wrong.", pointer="/a"), "/a: Wrong."),
    ],
)
def test_text_has_the_place(error: duecare.Error, text: str) -> None:
    assert str(error) == text
