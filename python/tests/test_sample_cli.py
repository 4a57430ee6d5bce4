"""``duecare sample``: from case histories to a manifest that anybody can derive again."""

import csv
import hashlib
import json
from pathlib import Path

import jsonschema
import pytest

import duecare
from duecare.sampling import Frame, Manifest
from sample_desk import DICE, Desk, sampled_case


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.write("cases.jsonl", "".join(json.dumps(sampled_case(number)) + "\n" for number in range(1, 31)))
    desk.write("frame.csv", "id,unit,harm\n" + "".join(f"C{i:02},U{i % 3},{i}\n" for i in range(1, 31)))
    return desk


def test_a_frame_of_cases(desk: Desk) -> None:
    text = desk.run("frame", desk.path("cases.jsonl"), "--stratum", "case.unit", "--stratum", "case.team")
    assert text.splitlines()[0] == "C01\tSouth / T1\t"
    assert "C05\t / T2\t" in text
    assert hashlib.sha256(text.encode()).hexdigest() in desk.said
    assert "30 units in 7 strata" in desk.said


def test_a_frame_by_an_expression_says_what_it_cannot_tell(desk: Desk) -> None:
    cases, where = desk.path("cases.jsonl"), "case.unit == 'North'"
    desk.run("frame", cases, "--where", where, code=1)
    assert "does not decide --where for 1 case: C05" in desk.said
    without = desk.run(
        "frame", cases, "--where", where, "--undecided", "exclude", "--report", desk.path("report.json")
    )
    assert len(without.splitlines()) == 15
    assert json.loads(desk.read("report.json"))["excluded"] == [
        {"id": "C05", "reason": "the record does not decide whether it belongs"}
    ]
    assert len(desk.run("frame", cases, "--where", where, "--undecided", "include").splitlines()) == 16
    desk.run("frame", cases, "--where", "case.unit = 'North'", code=1)
    assert "frame" in desk.said


def test_a_frame_by_facts_of_the_policy(desk: Desk) -> None:
    policy = {
        "format": "duecare.policy/1",
        "id": "p",
        "version": "1",
        "title": "P",
        "time_zone": "Europe/London",
        "facts": {
            "status": {"initial": "'none'", "set": [{"event": "case.closed", "to": "'closed'"}]},
        },
        "duties": [
            {
                "id": "closed-in-time",
                "title": "T",
                "area": "a",
                "severity": "high",
                "source": {"title": "S", "section": "", "url": "", "status": "illustrative"},
                "on": {"event": "case.opened"},
                "require": {"event": "case.closed"},
                "within": "50 days",
            }
        ],
    }
    path = desk.write("p.json", json.dumps(policy))
    cases = desk.path("cases.jsonl")
    closed = desk.run("frame", cases, "--policy", path, "--where", "fact.status == 'closed'")
    assert [line.split("\t")[0] for line in closed.splitlines()] == [f"C{n:02}" for n in range(4, 31, 4)]
    found = desk.run("frame", cases, "--policy", path, "--findings", "late,missed", "--size", "findings")
    assert found.splitlines()[0].endswith("\t1")
    rows = desk.run(
        "frame",
        cases,
        "--policy",
        path,
        "--findings",
        "late,missed",
        "--row",
        "obligation",
        "--as-of",
        "2024-06-01",
    )
    assert rows.splitlines()[0].startswith("C01|closed-in-time||2024-01-02")
    desk.run("frame", cases, "--policy", path, "--findings", "lat", code=2)


