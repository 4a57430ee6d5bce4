#include "store/queries.hpp"

#include "base/text.hpp"
#include "evaluate/finding.hpp"
#include "store/chain.hpp"
#include "store/definitions.hpp"
#include "store/life.hpp"
#include "store/schema.hpp"

namespace duecare::store {

namespace json = boost::json;

std::string& ObjectWriter::open(std::string_view key) {
    if (!is_first_) to_ += ',';
    is_first_ = false;
    append_json_string(to_, key);
    to_ += ':';
    return to_;
}

void ObjectWriter::text(std::string_view key, std::string_view value) {
    append_json_string(open(key), value);
}
void ObjectWriter::number(std::string_view key, std::int64_t value) {
    append_integer(open(key), value);
}
void ObjectWriter::instant(std::string_view key, std::int64_t value) {
    text(key, time::format_instant(value));
}
void ObjectWriter::flag(std::string_view key, bool value) {
    open(key) += value ? "true" : "false";
}
void ObjectWriter::null(std::string_view key) {
    open(key) += "null";
}
void ObjectWriter::raw(std::string_view key, std::string_view json) {
    open(key) += json;
}
void ObjectWriter::column(std::string_view key, const Statement& row, int column) {
    if (row.is_null(column)) return null(key);
    if (row.type(column) == SQLITE_INTEGER) return number(key, row.number(column));
    text(key, row.text(column));
}
void ObjectWriter::instant_column(std::string_view key, const Statement& row, int column) {
    if (row.is_null(column)) return null(key);
    instant(key, row.number(column));
}

void need_run(Database& db, std::int64_t run, std::string pointer) {
    Statement find(db, "SELECT 1 FROM run WHERE id = ?");
    find.bind(1, run);
    if (find.step()) return;
    const std::int64_t last = db.number("SELECT coalesce(max(id), 0) FROM run");
    throw Error(Status::not_found,
                "There is no run " + std::to_string(run) +
                    (last == 0 ? "; no run was put into this store yet."
                               : "; the store has runs up to " + std::to_string(last) + "."),
                std::move(pointer));
}

std::int64_t need_run(Database& db, const Fields& fields, std::string_view key) {
    const std::int64_t run = fields.whole(key, 1);
    std::string pointer;
    append_pointer(pointer, key);
    need_run(db, run, std::move(pointer));
    return run;
}

void need_duty(Database& db, std::string_view duty, std::int64_t from, std::int64_t to) {
    std::vector<std::string> known;
    Statement read(db,
                   "SELECT DISTINCT p.id, p.json FROM run r JOIN policy p ON p.id = r.policy "
                   "WHERE r.id >= ?1 AND r.id <= ?2 ORDER BY p.id");
    read.bind(1, from).bind(2, to);
    bool has_run = false;
    while (read.step()) {
        has_run = true;
        for (std::string& id : duty_ids_of(read.text(1))) {
            if (id == duty) return;
            known.push_back(std::move(id));
        }
    }
    if (!has_run) return;
    const std::vector<std::string_view> names(known.begin(), known.end());
    std::string where = "The policies of these runs have";
    if (from == to) where = "The policy of run " + std::to_string(from) + " has";
    if (from <= 1 && to == INT64_MAX) where = "The policies of the store's runs have";
    throw Error(Status::not_found,
                where + " no duty \"" + std::string(duty) + "\"." + suggestion(duty, names), "/duty_id");
}

void need_part(Database& db, std::int64_t run, std::string_view part) {
    Statement find(db, "SELECT pruned FROM part WHERE run = ? AND name = ? AND pruned IS NOT NULL");
    find.bind(1, run).bind(2, part);
    if (!find.step()) return;
    throw Error(Status::invalid_state, "The " + std::string(part) + " of run " + std::to_string(run) +
                                           " were pruned; its counts, policy and digests are still there.");
}

namespace {

constexpr const char* k_run_columns =
    "SELECT r.id, r.recorded_at, r.label, r.by, r.as_of, r.known_at, p.policy_id, p.version, p.digest, "
    "r.caseload, "
    "r.cases, r.events, r.visible, r.findings, r.rejects, r.keep, r.engine, r.zones FROM run r JOIN policy p "
    "ON "
    "p.id = r.policy ";

void append_run(ObjectWriter& out, const Statement& row) {
    static constexpr std::string_view k_keeps[] = {"identity", "evidence", "histories"};
    out.number("run", row.number(0));
    out.instant("recorded_at", row.number(1));
    out.column("label", row, 2);
    out.column("by", row, 3);
    out.instant("as_of", row.number(4));
    out.instant("known_at", row.number(5));
    out.text("policy_id", row.text(6));
    out.text("policy_version", row.text(7));
    out.text("policy_digest", row.text(8));
    out.text("caseload_digest", row.text(9));
    out.number("cases", row.number(10));
    out.number("events", row.number(11));
    out.number("visible_events", row.number(12));
    out.number("findings", row.number(13));
    out.number("rejects", row.number(14));
    const auto keep = static_cast<std::size_t>(row.number(15));
    out.text("keep", keep < 3 ? k_keeps[keep] : "unknown");
    out.text("engine", row.text(16));
    out.text("zone_data", row.text(17));
}

/// {"met": 3, ...} with all verdicts, from rows of verdict and number.
class Counts {
  public:
    void add(std::int64_t verdict, std::int64_t n) {
        if (verdict >= 0 && static_cast<std::size_t>(verdict) < evaluate::k_verdicts)
            counts_[static_cast<std::size_t>(verdict)] += n;
    }
    [[nodiscard]] std::string json() const {
        std::string out;
        ObjectWriter writer(out);
        for (std::size_t i = 0; i < evaluate::k_verdicts; ++i)
            writer.number(evaluate::k_verdict_names[i], counts_[i]);
        writer.end();
        return out;
    }

