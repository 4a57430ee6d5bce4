"""Pages under axe-core in headless Chromium: nothing against WCAG 2.2 AA, wide and on a phone.

Needs ``chromium`` and axe-core in build/axe (tests/setup.sh fetches it). Where they are missing the test is
skipped, except where CI is set: there it fails.
"""

import csv
import html
import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import duecare
import support
from duecare import _report
from duecare._store_report import write_trend_page
from duecare.sampling._review import Review, read_answers
from sample_desk import Desk, pack_sample

AXE = support.ROOT / "build/axe/package/axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Runs when the page is there, and leaves what it found as the only text of the page.
PROBE = """
axe.run(document, {runOnly: {type: "tag", values: %s}, resultTypes: ["violations"]}).then(function (found) {
  var told = found.violations.map(function (one) {
    return {id: one.id, impact: one.impact, help: one.help, where: one.nodes.slice(0, 3).map(function (node) {
      return node.html.slice(0, 200);
    })};
  });
  var out = document.createElement("pre");
  out.id = "found";
  out.textContent = JSON.stringify({violations: told, passes: found.passes.length,
                                    wide: document.documentElement.scrollWidth});
  document.body.replaceChildren(out);
});
"""


def generated(tmp_path: Path) -> duecare.Result:
    file = tmp_path / "generated.jsonl"
    arguments = ["generate", "--cases", "40", "--seed", "3", "--profile", "wiltshire-2022", "--out", file]
    assert support.run_cli([*arguments, "--truth", tmp_path / "truth.jsonl"]).returncode == 0
    policy = duecare.Policy.builtin("england-wales-child-protection")
    return duecare.audit(file, policy, as_of="2023-06-30", verdicts="all")


def example() -> duecare.Result:
    files = [support.ROOT / "examples/caseload" / name for name in ("cases.jsonl", "staff.jsonl")]
    policy = duecare.Policy.load(support.ROOT / "examples/policy.json")
    return duecare.audit(files, policy, as_of="2026-06-01T00:00:00Z", verdicts="all")


def report(result: duecare.Result) -> str:
    stream = io.BytesIO()
    _report.to_html(_report.make_report(result, limits=_report.Limits(timelines=4)), stream)
    return stream.getvalue().decode()


def over_time(folder: Path) -> str:
    """Two runs and a decision."""
    with duecare.Store(folder / "audits.db", create=True) as store:
        for day in ("2023-03-08", "2023-06-08"):
            result = duecare.audit(example().caseload, example().policy, as_of=day, verdicts="all")
            store.put_run(result, recorded_at=f"{day}T18:00:00Z")
        finding = store.findings(1, verdicts=["missed"])[0]["finding"]
        store.decide(finding, "accepted", by="DI Shaw", reason="so it was", at="2023-06-09T09:00:00Z")
        stream = io.BytesIO()
        write_trend_page(store, stream)
    return stream.getvalue().decode()


def compared(folder: Path) -> str:
    """Two inspections with a recommendation, a decision, an action and what is still open."""
    over_time(folder)
    with duecare.Store(folder / "audits.db") as store:
        finding = store.findings(1, verdicts=["missed"])[0]
        store.action(
            "A-1",
            "Take the statement",
            finding=finding["finding"],
            due_at="2023-04-01T12:00:00Z",
            by="DCI Moss",
            at="2023-03-09T09:00:00Z",
        )
        asked = duecare.Recommendation("R1", "Do what was missed", (finding["duty_id"],), "2023-05-31", 0.9)
        stream = io.BytesIO()
        store.inspection_report(1, 2, recommendations=[asked]).to_html(stream)
    page = stream.getvalue().decode()
    assert 'id="case-1"' in page
    return page


def packed(folder: Path) -> Path:
    """What a reviewer gets."""
    pack_sample(Desk(folder))
    return folder / "pack" / "Ada"


PAGES: dict[str, Callable[[Path], str]] = {
    "example": lambda _: report(example()),
    "generated": lambda folder: report(generated(folder)),
    "over time": over_time,
    "two inspections": compared,
    "reviewer's form": lambda folder: (packed(folder) / "index.html").read_text("utf-8"),
    "reviewer's case": lambda folder: (packed(folder) / "case-0001.html").read_text("utf-8"),
}


def dumped(page: str, scripts: str, folder: Path, width: int) -> dict[str, Any]:
    """What scripts at the end of a page left in the element `found`."""
    if CHROMIUM is None or not AXE.exists():
        told = "chromium and build/axe are needed: run tests/run.sh"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    file = folder / f"{width}.html"
    file.write_text(page.replace("</body>", f"{scripts}</body>"), encoding="utf-8")
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder / 'profile'}",
    ]
    command += [f"--window-size={width},2000", "--virtual-time-budget=300000", "--dump-dom", file.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    found = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found is not None, done.stderr[-2000:]
    return dict(json.loads(html.unescape(found[1])))


@pytest.mark.parametrize("width", [1440, 500])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(name: str, width: int, tmp_path: Path) -> None:
    page = PAGES[name](tmp_path)
    axe = AXE.read_text(encoding="utf-8") if AXE.exists() else ""
    scripts = f"<script>{axe}</script><script>{PROBE % json.dumps(TAGS)}</script>"
    found = dumped(page, scripts, tmp_path, width)
    assert found["violations"] == []
    assert found["passes"] > 15
    assert found["wide"] <= width, "the page as a whole must not scroll sideways"


# Answers the first question, saves, and leaves the text of the file as the only text of the page.
SAVE = """<script>
URL.createObjectURL = function (blob) {
  blob.text().then(function (text) {
    var out = document.createElement("pre");
    out.id = "found";
    out.textContent = JSON.stringify({csv: text});
    document.body.replaceChildren(out);
  });
  return "#";
};
document.querySelector("select").value = "deviation";
document.querySelector("input").value = '=said("no", twice)';
document.getElementById("save").click();
</script>"""


def test_the_form_saves_what_the_import_reads(tmp_path: Path) -> None:
    folder = packed(tmp_path)
    text = dumped((folder / "index.html").read_text("utf-8"), SAVE, tmp_path, 1000)["csv"]
    assert "\"'=said(" in text, "no formula for the spreadsheet that opens it"
    (tmp_path / "answers.csv").write_text(text, encoding="utf-8")
    with (folder / "answers.csv").open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))["case"]
    assert read_answers(tmp_path / "answers.csv") == [
        Review(first, "Ada", "q", "deviation", comment='=said("no", twice)')
    ]
