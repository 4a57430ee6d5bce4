// How many files to read for what is to be shown.
#pragma once

#include <cstdint>
#include <optional>

#include "sampling/wide.hpp"

namespace duecare::sampling {

enum class Model { binomial, poisson, hypergeometric };

struct AttributePlan {
    Model model = Model::binomial;
    Fraction tolerable_rate;
    /// Either this, from which k = ceil(n * rate) ...
    Fraction expected_rate;
    /// ... or a number of deviations.
    std::optional<std::uint64_t> expected_deviations;
    Fraction risk;
    std::uint64_t population = 0;  ///< for the hypergeometric model
};

struct AttributeSize {
    std::uint64_t n = 0;
    std::uint64_t acceptable_deviations = 0;
    double achieved_risk = 0;
};

/// The least n with k < n and P(X <= k) <= risk (AICPA Audit Guide Audit Sampling 2017, appendix A; sizes are
/// tried one after the other, as the risk is not monotone in n). @return nothing if none up to 5000 will do.
[[nodiscard]] std::optional<AttributeSize> sample_size_attribute(const AttributePlan& plan);

struct DiscoverySize {
    std::uint64_t n = 0;
    double achieved_confidence = 0;
};

/// The least n that meets one of M deviations with probability `conf`: C(N-M, n) / C(N, n) <= 1 - conf,
/// exactly.
/// @return nothing for M = 0.
[[nodiscard]] std::optional<DiscoverySize> sample_size_discovery(std::uint64_t N, std::uint64_t M,
                                                                 const Fraction& conf);

/// Probability that n of N meet at least `at_least` of M deviations.
[[nodiscard]] double detection_probability(std::uint64_t N, std::uint64_t M, std::uint64_t n,
                                           std::uint64_t at_least);

/// n0 = z^2 p (1 - p) / e^2, without and with a finite population: n0 / (1 + (n0 - 1) / N) (Cochran
/// 1977, 4.4).
struct ProportionSize {
    double n0 = 0;
    std::uint64_t n = 0;
};
[[nodiscard]] ProportionSize sample_size_proportion(const Fraction& p, const Fraction& margin, double z,
                                                    std::optional<std::uint64_t> N);

/// Power of the two-sided test of two proportions with n1 and n2 files, and the size of each of two equal
/// samples for a power: normal approximation with the pooled variance under equality (Fleiss, Levin & Paik
/// 2003, (4.14)).
[[nodiscard]] double power_two_proportions(double p1, double p2, std::uint64_t n1, std::uint64_t n2,
                                           double conf);
[[nodiscard]] std::uint64_t sample_size_two_proportions(double p1, double p2, double power, double conf);
/// The least difference from p that two samples of n show with this power, upward if p < 0.5. @return NaN if
/// none.
[[nodiscard]] double detectable_difference(double p, std::uint64_t n, double power, double conf);

}  // namespace duecare::sampling
