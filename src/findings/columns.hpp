// Columns of the Arrow C data interface, written: what a table of findings is made of. Needs nothing of
// Arrow's library.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "duecare/arrow_abi.h"

namespace duecare::findings {

enum class ColumnType : std::uint8_t {
    text,     // utf8
    word,     // one of few texts: a dictionary of utf8 with int32 indices
    texts,    // list of utf8
    instant,  // timestamp in microseconds, UTC
    day,      // date32
    int64,
    int32,
    uint64,
    boolean,
};

struct ColumnSpec {
    const char* name;
    ColumnType type;
    bool is_nullable;
};

/// The values of one column of one batch, in the order of the rows.
class ColumnWriter {
  public:
    explicit ColumnWriter(ColumnType type) : type_(type) {}

    void null();
    void text(std::string_view value);  // also an item of a list that is open
    void number(std::int64_t value);    // also instants, days, booleans and indices of words
    void end_list();
    /// Moves the values out. `words`: of a dictionary.
    void finish(const std::shared_ptr<const std::vector<std::string>>& words, ArrowArray& out);

  private:
    void mark(bool is_valid);

    ColumnType type_;
    std::int64_t length_ = 0;
    std::int64_t nulls_ = 0;
    std::vector<std::uint8_t> validity_;
    std::vector<std::int64_t> wide_;
    std::vector<std::int32_t> narrow_;   // values, indices
    std::vector<std::int32_t> offsets_;  // of text or of items
    std::vector<std::int32_t> ends_;     // of lists
    std::string bytes_;
};

/// A table whose batches are made when they are asked for.
struct TableSpec {
    std::vector<ColumnSpec> columns;
    std::vector<std::shared_ptr<const std::vector<std::string>>> words;  // by column; null: no dictionary
    std::uint64_t rows = 0;
    /// Writes rows [begin, end), a value for each column; what it refers to must be kept alive by itself.
    std::function<void(std::uint64_t begin, std::uint64_t end, std::vector<ColumnWriter>& to)> write;
};

inline constexpr std::uint64_t k_batch_rows = std::uint64_t{1} << 16U;

/// Exports the table as a stream, which the caller owns. Never throws once it has returned: what goes wrong
/// later is an error of the stream.
void export_stream(TableSpec table, ArrowArrayStream& out);

}  // namespace duecare::findings
