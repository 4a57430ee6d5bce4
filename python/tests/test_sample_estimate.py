"""``duecare sample estimate``: the estimator follows from the design, and nothing is counted in silence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from duecare.sampling import Frame, Manifest
from sample_desk import DICE, Desk

DUTY = "seen"


def _deviates(id_: str) -> bool:
    return int(id_[1:]) % 4 == 0


def _flagged(id_: str) -> bool:
    """The machine: misses 8, and sees 1, 2 and 3 in vain."""
    return (_deviates(id_) and id_ != "C008") or id_ in ("C001", "C002", "C003")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    ids = [f"C{number:03}" for number in range(1, 201)]
    rows = [f"{id_},{'flagged' if _flagged(id_) else 'clear'},{1 + int(id_[1:]) % 5}\n" for id_ in ids]
    desk.write("frame.csv", "id,flag,size\n" + "".join(rows))
    findings = [{"case_id": id_, "duty_id": DUTY, "verdict": "missed"} for id_ in ids if _flagged(id_)]
    desk.write("findings.jsonl", "".join(json.dumps(one) + "\n" for one in findings))
    desk.run("frame", "--csv", desk.path("frame.csv"), "--stratum", "flag", "--size", "size",
             "--out", desk.path("frame.tsv"))  # fmt: skip
    return desk


def _draw(desk: Desk, plan: dict[str, Any]) -> list[str]:
    desk.write("plan.json", json.dumps({"format": "duecare.sample-plan/1", **plan}))
    desk.run(
        "draw", desk.path("frame.tsv"), desk.path("plan.json"), "--seed", DICE, "--out", desk.path("m.json")
    )
    return [unit.id for unit in Manifest(desk.read("m.json")).units]


def _answers(ids: list[str], name: str, answer: Callable[[str], str]) -> str:
    return "".join(f"{id_},{name},{DUTY},{answer(id_)}\n" for id_ in ids)


def _truth(id_: str) -> str:
    return "deviation" if _deviates(id_) else "compliant"


def _estimate(desk: Desk, rows: str, *options: str, code: int = 0) -> tuple[str, dict[str, Any]]:
    desk.write("r.csv", "case,reviewer,duty,answer\n" + rows)
    text = desk.run("estimate", desk.path("m.json"), desk.path("frame.tsv"), desk.path("r.csv"), "--json",
                    desk.path("e.json"), *options, code=code)  # fmt: skip
    return text, json.loads(desk.read("e.json"))["questions"][0] if code == 0 else {}


def test_a_simple_random_sample(desk: Desk) -> None:
    ids = _draw(desk, {"design": "srs", "n": 60})
    text, told = _estimate(desk, _answers(ids, "ann", _truth))
    overall = told["overall"]
    x = sum(map(_deviates, ids))
    assert overall["method"] == "estimate_srs"
    assert overall["interval"] == "hypergeometric_bounds"
    assert (overall["n"], overall["N"], overall["conf"], overall["estimate"]) == (60, 200, "0.95", x / 60)
    assert overall["low"] <= 0.25 <= overall["high"]
    assert overall["total"] == pytest.approx(200 * x / 60)
    assert [one["N"] for one in told["strata"]] == list(Frame.read(desk.path("frame.tsv")).strata.values())
    assert f"{DUTY}: {100 * x / 60:.1f} %" in text


def test_files_that_cannot_be_reviewed_count_openly(desk: Desk) -> None:
    ids = _draw(desk, {"design": "srs", "n": 40})
    lost = set(ids[:2])
    rows = _answers(ids, "ann", lambda id_: "unreviewable" if id_ in lost else _truth(id_))
    _estimate(desk, rows, code=1)
    assert "2 files could not be reviewed" in desk.said
    x = sum(_deviates(id_) for id_ in ids if id_ not in lost)
    _, told = _estimate(desk, rows, "--unreviewable", "deviation")
    assert told["overall"]["estimate"] == pytest.approx((x + 2) / 40)
    _, told = _estimate(desk, rows, "--unreviewable", "non-response")
    assert told["overall"]["estimate"] == pytest.approx(x / 38)
    assert told["overall"]["interval"] == "clopper_pearson"
    assert "as no response" in told["warnings"][0]
    _, told = _estimate(desk, rows, "--unreviewable", "bounds")
    assert told["bounds"]["low"]["estimate"] == pytest.approx(x / 40)
    assert told["bounds"]["high"]["estimate"] == pytest.approx((x + 2) / 40)


def test_a_drawn_unit_without_an_answer_is_an_error(desk: Desk) -> None:
    ids = _draw(desk, {"design": "srs", "n": 10})
    _estimate(desk, _answers(ids[1:], "ann", _truth), code=1)
    assert f"has no answer to '{DUTY}' for 1 drawn units: {ids[0]}" in desk.said


def test_strata_with_a_fraction_each(desk: Desk) -> None:
    ids = _draw(desk, {"design": "stratified", "n_h": {"flagged": 20, "clear": 30}})
    text, told = _estimate(desk, _answers(ids, "ann", _truth), "--machine", desk.path("findings.jsonl"))
    overall = told["overall"]
    assert overall["method"] == "estimate_stratified"
    assert overall["interval"] == "bonferroni_exact"
    flagged, clear = [i for i in ids if _flagged(i)], [i for i in ids if not _flagged(i)]
    counts = Frame.read(desk.path("frame.tsv")).strata
    expected = sum(
        counts[name] * sum(map(_deviates, part)) / len(part) / 200
        for name, part in (("flagged", flagged), ("clear", clear))
    )
    assert overall["estimate"] == pytest.approx(expected)
    assert told["machine"]["difference"]["estimate"] == pytest.approx(expected)
    assert told["machine"]["table"]["tp"] + told["machine"]["table"]["fp"] == 20
    assert told["machine"]["accuracy"]["method"] == "begg_greenes"
    assert "machine against human" in text


@pytest.mark.parametrize(
    ("design", "kind"), [("sequential_poisson", "deville"), ("poisson", "poisson"), ("pareto", "deville")]
)
def test_unequal_probabilities_are_weighted(desk: Desk, design: str, kind: str) -> None:
    ids = _draw(desk, {"design": design, "n": 50})
    _, told = _estimate(desk, _answers(ids, "ann", _truth), "--machine", desk.path("findings.jsonl"))
    weights = {unit.id: 1 / unit.pi for unit in Manifest(desk.read("m.json")).units}
    expected = sum(weights[i] for i in ids if _deviates(i)) / sum(weights.values())
    assert told["overall"]["estimate"] == pytest.approx(expected)
    assert told["overall"]["method"] == f"estimate_hajek ({kind})"
    assert told["machine"]["difference"]["estimate"] is not None


def test_the_machine_beside_people(desk: Desk) -> None:
    ids = _draw(desk, {"design": "srs", "n": 120})
    text, told = _estimate(desk, _answers(ids, "ann", _truth), "--machine", desk.path("findings.jsonl"))
    machine = told["machine"]
    assert machine["gain"] > 3
    assert machine["difference"]["se"] < machine["human"]["se"]
    for name in ("difference", "ratio", "regression"):
        assert abs(machine[name]["estimate"] - 0.25) < 0.05
    wrong = sorted(i for i in ids if _flagged(i) != _deviates(i))
    assert [one["unit"] for one in machine["overturned"]] == wrong
    assert machine["accuracy"]["ppv"] == pytest.approx(
        sum(_flagged(i) and _deviates(i) for i in ids) / sum(map(_flagged, ids))
    )
    assert machine["rogan_gladen"]["estimate"] is not None
    assert machine["poor"] is None
    assert "times as many reviews" in text


def test_a_duty_of_poor_precision_is_named(desk: Desk) -> None:
    ids = _draw(desk, {"design": "stratified", "n_h": {"flagged": 30, "clear": 30}})
    rows = _answers(ids, "ann", lambda id_: "compliant" if int(id_[1:]) % 8 == 0 else _truth(id_))
    text, told = _estimate(desk, rows, "--machine", desk.path("findings.jsonl"))
    assert told["machine"]["poor"].startswith(f"{DUTY}: of 30 findings")
    assert "POOR" in text


def test_agreement_of_two_reviewers(desk: Desk) -> None:
    ids = _draw(desk, {"design": "srs", "n": 40})
    ben = _answers(ids[:20], "ben", lambda id_: "compliant" if id_ == ids[0] else _truth(id_))
    text, told = _estimate(desk, _answers(ids, "ann", _truth) + ben)
    assert told["lead"] == "ann"
    pair = told["agreement"][0]
    assert (pair["first"], pair["second"], pair["answers"]["n"]) == ("ann", "ben", 20)
    disagree = int(_deviates(ids[0]))
    assert pair["answers"]["percent"]["agreement"] == pytest.approx((20 - disagree) / 20)
    assert "ann and ben agree on" in text


def test_a_frame_that_does_not_fit_is_an_error(desk: Desk) -> None:
    ids = _draw(desk, {"design": "srs", "n": 10})
    desk.run("frame", "--csv", desk.path("frame.csv"), "--out", desk.path("frame.tsv"))
    _estimate(desk, _answers(ids, "ann", _truth), code=1)
    assert "does not derive from this frame" in desk.said


def test_extension_after_looking_is_said(desk: Desk) -> None:
    _draw(desk, {"design": "srs", "n": 20})
    desk.run("extend", desk.path("m.json"), desk.path("frame.tsv"), "--to", "30", "--reason", "looked",
             "--out", desk.path("m2.json"))  # fmt: skip
    desk.write("m.json", desk.read("m2.json"))
    ids = [unit.id for unit in Manifest(desk.read("m.json")).units]
    _, told = _estimate(desk, _answers(ids, "ann", _truth))
    assert any("no extension rule" in text for text in told["overall"]["warnings"])


def test_domains(desk: Desk) -> None:
    ids = _draw(desk, {"design": "srs", "n": 60})
    domain = desk.write("d.csv", "id,domain\n" + "".join(f"{i},first\n" for i in ids if i < "C100"))
    _, told = _estimate(desk, _answers(ids, "ann", _truth), "--domain", domain)
    first = [i for i in ids if i < "C100"]
    assert told["domains"][0]["estimate"] == pytest.approx(sum(map(_deviates, first)) / len(first))
    assert told["domains"][0]["N"] is None


def test_files_that_nobody_read_say_nothing_of_the_machine(desk: Desk) -> None:
    ids = _draw(desk, {"design": "srs", "n": 60})
    lost = set(ids[:6])
    rows = _answers(ids, "ann", lambda id_: "unreviewable" if id_ in lost else _truth(id_))
    options = ["--machine", desk.path("findings.jsonl"), "--unreviewable", "deviation"]
    _, told = _estimate(desk, rows, *options)
    read = [i for i in ids if i not in lost]
    table = told["machine"]["table"]
    assert sum(table.values()) == 54
    assert table["fn"] == sum(_deviates(i) and not _flagged(i) for i in read)
    assert table["fp"] == sum(_flagged(i) and not _deviates(i) for i in read)
    assert "without the 6 files" in told["machine"]["notes"][0]
    assert told["overall"]["n"] == told["machine"]["difference"]["n"] == 60


def test_the_machine_is_not_averaged_over_more_than_the_question_concerns(desk: Desk) -> None:
    ids = _draw(desk, {"design": "srs", "n": 60})
    rows = _answers(ids, "ann", lambda id_: "not_applicable" if id_ > "C150" else _truth(id_))
    _, told = _estimate(desk, rows, "--machine", desk.path("findings.jsonl"))
    assert told["machine"]["difference"] is told["machine"]["rogan_gladen"] is told["machine"]["gain"] is None
    assert "a part of it" in told["machine"]["notes"][0]
    assert sum(told["machine"]["table"].values()) == sum(i <= "C150" for i in ids)


def test_a_census_leaves_nothing_open(desk: Desk) -> None:
    # Weighted, and of which a part was not concerned: what was found is what there is.
    ids = _draw(desk, {"design": "sequential_poisson", "n": 200})
    _, told = _estimate(desk, _answers(ids, "ann", _truth))
    overall = told["overall"]
    assert (overall["estimate"], overall["se"], overall["low"], overall["high"]) == (0.25, 0, 0.25, 0.25)
    assert (overall["method"], overall["N"], overall["total"]) == ("census", 200, 50)
    assert all(one["low"] == one["estimate"] == one["high"] for one in told["strata"])

    for plan in ({"design": "srs", "n": 200}, {"design": "stratified", "others": "all"}):
        ids = _draw(desk, plan)
        rows = _answers(ids, "ann", lambda id_: "not_applicable" if id_ == "C001" else _truth(id_))
        overall = _estimate(desk, rows)[1]["overall"]
        assert (overall["se"], overall["low"], overall["high"], overall["n"]) == (0, 50 / 199, 50 / 199, 199)

    # No response is no knowledge.
    rows = _answers(ids, "ann", lambda id_: "unreviewable" if id_ == "C001" else _truth(id_))
    overall = _estimate(desk, rows, "--unreviewable", "non-response")[1]["overall"]
    assert overall["method"] != "census"


def test_a_stratum_that_was_read_whole_is_known(desk: Desk) -> None:
    flagged = sum(_flagged(f"C{number:03}") for number in range(1, 201))
    ids = _draw(desk, {"design": "stratified", "n_h": {"flagged": "all", "clear": 10}})
    rows = _answers(ids, "ann", lambda id_: "not_applicable" if id_ == "C001" else _truth(id_))
    _, told = _estimate(desk, rows)
    assert told["overall"]["method"] == "estimate_hajek (deville)"
    whole = next(one for one in told["strata"] if one["what"].endswith("flagged"))
    assert (whole["method"], whole["n"], whole["low"]) == ("census", flagged - 1, whole["high"])


@pytest.mark.parametrize("answer", ["compliant", "deviation"])
def test_weighted_files_that_are_all_alike_have_a_bound(desk: Desk, answer: str) -> None:
    ids = _draw(desk, {"design": "sequential_poisson", "n": 30})
    text, told = _estimate(desk, _answers(ids, "ann", lambda _: answer))
    overall = told["overall"]
    assert overall["interval"] == "clopper_pearson with n_eff"
    # At least as wide as that of 30 files drawn simply.
    if answer == "compliant":
        assert overall["low"] == 0
        assert 0.1157 < overall["high"] < 0.4
    else:
        assert overall["high"] == 1
        assert 0.6 < overall["low"] < 0.8843
    assert "All that was read is alike" in text
