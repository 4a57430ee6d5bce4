"""``duecare sample frame`` and ``plan``: sizes of units and of samples, allocation by how strata spread."""

import json
from math import comb, sqrt
from pathlib import Path

import jsonschema
import pytest

import duecare
from duecare.sampling import Manifest
from sample_desk import DICE, Desk, sampled_case

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def _sizes(text: str) -> dict[str, int]:
    return {line.split("\t")[0]: int(line.split("\t")[2]) for line in text.splitlines()}


def _harm(value: object, number: int) -> str:
    return (
        json.dumps({**sampled_case(number), "attributes": {"unit": "North", "risk": {"harm": value}}}) + "\n"
    )


def test_sizes_from_attributes_and_from_facts(desk: Desk) -> None:
    values = [0, 1, 2, 37, 4096, 70_001, 2**62 + 12_345, 2**63 - 1]
    rows = "".join(_harm(value, number) for number, value in enumerate(values, 10))
    path = desk.write("harm.jsonl", rows)
    expected = {f"C{number}": value for number, value in enumerate(values, 10)}
    assert _sizes(desk.run("frame", path, "--size", "case.risk.harm")) == expected
    # Not a plain path: found by asking the engine.
    assert _sizes(desk.run("frame", path, "--size", "true ? case.risk.harm : 0")) == expected
    policy = duecare.Policy.from_json((ROOT / "examples/policy.json").read_text("utf-8"))
    document = json.loads(policy.to_json())
    document["facts"] |= {"load": {"initial": "3", "set": [{"event": "case.closed", "to": "0"}]}}
    force = desk.write("facts.json", json.dumps(document))
    got = _sizes(desk.run("frame", path, "--policy", force, "--size", "fact.load"))
    assert got == {f"C{n}": 0 if n % 4 == 0 else 3 for n in range(10, 18)}


@pytest.mark.parametrize(
    ("value", "expression", "words"),
    [
        (None, "case.risk.harm", "has no number in 1 of 1 cases: C10"),
        (None, "(case.risk.harm)", "has no number in 1 of 1 cases: C10"),
        ("many", "case.risk.harm", "no whole number"),
        ("many", "(case.risk.harm)", "has no number in 1 of 1 cases: C10"),
        (2.5, "case.risk.harm", "no whole number"),
        (2.5, "(case.risk.harm)", "no whole number"),
        (-1, "case.risk.harm", "whole numbers from 0 on"),
        (-1, "(case.risk.harm)", "is negative"),
    ],
)
def test_sizes_that_are_none(desk: Desk, value: object, expression: str, words: str) -> None:
    desk.run("frame", desk.write("harm.jsonl", _harm(value, 10)), "--size", expression, code=1)
    assert words in " ".join(desk.said.split())


def test_strata_are_texts(desk: Desk) -> None:
    desk.run("frame", desk.write("harm.jsonl", _harm(3, 10)), "--stratum", "case.risk.harm", code=1)
    assert "is a text in none of the cases" in " ".join(desk.said.split())


def _frame_of(desk: Desk, counts: dict[str, int]) -> str:
    rows = [f"{name}{i:04},{name}" for name, number in counts.items() for i in range(number)]
    desk.write("strata.csv", "id,unit\n" + "\n".join(rows) + "\n")
    desk.run("frame", "--csv", desk.path("strata.csv"), "--stratum", "unit", "--out", desk.path("f.tsv"))
    return desk.path("f.tsv")


def test_plans_work_out_how_many(desk: Desk) -> None:
    frame = _frame_of(desk, {"A": 800, "B": 254})
    # Discovery: the smallest n with C(N - M, n) / C(N, n) at most 5 %, M = ceil(5 % of 1,054) = 53.
    plan = json.loads(desk.run("plan", frame, "--tolerable", "0.05"))
    miss = [1.0]
    while miss[-1] > 0.05:
        n = len(miss) - 1
        miss.append(miss[-1] * (1054 - 53 - n) / (1054 - n))
    assert plan["n"] == len(miss) - 1 == 57
    assert plan["power"]["method"] == "sample_size_discovery"
    assert "57 files, because if 53 or more of the 1054 (5 %) had a deviation" in " ".join(desk.said.split())
    plan = json.loads(desk.run("plan", frame, "--tolerable", "0.05", "--expected", "0.01", "--conf", "0.9"))
    assert plan["power"]["method"] == "sample_size_attribute"
    n, k = plan["n"], plan["power"]["acceptable_deviations"]

    def risk(n: int) -> float:
        return sum(comb(53, i) * comb(1001, n - i) for i in range(k + 1)) / comb(1054, n)

    assert k == 1
    assert risk(n) <= 0.1 < risk(n - 1)
    assert f"{n} files, because up to 1 of them may have a deviation (1 % expected)" in desk.said
    plan = json.loads(desk.run("plan", frame, "--margin", "0.1"))
    assert plan["n"] == 89  # 96.04 of an endless population, 88.1 of 1,054
    assert "10 points either way with 95 % confidence" in desk.said
    jsonschema.Draft202012Validator(duecare.schema("sample-plan")).validate(plan)
    plan = json.loads(desk.run("plan", frame, "--tolerable", "0.05", "--allocate", "proportional"))
    assert plan["n_h"] == {"A": 43, "B": 14}
    assert "size of a simple random sample" in " ".join(desk.said.split())
    for wrong in (
        ["--tolerable", "0.05", "--n", "3"],
        ["--tolerable", "5 %"],
        ["--tolerable", "0.05", "--expected", "0.05"],
        ["--expected", "0.05", "--n", "3"],
        ["--margin", "0"],
        ["--margin", "0.1", "--tolerable", "0.1"],
        ["--tolerable", "0.05", "--quota", "3"],
        ["--tolerable", "0.1", "--conf", "95"],
    ):
        desk.run("plan", frame, *wrong, code=2)


