// The life of an obligation, step by step, for `explain`.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "evaluate/finding.hpp"

namespace duecare::evaluate {

enum class StepKind : std::uint8_t {
    opened,      ///< by `event`
    due,         ///< falls due at `instant`; `detail` is the duration
    paused,      ///< the clock stood still from `at` to `instant`
    retimed,     ///< at `at`, because the duration changed to `detail`: due at `instant` now
    uncertain,   ///< `event` may have been the answer; `detail` says what the record does not
    rejected,    ///< `event` is of the right kind but does not count; `detail` says why
    response,    ///< `event` answered
    excuse,      ///< `event` excused
    until,       ///< `event` ended the duty
    judged,      ///< the verdict, at `at`
};
inline constexpr std::string_view k_step_names[] = {"opened",   "due",    "paused", "retimed", "uncertain",
                                                    "rejected", "response", "excuse", "until", "judged"};

struct Step {
    StepKind kind = StepKind::opened;
    std::uint32_t event = k_no_event;          // into the event columns
    time::Instant at = k_no_instant;
    time::Instant instant = k_no_instant;
    std::string_view detail;                   // lasting
};

/// Steps of every obligation of one duty in one case, in the order in which they were judged: those of the
/// i-th obligation are steps[ends[i-1]] to steps[ends[i]-1].
struct Trace {
    std::vector<Step> steps;
    std::vector<std::size_t> ends;
    std::vector<Finding> findings;
};

}  // namespace duecare::evaluate
