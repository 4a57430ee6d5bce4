// Warnings: what a policy that compiles can never do. Each test also shows the like that is good.
#include <gtest/gtest.h>

#include "support.hpp"

namespace duecare::policy {
namespace {

constexpr std::string_view k_sections = R"("ranks": {"constable": 1, "sergeant": 2},
"parameters": {"switch": true, "days": 7, "name": "x"},
"facts": {
 "status": {"initial": "'none'", "set": [{"event": "case.opened", "to": "'open'"}, {"event": "case.closed", "to": "'closed'"}]},
 "seen": {"set": [{"event": "child.seen", "to": "true"}]},
 "grade": {"set": [{"event": "risk.assessed", "to": "event.level"}]},
 "count": {"initial": "0", "set": [{"event": "a.b", "to": "1"}, {"event": "a.c", "to": "2"}]}},)";

// Reads everything of k_sections, so that nothing is unused.
constexpr std::string_view k_reader =
    R"("on": "x.y", "check": "has(event.a) || fact.status == event.s || fact.seen == event.s || fact.grade == event.s)"
    R"( || fact.count == event.s || param.switch == event.s || param.days == event.s || param.name == event.s")";

// The warnings about one duty with the keys `more`, as "pointer column: message".
std::string warnings(std::string_view more, std::string_view sections = k_sections) {
    const std::string text =
        policy_text(sections, duty_text("d", more) + ",\n" + duty_text("reader", k_reader));
    const Compiled compiled = compile_text(text);
    EXPECT_NE(compiled.policy, nullptr) << texts(compiled.diagnostics);
    std::string out;
    for (const Diagnostic& d : compiled.diagnostics) {
        EXPECT_EQ(d.severity, Diagnostic::Severity::warning);
        out += (out.empty() ? "" : "\n") + d.pointer + " " + std::to_string(d.column) + ": " + d.message;
    }
    return out;
}

// The warnings about an expression that somebody requires of a review, without the consequence.
std::string of(std::string_view where) {
    std::string out =
        warnings(R"("per": "subject", "on": "case.opened", "require": {"event": "review.done", "where": )" +
                 json_quoted(where) + R"(}, "within": "1 day")");
    const std::string_view place = "/duties/0/require/where ";
    if (out.starts_with(place)) out = out.substr(place.size());
    for (const std::string_view consequence : {" So nothing can answer the duty.", " It can be left out."}) {
        if (out.ends_with(consequence)) out.resize(out.size() - consequence.size());
    }
    return out;
}

TEST(Warnings, AGoodPolicyHasNone) {
    for (const std::string_view good : {"event.level == 'high'",
                                        "fact.status == 'open'",
                                        "fact.status != 'closed'",
                                        "fact.status in ['open', 'closed']",
                                        "fact.seen == true",
                                        "has(event.a)",
                                        "fact.grade == 'anything'",
                                        "fact.grade < 3",
                                        "fact.count >= 1",
                                        "rank(actor.rank) >= rank('sergeant')",
                                        "actor.rank == 'sergeant'",
                                        "'PIP2' in actor.accreditations",
                                        "'child' in subject.roles",
                                        "subject.age < 18",
                                        "size(event.views) > 3",
                                        "event.a + 1 == 2",
                                        "'a' + event.b == 'ab'",
                                        "mentions(event.text, ['bruise'])",
                                        "event.text.contains('x')",
                                        "event.type == 'review.done'",
                                        "case.persons.exists(p, p.age < 18)",
                                        "event.subjects.all(p, p.looked_after)",
                                        "event.a ? event.b : event.c == 1",
                                        "param.switch",
                                        "param.days > 5",
                                        "param.switch && event.a == 1",
                                        "event.a == param.name",
                                        "(fact.count > 1 ? 'a' : 'b') == 'a'",
                                        "fact.status == (event.a ? 'open' : 'closed')",
                                        "event.id != trigger.id",
                                        "case.kind == 'crime'"}) {
        EXPECT_EQ(of(good), "") << good;
    }
}