def test_neyman_from_a_table(desk: Desk) -> None:
    frame = _frame_of(desk, {"A": 300, "B": 300, "C": 100})
    neyman = ["plan", frame, "--n", "60", "--allocate", "neyman", "--spread"]
    # N_h S_h: 300 x 0.4, 300 x 0.1, 100 x 0.3; 60 in the ratio 12 : 3 : 3.
    plan = json.loads(desk.run(*neyman, desk.write("sd.csv", "stratum,sd\nC,0.3\nA,0.4\nB,0.1\n")))
    assert plan["n_h"] == {"A": 40, "B": 10, "C": 10}
    assert plan["allocation"]["S_h"] == {"A": 0.4, "B": 0.1, "C": 0.3}
    # The same by rates: sqrt(p (1 - p)) = 0.4, 0.4 and 0.5.
    plan = json.loads(desk.run(*neyman, desk.write("p.csv", "stratum,rate\nA,0.2\nB,0.8\nC,0.5\n")))
    assert plan["n_h"] == {"A": 25, "B": 25, "C": 10}
    table = "stratum,reviewed,deviations\nA,19,0\nB,19,0\nC,19,19\n"
    plan = json.loads(desk.run(*neyman, desk.write("x.csv", table)))
    assert list(plan["allocation"]["S_h"].values()) == pytest.approx([sqrt(0.025 * 0.975)] * 3)
    for text, words in (
        ("stratum,sd\nA,1\nB,1\n", "The stratum 'C' of the frame has no spread"),
        ("stratum,sd\nA,1\nB,x\nC,1\n", "wrong.csv:3: sd 'x'"),
        ("stratum,sd\nA,1\nA,1\n", "stands here twice"),
        ("stratum,var\nA,1\n", "there has to be sd, or rate"),
        ("stratum,rate\nA,1.5\n", "from 0 to 1"),
    ):
        desk.run(*neyman, desk.write("wrong.csv", text), code=1)
        assert words in " ".join(desk.said.split())
    desk.run("plan", frame, "--n", "60", "--allocate", "neyman", code=2)
    desk.run("plan", frame, "--n", "60", "--allocate", "equal", "--spread", desk.path("sd.csv"), code=2)


def test_neyman_from_the_reviews_of_a_pilot(desk: Desk) -> None:
    frame = _frame_of(desk, {"A": 300, "B": 300})
    desk.run("plan", frame, "--n", "20", "--allocate", "equal", "--out", desk.path("plan.json"))
    desk.run("draw", frame, desk.path("plan.json"), "--seed", DICE, "--out", desk.path("pilot.json"))
    units = Manifest(desk.read("pilot.json")).units
    bad = {unit.id for unit in [one for one in units if one.stratum == "A"][:5]}
    rows = [f"{u.id},anna,supervision,{'deviation' if u.id in bad else 'compliant'}" for u in units]
    reviews = desk.write("r.csv", "case,reviewer,question,answer\n" + "\n".join(rows) + "\n")
    neyman = ["plan", frame, "--n", "60", "--allocate", "neyman", "--pilot", desk.path("pilot.json")]
    plan = json.loads(desk.run(*neyman, "--reviews", reviews))
    # (5 + 0.5) / 11 = 1/2 and 0.5 / 11 = 1/22.
    spreads = plan["allocation"]["S_h"]
    assert spreads == {"A": pytest.approx(0.5), "B": pytest.approx(sqrt(21) / 22)}
    assert plan["n_h"] == {"A": 42, "B": 18}  # 60 in the ratio 0.5 : 0.2083
    assert plan["allocation"]["question"] == "supervision"
    desk.run(*neyman, code=2)
    desk.run(*neyman, "--reviews", reviews, "--question", "other", code=1)
