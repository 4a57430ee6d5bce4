#include "policy/layers.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

#include "base/text.hpp"

namespace duecare::policy {
namespace {

namespace json = boost::json;

constexpr std::string_view k_by_name[] = {"ranks", "calendars", "facts", "parameters", "events"};
constexpr std::size_t k_most_layers = 64;

const json::value* find(const json::object& object, std::string_view key) {
    return object.if_contains(json::string_view(key.data(), key.size()));
}

std::string text_of(const json::object& object, std::string_view key) {
    const json::value* value = find(object, key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

void assign(json::object& object, json::string_view key, json::value& value) {
    object.insert_or_assign(key, std::move(value));
}

}  // namespace

bool Layered::failed() const noexcept {
    return std::any_of(diagnostics.begin(), diagnostics.end(),
                       [](const Diagnostic& d) { return d.severity == Diagnostic::Severity::error; });
}

Layered::Origin Layered::origin_of(std::string_view pointer) const {
    std::string_view prefix = pointer;
    for (;;) {
        const auto found = origins_.find(prefix);
        if (found != origins_.end()) {
            return {found->second.layer, found->second.pointer + std::string(pointer.substr(prefix.size()))};
        }
        const std::size_t slash = prefix.rfind('/');
        if (slash == std::string_view::npos) break;
        prefix = prefix.substr(0, slash);
    }
    return {layers.empty() ? 0 : layers.size() - 1, std::string(pointer)};
}

const std::string& Layered::layer_of(std::string_view pointer) const {
    return layers[origin_of(pointer).layer].name;
}

void Layered::report(Diagnostic::Severity severity, std::string_view pointer, std::string message,
                     std::string expression, std::uint32_t column) {
    const Origin origin = origin_of(pointer);
    Diagnostic diagnostic;
    diagnostic.severity = severity;
    diagnostic.pointer = origin.pointer;
    diagnostic.message = std::move(message);
    diagnostic.expression = std::move(expression);
    diagnostic.column = column;
    place(origin.layer, std::move(diagnostic));
}

void Layered::place(std::size_t layer, Diagnostic diagnostic) {
    diagnostic.policy = layers[layer].name;
    Place place{layer, 0, diagnostic.column};
    // What is missing has no line of its own: take that of what it is missing from.
    for (std::string at = diagnostic.pointer;; at.resize(at.rfind('/'))) {
        if (const auto found = place_of(layers[layer].text, at)) {
            diagnostic.line = found->line;
            place.offset = found->offset;
            break;
        }
        if (at.empty()) break;
    }
    diagnostics.push_back(std::move(diagnostic));
    places_.push_back(place);
}

void Layered::sort() {
    if (places_.size() != diagnostics.size())
        return;  // the layers themselves failed: there is one diagnostic
    std::vector<std::size_t> order(diagnostics.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto key = [&](std::size_t i) {
        const Place& place = places_[i];
        return std::tuple(diagnostics[i].severity, layers.size() - place.layer, place.offset, place.column);
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
    std::vector<Diagnostic> sorted;
    std::vector<Place> places;
    for (const std::size_t i : order) {
        sorted.push_back(std::move(diagnostics[i]));
        places.push_back(places_[i]);
    }
    diagnostics = std::move(sorted);
    places_ = std::move(places);
}

std::size_t Layered::lowest_layer(std::string_view pointer) const {
    std::size_t lowest = layers.size();
    for (const auto& [at, origin] : origins_) {
        const bool inside =
            at.starts_with(pointer) && (at.size() == pointer.size() || at[pointer.size()] == '/');
        if (inside) lowest = std::min(lowest, origin.layer);
    }
    return lowest;
}

void Layered::report_in(std::size_t layer, std::string_view pointer, std::string message) {
    Diagnostic diagnostic;
    diagnostic.pointer = std::string(pointer);
    diagnostic.message = std::move(message);
    place(layer, std::move(diagnostic));
}

void Layered::apply(std::size_t layer, json::object& document) {
    for (json::key_value_pair& member : document) {
        const json::string_view key = member.key();
        json::value& value = member.value();
        std::string pointer;
        append_pointer(pointer, key);
        if (key == "extends") continue;
        if (key == "duties") {
            apply_duties(layer, value);
            continue;
        }
        const json::value* before = merged.if_contains(key);
        const bool by_name = std::find(std::begin(k_by_name), std::end(k_by_name), std::string_view(key)) !=
                             std::end(k_by_name);
        if (!by_name || !value.is_object() || before == nullptr || !before->is_object()) {
            assign(merged, key, value);
            origins_[pointer] = {layer, pointer};
            continue;
        }
        json::object& target = merged[key].get_object();
        for (json::key_value_pair& entry : value.get_object()) {
            std::string at = pointer;
            append_pointer(at, entry.key());
            assign(target, entry.key(), entry.value());
            origins_[at] = {layer, at};
        }
    }
}

Layered::DutyEntry& Layered::entry_of(const std::string& id, Origin origin, bool& fresh) {
    const auto known = std::find_if(duties_.begin(), duties_.end(),
                                    [&](const DutyEntry& d) { return d.id == id && !d.dropped; });
    fresh = known == duties_.end();
    if (!fresh) return *known;
    duties_.push_back({id, json::object(storage), {}, std::move(origin)});
    return duties_.back();
}

void Layered::apply_duties(std::size_t layer, json::value& duties) {
    if (!duties.is_array()) {
        report_in(layer, "/duties", "`duties` must be a list of duties");
        return;
    }
    std::set<std::string> here;
    std::size_t index = 0;
    for (json::value& value : duties.get_array()) {
        std::string pointer = "/duties";
        append_pointer(pointer, index++);
        const std::string id = value.is_object() ? text_of(value.get_object(), "id") : std::string();
        if (id.empty()) {
            report_in(layer, pointer,
                      "a duty is an object with an `id` (kebab-case, such as \"first-review\")");
            continue;
        }
        if (!here.insert(id).second) {
            report_in(layer, pointer + "/id",
                      "the duty \"" + id + "\" stands twice in this policy; a duty's id is unique");
            continue;
        }
        bool fresh = false;
        DutyEntry& entry = entry_of(id, {layer, pointer}, fresh);
        for (json::key_value_pair& member : value.get_object()) {
            const json::string_view key = member.key();
            json::value& field = member.value();
            std::string at = pointer;
            append_pointer(at, key);
            if (key == "disabled") {
                if (!field.is_bool()) {
                    report_in(layer, at, "`disabled` is true or false");
                } else {
                    entry.dropped = field.get_bool();
                }
            } else if (field.is_null() && !fresh) {
                entry.fields.stable_erase(key);
                entry.origins.erase(std::string(key));
            } else {
                assign(entry.fields, key, field);
                entry.origins[std::string(key)] = {layer, std::move(at)};
            }
        }
    }
}

void Layered::finish() {
    json::array list(storage);
    for (DutyEntry& entry : duties_) {
        if (entry.dropped) continue;
        std::string pointer = "/duties";
        append_pointer(pointer, list.size());
        origins_[pointer] = entry.origin;
        for (const auto& [key, origin] : entry.origins) {
            std::string at = pointer;
            append_pointer(at, key);
            origins_[at] = origin;
        }
        list.emplace_back(std::move(entry.fields));
    }
    merged.insert_or_assign("duties", std::move(list));
}

Layered merge_layers(const Document& document, const std::vector<Document>& handed_over,
                     const Resolver& resolver) {
    Layered result;
    std::vector<json::object> chain;  // highest first while it is followed
    std::vector<Layer> layers;
    std::set<std::string> seen;
    Document current = document;
    const auto fail = [&](Diagnostic diagnostic) {
        result.layers = layers;
        result.diagnostics.push_back(std::move(diagnostic));
    };
    for (;;) {
        const std::string fallback = current.name.empty() ? "policy" : current.name;
        ParsedDocument parsed = parse_document(current, fallback, result.storage);
        layers.push_back({fallback, current.text});
        if (parsed.error) {
            fail(std::move(*parsed.error));
            return result;
        }
        Diagnostic diagnostic;
        diagnostic.policy = fallback;
        if (!parsed.root.is_object()) {
            diagnostic.line = 1;
            diagnostic.message = "a policy is a JSON object {…} with \"format\": \"duecare.policy/1\"";
            fail(std::move(diagnostic));
            return result;
        }
        chain.push_back(std::move(parsed.root.get_object()));
        const std::string id = text_of(chain.back(), "id");
        if (!id.empty() && current.name.empty()) layers.back().name = id;
        diagnostic.policy = layers.back().name;
        if (text_of(chain.back(), "format") != "duecare.policy/1") {
            diagnostic.pointer = "/format";
            diagnostic.line = std::max<std::uint64_t>(1, line_of(current.text, "/format"));
            diagnostic.message =
                "`format` must be \"duecare.policy/1\"; nothing else is known to this version";
            fail(std::move(diagnostic));
            return result;
        }
        const json::value* extends = find(chain.back(), "extends");
        if (extends == nullptr) break;
        diagnostic.pointer = "/extends";
        const auto fail_extends = [&](std::string message) {
            diagnostic.line = line_of(current.text, "/extends");
            diagnostic.message = std::move(message);
            fail(std::move(diagnostic));
        };
        if (!extends->is_string() || extends->get_string().empty()) {
            fail_extends("`extends` is the id of another policy");
            return result;
        }
        const std::string wanted(extends->get_string());
        seen.insert(id);
        if (seen.contains(wanted) || chain.size() == k_most_layers) {
            fail_extends("the policy \"" + wanted + "\" extends itself, directly or through others");
            return result;
        }
        std::optional<Document> next;
        std::vector<std::string> ids;
        for (const Document& candidate : handed_over) {
            const ParsedDocument other = parse_document(candidate, candidate.name);
            if (other.error || !other.root.is_object()) continue;
            ids.push_back(text_of(other.root.get_object(), "id"));
            if (ids.back() == wanted && !next) next = candidate;
        }
        if (!next && resolver) next = resolver(wanted);
        if (!next) {
            const std::vector<std::string_view> views(ids.begin(), ids.end());
            fail_extends("the policy \"" + wanted + "\" that this one extends was not found." +
                         suggestion(wanted, views) + " It is looked for among the policies handed over, as " +
                         wanted + ".json beside this file, and among the built-in ones.");
            return result;
        }
        current = std::move(*next);
    }
    std::reverse(chain.begin(), chain.end());
    std::reverse(layers.begin(), layers.end());
    result.layers = std::move(layers);
    for (std::size_t i = 0; i < chain.size(); ++i) result.apply(i, chain[i]);
    result.finish();
    return result;
}

}  // namespace duecare::policy
