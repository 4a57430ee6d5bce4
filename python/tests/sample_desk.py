"""A folder in which ``duecare sample`` is run, and case histories to run it on."""

import json
from pathlib import Path

from typer.testing import CliRunner

from duecare._cli._app import app

DICE = "31415926535897932384"


class Desk:
    """A folder with commands run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = ""

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def run(self, *arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, ["sample", *arguments])
        assert result.exit_code == code, result.output
        self.said = result.stderr
        return result.stdout

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return self.path(name)

    def read(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")


def sampled_case(number: int) -> dict[str, object]:
    attributes = {"unit": ["North", "South"][number % 2], "team": f"T{number % 3}"}
    if number == 5:
        del attributes["unit"]
    return {
        "format": "duecare.case/1",
        "id": f"C{number:02}",
        "attributes": attributes,
        "events": [
            {"id": "e1", "type": "case.opened", "occurred_at": f"2024-01-{1 + number % 28:02}T09:00:00Z"},
            *(
                [{"id": "e2", "type": "case.closed", "occurred_at": "2024-03-01T09:00:00Z"}]
                if number % 4 == 0
                else []
            ),
        ],
    }


def draw_sample(desk: Desk, cases: str, number: str, manifest: str) -> None:
    """A frame, a plan and a draw of so many of the cases of a file, as of the end of June 2024."""
    frame, plan = desk.path("frame.tsv"), desk.path("plan.json")
    rules = ["--decision-rule", "x", "--extension-rule", "none", "--seed-rule", "dice", "--title", "T"]
    desk.run("frame", desk.path(cases), "--as-of", "2024-06-30", "--out", frame)
    desk.run("plan", frame, "--design", "srs", "--n", number, *rules, "--out", plan)
    desk.run("draw", frame, plan, "--seed", DICE, "--out", desk.path(manifest))


def pack_sample(desk: Desk) -> None:
    """A frame of twenty cases, six of them drawn and packed for Ada, two for Bo too."""
    desk.write("cases.jsonl", "".join(json.dumps(sampled_case(n)) + "\n" for n in range(20)))
    draw_sample(desk, "cases.jsonl", "6", "m.json")
    who = ["--question", "q", "--lead", "Ada", "--second", "Bo", "--again", "2", "--as-of", "2024-06-30"]
    desk.run("pack", desk.path("m.json"), desk.path("cases.jsonl"), "-o", desk.path("pack"), *who)
