#include "tables/mapping.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <initializer_list>

#include "base/error.hpp"
#include "base/text.hpp"

namespace duecare::tables {

namespace json = boost::json;

namespace {

[[noreturn]] void fail_at(const std::string& pointer, const std::string& message) {
    throw Error(Status::data, "The mapping is wrong at \"" + pointer + "\": " + message, pointer);
}

std::string inside(std::string pointer, std::string_view key) {
    append_pointer(pointer, key);
    return pointer;
}

const json::object& object(const json::value& value, const std::string& pointer) {
    if (!value.is_object()) fail_at(pointer, "an object was expected.");
    return value.get_object();
}

std::string text(const json::value& value, const std::string& pointer) {
    if (!value.is_string()) fail_at(pointer, "text was expected.");
    return std::string(value.get_string());
}

/// One text or an array of texts.
std::vector<std::string> texts(const json::value& value, const std::string& pointer) {
    std::vector<std::string> out;
    if (value.is_string()) {
        out.push_back(text(value, pointer));
    } else if (value.is_array()) {
        for (const json::value& item : value.get_array()) out.push_back(text(item, pointer));
    } else {
        fail_at(pointer, "text or an array of texts was expected.");
    }
    return out;
}

void known_keys(const json::object& in, const std::string& pointer, std::vector<std::string_view> keys) {
    for (const auto& [key, value] : in) {
        const std::string_view name(key);
        if (std::find(keys.begin(), keys.end(), name) != keys.end()) continue;
        fail_at(pointer, "the key \"" + std::string(name) + "\" is not known here." + suggestion(name, keys));
    }
}

template <typename T>
T one_of(const json::value& value, const std::string& pointer,
         std::initializer_list<std::pair<std::string_view, T>> choices) {
    const std::string given = text(value, pointer);
    std::vector<std::string_view> names;
    for (const auto& [name, meaning] : choices) {
        if (name == given) return meaning;
        names.push_back(name);
    }
    std::string expected;
    for (const std::string_view name : names) expected.append(expected.empty() ? "" : ", ").append(name);
    fail_at(pointer, "\"" + given + "\" is not one of " + expected + "." + suggestion(given, names));
}

/// A date is day first or month first only as its format says; two digits of a year say no century.
void check_format(const std::string& format, const std::string& pointer) {
    constexpr std::string_view k_known = "YmdHMSfzjT%";
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%') continue;
        if (++i == format.size() || k_known.find(format[i]) == std::string_view::npos) {
            fail_at(pointer,
                    "\"" + format +
                        "\" is no format that is read: it is made of %Y %m %d %H %M %S %f %z and the "
                        "characters between them (years have four digits).");
        }
    }
}

std::vector<std::string> formats(const json::value& value, const std::string& pointer) {
    std::vector<std::string> out = texts(value, pointer);
    for (const std::string& format : out) check_format(format, pointer);
    return out;
}

std::string word(const json::value& value, const std::string& pointer) {
    if (value.is_bool()) return value.get_bool() ? "true" : "false";
    if (value.is_int64()) return std::to_string(value.get_int64());
    return text(value, pointer);
}

Source source(const json::value& value, const std::string& pointer) {
    Source out;
    out.pointer = pointer;
    if (value.is_string()) {
        out.column = value.get_string();
        if (out.column.empty()) fail_at(pointer, "the name of a column was expected.");
        return out;
    }
    const json::object& in = object(value, pointer);
    known_keys(in, pointer,
               {"column", "value", "time", "time_format", "date_format", "values", "unmapped", "ignore_case",
                "separator", "as", "decimal", "true", "false", "unit"});
    for (const auto& [key, given] : in) {
        const std::string at = inside(pointer, key);
        if (key == "column") {
            out.column = text(given, at);
        } else if (key == "value") {
            out.constant = word(given, at);
        } else if (key == "time") {
            out.time_column = text(given, at);
        } else if (key == "date_format") {
            out.formats = formats(given, at);
        } else if (key == "time_format") {
            out.time_formats = formats(given, at);
        } else if (key == "values") {
            for (const auto& [code, meant] : object(given, at))
                out.values[code] = word(meant, inside(at, code));
        } else if (key == "unmapped") {
            out.unmapped = one_of<Source::Unmapped>(given, at,
                                                    {{"keep", Source::Unmapped::keep},
                                                     {"drop", Source::Unmapped::drop},
                                                     {"reject", Source::Unmapped::reject}});
        } else if (key == "ignore_case") {
            if (!given.is_bool()) fail_at(at, "true or false was expected.");
            out.ignore_case = given.get_bool();
        } else if (key == "separator") {
            out.separator = text(given, at);
        } else if (key == "as") {
            out.as = one_of<Source::As>(given, at,
                                        {{"text", Source::As::text},
                                         {"integer", Source::As::integer},
                                         {"number", Source::As::number},
                                         {"boolean", Source::As::boolean}});
        } else if (key == "decimal") {
            out.decimal_mark = one_of<char>(given, at, {{".", '.'}, {",", ','}});
        } else if (key == "true") {
            out.yes = texts(given, at);
        } else if (key == "false") {
            out.no = texts(given, at);
        } else {
            out.per_second = one_of<std::int64_t>(
                given, at, {{"s", 1}, {"ms", 1'000}, {"us", 1'000'000}, {"ns", 1'000'000'000}});
        }
    }
    if (out.column.empty() == !out.constant.has_value())
        fail_at(pointer, "either \"column\" or \"value\" was expected.");
    return out;
}

std::vector<std::string> split_path(std::string_view name) {
    std::vector<std::string> path;
    for (;;) {
        const std::size_t dot = name.find('.');
        path.emplace_back(name.substr(0, dot));
        if (dot == std::string_view::npos) return path;
        name.remove_prefix(dot + 1);
    }
}

std::vector<AttributeSource> attributes(const json::value& value, const std::string& pointer) {
    std::vector<AttributeSource> out;
    for (const auto& [name, given] : object(value, pointer)) {
        out.push_back({split_path(name), source(given, inside(pointer, name))});
    }
    return out;
}

/// Sets the field of that name, if the record has one. `type_is_word`: the type is the same for every row.
bool event_field(EventSource& event, std::string_view key, const json::value& value, const std::string& at,
                 bool type_is_word) {
    if (key == "type" && type_is_word && value.is_string()) {
        event.type.constant = text(value, at);
    } else if (key == "type") {
        event.type = source(value, at);
    } else if (key == "occurred") {
        event.occurred = source(value, at);
    } else if (key == "recorded") {
        event.recorded = source(value, at);
    } else if (key == "actor") {
        event.actor = source(value, at);
    } else if (key == "rank") {
        event.rank = source(value, at);
    } else if (key == "unit") {
        event.unit = source(value, at);
    } else if (key == "accreditations") {
        event.accreditations = source(value, at);
    } else if (key == "subjects") {
        event.subjects = source(value, at);
    } else if (key == "id") {
        event.id = source(value, at);
    } else if (key == "replaces") {
        event.replaces = source(value, at);
    } else if (key == "withdrawn") {
        event.withdrawn = source(value, at);
    } else if (key == "attributes") {
        event.attributes = attributes(value, at);
    } else {
        return false;
    }
    return true;
}

std::vector<std::string_view> event_keys(std::initializer_list<std::string_view> more) {
    std::vector<std::string_view> keys{"type", "occurred", "recorded",       "actor",
                                       "rank", "unit",     "accreditations", "subjects",
                                       "id",   "replaces", "withdrawn",      "attributes"};
    keys.insert(keys.end(), more);
    return keys;
}

void need(const Source& given, std::string_view key, const std::string& pointer) {
    if (!given.is_given()) fail_at(pointer, "\"" + std::string(key) + "\" is missing; it is required here.");
}

std::vector<EventSource> row_events(const json::value& value, const std::string& pointer) {
    std::vector<EventSource> out;
    if (!value.is_array()) fail_at(pointer, "an array was expected.");
    for (const json::value& each : value.get_array()) {
        const std::string at = pointer + "/" + std::to_string(out.size());
        known_keys(object(each, at), at, event_keys({}));
        EventSource& event = out.emplace_back();
        for (const auto& [key, given] : each.get_object())
            event_field(event, key, given, inside(at, key), true);
        need(event.type, "type", at);
        need(event.occurred, "occurred", at);
    }
    return out;
}

bool section_field(Section& section, std::string_view key, const json::value& value, const std::string& at) {
    if (key == "table") {
        section.table = text(value, at);
    } else if (key == "case") {
        section.case_id = source(value, at);
    } else if (key == "others") {
        section.others_are_attributes = one_of<bool>(value, at, {{"attributes", true}, {"ignore", false}});
    } else if (section.role == Role::events) {
        return event_field(section.event, key, value, at, false);
    } else if (key == "id") {
        section.id = source(value, at);
    } else if (key == "kind") {
        section.kind = source(value, at);
    } else if (key == "events") {
        section.events = row_events(value, at);
    } else if (key == "born") {
        section.born = source(value, at);
    } else if (key == "roles") {
        section.roles = source(value, at);
    } else if (key == "from") {
        section.from = source(value, at);
    } else if (key == "until") {
        section.until = source(value, at);
    } else if (key == "rank") {
        section.rank = source(value, at);
    } else if (key == "unit") {
        section.unit = source(value, at);
    } else if (key == "accreditations") {
        section.accreditations = source(value, at);
    } else {
        section.attributes = attributes(value, at);
    }
    return true;
}

Section section(Role role, const json::value& value, const std::string& pointer) {
    Section out;
    out.role = role;
    const json::object& in = object(value, pointer);
    switch (role) {
        case Role::events:
            known_keys(in, pointer, event_keys({"table", "case", "others"}));
            break;
        case Role::cases:
            known_keys(in, pointer, {"table", "case", "others", "kind", "attributes", "events"});
            break;
        case Role::persons:
            known_keys(in, pointer, {"table", "case", "others", "id", "born", "roles", "attributes"});
            break;
        case Role::staff:
            known_keys(in, pointer, {"table", "id", "from", "until", "rank", "unit", "accreditations"});
            break;
    }
    for (const auto& [key, given] : in) section_field(out, key, given, inside(pointer, key));
    if (role != Role::staff) need(out.case_id, "case", pointer);
    if (role == Role::events) need(out.event.type, "type", pointer);
    if (role == Role::events) need(out.event.occurred, "occurred", pointer);
    if (role == Role::persons || role == Role::staff) need(out.id, "id", pointer);
    if (role == Role::staff) need(out.from, "from", pointer);
    return out;
}

constexpr std::array<std::pair<std::string_view, Role>, 4> k_roles{
    {{"events", Role::events}, {"cases", Role::cases}, {"persons", Role::persons}, {"staff", Role::staff}}};

Source column(std::string_view name) {
    Source out;
    out.column = name;
    return out;
}

}  // namespace

