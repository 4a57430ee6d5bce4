// Tables of events, cases, persons and staff into a caseload. Each case becomes one document, in the same way
// as one that is read from JSON: taken whole, or rejected with its row and column.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "records/builder.hpp"
#include "records/reader.hpp"
#include "tables/arrow.hpp"
#include "tables/mapping.hpp"
#include "tables/values.hpp"

namespace duecare::tables {

/// What an import came past, beside the rejects.
struct ImportReport {
    std::uint64_t rows = 0;
    std::uint64_t dropped_rows = 0;  ///< the mapping says so: "unmapped": "drop"
    Unmapped unmapped;
    std::map<std::string, std::set<std::string>> unused_columns;  ///< by table
};

/// Collects tables, and then commits them. Cells are read where they lie; the tables are kept until the
/// import goes.
class Import {
  public:
    explicit Import(Mapping mapping);
    ~Import();
    Import(const Import&) = delete;
    Import& operator=(const Import&) = delete;

    /// Takes the stream, which is released in any case. The table serves every section of the mapping that
    /// names it or names none. Throws Error{data} for a table that cannot be read, or lacks a column.
    void add(std::string name, ArrowArrayStream& stream);
    /// Makes documents of all tables: members of staff first, then cases, in the order in which they first
    /// come (tables of cases, then of events, then of persons). The order of rows is that of the events.
    void commit(records::Reader& to);
    [[nodiscard]] const ImportReport& report() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace duecare::tables
