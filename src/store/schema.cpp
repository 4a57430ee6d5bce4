#include "store/schema.hpp"

#include "store/records.hpp"

namespace duecare::store {

namespace {

// Version 1. Files of it are out there for ever: only migrations change it.
constexpr const char* k_version_1 = R"(
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE link(seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, ref INTEGER NOT NULL, digest BLOB NOT NULL,
  link BLOB NOT NULL);
CREATE TABLE policy(id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, policy_id TEXT NOT NULL,
  version TEXT NOT NULL, title TEXT NOT NULL, zone TEXT NOT NULL, json TEXT NOT NULL);
CREATE TABLE run(id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, policy INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL, label TEXT, by TEXT, as_of INTEGER NOT NULL, known_at INTEGER NOT NULL,
  caseload TEXT NOT NULL, cases INTEGER NOT NULL, events INTEGER NOT NULL, visible INTEGER NOT NULL,
  findings INTEGER NOT NULL, rejects INTEGER NOT NULL, keep INTEGER NOT NULL, engine TEXT NOT NULL,
  zones TEXT NOT NULL);
CREATE TABLE part(run INTEGER NOT NULL, name TEXT NOT NULL, rows INTEGER NOT NULL, digest BLOB NOT NULL,
  blocks BLOB NOT NULL, pruned INTEGER, PRIMARY KEY(run, name)) WITHOUT ROWID;
CREATE TABLE text(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, value TEXT, digest BLOB NOT NULL,
  fit INTEGER NOT NULL);
CREATE UNIQUE INDEX text_value ON text(value);
CREATE INDEX text_run ON text(run);
CREATE TABLE finding(run INTEGER NOT NULL, finding INTEGER NOT NULL, place INTEGER NOT NULL,
  case_id INTEGER NOT NULL, duty INTEGER NOT NULL, key TEXT, verdict INTEGER NOT NULL,
  opened_at INTEGER NOT NULL, due_at INTEGER, ended_at INTEGER, overdue INTEGER NOT NULL,
  elapsed INTEGER NOT NULL, missed INTEGER NOT NULL, trigger TEXT, ending TEXT, flags INTEGER NOT NULL,
  reason INTEGER, owner INTEGER, unit INTEGER, nth INTEGER NOT NULL, fit INTEGER NOT NULL,
  PRIMARY KEY(run, finding)) WITHOUT ROWID;
CREATE TABLE evidence(run INTEGER NOT NULL, finding INTEGER NOT NULL, events TEXT NOT NULL, sentence TEXT,
  fit INTEGER NOT NULL, PRIMARY KEY(run, finding)) WITHOUT ROWID;
CREATE TABLE run_case(run INTEGER NOT NULL, case_id INTEGER NOT NULL, record INTEGER NOT NULL,
  fit INTEGER NOT NULL, PRIMARY KEY(run, case_id)) WITHOUT ROWID;
CREATE TABLE correction(run INTEGER NOT NULL, case_id INTEGER NOT NULL, corrected TEXT NOT NULL,
  by TEXT NOT NULL, fit INTEGER NOT NULL, PRIMARY KEY(run, case_id, corrected, by)) WITHOUT ROWID;
CREATE TABLE tally(run INTEGER NOT NULL, duty INTEGER NOT NULL, unit INTEGER NOT NULL,
  owner INTEGER NOT NULL, verdict INTEGER NOT NULL, n INTEGER NOT NULL, fit INTEGER NOT NULL,
  PRIMARY KEY(run, duty, unit, owner, verdict)) WITHOUT ROWID;
CREATE TABLE reject(run INTEGER NOT NULL, place INTEGER NOT NULL, source TEXT NOT NULL, line INTEGER NOT NULL,
  case_id TEXT NOT NULL, pointer TEXT NOT NULL, reason TEXT NOT NULL, fit INTEGER NOT NULL,
  PRIMARY KEY(run, place)) WITHOUT ROWID;
CREATE TABLE history(case_id INTEGER NOT NULL, record INTEGER NOT NULL, run INTEGER NOT NULL,
  digest BLOB NOT NULL, json TEXT, fit INTEGER NOT NULL, PRIMARY KEY(case_id, record)) WITHOUT ROWID;
CREATE INDEX history_run ON history(run);
CREATE TABLE record(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, body TEXT);
)";

// Version 2 finds records by what they are about, where version 1 read all of them.
constexpr const char* k_version_2 = R"(
ALTER TABLE record ADD COLUMN subject TEXT;
ALTER TABLE record ADD COLUMN at INTEGER;
CREATE INDEX record_subject ON record(kind, subject, id);
)";

void to_version_2(Database& db) {
    db.run(k_version_2);
    Statement read(db, "SELECT id, kind, body FROM record WHERE body IS NOT NULL ORDER BY id");
    Statement write(db, "UPDATE record SET subject = ?2, at = ?3 WHERE id = ?1");
    while (read.step()) {
        const Derived derived = derive(read.text(1), read.text(2));
        write.bind(1, read.number(0)).bind(2, std::string_view(derived.subject)).bind(3, derived.at).run();
    }
}

void set_version(Database& db) {
    db.run(("PRAGMA user_version = " + std::to_string(k_schema_version)).c_str());
}

}  // namespace

void create_schema(Database& db) {
    db.run(("PRAGMA application_id = " + std::to_string(k_application_id)).c_str());
    db.run(k_version_1);
    to_version_2(db);
    set_version(db);
}

std::int64_t need_store(Database& db) {
    const std::int64_t application = db.number("PRAGMA application_id");
    const std::int64_t version = db.number("PRAGMA user_version");
    if (application != k_application_id) {
        throw Error(
            Status::data,
            "This file is no store of duecare: it is an SQLite database of another application. Nothing "
            "was changed in it; give another path.",
            {}, db.path());
    }
    if (version > k_schema_version) {
        throw Error(
            Status::unsupported,
            "This store is of version " + std::to_string(version) + ", and this library knows those up to " +
                std::to_string(k_schema_version) +
                ". Nothing was changed in it; use the version of duecare that wrote it, or a later one.",
            {}, db.path());
    }
    if (version < 1)
        throw Error(Status::data, "This store has no version; it was never finished.", {}, db.path());
    return version;
}

void migrate(Database& db, bool may_write) {
    if (need_store(db) == k_schema_version) return;
    if (!may_write) {
        throw Error(
            Status::unsupported,
            "This store is of an older version and has to be migrated, which opening it to write does. "
            "Open it once to write.",
            {}, db.path());
    }
    Transaction transaction(db);
    if (need_store(db) == 1) to_version_2(db);  // asked again: somebody else may have done it by now
    set_version(db);
    transaction.commit();
}

}  // namespace duecare::store
