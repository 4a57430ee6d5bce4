#include "store/verify_parts.hpp"

#include <boost/json.hpp>

#include "base/text.hpp"
#include "store/fields.hpp"
#include "store/prune.hpp"
#include "store/records.hpp"

namespace duecare::store {

namespace {

std::string part_sql(const PartSpec& spec) {
    std::string sql = "SELECT fit," + std::string(spec.columns);
    if (spec.name == "texts") sql += ",value";
    if (spec.name == "histories") sql += ",json";
    return sql + " FROM " + std::string(spec.table) + " WHERE run = ? ORDER BY " + std::string(spec.order);
}

int columns_of(const PartSpec& spec) {
    int count = 1;
    for (const char c : spec.columns) count += c == ',';
    return count;
}

/// How a row is called in a fault: its key, as the order of the part has it.
std::string name_of(const PartSpec& spec, const Statement& row) {
    if (spec.name == "findings" || spec.name == "evidence") return finding_name(row.number(1));
    std::string out;
    int keys = 1;
    for (const char c : spec.order) keys += c == ',';
    for (int column = 1; column <= keys; ++column)
        out.append(column == 1 ? "" : ",").append(row.text(column));
    return out;
}

Digest row_digest(const Statement& row, std::int64_t run, int columns, RowBytes& bytes) {
    bytes.clear();
    bytes.number(run);
    for (int column = 1; column <= columns; ++column) bytes.column(row, column);
    return bytes.digest();
}

}  // namespace

void append_fault(std::string& out, const Fault& fault) {
    out += "{\"kind\":";
    append_json_string(out, fault.kind);
    out += ",\"table\":";
    append_json_string(out, fault.table);
    out += ",\"id\":";
    append_json_string(out, fault.id);
    out += ",\"run\":";
    if (fault.run == 0) {
        out += "null";
    } else {
        append_integer(out, fault.run);
    }
    out += ",\"message\":";
    append_json_string(out, fault.message);
    out += '}';
}

void PartVerifier::part_fault(std::string_view kind, std::int64_t run, Part part, std::string id,
                              std::string message) {
    faulty_.insert(run);
    add({std::string(kind), std::string(spec_of(part).table), std::move(id), run, std::move(message)});
}

void PartVerifier::note_pruned(std::string_view body) {
    const Pruned pruned = pruned_of(body);
    for (const std::int64_t run : pruned.runs) {
        for (const std::string& name : pruned.parts) pruned_.emplace(run, name);
    }
    pruned_records_.insert(pruned.records.begin(), pruned.records.end());
}

std::map<std::string, PartVerifier::Expected> PartVerifier::expected_of(std::int64_t run) {
    std::map<std::string, Expected> out;
    Statement read(db_, "SELECT name, rows, digest, blocks, pruned FROM part WHERE run = ?");
    read.bind(1, run);
    while (read.step()) {
        out[std::string(read.text(0))] = {read.number(1), std::string(read.text(2)),
                                          std::string(read.text(3)), !read.is_null(4)};
    }
    return out;
}

std::vector<std::int64_t> PartVerifier::all_runs() {
    std::vector<std::int64_t> out;
    Statement read(db_, "SELECT id FROM run ORDER BY id");
    while (read.step()) out.push_back(read.number(0));
    return out;
}

void PartVerifier::check_run(std::int64_t run) {
    const std::map<std::string, Expected> expected = expected_of(run);
    for (std::size_t i = 0; i < k_parts.size(); ++i) {
        const auto found = expected.find(std::string(k_parts[i].name));
        check_part(run, static_cast<Part>(i), found == expected.end() ? Expected{} : found->second);
    }
}

void PartVerifier::check_part(std::int64_t run, Part part, const Expected& expected) {
    const PartSpec& spec = spec_of(part);
    Sha256 sha;
    sha.update(expected.blocks);
    if (expected.rows != 0 && view(sha.finish()) != expected.digest) {
        faulty_.insert(run);
        add({"changed", "part", std::string(spec.name), run,
             "The digests of the blocks of " + std::string(spec.name) + " of run " + std::to_string(run) +
                 " were changed."});
    }
    const bool was_pruned = pruned_.contains({run, std::string(spec.name)});
    if (expected.rows != 0 && expected.pruned != was_pruned) {
        faulty_.insert(run);
        add({"changed", "part", std::string(spec.name), run,
             "No record of pruning says what the part " + std::string(spec.name) + " of run " +
                 std::to_string(run) + " says of itself."});
    }
    Blocks blocks;
    const bool has_named = check_rows(run, part, blocks);
    blocks.finish();
    rows_ += blocks.rows();
    const std::int64_t rows = was_pruned && part != Part::histories ? 0 : expected.rows;
    if (has_named || (blocks.rows() == rows && (rows == 0 || blocks.bytes() == expected.blocks))) return;
    const std::string where = std::string(spec.name) + " of run " + std::to_string(run);
    if (blocks.rows() < rows) return name_missing(run, part, expected);
    std::size_t block = 0;
    while ((block + 1) * k_block_bytes <= std::min(blocks.bytes().size(), expected.blocks.size()) &&
           blocks.bytes().compare(block * k_block_bytes, k_block_bytes, expected.blocks,
                                  block * k_block_bytes, k_block_bytes) == 0) {
        ++block;
    }
    const std::int64_t from = static_cast<std::int64_t>(block) * k_block_rows + 1;
    const std::string range =
        "rows " + std::to_string(from) + " to " + std::to_string(from + k_block_rows - 1);
    if (blocks.rows() > rows) {
        return part_fault("inserted", run, part, range,
                          "There are " + std::to_string(blocks.rows() - rows) + " rows too many among the " +
                              where + ", the first of them among " + range + " in order.");
    }
    part_fault("changed", run, part, range,
               "Of the " + where + ", one among " + range + " in order was changed, and its check with it.");
}

bool PartVerifier::check_payload(std::int64_t run, Part part, const Statement& row, int payload) {
    if (part != Part::texts && part != Part::histories) return true;
    if (row.is_null(payload))
        return part == Part::texts ? !pruned_.empty() : pruned_.contains({run, "histories"});
    Sha256 sha;
    sha.update(row.text(payload));
    const Digest digest = sha.finish();
    const std::string_view noted = row.text(part == Part::texts ? 2 : 3);
    return view(digest).substr(0, noted.size()) == noted && noted.size() >= k_block_bytes;
}

bool PartVerifier::check_rows(std::int64_t run, Part part, Blocks& blocks) {
    const PartSpec& spec = spec_of(part);
    const int columns = columns_of(spec);
    RowBytes bytes;
    Statement row(db_, part_sql(spec));
    row.bind(1, run);
    std::string bad;
    std::int64_t came_from = 0;
    while (row.step()) {
        const Digest digest = row_digest(row, run, columns, bytes);
        blocks.add(digest);
        if (!bad.empty()) continue;
        if (row.number(0) == first_number(digest) && check_payload(run, part, row, columns + 1)) continue;
        bad = name_of(spec, row);
        for (const std::int64_t other : all_runs()) {
            if (other != run && row.number(0) == first_number(row_digest(row, other, columns, bytes)))
                came_from = other;
        }
    }
    if (bad.empty()) return false;
    Statement expected(
        db_, "SELECT coalesce(max(rows), 0) FROM part WHERE run = ? AND name = ? AND pruned IS NULL");
    expected.bind(1, run).bind(2, spec.name);
    const bool is_extra = expected.step() && blocks.rows() > expected.number(0);
    const std::string where =
        "Row " + bad + " of " + std::string(spec.table) + " in run " + std::to_string(run);
    if (came_from != 0) {
        part_fault("moved", run, part, bad, where + " stood in run " + std::to_string(came_from) + ".");
    } else if (is_extra) {
        part_fault("inserted", run, part, bad, where + " was put there past the library.");
    } else {
        part_fault("changed", run, part, bad, where + " is not as it was stored.");
    }
    return true;
}

void PartVerifier::name_missing(std::int64_t run, Part part, const Expected& expected) {
    const PartSpec& spec = spec_of(part);
    std::string id;
    if (part == Part::findings) {
        // The places of a run's findings are 0, 1, 2, ...: the first gap is the finding that is missing.
        Statement read(db_, "SELECT place FROM finding WHERE run = ? ORDER BY place");
        read.bind(1, run);
        std::int64_t place = 0;
        while (read.step() && read.number(0) == place) ++place;
        id = "place " + std::to_string(place);
    } else {
        Statement count(db_, "SELECT count(*) FROM " + std::string(spec.table) + " WHERE run = ?");
        count.bind(1, run);
        count.step();
        id = std::to_string(expected.rows - count.number(0)) + " rows";
    }
    part_fault("missing", run, part, id,
               "Of the " + std::to_string(expected.rows) + " " + std::string(spec.name) + " of run " +
                   std::to_string(run) + " some were deleted; the first: " + id + ".");
}

void PartVerifier::check_strangers() {
    for (const PartSpec& spec : k_parts) {
        Statement next(db_, "SELECT min(run) FROM " + std::string(spec.table) + " WHERE run > ?");
        Statement linked(db_, "SELECT 1 FROM link WHERE kind = 'run' AND ref = ?");
        std::int64_t at = INT64_MIN;
        for (;;) {
            next.bind(1, at);
            if (!next.step() || next.is_null(0)) break;
            at = next.number(0);
            next.reset();
            linked.bind(1, at);
            const bool is_linked = linked.step();
            linked.reset();
            if (is_linked) continue;
            add({"inserted", std::string(spec.table), std::to_string(at), at,
                 "There are rows of a run " + std::to_string(at) + ", which was never stored."});
        }
    }
}

void PartVerifier::check_records() {
    Statement read(db_, "SELECT id, kind, body, subject, at FROM record ORDER BY id");
    while (read.step()) {
        if (read.is_null(2) && read.is_null(3)) continue;  // pruned: it stands for nothing any more
        const Derived derived = derive(read.text(1), read.text(2));
        if (!read.is_null(2) && derived.subject == read.text(3) && derived.at == read.number(4)) continue;
        add({"changed", "record", std::to_string(read.number(0)), 0,
             "Record " + std::to_string(read.number(0)) +
                 " is found under another subject or time than its text says."});
        return;
    }
}

}  // namespace duecare::store
