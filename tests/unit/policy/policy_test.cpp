// Layers, durations, ranks, facts and parameters as they are compiled, and the text of diagnostics.
#include <gtest/gtest.h>

#include "policy/document.hpp"
#include "support.hpp"

namespace duecare::policy {
namespace {

constexpr std::string_view k_check = R"("on": "x.y", "check": "false")";

const Program& compiled(const Compiled& result) {
    EXPECT_NE(result.policy, nullptr) << texts(result.diagnostics);
    return result.policy->program();
}

TEST(Diagnostic, TheCaretStandsUnderTheCharacter) {
    Diagnostic diagnostic;
    diagnostic.policy = "force.json";
    diagnostic.pointer = "/duties/0/check";
    diagnostic.line = 12;
    diagnostic.message = "here";
    diagnostic.expression = "event['état'] == '日本' = 1";
    diagnostic.column = static_cast<std::uint32_t>(diagnostic.expression.find("= 1"));
    EXPECT_EQ(diagnostic.text(),
              "force.json:12: error at /duties/0/check: here\n    event['état'] == '日本' = 1\n              "
              "            ^");
    diagnostic.severity = Diagnostic::Severity::warning;
    diagnostic.line = 0;
    diagnostic.expression.clear();
    diagnostic.pointer.clear();
    EXPECT_EQ(diagnostic.text(), "force.json: warning: here");
}

TEST(Document, LinesAreThoseOfTheValue) {
    const std::string text = "{\n \"a\": {\"b/c\": [1,\n  {\"d\": true}]},\n\n \"e\\\"~\": null}";
    EXPECT_EQ(line_of(text, ""), 1U);
    EXPECT_EQ(line_of(text, "/a"), 2U);
    EXPECT_EQ(line_of(text, "/a/b~1c/0"), 2U);
    EXPECT_EQ(line_of(text, "/a/b~1c/1"), 3U);
    EXPECT_EQ(line_of(text, "/a/b~1c/1/d"), 3U);
    EXPECT_EQ(line_of(text, "/e\"~0"), 5U);
    EXPECT_EQ(line_of(text, "/z"), 0U);
    EXPECT_EQ(place_of(text, "/a")->offset, text.find("{\"b/c"));
}

TEST(Document, ColonsInTextsAreNoMembers) {
    EXPECT_FALSE(parse_document({"", R"({"a\":b": "x: \"y\": \\", "c": [{"d: {": ":"}, ":"]})"}, "p").error);
}

TEST(Document, FaultsOfTheTextHaveTheirLine) {
    const auto fault = [](std::string text) {
        return texts({*parse_document({"", std::move(text)}, "p").error});
    };
    EXPECT_EQ(fault("{\"a\": 1,\n \"a\": 2}"),
              "p:2: error at /a: this key stands twice in its object; keep one of the two\n");
    EXPECT_EQ(fault("{\"a\": [{\"b\": 1,\n \"b\": 2}]}"),
              "p:2: error at /a/0/b: this key stands twice in its object; keep one of the two\n");
    EXPECT_EQ(fault(R"({"a\":b": "x: \\", "c": {"d: {": 1}, "a\u0022:b": 2})"),
              "p:1: error at /a\":b: this key stands twice in its object; keep one of the two\n");
    EXPECT_EQ(fault("{\"a\": 1\n \"b\": 2}"),
              "p:2: error: this is no valid JSON: a comma is missing before this\n");
    EXPECT_EQ(fault("{\"a\": 1,\n}"),
              "p:2: error: this is no valid JSON: the comma before this bracket is too much\n");
    EXPECT_EQ(fault("{'a': 1}"), "p:1: error: this is no valid JSON: a text stands in double quotes\n");
    EXPECT_EQ(fault("{\"a\": tru}"),
              "p:1: error: this is no valid JSON: \"tru\" is no value; a text stands in double quotes, "
              "and the words of JSON are true, false and null\n");
    EXPECT_EQ(fault(""),
              "p:1: error: this is no valid JSON: the text ends before the policy does; a closing } or ] is "
              "missing\n");
    EXPECT_EQ(fault("{}\n{}"), "p:2: error: there is more text after the end of the policy\n");
    EXPECT_EQ(fault("{\"a\": \"\xFF\"}"), "p:1: error: the text is not valid UTF-8\n");
}

TEST(Layers, WhatFollowsOverridesByName) {
    const Document base{
        "",
        policy_text(
            R"("ranks": {"constable": 1, "sergeant": 2}, "parameters": {"review": "7 days", "other": 1},
"calendars": {"working": {"weekdays": ["mon"]}}, "facts": {"f": {"initial": "1", "set": []}},)",
            duty_text(
                "first",
                R"("on": "x.y", "require": "x.z", "within": "$review", "unless": "fact.f == param.other")") +
                ",\n" + duty_text("second", k_check) + ",\n" + duty_text("third", k_check),
            "base")};
    const Compiled result =
        compile_text(R"({"format": "duecare.policy/1", "id": "force", "title": "Force", "extends": "base",
 "ranks": {"inspector": 3, "constable": 0}, "parameters": {"review": "2 days"},
 "duties": [{"id": "third", "disabled": true}, {"id": "first", "unless": null, "severity": "low"}, )" +
                         duty_text("fourth", k_check) + "]}",
                     {base});
    const Program& program = compiled(result);
    EXPECT_EQ(program.id, "force");
    EXPECT_EQ(program.title, "Force");
    EXPECT_EQ(program.version, "1") << "from the base";
    EXPECT_EQ(program.ranks, (std::vector<std::pair<std::string, std::int64_t>>{
                                 {"constable", 0}, {"sergeant", 2}, {"inspector", 3}}));
    ASSERT_EQ(program.duties.size(), 3U);
    EXPECT_EQ(program.duties[0].id, "first");
    EXPECT_EQ(program.duties[0].severity, DutySeverity::low);
    EXPECT_EQ(program.duties[0].unless, k_no_expression) << "null removes a key";
    EXPECT_EQ(program.duration(program.duties[0].within).text, "2 days")
        << "a parameter of the force in a duty of the base";
    EXPECT_EQ(program.duties[1].id, "second");
    EXPECT_EQ(program.duties[2].id, "fourth");
    EXPECT_EQ(program.merged_json.find("extends"), std::string::npos);
    EXPECT_EQ(program.digest.size(), 64U);
    EXPECT_TRUE(result.diagnostics.empty()) << "what only the base has need not be used";
}

TEST(Layers, ADutyCanComeBack) {
    const Document base{"", policy_text("", duty_text("first", k_check), "base")};
    const Document middle{"", R"({"format": "duecare.policy/1", "id": "middle", "extends": "base", )"
                              R"("duties": [{"id": "first", "disabled": true}]})"};
    const auto top = [](std::string_view duty) {
        return R"({"format": "duecare.policy/1", "id": "top", "extends": "middle", "duties": [)" +
               std::string(duty) + "]}";
    };
    EXPECT_EQ(compiled(compile_text(top(""), {base, middle})).duties.size(), 0U);
    EXPECT_EQ(compiled(compile_text(top(duty_text("first", k_check)), {base, middle})).duties.size(), 1U);
}

TEST(Layers, DiagnosticsNameTheLayerAndItsLine) {
    const Document base{
        "national.json",
        policy_text(
            "",
            "\n\n" + duty_text("first",
                               R"("on": "x.y", "require": "x.z", "within": "9 dyas", "unless": "fact.x")"),
            "base")};
    const std::string force =
        "{\"format\": \"duecare.policy/1\", \"id\": \"force\",\n\"extends\": \"base\",\n\"duties\": "
        "[\n{\"id\": \"first\",\n\"unless\": \"fact.y\"}]}";
    EXPECT_EQ(texts(compile_text(force, {base}).diagnostics),
              "test.json:5: error at /duties/0/unless: the policy has no fact \"y\". It has no facts; they "
              "stand under `facts`.\n    fact.y\n         ^\n"
              "national.json:6: error at /duties/0/within: \"9 dyas\" is not a duration: there is no unit "
              "\"dyas\". Did you mean \"days\"? "
              "Expected minutes, hours, days, weeks, months or years, or the days or hours of a calendar.\n  "
              "  9 dyas\n      ^\n");
}

TEST(Layers, AreLookedForInOrder) {
    const Document handed{"handed.json", policy_text("", duty_text("handed", k_check), "base")};
    const Resolver resolver = [](std::string_view id) -> std::optional<Document> {
        if (id != "base") return std::nullopt;
        return Document{"found.json", policy_text("", duty_text("found", k_check), "base")};
    };
    const std::string force = R"({"format": "duecare.policy/1", "id": "force", "extends": "base"})";
    EXPECT_EQ(compiled(compile_text(force, {handed}, resolver)).duties[0].id, "handed");
    EXPECT_EQ(compiled(compile_text(force, {}, resolver)).duties[0].id, "found");
    const Compiled missing = compile_text(
        R"({"format": "duecare.policy/1", "id": "force", "extends": "bsae"})", {handed}, resolver);
    EXPECT_EQ(missing.policy, nullptr);
    EXPECT_NE(texts(missing.diagnostics).find("Did you mean \"base\"?"), std::string::npos);
}

TEST(Layers, CyclesEnd) {
    const auto layer = [](std::string id, std::string extends) {
        return Document{id + ".json", R"({"format": "duecare.policy/1", "id": ")" + id +
                                          R"(", "extends": ")" + extends + "\"}"};
    };
    const Document a = layer("a", "b");
    const Document b = layer("b", "c");
    const Document c = layer("c", "b");
    EXPECT_EQ(texts(compile(a, {a, b, c}, {}, time::ZoneData::embedded()).diagnostics),
              "c.json:1: error at /extends: the policy \"b\" extends itself, directly or through others\n");
    int asked = 0;
    const Resolver endless = [&](std::string_view id) -> std::optional<Document> {
        ++asked;
        return layer(std::string(id), "x" + std::string(id));
    };
    EXPECT_EQ(compile(a, {}, endless, time::ZoneData::embedded()).policy, nullptr);
    EXPECT_LT(asked, 100);
}

