#include "sampling/intervals.hpp"

#include <algorithm>
#include <cmath>

#include "sampling/distributions.hpp"
#include "sampling/hypergeometric.hpp"

namespace duecare::sampling {

namespace {

/// Clopper & Pearson 1934, by quantiles of the Beta distribution.
Interval clopper_pearson(double x, double n, double a) {
    Interval out;
    if (x > 0) out.low = x < n ? beta_quantile(a, x, n - x + 1) : std::pow(a, 1 / n);
    if (x < n) out.high = x > 0 ? beta_quantile_upper(a, x + 1, n - x) : -std::expm1(std::log(a) / n);
    return out;
}

/// Wilson 1927.
Interval wilson(double x, double n, double a) {
    const double z = -normal_quantile(a);
    const double p = x / n;
    const double middle = (x + z * z / 2) / (n + z * z);
    const double half = z * std::sqrt(n) / (n + z * z) * std::sqrt(p * (1 - p) + z * z / (4 * n));
    return {middle - half, middle + half};
}

/// Newcombe 1998, method 4: Wilson with continuity correction.
Interval wilson_corrected(double x, double n, double a) {
    const double z = -normal_quantile(a);
    const double p = x / n;
    const double q = 1 - p;
    const double below = std::sqrt(std::max(0.0, z * z - 2 - 1 / n + 4 * p * (n * q + 1)));
    const double above = std::sqrt(std::max(0.0, z * z + 2 - 1 / n + 4 * p * (n * q - 1)));
    return {(2 * n * p + z * z - 1 - z * below) / (2 * (n + z * z)),
            (2 * n * p + z * z + 1 + z * above) / (2 * (n + z * z))};
}

/// Brown, Cai & DasGupta 2001, (7).
Interval jeffreys(double x, double n, double a) {
    return {beta_quantile(a, x + 0.5, n - x + 0.5), beta_quantile_upper(a, x + 0.5, n - x + 0.5)};
}

/// Agresti & Coull 1998, with z^2 for the 4.
Interval agresti_coull(double x, double n, double a) {
    const double z = -normal_quantile(a);
    const double size = n + z * z;
    const double p = (x + z * z / 2) / size;
    const double half = z * std::sqrt(p * (1 - p) / size);
    return {p - half, p + half};
}

Interval wald(double x, double n, double a) {
    const double p = x / n;
    const double half = -normal_quantile(a) * std::sqrt(p * (1 - p) / n);
    return {p - half, p + half};
}

/// P(X > x) + P(X = x) / 2 at a rate.
double mid_upper(std::uint64_t x, std::uint64_t n, double rate) {
    const auto k = static_cast<std::int64_t>(x);
    return (binomial_at_least(k + 1, n, rate) + binomial_at_least(k, n, rate)) / 2;
}

/// P(X < x) + P(X = x) / 2 at a rate.
double mid_lower(std::uint64_t x, std::uint64_t n, double rate) {
    const auto k = static_cast<std::int64_t>(x);
    return (binomial_cdf(k - 1, n, rate) + binomial_cdf(k, n, rate)) / 2;
}

/// Lancaster 1961; Newcombe 1998, method 6. Both tails are monotone in the rate: halving finds the limit.
Interval mid_p(std::uint64_t x, std::uint64_t n, double a) {
    const auto solve = [&](auto is_below) {
        double low = 0;
        double high = 1;
        for (int i = 0; i < 200 && high - low > 1e-17 + 4e-16 * low; ++i) {
            const double middle = (low + high) / 2;
            if (middle <= low || middle >= high) break;
            (is_below(middle) ? low : high) = middle;
        }
        return (low + high) / 2;
    };
    Interval out;
    if (x > 0) out.low = solve([&](double rate) { return mid_upper(x, n, rate) < a; });
    if (x < n) out.high = solve([&](double rate) { return mid_lower(x, n, rate) > a; });
    return out;
}

Interval limits(double x, double n, double a, IntervalMethod method) {
    switch (method) {
        case IntervalMethod::clopper_pearson:
            return clopper_pearson(x, n, a);
        case IntervalMethod::wilson:
            return wilson(x, n, a);
        case IntervalMethod::wilson_cc:
            return wilson_corrected(x, n, a);
        case IntervalMethod::jeffreys:
            return jeffreys(x, n, a);
        case IntervalMethod::agresti_coull:
            return agresti_coull(x, n, a);
        case IntervalMethod::mid_p:
            return mid_p(static_cast<std::uint64_t>(x), static_cast<std::uint64_t>(n), a);
        case IntervalMethod::wald:
            return wald(x, n, a);
    }
    return {};
}

}  // namespace

Interval proportion_interval(double x, double n, double alpha, IntervalMethod method, Side side) {
    if (!(n > 0)) return {};
    Interval out = limits(x, n, side == Side::two ? alpha / 2 : alpha, method);
    out.low = std::clamp(out.low, 0.0, 1.0);
    out.high = std::clamp(out.high, 0.0, 1.0);
    if (x <= 0) out.low = 0;
    if (x >= n) out.high = 1;
    if (side == Side::upper) out.low = 0;
    if (side == Side::lower) out.high = 1;
    return out;
}

void clopper_pearson_bounds(std::span<const std::uint64_t> x, std::span<const std::uint64_t> n, double alpha,
                            Side side, std::span<double> low, std::span<double> high) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        const Interval one = proportion_interval(static_cast<double>(x[i]), static_cast<double>(n[i]), alpha,
                                                 IntervalMethod::clopper_pearson, side);
        low[i] = one.low;
        high[i] = one.high;
    }
}

CountBounds hypergeometric_bounds(std::uint64_t N, std::uint64_t n, std::uint64_t x, const Fraction& alpha,
                                  Side side) {
    const Level a(Fraction{alpha.num, side == Side::two ? 2 * alpha.den : alpha.den});
    CountBounds out{x, N - n + x};
    if (side != Side::upper && x > 0) {
        std::uint64_t kept = out.high;  // P(X >= x) rises with M, and is 1 here
        for (std::uint64_t from = out.low; from < kept;) {
            const std::uint64_t middle = from + (kept - from) / 2;
            if (hypergeometric_at_least_exceeds(x, N, middle, n, a)) {
                kept = middle;
            } else {
                from = middle + 1;
            }
        }
        out.low = kept;
    }
    if (side != Side::lower && x < n) {
        std::uint64_t kept = x;  // P(X <= x) falls with M, and is 1 here
        for (std::uint64_t to = N - n + x; kept < to;) {
            const std::uint64_t middle = to - (to - kept) / 2;
            if (hypergeometric_cdf_exceeds(x, N, middle, n, a)) {
                kept = middle;
            } else {
                to = middle - 1;
            }
        }
        out.high = kept;
    }
    return out;
}

}  // namespace duecare::sampling
