// evaluation.md, "Duties with `on`" and "respond": what no conformance vector shows. Every expectation is
// worked out from the contract's text.
#include "support.hpp"

namespace duecare::evaluate::test {
namespace {

// -- opening ------------------------------------------------------------------------------------------------

TEST(Opening, AnUnassessableTriggerTakesNoPartInCount) {
    // t2 may not be one of the kind, so only two certain ones lie in the window: nothing opens at t3.
    const auto got =
        run(duty("d", R"("on":{"event":"t","where":"event.ok","count":{"at_least":3,"within":"9 days"}},)"
                      R"("require":"r","within":"1 hours")"),
            "t1 t 2022-03-01T00:00:00Z {\"ok\":true}\n"
            "t2 t 2022-03-02T00:00:00Z\n"
            "t3 t 2022-03-03T00:00:00Z {\"ok\":true}",
            "2022-04-01T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t2 unassessable (missing_value: event.ok)"});
}

TEST(Opening, AnUnassessableTriggerNeitherRestartsNorAbsorbs) {
    for (const char* repeat : {"restart", "absorb"}) {
        const auto got = run(duty("d", R"("on":{"event":"t","where":"event.ok"},"repeat":")" +
                                           std::string(repeat) + R"(","require":"r","within":"9 days")"),
                             "t1 t 2022-03-01T00:00:00Z {\"ok\":true}\n"
                             "t2 t 2022-03-02T00:00:00Z\n"
                             "r1 r 2022-03-03T00:00:00Z",
                             "2022-04-01T00:00:00Z");
        EXPECT_EQ(got.lines(), (Lines{"t1 met by r1", "t2 unassessable (missing_value: event.ok)"}))
            << repeat;
    }
}

TEST(Opening, AFalseConditionOutweighsAnUnknownEffectiveDate) {
    const std::string one =
        duty("d", R"("on":{"event":"t","where":"event.ok"},"require":"r","within":"1 hours",)"
                  R"("effective":{"from":"2022-01-01","at":"trigger.law"})");
    EXPECT_EQ(run(one, "t1 t 2022-03-01T00:00:00Z {\"ok\":false}", "2022-04-01T00:00:00Z").lines(), Lines{});
    EXPECT_EQ(run(one, "t1 t 2022-03-01T00:00:00Z {\"ok\":true}", "2022-04-01T00:00:00Z").lines(),
              Lines{"t1 unassessable (missing_value: trigger.law)"});
    // The first unknown in the order applies, where, for, effective gives the reason.
    EXPECT_EQ(run(one, "t1 t 2022-03-01T00:00:00Z", "2022-04-01T00:00:00Z").lines(),
              Lines{"t1 unassessable (missing_value: event.ok)"});
}

TEST(Opening, EffectiveAtThatIsNoDateIsUnassessable) {
    const std::string one =
        respond(R"("within":"1 hours","effective":{"from":"2022-01-01","at":"trigger.law"})");
    EXPECT_EQ(run(one, "t1 t 2022-03-01T00:00:00Z {\"law\":7}", "2022-04-01T00:00:00Z").lines(),
              Lines{"t1 unassessable (wrong_type: at)"});
    EXPECT_EQ(run(one, "t1 t 2022-03-01T00:00:00Z {\"law\":\"soon\"}", "2022-04-01T00:00:00Z").lines(),
              Lines{"t1 unassessable (wrong_type: at)"});
}

TEST(Opening, EffectiveAtBothEdgesByTheDateThatAtGives) {
    const std::string one = respond(
        R"("within":"1 hours","effective":{"from":"2022-03-01","until":"2022-04-01","at":"trigger.law"})");
    const auto got = run(one,
                         "t1 t 2022-05-01T00:00:00Z {\"law\":\"2022-02-28\"}\n"
                         "t2 t 2022-05-01T00:00:00Z {\"law\":\"2022-03-01\"}\n"
                         "t3 t 2022-05-01T00:00:00Z {\"law\":\"2022-03-31T23:59:59.999999Z\"}\n"
                         "t4 t 2022-05-01T00:00:00Z {\"law\":\"2022-04-01\"}",
                         "2022-06-01T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t2 missed", "t3 missed"}));
}

TEST(Opening, EffectiveByTheLocalDateOfADayPreciseTrigger) {
    const std::string one = respond(R"("within":"1 hours","effective":{"from":"2022-07-01"})");
    const auto got =
        audit_of({.duties = one, .zone = "Europe/London"},
                 case_json({.events = "t1 t 2022-06-30\nt2 t 2022-07-01\nt3 t 2022-06-30T23:00:00Z"}),
                 "2022-08-01T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t2 missed", "t3 missed"}));
    EXPECT_EQ(got[0].opened, "2022-06-30T23:00:00Z");
}

TEST(Opening, UnknownUnlessDoesNotExcuse) {
    const auto got = run(respond(R"("within":"1 hours","unless":"event.small")"), "t1 t 2022-03-01T00:00:00Z",
                         "2022-03-01T00:30:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 pending"});
}

TEST(Opening, PerSubjectOpensNothingInACaseWithoutPersons) {
    const std::string one = respond(R"("per":"subject","within":"1 hours")");
    EXPECT_EQ(run(one, "t1 t 2022-03-01T00:00:00Z", "2022-04-01T00:00:00Z").lines(), Lines{});
}

