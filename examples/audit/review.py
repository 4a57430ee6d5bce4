"""Plays two reviewers who read the drawn files, with stated rates of error.

What is true of a case is known here, since the caseload is invented: a case deviates from a duty if a
failing of that duty was planted in it. Ann overlooks one deviation in ten and sees one in fifty that is not
there; Ben reads every third file again, and errs twice as often. One file in thirty cannot be reviewed.
Chance is taken from SHA-256, so that every run gives the same answers.

    python review.py MANIFEST TRUTH DUTY...
"""

import csv
import hashlib
import json
import sys

from duecare.sampling import Manifest

OVERLOOKED, IMAGINED, UNREADABLE = 100, 20, 33  # of 1,000
REVIEWERS = (("ann", 1, 1), ("ben", 2, 3))  # name, errors times, reads every n-th


def chance(per_mille: int, *of: str) -> bool:
    digest = hashlib.sha256("|".join(("review", *of)).encode()).digest()
    return int.from_bytes(digest[:8], "big") % 1000 < per_mille


def answer(case: str, duty: str, reviewer: str, errors: int, deviates: bool) -> tuple[str, str]:
    if chance(UNREADABLE, case, duty):
        return "unreviewable", "the file could not be found"
    mistaken = chance(errors * (OVERLOOKED if deviates else IMAGINED), case, duty, reviewer)
    return ("deviation" if deviates != mistaken else "compliant"), ""


def main() -> None:
    manifest_path, truth_path, *duties = sys.argv[1:]
    with open(manifest_path, encoding="utf-8") as file:
        manifest = Manifest(file.read())
    with open(truth_path, encoding="utf-8") as file:
        failings = {(one["case_id"], one["duty_id"]) for one in map(json.loads, file)}
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["case", "reviewer", "duty", "answer", "comment", "date"])
    for duty in duties:
        for name, errors, every in REVIEWERS:
            for unit in manifest.units:
                if unit.in_scope and unit.rank % every == 0:
                    said, comment = answer(unit.id, duty, name, errors, (unit.id, duty) in failings)
                    table.writerow([unit.id, name, duty, said, comment, "2026-02-16"])


if __name__ == "__main__":
    main()