TEST(Warnings, ComparisonsThatNeverComeOutOneWay) {
    EXPECT_EQ(
        of("fact.status == 'opne'"),
        "15: `fact.status` is never 'opne': it can be 'none', 'open', 'closed'. Did you mean \"open\"?");
    EXPECT_EQ(of("event.a == 1 && fact.status == 'shut'"),
              "31: `fact.status` is never 'shut': it can be 'none', 'open', 'closed'.");
    EXPECT_EQ(of("'opne' == fact.status"),
              "0: `fact.status` is never 'opne': it can be 'none', 'open', 'closed'. Did you mean \"open\"?")
        << "the caret stands under the constant";
    EXPECT_EQ(
        of("fact.status in ['open', 'closde']"),
        "15: `fact.status` is never 'closde': it can be 'none', 'open', 'closed'. Did you mean \"closed\"?");
    EXPECT_EQ(of("fact.status in ['x', 'y']"),
              "15: `fact.status` is never in this list: it can be 'none', 'open', 'closed'.");
    EXPECT_EQ(of("fact.seen != true"), "13: `fact.seen` is always true when it is known.");
    EXPECT_EQ(of("fact.count > 2"), "11: this is never true: `fact.count` can be 0, 1, 2.");
    EXPECT_EQ(of("fact.count >= 0"), "11: this is always true: `fact.count` can be 0, 1, 2.");
    EXPECT_EQ(of("1 < 2"), "2: this is always true.");
    EXPECT_EQ(of("event.x in []"), "11: nothing is in an empty list.");
    EXPECT_EQ(of("case.persons.exists(p, p.id == 5)"),
              "31: `p.id` is a text and 5 a number; these are never equal.");
}

TEST(Warnings, OperatorsOnWrongTypes) {
    EXPECT_EQ(of("'a' < 3"),
              "4: `<` orders two numbers or two texts, and 'a' is a text and 3 a number, so this never has "
              "an answer.");
    EXPECT_EQ(of("true + 1 == 2"),
              "5: `+` joins two numbers or two texts; true is true or false and 1 a number, so this never "
              "has an answer.");
    EXPECT_EQ(
        of("event.a < true"),
        "8: `<` orders two numbers or two texts, and true is true or false, so this never has an answer.");
    EXPECT_EQ(of("fact.status < 3"),
              "12: `<` orders two numbers or two texts, and `fact.status` is a text and 3 a number, so this "
              "never has an answer.");
    EXPECT_EQ(of("'a' in 'abc'"),
              "4: `in` asks for a list on its right, and 'abc' is a text, so this never has an answer. Part "
              "of a text is looked for with contains().");
    EXPECT_EQ(of("subject.roles.contains('child')"),
              "14: `contains` looks into a text, and `subject.roles` is a list, so this never has an answer. "
              "Whether a list has something is asked with `in`.");
    EXPECT_EQ(of("subject.roles == 'child'"),
              "17: `subject.roles` is a list and 'child' a text; these are never equal. Whether a list has "
              "something is asked with `in`.");
    EXPECT_EQ(of("subject.age == '17'"),
              "15: `subject.age` is a number and '17' a text; these are never equal.");
    EXPECT_EQ(of("!event.f == 'x'"),
              "12: what stands beside it is true or false and 'x' a text; these are never equal. The ! "
              "belongs to the left side alone; write !(…) around the comparison.");
    EXPECT_EQ(of("event.a && 'abc'"),
              "8: `&&` joins what is true or false, and 'abc' is a text, so this never has an answer.");
    EXPECT_EQ(of("!event.id"),
              "0: `!` denies what is true or false, and `event.id` is a text, so this never has an answer.");
    EXPECT_EQ(
        of("size(subject.age) > 1"),
        "0: `size` asks for a text or a list, and `subject.age` is a number, so this never has an answer.");
    EXPECT_EQ(of("actor.rank >= 'sergeant'"),
              "11: `>=` orders the names of ranks by their letters; ranks are compared by number: "
              "rank(actor.rank) and rank('sergeant').");
    EXPECT_EQ(of("rank(actor.rank) >= 'sergeant'"),
              "17: `>=` orders two numbers or two texts, and rank() is a number and 'sergeant' a text, so "
              "this never has an answer. Write rank() on both sides.");
    EXPECT_EQ(of("rank(fact.status) > 1"),
              "0: none of 'none', 'open', 'closed' is a rank of this policy, so rank() never has an answer.");
    EXPECT_EQ(of("mentions(event.text, ['?!'])"), "21: '?!' has no word in it, so no text mentions it.");
    EXPECT_EQ(of("event.subjects.exists(p, p.id)"),
              "15: `exists` asks something true or false of each person, and `p.id` is a text, so this never "
              "has an answer.");
    EXPECT_EQ(of("actor.id"), "0: a condition is true or false, and this is a text.");
}

