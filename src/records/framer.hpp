// Where documents begin and end in the text of a source: JSON Lines, single documents, arrays. The rules are
// those of reader.hpp. Chunks of any size give the same documents.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "records/document.hpp"

namespace duecare::records {

/// Follows brackets and strings, no more: enough to find where a value ends.
class Brackets {
  public:
    void step(char c) noexcept;
    void feed(std::string_view text) noexcept {
        for (const char c : text) step(c);
    }
    [[nodiscard]] bool is_open() const noexcept { return depth_ > 0 || in_string_; }
    [[nodiscard]] bool in_string() const noexcept { return in_string_; }

  private:
    std::int64_t depth_ = 0;
    bool in_string_ = false;
    bool escaped_ = false;
};

class Framer {
  public:
    explicit Framer(DocumentReader& sink) : sink_(sink) {}

    void begin();
    void push(std::string_view bytes);
    /// The text ends here as it should.
    void finish();
    /// The text cannot be read further (`reason`): what has been begun is rejected.
    void break_off(const std::string& reason);

  private:
    enum class Mode : std::uint8_t {
        start,   // before the first byte that is no white space
        first,   // in the line that tells lines from a single document
        lines,   // JSON Lines
        single,  // in a document over many lines, all of it in single_
        lost,    // in one that was over the limit: waiting for a line that is a document
        array,
    };
    enum class Item : std::uint8_t { none, first, next, inside, after };  // what an array expects

    void strip_mark(std::string_view& bytes);
    std::string_view skip_blank(std::string_view bytes);
    std::string_view push_line(std::string_view bytes);
    std::string_view push_array(std::string_view bytes);
    void end_line(std::string_view line);
    void first_line(std::string_view line);
    void single_line(std::string_view line);
    void take_line(std::string_view line, std::uint64_t number);
    void split_single();
    [[nodiscard]] bool is_document(std::string_view line) const;
    void between_items(char c);
    void begin_item(char c);
    void end_item(std::string_view tail);
    void add_to_item(std::string_view part);
    [[nodiscard]] std::uint64_t limit() const noexcept { return sink_.options().limits.document_bytes; }
    [[nodiscard]] std::string over_limit() const;

    DocumentReader& sink_;
    Mode mode_ = Mode::start;
    std::uint64_t line_ = 1;  // number of the line that is being read
    unsigned mark_seen_ = 0;  // bytes of the byte order mark seen so far
    bool mark_done_ = false;
    std::string buffer_;  // the part of a line or element that came in earlier chunks
    bool over_ = false;   // the line or element is over the limit; buffer_ holds nothing
    std::string single_;
    std::uint64_t single_line_ = 0;  // where single_ begins
    Brackets brackets_;
    Item item_ = Item::none;
    bool item_is_scalar_ = false;
    std::uint64_t item_line_ = 0;
    std::uint32_t items_ = 0;
};

}  // namespace duecare::records
