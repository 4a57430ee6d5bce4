// Of `n` units drawn from `N`, of which `M` are marked, X are marked. N is below 2^32.
#pragma once

#include <cstdint>

#include "sampling/wide.hpp"

namespace duecare::sampling {

/// P(X = x), P(X <= x), P(X >= x), to about 1e-15 relative for the smaller of a tail and its rest.
[[nodiscard]] double hypergeometric_pmf(std::int64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n);
[[nodiscard]] double hypergeometric_cdf(std::int64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n);
[[nodiscard]] double hypergeometric_at_least(std::int64_t x, std::uint64_t N, std::uint64_t M,
                                             std::uint64_t n);

/// A probability above 0 and below 1, as it was meant, that a tail is compared with.
class Level {
  public:
    explicit Level(Fraction exact);

    [[nodiscard]] const Fraction& exact() const noexcept { return exact_; }
    [[nodiscard]] double rounded() const noexcept { return rounded_; }

  private:
    Fraction exact_;
    double rounded_;
};

/// Whether P(X <= x), or P(X >= x), is above the level; equality is not. Where the two are within 1e-12,
/// whole numbers decide; only where those would have millions of digits, such a tail counts as equal.
[[nodiscard]] bool hypergeometric_cdf_exceeds(std::uint64_t x, std::uint64_t N, std::uint64_t M,
                                              std::uint64_t n, const Level& level);
[[nodiscard]] bool hypergeometric_at_least_exceeds(std::uint64_t x, std::uint64_t N, std::uint64_t M,
                                                   std::uint64_t n, const Level& level);

}  // namespace duecare::sampling