TEST(Opening, ForIsAskedOfEachPersonByItself) {
    const auto got =
        audit_of({.duties = respond(R"("per":"subject","for":"subject.small","within":"1 hours")")},
                 case_json({.events = "t1 t 2022-03-01T00:00:00Z",
                            .persons = R"({"id":"B","attributes":{"small":true}},{"id":"A"},)"
                                       R"({"id":"Z","attributes":{"small":false}})"}),
                 "2022-04-01T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t1[A] unassessable (missing_value: subject.small)", "t1[B] missed"}));
    EXPECT_EQ(got[0].due, "");
}

// -- keys by value ------------------------------------------------------------------------------------------

TEST(Keys, EqualNumbersAreOneKey) {
    const std::string one = respond(R"("per":"event.n","within":"1 hours")");
    // 2 and 2.0 are equal, and so are 1e3 and 1000: each answers the other.
    const auto got = run(one,
                         "t1 t 2022-03-01T00:00:00Z {\"n\":2.0}\nr1 r 2022-03-01T00:10:00Z {\"n\":2}\n"
                         "t2 t 2022-03-02T00:00:00Z {\"n\":1e3}\nr2 r 2022-03-02T00:10:00Z {\"n\":1000}\n"
                         "t3 t 2022-03-03T00:00:00Z {\"n\":-0.0}\nr3 r 2022-03-03T00:10:00Z {\"n\":0}\n"
                         "t4 t 2022-03-04T00:00:00Z {\"n\":1e5}\nr4 r 2022-03-04T00:10:00Z {\"n\":100000}",
                         "2022-04-01T00:00:00Z");
    EXPECT_EQ(got.lines(),
              (Lines{"t1[2] met by r1", "t2[1000] met by r2", "t3[0] met by r3", "t4[100000] met by r4"}));
}

TEST(Keys, NumbersBeyondADoubleStayApart) {
    const std::string one = respond(R"("per":"event.n","within":"1 hours")");
    const auto got = run(one,
                         "t1 t 2022-03-01T00:00:00Z {\"n\":9007199254740993}\n"
                         "r1 r 2022-03-01T00:10:00Z {\"n\":9007199254740992}\n"
                         "t2 t 2022-03-02T00:00:00Z {\"n\":-9223372036854775808}\n"
                         "r2 r 2022-03-02T00:10:00Z {\"n\":-9223372036854775808}",
                         "2022-04-01T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t1[9007199254740993] missed", "t2[-9223372036854775808] met by r2"}));
}

TEST(Keys, TextsBooleansAndFractions) {
    const std::string one = respond(R"("per":"event.n","within":"1 hours")");
    const auto got = run(one,
                         "t1 t 2022-03-01T00:00:00Z {\"n\":true}\nr1 r 2022-03-01T00:10:00Z {\"n\":false}\n"
                         "t2 t 2022-03-02T00:00:00Z {\"n\":1.5}\nr2 r 2022-03-02T00:10:00Z {\"n\":1.50}\n"
                         "t3 t 2022-03-03T00:00:00Z {\"n\":\"\"}\nr3 r 2022-03-03T00:10:00Z {\"n\":\"\"}\n"
                         "t4 t 2022-03-04T00:00:00Z {\"n\":null}\n"
                         "t5 t 2022-03-05T00:00:00Z {\"n\":{\"m\":1}}",
                         "2022-04-01T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t1[true] missed", "t2[1.5] met by r2", "t3[] met by r3",
                                  "t4 unassessable (missing_value: event.n)",
                                  "t5 unassessable (missing_value: event.n)"}));
}

TEST(Keys, FirstAndCountAreKeptPerKey) {
    const auto got = run(respond(R"("per":"event.n","repeat":"first","within":"1 hours")"),
                         "t1 t 2022-03-01T00:00:00Z {\"n\":\"a\"}\nt2 t 2022-03-02T00:00:00Z {\"n\":\"b\"}\n"
                         "t3 t 2022-03-03T00:00:00Z {\"n\":\"a\"}",
                         "2022-04-01T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t1[a] missed", "t2[b] missed"}));
    const auto counted =
        run(duty("d", R"("on":{"event":"t","count":{"at_least":2,"within":"9 days"}},)"
                      R"("per":"event.n","require":"r","within":"1 hours")"),
            "t1 t 2022-03-01T00:00:00Z {\"n\":\"a\"}\nt2 t 2022-03-02T00:00:00Z {\"n\":\"b\"}\n"
            "t3 t 2022-03-03T00:00:00Z {\"n\":\"a\"}",
            "2022-04-01T00:00:00Z");
    EXPECT_EQ(counted.lines(), Lines{"t3[a] missed"});
    EXPECT_EQ(counted[0].evidence, "t1 t3");
}

// -- count --------------------------------------------------------------------------------------------------

constexpr const char* k_two_in_a_day = R"("on":{"event":"t","count":{"at_least":2,"within":"1 days"}},)";

TEST(Count, ADayPreciseTriggerCountsAtTheStartOfItsDay) {
    // It sorts and is shown at 00:00 of its day; the window of t2 reaches back to exactly that.
    const std::string one = duty("d", std::string(k_two_in_a_day) + R"("require":"r","within":"1 hours")");
    EXPECT_EQ(run(one, "t1 t 2022-03-01\nt2 t 2022-03-02T00:00:00Z", "2022-04-01T00:00:00Z").lines(),
              Lines{"t2 missed"});
    EXPECT_EQ(run(one, "t1 t 2022-03-01\nt2 t 2022-03-02T00:00:00.000001Z", "2022-04-01T00:00:00Z").lines(),
              Lines{});
}

