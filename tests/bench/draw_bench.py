"""Tickets of 1,000,000 ids and the draw of 60 from them: duecare beside hashlib and NumPy, in one run.

Processor time of one core, the best of three. Argument: how many ids.
"""

import hashlib
import heapq
import sys
import time
from collections.abc import Callable

from duecare import sampling

SEED = "31415926535897932384"


def best(call: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        begun = time.process_time()
        call()
        times.append(time.process_time() - begun)
    return min(times)


def with_hashlib(ids: list[str], n: int) -> list[str]:
    hash_of = hashlib.sha256
    return [
        id_
        for _, id_ in heapq.nsmallest(n, ((hash_of(f"{SEED},{id_}".encode()).digest(), id_) for id_ in ids))
    ]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    ids = [f"CASE-{number:07}" for number in range(count)]
    frame = sampling.Frame(ids)
    plan = sampling.Plan.make(design="srs", n=60)
    drawn = sampling.draw(frame, plan, SEED).ids
    if drawn != with_hashlib(ids, 60):
        raise SystemExit("the draws differ")
    rows = [
        ("frame from a list, with digest", best(lambda: sampling.Frame(ids))),
        ("tickets from a list of str", best(lambda: sampling.tickets(SEED, ids))),
        (
            "draw of 60 from the frame (all tickets, selection)",
            best(lambda: sampling.draw(frame, plan, SEED)),
        ),
        ("hashlib and heapq", best(lambda: with_hashlib(ids, 60))),
    ]
    try:
        import numpy as np
    except ImportError:
        pass
    else:
        # No draw that anybody can derive from an id: what a generator alone costs.
        rng = np.random.default_rng(1)
        rows.append(
            (
                "NumPy choice without replacement, for scale",
                best(lambda: rng.choice(count, 60, replace=False)),
            )
        )
        sizes = rng.integers(1, 97, count)

        def pps() -> object:
            u = rng.random(count)
            return np.argpartition(u / sizes, 60)[:60]

        rows.append(("NumPy sequential Poisson in doubles", best(pps)))
        sized = sampling.Frame([{"id": i, "size": int(s)} for i, s in zip(ids, sizes, strict=True)])
        by_size = sampling.Plan.make(design="sequential_poisson", n=60)
        rows.append(("sequential Poisson, exact", best(lambda: sampling.draw(sized, by_size, SEED))))
    for name, seconds in rows:
        print(f"{name:<52}{1000 * seconds:>10.1f} ms{count / max(seconds, 1e-9) / 1e6:>9.2f} M/s")


if __name__ == "__main__":
    main()
