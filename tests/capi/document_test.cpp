// Documents put together field by field: the conformance vectors without JSON, and the same rejects as JSON.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "duecare/duecare.hpp"
#include "vectors.hpp"

namespace dc = duecare::host;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// What typed fields cannot say: a value of the wrong type, a date that does not exist, an unknown key.
struct NotTyped {};

std::string_view text(const json::value& value) {
    if (!value.is_string()) throw NotTyped();
    return value.as_string();
}
const json::array& items(const json::value& value) {
    if (!value.is_array()) throw NotTyped();
    return value.as_array();
}
const json::object& fields(const json::value& value) {
    if (!value.is_object()) throw NotTyped();
    return value.as_object();
}

struct Stamp {
    dc::Instant micros;
    dc::Precision precision;
};

Stamp stamp(const json::value& value) {
    std::string written(text(value));
    dc::Precision precision = dc::Precision::exact;
    constexpr std::size_t k_date = 10;
    if (written.size() == k_date) {
        written += "T00:00:00Z";
        precision = dc::Precision::day;
    } else if (written.back() != 'Z' && written.back() != 'z' &&
               written.find_first_of("+-", k_date) == std::string::npos) {
        written += 'Z';
        precision = dc::Precision::local;
    }
    try {
        return {dc::parse_instant(written), precision};
    } catch (const dc::Error&) {
        throw NotTyped();
    }
}

std::int32_t day(const json::value& value) {
    constexpr std::int64_t k_day = 86'400'000'000;
    const Stamp read = stamp(value);
    if (read.precision != dc::Precision::day) throw NotTyped();
    return static_cast<std::int32_t>(read.micros / k_day - (read.micros % k_day < 0 ? 1 : 0));
}

void attribute(dc::DocumentBuilder& to, std::string_view key, const json::value& value) {
    switch (value.kind()) {
        case json::kind::null:
            to.set_attribute_null(key);
            break;
        case json::kind::bool_:
            to.set_attribute_boolean(key, value.as_bool());
            break;
        case json::kind::int64:
            to.set_attribute_integer(key, value.as_int64());
            break;
        case json::kind::uint64:
            throw NotTyped();
        case json::kind::double_:
            to.set_attribute_number(key, value.as_double());
            break;
        case json::kind::string:
            to.set_attribute_string(key, value.as_string());
            break;
        case json::kind::array:
            to.open_attribute_list(key);
            for (const json::value& item : value.as_array()) attribute(to, {}, item);
            to.close_attribute();
            break;
        case json::kind::object:
            to.open_attribute(key);
            for (const auto& [name, inner] : value.as_object()) attribute(to, name, inner);
            to.close_attribute();
            break;
    }
}

void attributes(dc::DocumentBuilder& to, const json::value& value) {
    for (const auto& [key, inner] : fields(value)) attribute(to, key, inner);
}

void accreditations(dc::DocumentBuilder& to, const json::value& value) {
    to.set_no_accreditations();
    for (const json::value& item : items(value)) to.add_accreditation(text(item));
}

void actor(dc::DocumentBuilder& to, const json::value& value) {
    if (value.is_string()) {
        to.set_actor(text(value));
        return;
    }
    for (const auto& [key, inner] : fields(value)) {
        if (key == "id") {
            to.set_actor(text(inner));
        } else if (key == "rank") {
            to.set_rank(text(inner));
        } else if (key == "unit") {
            to.set_unit(text(inner));
        } else if (key == "accreditations") {
            accreditations(to, inner);
        } else {
            throw NotTyped();
        }
    }
}

void event(dc::DocumentBuilder& to, const json::object& from) {
    if (!from.contains("type") || !from.contains("occurred_at")) throw NotTyped();
    const Stamp occurred = stamp(from.at("occurred_at"));
    to.add_event(text(from.at("type")), occurred.micros, occurred.precision);
    for (const auto& [key, value] : from) {
        if (key == "id") {
            to.set_event_id(text(value));
        } else if (key == "recorded_at") {
            to.set_recorded(stamp(value).micros, stamp(value).precision);
        } else if (key == "actor") {
            actor(to, value);
        } else if (key == "subjects") {
            for (const json::value& item : items(value)) to.add_subject(text(item));
        } else if (key == "replaces") {
            to.set_replaces(text(value));
        } else if (key == "withdrawn") {
            if (!value.is_bool()) throw NotTyped();
            to.set_withdrawn(value.as_bool());
        } else if (key == "attributes") {
            attributes(to, value);
        } else if (key != "type" && key != "occurred_at") {
            throw NotTyped();
        }
    }
}

