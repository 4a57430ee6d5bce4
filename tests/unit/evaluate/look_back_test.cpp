// evaluation.md, "precede", "check" and duties across cases: what no conformance vector shows. Every
// expectation is worked out from the contract's text.
#include "support.hpp"

namespace duecare::evaluate::test {
namespace {

std::string precede(std::string_view keys) {
    return duty("d", R"("on":"t","require":{"event":"r","where":"event.ok"},)" + std::string(keys));
}
TEST(Precede, AnUncertainOneAtTheEdgeMatters) {
    const std::string one = precede(R"("before":"24 hours")");
    EXPECT_EQ(run(one, "r1 r 2022-03-01T00:00:00Z\nt1 t 2022-03-02T00:00:00Z", k_late).lines(),
              Lines{"t1 unassessable (missing_value: event.ok)"});
    EXPECT_EQ(run(one, "r1 r 2022-02-28T23:59:59.999999Z\nt1 t 2022-03-02T00:00:00Z", k_late).lines(),
              Lines{"t1 missed"});
}

TEST(Precede, TheLastUncertainOneGivesTheReason) {
    const std::string one =
        duty("d", R"("on":"t","before":"ever","require":{"event":"r","where":"event.a && event.b"})");
    const auto got = run(one,
                         "r1 r 2022-03-01T00:00:00Z {\"b\":true}\nr2 r 2022-03-01T01:00:00Z {\"a\":true}\nt1 "
                         "t 2022-03-02T00:00:00Z",
                         k_late);
    EXPECT_EQ(got.lines(), Lines{"t1 unassessable (missing_value: event.b)"});
    EXPECT_EQ(got[0].evidence, "r2 t1");
    EXPECT_EQ(got[0].due, "2022-03-02T00:00:00Z");
    EXPECT_EQ(got[0].ended, "2022-03-02T00:00:00Z");
    EXPECT_EQ(got[0].overdue, 0);
}

TEST(Precede, ACertainOneBeforeAnUncertainOneIsNamed) {
    const auto got =
        run(precede(R"("before":"ever")"),
            "r1 r 2022-03-01T00:00:00Z {\"ok\":true}\nr2 r 2022-03-01T01:00:00Z\nt1 t 2022-03-02T00:00:00Z",
            k_late);
    EXPECT_EQ(got.lines(), Lines{"t1 met by r1"});
    EXPECT_EQ(got[0].evidence, "r1 t1");
}

TEST(Precede, TheTriggerIsNotItsOwnAnswer) {
    const std::string one = duty("d", R"("on":"t","require":"t","before":"1 days")");
    EXPECT_EQ(run(one, "t1 t 2022-03-01T00:00:00Z\nt2 t 2022-03-01T12:00:00Z", k_late).lines(),
              (Lines{"t1 missed", "t2 met by t1"}));
    // At one instant each has the other.
    EXPECT_EQ(run(one, "t1 t 2022-03-01T00:00:00Z\nt2 t 2022-03-01T00:00:00Z", k_late).lines(),
              (Lines{"t1 met by t2", "t2 met by t1"}));
}

TEST(Precede, SomeReadingOfBothDaysSuffices) {
    const std::string one = duty("d", R"("on":"t","require":"r","before":"24 hours")");
    EXPECT_EQ(run(one, "r1 r 2022-03-01\nt1 t 2022-03-01", k_late).lines(), Lines{"t1 met by r1 +imprecise"});
    EXPECT_EQ(run(one, "r1 r 2022-03-01\nt1 t 2022-03-02", k_late).lines(), Lines{"t1 met by r1 +imprecise"});
    // The last microsecond of 28 February to the first of 2 March is a day and a microsecond.
    EXPECT_EQ(run(one, "r1 r 2022-02-28\nt1 t 2022-03-02", k_late).lines(), Lines{"t1 missed"});
    EXPECT_EQ(run(one, "r1 r 2022-03-02\nt1 t 2022-03-01", k_late).lines(), Lines{"t1 missed"});
    // Ever: the day before is before by every reading.
    const std::string ever = duty("d", R"("on":"t","require":"r","before":"ever")");
    EXPECT_EQ(run(ever, "r1 r 2022-02-28\nt1 t 2022-03-01", k_late).lines(), Lines{"t1 met by r1"});
}

TEST(Precede, AnUncertainOneByADayMayStandAgainstAMissByOneReadingOnly) {
    // Kindly unassessable, harshly it came after the interview: missed.
    EXPECT_EQ(
        run(precede(R"("before":"ever")"), "r1 r 2022-03-01\nt1 t 2022-03-01T12:00:00Z", k_late).lines(),
        Lines{"t1 unassessable +imprecise (missing_value: event.ok)"});
}

TEST(Precede, RetrospectiveFromTheTriggersLatest) {
    const std::string one = duty("d", R"("on":"t","require":"r","before":"ever")");
    EXPECT_EQ(run(one, "r1 r 2022-03-01T00:00:00Z rec=2022-03-02T23:59:59.999999Z\nt1 t 2022-03-02", k_late)
                  .lines(),
              Lines{"t1 met by r1"});
    EXPECT_EQ(run(one, "r1 r 2022-03-01T00:00:00Z rec=2022-03-03\nt1 t 2022-03-02", k_late).lines(),
              Lines{"t1 met by r1 +retrospective"});
    // Every response in the lookback was entered after it; one that was not, and it could be seen.
    EXPECT_EQ(run(one, "r1 r 2022-03-01T00:00:00Z\nr2 r 2022-03-01T01:00:00Z rec=2022-03-03\nt1 t 2022-03-02",
                  k_late)
                  .lines(),
              Lines{"t1 met by r2"});
}

TEST(Precede, PerSubjectTheAnswerMustConcernThem) {
    const auto got =
        audit_of({.duties = duty("d", R"("per":"subject","on":"t","require":"r","before":"ever")")},
                 case_json({.events = "r1 r 2022-03-01T00:00:00Z sub=P\nt1 t 2022-03-02T00:00:00Z sub=P,Q",
                            .persons = R"({"id":"P"},{"id":"Q"})"}),
                 k_late);
    EXPECT_EQ(got.lines(), (Lines{"t1[P] met by r1", "t1[Q] missed"}));
}

TEST(Precede, AMonthBackFromTheEndOfOne) {
    const std::string one = duty("d", R"("on":"t","require":"r","before":"1 months")");
    EXPECT_EQ(run(one, "r1 r 2022-02-28T00:00:00Z\nt1 t 2022-03-31T00:00:00Z", k_late).lines(),
              Lines{"t1 met by r1"});
    EXPECT_EQ(run(one, "r1 r 2022-02-27T23:59:59.999999Z\nt1 t 2022-03-31T00:00:00Z", k_late).lines(),
              Lines{"t1 missed"});
}

TEST(Precede, LooksBackNoFurtherThanTheFirstInstant) {
    const std::string one = duty("d", R"("on":"t","require":"r","before":"999999 years")");
    EXPECT_EQ(
        run(one, "r1 r 0001-01-01T00:00:00Z\nt1 t 9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z")
            .lines(),
        Lines{"t1 met by r1"});
}

TEST(Check, IsJudgedAtTheTriggerWithoutEnding) {
    const auto got = run(duty("d", R"("on":"t","check":"event.ok")"),
                         "t1 t 2022-03-01 {\"ok\":true}\nt2 t 2022-03-02 {\"ok\":false}\nt3 t 2022-03-03\nt4 "
                         "t 2022-03-04 {\"ok\":1}",
                         k_late);
    EXPECT_EQ(got.lines(), (Lines{"t1 met", "t2 missed", "t3 unassessable (missing_value: event.ok)",
                                  "t4 unassessable (wrong_type: expression)"}));
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(got[i].due, got[i].opened);
        EXPECT_EQ(got[i].ended, got[i].opened);
        EXPECT_EQ(got[i].overdue, 0);
        EXPECT_EQ(got[i].elapsed, 0);
    }
}

TEST(Check, RecordedLateCountsFromTheEndOfTheTriggersDay) {
    const std::string one = duty("d", R"("on":"t","check":"event.ok","recorded_within":"1 days")");
    EXPECT_EQ(
        run(one,
            "t1 t 2022-03-01 rec=2022-03-02 {\"ok\":true}\nt2 t 2022-03-01 rec=2022-03-03 {\"ok\":false}",
            k_late)
            .lines(),
        (Lines{"t1 met", "t2 missed +recorded_late"}));
}

TEST(Check, RepeatFirst) {
    const std::string one = duty("d", R"("on":"t","check":"event.ok","repeat":"first")");
    EXPECT_EQ(run(one, "t1 t 2022-03-01\nt2 t 2022-03-02", k_late).lines(),
              Lines{"t1 unassessable (missing_value: event.ok)"});
}

TEST(Check, AbsorbAndRestartAreForRespondAlone) {
    for (const char* repeat : {"absorb", "restart"}) {
        const std::string end = R"(,"repeat":")" + std::string(repeat) + "\"";
        EXPECT_EQ(compile_text({.duties = duty("d", R"("on":"t","check":"event.ok")" + end)}).policy,
                  nullptr);
        EXPECT_EQ(
            compile_text({.duties = duty("d", R"("on":"t","require":"r","before":"ever")" + end)}).policy,
            nullptr);
    }
}