def test_exclusions_have_reasons(desk: Desk) -> None:
    table = desk.path("frame.csv")
    desk.run("frame", "--csv", table, "--stratum", "unit", "--out", desk.path("first.tsv"))
    strata = ["--n-h", "U0=2", "--n-h", "U1=1", "--n-h", "U2=0", "--design", "stratified"]
    desk.run("plan", desk.path("first.tsv"), *strata, "--out", desk.path("plan.json"))
    desk.run(
        "draw", desk.path("first.tsv"), desk.path("plan.json"), "--seed", DICE, "--out", desk.path("m.json")
    )
    earlier = [unit.id for unit in Manifest(desk.read("m.json")).units]
    hold = desk.write("hold.csv", "id\nC07\nC99\n")
    out = desk.write("out.csv", "id,reason\nC08,transferred to another force\n")
    arguments = ["frame", "--csv", table, "--hold", hold, "--exclude", out, "--report", desk.path("r.json")]
    audited = ["--audited", f"{desk.path('m.json')}@2026-01-10", "--within-days", "90"]
    frame = desk.run(*arguments, *audited, "--on", "2026-03-01")
    left = {row["id"]: row["reason"] for row in json.loads(desk.read("r.json"))["excluded"]}
    assert left == {
        "C07": "on legal hold",
        "C08": "transferred to another force",
        **dict.fromkeys(earlier, "audited 50 days before (2026-01-10)"),
    }
    assert len(frame.splitlines()) == 30 - len(left)
    assert len(desk.run(*arguments, *audited, "--on", "2026-06-01").splitlines()) == 28
    desk.run(*arguments, *audited, code=2)
    desk.run("frame", "--csv", table, "--exclude", desk.write("bad.csv", "id,reason\nC01,\n"), code=1)
    assert "needs a reason" in desk.said


def test_from_commitment_to_verification(desk: Desk) -> None:
    frame, plan, manifest = desk.path("frame.tsv"), desk.path("plan.json"), desk.path("m.json")
    desk.run("frame", "--csv", desk.path("frame.csv"), "--stratum", "unit", "--size", "harm", "--out", frame)
    made = desk.write(
        "plan.json",
        json.dumps({"format": "duecare.sample-plan/1", "design": "srs", "n": 5, "seed_rule": "20 dice"}),
    )
    committed = desk.path("commitment.json")
    desk.run("draw", frame, made, "--commit", "--out", committed)
    assert hashlib.sha256(Path(plan).read_bytes()).hexdigest() in desk.said
    desk.run("draw", frame, plan, "--commit", "--seed", "1", code=2)
    desk.run("draw", frame, plan, code=2)
    draw = ["draw", frame, plan, "--origin", "dice", "--commitment", committed]
    desk.run(*draw, "--seed", "12 34", code=1)
    assert "a space at position 3" in desk.said
    desk.run(*draw, "--seed", DICE, "--out", manifest)
    desk.run("verify", manifest, frame, "--plan", plan, "--commitment", committed)
    assert "is what the manifest says" in desk.said

    drawn = [unit.id for unit in Manifest(desk.read("m.json")).units]
    desk.run(
        "replace", manifest, frame, drawn[1], "--reason", "a duplicate of C01", "--out", desk.path("m2.json")
    )
    desk.run(
        "extend",
        desk.path("m2.json"),
        frame,
        "--to",
        "8",
        "--reason",
        "planned",
        "--out",
        desk.path("m3.json"),
    )
    assert "no extension rule" in desk.said
    desk.run("verify", desk.path("m3.json"), frame)
    third = Manifest(desk.read("m3.json"))
    assert [unit.id for unit in third.units][:5] == drawn
    assert sum(unit.in_scope for unit in third.units) == 8
    desk.run("replace", manifest, frame, "C99", "--reason", "x", code=1)
    assert '"C99" is not in the frame' in desk.said

    changed = desk.write("m4.json", desk.read("m.json").replace(drawn[0], "C00", 1))
    desk.run("verify", changed, frame, code=1)
    assert "/selected/0/id" in desk.said
    desk.write("plan.json", json.dumps({"format": "duecare.sample-plan/1", "design": "srs", "n": 6}))
    desk.run(*draw, "--seed", DICE, code=1)
    assert "not what was committed to: the plan committed to" in desk.said
    desk.run("verify", manifest, frame, "--plan", plan, code=1)

    for name, text in (("sample-plan", third.plan.text), ("sample-manifest", third.text)):
        jsonschema.Draft202012Validator(duecare.schema(name)).validate(json.loads(text))