void person(dc::DocumentBuilder& to, const json::object& from) {
    if (!from.contains("id")) throw NotTyped();
    to.add_person(text(from.at("id")));
    for (const auto& [key, value] : from) {
        if (key == "born") {
            const std::string born(text(value));
            const auto part = [&](std::size_t at, std::size_t size) {
                return born.size() < at + size ? 0 : std::stoi(born.substr(at, size));
            };
            if (part(5, 2) > 12 || part(8, 2) > 31) throw NotTyped();
            to.set_born(part(0, 4), part(5, 2), part(8, 2));
        } else if (key == "roles") {
            for (const json::value& item : items(value)) to.add_role(text(item));
        } else if (key == "attributes") {
            attributes(to, value);
        } else if (key != "id") {
            throw NotTyped();
        }
    }
}

void case_history(dc::DocumentBuilder& to, const json::object& from) {
    if (!from.contains("id")) throw NotTyped();
    to.start_case(text(from.at("id")));
    if (const json::value* found = from.if_contains("attributes")) attributes(to, *found);
    for (const auto& [key, value] : from) {
        if (key == "kind") {
            to.set_kind(text(value));
        } else if (key == "persons") {
            for (const json::value& item : items(value)) person(to, fields(item));
        } else if (key == "events") {
            for (const json::value& item : items(value)) event(to, fields(item));
        } else if (key != "format" && key != "id" && key != "attributes") {
            throw NotTyped();
        }
    }
}

void staff(dc::DocumentBuilder& to, const json::object& from) {
    to.start_staff();
    for (const json::value& each : items(from.at("staff"))) {
        const json::object& member = fields(each);
        to.add_member(text(member.at("id")));
        if (!member.contains("service")) continue;
        for (const json::value& entry : items(member.at("service"))) {
            const json::object& service = fields(entry);
            const json::value* until = service.if_contains("until");
            to.add_service(day(service.at("from")), until == nullptr ? DUECARE_DAY_NONE : day(*until));
            if (const json::value* rank = service.if_contains("rank")) to.set_rank(text(*rank));
            if (const json::value* unit = service.if_contains("unit")) to.set_unit(text(*unit));
            if (const json::value* all = service.if_contains("accreditations")) accreditations(to, *all);
        }
    }
}

/// A line of a vector as a value: null when it is no JSON, or when a key stands twice.
json::value parsed(const json::value& line) {
    if (!line.is_string()) return line;
    json::error_code ec;
    json::value value = json::parse(line.as_string(), ec);
    if (ec) return nullptr;
    const auto quotes = [](std::string_view in) { return std::count(in.begin(), in.end(), '"'); };
    return quotes(json::serialize(value)) == quotes(line.as_string()) ? value : json::value(nullptr);
}

/// True when the document could be said in typed fields, and was.
bool put_together(dc::DocumentBuilder& to, const json::value& document) {
    try {
        const json::object& from = fields(document);
        const json::value* format = from.if_contains("format");
        if (format == nullptr || !format->is_string()) return false;
        if (format->as_string() == "duecare.staff/1" && from.contains("staff")) {
            staff(to, from);
            return true;
        }
        if (format->as_string() != "duecare.case/1") return false;
        case_history(to, from);
        return true;
    } catch (const NotTyped&) {
        return false;
    }
}

struct Told {
    std::string findings;
    std::vector<std::string> rejects;
    friend bool operator==(const Told&, const Told&) = default;
};

Told told(const dc::Policy& policy, const dc::Caseload& caseload, const json::object& vector) {
    dc::AuditOptions options;
    options.verdicts = dc::k_all_verdicts;
    options.as_of = policy.parse_instant(vector.at("as_of").as_string());
    const json::value* known_at = vector.if_contains("known_at");
    if (known_at != nullptr && known_at->is_string())
        options.known_at = policy.parse_instant(known_at->as_string());
    Told out{dc::audit(policy, caseload, options).json_lines(), {}};
    for (const dc::Reject& reject : caseload.rejects()) {
        out.rejects.push_back(std::to_string(reject.line) + " " + reject.case_id + " " + reject.pointer +
                              " " + reject.reason);
    }
    return out;
}

