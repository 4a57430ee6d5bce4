// The same inputs give the same bytes: for any number of threads, order of events, size of chunks, zone and
// locale of the process.
#include <clocale>
#include <cstdlib>
#include <ctime>
#include <random>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "support.hpp"

namespace duecare::evaluate::test {
namespace {

// Every shape, keys of every kind, facts, pauses, choices, decimals in texts, two cases a person.
const std::string& duties() {
    static const std::string text =
        duty("respond", R"("per":"subject","for":"subject.age < 18","on":"t","require":{"event":"r","where":"event.score > 1.5"},)"
                        R"("within":{"choose":"fact.g","cases":{"high":"24 hours"},"otherwise":"3 working days"},"or_before":"2 days",)"
                        R"("excused_by":{"event":"x"},"until":{"event":"u"},"owner":"fact.held","warn":"2 days","recorded_within":"1 days")") +
        "," + duty("keyed", R"("per":"event.score","on":"t","require":"r","within":"36 hours","repeat":"restart")") + "," +
        duty("precede", R"("on":"r","require":"t","before":"1 months")") + "," +
        duty("check", R"("on":"t","check":"event.score + 0.25 >= 1.75")") + "," +
        duty("recur", R"("per":"subject","while":"fact.open","require":"r","every":"7 days","accounted_by":{"event":"a"},"pause_while":"fact.g == 'low'")") + "," +
        duty("grid", R"("while":"fact.open","require":"r","every":"1 weeks","anchor":"schedule")") + "," +
        duty("last", R"("while":"fact.open","at_most":"30 days")") + "," +
        duty("across", R"("per":"subject","across":"cases","on":{"event":"t","count":{"at_least":3,"within":"20 days"}},"require":"u","within":"10 days","repeat":"absorb")");
    return text;
}
constexpr std::string_view k_facts =
    R"("open":{"initial":"false","set":[{"event":"o","to":"true"},{"event":"c","to":"false"}]},)"
    R"("g":{"set":[{"event":"s","to":"event.to"}]},"held":{"set":[{"event":"s","to":"event.who"}]})";
constexpr std::string_view k_more =
    R"(,"calendars":{"working":{"weekdays":["mon","tue","wed","thu","fri"],"closed":["2022-04-15"],"opens":"09:00","closes":"17:30",)"
    R"("covers":{"from":"2022-01-01","until":"2022-09-01"}}})";

std::string two_digits(std::size_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

// Cases whose events are shuffled by `seed`; the cases stand in one order.
std::string cases(std::size_t count, unsigned seed) {
    static constexpr std::string_view k_types[] = {"t", "r", "x", "u", "a", "o", "c", "s"};
    static constexpr std::string_view k_times[] = {"", "T09:00:00", "T01:30:00", "T12:00:00.25Z", "T23:59:60+01:00"};
    std::string out;
    std::mt19937 shuffle(seed);
    for (std::size_t c = 0; c < count; ++c) {
        std::mt19937 random(static_cast<unsigned>(c) + 1);
        const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
        std::vector<std::string> lines;
        const std::size_t events = pick(30);
        for (std::size_t e = 0; e < events; ++e) {
            std::string line = "e" + std::to_string(e) + " " + std::string(k_types[pick(8)]) + " 2022-0" + std::to_string(3 + pick(5)) + "-" +
                               two_digits(1 + pick(30)) + std::string(k_times[pick(5)]);
            if (pick(4) == 0) line += " rec=2022-0" + std::to_string(3 + pick(6)) + "-" + two_digits(1 + pick(30));
            if (pick(3) == 0) line += " sub=P" + std::to_string(c);
            if (e > 0 && pick(12) == 0) line += " fixes=e" + std::to_string(pick(e));
            if (pick(5) != 0) {
                line += " {\"score\":" + std::string(pick(2) == 0 ? "1.5" : "2.50") + R"(,"to":")" + (pick(2) == 0 ? "high" : "low") +
                        R"(","who":"s)" + std::to_string(pick(3)) + "\"}";
            }
            lines.push_back(line);
        }
        for (std::size_t i = lines.size(); seed != 0 && i > 1; --i) std::swap(lines[i - 1], lines[shuffle() % i]);
        std::string text;
        for (const std::string& line : lines) text += line + "\n";
        out += case_json({.id = "C" + std::to_string(c), .events = text,
                          .persons = R"({"id":"P)" + std::to_string(c) + R"(","born":"2008-02-29"},{"id":"P)" + std::to_string(c + 1) + R"(","born":"2004"})"});
    }
    return out;
}

std::string bytes_of(const Audited& audited) {
    std::string out;
    for (const Shown& f : audited.findings) {
        for (const std::string& part : {f.kase, f.duty, f.line, f.opened, f.due, f.ended, f.owner, f.evidence}) out += part + "|";
        out += std::to_string(f.overdue) + "|" + std::to_string(f.elapsed) + "|" + std::to_string(f.missed) + "\n";
    }
    for (const auto& row : audited.result.counts) {
        for (const std::uint64_t n : row) out += std::to_string(n) + " ";
    }
    return out;
}

std::string audited_bytes(const std::string& text, unsigned threads = 1, std::size_t chunk = std::string_view::npos / 2) {
    const auto policy = policy_of({.duties = duties(), .facts = k_facts, .zone = "Europe/London", .more = k_more});
    Options options;
    options.as_of = at("2022-07-20T12:00:00Z");
    options.known_at = at("2022-08-20T00:00:00Z");
    options.verdicts = k_all_verdicts;
    options.threads = threads;
    Audited out;
    if (!policy) return {};
    out.result = audit(policy, caseload_of(text, chunk), options);
    for (const Finding& finding : out.result.findings) out.findings.push_back(show(out.result, finding));
    return bytes_of(out);
}

std::string head(const std::string& text) { return text.substr(0, 400); }

TEST(Determinism, TheSampleHasFindingsOfEveryVerdictAndFlag) {
    const std::string bytes = audited_bytes(cases(1'200, 0));
    for (const std::string_view verdict : k_verdict_names) EXPECT_NE(bytes.find(" " + std::string(verdict)), std::string::npos) << verdict;
    for (const std::string_view flag : k_flag_names) EXPECT_NE(bytes.find("+" + std::string(flag)), std::string::npos) << flag;
}

// Also run under ThreadSanitizer (label `threads`).
TEST(DeterminismThreads, AnyNumberGivesTheSameBytes) {
    const std::string text = cases(1'200, 0);
    const std::string one = audited_bytes(text);
    for (const unsigned threads : {2U, 7U, 16U, 0U}) {
        const std::string got = audited_bytes(text, threads);
        EXPECT_TRUE(got == one) << threads << " threads: " << head(got);
    }
}

TEST(DeterminismThreads, OnePolicyAndCaseloadServeManyAuditsAtOnce) {
    const auto policy = policy_of({.duties = duties(), .facts = k_facts, .zone = "Europe/London", .more = k_more});
    const auto caseload = caseload_of(cases(300, 0));
    ASSERT_TRUE(policy);
    Options options;
    options.as_of = options.known_at = at("2022-07-20T12:00:00Z");
    options.threads = 2;
    std::vector<std::size_t> counts(6);
    {
        std::vector<std::jthread> threads;
        for (std::size_t& count : counts) threads.emplace_back([&] { count = audit(policy, caseload, options).findings.size(); });
    }
    EXPECT_GT(counts[0], 0U);
    EXPECT_EQ(counts, std::vector<std::size_t>(6, counts[0]));
}

TEST(DeterminismThreads, AnAuditThatIsCancelledEnds) {
    const auto policy = policy_of({.duties = duties(), .facts = k_facts, .zone = "Europe/London", .more = k_more});
    ASSERT_TRUE(policy);
    Options options;
    options.as_of = options.known_at = at("2022-07-20T12:00:00Z");
    options.threads = 7;
    options.progress = [](std::uint64_t, std::uint64_t) { return false; };
    // The calling thread may find no work left; so it is tried with work for all.
    try {
        (void)audit(policy, caseload_of(cases(3'000, 0)), options);
    } catch (const Error& error) {
        EXPECT_EQ(error.status(), Status::cancelled);
    }
}

TEST(Determinism, AnyOrderOfEventsGivesTheSameBytes) {
    const std::string one = audited_bytes(cases(400, 0));
    for (const unsigned seed : {1U, 2U, 3U}) EXPECT_TRUE(audited_bytes(cases(400, seed)) == one) << seed;
}

TEST(Determinism, AnySizeOfChunksGivesTheSameBytes) {
    const std::string text = cases(60, 0);
    const std::string one = audited_bytes(text);
    for (const std::size_t chunk : {1U, 2U, 61U, 4'096U}) EXPECT_TRUE(audited_bytes(text, 1, chunk) == one) << chunk;
}

// Sets variables of the environment and the C locale, and puts them back.
class Surroundings {
  public:
    Surroundings(const char* zone, const char* locale) {
        keep("TZ", zone);
        keep("LC_ALL", locale);
        tzset();
        known_ = std::setlocale(LC_ALL, "") != nullptr;
    }
    ~Surroundings() {
        std::setlocale(LC_ALL, "C");
        for (const auto& [name, value] : before_) {
            if (value.empty()) {
                unsetenv(name);
            } else {
                setenv(name, value.c_str(), 1);
            }
        }
        tzset();
    }
    Surroundings(const Surroundings&) = delete;
    Surroundings& operator=(const Surroundings&) = delete;
    [[nodiscard]] bool known() const { return known_; }

  private:
    void keep(const char* name, const char* value) {
        const char* const now = std::getenv(name);
        before_.emplace_back(name, now == nullptr ? "" : now);
        setenv(name, value, 1);
    }
    std::vector<std::pair<const char*, std::string>> before_;
    bool known_ = false;
};

TEST(Determinism, TheZoneOfTheProcessDoesNotMatter) {
    const std::string text = cases(200, 0);
    const std::string one = audited_bytes(text);
    for (const char* zone : {"Pacific/Kiritimati", "America/Anchorage", "Asia/Kathmandu", ":/nowhere", "XXX-25:30"}) {
        const Surroundings surroundings(zone, "C");
        EXPECT_TRUE(audited_bytes(text) == one) << zone;
    }
}

TEST(Determinism, TheLocaleOfTheProcessDoesNotMatter) {
    const std::string text = cases(200, 0);
    const std::string one = audited_bytes(text);
    {
        const Surroundings surroundings("UTC", "C.UTF-8");
        EXPECT_TRUE(audited_bytes(text) == one);
    }
    const Surroundings surroundings("Europe/Berlin", "de_DE.UTF-8");
    if (!surroundings.known()) GTEST_SKIP() << "this machine has no de_DE.UTF-8 (tests/setup.sh makes it)";
    EXPECT_STREQ(std::localeconv()->decimal_point, ",");
    EXPECT_TRUE(audited_bytes(text) == one);
}

}  // namespace
}  // namespace duecare::evaluate::test
