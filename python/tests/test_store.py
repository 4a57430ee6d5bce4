"""Store: runs, work on findings and the chain, from Python and through ``duecare store``."""

import json
import re
import sqlite3
import stat
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

import duecare
import support
from duecare._types import VERDICTS

EXAMPLES = support.ROOT / "examples"
FILES = [EXAMPLES / "caseload/cases.jsonl", EXAMPLES / "caseload/staff.jsonl"]
WHEN = "2026-01-31T09:00:00Z"
KEY = bytes(range(32))


@pytest.fixture(scope="module")
def policy() -> duecare.Policy:
    return duecare.Policy.load(EXAMPLES / "policy.json")


@pytest.fixture(scope="module")
def march(policy: duecare.Policy) -> duecare.Result:
    return duecare.audit(FILES, policy, as_of="2023-03-08", verdicts="all")


@pytest.fixture(scope="module")
def june(policy: duecare.Policy) -> duecare.Result:
    return duecare.audit(FILES, policy, as_of="2023-06-08", verdicts="all")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audits.db"


def test_a_run_is_kept_as_it_was(path: Path, march: duecare.Result, policy: duecare.Policy) -> None:
    with duecare.Store(path, create=True, keep="evidence") as store:
        run = store.put_run(march, recorded_at=WHEN, label="March", by="DS Wells")
        assert (run.run, run.is_new, run.findings) == (1, True, len(march.findings))
        again = store.put_run(march, recorded_at="2026-02-01T09:00:00Z")
        assert (again.run, again.is_new, again.head) == (1, False, run.head)
        assert store.head == run.head
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with duecare.Store(path, read_only=True) as store:
        (kept,) = store.runs
        assert kept["label"] == "March"
        assert kept["counts"] == {str(v): n for v, n in march.summary.totals.items()}
        rows = store.findings(1)
        assert rows.summary["total"] == len(rows) == len(march.findings)
        for row, finding in zip(rows, march.findings, strict=True):
            said = finding.to_dict()
            for name in ("case_id", "duty_id", "key", "verdict", "opened_at", "due_at", "flags", "reason"):
                assert row[name] == said[name], name
            assert row["explanation"] == finding.explanation
            assert row["evidence"] == said["evidence"]
        assert store.policy(1) == policy
        assert store.verify_rerun(1, duecare.Caseload.load(*FILES))
        with pytest.raises(duecare.StateError, match="read only"):
            store.put_run(march)


def test_every_obligation_is_asked_for(path: Path, policy: duecare.Policy) -> None:
    some = duecare.audit(FILES, policy, as_of="2023-03-08")
    with (
        duecare.Store(path, create=True) as store,
        pytest.raises(duecare.ArgumentError, match="all verdicts"),
    ):
        store.put_run(some)


def test_what_became_of_findings(path: Path, march: duecare.Result, june: duecare.Result) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN)
        store.put_run(june, recorded_at="2026-02-28T09:00:00Z")
        rows = store.life(1, 2, kinds=["new", "worse"])
        before = {(f.case_id, f.duty_id, f.key, f.opened_at): f.verdict for f in march.findings}
        wrong = {"late", "missed", "unassessable"}
        new = [
            f
            for f in june.findings
            if f.verdict in wrong and before.get((f.case_id, f.duty_id, f.key, f.opened_at)) not in wrong
        ]
        assert rows.summary["counts"]["new"] == len(new) > 0
        assert {row["life"] for row in rows} <= {"new", "worse"}
        assert not rows.summary["policy_changed"]


def test_trends_have_counts_and_bounds(path: Path, march: duecare.Result, june: duecare.Result) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN)
        store.put_run(june, recorded_at="2026-02-28T09:00:00Z")
        first, second = store.trend()
        assert [first["run"], second["run"]] == [1, 2]
        assert first["met"] == march.summary.totals["met"]
        assert first["judged"] == first["met"] + first["late"] + first["missed"]
        (all_of_it,) = march.compliance(by=[])
        assert (first["rate"], (first["rate_low"], first["rate_high"])) == (
            all_of_it.rate,
            all_of_it.interval,
        )
        duties = store.trend("duty", to_run=1)
        assert sum(row["total"] for row in duties) == len(march.findings)
        assert all(row["rate"] is None for row in duties if row["judged"] == 0)
        assert len(store.trend("duty").to_pandas()) == len(store.trend("duty").to_arrow())
        assert store.trend("total", duty_id="victim-statement").to_polars().height == 2