TEST(Warnings, FieldsThatAreNoAttributes) {
    EXPECT_EQ(of("event.attributes.level == 'x'"),
              "0: `event.attributes.level` would be an attribute called \"attributes\"; attributes are read "
              "without this word, such as event.level.");
    EXPECT_EQ(
        of("event.actor.rank == 'x'"),
        "0: `event.actor.rank` would be an attribute called \"actor\"; who did it is read as actor.rank.");
    EXPECT_EQ(of("subject.role == 'child'"),
              "0: `subject.role` would be an attribute called \"role\"; a person has `roles`, a list: "
              "'child' in subject.roles.");
    EXPECT_EQ(of("has(event.recorded_at)"),
              "4: `event.recorded_at` would be an attribute called \"recorded_at\"; expressions do not see "
              "when an event happened; durations and `recorded_within` do.");
}

TEST(Warnings, OneCauseIsSaidOnce) {
    EXPECT_EQ(
        warnings(
            R"x("on": {"event": "x.y", "where": "fact.status == 'opne' && event.a == 1 || false == fact.status"}, "check": "has(event.a)")x"),
        "/duties/0/on/where 15: `fact.status` is never 'opne': it can be 'none', 'open', 'closed'. Did you "
        "mean \"open\"? So the duty never opens.\n"
        "/duties/0/on/where 41: `fact.status` is a text and false true or false; these are never equal.");
    const Compiled compiled = compile_text(
        policy_text(R"("owner": "5", )", duty_text("a", R"x("on": "x.y", "check": "has(event.a)")x") + "," +
                                             duty_text("b", R"x("on": "x.y", "check": "has(event.a)")x")));
    EXPECT_EQ(texts(compiled.diagnostics),
              "test.json:2: warning at /owner: `owner` asks for a text, the person's id, and this gives a "
              "number.\n    5\n    ^\n");
}

TEST(Warnings, WhatAConstantMeansAtItsPlace) {
    const auto with = [](std::string_view key, std::string_view value) {
        return warnings(R"("per": "subject", "on": "x.y", "require": "x.z", "within": "1 day", ")" +
                        std::string(key) + "\": " + json_quoted(value));
    };
    EXPECT_EQ(with("applies", "false"), "/duties/0/applies 0: this is never true. So the duty never opens.");
    EXPECT_EQ(with("applies", "true"), "/duties/0/applies 0: this is always true. It can be left out.");
    EXPECT_EQ(with("applies", "param.switch"), "") << "a force decides by a parameter";
    EXPECT_EQ(with("for", "subject.age == 'x'"),
              "/duties/0/for 15: `subject.age` is a number and 'x' a text; these are never equal. So the "
              "duty never opens.");
    EXPECT_EQ(with("unless", "false"), "/duties/0/unless 0: this is never true. So `unless` has no effect.");
    EXPECT_EQ(with("unless", "true"),
              "/duties/0/unless 0: this is always true. So every obligation is excused.");
    EXPECT_EQ(with("pause_while", "false"),
              "/duties/0/pause_while 0: this is never true. So `pause_while` has no effect.");
    EXPECT_EQ(with("owner", "true"),
              "/duties/0/owner 0: `owner` asks for a text, the person's id, and this gives true or false.");
    EXPECT_EQ(warnings(R"("on": "x.y", "check": "false")"), "") << "what must never happen";
    EXPECT_EQ(warnings(R"("on": "x.y", "check": "true")"),
              "/duties/0/check 0: this is always true. So the duty is always met.");
    EXPECT_EQ(warnings(R"("while": "true", "require": "x.z", "every": "7 days")"), "")
        << "always, from the first event on";
    EXPECT_EQ(warnings(R"("while": "false", "at_most": "7 days")"),
              "/duties/0/while 0: this is never true. So the duty never opens.");
}

