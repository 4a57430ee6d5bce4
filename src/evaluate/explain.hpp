// Looks into one duty in one case again, to tell how its obligations came to their verdicts.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "evaluate/audit.hpp"
#include "evaluate/trace.hpp"
#include "evaluate/worker.hpp"

namespace duecare::evaluate {

/// Runs single duties of single cases with a trace. Keeps the last run, so that findings asked about in order
/// are cheap. Not safe for two threads; the binding may be shared. What the binding refers to must outlive
/// it.
class Replay {
  public:
    explicit Replay(std::shared_ptr<const Binding> binding);

    /// Every obligation of the duty in the case, in the order of findings. Valid until the next call.
    const std::vector<Life>& lives(std::uint32_t kase, std::uint32_t duty);
    /// The obligation that the finding is about, or null when the binding has no such one.
    const Life* find(const Finding& finding);
    [[nodiscard]] const Binding& binding() const noexcept { return *binding_; }

  private:
    void run_person(std::string_view id, std::uint32_t kase, std::uint32_t duty);
    const Appearances& appearances(std::string_view id);
    void collect();
    void take(Life& life, std::size_t index) const;

    std::shared_ptr<const Binding> binding_;
    Trace trace_;
    std::unique_ptr<Worker> worker_;
    std::vector<Life> lives_;
    std::uint32_t kase_ = policy::k_none;
    std::uint32_t duty_ = policy::k_none;
    bool indexed_ = false;
    std::unordered_map<records::StringId, Appearances> persons_;  // looked up, never walked through
};

/// All obligations of one duty in one case, with their steps.
struct Explained {
    std::uint32_t case_index = 0;
    std::uint32_t duty = 0;
    std::vector<Life> lives;
    std::unique_ptr<Replay> replay;  // owns the text that findings point into
};

/// Explains what `result` found, or counted, of a duty in a case; `key` keeps the obligations of one person
/// or `per` value alone. Throws Error{not_found} for a case, duty or key that is not there.
[[nodiscard]] Explained explain(const Result& result, std::string_view case_id, std::string_view duty_id,
                                const std::optional<std::string_view>& key = std::nullopt);

/// The same without an audit of the whole caseload.
[[nodiscard]] Explained explain(const std::shared_ptr<const policy::Policy>& policy,
                                const std::shared_ptr<const records::Caseload>& caseload,
                                const Options& options, std::string_view case_id, std::string_view duty_id,
                                const std::optional<std::string_view>& key = std::nullopt);

}  // namespace duecare::evaluate
