// Mutations of good policies and expressions, always the same ones: no crash, and every error has its place.
#include <gtest/gtest.h>

#include <array>

#include "support.hpp"

namespace duecare::policy {
namespace {

/// A linear congruential generator (Knuth's MMIX constants), so that every run mutates alike.
class Random {
  public:
    std::size_t below(std::size_t end) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>(state_ >> 33U) % end;
    }

  private:
    std::uint64_t state_ = 20220301;
};

constexpr std::array<std::string_view, 34> k_pieces{
    "event.a",    "fact.risk", "subject.age", "trigger.id", "param.n",
    "rank(",      "has(",      "size(",       "mentions(",  "case.persons.exists(p,",
    ".contains(", "(",         ")",           "[",          "]",
    "'",          "\"",        "&&",          "||",         "==",
    "<",          "in",        "!",           "-",          "?",
    ":",          ",",         "1",           "1e400",      "\\",
    "\xC3\xA9",   "true",      "null",        "$n"};

std::string mutated(std::string text, Random& random) {
    const std::size_t times = 1 + random.below(3);
    for (std::size_t i = 0; i < times; ++i) {
        const std::size_t at = random.below(text.size() + 1);
        const std::size_t length = std::min(random.below(12), text.size() - at);
        switch (random.below(5)) {
            case 0:
                text.erase(at, length);
                break;
            case 1:
                text.insert(at, k_pieces[random.below(k_pieces.size())]);
                break;
            case 2:
                text.replace(at, length, k_pieces[random.below(k_pieces.size())]);
                break;
            case 3:
                text.insert(at, text.substr(random.below(text.size() + 1), 12));
                break;
            default:
                if (at < text.size()) text[at] = static_cast<char>(32 + random.below(224));
                break;
        }
    }
    return text;
}

constexpr std::string_view k_seed_sections = R"("ranks": {"constable": 1, "sergeant": 2},
"calendars": {"working": {"weekdays": ["mon", "tue"], "closed": ["2022-04-15"],
"opens": "09:00", "closes": "17:00"}},
"parameters": {"n": "7 days", "list": ["a", 1]},
"events": {"case.opened": {}, "review.supervisor": {"title": "Review"}, "risk.assessed": {}},
"facts": {"risk": {"per": "subject", "initial": "'low'", "set": [{"event": "risk.assessed",
"where": "event.tool != 'x'", "to": "event.level"}]}},)";

std::string good_policy() {
    return policy_text(
        k_seed_sections,
        duty_text("first",
                  R"x("on": {"event": "case.opened", "count": {"at_least": 2, "within": "90 days"}},
            "per": "subject",
 "for": "subject.age < 18", "require": {"event": ["review.*"],
 "where": "rank(actor.rank) >= rank('sergeant')"}, "within": "$n",
 "effective": {"from": "2022-01-01"}, "explain": "{case_id} {due_at}", "warn": "2 hours")x") +
            ",\n" +
            duty_text("second", R"("while": "case.kind == 'x'", "require": {"event": "review.supervisor"},
 "every": {"choose": "event.a", "cases": {"high": "3 working days"},
 "otherwise": "3 months inclusive"}, "tests": [{"name": "a", "as_of": "2022-03-01",
 "case": {"events": [{"type": "review.supervisor"}]}, "expect": [{"duty": "second", "verdict": "met"}]}])"));
}

constexpr std::array<std::string_view, 6> k_expressions{
    "rank(actor.rank) >= rank('sergeant') && actor.id != trigger.actor.id",
    "fact.risk in ['high', 'medium'] || (has(event.level) && event.level == 'high')",
    "case.persons.exists(p, p.age < 18 && 'child' in p.roles) ? size(event.views) > 3 : false",
    "mentions(event.text, ['old bruise', 'burn']) || event.text.startsWith('x') == !event['a-b'].c",
    "event.a + 1 - -2.5e3 <= param.list || event.subjects.all(q, q.id != subject.id)",
    "!(event.type == 'x') && event.a in param.list",
};

void check(const Compiled& compiled, const std::string& text) {
    bool error = false;
    for (const Diagnostic& diagnostic : compiled.diagnostics) {
        error = error || diagnostic.severity == Diagnostic::Severity::error;
        ASSERT_FALSE(diagnostic.message.empty()) << text;
        ASSERT_FALSE(diagnostic.policy.empty()) << text;
        ASSERT_GT(diagnostic.line, 0U) << diagnostic.text() << "\n" << text;
        ASSERT_LE(diagnostic.column, diagnostic.expression.size()) << text;
        ASSERT_FALSE(diagnostic.text().empty());
    }
    ASSERT_EQ(compiled.policy == nullptr, error) << text;
}

// Under the sanitizers, unoptimised, each takes fifty times as long; there are as many as take seconds.
#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t k_policies = 1000;
constexpr std::size_t k_mutations = 2000;
#else
constexpr std::size_t k_policies = 5000;
constexpr std::size_t k_mutations = 15000;
#endif

TEST(Fuzz, MutatedPoliciesAreRefusedInOrder) {
    Random random;
    const std::string good = good_policy();
    const Compiled sane = compile_text(good);
    ASSERT_NE(sane.policy, nullptr) << texts(sane.diagnostics);
    std::size_t refused = 0;
    for (std::size_t i = 0; i < k_policies; ++i) {
        const std::string text = mutated(good, random);
        const Compiled compiled = compile_text(text);
        ASSERT_NO_FATAL_FAILURE(check(compiled, text));
        refused += compiled.policy == nullptr ? 1U : 0U;
    }
    EXPECT_GT(refused, k_policies / 2);
    EXPECT_LT(refused, k_policies);
}

TEST(Fuzz, MutatedExpressionsAreRefusedAtTheirPlace) {
    Random random;
    std::size_t refused = 0;
    for (std::size_t i = 0; i < k_mutations; ++i) {
        const std::string expression =
            mutated(std::string(k_expressions[random.below(k_expressions.size())]), random);
        const std::string text = policy_text(
            k_seed_sections,
            duty_text("first",
                      R"("per": "subject", "on": "case.opened", "require": {"event": "review.*", "where": )" +
                          json_quoted(expression) + R"(}, "within": "1 day")"));
        const Compiled compiled = compile_text(text);
        ASSERT_NO_FATAL_FAILURE(check(compiled, text));
        refused += compiled.policy == nullptr ? 1U : 0U;
    }
    EXPECT_GT(refused, k_mutations * 7 / 15);
    EXPECT_LT(refused, k_mutations);
}

}  // namespace
}  // namespace duecare::policy
