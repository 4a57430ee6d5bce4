#include "store/chain.hpp"

#include <array>

namespace duecare::store {

namespace {

// The type of a value, then a number of eight bytes.
void append_number(std::string& out, char type, std::uint64_t value) {
    std::array<char, 9> bytes{type};
    for (std::size_t i = 8; i > 0; --i, value >>= 8U) bytes[i] = static_cast<char>(value & 0xFFU);
    out.append(bytes.data(), bytes.size());
}

// The columns of a row that a link stands for. They never change: what a later version adds is not chained.
constexpr std::string_view k_store_row =
    "SELECT name, value FROM meta WHERE name IN ('id', 'pseudonyms') ORDER BY name";
constexpr std::string_view k_policy_row =
    "SELECT id, digest, policy_id, version, title, zone, json FROM policy WHERE id = ?";
constexpr std::string_view k_run_row =
    "SELECT id, identity, policy, recorded_at, label, by, as_of, known_at, caseload, cases, events, visible, "
    "findings, rejects, keep, engine, zones FROM run WHERE id = ?";
constexpr std::string_view k_run_parts = "SELECT name, rows, digest FROM part WHERE run = ? ORDER BY name";
constexpr std::string_view k_record_row = "SELECT id, kind, body FROM record WHERE id = ?";

void add_rows(Database& db, std::string_view sql, std::int64_t ref, RowBytes& to) {
    Statement rows(db, sql);
    if (sql != k_store_row) rows.bind(1, ref);
    while (rows.step()) {
        for (int column = 0; column < rows.columns(); ++column) to.column(rows, column);
    }
}

}  // namespace

void RowBytes::number(std::int64_t value) {
    append_number(bytes_, 'i', static_cast<std::uint64_t>(value));
}

void RowBytes::sized(char type, std::string_view value) {
    append_number(bytes_, type, value.size());
    bytes_.append(value);
}

void RowBytes::column(const Statement& row, int column) {
    switch (row.type(column)) {
        case SQLITE_NULL:
            return null();
        case SQLITE_INTEGER:
            return number(row.number(column));
        case SQLITE_BLOB:
            return blob(row.text(column));
        default:  // a real is not among our values; its text differs from any of them
            return text(row.text(column));
    }
}

Digest RowBytes::digest() {
    sha_.update(bytes_);
    return sha_.finish();
}

std::int64_t first_number(const Digest& digest) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number = number << 8U | digest[i];
    return static_cast<std::int64_t>(number);
}

Digest link_of(std::string_view before, std::int64_t seq, std::string_view kind, std::int64_t ref,
               std::string_view digest) {
    RowBytes bytes;
    bytes.blob(before);
    bytes.number(seq);
    bytes.text(kind);
    bytes.number(ref);
    bytes.blob(digest);
    return bytes.digest();
}

std::string append_link(Database& db, std::string_view kind, std::int64_t ref, const Digest& digest) {
    std::int64_t seq = 1;
    std::string before;
    {
        Statement last(db, "SELECT seq, link FROM link ORDER BY seq DESC LIMIT 1");
        if (last.step()) {
            seq = last.number(0) + 1;
            before = last.text(1);
        }
    }
    const Digest link = link_of(before, seq, kind, ref, view(digest));
    Statement(db, "INSERT INTO link(seq, kind, ref, digest, link) VALUES(?, ?, ?, ?, ?)")
        .bind(1, seq)
        .bind(2, kind)
        .bind(3, ref)
        .bind_blob(4, view(digest))
        .bind_blob(5, view(link))
        .run();
    const std::string head = to_hex(link);
    Statement(db, "INSERT OR REPLACE INTO meta(name, value) VALUES('head', ?)")
        .bind(1, std::string_view(head))
        .run();
    return head;
}

std::string head_of(Database& db) {
    return db.text("SELECT value FROM meta WHERE name = 'head'");
}

Digest digest_of_row(Database& db, std::string_view kind, std::int64_t ref) {
    RowBytes bytes;
    if (kind == "store") add_rows(db, k_store_row, ref, bytes);
    if (kind == "policy") add_rows(db, k_policy_row, ref, bytes);
    if (kind == "record") add_rows(db, k_record_row, ref, bytes);
    if (kind == "run") {
        add_rows(db, k_run_row, ref, bytes);
        add_rows(db, k_run_parts, ref, bytes);
    }
    return bytes.digest();
}

}  // namespace duecare::store
