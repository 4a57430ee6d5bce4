// findings: findings as people and programs read them: the contract's JSON fields, the plain sentence, the
// life of an obligation step by step.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "evaluate/audit.hpp"
#include "evaluate/explain.hpp"
#include "policy/program.hpp"

namespace duecare::findings {

/// The case that an event of the caseload belongs to.
[[nodiscard]] std::uint32_t case_of_event(const records::Caseload& caseload, std::uint32_t event);

/// The event id as a finding of case `case_index` shows it: `CASE/EVENT` for an event of another case.
[[nodiscard]] std::string event_name(const records::Caseload& caseload, std::uint32_t case_index,
                                     std::uint32_t event);
[[nodiscard]] inline std::string event_name(const evaluate::Result& result, std::uint32_t case_index,
                                            std::uint32_t event) {
    return event_name(*result.caseload, case_index, event);
}

/// A finding with all that it points into.
struct About {
    const policy::Program& program;
    const records::Caseload& caseload;
    time::Instant as_of;
    const evaluate::Finding& finding;
    std::span<const std::uint32_t> evidence;
};
[[nodiscard]] About about(const evaluate::Result& result, std::size_t index);

/// Writes the sentences of a result's findings. Looks into a case again where the finding alone does not say
/// enough, and is quick when asked in the order of the findings. Not safe for two threads; make one for each.
class Explainer {
  public:
    /// `result` must outlive it.
    explicit Explainer(const evaluate::Result& result) : result_(result) {}

    /// One plain sentence with local dates that a supervisor can act on: what was due when, what happened
    /// instead and how late, or which piece of the record is missing. A duty's own `explain` replaces it.
    [[nodiscard]] std::string sentence(std::size_t index);

  private:
    const evaluate::Result& result_;
    std::unique_ptr<evaluate::Replay> replay_;
};

/// The sentence of a single finding.
[[nodiscard]] std::string explanation(const evaluate::Result& result, std::size_t index);
/// The same of a finding whose life is known; `life` null: what the finding alone says.
[[nodiscard]] std::string explanation(const About& about, const evaluate::Life* life);

struct JsonOptions {
    /// area, severity, title and explanation too: all fields of the contract. Without them, what is left
    /// is what two engines must agree on to the byte.
    bool descriptive = true;
    /// Of the result; null: one is made for each finding.
    Explainer* explainer = nullptr;
};

/// Appends finding `index` as one JSON object with exactly the contract's fields, in the contract's order,
/// without line end.
void append_json(std::string& out, const evaluate::Result& result, std::size_t index,
                 const JsonOptions& options = {});
/// The same with the sentence given; an empty one leaves the descriptive fields out.
void append_json(std::string& out, const About& about, std::string_view explanation);

}  // namespace duecare::findings
