#include "tables/values.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace duecare::tables {

namespace {

using Kind = Cell::Kind;

/// Shown only if nothing but a date can hide in it: reasons show no personal values.
std::string shown(std::string_view text) {
    constexpr std::size_t k_longest = 40;
    constexpr std::string_view k_allowed = "0123456789-+:.,TtZz /";
    if (text.size() > k_longest || text.find_first_not_of(k_allowed) != std::string_view::npos)
        return "the text";
    return "\"" + std::string(text) + "\"";
}

std::string all_names(const Table& table) {
    std::string names;
    for (const Field& field : table.schema.children) {
        names.append(names.empty() ? "" : ", ").append("\"").append(field.name).append("\"");
    }
    return names;
}

bool find_path(const Field& field, std::string_view name, std::vector<std::size_t>& path) {
    for (std::size_t i = 0; i < field.children.size(); ++i) {
        if (field.children[i].name == name) {
            path.push_back(i);
            return true;
        }
    }
    for (std::size_t i = 0; i < field.children.size(); ++i) {
        const Field& child = field.children[i];
        if (child.type != Type::structure || child.name.size() >= name.size() ||
            !name.starts_with(child.name) || name[child.name.size()] != '.') {
            continue;
        }
        path.push_back(i);
        if (find_path(child, name.substr(child.name.size() + 1), path)) return true;
        path.pop_back();
    }
    return false;
}

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view k_blank = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(k_blank);
    if (begin == std::string_view::npos) return text.substr(0, 0);
    return text.substr(begin, text.find_last_not_of(k_blank) - begin + 1);
}

std::int64_t floor_day(std::int64_t micros) noexcept {
    const std::int64_t past = micros % time::k_micros_per_day;
    return micros - (past < 0 ? past + time::k_micros_per_day : past);
}

}  // namespace

Cell ColumnPath::read(const Table& table, const Row& row) const {
    const Field* field = &table.schema;
    const ArrowArray* array = row.batch;
    std::int64_t at = row.at;
    for (const std::size_t child : path) {
        if (field != &table.schema && read_cell(*field, *array, at).kind == Kind::null) return {};
        at += array->offset;
        field = &field->children[child];
        array = array->children[child];
    }
    return read_cell(*field, *array, at);
}

std::optional<ColumnPath> find_column(const Table& table, std::string_view name) {
    ColumnPath found{std::string(name), {}};
    if (!find_path(table.schema, name, found.path)) return std::nullopt;
    return found;
}

Bound::Bound(const Source& source, const Mapping& mapping, const Table& table, bool may_be_missing,
             Unmapped* unmapped)
    : source_(&source), mapping_(&mapping), table_(&table), unmapped_(unmapped) {
    const auto find = [&](const std::string& name) {
        auto found = find_column(table, name);
        if (!found && !may_be_missing) {
            std::vector<std::string_view> names;
            for (const Field& field : table.schema.children) names.push_back(field.name);
            throw Error(Status::data,
                        "The table \"" + table.name + "\" has no column \"" + name + "\"." +
                            suggestion(name, names) + " It has " + all_names(table) + ".",
                        source.pointer);
        }
        return found;
    };
    if (!source.column.empty()) column_ = find(source.column);
    if (!source.time_column.empty()) time_ = find(source.time_column);
    if (source.ignore_case) {
        for (const auto& [code, word] : source.values) folded_[folded(code)] = word;
    }
}

std::string Bound::name() const {
    return source_ == nullptr ? std::string() : source_->column;
}

void Bound::names(std::vector<std::string>& to) const {
    if (column_) to.push_back(column_->name);
    if (time_) to.push_back(time_->name);
}

std::optional<std::string_view> Bound::mapped(std::string_view code) const {
    if (source_->ignore_case) {
        const auto found = folded_.find(folded(code));
        if (found != folded_.end()) return found->second;
    } else if (const auto found = source_->values.find(code); found != source_->values.end()) {
        return found->second;
    }
    return std::nullopt;
}

Cell Bound::cell(const Row& row) const {
    Cell cell;
    if (source_ == nullptr) return cell;
    if (source_->constant) {
        cell.kind = Kind::text;
        cell.text = *source_->constant;
        return cell;
    }
    if (!column_) return cell;
    cell = column_->read(*table_, row);
    if (cell.kind == Kind::out_of_range) fail("the number is out of range.");
    if (cell.kind != Kind::text) return cell;
    if (mapping_->trims) cell.text = trimmed(cell.text);
    for (const std::string& null : mapping_->null_values) {
        if (cell.text == null) return {};
    }
    return cell;
}

