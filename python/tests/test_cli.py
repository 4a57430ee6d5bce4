"""The command: exit codes, streams, formats."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import support

ESCAPE = b"\x1b"
AS_OF = ("--as-of", support.AS_OF)


def test_audit_as_json_lines(policy_file: Path, caseload_file: Path) -> None:
    done = support.run_cli(["audit", caseload_file, "--policy", policy_file, *AS_OF, "--format", "jsonl"])
    assert done.returncode == 0, done.stderr
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(f["case_id"], f["verdict"]) for f in findings] == [
        ("MC-2", "late"),
        ("MC-3", "missed"),
        ("MC-4", "missed"),
    ]
    assert len(findings[0]) == 20
    assert done.stderr.decode() == "as of 2023-01-20T00:00:00Z, known at 2023-01-20T00:00:00Z\n"


def test_the_instant_is_always_told(policy_file: Path, caseload_file: Path) -> None:
    done = support.run_cli(["audit", caseload_file, "--policy", policy_file])
    assert b"as of 2023-01-13T09:30:00Z, known at 2023-01-13T09:30:00Z" in done.stderr


def test_known_at(policy_file: Path, caseload_file: Path) -> None:
    arguments = ["audit", caseload_file, "--policy", policy_file, *AS_OF, "--known-at", "2023-01-10T08:00:00"]
    done = support.run_cli([*arguments, "--format", "jsonl"])
    assert done.stdout.count(b"\n") == 3
    assert b"known at 2023-01-10T08:00:00Z" in done.stderr


def test_several_files_and_stdin(policy_file: Path, caseload_file: Path) -> None:
    extra = support.json_lines({**support.MISSED, "id": "MC-8"}).encode()
    arguments = ["audit", caseload_file, "-", "--policy", policy_file, *AS_OF, "--format", "jsonl"]
    done = support.run_cli(arguments, stdin=extra)
    assert done.returncode == 0
    assert json.loads(done.stdout.splitlines()[-1])["case_id"] == "MC-8"


def test_rejects_are_told_and_are_exit_3(policy_file: Path) -> None:
    text = support.json_lines(support.MET, support.BROKEN).encode()
    done = support.run_cli(["audit", "-", "--policy", policy_file, "--format", "jsonl"], stdin=text)
    assert done.returncode == 3
    assert b"rejected: <stdin>:2" in done.stderr
    assert b"1 document rejected" in done.stderr
    assert done.stdout == b""


def test_strict_is_an_error(policy_file: Path) -> None:
    text = support.json_lines(support.MET, support.BROKEN).encode()
    done = support.run_cli(["audit", "-", "--policy", policy_file, "--strict"], stdin=text)
    assert done.returncode == 1
    assert done.stderr.startswith(b"error: ")
    assert done.stdout == b""


@pytest.mark.parametrize(
    ("documents", "fail_on", "code"),
    [
        ([support.NO_VIEWS], "critical", 4),
        ([support.MISSED], "critical", 0),
        ([support.MISSED], "high", 4),
        ([support.LATE], "any", 4),
        ([support.MET], "any", 0),
        ([support.MISSED, support.BROKEN], "any", 4),
        ([support.MET, support.BROKEN], "any", 3),
    ],
)
def test_fail_on(policy_file: Path, documents: list[Any], fail_on: str, code: int) -> None:
    arguments = ["audit", "-", "--policy", policy_file, *AS_OF, "--fail-on", fail_on, "--verdicts", "met"]
    done = support.run_cli(arguments, stdin=support.json_lines(*documents).encode())
    assert done.returncode == code, done.stderr


def test_verdicts(policy_file: Path, caseload_file: Path) -> None:
    arguments = ["audit", caseload_file, "--policy", policy_file, *AS_OF, "--format", "jsonl", "--verdicts"]
    assert support.run_cli([*arguments, "all"]).stdout.count(b"\n") == 4
    assert support.run_cli([*arguments, "met,late"]).stdout.count(b"\n") == 2
    assert support.run_cli([*arguments, "pending"]).stdout == b""


@pytest.mark.parametrize(
    "wrong",
    [
        ["--verdicts", "mised"],
        ["--as-of", "yesterday"],
        ["--known-at", "2023-02-30"],
        ["--format", "pdf"],
        ["--fail-on", "none"],
        ["--threads", "-1"],
        ["--colour"],
    ],
)
def test_wrong_usage_is_exit_2(policy_file: Path, caseload_file: Path, wrong: list[str]) -> None:
    done = support.run_cli(["audit", caseload_file, "--policy", policy_file, *wrong])
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr


def test_without_a_policy_the_built_in_one_is_meant(caseload_file: Path) -> None:
    name = "england-wales-child-protection"
    plain = support.run_cli(["audit", caseload_file, *AS_OF, "--format", "jsonl"])
    assert plain.returncode == 0
    assert (
        plain.stdout
        == support.run_cli(["audit", caseload_file, *AS_OF, "--format", "jsonl", "--policy", name]).stdout
    )
    done = support.run_cli(["audit", caseload_file, "--policy", "england-wales-mising"])
    assert done.returncode == 1
    assert "Did you mean 'england-wales-missing'?" in done.stderr.decode()


def test_without_files_is_wrong_usage(policy_file: Path) -> None:
    assert support.run_cli(["audit", "--policy", policy_file]).returncode == 2


def test_errors_are_messages(policy_file: Path, caseload_file: Path, tmp_path: Path) -> None:
    wrong = support.write(tmp_path / "wrong.json", support.policy({**support.VIEWS, "chek": "true"}))
    for arguments in (
        ["audit", tmp_path / "nowhere.jsonl", "--policy", policy_file],
        ["audit", caseload_file, "--policy", tmp_path / "nowhere.json"],
        ["audit", caseload_file, "--policy", wrong],
        [
            "audit",
            caseload_file,
            "--policy",
            policy_file,
            "--format",
            "jsonl",
            "--out",
            tmp_path / "no" / "x",
        ],
        ["audit", "-", "--policy", policy_file],
    ):
        done = support.run_cli(arguments)
        assert done.returncode == 1, arguments
        assert done.stdout == b""
        assert b"error: " in done.stderr
        assert b"Traceback" not in done.stderr


def test_a_defect_shows_no_case_data(policy_file: Path, caseload_file: Path) -> None:
    code = (
        "import duecare._cli._app as a, sys\n"
        "def broken(result, *rest):\n"
        "    sentinel = [f.case_id for f in result.findings]\n"
        "    raise ZeroDivisionError\n"
        "a._write = broken\n"
        "a.main()\n"
    )
    arguments = [
        sys.executable,
        "-c",
        code,
        "audit",
        str(caseload_file),
        "--policy",
        str(policy_file),
        *AS_OF,
    ]
    done = subprocess.run(arguments, capture_output=True, check=False, timeout=60)
    assert done.returncode == 1
    assert b"ZeroDivisionError" in done.stderr
    assert b"MC-" not in done.stderr + done.stdout


def test_out(policy_file: Path, caseload_file: Path, tmp_path: Path) -> None:
    for form in ("table", "jsonl", "html"):
        out = tmp_path / f"out.{form}"
        out.write_text("old")
        done = support.run_cli(
            ["audit", caseload_file, "--policy", policy_file, *AS_OF, "--format", form, "--out", out]
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == b""
        assert b"MC-2" in out.read_bytes()
        assert ESCAPE not in out.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_table(policy_file: Path, caseload_file: Path) -> None:
    done = support.run_cli(["audit", caseload_file, "--policy", policy_file, *AS_OF])
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "2023-01-13 08:00" in text
    assert "overdue 1 hour 30 minutes" in text
    assert "return-interview" in text
    assert re.search(r"views-recorded\W+0\W+0\W+1\W+0", text)
    assert "4 cases, 0 rejects" in text
    assert ESCAPE not in done.stdout + done.stderr


def test_records_cannot_command_the_terminal(policy_file: Path) -> None:
    evil = {**support.MISSED, "id": "MC\x1b[2J\u202e\x07[red]x"}
    done = support.run_cli(
        ["audit", "-", "--policy", policy_file, *AS_OF], stdin=support.json_lines(evil).encode()
    )
    text = done.stdout.decode()
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert "[red]" in "".join(text.split())


def read_terminal(arguments: list[str], environment: dict[str, str]) -> bytes:
    """What the command shows where stdout and stderr are a terminal."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(
            sys.executable, [sys.executable, "-m", "duecare", *arguments], {**os.environ, **environment}
        )
    seen = b""
    while True:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:  # how Linux says that the other end is closed
            break
        if not chunk:
            break
        seen += chunk
    os.close(terminal)
    os.waitpid(pid, 0)
    return seen


