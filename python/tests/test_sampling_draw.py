"""Laws of drawing: prefix, filter, order, probabilities; and what is said about wrong input."""

import hashlib
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import duecare
from duecare import sampling

DICE = "31415926535897932384"
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
DRAWS = 10_000 if LONG else 600

_ids = st.lists(
    st.text(
        st.characters(min_codepoint=0x20, exclude_characters="\x7f", exclude_categories=["Cs", "Cc"]),
        min_size=1,
        max_size=8,
    ).filter(lambda text: not text.startswith("#")),
    min_size=1,
    max_size=40,
    unique=True,
)
_seeds = st.text("0123456789abcXYZ._:+-", min_size=1, max_size=40)


def _srs(n: int) -> dict[str, Any]:
    return {"design": "srs", "n": n}


def _drawn(frame: sampling.Frame, plan: dict[str, Any], seed: str = DICE) -> list[str]:
    return sampling.draw(frame, plan, seed).ids


@given(ids=_ids, seed=_seeds)
def test_tickets_are_those_of_sha256(ids: list[str], seed: str) -> None:
    expected = [hashlib.sha256(f"{seed},{id_}".encode()).digest() for id_ in ids]
    assert sampling.tickets(seed, ids) == b"".join(expected)
    order = [id_ for _, id_ in sorted(zip(expected, ids, strict=True))]
    assert _drawn(sampling.Frame(ids), _srs(len(ids)), seed) == order


@given(ids=_ids, seed=_seeds)
def test_a_draw_is_a_prefix_of_the_next(ids: list[str], seed: str) -> None:
    frame = sampling.Frame(ids)
    n = len(ids) // 2
    sample = sampling.draw(frame, _srs(n), seed)
    if n < len(ids):
        more = _drawn(frame, _srs(n + 1), seed)
        assert more[:n] == sample.ids
        assert sample.next_ids == [more[n]]
        sample.extend(n + 1, "planned")
        assert sample.ids == more


@given(ids=_ids, seed=_seeds, data=st.data())
def test_a_draw_of_a_part_is_that_part_of_the_draw(ids: list[str], seed: str, data: st.DataObject) -> None:
    part = set(data.draw(st.lists(st.sampled_from(ids), unique=True)))
    whole = _drawn(sampling.Frame(ids), _srs(len(ids)), seed)
    of_part = _drawn(sampling.Frame([id_ for id_ in ids if id_ in part]), _srs(len(part)), seed)
    assert of_part == [id_ for id_ in whole if id_ in part]


