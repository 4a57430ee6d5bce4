#include "store/salvage.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "store/chain.hpp"
#include "store/schema.hpp"
#include "store/verify_parts.hpp"

namespace duecare::store {

namespace {

constexpr std::size_t k_most_lines = 10;  // of SQLite's check

/// A table, and what its rows are found by: the first two columns of its key.
struct Keyed {
    std::string table;
    std::vector<std::string> key;
};

std::vector<Keyed> tables_of(Database& db) {
    std::vector<Keyed> out;
    Statement read(db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    while (read.step()) {
        Keyed& one = out.emplace_back(std::string(read.text(0)));
        Statement columns(db, "SELECT name FROM pragma_table_info(?) WHERE pk BETWEEN 1 AND 2 ORDER BY pk");
        columns.bind(1, std::string_view(one.table));
        while (columns.step()) one.key.emplace_back(columns.text(0));
    }
    return out;
}

/// Rows of a table up to the first that cannot be read, from its beginning or from its end.
struct Reach {
    std::int64_t rows = 0;
    bool is_whole = false;
    std::string last;  // the last row that can be read: "run 1, finding 12"
};

Reach reach_of(Database& db, const Keyed& of, bool backwards) {
    Reach out;
    std::string columns;
    std::string order;
    for (const std::string& name : of.key) {
        columns.append(name).append(", ");
        order.append(order.empty() ? "" : ", ").append(name).append(backwards ? " DESC" : "");
    }
    try {
        Statement read(db, "SELECT " + columns + "* FROM " + of.table + " NOT INDEXED ORDER BY " + order);
        while (read.step()) {
            ++out.rows;
            out.last.clear();
            for (std::size_t i = 0; i < of.key.size(); ++i) {
                out.last.append(i == 0 ? "" : ", ").append(of.key[i]).append(" ");
                out.last.append(read.text(static_cast<int>(i)));
            }
        }
        out.is_whole = true;
    } catch (const Error&) {
        // Of this table no more can be read; how far it went is what was asked.
        out.is_whole = false;
    }
    return out;
}

std::string rows_in_words(std::int64_t rows) {
    return std::to_string(rows) + (rows == 1 ? " row" : " rows");
}

/// "" where it finds nothing.
std::string check_of_sqlite(Database& db) {
    std::string out;
    std::size_t lines = 0;
    bool is_finished = true;
    try {
        Statement read(db, "PRAGMA integrity_check(100)");
        while (read.step()) {
            std::string_view text = read.text(0);
            while (!text.empty()) {
                const std::string_view line = text.substr(0, text.find('\n'));
                text.remove_prefix(std::min(text.size(), line.size() + 1));
                if (line.empty() || line == "ok" || line.starts_with("***")) continue;
                if (++lines <= k_most_lines) out.append(out.empty() ? "" : "; ").append(line);
            }
        }
    } catch (const Error&) {
        is_finished = false;
    }
    if (lines > k_most_lines) out += "; and " + std::to_string(lines - k_most_lines) + " more";
    if (!is_finished) out.append(out.empty() ? "" : "; ").append("what comes after it cannot check");
    return out;
}

std::string noted_head(Database& db) {
    try {
        return head_of(db);
    } catch (const Error&) {
        return {};
    }
}

}  // namespace

bool read_past_damage(Database& db) {
    try {
        // SQLite reads nothing of a file that is shorter than its first page says, unless it is told to.
        sqlite3_db_config(db.raw(), SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
        db.run("PRAGMA writable_schema = ON");
        static_cast<void>(need_store(db));
        return db.number("SELECT count(*) FROM sqlite_master WHERE name = 'link'") != 0;
    } catch (const Error&) {
        return false;
    }
}

std::string verify_damaged(Database& db) {
    const std::string check = check_of_sqlite(db);
    std::vector<Fault> broken;
    std::string whole;
    std::int64_t rows = 0;
    std::int64_t links = 0;
    for (const Keyed& one : tables_of(db)) {
        const Reach from_start = reach_of(db, one, false);
        rows += from_start.rows;
        if (one.table == "link") links = from_start.rows;
        if (from_start.is_whole) {
            whole += (whole.empty() ? "" : ", ") + one.table + " (" + rows_in_words(from_start.rows) + ")";
            continue;
        }
        const Reach from_end = reach_of(db, one, true);
        rows += from_end.rows;
        std::string message = "The table " + one.table + " cannot be read whole: ";
        message += from_start.rows == 0 ? "its first row cannot"
                                        : rows_in_words(from_start.rows) + " can from its beginning (to " +
                                              from_start.last + ")";
        message += from_end.rows == 0 ? ", its last row cannot."
                                      : ", " + rows_in_words(from_end.rows) + " can from its end (from " +
                                            from_end.last + ").";
        broken.push_back({"unreadable", one.table, "", 0, std::move(message)});
    }
    std::string said = "The file is damaged. SQLite's own check says: " +
                       (check.empty() ? std::string("nothing of its pages") : check) + ". ";
    said += whole.empty() ? "No table can be read whole."
                          : "What can be read whole, but is not checked against its digests: " + whole + ".";
    std::string out = "{\"ok\":false,\"head\":";
    append_json_string(out, noted_head(db));
    out += ",\"links\":";
    append_integer(out, links);
    out += ",\"rows\":";
    append_integer(out, rows);
    out += R"(,"signatures":{"valid":0,"unchecked":0},"faults":[)";
    append_fault(out, {"unreadable", "", "", 0, std::move(said)});
    for (const Fault& one : broken) {
        out += ',';
        append_fault(out, one);
    }
    return out + "]}";
}

}  // namespace duecare::store
