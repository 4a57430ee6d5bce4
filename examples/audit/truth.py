"""What is true of the whole caseload: the share of cases with a planted failing of each duty.

python truth.py FRAME TRUTH DUTY...
"""

import json
import sys

from duecare.sampling import Frame


def main() -> None:
    frame_path, truth_path, *duties = sys.argv[1:]
    frame = Frame.read(frame_path)
    ids = {unit.id for unit in frame.units()}
    with open(truth_path, encoding="utf-8") as file:
        failings = {(one["case_id"], one["duty_id"]) for one in map(json.loads, file)}
    for duty in duties:
        cases = sum(case in ids for case, of in failings if of == duty)
        sys.stdout.write(f"{duty}: true of {cases} of {len(frame)} cases, {100 * cases / len(frame):.1f} %\n")


if __name__ == "__main__":
    main()
