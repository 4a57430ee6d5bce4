"""Pictures for analysts: Matplotlib figures of the same charts, and a clear word where it is missing."""

import io
import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import duecare
import support
from duecare import plot
from duecare._figures._chart import Line
from duecare._figures._trend import trend_chart
from duecare._store_rows import under_another_policy

matplotlib_figure = pytest.importorskip("matplotlib.figure")


@pytest.fixture(scope="module")
def result() -> duecare.Result:
    policy = duecare.Policy.load(support.ROOT / "examples/policy.json")
    files = [support.ROOT / "examples/caseload" / name for name in ("cases.jsonl", "staff.jsonl")]
    return duecare.audit(files, policy, as_of="2026-06-01T00:00:00Z", verdicts="all")


def drawn(figure: Any) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return stream.getvalue()


def test_each_gives_a_figure_of_the_library_itself(result: duecare.Result) -> None:
    figures = [
        plot.timeline(result.case("WILTS-1")),
        plot.funnel(result),
        plot.cadence(result),
        plot.survival(result, duties=["missing-record-opened"]),
        plot.heatmap(result),
        plot.lags(result),
    ]
    for figure in figures:
        assert isinstance(figure, matplotlib_figure.Figure)
        assert drawn(figure).startswith(b"\x89PNG")
    assert figures[0].axes[0].get_title(loc="left") == "Case WILTS-1"
    labels = [one.get_text() for one in figures[0].axes[0].get_yticklabels()]
    assert labels[:2] == ["What happened", "When it was recorded"]


def test_a_trend_marks_a_change_of_policy(result: duecare.Result, tmp_path: Path) -> None:
    other = duecare.Policy.builtin("england-wales-child-protection")
    with duecare.Store(tmp_path / "audits.db", create=True) as store:
        for number, policy in enumerate((result.policy, result.policy, other), 1):
            again = duecare.audit(result.caseload, policy, as_of=f"2026-06-0{number}", verdicts="all")
            store.put_run(again, recorded_at=f"2026-06-0{number}T18:00:00Z")
        figure = plot.trend(store)
        assert drawn(figure).startswith(b"\x89PNG")
        chart = trend_chart(store.trend(), under_another_policy(store.runs))
    assert [row[0] for row in chart.table.rows] == ["1", "2", "3"]
    dashed = [mark for mark in chart.marks if isinstance(mark, Line) and mark.dash]
    assert [mark.points[0][0] for mark in dashed] == [2.5]
    bounds = [y for mark in chart.marks if isinstance(mark, Line) and not mark.dash for _, y in mark.points]
    assert len(bounds) == 6
    assert all(chart.y.low <= y <= chart.y.high for y in bounds)


def test_wrong_arguments(result: duecare.Result) -> None:
    with pytest.raises(duecare.ArgumentError, match="no duty 'x'"):
        plot.funnel(result, duties=["x"])
    with pytest.raises(duecare.ArgumentError, match="list of ids"):
        plot.cadence(result, duties="missing-record-opened")
    with pytest.raises(duecare.ArgumentError, match="one to four"):
        plot.survival(result, duties=[])
    with pytest.raises(duecare.ArgumentError, match="waits for nothing"):
        plot.survival(result, duties=["notice-content"])


def test_without_matplotlib_the_error_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['matplotlib'] = sys.modules['matplotlib.figure'] = None\n"
        "import duecare, duecare.plot\n"
        "policy = duecare.Policy.load('examples/policy.json')\n"
        "result = duecare.audit('examples/caseload/cases.jsonl', policy, verdicts='all')\n"
        "try: duecare.plot.funnel(result)\n"
        "except duecare.UnsupportedError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=support.ROOT, check=True
    )
    assert "pip install 'duecare[plot]'" in done.stdout


def test_what_is_passed_is_looked_at(result: duecare.Result) -> None:
    with pytest.raises(TypeError, match=r"case must be a CaseTimeline: result.case\(case_id\), not Result"):
        plot.timeline(result)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"store must be an open duecare.Store.*, not str"):
        plot.trend("audits.db")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"result must be a duecare\.Result"):
        plot.funnel("cases.jsonl")  # type: ignore[arg-type]


def test_an_id_is_no_formula() -> None:
    policy = duecare.Policy.from_json(support.policy())
    caseload = duecare.Caseload.from_documents(
        [support.case("$x^2$ and $", support.event("missing.returned", "2023-01-10T08:00:00Z"))]
    )
    result = duecare.audit(caseload, policy, as_of="2023-01-20", verdicts="all")
    figure = plot.timeline(result.case("$x^2$ and $"))
    axes: Any = figure.axes[0]
    title = next(one for one in axes.get_children() if getattr(one, "get_text", str)().startswith("Case"))
    assert title._preprocess_math(title.get_text()) == ("Case $x^2$ and $", False)


@pytest.mark.filterwarnings("error")
def test_pictures_of_nothing() -> None:
    policy = duecare.Policy.from_json(support.policy())
    caseload = duecare.Caseload.from_documents([support.case("C1")])
    result = duecare.audit(caseload, policy, as_of="2023-01-20", verdicts="all")
    for figure in (plot.lags(result), plot.funnel(result), plot.heatmap(result), plot.cadence(result)):
        drawn(figure)
    figure = plot.timeline(result.case("C1"))
    drawn(figure)
    upper, lower = (one.get_window_extent() for one in figure.axes[0].get_yticklabels())
    assert upper.y0 >= lower.y1


@pytest.mark.parametrize("case_id", ["WILTS-1", "WILTS-3"])
def test_words_of_rows_do_not_overlap(case_id: str, result: duecare.Result) -> None:
    figure = plot.timeline(result.case(case_id))
    drawn(figure)
    words = [label.get_window_extent() for label in figure.axes[0].get_yticklabels() if label.get_text()]
    assert len(words) > 3
    words.sort(key=lambda box: box.y0)
    assert all(below.y1 <= above.y0 + 1 for below, above in itertools.pairwise(words))
