"""The report as one page: styles, pictures and the little script stand in it, and nothing is loaded."""

import re
from typing import BinaryIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from duecare._core import version
from duecare._figures._chart import Chart
from duecare._figures._svg import names, to_svg
from duecare._report._model import Report


def _web_address(url: str) -> str:
    """Only addresses that a page may safely link to; a policy could hold any text there."""
    return url if re.fullmatch(r"https?://[^\s<>\"]+", url) else ""


def to_html(report: Report, stream: BinaryIO) -> None:
    """Writes the page, UTF-8."""
    environment = Environment(
        loader=PackageLoader("duecare._report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    numbered = names()

    def picture(chart: Chart) -> Markup:
        return Markup(to_svg(chart, next(numbered)))  # noqa: S704 - it escapes all text

    environment.filters["picture"] = picture
    environment.filters["web_address"] = _web_address
    page = environment.get_template("report.html.j2").stream(report=report, version=version())
    page.enable_buffering(64)
    page.dump(stream, encoding="utf-8")