std::string_view Bound::text_of(const Cell& cell) {
    buffer_.clear();
    switch (cell.kind) {
        case Kind::text:
            return cell.text;
        case Kind::integer:
            append_integer(buffer_, cell.integer);
            break;
        case Kind::unsigned_integer:
            buffer_ = std::to_string(static_cast<std::uint64_t>(cell.integer));
            break;
        case Kind::boolean:
            buffer_ = cell.integer != 0 ? "true" : "false";
            break;
        case Kind::decimal:
            // Whole numbers become decimals where a frame has no other way to say that some are missing.
            if (std::abs(cell.decimal) < 1e15 && cell.decimal == std::floor(cell.decimal)) {
                append_integer(buffer_, static_cast<std::int64_t>(cell.decimal));
            } else {
                append_decimal(buffer_, cell.decimal);
            }
            break;
        default:
            fail("text was expected, and it is of another type (" + describe(*cell.field) + ").");
    }
    return buffer_;
}

std::optional<std::string_view> Bound::text(const Row& row) {
    const Cell found = cell(row);
    if (found.kind == Kind::null) return std::nullopt;
    const std::string_view code = text_of(found);
    if (source_->values.empty() || source_->constant) return code;
    if (const auto word = mapped(code)) return word;
    if (unmapped_ != nullptr) ++(*unmapped_)[{source_->column, std::string(code)}];
    if (source_->unmapped == Source::Unmapped::reject) fail("a code that \"values\" does not have.");
    return code;
}

bool Bound::drops(const Row& row) const {
    if (source_ == nullptr || source_->unmapped != Source::Unmapped::drop || source_->values.empty())
        return false;
    const Cell found = cell(row);
    if (found.kind == Kind::null) return false;
    std::string code = found.kind == Kind::text ? std::string(found.text) : std::to_string(found.integer);
    if (mapped(code)) return false;
    if (unmapped_ != nullptr) ++(*unmapped_)[{source_->column, std::move(code)}];
    return true;
}

time::Stamp Bound::read_text(std::string_view text) const {
    if (source_->formats.empty()) {
        const char* why = nullptr;
        if (const auto stamp = time::parse_stamp(text, &why)) return *stamp;
        fail(
            shown(text) + " is no instant" + (why == nullptr ? "" : " (" + std::string(why) + ")") +
            "; expected one such as 2022-03-01T09:15:00Z, or a date; the mapping can state another form with "
            "\"date_format\".");
    }
    for (const std::string& format : source_->formats) {
        if (const auto stamp = parse_by_format(text, format)) return *stamp;
    }
    std::string expected;
    for (const std::string& format : source_->formats)
        expected.append(expected.empty() ? "" : " or ").append(format);
    fail(shown(text) + " is no instant in the form " + expected + ".");
}

std::optional<std::int64_t> Bound::time_of_day(const Row& row) const {
    Cell found = time_->read(*table_, row);
    if (found.kind == Kind::null) return std::nullopt;
    if (found.kind == Kind::text && mapping_->trims) found.text = trimmed(found.text);
    if (found.kind == Kind::time_of_day) return found.integer;
    if (found.kind != Kind::text) throw Bad{time_->name, "a time of day was expected."};
    const auto& nulls = mapping_->null_values;
    if (std::find(nulls.begin(), nulls.end(), found.text) != nulls.end()) return std::nullopt;
    const auto read_as = [&](std::string_view format) -> std::optional<std::int64_t> {
        const auto read = parse_by_format(found.text, format);
        if (!read || read->precision != time::Precision::local) return std::nullopt;
        return read->micros;
    };
    for (const std::string& format : source_->time_formats) {
        if (const auto read = read_as(format)) return read;
    }
    for (const std::string_view format : {"%H:%M", "%H:%M:%S", "%H:%M:%S.%f"}) {
        const auto read = read_as(format);
        if (read && source_->time_formats.empty()) return read;
    }
    throw Bad{time_->name, shown(found.text) + " is no time of day such as 09:15."};
}

