#include "tables/arrow.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <new>

#include "base/error.hpp"
#include "base/text.hpp"

namespace duecare::tables {

namespace {

constexpr std::int64_t k_micros = time::k_micros_per_second;
constexpr int k_depth = 16;  // columns in one another
__extension__ using Int128 = __int128;

[[noreturn]] void refuse_column(const std::string& path, const std::string& what) {
    throw Error(Status::data, (path.empty() ? "The table" : "The column \"" + path + "\"") + " " + what);
}

struct Format {
    std::string_view text;
    Type type;
    std::int64_t per_second = 1;
};
constexpr std::array<Format, 32> k_formats{{{"n", Type::null},
                                            {"b", Type::boolean},
                                            {"c", Type::int8},
                                            {"C", Type::uint8},
                                            {"s", Type::int16},
                                            {"S", Type::uint16},
                                            {"i", Type::int32},
                                            {"I", Type::uint32},
                                            {"l", Type::int64},
                                            {"L", Type::uint64},
                                            {"e", Type::float16},
                                            {"f", Type::float32},
                                            {"g", Type::float64},
                                            {"u", Type::utf8},
                                            {"U", Type::large_utf8},
                                            {"vu", Type::utf8_view},
                                            {"tdD", Type::date32},
                                            {"tdm", Type::date64},
                                            {"tts", Type::time32, 1},
                                            {"ttm", Type::time32, 1'000},
                                            {"ttu", Type::time64, 1'000'000},
                                            {"ttn", Type::time64, 1'000'000'000},
                                            {"tss:", Type::timestamp, 1},
                                            {"tsm:", Type::timestamp, 1'000},
                                            {"tsu:", Type::timestamp, 1'000'000},
                                            {"tsn:", Type::timestamp, 1'000'000'000},
                                            {"+l", Type::list},
                                            {"+L", Type::large_list},
                                            {"+w:", Type::fixed_list},
                                            {"+s", Type::structure},
                                            {"+m", Type::map},
                                            {"d:", Type::decimal128}}};

bool has_argument(std::string_view format) {
    return format.ends_with(':');
}

/// "d:19,10", "d:19,10,64".
void read_decimal(std::string_view arguments, Field& field, const std::string& path) {
    std::array<std::int32_t, 3> numbers{0, 0, 128};
    std::size_t count = 0;
    const char* at = arguments.data();
    const char* const end = at + arguments.size();
    while (count < numbers.size() && at < end) {
        const auto [next, ec] = std::from_chars(at, end, numbers[count++]);
        if (ec != std::errc()) refuse_column(path, "has a type that is no decimal.");
        at = next < end ? next + 1 : next;
    }
    constexpr std::int32_t k_scale = 100;
    if (count < 2 || numbers[1] < -k_scale || numbers[1] > k_scale)
        refuse_column(path, "has a decimal type without scale.");
    field.scale = numbers[1];
    if (numbers[2] == 32) {
        field.type = Type::decimal32;
    } else if (numbers[2] == 64) {
        field.type = Type::decimal64;
    } else if (numbers[2] != 128) {
        refuse_column(path, "is a decimal of " + std::to_string(numbers[2]) + " bits; up to 128 are read.");
    }
}

void read_format(std::string_view text, Field& field, const std::string& path) {
    for (const Format& known : k_formats) {
        if (has_argument(known.text) ? !text.starts_with(known.text) : text != known.text) continue;
        field.type = known.type;
        field.per_second = known.per_second;
        const std::string_view argument = text.substr(known.text.size());
        if (known.type == Type::timestamp) field.has_zone = !argument.empty();
        if (known.type == Type::decimal128) read_decimal(argument, field, path);
        if (known.type == Type::fixed_list &&
            std::from_chars(argument.data(), argument.data() + argument.size(), field.fixed_size).ec !=
                std::errc()) {
            refuse_column(path, "is a list of fixed size without a size.");
        }
        return;
    }
    refuse_column(
        path,
        "is of the Arrow type \"" + std::string(text.substr(0, 40)) +
            "\", which is not read. Read are text, numbers, decimals up to 128 bits, booleans, dates, times, "
            "timestamps, lists, structures, maps and dictionaries of these; convert the column.");
}

std::size_t expected_children(Type type) {
    return type == Type::list || type == Type::large_list || type == Type::fixed_list || type == Type::map
               ? 1
               : 0;
}

std::int64_t buffer_count(Type type) {
    switch (type) {
        case Type::null:
            return 0;
        case Type::structure:
        case Type::fixed_list:
            return 1;
        case Type::utf8:
        case Type::large_utf8:
            return 3;
        default:
            return 2;  // a view has more
    }
}

template <typename T>
T at(const ArrowArray& array, std::int64_t buffer, std::int64_t row) noexcept {
    T value;
    std::memcpy(&value,
                static_cast<const char*>(array.buffers[buffer]) + row * static_cast<std::int64_t>(sizeof(T)),
                sizeof(T));
    return value;
}

bool is_null(const ArrowArray& array, std::int64_t row) noexcept {
    if (array.null_count == 0 || array.n_buffers == 0 || array.buffers[0] == nullptr) return false;
    const auto byte = at<std::uint8_t>(array, 0, row / 8);
    return ((byte >> static_cast<unsigned>(row % 8)) & 1U) == 0;
}

/// Ticks to microseconds, towards the past where digits are dropped.
Cell::Kind to_micros(std::int64_t ticks, std::int64_t per_second, std::int64_t& micros) noexcept {
    if (per_second > k_micros) {
        const std::int64_t each = per_second / k_micros;
        micros = ticks / each - (ticks % each < 0 ? 1 : 0);
        return Cell::Kind::stamp;
    }
    const bool overflows = __builtin_mul_overflow(ticks, k_micros / per_second, &micros);
    return overflows ? Cell::Kind::out_of_range : Cell::Kind::stamp;
}

template <typename Offset>
void range(const ArrowArray& array, std::int64_t row, Cell& cell) {
    const auto begin = at<Offset>(array, 1, row);
    const auto end = at<Offset>(array, 1, row + 1);
    if (begin < 0 || end < begin) throw Error(Status::data, "The offsets of a column are damaged.");
    cell.begin = begin;
    cell.end = end;
}

template <typename Offset>
void text(const ArrowArray& array, std::int64_t row, Cell& cell) {
    range<Offset>(array, row, cell);
    cell.kind = Cell::Kind::text;
    cell.text = {static_cast<const char*>(array.buffers[2]) + cell.begin,
                 static_cast<std::size_t>(cell.end - cell.begin)};
}

void text_view(const ArrowArray& array, std::int64_t row, Cell& cell) {
    constexpr std::int64_t k_bytes = 16;
    constexpr std::int32_t k_inline = 12;
    const char* const view = static_cast<const char*>(array.buffers[1]) + row * k_bytes;
    std::array<std::int32_t, 4> parts{};  // size, prefix, buffer, offset
    std::memcpy(parts.data(), view, sizeof parts);
    cell.kind = Cell::Kind::text;
    if (parts[0] < 0 ||
        (parts[0] > k_inline && (parts[2] < 0 || parts[2] + 3 >= array.n_buffers || parts[3] < 0)))
        throw Error(Status::data, "The views of a column are damaged.");
    const char* const data =
        parts[0] <= k_inline ? view + 4 : static_cast<const char*>(array.buffers[2 + parts[2]]) + parts[3];
    cell.text = {data, static_cast<std::size_t>(parts[0])};
}

void integer(std::int64_t value, Cell& cell) noexcept {
    cell.kind = Cell::Kind::integer;
    cell.integer = value;
}

void decimal(double value, Cell& cell) noexcept {
    cell.kind = Cell::Kind::decimal;
    cell.decimal = value;
}

double half(std::uint16_t bits) noexcept {
    const auto exponent = static_cast<std::int32_t>((bits >> 10U) & 0x1FU);
    const auto mantissa = static_cast<double>(bits & 0x3FFU);
    double value = 0;
    if (exponent == 31) {
        value = mantissa == 0 ? __builtin_inf() : __builtin_nan("");
    } else {
        value =
            exponent == 0 ? __builtin_ldexp(mantissa, -24) : __builtin_ldexp(mantissa + 1024, exponent - 25);
    }
    return (bits & 0x8000U) != 0 ? -value : value;
}

/// Digits and an exponent, as JSON would have them, so that the number is the same as read from text.
void scaled(Int128 value, std::int32_t scale, Cell& cell) {
    if (scale == 0 && value >= INT64_MIN && value <= INT64_MAX)
        return integer(static_cast<std::int64_t>(value), cell);
    std::array<char, 64> digits{};
    std::size_t from = digits.size() - 8;
    const auto end = from;
    const bool negative = value < 0;
    do {
        const auto digit = static_cast<int>(value % 10);
        digits[--from] = static_cast<char>('0' + (digit < 0 ? -digit : digit));
        value /= 10;
    } while (value != 0);
    if (negative) digits[--from] = '-';
    std::string written(digits.data() + from, end - from);
    written.push_back('e');
    append_integer(written, -std::int64_t{scale});
    const auto read = std::from_chars(written.data(), written.data() + written.size(), cell.decimal);
    cell.kind = read.ec == std::errc() ? Cell::Kind::decimal : Cell::Kind::out_of_range;
}

/// A whole number of any width, for values and for indices of a dictionary. False: the type is none.
bool whole(Type type, const ArrowArray& array, std::int64_t row, Cell& cell) noexcept {
    switch (type) {
        case Type::int8:
            integer(at<std::int8_t>(array, 1, row), cell);
            return true;
        case Type::uint8:
            integer(at<std::uint8_t>(array, 1, row), cell);
            return true;
        case Type::int16:
            integer(at<std::int16_t>(array, 1, row), cell);
            return true;
        case Type::uint16:
            integer(at<std::uint16_t>(array, 1, row), cell);
            return true;
        case Type::int32:
            integer(at<std::int32_t>(array, 1, row), cell);
            return true;
        case Type::uint32:
            integer(at<std::uint32_t>(array, 1, row), cell);
            return true;
        case Type::int64:
            integer(at<std::int64_t>(array, 1, row), cell);
            return true;
        case Type::uint64:
            integer(at<std::int64_t>(array, 1, row), cell);
            cell.kind = Cell::Kind::unsigned_integer;
            return true;
        default:
            return false;
    }
}

void instant(const Field& field, const ArrowArray& array, std::int64_t row, Cell& cell) noexcept {
    switch (field.type) {
        case Type::date32:
            cell.kind = Cell::Kind::stamp;
            cell.precision = time::Precision::day;
            cell.integer = at<std::int32_t>(array, 1, row) * time::k_micros_per_day;
            break;
        case Type::date64:
            cell.kind = to_micros(at<std::int64_t>(array, 1, row), 1'000, cell.integer);
            cell.precision = time::Precision::day;
            break;
        case Type::time32:
            cell.kind = Cell::Kind::time_of_day;
            cell.integer = at<std::int32_t>(array, 1, row) * (k_micros / field.per_second);
            break;
        case Type::time64:
            static_cast<void>(to_micros(at<std::int64_t>(array, 1, row), field.per_second, cell.integer));
            cell.kind = Cell::Kind::time_of_day;
            break;
        default:
            cell.kind = to_micros(at<std::int64_t>(array, 1, row), field.per_second, cell.integer);
            cell.precision = field.has_zone ? time::Precision::exact : time::Precision::local;
            break;
    }
}

void number(const Field& field, const ArrowArray& array, std::int64_t row, Cell& cell) {
    switch (field.type) {
        case Type::float16:
            return decimal(half(at<std::uint16_t>(array, 1, row)), cell);
        case Type::float32:
            return decimal(static_cast<double>(at<float>(array, 1, row)), cell);
        case Type::float64:
            return decimal(at<double>(array, 1, row), cell);
        case Type::decimal32:
            return scaled(at<std::int32_t>(array, 1, row), field.scale, cell);
        case Type::decimal64:
            return scaled(at<std::int64_t>(array, 1, row), field.scale, cell);
        default:
            return scaled(at<Int128>(array, 1, row), field.scale, cell);
    }
}

}  // namespace

Field read_schema(const ArrowSchema& schema, const std::string& path) {
    if (std::count(path.begin(), path.end(), '.') > k_depth) refuse_column(path, "is nested too deep.");
    Field field;
    field.name = schema.name == nullptr ? "" : schema.name;
    read_format(schema.format == nullptr ? "" : schema.format, field, path);
    const std::size_t children = expected_children(field.type);
    const bool is_structure = field.type == Type::structure;
    if (schema.n_children < 0 || (!is_structure && static_cast<std::size_t>(schema.n_children) != children))
        refuse_column(path, "has a schema with " + std::to_string(schema.n_children) + " children.");
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
        const ArrowSchema& child = *schema.children[i];
        const std::string name = child.name == nullptr ? "" : child.name;
        field.children.push_back(read_schema(child, path.empty() ? name : path + "." + name));
    }
    if (field.type == Type::map &&
        (field.children[0].type != Type::structure || field.children[0].children.size() != 2)) {
        refuse_column(path, "is a map without keys and values.");
    }
    if (schema.dictionary != nullptr) {
        Cell probe;
        if (field.type < Type::int8 || field.type > Type::uint64)
            refuse_column(path, "is a dictionary without indices.");
        field.dictionary = std::make_unique<Field>(read_schema(*schema.dictionary, path));
    }
    return field;
}

std::string describe(const Field& field) {
    if (field.dictionary) return describe(*field.dictionary);
    switch (field.type) {
        case Type::null:
            return "nothing but nulls";
        case Type::boolean:
            return "booleans";
        case Type::utf8:
        case Type::large_utf8:
        case Type::utf8_view:
            return "text";
        case Type::date32:
        case Type::date64:
            return "dates";
        case Type::time32:
        case Type::time64:
            return "times of day";
        case Type::timestamp:
            return field.has_zone ? "timestamps with a time zone" : "timestamps without a time zone";
        case Type::list:
        case Type::large_list:
        case Type::fixed_list:
            return "lists of " + describe(field.children[0]);
        case Type::structure:
            return "structures";
        case Type::map:
            return "maps";
        default:
            return "numbers";
    }
}

void check_array(const Field& field, const ArrowArray& array, const std::string& path) {
    const bool has_views = field.type == Type::utf8_view;
    const std::int64_t buffers = buffer_count(field.type);
    if (array.length < 0 || array.offset < 0 || array.release == nullptr ||
        array.n_children != static_cast<std::int64_t>(field.children.size()) ||
        (has_views ? array.n_buffers < 3 : array.n_buffers != buffers) ||
        (array.dictionary == nullptr) != (field.dictionary == nullptr)) {
        refuse_column(path, "comes in a batch that has not the form of its schema.");
    }
    const bool is_text = field.type == Type::utf8 || field.type == Type::large_utf8;
    for (std::int64_t i = 1; i < (is_text ? 2 : buffers); ++i) {
        if (array.length > 0 && array.buffers[i] == nullptr)
            refuse_column(path, "comes in a batch without its data.");
    }
    for (std::size_t i = 0; i < field.children.size(); ++i) {
        const Field& child = field.children[i];
        const ArrowArray& part = *array.children[i];
        check_array(child, part, path.empty() ? child.name : path + "." + child.name);
        if (field.type == Type::structure && part.length < array.length + array.offset)
            refuse_column(path, "comes in a batch whose columns are not equally long.");
    }
    if (field.dictionary) check_array(*field.dictionary, *array.dictionary, path);
}

Cell read_cell(const Field& field, const ArrowArray& array, std::int64_t row) {
    Cell cell;
    cell.field = &field;
    cell.array = &array;
    row += array.offset;
    if (field.type == Type::null || is_null(array, row)) return cell;
    if (field.type >= Type::int8 && field.type <= Type::uint64) {
        whole(field.type, array, row, cell);
        if (!field.dictionary) return cell;
        if (cell.integer < 0 || cell.integer >= array.dictionary->length)
            throw Error(Status::data, "An index is past the end of its dictionary.");
        return read_cell(*field.dictionary, *array.dictionary, cell.integer);
    }
    switch (field.type) {
        case Type::boolean:
            cell.kind = Cell::Kind::boolean;
            cell.integer = (at<std::uint8_t>(array, 1, row / 8) >> static_cast<unsigned>(row % 8)) & 1;
            break;
        case Type::utf8:
            text<std::int32_t>(array, row, cell);
            break;
        case Type::large_utf8:
            text<std::int64_t>(array, row, cell);
            break;
        case Type::utf8_view:
            text_view(array, row, cell);
            break;
        case Type::date32:
        case Type::date64:
        case Type::time32:
        case Type::time64:
        case Type::timestamp:
            instant(field, array, row, cell);
            break;
        case Type::list:
            range<std::int32_t>(array, row, cell);
            cell.kind = Cell::Kind::list;
            break;
        case Type::large_list:
            range<std::int64_t>(array, row, cell);
            cell.kind = Cell::Kind::list;
            break;
        case Type::fixed_list:
            cell.kind = Cell::Kind::list;
            cell.begin = row * field.fixed_size;
            cell.end = cell.begin + field.fixed_size;
            break;
        case Type::map:
            range<std::int32_t>(array, row, cell);
            cell.kind = Cell::Kind::map;
            break;
        case Type::structure:
            cell.kind = Cell::Kind::structure;
            cell.begin = row;
            break;
        default:
            number(field, array, row, cell);
            break;
    }
    return cell;
}

namespace {

/// Releases a structure of the interface when it goes, if nobody has moved it.
template <typename T>
class Held {
  public:
    Held() = default;
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() {
        if (it.release != nullptr) it.release(&it);
    }
    T it{};
};

[[noreturn]] void fail_stream(ArrowArrayStream& stream, const std::string& name, int code) {
    if (code == ENOMEM) throw std::bad_alloc();
    const char* const why = stream.get_last_error == nullptr ? nullptr : stream.get_last_error(&stream);
    std::string message = "The stream of the table \"" + name + "\" failed (" + std::to_string(code) + ")";
    message += why == nullptr || !is_valid_utf8(why) ? "." : ": " + std::string(why);
    throw Error(Status::data, message);
}

}  // namespace

Table read_table(std::string name, ArrowArrayStream& stream) {
    Held<ArrowArrayStream> held;
    held.it = stream;
    stream.release = nullptr;
    if (held.it.release == nullptr) throw Error(Status::invalid_argument, "The stream was released before.");
    Table table;
    table.name = std::move(name);
    Held<ArrowSchema> schema;
    if (const int code = held.it.get_schema(&held.it, &schema.it); code != 0)
        fail_stream(held.it, table.name, code);
    table.schema = read_schema(schema.it);
    if (table.schema.type != Type::structure)
        refuse_column({}, "\"" + table.name + "\" is no table: it has no columns.");
    for (;;) {
        Held<ArrowArray> array;
        if (const int code = held.it.get_next(&held.it, &array.it); code != 0)
            fail_stream(held.it, table.name, code);
        if (array.it.release == nullptr) return table;
        table.batches.emplace_back(array.it);
        array.it.release = nullptr;
        const ArrowArray& last = table.batches.back().array();
        check_array(table.schema, last);
        if (is_null(last, 0) && last.null_count > 0) refuse_column({}, "has rows that are null as a whole.");
        table.rows += last.length;
    }
}

}  // namespace duecare::tables
