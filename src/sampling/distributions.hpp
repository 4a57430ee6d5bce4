// Distributions, from Boost.Math. Nothing here throws, sets errno or prints: what is not defined is NaN.
#pragma once

#include <cstdint>

namespace duecare::sampling {

[[nodiscard]] double normal_cdf(double z);
/// Upper tail, exact far out.
[[nodiscard]] double normal_sf(double z);
[[nodiscard]] double normal_quantile(double p);
[[nodiscard]] double student_quantile(double p, double df);
[[nodiscard]] double chi_squared_quantile(double p, double df);
[[nodiscard]] double chi_squared_sf(double x, double df);

/// P(X <= k); 0 for k below 0.
[[nodiscard]] double binomial_cdf(std::int64_t k, std::uint64_t n, double p);
/// P(X >= k).
[[nodiscard]] double binomial_at_least(std::int64_t k, std::uint64_t n, double p);
[[nodiscard]] double binomial_pmf(std::int64_t k, std::uint64_t n, double p);
[[nodiscard]] double poisson_cdf(std::int64_t k, double mean);

/// Quantile of Beta(a, b), a and b above 0: p from below (`beta_quantile`) or from above
/// (`beta_quantile_upper`), to about 1e-14 relative.
[[nodiscard]] double beta_quantile(double p, double a, double b);
[[nodiscard]] double beta_quantile_upper(double p, double a, double b);

}  // namespace duecare::sampling
