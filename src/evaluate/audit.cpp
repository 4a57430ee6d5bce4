#include "evaluate/audit.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/error.hpp"
#include "base/memory.hpp"
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

// What one chunk yielded, as a stretch of what its worker has put out.
struct Piece {
    std::size_t worker = 0;
    std::size_t findings_begin = 0;
    std::size_t findings_end = 0;
    std::size_t evidence_begin = 0;
    std::size_t evidence_end = 0;
};

struct Yield {
    std::vector<Output> outputs;  // by worker
    std::vector<Piece> pieces;    // by chunk
};

// Hands out pieces of work to threads and puts what they yield back into order.
class Pool {
  public:
    Pool(const Binding& binding, const Options& options) : binding_(binding), options_(options) {
        threads_ = options.threads == 0 ? std::max(1U, std::thread::hardware_concurrency()) : options.threads;
        if (options.coverage) threads_ = 1;
    }

    /// Calls run(worker, i) for i in [0, items).
    template <typename Run>
    Yield run(std::size_t items, std::uint64_t done_before, std::uint64_t total, Run run) {
        const std::size_t chunks = (items + k_chunk - 1) / k_chunk;
        Yield yield;
        yield.pieces.resize(chunks);
        yield.outputs.resize(workers_for(chunks));
        std::atomic<std::uint64_t> done{0};
        std::atomic<bool> cancelled{false};
        on_each(yield.outputs.size(), [&](std::size_t index, std::atomic<std::size_t>& next) {
            Worker worker(binding_, options_.verdicts, options_.coverage);
            for (;;) {
                const std::size_t chunk = next.fetch_add(1);
                if (chunk >= chunks || cancelled.load()) break;
                Piece& piece = yield.pieces[chunk];
                piece.worker = index;
                piece.findings_begin = worker.output.findings.size();
                piece.evidence_begin = worker.output.evidence.size();
                const std::size_t end = std::min(items, (chunk + 1) * k_chunk);
                for (std::size_t i = chunk * k_chunk; i < end; ++i) run(worker, i);
                piece.findings_end = worker.output.findings.size();
                piece.evidence_end = worker.output.evidence.size();
                check_evidence(piece.evidence_end);
                records::make_room(worker.output.findings);
                records::make_room(worker.output.evidence);
                done.fetch_add(end - chunk * k_chunk);
                // Only the calling thread may ask its caller.
                if (index == 0 && options_.progress && !options_.progress(done_before + done.load(), total))
                    cancelled.store(true);
            }
            yield.outputs[index] = std::move(worker.output);
            const std::lock_guard<std::mutex> lock(mutex_);
            arenas.push_back(std::move(worker.lasting));
            if (options_.coverage) coverage.add(worker.coverage);
        });
        if (cancelled) throw Error(Status::cancelled, "the audit was cancelled by its progress callback");
        return yield;
    }

    /// Adds what was yielded to the result, in the order of the items.
    void append(Result& result, const Yield& yield) {
        std::vector<std::pair<std::size_t, std::size_t>> places;  // of findings and evidence, by piece
        places.reserve(yield.pieces.size());
        std::size_t findings = result.findings.size();
        std::size_t evidence = result.evidence.size();
        for (const Piece& piece : yield.pieces) {
            places.emplace_back(findings, evidence);
            findings += piece.findings_end - piece.findings_begin;
            evidence += piece.evidence_end - piece.evidence_begin;
        }
        check_evidence(evidence);
        result.findings.resize(findings);
        result.evidence.resize(evidence);
        on_each(workers_for(yield.pieces.size()), [&](std::size_t, std::atomic<std::size_t>& next) {
            for (std::size_t i = next.fetch_add(1); i < yield.pieces.size(); i = next.fetch_add(1))
                place(result, yield, yield.pieces[i], places[i].first, places[i].second);
        });
        for (const Output& output : yield.outputs) {
            for (std::size_t duty = 0; duty < output.counts.size(); ++duty) {
                for (std::size_t v = 0; v < k_verdicts; ++v) result.counts[duty][v] += output.counts[duty][v];
            }
            result.visible_events += output.visible_events;
        }
    }

    std::vector<std::unique_ptr<Arena>> arenas;
    Coverage coverage;

  private:
    // Findings say with 32 bits where their evidence begins.
    static void check_evidence(std::size_t count) {
        if (count <= std::numeric_limits<std::uint32_t>::max()) return;
        throw Error(Status::limit,
                    "the findings point to more than 4,294,967,295 events; audit the caseload in parts");
    }

    [[nodiscard]] std::size_t workers_for(std::size_t chunks) const noexcept {
        return std::min<std::size_t>(threads_, std::max<std::size_t>(1, chunks));
    }

    // Calls work(index, next) once for each index below `count`, each on a thread of its own, index 0 on this
    // one; `next` counts the pieces that have been taken. Ends when all have; throws what the first threw.
    template <typename Work>
    void on_each(std::size_t count, Work work) {
        std::atomic<std::size_t> next{0};
        std::exception_ptr failure;
        Memory* const memory = current_memory();
        const auto guarded = [&](std::size_t index) noexcept {
            const MemoryScope scope(memory);
            try {
                work(index, next);
            } catch (...) {
                next.store(std::numeric_limits<std::size_t>::max() / 2);  // nobody takes another piece
                const std::lock_guard<std::mutex> lock(mutex_);
                if (!failure) failure = std::current_exception();
            }
        };
        {
            std::vector<std::jthread> others;
            for (std::size_t i = 1; i < count; ++i) others.emplace_back(guarded, i);
            guarded(0);
        }
        if (failure) std::rethrow_exception(failure);
    }

    static void place(Result& result, const Yield& yield, const Piece& piece, std::size_t findings,
                      std::size_t evidence) {
        const Output& output = yield.outputs[piece.worker];
        for (std::size_t i = piece.findings_begin; i < piece.findings_end; ++i) {
            Finding& finding = result.findings[findings + i - piece.findings_begin];
            finding = output.findings[i];
            finding.evidence_begin =
                static_cast<std::uint32_t>(finding.evidence_begin - piece.evidence_begin + evidence);
        }
        std::copy(output.evidence.begin() + static_cast<std::ptrdiff_t>(piece.evidence_begin),
                  output.evidence.begin() + static_cast<std::ptrdiff_t>(piece.evidence_end),
                  result.evidence.begin() + static_cast<std::ptrdiff_t>(evidence));
    }

    const Binding& binding_;
    const Options& options_;
    unsigned threads_ = 1;
    std::mutex mutex_;
};

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
    pool.append(result, pool.run(cases, 0, total, [](Worker& worker, std::size_t i) {
        worker.run_case(static_cast<std::uint32_t>(i));
    }));
    if (binding.has_across) {
        const std::size_t from = result.findings.size();
        pool.append(result, pool.run(persons.size(), cases, total, [&](Worker& worker, std::size_t i) {
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