TEST(Policy, DurationsOfDutiesAreRead) {
    const Compiled result = compile_text(policy_text(
        R"("calendars": {"working": {"weekdays": ["mon"]}}, "parameters": {"n": "3 working days"},)",
        duty_text("a", R"("on": "x.y", "require": "x.z", "within": "$n", "or_before": "ever", )"
                       R"("warn": "2 hours", "recorded_within": "14 whole days")") +
            "," +
            duty_text("b", R"("while": "true", "require": "x.z", "first": {"at": "event.next"}, )"
                           R"("every": {"choose": "event.a",
 "cases": {"x": "1 day", "y": {"at": "event.b"}}, "otherwise": "as soon as practicable"})")));
    const Program& program = compiled(result);
    const Duty& a = program.duties[0];
    EXPECT_EQ(program.duration(a.within).fixed, (time::Duration{time::Unit::calendar_days, 3, 0}));
    EXPECT_EQ(program.duration(a.look_back).kind, DurationRule::Kind::ever);
    EXPECT_EQ(program.duration(a.warn).fixed, (time::Duration{time::Unit::hours, 2, 0}));
    EXPECT_EQ(program.duration(a.recorded_within).fixed.unit, time::Unit::whole_days);
    EXPECT_EQ(a.not_before, 0U);
    const Duty& b = program.duties[1];
    EXPECT_EQ(program.duration(b.first).kind, DurationRule::Kind::at);
    const DurationRule& every = program.duration(b.every);
    ASSERT_EQ(every.kind, DurationRule::Kind::choose);
    ASSERT_EQ(every.cases.size(), 2U);
    EXPECT_EQ(every.cases[0].first, "x");
    EXPECT_EQ(program.duration(every.cases[1].second).kind, DurationRule::Kind::at);
    EXPECT_EQ(program.duration(every.otherwise).fixed.unit, time::Unit::practicable);
}

TEST(Policy, FactsAndSelectorsAreRead) {
    const Compiled result = compile_text(policy_text(
        R"("facts": {"risk": {"per": "subject", "initial": "'none'", "set": [
 {"event": ["risk.assessed", "tool.*"], "where": "subject.age < 18", "to": "event.level"}]}},)",
        duty_text("a", R"("per": "subject", "on": {"event": "x.y"}, "check": "fact.risk == 'high'")")));
    const Fact& fact = compiled(result).facts.at(0);
    EXPECT_TRUE(fact.per_subject);
    ASSERT_EQ(fact.rules.size(), 1U);
    const Selector& selector = fact.rules[0].on.selector;
    EXPECT_TRUE(selector.matches("risk.assessed"));
    EXPECT_TRUE(selector.matches("tool.dash"));
    EXPECT_FALSE(selector.matches("tool"));
    EXPECT_FALSE(selector.matches("toolbox"));
    EXPECT_FALSE(selector.matches("risk.assessed.again"));
}

