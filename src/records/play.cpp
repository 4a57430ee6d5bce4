// Documents that are no text: a tape says to the handler what a parser of its JSON would have said.
#include <cmath>

#include "base/text.hpp"
#include "records/handler.hpp"

namespace duecare::records {

namespace {

constexpr std::string_view k_no_year = "the year is not between 0001 and 9999";

/// As RFC 3339 has it; `micros` must be within the years 0001 to 9999.
std::string text_of(const time::Stamp& stamp) {
    if (stamp.precision == time::Precision::day) {
        const std::int64_t days = stamp.micros / time::k_micros_per_day;
        return time::format_date(
            static_cast<time::Day>(stamp.micros % time::k_micros_per_day < 0 ? days - 1 : days));
    }
    std::string text = time::format_instant(stamp.micros);
    if (stamp.precision == time::Precision::local) text.pop_back();
    return text;
}

}  // namespace

bool Handler::on_stamp(const time::Stamp& stamp, ErrorCode& ec) {
    const bool is_known = stamp.precision <= time::Precision::day;
    if (!is_known || stamp.micros < time::k_first_instant || stamp.micros > time::k_last_instant) {
        ++top_->items;
        return fail(ec, "\"" + std::string(info(slot_).key) + "\": the number is no instant (" +
                            std::string(k_no_year) +
                            "); expected one such as 2022-03-01T09:15:00Z, or a date.");
    }
    if (slot_ != Slot::event_occurred && slot_ != Slot::event_recorded) {
        const std::string text = text_of(stamp);
        return on_string(text, text.size(), ec);
    }
    ++top_->items;
    time::Stamp& to = slot_ == Slot::event_occurred ? event_.occurred : event_.recorded;
    to = stamp;
    if (stamp.precision != time::Precision::day) return true;
    const std::int64_t past_midnight = stamp.micros % time::k_micros_per_day;
    to.micros -= past_midnight < 0 ? past_midnight + time::k_micros_per_day : past_midnight;
    return true;
}

bool Handler::play_piece(const Tape& tape, const Tape::Piece& piece, ErrorCode& ec) {
    using Kind = Tape::Kind;
    const auto text = [&] { return tape.text(piece); };
    switch (piece.kind) {
        case Kind::key:
            if (!is_valid_utf8(text())) return fail(ec, "A key is not valid UTF-8.");
            return on_key(text(), piece.size, ec);
        case Kind::string:
            if (!is_valid_utf8(text())) return fail(ec, "A string is not valid UTF-8.");
            return on_string(text(), piece.size, ec);
        case Kind::integer:
            return on_int64(piece.integer, {}, ec);
        case Kind::unsigned_integer:
            // As the parser: one that fits into a signed number is a signed number.
            return piece.integer >= 0 ? on_int64(piece.integer, {}, ec) : on_uint64(piece.at, {}, ec);
        case Kind::decimal: {
            if (!std::isfinite(piece.decimal)) return fail(ec, std::string(k_number_range));
            Value value;
            value.kind = ValueKind::decimal;
            value.decimal = piece.decimal;
            return scalar(value, "a number", ec);
        }
        case Kind::boolean:
            return on_bool(piece.integer != 0, ec);
        case Kind::null:
            return on_null(ec);
        case Kind::stamp:
            return on_stamp({piece.integer, piece.precision}, ec);
        case Kind::object_begin:
            return on_object_begin(ec);
        case Kind::object_end:
            return on_object_end(0, ec);
        case Kind::array_begin:
            return on_array_begin(ec);
        case Kind::array_end:
            return on_array_end(0, ec);
    }
    return fail(ec, "The document is damaged.");
}

bool Handler::play(const Tape& tape) {
    ErrorCode ec;
    std::uint32_t depth = 0;
    for (const Tape::Piece& piece : tape.pieces()) {
        const bool opens = piece.kind == Tape::Kind::object_begin || piece.kind == Tape::Kind::array_begin;
        if (opens && ++depth > options_.limits.nesting) {
            return fail(ec, too_deep(options_.limits.nesting));
        }
        if (piece.kind == Tape::Kind::object_end || piece.kind == Tape::Kind::array_end) --depth;
        if (!play_piece(tape, piece, ec)) return false;
    }
    return true;
}

}  // namespace duecare::records
