// How fast a policy is judged over 100,000 generated cases, in events per second of one core. `caring` is the
// duties that speak of what these histories hold; `sixty` adds duties of other areas, as any real policy has
// them. What the second takes more than the first is the price of deciding that a duty does not care.
#include <benchmark/benchmark.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "base/text.hpp"
#include "evaluate/audit.hpp"
#include "generated.hpp"
#include "policy/policy.hpp"
#include "records/reader.hpp"

namespace duecare::bench {
namespace {

constexpr std::size_t k_cases = 100'000;
constexpr std::size_t k_duties = 60;

const std::shared_ptr<const records::Caseload>& caseload() {
    static const std::shared_ptr<const records::Caseload> read = [] {
        auto into = std::make_shared<records::Caseload>();
        records::Reader reader(*into, {});
        reader.begin("generated");
        reader.push(generate_caseload(k_cases));
        reader.finish();
        return into;
    }();
    return read;
}

std::string duty(const std::string& id, const std::string& body) {
    return R"({"id": ")" + id + R"(", "title": "Duty", "area": "bench", "severity": "high", )" +
           R"("source": {"title": "Benchmark", "status": "illustrative"}, )" + body + "}";
}

std::string caring_duties() {
    return duty("allocated",
                R"x("on": "report.received", "require": "case.allocated", "within": "3 days")x") +
           "," +
           duty("graded", R"x("on": "case.allocated", "require": "risk.assessed", "within": "5 days")x") +
           "," +
           duty("seen", R"x("per": "subject", "for": "subject.age < 18", "on": {"event": "risk.assessed",
                "where": "event.grade == 'high'"}, "require": {"event": "child.seen", "where": "event.alone"}, "within": "72 hours")x") +
           "," +
           duty("note",
                R"x("on": "child.seen", "check": "has(event.note) && event.note.contains('wishes')")x") +
           "," +
           duty("cadence", R"x("while": "fact.status == 'open'", "require": {"event": "review.supervisor",
                "where": "rank(actor.rank) >= rank('sergeant')"}, "first": "72 hours",
                "every": {"choose": "fact.grade", "cases": {"high": "7 days"}, "otherwise": "28 days"})x") +
           "," +
           duty("before-closing",
                R"x("on": "case.closed", "require": "review.supervisor", "before": "28 days")x");
}

std::shared_ptr<const policy::Policy> compiled(bool sixty) {
    std::string text = R"({"format": "duecare.policy/1", "id": "bench", "version": "1", "title": "Benchmark",
        "time_zone": "Europe/London", "ranks": {"constable": 1, "sergeant": 2, "inspector": 3},
        "facts": {"status": {"initial": "'none'", "set": [{"event": "case.allocated", "to": "'open'"}, {"event": "case.closed", "to": "'closed'"}]},
                  "grade": {"set": [{"event": "risk.assessed", "to": "event.grade"}]},
                  "custody": {"per": "subject", "set": [{"event": "custody.entered", "to": "'held'"}, {"event": "custody.left", "to": "'free'"}]}},
        "duties": [)" + caring_duties();
    for (std::size_t i = 6; sixty && i < k_duties; ++i) {
        std::string number;
        append_integer(number, static_cast<std::int64_t>(i));
        text +=
            "," + duty("other-" + number,
                       i % 10 == 0
                           ? R"("per": "subject", "while": "fact.custody == 'held'", "at_most": "24 hours")"
                           : R"("on": "other.opened)" + number +
                                 R"(", "require": "other.answered", "within": "7 days")");
    }
    policy::Compiled result = policy::compile({"bench", text + "]}"}, {}, {}, time::ZoneData::embedded());
    if (!result.policy) throw std::runtime_error(result.diagnostics.front().text());
    return result.policy;
}

void audit(benchmark::State& state, bool sixty, unsigned threads) {
    const auto policy = compiled(sixty);
    evaluate::Options options;
    options.as_of = options.known_at = evaluate::latest_instant(*policy, *caseload());
    options.threads = threads;
    std::size_t findings = 0;
    for (auto _ : state) {
        const evaluate::Result result = evaluate::audit(policy, caseload(), options);
        findings = result.findings.size();
        benchmark::DoNotOptimize(findings);
    }
    state.counters["events/s"] = benchmark::Counter(static_cast<double>(caseload()->event_count()),
                                                    benchmark::Counter::kIsIterationInvariantRate);
    state.counters["findings"] = static_cast<double>(findings);
    state.counters["bytes/event"] =
        static_cast<double>(caseload()->memory()) / static_cast<double>(caseload()->event_count());
}

BENCHMARK_CAPTURE(audit, caring, false, 1U)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(audit, sixty, true, 1U)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(audit, sixty_two_threads, true, 2U)->Unit(benchmark::kMillisecond)->UseRealTime();

void compile_pack(benchmark::State& state) {
    const std::string text =
        R"({"format": "duecare.policy/1", "id": "bench", "version": "1", "title": "Benchmark",
        "extends": "england-wales-child-protection"})";
    const auto zones = time::ZoneData::embedded();
    for (auto _ : state) benchmark::DoNotOptimize(policy::compile({"bench", text}, {}, {}, zones));
}
BENCHMARK(compile_pack)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace duecare::bench
