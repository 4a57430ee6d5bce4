// The chain: every row has a digest, and every digest is under one link after the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "store/sqlite.hpp"

namespace duecare::store {

/// The bytes of a row that digests are made of: for each value its type and length, then the value. No two
/// rows give the same bytes.
class RowBytes {
  public:
    void clear() { bytes_.clear(); }
    void null() { bytes_.push_back('n'); }
    void number(std::int64_t value);
    void text(std::string_view value) { sized('t', value); }
    void blob(std::string_view value) { sized('b', value); }
    /// Column `column` of the row that a statement stands at.
    void column(const Statement& row, int column);
    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
    [[nodiscard]] Digest digest();

  private:
    void sized(char type, std::string_view value);
    std::string bytes_;
    Sha256 sha_;
};

[[nodiscard]] inline std::string_view view(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
/// The first eight bytes as a number: what a row is checked by and found under.
[[nodiscard]] std::int64_t first_number(const Digest& digest);

/// A link follows from the one before it and from what it stands for.
[[nodiscard]] Digest link_of(std::string_view before, std::int64_t seq, std::string_view kind,
                             std::int64_t ref, std::string_view digest);

/// Appends a link within the transaction of the caller, and returns the new head as hex digits.
std::string append_link(Database& db, std::string_view kind, std::int64_t ref, const Digest& digest);
[[nodiscard]] std::string head_of(Database& db);

/// The digest of the row with that id in `table`, over its chained columns.
[[nodiscard]] Digest digest_of_row(Database& db, std::string_view kind, std::int64_t ref);

}  // namespace duecare::store