TEST(Policy, ParametersStandInExpressions) {
    const Compiled result = compile_text(policy_text(
        R"("parameters": {"n": 18, "list": ["a", "b"], "on": true, "x": 1.5},)",
        duty_text("a", R"("on": "x.y", "check": "event.a in param.list || event.n < param.n && param.on || )"
                       R"(event.b == param.x")")));
    const Program& program = compiled(result);
    EXPECT_TRUE(result.diagnostics.empty()) << texts(result.diagnostics);
    std::size_t integers = 0;
    for (const Val& constant : program.constants)
        integers += constant.kind == Val::Kind::integer && constant.integer == 18 ? 1U : 0U;
    EXPECT_EQ(integers, 1U);
}

TEST(Policy, KeysStayInTheirOrder) {
    const Compiled result =
        compile_text(policy_text(R"("ranks": {"b": 1, "a": 2}, "events": {"z.a": {}, "a.z": {}, "x.y": {}},)",
                                 duty_text("a", k_check)));
    const Program& program = compiled(result);
    EXPECT_EQ(program.documented_events, (std::vector<std::string>{"z.a", "a.z", "x.y"}));
    EXPECT_LT(program.merged_json.find("\"b\": 1"), program.merged_json.find("\"a\": 2"));
}

}  // namespace
}  // namespace duecare::policy
