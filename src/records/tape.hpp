// A document as typed pieces instead of text: what a JSON parser would say of it, written down. Playing a
// tape into the handler gives the same caseload, the same rejects and the same warnings as reading the JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "time/instant.hpp"

namespace duecare::records {

/// Pieces in the order of a document. Whatever is written may be wrong (unbalanced, twice, of the wrong
/// type, no UTF-8): playing it shows that, and rejects it with its place.
class Tape {
  public:
    enum class Kind : std::uint8_t {
        key,
        string,
        integer,
        unsigned_integer,
        decimal,
        boolean,
        null,
        stamp,
        object_begin,
        object_end,
        array_begin,
        array_end,
    };
    struct Piece {
        Kind kind = Kind::null;
        time::Precision precision = time::Precision::exact;  // of a stamp
        std::uint32_t size = 0;                              // of a key or string, in bytes
        union {
            std::int64_t integer;  // also the micros of a stamp, and 0 or 1 of a boolean
            std::uint64_t at;      // where a key or string begins in the text
            double decimal;
        };
        Piece() : integer(0) {}
    };

    void key(std::string_view text) { add_text(Kind::key, text); }
    void string(std::string_view text) { add_text(Kind::string, text); }
    void integer(std::int64_t value) { add(Kind::integer).integer = value; }
    void unsigned_integer(std::uint64_t value) { add(Kind::unsigned_integer).at = value; }
    void decimal(double value) { add(Kind::decimal).decimal = value; }
    void boolean(bool value) { add(Kind::boolean).integer = value ? 1 : 0; }
    void null() { add(Kind::null); }
    void stamp(const time::Stamp& value);
    void mark(Kind begin_or_end) { add(begin_or_end); }
    /// Everything of another tape, after what is here.
    void append(const Tape& other);

    /// Room for as much more; grows as a vector does.
    void make_room(std::size_t pieces, std::size_t text);

    void clear() noexcept {
        pieces_.clear();
        text_.clear();
    }
    [[nodiscard]] bool is_empty() const noexcept { return pieces_.empty(); }
    /// Roughly what the pieces would take as text; the limit of a document is held against it.
    [[nodiscard]] std::uint64_t bytes() const noexcept;
    [[nodiscard]] std::size_t text_size() const noexcept { return text_.size(); }
    [[nodiscard]] const std::vector<Piece>& pieces() const noexcept { return pieces_; }
    [[nodiscard]] std::string_view text(const Piece& piece) const noexcept {
        return std::string_view(text_).substr(piece.at, piece.size);
    }

  private:
    Piece& add(Kind kind) {
        Piece& made = pieces_.emplace_back();
        made.kind = kind;
        return made;
    }
    void add_text(Kind kind, std::string_view text);

    std::vector<Piece> pieces_;
    std::string text_;
};

}  // namespace duecare::records
