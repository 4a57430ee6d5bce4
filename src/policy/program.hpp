// The compiled form of a policy: what evaluate runs. Plain, immutable data; knows no caseload.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "policy/expression.hpp"
#include "policy/policy.hpp"
#include "time/deadline.hpp"

namespace duecare::policy {

inline constexpr std::uint32_t k_none = 0xFFFF'FFFFU;

/// Event types by name or by prefix ("review.*" is the prefix "review.").
struct Selector {
    std::vector<std::string> types;
    std::vector<std::string> prefixes;
    [[nodiscard]] bool matches(std::string_view type) const noexcept;
    [[nodiscard]] bool empty() const noexcept { return types.empty() && prefixes.empty(); }
};

/// A selector with its `where`.
struct Match {
    Selector selector;
    ExpressionId where = k_no_expression;
    [[nodiscard]] bool given() const noexcept { return !selector.empty(); }
};

/// A duration as a duty may write it. Index 0 of Program::durations is "not given".
struct DurationRule {
    enum class Kind : std::uint8_t { none, fixed, ever, at, choose };
    Kind kind = Kind::none;
    time::Duration fixed;
    ExpressionId expression = k_no_expression;  // of `at` and `choose`
    std::vector<std::pair<std::string, std::uint32_t>> cases;
    std::uint32_t otherwise = 0;
    std::string text;  // as a person would say it
};
using DurationId = std::uint32_t;

struct FactRule {
    Match on;
    ExpressionId to = k_no_expression;
};

struct Fact {
    std::string name;
    bool per_subject = false;
    ExpressionId initial = k_no_expression;
    std::vector<FactRule> rules;
};

enum class Shape : std::uint8_t { respond, precede, check, recur, last };
enum class Per : std::uint8_t { whole_case, subject, value };
enum class Repeat : std::uint8_t { each, first, absorb, restart };
enum class DutySeverity : std::uint8_t { critical, high, medium, low };
inline constexpr std::string_view k_severity_names[] = {"critical", "high", "medium", "low"};
inline constexpr std::string_view k_shape_names[] = {"respond", "precede", "check", "recur", "last"};

struct Source {
    std::string title;
    std::string section;
    std::string url;
    std::string status;
};

struct Duty {
    std::string id;
    std::string title;
    std::string area;
    Source source;
    std::string explain;  // template, or empty
    DutySeverity severity = DutySeverity::medium;
    Shape shape = Shape::respond;
    Per per = Per::whole_case;
    Repeat repeat = Repeat::each;
    bool across = false;
    bool schedule = false;  // recur: anchor
    ExpressionId per_value = k_no_expression;
    ExpressionId applies = k_no_expression;
    ExpressionId for_subject = k_no_expression;
    ExpressionId unless = k_no_expression;
    ExpressionId check = k_no_expression;
    ExpressionId holds_while = k_no_expression;
    ExpressionId pause_while = k_no_expression;
    ExpressionId owner = k_no_expression;
    ExpressionId effective_at = k_no_expression;
    std::optional<time::Day> effective_from;
    std::optional<time::Day> effective_until;
    Match on;
    Match require;
    Match excused_by;
    Match until;
    Match accounted_by;
    std::uint32_t count_at_least = 0;  // 0: no pattern
    DurationId count_within = 0;
    DurationId within = 0;      // respond
    DurationId not_before = 0;  // respond
    DurationId look_back = 0;   // precede: before; respond: or_before
    DurationId first = 0;       // recur
    DurationId every = 0;       // recur
    DurationId at_most = 0;     // last
    DurationId warn = 0;
    DurationId recorded_within = 0;
    std::string layer;    // where the duty stands, for reports
    std::string pointer;  // RFC 6901, into the merged policy
};

/// A path of attribute keys below `case`, `event`, a person.
using AttributePath = std::vector<std::string>;

/// Phrases of a mentions(): words in lower case (A–Z only), so that texts are compared word by word.
using Phrase = std::vector<std::string>;

struct Program {
    std::string id;
    std::string version;
    std::string title;
    std::string zone_name;
    std::string merged_json;
    std::string digest;  // SHA-256 of merged_json, lower-case hex
    time::Reckoning reckoning;
    std::string zone_data_version;

    std::vector<std::pair<std::string, std::int64_t>> ranks;  // in the order given
    std::unordered_map<std::string_view, std::int64_t> rank_numbers;
    std::vector<Fact> facts;
    std::vector<DurationRule> durations;
    std::vector<Duty> duties;
    std::vector<std::string> documented_events;  // keys of `events`, in the order given

    std::vector<Node> nodes;
    std::vector<std::uint32_t> args;
    std::vector<Val> constants;
    std::deque<std::vector<Val>> constant_lists;
    std::deque<std::string> texts;  // owns the characters of constants
    std::vector<AttributePath> paths;
    std::deque<std::string> reasons;
    std::vector<std::vector<Phrase>> phrase_lists;
    std::vector<Expression> expressions;

    [[nodiscard]] const DurationRule& duration(DurationId which) const noexcept { return durations[which]; }
};

/// Calls f(word) for each word of `text`: runs of ASCII letters and digits and of characters beyond ASCII
/// but U+00A0, « », and U+2000–U+206F (policy.md, `mentions`).
template <typename F>
void for_each_word(std::string_view text, F&& f) {
    std::size_t begin = 0;
    std::size_t i = 0;
    const auto byte = [&](std::size_t at) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const auto end_word = [&](std::size_t end) {
        if (end > begin) f(text.substr(begin, end - begin));
    };
    while (i < text.size()) {
        const unsigned c = byte(i);
        std::size_t length = 1;
        bool word = false;
        if (c < 0x80) {
            word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        } else if (c < 0xE0) {
            length = 2;
            word = !(c == 0xC2 && (byte(i + 1) == 0xA0 || byte(i + 1) == 0xAB || byte(i + 1) == 0xBB));
        } else if (c < 0xF0) {
            length = 3;
            // U+2000–U+203F is E2 80 xx, U+2040–U+206F is E2 81 80–AF.
            word = !(c == 0xE2 && (byte(i + 1) == 0x80 || (byte(i + 1) == 0x81 && byte(i + 2) <= 0xAF)));
        } else {
            length = 4;
            word = true;
        }
        if (!word) {
            end_word(i);
            begin = i + length;
        }
        i += length;
    }
    end_word(text.size());
}

/// The words of a phrase, A–Z folded.
[[nodiscard]] Phrase words_of(std::string_view text);

}  // namespace duecare::policy
