// Intervals of a rate from a stratified sample.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <span>
#include <string_view>

#include "sampling/inputs.hpp"
#include "sampling/intervals.hpp"

namespace duecare::sampling {

struct CountedStratum {
    std::uint64_t N = 0;
    std::uint64_t n = 0;
    std::uint64_t x = 0;
};

enum class StratifiedMethod { korn_graubard, logit, wilson_neff, exact, bonferroni_exact };

struct StratifiedInterval {
    double low = 0;  // NaN: not defined
    double high = 1;
    double n_eff = 0;         // of Korn & Graubard and of Wilson; else NaN
    bool has_counts = false;  // of the two exact methods
    CountBounds counts;
    std::string_view reason;
};

/// Korn & Graubard 1998; logit and Wilson with an effective size; Wendell & Schmee 1996 (all splits are
/// tried: for small strata); the sum of exact bounds of each stratum at 1 - alpha / H.
/// @param cap  limits the effective size to n.
[[nodiscard]] StratifiedInterval stratified_interval(std::span<const CountedStratum> strata,
                                                     const Fraction& alpha, StratifiedMethod method,
                                                     Side side, bool cap);

/// stratified_proportion_interval by name.
[[nodiscard]] boost::json::object stratified_interval_method(const Inputs& in);

}  // namespace duecare::sampling
