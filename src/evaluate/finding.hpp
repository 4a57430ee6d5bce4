// What an evaluation yields: one Finding an obligation. Compact, with views into the caseload, the policy
// or the result's own arena.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "records/column.hpp"
#include "time/instant.hpp"

namespace duecare::evaluate {

enum class Verdict : std::uint8_t { met, late, missed, pending, excused, lapsed, unassessable };
inline constexpr std::size_t k_verdicts = 7;
inline constexpr std::array<std::string_view, k_verdicts> k_verdict_names{
    "met", "late", "missed", "pending", "excused", "lapsed", "unassessable"};

using VerdictMask = std::uint32_t;  // bit i: Verdict i
inline constexpr VerdictMask k_all_verdicts = 0x7F;
/// late, missed, unassessable, pending: evaluation.md, "Findings".
inline constexpr VerdictMask k_default_verdicts = (1U << 1U) | (1U << 2U) | (1U << 3U) | (1U << 6U);

enum Flag : std::uint8_t {
    k_flag_accounted = 0x01,
    k_flag_due_soon = 0x02,
    k_flag_imprecise = 0x04,
    k_flag_recorded_late = 0x08,
    k_flag_retrospective = 0x10,
};
/// In the order of the bits, which is the sorted order of the names.
inline constexpr std::array<std::string_view, 5> k_flag_names{"accounted", "due_soon", "imprecise",
                                                              "recorded_late", "retrospective"};

/// What ended an obligation.
enum class End : std::uint8_t { nothing, response, excuse, until, interval, judged };

inline constexpr time::Instant k_no_instant = INT64_MIN;
inline constexpr std::uint32_t k_no_event = 0xFFFF'FFFFU;

struct Finding {
    std::uint32_t case_index = 0;  // into Caseload::cases: the case of the trigger
    std::uint32_t duty = 0;        // into Program::duties
    time::Instant opened_at = 0;
    time::Instant due_at = k_no_instant;
    time::Instant ended_at = k_no_instant;
    std::int64_t overdue_seconds = 0;
    std::int64_t elapsed_seconds = 0;
    std::int32_t missed_periods = 0;
    std::uint32_t trigger_event = k_no_event;  // into the event columns of the caseload
    std::uint32_t ending_event = k_no_event;
    std::uint32_t uncertain_event = k_no_event;  // the candidate that could not be assessed
    std::uint32_t evidence_begin = 0;            // into Result::evidence
    std::uint32_t evidence_count = 0;
    Verdict verdict = Verdict::met;
    std::uint8_t flags = 0;
    End end = End::nothing;
    bool unopened = false;    // the record does not tell whether there was an obligation at all
    std::string_view key;     // data() == nullptr: null
    std::string_view reason;  // data() == nullptr: null
    std::string_view owner;   // data() == nullptr: null
};

using FindingList = records::UnwrittenColumn<Finding>;
using EvidenceList = records::UnwrittenColumn<std::uint32_t>;

}  // namespace duecare::evaluate