def test_a_trend_of_what_an_earlier_run_had_not_judged(
    path: Path, march: duecare.Result, june: duecare.Result
) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN)
        store.put_run(june, recorded_at="2026-02-28T09:00:00Z")
        judged = {row["finding"] for row in store.findings(1, verdicts=["met", "late", "missed"])}
        left = Counter(
            (row["duty_id"], row["verdict"]) for row in store.findings(2) if row["finding"] not in judged
        )
        assert 0 < left.total() < len(june.findings)
        points = store.trend(["duty"], from_run=2, since_run=1)
        found = {(one["duty_id"], verdict): one[verdict] for one in points for verdict in VERDICTS}
        assert {key: n for key, n in found.items() if n} == left
        with pytest.raises(duecare.NotFoundError, match="no run 3"):
            store.trend(since_run=3)
        gone = {"by": "records", "reason": "time", "at": "2027-01-01T00:00:00Z"}
        store.prune("2026-02-01T00:00:00Z", ["findings"], **gone)
        for since, run in ((1, 2), (2, 1)):
            with pytest.raises(duecare.StateError, match="findings of run 1 were pruned"):
                store.trend(since_run=since, from_run=run, to_run=run)


def test_a_trend_by_several_keys(path: Path, march: duecare.Result) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN)
        rows = store.trend(["duty", "owner"])
        assert rows.summary == {"by": ["duty", "owner"]}
        assert list(rows[0])[:4] == ["run", "as_of", "duty_id", "owner"]
        by = {(row["duty_id"], row["owner"]): row for row in rows}
        told = march.compliance(by=["duty", "owner"])
        assert len(by) == len(told)
        for one in told:
            row = by[one.group["duty"] or "", one.group["owner"]]
            assert {verdict: row[verdict] for verdict in one.counts} == one.counts
            assert (row["rate"], row["judged"]) == (one.rate, one.judged)
        assert [row["total"] for row in store.trend([])] == [len(march.findings)]
        with pytest.raises(duecare.ArgumentError, match=r"/by.*twice"):
            store.trend(["duty", "duty"])
        with pytest.raises(duecare.ArgumentError, match="is not one of"):
            store.trend(["duty", cast("Any", "team")])
    done = support.run_cli(["store", "trend", path, "--by", "duty,owner", "--format", "csv"])
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert lines[0].startswith("run,as_of,duty_id,owner,met,")
    assert len(lines) == 1 + len(by)
    assert support.run_cli(["store", "trend", path, "--by", "team"]).returncode == 1


def test_decisions_make_the_precision(path: Path, march: duecare.Result) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN)
        first, second, *_ = store.findings(1, verdicts=["missed"])
        store.decide(first["finding"], "accepted", by="DI Shaw", reason="so it was", at=WHEN)
        store.decide(
            first["finding"],
            "false_alarm",
            by="DI Shaw",
            reason="on paper",
            at=datetime(2026, 2, 2, tzinfo=UTC),
        )
        store.decide(second["finding"], "explained", by="DI Shaw", reason="in hospital", at=WHEN)
        assert len(store.records("decision")) == 3
        latest = store.records("decision", finding=first["finding"], latest=True)
        assert [row["body"]["verdict"] for row in latest] == ["false_alarm"]
        right = {row["duty_id"]: (row["right"], row["decided"]) for row in store.precision()}
        assert sum(n for n, _ in right.values()) == 1
        assert sum(n for _, n in right.values()) == 2
        with pytest.raises(duecare.NotFoundError):
            store.decide("0" * 16, "accepted", by="DI Shaw", reason="x", at=WHEN)
        with pytest.raises(duecare.ArgumentError, match="/reason"):
            store.decide(first["finding"], "accepted", by="DI Shaw", reason="", at=WHEN)
        with pytest.raises(duecare.ArgumentError, match="time zone"):
            store.note("x", by="DI Shaw", about="y", at=datetime(2026, 1, 1))  # noqa: DTZ001


