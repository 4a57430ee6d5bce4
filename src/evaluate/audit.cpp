#include "evaluate/audit.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "evaluate/worker.hpp"

namespace duecare::evaluate {

using records::StringId;

Result::Result() = default;
Result::~Result() = default;
Result::Result(Result&&) noexcept = default;
Result& Result::operator=(Result&&) noexcept = default;

bool FindingOrder::operator()(const Finding& a, const Finding& b) const noexcept {
    if (a.case_index != b.case_index) return a.case_index < b.case_index;
    if (a.duty != b.duty) return a.duty < b.duty;
    if (a.opened_at != b.opened_at) return a.opened_at < b.opened_at;
    const bool a_null = a.key.data() == nullptr;
    const bool b_null = b.key.data() == nullptr;
    if (a_null != b_null) return a_null;
    if (!a_null && a.key != b.key) return a.key < b.key;
    if (a.trigger_event == b.trigger_event) return false;
    return caseload.strings.view(caseload.event_id[a.trigger_event]) <
           caseload.strings.view(caseload.event_id[b.trigger_event]);
}

namespace {

constexpr std::size_t k_chunk = 256;  // cases or persons

struct Chunk {
    Output output;
};

// Hands out pieces of work to threads and puts what they yield back into order.
class Pool {
  public:
    Pool(const Binding& binding, const Options& options) : binding_(binding), options_(options) {
        threads_ = options.threads == 0 ? std::max(1U, std::thread::hardware_concurrency()) : options.threads;
        if (options.coverage) threads_ = 1;
    }

    /// Calls run(worker, i) for i in [0, items) and returns the outputs in the order of i.
    template <typename Run>
    std::vector<Output> run(std::size_t items, std::uint64_t done_before, std::uint64_t total, Run run) {
        const std::size_t chunks = (items + k_chunk - 1) / k_chunk;
        std::vector<Output> outputs(chunks);
        std::atomic<std::size_t> next{0};
        std::atomic<std::uint64_t> done{0};
        std::atomic<bool> stop{false};
        std::exception_ptr failure;
        std::mutex mutex;
        const auto work = [&](bool calling) noexcept {
            try {
                Worker worker(binding_, options_.verdicts, options_.coverage);
                for (;;) {
                    const std::size_t chunk = next.fetch_add(1);
                    if (chunk >= chunks || stop.load()) break;
                    const std::size_t end = std::min(items, (chunk + 1) * k_chunk);
                    for (std::size_t i = chunk * k_chunk; i < end; ++i) run(worker, i);
                    done.fetch_add(end - chunk * k_chunk);
                    outputs[chunk] = std::exchange(worker.output, Output());
                    worker.output.counts.resize(binding_.program.duties.size());
                    if (calling && options_.progress &&
                        !options_.progress(done_before + done.load(), total)) {
                        cancelled_ = true;
                        stop.store(true);
                    }
                }
                const std::lock_guard<std::mutex> lock(mutex);
                arenas.push_back(std::move(worker.lasting));
                if (options_.coverage) coverage.add(worker.coverage);
            } catch (...) {
                const std::lock_guard<std::mutex> lock(mutex);
                if (!failure) failure = std::current_exception();
                stop.store(true);
            }
        };
        {
            std::vector<std::jthread> others;
            const std::size_t more = std::min<std::size_t>(threads_, std::max<std::size_t>(1, chunks)) - 1;
            for (std::size_t i = 0; i < more; ++i) others.emplace_back(work, false);
            work(true);
        }
        if (failure) std::rethrow_exception(failure);
        if (cancelled_) throw Error(Status::cancelled, "the audit was cancelled by its progress callback");
        return outputs;
    }

    std::vector<std::unique_ptr<Arena>> arenas;
    Coverage coverage;