TEST(Count, AbsorbAndRestartLookAtWhatOpens) {
    const std::string events =
        "t1 t 2022-03-01T00:00:00Z\nt2 t 2022-03-01T01:00:00Z\nt3 t 2022-03-01T02:00:00Z\nr1 r "
        "2022-03-01T03:00:00Z\n"
        "t4 t 2022-03-01T04:00:00Z";
    const std::string base = std::string(k_two_in_a_day) + R"("require":"r","within":"9 hours","repeat":)";
    EXPECT_EQ(run(duty("d", base + R"("absorb")"), events, "2022-04-01T00:00:00Z").lines(),
              (Lines{"t2 met by r1", "t4 missed"}));
    EXPECT_EQ(run(duty("d", base + R"("restart")"), events, "2022-04-01T00:00:00Z").lines(),
              (Lines{"t2 lapsed by t3", "t3 met by r1", "t4 missed"}));
    EXPECT_EQ(run(duty("d", base + R"("first")"), events, "2022-04-01T00:00:00Z").lines(),
              Lines{"t2 met by r1"});
    EXPECT_EQ(run(duty("d", base + R"("each")"), events, "2022-04-01T00:00:00Z").lines(),
              (Lines{"t2 met by r1", "t3 met by r1", "t4 missed"}));
}

TEST(Count, AnExcusedObligationDoesNotAbsorb) {
    const auto got = run(
        duty("d", std::string(k_two_in_a_day) +
                      R"("require":"r","within":"9 hours","repeat":"absorb","unless":"event.small")"),
        "t1 t 2022-03-01T00:00:00Z\nt2 t 2022-03-01T01:00:00Z {\"small\":true}\nt3 t 2022-03-01T02:00:00Z\n"
        "t4 t 2022-03-01T03:00:00Z",
        "2022-04-01T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t2 excused by t2", "t3 missed"}));
    EXPECT_EQ(got[0].evidence, "t1 t2");
    EXPECT_EQ(got[1].evidence, "t1 t2 t3");
}

TEST(Count, ShapesOtherThanRespondTakeAPattern) {
    const auto got =
        run(duty("d", std::string(k_two_in_a_day) + R"("check":"event.ok")") + "," +
                duty("e", std::string(k_two_in_a_day) + R"("require":"r","before":"1 hours")"),
            "t1 t 2022-03-01T00:00:00Z\nt2 t 2022-03-01T01:00:00Z {\"ok\":true}", "2022-04-01T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t2 met", "t2 missed"}));
    EXPECT_EQ(got[0].evidence, "t1 t2");
    EXPECT_EQ(got[1].evidence, "t1 t2");
}

// -- repeat -------------------------------------------------------------------------------------------------

TEST(Repeat, FirstCountsTheExcusedOne) {
    const auto got =
        run(respond(R"("within":"1 hours","repeat":"first","unless":"event.small")"),
            "t1 t 2022-03-01T00:00:00Z {\"small\":true}\nt2 t 2022-03-02T00:00:00Z", "2022-04-01T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 excused by t1"});
}

TEST(Repeat, AnExcusedTriggerStillEndsTheOneBefore) {
    const auto got =
        run(respond(R"("within":"9 days","repeat":"restart","unless":"event.small")"),
            "t1 t 2022-03-01T00:00:00Z\nt2 t 2022-03-02T00:00:00Z {\"small\":true}", "2022-04-01T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t1 lapsed by t2", "t2 excused by t2"}));
}

TEST(Repeat, ARestartOnTheSameInstantEndsAtOnce) {
    const auto got = run(respond(R"("within":"9 days","repeat":"restart")"),
                         "t1 t 2022-03-01T00:00:00Z\nt2 t 2022-03-01T00:00:00Z", "2022-03-02T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t1 lapsed by t2", "t2 pending"}));
    EXPECT_EQ(got[0].elapsed, 0);
}

TEST(Repeat, ARestartOfUncertainDayIsImprecise) {
    // Ended on the due day: in time at its start, too late at its end.
    const auto got = run(respond(R"("within":"24 hours","repeat":"restart")"),
                         "t1 t 2022-03-01T12:00:00Z\nt2 t 2022-03-02", "2022-03-02T12:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t1 lapsed by t2 +imprecise", "t2 pending"}));
}

TEST(Repeat, WhatAnsweredBeforehandDoesNotAbsorb) {
    // r1 answers t1 before t1 happens (or_before), so t1 is over when t2 comes, and r1 answers t2 too.
    const auto got = run(respond(R"("within":"1 hours","repeat":"absorb","or_before":"2 days")"),
                         "r1 r 2022-03-01T00:00:00Z\nt1 t 2022-03-02T00:00:00Z\nt2 t 2022-03-03T00:00:00Z\n"
                         "t3 t 2022-03-03T12:00:00Z",
                         "2022-04-01T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t1 met by r1", "t2 met by r1", "t3 missed"}));
}

// -- verdicts -----------------------------------------------------------------------------------------------

