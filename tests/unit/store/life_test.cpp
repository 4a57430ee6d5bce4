// What became of findings between two runs, each way told apart.
#include <map>

#include "support.hpp"

namespace duecare::store {
namespace {

constexpr std::string_view k_returned = "2026-01-05T08:00:00Z";  // due on 8 January

std::string returned() {
    return event("e1", "missing.returned", k_returned);
}
std::string spoken(std::string_view when) {
    return event("e2", "interview", when);
}

/// Each line of an answer after the first.
std::map<std::string, std::string> lives(Store& store, const std::string& query) {
    std::map<std::string, std::string> out;  // life by case
    const std::string text = store.query(query);
    std::size_t at = text.find('\n') + 1;
    while (at < text.size()) {
        const std::size_t end = text.find('\n', at);
        const json::value line = parsed(text.substr(at, end - at));
        out[std::string(line.at("case_id").as_string())] = std::string(line.at("life").as_string());
        at = end + 1;
    }
    return out;
}

json::value summary(Store& store, const std::string& query) {
    const std::string text = store.query(query);
    return parsed(text.substr(0, text.find('\n')));
}

class StoreLife : public ::testing::Test {
  protected:
    StoreLife() : store_(folder_.file(), creating()) {}
    void run(const std::string& cases, std::string_view as_of, int hours = 72, bool has_second = true) {
        put(store_, audited(policy_of(hours, has_second), staff() + cases, as_of));
    }
    Folder folder_;
    Store store_;
};

TEST_F(StoreLife, TimeAndAnswersAreToldApart) {
    run(case_of("resolved", {returned()}) + case_of("open", {returned()}) +
            case_of("past", {returned(), spoken("2026-01-09T00:00:00Z")}) +
            case_of("good", {returned(), spoken("2026-01-06T00:00:00Z")}) +
            case_of("falls-due", {event("e1", "missing.returned", "2026-01-09T08:00:00Z")}),
        "2026-01-10T00:00:00Z");
    run(case_of("resolved", {returned(), spoken("2026-01-12T00:00:00Z")}) + case_of("open", {returned()}) +
            case_of("past", {returned(), spoken("2026-01-09T00:00:00Z")}) +
            case_of("good", {returned(), spoken("2026-01-06T00:00:00Z")}) +
            case_of("falls-due", {event("e1", "missing.returned", "2026-01-09T08:00:00Z")}) +
            case_of("fresh", {event("e1", "missing.returned", "2026-01-11T08:00:00Z")}),
        "2026-01-31T00:00:00Z");
    const std::string query = R"({"what":"life","from":1,"to":2})";
    const std::map<std::string, std::string> expected{{"resolved", "resolved"},
                                                      {"open", "still_open"},
                                                      {"past", "past"},
                                                      {"falls-due", "new"},
                                                      {"fresh", "new"}};
    EXPECT_EQ(lives(store_, query), expected);
    const json::value counts = summary(store_, query).at("counts");
    EXPECT_EQ(counts.at("new"), 2);
    EXPECT_EQ(counts.at("still_open"), 1);
    EXPECT_EQ(summary(store_, query).at("policy_changed"), false);
    EXPECT_EQ(lives(store_, R"({"what":"life","from":1,"to":2,"kinds":["past"]})").size(), 1U);
    EXPECT_EQ(lives(store_, R"({"what":"life","from":1,"to":2,"limit":3})").size(), 3U);
}

TEST_F(StoreLife, OverTimeIsByTheInstantOfTheRuns) {
    const std::string wrong = case_of("again", {returned()});
    const std::string right = case_of("again", {returned(), spoken("2026-01-06T00:00:00Z")});
    run(wrong, "2026-03-31T00:00:00Z");
    run(wrong, "2026-01-31T00:00:00Z");
    run(right, "2026-02-28T00:00:00Z");
    // In March it is open again, as in January; the run of March, stored first, is before neither.
    EXPECT_EQ(lives(store_, R"({"what":"life","from":3,"to":1})").at("again"), "reopened");
    EXPECT_EQ(lives(store_, R"({"what":"life","from":2,"to":3})").at("again"), "resolved");
    std::string message;
    EXPECT_EQ(
        thrown([&] { static_cast<void>(store_.query(R"({"what":"life","from":1,"to":3})")); }, &message),
        "10/to");
    EXPECT_NE(message.find("run 1 as of 2026-03-31T00:00:00Z comes after run 3 as of 2026-02-28T00:00:00Z"),
              std::string::npos)
        << message;
    std::string runs;
    const json::value trend = parsed(store_.query(R"({"what":"trend"})"));
    for (const json::value& point : trend.at("points").as_array())
        runs += std::to_string(point.at("run").as_int64());
    EXPECT_EQ(runs, "231");
}

TEST_F(StoreLife, CorrectionsPoliciesAndMissingCases) {
    run(case_of("corrected", {returned(), spoken("2026-01-09T00:00:00Z")}) +
            case_of("withdrawn", {returned()}) + case_of("dropped", {returned()}) +
            case_of("record", {event("e9", "missing.returned", k_returned)}) +
            case_of("duty", {event("e1", "closed", k_returned)}) + case_of("deadline", {returned()}),
        "2026-01-10T00:00:00Z");
    run(case_of("corrected", {returned(), spoken("2026-01-09T00:00:00Z"),
                              event("e3", "interview", "2026-01-06T00:00:00Z",
                                    R"(,"recorded_at":"2026-01-15T00:00:00Z","replaces":"e2")")}) +
            case_of("withdrawn", {returned(), event("e4", "missing.returned", "2026-01-15T00:00:00Z",
                                                    R"(,"replaces":"e1","withdrawn":true)")}) +
            case_of("record", {event("e8", "missing.returned", k_returned)}) +
            case_of("duty", {event("e1", "closed", k_returned)}) + case_of("deadline", {returned()}),
        "2026-01-31T00:00:00Z", 2400, false);
    const std::map<std::string, std::string> found = lives(store_, R"({"what":"life","from":1,"to":2})");
    EXPECT_EQ(found.at("corrected"), "changed_by_correction");
    EXPECT_EQ(found.at("dropped"), "gone_with_policy");  // the duty is another one: that is the first reason
    EXPECT_EQ(found.at("duty"), "gone_with_policy");
    EXPECT_EQ(found.at("deadline"), "changed_by_policy");
    EXPECT_EQ(summary(store_, R"({"what":"life","from":1,"to":2})").at("policy_changed"), true);
}

TEST_F(StoreLife, UnderTheSamePolicyTheRecordIsTheReason) {
    run(case_of("withdrawn", {returned()}) + case_of("dropped", {returned()}) +
            case_of("record", {event("e9", "missing.returned", k_returned)}),
        "2026-01-10T00:00:00Z");
    run(case_of("withdrawn", {returned(), event("e4", "missing.returned", "2026-01-15T00:00:00Z",
                                                R"(,"replaces":"e1","withdrawn":true)")}) +
            case_of("record", {event("e8", "missing.returned", k_returned)}),
        "2026-01-31T00:00:00Z");
    const std::string text = store_.query(R"({"what":"life","from":1,"to":2})");
    const std::map<std::string, std::string> found = lives(store_, R"({"what":"life","from":1,"to":2})");
    EXPECT_EQ(found.at("withdrawn"), "changed_by_correction");
    EXPECT_EQ(found.at("dropped"), "gone_with_case");
    EXPECT_NE(text.find("gone_with_record"), std::string::npos);
    EXPECT_NE(text.find("\"life\":\"new\""), std::string::npos);
}

TEST_F(StoreLife, ReopenedAndWorse) {
    // The answer that was on record is gone again, without a correction.
    run(case_of("again", {returned()}) + case_of("late", {returned(), spoken("2026-01-09T00:00:00Z")}),
        "2026-01-10T00:00:00Z");
    run(case_of("again", {returned(), spoken("2026-01-06T00:00:00Z")}) +
            case_of("late", {returned(), spoken("2026-01-09T00:00:00Z")}),
        "2026-01-20T00:00:00Z");
    run(case_of("again", {returned()}) + case_of("late", {returned()}), "2026-01-31T00:00:00Z");
    const std::map<std::string, std::string> expected{{"again", "reopened"}, {"late", "worse"}};
    EXPECT_EQ(lives(store_, R"({"what":"life","from":2,"to":3})"), expected);
    const std::map<std::string, std::string> before{{"again", "resolved"}, {"late", "past"}};
    EXPECT_EQ(lives(store_, R"({"what":"life","from":1,"to":2})"), before);
}

TEST_F(StoreLife, TitlesAndSourcesAreNoChangeOfADuty) {
    run(case_of("a", {returned()}), "2026-01-10T00:00:00Z");
    run(case_of("a", {returned()}), "2026-01-20T00:00:00Z", 72, false);
    const std::string query = R"({"what":"life","from":1,"to":2})";
    EXPECT_EQ(lives(store_, query).at("a"), "still_open");
    EXPECT_EQ(summary(store_, query).at("policy_changed"), true);
}

TEST_F(StoreLife, RefusesWhatCannotBeCompared) {
    run(case_of("a", {returned()}), "2026-01-10T00:00:00Z");
    const auto ask = [&](const std::string& query) {
        return thrown([&] { static_cast<void>(store_.query(query)); });
    };
    EXPECT_EQ(ask(R"({"what":"life","from":1,"to":1})"), "10/to");
    EXPECT_EQ(ask(R"({"what":"life","from":1,"to":2})"), "12/to");
    EXPECT_EQ(ask(R"({"what":"life","from":1})"), "10/to");
    EXPECT_EQ(ask(R"({"what":"life","from":"1","to":2})"), "10/from");
}

TEST_F(StoreLife, TrendsHaveTheirDenominators) {
    run(many_cases(30), "2026-01-10T00:00:00Z");
    run(many_cases(30), "2026-01-31T00:00:00Z");
    const json::value duties = parsed(store_.query(R"({"what":"trend","by":"duty"})"));
    ASSERT_EQ(duties.at("points").as_array().size(), 2U);
    const json::value& first = duties.at("points").at(0);
    EXPECT_EQ(first.at("key"), "interview");
    EXPECT_EQ(first.at("run"), 1);
    EXPECT_EQ(first.at("met"), 10);
    EXPECT_EQ(first.at("missed"), 20);
    EXPECT_EQ(first.at("total"), 30);
    EXPECT_EQ(duties.at("points").at(1).at("late"), 10);
    const json::value units = parsed(store_.query(R"({"what":"trend","by":"unit","from":2})"));
    EXPECT_EQ(units.at("points").at(0).at("key"), "North");
    EXPECT_EQ(units.at("points").at(0).at("total"), 30);
    const json::value all = parsed(store_.query(R"({"what":"trend","owner":"S1"})"));
    EXPECT_EQ(all.at("points").at(0).at("key"), nullptr);
    EXPECT_EQ(all.at("points").at(0).at("total"), 30);
    EXPECT_EQ(parsed(store_.query(R"({"what":"trend","owner":"S2"})")).at("points").as_array().size(), 0U);

    // A duty that was misspelt is no duty without findings; one without findings is.
    const auto refused = [&](const std::string& query) {
        std::string message;
        EXPECT_EQ(thrown([&] { static_cast<void>(store_.query(query)); }, &message), "12/duty_id") << query;
        EXPECT_NE(message.find("no duty \"intervew\". Did you mean \"interview\"?"), std::string::npos)
            << message;
    };
    refused(R"({"what":"trend","duty_id":"intervew"})");
    refused(R"({"what":"findings","run":1,"duty_id":"intervew"})");
    EXPECT_NO_THROW(static_cast<void>(store_.query(R"({"what":"findings","run":1,"duty_id":"notice"})")));
    EXPECT_NO_THROW(static_cast<void>(store_.query(R"({"what":"trend","from":99,"duty_id":"x"})")));
}

TEST_F(StoreLife, ATrendMayBeBySeveralKeys) {
    run(many_cases(30), "2026-01-10T00:00:00Z");
    const json::value both = parsed(store_.query(R"({"what":"trend","by":["unit","duty"]})"));
    EXPECT_EQ(both.at("by"), (json::array{"unit", "duty"}));
    ASSERT_EQ(both.at("points").as_array().size(), 1U);
    const json::object& point = both.at("points").at(0).as_object();
    EXPECT_EQ(point.at("unit"), "North");
    EXPECT_EQ(point.at("duty_id"), "interview");
    EXPECT_FALSE(point.contains("key"));
    EXPECT_EQ(point.at("met"), 10);
    EXPECT_EQ(point.at("total"), 30);
    const json::value none = parsed(store_.query(R"({"what":"trend","by":[]})"));
    EXPECT_EQ(none.at("points").at(0).at("total"), 30);
    const auto ask = [&](const std::string& query) {
        return thrown([&] { static_cast<void>(store_.query(query)); });
    };
    EXPECT_EQ(ask(R"({"what":"trend","by":["duty","total"]})"), "10/by");
    EXPECT_EQ(ask(R"({"what":"trend","by":["duty","duty"]})"), "10/by");
    EXPECT_EQ(ask(R"({"what":"trend","by":["duty",3]})"), "10/by");
    EXPECT_EQ(ask(R"({"what":"trend","by":3})"), "10/by");
}

TEST_F(StoreLife, ATrendMayBeOfWhatAnEarlierRunHadNotJudged) {
    run(many_cases(30), "2026-01-10T00:00:00Z");
    run(many_cases(40), "2026-01-31T00:00:00Z");
    const json::value all = parsed(store_.query(R"({"what":"trend","from":2})"));
    const json::value since =
        parsed(store_.query(R"({"what":"trend","by":["unit","duty"],"from":2,"since":1,"owner":"S1"})"));
    ASSERT_EQ(since.at("points").as_array().size(), 1U);
    const json::value& point = since.at("points").at(0);
    EXPECT_EQ(all.at("points").at(0).at("total"), 40);
    EXPECT_EQ(point.at("run"), 2);
    EXPECT_EQ(point.at("unit"), "North");
    EXPECT_EQ(point.at("duty_id"), "interview");
    EXPECT_EQ(point.at("total"), 10) << "30 were met or missed already";
    const json::value before = parsed(store_.query(R"({"what":"trend","to":1,"since":2})"));
    EXPECT_EQ(before.at("points").as_array().size(), 0U);
    const auto ask = [&](const std::string& query) {
        return thrown([&] { static_cast<void>(store_.query(query)); });
    };
    EXPECT_EQ(ask(R"({"what":"trend","since":3})"), "12/since");
    EXPECT_EQ(ask(R"({"what":"trend","since":"1"})"), "10/since");
}

}  // namespace
}  // namespace duecare::store