  private:
    const Binding& binding_;
    const Options& options_;
    unsigned threads_ = 1;
    bool cancelled_ = false;
};

void append(Result& result, const std::vector<Output>& outputs) {
    for (const Output& output : outputs) {
        const auto base = static_cast<std::uint32_t>(result.evidence.size());
        result.evidence.insert(result.evidence.end(), output.evidence.begin(), output.evidence.end());
        for (Finding finding : output.findings) {
            finding.evidence_begin += base;
            result.findings.push_back(finding);
        }
        for (std::size_t duty = 0; duty < output.counts.size(); ++duty) {
            for (std::size_t v = 0; v < k_verdicts; ++v) result.counts[duty][v] += output.counts[duty][v];
        }
        result.visible_events += output.visible_events;
    }
}

struct Person {
    StringId id = records::k_no_string;
    Appearances appearances;
};

// Everybody who appears in a case, in the order of first appearance: an index, no copy of any event.
std::vector<Person> index_persons(const records::Caseload& caseload) {
    std::vector<Person> persons;
    std::unordered_map<StringId, std::size_t> places;
    for (std::uint32_t c = 0; c < caseload.cases.size(); ++c) {
        const records::Range range = caseload.cases[c].persons;
        for (std::uint32_t p = range.begin; p < range.end; ++p) {
            const auto [at, added] = places.try_emplace(caseload.persons[p].id, persons.size());
            if (added) persons.push_back({caseload.persons[p].id, {}});
            persons[at->second].appearances.emplace_back(c, p - range.begin);
        }
    }
    return persons;
}

void count_unnamed(Result& result, const Binding& binding) {
    if (binding.program.documented_events.empty()) return;
    for (const StringId type : binding.unnamed_types()) {
        const auto count =
            std::count(binding.caseload.event_type.begin(), binding.caseload.event_type.end(), type);
        result.unnamed_events.emplace_back(binding.caseload.strings.view(type),
                                           static_cast<std::uint64_t>(count));
    }
    std::sort(result.unnamed_events.begin(), result.unnamed_events.end());
}

}  // namespace

Result audit(const std::shared_ptr<const policy::Policy>& policy,
             const std::shared_ptr<const records::Caseload>& caseload, const Options& options) {
    Result result;
    result.policy = policy;
    result.caseload = caseload;
    result.as_of = options.as_of;
    result.known_at = options.known_at;
    const policy::Program& program = policy->program();
    result.counts.resize(program.duties.size());
    result.binding = std::make_shared<const Binding>(program, *caseload, options.as_of, options.known_at);
    const Binding& binding = *result.binding;
    Pool pool(binding, options);
    const std::size_t cases = caseload->cases.size();
    const std::vector<Person> persons = binding.has_across ? index_persons(*caseload) : std::vector<Person>();
    const std::uint64_t total = cases + persons.size();
    append(result, pool.run(cases, 0, total, [](Worker& worker, std::size_t i) {
        worker.run_case(static_cast<std::uint32_t>(i));
    }));
    if (binding.has_across) {
        const std::size_t from = result.findings.size();
        append(result, pool.run(persons.size(), cases, total, [&](Worker& worker, std::size_t i) {
            worker.run_person(caseload->strings.view(persons[i].id), persons[i].appearances);
        }));
        const FindingOrder order{*caseload};
        std::stable_sort(result.findings.begin() + static_cast<std::ptrdiff_t>(from), result.findings.end(),
                         order);
        Worker owners(binding, options.verdicts, false);
        owners.set_owners(result.findings, from);
        pool.arenas.push_back(std::move(owners.lasting));
        std::inplace_merge(result.findings.begin(),
                           result.findings.begin() + static_cast<std::ptrdiff_t>(from), result.findings.end(),
                           order);
    }
    if (options.coverage) result.coverage = std::move(pool.coverage);
    result.arenas = std::move(pool.arenas);
    count_unnamed(result, binding);
    return result;
}

time::Instant latest_instant(const policy::Policy& policy, const records::Caseload& caseload) {
    const Binding binding(policy.program(), caseload, 0, 0);
    time::Instant latest = k_no_instant;
    for (std::size_t e = 0; e < caseload.event_count(); ++e) {
        latest =
            std::max({latest, binding.end_of(caseload.occurred(e)), binding.end_of(caseload.recorded(e))});
    }
    return latest;
}

}  // namespace duecare::evaluate
