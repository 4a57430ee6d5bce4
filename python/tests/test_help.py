"""``--help``: its words are golden files, its examples run, and nothing of a case is in a traceback.

    python python/tests/test_help.py --update

writes the golden files anew. Read the difference before you keep it.
"""

import contextlib
import json
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

import duecare
import support
from duecare._cli._app import app
from duecare._cli._examples import EXAMPLES

GOLDEN = Path(__file__).parent / "golden" / "help"
PLAIN = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "LC_ALL": "C.UTF-8"}
RFC_KEY = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"
RFC_PUBLIC_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


def commands() -> list[str]:
    """Every command there is, and the groups."""

    def within(group: typer.Typer, before: str) -> Iterator[str]:
        for info in group.registered_commands:
            yield f"{before}{info.name}"
        for nested in group.registered_groups:
            inner = nested.typer_instance
            name = nested.name or (inner.info.name if inner is not None else None)
            if inner is not None and isinstance(name, str):
                yield f"{before}{name}"
                yield from within(inner, f"{before}{name} ")

    return ["", *within(app, "")]


def help_of(command: str) -> str:
    done = support.run_cli([*command.split(), "--help"], environment=PLAIN)
    assert done.returncode == 0, done.stderr
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.decode().splitlines())


def golden(command: str) -> Path:
    return GOLDEN / f"{command.replace(' ', '-') or 'duecare'}.txt"


@pytest.mark.parametrize("command", commands())
def test_help_is_what_it_was(command: str) -> None:
    assert help_of(command) == golden(command).read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {golden(command).name for command in commands()}


def test_each_command_has_one_to_three_examples() -> None:
    groups = {name.rpartition(" ")[0] for name in commands()}
    assert set(EXAMPLES) == set(commands()) - groups
    assert {len(examples) for examples in EXAMPLES.values()} <= {1, 2, 3}


@pytest.mark.parametrize("command", EXAMPLES)
def test_help_shows_the_examples(command: str) -> None:
    shown = " ".join(golden(command).read_text(encoding="utf-8").split())
    assert all(" ".join(example.split()) in shown for example in EXAMPLES[command])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("examples")
    examples = support.ROOT / "examples"
    for name in ("caseload/cases.jsonl", "caseload/staff.jsonl", "export/export.csv", "export/mapping.yaml"):
        shutil.copy(examples / name, place)
    for name in ("force.json", "new.json"):
        shutil.copy(examples / "policy.json", place / name)
    (place / "recommendations.csv").write_text("id,text,duties\nR1,Take statements,victim-statement\n")
    (place / "crimes.csv").write_text("crime,team\nA1,North\nA2,South\n")
    with contextlib.closing(sqlite3.connect(place / "records.db")) as records, records:
        records.execute("CREATE TABLE events (crime, code, at)")
        records.execute("INSERT INTO events VALUES ('A1', 'case.opened', '2023-03-01T09:00:00Z')")
    (place / "key.bin").write_bytes(bytes(range(32)))
    # The first key of RFC 8032, section 7.1.
    (place / "wells.pem").write_text(f"-----BEGIN PRIVATE KEY-----\n{RFC_KEY}\n-----END PRIVATE KEY-----\n")
    (place / "wells.pub.pem").write_text(RFC_PUBLIC_KEY)
    units(place)
    # The others are about what these have stored.
    for example in (*EXAMPLES["store put"], EXAMPLES["store action"][0]):
        made(place, example)
    reviewed(place)
    return place


def made(place: Path, example: str) -> bytes:
    """What a command writes that the examples of others rely on."""
    done = support.run_cli(shlex.split(example)[1:], cwd=place)
    assert done.returncode == 0, done.stderr
    return done.stdout


def units(place: Path) -> None:
    """The cases belong to two units."""
    cases = [json.loads(line) for line in (place / "cases.jsonl").read_text("utf-8").splitlines()]
    for number, case in enumerate(cases):
        case.setdefault("attributes", {})["unit"] = ("North", "South")[number % 2]
    (place / "cases.jsonl").write_text(support.json_lines(*cases), encoding="utf-8")


