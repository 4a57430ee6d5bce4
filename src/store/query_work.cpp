#include <array>
#include <map>

#include "base/text.hpp"
#include "evaluate/finding.hpp"
#include "store/finding_row.hpp"
#include "store/queries.hpp"
#include "store/records.hpp"
#include "store/where.hpp"

namespace duecare::store {

namespace json = boost::json;

namespace {

constexpr std::string_view k_latest =
    " AND r.id = (SELECT max(x.id) FROM record x WHERE x.kind = r.kind AND x.subject = r.subject)";

void append_record(std::string& out, const Statement& row) {
    ObjectWriter writer(out);
    writer.number("record", row.number(0));
    writer.text("kind", row.text(1));
    if (row.is_null(2)) {
        writer.flag("pruned", true);
    } else {
        writer.raw("body", row.text(2));
    }
    writer.end();
}

/// A key of a tally: its column, what a query calls it, and what a point of several keys does.
struct By {
    std::string_view name;
    std::string_view point;
};
constexpr std::array<By, 3> k_bys{{{"duty", "duty_id"}, {"unit", "unit"}, {"owner", "owner"}}};

/// What a trend has a point for in each run: one key, or none (total), whose points call it "key"; or a list
/// of keys, whose points call each by its name.
struct Grouping {
    std::vector<By> keys;
    bool is_list = false;
};

Grouping grouping_of(const Fields& fields, const json::object& query) {
    Grouping out;
    out.is_list = fields.has("by") && query.at("by").is_array();
    std::vector<std::string> names;
    if (out.is_list) {
        names = fields.choices("by", {"duty", "unit", "owner"});
    } else if (fields.has("by")) {
        const std::string name = fields.choice("by", {"total", "duty", "unit", "owner"});
        if (name != "total") names.push_back(name);
    }
    for (const std::string& name : names) {
        for (const By& one : k_bys) {
            if (one.name != name) continue;
            for (const By& before : out.keys) {
                if (before.name == name) fields.fail("by", "\"" + name + "\" stands twice in \"by\".");
            }
            out.keys.push_back(one);
        }
    }
    return out;
}

/// A tally of those obligations alone that the run of ?3 did not judge.
constexpr const char* k_not_judged_then =
    "(SELECT f.run, f.duty, f.unit, f.owner, f.verdict, 1 AS n FROM finding f WHERE NOT EXISTS "
    "(SELECT 1 FROM finding b WHERE b.run = ?3 AND b.finding = f.finding AND b.verdict IN (0, 1, 2)))";
static_assert(static_cast<int>(evaluate::Verdict::met) == 0 &&
              static_cast<int>(evaluate::Verdict::late) == 1 &&
              static_cast<int>(evaluate::Verdict::missed) == 2);

/// Tallies stay when findings are pruned; without findings nobody can tell what an earlier run had judged.
void need_findings(Database& db, std::int64_t from, std::int64_t to) {
    Statement read(db, "SELECT id FROM run WHERE id >= ?1 AND id <= ?2 ORDER BY id");
    read.bind(1, from).bind(2, to);
    while (read.step()) need_part(db, read.number(0), "findings");
}

/// Rows of run, as_of, seven counts, and the keys in their order, of the runs from ?1 to ?2.
std::string trend_sql(const Grouping& by, const std::string& tally, const std::string& where) {
    std::string sql = "SELECT r.id, r.as_of";
    for (int verdict = 0; verdict < 7; ++verdict)
        sql += ", sum(CASE WHEN t.verdict = " + std::to_string(verdict) + " THEN t.n ELSE 0 END)";
    std::string from = " FROM run r JOIN " + tally + " t ON t.run = r.id";
    std::string group = " GROUP BY r.id";
    std::string order = " ORDER BY r.as_of, r.known_at, r.id";
    for (std::size_t i = 0; i < by.keys.size(); ++i) {
        const std::string text = "x" + std::to_string(i);
        const std::string column = "t." + std::string(by.keys[i].name);
        sql += ", " + text + ".value";
        from += " LEFT JOIN text " + text + " ON " + text + ".id = " + column;
        group += ", " + column;
        order += ", " + text + ".value";
    }
    return sql + from + " WHERE r.id >= ?1 AND r.id <= ?2" + where + group + order;
}

void append_point(std::string& out, const Statement& row, const Grouping& by) {
    if (out.back() != '[') out += ',';
    ObjectWriter writer(out);
    writer.number("run", row.number(0));
    writer.instant("as_of", row.number(1));
    for (std::size_t i = 0; i < by.keys.size(); ++i)
        writer.column(by.is_list ? by.keys[i].point : "key", row, static_cast<int>(i) + 9);
    if (by.keys.empty() && !by.is_list) writer.null("key");
    std::int64_t total = 0;
    for (int verdict = 0; verdict < 7; ++verdict) {
        writer.number(verdict_name(verdict), row.number(verdict + 2));
        total += row.number(verdict + 2);
    }
    writer.number("total", total);
    writer.end();
}

}  // namespace

std::string show_trend(Database& db, const Names& names, const json::object& query) {
    const Fields fields(query, {"what", "by", "duty_id", "unit", "owner", "from", "to", "since"});
    const Grouping by = grouping_of(fields, query);
    Where where;
    where.add_ids(fields, names, "t", {"duty_id", "unit", "owner"});
    const std::int64_t from = fields.whole_if("from", 1).value_or(1);
    const std::int64_t to = fields.whole_if("to", 1).value_or(INT64_MAX);
    if (fields.has("duty_id")) need_duty(db, fields.text("duty_id"), from, to);
    const bool is_since = fields.has("since");
    Statement read(db, trend_sql(by, is_since ? k_not_judged_then : "tally", where.sql()));
    read.bind(1, from).bind(2, to);
    if (is_since) {
        const std::int64_t since = need_run(db, fields, "since");
        need_findings(db, since, since);
        need_findings(db, from, to);
        read.bind(3, since);
    }
    where.bind(read, is_since ? 4 : 3);  // a question mark without a number has the next
    std::string out = "{\"by\":";
    out += fields.has("by") ? json::serialize(query.at("by")) : "\"total\"";
    out += ",\"points\":[";
    while (read.step()) append_point(out, read, by);
    return out + "]}";
}

std::string list_records(Database& db, const Names& names, const json::object& query) {
    const Fields fields(query, {"what", "kind", "finding", "manifest", "unit", "latest"});
    std::vector<std::string_view> kinds = record_kinds();
    kinds.emplace_back("prune");
    kinds.emplace_back("signature");
    const std::string kind = fields.has("kind") ? fields.choice("kind", kinds) : std::string();
    std::string sql = "SELECT r.id, r.kind, r.body FROM record r WHERE 1";
    if (!kind.empty()) sql += " AND r.kind = ?";
    if (fields.flag_or("latest", false)) sql += k_latest;
    std::vector<std::pair<std::string_view, std::string>> wanted;
    if (fields.has("finding")) wanted.emplace_back("finding", finding_name(fields.finding("finding")));
    if (fields.has("manifest")) {
        const std::string id = fields.text("manifest");
        wanted.emplace_back(kind == "manifest" ? "id" : "manifest", id);
    }
    if (fields.has("unit")) wanted.emplace_back("unit", names(fields.text("unit")));
    Statement read(db, sql + " ORDER BY r.id");
    if (!kind.empty()) read.bind(1, std::string_view(kind));
    std::string out = "{\"records\":[";
    while (read.step()) {
        if (!wanted.empty()) {
            const json::object body = object_in(read.text(2)).value_or(json::object());
            bool fits = true;
            for (const auto& [key, value] : wanted) fits = fits && text_at(body, key) == value;
            if (!fits) continue;
        }
        if (out.back() != '[') out += ',';
        append_record(out, read);
    }
    return out + "]}";
}

std::string list_actions(Database& db, const Names& names, const json::object& query) {
    const Fields fields(query, {"what", "status", "owner", "at"});
    const std::vector<std::string> wanted = fields.choices("status", {"open", "done", "dropped"});
    const std::string owner = fields.has("owner") ? names(fields.text("owner")) : std::string();
    const std::optional<time::Instant> until = fields.instant_if("at");
    Statement read(
        db, "SELECT r.id, r.kind, r.body FROM record r WHERE r.kind = 'action' AND r.body IS NOT NULL" +
                std::string(k_latest) + " ORDER BY r.id");
    std::string out = "{\"actions\":[";
    while (read.step()) {
        const json::object body = object_in(read.text(2)).value_or(json::object());
        const std::string_view status = text_at(body, "status");
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), status) == wanted.end()) continue;
        if (!owner.empty() && text_at(body, "owner") != owner) continue;
        if (out.back() != '[') out += ',';
        ObjectWriter writer(out);
        writer.number("record", read.number(0));
        const auto due = time::parse_stamp(text_at(body, "due_at"));
        if (until && due && status == "open") {
            const std::int64_t late = (*until - due->micros) / time::k_micros_per_second;
            writer.number("overdue_seconds", late > 0 ? late : 0);
        }
        writer.raw("body", read.text(2));
        writer.end();
    }
    return out + "]}";
}

