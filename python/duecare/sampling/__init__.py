"""Which files to read, and what the answers prove: frames, draws, estimates.

Nothing here knows of cases or policies: ids, strata, sizes and numbers go in.
"""

from duecare.sampling._bounds import methods, proportion_bounds
from duecare.sampling._calculate import calculate
from duecare.sampling._frame import Frame, Unit
from duecare.sampling._review import Review, check_reviews, read_reviews, write_reviews
from duecare.sampling._sample import (
    Difference,
    DrawnUnit,
    Manifest,
    Plan,
    Sample,
    check_commitment,
    commitment,
    derive,
    draw,
    ticket,
    tickets,
    verify,
)

__all__ = [
    "Difference",
    "DrawnUnit",
    "Frame",
    "Manifest",
    "Plan",
    "Review",
    "Sample",
    "Unit",
    "calculate",
    "check_commitment",
    "check_reviews",
    "commitment",
    "derive",
    "draw",
    "methods",
    "proportion_bounds",
    "read_reviews",
    "ticket",
    "tickets",
    "verify",
    "write_reviews",
]