TEST(Verdict, ALateUntilLeavesItMissedAndCountsTo) {
    const auto got = run(respond(R"("within":"1 hours","until":{"event":"u"})"),
                         "t1 t 2022-03-01T00:00:00Z\nu1 u 2022-03-01T01:00:01.9Z", "2022-04-01T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 missed by u1"});
    EXPECT_EQ(got[0].overdue, 1);  // rounded down
    EXPECT_EQ(got[0].elapsed, 3601);
    EXPECT_EQ(got[0].ended, "2022-03-01T01:00:01.900000Z");
}

TEST(Verdict, PracticableIsExcusedMetPendingOrMissed) {
    const std::string one =
        respond(R"("within":"as soon as practicable","excused_by":{"event":"x"},"until":{"event":"u"})");
    const auto line = [&](const char* answer) {
        const auto got =
            run(one, "t1 t 2022-03-01T00:00:00Z\n" + std::string(answer), "9000-01-01T00:00:00Z");
        EXPECT_EQ(got[0].due, "");
        EXPECT_EQ(got[0].overdue, 0);
        return got[0].line;
    };
    EXPECT_EQ(line(""), "t1 pending");
    EXPECT_EQ(line("r1 r 8000-01-01T00:00:00Z"), "t1 met by r1");
    EXPECT_EQ(line("x1 x 8000-01-01T00:00:00Z"), "t1 excused by x1");
    EXPECT_EQ(line("u1 u 8000-01-01T00:00:00Z"), "t1 missed by u1");
}

TEST(Verdict, PracticableAmongTheCasesOfAChoice) {
    const std::string one =
        respond(R"("within":{"choose":"event.grade","cases":{"low":"as soon as practicable"},)"
                R"("otherwise":"1 hours"})");
    const auto got = run(one, "t1 t 2022-03-01T00:00:00Z {\"grade\":\"low\"}\nt2 t 2022-03-01T00:00:00Z",
                         "2023-01-01T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t1 pending", "t2 missed"}));
    EXPECT_EQ(got[0].due, "");
    EXPECT_EQ(got[1].due, "2022-03-01T01:00:00Z");
}

TEST(Verdict, AtInsideAChoice) {
    const std::string one = respond(
        R"("within":{"choose":"event.grade","cases":{"set":{"at":"event.next"}},"otherwise":"1 hours"})");
    const auto got = run(one,
                         "t1 t 2022-03-01T00:00:00Z {\"grade\":\"set\",\"next\":\"2022-03-05\"}\n"
                         "t2 t 2022-03-01T00:00:00Z {\"grade\":\"set\"}\nr1 r 2022-03-05T23:59:59.999999Z",
                         "2023-01-01T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t1 met by r1", "t2 unassessable by r1 (missing_value: event.next)"}));
    EXPECT_EQ(got[0].due, "2022-03-05T23:59:59.999999Z");
    EXPECT_EQ(got[1].ended, "2022-03-05T23:59:59.999999Z");
}

TEST(Verdict, ADeadlineThatIsNoInstantIsOfTheWrongType) {
    const auto got =
        run(respond(R"("within":{"at":"event.next"})"),
            "t1 t 2022-03-01T00:00:00Z {\"next\":true}\nt2 t 2022-03-01T00:00:00Z {\"next\":\"2022-02-30\"}",
            "2023-01-01T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t1 unassessable (wrong_type: at)", "t2 unassessable (wrong_type: at)"}));
}

TEST(Verdict, ADeadlineBeforeTheTrigger) {
    // The record itself sets a date that had passed: answered at the trigger it is late all the same.
    const auto got =
        run(respond(R"("within":{"at":"event.next"})"),
            "t1 t 2022-03-02T00:00:00Z {\"next\":\"2022-03-01T00:00:00Z\"}\nr1 r 2022-03-02T00:00:00Z",
            "2023-01-01T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 late by r1"});
    EXPECT_EQ(got[0].overdue, 86400);
}

TEST(Verdict, AnUncertainAnswerInTimeStandsAgainstALateExcuseAndUntil) {
    const std::string one =
        duty("d", R"("on":"t","require":{"event":"r","where":"event.ok"},"within":"1 hours",)"
                  R"("excused_by":{"event":"x"},"until":{"event":"u"})");
    for (const char* end : {"x", "u"}) {
        const auto got = run(one,
                             "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-01T01:00:00Z\ne1 " + std::string(end) +
                                 " 2022-03-01T02:00:00Z",
                             "2023-01-01T00:00:00Z");
        EXPECT_EQ(got.lines(), Lines{"t1 unassessable by e1 (missing_value: event.ok)"});
        EXPECT_EQ(got[0].evidence, "t1 r1 e1");
        EXPECT_EQ(got[0].overdue, 0);
    }
    // Excused in time: nothing would have been late.
    EXPECT_EQ(run(one, "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-01T00:10:00Z\ne1 x 2022-03-01T00:20:00Z",
                  "2023-01-01T00:00:00Z")
                  .lines(),
              Lines{"t1 excused by e1"});
}

TEST(Verdict, AnUnknownExcuseExcusesNothing) {
    const auto got = run(
        respond(R"("within":"1 hours","excused_by":{"event":"x","where":"event.ok"},"until":{"event":"u",)"
                R"("where":"event.ok"})"),
        "t1 t 2022-03-01T00:00:00Z\nx1 x 2022-03-01T00:10:00Z\nu1 u 2022-03-01T00:20:00Z",
        "2023-01-01T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 missed"});
}

