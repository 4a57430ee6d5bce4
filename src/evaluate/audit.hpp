// evaluate(policy, caseload, as_of A, known_at K): from histories to verdicts. A pure function: no clock, no
// locale, no environment, no order of threads.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evaluate/arena.hpp"
#include "evaluate/coverage.hpp"
#include "evaluate/finding.hpp"
#include "policy/policy.hpp"
#include "records/model.hpp"

namespace duecare::evaluate {

class Binding;

/// Called on the calling thread with (cases done, cases in all); returns false to cancel.
using Progress = std::function<bool(std::uint64_t, std::uint64_t)>;

struct Options {
    time::Instant as_of = 0;
    time::Instant known_at = 0;
    VerdictMask verdicts = k_default_verdicts;  // which findings are kept; counts count all
    unsigned threads = 1;                       // 0: as many as the machine has
    Progress progress;                          // may be empty
    bool coverage = false;                      // fills Result::coverage; one thread
};

/// Findings in the contract's order, counts, and what keeps both alive.
struct Result {
    Result();
    ~Result();
    Result(Result&&) noexcept;
    Result& operator=(Result&&) noexcept;

    std::shared_ptr<const policy::Policy> policy;
    std::shared_ptr<const records::Caseload> caseload;
    time::Instant as_of = 0;
    time::Instant known_at = 0;
    FindingList findings;
    EvidenceList evidence;                                      // event indices
    std::vector<std::array<std::uint64_t, k_verdicts>> counts;  // by duty, by verdict
    std::uint64_t visible_events = 0;
    /// Event types of the data that neither the policy's duties nor its `events` name, with how often they
    /// occur; empty when the policy documents no events.
    std::vector<std::pair<std::string, std::uint64_t>> unnamed_events;
    std::optional<Coverage> coverage;
    std::shared_ptr<const Binding> binding;      // of policy and caseload, to look into a case again
    std::vector<std::unique_ptr<Arena>> arenas;  // owns text that findings point into
};

/// Audits every case. Throws Error{cancelled} when `progress` says no.
[[nodiscard]] Result audit(const std::shared_ptr<const policy::Policy>& policy,
                           const std::shared_ptr<const records::Caseload>& caseload, const Options& options);

/// The latest occurred_at or recorded_at of the caseload, read in the policy's zone; nothing when there is
/// no event. A date alone counts as the last microsecond of its day.
[[nodiscard]] time::Instant latest_instant(const policy::Policy& policy, const records::Caseload& caseload);

}  // namespace duecare::evaluate
