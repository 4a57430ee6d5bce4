#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "support.hpp"

namespace duecare::records {
namespace {

constexpr std::string_view k_good = R"({"format":"duecare.case/1","id":"GOOD"})";

struct Bad {
    std::string_view text;
    std::string_view pointer;
    std::string_view part_of_reason;
};

std::string with_event(std::string_view fields) {
    return case_with("C", "{" + std::string(fields) + "}");
}

/// The document stands on line 2, between a blank line and a good one, which must be taken.
void expect_rejected(std::string_view text, std::string_view pointer, std::string_view part_of_reason,
                     ReaderOptions options = {}) {
    SCOPED_TRACE(std::string(text).substr(0, 200));
    for (const std::size_t chunk : {1U, 4096U}) {
        const Read read =
            read_text("\n" + std::string(text) + "\n" + std::string(k_good) + "\n", chunk, options);
        ASSERT_EQ(read.report.rejects.size(), 1U);
        const Reject& reject = read.report.rejects[0];
        EXPECT_EQ(reject.line, 2U);
        EXPECT_EQ(reject.source, "test.jsonl");
        EXPECT_EQ(reject.pointer, pointer) << reject.reason;
        EXPECT_NE(reject.reason.find(part_of_reason), std::string::npos) << reject.reason;
        EXPECT_EQ(read.caseload.cases.size(), 1U);
        EXPECT_EQ(read.report.cases, 1U);
        EXPECT_EQ(read.caseload.cases.at(0).document, 3U);
    }
}

TEST(Rejects, BadJson) {
    const std::vector<Bad> bad = {
        {R"({"format":"duecare.case/1","id":"A","events":[{"id":"e1")", "/events/0/id", "cut off"},
        {R"({"format":"duecare.case/1","id":"A)", "/id", "cut off"},
        {R"({"format":"duecare.case/1","id":"A"} {})", "", "More text follows the document at byte 38"},
        {R"({"format":"duecare.case/1","id":nil})", "/id", "not valid JSON at byte 33"},
        {R"({"format":"duecare.case/1","id":"A",})", "/id", "not valid JSON"},
        {R"({"format":"duecare.case/1","id":"\udc00 ........."})", "/id", "surrogate"},
        {R"(})", "", "not valid JSON"},
        {"{\"format\":\"duecare.case/1\",\"id\":\"\xC3\x28\"}", "/id", "UTF-8"},
        {"{\"format\":\"duecare.case/1\",\"id\":\"A\",\"kind\":\"\xED\xA0\x80\"}", "/kind", "UTF-8"},
    };
    for (const Bad& b : bad) expect_rejected(b.text, b.pointer, b.part_of_reason);
}

TEST(Rejects, WhatIsNoDocument) {
    expect_rejected("42", "", "Found a number; expected an object");
    expect_rejected("null", "", "Found null; expected an object");
    expect_rejected("\"x\"", "", "Found a string; expected an object");
    expect_rejected("{}", "", "\"format\" is missing");
    expect_rejected(R"({"format":7,"id":"A"})", "/format", "\"format\" is a number; expected a string");
    expect_rejected(R"({"format":"duecare.case/9","id":"A"})", "/format", "\"duecare.case/9\" is not known");
    expect_rejected(R"({"id":7,"format":"duecare.case/9"})", "/format", "\"duecare.case/9\" is not known");
    expect_rejected(R"({"format":"duecare.case/1"})", "", "\"id\" is missing");
    expect_rejected(R"({"format":"duecare.staff/1"})", "", "\"staff\" is missing");
}

TEST(Rejects, WrongTypes) {
    const std::string time = R"("type":"a","occurred_at":"2022-01-01T00:00:00Z",)";
    const std::vector<std::pair<std::string, std::string>> bad = {
        {R"({"format":"duecare.case/1","id":"A","kind":7})", "/kind"},
        {R"({"format":"duecare.case/1","id":null})", "/id"},
        {R"({"format":"duecare.case/1","id":"A","attributes":[]})", "/attributes"},
        {R"({"format":"duecare.case/1","id":"A","persons":{}})", "/persons"},
        {R"({"format":"duecare.case/1","id":"A","persons":[{"id":"P"},"P1"]})", "/persons/1"},
        {R"({"format":"duecare.case/1","id":"A","persons":[{"id":1}]})", "/persons/0/id"},
        {R"({"format":"duecare.case/1","id":"A","persons":[{"id":"P","roles":"child"}]})",
         "/persons/0/roles"},
        {R"({"format":"duecare.case/1","id":"A","persons":[{"id":"P","roles":["a",1]}]})",
         "/persons/0/roles/1"},
        {R"({"format":"duecare.case/1","id":"A","persons":[{"id":"P","born":2001}]})", "/persons/0/born"},
        {R"({"format":"duecare.case/1","id":"A","events":{}})", "/events"},
        {R"({"format":"duecare.case/1","id":"A","events":[[]]})", "/events/0"},
        {with_event(R"("type":7)"), "/events/0/type"},
        {with_event(R"("type":"a","occurred_at":1673337600)"), "/events/0/occurred_at"},
        {with_event(time + R"("recorded_at":null)"), "/events/0/recorded_at"},
        {with_event(time + R"("actor":1.5)"), "/events/0/actor"},
        {with_event(time + R"("actor":{"rank":true})"), "/events/0/actor/rank"},
        {with_event(time + R"("actor":{"accreditations":["a",{}]})"), "/events/0/actor/accreditations/1"},
        {with_event(time + R"("subjects":"P1")"), "/events/0/subjects"},
        {with_event(time + R"("subjects":[1])"), "/events/0/subjects/0"},
        {with_event(time + R"("replaces":[])"), "/events/0/replaces"},
        {with_event(time + R"("withdrawn":"yes")"), "/events/0/withdrawn"},
        {with_event(time + R"("withdrawn":1)"), "/events/0/withdrawn"},
        {with_event(time + R"("attributes":["x"])"), "/events/0/attributes"},
        {with_event(time + R"("attributes":{"a":1,"tags":["x",{"a":1}]})"), "/events/0/attributes/tags/1"},
        {with_event(time + R"("attributes":{"b":{"c/d~":[[]]}})"), "/events/0/attributes/b/c~1d~0/0"},
        {R"({"format":"duecare.staff/1","staff":{}})", "/staff"},
        {R"({"format":"duecare.staff/1","staff":[{"id":"s","service":[{"from":20190401}]}]})",
         "/staff/0/service/0/from"},
    };
    for (const auto& [text, pointer] : bad) expect_rejected(text, pointer, "expected");
}

TEST(Rejects, MissingAndEmptyFields) {
    expect_rejected(with_event(R"("type":"a")"), "/events/0", "\"occurred_at\" is missing");
    expect_rejected(with_event(R"("occurred_at":"2022-01-01")"), "/events/0", "\"type\" is missing");
    expect_rejected(with_event(R"("type":"")"), "/events/0/type", "empty");
    expect_rejected(with_event(R"("id":"")"), "/events/0/id", "empty");
    expect_rejected(R"({"format":"duecare.case/1","id":""})", "/id", "empty");
    expect_rejected(R"({"format":"duecare.case/1","id":"A","persons":[{"id":"P1"},{}]})", "/persons/1",
                    "\"id\" is missing");
    expect_rejected(R"({"format":"duecare.staff/1","staff":[{}]})", "/staff/0", "\"id\" is missing");
    expect_rejected(R"({"format":"duecare.staff/1","staff":[{"id":"s","service":[{}]}]})",
                    "/staff/0/service/0", "\"from\" is missing");
}

TEST(Rejects, KeysThatStandTwice) {
    const std::vector<std::pair<std::string, std::string>> bad = {
        {R"({"format":"duecare.case/1","id":"A","id":"B"})", "/id"},
        {R"({"format":"duecare.case/1","format":"duecare.staff/1","id":"B"})", "/format"},
        {with_event(R"("type":"a","type":"a")"), "/events/0/type"},
        {R"({"format":"duecare.case/1","id":"A","attributes":{"x":1,"y":{"x":1},"x":2}})", "/attributes/x"},
        {R"({"format":"duecare.case/1","id":"A","attributes":{"y":{"x":1,"\u0078":1}}})", "/attributes/y/x"},
        {R"({"format":"duecare.case/1","id":"A","odd":1,"other":2,"odd":3})", "/odd"},
        {R"({"format":"duecare.case/1","id":"A","odd":[{"a":1},{"b":1,"c":1,"b":2}]})", "/odd/1/b"},
        {R"({"format":"duecare.case/1","id":"A","persons":[{"id":"P","attributes":{"a":1,"a":1}}]})",
         "/persons/0/attributes/a"},
    };
    for (const auto& [text, pointer] : bad) expect_rejected(text, pointer, "stands twice in one object");
}

TEST(Rejects, AKeyMayStandAgainInAnotherObject) {
    const Read read = read_text(
        R"({"format":"duecare.case/1","id":"A","attributes":{"x":1,"y":{"x":1}},)"
        R"("persons":[{"id":"P","attributes":{"x":1}},{"id":"Q","attributes":{"x":1}}],"odd":[{"a":1},{"a":1}]})");
    EXPECT_TRUE(read.report.rejects.empty());
    EXPECT_EQ(read.caseload.attributes.size(), 5U);
}

TEST(Rejects, IdsThatStandTwice) {
    const std::string event = R"("type":"a","occurred_at":"2022-01-01T00:00:00Z")";
    expect_rejected(case_with("A", "{\"id\":\"e\"," + event + "},{\"id\":\"e\"," + event + "}"),
                    "/events/1/id", "\"e\" stands twice");
    expect_rejected(case_with("A", "{\"id\":\"#2\"," + event + "},{" + event + "}"), "/events/1", "\"#2\"");
    expect_rejected(case_with("A", "{" + event + "},{\"id\":\"#1\"," + event + "}"), "/events/1/id",
                    "\"#1\"");
    expect_rejected(R"({"format":"duecare.case/1","id":"A","persons":[{"id":"P1"},{"id":"P2"},{"id":"P1"}]})",
                    "/persons/2/id", "\"P1\" stands twice");
    std::string many;
    for (int i = 0; i < 100; ++i) {
        many += (i == 0 ? "{\"id\":\"e" : ",{\"id\":\"e") + std::to_string(i == 70 ? 30 : i) + "\"," + event +
                "}";
    }
    expect_rejected(case_with("A", many), "/events/70/id", "\"e30\" stands twice");
}

TEST(Rejects, ACaseIdThatStandsTwice) {
    const Read read = read_text(case_with("A", "") + "\n" + case_with("A", "") + "\n" + case_with("B", ""));
    ASSERT_EQ(read.report.rejects.size(), 1U);
    EXPECT_EQ(read.report.rejects[0].line, 2U);
    EXPECT_EQ(read.report.rejects[0].pointer, "/id");
    EXPECT_EQ(read.report.rejects[0].case_id, "A");
    EXPECT_EQ(read.caseload.cases.size(), 2U);
}

TEST(Rejects, AnIdOfARejectedCaseIsFree) {
    const Read read = read_text(case_with("A", "{}") + "\n" + case_with("A", "") + "\n" + case_with("A", ""));
    ASSERT_EQ(read.report.rejects.size(), 2U);
    EXPECT_EQ(read.report.rejects[0].line, 1U);
    EXPECT_EQ(read.report.rejects[1].line, 3U);
}

TEST(Rejects, ReferencesToNothing) {
    const std::string event = R"("type":"a","occurred_at":"2022-01-01T00:00:00Z")";
    const std::string persons = R"(,"persons":[{"id":"P1"}])";
    expect_rejected(case_with("A", "{" + event + "},{" + event + R"(,"subjects":["P1","P2"]})", persons),
                    "/events/1/subjects/1", "\"P2\" is no person of this case");
    expect_rejected(case_with("A", "{" + event + R"(,"replaces":"e9"})"), "/events/0/replaces", "\"e9\"");
    expect_rejected(case_with("A", "{\"id\":\"e1\"," + event + R"(,"replaces":"e1"})"), "/events/0/replaces",
                    "replaces itself");
}

TEST(Rejects, ImpossibleDates) {
    expect_rejected(with_event(R"("type":"a","occurred_at":"2023-02-29T08:00:00Z")"), "/events/0/occurred_at",
                    "\"2023-02-29T08:00:00Z\" is no instant");
    expect_rejected(with_event(R"("type":"a","occurred_at":"2023-01-10T25:00:00Z")"), "/events/0/occurred_at",
                    "is no instant");
    expect_rejected(with_event(R"("type":"a","occurred_at":"2023-01-10","recorded_at":"")"),
                    "/events/0/recorded_at", "is no instant");
    expect_rejected(R"({"format":"duecare.case/1","id":"A","persons":[{"id":"P","born":"2010-13"}]})",
                    "/persons/0/born", "is no date");
    expect_rejected(R"({"format":"duecare.staff/1","staff":[{"id":"s","service":[{"from":"2019-04-31"}]}]})",
                    "/staff/0/service/0/from", "\"2019-04-31\" is no date");
}

TEST(Rejects, ReasonsKeepPersonalValuesToThemselves) {
    const Read read =
        read_text(case_with("C", R"({"type":"a","occurred_at":"Jane Doe called"})") + "\n" +
                  R"({"format":"duecare.case/1","id":"A","persons":[{"id":"P","born":"Jane Doe"}]})" + "\n" +
                  R"({"format":"Jane Doe","id":"A"})");
    ASSERT_EQ(read.report.rejects.size(), 3U);
    for (const Reject& reject : read.report.rejects) {
        EXPECT_EQ(reject.reason.find("Jane"), std::string::npos) << reject.reason;
    }
}

TEST(Rejects, NumbersOutOfRange) {
    for (const std::string_view number : {"1e400", "-1e400", "1e-400", "1e99999999999999"}) {
        const std::string more = ",\"attributes\":{\"n\":" + std::string(number) + "}";
        expect_rejected(case_with("A", "", more), "/attributes/n", "out of range");
    }
}

TEST(Rejects, Limits) {
    ReaderOptions options;
    options.limits = {200, 4, 2, 20};
    const std::string event = R"({"type":"a","occurred_at":"2022-01-01"})";
    expect_rejected(case_with("A", event + "," + event + "," + event), "/events/2", "limit of 2", options);
    expect_rejected(R"({"format":"duecare.case/1","id":"123456789012345678901"})", "/id", "limit of 20",
                    options);
    expect_rejected(R"({"format":"duecare.case/1","id":"12345678901\n345678901"})", "/id", "limit of 20",
                    options);
    expect_rejected(R"({"format":"duecare.case/1","id":"A","123456789012345678901":1})", "/id", "limit of 20",
                    options);
    expect_rejected(case_with("A", "", R"(,"attributes":{"a":{"b":{"c":{}}}})"), "/attributes/a/b/c",
                    "limit of 4", options);
    expect_rejected(case_with("A", "", R"(,"kind":"a")" + std::string(200, ' ')), "", "limit of 200",
                    options);
    const std::string just = case_with("A", "", std::string(200 - case_with("A", "").size(), ' '));
    for (const std::size_t chunk : {1U, 7U, 4096U}) {
        EXPECT_TRUE(read_text(just + "\r\n", chunk, options).report.rejects.empty());
        EXPECT_EQ(read_text(just + " \r\n", chunk, options).report.rejects.size(), 1U);
    }
}

TEST(Rejects, TheNestingLimitHasALimit) {
    Caseload caseload;
    ReaderOptions options;
    options.limits.nesting = k_most_nesting + 1;
    EXPECT_THROW(Reader(caseload, options), Error);
    options.limits.nesting = 0;
    EXPECT_THROW(Reader(caseload, options), Error);
}

TEST(Rejects, StaffGivenTwice) {
    const std::string one = R"({"format":"duecare.staff/1","staff":[{"id":"s1"},{"id":"s2"}]})";
    const Read read =
        read_text(one + "\n" + R"({"format":"duecare.staff/1","staff":[{"id":"s3"},{"id":"s2"}]})" + "\n" +
                  R"({"format":"duecare.staff/1","staff":[{"id":"s3"},{"id":"s3"}]})");
    ASSERT_EQ(read.report.rejects.size(), 2U);
    EXPECT_EQ(read.report.rejects[0].line, 2U);
    EXPECT_EQ(read.report.rejects[0].pointer, "/staff/1/id");
    EXPECT_EQ(read.report.rejects[1].pointer, "/staff/1/id");
    EXPECT_FALSE(read.caseload.has_staff(read.caseload.strings.find("s3")));
}

TEST(Rejects, ServiceThatContradictsItself) {
    const auto staff = [](std::string_view service) {
        return R"({"format":"duecare.staff/1","staff":[{"id":"s","service":[)" + std::string(service) +
               "]}]}";
    };
    expect_rejected(staff(R"({"from":"2020-01-01","until":"2019-01-01"})"), "/staff/0/service/0/until",
                    "before");
    expect_rejected(staff(R"({"from":"2020-01-01"},{"from":"2019-01-01","until":"2020-01-02"})"),
                    "/staff/0/service/1", "2020-01-01");
    expect_rejected(staff(R"({"from":"2020-01-01"},{"from":"2021-01-01"})"), "/staff/0/service/1",
                    "2021-01-01");
    EXPECT_TRUE(read_text(staff(R"({"from":"2020-01-01"},{"from":"2019-01-01","until":"2020-01-01"},)"
                                R"({"from":"2020-05-01","until":"2020-05-01"})"))
                    .report.rejects.empty());
}

TEST(Rejects, LeaveNothingBehind) {
    const std::string good =
        case_with("G",
                  R"({"id":"e","type":"a","occurred_at":"2022-01-01","actor":{"rank":"x",)"
                  R"("accreditations":["y"]},"subjects":["P"],"attributes":{"l":[1,2]}})",
                  R"(,"persons":[{"id":"P","roles":["r"],"attributes":{"a":1}}])");
    std::string bad = good;
    bad.insert(bad.size() - 1, R"(,"zz":{"a":1,"a":2})");
    const Read once = read_text(good);
    const Read after = read_text(bad + "\n" + good);
    ASSERT_TRUE(once.report.rejects.empty());
    ASSERT_EQ(after.report.rejects.size(), 1U);
    const Caseload& a = once.caseload;
    const Caseload& b = after.caseload;
    EXPECT_EQ(a.persons.size(), b.persons.size());
    EXPECT_EQ(a.person_roles.size(), b.person_roles.size());
    EXPECT_EQ(a.attributes.size(), b.attributes.size());
    EXPECT_EQ(a.list_items.size(), b.list_items.size());
    EXPECT_EQ(a.actors.size(), b.actors.size());
    EXPECT_EQ(a.actor_accreditations.size(), b.actor_accreditations.size());
    EXPECT_EQ(a.event_subjects, b.event_subjects);
    EXPECT_EQ(a.subjects, b.subjects);
    EXPECT_EQ(a.event_count(), b.event_count());
    EXPECT_TRUE(after.report.unknown_keys.empty());
    EXPECT_EQ(after.report.events, 1U);
}

TEST(Rejects, StrictStopsAtTheFirst) {
    ReaderOptions options;
    options.strict = true;
    Caseload caseload;
    Reader reader(caseload, options);
    reader.begin("s");
    try {
        reader.push(case_with("A", "") + "\n" + case_with("B", R"({"type":"a","occurred_at":"x"})") + "\n" +
                    case_with("C", "") + "\n");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.status(), Status::data);
        EXPECT_EQ(error.pointer(), "/events/0/occurred_at");
        EXPECT_EQ(error.source(), "s");
        EXPECT_EQ(error.line(), 2U);
    }
    EXPECT_EQ(caseload.cases.size(), 1U);
    EXPECT_EQ(caseload.event_count(), 0U);
    reader.push(case_with("D", ""));  // the rest of the source is not read
    reader.finish();
    EXPECT_EQ(caseload.cases.size(), 1U);
    reader.begin("t");
    reader.push(case_with("D", ""));
    reader.finish();
    EXPECT_EQ(caseload.cases.size(), 2U);
}

TEST(Rejects, StrictRefusesUnknownKeys) {
    ReaderOptions options;
    options.strict = true;
    try {
        read_text(with_event(R"("type":"a","ocurred_at":"2022-01-01")"), 4096, options);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.pointer(), "/events/0/ocurred_at");
        EXPECT_NE(std::string_view(error.what()).find("Did you mean \"occurred_at\"?"),
                  std::string_view::npos);
    }
}

}  // namespace
}  // namespace duecare::records
