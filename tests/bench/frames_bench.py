"""From a frame to findings in a frame: seconds and peak memory, beside loading alone and beside SQL.

Arguments: number of events (default 2,000,000). Each measurement runs in a process of its own.
"""

import json
import multiprocessing
import resource
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SOURCE = {"title": "Bench", "section": "1", "url": "https://example.org/b", "status": "illustrative"}
DUTIES = [
    ("missing.returned", "interview.return_home", 72),
    ("case.opened", "review.supervisor", 28 * 24),
    ("report.received", "child.seen", 24),
]
POLICY = {
    "format": "duecare.policy/1", "id": "bench", "version": "1", "title": "Bench",
    "time_zone": "Europe/London",
    "duties": [
        {"id": f"d{i}", "title": "t", "area": "a", "severity": "high", "source": SOURCE, "on": {"event": on},
         "require": {"event": require}, "within": f"{hours} hours"}
        for i, (on, require, hours) in enumerate(DUTIES)
    ],
}  # fmt: skip
AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
TYPES = [*sorted({kind for duty in DUTIES for kind in duty[:2]}), "note.made", "contact.made"]


def make(path: Path, count: int) -> None:
    import numpy
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = numpy.random.default_rng(7)
    cases = numpy.sort(random.integers(0, count // 40, count))
    start = int(datetime(2023, 1, 1, tzinfo=UTC).timestamp())
    at = (start + cases % 500 * 86_400 + random.integers(0, 200 * 86_400, count)) * 1_000_000
    table = pa.table(
        {
            "case_id": pa.array(cases.astype(str)),
            "type": pa.DictionaryArray.from_arrays(random.integers(0, len(TYPES), count), TYPES).cast(
                pa.string()
            ),
            "occurred_at": pa.array(at, pa.timestamp("us", "UTC")),
            "actor": pa.array(random.integers(0, 400, count).astype(str)),
        }
    )
    pq.write_table(table, path)


def _audit(frame: Any) -> Any:
    import duecare

    caseload = duecare.Caseload.from_events(frame)
    return duecare.audit(caseload, duecare.Policy.from_json(POLICY), as_of=AS_OF, verdicts="all").findings


def pandas_alone(path: str) -> int:
    import pandas as pd

    return len(pd.read_parquet(path))


def from_pandas(path: str) -> int:
    import pandas as pd

    return len(_audit(pd.read_parquet(path)).to_pandas(explanations=False))


def from_polars(path: str) -> int:
    import polars as pl

    return len(_audit(pl.read_parquet(path)).to_polars(explanations=False))


def from_parquet(path: str) -> int:
    import duecare

    return int(_audit(duecare.read_table(path)).to_arrow(explanations=False).num_rows)


def sql(path: str) -> int:
    import duckdb

    union = " union all ".join(
        f"""select e.case_id, {i} as duty, e.occurred_at, e.occurred_at + interval {hours} hours as due,
            (select min(r.occurred_at) from t r where r.case_id = e.case_id and r.type = '{require}'
             and r.occurred_at >= e.occurred_at) as answered from t e where e.type = '{on}'"""
        for i, (on, require, hours) in enumerate(DUTIES)
    )
    duckdb.sql(f"create view t as select * from '{path}'")
    verdict = "case when answered <= due then 'met' when answered is not null then 'late' else 'missed' end"
    return len(duckdb.sql(f"select *, {verdict} as verdict from ({union})").df())


def _converted(path: str, convert: Callable[[Any], Any]) -> str:
    """Memory of a conversion: of Python objects, and of the process at its peak, beside the columns made."""
    import duecare

    findings = _audit(duecare.read_table(path))
    # What the import of a library takes is no part of it.
    convert(findings.to_arrow(explanations=False).slice(0, 1))
    findings = findings.table(explanations=False)
    started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() >> 10
    tracemalloc.start()
    frame = convert(findings)
    objects = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # The audit may have had its peak before; less than that cannot be seen.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    columns = findings.to_arrow().nbytes >> 20
    seen = f"{(peak - resident) >> 10}" if peak > started else f"at most {(peak - resident) >> 10}"
    return (
        f"{len(frame):,} findings, {columns} MiB of columns: {objects >> 20} MiB traced by Python, "
        f"{seen} MiB more of the process at the peak"
    )


def to_pandas(path: str) -> str:
    return _converted(path, _pandas_of)


def to_pandas_as_arrow(path: str) -> str:
    import pandas

    return _converted(path, lambda table: table.to_pandas(types_mapper=pandas.ArrowDtype))


def to_polars(path: str) -> str:
    return _converted(path, _polars_of)


def _pandas_of(table: Any) -> Any:
    return table.to_pandas()


def _polars_of(table: Any) -> Any:
    import polars

    return polars.DataFrame(table)


def _child(work: Callable[[str], Any], path: str, out: Any) -> None:
    begun = time.perf_counter()
    told = work(path)
    seconds = time.perf_counter() - begun
    out.put((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10, told))


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.parquet"
        make(path, count)
        print(f"{count:,} events, {path.stat().st_size >> 20} MiB of Parquet")
        for work in (
            pandas_alone,
            from_pandas,
            from_polars,
            from_parquet,
            sql,
            to_pandas,
            to_pandas_as_arrow,
            to_polars,
        ):
            out = context.Queue()
            process = context.Process(target=_child, args=(work, str(path), out))
            process.start()
            seconds, peak, told = out.get(timeout=600)
            process.join()
            print(
                json.dumps(
                    {"what": work.__name__, "seconds": round(seconds, 2), "peak_mib": peak, "told": told}
                )
            )
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
