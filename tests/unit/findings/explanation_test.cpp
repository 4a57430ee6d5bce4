// The sentence of every verdict of every shape.
#include "support.hpp"

namespace duecare::findings {
namespace {

constexpr std::string_view k_respond =
    R"("on":{"event":"missing.returned"},"require":{"event":"interview.return_home",)"
    R"("where":"actor.id != trigger.actor.id"},"within":"72 hours","excused_by":{"event":"interview.refused"},"until":{"event":"case.closed"})";

std::string respond(std::vector<std::string> events, std::string_view as_of = "2023-01-20T00:00:00Z") {
    events.insert(events.begin(),
                  event("e1", "missing.returned", "2023-01-10T08:00:00Z", actor("OF1", "constable")));
    return sentences(audited(policy_with(k_respond), case_of(events), as_of));
}

constexpr std::string_view k_opening =
    "The duty: after missing.returned (e1) on 10 January 2023, 08:00 by constable OF1, interview.return_home";
constexpr std::string_view k_due = " was due by 13 January 2023, 08:00; ";

std::string opening(std::string_view wanted) {
    return std::string(k_opening) + std::string(wanted) + std::string(k_due);
}

TEST(RespondSentence, Met) {
    EXPECT_EQ(
        respond({event("e2", "interview.return_home", "2023-01-11T09:15:00Z", actor("OF2", "sergeant"))}),
        opening("") + "interview.return_home (e2) came on 11 January 2023, 09:15 by sergeant OF2, in time.");
}

TEST(RespondSentence, LateNamesWhatDidNotCount) {
    EXPECT_EQ(
        respond({event("e2", "interview.return_home", "2023-01-11T09:15:00Z", actor("OF1", "constable")),
                 event("e3", "interview.return_home", "2023-01-15T11:30:00Z", actor("OF2", "sergeant"))}),
        opening(" by somebody other than OF1") +
            "interview.return_home (e2) on 11 January 2023, 09:15 by constable OF1 does not count, because "
            "it was done by OF1, "
            "and somebody else had to do it; interview.return_home (e3) came on 15 January 2023, 11:30 by "
            "sergeant OF2, "
            "2 days 3 hours too late.");
}

TEST(RespondSentence, Missed) {
    EXPECT_EQ(respond({}), opening(" by somebody other than OF1") +
                               "nothing of the kind is on record, 6 days 16 hours after it was due.");
}

TEST(RespondSentence, MissedAtItsEnd) {
    EXPECT_EQ(respond({event("e2", "case.closed", "2023-01-14T10:00:00Z")}),
              opening(" by somebody other than OF1") +
                  "it had not been done when case.closed (e2) came on 14 January 2023, 10:00, 1 day 2 hours "
                  "after it was due.");
}

TEST(RespondSentence, Pending) {
    EXPECT_EQ(respond({}, "2023-01-11T08:00:00Z"),
              opening(" by somebody other than OF1") + "it has not happened yet, with 2 days left.");
}

TEST(RespondSentence, Excused) {
    EXPECT_EQ(respond({event("e2", "interview.refused", "2023-01-11T08:00:00Z")}),
              opening("") + "excused by interview.refused (e2) on 11 January 2023, 08:00.");
}

TEST(RespondSentence, Lapsed) {
    EXPECT_EQ(respond({event("e2", "case.closed", "2023-01-11T08:00:00Z")}),
              opening("") + "no longer due since case.closed (e2) on 11 January 2023, 08:00.");
}

TEST(RespondSentence, Unassessable) {
    EXPECT_EQ(respond({event("e2", "interview.return_home", "2023-01-11T09:15:00Z")}),
              "The duty: cannot be assessed for missing.returned (e1) on 10 January 2023, 08:00 by constable "
              "OF1, because "
              "interview.return_home (e2) on 11 January 2023, 09:15 does not say who did it, and it may have "
              "been what was due.");
}

TEST(RespondSentence, TooEarlyAndSomebodyElse) {
    const std::string said = sentences(audited(
        policy_with(
            R"("on":{"event":"missing.returned"},"per":"subject","require":{"event":"talk"},"not_before":"24 hours","within":"72 hours")"),
        case_of({event("e1", "missing.returned", "2023-01-10T08:00:00Z", R"(,"subjects":["P1"])"),
                 event("e2", "talk", "2023-01-10T09:00:00Z", R"(,"subjects":["P1"])"),
                 event("e3", "talk", "2023-01-12T09:00:00Z", R"(,"subjects":["P2"])")},
                true),
        "2023-01-20T00:00:00Z"));
    EXPECT_EQ(said,
              "The duty (P1): after missing.returned (e1) on 10 January 2023, 08:00, talk was due by 13 "
              "January 2023, 08:00; "
              "talk (e2) on 10 January 2023, 09:00 does not count, because it came before 11 January 2023, "
              "08:00, the earliest that counts; "
              "talk (e3) on 12 January 2023, 09:00 does not count, because it does not concern P1, and "
              "nothing else of the kind is on record, "
              "6 days 16 hours after it was due.");
}

TEST(PrecedeSentence, EveryVerdict) {
    const auto policy = policy_with(
        R"("on":{"event":"interview"},"require":{"event":"adult.arrived","where":"event.seen == true"},"before":"24 hours","unless":"event.urgent == true")");
    const auto said = [&](const std::vector<std::string>& events) {
        return sentences(audited(policy, case_of(events), "2023-02-01T00:00:00Z"));
    };
    const std::string interview = event("e2", "interview", "2023-01-10T12:00:00Z");
    EXPECT_EQ(
        said({event("e1", "adult.arrived", "2023-01-10T10:00:00Z", attributes(R"("seen":true)")), interview}),
        "The duty: interview (e2) on 10 January 2023, 12:00 was preceded, as it had to be, by adult.arrived "
        "(e1) on 10 January 2023, 10:00.");
    EXPECT_EQ(
        said(
            {event("e1", "adult.arrived", "2023-01-10T10:00:00Z", attributes(R"("seen":false)")), interview}),
        "The duty: interview (e2) on 10 January 2023, 12:00 was not preceded by adult.arrived with \"seen\" "
        "being true in the 24 hours "
        "before; adult.arrived (e1) on 10 January 2023, 10:00 does not count, because \"seen\" is false.");
    EXPECT_EQ(said({event("e1", "adult.arrived", "2023-01-10T10:00:00Z"), interview}),
              "The duty: cannot be assessed for interview (e2) on 10 January 2023, 12:00, because "
              "adult.arrived (e1) on 10 January 2023, 10:00 "
              "does not say \"seen\", and it may have been what was due.");
    EXPECT_EQ(said({event("e2", "interview", "2023-01-10T12:00:00Z", attributes(R"("urgent":true)"))}),
              "The duty: interview (e2) on 10 January 2023, 12:00 is excused by its own record.");
}

std::string check(std::string_view condition, std::string_view more) {
    const std::string duty = R"("on":{"event":"child.spoken_to"},"check":")" + std::string(condition) + "\"";
    const std::string record = event("e1", "child.spoken_to", "2022-03-03T09:15:00Z", more);
    const std::string said = sentences(audited(policy_with(duty), case_of({record}), "2023-01-01T00:00:00Z"));
    const std::string begin = "The duty: child.spoken_to (e1) on 3 March 2022, 09:15";
    return said.rfind(begin, 0) == 0 ? said.substr(begin.size()) : said;
}

TEST(CheckSentence, NamesThePartThatFails) {
    const std::string fails = " does not satisfy what must hold, because ";
    EXPECT_EQ(check("has(event.views) && event.alone == true", attributes(R"("alone":false)")),
              fails + "\"views\" is not on record and \"alone\" is false.");
    EXPECT_EQ(check("has(event.views) && event.alone == true", attributes(R"("alone":true)")),
              fails + "\"views\" is not on record.");
    EXPECT_EQ(check("event.minutes >= 20", attributes(R"("minutes":5)")),
              fails + "\"minutes\" is 5 and not at least 20.");
    EXPECT_EQ(check("20 <= event.minutes", attributes(R"("minutes":5)")),
              fails + "\"minutes\" is 5 and not at least 20.");
    EXPECT_EQ(check("!(event.minutes < 20)", attributes(R"("minutes":5)")),
              fails + "\"minutes\" is 5 and not at least 20.");
    EXPECT_EQ(check("event.place in ['home', 'school']", attributes(R"("place":"street")")),
              fails + "\"place\" is \"street\" and neither \"home\" nor \"school\".");
    EXPECT_EQ(check("event.place == 'home' || event.alone", attributes(R"("place":"street","alone":false)")),
              fails + "\"place\" is \"street\" and not \"home\", and \"alone\" is false.");
    EXPECT_EQ(check("size(event.views) > 0", attributes(R"("views":"")")),
              fails + "the length of \"views\" is 0 and not more than 0.");
    EXPECT_EQ(check("event.by != ''", attributes(R"("by":"")")), fails + "\"by\" is empty.");
    EXPECT_EQ(check("false", ""), fails + "the policy does not allow it.");
}

TEST(CheckSentence, NeverRepeatsFreeText) {
    const std::string said =
        check("event.views == 'none'", attributes(R"("views":"Wants to live with an aunt")"));
    EXPECT_EQ(said, " does not satisfy what must hold, because \"views\" is not \"none\".");
    EXPECT_EQ(check("mentions(event.views, ['aunt', 'uncle'])", attributes(R"("views":"With Karin")")),
              " does not satisfy what must hold, because \"views\" mentions none of \"aunt\" or \"uncle\".");
}

TEST(CheckSentence, SaysWhoDidIt) {
    EXPECT_EQ(check("rank(actor.rank) >= rank('sergeant')", actor("OF1", "constable")),
              " by constable OF1 does not satisfy what must hold, because it was done by a constable and not "
              "by a sergeant or above.");
    EXPECT_EQ(check("actor.rank in ['sergeant', 'inspector']", actor("OF1", "constable")),
              " by constable OF1 does not satisfy what must hold, because it was done by a constable and not "
              "by a sergeant or an inspector.");
}

TEST(CheckSentence, OtherVerdicts) {
    EXPECT_EQ(check("has(event.views)", attributes(R"("views":"x")")), " satisfies what must hold.");
    EXPECT_EQ(check("event.alone == true", ""),
              "The duty: cannot be assessed for child.spoken_to (e1) on 3 March 2022, 09:15, because the "
              "record does not say \"alone\".");
}

constexpr std::string_view k_facts =
    R"("facts":{"open":{"initial":"false","set":[{"event":"opened","to":"true"},{"event":"closed","to":"false"}]}},)";

TEST(RecurSentence, EveryVerdict) {
    const auto policy = policy_with(
        R"~("while":"fact.open","require":{"event":"review","where":"rank(actor.rank) >= rank('sergeant')"},"every":"7 days","excused_by":{"event":"leave"})~",
        k_facts);
    const auto said = [&](std::vector<std::string> events, std::string_view as_of) {
        events.insert(events.begin(), event("e1", "opened", "2023-01-02T09:00:00Z"));
        return sentences(audited(policy, case_of(events), as_of));
    };
    const std::string begin = "The duty: after opened (e1) on 2 January 2023, 09:00, review";
    const std::string due = " was due by 9 January 2023, 09:00; ";
    const std::string by = " by a sergeant or above";
    EXPECT_EQ(said({event("e2", "review", "2023-01-08T09:00:00Z", actor("OF2", "inspector")),
                    event("e3", "closed", "2023-01-09T09:00:00Z")},
                   "2023-02-01T00:00:00Z"),
              begin + due +
                  "review (e2) came on 8 January 2023, 09:00 by inspector OF2, in time.\n"
                  "The duty: after review (e2) on 8 January 2023, 09:00 by inspector OF2, review was due by "
                  "15 January 2023, 09:00; "
                  "no longer due since closed (e3) on 9 January 2023, 09:00.");
    EXPECT_EQ(
        said({}, "2023-01-23T09:00:00Z"),
        begin + by + due +
            "nothing of the kind is on record, 14 days after it was due, and 2 periods went by without it.");
    EXPECT_EQ(said({}, "2023-01-08T09:00:00Z"),
              begin + by + due + "it has not happened yet, with 1 day left.");
    EXPECT_EQ(said({event("e2", "review", "2023-01-03T09:00:00Z", actor("OF1", "constable"))},
                   "2023-01-10T09:00:00Z"),
              begin + by + due +
                  "review (e2) on 3 January 2023, 09:00 by constable OF1 does not count, because it was done "
                  "by a constable and not by a "
                  "sergeant or above, and nothing else of the kind is on record, 1 day after it was due.");
    EXPECT_EQ(said({event("e2", "review", "2023-01-03T09:00:00Z", R"(,"actor":{"id":"OF1","rank":"chief"})")},
                   "2023-01-10T09:00:00Z"),
              "The duty: cannot be assessed for opened (e1) on 2 January 2023, 09:00, because review (e2) on "
              "3 January 2023, 09:00 by chief OF1 "
              "names the rank \"chief\", which the policy does not list, and it may have been what was due.");
    const std::string late = said({event("e2", "review", "2023-01-10T10:00:30Z", actor("OF2", "sergeant"))},
                                  "2023-01-10T11:00:00Z");
    EXPECT_EQ(late.substr(0, late.find('\n')),
              begin + by + due +
                  "review (e2) came on 10 January 2023, 10:00:30 by sergeant OF2, 1 day 1 hour too late.");
    const std::string excused = said({event("e2", "leave", "2023-01-04")}, "2023-01-05T11:00:00Z");
    EXPECT_EQ(excused.substr(0, excused.find('\n')),
              begin + due + "excused by leave (e2) on 4 January 2023.");
}

TEST(LastSentence, EveryVerdict) {
    const auto policy = policy_with(
        R"("while":"fact.open","at_most":"24 hours","effective":{"at":"trigger.day","from":"2000-01-01"})",
        k_facts);
    const auto said = [&](std::vector<std::string> events, std::string_view as_of, std::string_view more) {
        events.insert(events.begin(), event("e1", "opened", "2023-01-02T09:00:00Z", more));
        return sentences(audited(policy, case_of(events), as_of));
    };
    const std::string day = attributes(R"("day":"2023-01-02")");
    const std::string begin =
        "The duty: this began with opened (e1) on 2 January 2023, 09:00, and had to end by 3 January 2023, "
        "09:00; ";
    EXPECT_EQ(said({event("e2", "closed", "2023-01-03T09:00:00Z")}, "2023-02-01T00:00:00Z", day),
              begin + "it ended in time with closed (e2) on 3 January 2023, 09:00.");
    EXPECT_EQ(said({event("e2", "closed", "2023-01-03T10:30:00Z")}, "2023-02-01T00:00:00Z", day),
              begin + "it ended with closed (e2) on 3 January 2023, 10:30, 1 hour 30 minutes too late.");
    EXPECT_EQ(said({}, "2023-01-04T09:00:00Z", day), begin + "it still goes on, 1 day too long.");
    EXPECT_EQ(said({}, "2023-01-03T08:00:00Z", day), begin + "it still goes on, with 1 hour left.");
    EXPECT_EQ(said({}, "2023-01-03T08:00:00Z", ""),
              "The duty: cannot be assessed for opened (e1) on 2 January 2023, 09:00, because the record "
              "does not say \"day\" of the opening event.");
}

TEST(Sentence, FlagsAddSentences) {
    const auto policy = policy_with(
        R"("on":{"event":"a"},"require":{"event":"b"},"within":"3 days","accounted_by":{"event":"why"},"warn":"2 days")");
    const std::string record =
        case_of({event("e1", "a", "2023-01-02T09:00:00Z"), event("e2", "why", "2023-01-03T09:00:00Z")});
    EXPECT_EQ(sentences(audited(policy, record, "2023-01-04T09:00:00Z")),
              "The duty: after a (e1) on 2 January 2023, 09:00, b was due by 5 January 2023, 09:00; it has "
              "not happened yet, with 1 day left. "
              "A reason for the delay is on record. It falls due soon.");
}

TEST(Sentence, ADeadlineAfterTheEndOfADayIsAWholeHour) {
    const auto policy = policy_with(R"("on":{"event":"a"},"require":{"event":"b"},"within":"2 hours")");
    EXPECT_EQ(sentences(audited(policy, case_of({event("e1", "a", "2023-01-02")}), "2023-01-03T03:00:00Z")),
              "The duty: after a (e1) on 2 January 2023, b was due by 3 January 2023, 02:00; nothing of the "
              "kind is on record, 1 hour after it was due.");
}

TEST(Sentence, BritishSummerTime) {
    const auto policy =
        policy_with(R"("on":{"event":"a"},"require":{"event":"b"},"within":"2 days inclusive")");
    EXPECT_EQ(sentences(audited(policy, case_of({event("e1", "a", "2023-06-02T23:30:00Z")}),
                                "2023-06-05T00:00:00Z")),
              "The duty: after a (e1) on 3 June 2023, 00:30, b was due by the end of 4 June 2023; nothing of "
              "the kind is on record, 1 hour after it was due.");
}

TEST(Sentence, TheDutysOwnTemplate) {
    const auto policy = policy_with(
        R"("on":{"event":"a"},"require":{"event":"b"},"within":"2 days","explain":"{trigger_event} waits since {opened_at}: {verdict}.")");
    EXPECT_EQ(sentences(audited(policy, case_of({event("e1", "a", "2023-01-02T09:00:00Z")}),
                                "2023-01-03T09:00:00Z")),
              "e1 waits since 2 January 2023, 09:00: pending.");
}

}  // namespace
}  // namespace duecare::findings
