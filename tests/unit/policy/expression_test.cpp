// The expression parser: how texts become trees, and what is said of texts that are none.
#include <gtest/gtest.h>

#include "policy/parse.hpp"
#include "support.hpp"

namespace duecare::policy {
namespace {

/// Names for expressions: ranks, a fact of each kind, parameters.
class Names {
  public:
    Names() : parser_(program_) {
        program_.ranks = {{"constable", 1}, {"sergeant", 2}};
        for (const auto& [name, number] : program_.ranks) program_.rank_numbers.emplace(name, number);
        parser_.add_fact("status", false, 0);
        parser_.add_fact("risk", true, 1);
        parser_.add_parameter("days", Val::of(std::int64_t{7}));
        everything_.event = everything_.trigger = everything_.subject = everything_.facts =
            everything_.subject_facts = true;
    }

    /// The tree as text: (&& (== event_attribute 1) …); the message with its column where it does not parse.
    std::string tree(std::string_view text) { return tree(text, everything_); }
    std::string tree(std::string_view text, const Scope& scope) {
        try {
            return said(program_.expressions[parser_.parse(text, scope)].root);
        } catch (const ExpressionError& error) {
            return std::to_string(error.column) + ": " + error.message;
        }
    }
    const Dependencies& depends(std::string_view text) {
        return program_.expressions[parser_.parse(text, everything_)].depends;
    }
    Program& program() { return program_; }
    const ExpressionParser& parser() { return parser_; }

  private:
    std::string said(std::uint32_t at) const {
        static const char* const k_names[] = {"constant",
                                              "list",
                                              "case.id",
                                              "case.kind",
                                              "case.",
                                              "event.id",
                                              "event.type",
                                              "event.",
                                              "actor.id",
                                              "actor.rank",
                                              "actor.unit",
                                              "actor.accreditations",
                                              "person.id",
                                              "person.roles",
                                              "person.age",
                                              "person.",
                                              "fact",
                                              "has",
                                              "-",
                                              "!",
                                              "&&",
                                              "||",
                                              "==",
                                              "!=",
                                              "<",
                                              "<=",
                                              ">",
                                              ">=",
                                              "in",
                                              "+",
                                              "-",
                                              "?:",
                                              "size",
                                              "contains",
                                              "startsWith",
                                              "endsWith",
                                              "rank",
                                              "mentions",
                                              "exists",
                                              "all",
                                              "exists_subjects",
                                              "all_subjects"};
        const Node& node = program_.nodes[at];
        const std::string name = k_names[static_cast<std::size_t>(node.op)];
        switch (node.op) {
            case Op::constant:
                return said(program_.constants[node.a]);
            case Op::case_id:
            case Op::case_kind:
                return name;
            case Op::case_attribute:
            case Op::event_attribute:
            case Op::person_attribute: {
                std::string path = name + (node.slot != 0 ? std::to_string(node.slot) + "." : "");
                for (const std::string& key : program_.paths[node.a])
                    path += (path.ends_with('.') ? "" : "/") + key;
                return path;
            }
            case Op::fact:
                return "fact" + std::to_string(node.a);
            case Op::list: {
                std::string items = "[";
                for (std::uint32_t i = 0; i < node.b; ++i)
                    items += (i == 0 ? "" : " ") + said(program_.args[node.a + i]);
                return items + "]";
            }
            case Op::conditional:
                return "(?: " + said(node.a) + " " + said(node.b) + " " + said(node.c) + ")";
            case Op::has:
            case Op::negate:
            case Op::logical_not:
            case Op::size:
            case Op::rank:
            case Op::exists_persons:
            case Op::all_persons:
            case Op::exists_subjects:
            case Op::all_subjects:
                return "(" + name + " " + said(node.a) + ")";
            default:
                break;
        }
        const bool path = node.op >= Op::event_id && node.op <= Op::person_age;
        if (path) return name + (node.slot != 0 ? std::to_string(node.slot) : "");
        return "(" + name + " " + said(node.a) + " " + said(node.b) + ")";
    }
    static std::string said(const Val& value) {
        switch (value.kind) {
            case Val::Kind::boolean:
                return value.boolean ? "true" : "false";
            case Val::Kind::integer:
                return std::to_string(value.integer);
            case Val::Kind::decimal:
                return std::to_string(value.decimal);
            case Val::Kind::text:
                return "'" + std::string(value.text()) + "'";
            case Val::Kind::list: {
                std::string items = "[";
                for (std::uint32_t i = 0; i < value.size; ++i)
                    items += (i == 0 ? "" : " ") + said(value.items[i]);
                return items + "]";
            }
            default:
                return "?";
        }
    }

