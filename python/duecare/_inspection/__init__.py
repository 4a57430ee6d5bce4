"""The difference of two inspections: what was audited, what was met then and since, what came of findings."""

from duecare._inspection._build import make_inspection_report
from duecare._inspection._model import Basis, InspectionReport
from duecare._inspection._recommendations import Recommendation, read_recommendations

__all__ = ["Basis", "InspectionReport", "Recommendation", "make_inspection_report", "read_recommendations"]
