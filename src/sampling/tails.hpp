// Quantiles and tails of the distributions that the statistics need, without exceptions and without errno.
#pragma once

#include <cstdint>

namespace duecare::sampling::tails {

/// Two numbers that differ by rounding alone count as equal.
inline constexpr double k_guard = 1e-12;

[[nodiscard]] double normal_quantile(double p) noexcept;
/// z of a two-sided interval: the quantile at 1 - (1 - conf)/2.
[[nodiscard]] double two_sided_z(double conf) noexcept;
/// t of a two-sided interval, df > 0.
[[nodiscard]] double two_sided_t(double conf, double df) noexcept;
[[nodiscard]] double chi_squared_quantile(double p, double df) noexcept;
/// P(X > x) of a chi-squared variable.
[[nodiscard]] double chi_squared_above(double x, double df) noexcept;

/// q with P(X <= q) = p, and with P(X > q) = p, of a Beta(a, b) variable; a, b > 0.
[[nodiscard]] double beta_quantile(double p, double a, double b) noexcept;
[[nodiscard]] double beta_quantile_above(double p, double a, double b) noexcept;

/// A binomial variable; p in [0, 1].
struct Binomial {
    std::uint64_t n = 0;
    double p = 0;

    [[nodiscard]] double exactly(std::uint64_t r) const noexcept;
    [[nodiscard]] double at_most(std::uint64_t r) const noexcept;
    [[nodiscard]] double at_least(std::uint64_t r) const noexcept;
    /// min{r : P(X <= r) >= q}; a difference that is rounding alone counts as reached.
    [[nodiscard]] std::uint64_t quantile(double q) const noexcept;
};

}  // namespace duecare::sampling::tails
