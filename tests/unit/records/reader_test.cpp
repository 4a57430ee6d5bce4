#include "records/reader.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support.hpp"

namespace duecare::records {
namespace {

constexpr const char* k_full = R"({"format": "duecare.case/1", "id": "WP-0147", "kind": "referral",
"attributes": {"unit": "CAIT", "home": {"town": "Leeds", "rooms": 3}, "tags": ["a", 2, null, true, 2.5]},
"persons": [{"id": "P1", "roles": ["child", "victim"], "born": "2015-03-02", "attributes": {"looked_after": true}},
            {"id": "P2", "born": "1980"}],
"events": [
 {"id": "e1", "type": "report.received", "occurred_at": "2022-03-01T09:15:00+00:00",
  "recorded_at": "2022-03-01T09:40:00Z", "actor": "pc-0412", "subjects": ["P2", "P1"],
  "attributes": {"source": "school", "score": -7, "share": 0.1, "none": null}},
 {"type": "child.seen", "occurred_at": "2022-03-02",
  "actor": {"id": "ps-1", "rank": "sergeant", "accreditations": ["PIP2"]}},
 {"id": "e3", "type": "child.seen", "occurred_at": "2022-03-03T10:00:00", "replaces": "#2", "withdrawn": true}]})";

std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n') c = ' ';
    }
    return text;
}

PathId path(const Caseload& c, PathId parent, std::string_view key) {
    return c.paths.find(parent, c.strings.find(key));
}

void expect_full(const Read& read) {
    const Caseload& c = read.caseload;
    ASSERT_TRUE(read.report.rejects.empty())
        << read.report.rejects[0].pointer << read.report.rejects[0].reason;
    ASSERT_EQ(c.cases.size(), 1U);
    EXPECT_EQ(text_of(c, c.cases[0].id), "WP-0147");
    EXPECT_EQ(text_of(c, c.cases[0].kind), "referral");
    EXPECT_EQ(c.find_case(c.strings.find("WP-0147")), 0U);
    EXPECT_FALSE(c.cases[0].all_exact);
    EXPECT_FALSE(c.cases[0].in_order);

    const Range own = c.cases[0].attributes;
    EXPECT_EQ(text_of(c, c.attribute(own, path(c, k_root_path, "unit"))->string), "CAIT");
    const PathId home = path(c, k_root_path, "home");
    EXPECT_EQ(c.attribute(own, home)->kind, ValueKind::object);
    EXPECT_EQ(c.attribute(own, path(c, home, "rooms"))->integer, 3);
    const Attribute* tags = c.attribute(own, path(c, k_root_path, "tags"));
    ASSERT_EQ(tags->kind, ValueKind::list);
    ASSERT_EQ(tags->list.count, 5U);
    const Value* items = &c.list_items[tags->list.begin];
    EXPECT_EQ(text_of(c, items[0].string), "a");
    EXPECT_EQ(items[1].integer, 2);
    EXPECT_EQ(items[2].kind, ValueKind::null);
    EXPECT_TRUE(items[3].boolean);
    EXPECT_EQ(items[4].decimal, 2.5);

    ASSERT_EQ(c.persons.size(), 2U);
    EXPECT_EQ(c.persons[0].born, (time::PartialDate{2015, 3, 2}));
    EXPECT_EQ(c.persons[1].born, (time::PartialDate{1980, 0, 0}));
    EXPECT_EQ(c.persons[0].roles.size(), 2U);
    EXPECT_EQ(text_of(c, c.person_roles[1]), "victim");
    EXPECT_TRUE(c.attribute(c.persons[0].attributes, path(c, k_root_path, "looked_after"))->boolean);
    EXPECT_EQ(c.persons[1].attributes.size(), 0U);

    ASSERT_EQ(c.event_count(), 3U);
    EXPECT_EQ(c.recorded(0).micros - c.occurred(0).micros, 25 * time::k_micros_per_minute);
    EXPECT_EQ(c.subjects_of_event(0).size(), 2U);
    EXPECT_EQ(c.subjects[0], 1U);
    EXPECT_EQ(c.subjects[1], 0U);
    EXPECT_EQ(c.subjects_of_event(1).size(), 0U);
    const Range event = c.attributes_of_event(0);
    EXPECT_EQ(event.size(), 4U);
    EXPECT_EQ(c.attribute(event, path(c, k_root_path, "score"))->integer, -7);
    EXPECT_EQ(c.attribute(event, path(c, k_root_path, "share"))->decimal, 0.1);
    EXPECT_EQ(c.attribute(event, path(c, k_root_path, "none")), nullptr);
    EXPECT_EQ(c.attributes_of_event(1).size(), 0U);
    EXPECT_EQ(text_of(c, c.actors[c.event_actor[0]].id), "pc-0412");
    EXPECT_EQ(text_of(c, c.event_id[1]), "#2");
    EXPECT_EQ(c.occurred(1).precision, time::Precision::day);
    EXPECT_EQ(c.recorded(1), c.occurred(1));
    const Actor& described = c.actors[c.event_actor[1]];
    EXPECT_EQ(text_of(c, described.rank), "sergeant");
    EXPECT_EQ(described.unit, k_no_string);
    EXPECT_TRUE(described.has_accreditations);
    EXPECT_EQ(text_of(c, c.actor_accreditations[described.accreditations.begin]), "PIP2");
    EXPECT_EQ(c.event_actor[2], k_no_actor);
    EXPECT_EQ(c.occurred(2).precision, time::Precision::local);
    EXPECT_EQ(c.event_flags[2] & k_withdrawn, k_withdrawn);
    ASSERT_EQ(c.corrections.size(), 1U);
    EXPECT_EQ(c.corrections[0].by, 2U);
    EXPECT_EQ(c.corrections[0].replaced, 1U);
    EXPECT_EQ(read.report.cases, 1U);
    EXPECT_EQ(read.report.events, 3U);
    EXPECT_TRUE(read.report.unknown_keys.empty());
}

