#include "store/parts.hpp"

namespace duecare::store {

namespace {

std::string insert_sql(const PartSpec& spec, std::string_view payload) {
    std::string sql = "INSERT INTO " + std::string(spec.table) + "(run," + std::string(spec.columns);
    if (!payload.empty()) sql.append(",").append(payload);
    sql += ",fit) VALUES(?";
    for (const char c : spec.columns) {
        if (c == ',') sql += ",?";
    }
    sql += payload.empty() ? ",?,?)" : ",?,?,?)";
    return sql;
}

}  // namespace

void Blocks::add(const Digest& row) {
    open_.update(view(row));
    if (++rows_ % k_block_rows == 0) bytes_.append(view(open_.finish()).substr(0, k_block_bytes));
}

void Blocks::finish() {
    if (rows_ % k_block_rows != 0) bytes_.append(view(open_.finish()).substr(0, k_block_bytes));
}

Digest Blocks::digest() const {
    Sha256 sha;
    sha.update(bytes_);
    return sha.finish();
}

PartWriter::PartWriter(Database& db, Part part, std::int64_t run, std::string_view payload)
    : db_(db),
      spec_(spec_of(part)),
      run_(run),
      has_payload_(!payload.empty()),
      insert_(db, insert_sql(spec_, payload)) {
    begin_row();
}

void PartWriter::begin_row() {
    bytes_.clear();
    place_ = 1;
    number(run_);
}

void PartWriter::null() {
    bytes_.null();
    insert_.bind_null(place_++);
}

void PartWriter::number(std::int64_t value) {
    bytes_.number(value);
    insert_.bind(place_++, value);
}

void PartWriter::text(std::string_view value) {
    bytes_.text(value);
    insert_.bind(place_++, value);
}

void PartWriter::text_or_null(std::string_view value) {
    if (value.data() == nullptr) return null();
    text(value);
}

void PartWriter::blob(std::string_view value) {
    bytes_.blob(value);
    insert_.bind_blob(place_++, value);
}

void PartWriter::end_row(std::string_view payload) {
    const Digest digest = bytes_.digest();
    if (has_payload_) insert_.bind(place_++, payload);
    insert_.bind(place_, first_number(digest));
    insert_.run();
    blocks_.add(digest);
    begin_row();
}

void PartWriter::finish() {
    blocks_.finish();
    if (blocks_.rows() == 0) return;
    const Digest digest = blocks_.digest();
    Statement(db_, "INSERT INTO part(run, name, rows, digest, blocks) VALUES(?, ?, ?, ?, ?)")
        .bind(1, run_)
        .bind(2, spec_.name)
        .bind(3, blocks_.rows())
        .bind_blob(4, view(digest))
        .bind_blob(5, blocks_.bytes())
        .run();
}

Texts::Texts(Database& db, std::int64_t run)
    : find_(db, "SELECT id FROM text WHERE value = ?"),
      writer_(db, Part::texts, run, "value"),
      next_(db.number("SELECT coalesce(max(id), 0) + 1 FROM text")) {}

std::int64_t Texts::id(std::string_view text) {
    bytes_.assign(text);
    const auto [at, is_new] = known_.try_emplace(bytes_, 0);
    if (!is_new) return at->second;
    find_.bind(1, text);
    if (find_.step()) {
        at->second = find_.number(0);
        find_.reset();
        return at->second;
    }
    find_.reset();
    Sha256 sha;
    sha.update(text);
    const Digest digest = sha.finish();
    at->second = next_++;
    writer_.number(at->second);
    writer_.blob(view(digest).substr(0, k_block_bytes));
    writer_.end_row(text);
    return at->second;
}

}  // namespace duecare::store
