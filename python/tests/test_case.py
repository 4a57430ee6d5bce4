"""One case: what counts of its events, its obligations, and how it is shown."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

import pytest

import duecare
import support
from duecare._case import CasePerson
from duecare._figures import timeline_chart, to_svg

HOSTILE = '<script>alert("x")</script>&\u202e'


def result_of(*documents: object, as_of: str = support.AS_OF, **more: str) -> duecare.Result:
    policy = duecare.Policy.from_json(support.policy())
    caseload = duecare.Caseload.from_documents(list(documents))  # type: ignore[arg-type]
    return duecare.audit(caseload, policy, as_of=as_of, **more)  # type: ignore[arg-type]


def test_a_case_has_its_events_and_obligations_of_every_verdict() -> None:
    case = result_of(support.MET, support.LATE, support.NO_VIEWS).case("MC-1")
    assert [event.type for event in case.events] == ["missing.returned", "interview.return_home"]
    assert [one.verdict for one in case.obligations] == ["met"]
    assert case.adverse == ()
    late = result_of(support.MET, support.LATE).case("MC-2")
    assert [one.verdict for one in late.adverse] == ["late"]
    assert late.adverse[0].due_at == datetime(2023, 1, 13, 8, tzinfo=UTC)


def test_an_unknown_case_is_named() -> None:
    with pytest.raises(duecare.NotFoundError, match="no case 'MC-7' among 1"):
        result_of(support.MET).case("MC-7")


def test_only_visible_events_are_shown() -> None:
    history = support.case(
        "MC-5",
        support.event("missing.returned", "2023-01-10T08:00:00Z", id="a"),
        support.event("note", "2023-01-10T09:00:00Z", id="wrong"),
        support.event(
            "note", "2023-01-10T09:30:00Z", id="b", replaces="wrong", recorded_at="2023-01-11T09:00:00Z"
        ),
        support.event("note", "2023-01-10T10:00:00Z", id="gone"),
        support.event(
            "note",
            "2023-01-10T10:00:00Z",
            id="x",
            replaces="gone",
            withdrawn=True,
            recorded_at="2023-01-12T00:00:00Z",
        ),
        support.event("note", "2023-02-01T09:00:00Z", id="later"),
        support.event("note", "2023-01-09", id="day"),
    )
    assert [event.id for event in result_of(history).case("MC-5").events] == ["day", "a", "b"]
    then = result_of(history, known_at="2023-01-10T12:00:00Z").case("MC-5")
    assert [event.id for event in then.events] == ["day", "a", "wrong", "gone"]
    day = then.events[0]
    assert day.day_only
    assert day.occurred_at == datetime(2023, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born", "ages"),
    [("", None), ("2012-06-30", (10, 10)), ("2012-07", (9, 10)), ("2012-06", (10, 11)), ("2012", (10, 11))],
)
def test_ages(born: str, ages: tuple[int, int] | None) -> None:
    on = (2023, 6, 15) if born.startswith("2012-06-3") else (2023, 6, 30)
    if born == "2012-07":
        on = (2022, 7, 15)
    assert CasePerson("P1", (), born).age_at(*on) == ages


def test_closed_and_opened_again() -> None:
    closed = support.case("C", support.event("case.closed", "2023-01-05T08:00:00Z"))
    assert result_of(closed).case("C").closed_at == datetime(2023, 1, 5, 8, tzinfo=UTC)
    opened = support.case(
        "C",
        support.event("case.closed", "2023-01-05T08:00:00Z"),
        support.event("case.reopened", "2023-01-06T08:00:00Z"),
    )
    assert result_of(opened).case("C").closed_at is None


def test_html_is_escaped_and_loads_nothing() -> None:
    history = support.case(
        HOSTILE, support.event(HOSTILE, "2023-01-10T08:00:00Z", id=HOSTILE, actor=HOSTILE), persons=[]
    )
    shown = result_of(history).case(HOSTILE)._repr_html_()
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert not re.search(r"(src|href)=|url\((?!#)|@import", shown)
    assert ET.fromstring(f"<div>{shown}</div>") is not None  # noqa: S314 - our own page


def test_repr_has_no_case_values() -> None:
    case = result_of(support.LATE).case("MC-2")
    assert repr(case) == "<duecare.CaseTimeline of 2 events, 1 findings>"


def test_text_tells_all_of_it() -> None:
    text = str(result_of(support.LATE).case("MC-2"))
    assert "Returned or found" in text or "Missing: returned" in text
    assert "done late; due: 13 Jan 2023, 08:00; over by 90 minutes" in text
    assert text.endswith("0 of 1 obligations were met, excused or no longer needed.\n")


def test_as_plain_data() -> None:
    data = result_of(support.LATE).case("MC-2").to_dict()
    assert json.loads(json.dumps(data)) == json.loads(json.dumps(data))
    assert data["obligations"][0]["due_at"] == "2023-01-13T08:00:00Z"


def test_the_picture_is_xml_and_says_what_it_shows() -> None:
    case = result_of(support.LATE).case("MC-2")
    root = ET.fromstring(to_svg(timeline_chart(case), "t"))  # noqa: S314 - our own picture
    space = "{http://www.w3.org/2000/svg}"
    assert root.attrib["role"] == "img"
    title, told = root.find(f"{space}title"), root.find(f"{space}desc")
    assert title is not None
    assert title.text == "Case MC-2"
    assert told is not None
    assert "1 done late" in str(told.text)
    said = {one.text for one in root.iter(f"{space}title")}
    assert any("90 minutes over" in str(one) for one in said)


def test_rows_left_out_are_counted() -> None:
    events = [
        support.event("missing.returned", f"2023-01-{day:02}T08:00:00Z", subjects=[f"P{day}"])
        for day in range(1, 21)
    ]
    persons = [{"id": f"P{day}"} for day in range(1, 21)]
    duty = {**support.RETURN_INTERVIEW, "per": "subject"}
    policy = duecare.Policy.from_json(support.policy(duty))
    caseload = duecare.Caseload.from_documents([support.case("C", *events, persons=persons)])
    chart = timeline_chart(duecare.audit(caseload, policy, as_of="2023-03-01").case("C"), most_rows=5)
    assert len(chart.rows) == 2 + 5
    assert "15 more duties" in chart.definition


def test_command(policy_file: Path, caseload_file: Path) -> None:
    arguments = [caseload_file, "MC-2", "--policy", policy_file, "--as-of", support.AS_OF]
    text = support.run_cli(["case", *arguments])
    assert text.returncode == 0, text.stderr
    assert text.stdout.startswith(b"Case MC-2, as of 20 Jan 2023")
    data = json.loads(support.run_cli(["case", *arguments, "--format", "json"]).stdout)
    assert [one["verdict"] for one in data["obligations"]] == ["late"]
    assert support.run_cli(["case", *arguments, "--format", "svg"]).stdout.startswith(b"<svg")
    assert support.run_cli(["case", *arguments, "--format", "html"]).stdout.startswith(b"<!DOCTYPE html>")
    assert support.run_cli(["case", caseload_file, "MC-77", "--policy", policy_file]).returncode == 1
    assert support.run_cli(["case", caseload_file, "--policy", policy_file]).returncode == 2


def test_what_falls_due(policy_file: Path, tmp_path: Path) -> None:
    waiting = [
        support.case(f"C{day}", support.event("missing.returned", f"2023-01-{day:02}T08:00:00Z"))
        for day in (12, 10, 11)
    ]
    file = support.write(tmp_path / "open.jsonl", support.json_lines(*waiting))
    arguments = ["due", file, "--policy", policy_file, "--as-of", "2023-01-12T09:00:00Z"]
    done = support.run_cli([*arguments, "--until", "2023-01-14"])
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "nobody on record (2)"
    assert [line.split()[3] for line in lines[1:]] == ["C10", "C11"]
    assert b"2 obligations due" in done.stderr
    found = support.run_cli([*arguments, "--until", "2023-01-15T08:00:00Z", "--format", "jsonl"])
    assert [json.loads(line)["case_id"] for line in found.stdout.splitlines()] == ["C10", "C11", "C12"]
    assert support.run_cli([*arguments, "--until", "2023-01-14", "--owner", "CAIT"]).stdout == b""
    assert support.run_cli(arguments).returncode == 2
    assert support.run_cli([*arguments, "--until", "soon"]).returncode == 2
