"""Two inspections side by side: numbers against the store, files of recommendations, and the page."""

import html
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import duecare
import support
from duecare._compliance import difference_interval, rate_interval
from duecare._diff import definitions
from duecare._inspection import Recommendation
from duecare._inspection import _words as words
from duecare._inspection._model import Chapter, Difference, Part, Work
from duecare._types import VERDICTS

DAYS = ("2023-03-31", "2023-06-30", "2023-09-30")
WRONG = {"late", "missed", "unassessable"}


def _shorter(document: dict[str, Any]) -> dict[str, Any]:
    """Another version of the policy: what was asked within 72 hours is asked within 48."""
    changed: dict[str, Any] = json.loads(json.dumps(document).replace('"72 hours"', '"48 hours"'))
    return {**changed, "version": "2.0.0"}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three quarters of an invented force; the third by another version of the policy."""
    folder = tmp_path_factory.mktemp("inspections")
    made = folder / "made.jsonl"
    arguments = ["generate", "--cases", "60", "--seed", "7", "--out", made, "--truth", folder / "truth.jsonl"]
    assert support.run_cli(arguments).returncode == 0
    policy = duecare.Policy.builtin("england-wales-child-protection")
    later = duecare.Policy.from_json(json.dumps(_shorter(json.loads(policy.to_json()))))
    caseload = duecare.Caseload.load(made)
    path = folder / "audits.db"
    with duecare.Store(path, create=True) as store:
        for day, by in zip(DAYS, (policy, policy, later), strict=True):
            result = duecare.audit(caseload, by, as_of=f"{day}T00:00:00Z", verdicts="all")
            store.put_run(result, recorded_at=f"{day}T18:00:00Z", label=f"as of {day}")
        example = duecare.audit(
            [support.ROOT / "examples/caseload" / name for name in ("cases.jsonl", "staff.jsonl")],
            duecare.Policy.load(support.ROOT / "examples/policy.json"),
            as_of="2023-06-30T00:00:00Z",
            verdicts="all",
        )
        store.put_run(example, recorded_at="2023-10-01T00:00:00Z")
        first, second, third, *_ = store.findings(1, verdicts=["missed"])
        store.decide(
            first["finding"], "accepted", by="DI Shaw", reason="so it was", at="2023-04-02T09:00:00Z"
        )
        store.decide(
            second["finding"], "false_alarm", by="DI Shaw", reason="paper", at="2023-04-02T09:00:00Z"
        )
        common: dict[str, Any] = {"by": "DCI Moss", "at": "2023-04-03T09:00:00Z"}
        store.action("A-1", "Look", finding=first["finding"], due_at="2023-05-01T00:00:00Z", **common)
        store.action("A-2", "Ask", finding=first["finding"], due_at="2023-05-01T00:00:00Z", **common)
        store.action("A-2", "Ask", finding=first["finding"], status="done", **common)
        store.action("A-3", "Ring", finding=second["finding"], due_at="2024-05-01T00:00:00Z", **common)
        store.action("A-4", "Write", finding=third["finding"], status="done", **common)
        store.action("A-5", "Teach", duty_id=third["duty_id"], due_at="2024-05-01T00:00:00Z", **common)
    return path


@pytest.fixture
def store(stored: Path) -> Iterator[duecare.Store]:
    with duecare.Store(stored, read_only=True) as opened:
        yield opened


def counted(store: duecare.Store, run: int, by: Any) -> dict[str | None, Counter[str]]:
    names = ("met", "late", "missed", "pending", "excused", "lapsed", "unassessable")
    points = store.trend(by, from_run=run, to_run=run)
    return {point["key"]: Counter({name: point[name] for name in names}) for point in points}


@pytest.mark.parametrize(("earlier", "later"), [(1, 2), (2, 3), (1, 3)])
def test_counts_are_those_of_the_store(store: duecare.Store, earlier: int, later: int) -> None:
    report = store.inspection_report(earlier, later)
    life = store.life(earlier, later)
    assert report.whole.life == life.summary["counts"]
    by_duty = {row["duty_id"]: row["counts"] for row in life.summary["duties"]}
    first, second = counted(store, earlier, "duty"), counted(store, later, "duty")
    assert {part.duty.id for part in report.duties} == first.keys() | second.keys()
    for part in report.duties:
        name = part.duty.id
        assert Counter(part.whole.then.counts) == first.get(name, Counter())
        assert Counter(part.whole.now.counts) == second.get(name, Counter())
        assert +Counter(part.whole.life) == +Counter(by_duty.get(name, {}))
        for side in ("then", "now", "since"):
            parts = [getattr(unit, side).counts for unit in part.units]
            total = sum((Counter(one) for one in parts), Counter())
            assert total == +Counter(getattr(part.whole, side).counts)
    units = {part.name or None: part for part in report.units}
    assert {name: Counter(part.now.counts) for name, part in units.items()} == counted(store, later, "unit")


def test_what_was_judged_since_is_not_what_was_judged_then(store: duecare.Store) -> None:
    judged = {"met", "late", "missed"}
    then = {row["finding"] for row in store.findings(1) if row["verdict"] in judged}
    now = {row["finding"]: row["verdict"] for row in store.findings(2)}
    report = store.inspection_report(1, 2)
    since = [verdict for finding, verdict in now.items() if verdict in judged and finding not in then]
    assert report.whole.since.judged == len(since) > 100
    assert report.whole.since.counts["met"] == since.count("met")
    assert report.whole.then.judged == len(then)
    difference = report.whole.difference
    assert difference is not None
    assert difference.interval is None
    assert difference.change == pytest.approx(
        since.count("met") / len(since) - report.whole.then.counts["met"] / len(then)
    )


def test_what_is_open_was_not_ended(store: duecare.Store) -> None:
    report = store.inspection_report(1, 2)
    before = {row["finding"]: row["verdict"] for row in store.findings(1)}
    after = store.findings(2, verdicts=["missed", "unassessable"])
    expected = {row["finding"] for row in after if row["ended_at"] is None}
    assert {one.finding for one in report.open} == expected
    for one in report.open:
        assert one.from_first == (before.get(one.finding) in WRONG)


def test_work_on_findings_of_the_first(store: duecare.Store) -> None:
    report = store.inspection_report(1, 2)
    work = report.whole.work
    wrong = len(store.findings(1, verdicts=["late", "missed", "unassessable"]))
    assert work.findings == wrong
    assert work.decisions == {
        "accepted": 1,
        "explained": 0,
        "disputed": 0,
        "false_alarm": 1,
        "none": wrong - 2,
    }
    assert work.actions == {"overdue": 1, "open": 1, "done": 1, "dropped": 0, "none": wrong - 3}
    assert {one["id"] for one in report.actions} == {"A-1", "A-2", "A-3", "A-4", "A-5"}
    later = store.inspection_report(1, 2, at="2024-06-01T00:00:00Z").whole.work
    assert later.actions["overdue"] == 2


def test_a_sample_has_an_interval_of_the_difference(store: duecare.Store) -> None:
    report = store.inspection_report(1, 2, basis="sample", confidence=0.9)
    whole = report.whole
    assert whole.difference is not None
    assert whole.difference.interval == difference_interval(
        (whole.then.counts["met"], whole.then.judged), (whole.since.counts["met"], whole.since.judged), 0.9
    )
    (trend,) = store.trend(to_run=1, confidence=0.9)
    assert whole.then.interval == (trend["rate_low"], trend["rate_high"])


def test_newcombes_interval_is_that_of_the_paper() -> None:
    # Newcombe 1998, table II, (a): 56 of 70 less 48 of 80, method 10.
    found = difference_interval((48, 80), (56, 70), 0.95)
    assert found == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert difference_interval((0, 0), (1, 2), 0.95) is None


def test_a_changed_policy_is_told(store: duecare.Store) -> None:
    assert not any(part.changed for part in store.inspection_report(1, 2).duties)
    report = store.inspection_report(2, 3)
    assert report.policy_changed
    old, new = store.policy(2), store.policy(3)
    changed = {one.duty_id for one in definitions(old, new).changed}
    assert {part.duty.id for part in report.duties if part.changed} >= changed & {
        part.duty.id for part in report.duties
    }
    touched = {
        row["duty_id"] for row in store.life(2, 3).summary["duties"] if row["counts"]["changed_by_policy"]
    }
    assert touched
    assert touched <= {part.duty.id for part in report.duties if part.changed}


@pytest.mark.parametrize(
    ("earlier", "later", "options", "says"),
    [
        (1, 9, {}, "There is no run 9.*Both inspections are runs of one store"),
        (1, 1, {}, "Both inspections are run 1"),
        (2, 1, {}, "Give the run of the first inspection first"),
        (2, 4, {}, "which have 5 of .*duties in common"),
        (1, 2, {"basis": "all"}, "expected is census or sample"),
        (1, 2, {"confidence": 95}, "not between 0 and 1"),
    ],
)
def test_what_does_not_go_together(
    store: duecare.Store, earlier: int, later: int, options: dict[str, Any], says: str
) -> None:
    with pytest.raises(duecare.Error, match=says):
        store.inspection_report(earlier, later, **options)


def some_duties(store: duecare.Store) -> list[str]:
    """Those with most findings at the first inspection, of those judged since."""
    parts = store.inspection_report(1, 2).duties
    judged = [part for part in parts if part.whole.since.judged]
    return [part.duty.id for part in sorted(judged, key=lambda part: -part.whole.work.findings)[:3]]


def test_a_recommendation_is_the_sum_of_its_duties(store: duecare.Store, tmp_path: Path) -> None:
    one, two, three = some_duties(store)
    file = tmp_path / "asked.csv"
    file.write_text(
        f'id,text,duties,due,target\nR1,"In time, always",{one}; {two},2023-05-31,90 %\nR2,Ask,{three},,\n',
        encoding="utf-8",
    )
    report = store.inspection_report(1, 2, recommendations=file)
    parts = {part.duty.id: part.whole for part in report.duties}
    first, second = report.chapters
    given = first.recommendation
    assert (given.id, given.text, given.duties) == ("R1", "In time, always", (one, two))
    assert (given.due, given.target) == ("2023-05-31", 0.9)
    assert (second.recommendation.due, second.recommendation.target) == ("", None)
    for side in ("then", "now", "since"):
        both = Counter(getattr(parts[one], side).counts) + Counter(getattr(parts[two], side).counts)
        assert +Counter(getattr(first.whole, side).counts) == both
    assert first.whole.work.findings == parts[one].work.findings + parts[two].work.findings
    assert sum(first.whole.fate.values()) == first.whole.work.findings
    document = tmp_path / "asked.json"
    rows = [
        {"id": "R1", "text": "In time, always", "duties": [one, two], "due": "2023-05-31", "target": 0.9},
        {"id": "R2", "text": "Ask", "duties": three},
    ]
    document.write_text(json.dumps({"format": "duecare.recommendations/1", "recommendations": rows}))
    assert store.inspection_report(1, 2, recommendations=document).chapters == report.chapters


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", "id,text,duty\nR1,x,y\n", r"a.csv:2.*no field 'duty'. Did you mean 'duties'"),
        ("a.csv", "id,text,duties\nR1,x,\n", "a.csv:2.*R1 names no duties"),
        ("a.csv", "id,text,duties\n,x,y\n", "a.csv:2.*has no id"),
        ("a.csv", "id,text,duties\nR1,x,y,z\n", "more cells than there are columns"),
        ("a.csv", "id,text,duties,due\nR1,x,y,May\n", "'May' is no date"),
        ("a.csv", "id,text,duties,target\nR1,x,y,90\n", "'90' is no share above 0 and up to 1"),
        ("a.csv", "id,text,duties\n", "no recommendation in it"),
        (
            "a.csv",
            "id,text,duties\nR1,x,missing-recrod-opened\n",
            "'missing-recrod-opened', which the policy of neither",
        ),
        ("a.csv", "id,text,duties\nR1,x,{duty}\nR1,x,{duty}\n", "two recommendations 'R1'"),
        ("a.json", "{", "no JSON"),
        ("a.json", '{"format": "duecare.review/1"}', "duecare.recommendations/1"),
        (
            "a.json",
            '{"format": "duecare.recommendations/1", "recommendations": [{"id": "R1", "text": 3}]}',
            "/recommendations/0/text",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_named(
    store: duecare.Store, tmp_path: Path, name: str, text: str, says: str
) -> None:
    file = tmp_path / name
    file.write_text(text.replace("{duty}", "missing-return-home-interview-72h"), encoding="utf-8")
    with pytest.raises(duecare.ArgumentError, match=says):
        store.inspection_report(1, 2, recommendations=file)


def told(text: str) -> str:
    """The words of a page, as a reader has them."""
    body = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", text)


def test_the_page_says_the_numbers(store: duecare.Store, stored: Path, tmp_path: Path) -> None:
    (duty, *_) = some_duties(store)
    asked = tmp_path / "asked.csv"
    asked.write_text(
        f"id,text,duties,due,target\nR1,<b>In time</b>,{duty},2023-05-31,0.999\n", encoding="utf-8"
    )
    page, data = tmp_path / "page.html", tmp_path / "page.json"
    command = ["store", "compare", stored, "1", "2", "--recommendations", asked]
    done = support.run_cli([*command, "-o", page])
    assert done.returncode == 0, done.stderr
    assert support.run_cli([*command, "--format", "json", "-o", data]).returncode == 0
    text = page.read_text(encoding="utf-8")
    assert '<html lang="en-GB">' in text
    assert "<b>In time</b>" not in text
    assert re.search(r"<link|<script|@import|\ssrc=|url\(", text) is None
    report = store.inspection_report(1, 2, recommendations=asked)
    assert json.loads(data.read_text()) == json.loads(json.dumps(report.to_dict()))
    said = told(text)
    (chapter,) = report.chapters
    then, since = chapter.whole.then, chapter.whole.since
    assert f"{since.counts['met']:,} of {since.judged:,} met (" in said
    assert f"{then.counts['met']:,} of {then.judged:,} met (" in said
    assert "This is a census." in said
    assert "is not reached (" in said
    assert "It was to be met by 31 May 2023; the second inspection is as of 30 June 2023." in said
    for part in report.duties:
        for unit in part.units:
            if unit.work.findings:
                assert f"{unit.work.findings}: {words.fates(unit.fate)}" in said
    for run in (report.earlier, report.later):
        assert run["policy_digest"] in said
        assert run["caseload_digest"] in said
    for one in report.open:
        assert f'id="finding-{one.finding}"' in text
        assert one.case_id in said
    links = set(re.findall(r'href="#([^"]+)"', text))
    assert links <= set(re.findall(r' id="([^"]+)"', text))
    whole = report.whole
    message = f"{whole.work.findings} findings of run 1: {whole.fate['resolved']} resolved"
    assert message in done.stderr.decode()


def test_a_page_of_samples_has_intervals_of_differences(store: duecare.Store) -> None:
    stream = io.BytesIO()
    store.inspection_report(1, 3, basis="sample").to_html(stream)
    said = told(stream.getvalue().decode())
    assert "These are samples." in said
    assert "This is a census." not in said
    assert "The policy is not the same at both." in said
    assert re.search(r"\(95 % interval [^)]+ points to [^)]+ points\)", said)


def chapter_of(met: tuple[int, int], since: tuple[int, int], target: float | None) -> Chapter:
    def side(counts: tuple[int, int]) -> duecare.Compliance:
        row = dict.fromkeys(VERDICTS, 0) | {"met": counts[0], "missed": counts[1] - counts[0]}
        return duecare.Compliance({}, row, rate_interval(*counts, 0.95))

    difference = Difference(since[0] / since[1] - met[0] / met[1], None) if since[1] else None
    part = Part("R", side(met), side(since), side(since), difference, {}, {}, Work(0, {}, {}))
    return Chapter(Recommendation("R", "x", ("d",), "", target), part, ("d",))


@pytest.mark.parametrize(
    ("since", "target", "basis", "says"),
    [
        ((46, 50), 0.9, "census", "The target of 90 % met is reached (46 of 50, 92 %)."),
        ((46, 50), 0.95, "census", "The target of 95 % met is not reached (46 of 50, 92 %)."),
        ((46, 50), 0.9, "sample", "Whether the target of 90 % met is reached this sample cannot tell"),
        ((46, 50), 0.7, "sample", "The target of 70 % met is reached (46 of 50, 92 %; 95 % interval 81 % to"),
        ((20, 50), 0.7, "sample", "The target of 70 % met is not reached"),
        ((0, 0), 0.9, "census", "cannot be said: nothing was judged since"),
        ((46, 50), None, "census", ""),
    ],
)
def test_a_target_is_met_by_counts_or_not_told(
    since: tuple[int, int], target: float | None, basis: Any, says: str
) -> None:
    chapter = chapter_of((31, 48), since, target)
    said = words.target(chapter, basis, 0.95).replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith(says) if "cannot be said" not in says else says in said
    assert bool(said) == bool(says)
    whole = words.compared(chapter.whole, "census", 0.95).replace("\N{NO-BREAK SPACE}", " ")
    assert "31 of 48 met (65 %)" in whole
    assert ("46 of 50 met (92 %)" in whole) == (since == (46, 50))
    assert "achieved" not in whole