std::optional<time::Stamp> Bound::stamp(const Row& row) {
    const Cell found = cell(row);
    time::Stamp out;
    switch (found.kind) {
        case Kind::null:
            return std::nullopt;
        case Kind::stamp:
            out = {found.integer, found.precision};
            break;
        case Kind::text:
            out = read_text(found.text);
            break;
        case Kind::integer:
        case Kind::unsigned_integer:
            if (source_->per_second == 0) {
                fail(
                    "a number is no instant; state its \"unit\" (s, ms, us or ns since 1970) in the "
                    "mapping.");
            } else if (source_->per_second > time::k_micros_per_second) {
                out.micros = found.integer / 1'000 - (found.integer % 1'000 < 0 ? 1 : 0);
            } else if (__builtin_mul_overflow(found.integer, time::k_micros_per_second / source_->per_second,
                                              &out.micros)) {
                fail("the number is out of range.");
            }
            break;
        default:
            fail("an instant was expected, and it is of another type (" + describe(*found.field) + ").");
    }
    if (time_) {
        if (out.precision == time::Precision::exact)
            fail("it has a time of day of its own, and \"time\" names another.");
        out = {floor_day(out.micros), time::Precision::day};
        if (const auto time = time_of_day(row)) out = {out.micros + *time, time::Precision::local};
    }
    if (out.precision == time::Precision::local && mapping_->zone) {
        if (out.micros < time::k_first_instant || out.micros > time::k_last_instant)
            fail("the year is out of range.");
        out = {mapping_->zone->to_instant(out.micros), time::Precision::exact};
    }
    return out;
}

std::optional<bool> Bound::truth_of(const Cell& cell) const {
    if (cell.kind == Kind::boolean) return cell.integer != 0;
    if (cell.kind == Kind::integer && (cell.integer == 0 || cell.integer == 1)) return cell.integer != 0;
    if (cell.kind != Kind::text) return std::nullopt;
    const std::string code = folded(cell.text);
    const auto is_one_of = [&](const std::vector<std::string>& words) {
        return std::any_of(words.begin(), words.end(),
                           [&](const std::string& word) { return folded(word) == code; });
    };
    if (source_->yes.empty() && source_->no.empty()) {
        if (code == "true") return true;
        if (code == "false") return false;
        return std::nullopt;
    }
    if (is_one_of(source_->yes)) return true;
    if (is_one_of(source_->no)) return false;
    return std::nullopt;
}

std::optional<bool> Bound::truth(const Row& row) {
    const Cell found = cell(row);
    if (found.kind == Kind::null) return std::nullopt;
    const auto truth = truth_of(found);
    if (!truth)
        fail("true or false was expected; the mapping can state the words with \"true\" and \"false\".");
    return truth;
}

std::optional<time::PartialDate> Bound::born(const Row& row) {
    const Cell found = cell(row);
    if (found.kind == Kind::null) return std::nullopt;
    constexpr std::int64_t k_last_year = 9999;
    if (found.kind == Kind::integer && found.integer >= 1 && found.integer <= k_last_year)
        return time::PartialDate{static_cast<std::int16_t>(found.integer), 0, 0};
    if (found.kind == Kind::text && source_->formats.empty()) {
        const auto read = time::parse_partial_date(found.text);
        if (!read) fail("no date of birth: expected YYYY-MM-DD, YYYY-MM or YYYY, of a day that exists.");
        return read;
    }
    const auto read = found.kind == Kind::text ? read_text(found.text) : *stamp(row);
    const auto days = static_cast<time::Day>(floor_day(read.micros) / time::k_micros_per_day);
    if (days < time::k_first_day || days > time::k_last_day) fail("the year is out of range.");
    const time::CivilDate date = time::civil_of(days);
    return time::PartialDate{static_cast<std::int16_t>(date.year), static_cast<std::int8_t>(date.month),
                             static_cast<std::int8_t>(date.day)};
}

void Bound::each_text(const Row& row, const std::function<void(std::string_view)>& take) {
    const Cell found = cell(row);
    if (found.kind == Kind::null) return;
    const auto one = [&](std::string_view code) {
        const auto word = source_->values.empty() ? std::nullopt : mapped(code);
        take(word ? *word : code);
    };
    if (found.kind == Kind::list) {
        const Field& items = found.field->children[0];
        for (std::int64_t i = found.begin; i < found.end; ++i) {
            const Cell item = read_cell(items, *found.array->children[0], i);
            if (item.kind == Kind::null) fail("an item of the list is null.");
            one(text_of(item));
        }
        return;
    }
    std::string_view rest = text_of(found);
    if (source_->separator.empty()) return one(rest);
    while (!rest.empty()) {
        const std::size_t end = rest.find(source_->separator);
        const std::string_view item = trimmed(rest.substr(0, end));
        if (!item.empty()) one(item);
        if (end == std::string_view::npos) return;
        rest.remove_prefix(end + source_->separator.size());
    }
}