// -- across cases -------------------------------------------------------------------------------------------

std::string two_cases(std::string_view first, std::string_view second) {
    return case_json({.id = "A", .events = first, .persons = R"({"id":"P"},{"id":"Q"})"}) +
           case_json({.id = "B", .events = second, .persons = R"({"id":"P","born":"2010-01-01"})"});
}

TEST(Across, TheAnswerOfAnotherCaseMustConcernThePerson) {
    const std::string one = respond(R"("per":"subject","across":"cases","within":"1 days")");
    const auto got = audit_of({.duties = one},
                              two_cases("t1 t 2022-03-01T00:00:00Z", "r1 r 2022-03-01T12:00:00Z"), k_late);
    EXPECT_EQ(got.lines(), (Lines{"t1[P] met by r1", "t1[Q] missed"}));
    EXPECT_EQ(got[0].kase, "A");
}

TEST(Across, AtOneInstantRecordingThenCaseThenIdDecide) {
    const std::string one = respond(R"("per":"subject","across":"cases","within":"1 days")");
    EXPECT_EQ(
        audit_of({.duties = one},
                 two_cases("t1 t 2022-03-01T00:00:00Z\nz r 2022-03-01T01:00:00Z", "a r 2022-03-01T01:00:00Z"),
                 k_late)[0]
            .line,
        "t1[P] met by z");
    EXPECT_EQ(
        audit_of({.duties = one},
                 two_cases("t1 t 2022-03-01T00:00:00Z\nz r 2022-03-01T01:00:00Z rec=2022-03-01T01:00:01Z",
                           "a r 2022-03-01T01:00:00Z"),
                 k_late)[0]
            .line,
        "t1[P] met by a");
}

