// evaluation.md, "Duties with `while`" and pauses: what no conformance vector shows. Every expectation is
// worked out from the contract's text.
#include "support.hpp"

namespace duecare::evaluate::test {
namespace {

// -- last ---------------------------------------------------------------------------------------------------

TEST(Last, AClosingKnownByItsDayEndsAtItsStart) {
    const std::string one = last(R"("at_most":"24 hours")");
    // Closed some time on 2 March; due at noon: in time at the day's start, not at its end.
    const auto got = run(one, "o1 o 2022-03-01T12:00:00Z\nc1 c 2022-03-02", k_late);
    EXPECT_EQ(got.lines(), Lines{"o1 met by c1 +imprecise"});
    EXPECT_EQ(got[0].ended, "2022-03-02T00:00:00Z");
    EXPECT_EQ(run(one, "o1 o 2022-03-01T12:00:00Z\nc1 c 2022-03-03", k_late).lines(), Lines{"o1 late by c1"});
}

TEST(Last, AnOpeningKnownByItsDayMayBeOverByOneReading) {
    const std::string one = last(R"("at_most":"24 hours")");
    EXPECT_EQ(run(one, "o1 o 2022-03-01", "2022-03-02T00:00:00Z").lines(), Lines{"o1 pending"});
    EXPECT_EQ(run(one, "o1 o 2022-03-01", "2022-03-02T12:00:00Z").lines(), Lines{"o1 pending +imprecise"});
    EXPECT_EQ(run(one, "o1 o 2022-03-01", "2022-03-03T00:00:00Z").lines(), Lines{"o1 missed"});
}

TEST(Last, OpenedAndClosedOnOneUnknownTimeOfADayNeverHolds) {
    // Both sort at the start of the day, so after that instant's events the state is closed.
    EXPECT_EQ(run(last(R"("at_most":"24 hours")"), "e1 o 2022-03-01\ne2 c 2022-03-01", k_late).lines(),
              Lines{});
}

TEST(Last, PracticableIsNeverLate) {
    const std::string one = last(R"("at_most":"as soon as practicable")");
    EXPECT_EQ(run(one, "o1 o 2022-03-01T00:00:00Z", k_late).lines(), Lines{"o1 pending"});
    const auto got = run(one, "o1 o 2022-03-01T00:00:00Z\nc1 c 2022-09-01T00:00:00Z", k_late);
    EXPECT_EQ(got.lines(), Lines{"o1 met by c1"});
    EXPECT_EQ(got[0].due, "");
    EXPECT_EQ(got[0].elapsed, 184 * 86400);
}

TEST(Last, ADeadlineThatTheRecordDoesNotSetIsUnassessableButEnds) {
    const auto got = run(last(R"("at_most":{"at":"event.next"})"),
                         "o1 o 2022-03-01T00:00:00Z\nc1 c 2022-03-02T00:00:00Z", k_late);
    EXPECT_EQ(got.lines(), Lines{"o1 unassessable by c1 (missing_value: event.next)"});
    EXPECT_EQ(got[0].ended, "2022-03-02T00:00:00Z");
    EXPECT_EQ(got[0].missed, 0);
}

TEST(Last, EffectiveLooksAtTheOpening) {
    const std::string one =
        last(R"("at_most":"24 hours","effective":{"from":"2022-03-02","until":"2022-03-04"})");
    EXPECT_EQ(run(one,
                  "o1 o 2022-03-01T23:59:59.999999Z\nc1 c 2022-03-02T00:00:00Z\no2 o "
                  "2022-03-02T00:00:00.000001Z\nc2 c 2022-03-03T00:00:00Z\n"
                  "o3 o 2022-03-04T00:00:00Z",
                  k_late)
                  .lines(),
              Lines{"o2 met by c2"});
}

TEST(Last, EffectiveAtReadsTheOpeningEvent) {
    const std::string one =
        last(R"("at_most":"24 hours","effective":{"from":"2022-01-01","at":"trigger.law"})");
    EXPECT_EQ(run(one,
                  "o1 o 2022-03-01T00:00:00Z {\"law\":\"2021-12-31\"}\nc1 c 2022-03-01T01:00:00Z\n"
                  "o2 o 2022-03-02T00:00:00Z {\"law\":\"2022-01-01\"}\nc2 c 2022-03-02T01:00:00Z",
                  k_late)
                  .lines(),
              Lines{"o2 met by c2"});
    const auto unknown = run(one, "o1 o 2022-03-01T00:00:00Z", k_late);
    EXPECT_EQ(unknown.lines(), Lines{"o1 unassessable (missing_value: trigger.law)"});
}

TEST(Last, AccountedFromTheOpeningToTheClosing) {
    const std::string one = last(R"("at_most":"1 hours","accounted_by":{"event":"a"})");
    EXPECT_EQ(
        run(one, "o1 o 2022-03-01T00:00:00Z\na1 a 2022-03-01T02:00:00Z\nc1 c 2022-03-01T02:00:00Z", k_late)
            .lines(),
        Lines{"o1 late by c1 +accounted"});
    EXPECT_EQ(
        run(one, "o1 o 2022-03-01T00:00:00Z\na1 a 2022-03-01T02:00:00.000001Z\nc1 c 2022-03-01T02:00:00Z",
            k_late)
            .lines(),
        Lines{"o1 late by c1"});
}

TEST(Last, ALadderStepOfUncertainOpeningIsReadBothWays) {
    // Opened some time on 1 March. The extension at noon on 2 March comes before 24 hours from the day's end
    // have run out, but after 24 hours from its start have.
    const std::string one =
        last(R"("at_most":{"choose":"fact.step","cases":{"long":"48 hours"},"otherwise":"24 hours"})");
    const std::string facts = std::string(k_open_fact) + R"(,"step":{"set":[{"event":"s","to":"event.to"}]})";
    const auto got = audit_of(
        {.duties = one, .facts = facts},
        case_json(
            {.events =
                 "o1 o 2022-03-01\ns1 s 2022-03-02T12:00:00Z {\"to\":\"long\"}\nc1 c 2022-03-03T00:00:00Z"}),
        k_late);
    EXPECT_EQ(got.lines(), Lines{"o1 met by c1 +imprecise"});
    EXPECT_EQ(got[0].due, "2022-03-03T23:59:59.999999Z");
}

TEST(While, AFactThatStartsTrueHoldsFromTheFirstEvent) {
    const std::string facts = R"("open":{"initial":"true","set":[{"event":"c","to":"false"}]})";
    const auto got =
        audit_of({.duties = last(R"("at_most":"1 days")"), .facts = facts},
                 case_json({.events = "e1 z 2022-03-01T00:00:00Z\nc1 c 2022-03-01T12:00:00Z"}), k_late);
    EXPECT_EQ(got.lines(), Lines{"e1 met by c1"});
    EXPECT_EQ(
        audit_of({.duties = last(R"("at_most":"1 days")"), .facts = facts}, case_json({}), k_late).lines(),
        Lines{});
}

TEST(While, IsJudgedForEachPersonEvenByEventsThatDoNotConcernThem) {
    // The contract judges `while` after all visible events of an instant, with the last as the event at hand.
    const std::string one =
        duty("d", R"("per":"subject","while":"fact.in","for":"subject.age < 18","at_most":"1 days")");
    const std::string facts =
        R"("in":{"per":"subject","initial":"false","set":[{"event":"o","to":"true"},{"event":"c",)"
        R"("to":"false"}]})";
    const auto got =
        audit_of({.duties = one, .facts = facts},
                 case_json({.events = "o1 o 2022-03-01T00:00:00Z sub=P\nz1 z 2022-03-03T00:00:00Z sub=Q\nc1 "
                                      "c 2022-03-05T00:00:00Z",
                            .persons = R"({"id":"P","born":"2004-03-03"},{"id":"Q","born":"2010-01-01"})"}),
                 k_late);
    // P turns eighteen on 3 March: z1, which concerns Q alone, is where that shows.
    EXPECT_EQ(got.lines(), Lines{"o1[P] late by z1"});
    EXPECT_EQ(got[0].ended, "2022-03-03T00:00:00Z");
}

TEST(While, UnknownCountsAsFalse) {
    const std::string one = duty("d", R"("while":"event.on","at_most":"1 hours")");
    EXPECT_EQ(run(one,
                  "e1 z 2022-03-01T00:00:00Z {\"on\":true}\ne2 z 2022-03-01T00:30:00Z\ne3 z "
                  "2022-03-01T00:40:00Z {\"on\":true}\ne4 z 2022-03-01T05:00:00Z {\"on\":1}",
                  k_late)
                  .lines(),
              (Lines{"e1 met by e2", "e3 late by e4"}));
}

// -- recur --------------------------------------------------------------------------------------------------

TEST(Recur, AnswersOfAClosingDayThatIsKnownByItsDayComeTooLate) {
    // b is the start of 3 March: what happens on that day lies at or after it.
    const auto got = run(recur(R"("every":"2 days")"),
                         "o1 o 2022-03-01T00:00:00Z\nr1 r 2022-03-03T10:00:00Z\nc1 c 2022-03-03", k_late);
    EXPECT_EQ(got.lines(), Lines{"o1 lapsed by c1 +imprecise"});
}

TEST(Recur, AnAnswerByItsDayEndsOneAndOpensTheNextFromItsEnd) {
    const auto got = run(
        recur(R"("every":"24 hours")"),
        "o1 o 2022-03-01T12:00:00Z\nr1 r 2022-03-02\nr2 r 2022-03-03T23:00:00Z\nc1 c 2022-03-04T00:00:00Z",
        k_late);
    // r1: due 2 March 12:00, in time at 00:00, late at the day's end. Next from the end of 2 March; harshly
    // from its start.
    EXPECT_EQ(got.lines(), (Lines{"o1 met by r1 +imprecise", "r1 met by r2 +imprecise", "r2 lapsed by c1"}));
    EXPECT_EQ(got[1].opened, "2022-03-02T00:00:00Z");
    EXPECT_EQ(got[1].due, "2022-03-03T23:59:59.999999Z");
}

TEST(Recur, OpeningByItsDayAnswersOfThatDayCount) {
    const auto got = run(recur(R"("every":"24 hours")"),
                         "o1 o 2022-03-01\nr1 r 2022-03-01T08:00:00Z\nc1 c 2022-03-02T08:00:00Z", k_late);
    EXPECT_EQ(got.lines(), (Lines{"o1 met by r1", "r1 lapsed by c1"}));
    EXPECT_EQ(got[0].opened, "2022-03-01T00:00:00Z");
    EXPECT_EQ(got[0].ended, "2022-03-01T08:00:00Z");
}

TEST(Recur, ADayBeforeTheOpeningDoesNotCount) {
    EXPECT_EQ(run(recur(R"("every":"24 hours")"), "r1 r 2022-02-28\no1 o 2022-03-01T00:00:00Z",
                  "2022-03-01T12:00:00Z")
                  .lines(),
              Lines{"o1 pending"});
}

TEST(Recur, MissedPeriodsOfAnExcuseThatCameTooLate) {
    const auto got = run(recur(R"("every":"1 days","excused_by":{"event":"x"})"),
                         "o1 o 2022-03-01T00:00:00Z\nx1 x 2022-03-04T00:00:00Z", "2022-03-04T01:00:00Z");
    // Due on the 2nd and the 3rd; that of the 4th lies at the end, not before it.
    EXPECT_EQ(got.lines(), (Lines{"o1 missed by x1", "x1 pending"}));
    EXPECT_EQ(got[0].missed, 2);
    EXPECT_EQ(got[0].overdue, 2 * 86400);
}

TEST(Recur, MissedPeriodsByTheLocalClock) {
    // Noon in London: 12:00Z up to 26 March 2022, 11:00Z from the 27th.
    const std::string keep = recur(R"("every":"1 days")");
    const std::string text = case_json({.events = "o1 o 2022-03-25T12:00:00"});
    EXPECT_EQ(audit_of({.duties = keep, .zone = "Europe/London"}, text, "2022-03-27T11:00:00Z")[0].missed, 1);
    EXPECT_EQ(
        audit_of({.duties = keep, .zone = "Europe/London"}, text, "2022-03-27T11:00:00.000001Z")[0].missed,
        2);
}

TEST(Recur, MissedPeriodsStandStillInAPause) {
    const std::string facts = std::string(k_open_fact) +
                              R"(,"hold":{"set":[{"event":"p","to":"true"},{"event":"q","to":"false"}]})";
    const std::string one = recur(R"("every":"1 hours","pause_while":"fact.hold")");
    // Due 01:00, 02:00, then the pause from 02:30 to 12:30 moves 03:00 to 13:00, then 14:00.
    const std::string text = case_json(
        {.events = "o1 o 2022-03-01T00:00:00Z\np1 p 2022-03-01T02:30:00Z\nq1 q 2022-03-01T12:30:00Z"});
    EXPECT_EQ(audit_of({.duties = one, .facts = facts}, text, "2022-03-01T13:00:00Z")[0].missed, 2);
    EXPECT_EQ(audit_of({.duties = one, .facts = facts}, text, "2022-03-01T13:00:00.000001Z")[0].missed, 3);
    EXPECT_EQ(audit_of({.duties = one, .facts = facts}, text, "2022-03-01T15:30:00Z")[0].missed, 5);
}

TEST(Recur, MissedPeriodsOfInclusiveDaysFollowOneAnother) {
    // Three days inclusive from 1 March end with the 3rd, then with the 6th, then with the 9th.
    const auto got =
        run(recur(R"("every":"3 days inclusive")"), "o1 o 2022-03-01T10:00:00Z", "2022-03-10T00:00:00Z");
    EXPECT_EQ(got[0].due, "2022-03-03T23:59:59.999999Z");
    EXPECT_EQ(got[0].missed, 3);
}

TEST(Recur, ADateThatIsSetIsMissedOnce) {
    const auto got = run(recur(R"("every":{"at":"event.next"})"),
                         "o1 o 2022-03-01T00:00:00Z {\"next\":\"2022-03-05\"}", k_late);
    EXPECT_EQ(got.lines(), Lines{"o1 missed"});
    EXPECT_EQ(got[0].missed, 1);
}

TEST(Recur, PeriodsCountWithEveryAsLastChosenNotWithFirst) {
    const std::string facts = std::string(k_open_fact) + R"(,"g":{"set":[{"event":"s","to":"event.to"}]})";
    const std::string one = recur(
        R"("first":"1 days","every":{"choose":"fact.g","cases":{"high":"1 days"},"otherwise":"10 days"})");
    // Due 2 March. Graded high on the 12th: by then, counted with a day: 2nd … 21st lie before the 22nd.
    const auto got = audit_of(
        {.duties = one, .facts = facts},
        case_json({.events = "o1 o 2022-03-01T00:00:00Z\ns1 s 2022-03-12T00:00:00Z {\"to\":\"high\"}"}),
        "2022-03-22T00:00:00Z");
    EXPECT_EQ(got[0].due, "2022-03-02T00:00:00Z");
    EXPECT_EQ(got[0].missed, 20);
    // A change at the end itself comes after it.
    const auto before = audit_of(
        {.duties = one, .facts = facts},
        case_json({.events = "o1 o 2022-03-01T00:00:00Z\ns1 s 2022-03-22T00:00:00Z {\"to\":\"high\"}"}),
        "2022-03-22T00:00:00Z");
    EXPECT_EQ(before[0].missed, 2);
}

TEST(Recur, PracticableLapsesAtTheEndAndIsMetByAnAnswer) {
    const auto got =
        run(recur(R"("every":"as soon as practicable")"),
            "o1 o 2022-03-01T00:00:00Z\nr1 r 2022-05-01T00:00:00Z\nc1 c 2022-09-01T00:00:00Z", k_late);
    EXPECT_EQ(got.lines(), (Lines{"o1 met by r1", "r1 lapsed by c1"}));
    EXPECT_EQ(got[1].due, "");
}

TEST(Recur, RetrospectiveAndSeenByALaterAnswerInTime) {
    const std::string one = recur(R"("every":"9 days")");
    EXPECT_EQ(run(one, "o1 o 2022-03-01T00:00:00Z\nr1 r 2022-03-02T00:00:00Z rec=2022-03-20T00:00:00Z",
                  "2022-03-21T00:00:00Z")
                  .lines(),
              (Lines{"o1 met by r1 +retrospective", "r1 missed"}));
    // r2, also before the first due of 10 March and entered at once, could be seen by then.
    EXPECT_EQ(run(one,
                  "o1 o 2022-03-01T00:00:00Z\nr1 r 2022-03-02T00:00:00Z rec=2022-03-20T00:00:00Z\nr2 r "
                  "2022-03-03T00:00:00Z",
                  "2022-03-04T00:00:00Z", "2022-03-21T00:00:00Z")
                  .lines(),
              (Lines{"o1 met by r1", "r1 met by r2", "r2 pending"}));
}

TEST(Recur, UncertainAnswersBelongToTheObligationThatIsOpen) {
    const std::string one =
        duty("d", R"("while":"fact.open","require":{"event":"r","where":"event.ok"},"every":"2 days")");
    const auto got =
        run(one,
            "o1 o 2022-03-01T00:00:00Z\nr1 r 2022-03-02T00:00:00Z\nr2 r 2022-03-02T12:00:00Z {\"ok\":true}\n"
            "r3 r 2022-03-09T00:00:00Z {\"ok\":true}\nc1 c 2022-03-10T00:00:00Z",
            k_late);
    EXPECT_EQ(got.lines(), (Lines{"o1 met by r2", "r2 late by r3", "r3 lapsed by c1"}));
}

TEST(Recur, AnEventThatDoesNotCertainlyAnswerMayExcuse) {
    const std::string one = duty(
        "d", R"x("while":"fact.open","require":{"event":"r","where":"event.ok"},"excused_by":{"event":"r",)x"
             R"x("where":"!has(event.ok)"},"every":"2 days")x");
    EXPECT_EQ(
        run(one, "o1 o 2022-03-01T00:00:00Z\nr1 r 2022-03-02T00:00:00Z\nc1 c 2022-03-03T00:00:00Z", k_late)
            .lines(),
        (Lines{"o1 excused by r1", "r1 lapsed by c1"}));
}

TEST(Recur, EffectiveAtWithoutADateIsUnassessableForThatObligationOnly) {
    const std::string one = recur(R"("every":"1 days","effective":{"from":"2022-01-01","at":"trigger.law"})");
    const auto got = run(one,
                         "o1 o 2022-03-01T00:00:00Z {\"law\":\"2022-02-01\"}\nr1 r 2022-03-01T12:00:00Z\nr2 "
                         "r 2022-03-02T00:00:00Z {\"law\":\"2021-12-31\"}\n"
                         "c1 c 2022-03-02T12:00:00Z",
                         k_late);
    EXPECT_EQ(got[0].line, "o1 met by r1");
    EXPECT_EQ(got[1].line.substr(0, 15), "r1 unassessable");
    EXPECT_EQ(got.findings.size(), 2U);
}

TEST(Recur, DueSoonOfARhythm) {
    const std::string one = recur(R"("every":"7 days","warn":"1 weeks")");
    EXPECT_EQ(run(one, "o1 o 2022-03-01T00:00:00Z", "2022-03-01T00:00:00Z").lines(),
              Lines{"o1 pending +due_soon"});
}

TEST(Recur, RetimedByADayPreciseGradingAtItsStart) {
    const std::string facts = std::string(k_open_fact) + R"(,"g":{"set":[{"event":"s","to":"event.to"}]})";
    const std::string one =
        recur(R"("every":{"choose":"fact.g","cases":{"high":"2 days"},"otherwise":"28 days"})");
    const auto got =
        audit_of({.duties = one, .facts = facts},
                 case_json({.events = "o1 o 2022-03-01T00:00:00Z\ns1 s 2022-03-10 {\"to\":\"high\"}"}),
                 "2022-03-11T00:00:00Z");
    // max(due(s, new) = 3 March, min(29 March, due(10 March, new) = 12 March)) = 12 March.
    EXPECT_EQ(got[0].due, "2022-03-12T00:00:00Z");
}

TEST(Recur, RetimingToAndFromPracticable) {
    const std::string facts = std::string(k_open_fact) + R"(,"g":{"set":[{"event":"s","to":"event.to"}]})";
    const std::string one = recur(
        R"("every":{"choose":"fact.g","cases":{"high":"2 days"},"otherwise":"as soon as practicable"})");
    // No deadline is as one that never comes: a stricter rhythm starts from the change.
    EXPECT_EQ(
        audit_of(
            {.duties = one, .facts = facts},
            case_json({.events = "o1 o 2022-03-01T00:00:00Z\ns1 s 2022-03-10T00:00:00Z {\"to\":\"high\"}"}),
            "2022-03-11T00:00:00Z")[0]
            .due,
        "2022-03-12T00:00:00Z");
    EXPECT_EQ(
        audit_of({.duties = one, .facts = facts},
                 case_json({.events = "s0 s 2022-02-01T00:00:00Z {\"to\":\"high\"}\no1 o "
                                      "2022-03-01T00:00:00Z\ns1 s 2022-03-02T00:00:00Z {\"to\":\"low\"}"}),
                 k_late)[0]
            .line,
        "o1 pending");
}

// -- schedule -----------------------------------------------------------------------------------------------

std::string schedule(std::string_view keys) {
    return recur(R"("anchor":"schedule",)" + std::string(keys));
}

TEST(Schedule, PracticableLapsesAtTheEnd) {
    const std::string one = schedule(R"("first":"as soon as practicable","every":"2 days")");
    const auto got = run(one, "o1 o 2022-03-01T00:00:00Z\nc1 c 2022-09-01T00:00:00Z", k_late);
    EXPECT_EQ(got.lines(), Lines{"o1 lapsed by c1"});
    EXPECT_EQ(got[0].missed, 0);
    EXPECT_EQ(run(one, "o1 o 2022-03-01T00:00:00Z", k_late).lines(), Lines{"o1 pending"});
}

TEST(Schedule, AnOpeningByItsDayStartsTheGridAtItsEndAndIsNeverImprecise) {
    const auto got =
        run(schedule(R"("every":"24 hours")"),
            "o1 o 2022-03-01\nr1 r 2022-03-01T08:00:00Z\nr2 r 2022-03-03\nc1 c 2022-03-03T12:00:00Z", k_late);
    EXPECT_EQ(got.lines(), (Lines{"o1 met by r1", "o1 met by r2"}));
    EXPECT_EQ(got[0].opened, "2022-03-01T00:00:00Z");
    EXPECT_EQ(got[0].due, "2022-03-02T23:59:59.999999Z");
    EXPECT_EQ(got[1].opened, "2022-03-03T00:00:00Z");  // the end of a day: with the next day
}

TEST(Schedule, MissedStepsCountOnePeriodAndNoDelay) {
    const auto got =
        run(schedule(R"("every":"1 days")"), "o1 o 2022-03-01T00:00:00Z", "2022-03-03T00:00:00Z");
    // A > g_2 is false at exactly 3 March: the second step is pending, and no third opens at A.
    EXPECT_EQ(got.lines(), (Lines{"o1 missed", "o1 pending"}));
    EXPECT_EQ(got[0].missed, 1);
    EXPECT_EQ(got[0].overdue, 0);
    EXPECT_EQ(got[1].missed, 0);
}

TEST(Schedule, InclusiveDaysFollowOneAnother) {
    const auto got = run(schedule(R"("every":"2 days inclusive")"),
                         "o1 o 2022-03-01T10:00:00Z\nc1 c 2022-03-05T00:00:00Z", k_late);
    EXPECT_EQ(got.lines(), (Lines{"o1 missed", "o1 missed"}));
    EXPECT_EQ(got[0].due, "2022-03-02T23:59:59.999999Z");
    EXPECT_EQ(got[1].opened, "2022-03-03T00:00:00Z");
    EXPECT_EQ(got[1].due, "2022-03-04T23:59:59.999999Z");
}

TEST(Schedule, ResponseBeforeExcuseAtOneInstant) {
    EXPECT_EQ(run(schedule(R"("every":"1 days","excused_by":{"event":"x"})"),
                  "o1 o 2022-03-01T00:00:00Z\na x 2022-03-01T05:00:00Z\nb r 2022-03-01T05:00:00Z\nc1 c "
                  "2022-03-01T06:00:00Z",
                  k_late)
                  .lines(),
              Lines{"o1 met by b"});
    EXPECT_EQ(run(schedule(R"("every":"1 days","excused_by":{"event":"x"})"),
                  "o1 o 2022-03-01T00:00:00Z\na x 2022-03-01T05:00:00Z\nb r 2022-03-01T06:00:00Z\nc1 c "
                  "2022-03-01T07:00:00Z",
                  k_late)
                  .lines(),
              Lines{"o1 excused by a"});
}

TEST(Schedule, APauseMovesTheGrid) {
    const std::string facts = std::string(k_open_fact) +
                              R"(,"hold":{"set":[{"event":"p","to":"true"},{"event":"q","to":"false"}]})";
    const auto got =
        audit_of({.duties = schedule(R"("every":"2 hours","pause_while":"fact.hold")"), .facts = facts},
                 case_json({.events = "o1 o 2022-03-01T00:00:00Z\np1 p 2022-03-01T01:00:00Z\nq1 q "
                                      "2022-03-01T02:00:00Z\nc1 c 2022-03-01T04:00:00Z"}),
                 k_late);
    EXPECT_EQ(got.lines(), (Lines{"o1 missed", "o1 lapsed by c1"}));
    EXPECT_EQ(got[0].due, "2022-03-01T03:00:00Z");
    EXPECT_EQ(got[1].due, "2022-03-01T05:00:00Z");
}

TEST(Schedule, AMonthlyGridFromTheLastOfAMonth) {
    // g_1 = 28 February, g_2 = due(28 February, 1 month) = 28 March.
    const auto got = run(schedule(R"("every":"1 months")"),
                         "o1 o 2022-01-31T00:00:00Z\nc1 c 2022-03-30T00:00:00Z", k_late);
    EXPECT_EQ(got.findings.size(), 3U);
    EXPECT_EQ(got[1].due, "2022-03-28T00:00:00Z");
    EXPECT_EQ(got[2].line, "o1 lapsed by c1");
}

TEST(Schedule, OpensItsFirstStepEvenAtA) {
    EXPECT_EQ(
        run(schedule(R"("every":"1 days")"), "o1 o 2022-03-01T00:00:00Z", "2022-03-01T00:00:00Z").lines(),
        Lines{"o1 pending"});
}

TEST(Schedule, AnUncertainOneMakesTheStepUnassessable) {
    const std::string one =
        duty("d", R"("while":"fact.open","anchor":"schedule","require":{"event":"r","where":"event.ok"},)"
                  R"("every":"1 days")");
    const auto got =
        run(one, "o1 o 2022-03-01T00:00:00Z\nr1 r 2022-03-02T00:00:00Z\nc1 c 2022-03-03T12:00:00Z", k_late);
    // r1 lies at g_1, so in the first step.
    EXPECT_EQ(got.lines(),
              (Lines{"o1 unassessable (missing_value: event.ok)", "o1 missed", "o1 lapsed by c1"}));
    EXPECT_EQ(got[0].evidence, "o1 r1");
}

TEST(Schedule, EffectiveLooksAtEachStepsOpening) {
    const auto got =
        run(schedule(R"("every":"1 days","effective":{"from":"2022-03-02","until":"2022-03-03"})"),
            "o1 o 2022-03-01T00:00:00Z\nc1 c 2022-03-05T00:00:00Z", k_late);
    EXPECT_EQ(got.lines(), Lines{"o1 missed"});
    EXPECT_EQ(got[0].opened, "2022-03-02T00:00:00Z");
}

// -- pauses -------------------------------------------------------------------------------------------------

Audited paused(std::string_view events, std::string_view within, std::string_view as_of = k_late) {
    const std::string facts = R"("hold":{"set":[{"event":"p","to":"true"},{"event":"q","to":"false"}]})";
    const std::string one = respond(R"("pause_while":"fact.hold","within":)" + in_quotes(within));
    return audit_of({.duties = one, .facts = facts}, case_json({.events = events}), as_of);
}

TEST(Pause, AtTheEdges) {
    // Ends exactly at the trigger: nothing. Begins exactly at due: nothing. Begins a microsecond before: all
    // of it.
    EXPECT_EQ(paused("p1 p 2022-03-01T00:00:00Z\nq1 q 2022-03-01T01:00:00Z\nt1 t 2022-03-01T01:00:00Z",
                     "1 hours")[0]
                  .due,
              "2022-03-01T02:00:00Z");
    EXPECT_EQ(paused("t1 t 2022-03-01T01:00:00Z\np1 p 2022-03-01T02:00:00Z\nq1 q 2022-03-01T03:00:00Z",
                     "1 hours")[0]
                  .due,
              "2022-03-01T02:00:00Z");
    EXPECT_EQ(paused("t1 t 2022-03-01T01:00:00Z\np1 p 2022-03-01T01:59:59.999999Z\nq1 q 2022-03-01T03:00:00Z",
                     "1 hours")[0]
                  .due,
              "2022-03-01T03:00:00.000001Z");
}

TEST(Pause, TriggeredInsideOneOnlyTheRestCounts) {
    EXPECT_EQ(paused("p1 p 2022-03-01T00:00:00Z\nt1 t 2022-03-01T01:00:00Z\nq1 q 2022-03-01T03:00:00Z",
                     "1 hours")[0]
                  .due,
              "2022-03-01T04:00:00Z");
}

TEST(Pause, OneThatBeginsAndEndsAtOneInstantIsNone) {
    EXPECT_EQ(paused("t1 t 2022-03-01T01:00:00Z\nx1 p 2022-03-01T01:30:00Z\nx2 q 2022-03-01T01:30:00Z",
                     "1 hours")[0]
                  .due,
              "2022-03-01T02:00:00Z");
}

TEST(Pause, OneThatStillRunsEndsAtA) {
    const auto got =
        paused("t1 t 2022-03-01T00:00:00Z\np1 p 2022-03-01T00:30:00Z", "1 hours", "2022-03-01T05:00:00Z");
    EXPECT_EQ(got[0].due, "2022-03-01T05:30:00Z");
    EXPECT_EQ(got[0].line, "t1 pending");
}

TEST(Pause, OneKnownByItsDayBeginsAndEndsAtItsStart) {
    EXPECT_EQ(paused("t1 t 2022-03-01T12:00:00Z\np1 p 2022-03-02\nq1 q 2022-03-04", "1 days")[0].due,
              "2022-03-04T12:00:00Z");
}

TEST(Pause, PersonsPauseForThemselves) {
    const std::string facts =
        R"("hold":{"per":"subject","set":[{"event":"p","to":"true"},{"event":"q","to":"false"}]})";
    const auto got = audit_of(
        {.duties = respond(R"("per":"subject","pause_while":"fact.hold","within":"1 hours")"),
         .facts = facts},
        case_json(
            {.events =
                 "t1 t 2022-03-01T00:00:00Z\np1 p 2022-03-01T00:30:00Z sub=P\nq1 q 2022-03-01T01:30:00Z",
             .persons = R"({"id":"P"},{"id":"Q"})"}),
        k_late);
    EXPECT_EQ(got[0].due, "2022-03-01T02:00:00Z");
    EXPECT_EQ(got[1].due, "2022-03-01T01:00:00Z");
}

}  // namespace
}  // namespace duecare::evaluate::test
