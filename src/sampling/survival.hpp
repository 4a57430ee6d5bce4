// Times to an event with open ends: Kaplan-Meier, Nelson-Aalen, Aalen-Johansen, restricted mean, log-rank.
// Times are any unit, the same in all fields; at equal times events come before censorings. Pure,
// thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace duecare::sampling {

/// One duration. It is at risk at t when entry < t <= time.
struct Duration {
    double time = 0;
    /// 0 = open at `time` (censored), k > 0 = ended by cause k.
    int cause = 0;
    /// Start of observation (left truncation); none = at risk from the start.
    std::optional<double> entry;
};

/// What happened at one time at which something ended.
struct SurvivalStep {
    double time = 0;
    double at_risk = 0;
    double events = 0;    ///< of any cause
    double of_cause = 0;  ///< of the cause that was asked for
    double survival = 1;  ///< after this time
    double survival_before = 1;
    double greenwood = 0;  ///< sum d/(n(n-d)) up to here; infinite when all at risk ended
};

/// The steps in ascending time. @throws Error{invalid_argument} for a negative time or an entry after its
/// time.
[[nodiscard]] std::vector<SurvivalStep> survival_steps(std::span<const Duration> durations, int cause = 1);

/// How many are under observation just before a time: sorted once, O(log n) a question.
class RiskSet {
  public:
    /// @throws Error{invalid_argument} for a negative time or an entry after its time.
    explicit RiskSet(std::span<const Duration> durations);
    [[nodiscard]] std::size_t at(double time) const noexcept;

  private:
    std::vector<double> ends_;
    std::vector<double> entries_;
};

enum class ConfidenceType { log_log, log, plain };

struct Survival {
    double survival = 1;
    std::optional<double> se;
    std::optional<double> low;
    std::optional<double> high;
    std::string_view reason;  ///< why there is no se, or that the interval says nothing; empty otherwise
};
[[nodiscard]] Survival kaplan_meier(std::span<const SurvivalStep> steps, double at, double conf,
                                    ConfidenceType type);

struct SurvivalQuantile {
    std::optional<double> quantile;
    std::optional<double> low;
    std::optional<double> high;
};
/// The first time by which the share p has ended, 0 < p < 1; nothing where that is not reached.
[[nodiscard]] SurvivalQuantile survival_quantile(std::span<const SurvivalStep> steps, double p, double conf,
                                                 ConfidenceType type);

struct SurvivalEstimate {
    double value = 0;
    double se = 0;
};
[[nodiscard]] SurvivalEstimate nelson_aalen(std::span<const SurvivalStep> steps, double at) noexcept;
/// Area under the survival curve from 0 to tau, which must not lie after the largest time.
[[nodiscard]] SurvivalEstimate restricted_mean(std::span<const SurvivalStep> steps, double tau) noexcept;

struct Incidence {
    double incidence = 0;
    double se = 0;
    double event_free = 1;
};
[[nodiscard]] Incidence aalen_johansen(std::span<const SurvivalStep> steps, double at) noexcept;

struct LogRank {
    double observed = 0;  ///< events of the first group
    double expected = 0;
    double variance = 0;
    std::optional<double> chi2;  ///< nothing when the variance is 0
    std::optional<double> p_value;
    double observed_other = 0;
};
[[nodiscard]] LogRank log_rank(std::span<const Duration> first, std::span<const Duration> other);

}  // namespace duecare::sampling