TEST(Warnings, CasesThatAreNeverChosen) {
    const auto choose = [](std::string_view expression, std::string_view cases) {
        return warnings(R"("on": "x.y", "require": "x.z", "within": {"choose": )" + json_quoted(expression) +
                        R"(, "cases": )" + std::string(cases) + R"(, "otherwise": "7 days"})");
    };
    EXPECT_EQ(choose("fact.status", R"({"open": "1 day", "closed": "2 days"})"), "");
    EXPECT_EQ(choose("fact.grade", R"({"hgih": "1 day"})"), "") << "it comes from the record";
    EXPECT_EQ(choose("param.name", R"({"x": "1 day", "y": "2 days"})"), "") << "a force decides";
    EXPECT_EQ(choose("fact.status", R"({"open": "1 day", "clsoed": "2 days"})"),
              "/duties/0/within/cases/clsoed 0: `fact.status` is never 'clsoed', so this case is never "
              "chosen: it can be 'none', 'open', 'closed'. Did you mean \"closed\"?");
    EXPECT_EQ(choose("event.a == 1", R"({"true": "1 day"})"),
              "/duties/0/within/choose 0: `choose` looks for a text among the `cases`, and this gives true "
              "or false, so it is always `otherwise`. "
              "Write … ? 'yes' : 'no' and name the cases so.");
    EXPECT_EQ(choose("event.a == 1 ? 'yes' : 'no'", R"({"yes": "1 day"})"), "");
}

TEST(Warnings, UntilsThatAResponseForestalls) {
    EXPECT_EQ(
        warnings(
            R"("on": "x.y", "require": "x.*", "within": "1 day", "until": "x.z", "excused_by": ["x.z", "y.z"])"),
        "/duties/0/until 0: every event that this names answers `require` first, so `until` has no effect");
    EXPECT_EQ(
        warnings(
            R"("on": "x.y", "require": {"event": "x.*", "where": "event.a == 1"}, "within": "1 day", "until": "x.z")"),
        "");
    EXPECT_EQ(
        warnings(
            R"("on": "x.y", "require": "x.*", "within": "1 day", "until": "x.z", "not_before": "1 hour")"),
        "");
}

TEST(Warnings, RulesOfAFactThatNeverApply) {
    const auto fact = [](std::string_view rules) {
        return warnings(R"("on": "x.y", "check": "fact.f == event.a")",
                        std::string(k_sections.substr(0, k_sections.size() - 2)) + R"(, "f": {"set": )" +
                            std::string(rules) + "}},");
    };
    EXPECT_EQ(fact(R"([{"event": "a.b", "where": "event.x == 1", "to": "1"}, {"event": "a.b", "to": "2"}])"),
              "");
    EXPECT_EQ(fact(R"([{"event": "a.*", "to": "1"}, {"event": "a.b", "where": "event.x == 1", "to": "2"}])"),
              "/facts/f/set/1 0: rule 1 of this fact has no `where` and takes the same events first, so this "
              "one never applies; put this one before it, or give rule 1 a `where`");
    EXPECT_EQ(fact(R"([{"event": "a.b", "where": "event.id == 1", "to": "1"}])"),
              "/facts/f/set/0/where 12: `event.id` is a text and 1 a number; these are never equal. So this "
              "rule never sets the fact.");
}

