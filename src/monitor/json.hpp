// A change as programs read it.
#pragma once

#include <string>

#include "monitor/monitor.hpp"

namespace duecare::monitor {

/// Appends a change as one JSON object without line end: `what` (names), the fields of its finding but the
/// evidence, `verdict_before`, `due_before`.
void append_json(std::string& out, const policy::Program& program, const Change& change);

}  // namespace duecare::monitor
