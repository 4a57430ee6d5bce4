// findings: findings as people and programs read them: the contract's JSON fields, the plain sentence.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "evaluate/audit.hpp"

namespace duecare::findings {

/// The case that an event of the caseload belongs to.
[[nodiscard]] std::uint32_t case_of_event(const records::Caseload& caseload, std::uint32_t event);

/// The event id as a finding of case `case_index` shows it: `CASE/EVENT` for an event of another case.
[[nodiscard]] std::string event_name(const evaluate::Result& result, std::uint32_t case_index,
                                     std::uint32_t event);

/// One plain sentence with local dates that a supervisor can act on: what was due when, what happened
/// instead and how late, or which piece of the record is missing. A duty's own `explain` replaces it.
[[nodiscard]] std::string explanation(const evaluate::Result& result, std::size_t index);

struct JsonOptions {
    /// area, severity, title and explanation too: all fields of the contract. Without them, what is left
    /// is what two engines must agree on to the byte.
    bool descriptive = true;
};

/// Appends finding `index` as one JSON object with exactly the contract's fields, in the contract's order,
/// without line end.
void append_json(std::string& out, const evaluate::Result& result, std::size_t index, const JsonOptions& options = {});

}  // namespace duecare::findings
