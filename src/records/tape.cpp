#include "records/tape.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"

namespace duecare::records {

void Tape::add_text(Kind kind, std::string_view text) {
    if (text.size() > std::numeric_limits<std::uint32_t>::max()) {
        throw Error(Status::limit, "A string is longer than 4 GiB.");
    }
    Piece& made = add(kind);
    made.at = text_.size();
    made.size = static_cast<std::uint32_t>(text.size());
    text_.append(text);
}

void Tape::stamp(const time::Stamp& value) {
    Piece& made = add(Kind::stamp);
    made.integer = value.micros;
    made.precision = value.precision;
}

void Tape::append(const Tape& other) {
    const std::size_t first = pieces_.size();
    const std::uint64_t shift = text_.size();
    pieces_.insert(pieces_.end(), other.pieces_.begin(), other.pieces_.end());
    text_.append(other.text_);
    for (std::size_t i = first; i < pieces_.size(); ++i) {
        if (pieces_[i].kind <= Kind::string) pieces_[i].at += shift;
    }
}

void Tape::make_room(std::size_t pieces, std::size_t text) {
    const auto grow = [](auto& column, std::size_t more) {
        const std::size_t wanted = column.size() + more;
        if (wanted > column.capacity()) column.reserve(std::max(wanted, 2 * column.capacity()));
    };
    grow(pieces_, pieces);
    grow(text_, text);
}

std::uint64_t Tape::bytes() const noexcept {
    constexpr std::uint64_t k_bytes_a_piece = 4;  // quotes, colons, digits
    return text_.size() + pieces_.size() * k_bytes_a_piece;
}

}  // namespace duecare::records
