"""Pictures: built as data (``Chart``), drawn as SVG for pages or by Matplotlib for analysts."""

from duecare._figures._chart import Chart, Table
from duecare._figures._pages import case_html, case_text
from duecare._figures._svg import to_svg
from duecare._figures._timeline import timeline_chart

__all__ = ["Chart", "Table", "case_html", "case_text", "timeline_chart", "to_svg"]