Mapping plain_mapping() {
    Mapping out;
    Section events;
    events.table = "events";
    events.case_id = column("case_id");
    events.event = {
        column("type"),     column("occurred_at"), column("recorded_at"), column("actor"),     {}, {}, {},
        column("subjects"), column("id"),          column("replaces"),    column("withdrawn"), {}};
    events.others_are_attributes = true;
    Section cases;
    cases.role = Role::cases;
    cases.table = "cases";
    cases.case_id = column("id");
    cases.kind = column("kind");
    cases.others_are_attributes = true;
    Section persons;
    persons.role = Role::persons;
    persons.table = "persons";
    persons.case_id = column("case_id");
    persons.id = column("id");
    persons.born = column("born");
    persons.roles = column("roles");
    persons.others_are_attributes = true;
    Section staff;
    staff.role = Role::staff;
    staff.table = "staff";
    staff.id = column("id");
    staff.from = column("from");
    staff.until = column("until");
    staff.rank = column("rank");
    staff.unit = column("unit");
    staff.accreditations = column("accreditations");
    out.sections = {std::move(events), std::move(cases), std::move(persons), std::move(staff)};
    return out;
}

Mapping parse_mapping(std::string_view written) {
    json::error_code ec;
    const json::value document = json::parse(written, ec);
    if (ec) throw Error(Status::data, "The mapping is no valid JSON (" + ec.message() + ").");
    const json::object& in = object(document, {});
    known_keys(
        in, {},
        {"format", "title", "file", "time_zone", "null_values", "events", "cases", "persons", "staff"});
    const json::value* format = in.if_contains("format");
    if (format == nullptr || !format->is_string() || format->get_string() != "duecare.mapping/1")
        fail_at("/format", "\"duecare.mapping/1\" was expected.");
    Mapping out;
    out.null_values = {""};
    out.trims = true;
    if (const json::value* zone = in.if_contains("time_zone"))
        out.zone = time::Zone::load(text(*zone, "/time_zone"), time::ZoneData::embedded());
    if (const json::value* nulls = in.if_contains("null_values"))
        out.null_values = texts(*nulls, "/null_values");
    for (const auto& [name, role] : k_roles) {
        const json::value* given = in.if_contains(name);
        const std::string pointer = "/" + std::string(name);
        if (given == nullptr) continue;
        if (!given->is_array()) {
            out.sections.push_back(section(role, *given, pointer));
            continue;
        }
        for (std::size_t i = 0; i < given->get_array().size(); ++i)
            out.sections.push_back(section(role, given->get_array()[i], pointer + "/" + std::to_string(i)));
    }
    for (Section& each : out.sections) {
        each.is_shared = std::count_if(out.sections.begin(), out.sections.end(), [&](const Section& other) {
                             return other.table.empty() || each.table.empty() || other.table == each.table;
                         }) > 1;
    }
    if (out.sections.empty()) fail_at("", "it says nothing of events, cases, persons or staff.");
    return out;
}

}  // namespace duecare::tables
