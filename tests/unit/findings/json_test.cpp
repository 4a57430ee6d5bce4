#include "support.hpp"

namespace duecare::findings {
namespace {

std::string json(const evaluate::Result& result, std::size_t index, bool descriptive) {
    std::string out;
    JsonOptions options;
    options.descriptive = descriptive;
    append_json(out, result, index, options);
    return out;
}

TEST(FindingJson, FieldsInTheOrderOfTheContract) {
    const auto policy = policy_with(R"("on":{"event":"a"},"require":{"event":"b"},"within":"1 hours")");
    const evaluate::Result result = audited(
        policy,
        case_of({event("e1", "a", "2023-01-02T09:00:00.5Z"), event("e2", "b", "2023-01-02T11:00:01Z")}),
        "2023-02-01T00:00:00Z");
    EXPECT_EQ(
        json(result, 0, true),
        R"({"case_id":"C","duty_id":"d","key":null,"verdict":"late","opened_at":"2023-01-02T09:00:00.500000Z",)"
        R"("due_at":"2023-01-02T10:00:00.500000Z","ended_at":"2023-01-02T11:00:01Z","overdue_seconds":3600,"elapsed_seconds":7200,)"
        R"("missed_periods":0,"trigger_event":"e1","ending_event":"e2","flags":[],"reason":null,"evidence":["e1","e2"],"owner":null,)"
        R"("area":"a","severity":"high","title":"The duty","explanation":"The duty: after a (e1) on 2 January 2023, 09:00, b was due by )"
        R"(2 January 2023, 10:00; b (e2) came on 2 January 2023, 11:00:01, 1 hour too late."})");
    const std::string bare = json(result, 0, false);
    EXPECT_EQ(bare.substr(bare.size() - 14), R"(,"owner":null})");
}

TEST(FindingJson, Escapes) {
    const auto policy = policy_with(R"("on":{"event":"a"},"per":"event.what","check":"event.ok == true")");
    const evaluate::Result result = audited(
        policy,
        case_of({event("e\\\"1", "a", "2023-01-02T09:00:00Z", attributes(R"("what":"x\"y\\z\n\u00e9")"))}),
        "2023-02-01T00:00:00Z");
    EXPECT_NE(json(result, 0, true)
                  .find(R"("key":"x\"y\\z\n)"
                        "\xC3\xA9\""),
              std::string::npos)
        << json(result, 0, true);
    EXPECT_NE(json(result, 0, false).find(R"("trigger_event":"e\"1")"), std::string::npos)
        << json(result, 0, false);
    EXPECT_NE(json(result, 0, false).find(R"("reason":"missing_value: event.ok")"), std::string::npos);
}

TEST(FindingJson, AnEventOfAnotherCaseIsNamedWithIt) {
    const auto policy = policy_with(
        R"("per":"subject","across":"cases","on":{"event":"a"},"require":{"event":"b"},"within":"3 days")");
    const std::string lines = R"({"format":"duecare.case/1","id":"C1","persons":[{"id":"P"}],"events":[)" +
                              event("e1", "a", "2023-01-02T09:00:00Z") + "]}\n" +
                              R"({"format":"duecare.case/1","id":"C2","persons":[{"id":"P"}],"events":[)" +
                              event("e1", "b", "2023-01-03T09:00:00Z") + "]}\n";
    const evaluate::Result result = audited(policy, lines, "2023-02-01T00:00:00Z");
    ASSERT_EQ(result.findings.size(), 1U);
    EXPECT_NE(json(result, 0, false).find(R"("trigger_event":"e1","ending_event":"C2/e1")"),
              std::string::npos);
    EXPECT_NE(json(result, 0, false).find(R"("evidence":["e1","C2/e1"])"), std::string::npos);
    EXPECT_NE(explanation(result, 0).find("b (C2/e1) came on 3 January 2023, 09:00, in time."),
              std::string::npos);
}

TEST(CaseOfEvent, SkipsCasesWithoutEvents) {
    const auto caseload = caseload_of(R"({"format":"duecare.case/1","id":"A","events":[]})"
                                      "\n" +
                                      case_of({event("e", "a", "2023-01-02")}) +
                                      R"({"format":"duecare.case/1","id":"B","events":[]})"
                                      "\n");
    EXPECT_EQ(case_of_event(*caseload, 0), 1U);
}

}  // namespace
}  // namespace duecare::findings
