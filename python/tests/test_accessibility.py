"""The report under axe-core in headless Chromium: nothing against WCAG 2.2 AA, wide and on a phone.

Needs ``chromium`` and axe-core in build/axe (tests/setup.sh fetches it). Where they are missing the test is
skipped, except where CI is set: there it fails.
"""

import html
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import duecare
import support
from duecare import _report

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


def probed(page: str, folder: Path, width: int) -> dict[str, Any]:
    assert CHROMIUM is not None
    scripts = f"<script>{AXE.read_text(encoding='utf-8')}</script><script>{PROBE % json.dumps(TAGS)}</script>"
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
@pytest.mark.parametrize("name", ["example", "generated"])
def test_axe_finds_nothing(name: str, width: int, tmp_path: Path) -> None:
    if CHROMIUM is None or not AXE.exists():
        told = "chromium and build/axe are needed: run tests/run.sh"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    result = example() if name == "example" else generated(tmp_path)
    stream = io.BytesIO()
    _report.to_html(_report.make_report(result, limits=_report.Limits(timelines=4)), stream)
    found = probed(stream.getvalue().decode(), tmp_path, width)
    assert found["violations"] == []
    assert found["passes"] > 30
    assert found["wide"] <= width, "the page as a whole must not scroll sideways"