@given(ids=_ids, seed=_seeds, data=st.data())
def test_the_order_of_the_frame_does_not_matter(ids: list[str], seed: str, data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 1000), min_size=len(ids), max_size=len(ids)))
    units: list[dict[str, Any]] = [
        {"id": id_, "size": size, "stratum": "even" if size % 2 == 0 else "odd"}
        for id_, size in zip(ids, sizes, strict=True)
    ]
    other = data.draw(st.permutations(units))
    one, two = sampling.Frame(units), sampling.Frame(other)
    assert one.digest == two.digest
    n = max(1, len(ids) // 3)
    plans: list[dict[str, Any]] = [
        _srs(n),
        {"design": "stratified", "n_h": {}, "others": {"fraction": "0.3", "at_least": 1}},
    ]
    assert [_drawn(one, plan, seed) for plan in plans] == [_drawn(two, plan, seed) for plan in plans]
    for design in ("sequential_poisson", "pareto"):
        # Certainty units stand first, in the order of the frame.
        plan = {"design": design, "n": n}
        assert sorted(_drawn(one, plan, seed)) == sorted(_drawn(two, plan, seed))


@given(ids=_ids, seed=_seeds, data=st.data())
def test_units_out_of_scope_leave_a_draw_of_the_others(
    ids: list[str], seed: str, data: st.DataObject
) -> None:
    outside = set(data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=len(ids) // 2)))
    n = len(ids) - len(outside)
    sample = sampling.draw(sampling.Frame(ids), _srs(n), seed)
    while found := [id_ for id_ in sample.ids if id_ in outside]:
        sample.replace(found[0], "closed before the period")
    assert sample.ids == _drawn(sampling.Frame([id_ for id_ in ids if id_ not in outside]), _srs(n), seed)
    assert sampling.verify(sample.manifest, sample.frame) == []


@given(ids=_ids, seed=_seeds)
def test_a_merged_draw_filtered_is_the_draw_of_each(ids: list[str], seed: str) -> None:
    one, two = sampling.Frame(ids), sampling.Frame(reversed(ids))
    merged = sampling.Frame.merged({"one": one, "two": two})
    assert len(merged) == 2 * len(ids)
    whole = _drawn(merged, _srs(len(merged)), seed)
    prefixed = sampling.Frame([f"one/{id_}" for id_ in ids])
    assert [id_ for id_ in whole if id_.startswith("one/")] == _drawn(prefixed, _srs(len(ids)), seed)


@given(ids=_ids, seed=_seeds)
def test_a_manifest_derives_again(ids: list[str], seed: str) -> None:
    frame = sampling.Frame([{"id": id_, "size": 1 + len(id_) % 3} for id_ in ids])
    n = (len(ids) + 1) // 2
    for design in ("srs", "systematic", "poisson", "sequential_poisson", "pareto", "pps_systematic"):
        manifest = sampling.draw(frame, {"design": design, "n": n}, seed, "dice").manifest
        assert sampling.verify(manifest, frame) == []
        assert sampling.derive(manifest, frame).manifest.text == manifest.text


SIZES = [10, 25, 40, 5, 60, 15, 30, 20, 120, 0]
N = 3


def _targets(design: str) -> list[float]:
    """Definitions of sections 1.2 to 1.5, written out for these sizes: the unit of 120 is certain."""
    if design in ("srs", "systematic"):
        return [N / len(SIZES)] * len(SIZES)
    rest = sum(SIZES) - 120
    return [1.0 if size == 120 else (N - 1) * size / rest for size in SIZES]


@pytest.mark.parametrize(
    ("design", "off"),
    [
        ("srs", 0.0),
        ("systematic", 0.0),
        ("poisson", 0.0),
        ("sequential_poisson", 0.06),  # proportional to size only nearly, and two of nine are few
        ("pareto", 0.02),
        ("pps_systematic", 0.0),
        ("sampford", 0.0),
    ],
)
def test_units_are_drawn_as_often_as_their_probability(design: str, off: float) -> None:
    frame = sampling.Frame([{"id": f"u{i}", "size": size} for i, size in enumerate(SIZES)])
    plan = sampling.Plan.make(design=design, n=N)
    times = Counter(id_ for draw in range(DRAWS) for id_ in sampling.draw(frame, plan, f"draw-{draw}").ids)
    for i, pi in enumerate(_targets(design)):
        share = times[f"u{i}"] / DRAWS
        # Five standard errors, and what a design that only comes near to its probabilities may be off.
        allowed = 5 * (pi * (1 - pi) / DRAWS) ** 0.5 + off
        assert abs(share - pi) <= allowed, (i, share, pi)
    stated = {unit.id: unit.pi for draw in range(40) for unit in sampling.draw(frame, plan, str(draw)).units}
    for i, pi in enumerate(_targets(design)):
        assert stated.get(f"u{i}", pi) == pytest.approx(pi)


def test_rotation_gives_other_units() -> None:
    frame = sampling.Frame([f"u{i}" for i in range(100)])
    first, second = (_drawn(frame, {**_srs(50), "start": start}) for start in ("0", "0.5"))
    assert len(set(first) & set(second)) <= 15
    assert set(first) | set(second) >= {f"u{i}" for i in range(100)} - set(_drawn(frame, _srs(100))[45:65])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sampling.Frame(["a", "b", "a"]), '"a" stands in the frame twice, as units 1 and 3'),
        (lambda: sampling.Frame([{"id": "a", "size": -1}]), "the size -1; sizes are whole numbers from 0 on"),
        (lambda: sampling.Frame([{"id": "a", "size": "1.5"}]), "no whole number"),
        (lambda: sampling.Frame([{"id": "a", "sise": 1}]), "expected are the keys"),
        (lambda: sampling.Frame(["#1"]), "reserved"),
        (
            lambda: sampling.draw(sampling.Frame(["a"]), _srs(2), DICE),
            "draws 2 units from the frame, which has 1",
        ),
        (lambda: sampling.draw(sampling.Frame(["a"]), _srs(1), "12 34"), "a space at position 3"),
        (
            lambda: sampling.draw(
                sampling.Frame([{"id": "a", "stratum": "north"}]),
                {"design": "stratified", "n_h": {"nort": 1}},
                DICE,
            ),
            'the stratum "nort", which the frame lacks. Did you mean "north"?',
        ),
        (lambda: sampling.Manifest("[]"), "format"),
        (lambda: sampling.Manifest("{"), "no JSON"),
    ],
)
def test_wrong_input_is_named(call: Any, words: str) -> None:
    with pytest.raises(duecare.ArgumentError) as caught:
        call()
    assert words in str(caught.value)


