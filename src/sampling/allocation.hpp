// How many units to draw from each stratum.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sampling/wide.hpp"

namespace duecare::sampling {

using Counts = std::span<const std::uint64_t>;

struct Allocation {
    std::vector<std::uint64_t> n_h;
    /// What the rule gives before it is made whole, with strata at their bounds fixed.
    std::vector<double> quotas;
};

// All throw Error{invalid_argument} where n is above the sum of sizes. They are exact, and so the same
// everywhere.

/// Largest remainder of n N_h / N (Bowley 1926; Cochran 1977, 5.5); ties: the larger stratum, then the order.
[[nodiscard]] Allocation allocate_proportional(Counts sizes, std::uint64_t n);

/// n / H each; a smaller stratum is taken whole and the rest shared again; remainders go to larger strata.
[[nodiscard]] Allocation allocate_equal(Counts sizes, std::uint64_t n);

/// Proportional with a floor: a stratum whose quota is below min(floor, N_h) is fixed there, the rest shared
/// again.
[[nodiscard]] Allocation allocate_minimum(Counts sizes, std::uint64_t n, std::uint64_t floor);

/// The whole numbers that make sum N_h^2 S_h^2 / (n_h c_h) least under floor <= n_h <= N_h (Neyman 1934;
/// Wright 2012, The American Statistician 66:217), by priorities N_h S_h / sqrt(k (k + 1)).
/// @param deviations  standard deviations S_h, one a stratum.
[[nodiscard]] Allocation allocate_neyman(Counts sizes, const std::vector<Fraction>& deviations,
                                         std::uint64_t n, std::uint64_t floor);

/// sum W_h^2 (1 - f_h) S_h^2 / n_h (Cochran 1977, 5.6). @return NaN where a stratum has units, none of them
/// drawn.
[[nodiscard]] double variance_of_mean(Counts sizes, std::span<const double> deviations, Counts n_h);

}  // namespace duecare::sampling
