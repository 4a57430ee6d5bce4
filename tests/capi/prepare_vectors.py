"""Splits the vectors of tests/conformance into plain files that a C program without a JSON library reads.

Arguments: the folder of the vectors, the folder to write to. For each vector a folder with
    policy.json, layer0.json, ...   the policy and those that it extends
    caseload.jsonl                  the lines as they stand in the vector
    meta                            as_of, then known_at or an empty line, then the rejected lines
    expected.jsonl                  a finding a line: compact JSON, keys in the order of the contract
    monitor1, monitor2, ...         what a monitor is told, a step a line: see steps_of()
and `index` with the names of all. Text beyond ASCII stands as it is; only control characters are escaped.
"""

import json
import random
import re
import sys
from pathlib import Path

WALKS = 3
FIELDS = [
    "case_id", "duty_id", "key", "verdict", "opened_at", "due_at", "ended_at", "overdue_seconds",
    "elapsed_seconds", "missed_periods", "trigger_event", "ending_event", "flags", "reason", "evidence",
    "owner",
]  # fmt: skip


def write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))


def parts_of(vector: dict, chance: random.Random) -> tuple[list[list[str]], list[tuple[int, list[str]]]]:
    """Documents in their order with a few of their events, and the other events with the index of theirs."""
    rejected = {r["line"] for r in vector.get("expect_rejects", [])}
    documents: list[list[str]] = []
    events: list[tuple[int, list[str]]] = []
    for line, document in enumerate(vector["caseload"], 1):
        if line in rejected:
            continue
        if isinstance(document, str) or "events" not in document:
            text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
            documents.append(["D", text])
            continue
        kept, again = [], []
        for number, event in enumerate(document["events"], 1):
            named = event if event.get("id") is not None else event | {"id": f"#{number}"}
            way = chance.randrange(8)
            if way == 0 and "replaces" not in event:
                kept.append(named)
            elif way == 1 and "replaces" not in event:
                again.append(named)
            else:
                text = json.dumps(named, ensure_ascii=False)
                events.append((len(documents), ["E", document["id"], text]))
        if again:
            text = json.dumps(document | {"events": again}, ensure_ascii=False)
            events.append((len(documents), ["D", text]))
        documents.append(["D", json.dumps(document | {"events": kept}, ensure_ascii=False)])
    return documents, events


def steps_of(vector: dict, seed: int) -> list[list[str]]:
    """A walk through a monitor, the fields of a step parted by tabs:
        D, document                     push_document: a case that is new or has more events, or staff
        E, case id, event               push_event, in any order
        C, as_of, seconds, known_at, s  set_clock: instants, and seconds to add to each
        S                               snapshot, and go on with what is restored from it
        A                               hold what it lists against an audit of what it has
    Documents come in the order of the caseload, which decides ties between cases.
    """
    chance = random.Random(f"{vector['name']} {seed}")
    documents, events = parts_of(vector, chance)
    chance.shuffle(events)
    stops = [vector["as_of"]]
    for _, step in events:
        at = json.loads(step[2])["occurred_at"] if step[0] == "E" else ""
        if re.match(r"(19|20)\d\d-\d\d-\d\d", at):
            stops.append(at)
    known_at = vector.get("known_at") or vector["as_of"]
    steps: list[list[str]] = []
    placed = 0
    while placed < len(documents) or events:
        ready = [i for i, (of, _) in enumerate(events) if of < placed]
        if placed < len(documents) and (not ready or chance.randrange(4) == 0):
            steps.append(documents[placed])
            placed += 1
        elif ready:
            steps.append(events.pop(ready[0])[1])
        if chance.randrange(3) == 0:
            until = vector["as_of"] if chance.randrange(2) else chance.choice(stops)
            known = known_at if chance.randrange(2) else chance.choice(stops)
            later = chance.choice([0, 0, 1, -1, 86400 * chance.randrange(60), 3600 * chance.randrange(48)])
            steps.append(["C", until, str(later), known, str(chance.randrange(2) * later)])
        if chance.randrange(6) == 0:
            steps.append(["S"])
        if chance.randrange(10) == 0:
            steps.append(["A"])
    return steps


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
    for seed in range(1, WALKS + 1):
        steps = ["\t".join(step) + "\n" for step in steps_of(vector, seed)]
        write(into / f"monitor{seed}", "".join(steps))


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
