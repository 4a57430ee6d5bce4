#include "policy/document.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/stream_parser.hpp>
#include <set>
#include <vector>

#include "base/text.hpp"

namespace duecare::policy {
namespace {

std::uint64_t line_at(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    return 1 + static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n'));
}

// A walk over valid JSON that knows where it is. Calls `at(pointer, offset)` for every value and
// `twice(pointer, offset)` for a key that its object had before.
template <typename At, typename Twice>
class Walk {
  public:
    Walk(std::string_view text, At at, Twice twice)
        : text_(text), at_(std::move(at)), twice_(std::move(twice)) {}
    void run() { value(); }

  private:
    void space() {
        while (i_ < text_.size() && std::string_view(" \t\r\n").find(text_[i_]) != std::string_view::npos)
            ++i_;
    }
    // Past the string that begins here; whether it has escapes.
    bool skip_string() {
        bool escaped = false;
        ++i_;
        while (i_ < text_.size() && text_[i_] != '"') {
            escaped = escaped || text_[i_] == '\\';
            i_ += text_[i_] == '\\' ? 2 : 1;
        }
        ++i_;
        return escaped;
    }
    std::string key() {
        const std::size_t begin = i_;
        if (!skip_string()) return std::string(text_.substr(begin + 1, i_ - begin - 2));
        boost::system::error_code ignored;
        const boost::json::value parsed =
            boost::json::parse(boost::json::string_view(text_.substr(begin, i_ - begin)), ignored);
        return ignored || !parsed.is_string() ? std::string() : std::string(parsed.get_string());
    }
    void value() {
        space();
        at_(pointer_, i_);
        const char c = i_ < text_.size() ? text_[i_] : '\0';
        if (c == '{') {
            members();
        } else if (c == '[') {
            elements();
        } else if (c == '"') {
            skip_string();
        } else {
            while (i_ < text_.size() &&
                   std::string_view(",]} \t\r\n").find(text_[i_]) == std::string_view::npos)
                ++i_;
        }
    }
    void members() {
        std::set<std::string> keys;
        const std::size_t length = pointer_.size();
        ++i_;
        for (;;) {
            space();
            if (i_ >= text_.size() || text_[i_] == '}') break;
            if (text_[i_] == ',') {
                ++i_;
                continue;
            }
            const std::size_t offset = i_;
            const std::string name = key();
            append_pointer(pointer_, name);
            if (!keys.insert(name).second) twice_(pointer_, offset);
            space();
            ++i_;  // the colon
            value();
            pointer_.resize(length);
        }
        ++i_;
    }
    void elements() {
        const std::size_t length = pointer_.size();
        std::size_t index = 0;
        ++i_;
        for (;;) {
            space();
            if (i_ >= text_.size() || text_[i_] == ']') break;
            if (text_[i_] == ',') {
                ++i_;
                continue;
            }
            append_pointer(pointer_, index++);
            value();
            pointer_.resize(length);
        }
        ++i_;
    }

    std::string_view text_;
    At at_;
    Twice twice_;
    std::size_t i_ = 0;
    std::string pointer_;
};

template <typename At, typename Twice>
void walk(std::string_view text, At at, Twice twice) {
    Walk<At, Twice>(text, std::move(at), std::move(twice)).run();
}

// JSON text with indent; one function for each kind of value, and the list of parts they share.
class Pretty {
  public:
    // NOLINTNEXTLINE(misc-no-recursion): as deep as the text that was read, which the parser bounds.
    void write(const boost::json::value& value) {
        if (const boost::json::object* object = value.if_object()) {
            write(*object);
        } else if (const boost::json::array* array = value.if_array()) {
            list('[', ']', *array, [this](const boost::json::value& element) { write(element); });
        } else if (value.is_string()) {
            append_json_string(out_, value.get_string());
        } else if (value.is_int64()) {
            append_integer(out_, value.get_int64());
        } else if (value.is_double()) {
            append_decimal(out_, value.get_double());
        } else {
            out_.append(boost::json::serialize(value));
        }
    }
    // NOLINTNEXTLINE(misc-no-recursion)
    void write(const boost::json::object& object) {
        list('{', '}', object, [this](const boost::json::key_value_pair& member) {
            append_json_string(out_, member.key());
            out_.append(": ");
            write(member.value());
        });
    }
    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    template <typename List, typename Each>
    void list(char open, char close, const List& parts, const Each& each) {
        out_.push_back(open);
        ++depth_;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (i > 0) out_.push_back(',');
            indent();
            each(parts.begin()[static_cast<std::ptrdiff_t>(i)]);
        }
        --depth_;
        if (!parts.empty()) indent();
        out_.push_back(close);
    }
    void indent() {
        out_.push_back('\n');
        out_.append(2 * depth_, ' ');
    }

