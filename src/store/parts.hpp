// Rows by the hundred thousand: written with prepared statements, each under a check of its own and all under
// digests of blocks, so that storing stays quick and the one row that was changed can be named.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/chain.hpp"
#include "store/schema.hpp"

namespace duecare::store {

inline constexpr std::int64_t k_block_rows = 128;
inline constexpr std::size_t k_block_bytes = 16;  // of each block's digest

/// Digests of blocks of rows, one after the other.
class Blocks {
  public:
    void add(const Digest& row);
    /// Closes the last block; no more rows come.
    void finish();
    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }
    [[nodiscard]] Digest digest() const;

  private:
    Sha256 open_;
    std::int64_t rows_ = 0;
    std::string bytes_;
};

/// Writes the rows of one part of a run, in the part's order: a value for each of its columns, then end_row.
class PartWriter {
  public:
    /// @param payload  column that stands outside the row's digest (a digest of it is a column), or empty
    PartWriter(Database& db, Part part, std::int64_t run, std::string_view payload = {});

    void null();
    void number(std::int64_t value);
    /// The bytes must stay until end_row.
    void text(std::string_view value);
    void text_or_null(std::string_view value);  // null where it has no data
    void blob(std::string_view value);
    void end_row(std::string_view payload = {});
    /// Writes the digests of the blocks.
    void finish();

  private:
    void begin_row();
    Database& db_;
    const PartSpec& spec_;
    std::int64_t run_;
    bool has_payload_;
    Statement insert_;
    RowBytes bytes_;
    Blocks blocks_;
    int place_ = 1;
};

/// Texts by number, each stored once. Those that are new are rows of the run.
class Texts {
  public:
    Texts(Database& db, std::int64_t run);
    [[nodiscard]] std::int64_t id(std::string_view text);
    void finish() { writer_.finish(); }

  private:
    Statement find_;
    PartWriter writer_;
    std::int64_t next_;
    std::unordered_map<std::string, std::int64_t> known_;
    std::string bytes_;
};

}  // namespace duecare::store
