// How long a monitor takes for one event with 10,000 open cases: p50, p99 and p99.9 in microseconds, and what
// a case holds in memory. `pack`: under all duties of the built-in pack.
#include <benchmark/benchmark.h>
#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "generated.hpp"
#include "monitor/monitor.hpp"
#include "policy/builtin.hpp"
#include "policy/policy.hpp"
#include "time/zone.hpp"

namespace duecare::bench {
namespace {

std::shared_ptr<const policy::Policy> pack() {
    const policy::Compiled made = policy::compile(*policy::builtin_document("england-wales-child-protection"),
                                                  {}, policy::builtin_document, time::ZoneData::embedded());
    if (!made.policy) throw std::runtime_error("the built-in pack does not compile");
    return made.policy;
}

constexpr std::int64_t k_now = 1'688'205'600'000'000;  // 2023-07-01T10:00:00Z
constexpr std::int64_t k_later = k_now + 86'400 * time::k_micros_per_second;

std::string event(std::size_t serial, const char* type) {
    return R"({"id":"n)" + std::to_string(serial) + R"(","type":")" + type + R"(","occurred_at":")" +
           time::format_instant(k_now + static_cast<std::int64_t>(serial) * time::k_micros_per_second) +
           R"(","actor":"ps-0001","attributes":{"grade":"high"}})";
}

// range(0): open cases.
void push_event(benchmark::State& state) {
    static constexpr const char* k_types[] = {"review.supervisor", "child.seen", "risk.assessed",
                                              "investigation.progress", "note.added"};
    const auto cases = static_cast<std::size_t>(state.range(0));
    monitor::Monitor monitor(pack(), {k_later, k_later});
    const std::string text = generate_caseload(cases);
    const std::size_t empty = monitor.memory();
    std::vector<std::string> ids;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string line = text.substr(begin, end - begin);
        begin = end + 1;
        if (line.empty()) continue;
        monitor.push_document(line);
        constexpr std::string_view k_id = R"("id": ")";
        if (line.find("duecare.case/1") == std::string::npos) continue;
        const std::size_t at = line.find(k_id) + k_id.size();
        ids.push_back(line.substr(at, line.find('"', at) - at));
    }
    const double per_case =
        static_cast<double>(monitor.memory() - empty) / static_cast<double>(monitor.case_count());
    std::vector<double> micros;
    std::size_t serial = 0;
    for (auto _ : state) {
        const std::string& id = ids[(serial * 7919) % ids.size()];
        const std::string json = event(serial, k_types[serial % 5]);
        const auto begin = std::chrono::steady_clock::now();
        benchmark::DoNotOptimize(monitor.push_event(id, json));
        micros.push_back(
            std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
        ++serial;
    }
    std::sort(micros.begin(), micros.end());
    const auto quantile = [&](double q) {
        return micros[std::min(micros.size() - 1,
                               static_cast<std::size_t>(q * static_cast<double>(micros.size())))];
    };
    state.counters["p50_us"] = quantile(0.5);
    state.counters["p99_us"] = quantile(0.99);
    state.counters["p999_us"] = quantile(0.999);
    state.counters["case_bytes"] = per_case;
    state.counters["events_case"] =
        static_cast<double>(monitor.event_count()) / static_cast<double>(monitor.case_count());
}
BENCHMARK(push_event)->Arg(100)->Arg(10'000)->Iterations(20'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace duecare::bench
