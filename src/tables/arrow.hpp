// tables: Arrow tables in. arrow.hpp reads single cells of the Arrow C data interface and owns streams and
// batches; it needs nothing of Arrow's library. Cells are read in place: nothing is copied but what a caller
// copies.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "duecare/arrow_abi.h"
#include "time/instant.hpp"

namespace duecare::tables {

/// How the cells of a column lie in memory.
enum class Type : std::uint8_t {
    null,
    boolean,
    int8,
    uint8,
    int16,
    uint16,
    int32,
    uint32,
    int64,
    uint64,
    float16,
    float32,
    float64,
    decimal32,
    decimal64,
    decimal128,
    utf8,
    large_utf8,
    utf8_view,
    date32,
    date64,
    time32,
    time64,
    timestamp,
    list,
    large_list,
    fixed_list,
    structure,
    map,
};

/// A column, or a part of one, as its schema describes it.
struct Field {
    std::string name;
    Type type = Type::null;
    bool has_zone = false;              // of a timestamp: its numbers are instants
    std::int64_t per_second = 1;        // of a timestamp or a time of day: ticks
    std::int32_t scale = 0;             // of a decimal
    std::int64_t fixed_size = 0;        // of a fixed list
    std::vector<Field> children;        // of a list, a structure or a map
    std::unique_ptr<Field> dictionary;  // the values, when the column itself holds indices
};

/// Reads a schema. Throws Error{data} with the name of the column for a type that is not read.
[[nodiscard]] Field read_schema(const ArrowSchema& schema, const std::string& path = {});
/// "a list of text": for messages.
[[nodiscard]] std::string describe(const Field& field);

/// Throws Error{data} when the array has not the form that the schema says; looks at counts and pointers, not
/// at the cells.
void check_array(const Field& field, const ArrowArray& array, const std::string& path = {});

/// What a cell holds.
struct Cell {
    enum class Kind : std::uint8_t {
        null,
        boolean,
        integer,
        unsigned_integer,
        decimal,
        text,
        stamp,
        time_of_day,   // integer: microseconds since midnight
        list,          // items [begin, end) of field.children[0]
        structure,     // row `begin` of the children
        map,           // entries [begin, end) of field.children[0], a structure of key and value
        out_of_range,  // a number that does not fit
    };
    Kind kind = Kind::null;
    time::Precision precision = time::Precision::exact;  // of a stamp
    std::int64_t integer = 0;                            // also the micros of a stamp
    double decimal = 0;
    std::string_view text;
    const Field* field = nullptr;  // of the list, structure or map
    const ArrowArray* array = nullptr;
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

/// Reads one cell; `row` counts from the beginning of the array. Throws Error{data} only for an array whose
/// own offsets are wrong.
[[nodiscard]] Cell read_cell(const Field& field, const ArrowArray& array, std::int64_t row);

/// Owns what a stream gave.
class Batch {
  public:
    explicit Batch(const ArrowArray& moved) : array_(moved) {}
    Batch(Batch&& other) noexcept : array_(other.array_) { other.array_.release = nullptr; }
    Batch& operator=(Batch&&) = delete;
    ~Batch() {
        if (array_.release != nullptr) array_.release(&array_);
    }
    [[nodiscard]] const ArrowArray& array() const noexcept { return array_; }

  private:
    ArrowArray array_;
};

/// A table read from a stream: its columns and all its batches.
struct Table {
    std::string name;
    Field schema;  // a structure, a child for each column
    std::vector<Batch> batches;
    std::int64_t rows = 0;
};

/// Reads the whole stream and releases it, whatever happens. Throws Error{data} for what cannot be read, with
/// what the stream says of it.
[[nodiscard]] Table read_table(std::string name, ArrowArrayStream& stream);

}  // namespace duecare::tables