TEST(Verdict, OneEventMayBeResponseExcuseAndUntil) {
    const auto got =
        run(duty("d", R"("on":"t","require":{"event":"e","where":"event.n == 1"},"within":"1 hours",)"
                      R"("excused_by":{"event":"e","where":"event.n <= 2"},"until":{"event":"e"})"),
            "t1 t 2022-03-01T00:00:00Z\ne3 e 2022-03-01T00:10:00Z {\"n\":3}", "2023-01-01T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 lapsed by e3"});
    const std::string one = duty(
        "d", R"("on":"t","require":"e","excused_by":{"event":"e"},"until":{"event":"e"},"within":"1 hours")");
    EXPECT_EQ(
        run(one, "t1 t 2022-03-01T00:00:00Z\ne1 e 2022-03-01T00:10:00Z", "2023-01-01T00:00:00Z").lines(),
        Lines{"t1 met by e1"});
}

// -- days without a time ------------------------------------------------------------------------------------

TEST(Days, AnAnswerOfTheTriggersOwnDayCountsAtTheTrigger) {
    const auto got = run(respond(R"("within":"1 hours")"), "t1 t 2022-03-01T10:00:00Z\nr1 r 2022-03-01",
                         "2023-01-01T00:00:00Z");
    // Harsh: it came at the end of that day, thirteen hours too late.
    EXPECT_EQ(got.lines(), Lines{"t1 met by r1 +imprecise"});
    EXPECT_EQ(got[0].ended, "2022-03-01T10:00:00Z");
    EXPECT_EQ(got[0].elapsed, 0);
}

