// Intervals of a rate: from a sample of a large population, and exact ones from a sample of a finite one.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sampling/wide.hpp"

namespace duecare::sampling {

enum class IntervalMethod { clopper_pearson, wilson, wilson_cc, jeffreys, agresti_coull, mid_p, wald };
/// Where the whole of 1 - conf goes; `two` puts half of it at each end.
enum class Side { two, upper, lower };

struct Interval {
    double low = 0;
    double high = 1;
};

/// Limits of a rate of which x of n were found. n = 0: [0, 1]. A side that is not asked for is 0 or 1.
/// @param x, n    may be fractions of units for Clopper-Pearson and Wilson (effective sizes); 0 <= x <= n.
/// @param alpha   1 - conf.
[[nodiscard]] Interval proportion_interval(double x, double n, double alpha, IntervalMethod method,
                                           Side side);

/// Clopper-Pearson for each x[i] of n[i]. All four have one length. @pre 0 <= x[i] <= n[i]
void clopper_pearson_bounds(std::span<const std::uint64_t> x, std::span<const std::uint64_t> n, double alpha,
                            Side side, std::span<double> low, std::span<double> high);

struct CountBounds {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
};

/// Bounds of the number of deviations in a population of N, of which x were found among n drawn without
/// replacement: min{M: P(X >= x) > a}, max{M: P(X <= x) > a} (Buonaccorsi 1987; Wright 1991), exactly: a
/// probability that equals a is rejected.
/// @param alpha   1 - conf.
[[nodiscard]] CountBounds hypergeometric_bounds(std::uint64_t N, std::uint64_t n, std::uint64_t x,
                                                const Fraction& alpha, Side side);

}  // namespace duecare::sampling