    std::string out_;
    std::size_t depth_ = 0;
};

}  // namespace

namespace {

// The members of all objects in valid JSON: colons outside strings. Of a key that stands twice the parser
// keeps one, so that there are fewer of `members_of`; only then is it worth looking where.
std::size_t colons_in(std::string_view text) {
    std::size_t colons = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ':') ++colons;
        if (text[i] != '"') continue;
        for (++i; i < text.size() && text[i] != '"'; ++i) i += text[i] == '\\' ? 1 : 0;
    }
    return colons;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the text, which the parser bounds.
std::size_t members_of(const boost::json::value& value) {
    std::size_t members = 0;
    if (const boost::json::object* object = value.if_object()) {
        members = object->size();
        for (const boost::json::key_value_pair& member : *object) members += members_of(member.value());
    } else if (const boost::json::array* array = value.if_array()) {
        for (const boost::json::value& element : *array) members += members_of(element);
    }
    return members;
}

// What is most likely wrong where JSON ends to be JSON.
std::string syntax_hint(std::string_view text, std::size_t at) {
    const std::size_t here = text.find_first_not_of(" \t\r\n", at);
    const char now = here == std::string_view::npos ? '\0' : text[here];
    const std::size_t last = here == std::string_view::npos || here == 0
                                 ? std::string_view::npos
                                 : text.find_last_not_of(" \t\r\n", here - 1);
    const char before = last == std::string_view::npos ? '\0' : text[last];
    const bool after_value = before == '"' || before == '}' || before == ']' ||
                             (before >= '0' && before <= '9') || (before >= 'a' && before <= 'z');
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (letter(now)) {
        const std::size_t end = static_cast<std::size_t>(
            std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(here), text.end(), letter) -
            text.begin());
        return "\"" + std::string(text.substr(here, end - here)) +
               "\" is no value; a text stands in double quotes, and the words of JSON are true, false and "
               "null";
    }
    if (now == '\0') return "the text ends before the policy does; a closing } or ] is missing";
    if (now == '/' || now == '#')
        return "JSON has no comments; what is to be said goes into `title` or `explain`";
    if (now == '\'') return "a text stands in double quotes";
    if ((now == '}' || now == ']') && before == ',') return "the comma before this bracket is too much";
    if ((now == '"' || now == '{' || now == '[') && after_value) return "a comma is missing before this";
    return std::string("\"") + now + "\" was not expected here, after \"" + before + "\"";
}

}  // namespace

ParsedDocument parse_document(const Document& document, const std::string& name,
                              const boost::json::storage_ptr& storage) {
    ParsedDocument parsed{boost::json::value(storage), {}};
    const auto fail = [&](std::size_t offset, std::string pointer, std::string message) {
        Diagnostic diagnostic;
        diagnostic.policy = name;
        diagnostic.pointer = std::move(pointer);
        diagnostic.line = line_at(document.text, offset);
        diagnostic.message = std::move(message);
        parsed.error = std::move(diagnostic);
    };
    if (!is_valid_utf8(document.text)) {
        fail(0, "", "the text is not valid UTF-8");
        return parsed;
    }
    boost::json::stream_parser parser;
    parser.reset(storage);
    boost::system::error_code code;
    const std::size_t read = parser.write_some(document.text.data(), document.text.size(), code);
    if (!code) {
        const std::size_t rest = document.text.find_first_not_of(" \t\r\n", read);
        if (rest != std::string::npos) {
            fail(rest, "", "there is more text after the end of the policy");
            return parsed;
        }
        parser.finish(code);
    }
    if (code) {
        const std::size_t at =
            std::min(document.text.find_first_not_of(" \t\r\n", read), document.text.size());
        fail(at, "", "this is no valid JSON: " + syntax_hint(document.text, read));
        return parsed;
    }
    parsed.root = parser.release();
    if (colons_in(document.text) == members_of(parsed.root)) return parsed;
    walk(
        document.text, [](const std::string&, std::size_t) {},
        [&](const std::string& pointer, std::size_t offset) {
            if (!parsed.error)
                fail(offset, pointer, "this key stands twice in its object; keep one of the two");
        });
    return parsed;
}

std::optional<TextPlace> place_of(std::string_view text, std::string_view pointer) {
    std::optional<TextPlace> place;
    walk(
        text,
        [&](const std::string& at, std::size_t offset) {
            if (!place && at == pointer) place = TextPlace{offset, line_at(text, offset)};
        },
        [](const std::string&, std::size_t) {});
    return place;
}

std::uint64_t line_of(std::string_view text, std::string_view pointer) {
    const auto place = place_of(text, pointer);
    return place ? place->line : 0;
}

std::string pretty_json(const boost::json::object& object) {
    Pretty pretty;
    pretty.write(object);
    return pretty.take() + '\n';
}

}  // namespace duecare::policy
