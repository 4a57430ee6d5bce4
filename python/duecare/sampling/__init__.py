"""Which files to read, and what the answers prove: frames, draws, estimates.

Nothing here knows of cases or policies: ids, strata, sizes and numbers go in.
"""

from duecare.sampling._frame import Frame, Unit
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
    "Sample",
    "Unit",
    "check_commitment",
    "commitment",
    "derive",
    "draw",
    "ticket",
    "tickets",
    "verify",
]