def test_actions_as_they_stand(path: Path, march: duecare.Result) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN)
        store.action("A-1", "Look", by="DCI Moss", due_at="2026-03-01T00:00:00Z", at=WHEN)
        store.action("A-2", "Ask", by="DCI Moss", due_at="2026-05-01T00:00:00Z", at=WHEN)
        store.action("A-2", "Ask", by="DCI Moss", status="done", at="2026-02-02T00:00:00Z")
        actions = {row["id"]: row for row in store.actions(at="2026-03-02T00:00:00Z")}
        assert actions["A-1"]["overdue_seconds"] == 86_400
        assert actions["A-2"]["status"] == "done"
        assert [row["id"] for row in store.actions(status="open")] == ["A-1"]


def test_what_is_not_said_of_an_action_stays_and_every_column_is_listed(
    path: Path, march: duecare.Result
) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN)
        finding = store.findings(1, verdicts=["missed"])[0]["finding"]
    said = ["store", "action", path, "A-2", "--by", "DCI Moss"]
    store_action = ["store", "action", path, "A-1", "Ask", "--by", "DCI Moss", "--status", "done"]
    assert support.run_cli(store_action).returncode == 0
    opened = [*said, "Look", "--due", "2024-07-01", "--owner", "DS Fox", "--finding", finding]
    for arguments in (opened, [*said, "--status", "done"]):
        done = support.run_cli(arguments)
        assert done.returncode == 0, done.stderr
    done = support.run_cli(["store", "actions", path, "--at", "2024-08-01", "--format", "csv"])
    header, first, second = done.stdout.decode().splitlines()
    assert header.startswith("id,title,status,due_at,owner,finding,run,case_id,duty_id,by,reason,at,record,")
    assert first.startswith("A-1,Ask,done,,,")
    # A date alone is the end of that day, in the zone of the policy.
    assert second.startswith(f"A-2,Look,done,2024-07-01T22:59:59.999999Z,DS Fox,{finding},1,")
    with duecare.Store(path) as store:
        store.action("A-2", owner="", by="DCI Moss", at="2027-01-01T00:00:00Z")
        assert [row["owner"] for row in store.actions()] == [None, None]
        assert store.actions().to_arrow().column_names[:5] == ["id", "title", "status", "due_at", "owner"]
    done = support.run_cli([*said, "--duty", "victim-statment"])
    assert done.returncode == 1
    assert b'no duty "victim-statment". Did you mean "victim-statement"?' in done.stderr


def test_runs_stand_by_their_instants(path: Path, march: duecare.Result, june: duecare.Result) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(june, recorded_at=WHEN)
        store.put_run(march, recorded_at="2026-02-28T09:00:00Z")
        assert [row["run"] for row in store.trend()] == [2, 1]
        assert store.life(2, 1).summary["counts"]["new"] > 0
        with pytest.raises(duecare.ArgumentError, match=r"run 1 as of .* comes after run 2 as of"):
            store.life(1, 2)
    page = path.with_suffix(".html")
    assert support.run_cli(["store", "report", path, "-o", page]).returncode == 0
    assert "as of 2023-03-08 to 2023-06-08" in page.read_text()
    done = support.run_cli(["store", "trend", path, "--by", "duty", "--by", "owner", "--format", "csv"])
    assert done.stdout.startswith(b"run,as_of,duty_id,owner,")


def test_a_damaged_and_an_empty_store(path: Path, march: duecare.Result) -> None:
    path.touch()
    done = support.run_cli(["store", "runs", path])
    assert (done.returncode, b"This file is empty" in done.stderr) == (1, True)
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    done = support.run_cli(["store", "runs", path])
    assert b"`duecare store verify`" in done.stderr
    done = support.run_cli(["store", "verify", path])
    assert done.returncode == 1, done.stderr
    said = done.stdout.decode()
    assert said.startswith("DAMAGED: ")
    assert "SQLite's own check says: " in said
    assert "run (1 row)" in said
    assert "cannot be read whole" in said