def reviewed(place: Path) -> None:
    """A sample with its manifest in the store, and what its two reviewers and the machine say."""
    for example in (EXAMPLES["sample frame"][0], EXAMPLES["sample plan"][0], *EXAMPLES["sample draw"]):
        made(place, example)
    with duecare.Store(place / "audits.db") as store:
        store.put_manifest("Q1", (place / "manifest.json").read_text(), by="Ada", at="2023-07-01T09:00:00Z")
    made(place, "duecare sample pack manifest.json cases.jsonl --question views --lead Ada -o reviewed")
    answers = place / "reviewed/Ada/answers.csv"
    answers.write_text(answers.read_text("utf-8").replace(",,,,", ",compliant,,,"), encoding="utf-8")

    drawn = [unit["id"] for unit in json.loads((place / "manifest.json").read_text())["selected"]]
    for name in ("ada", "bo"):
        said = [
            f"{id_},{name},victim-statement,{'compliant' if n % 9 else 'deviation'}\n"
            for n, id_ in enumerate(drawn)
        ]
        (place / f"{name}.csv").write_text("case,reviewer,question,answer\n" + "".join(said))
    teams = [f"{id_},T{number % 2}\n" for number, id_ in enumerate(drawn)]
    (place / "teams.csv").write_text("id,domain\n" + "".join(teams))
    made(place, EXAMPLES["sample review"][0])
    findings = made(place, "duecare audit cases.jsonl --policy force.json --format jsonl")
    (place / "findings.jsonl").write_bytes(findings)


@pytest.mark.parametrize("example", [one for examples in EXAMPLES.values() for one in examples])
def test_examples_run(example: str, folder: Path) -> None:
    program, *arguments = shlex.split(example)
    assert program == "duecare"
    done = support.run_cli(arguments, cwd=folder)
    expected = 4 if "--fail-on" in arguments else 0
    assert done.returncode == expected, done.stderr


def test_a_defect_shows_no_values_of_a_case(policy_file: Path, caseload_file: Path) -> None:
    program = (
        "import sys\nfrom duecare._cli import _app\n"
        "def broken(*args, **more):\n    secret = 'zqsentinelzq'\n    raise RuntimeError('a defect')\n"
        "_app.audit = broken\n"
        "sys.argv = ['duecare', 'audit', *sys.argv[1:]]\n_app.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(caseload_file), "--policy", str(policy_file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "RuntimeError: a defect" in done.stderr
    shown = done.stdout + done.stderr
    assert "sentinelzq'" not in shown.replace("secret = 'zqsentinelzq'", "")
    assert "MC-1" not in shown


def test_completion_is_offered() -> None:
    done = support.run_cli(
        [], environment={"_DUECARE_COMPLETE": "complete_bash", "COMP_WORDS": "duecare re", "COMP_CWORD": "1"}
    )
    assert "report" in done.stdout.decode().split()


def test_completion_is_installed_and_completes(tmp_path: Path) -> None:
    """As a user has it: installed into a home, then read by a new shell that completes a word."""
    folder = Path(sys.executable).parent
    environment = {"HOME": str(tmp_path), "PATH": f"{folder}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}

    def shell(script: str) -> str:
        done = subprocess.run(
            ["bash", "--norc", "-c", script], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "installed" in shell("duecare --install-completion; exit $?")
    assert "duecare.sh" in (tmp_path / ".bashrc").read_text("utf-8")
    script = (
        "shopt -s expand_aliases; . ~/.bash_completions/duecare.sh; "
        "COMP_WORDS=(duecare re) COMP_CWORD=1; "
        "$(complete -p duecare | sed 's/.*-F \\([^ ]*\\).*/\\1/') duecare; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    assert {"report", "replay"} <= set(shell(script).split())


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit(__doc__)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for old in GOLDEN.iterdir():
        old.unlink()
    for each in commands():
        golden(each).write_text(help_of(each), encoding="utf-8")
