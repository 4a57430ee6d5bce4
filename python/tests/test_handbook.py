"""Policies in plain words."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import duecare
import support
from duecare._handbook import Layer, describe, to_html, to_markdown
from duecare._handbook._expression import NotReadError, parse
from duecare._handbook._phrases import Speaker
from duecare._handbook._words import CODE, END

GOLDEN = Path(__file__).parent / "golden"
SPEAKER = Speaker({"case.closed": "File closed"}, {"score": 14})


def shown(text: str) -> str:
    return text.replace(CODE, "`").replace(END, "`")


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("rank(actor.rank) >= rank('sergeant')", "by a sergeant or above"),
        ("rank('inspector') < rank(actor.rank)", "by somebody above the rank of inspector"),
        ("actor.rank in ['sergeant', 'inspector']", "by a sergeant or an inspector"),
        ("actor.id != trigger.actor.id", "by somebody else"),
        ("actor.id == trigger.actor.id", "by the same person"),
        ("actor.id != fact.officer", "by somebody other than the “officer”"),
        ("'PIP2' in actor.accreditations", "by somebody accredited PIP2"),
        ("has(event.views)", "with “views” recorded"),
        ("!has(event.views)", "without “views” recorded"),
        ("event.plan_recorded == true", "marked “plan recorded”"),
        ("true == event.plan_recorded", "marked “plan recorded”"),
        ("event.minor != true", "marked as not “minor”"),
        ("has(event.urgent) && event.urgent == true", "marked “urgent”"),
        ("!(has(event.urgent) && event.urgent == true)", "not marked “urgent”"),
        ("has(event.why) && event.why != ''", "with “why” recorded"),
        ("event.why != ''", "with “why” filled in"),
        ("event.about == 'key_decision'", "about “key decision”"),
        ("event.category in ['child_abuse', 'neglect']", "with category “child abuse” or “neglect”"),
        ("event.score >= param.score", "with score at least 14 (`$score`, set by each force)"),
        ("event.arrested < '2017-04-03'", "with arrested before 3 April 2017"),
        ("event.type == 'case.closed'", "that is “File closed”"),
        ("fact.status == 'open'", "while “status” is “open”"),
        ("!fact.held", "while “held” is not set"),
        ("subject.age < 18", "under 18"),
        ("18 <= subject.age", "aged 18 or over"),
        ("event.subjects.exists(p, 'child' in p.roles && p.age < 16)", "concerning a child under 16"),
        ("!case.persons.exists(p, 'child' in p.roles)", "where the case has no child"),
        ("mentions(event.note, ['knife', 'gun'])", "mentioning “knife” or “gun” in note"),
        ("event.a == true && event.b == true", "marked “a” and “b”"),
        (
            "event.tool == 'dash' && (event.score > 3 || event.judged == true)",
            "with tool “dash”, and either with score more than 3 or marked “judged”",
        ),
        (
            "event.a == true || event.b == true && has(event.c)",
            "marked “a”, or both marked “b” and with “c” recorded",
        ),
        # What there are no words for stands there as it is.
        ("size(event.note) > 3", "where `size(event.note) > 3`"),
        ("has(event.a) && event.x + 1 == 2", "with “a” recorded and where `event.x + 1 == 2`"),
        ("!(event.a + 1 == 2 && event.b == 'x')", "except where `event.a + 1 == 2` is true and “b” is “x”"),
        ("event.a == (event.b ? 1 : 2)", "where `event.a == (event.b ? 1 : 2)`"),
        ("event.a - (event.b - 1) in [1, 'x']", "where `event.a - (event.b - 1) in [1, 'x']`"),
        ("event['a-b'] == 'x'", "with a b “x”"),
        # When a missing value is looked at is no condition of its own.
        ("(has(event.a) || !has(case.b)) && event.a == true", "marked “a”"),
        (
            "(has(event.a) || event.c == 'x') && event.a == true",
            "either with “a” recorded or with c “x”, and marked “a”",
        ),
        (
            "event.a == true || event.b == true && !(event.c == true && event.d == true)",
            "marked “a”, or marked “b”, except where “c” is marked yes and “d” is marked yes",
        ),
    ],
)
def test_what_follows_a_noun(expression: str, words: str) -> None:
    assert shown(SPEAKER.modifiers(expression)) == words


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("has(event.views) && has(event.demeanour)", "“views” and “demeanour” must be recorded"),
        ("event.authorised_by != fact.officer", "“authorised by” must not be the “officer”"),
        ("event.other_force == false", "“other force” must be marked no"),
        (
            "fact.charged == true || (rank(actor.rank) >= rank('inspector') && event.involved == false)",
            "either “charged” must be set, or it must be done by an inspector or above and "
            "“involved” must be marked no",
        ),
        (
            "'A' in actor.accreditations && 'B' in actor.accreditations",
            "it must be done by somebody accredited A and by somebody accredited B",
        ),
        ("event.level == event.called_for", "“level” must be the “called for”"),
        ("event.n + 2 == 4", "`event.n + 2 == 4` must be true"),
        ("event.n * 2 == 4", "this must hold: `event.n * 2 == 4`"),
    ],
)
def test_what_must_be(expression: str, words: str) -> None:
    assert shown(SPEAKER.demand(expression)) == words


@pytest.mark.parametrize(
    "text", ["", "a b", "a ==", "(a", "[1, 2", "f(1", "a.1", "'open", "1 ? 2", "a @ b", "x" + "(" * 5000]
)
def test_what_is_not_read_is_refused(text: str) -> None:
    with pytest.raises(NotReadError):
        parse(text)


def golden() -> tuple[duecare.Policy, list[Layer]]:
    document = json.loads((GOLDEN / "handbook.json").read_text(encoding="utf-8"))
    return duecare.Policy.from_json(document), [Layer("handbook.json", document)]


def test_golden() -> None:
    """Every key and shape. Where this fails for a good reason, read the new text as its readers would."""
    policy, layers = golden()
    text = to_markdown(describe(policy, layers)).replace(policy.digest[:16], "DIGEST")
    assert text == (GOLDEN / "handbook.md").read_text(encoding="utf-8")


class Page(HTMLParser):
    """Collects what a page holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            assert name not in {"src", "onclick", "style"}, (tag, name)
            if name == "href":
                self.links.append(str(value))
            if name == "id":
                self.ids.append(str(value))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_html_stands_alone_and_escapes() -> None:
    policy, layers = golden()
    text = to_html(describe(policy, layers))
    page = Page(text)
    assert not {"script", "img", "link", "iframe", "b"} & set(page.tags)
    assert "A policy with <b>every</b> key & shape" in page.words
    assert "url(" not in text
    assert "@import" not in text
    outward = [link for link in page.links if not link.startswith("#")]
    assert outward == ["https://example.org/guidance"]
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert "@media print" in text


