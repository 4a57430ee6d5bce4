// The cells of bound columns as the values that a document wants: codes mapped to words, text read as dates.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/builder.hpp"
#include "tables/arrow.hpp"
#include "tables/mapping.hpp"

namespace duecare::tables {

/// A value that its document cannot have: the document is rejected with this.
struct Bad {
    std::string column;
    std::string reason;
};

/// The place of a row in a table.
struct Row {
    const ArrowArray* batch = nullptr;
    std::int64_t at = 0;  // from the beginning of the batch
};

/// A column, or a field of a structure in one ("actor.rank").
struct ColumnPath {
    std::string name;
    std::vector<std::size_t> path;  // empty: there is no such column
    [[nodiscard]] Cell read(const Table& table, const Row& row) const;
};

/// Nothing when the table has no such column.
[[nodiscard]] std::optional<ColumnPath> find_column(const Table& table, std::string_view name);

/// How often a code came that `values` does not have, by column and code.
using Unmapped = std::map<std::pair<std::string, std::string>, std::uint64_t>;

/// A source bound to a table.
class Bound {
  public:
    Bound() = default;
    /// Throws Error{data} for a column that is not there, unless `may_be_missing`.
    Bound(const Source& source, const Mapping& mapping, const Table& table, bool may_be_missing,
          Unmapped* unmapped);

    /// Of a column that was found before.
    Bound(const Source& source, const Mapping& mapping, const Table& table, ColumnPath column)
        : source_(&source), mapping_(&mapping), table_(&table), column_(std::move(column)) {}

    [[nodiscard]] bool is_given() const noexcept { return column_ || (source_ && source_->constant); }
    [[nodiscard]] std::string name() const;
    /// The cell after null values and codes; a constant is text.
    [[nodiscard]] Cell cell(const Row& row) const;
    /// Text, also of numbers; nothing for null. Views are valid until the next call.
    [[nodiscard]] std::optional<std::string_view> text(const Row& row);
    [[nodiscard]] std::optional<time::Stamp> stamp(const Row& row);
    [[nodiscard]] std::optional<bool> truth(const Row& row);
    [[nodiscard]] std::optional<time::PartialDate> born(const Row& row);
    /// Each item of a list, or of text with a separator.
    void each_text(const Row& row, const std::function<void(std::string_view)>& take);
    /// Writes the value under the key; nothing for null. False: there was none.
    bool attribute(records::Builder& to, std::string_view key, const Row& row);
    /// Writes the entries of a map as attributes of their own.
    void merge(records::Builder& to, const Row& row);
    /// The columns that it reads.
    void names(std::vector<std::string>& to) const;
    /// `unmapped` is "drop", and the code of this row has no word.
    [[nodiscard]] bool drops(const Row& row) const;
    [[noreturn]] void fail(const std::string& reason) const { throw Bad{name(), reason}; }

  private:
    void map_entries(const Cell& cell, const std::function<void(std::string_view, const Cell&)>& take) const;
    std::string_view text_of(const Cell& cell);
    std::optional<std::string_view> mapped(std::string_view code) const;
    time::Stamp read_text(std::string_view text) const;
    std::optional<std::int64_t> time_of_day(const Row& row) const;
    void value(records::Builder& to, std::string_view key, const Cell& cell);
    bool typed_text(records::Builder& to, std::string_view key, std::string_view text);
    std::optional<bool> truth_of(const Cell& cell) const;

    const Source* source_ = nullptr;
    const Mapping* mapping_ = nullptr;
    const Table* table_ = nullptr;
    std::optional<ColumnPath> column_;
    std::optional<ColumnPath> time_;
    Unmapped* unmapped_ = nullptr;
    std::map<std::string, std::string, std::less<>> folded_;
    std::string buffer_;
};

/// Lower case of A to Z and of the letters of Western Europe; blanks at the ends are dropped.
[[nodiscard]] std::string folded(std::string_view text);
/// Reads text by a format (%Y %m %d %H %M %S %f %z %j %T); one without %H gives day precision.
[[nodiscard]] std::optional<time::Stamp> parse_by_format(std::string_view text, std::string_view format);

}  // namespace duecare::tables