bool Bound::typed_text(records::Builder& to, std::string_view key, std::string_view text) {
    const auto number = [&](auto& value) {
        std::string plain(text);
        if (source_->decimal_mark == ',') std::replace(plain.begin(), plain.end(), ',', '.');
        const auto read = std::from_chars(plain.data(), plain.data() + plain.size(), value);
        return read.ec == std::errc() && read.ptr == plain.data() + plain.size();
    };
    if (source_->as == Source::As::integer) {
        std::int64_t value = 0;
        if (!number(value)) fail("a whole number was expected.");
        to.attribute_integer(key, value);
    } else if (source_->as == Source::As::number) {
        double value = 0;
        if (!number(value)) fail("a number was expected.");
        to.attribute_number(key, value);
    } else if (source_->as == Source::As::boolean) {
        Cell cell;
        cell.kind = Kind::text;
        cell.text = text;
        const auto truth = truth_of(cell);
        if (!truth)
            fail("true or false was expected; the mapping can state the words with \"true\" and \"false\".");
        to.attribute_boolean(key, *truth);
    } else {
        return false;
    }
    return true;
}

void Bound::value(records::Builder& to, std::string_view key, const Cell& cell) {
    switch (cell.kind) {
        case Kind::null:
            return to.attribute_null(key);
        case Kind::boolean:
            return to.attribute_boolean(key, cell.integer != 0);
        case Kind::integer:
            return to.attribute_integer(key, cell.integer);
        case Kind::unsigned_integer:
            return to.attribute_unsigned(key, static_cast<std::uint64_t>(cell.integer));
        case Kind::decimal:
            return to.attribute_number(key, cell.decimal);
        case Kind::text:
            return to.attribute_string(key, cell.text);
        case Kind::stamp:
            return to.attribute_stamp(key, {cell.integer, cell.precision});
        case Kind::time_of_day: {
            std::string text = time::format_instant(cell.integer);
            return to.attribute_string(key, std::string_view(text).substr(11, text.size() - 12));
        }
        case Kind::list:
            to.open_attribute_list(key);
            for (std::int64_t i = cell.begin; i < cell.end; ++i)
                value(to, {}, read_cell(cell.field->children[0], *cell.array->children[0], i));
            return to.close_attribute();
        case Kind::structure:
            to.open_attribute(key);
            for (std::size_t i = 0; i < cell.field->children.size(); ++i) {
                const Cell item = read_cell(cell.field->children[i], *cell.array->children[i], cell.begin);
                if (item.kind != Kind::null) value(to, cell.field->children[i].name, item);
            }
            return to.close_attribute();
        case Kind::map:
            to.open_attribute(key);
            map_entries(cell, [&](std::string_view name, const Cell& item) { value(to, name, item); });
            return to.close_attribute();
        case Kind::out_of_range:
            fail("a number is out of range.");
    }
}

void Bound::map_entries(const Cell& cell,
                        const std::function<void(std::string_view, const Cell&)>& take) const {
    const Field& entry = cell.field->children[0];
    const ArrowArray& entries = *cell.array->children[0];
    for (std::int64_t i = cell.begin; i < cell.end; ++i) {
        const std::int64_t at = i + entries.offset;
        const Cell name = read_cell(entry.children[0], *entries.children[0], at);
        if (name.kind != Kind::text) fail("the keys of the map are no text.");
        const Cell item = read_cell(entry.children[1], *entries.children[1], at);
        if (item.kind != Kind::null) take(name.text, item);
    }
}

bool Bound::attribute(records::Builder& to, std::string_view key, const Row& row) {
    const Cell found = cell(row);
    if (found.kind == Kind::null) return false;
    if (found.kind != Kind::text && source_->values.empty() && source_->as == Source::As::as_is) {
        value(to, key, found);
        return true;
    }
    if (found.kind == Kind::text && !source_->separator.empty()) {
        to.open_attribute_list(key);
        each_text(row, [&](std::string_view item) {
            if (!typed_text(to, {}, item)) to.attribute_string({}, item);
        });
        to.close_attribute();
    } else if (!source_->formats.empty() || source_->per_second != 0 || time_) {
        to.attribute_stamp(key, *stamp(row));
    } else {
        const std::string word(*text(row));
        if (!typed_text(to, key, word)) to.attribute_string(key, word);
    }
    return true;
}

void Bound::merge(records::Builder& to, const Row& row) {
    const Cell found = cell(row);
    if (found.kind == Kind::map) {
        map_entries(found, [&](std::string_view name, const Cell& item) { value(to, name, item); });
    } else if (found.kind != Kind::null) {
        fail("a map or a structure was expected.");
    }
}

}  // namespace duecare::tables