def everything(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("name", duecare.Policy.builtin_names())
def test_built_in_policies(name: str) -> None:
    done = (
        support.run_cli(["policy", "show", name, "--format", "html"])
        if name.endswith("-protection")
        else None
    )
    policy_text = duecare.Policy.builtin(name)
    book = describe(policy_text)
    entries = [duty for area in book.areas for duty in area.duties]
    assert [duty.id for duty in policy_text.duties] == sorted(
        (duty.id for duty in entries), key=[duty.id for duty in policy_text.duties].index
    )
    for duty in entries:
        assert duty.sentence.endswith("."), duty.id
        assert duty.sentence[0].isupper() or duty.sentence[0] in f"“{CODE}", duty.id
        # The packs are written so that all of it has words.
        assert not re.search(f"{CODE}[^$]", duty.sentence), (duty.id, duty.sentence)
        assert "event." not in duty.sentence, duty.id
        assert "  " not in duty.sentence, duty.id
    if done is not None:
        assert done.returncode == 0, done.stderr
        page = Page(done.stdout.decode())
        assert page.tags.count("article") == len(policy_text.duties) > 100
        assert "england-wales-base" in page.words


def test_no_part_of_a_condition_is_left_out() -> None:
    """Each name in a condition of the packs is in its words: but for has() of what is compared anyway."""
    policy = json.loads(duecare.Policy.builtin("england-wales-child-protection").to_json())
    speaker = Speaker({}, policy["parameters"])
    checked = 0
    for duty in policy["duties"]:
        for text in (duty.get("check"), duty.get("while"), duty.get("unless"), duty.get("pause_while")):
            if text is None or text == "false":
                continue
            words = speaker.demand(text)
            for name in re.findall(r"(?:event|fact)\.(\w+)", text):
                assert name.replace("_", " ") in words, (text, words)
                checked += 1
    assert checked > 50


def test_layers_are_told(tmp_path: Path) -> None:
    support.write(tmp_path / "example.json", support.policy(parameters={"talk": "3 days"}))
    force = {
        "format": "duecare.policy/1",
        "id": "force",
        "version": "2.0.0",
        "title": "Force",
        "extends": "example",
        "parameters": {"talk": "2 days"},
        "duties": [{"id": "return-interview", "within": "$talk"}, {"id": "views-recorded", "disabled": True}],
    }
    file = support.write(tmp_path / "force.json", force)
    done = support.run_cli(["policy", "show", file, "--format", "md"])
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()
    assert "must follow within 2 days (`$talk`, set by each force)." in text
    assert (
        "| `talk` | 2 days | force | Talk with a child who has come back | illustrative, binds nobody |"
        in text
    )
    assert "- **Written in:** example, changed by force" in text
    assert "| `example` | 1.0.0 | Example | example.json | 2 new duties, 1 parameter |" in text
    changes = "changes `return-interview`, drops `views-recorded`, 1 parameter"
    assert f"| `force` | 2.0.0 | Force | force.json | {changes} |" in text


def test_json_is_the_policy_itself(policy_file: Path, tmp_path: Path) -> None:
    done = support.run_cli(["policy", "show", policy_file])
    assert json.loads(done.stdout)["id"] == "example"
    out = tmp_path / "page.html"
    assert support.run_cli(["policy", "show", policy_file, "--format", "html", "--out", out]).returncode == 0
    assert out.read_bytes().startswith(b"<!DOCTYPE html>")
    assert support.run_cli(["policy", "show", tmp_path / "none.json"]).returncode == 1