TEST(Documents, TheVectorsFieldByField) {
    std::size_t typed = 0;
    std::size_t as_json = 0;
    for (const fs::path& path : vectors()) {
        SCOPED_TRACE(path.filename().string());
        const json::object vector = json::parse(read_file(path)).as_object();
        dc::Compiler compiler;
        if (const json::value* layers = vector.if_contains("policies")) {
            for (const json::value& layer : layers->as_array()) compiler.add_layer(json::serialize(layer));
        }
        const dc::Policy policy = compiler.compile(json::serialize(vector.at("policy")), "policy.json");
        dc::Caseload lines;
        dc::Caseload fed;
        dc::DocumentBuilder document;
        std::uint64_t line = 0;
        std::string all;
        for (const json::value& each : vector.at("caseload").as_array()) {
            ++line;
            const std::string written =
                each.is_string() ? std::string(each.as_string()) : json::serialize(each);
            all += written + "\n";
            if (put_together(document, parsed(each))) {
                fed.add(document, "feed", line);
                ++typed;
            } else {
                fed.read(std::string(line - 1, '\n') + written, "feed");
                ++as_json;
            }
        }
        lines.read(all, "feed");
        EXPECT_EQ(told(policy, fed, vector), told(policy, lines, vector));
    }
    EXPECT_GT(typed, 400U);
    EXPECT_LT(as_json, typed / 10);
}

/// A document that is wrong in some way, in fields and in JSON.
struct Wrong {
    std::string json;
    std::function<void(dc::DocumentBuilder&)> build;
};

TEST(Documents, TheSameRejectsAsJson) {
    const std::string head = R"({"format":"duecare.case/1","id":"C",)";
    const std::vector<Wrong> all = {
        {R"({"format":"duecare.case/1","id":""})", [](auto& d) { d.start_case(""); }},
        {head + R"("persons":[{"id":"P"},{"id":"P"}]})",
         [](auto& d) { d.start_case("C").add_person("P").add_person("P"); }},
        {head + R"("events":[{"type":"","occurred_at":"1970-01-01T00:00:00Z"}]})",
         [](auto& d) { d.start_case("C").add_event("", 0); }},
        {head + R"("events":[{"type":"a","occurred_at":"1970-01-01T00:00:00Z","subjects":["Q"]}]})",
         [](auto& d) { d.start_case("C").add_event("a", 0).add_subject("Q"); }},
        {head + R"("events":[{"type":"a","occurred_at":"1970-01-01T00:00:00Z","id":"x","id":"x"}]})",
         [](auto& d) { d.start_case("C").add_event("a", 0).set_event_id("x").set_event_id("x"); }},
        {head + R"("events":[{"type":"a","occurred_at":"1970-01-01T00:00:00Z","replaces":"y"}]})",
         [](auto& d) { d.start_case("C").add_event("a", 0).set_replaces("y"); }},
        {head + R"("events":[{"type":"a","occurred_at":"1970-01-01","id":"x"},)" +
             R"({"type":"a","occurred_at":"1970-01-01","id":"x"}]})",
         [](auto& d) {
             d.start_case("C").add_event("a", 0, dc::Precision::day).set_event_id("x");
             d.add_event("a", 0, dc::Precision::day).set_event_id("x");
         }},
        {head + R"("attributes":{"a":{"b":1,"b":2}}})",
         [](auto& d) {
             d.start_case("C").open_attribute("a").set_attribute_integer("b", 1);
             d.set_attribute_integer("b", 2).close_attribute();
         }},
        {head + R"("attributes":{"a":[[1]]}})",
         [](auto& d) {
             d.start_case("C").open_attribute_list("a").open_attribute_list({});
             d.set_attribute_integer({}, 1).close_attribute().close_attribute();
         }},
        {head + R"("persons":[{"id":"P","born":"2001-02-30"}]})",
         [](auto& d) { d.start_case("C").add_person("P").set_born(2001, 2, 30); }},
        {head + R"("attributes":{"a":{"a":{"a":{"a":{"a":1}}}}}})",
         [](auto& d) {
             d.start_case("C").open_attribute("a").open_attribute("a").open_attribute("a");
             d.open_attribute("a").set_attribute_integer("a", 1).close_attribute();
             d.close_attribute().close_attribute().close_attribute();
         }},
        {head +
             R"("events":[{"type":"a","occurred_at":"1970-01-01"},{"type":"a","occurred_at":"1970-01-01"},)" +
             R"({"type":"a","occurred_at":"1970-01-01"}]})",
         [](auto& d) {
             d.start_case("C");
             for (int i = 0; i < 3; ++i) d.add_event("a", 0, dc::Precision::day);
         }},
        {head + R"("attributes":{"a":"0123456789012345678901234567890123456789"}})",
         [](auto& d) {
             d.start_case("C").set_attribute_string("a", "0123456789012345678901234567890123456789");
         }},
        {R"({"format":"duecare.staff/1","staff":[{"id":"s"},{"id":"s"}]})",
         [](auto& d) { d.start_staff().add_member("s").add_member("s"); }},
        {R"({"format":"duecare.staff/1","staff":[{"id":"s","service":[{"from":"1970-01-03","until":"1970-01-02"}]}]})",
         [](auto& d) { d.start_staff().add_member("s").add_service(2, 1); }},
        {R"({"format":"duecare.staff/1","staff":[{"id":"s","service":[{"from":"1970-01-01"},{"from":"1970-01-02"}]}]})",
         [](auto& d) { d.start_staff().add_member("s").add_service(0).add_service(1); }},
    };
    dc::CaseloadOptions options;
    options.max_nesting = 5;
    options.max_events_per_case = 2;
    options.max_string_bytes = 32;
    for (const Wrong& wrong : all) {
        SCOPED_TRACE(wrong.json);
        dc::Caseload lines(options);
        dc::Caseload fed(options);
        dc::DocumentBuilder document;
        lines.read(wrong.json, "feed");
        wrong.build(document);
        fed.add(document, "feed", 1);
        ASSERT_EQ(lines.reject_count(), 1U);
        ASSERT_EQ(fed.reject_count(), 1U);
        EXPECT_EQ(fed.reject(0).reason, lines.reject(0).reason);
        EXPECT_EQ(fed.reject(0).pointer, lines.reject(0).pointer);
        EXPECT_EQ(fed.reject(0).case_id, lines.reject(0).case_id);
        EXPECT_EQ(fed.reject(0).source, "feed");
        EXPECT_EQ(fed.case_count() + fed.event_count(), 0U);
        options.strict = true;
        dc::Caseload strict(options);
        wrong.build(document);
        EXPECT_THROW(strict.add(document), dc::Error);
        options.strict = false;
    }
}