std::string show_precision(Database& db, const json::object& query) {
    const Fields fields(query, {"what"});
    const std::vector<std::string_view> verdicts = decision_verdicts();
    std::map<std::string, std::array<std::int64_t, 4>> duties;
    Statement read(db, "SELECT r.body FROM record r WHERE r.kind = 'decision' AND r.body IS NOT NULL" +
                           std::string(k_latest));
    while (read.step()) {
        const json::object body = object_in(read.text(0)).value_or(json::object());
        const std::string_view verdict = text_at(body, "verdict");
        for (std::size_t i = 0; i < verdicts.size(); ++i)
            duties[std::string(text_at(body, "duty_id"))][i] += verdicts[i] == verdict ? 1 : 0;
    }
    std::string out = "{\"duties\":[";
    for (const auto& [duty, counts] : duties) {
        if (out.back() != '[') out += ',';
        ObjectWriter writer(out);
        writer.text("duty_id", duty);
        for (std::size_t i = 0; i < verdicts.size(); ++i) writer.number(verdicts[i], counts[i]);
        // What was explained was found rightly; what is disputed is not decided.
        const std::int64_t right = counts[0] + counts[2];
        const std::int64_t decided = right + counts[3];
        writer.number("right", right);
        writer.number("decided", decided);
        if (decided == 0) {
            writer.null("precision");
        } else {
            append_decimal(writer.open("precision"),
                           static_cast<double>(right) / static_cast<double>(decided));
        }
        writer.end();
    }
    return out + "]}";
}

}  // namespace duecare::store
