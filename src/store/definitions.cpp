#include "store/definitions.hpp"

#include <boost/json.hpp>
#include <set>
#include <vector>

#include "store/fields.hpp"

namespace duecare::store {

namespace json = boost::json;

namespace {

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// The words of a JSON text; a name with dashes or dots is taken whole and in its pieces.
void add_words(std::string_view text, std::set<std::string, std::less<>>& to) {
    for (std::size_t i = 0; i < text.size();) {
        if (!is_word(text[i])) {
            ++i;
            continue;
        }
        std::size_t end = i;
        while (end < text.size() && is_word(text[end])) ++end;
        to.emplace(text.substr(i, end - i));
        std::size_t piece = i;
        for (std::size_t at = i; at <= end; ++at) {
            if (at != end && text[at] != '-') continue;
            if (at > piece) to.emplace(text.substr(piece, at - piece));
            piece = at + 1;
        }
        i = end;
    }
}

/// What every duty depends on, and what only those that name it do.
struct Shared {
    std::string always;
    std::vector<std::pair<std::string, std::string>> named;
};

Shared shared_of(const json::object& policy) {
    Shared out;
    // Which days count, and who outranks whom, stand behind many words of a duty without being named.
    for (const char* key : {"time_zone", "ranks", "calendars"}) {
        if (const json::value* value = policy.if_contains(key)) out.always += json::serialize(*value) + "\n";
    }
    for (const char* key : {"parameters", "facts"}) {
        const json::value* value = policy.if_contains(key);
        if (value == nullptr || !value->is_object()) continue;
        for (const auto& [name, meaning] : value->get_object())
            out.named.emplace_back(std::string(name.data(), name.size()), json::serialize(meaning));
    }
    return out;
}

std::string definition_of(const json::object& duty, const Shared& shared) {
    static constexpr std::string_view k_said_only[] = {"title", "area",     "source",      "explain",
                                                       "tests", "severity", "description", "owner"};
    json::object asked;
    for (const auto& [key, value] : duty) {
        bool is_said_only = false;
        for (const std::string_view word : k_said_only)
            is_said_only = is_said_only || word == std::string_view(key.data(), key.size());
        if (!is_said_only) asked[key] = value;
    }
    std::string out = json::serialize(asked) + "\n" + shared.always;
    std::set<std::string, std::less<>> words;
    add_words(out, words);
    std::set<std::string> taken;
    for (bool grows = true; grows;) {
        grows = false;
        for (const auto& [name, meaning] : shared.named) {
            if (taken.contains(name) || !words.contains(name)) continue;
            taken.insert(name);
            add_words(meaning, words);
            grows = true;
        }
    }
    for (const auto& [name, meaning] : shared.named) {
        if (taken.contains(name)) out += name + "=" + meaning + "\n";
    }
    return out;
}

/// The duties of a policy that have an id, in their order.
std::vector<std::pair<std::string, const json::object*>> duties_in(const json::object& policy) {
    std::vector<std::pair<std::string, const json::object*>> out;
    const json::value* duties = policy.if_contains("duties");
    if (duties == nullptr || !duties->is_array()) return out;
    for (const json::value& duty : duties->get_array()) {
        if (!duty.is_object()) continue;
        const std::string_view id = text_at(duty.get_object(), "id");
        if (!id.empty()) out.emplace_back(id, &duty.get_object());
    }
    return out;
}

}  // namespace

std::vector<std::string> duty_ids_of(std::string_view policy) {
    std::vector<std::string> out;
    const std::optional<json::object> parsed = object_in(policy);
    if (!parsed) return out;
    for (auto& [id, duty] : duties_in(*parsed)) out.push_back(std::move(id));
    return out;
}

std::map<std::string, std::string> definitions_of(std::string_view policy) {
    std::map<std::string, std::string> out;
    const std::optional<json::object> parsed = object_in(policy);
    if (!parsed) return out;
    const Shared shared = shared_of(*parsed);
    for (const auto& [id, duty] : duties_in(*parsed)) out[id] = definition_of(*duty, shared);
    return out;
}

}  // namespace duecare::store
