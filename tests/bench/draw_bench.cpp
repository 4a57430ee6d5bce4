// Tickets and draws of a million units. Items are tickets or units.
#include <benchmark/benchmark.h>

#include <string>

#include "sampling/manifest.hpp"
#include "sampling/sample.hpp"

namespace duecare::sampling {
namespace {

constexpr std::string_view k_dice = "31415926535897932384";
constexpr std::size_t k_million = 1'000'000;

const std::shared_ptr<const Frame>& million() {
    static const std::shared_ptr<const Frame> frame = [] {
        auto made = std::make_shared<Frame>();
        for (std::size_t i = 0; i < k_million; ++i) {
            const std::string digits = std::to_string(k_million + i);
            made->push("CASE-" + digits, i % 3 == 0 ? "north" : "south",
                       static_cast<std::int64_t>(1 + i % 97));
        }
        made->finish();
        return made;
    }();
    return frame;
}

void tickets(benchmark::State& state) {
    const Frame& frame = *million();
    const TicketMaker maker(k_dice);
    for (auto _ : state) benchmark::DoNotOptimize(make_tickets(frame, maker));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(k_million));
}
BENCHMARK(tickets)->Unit(benchmark::kMillisecond);

void select_by_ticket(benchmark::State& state) {
    const Frame& frame = *million();
    const Population population{frame, make_tickets(frame, TicketMaker(k_dice))};
    std::vector<Unit> all(k_million);
    for (Unit unit = 0; unit < k_million; ++unit) all[unit] = unit;
    const auto n = static_cast<std::size_t>(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(first_by_ticket(population, all, n));
}
BENCHMARK(select_by_ticket)->Arg(60)->Arg(10'000)->Unit(benchmark::kMillisecond);

void draw(benchmark::State& state, const char* design) {
    const Plan plan = read_plan(R"({"format": "duecare.sample-plan/1", "n": 60, "design": ")" +
                                std::string(design) + "\"}");
    for (auto _ : state) benchmark::DoNotOptimize(Sample(million(), plan, k_dice, "").groups());
}
BENCHMARK_CAPTURE(draw, srs, "srs")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(draw, sequential_poisson, "sequential_poisson")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(draw, pareto, "pareto")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(draw, pps_systematic, "pps_systematic")->Unit(benchmark::kMillisecond);

void frame_digest(benchmark::State& state) {
    const Frame& source = *million();
    for (auto _ : state) {
        Frame frame;
        frame.push_frame(source, "", "");
        frame.finish();
        benchmark::DoNotOptimize(frame.digest());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(k_million));
}
BENCHMARK(frame_digest)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace duecare::sampling
