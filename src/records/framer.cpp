#include "records/framer.hpp"

#include <algorithm>
#include <cstring>

namespace duecare::records {

namespace {

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view k_blank = " \t\r\n";

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_blank(std::string_view text) noexcept {
    return text.find_first_not_of(k_blank) == std::string_view::npos;
}

std::string_view without_return(std::string_view line) noexcept {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
}

std::uint32_t case_position(std::uint64_t line) noexcept {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(line, 0xFFFF'FFFFU));
}

}  // namespace

void Brackets::step(char c) noexcept {
    if (in_string_) {
        if (escaped_) {
            escaped_ = false;
        } else if (c == '\\') {
            escaped_ = true;
        } else if (c == '"') {
            in_string_ = false;
        }
        return;
    }
    switch (c) {
        case '"':
            in_string_ = true;
            break;
        case '{':
        case '[':
            ++depth_;
            break;
        case '}':
        case ']':
            --depth_;
            break;
        default:
            break;
    }
}

void Framer::begin() {
    mode_ = Mode::start;
    line_ = 1;
    mark_seen_ = 0;
    mark_done_ = false;
    buffer_.clear();
    single_.clear();
    over_ = false;
    item_ = Item::none;
}

std::string Framer::over_limit() const {
    return document_over_limit(limit());
}

void Framer::strip_mark(std::string_view& bytes) {
    while (!bytes.empty() && mark_seen_ < k_byte_order_mark.size() &&
           bytes.front() == k_byte_order_mark[mark_seen_]) {
        ++mark_seen_;
        bytes.remove_prefix(1);
    }
    if (mark_seen_ == k_byte_order_mark.size()) {
        mark_done_ = true;
    } else if (!bytes.empty()) {
        mark_done_ = true;
        const std::string begun(k_byte_order_mark.substr(0, mark_seen_));  // it was no mark after all
        if (!begun.empty()) push(begun);
    }
}

void Framer::push(std::string_view bytes) {
    if (!mark_done_) strip_mark(bytes);
    while (!bytes.empty()) {
        if (mode_ == Mode::start) {
            bytes = skip_blank(bytes);
        } else if (mode_ == Mode::array) {
            bytes = push_array(bytes);
        } else {
            bytes = push_line(bytes);
        }
    }
}

std::string_view Framer::skip_blank(std::string_view bytes) {
    const std::size_t at = std::min(bytes.find_first_not_of(k_blank), bytes.size());
    line_ += static_cast<std::uint64_t>(
        std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    bytes.remove_prefix(at);
    if (bytes.empty()) return bytes;
    if (bytes.front() != '[') {
        mode_ = Mode::first;
        return bytes;
    }
    mode_ = Mode::array;
    item_ = Item::first;
    items_ = 0;
    return bytes.substr(1);
}

std::string_view Framer::push_line(std::string_view bytes) {
    const std::size_t end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end);
    const bool ends = end != std::string_view::npos;
    if (ends && buffer_.empty() && !over_) {
        end_line(without_return(part));
    } else {
        // One byte more than the limit may be the carriage return of the line end.
        if (over_ || buffer_.size() + part.size() > limit() + 1) {
            over_ = true;
            buffer_.clear();
        } else {
            buffer_.append(part);
        }
        if (!ends) return {};
        std::string line;
        line.swap(buffer_);
        end_line(without_return(line));
        if (buffer_.empty()) {  // keep the memory for the next line
            line.clear();
            buffer_.swap(line);
        }
    }
    over_ = false;
    ++line_;
    return bytes.substr(end + 1);
}

void Framer::end_line(std::string_view line) {
    if (!over_ && line.size() > limit()) over_ = true;
    switch (mode_) {
        case Mode::first:
            first_line(line);
            break;
        case Mode::single:
        case Mode::lost:
            single_line(line);
            break;
        default:
            take_line(line, line_);
            break;
    }
}

void Framer::take_line(std::string_view line, std::uint64_t number) {
    if (over_) return sink_.reject(number, over_limit());
    if (line.empty() || is_blank(line)) return;
    sink_.take(line, number, case_position(number));
}

void Framer::first_line(std::string_view line) {
    mode_ = Mode::lines;
    if (!over_ && glance(line, sink_.options().limits.nesting).shape == Glance::Shape::incomplete) {
        mode_ = Mode::single;
        single_ = line;
        single_line_ = line_;
        brackets_ = {};
        brackets_.feed(line);
        return;
    }
    take_line(line, line_);
}

bool Framer::is_document(std::string_view line) const {
    const std::size_t at = line.find_first_not_of(k_blank);
    if (over_ || at == std::string_view::npos || line[at] != '{') return false;
    const Glance seen = glance(line, sink_.options().limits.nesting);
    return seen.shape == Glance::Shape::complete && seen.format && seen.format->starts_with("duecare.");
}

void Framer::single_line(std::string_view line) {
    if (is_document(line)) {
        if (mode_ == Mode::single) split_single();
        mode_ = Mode::lines;
        take_line(line, line_);
        return;
    }
    if (mode_ == Mode::lost) return;
    if (over_ || single_.size() + 1 + line.size() > limit()) {
        mode_ = Mode::lost;
        single_.clear();
        sink_.reject(single_line_, over_limit());
        return;
    }
    single_.append("\n").append(line);
    brackets_.feed(line);
    if (brackets_.is_open()) return;
    mode_ = Mode::start;
    sink_.take(single_, single_line_, case_position(single_line_));
    single_.clear();
}

void Framer::split_single() {
    std::string text;
    text.swap(single_);
    std::uint64_t number = single_line_;
    for (std::size_t at = 0; at <= text.size(); ++number) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        take_line(std::string_view(text).substr(at, end - at), number);
        at = end + 1;
    }
}

void Framer::finish() {
    if (!mark_done_ && mark_seen_ > 0) {
        mark_done_ = true;
        push(k_byte_order_mark.substr(0, mark_seen_));
    }
    const Mode mode = mode_;
    if (mode == Mode::array) {
        if (item_ == Item::inside) end_item({});
        mode_ = Mode::start;
        sink_.reject(line_, "The text ends inside the array of documents; expected a \"]\" at its end.");
    } else if (mode != Mode::start && (over_ || !buffer_.empty())) {
        std::string line;
        line.swap(buffer_);
        end_line(without_return(line));
        over_ = false;
    }
    if (mode_ == Mode::single) {
        mode_ = Mode::start;
        sink_.take(single_, single_line_, case_position(single_line_));
    }
    single_.clear();
}

void Framer::break_off(const std::string& reason) {
    buffer_.clear();
    const std::uint64_t line = mode_ == Mode::single   ? single_line_
                               : item_ == Item::inside ? item_line_
                                                       : line_;
    single_.clear();
    mode_ = Mode::start;
    item_ = Item::none;
    sink_.reject(line, reason);
}

// ---- arrays ----

std::string_view Framer::push_array(std::string_view bytes) {
    std::size_t i = 0;
    std::size_t item_begin = 0;
    for (; i < bytes.size() && mode_ == Mode::array; ++i) {
        const char c = bytes[i];
        if (item_ == Item::inside) {
            const bool was_open = brackets_.is_open();
            if (!was_open && item_is_scalar_ && (is_blank(c) || c == ',' || c == ']')) {
                end_item(bytes.substr(item_begin, i - item_begin));
                between_items(c);
            } else {
                brackets_.step(c);
                if (!item_is_scalar_ && !brackets_.is_open()) {
                    end_item(bytes.substr(item_begin, i + 1 - item_begin));
                }
            }
        } else {
            between_items(c);
            if (item_ == Item::inside) {
                item_begin = i;
                brackets_ = {};
                brackets_.step(c);
            }
        }
        if (c == '\n') ++line_;
    }
    if (item_ == Item::inside) add_to_item(bytes.substr(item_begin, i - item_begin));
    return bytes.substr(i);
}

void Framer::between_items(char c) {
    if (is_blank(c)) return;
    if (c == ']') {
        const bool comma = item_ == Item::next;
        mode_ = Mode::start;
        item_ = Item::none;
        if (comma)
            sink_.reject(line_, "A comma stands before the end of the array; expected a document after it.");
        return;
    }
    if (c == ',') {
        const bool good = item_ == Item::after;
        item_ = Item::next;
        if (!good) sink_.reject(line_, "A comma stands where a document of the array was expected.");
        return;
    }
    const bool good = item_ != Item::after;
    begin_item(c);
    if (!good) sink_.reject(line_, "Expected a comma between two documents of the array.");
}

void Framer::begin_item(char c) {
    item_ = Item::inside;
    item_is_scalar_ = c != '{' && c != '[' && c != '"';
    item_line_ = line_;
    over_ = false;
    buffer_.clear();
    ++items_;
}

void Framer::add_to_item(std::string_view part) {
    if (over_ || buffer_.size() + part.size() > limit()) {
        over_ = true;
        buffer_.clear();
        return;
    }
    buffer_.append(part);
}

void Framer::end_item(std::string_view tail) {
    item_ = Item::after;
    if (buffer_.empty() && !over_ && tail.size() <= limit()) {
        sink_.take(tail, item_line_, items_);
        return;
    }
    add_to_item(tail);
    const bool over = over_;
    over_ = false;
    std::string text;
    text.swap(buffer_);
    if (over) return sink_.reject(item_line_, over_limit());
    sink_.take(text, item_line_, items_);
}

}  // namespace duecare::records
