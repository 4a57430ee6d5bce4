// The unit of an obligation: one definition for every table, page and store.
#pragma once

#include <mutex>
#include <string_view>
#include <unordered_set>

#include "evaluate/audit.hpp"

namespace duecare::findings {

/// Which unit an obligation is counted for. At the instant of its owner (evaluation.md: when it fell due, or
/// as of the audit if that is earlier or there is no due),
/// 1. the unit that the staff register gives the owner on that day;
/// 2. else the owner, where the owner is itself a unit: a text that is neither a person of the register nor
///    the actor of an event;
/// 3. else the attribute `unit` of the case, if it is text.
/// Empty texts count as absent. Safe for several threads; one for a result looks for its actors once.
class Units {
  public:
    /// `result` must outlive it, and be whole when it is first asked.
    explicit Units(const evaluate::Result& result) : result_(result) {}

    struct Unit {
        std::string_view text;  // data() == nullptr: none
        bool is_owner = false;  // by the second rule
    };
    [[nodiscard]] Unit of(const evaluate::Finding& finding) const;

  private:
    [[nodiscard]] bool is_person(records::StringId owner) const;

    const evaluate::Result& result_;
    mutable std::once_flag looked_;
    mutable std::unordered_set<records::StringId> actors_;  // of which there may be a row for each event
};

}  // namespace duecare::findings