TEST(Documents, WhatOnlyNumbersCanSay) {
    dc::Caseload fed;
    dc::DocumentBuilder document;
    const auto reject = [&](std::string_view part) {
        fed.add(document, "feed", 7);
        ASSERT_GT(fed.reject_count(), 0U);
        const dc::Reject last = fed.reject(fed.reject_count() - 1);
        EXPECT_NE(last.reason.find(part), std::string::npos) << last.reason;
        EXPECT_EQ(last.line, 7U);
    };
    document.start_case("A").add_event("a", std::numeric_limits<std::int64_t>::max());
    reject("between 0001 and 9999");
    document.start_case("A").set_attribute_number("x", std::numeric_limits<double>::infinity());
    reject("out of range");
    document.start_case("A").set_attribute_string("x", "\xC3");
    reject("UTF-8");
    EXPECT_EQ(fed.case_count(), 0U);
    EXPECT_EQ(fed.reject_count(), 3U);
}

TEST(Documents, CallsThatFitNoDocument) {
    dc::DocumentBuilder document;
    dc::Caseload caseload;
    EXPECT_THROW(document.add_person("P"), dc::Error);
    EXPECT_THROW(caseload.add(document), dc::Error);
    document.start_case("C");
    EXPECT_THROW(document.add_role("child"), dc::Error);
    EXPECT_THROW(document.set_actor("x"), dc::Error);
    EXPECT_THROW(document.add_member("x"), dc::Error);
    EXPECT_THROW(document.close_attribute(), dc::Error);
    document.add_event("a", 0).open_attribute_list("l");
    EXPECT_THROW(document.set_attribute_integer("key", 1), dc::Error);
    EXPECT_THROW(document.add_event("b", 0), dc::Error);
    EXPECT_THROW(caseload.add(document), dc::Error);
    document.close_attribute();
    EXPECT_THROW(document.add_event("a", 0, static_cast<dc::Precision>(9)), dc::Error);
    caseload.add(document);
    EXPECT_EQ(caseload.case_count(), 1U);
    EXPECT_EQ(caseload.event_count(), 1U);
    EXPECT_EQ(caseload.reject_count(), 0U);
    EXPECT_THROW(caseload.add(document), dc::Error);  // must be started anew
}

}  // namespace