def test_pruning_says_what_went(path: Path, march: duecare.Result) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN)
        finding = store.findings(1, verdicts=["missed"])[0]["finding"]
    prune = ["store", "prune", path, "--before", "2026-02-01", "--by", "R", "--reason", "age"]
    done = support.run_cli([*prune, "--what", "findings"])
    assert done.stdout.decode().splitlines()[0] == "removed the findings of run 1", done.stderr
    done = support.run_cli([*prune, "--what", "records", "--format", "json"])
    assert json.loads(done.stdout)["records"] == 0
    done = support.run_cli(["store", "decide", path, finding, "accepted", "--by", "a", "--reason", "b"])
    assert done.returncode == 1
    assert b"The findings of run 1 were pruned; it may have been one of them." in done.stderr


def test_pseudonyms(path: Path, march: duecare.Result) -> None:
    with duecare.Store(path, create=True, key=KEY) as store:
        store.put_run(march, recorded_at=WHEN)
        assert len(store.findings(1, case_id="WILTS-1")) > 0
    raw = path.read_bytes()
    assert b"WILTS-1" not in raw
    with pytest.raises(duecare.ArgumentError):
        duecare.Store(path, key=b"another key of sixteen")
    with pytest.raises(duecare.ArgumentError, match="--pseudonymise FILE"):
        duecare.Store(path)
    with duecare.Store(path, read_only=True) as store:
        assert all(row["case_id"] != "WILTS-1" for row in store.findings(1))


def tamper(path: Path, sql: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(sql)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE finding SET verdict = 0 WHERE (run, finding) = "
        "(SELECT run, finding FROM finding WHERE verdict <> 0 LIMIT 1)",
        "DELETE FROM record WHERE id = 1",
        "UPDATE run SET label = 'April'",
    ],
)
def test_what_was_changed_is_named(path: Path, march: duecare.Result, sql: str) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN, label="March")
        head = store.note("seen", by="DS Wells", about="March", at=WHEN).head
        assert store.verify(head)
    tamper(path, sql)
    with duecare.Store(path, read_only=True) as store:
        found = store.verify(head)
        assert not found
        assert found.faults[0].message
    done = support.run_cli(["store", "verify", path])
    assert done.returncode == 1
    assert done.stdout.startswith(b"CHANGED")


def test_a_run_again_over_other_files_says_what_differs(
    path: Path, march: duecare.Result, tmp_path: Path
) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN)
    other = tmp_path / "cases.jsonl"
    lines = FILES[0].read_text().splitlines()
    other.write_text("\n".join(line for line in lines if json.loads(line).get("id") != "WILTS-1"))
    arguments = ["store", "verify", path, "--rerun", "1", "--caseload"]
    done = support.run_cli([*arguments, other, "--caseload", FILES[1]])
    assert done.returncode == 1
    assert b"is NOT the same" in done.stdout
    assert b"WILTS-1  victim-statement" in done.stdout
    done = support.run_cli([*arguments, FILES[0], "--caseload", FILES[1]])
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_key_of_encryption_needs_sqlcipher(path: Path) -> None:
    with pytest.raises(duecare.UnsupportedError, match="The SQLite of this process is not SQLCipher; it is"):
        duecare.Store(path, create=True, cipher_key=b"secret")
    assert not path.exists()
    with pytest.raises(duecare.ArgumentError, match="1 to 1024 bytes"):
        duecare.Store(path, create=True, cipher_key=b"")
    assert not path.exists()


def test_a_duty_that_no_run_knows(path: Path, march: duecare.Result) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN)
        assert store.findings(1, duty_id="victim-statement")
        for ask in (store.trend, lambda duty_id: store.findings(1, duty_id=duty_id)):
            with pytest.raises(duecare.NotFoundError, match='Did you mean "victim-statement"'):
                ask(duty_id="victim-statment")
    done = support.run_cli(["store", "show", path, "1", "--duty", "victim-statment"])
    assert done.returncode == 1
    assert b'Did you mean "victim-statement"' in done.stderr


