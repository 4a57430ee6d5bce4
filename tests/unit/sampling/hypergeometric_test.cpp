#include "sampling/hypergeometric.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sampling/intervals.hpp"
#include "sampling/planning.hpp"

namespace duecare::sampling {

namespace {

using Ratio = boost::multiprecision::cpp_rational;

Integer ways(std::uint64_t n, std::uint64_t k) {
    Integer out = 1;
    for (std::uint64_t i = 1; i <= k; ++i) out = out * (n - k + i) / i;
    return out;
}

Ratio exact_cdf(std::uint64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n) {
    Integer sum = 0;
    for (std::uint64_t i = 0; i <= std::min({x, n, M}); ++i)
        if (n - i <= N - M) sum += ways(M, i) * ways(N - M, n - i);
    return {sum, ways(N, n)};
}

Fraction fraction(const Ratio& value) {
    return {numerator(value), denominator(value)};
}

}  // namespace

TEST(Hypergeometric, EveryTailOfSmallPopulations) {
    for (std::uint64_t N = 1; N <= 13; ++N) {
        for (std::uint64_t M = 0; M <= N; ++M) {
            for (std::uint64_t n = 0; n <= N; ++n) {
                for (std::uint64_t x = 0; x <= n; ++x) {
                    const Ratio p = exact_cdf(x, N, M, n);
                    const auto at = static_cast<std::int64_t>(x);
                    ASSERT_NEAR(hypergeometric_cdf(at, N, M, n), p.convert_to<double>(), 1e-15);
                    ASSERT_NEAR(hypergeometric_at_least(at + 1, N, M, n), Ratio(1 - p).convert_to<double>(),
                                1e-15);
                    if (p == 0 || p == 1) continue;
                    // The tail itself is a tie; a little less is not.
                    EXPECT_FALSE(hypergeometric_cdf_exceeds(x, N, M, n, Level(fraction(p))));
                    const Ratio less = p * (1 - Ratio(1, 1000000000000000000));
                    EXPECT_TRUE(hypergeometric_cdf_exceeds(x, N, M, n, Level(fraction(less))));
                    EXPECT_FALSE(
                        hypergeometric_at_least_exceeds(x + 1, N, M, n, Level(fraction(Ratio(1 - p)))));
                }
            }
        }
    }
}

TEST(Hypergeometric, LargePopulationsKeepTheirDigits) {
    const auto relative = [](double got, double expected) { return std::abs(got / expected - 1); };
    // P(X >= 1) of 300 of 4,000,000,000 with 20,000,000; P(X <= 1) of 150 of 1,000,000 with 5,000.
    EXPECT_LT(relative(hypergeometric_at_least(1, 4000000000, 20000000, 300), 0.7777078126841339), 1e-15);
    const Ratio p = exact_cdf(1, 1000000, 5000, 150);
    EXPECT_LT(relative(hypergeometric_cdf(1, 1000000, 5000, 150), p.convert_to<double>()), 1e-15);
    EXPECT_DOUBLE_EQ(hypergeometric_pmf(0, 4294967295, 1, 1), 4294967294.0 / 4294967295.0);
}

TEST(Hypergeometric, TiesAreExactInLargePopulations) {
    const Fraction twentieth{1, 20};
    EXPECT_EQ(sample_size_discovery(698680, 1, {19, 20})->n, 663746);
    EXPECT_EQ(sample_size_discovery(5000000, 1, {1, 2})->n, 2500000);
    EXPECT_EQ(hypergeometric_bounds(698680, 663746, 0, twentieth, Side::upper).high, 0);
    EXPECT_EQ(hypergeometric_bounds(200000000, 10000000, 1, twentieth, Side::lower).low, 2);
    // All of two marked units drawn, n (n - 1) / (N (N - 1)) = 1 / 2 for Pell's N = 803,761, n = 568,345.
    EXPECT_EQ(hypergeometric_bounds(803761, 568345, 2, {1, 2}, Side::lower).low, 3);
    EXPECT_EQ(hypergeometric_bounds(803761, 568345, 2, {500001, 1000000}, Side::lower).low, 3);
    EXPECT_EQ(hypergeometric_bounds(803761, 568345, 2, {499999, 1000000}, Side::lower).low, 2);
}

TEST(Hypergeometric, TiesOfManyUnitsAreDecided) {
    // Half of the units are marked: of an odd number drawn, one half has the more marked ones just as often.
    const std::uint64_t n = 1001;
    EXPECT_FALSE(hypergeometric_cdf_exceeds((n - 1) / 2, 100000, 50000, n, Level({1, 2})));
    EXPECT_FALSE(hypergeometric_at_least_exceeds((n + 1) / 2, 100000, 50000, n, Level({1, 2})));
    EXPECT_TRUE(hypergeometric_cdf_exceeds((n + 1) / 2, 100000, 50000, n, Level({1, 2})));
    // Too long to be decided by whole numbers: equal.
    EXPECT_FALSE(hypergeometric_cdf_exceeds(500000000, 4000000000, 2000000000, 1000000001, Level({1, 2})));
}

TEST(Hypergeometric, TailsTooSmallForANumberTakeNoTime) {
    // Half of the first is far from it: P(X <= x) is below 1e-4950, and had a billion terms.
    const std::uint64_t N = 4294967295;
    EXPECT_EQ(hypergeometric_cdf(1073741823, N, 4294967294 / 4 * 3, N / 2), 0);
    const CountBounds made = hypergeometric_bounds(N, N / 2, 1073741823, {1, 20}, Side::two);
    EXPECT_EQ(made.low, 2147419422U);
    EXPECT_EQ(made.high, 2147547871U);
}

TEST(Planning, ProportionWithoutVariation) {
    EXPECT_EQ(sample_size_proportion({0, 1}, {1, 20}, 1.96, 1).n, 0);
    EXPECT_EQ(sample_size_proportion({1, 1}, {1, 20}, 1.96, 1).n, 0);
    EXPECT_EQ(sample_size_proportion({1, 2}, {1, 20}, 1.96, 1).n, 1);
    EXPECT_EQ(sample_size_proportion({1, 2}, {1, 2}, 1, 0).n, 0);
    EXPECT_EQ(sample_size_proportion({1, 2}, {1, 40}, 1, 3200).n, 356);  // Cochran 1977, 4.4
}

}  // namespace duecare::sampling