    Program program_;
    ExpressionParser parser_;
    Scope everything_;
};

TEST(Expression, PrecedenceIsThatOfCel) {
    Names names;
    EXPECT_EQ(names.tree("event.a || event.b && event.c"), "(|| event.a (&& event.b event.c))");
    EXPECT_EQ(names.tree("(event.a || event.b) && event.c"), "(&& (|| event.a event.b) event.c)");
    EXPECT_EQ(names.tree("!event.a == event.b"), "(== (! event.a) event.b)");
    EXPECT_EQ(names.tree("event.a + 1 - 2 < 3"), "(< (- (+ event.a 1) 2) 3)");
    EXPECT_EQ(names.tree("event.a == 1 && event.b in ['x', 'y']"),
              "(&& (== event.a 1) (in event.b ['x' 'y']))");
    EXPECT_EQ(names.tree("event.a ? 1 : event.b ? 2 : 3"), "(?: event.a 1 (?: event.b 2 3))");
    EXPECT_EQ(names.tree("event.a || event.b ? 1 : 2"), "(?: (|| event.a event.b) 1 2)");
    EXPECT_EQ(names.tree("1 < 2 == true"), "(== (< 1 2) true)");
    EXPECT_EQ(names.tree("--event.a"), "(- (- event.a))");
    EXPECT_EQ(names.tree("event.a - -1"), "(- event.a -1)");
}

TEST(Expression, LiteralsAreRead) {
    Names names;
    EXPECT_EQ(names.tree("'it\\'s'"), "'it's'");
    EXPECT_EQ(names.tree("\"it's\""), "'it's'");
    EXPECT_EQ(names.tree("'\\\\ \\\" \\n'"), "'\\ \" \n'");
    EXPECT_EQ(names.tree("-9223372036854775808"), "-9223372036854775808");
    EXPECT_EQ(names.tree("9223372036854775807"), "9223372036854775807");
    EXPECT_EQ(names.tree("1.5"), "1.500000");
    EXPECT_EQ(names.tree(".5"), "0.500000");
    EXPECT_EQ(names.tree("1e2"), "100.000000");
    EXPECT_EQ(names.tree("[1, 'a', true, [2]]"), "[1 'a' true [2]]");
    EXPECT_EQ(names.tree("[]"), "[]");
    EXPECT_EQ(names.tree("[1, event.a]"), "[1 event.a]");
    EXPECT_EQ(names.tree(" \t\n true "), "true");
}

TEST(Expression, PathsAreToldApart) {
    Names names;
    EXPECT_EQ(names.tree("case.id"), "case.id");
    EXPECT_EQ(names.tree("case.kind"), "case.kind");
    EXPECT_EQ(names.tree("case.unit.name"), "case.unit/name");
    EXPECT_EQ(names.tree("event['risk-level'].x"), "event.risk-level/x");
    EXPECT_EQ(names.tree("event['id']"), "event.id");
    EXPECT_EQ(names.tree("trigger.type"), "event.type1");
    EXPECT_EQ(names.tree("trigger.actor.rank"), "actor.rank1");
    EXPECT_EQ(names.tree("actor.accreditations"), "actor.accreditations");
    EXPECT_EQ(names.tree("subject.age"), "person.age");
    EXPECT_EQ(names.tree("subject.looked_after"), "person.looked_after");
    EXPECT_EQ(names.tree("fact.risk"), "fact1");
    EXPECT_EQ(names.tree("fact['status']"), "fact0");
    EXPECT_EQ(names.tree("param.days + 1"), "(+ 7 1)");
    EXPECT_EQ(names.tree("has(event.in)"), "(has event.in)");
}

TEST(Expression, FunctionsMethodsAndMacros) {
    Names names;
    EXPECT_EQ(names.tree("size(event.views) > 3"), "(> (size event.views) 3)");
    EXPECT_EQ(names.tree("rank(actor.rank) >= rank('sergeant')"), "(>= (rank actor.rank) (rank 'sergeant'))");
    EXPECT_EQ(names.tree("mentions(event.text, ['Old Bruise'])"), "(mentions event.text ['Old Bruise'])");
    EXPECT_EQ(names.program().phrase_lists.back(), (std::vector<Phrase>{{"old", "bruise"}}));
    EXPECT_EQ(names.tree("event.a.startsWith('x').endsWith('y')"), "(endsWith (startsWith event.a 'x') 'y')");
    EXPECT_EQ(names.tree("'abc'.contains(event.a)"), "(contains 'abc' event.a)");
    EXPECT_EQ(names.tree("case.persons.exists(p, p.age < 18 && event.subjects.all(q, q.id != p.id))"),
              "(exists (&& (< person.age1 18) (all_subjects (!= person.id2 person.id1))))");
    EXPECT_EQ(names.tree("trigger.subjects.exists(p, true)"), "(exists_subjects true)");
}

TEST(Expression, ANameUsedAgainWithinMeansTheInnerPerson) {
    Names names;
    EXPECT_EQ(names.tree("case.persons.exists(p, case.persons.all(p, p.age < 18) && p.age > 3)"),
              "(exists (&& (all (< person.age2 18)) (> person.age1 3)))");
}

TEST(Expression, SaysWhatItDependsOn) {
    Names names;
    EXPECT_EQ(names.depends("fact.risk == fact.status || fact.risk == 'x'").facts,
              (std::vector<std::uint32_t>{0, 1}));
    EXPECT_TRUE(names.depends("subject.looked_after").subject);
    EXPECT_FALSE(names.depends("fact.risk == 'x'").subject) << "a fact kept per subject is among the facts";
    EXPECT_FALSE(names.depends("fact.status == 'x'").event);
    EXPECT_TRUE(names.depends("subject.age < 18").event)
        << "an age is taken at the date of the event at hand";
    EXPECT_TRUE(names.depends("trigger.id == event.id").trigger);
    EXPECT_TRUE(names.depends("case.persons.all(p, true)").has_case);
}

TEST(Expression, EveryNodeHasItsColumn) {
    Names names;
    names.tree("event.a == 'x' && !has(event.b)");
    const auto& notes = names.parser().notes();
    ASSERT_EQ(notes.size(), names.program().nodes.size());
    std::vector<std::uint32_t> columns;
    for (const NodeNote& note : notes) columns.push_back(note.column);
    // event.a, 'x', ==, event.b, has, !, &&
    EXPECT_EQ(columns, (std::vector<std::uint32_t>{0, 11, 8, 23, 19, 18, 15}));
}

TEST(Expression, MistakesAreShownAtTheirColumn) {
    const struct {
        const char* text;
        std::uint32_t column;
        const char* part;
    } k_mistakes[] = {
        {"", 0, "an expression was expected"},
        {"   ", 0, "an expression was expected"},
        {"event.a = 1", 8, "a single ="},
        {"event.a & event.b", 8, "a single &"},
        {"event.a | event.b", 8, "a single |"},
        {"event.a * 2", 8, "only + and -"},
        {"event.a; event.b", 7, "no meaning here"},
        {"event.a == ‘x’", 11, "printed quotation mark"},
        {"event.été", 6, "letters beyond A–Z"},
        {"'abc", 0, "a closing ' was expected"},
        {"\"abc\\\"", 0, "a closing \" was expected"},
        {"'a\\x'", 2, "this escape is not known"},
        {"(event.a", 8, "\")\" was expected to close the parenthesis, and the end was found"},
        {"event.a)", 7, "closes nothing"},
        {"[1, 2", 5, "\"]\" was expected"},
        {"event.a ? 1", 11, "\":\" was expected between the two answers"},
        {"event.a ==", 10, "ends where a value was expected"},
        {"event.a == == 1", 11, "a value was expected, and \"==\" was found"},
        {"event.a <> 1", 9, "\"not equal\" is written !="},
        {"event.a == !event.b", -1U, ""},
        {"event.a and event.b", 8, "\"and\" is written &&"},
        {"event.a Or event.b", 8, "\"or\" is written ||"},
        {"not event.a", 0, "\"not\" is written !"},
        {"event.a not in []", 8, "\"not\" is written !"},
        {"event.a == True", 11, "small letters"},
        {"event.a == null", 11, "has(path)"},
        {"event.a 'x'", 8, "is complete before \"'x'\""},
        {"1 2", 2, "is complete before \"2\""},
        {"evnt.a", 0, "Did you mean \"event\"?"},
        {"high", 0, "A text is written in quotes"},
        {"event", 0, "alone is no value"},
        {"event.", 6, "a key was expected after the dot"},
        {"event.1", 0, "alone is no value"},
        {"event[a]", 6, "a key in quotes was expected"},
        {"event['a'", 9, "\"]\" was expected after the key"},
        {"event.id.x", 9, "has no keys below it"},
        {"case.kind.x", 10, "has no keys below it"},
        {"subject.age.x", 12, "has no keys below it"},
        {"actor.rnak", 6, "Did you mean \"rank\"?"},
        {"actor.rank.x", 11, "has no keys below it"},
        {"fact.statos", 5, "Did you mean \"status\"?"},
        {"fact.status.x", 12, "has no keys below it"},
        {"param.dyas", 6, "Did you mean \"days\"?"},
        {"1 + param.dyas", 10, "Did you mean \"days\"?"},
        {"rnak(actor.rank)", 0, "Did you mean \"rank\"?"},
        {"rank('sergant')", 5, "Did you mean \"sergeant\"?"},
        {"rank(1)", 5, "rank() asks for the name of a rank"},
        {"has(1)", 4, "has() asks for a path"},
        {"has(event.a == 1)", 12, "\")\" was expected to close the call, and \"==\" was found"},
        {"has(event.a.contains('x'))", 4, "has() asks for a path"},
        {"has(case.persons.exists(p, p.a.contains('x')))", 4, "has() asks for a path"},
        {"mentions(event.a)", 16, "between the text and the list of words"},
        {"mentions(event.a, 'x')", 18, "asks for a list of words"},
        {"mentions(event.a, [1])", 18, "one of these is none"},
        {"event.a.contians('x')", 8, "Did you mean \"contains\"?"},
        {"event.a.contains('x', 'y')", 20, "to close the call, and \",\" was found"},
        {"event.a.exists(p, true)", 0, "case.persons or event.subjects"},
        {"'a'.exists(p, true)", 4, "case.persons or event.subjects"},
        {"'a'.b", 4, "a path must begin with a name"},
        {"case.persons.exists(1, true)", 20, "a name for the person was expected"},
        {"case.persons.exists(event, true)", 20, "already means something"},
        {"case.persons.exists(p)", 21, "after the name of the person"},
        {"case.persons.exists(p, q.age < 18)", 23, "no path begins with \"q\""},
        {"9223372036854775808", 0, "does not fit in 64 bits"},
        {"-9223372036854775809", 1, "does not fit in 64 bits"},
        {"1e999", 0, "out of range"},
    };
    Names names;
    for (const auto& mistake : k_mistakes) {
        const std::string said = names.tree(mistake.text);
        if (mistake.column == -1U) {
            EXPECT_EQ(said.find(": "), std::string::npos) << mistake.text << " -> " << said;
            continue;
        }
        EXPECT_TRUE(said.starts_with(std::to_string(mistake.column) + ": "))
            << mistake.text << " -> " << said;
        EXPECT_NE(said.find(mistake.part), std::string::npos) << mistake.text << " -> " << said;
    }
}

TEST(Expression, WhatHasNoMeaningAtAPlaceIsRefused) {
    Names names;
    Scope none;
    none.place = "in `applies`";
    EXPECT_EQ(names.tree("case.kind == 'x'", none), "(== case.kind 'x')");
    EXPECT_EQ(names.tree("event.a", none), "0: `event` has no meaning in `applies`");
    EXPECT_EQ(names.tree("1 == actor.id", none), "5: `actor` has no meaning in `applies`");
    EXPECT_EQ(names.tree("trigger.a", none), "0: `trigger` has no meaning in `applies`");
    EXPECT_EQ(names.tree("event.subjects.all(p, true)", none), "0: `event` has no meaning in `applies`");
    EXPECT_EQ(names.tree("fact.status", none), "0: `fact` has no meaning in `applies`");
    EXPECT_EQ(names.tree("subject.age", none),
              "0: `subject` has no meaning in `applies`: it needs `\"per\": \"subject\"`");
    Scope event = none;
    event.event = event.facts = true;
    EXPECT_EQ(names.tree("trigger.a", event),
              "0: `trigger` has no meaning in `applies`; the event at hand is `event`");
    EXPECT_EQ(names.tree("fact.risk", event),
              "5: the fact \"risk\" is kept per subject and can be read only in duties with `\"per\": "
              "\"subject\"`");
}

TEST(Expression, DepthAndLengthAreLimited) {
    Names names;
    EXPECT_EQ(names.tree(std::string(150, '(') + "true" + std::string(150, ')')), "true");
    EXPECT_NE(names.tree(std::string(5000, '(') + "true").find("nested too deeply"), std::string::npos);
    EXPECT_NE(names.tree(std::string(5000, '!') + "true").find("nested too deeply"), std::string::npos);
    std::string chain = "event.a";
    for (int i = 0; i < 5000; ++i) chain += " && event.a";
    EXPECT_NE(names.tree(chain).find("too long"), std::string::npos);
    std::string calls = "'a'";
    for (int i = 0; i < 5000; ++i) calls += ".contains('a')";
    EXPECT_NE(names.tree(calls).find("too long"), std::string::npos);
}

}  // namespace
}  // namespace duecare::policy