def test_a_later_version_is_refused(path: Path, march: duecare.Result) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN)
    tamper(path, "PRAGMA user_version = 99")
    with pytest.raises(duecare.UnsupportedError, match="99"):
        duecare.Store(path)


def test_a_writer_who_waits_too_long(path: Path, march: duecare.Result) -> None:
    with duecare.Store(path, create=True, busy_seconds=0.01) as store:
        other = sqlite3.connect(path)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(duecare.BusyError):
            store.put_run(march, recorded_at=WHEN)
        other.rollback()
        other.close()
        assert store.put_run(march, recorded_at=WHEN).is_new


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda path: duecare.Store(path), duecare.NotFoundError),
        (lambda path: (path.write_bytes(b"no database" * 100), duecare.Store(path)), duecare.DataError),
        (lambda path: duecare.Store(path, keep=cast("Any", "all")), duecare.ArgumentError),
        (lambda path: duecare.Store(path, create=True, key=b"short"), duecare.ArgumentError),
        (lambda path: duecare.Store(path / "no" / "folder.db", create=True), duecare.FileError),
    ],
)
def test_what_cannot_be_opened(path: Path, make: Callable[[Path], object], error: type[Exception]) -> None:
    with pytest.raises(error):
        make(path)


def test_a_closed_store(path: Path) -> None:
    store = duecare.Store(path, create=True)
    store.close()
    store.close()
    with pytest.raises(duecare.StateError, match="closed"):
        store.runs  # noqa: B018


def test_pruning_leaves_what_verifies(path: Path, march: duecare.Result, tmp_path: Path) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN)
        store.backup(tmp_path / "copy.db")
        store.prune(
            "2027-01-01T00:00:00Z", ["findings"], by="records", reason="time", at="2027-01-01T00:00:00Z"
        )
        assert store.verify()
        with pytest.raises(duecare.Error):
            store.findings(1)
        assert len(store.trend()) == 1
    with duecare.Store(tmp_path / "copy.db", read_only=True) as store:
        assert len(store.findings(1)) == len(march.findings)


def test_a_page_over_time(path: Path, march: duecare.Result, june: duecare.Result, tmp_path: Path) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN, label="<b>March</b>")
        store.put_run(june, recorded_at="2026-02-28T09:00:00Z")
        first = store.findings(1, verdicts=["missed"])[0]
        store.decide(first["finding"], "accepted", by="DI Shaw", reason="so it was", at=WHEN)
        rate = store.trend()[1]["rate"]
        still = store.life(1, 2).summary["counts"]["still_open"]
    page = tmp_path / "trend.html"
    done = support.run_cli(["store", "report", path, "-o", page])
    assert done.returncode == 0, done.stderr
    html = page.read_text(encoding="utf-8")
    assert "<b>March</b>" not in html
    assert "&lt;b&gt;March&lt;/b&gt;" in html
    assert f"{100 * rate:.1f} %" in html
    assert f'<td class="n">{still}</td>' in html
    assert "1 of 1 (20.7 % to 100.0 %)" in html
    assert re.search(r"""(?:src|href|url)\s*[=(]\s*["']?https?:""", html) is None


def test_a_page_over_runs_that_were_pruned(
    path: Path, march: duecare.Result, june: duecare.Result, tmp_path: Path
) -> None:
    with duecare.Store(path, create=True) as store:
        store.put_run(march, recorded_at=WHEN)
        store.put_run(june, recorded_at="2026-02-28T09:00:00Z")
        store.prune("2026-02-01T00:00:00Z", ["findings"], by="records", reason="age", at=WHEN)
    page = tmp_path / "trend.html"
    done = support.run_cli(["store", "report", path, "-o", page])
    assert done.returncode == 0, done.stderr
    assert "whose findings are kept" in page.read_text(encoding="utf-8")
