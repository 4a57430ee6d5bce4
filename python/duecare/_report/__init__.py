"""The report: one page about a caseload for those who answer for it, with pictures, evidence and sources."""

from duecare._report._author import make_report
from duecare._report._disguise import Anonymous, Disguise
from duecare._report._model import Limits, Report
from duecare._report._render import to_html

__all__ = ["Anonymous", "Disguise", "Limits", "Report", "make_report", "to_html"]