def test_colour_on_a_terminal_unless_told_not_to(policy_file: Path, caseload_file: Path) -> None:
    arguments = ["audit", str(caseload_file), "--policy", str(policy_file), *AS_OF]
    colour = re.compile(rb"\x1b\[[0-9;]*3[0-9]")
    assert colour.search(read_terminal(arguments, {"TERM": "xterm-256color"}))
    plain = read_terminal(arguments, {"TERM": "xterm-256color", "NO_COLOR": "1"})
    assert b"MC-2" in plain
    assert not colour.search(plain)


class Page(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(policy: dict[str, object], documents: list[Any], tmp_path: Path) -> Page:
    path = support.write(tmp_path / "policy.json", policy)
    done = support.run_cli(
        ["audit", "-", "--policy", path, *AS_OF, "--format", "html"],
        stdin=support.json_lines(*documents).encode(),
    )
    assert done.returncode in (0, 3), done.stderr
    page = Page()
    page.feed(done.stdout.decode())
    return page


def test_page(tmp_path: Path) -> None:
    documents = [support.MET, support.LATE, support.MISSED, support.NO_VIEWS, support.BROKEN]
    page = page_of(support.policy(), documents, tmp_path)
    for sentence in (
        "4 obligations arose",
        "2 of 4 (50.0 %) were missed",
        "1 of 3 (33.3 %)",
        "Case MC-2",
        "1 document could not be read",
        "1 hour 30 minutes",
        "20 January 2023, 00:00",
        "Talk with a child who has come back",
    ):
        assert sentence in page.text, sentence
    assert "Case MC-1" not in page.text


def test_page_is_self_contained_and_accessible(tmp_path: Path) -> None:
    page = page_of(support.policy(), [support.LATE, support.BROKEN], tmp_path)
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed"}
    assert ("html", {"lang": "en-GB"}) in page.tags
    assert sum(tag == "table" for tag, _ in page.tags) == sum(tag == "caption" for tag, _ in page.tags)
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")
    assert sum(tag == "h1" for tag, _ in page.tags) == 1
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_page_escapes_what_it_shows(tmp_path: Path) -> None:
    source = {**support.SOURCE, "url": "javascript:alert(1)", "title": "<b>bold</b>"}
    duty = {**support.RETURN_INTERVIEW, "title": "<script>alert(2)</script>", "source": source}
    evil = {**support.MISSED, "id": "<img src=x onerror=alert(3)>"}
    page = page_of(support.policy(duty, title='"><script>'), [evil], tmp_path)
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "b"}
    assert not any("javascript" in (a.get("href") or "") for _, a in page.tags)
    assert "<img src=x onerror=alert(3)>" in page.text