TEST(Reader, ReadsEveryFieldOfACaseInOneLine) {
    expect_full(read_text(one_line(k_full) + "\n"));
}

TEST(Reader, ReadsADocumentOverManyLines) {
    expect_full(read_text(k_full));
}

TEST(Reader, ChunkSizesMakeNoDifference) {
    for (const std::size_t chunk : {1U, 2U, 7U, 64U, 4096U}) {
        SCOPED_TRACE(chunk);
        expect_full(read_text(one_line(k_full) + "\r\n", chunk));
        expect_full(read_text(std::string("\xEF\xBB\xBF") + k_full, chunk));
        expect_full(read_text("[" + std::string(k_full) + "]", chunk));
    }
}

TEST(Reader, KeysMayStandInAnyOrder) {
    const Read read =
        read_text(R"({"events":[{"subjects":["P1"],"occurred_at":"2022-01-01T00:00:00Z","type":"a"}],)"
                  R"("persons":[{"id":"P1"}],"id":"C","format":"duecare.case/1"})");
    ASSERT_TRUE(read.report.rejects.empty()) << read.report.rejects[0].reason;
    EXPECT_EQ(read.caseload.subjects_of_event(0).size(), 1U);
    EXPECT_EQ(text_of(read.caseload, read.caseload.cases[0].kind), "investigation");
}

TEST(Reader, AttributesOfOneEventDoNotReachIntoTheNextCase) {
    const std::string event = R"({"type":"a","occurred_at":"2022-01-01T00:00:00Z","attributes":{"x":1}})";
    const Read read =
        read_text(case_with("A", event) + "\n" + case_with("B", event, R"(,"attributes":{"y":2})"));
    const Caseload& c = read.caseload;
    ASSERT_EQ(c.cases.size(), 2U);
    EXPECT_EQ(c.attributes_of_event(0).size(), 1U);
    EXPECT_EQ(c.attributes_of_event(1).size(), 1U);
    EXPECT_EQ(c.cases[1].attributes.size(), 1U);
    EXPECT_EQ(c.attribute(c.attributes_of_event(0), path(c, k_root_path, "y")), nullptr);
}

TEST(Reader, TellsWhetherEventsStandInOrder) {
    const auto in_order = [](std::string_view events) {
        const Read read = read_text(case_with("A", events));
        EXPECT_TRUE(read.report.rejects.empty());
        return read.caseload.cases.at(0).in_order && read.caseload.cases[0].all_exact;
    };
    EXPECT_TRUE(in_order(""));
    EXPECT_TRUE(in_order(
        R"({"type":"a","occurred_at":"2022-01-01T00:00:00Z"},{"type":"a","occurred_at":"2022-01-02T00:00:00Z"})"));
    EXPECT_FALSE(in_order(
        R"({"type":"a","occurred_at":"2022-01-02T00:00:00Z"},{"type":"a","occurred_at":"2022-01-01T00:00:00Z"})"));
    EXPECT_FALSE(in_order(
        R"({"type":"a","occurred_at":"2022-01-01T00:00:00Z","recorded_at":"2022-01-03T00:00:00Z"},{"type":"a","occurred_at":"2022-01-01T00:00:00Z"})"));
    EXPECT_FALSE(in_order(
        R"({"id":"b","type":"a","occurred_at":"2022-01-01T00:00:00Z"},{"id":"a","type":"a","occurred_at":"2022-01-01T00:00:00Z"})"));
    EXPECT_FALSE(in_order(R"({"type":"a","occurred_at":"2022-01-01T00:00:00"})"));
}

