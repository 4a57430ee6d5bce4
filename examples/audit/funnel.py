"""Units beside each other: the machine's findings of one duty in all cases, with the limits of a funnel.

python funnel.py FRAME FINDINGS DUTY
"""

import json
import sys
from collections import Counter

from duecare.sampling import Frame, calculate


def main() -> None:
    frame, findings, duty = sys.argv[1:]
    stratum = {unit.id: unit.stratum for unit in Frame.read(frame).units()}
    cases = Counter(stratum.values())
    with open(findings, encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["duty_id"] == duty]
    wrong = {row["case_id"] for row in rows if row["verdict"] in ("late", "missed")}
    found = Counter(stratum[case] for case in wrong)
    theta = sum(found.values()) / sum(cases.values())
    sys.stdout.write(f"{duty}: {100 * theta:.1f} % of {sum(cases.values())} cases\n")
    for unit, n in sorted(cases.items()):
        asked = {"n": n, "theta": theta, "p": [0.001, 0.025, 0.975, 0.999], "kind": "exact_interpolated"}
        least, low, high, most = (100 * limit for limit in calculate("funnel_limits", asked)["limits"])
        rate = 100 * found[unit] / n
        said = "as expected"
        if not low <= rate <= high:
            said = "alert" if least <= rate <= most else "ALARM"
        sys.stdout.write(
            f"  {unit:<26}{found[unit]:>4} of {n:<5}{rate:>5.1f} %   "
            f"95 % limits {low:4.1f} to {high:4.1f}   {said}\n"
        )


if __name__ == "__main__":
    main()
