// Evaluates case after case with one set of reused memory; one worker a thread.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "evaluate/duty_run.hpp"

namespace duecare::evaluate {

/// Where a person appears: (case, local index), in the order of the caseload.
using Appearances = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

/// The contract's order of findings. Findings that share an identity keep the order in which they were made.
struct FindingOrder {
    const records::Caseload& caseload;
    bool operator()(const Finding& a, const Finding& b) const noexcept;
};

/// What of a case is judged, where the rest is known.
struct Narrowing {
    enum : std::uint8_t { k_none = 0, k_all = 1, k_newest = 2 };
    const std::vector<std::uint8_t>& duties;  // by duty: k_none, k_all, or k_newest: what `event` opens
    const std::vector<std::uint8_t>& facts;   // by fact: 0 where no such duty looks at it
    std::uint32_t event = 0;                  // into the event columns; the last of its case
};

class Worker {
  public:
    Worker(const Binding& binding, VerdictMask wanted, bool coverage, Trace* trace = nullptr);

    /// All duties but those across cases. `only`: one duty, or k_none for all.
    void run_case(std::uint32_t kase, std::uint32_t only = policy::k_none);
    /// The duties across cases, for one person.
    void run_person(std::string_view id, const Appearances& appearances, std::uint32_t only = policy::k_none);
    /// Works out `owner` of findings of duties across cases, on the facts of the trigger's case.
    void set_owners(FindingList& findings, std::size_t from);

    /// Where it is given, run_case() does no more than this.
    const Narrowing* among = nullptr;

    /// Whether it has turned out that a duty judged by `while` has nothing to judge in a case whose events
    /// set none of the facts that `while` looks at.
    [[nodiscard]] bool known_idle(std::uint32_t duty) const noexcept { return idle_[duty] == Idle::yes; }

    Output output;
    std::unique_ptr<Arena> lasting;
    Coverage coverage;

  private:
    void run_duty(std::uint32_t duty);
    void run_keyed_by_value(std::uint32_t duty, const std::vector<LaneEvent>& lane);
    void fill_lanes(bool across);
    [[nodiscard]] std::uint32_t first_trigger(std::uint32_t duty) const;
    void sort_findings(std::size_t from);
    [[nodiscard]] bool idle(std::uint32_t duty);

    const Binding& binding_;
    Arena scratch_;
    Workspace work_;
    Interpreter interpreter_;
    Shared shared_;
    CaseView view_;
    std::vector<std::vector<LaneEvent>> lanes_;  // by duty
    std::vector<std::uint8_t> lane_roles_;       // by duty: which roles its lane holds
    std::vector<std::uint32_t> touched_;
    std::vector<LaneEvent> filtered_;
    std::vector<std::uint32_t> while_duties_;
    std::vector<std::uint32_t> duties_;  // of the case at hand
    enum class Idle : std::uint8_t { never, not_known, yes };
    std::vector<Idle> idle_;  // by duty: does `while` not hold as long as none of its facts is set?
};

}  // namespace duecare::evaluate
