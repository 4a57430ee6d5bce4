// Draws with probability proportional to size, decided in exact integers. Sizes are positions in a list;
// units of size 0 are never drawn. Literature: Särndal, Swensson & Wretman 1992, 3.6.2 (certainty units);
// Ohlsson 1998 (sequential Poisson); Rosén 1997 (Pareto); Madow 1949 (systematic).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sampling/order.hpp"

namespace duecare::sampling {

using Sizes = std::span<const std::uint64_t>;
using Position = std::uint32_t;  // in a list of sizes or of members

/// What a size and an n make of the units.
struct Covered {
    std::vector<Position> certain;  // pi = 1, in the order given
    std::vector<Position> rest;     // pi = n_left * size / total < 1
    std::vector<Position> none;     // size 0
    std::uint64_t n_left = 0;
    U128 total = 0;  // of the sizes of `rest`
};

/// Takes certainty units out until none is left.
/// @throws Error{invalid_argument} if fewer than n units have a size above 0.
[[nodiscard]] Covered find_certain(Sizes sizes, std::uint64_t n);

/// By position; exact.
[[nodiscard]] std::vector<Fraction> inclusion_probabilities(Sizes sizes, const Covered& covered);

enum class Rank { sequential_poisson, pareto };

/// The first `k` positions of a draw of covered: certainty units, then by rank. `members[i]` is the unit of
/// position i.
[[nodiscard]] std::vector<Position> first_by_rank(Rank rank, const Population& population,
                                                  std::span<const Unit> members, Sizes sizes,
                                                  const Covered& covered, std::size_t k);

/// Whether the ticket is below pi.
[[nodiscard]] bool is_below(const Ticket& ticket, const Fraction& pi);

/// Positions hit by start + j * total/n, j = 0..n-1: C(i-1) <= point < C(i). One hit more than once where it
/// is larger than the interval. @param start of [0, total/n)
[[nodiscard]] std::vector<Position> systematic_hits(Sizes sizes, std::uint64_t n, const Fraction& start);

/// Certainty units and the hits among the rest, in the order given.
[[nodiscard]] std::vector<Position> pps_systematic(Sizes sizes, const Covered& covered, const Ticket& start);

/// Joint inclusion probabilities: the upper triangle, row by row.
[[nodiscard]] std::vector<double> systematic_joint(Sizes sizes, std::uint64_t n);

/// Sizes of the positions in `of`.
[[nodiscard]] std::vector<std::uint64_t> pick_sizes(Sizes sizes, std::span<const Position> of);

/// Spreads the joint probabilities of the rest over all units: a certainty unit and another have that
/// other's pi.
[[nodiscard]] std::vector<double> with_certain(Sizes sizes, const Covered& covered,
                                               const std::vector<double>& joint_of_rest);

[[nodiscard]] double to_double(const Fraction& fraction);

}  // namespace duecare::sampling
