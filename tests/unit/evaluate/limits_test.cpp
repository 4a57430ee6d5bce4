// The ends of time, and inputs that would never end if an algorithm were not the right one: nothing is timed
// here, the runner's own limit ends what hangs.

#include "support.hpp"

namespace duecare::evaluate::test {
namespace {

constexpr const char* k_last = "9999-12-31T23:59:59.999999Z";

/// How many obligations there are of one duty in one case, none of them kept as a finding.
std::uint64_t obligations(const std::string& duties, std::string_view events, std::string_view as_of) {
    Options options;
    options.as_of = options.known_at = at(as_of);
    options.verdicts = 0;
    const auto compiled = policy_of({.duties = duties});
    if (!compiled) return 0;
    const Result result = audit(compiled, caseload_of(case_json({.events = events})), options);
    EXPECT_TRUE(result.findings.empty());
    std::uint64_t count = 0;
    for (const std::uint64_t of_verdict : result.counts.front()) count += of_verdict;
    return count;
}

TEST(Limits, EventsAtTheFirstAndLastInstants) {
    const std::string one = respond(R"("within":"1 days")");
    const auto got = run(one, "t1 t 0001-01-01\nt2 t 9999-12-31\nr1 r 9999-12-31T23:59:59.999999Z", k_last);
    EXPECT_EQ(got.lines(), (Lines{"t1 late by r1", "t2 met by r1"}));
    EXPECT_EQ(got[0].opened, "0001-01-01T00:00:00Z");
    EXPECT_EQ(got[1].due, "9999-12-31T23:59:59.999999Z");
}

TEST(Limits, LocalDaysAtTheEndsOfTime) {
    for (const char* zone : {"America/Los_Angeles", "Pacific/Auckland", "Europe/London"}) {
        const auto got = audit_of(
            {.duties = respond(R"("within":"999999999 years","or_before":"999999999 years")"), .zone = zone},
            case_json({.events = "t1 t 0001-01-01\nt2 t 9999-12-31"}), k_last);
        EXPECT_LE(got.findings.size(), 2U) << zone;  // 9999-12-31 west of Greenwich begins in UTC's day
        for (const Shown& finding : got.findings) EXPECT_EQ(finding.due, k_last);
    }
}

TEST(Limits, EveryUnitSaturates) {
    for (const char* unit : {"minutes", "hours", "days", "weeks", "months", "years", "days inclusive",
                             "weeks inclusive", "months inclusive", "years inclusive", "whole days",
                             "whole weeks", "whole months", "whole years"}) {
        const std::string text = "999999999 " + std::string(unit);
        const auto got = run(respond(R"("within":)" + in_quotes(text)), "t1 t 9999-12-31T23:59:00Z", k_last);
        EXPECT_EQ(got.lines(), Lines{"t1 pending"}) << unit;
        EXPECT_EQ(got[0].due, k_last) << unit;
    }
}

TEST(Limits, MissedPeriodsOfTenThousandYears) {
    const auto got = run(recur(R"("every":"1 minutes")"), "o1 o 0001-01-01T00:00:00Z", k_last);
    EXPECT_EQ(got.lines(), Lines{"o1 missed"});
    EXPECT_EQ(got[0].missed, 2147483647);  // of 5,258,964,959, as far as an int32 goes
    EXPECT_EQ(run(recur(R"("every":"1 hours")"), "o1 o 0001-01-01T00:00:00Z", k_last)[0].missed, 87649415);
    EXPECT_EQ(run(recur(R"("every":"1 days")"), "o1 o 0001-01-01T00:00:00Z", k_last)[0].missed, 3652058);
}

TEST(Limits, MissedPeriodsWithAPauseThatStillRuns) {
    const std::string facts = std::string(k_open_fact) +
                              R"(,"hold":{"set":[{"event":"p","to":"true"},{"event":"q","to":"false"}]})";
    const std::string one = recur(R"("every":"1 minutes","pause_while":"fact.hold")");
    // A pause from 9000 on moves every later due past A: only the minutes before it count.
    const auto got =
        audit_of({.duties = one, .facts = facts},
                 case_json({.events = "o1 o 8000-01-01T00:00:00Z\np1 p 9000-01-01T00:00:00Z"}), k_last);
    EXPECT_EQ(got.lines(), Lines{"o1 missed"});
    EXPECT_EQ(got[0].missed, 525949920);  // 365,243 days; one due is where the pause begins, and stays
}

TEST(Limits, MissedPeriodsInACalendar) {
    const std::string more =
        R"(,"calendars":{"any":{"weekdays":["mon","tue","wed","thu","fri","sat","sun"]}})";
    const auto got = audit_of({.duties = recur(R"("every":"1 any days")"), .more = more},
                              case_json({.events = "o1 o 0001-01-01T00:00:00Z"}), k_last);
    EXPECT_EQ(got.lines(), Lines{"o1 missed"});
    const auto hours = audit_of({.duties = recur(R"("every":"1 any hours")"), .more = more},
                                case_json({.events = "o1 o 9900-01-01T00:00:00Z"}), k_last);
    EXPECT_EQ(hours[0].missed, 24 * 36'524 - 1);
}

TEST(Limits, AGridOfMinutesOverMillenniaIsOneFindingThatSaysSo) {
    const std::string one = recur(R"("anchor":"schedule","every":"1 minutes")");
    const auto got = run(one, "o1 o 0201-01-01T00:00:00Z", k_last);
    EXPECT_EQ(got.lines(), Lines{"o1 unassessable (too_many_steps: 1000000)"});
    EXPECT_EQ(got[0].due, "");
    // As many steps as are allowed: 1,000,000 minutes are 694 days, 10 hours and 40 minutes.
    EXPECT_EQ(obligations(one, "o1 o 2020-01-01T00:00:00Z", "2021-11-25T10:40:00Z"), 1'000'000U);
    EXPECT_EQ(obligations(one, "o1 o 2020-01-01T00:00:00Z", "2021-11-25T10:41:00Z"), 1U);
}

TEST(Limits, ARhythmOfNoLengthDoesNotCompile) {
    for (const char* rule : {R"("0 minutes")", R"("0 days")"}) {
        EXPECT_EQ(compile_text({.duties = recur(R"("every":)" + std::string(rule))}).policy, nullptr) << rule;
        EXPECT_EQ(
            compile_text({.duties = recur(R"("anchor":"schedule","every":)" + std::string(rule))}).policy,
            nullptr)
            << rule;
    }
}

TEST(Limits, ARhythmThatMayChooseNoLengthDoesNotCompile) {
    const std::string rule = R"("every":{"choose":"'a'","cases":{"a":"0 hours"},"otherwise":"1 days"})";
    EXPECT_EQ(compile_text({.duties = recur(rule)}).policy, nullptr);
    EXPECT_EQ(compile_text({.duties = recur(R"("anchor":"schedule",)" + rule)}).policy, nullptr);
}

std::string many(std::size_t count, std::string_view type, std::string_view prefix, bool keyed = false) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        out += std::string(prefix) + std::to_string(i) + " " + std::string(type) + " " +
               time::format_instant(at("2022-01-01T00:00:00Z") + static_cast<std::int64_t>(i) * 60'000'000);
        if (keyed) out += " {\"n\":" + std::to_string(i) + "}";
        out += "\n";
    }
    return out;
}

TEST(Limits, TenThousandTriggersWithoutAnAnswer) {
    const auto got = run(respond(R"("within":"1 days")"), many(10'000, "t", "t"), "2022-06-01T00:00:00Z");
    EXPECT_EQ(got.findings.size(), 10'000U);
    EXPECT_EQ(got[9'999].line.substr(0, 12), "t9999 missed");
}

TEST(Limits, TenThousandTriggersEachAbsorbedRestartedOrCounted) {
    const std::string events = many(10'000, "t", "t");
    EXPECT_EQ(run(respond(R"("within":"1 days","repeat":"restart")"), events, "2022-06-01T00:00:00Z")
                  .findings.size(),
              10'000U);
    EXPECT_EQ(run(respond(R"("within":"1 days","repeat":"absorb")"), events, "2022-06-01T00:00:00Z")
                  .findings.size(),
              1U);
    EXPECT_EQ(
        run(duty("d", R"("on":{"event":"t","count":{"at_least":3,"within":"10 minutes"}},"require":"r",)"
                      R"("within":"1 days")"),
            events, "2022-06-01T00:00:00Z")
            .findings.size(),
        9'998U);
}

TEST(Limits, ThousandsOfTriggersAndAnswersThatDoNotMatch) {
    const std::string one = duty(
        "d", R"("on":"t","within":"1 days","require":{"event":"r","where":"event.n == trigger.n + 0.5"})");
    EXPECT_EQ(run(one, many(3'000, "t", "t", true) + many(3'000, "r", "r", true), "2022-06-01T00:00:00Z")
                  .findings.size(),
              3'000U);
}

TEST(Limits, TenThousandPrecedesAndAccounts) {
    const std::string events = many(10'000, "t", "t") + many(10'000, "a", "a");
    EXPECT_EQ(
        run(duty("d", R"("on":"t","require":"a","before":"10 minutes")"), events, "2022-06-01T00:00:00Z")
            .findings.size(),
        10'000U);
    EXPECT_EQ(
        run(respond(R"("within":"1 minutes","accounted_by":{"event":"a"})"), events, "2022-06-01T00:00:00Z")
            .findings.size(),
        10'000U);
}

TEST(Limits, ThousandsOfPersonsWithATriggerEach) {
    std::string persons;
    std::string events;
    for (int i = 0; i < 2'000; ++i) {
        persons += (i > 0 ? "," : "") + std::string(R"({"id":"P)") + std::to_string(i) + "\"}";
        events += "t" + std::to_string(i) + " t 2022-01-01T00:00:00Z sub=P" + std::to_string(i) + "\n";
    }
    const auto got = audit_of({.duties = respond(R"("per":"subject","within":"1 days")")},
                              case_json({.events = events, .persons = persons}), "2022-06-01T00:00:00Z");
    EXPECT_EQ(got.findings.size(), 2'000U);
}

TEST(Limits, TenThousandAnswersOfARhythm) {
    EXPECT_EQ(run(recur(R"("every":"1 hours")"), "o1 o 2021-12-31T00:00:00Z\n" + many(10'000, "r", "r"),
                  "2022-06-01T00:00:00Z")
                  .findings.size(),
              10'001U);
    EXPECT_EQ(run(recur(R"("every":"9000 hours")"), "o1 o 2021-12-31T00:00:00Z\n" + many(10'000, "r", "r"),
                  "2022-06-01T00:00:00Z")
                  .findings.size(),
              10'001U);
}

}  // namespace
}  // namespace duecare::evaluate::test