def test_frames_from_files(tmp_path: Path) -> None:
    table = tmp_path / "frame.csv"
    table.write_text("case,unit,harm\r\nB,south,3\r\n007,north,\r\n", encoding="utf-8-sig")
    frame = sampling.Frame.from_csv(table, id="case", stratum="unit", size="harm")
    assert frame.canonical() == b"007\tnorth\t\nB\tsouth\t3\n"
    assert frame.strata == {"north": 1, "south": 1}
    stored = tmp_path / "frame.tsv"
    stored.write_bytes(frame.canonical())
    assert (
        sampling.Frame.read(stored).digest == frame.digest == hashlib.sha256(stored.read_bytes()).hexdigest()
    )
    with pytest.raises(duecare.ArgumentError, match="no column 'unti'; there are case, unit, harm"):
        sampling.Frame.from_csv(table, id="case", stratum="unti")
    table.write_text("id\na,b\n")
    with pytest.raises(duecare.ArgumentError, match="not as many fields"):
        sampling.Frame.from_csv(table)


@pytest.mark.parametrize(
    "size", ["1_000", " 7", "7 ", "+3", "\u0663", "\u00b2", "0x1", "1e3", "7\t", "9" * 5000]
)
def test_sizes_are_plain_digits(tmp_path: Path, size: str) -> None:
    table = tmp_path / "frame.csv"
    table.write_text(f'id,size\na,1\nb,"{size}"\n', encoding="utf-8")
    with pytest.raises(duecare.ArgumentError, match="line 3: the size"):
        sampling.Frame.from_csv(table, size="size")


@pytest.mark.parametrize("lines", [b"a\t\t7\r\nb\t\t8\r\n", b"a\t\t\r\n"])
def test_a_stored_frame_has_line_feeds_alone(tmp_path: Path, lines: bytes) -> None:
    stored = tmp_path / "frame.tsv"
    stored.write_bytes(lines)
    with pytest.raises(duecare.ArgumentError, match="LF alone"):
        sampling.Frame.read(stored)


def test_frames_from_data_frames() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    ids = ["B", "a rather long id of a case", "007"]
    strata = pyarrow.array(["north", None, "north"])
    for texts in (pyarrow.string(), pyarrow.large_string(), pyarrow.string_view()):
        for column in (strata, strata.dictionary_encode()):
            table = pyarrow.table(
                {
                    "case": pyarrow.array(ids, texts),
                    "unit": column,
                    "n": pyarrow.array([3, None, 0], pyarrow.int16()),
                }
            )
            frame = sampling.Frame.from_arrow(table, id="case", stratum="unit", size="n")
            assert frame.canonical() == b"007\tnorth\t0\nB\tnorth\t3\na rather long id of a case\t\t\n"
            assert sampling.Frame.from_arrow(table.slice(1), id="case").canonical().startswith(b"007\t\t\n")
    numbers = pyarrow.table({"id": pyarrow.chunked_array([[5], [7, 6]])})
    assert sampling.Frame.from_arrow(numbers).canonical() == b"5\t\t\n6\t\t\n7\t\t\n"
    with pytest.raises(ValueError, match='no column "x"'):
        sampling.Frame.from_arrow(numbers, id="x")
    with pytest.raises(ValueError, match="Arrow type"):
        sampling.Frame.from_arrow(pyarrow.table({"id": [0.5]}))
    with pytest.raises(TypeError):
        sampling.Frame.from_arrow([1])


def test_a_commitment_holds_frame_and_plan() -> None:
    frame, plan = sampling.Frame(["a", "b"]), sampling.Plan.make(design="srs", n=1, seed_rule="20 dice")
    text = sampling.commitment(frame, plan)
    assert json.loads(text)["frame"]["digest"] == frame.digest
    assert sampling.check_commitment(text, frame, plan) == []
    assert "another order" in sampling.check_commitment(text, sampling.Frame(["b", "a"]), plan)[0]
    other = sampling.Plan.make(design="srs", n=2)
    assert len(sampling.check_commitment(text, sampling.Frame(["a"]), other)) == 2
    with pytest.raises(duecare.ArgumentError):
        sampling.check_commitment("{}", frame, plan)
