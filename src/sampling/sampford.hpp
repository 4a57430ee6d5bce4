// Sampford's rejective draw (1967, Biometrika 54:499): exactly proportional to size, every pair possible.
#pragma once

#include "sampling/pps.hpp"

namespace duecare::sampling {

struct Rejective {
    std::vector<Position> positions;  // certainty units and drawn ones, in the order given
    std::uint64_t tries = 0;          // sets that were picked until one had no unit twice
};

/// Bits to which weights are computed before the exact fractions have to decide; a parameter so that tests
/// reach those.
inline constexpr unsigned k_weight_bits = 640;
inline constexpr std::uint64_t k_most_tries = 1'000'000;

/// Uniforms are the tickets of #draw:1, #draw:2, ...
/// @throws Error{limit} when no set was free of repetitions in k_most_tries tries.
[[nodiscard]] Rejective sampford(Sizes sizes, const Covered& covered, const TicketMaker& maker,
                                 unsigned weight_bits = k_weight_bits);

/// Joint inclusion probabilities: the upper triangle, row by row. Work grows with N^3 n.
[[nodiscard]] std::vector<double> sampford_joint(Sizes sizes, std::uint64_t n);

}  // namespace duecare::sampling
