"""``duecare sample pack`` and ``import``: folders for reviewers, and what comes back from them."""

import csv
from pathlib import Path

import pytest

import duecare
from duecare.sampling._review import blank_answers, read_answers
from sample_desk import Desk, pack_sample


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    pack_sample(desk)
    return desk


def fill(path: Path, answers: dict[int, str], comment: str = "") -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for at, row in enumerate(rows):
        row["answer"] = answers.get(at, "compliant")
        row["comment"] = comment
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return [row["case"] for row in rows]


def test_from_a_manifest_to_what_is_agreed(desk: Desk) -> None:
    pack = desk.folder / "pack"
    assert len(list((pack / "Ada").glob("case-*.html"))) == 6
    assert "Save answers.csv" in (pack / "Ada/index.html").read_text("utf-8")
    cases = fill(pack / "Ada/answers.csv", {0: "deviation"})
    assert fill(pack / "Bo/answers.csv", {}) == cases[:2]
    reviews = desk.path("reviews.json")
    desk.run("import", desk.path("m.json"), str(pack), "--adjudicator", "Cy", "--out", reviews, code=1)
    assert fill(pack / "adjudicate.csv", {0: "deviation"}) == cases[:1]
    desk.run("import", desk.path("m.json"), str(pack), code=1)
    assert "gives no reason" in desk.said
    fill(pack / "adjudicate.csv", {0: "deviation"}, "nobody looked")
    duecare.Store(desk.path("s.db"), create=True).close()
    kept = ("--store", desk.path("s.db"), "--id", "M1")
    desk.run("import", desk.path("m.json"), str(pack), "--out", reviews, *kept)
    with duecare.Store(desk.path("s.db"), read_only=True) as store:
        assert len(store.records("review")) == 8
        assert len(store.records("adjudication")) == 1
        assert store.verify()
    said = desk.run("estimate", desk.path("m.json"), desk.path("frame.tsv"), reviews, "--lead", "agreed")
    assert said.startswith("q: 16.7 %")


def test_names_that_are_no_folders(desk: Desk) -> None:
    words = ("pack", desk.path("m.json"), desk.path("cases.jsonl"), "-o", desk.path("p"), "--question", "q")
    desk.run(*words, "--lead", "../Ada", code=1)
    assert not (desk.folder / "p").exists()


def test_a_wrong_answer_is_named_by_its_line(desk: Desk) -> None:
    answers = desk.folder / "pack/Ada/answers.csv"
    lines = answers.read_text("utf-8").splitlines()
    lines[3] = lines[3].replace(",,,,", ",deviaton,,,")  # those before have no answer yet
    answers.write_text("\n".join(lines) + "\n", encoding="utf-8")
    desk.run("import", desk.path("m.json"), str(desk.folder / "pack"), code=1)
    assert "answers.csv:4" in desk.said
    assert "Did you mean 'deviation'?" in desk.said


def test_a_manifest_out_of_a_store(desk: Desk) -> None:
    path = desk.path("s.db")
    with duecare.Store(path, create=True) as store:
        store.put_manifest("Q1", desk.read("m.json"), by="Ada", at="2024-07-01T09:00:00Z")
    given = ("--store", path, "--question", "q", "--lead", "Ada", "--as-of", "2024-06-30")
    desk.run("pack", "Q1", desk.path("cases.jsonl"), "-o", desk.path("again"), *given)
    assert desk.read("again/Ada/answers.csv") == desk.read("pack/Ada/answers.csv")
    desk.run("pack", "Q11", desk.path("cases.jsonl"), "-o", desk.path("no"), *given, code=1)
    assert "has no manifest 'Q11'. Did you mean 'Q1'?" in desk.said
    assert not (desk.folder / "no").exists()


FORMULAS = ["=1+1", "+44", "-x", "@a", "'=1", "'x", "''", "\t=1", "plain", "a=b"]


def test_no_id_is_a_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    blank_answers(path, ((case, "-Ada", "=q") for case in FORMULAS))
    with path.open(encoding="utf-8", newline="") as file:
        cells = list(csv.reader(file))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in cells for cell in row)
    fill(path, {})
    found = read_answers(path)
    assert [one.case for one in found] == FORMULAS
    assert {(one.reviewer, one.question) for one in found} == {("-Ada", "=q")}