def test_policy_check(tmp_path: Path, policy_file: Path) -> None:
    done = support.run_cli(["policy", "check", policy_file])
    assert done.returncode == 0
    assert done.stdout.decode().endswith("ok, example 1.0.0, 2 duties, 0 warnings\n")

    duty = {**support.VIEWS, "check": "has(event.views) && actr.rank == 'sergeant'"}
    wrong = support.write(tmp_path / "wrong.json", support.policy(duty))
    done = support.run_cli(["policy", "check", wrong, policy_file])
    assert done.returncode == 1
    lines = done.stdout.decode().splitlines()
    at = next(number for number, line in enumerate(lines) if "^" in line)
    assert lines[at - 1][lines[at].index("^") :].startswith("actr")
    assert any("/duties/0/check" in line for line in lines)
    assert lines[-1].endswith("2 duties, 0 warnings")


def test_policy_show(tmp_path: Path) -> None:
    support.write(tmp_path / "example.json", support.policy())
    force = {
        "format": "duecare.policy/1",
        "id": "force",
        "version": "2",
        "extends": "example",
        "duties": [{"id": "return-interview", "within": "24 hours"}],
    }
    done = support.run_cli(
        ["policy", "show", support.write(tmp_path / "force.json", force), "--format", "json"]
    )
    assert done.returncode == 0, done.stderr
    assert [duty.get("within") for duty in json.loads(done.stdout)["duties"]] == ["24 hours", None]


def test_version() -> None:
    done = support.run_cli(["version"])
    assert done.returncode == 0
    assert re.match(rb"duecare \d+\.\d+\.\d+ \(ABI \d+, time zones 20\d\d[a-z]\)\n", done.stdout)


def test_help_tells_the_exit_codes() -> None:
    done = support.run_cli(["audit", "--help"], environment={"COLUMNS": "200"})
    assert done.returncode == 0
    assert b"4 findings matched" in done.stdout
    assert support.run_cli([]).returncode == 2


def test_a_reader_that_leaves(policy_file: Path, tmp_path: Path) -> None:
    cases = ({**support.MISSED, "id": f"MC-{number}"} for number in range(5000))
    path = support.write(tmp_path / "many.jsonl", support.json_lines(*cases))
    audit = f"{sys.executable} -m duecare audit {path} --policy {policy_file}"
    command = f"{audit} --as-of {support.AS_OF} --format jsonl"
    done = subprocess.run(f"{command} | head -n 1", shell=True, capture_output=True, check=False, timeout=60)  # noqa: S602
    assert done.stdout.count(b"\n") == 1
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


def test_interrupted(policy_file: Path) -> None:
    arguments = [sys.executable, "-m", "duecare", "audit", "-", "--policy", str(policy_file)]
    # A shell starts what runs in its background with SIGINT ignored, and children inherit that.
    with subprocess.Popen(
        arguments,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        # More than a pipe holds: once it is written, the command has begun to read.
        for _ in range(2):
            process.stdin.write(b" " * (1 << 16))
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert b"Traceback" not in process.stderr.read()
