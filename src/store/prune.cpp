#include "store/prune.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "store/fields.hpp"
#include "store/records.hpp"
#include "store/schema.hpp"

namespace duecare::store {

namespace json = boost::json;

namespace {

std::vector<std::int64_t> numbers(Database& db, const char* sql, std::int64_t before) {
    std::vector<std::int64_t> out;
    Statement read(db, sql);
    read.bind(1, before);
    while (read.step()) out.push_back(read.number(0));
    return out;
}

void remove_part(Database& db, std::string_view name, std::int64_t run) {
    for (const PartSpec& spec : k_parts) {
        if (spec.name != name) continue;
        const std::string table(spec.table);
        // Histories keep the digest of each, so that one that turns up elsewhere can be recognised.
        Statement(db, name == "histories" ? "UPDATE history SET json = NULL WHERE run = ?"
                                          : "DELETE FROM " + table + " WHERE run = ?")
            .bind(1, run)
            .run();
    }
    Statement(db, "UPDATE part SET pruned = 1 WHERE run = ? AND name = ?").bind(1, run).bind(2, name).run();
}

/// Forgets texts that nothing refers to any more; their digests stay.
std::int64_t forget_texts(Database& db) {
    db.run("CREATE TEMP TABLE used(id INTEGER PRIMARY KEY)");
    db.run("INSERT OR IGNORE INTO used SELECT case_id FROM run_case");
    db.run("INSERT OR IGNORE INTO used SELECT case_id FROM history WHERE json IS NOT NULL");
    db.run("INSERT OR IGNORE INTO used SELECT duty FROM tally");
    db.run("INSERT OR IGNORE INTO used SELECT unit FROM tally");
    db.run("INSERT OR IGNORE INTO used SELECT owner FROM tally");
    for (const char* column : {"case_id", "duty", "reason", "owner", "unit"}) {
        db.run((std::string("INSERT OR IGNORE INTO used SELECT ") + column + " FROM finding WHERE " + column +
                " IS NOT NULL")
                   .c_str());
    }
    db.run("UPDATE text SET value = NULL WHERE value IS NOT NULL AND id NOT IN (SELECT id FROM used)");
    const std::int64_t gone = db.number("SELECT changes()");
    db.run("DROP TABLE used");
    return gone;
}

json::array list(const std::vector<std::int64_t>& numbers) {
    json::array out;
    for (const std::int64_t number : numbers) out.push_back(number);
    return out;
}

}  // namespace

Pruned pruned_of(std::string_view body) {
    Pruned out;
    const std::optional<json::object> parsed = object_in(body);
    if (!parsed) return out;
    const auto items = [&](const char* key) {
        const json::value* value = parsed->if_contains(key);
        return value != nullptr && value->is_array() ? value->get_array() : json::array();
    };
    for (const json::value& item : items("runs")) {
        if (item.is_int64()) out.runs.insert(item.get_int64());
    }
    for (const json::value& item : items("parts")) {
        if (item.is_string()) out.parts.emplace(item.get_string().data(), item.get_string().size());
    }
    for (const json::value& item : items("records")) {
        if (item.is_int64()) out.records.insert(item.get_int64());
    }
    return out;
}

std::string prune_store(Database& db, const Names& names, std::string_view text) {
    const json::object given = parse_object(text, "the request");
    const Fields fields(given, {"before", "what", "at", "by", "reason"});
    const std::int64_t before = fields.instant("before");
    const std::vector<std::string> what = fields.choices("what", {"findings", "histories", "records"});
    if (what.empty()) fields.fail("what", "Say what is to go: \"findings\", \"histories\", \"records\".");
    const auto asked = [&](std::string_view name) {
        return std::find(what.begin(), what.end(), name) != what.end();
    };

    json::object body;
    body["before"] = time::format_instant(before);
    body["at"] = time::format_instant(fields.instant("at"));
    body["by"] = names(fields.text("by"));
    body["reason"] = fields.text("reason");
    std::vector<std::string_view> parts;
    if (asked("findings")) parts = {"findings", "evidence", "cases", "corrections", "rejects"};
    if (asked("histories")) parts.emplace_back("histories");
    const std::vector<std::int64_t> runs =
        parts.empty() ? std::vector<std::int64_t>()
                      : numbers(db, "SELECT id FROM run WHERE recorded_at < ? ORDER BY id", before);
    json::array removed;
    for (const std::string_view part : parts) {
        for (const std::int64_t run : runs) remove_part(db, part, run);
        removed.push_back(json::string(part.data(), part.size()));
    }
    std::vector<std::int64_t> records;
    if (asked("records")) {
        records = numbers(
            db,
            "SELECT id FROM record WHERE at < ? AND kind NOT IN ('prune', 'signature') AND body IS NOT NULL "
            "ORDER BY id",
            before);
        Statement forget(db, "UPDATE record SET body = NULL, subject = NULL WHERE id = ?");
        for (const std::int64_t record : records) forget.bind(1, record).run();
    }
    const std::int64_t texts = runs.empty() ? 0 : forget_texts(db);
    body["runs"] = list(runs);
    body["parts"] = removed;
    body["records"] = list(records);
    const Put put = put_record(db, "prune", json::serialize(body));
    std::string out = "{\"record\":";
    append_integer(out, put.id);
    out += ",\"runs\":" + json::serialize(list(runs)) + ",\"records\":";
    append_integer(out, static_cast<std::int64_t>(records.size()));
    out += ",\"texts\":";
    append_integer(out, texts);
    return out + ",\"head\":\"" + put.head + "\"}";
}

}  // namespace duecare::store
