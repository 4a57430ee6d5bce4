// How fast case histories become columns, against the parser alone with handlers that do nothing, on the
// same bytes in the same run. The promise is 0.7 of the bare parser.
#include <benchmark/benchmark.h>

#include <boost/json/basic_parser_impl.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "generated.hpp"
#include "records/reader.hpp"

namespace duecare::bench {
namespace {

constexpr std::size_t k_cases = 100'000;
constexpr std::size_t k_chunk = std::size_t{1} << 18U;

const std::string& text() {
    static const std::string made = generate_caseload(k_cases);
    return made;
}

/// Accepts everything.
struct Nothing {
    using View = boost::json::string_view;
    using ErrorCode = boost::json::error_code;
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    bool on_document_begin(ErrorCode&) { return true; }
    bool on_document_end(ErrorCode&) { return true; }
    bool on_object_begin(ErrorCode&) { return true; }
    bool on_object_end(std::size_t, ErrorCode&) { return true; }
    bool on_array_begin(ErrorCode&) { return true; }
    bool on_array_end(std::size_t, ErrorCode&) { return true; }
    bool on_key_part(View, std::size_t, ErrorCode&) { return true; }
    bool on_key(View, std::size_t, ErrorCode&) { return true; }
    bool on_string_part(View, std::size_t, ErrorCode&) { return true; }
    bool on_string(View, std::size_t, ErrorCode&) { return true; }
    bool on_number_part(View, ErrorCode&) { return true; }
    bool on_int64(std::int64_t, View, ErrorCode&) { return true; }
    bool on_uint64(std::uint64_t, View, ErrorCode&) { return true; }
    bool on_double(double, View, ErrorCode&) { return true; }
    bool on_bool(bool, ErrorCode&) { return true; }
    bool on_null(ErrorCode&) { return true; }
    bool on_comment_part(View, ErrorCode&) { return true; }
    bool on_comment(View, ErrorCode&) { return true; }
};

void bare_parser(benchmark::State& state) {
    static_cast<void>(text());  // generated outside the timing
    boost::json::basic_parser<Nothing> parser((boost::json::parse_options()));
    for (auto _ : state) {
        std::string_view left = text();
        while (!left.empty()) {
            const std::size_t end = left.find('\n');
            parser.reset();
            boost::json::error_code ec;
            parser.write_some(false, left.data(), end, ec);
            if (ec) state.SkipWithError("the parser refused a line");
            left.remove_prefix(end + 1);
        }
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text().size()));
}
BENCHMARK(bare_parser)->Unit(benchmark::kMillisecond);

void reader(benchmark::State& state) {
    static_cast<void>(text());
    for (auto _ : state) {
        records::Caseload caseload;
        records::Reader reader(caseload, {});
        reader.begin("generated");
        for (std::size_t at = 0; at < text().size(); at += k_chunk) {
            reader.push(std::string_view(text()).substr(at, k_chunk));
        }
        reader.finish();
        if (!reader.report().rejects.empty()) state.SkipWithError("a generated document was rejected");
        state.PauseTiming();  // freeing belongs to the caseload, not to the reader
        const auto events = static_cast<double>(caseload.event_count());
        state.counters["events"] = events;
        state.counters["bytes_per_event"] = static_cast<double>(caseload.memory()) / events;
        caseload = {};
        state.ResumeTiming();
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text().size()));
}
BENCHMARK(reader)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace duecare::bench