TEST(Across, TheResultDoesNotDependOnTheOrderOfTheCases) {
    const std::string one = respond(R"("per":"subject","across":"cases","within":"1 days")");
    const std::string a = case_json({.id = "A",
                                     .events = "t1 t 2022-03-01T00:00:00Z\nz r 2022-03-01T01:00:00Z",
                                     .persons = R"({"id":"P"})"});
    const std::string b =
        case_json({.id = "B", .events = "a r 2022-03-01T01:00:00Z", .persons = R"({"id":"P"})"});
    EXPECT_EQ(audit_of({.duties = one}, a + b, k_late).lines(), Lines{"t1[P] met by z"});
    EXPECT_EQ(audit_of({.duties = one}, b + a, k_late).lines(), Lines{"t1[P] met by z"});
}

TEST(Across, OwnerIsReadInTheCaseOfTheTrigger) {
    const std::string one =
        respond(R"("per":"subject","across":"cases","within":"1 days","owner":"fact.held")");
    const std::string facts = R"("held":{"set":[{"event":"h","to":"event.who"}]})";
    const auto got =
        audit_of({.duties = one, .facts = facts},
                 two_cases("h1 h 2022-03-02T00:00:00Z {\"who\":\"ann\"}\nt1 t 2022-03-01T00:00:00Z\nh2 h "
                           "2022-03-02T00:00:00.000001Z {\"who\":\"late\"}",
                           "h1 h 2022-03-01T00:00:00Z {\"who\":\"bob\"}\nt1 t 2022-03-05T00:00:00Z"),
                 "2022-03-06T00:00:00Z");
    EXPECT_EQ(got.lines(), (Lines{"t1[P] missed", "t1[Q] missed", "t1[P] pending"}));
    EXPECT_EQ(got[0].owner, "ann");
    EXPECT_EQ(got[2].owner, "bob");
}

TEST(Across, AgeIsThatOfTheCaseOfTheEvent) {
    const std::string one =
        respond(R"("per":"subject","across":"cases","for":"subject.age < 18","within":"1 days")");
    const auto got = audit_of(
        {.duties = one}, two_cases("t1 t 2022-03-01T00:00:00Z sub=P", "t1 t 2022-03-02T00:00:00Z"), k_late);
    EXPECT_EQ(got.lines(), (Lines{"t1[P] unassessable (missing_value: subject.age)", "t1[P] missed"}));
}

TEST(Across, CountsTriggersOfEveryCaseOnce) {
    const std::string one = duty(
        "d",
        R"("per":"subject","across":"cases","on":{"event":"t","count":{"at_least":2,"within":"1 days"}},)"
        R"("require":"r","within":"1 days")");
    const auto got = audit_of({.duties = one},
                              two_cases("t1 t 2022-03-01T00:00:00Z", "t1 t 2022-03-02T00:00:00Z"), k_late);
    EXPECT_EQ(got.lines(), Lines{"t1[P] missed"});
    EXPECT_EQ(got[0].kase, "B");
}

TEST(Across, ACorrectionActsInItsOwnCase) {
    const std::string one = respond(R"("per":"subject","across":"cases","within":"1 days")");
    const auto got = audit_of({.duties = one},
                              two_cases("t1 t 2022-03-01T00:00:00Z sub=P",
                                        "t1 r 2022-03-01T12:00:00Z\nw r 2022-03-01T13:00:00Z fixes=t1 gone"),
                              k_late);
    EXPECT_EQ(got.lines(), Lines{"t1[P] missed"});
}

}  // namespace
}  // namespace duecare::evaluate::test
