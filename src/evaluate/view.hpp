// One case as it stands at (A, K): its visible events in order, and what the facts were after each.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "evaluate/arena.hpp"
#include "evaluate/binding.hpp"

namespace duecare::evaluate {

class Interpreter;

/// A visible event. `earliest` and `latest` differ only where the record has a date without a time.
struct Event {
    time::Instant earliest = 0;
    time::Instant latest = 0;
    time::Instant recorded = 0;
    std::uint32_t index = 0;   // into the event columns of the caseload
    std::uint32_t kase = 0;    // its case
    std::uint32_t person = 0;  // across cases: the person, as that case has them
    std::uint32_t last = 0;    // position of the last event of the same instant
};

/// Values of one fact (of one person) over the positions of a view.
struct FactChange {
    std::uint32_t position = 0;
    policy::Val value;
};

class CaseView {
  public:
    /// Collects and orders the visible events of a case.
    void build(const Binding& binding, std::uint32_t kase);
    /// The events of one person across cases (see PersonIndex), ordered by instant, recording, case id, event
    /// id.
    void build_across(const Binding& binding,
                      std::span<const std::pair<std::uint32_t, std::uint32_t>> appearances);
    /// Works out the facts. Strings they make live in `scratch`. `wanted`: by fact, 0 for those that nobody
    /// will ask for; null: all.
    void run_facts(const Binding& binding, Interpreter& interpreter,
                   const std::vector<std::uint8_t>* wanted = nullptr);

    std::vector<Event> events;
    std::uint32_t kase = 0;
    bool precise = true;  // no event is known only by its day

    /// The value of a fact after the event at `position` and all before it; `person` is local to the case.
    [[nodiscard]] policy::Val fact(std::uint32_t fact, std::uint32_t person,
                                   std::uint32_t position) const noexcept;
    [[nodiscard]] const std::vector<FactChange>& changes(std::uint32_t fact,
                                                         std::uint32_t person) const noexcept {
        return changes_[slot(fact, person)];
    }
    /// Whether any event of the case set this fact, of anybody.
    [[nodiscard]] bool is_set(std::uint32_t fact) const noexcept { return set_[fact]; }
    /// The last position whose event is not later than `instant`, or k_none before the first.
    [[nodiscard]] std::uint32_t position_at(time::Instant instant) const noexcept;
    /// Whether the event concerns the person (local index): it names them, or names nobody.
    [[nodiscard]] static bool concerns(const records::Caseload& caseload, std::uint32_t event,
                                       std::uint32_t person) noexcept;

  private:
    void collect(const Binding& binding, std::uint32_t kase);
    void order(const Binding& binding, bool across);
    void mark_instants();
    void set_facts(const Binding& binding, Interpreter& interpreter, std::uint32_t position,
                   const std::vector<std::uint8_t>* wanted);
    [[nodiscard]] std::uint32_t slot(std::uint32_t fact, std::uint32_t person) const noexcept {
        return slots_[fact] + (per_subject_[fact] ? person : 0);
    }

    std::vector<std::uint32_t> slots_;  // by fact: first of its slots
    std::vector<bool> per_subject_;
    std::vector<std::vector<FactChange>> changes_;  // by slot
    std::vector<policy::Val> initial_;              // by slot
    std::uint32_t slot_count_ = 0;
    std::vector<std::uint32_t> touched_;  // slots with changes, so that they can be cleared
    std::vector<bool> set_;               // by fact
    std::vector<bool> replaced_;
};

}  // namespace duecare::evaluate
