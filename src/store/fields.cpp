#include "store/fields.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"

namespace duecare::store {

namespace json = boost::json;

namespace {

std::string list_of(const std::vector<std::string_view>& names) {
    std::string out;
    for (const std::string_view name : names)
        out.append(out.empty() ? "\"" : ", \"").append(name).append("\"");
    return out;
}

}  // namespace

json::object parse_object(std::string_view text, std::string_view what) {
    json::error_code problem;
    json::value value = json::parse(json::string_view(text.data(), text.size()), problem);
    if (problem) {
        throw Error(Status::invalid_argument, "What was given as " + std::string(what) + " is no JSON (" +
                                                  problem.message() + "); an object was expected.");
    }
    if (!value.is_object())
        throw Error(Status::invalid_argument, "An object was expected as " + std::string(what) + ".");
    return value.get_object();
}

std::optional<json::object> object_in(std::string_view text) {
    json::error_code problem;
    json::value value = json::parse(json::string_view(text.data(), text.size()), problem);
    if (problem || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

std::string_view text_at(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
    if (value == nullptr || !value->is_string()) return {};
    return {value->get_string().data(), value->get_string().size()};
}

Fields::Fields(const json::object& object, std::initializer_list<std::string_view> known) : object_(object) {
    for (const auto& [key, value] : object) {
        const std::string_view name(key.data(), key.size());
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const std::vector<std::string_view> names(known);
        fail(name, "The key \"" + std::string(name) + "\" is not known here." + suggestion(name, names) +
                       " Expected are " + list_of(names) + ".");
    }
}

void Fields::fail(std::string_view key, const std::string& message) const {
    std::string pointer;
    append_pointer(pointer, key);
    throw Error(Status::invalid_argument, message, pointer);
}

const json::value& Fields::need(std::string_view key, std::string_view expected) const {
    const json::value* value = object_.if_contains(json::string_view(key.data(), key.size()));
    if (value == nullptr)
        fail(key, "\"" + std::string(key) + "\" is missing; expected is " + std::string(expected) + ".");
    return *value;
}

std::string Fields::text(std::string_view key) const {
    const json::value& value = need(key, "a text");
    if (!value.is_string() || value.get_string().empty())
        fail(key, "\"" + std::string(key) + "\" has to be a text that is not empty.");
    return {value.get_string().data(), value.get_string().size()};
}

std::optional<std::string> Fields::text_if(std::string_view key) const {
    if (!has(key)) return std::nullopt;
    return text(key);
}

time::Instant Fields::instant(std::string_view key) const {
    const char* why = nullptr;
    const std::string given = text(key);
    const std::optional<time::Stamp> stamp = time::parse_stamp(given, &why);
    if (!stamp || stamp->precision != time::Precision::exact) {
        fail(key, "\"" + given + "\" is no instant with an offset" +
                      (why == nullptr ? std::string() : std::string(" (") + why + ")") +
                      "; expected is such as \"2026-01-31T09:00:00Z\".");
    }
    return stamp->micros;
}

std::optional<time::Instant> Fields::instant_if(std::string_view key) const {
    if (!has(key)) return std::nullopt;
    return instant(key);
}

std::int64_t Fields::whole(std::string_view key, std::int64_t least) const {
    const json::value& value = need(key, "a whole number");
    if (!value.is_int64() || value.get_int64() < least) {
        fail(key,
             "\"" + std::string(key) + "\" has to be a whole number, " + std::to_string(least) + " or more.");
    }
    return value.get_int64();
}

std::optional<std::int64_t> Fields::whole_if(std::string_view key, std::int64_t least) const {
    if (!has(key)) return std::nullopt;
    return whole(key, least);
}

bool Fields::flag_or(std::string_view key, bool otherwise) const {
    if (!has(key)) return otherwise;
    const json::value& value = need(key, "true or false");
    if (!value.is_bool()) fail(key, "\"" + std::string(key) + "\" has to be true or false.");
    return value.get_bool();
}

std::string Fields::choice(std::string_view key, const std::vector<std::string_view>& names) const {
    static_cast<void>(need(key, "one of " + list_of(names)));
    std::string given = text(key);
    if (std::find(names.begin(), names.end(), given) == names.end()) {
        fail(key, "\"" + given + "\" is not one of " + list_of(names) + "." + suggestion(given, names));
    }
    return given;
}

std::vector<std::string> Fields::choices(std::string_view key,
                                         const std::vector<std::string_view>& names) const {
    std::vector<std::string> out;
    if (!has(key)) return out;
    const json::value& value = need(key, "a list");
    if (!value.is_array()) fail(key, "\"" + std::string(key) + "\" has to be a list of texts.");
    for (const json::value& item : value.get_array()) {
        if (!item.is_string()) fail(key, "\"" + std::string(key) + "\" has to be a list of texts.");
        std::string given(item.get_string().data(), item.get_string().size());
        if (!names.empty() && std::find(names.begin(), names.end(), given) == names.end())
            fail(key, "\"" + given + "\" is not one of " + list_of(names) + "." + suggestion(given, names));
        out.push_back(std::move(given));
    }
    return out;
}

std::int64_t Fields::finding(std::string_view key) const {
    const std::string given = text(key);
    const std::optional<std::int64_t> number = finding_number(given);
    if (!number) {
        fail(key, "\"" + given +
                      "\" names no finding; expected are the 16 hex digits that a query for findings "
                      "gives as \"finding\".");
    }
    return *number;
}

std::string finding_name(std::int64_t number) {
    static constexpr std::string_view k_hex = "0123456789abcdef";
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4)
        out.push_back(k_hex[static_cast<std::uint64_t>(number) >> shift & 0xFU]);
    return out;
}

std::optional<std::int64_t> finding_number(std::string_view name) {
    if (name.size() != 16) return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), number, 16);
    if (problem != std::errc() || end != name.data() + name.size()) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

}  // namespace duecare::store
