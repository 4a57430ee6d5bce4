// evaluation.md, "Which events count", and what expressions read of a record (policy.md): what no conformance
// vector shows. Every expectation is worked out from the contract's text.
#include "support.hpp"

namespace duecare::evaluate::test {
namespace {

const std::string k_simple = respond(R"("within":"1 days")");

// -- what is visible ----------------------------------------------------------------------------------------

TEST(Visible, ACorrectionOfACorrection) {
    const std::string events =
        "t1 t 2022-03-01T00:00:00Z\n"
        "r1 r 2022-03-01T12:00:00Z\n"
        "r2 r 2022-03-05T00:00:00Z rec=2022-03-06T00:00:00Z fixes=r1\n"
        "r3 r 2022-03-01T18:00:00Z rec=2022-03-08T00:00:00Z fixes=r2";
    EXPECT_EQ(run(k_simple, events, "2022-03-07T00:00:00Z", "2022-03-05T23:59:59.999999Z").lines(),
              Lines{"t1 met by r1"});
    EXPECT_EQ(run(k_simple, events, "2022-03-07T00:00:00Z", "2022-03-06T00:00:00Z").lines(),
              Lines{"t1 late by r2"});
    EXPECT_EQ(run(k_simple, events, "2022-03-07T00:00:00Z", "2022-03-08T00:00:00Z").lines(),
              Lines{"t1 met by r3 +retrospective"});
}

TEST(Visible, TwoCorrectionsOfOneEventBothStand) {
    EXPECT_EQ(run(k_simple,
                  "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-01T01:00:00Z\na r 2022-03-01T03:00:00Z "
                  "fixes=r1\nb r 2022-03-01T02:00:00Z fixes=r1",
                  k_late)
                  .lines(),
              Lines{"t1 met by b"});
}

TEST(Visible, EventsThatReplaceEachOtherAreBothGone) {
    EXPECT_EQ(run(k_simple,
                  "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-01T01:00:00Z fixes=r2\nr2 r 2022-03-01T02:00:00Z "
                  "fixes=r1",
                  k_late)
                  .lines(),
              Lines{"t1 missed"});
}

TEST(Visible, AWithdrawalIsInvisibleEvenBeforeItRemoves) {
    // Recorded on the 5th: before that r1 stands; the withdrawal itself, of type t, never triggers.
    const std::string events =
        "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-01T01:00:00Z\nw t 2022-03-01T02:00:00Z "
        "rec=2022-03-05T00:00:00Z fixes=r1 gone";
    EXPECT_EQ(run(k_simple, events, k_late, "2022-03-04T23:59:59.999999Z").lines(), Lines{"t1 met by r1"});
    EXPECT_EQ(run(k_simple, events, k_late, "2022-03-05T00:00:00Z").lines(), Lines{"t1 missed"});
}

TEST(Visible, AWithdrawalOnADayCountsFromItsStart) {
    const std::string events =
        "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-01T01:00:00Z\nw r 2022-03-01T02:00:00Z rec=2022-03-05 "
        "fixes=r1 gone";
    EXPECT_EQ(run(k_simple, events, k_late, "2022-03-04T23:59:59.999999Z").lines(), Lines{"t1 met by r1"});
    EXPECT_EQ(run(k_simple, events, k_late, "2022-03-05T00:00:00Z").lines(), Lines{"t1 missed"});
}

TEST(Visible, KnownLaterThanAsOf) {
    // What was recorded after A but up to K counts; what happened after A does not.
    const std::string events =
        "t1 t 2022-03-01T00:00:00Z rec=2022-03-09T00:00:00Z\nr1 r 2022-03-01T12:00:00.000001Z "
        "rec=2022-03-09T00:00:00Z";
    EXPECT_EQ(run(k_simple, events, "2022-03-01T12:00:00Z").lines(), Lines{});
    EXPECT_EQ(run(k_simple, events, "2022-03-01T12:00:00Z", "2022-03-09T00:00:00Z").lines(),
              Lines{"t1 pending"});
    EXPECT_EQ(run(k_simple, events, "2022-03-01T12:00:00.000001Z", "2022-03-09T00:00:00Z").lines(),
              Lines{"t1 met by r1 +retrospective"});
}

TEST(Visible, RecordedBeforeItHappened) {
    // A visit entered in advance is there from the day on which it takes place, not before.
    const std::string events =
        "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-01T12:00:00Z rec=2022-02-01T00:00:00Z";
    EXPECT_EQ(run(k_simple, events, "2022-03-01T11:59:59Z").lines(), Lines{"t1 pending"});
    EXPECT_EQ(run(k_simple, events, "2022-03-01T12:00:00Z").lines(), Lines{"t1 met by r1"});
}

TEST(Visible, KnownBeforeAsOf) {
    // On the 1st at noon nobody had entered anything, so for the 9th nothing is known but the trigger.
    const std::string events = "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-01T13:00:00Z";
    EXPECT_EQ(run(k_simple, events, "2022-03-09T00:00:00Z", "2022-03-01T12:00:00Z").lines(),
              Lines{"t1 missed"});
}

TEST(Visible, AnEmptyCaseAndOneWithoutVisibleEvents) {
    EXPECT_EQ(audit_of({.duties = k_simple}, case_json({}), k_late).lines(), Lines{});
    const auto got = run(k_simple, "t1 t 2024-03-01T00:00:00Z", k_late);
    EXPECT_EQ(got.lines(), Lines{});
    EXPECT_EQ(got.result.visible_events, 0U);
}

TEST(Visible, WithoutAnyCase) {
    EXPECT_EQ(audit_of({.duties = k_simple}, "", k_late).lines(), Lines{});
}

TEST(Order, FindingsOfOneInstantStandByTheBytesOfTheTriggersId) {
    const auto got = run(k_simple,
                         "b t 2022-03-01T00:00:00Z rec=2022-03-01T00:00:01Z\nB t 2022-03-01T00:00:00Z "
                         "rec=2022-03-01T00:00:02Z\n- t 2022-03-01T00:00:00Z rec=2022-03-01T00:00:03Z",
                         k_late);
    EXPECT_EQ(got.lines(), (Lines{"#3 missed", "B missed", "b missed"}));
}

// -- facts --------------------------------------------------------------------------------------------------

TEST(Facts, ARuleWhoseWhereIsUnknownDoesNotMatchAndTheNextIsTried) {
    const std::string facts =
        R"("g":{"set":[{"event":"s","where":"event.ok","to":"'first'"},{"event":"s","to":"'second'"}]})";
    const std::string one = duty("d", R"("on":"t","check":"fact.g == 'second'")");
    EXPECT_EQ(audit_of({.duties = one, .facts = facts},
                       case_json({.events = "s1 s 2022-03-01T00:00:00Z\nt1 t 2022-03-02T00:00:00Z"}), k_late)
                  .lines(),
              Lines{"t1 met"});
}

TEST(Facts, AnEventWithoutSubjectsSetsEverybodys) {
    const std::string facts =
        R"("g":{"per":"subject","initial":"'none'","set":[{"event":"s","to":"event.to"}]})";
    const std::string one = duty("d", R"("per":"subject","on":"t","check":"fact.g == 'x'")");
    const auto got =
        audit_of({.duties = one, .facts = facts},
                 case_json({.events = "s1 s 2022-03-01T00:00:00Z {\"to\":\"x\"}\ns2 s 2022-03-02T00:00:00Z "
                                      "sub=Q {\"to\":\"y\"}\nt1 t 2022-03-03T00:00:00Z",
                            .persons = R"({"id":"P"},{"id":"Q"},{"id":"R"})"}),
                 k_late);
    EXPECT_EQ(got.lines(), (Lines{"t1[P] met", "t1[Q] missed", "t1[R] met"}));
}

TEST(Facts, InitialOfEachPersonMayReadThePerson) {
    const std::string facts =
        R"("g":{"per":"subject","initial":"subject.kind","set":[{"event":"s","to":"'x'"}]})";
    const std::string one = duty("d", R"("per":"subject","on":"t","check":"fact.g == 'x'")");
    const auto got = audit_of(
        {.duties = one, .facts = facts},
        case_json(
            {.events = "t1 t 2022-03-03T00:00:00Z",
             .persons =
                 R"({"id":"P","attributes":{"kind":"x"}},{"id":"Q","attributes":{"kind":"y"}},{"id":"R"})"}),
        k_late);
    EXPECT_EQ(got.lines(),
              (Lines{"t1[P] met", "t1[Q] missed", "t1[R] unassessable (missing_value: fact.g)"}));
}

TEST(Facts, AnUnknownFactSaysItsOwnName) {
    const std::string facts = R"("g":{"initial":"'a'","set":[{"event":"s","to":"event.to"}]})";
    const std::string one = duty("d", R"("on":"t","check":"fact.g == 'a'")");
    const auto got = audit_of(
        {.duties = one, .facts = facts},
        case_json(
            {.events = "t0 t 2022-03-01T00:00:00Z\ns1 s 2022-03-02T00:00:00Z\nt1 t 2022-03-03T00:00:00Z"}),
        k_late);
    EXPECT_EQ(got[0].line, "t0 met");
    EXPECT_EQ(got[1].line.substr(0, 15), "t1 unassessable");
}

TEST(Facts, AreReadAfterTheCandidateInRequire) {
    const std::string facts = R"("g":{"set":[{"event":"r","to":"event.to"}]})";
    const std::string one =
        duty("d", R"("on":"t","require":{"event":"r","where":"fact.g == 'x'"},"within":"9 days")");
    const auto got =
        audit_of({.duties = one, .facts = facts},
                 case_json({.events = "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-02T00:00:00Z "
                                      "{\"to\":\"y\"}\nr2 r 2022-03-03T00:00:00Z {\"to\":\"x\"}"}),
                 k_late);
    EXPECT_EQ(got.lines(), Lines{"t1 met by r2"});
}

// -- owner --------------------------------------------------------------------------------------------------

constexpr const char* k_held = R"("held":{"initial":"'desk'","set":[{"event":"h","to":"event.who"}]})";

TEST(Owner, BeforeTheFirstEventItIsTheInitialOne) {
    // The record sets a due date before anything else happened in the case.
    const std::string one = respond(R"("within":{"at":"event.next"},"owner":"fact.held")");
    const auto got = audit_of({.duties = one, .facts = k_held},
                              case_json({.events = "h1 h 2022-03-01T00:00:00Z {\"who\":\"ann\"}\nt1 t "
                                                   "2022-03-02T00:00:00Z {\"next\":\"2022-01-01\"}"}),
                              k_late);
    EXPECT_EQ(got.lines(), Lines{"t1 missed"});
    EXPECT_EQ(got[0].owner, "desk");
}

TEST(Owner, AtExactlyDueIsUpToDue) {
    const std::string one = respond(R"("within":"1 days","owner":"fact.held")");
    const auto owner = [&](const char* when, const char* as_of) {
        return audit_of({.duties = one, .facts = k_held},
                        case_json({.events = "t1 t 2022-03-01T00:00:00Z\nh1 h " + std::string(when) +
                                             " {\"who\":\"ann\"}"}),
                        as_of)[0]
            .owner;
    };
    EXPECT_EQ(owner("2022-03-02T00:00:00Z", k_late), "ann");
    EXPECT_EQ(owner("2022-03-02T00:00:00.000001Z", k_late), "desk");
    EXPECT_EQ(owner("2022-03-01T12:00:00Z", "2022-03-01T12:00:00Z"), "ann");
    EXPECT_EQ(owner("2022-03-02", k_late), "ann");  // a day: at its start
}

TEST(Owner, OfAPersonsFactAndOfTheCase) {
    const std::string facts = R"("held":{"per":"subject","set":[{"event":"h","to":"event.who"}]})";
    const std::string one = respond(R"("per":"subject","within":"1 days","owner":"fact.held")") + "," +
                            duty("e", R"("on":"t","require":"r","within":"1 days","owner":"case.unit")");
    const auto got = audit_of(
        {.duties = one, .facts = facts},
        case_json({.events = "h1 h 2022-03-01T00:00:00Z sub=P {\"who\":\"ann\"}\nh2 h 2022-03-01T00:00:00Z "
                             "sub=Q {\"who\":\"bob\"}\nt1 t 2022-03-01T00:00:00Z",
                   .persons = R"({"id":"P"},{"id":"Q"},{"id":"R"})",
                   .more = R"(,"attributes":{"unit":"CAIT"})"}),
        k_late);
    EXPECT_EQ(got.findings.size(), 4U);
    EXPECT_EQ(got[0].owner, "ann");
    EXPECT_EQ(got[1].owner, "bob");
    EXPECT_EQ(got[2].owner, "");
    EXPECT_EQ(got[3].owner, "CAIT");
}

TEST(Owner, OfAnUnassessableTriggerIsAsOfA) {
    const std::string one = duty(
        "d", R"("on":{"event":"t","where":"event.ok"},"require":"r","within":"1 days","owner":"fact.held")");
    const auto got = audit_of(
        {.duties = one, .facts = k_held},
        case_json({.events = "t1 t 2022-03-01T00:00:00Z\nh1 h 2022-09-01T00:00:00Z {\"who\":\"ann\"}"}),
        k_late);
    EXPECT_EQ(got[0].owner, "ann");
}

TEST(Owner, OfAPracticableDutyIsAsOfA) {
    const std::string one = respond(R"("within":"as soon as practicable","owner":"fact.held")");
    const auto got = audit_of({.duties = one, .facts = k_held},
                              case_json({.events = "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-02T00:00:00Z\nh1 "
                                                   "h 2022-09-01T00:00:00Z {\"who\":\"ann\"}"}),
                              k_late);
    EXPECT_EQ(got[0].owner, "ann");
}

// -- expressions --------------------------------------------------------------------------------------------

std::string check(std::string_view expression, std::string_view persons, std::string_view attributes = "{}") {
    const auto got = audit_of(
        {.duties = duty("d", R"("on":"t","check":)" + in_quotes(expression))},
        case_json({.events = "t1 t 2022-06-15T00:00:00Z " + std::string(attributes), .persons = persons}),
        k_late);
    return got[0].line.substr(3);
}
std::string check_subject(std::string_view expression, std::string_view person) {
    const auto got =
        audit_of({.duties = duty("d", R"("per":"subject","on":"t","check":)" + in_quotes(expression))},
                 case_json({.events = "t1 t 2022-06-15T00:00:00Z", .persons = person}), k_late);
    return got[0].line.substr(got[0].line.find(']') + 2);
}

TEST(Expressions, NumbersAcrossTheirKinds) {
    EXPECT_EQ(check("event.n == 2 && event.n <= 2 && event.n in [2]", "", R"({"n":2.0})"), "met");
    EXPECT_EQ(check("event.n == 1000", "", R"({"n":1e3})"), "met");
    // 2^53 + 1 is not 2^53, also where one side is a decimal.
    EXPECT_EQ(check("event.n == 9007199254740992.0", "", R"({"n":9007199254740993})"), "missed");
    EXPECT_EQ(check("event.n > 9007199254740992.0", "", R"({"n":9007199254740993})"), "met");
}

TEST(Expressions, EachPossibleAgeIsCounted) {
    // Born in 2007: fourteen or fifteen on 15 June 2022 by the year alone.
    struct Case {
        const char* expression;
        const char* verdict;
    };
    constexpr const char* k_unsure = "unassessable (missing_value: subject.age)";
    constexpr const char* k_wrong = "unassessable (wrong_type:";
    constexpr Case k_cases[]{
        {"subject.age + 3 <= 18", "met"},
        {"subject.age + 3 < 18", k_unsure},
        {"18 - subject.age >= 3", "met"},
        {"18 - subject.age > 3", k_unsure},
        {"-subject.age < -13", "met"},
        {"subject.age == 16", "missed"},
        {"subject.age != 16", "met"},
        {"subject.age == 'x'", "missed"},
        {"subject.age < 'x'", k_wrong},
        {"subject.age in [14, 15, 20]", "met"},
        {"subject.age in [1, 2]", "missed"},
        {"subject.age in [14]", k_unsure},
        {"has(subject.age)", "met"},
        // Beyond whole numbers, and between two ages.
        {"subject.age + 0.5 < 16", "met"},
        {"subject.age + 0.5 < 15", k_unsure},
        {"0.5 - subject.age < 0", "met"},
        {"-(subject.age + 0.5) == -14", "missed"},
        {"subject.age + 0.5 in [14.5, 15.5]", "met"},
        {"subject.age + 9007199254740993 > 18", "met"},
        {"subject.age + 9223372036854775807 > 18", k_wrong},
        {"-(subject.age - 9223372036854775807 - 16) > 0", k_wrong},
        {"subject.age + subject.age < 31", "met"},
        {"subject.age + subject.age > 29", k_unsure},
        {"subject.age - subject.age in [-1, 0, 1]", "met"},
        // The year after next by either reading.
        {"subject.age < 14.5 || subject.age > 13.5", "met"},
    };
    for (const auto& [expression, verdict] : k_cases) {
        const std::string found = check_subject(expression, R"({"id":"P","born":"2007"})");
        EXPECT_EQ(found.substr(0, std::string_view(verdict).size()), verdict) << expression;
    }
}

TEST(Expressions, AgeOfAPartialBirthDateIsKnownWhereBothEndsAgree) {
    EXPECT_EQ(check_subject("subject.age == 15", R"({"id":"P","born":"2007-06"})"),
              "unassessable (missing_value: subject.age)");
    EXPECT_EQ(check_subject("subject.age == 15", R"({"id":"P","born":"2007-05"})"), "met");
    EXPECT_EQ(check_subject("subject.age == 14", R"({"id":"P","born":"2007-07"})"), "met");
    EXPECT_EQ(check_subject("subject.age == 15", R"({"id":"P","born":"2007-06-15"})"), "met");
    EXPECT_EQ(check_subject("subject.age == 14", R"({"id":"P","born":"2007-06-16"})"), "met");
}

TEST(Expressions, PersonsOfTheTriggerInRequire) {
    const std::string one = duty("d", R"x("on":"t","within":"9 days","require":{"event":"r",)x"
                                      R"x("where":"trigger.subjects.exists(p, p.id == event.who)"})x");
    const auto got =
        audit_of({.duties = one},
                 case_json({.events = "t1 t 2022-03-01T00:00:00Z sub=P\nr1 r 2022-03-02T00:00:00Z "
                                      "{\"who\":\"Q\"}\nr2 r 2022-03-03T00:00:00Z {\"who\":\"P\"}",
                            .persons = R"({"id":"P"},{"id":"Q"})"}),
                 k_late);
    EXPECT_EQ(got.lines(), Lines{"t1 met by r2"});
    const std::string all = duty("d", R"x("on":"t","within":"9 days","require":{"event":"r",)x"
                                      R"x("where":"trigger.subjects.all(p, p.id == event.who)"})x");
    EXPECT_EQ(
        audit_of({.duties = all},
                 case_json({.events = "t1 t 2022-03-01T00:00:00Z\nr1 r 2022-03-02T00:00:00Z {\"who\":\"P\"}",
                            .persons = R"({"id":"P"},{"id":"Q"})"}),
                 k_late)
            .lines(),
        Lines{"t1 missed"});
}

TEST(Expressions, NestedPersons) {
    constexpr const char* k_persons = R"({"id":"P","attributes":{"n":1}},{"id":"Q","attributes":{"n":2}})";
    EXPECT_EQ(check("case.persons.all(p, case.persons.exists(q, q.n != p.n))", k_persons), "met");
    EXPECT_EQ(check("case.persons.exists(p, case.persons.all(q, q.n <= p.n))", k_persons), "met");
    EXPECT_EQ(check("case.persons.exists(p, p.n > 2)", k_persons), "missed");
}

TEST(Expressions, AnIntegerSumThatOverflowsIsNoFalseNumber) {
    // Whatever it becomes, it is not a negative number.
    EXPECT_NE(check("event.n + 1 < 0", "", R"({"n":9223372036854775807})"), "met");
    EXPECT_NE(check("event.n - 1 > 0", "", R"({"n":-9223372036854775808})"), "met");
    EXPECT_NE(check("-event.n < 0", "", R"({"n":-9223372036854775808})"), "met");
}

TEST(Expressions, ANullInAListIsNoValue) {
    EXPECT_EQ(check("1 in event.l", "", R"({"l":[null,1]})"), "met");
    EXPECT_EQ(check("size(event.l) == 2", "", R"({"l":[null,1]})"), "met");
}

}  // namespace
}  // namespace duecare::evaluate::test
