"""Splits the vectors of tests/conformance into plain files that a C program without a JSON library reads.

Arguments: the folder of the vectors, the folder to write to. For each vector a folder with
    policy.json, layer0.json, ...   the policy and those that it extends
    caseload.jsonl                  the lines as they stand in the vector
    meta                            as_of, then known_at or an empty line, then the rejected lines
    expected.jsonl                  a finding a line: compact JSON, keys in the order of the contract
and `index` with the names of all. Text beyond ASCII stands as it is; only control characters are escaped.
"""

import json
import sys
from pathlib import Path

FIELDS = [
    "case_id", "duty_id", "key", "verdict", "opened_at", "due_at", "ended_at", "overdue_seconds",
    "elapsed_seconds", "missed_periods", "trigger_event", "ending_event", "flags", "reason", "evidence",
    "owner",
]  # fmt: skip


def write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))


def prepare(vector: dict, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    write(into / "policy.json", json.dumps(vector["policy"], ensure_ascii=False, indent=1))
    for i, layer in enumerate(vector.get("policies", [])):
        write(into / f"layer{i}.json", json.dumps(layer, ensure_ascii=False, indent=1))
    lines = [x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in vector["caseload"]]
    write(into / "caseload.jsonl", "".join(line + "\n" for line in lines))
    rejects = [str(r["line"]) for r in vector.get("expect_rejects", [])]
    write(into / "meta", "\n".join([vector["as_of"], vector.get("known_at") or "", " ".join(rejects)]) + "\n")
    expected = []
    for finding in vector["expect"]:
        unknown = set(finding) ^ set(FIELDS)
        if unknown:
            raise SystemExit(f"{vector['name']}: fields {sorted(unknown)}")
        ordered = {name: finding[name] for name in FIELDS}
        expected.append(json.dumps(ordered, ensure_ascii=False, separators=(",", ":")))
    write(into / "expected.jsonl", "".join(line + "\n" for line in expected))


def main() -> int:
    source, into = Path(sys.argv[1]), Path(sys.argv[2])
    names = []
    for path in sorted(source.glob("*.json")) + sorted(source.glob("random/*.json")):
        prepare(json.loads(path.read_text(encoding="utf-8")), into / path.stem)
        names.append(path.stem)
    if not names or len(set(names)) != len(names):
        raise SystemExit(f"{source}: no vectors, or two of one name")
    write(into / "index", "".join(name + "\n" for name in names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
