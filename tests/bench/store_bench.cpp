// The store: how fast a run is stored, how large it is, and how long questions take.
//
// Cases have 20 obligations each; the counters are findings a second and bytes a finding. A million findings:
// `DUECARE_BENCH_CASES=50000 duecare_bench --benchmark_filter=store`.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "evaluate/audit.hpp"
#include "records/reader.hpp"
#include "store/store.hpp"

namespace {

using namespace duecare;

constexpr int k_obligations = 20;  // of a case

std::shared_ptr<const policy::Policy> bench_policy() {
    const policy::Compiled compiled = policy::compile(
        {"b.json",
         R"({"format":"duecare.policy/1","id":"b","version":"1","title":"B","owner":"case.holder",)"
         R"("time_zone":"Europe/London","duties":[{"id":"interview","title":"T","area":"a","severity":"high",)"
         R"("source":{"title":"S","section":"1","url":"https://example.org/s","status":"illustrative"},)"
         R"("on":{"event":"missing.returned"},"require":{"event":"interview"},"within":"72 hours"}]})"},
        {}, {}, time::ZoneData::embedded());
    return compiled.policy;
}

std::string two(int n) {
    return (n < 10 ? "0" : "") + std::to_string(n);
}

/// In month `known` the answers of the months before are on record: findings resolve and fall due over time.
void add_case(std::string& to, std::int64_t number, int month) {
    to = R"({"format":"duecare.case/1","id":"MP-)" + std::to_string(2'000'000 + number) +
         R"(","attributes":{"holder":"S)" + std::to_string(number % 500) + R"("},"events":[)";
    for (int i = 0; i < k_obligations; ++i) {
        const std::string day = "2025-" + two(i / 2 + 1) + "-" + two(static_cast<int>((number + i) % 27) + 1);
        if (i != 0) to += ',';
        to += R"({"id":"E)" + std::to_string(number * k_obligations + i) +
              R"(","type":"missing.returned","occurred_at":")" + day + R"(T08:00:00Z"})";
        if ((number + i) % 3 == 0 || ((number + i) % 7 == 0 && i < month)) {
            to += R"(,{"id":"A)" + std::to_string(number * k_obligations + i) +
                  R"(","type":"interview","occurred_at":")" + day + R"(T20:00:00Z"})";
        }
    }
    to += "]}\n";
}

struct Run {
    std::shared_ptr<records::Caseload> caseload = std::make_shared<records::Caseload>();
    records::ReadReport report;
    evaluate::Result result;
};

Run run_of(std::int64_t cases, int month) {
    Run out;
    records::Reader reader(*out.caseload, {});
    reader.begin("bench");
    std::string line;
    for (std::int64_t i = 0; i < cases; ++i) {
        add_case(line, i, month);
        reader.push(line);
    }
    reader.finish();
    out.report = reader.report();
    evaluate::Options options;
    options.verdicts = evaluate::k_all_verdicts;
    options.as_of = options.known_at = time::parse_stamp("2025-12-01T00:00:00Z")->micros + month;
    out.result = evaluate::audit(bench_policy(), out.caseload, options);
    return out;
}

/// A file that is gone afterwards.
class File {
  public:
    File() : path_(std::filesystem::temp_directory_path() / ("duecare-bench-" + std::to_string(::getpid()))) {
        remove();
    }
    ~File() { remove(); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] std::string name() const { return path_.string(); }
    [[nodiscard]] std::uintmax_t bytes() const { return std::filesystem::file_size(path_); }
    void remove() const {
        for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_.string() + suffix);
    }

  private:
    std::filesystem::path path_;
};

store::OpenOptions creating() {
    store::OpenOptions options;
    options.create = true;
    return options;
}

void put(store::Store& store, const Run& run) {
    benchmark::DoNotOptimize(
        store.put_run(run.result, {run.report, "bench", R"({"recorded_at":"2026-01-01T00:00:00Z"})"}));
}

void store_put_run(benchmark::State& state) {
    const Run run = run_of(state.range(0), 0);
    const File file;
    for (auto round : state) {
        state.PauseTiming();
        file.remove();
        auto store = std::make_unique<store::Store>(file.name(), creating());
        state.ResumeTiming();
        put(*store, run);
        store.reset();  // with its checkpoint
    }
    const auto findings = static_cast<double>(run.result.findings.size());
    state.counters["findings/s"] =
        benchmark::Counter(findings * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
    state.counters["bytes/finding"] = static_cast<double>(file.bytes()) / findings;
}

/// A second run of the same cases a month later: what a year of runs costs each month.
void store_put_next_run(benchmark::State& state) {
    const Run first = run_of(state.range(0), 0);
    const Run second = run_of(state.range(0), 8);
    const File file;
    std::uintmax_t before = 0;
    for (auto round : state) {
        state.PauseTiming();
        file.remove();
        {
            store::Store store(file.name(), creating());
            put(store, first);
        }
        before = file.bytes();
        auto store = std::make_unique<store::Store>(file.name(), creating());
        state.ResumeTiming();
        put(*store, second);
        store.reset();
    }
    const auto findings = static_cast<double>(second.result.findings.size());
    state.counters["findings/s"] =
        benchmark::Counter(findings * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
    state.counters["bytes/finding"] = static_cast<double>(file.bytes() - before) / findings;
}

void store_life(benchmark::State& state) {
    const File file;
    store::Store store(file.name(), creating());
    put(store, run_of(state.range(0), 0));
    put(store, run_of(state.range(0), 8));
    for (auto round : state)
        benchmark::DoNotOptimize(
            store.query(R"({"what":"life","from":1,"to":2,"kinds":["resolved"],"limit":1000})"));
}

void store_verify(benchmark::State& state) {
    const File file;
    store::Store store(file.name(), creating());
    put(store, run_of(state.range(0), 0));
    for (auto round : state) {
        const std::string report = store.verify({});
        if (report.find("\"ok\":true") == std::string::npos) state.SkipWithError("the chain does not fit");
    }
}

void store_trend_of_24(benchmark::State& state) {
    const File file;
    store::Store store(file.name(), creating());
    for (int month = 0; month < 24; ++month) put(store, run_of(state.range(0), month));
    for (auto round : state) benchmark::DoNotOptimize(store.query(R"({"what":"trend","by":"owner"})"));
}

void store_open(benchmark::State& state) {
    const File file;
    {
        store::Store store(file.name(), creating());
        put(store, run_of(state.range(0), 0));
    }
    for (auto round : state) {
        store::Store store(file.name(), {});
        benchmark::DoNotOptimize(store.query(R"({"what":"head"})"));
    }
}

/// By default a size that takes moments; a million findings are 50000 cases.
void sizes(benchmark::internal::Benchmark* of) {
    const char* asked = std::getenv("DUECARE_BENCH_CASES");
    of->Arg(asked == nullptr ? 200 : std::atoi(asked))->Unit(benchmark::kMillisecond);
}
BENCHMARK(store_put_run)->Apply(sizes);
BENCHMARK(store_put_next_run)->Apply(sizes);
BENCHMARK(store_life)->Apply(sizes);
BENCHMARK(store_verify)->Apply(sizes);
BENCHMARK(store_trend_of_24)->Apply(sizes);
BENCHMARK(store_open)->Apply(sizes);

}  // namespace
