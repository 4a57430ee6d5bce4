// Estimates of a mean or rate of a population from a sample, and of the population's total.
//
// What is not defined is NaN, with a reason in one word for programs; nothing throws.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace duecare::sampling {

constexpr double k_undefined = std::numeric_limits<double>::quiet_NaN();

struct Estimate {
    double mean = k_undefined;
    double variance = k_undefined;  ///< of the mean
    double df = k_undefined;        ///< of Student's t; NaN: the normal distribution, or none is needed
    double n = 0;
    bool is_rate = false;  ///< its interval is cut to [0, 1]
    std::string_view reason;
    std::vector<std::string> warnings;

    [[nodiscard]] double se() const;
};

struct Limits {
    double low = k_undefined;
    double high = k_undefined;
};

/// mean -+ quantile * se; [mean, mean] where se is 0; those of a rate within 0 and 1.
[[nodiscard]] Limits confidence_limits(const Estimate& made, double alpha, bool use_t);

/// Adds a warning where the variance is 0; not for a census.
void warn_if_certain(Estimate& made);

/// A sample, or a stratum of one, by its moments.
struct Moments {
    std::optional<std::uint64_t> N;  ///< of the population; nothing: endless
    std::uint64_t n = 0;
    double mean = k_undefined;
    double s2 = k_undefined;  ///< with divisor n - 1; NaN for n < 2
    bool is_rate = false;
};
[[nodiscard]] Moments moments_of(std::span<const double> y);
/// x of n: s2 = n p (1 - p) / (n - 1) (Cochran 1977, (3.8)).
[[nodiscard]] Moments moments_of(std::uint64_t x, std::uint64_t n);

/// Simple random sample: v = (1 - f) s^2 / n (Cochran 1977, (2.20)).
[[nodiscard]] Estimate estimate_srs(const Moments& sample);

enum class Freedom { satterthwaite, n_minus_H, normal };
/// sum W_h mean_h; v = sum W_h^2 (1 - f_h) s_h^2 / n_h (Cochran 1977, (5.6)-(5.13)); degrees of freedom
/// (5.16).
[[nodiscard]] Estimate estimate_stratified(std::span<const Moments> strata, Freedom freedom);

/// Strata known after the draw: the variance given the numbers drawn (Holt & Smith 1979), or over all samples
/// (Cochran 1977, (5A.42)).
[[nodiscard]] Estimate estimate_poststratified(std::span<const Moments> strata, bool conditional);

/// What is known of each unit (x, mean `x_bar`) helps with what was found on the sample (y).
struct Auxiliary {
    std::span<const double> y;
    std::span<const double> x;
    std::optional<std::uint64_t> N;
    double x_bar = 0;
};
/// x_bar + mean(y - x) (Sarndal, Swensson & Wretman 1992, 6.3).
[[nodiscard]] Estimate estimate_difference(const Auxiliary& in);

struct RatioEstimate : Estimate {
    double ratio = k_undefined;
};
/// (mean y / mean x) x_bar; v0, or v2 = v0 (x_bar / mean x)^2 (Cochran 1977, 6.4).
[[nodiscard]] RatioEstimate estimate_ratio(const Auxiliary& in, bool v2);

struct RegressionEstimate : Estimate {
    double slope = k_undefined;
};
/// mean y + b (x_bar - mean x); v = (1 - f) SSE / (n (n - lost)) (Cochran 1977, (7.29) with lost = 2).
/// Where all x are equal it is the simple random sample's estimate.
[[nodiscard]] RegressionEstimate estimate_regression(const Auxiliary& in, int lost);

enum class TwoPhase { difference, regression, ratio };
/// x_bar is of a first phase of n1: v = s_e^2 (1/n - 1/n1) + s_y^2 (1/n1 - 1/N) (Cochran 1977, 12.6-12.7).
[[nodiscard]] RegressionEstimate estimate_two_phase(const Auxiliary& in, std::uint64_t n1, TwoPhase kind,
                                                    int lost);

struct PhaseStratum {
    std::uint64_t n1 = 0;
    std::uint64_t n2 = 0;
    std::uint64_t x = 0;  ///< found among n2
};
/// Strata told in the first phase, drawn from in the second (Rao 1973; Cochran 1977, 12.2).
[[nodiscard]] Estimate estimate_two_phase(std::span<const PhaseStratum> strata, std::uint64_t n1,
                                          std::optional<std::uint64_t> N);

enum class UnequalVariance { automatic, ht, syg, poisson, deville, brewer, hansen_hurwitz };
struct Unequal {
    std::span<const double> y;
    std::span<const double> pi;                  ///< above 0, at most 1
    std::span<const std::vector<double>> joint;  ///< square, or empty
    UnequalVariance kind = UnequalVariance::automatic;
};
struct Total {
    double total = k_undefined;
    double variance = k_undefined;  ///< may be below 0 for Horvitz-Thompson's; then it has no root
    double N_hat = 0;
    std::string_view reason;
};
/// sum y / pi (Horvitz & Thompson 1952).
[[nodiscard]] Total estimate_ht(const Unequal& in);
/// Mean sum(y / pi) / sum(1 / pi) in `total`, its variance by the total of (y - mean) / N_hat (Sarndal et al.
/// 1992, 5.7).
[[nodiscard]] Total estimate_hajek(const Unequal& in);

}  // namespace duecare::sampling
