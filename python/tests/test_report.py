"""The report: counts that are those of the audit, evidence and sources, nothing loaded, nobody named."""

import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import duecare
import support
from duecare import _report

CASELOAD = [support.ROOT / "examples/caseload" / name for name in ("cases.jsonl", "staff.jsonl")]
POLICY = support.ROOT / "examples/policy.json"
AS_OF = "2026-06-01T00:00:00Z"
KEY = b"sixteen bytes or more"


def audited(documents: list[Any] | None = None, policy: Any = None, as_of: str = AS_OF) -> duecare.Result:
    caseload = duecare.Caseload.load(*CASELOAD) if documents is None else documents
    if isinstance(caseload, list):
        caseload = duecare.Caseload.from_documents(caseload)
    loaded = duecare.Policy.load(POLICY) if policy is None else duecare.Policy.from_json(policy)
    return duecare.audit(caseload, loaded, as_of=as_of, verdicts="all")


def page_of(result: duecare.Result, **more: Any) -> str:
    stream = io.BytesIO()
    _report.to_html(_report.make_report(result, **more), stream)
    return stream.getvalue().decode()


class Page(HTMLParser):
    """Elements with their attributes, ids, links, and the text of tables by caption."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def ids(self) -> list[str]:
        return [str(attrs["id"]) for _, attrs in self.elements if "id" in attrs]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def example() -> str:
    return page_of(audited())


def test_counts_are_those_of_the_audit(example: str) -> None:
    text, summary = Page(example).text, audited().summary
    totals = summary.totals
    judged = totals["met"] + totals["late"] + totals["missed"]
    assert f"{totals['met']} of {judged} duties were done in time" in text
    assert f"{totals['late']} done late, {totals['missed']} not done in time" in text
    assert f"{totals['unassessable']} cannot be judged" in text
    rows = re.findall(r'<tr><th scope="row">.*?<span class="source">.*?</tr>', example, re.DOTALL)
    cells = [[int(n) for n in re.findall(r'<td class="n">([\d,]+)</td>', row)] for row in rows]
    assert sum(row[0] for row in cells) == judged
    assert sum(row[1] for row in cells) == totals["met"]
    assert sum(row[2] for row in cells) == totals["late"]
    assert sum(row[3] for row in cells) == totals["missed"]
    assert sum(row[4] for row in cells) == totals["unassessable"]
    assert sum(row[0] + sum(row[4:]) for row in cells) == summary.total


def test_every_finding_has_its_evidence_and_the_source_of_its_rule(example: str) -> None:
    findings = [one for one in audited().findings if one.verdict in ("late", "missed", "unassessable")]
    found = re.findall(r'<p class="small">Evidence: (.*?)\. Rule: (.*?)</p>', example)
    assert len(found) == len(findings)
    assert all("<a href=" in evidence and rule.strip() for evidence, rule in found)
    for finding in findings:
        assert f"[{finding.evidence[0]}]" in example


def test_every_picture_has_a_definition_and_a_table(example: str) -> None:
    pictures = len(re.findall(r"<figure>", example))
    assert pictures
    assert example.count("<summary>What is counted") == pictures
    assert example.count("<summary>The same as a table") == pictures


def test_nothing_is_loaded(example: str) -> None:
    page = Page(example)
    for tag, attrs in page.elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        assert "src" not in attrs
        assert not [name for name in attrs if name.startswith("on")]
        if tag == "a":
            assert str(attrs["href"]).startswith(("#", "https://", "http://"))
    assert not re.search(r"@import|url\((?!#)", example)
    assert example.count("<script>") == 1


def test_links_lead_somewhere_and_ids_are_unique(example: str) -> None:
    page = Page(example)
    assert len(page.ids) == len(set(page.ids))
    inner = {
        str(attrs["href"])[1:] for tag, attrs in page.elements if tag == "a" and str(attrs["href"])[0] == "#"
    }
    assert inner <= set(page.ids)
    for _, attrs in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "headers", "for"):
            assert set(str(attrs.get(name) or "").split()) <= set(page.ids)


def test_the_same_input_gives_the_same_bytes(example: str) -> None:
    assert page_of(audited()) == example


def test_hostile_text_is_escaped() -> None:
    hostile = '"><script>alert(1)</script>&'
    history = support.case(
        hostile,
        support.event(
            "child.spoken_to", "2023-01-12T10:00:00Z", id=hostile, subjects=[hostile], actor=hostile
        ),
        support.event(hostile, "2023-01-12T11:00:00Z"),
        persons=[{"id": hostile, "roles": [hostile]}],
        attributes={"unit": hostile},
    )
    duty = {**support.VIEWS, "title": hostile, "source": {**support.SOURCE, "url": "javascript:alert(1)"}}
    page = page_of(audited([history], support.policy(duty, title=hostile), support.AS_OF))
    assert page.count("<script") == 1
    assert "&lt;script&gt;alert(1)" in page
    assert "javascript:" not in page


def many(number: int) -> list[Any]:
    return [
        support.case(
            f"MC-{place}",
            support.event("missing.returned", "2023-01-10T08:00:00Z"),
            support.event("child.spoken_to", "2023-01-10T09:00:00Z"),
        )
        for place in range(number)
    ]


def test_what_is_left_out_is_said() -> None:
    limits = _report.Limits(timelines=2, first=3, findings=4)
    page = page_of(audited(many(9), support.policy(), support.AS_OF), limits=limits)
    text = Page(page).text
    assert page.count('<article class="case"') == 2
    assert "9 cases of 9 with something late, missed or unclear." in text
    assert "The 2 most serious are drawn here; the other 7 are in the list after them." in text
    assert "Shown are 4 of 14, the most serious." in text
    assert "Shown are 3 of 9, open cases first, the longest overdue first." in text


def test_open_critical_duties_come_first() -> None:
    duty = {**support.RETURN_INTERVIEW, "severity": "critical"}
    closed = support.case(
        "CLOSED",
        support.event("missing.returned", "2023-01-01T08:00:00Z"),
        support.event("case.closed", "2023-01-09T08:00:00Z"),
    )
    page = page_of(audited([closed, support.MISSED], support.policy(duty), support.AS_OF))
    text = Page(page).text
    assert (
        "2 critical duties are overdue and still not done in 2 cases of 2; 1 in cases that are closed" in text
    )
    table = page[page.index('id="overdue"') : page.index('id="soon"')]
    assert table.index("MC-3") < table.index("CLOSED")
    assert "case closed 9 Jan 2023" in table


def test_what_falls_due_this_week() -> None:
    page = page_of(audited([support.MISSED], support.policy(), "2023-01-11T00:00:00Z"))
    soon = page[page.index('id="soon"') : page.index('id="worst"')] if 'id="worst"' in page else page
    assert "13 Jan 2023, 08:00" in soon
    later = page_of(
        audited(
            [support.MISSED],
            support.policy({**support.RETURN_INTERVIEW, "within": "30 days"}),
            "2023-01-11T00:00:00Z",
        )
    )
    assert "Nothing falls due in the next 7 days." in later


def test_rejects_are_told_first() -> None:
    page = page_of(audited([support.MET, support.BROKEN], support.policy(), support.AS_OF))
    assert "1 document could not be read and is in no figure here." in Page(page[: page.index("<main>")]).text
    assert "documents" in page[page.index('id="rejects"') :]


def test_an_empty_caseload_is_a_page_too() -> None:
    page = page_of(audited([], support.policy(), support.AS_OF))
    assert "0 cases of 0" in page


def test_findings_of_every_verdict_are_needed() -> None:
    result = duecare.audit(
        duecare.Caseload.load(*CASELOAD), duecare.Policy.load(POLICY), as_of=AS_OF, verdicts=["met"]
    )
    with pytest.raises(duecare.ArgumentError, match="verdicts='all'"):
        _report.make_report(result)


# ---- Anonymised --------------------------------------------------------------------------------------------

SECRETS = {
    name: f"zq{name}zq"
    for name in (
        "case",
        "person",
        "staff",
        "event",
        "type",
        "unit",
        "role",
        "rank",
        "note",
        "device",
        "other",
    )
}


def secret_history() -> list[Any]:
    return [
        support.case(
            SECRETS["case"],
            support.event(
                "child.spoken_to",
                "2023-01-10T08:00:00Z",
                id=SECRETS["event"],
                subjects=[SECRETS["person"]],
                actor={"id": SECRETS["staff"], "rank": SECRETS["rank"], "unit": SECRETS["unit"]},
                attributes={"note": SECRETS["note"], "device": SECRETS["device"]},
            ),
            support.event(SECRETS["type"], "2023-01-11T08:00:00Z", attributes={"x": SECRETS["note"]}),
            support.event("missing.returned", "2023-01-12T08:00:00Z", subjects=[SECRETS["person"]]),
            persons=[{"id": SECRETS["person"], "roles": ["child", SECRETS["role"]], "born": "2011-11-11"}],
            attributes={"unit": SECRETS["unit"], "note": SECRETS["note"]},
        ),
        '{"format": "duecare.case/1", "id": "' + SECRETS["other"] + '", "events": 3}',
    ]


SECRET_POLICY = support.policy(
    {**support.VIEWS, "per": "event.device", "explain": "{case_id} {key} {owner}"},
    {**support.VIEWS, "id": "ranked", "check": "rank(actor.rank) >= rank('sergeant')"},
    {**support.RETURN_INTERVIEW, "per": "subject"},
    ranks={"sergeant": 2},
    owner="case.unit",
    events={"child.spoken_to": {"title": "Child seen"}},
)


def test_without_the_switch_the_page_names_them() -> None:
    page = page_of(audited(secret_history(), SECRET_POLICY, support.AS_OF))
    shown = {name for name, text in SECRETS.items() if text in page}
    assert shown >= {"case", "person", "event", "unit", "role", "device", "staff"}


@pytest.mark.parametrize("shift", [False, True])
def test_anonymised_pages_name_nobody(shift: bool) -> None:
    disguise = _report.Anonymous(KEY, shift_dates=shift)
    page = page_of(audited(secret_history(), SECRET_POLICY, support.AS_OF), disguise=disguise)
    assert "zq" not in page.lower()
    assert "2011" not in page
    assert "aged 10 to 15" in page
    assert "Other entry" in page
    assert ("10 Jan 2023" in page) is not shift
    assert ("same number of whole weeks" in page) is shift


def test_tokens_depend_on_the_key_and_on_nothing_else() -> None:
    one, same, other = (_report.Anonymous(key) for key in (KEY, KEY, KEY + b"!"))
    assert one.token("case", "A") == same.token("case", "A")
    assert one.token("case", "A") != one.token("case", "B")
    assert one.token("case", "A") != other.token("case", "A")
    assert one.token("case", "A")[5:] != one.token("id", "A")[3:]


def test_shifted_dates_keep_their_distances_and_weekdays() -> None:
    result = audited(secret_history(), SECRET_POLICY, support.AS_OF)
    moved = _report.Anonymous(KEY, shift_dates=True).when(result.as_of)
    assert (result.as_of - moved).days % 7 == 0
    assert (result.as_of - moved).days >= 26 * 7
    assert (result.as_of - moved).seconds == 0


# ---- The command -------------------------------------------------------------------------------------------


def test_command(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    arguments = ["report", *CASELOAD, "--policy", POLICY, "--as-of", AS_OF]
    done = support.run_cli([*arguments, "-o", out])
    assert done.returncode == 0, done.stderr
    assert done.stdout == b""
    assert f"written: {out}" in done.stderr.decode()
    assert support.run_cli(arguments).stdout == out.read_bytes()


def test_command_anonymised(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(KEY)
    arguments = ["report", *CASELOAD, "--policy", POLICY, "--as-of", AS_OF, "--anonymise"]
    without = support.run_cli(arguments)
    assert without.returncode == 2
    assert b"urandom" in without.stderr
    page = support.run_cli([*arguments, "--key", key, "--shift-dates"])
    assert page.returncode == 0, page.stderr
    assert b"WILTS-1" not in page.stdout
    assert b"Anonymised." in page.stdout
    key.write_bytes(b"short")
    assert support.run_cli([*arguments, "--key", key]).returncode == 1
    assert support.run_cli([*arguments[:-1], "--shift-dates"]).returncode == 2
    assert support.run_cli([*arguments, "--key", tmp_path / "none"]).returncode == 1


def estimate(what: str, **more: Any) -> dict[str, Any]:
    fields = {"what": what, "estimate": 0.35, "low": 0.2302, "high": 0.4839, "n": 60, "N": 1204}
    return {**fields, "design": "srs", "method": "estimate_srs", "interval": "hypergeometric", **more}


def test_command_with_estimates(tmp_path: Path) -> None:
    question = {
        "overall": estimate("child-seen"),
        "strata": [estimate("child-seen, North", n=0, estimate=None, low=None, high=None)],
        "warnings": ["2 files could not be reviewed"],
    }
    document = {"format": "duecare.estimate/1", "conf": "0.95", "questions": [question]}
    file = support.write(tmp_path / "estimates.json", document)
    arguments = ["report", *CASELOAD, "--policy", POLICY, "--as-of", AS_OF, "--estimates"]
    page = support.run_cli([*arguments, file])
    assert page.returncode == 0, page.stderr
    text = Page(page.stdout.decode()).text
    assert "child-seen 35 % 23 % and 48 % 60 1,204 srs, estimate srs, hypergeometric" in text
    assert "– child-seen, North not defined not defined 0" in text
    assert "Note: 2 files could not be reviewed." in text
    support.write(file, json.dumps({"estimates": []}))
    done = support.run_cli([*arguments, file])
    assert done.returncode == 1
    assert b"duecare.estimate/1" in done.stderr
