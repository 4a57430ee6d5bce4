// The tables of a result: findings, cases, events and service, each with columns that never change their
// order (later versions may add some at the end).
#pragma once

#include <memory>

#include "evaluate/audit.hpp"
#include "findings/columns.hpp"

namespace duecare::findings {

enum class TableKind : std::uint8_t { findings = 1, cases = 2, events = 3, service = 4 };

/// The table, made batch by batch as it is read; it keeps the result alive. `explanations`: of the findings,
/// the sentence of each too, which takes most of the time.
[[nodiscard]] TableSpec table_of(std::shared_ptr<const evaluate::Result> result, TableKind kind,
                                 bool explanations);

}  // namespace duecare::findings