def test_targeted_quota_and_rotated_plans(desk: Desk) -> None:
    frame = desk.path("frame.tsv")
    desk.run("frame", "--csv", desk.path("frame.csv"), "--stratum", "unit", "--out", frame)
    draw = ["draw", frame, desk.path("plan.json"), "--seed", DICE, "--out", desk.path("m.json")]
    plan = ["plan", frame, "--out", desk.path("plan.json")]
    desk.run(*plan, "--all", "U1", "--rest", "0.1")
    desk.run(*draw)
    units = Manifest(desk.read("m.json")).units
    assert {(unit.stratum, unit.pi) for unit in units} == {("U0", 0.1), ("U1", 1.0), ("U2", 0.1)}
    desk.run(*plan, "--quota", "4", "--cycle", desk.path("m.json"))
    assert json.loads(desk.read("plan.json"))["n_h"] == {"U0": 3, "U1": 0, "U2": 3}
    desk.run(*plan, "--all", "U7", code=1)
    desk.run(*plan, code=2)
    desk.run(*plan, "--n", "15")
    desk.run(*draw)
    first = {unit.id for unit in Manifest(desk.read("m.json")).units}
    desk.run("plan", frame, "--n", "15", "--rotate", desk.path("m.json"), "--out", desk.path("plan2.json"))
    assert json.loads(desk.read("plan2.json"))["start"] == "0.500000000000"
    desk.run("draw", frame, desk.path("plan2.json"), "--seed", DICE, "--out", desk.path("m2.json"))
    second = {unit.id for unit in Manifest(desk.read("m2.json")).units}
    assert len(first & second) < 8


def test_frames_of_several_forces(desk: Desk) -> None:
    one = desk.path("one.tsv")
    desk.run("frame", "--csv", desk.path("frame.csv"), "--stratum", "unit", "--out", one)
    merged = desk.run("frame", "--merge", f"avon={one}", "--merge", f"kent={one}")
    assert merged.splitlines()[0] == "avon/C01\tavon: U1\t"
    assert len(merged.splitlines()) == 60
    desk.run("frame", "--merge", one, code=2)
    desk.run("frame", code=2)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("C99,ann,q,deviation", "were not drawn: C99"),
        ("{0},ann,q,devation", "no answer 'devation'. Did you mean 'deviation'?"),
        ("{0},ann,q,deviation\n{0},ann,q,compliant", "twice; which one counts?"),
        ("{0},,q,deviation", "has no reviewer"),
    ],
)
def test_reviews_that_do_not_fit(desk: Desk, row: str, words: str) -> None:
    frame = desk.path("frame.tsv")
    desk.run("frame", "--csv", desk.path("frame.csv"), "--out", frame)
    desk.run("plan", frame, "--n", "3", "--out", desk.path("plan.json"))
    desk.run("draw", frame, desk.path("plan.json"), "--seed", DICE, "--out", desk.path("m.json"))
    first = Manifest(desk.read("m.json")).units[0].id
    reviews = desk.write("r.csv", "case,reviewer,question,answer\n" + row.format(first) + "\n")
    desk.run("review", desk.path("m.json"), reviews, code=1)
    assert words in desk.said


def test_reviews_from_csv_and_json(desk: Desk) -> None:
    frame = desk.path("frame.tsv")
    desk.run("frame", "--csv", desk.path("frame.csv"), "--out", frame)
    desk.run("plan", frame, "--n", "3", "--out", desk.path("plan.json"))
    desk.run("draw", frame, desk.path("plan.json"), "--seed", DICE, "--out", desk.path("m.json"))
    with open(desk.path("r.csv"), "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["case", "reviewer", "duty", "answer", "grade", "date"])
        for unit in Manifest(desk.read("m.json")).units[:2]:
            table.writerow([unit.id, "ann", "seen", "deviation", "2", "2026-02-03"])
    text = desk.run("review", desk.path("m.json"), desk.path("r.csv"), code=1)
    assert "seen: 2 of 3 units reviewed" in desk.said
    jsonschema.Draft202012Validator(duecare.schema("review")).validate(json.loads(text))
    assert desk.run("review", desk.path("m.json"), desk.write("r.json", text), code=1) == text
    assert len(Frame.read(frame)) == 30
