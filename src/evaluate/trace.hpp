// The life of an obligation, step by step: what `explain` tells and what explanations look up. Filled by
// DutyRun only where somebody asks for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evaluate/finding.hpp"
#include "evaluate/need.hpp"
#include "policy/program.hpp"

namespace duecare::evaluate {

enum class StepKind : std::uint8_t {
    opened,     ///< by `event`
    due,        ///< falls due at `instant`, `duration` after the opening; `chosen` is what `choose` read
    paused,     ///< the clock stood still from `at` to `instant`
    retimed,    ///< at `at`, because `choose` read `chosen` now: due at `instant` instead of `before`
    uncertain,  ///< `event` may have been the answer; `reason` and `need` say what the record does not
    rejected,   ///< `event` is of the right kind but does not count; `why`
    response,   ///< `event` answered
    excuse,     ///< `event` excused
    until,      ///< `event` ended the duty
    flagged,    ///< `flag`; of recorded_late and retrospective: recorded at `at`, the limit being `instant`
    judged,     ///< `verdict`, at `at`
};
inline constexpr std::string_view k_step_names[] = {"opened",    "due",      "paused",   "retimed",
                                                    "uncertain", "rejected", "response", "excuse",
                                                    "until",     "flagged",  "judged"};

/// Why an event of the right kind does not count.
enum class Rejection : std::uint8_t {
    where,      ///< its own record: `need`
    too_early,  ///< before `instant`
    too_late,   ///< after what it had to come before: `instant`
    other_key,  ///< it concerns somebody or something else
};
inline constexpr std::string_view k_rejection_names[] = {"where", "too_early", "too_late", "other_key"};

struct Step {
    StepKind kind = StepKind::opened;
    std::uint32_t event = k_no_event;  // into the event columns
    time::Instant at = k_no_instant;
    time::Instant instant = k_no_instant;
    time::Instant before = k_no_instant;
    policy::DurationId duration = 0;  // as chosen
    policy::DurationId rule = 0;      // that it was chosen by
    Seen chosen;
    Rejection why = Rejection::where;
    std::optional<Need> need;
    std::string reason;
    std::uint8_t flag = 0;
    Verdict verdict = Verdict::met;  // judged; of the flag imprecise: the verdict of the strictest reading
};

/// A longer limit that another case of `choose` would have given.
struct Ladder {
    std::string choice;
    time::Instant due = 0;
};

/// One obligation: its finding, its steps in order, and what would have answered it.
struct Life {
    Finding finding;
    std::vector<std::uint32_t> evidence;  // event indices; the finding's range means nothing here
    std::vector<Step> steps;
    /// When an answer counts, both included; `from` > `until` or none: no answer counts any more.
    time::Instant from = k_no_instant;
    time::Instant until = k_no_instant;
    std::optional<Need> need;  ///< what `require.where` asks of an answer; of a check: what fails
    std::vector<Ladder> ladders;
};

struct Trace {
    std::vector<Step> open;  // of the obligation being worked on
    std::vector<Life> lives;
};

}  // namespace duecare::evaluate
