"""The report as one page: styles, pictures and the little script stand in it, and nothing is loaded."""

from typing import BinaryIO

from markupsafe import Markup

from duecare._core import version
from duecare._figures._chart import Chart
from duecare._figures._svg import names, to_svg
from duecare._html import templates, write_page
from duecare._report._model import Report


def to_html(report: Report, stream: BinaryIO) -> None:
    """Writes the page, UTF-8."""
    numbered = names()

    def picture(chart: Chart) -> Markup:
        return Markup(to_svg(chart, next(numbered)))  # noqa: S704 - it escapes all text

    environment = templates("duecare._report", {"picture": picture})
    write_page(environment, "report.html.j2", stream, report=report, version=version())
