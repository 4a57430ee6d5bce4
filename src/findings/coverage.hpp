// What an audit came past, as JSON: for `policy test`, which says what no test reaches.
#pragma once

#include <string>

#include "evaluate/audit.hpp"

namespace duecare::findings {

/// Appends one JSON object (duecare.coverage/1), without line end; `result.coverage` must be there.
///
/// `duties`: for each duty its verdicts, those that its shape, its options and its expressions can give, with
/// how many obligations had them. `expressions`: each condition of a duty or fact, with how often it was
/// false, true and unknown, as far as it can be: a has() is never unknown. `choices`: each `choose`, with how
/// often each case and `otherwise` were taken. The places are those of the policy after its layers; `layer`
/// is where the text comes from. In the order of the policy.
void append_coverage_json(std::string& out, const evaluate::Result& result);

}  // namespace duecare::findings