TEST(Reader, ReadsTheStaffRegister) {
    const Read read = read_text(
        R"({"format": "duecare.staff/1", "staff": [{"id": "ps-0031", "service": [)"
        R"({"from": "2019-04-01", "until": "2022-06-01", "rank": "constable", "unit": "Response", "accreditations": ["PIP1"]},)"
        R"({"from": "2022-06-01", "rank": "sergeant"}]}, {"id": "ps-2"}]})");
    const Caseload& c = read.caseload;
    ASSERT_TRUE(read.report.rejects.empty()) << read.report.rejects[0].reason;
    EXPECT_EQ(read.report.staff_documents, 1U);
    const StringId id = c.strings.find("ps-0031");
    const auto day = [](std::string_view text) { return *time::parse_date(text); };
    EXPECT_EQ(c.service(id, day("2019-03-31")), nullptr);
    EXPECT_EQ(text_of(c, c.service(id, day("2022-05-31"))->rank), "constable");
    EXPECT_EQ(text_of(c, c.service(id, day("2022-06-01"))->rank), "sergeant");
    EXPECT_FALSE(c.service(id, day("9999-12-31"))->has_accreditations);
    EXPECT_TRUE(c.has_staff(c.strings.find("ps-2")));
    EXPECT_EQ(c.service(c.strings.find("ps-2"), day("2022-06-01")), nullptr);
}

TEST(Reader, ReadsAStaffRegisterWhoseFormatStandsLast) {
    const Read read = read_text(R"({"staff":[{"id":"x"}],"format":"duecare.staff/1"})");
    ASSERT_TRUE(read.report.rejects.empty()) << read.report.rejects[0].reason;
    EXPECT_TRUE(read.caseload.has_staff(read.caseload.strings.find("x")));
}

TEST(Reader, NumbersKeepTheirValue) {
    const Read read =
        read_text(case_with("A", "",
                            R"(,"attributes":{"a":9223372036854775807,"b":-9223372036854775808,)"
                            R"("c":9223372036854775808,"d":1.7976931348623157e308,"e":5e-324,)"
                            R"("f":2.2250738585072011e-308,"g":123456789012345678901234567890})"));
    ASSERT_TRUE(read.report.rejects.empty()) << read.report.rejects[0].reason;
    const auto& values = read.caseload.attributes;
    EXPECT_EQ(values[0].integer, INT64_MAX);
    EXPECT_EQ(values[1].integer, INT64_MIN);
    EXPECT_EQ(values[2].decimal, 9223372036854775808.0);
    EXPECT_EQ(values[3].decimal, 1.7976931348623157e308);
    EXPECT_EQ(values[4].decimal, 5e-324);
    EXPECT_EQ(values[5].decimal, 2.2250738585072011e-308);
    EXPECT_EQ(values[6].decimal, 123456789012345678901234567890.0);
}

TEST(Reader, EscapesAreResolved) {
    const Read read =
        read_text(case_with("A\\u00e9\\ud83d\\ude00", "", R"(,"attributes":{"k\"\u0061":"\n"})"));
    ASSERT_TRUE(read.report.rejects.empty()) << read.report.rejects[0].reason;
    EXPECT_EQ(text_of(read.caseload, read.caseload.cases[0].id), "A\xC3\xA9\xF0\x9F\x98\x80");
    EXPECT_NE(path(read.caseload, k_root_path, "k\"a"), k_no_path);
}

TEST(Reader, CountsUnknownKeysOfDocumentsThatWereTaken) {
    const std::string event = R"({"type":"a","occurred_at":"2022-01-01","colour":{"x":[1]},"actr":1})";
    const std::string twice = event + "," + event;
    const Read read =
        read_text(case_with("A", twice) + "\n" + case_with("A", event) + "\n" + case_with("B", event));
    EXPECT_EQ(read.report.rejects.size(), 1U);
    ASSERT_EQ(read.report.unknown_keys.size(), 2U);
    const UnknownKey& colour = read.report.unknown_keys.at("event.colour");
    EXPECT_EQ(colour.count, 3U);
    EXPECT_EQ(colour.line, 1U);
    EXPECT_EQ(colour.pointer, "/events/0/colour");
    EXPECT_EQ(colour.source, "test.jsonl");
    EXPECT_EQ(colour.near_name, "");
    EXPECT_EQ(read.report.unknown_keys.at("event.actr").near_name, "actor");
}

TEST(Reader, ManySourcesGoIntoOneCaseload) {
    Caseload caseload;
    Reader reader(caseload, {});
    reader.begin("one");
    reader.push(case_with("A", ""));
    reader.begin("two");  // ends the one before
    reader.push(case_with("A", ""));
    reader.finish();
    EXPECT_EQ(caseload.cases.size(), 1U);
    ASSERT_EQ(reader.report().rejects.size(), 1U);
    EXPECT_EQ(reader.report().rejects[0].source, "two");
}

TEST(Reader, RefusesBytesBeforeASource) {
    Caseload caseload;
    Reader reader(caseload, {});
    EXPECT_THROW(reader.push("x"), Error);
}

TEST(Reader, AFileThatIsNotThereIsAnError) {
    Caseload caseload;
    Reader reader(caseload, {});
    try {
        reader.read_file("no/such/file.jsonl");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.status(), Status::io);
        EXPECT_EQ(error.source(), "no/such/file.jsonl");
    }
}

}  // namespace
}  // namespace duecare::records