  private:
    std::array<std::int64_t, evaluate::k_verdicts> counts_{};
};

Counts counts_of(Database& db, std::int64_t run) {
    Counts counts;
    Statement read(db, "SELECT verdict, sum(n) FROM tally WHERE run = ? GROUP BY verdict");
    read.bind(1, run);
    while (read.step()) counts.add(read.number(0), read.number(1));
    return counts;
}

std::string duties_of(Database& db, std::int64_t run) {
    Statement read(
        db,
        "SELECT d.value, t.verdict, sum(t.n) FROM tally t JOIN text d ON d.id = t.duty WHERE t.run = ? "
        "GROUP BY d.value, t.verdict ORDER BY d.value");
    read.bind(1, run);
    std::vector<std::pair<std::string, Counts>> duties;
    while (read.step()) {
        if (duties.empty() || duties.back().first != read.text(0))
            duties.emplace_back(std::string(read.text(0)), Counts());
        duties.back().second.add(read.number(1), read.number(2));
    }
    std::string out = "[";
    for (const auto& [duty, counts] : duties) {
        if (out.size() > 1) out += ',';
        ObjectWriter writer(out);
        writer.text("duty_id", duty);
        writer.raw("counts", counts.json());
        writer.end();
    }
    return out + "]";
}

std::string rejects_of(Database& db, std::int64_t run) {
    Statement read(db,
                   "SELECT source, line, case_id, pointer, reason FROM reject WHERE run = ? ORDER BY place");
    read.bind(1, run);
    std::string out = "[";
    while (read.step()) {
        if (out.size() > 1) out += ',';
        ObjectWriter writer(out);
        writer.text("source", read.text(0));
        writer.number("line", read.number(1));
        writer.text("case_id", read.text(2));
        writer.text("pointer", read.text(3));
        writer.text("reason", read.text(4));
        writer.end();
    }
    return out + "]";
}

std::string pruned_parts(Database& db, std::int64_t run) {
    Statement read(db, "SELECT name FROM part WHERE run = ? AND pruned IS NOT NULL ORDER BY name");
    read.bind(1, run);
    std::string out = "[";
    while (read.step()) {
        if (out.size() > 1) out += ',';
        append_json_string(out, read.text(0));
    }
    return out + "]";
}

std::string show_head(Database& db) {
    std::string out;
    ObjectWriter writer(out);
    writer.text("head", head_of(db));
    writer.number("links", db.number("SELECT count(*) FROM link"));
    writer.end();
    return out;
}

std::string show_info(Database& db) {
    std::string out;
    ObjectWriter writer(out);
    writer.number("schema", db.number("PRAGMA user_version"));
    writer.text("sqlite", sqlite3_libversion());
    writer.flag("pseudonyms", !db.text("SELECT value FROM meta WHERE name = 'pseudonyms'").empty());
    writer.number("runs", db.number("SELECT count(*) FROM run"));
    writer.number("policies", db.number("SELECT count(*) FROM policy"));
    writer.number("records", db.number("SELECT count(*) FROM record"));
    writer.number("bytes", db.number("PRAGMA page_count") * db.number("PRAGMA page_size"));
    writer.text("head", head_of(db));
    writer.end();
    return out;
}

}  // namespace

std::string list_runs(Database& db) {
    Statement read(db, std::string(k_run_columns) + "ORDER BY r.id");
    std::string out = "{\"runs\":[";
    bool is_first = true;
    while (read.step()) {
        if (!std::exchange(is_first, false)) out += ',';
        ObjectWriter writer(out);
        append_run(writer, read);
        writer.raw("counts", counts_of(db, read.number(0)).json());
        writer.end();
    }
    return out + "]}";
}

std::string show_run(Database& db, const json::object& query) {
    const Fields fields(query, {"what", "run"});
    const std::int64_t run = need_run(db, fields, "run");
    Statement read(db, std::string(k_run_columns) + "WHERE r.id = ?");
    read.bind(1, run);
    read.step();
    std::string out;
    ObjectWriter writer(out);
    append_run(writer, read);
    writer.raw("counts", counts_of(db, run).json());
    writer.raw("duties", duties_of(db, run));
    writer.raw("rejected", rejects_of(db, run));
    writer.raw("pruned", pruned_parts(db, run));
    Statement link(db, "SELECT lower(hex(link)) FROM link WHERE kind = 'run' AND ref = ?");
    link.bind(1, run);
    if (link.step()) writer.text("head", link.text(0));
    writer.end();
    return out;
}

std::string show_policy(Database& db, const json::object& query) {
    const Fields fields(query, {"what", "run"});
    const std::int64_t run = need_run(db, fields, "run");
    Statement read(
        db,
        "SELECT p.policy_id, p.version, p.title, p.zone, p.digest, p.json FROM run r JOIN policy p ON "
        "p.id = r.policy WHERE r.id = ?");
    read.bind(1, run);
    read.step();
    std::string out;
    ObjectWriter writer(out);
    writer.text("policy_id", read.text(0));
    writer.text("version", read.text(1));
    writer.text("title", read.text(2));
    writer.text("time_zone", read.text(3));
    writer.text("digest", read.text(4));
    writer.text("json", read.text(5));
    writer.end();
    return out;
}

std::string answer_query(Database& db, const Names& names, std::string_view text) {
    static constexpr std::string_view k_what[] = {"runs",    "run",   "policy",  "findings",
                                                  "life",    "trend", "records", "precision",
                                                  "actions", "case",  "head",    "info"};
    const json::object query = parse_object(text, "the query");
    // What is asked says which other keys there may be, so it is read before them.
    json::object what;
    if (const json::value* given = query.if_contains("what")) what["what"] = *given;
    const std::string asked = Fields(what, {"what"}).choice("what", {std::begin(k_what), std::end(k_what)});
    if (asked == "run") return show_run(db, query);
    if (asked == "policy") return show_policy(db, query);
    if (asked == "findings") return list_findings(db, names, query);
    if (asked == "life") return show_life(db, query);
    if (asked == "trend") return show_trend(db, names, query);
    if (asked == "records") return list_records(db, names, query);
    if (asked == "precision") return show_precision(db, query);
    if (asked == "actions") return list_actions(db, names, query);
    if (asked == "case") return show_case(db, names, query);
    const Fields fields(query, {"what"});
    if (asked == "runs") return list_runs(db);
    if (asked == "head") return show_head(db);
    return show_info(db);
}

}  // namespace duecare::store
