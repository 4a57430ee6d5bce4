#include "policy/policy.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "policy/program.hpp"

namespace duecare::policy {

const std::string& Policy::id() const noexcept {
    return program_->id;
}
const std::string& Policy::version() const noexcept {
    return program_->version;
}
const std::string& Policy::title() const noexcept {
    return program_->title;
}
const std::string& Policy::time_zone() const noexcept {
    return program_->zone_name;
}
std::size_t Policy::duty_count() const noexcept {
    return program_->duties.size();
}
const std::string& Policy::merged_json() const noexcept {
    return program_->merged_json;
}
const std::string& Policy::digest() const noexcept {
    return program_->digest;
}

std::string Diagnostic::text() const {
    std::string out = policy.empty() ? "policy" : policy;
    if (line != 0) {
        out += ':';
        append_integer(out, static_cast<std::int64_t>(line));
    }
    out += severity == Severity::error ? ": error" : ": warning";
    if (!pointer.empty()) out += " at " + pointer;
    out += ": " + message;
    if (expression.empty()) return out;
    out += "\n    " + expression + "\n    ";
    // The caret stands under a character, not a byte: continuation bytes of UTF-8 take no room.
    for (std::size_t i = 0; i < std::min<std::size_t>(column, expression.size()); ++i) {
        if ((static_cast<unsigned char>(expression[i]) & 0xC0U) != 0x80U) out += ' ';
    }
    return out + '^';
}

Phrase words_of(std::string_view text) {
    Phrase words;
    for_each_word(text, [&](std::string_view word) {
        std::string folded(word);
        for (char& c : folded) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        }
        words.push_back(std::move(folded));
    });
    return words;
}

bool Selector::matches(std::string_view type) const noexcept {
    for (const std::string& t : types) {
        if (t == type) return true;
    }
    for (const std::string& prefix : prefixes) {
        if (type.starts_with(prefix)) return true;
    }
    return false;
}

}  // namespace duecare::policy
