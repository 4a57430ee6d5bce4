// A program bound to one caseload, zone and pair of instants: which path is which column, and for each event
// type of the data which facts and duties care about it. Immutable; shared by all workers of an audit.
#pragma once

#include <cstdint>
#include <vector>

#include "policy/program.hpp"
#include "records/model.hpp"

namespace duecare::evaluate {

/// What an event of some type can be to a duty.
enum Role : std::uint8_t { k_trigger = 1, k_require = 2, k_excuse = 4, k_until = 8, k_account = 16 };

struct DutyAction {
    std::uint32_t duty;
    std::uint8_t roles;
};
struct FactAction {
    std::uint32_t fact;
    std::uint32_t rule;
};
/// What is to be done with an event of one type: ranges into Binding::fact_actions and duty_actions.
struct TypeActions {
    records::Range facts;
    records::Range duties;
    records::Range across;  // duties across cases, which a person's own events feed
};

class Binding {
  public:
    Binding(const policy::Program& program, const records::Caseload& caseload, time::Instant as_of,
            time::Instant known_at);

    const policy::Program& program;
    const records::Caseload& caseload;
    const time::Zone& zone;
    time::Instant as_of;
    time::Instant known_at;

    std::vector<records::PathId> paths;  // of Program::paths; k_no_path where the caseload has no such path
    std::vector<FactAction> fact_actions;
    std::vector<DutyAction> duty_actions;
    std::vector<bool> fact_used;
    bool has_across = false;
    std::uint32_t subject_facts = 0;  // facts per subject

    [[nodiscard]] const TypeActions& actions(records::StringId type) const noexcept {
        return types_[type_index_[type]];
    }
    [[nodiscard]] time::Instant start_of(const time::Stamp& stamp) const noexcept;
    [[nodiscard]] time::Instant end_of(const time::Stamp& stamp) const noexcept;
    /// Event types of the caseload that no duty or fact names and `events` does not document.
    [[nodiscard]] const std::vector<records::StringId>& unnamed_types() const noexcept { return unnamed_; }

    /// For a caseload that grows while it is bound: an event type, or paths, that have come since.
    void bind_type(records::StringId type);
    void bind_paths();

  private:
    void bind_types();
    void find_used_facts();
    TypeActions actions_for(std::string_view type);
    [[nodiscard]] bool is_named(std::string_view type) const;

    std::vector<std::uint32_t> type_index_;  // by StringId; 0: a type without actions
    std::vector<TypeActions> types_;
    std::vector<records::StringId> unnamed_;
};

}  // namespace duecare::evaluate