TEST(Warnings, EventTypesThatAreNotDocumented) {
    const std::string_view events = R"("events": {"case.opened": {}, "review.supervisor": {}},)";
    const auto said = [&](std::string_view duty) {
        return texts(compile_text(policy_text(events, duty_text("d", duty))).diagnostics);
    };
    EXPECT_EQ(said(R"("on": "case.opened", "require": "review.*", "within": "1 day")"), "");
    EXPECT_EQ(said(R"("on": "case.opend", "require": ["review.supervisor", "reviews.*"], "within": "1 day")"),
              "test.json:4: warning at /duties/0/on: `events` documents no event type \"case.opend\". Did "
              "you mean \"case.opened\"?\n    \"case.opend\"\n     ^\n"
              "test.json:4: warning at /duties/0/require/1: `events` documents no event type that begins "
              "like \"reviews.*\". Did you mean \"review.*\"?\n"
              "    \"reviews.*\"\n     ^\n");
    EXPECT_NE(
        said(R"("on": "case.opened", "require": {"event": ["meeting.held", "meeting.*"]}, "within": "1 day")")
            .find("Nothing that it documents can answer this duty."),
        std::string::npos);
}

TEST(Warnings, EventTypesThatNoTestHas) {
    const auto said = [](std::string_view type, std::string_view tests) {
        const std::string duty = R"("on": "case.opened", "require": ")" + std::string(type) +
                                 R"(", "within": "1 day")" + std::string(tests);
        return texts(compile_text(policy_text("", duty_text("d", duty))).diagnostics);
    };
    const std::string_view tests =
        R"(, "tests": [{"name": "a", "as_of": "2022-03-01", "case": {"events": [{"type": "case.opened"}, {"type": "review.done"}]}, "expect": []}])";
    EXPECT_EQ(said("review.done", tests), "");
    EXPECT_EQ(said("reveiw.done", ""), "") << "there are no tests";
    EXPECT_EQ(said("reveiw.done", tests),
              "test.json:4: warning at /duties/0/require: no test of this policy has an event of the type "
              "\"reveiw.done\", "
              "so nothing shows that it is spelt as in the records. Did you mean \"review.done\"?\n");
}

TEST(Warnings, WhatNothingReads) {
    const std::string_view duty = R"("on": "x.y", "require": "x.z", "within": "2 working days")";
    const std::string_view sections =
        R"("calendars": {"working": {"weekdays": ["mon"]}, "school": {"weekdays": ["tue"]}}, "parameters": {"n": "1 day"},
"facts": {"f": {"set": [{"event": "a.b", "to": "1"}]}},)";
    EXPECT_EQ(texts(compile_text(policy_text(sections, duty_text("d", duty))).diagnostics),
              "test.json:2: warning at /calendars/school: the calendar \"school\" is never used.\n"
              "test.json:2: warning at /parameters/n: the parameter \"n\" is never used.\n"
              "test.json:3: warning at /facts/f: the fact \"f\" is never read.\n");
    // What a lower layer offers need not be used; what was to replace something of it is told.
    const Document base{
        "base.json",
        policy_text(R"("parameters": {"review": "1 day", "spare": 1},)",
                    duty_text("d", R"("on": "x.y", "require": "x.z", "within": "$review")"), "base")};
    const std::string force =
        R"({"format": "duecare.policy/1", "id": "force", "extends": "base", "parameters": {"reveiw": "2 days"}})";
    EXPECT_EQ(texts(compile_text(force, {base}).diagnostics),
              "test.json:1: warning at /parameters/reveiw: the parameter \"reveiw\" is never used. Did you "
              "mean \"review\"?\n");
}

TEST(Warnings, ComeAfterErrorsInTheOrderOfTheDocument) {
    const Compiled compiled =
        compile_text(policy_text("", duty_text("a", R"("on": "x.y", "check": "evnt.a")") + ",\n" +
                                         duty_text("b", R"("check": "evnt.b", "on": "x*")")));
    ASSERT_EQ(compiled.diagnostics.size(), 3U);
    EXPECT_EQ(compiled.diagnostics[0].pointer, "/duties/0/check");
    EXPECT_EQ(compiled.diagnostics[1].pointer, "/duties/1/check");
    EXPECT_EQ(compiled.diagnostics[2].pointer, "/duties/1/on");
}

}  // namespace
}  // namespace duecare::policy