TEST(Days, AnExcuseAndAnUntilOfADayAreReadBothWays) {
    const std::string one =
        respond(R"("within":"24 hours","excused_by":{"event":"x"},"until":{"event":"u"})");
    EXPECT_EQ(run(one, "t1 t 2022-03-01T12:00:00Z\nx1 x 2022-03-02", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 excused by x1 +imprecise"});
    EXPECT_EQ(run(one, "t1 t 2022-03-01T12:00:00Z\nu1 u 2022-03-02", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 lapsed by u1 +imprecise"});
    EXPECT_EQ(run(one, "t1 t 2022-03-01T12:00:00Z\nx1 x 2022-03-01", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 excused by x1"});
    EXPECT_EQ(run(one, "t1 t 2022-03-01T12:00:00Z\nu1 u 2022-03-01", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 lapsed by u1"});
}

TEST(Days, TheHarshReadingMayBeEndedBySomethingElse) {
    // Kindly r1 answers at 00:00; harshly r1 comes at the end of the day, after the until at noon.
    const auto got =
        run(respond(R"("within":"9 days","until":{"event":"u"})"),
            "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-02\nu1 u 2022-03-02T12:00:00Z", "2023-01-01T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 met by r1 +imprecise"});
    EXPECT_EQ(got[0].ended, "2022-03-02T00:00:00Z");
}

TEST(Days, ALateAnswerIsLateByEitherReading) {
    const auto got = run(respond(R"("within":"1 days")"), "t1 t 2022-03-01\nr1 r 2022-03-03T00:00:00Z",
                         "2023-01-01T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 late by r1"});
    EXPECT_EQ(got[0].due, "2022-03-02T23:59:59.999999Z");
    EXPECT_EQ(got[0].overdue, 0);
    EXPECT_EQ(got[0].elapsed, 2 * 86400);
}

TEST(Days, BeforeTheTriggersDayIsNoCandidate) {
    EXPECT_EQ(run(respond(R"("within":"1 days")"), "r1 r 2022-02-28\nt1 t 2022-03-01T00:00:00Z",
                  "2023-01-01T00:00:00Z")
                  .lines(),
              Lines{"t1 missed"});
    // A day-precise trigger opens at 00:00; an exact answer of that day is not before it.
    EXPECT_EQ(run(respond(R"("within":"1 hours")"), "r1 r 2022-03-01T00:00:00Z\nt1 t 2022-03-01",
                  "2023-01-01T00:00:00Z")
                  .lines(),
              Lines{"t1 met by r1"});
    EXPECT_EQ(run(respond(R"("within":"1 hours")"), "r1 r 2022-02-28T23:59:59.999999Z\nt1 t 2022-03-01",
                  "2023-01-01T00:00:00Z")
                  .lines(),
              Lines{"t1 missed"});
}

TEST(Days, ALocalDayAtTheClockChangeHas25Hours) {
    // 30 October 2022 in London lasts from 23:00Z on the 29th to 24:00Z on the 30th.
    const auto got = audit_of({.duties = respond(R"("within":"0 hours")"), .zone = "Europe/London"},
                              case_json({.events = "t1 t 2022-10-30\nr1 r 2022-10-30T23:59:59.999999Z"}),
                              "2023-01-01T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 met by r1 +imprecise"});
    EXPECT_EQ(got[0].opened, "2022-10-29T23:00:00Z");
    EXPECT_EQ(got[0].due, "2022-10-30T23:59:59.999999Z");
}

TEST(Days, AnUncertainAnswerOfTheDueDayIsUnassessableAndImprecise) {
    const std::string one =
        duty("d", R"("on":"t","require":{"event":"r","where":"event.ok"},"within":"24 hours")");
    // At the start of the day it is in time and may have been the answer; at its end it is too late: missed.
    EXPECT_EQ(run(one, "t1 t 2022-03-01T12:00:00Z\nr1 r 2022-03-02", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 unassessable +imprecise (missing_value: event.ok)"});
    EXPECT_EQ(run(one, "t1 t 2022-03-01T12:00:00Z\nr1 r 2022-03-01", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 unassessable (missing_value: event.ok)"});
}

TEST(Days, AskedOnADayThatMayOrMayNotBeOver) {
    const std::string one = respond(R"("within":"1 days")");
    // due 2 March 23:59:59.999999 kindly, 2 March 00:00 harshly; A ≤ due is pending.
    EXPECT_EQ(run(one, "t1 t 2022-03-01", "2022-03-02T00:00:00Z").lines(), Lines{"t1 pending"});
    EXPECT_EQ(run(one, "t1 t 2022-03-01", "2022-03-02T00:00:00.000001Z").lines(),
              Lines{"t1 pending +imprecise"});
    EXPECT_EQ(run(one, "t1 t 2022-03-01", "2022-03-03T00:00:00Z").lines(), Lines{"t1 missed"});
}

// -- not_before ---------------------------------------------------------------------------------------------

TEST(NotBefore, IsCountedFromTheTriggersEarliestKindlyFromItsLatestHarshly) {
    const std::string one = respond(R"("within":"9 days","not_before":"24 hours")");
    // The trigger's day is 1 March. Kindly from 2 March 00:00, harshly from 2 March 23:59:59.999999.
    EXPECT_EQ(run(one, "t1 t 2022-03-01\nr1 r 2022-03-01T23:59:59Z", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 missed"});
    EXPECT_EQ(run(one, "t1 t 2022-03-01\nr1 r 2022-03-02T00:00:00Z", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 met by r1 +imprecise"});
    EXPECT_EQ(run(one, "t1 t 2022-03-01\nr1 r 2022-03-03T00:00:00Z", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 met by r1"});
    // A day-precise answer: its latest kindly, its earliest harshly.
    EXPECT_EQ(run(one, "t1 t 2022-03-01T12:00:00Z\nr1 r 2022-03-02", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 met by r1 +imprecise"});
    EXPECT_EQ(run(one, "t1 t 2022-03-01T12:00:00Z\nr1 r 2022-03-01", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 missed"});
}

TEST(NotBefore, WhatCameTooEarlyIsNotUncertainEither) {
    const auto got =
        run(duty("d", R"("on":"t","require":{"event":"r","where":"event.ok"},"within":"2 hours",)"
                      R"("not_before":"1 hours")"),
            "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-01T00:10:00Z", "2023-01-01T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 missed"});
}

TEST(NotBefore, WhatMayHaveComeTooEarlyIsUncertainByOneReadingOnly) {
    const std::string one = duty(
        "d",
        R"("on":"t","require":{"event":"r","where":"event.ok"},"within":"9 days","not_before":"24 hours")");
    EXPECT_EQ(run(one, "t1 t 2022-03-01T12:00:00Z\nr1 r 2022-03-02", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 unassessable +imprecise (missing_value: event.ok)"});
}

TEST(NotBefore, WithoutItsDateNobodyCanSay) {
    const auto got = run(respond(R"("within":"9 days","not_before":{"at":"event.from"})"),
                         "t1 t 2022-03-01T12:00:00Z\nr1 r 2022-03-02T00:00:00Z", "2023-01-01T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 unassessable (missing_value: event.from)"});
    EXPECT_EQ(got[0].evidence, "t1 r1");
}

TEST(NotBefore, ACalendarThatEndsBeforeItMakesTheVerdictUnassessable) {
    // Whether r1 came too early depends on a day that nobody has listed.
    const std::string more = R"(,"calendars":{"working":{"weekdays":["mon","tue","wed","thu","fri"],)"
                             R"("covers":{"from":"2022-01-01","until":"2022-03-03"}}})";
    const auto got =
        audit_of({.duties = respond(R"("within":"30 days","not_before":"3 working days")"), .more = more},
                 case_json({.events = "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-08T00:00:00Z"}),
                 "2023-01-01T00:00:00Z");
    EXPECT_EQ(got[0].line.substr(0, 15), "t1 unassessable");
    EXPECT_NE(got[0].line.find("(calendar_uncovered: working)"), std::string::npos) << got[0].line;
}

// -- or_before ----------------------------------------------------------------------------------------------

TEST(OrBefore, OfSeveralThatNobodyCanTellTheLatestGivesTheReason) {
    // All count at the trigger, the latest of those before it first, and then what comes after it.
    const std::string one = duty("d", R"("on":"t","require":{"event":"r","where":"event.a && event.b"},)"
                                      R"("within":"1 hours","or_before":"ever")");
    EXPECT_EQ(run(one,
                  "r1 r 2022-03-01T00:00:00Z {\"b\":true}\nr2 r 2022-03-02T00:00:00Z {\"a\":true}\n"
                  "t1 t 2022-03-03T00:00:00Z\nr3 r 2022-03-03T00:00:00Z {\"b\":true}",
                  k_late)
                  .lines(),
              Lines{"t1 unassessable (missing_value: event.b)"});
    // By its day alone r2 may be after the trigger, and then counts there, after r1.
    EXPECT_EQ(run(one,
                  "r1 r 2022-03-02T00:00:00Z {\"b\":true}\nr2 r 2022-03-03 {\"a\":true}\n"
                  "t1 t 2022-03-03T12:00:00Z",
                  k_late)
                  .lines(),
              Lines{"t1 unassessable (missing_value: event.a)"});
}

TEST(OrBefore, TheLatestOfThoseBeforeAnswers) {
    const std::string one = respond(R"("within":"1 hours","or_before":"24 hours")");
    const auto got = run(one,
                         "r1 r 2022-03-01T01:00:00Z\nr2 r 2022-03-01T02:00:00Z\nt1 t "
                         "2022-03-02T00:00:00Z\nr3 r 2022-03-02T00:30:00Z",
                         "2023-01-01T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 met by r2"});
    EXPECT_EQ(got[0].ended, "2022-03-02T00:00:00Z");  // it counts at the trigger
    EXPECT_EQ(got[0].elapsed, 0);
    EXPECT_EQ(got[0].evidence, "r2 t1");
}

TEST(OrBefore, BothEndsOfTheReachCount) {
    const std::string one = respond(R"("within":"1 hours","or_before":"24 hours")");
    EXPECT_EQ(
        run(one, "r1 r 2022-03-01T00:00:00Z\nt1 t 2022-03-02T00:00:00Z", "2023-01-01T00:00:00Z").lines(),
        Lines{"t1 met by r1"});
    EXPECT_EQ(run(one, "r1 r 2022-02-28T23:59:59.999999Z\nt1 t 2022-03-02T00:00:00Z", "2023-01-01T00:00:00Z")
                  .lines(),
              Lines{"t1 missed"});
}

TEST(OrBefore, EverReachesTheFirstEvent) {
    const std::string one = respond(R"("within":"1 hours","or_before":"ever")");
    EXPECT_EQ(run(one, "r1 r 0001-01-01\nt1 t 2022-03-02T00:00:00Z", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 met by r1"});
}

TEST(OrBefore, SomeReadingOfTheDaysSufficesHarshlyEvery) {
    const std::string one = respond(R"("within":"1 hours","or_before":"24 hours")");
    // Within 24 hours before noon only if it was in the afternoon of 1 March.
    EXPECT_EQ(run(one, "r1 r 2022-03-01\nt1 t 2022-03-02T12:00:00Z", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 met by r1 +imprecise"});
    EXPECT_EQ(run(one, "r1 r 2022-02-28\nt1 t 2022-03-02T12:00:00Z", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 missed"});
    // The trigger's day: within reach of its start, not of its end.
    EXPECT_EQ(run(one, "r1 r 2022-03-01T12:00:00Z\nt1 t 2022-03-02", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 met by r1 +imprecise"});
}

TEST(OrBefore, AnExcuseBeforehandDoesNotCount) {
    const auto got = run(
        respond(
            R"("within":"1 hours","or_before":"24 hours","excused_by":{"event":"x"},"until":{"event":"u"})"),
        "x1 x 2022-03-01T12:00:00Z\nu1 u 2022-03-01T13:00:00Z\nt1 t 2022-03-02T00:00:00Z",
        "2023-01-01T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 missed"});
}

TEST(OrBefore, AnUncertainOneBeforehandStandsAgainstAMiss) {
    const auto got =
        run(duty("d", R"("on":"t","require":{"event":"r","where":"event.ok"},"within":"1 hours",)"
                      R"("or_before":"24 hours")"),
            "r1 r 2022-03-01T12:00:00Z\nt1 t 2022-03-02T00:00:00Z", "2023-01-01T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 unassessable (missing_value: event.ok)"});
    EXPECT_EQ(got[0].evidence, "r1 t1");
}

TEST(OrBefore, OneEnteredAfterTheDueIsRetrospective) {
    const std::string one = respond(R"("within":"1 hours","or_before":"24 hours")");
    EXPECT_EQ(run(one, "r1 r 2022-03-01T12:00:00Z rec=2022-03-02T01:00:00Z\nt1 t 2022-03-02T00:00:00Z",
                  "2023-01-01T00:00:00Z")
                  .lines(),
              Lines{"t1 met by r1"});
    EXPECT_EQ(run(one, "r1 r 2022-03-01T12:00:00Z rec=2022-03-02T01:00:00.000001Z\nt1 t 2022-03-02T00:00:00Z",
                  "2023-01-01T00:00:00Z")
                  .lines(),
              Lines{"t1 met by r1 +retrospective"});
}

// -- flags --------------------------------------------------------------------------------------------------

TEST(Flags, RetrospectiveLooksAtEveryResponseUpToDue) {
    const std::string one = respond(R"("within":"24 hours")");
    const std::string first =
        "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-01T01:00:00Z rec=2022-03-05T00:00:00Z\n";
    EXPECT_EQ(run(one, first, "2023-01-01T00:00:00Z").lines(), Lines{"t1 met by r1 +retrospective"});
    // At exactly due and recorded at exactly due: it could be seen.
    EXPECT_EQ(run(one, first + "r2 r 2022-03-02T00:00:00Z", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 met by r1"});
    EXPECT_EQ(run(one, first + "r2 r 2022-03-02T00:00:00.000001Z", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 met by r1 +retrospective"});
}

TEST(Flags, ADayOfRecordingCountsFromItsStart) {
    const std::string one = respond(R"("within":"24 hours","recorded_within":"24 hours")");
    // Due 2 March 00:00; recorded "on 2 March" is at 00:00, so not after due.
    EXPECT_EQ(run(one, "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-01T12:00:00Z rec=2022-03-02",
                  "2023-01-01T00:00:00Z")
                  .lines(),
              Lines{"t1 met by r1"});
    EXPECT_EQ(run(one, "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-01T12:00:00Z rec=2022-03-03",
                  "2023-01-01T00:00:00Z")
                  .lines(),
              Lines{"t1 met by r1 +recorded_late +retrospective"});
}

TEST(Flags, RecordedWithinRunsFromTheEndOfADay) {
    const std::string one = respond(R"("within":"9 days","recorded_within":"0 days")");
    EXPECT_EQ(run(one, "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-02", "2023-01-01T00:00:00Z").lines(),
              Lines{"t1 met by r1"});
    EXPECT_EQ(run(one, "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-02 rec=2022-03-02T23:59:59.999999Z",
                  "2023-01-01T00:00:00Z")
                  .lines(),
              Lines{"t1 met by r1"});
    EXPECT_EQ(
        run(one, "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-02 rec=2022-03-03", "2023-01-01T00:00:00Z").lines(),
        Lines{"t1 met by r1 +recorded_late"});
}

TEST(Flags, RecordedLateLooksAtTheResponseNotAtAnExcuse) {
    const std::string one =
        respond(R"("within":"9 days","recorded_within":"1 hours","excused_by":{"event":"x"})");
    EXPECT_EQ(run(one,
                  "t1 t 2022-03-01T00:00:00Z rec=2022-03-05T00:00:00Z\nx1 x 2022-03-02T00:00:00Z "
                  "rec=2022-03-05T00:00:00Z",
                  "2023-01-01T00:00:00Z")
                  .lines(),
              Lines{"t1 excused by x1"});
}

TEST(Flags, AccountedAtBothEdges) {
    const std::string one = respond(R"("within":"1 hours","accounted_by":{"event":"a"})");
    const auto line = [&](const char* account, const char* answer = "") {
        return run(one, "t1 t 2022-03-01T10:00:00Z\na1 a " + std::string(account) + "\n" + answer,
                   "2022-03-02T00:00:00Z")[0]
            .line;
    };
    EXPECT_EQ(line("2022-03-01T10:00:00Z"), "t1 missed +accounted");
    EXPECT_EQ(line("2022-03-01T09:59:59.999999Z"), "t1 missed");
    EXPECT_EQ(line("2022-03-02T00:00:00Z"), "t1 missed +accounted");  // at A
    EXPECT_EQ(line("2022-03-01T12:00:00Z", "r1 r 2022-03-01T12:00:00Z"), "t1 late by r1 +accounted");
    EXPECT_EQ(line("2022-03-01T12:00:00.000001Z", "r1 r 2022-03-01T12:00:00Z"), "t1 late by r1");
    EXPECT_EQ(line("2022-03-01"), "t1 missed +accounted");  // the trigger's own day: not before it
    EXPECT_EQ(line("2022-02-28"), "t1 missed");
}

TEST(Flags, AccountedByTheSameKeyOnly) {
    const auto got =
        audit_of({.duties = respond(R"("per":"subject","within":"1 hours","accounted_by":{"event":"a"})")},
                 case_json({.events = "t1 t 2022-03-01T10:00:00Z\na1 a 2022-03-01T11:00:00Z sub=Q",
                            .persons = R"({"id":"P"},{"id":"Q"})"}),
                 "2022-03-02T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t1[P] missed", "t1[Q] missed +accounted"}));
}

TEST(Flags, AccountedNeedsACertainReason) {
    const auto got = run(respond(R"("within":"1 hours","accounted_by":{"event":"a","where":"event.ok"})"),
                         "t1 t 2022-03-01T10:00:00Z\na1 a 2022-03-01T11:00:00Z", "2022-03-02T00:00:00Z");
    EXPECT_EQ(got.lines(), Lines{"t1 missed"});
}

TEST(Flags, DueSoonByTheCalendarOverTheClockChange) {
    // Due 28 March 12:00 local = 11:00Z; a day before is 27 March 12:00 local = 11:00Z, as the change is at
    // 01:00Z.
    const std::string one = respond(R"("within":"7 days","warn":"2 days")");
    const std::string text = case_json({.events = "t1 t 2022-03-21T12:00:00Z"});
    // Two days before the due: 26 March 12:00 local, still winter time, 12:00Z.
    EXPECT_EQ(audit_of({.duties = one, .zone = "Europe/London"}, text, "2022-03-26T11:59:59.999999Z").lines(),
              Lines{"t1 pending"});
    EXPECT_EQ(audit_of({.duties = one, .zone = "Europe/London"}, text, "2022-03-26T12:00:00Z").lines(),
              Lines{"t1 pending +due_soon"});
}

TEST(Flags, WithoutADueNothingIsDueSoon) {
    EXPECT_EQ(run(respond(R"("within":"as soon as practicable","warn":"9 weeks")"),
                  "t1 t 2022-03-01T00:00:00Z", "2022-03-02T00:00:00Z")
                  .lines(),
              Lines{"t1 pending"});
}

}  // namespace
}  // namespace duecare::evaluate::test
