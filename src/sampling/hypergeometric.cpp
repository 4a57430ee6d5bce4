#include "sampling/hypergeometric.hpp"

#include <algorithm>
#include <array>
#include <boost/math/special_functions/log1p.hpp>
#include <cmath>

#include "sampling/inputs.hpp"

namespace duecare::sampling {

namespace {

/// log k! - log(sqrt(2 pi k) (k / e)^k), 0 for k = 0, by Stirling's series (Abramowitz & Stegun
/// 1964, 6.1.41).
long double stirling_error(std::uint64_t k) {
    constexpr std::uint64_t k_least = 20;
    constexpr long double k_half_log_two_pi = 0.918938533204672741780329736405617639861L;
    if (k == 0) return 0;
    const auto at = static_cast<long double>(k);
    if (k < k_least) {
        long double factorial = 1;
        for (std::uint64_t i = 2; i <= k; ++i) factorial *= static_cast<long double>(i);
        return std::log(factorial) - (at + 0.5L) * std::log(at) + at - k_half_log_two_pi;
    }
    const long double r = 1 / (at * at);
    // B(2j) / (2j (2j - 1)); the first that is left out is below 1e-22.
    constexpr std::array<long double, 9> k_terms{1.0L / 12,    -1.0L / 360,       1.0L / 1260,
                                                 -1.0L / 1680, 1.0L / 1188,       -691.0L / 360360,
                                                 1.0L / 156,   -3617.0L / 122400, 43867.0L / 244188};
    long double sum = 0;
    for (auto term = k_terms.rbegin(); term != k_terms.rend(); ++term) sum = sum * r + *term;
    return sum / at;
}

/// log(1 + u) - u, u > -1.
long double log1p_less_u(long double u) {
    constexpr long double k_small = 0.25L;  // beyond it the difference has all its digits
    return std::abs(u) < k_small ? boost::math::log1pmx(u) : std::log1p(u) - u;
}

/// The table of a draw: marked and not, drawn and not.
struct Cells {
    std::uint64_t x, marked, drawn, neither;

    Cells(std::uint64_t found, std::uint64_t N, std::uint64_t M, std::uint64_t n)
        : x(found), marked(M - found), drawn(n - found), neither(N - M - (n - found)) {}
};

/// P(X = x) by the saddle point (Loader 2000, Fast and accurate computation of binomial probabilities), for
/// the four cells of the table at once: each factorial is Stirling's times a small correction, and of the
/// powers there remains prod (E / cell)^cell, E being what is expected of a cell. Differences of logarithms
/// of factorials would lose as many digits as N has.
long double point_probability(std::uint64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n) {
    const Cells cells(x, N, M, n);
    const std::uint64_t found = x * N;  // N below 2^32: products fit
    const std::uint64_t expected = M * n;
    const long double apart =
        static_cast<long double>(found > expected ? found - expected : expected - found) /
        static_cast<long double>(N) * (found > expected ? 1 : -1);
    long double exponent = 0;
    long double square = 1;  // of the factors sqrt(k) of Stirling's formula, but for 2 pi
    int roots = 0;           // of 2 pi
    const auto above = [&](std::uint64_t k) {
        if (k == 0) return;
        exponent += stirling_error(k);
        square *= static_cast<long double>(k);
        ++roots;
    };
    const auto below = [&](std::uint64_t k) {
        if (k == 0) return;
        exponent -= stirling_error(k);
        square /= static_cast<long double>(k);
        --roots;
    };
    const auto cell = [&](std::uint64_t k, long double difference) {
        below(k);
        const auto size = static_cast<long double>(k);
        exponent += k == 0 ? difference : size * log1p_less_u(-difference / size);
    };
    above(M);
    cell(cells.x, apart);
    above(N - M);
    cell(cells.marked, -apart);
    above(n);
    cell(cells.drawn, -apart);
    above(N - n);
    cell(cells.neither, apart);
    below(N);
    constexpr long double k_two_pi = 6.28318530717958647692528676655900576839L;
    for (; roots > 0; --roots) square *= k_two_pi;
    for (; roots < 0; ++roots) square /= k_two_pi;
    return std::exp(exponent) * std::sqrt(square);
}

/// Sum of P(X = i) from x downward (step -1) or upward (step 1), terms by their ratio from the first.
long double sum_tail(std::uint64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n, int step) {
    const std::uint64_t least = n + M > N ? n + M - N : 0;
    const std::uint64_t most = std::min(n, M);
    long double term = point_probability(x, N, M, n);
    long double sum = 0;
    for (std::uint64_t i = x;;) {
        sum += term;
        const Cells cells(i, N, M, n);
        if (step < 0) {
            if (i == least) break;
            term *= static_cast<long double>(cells.x) * static_cast<long double>(cells.neither) /
                    (static_cast<long double>(cells.marked + 1) * static_cast<long double>(cells.drawn + 1));
            --i;
        } else {
            if (i == most) break;
            term *= static_cast<long double>(cells.marked) * static_cast<long double>(cells.drawn) /
                    (static_cast<long double>(cells.x + 1) * static_cast<long double>(cells.neither + 1));
            ++i;
        }
        if (term <= sum * 1e-22L) break;  // 0 if the first is too small to be told from it
    }
    return std::min(sum, 1.0L);
}

bool is_below_mean(std::uint64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n) {
    return x * N <= M * n;
}

Integer choose(std::uint64_t n, std::uint64_t k) {
    k = std::min(k, n - k);
    Integer out = 1;
    for (std::uint64_t i = 1; i <= k; ++i) {
        out *= n - k + i;
        out /= i;
    }
    return out;
}

/// P(first <= Y <= last) of m drawn from N, of which K are marked, with its denominator C(N, m).
Integer count_ways(std::uint64_t first, std::uint64_t last, std::uint64_t N, std::uint64_t K,
                   std::uint64_t m) {
    Integer term = choose(K, first) * choose(N - K, m - first);
    Integer out = term;
    for (std::uint64_t i = first; i < last; ++i) {
        const Cells cells(i, N, K, m);
        term *= cells.marked;
        term *= cells.drawn;
        term /= cells.x + 1;
        term /= cells.neither + 1;
        out += term;
    }
    return out;
}

/// The same event told of the smallest of the drawn, the marked, and what is not: Y of m drawn, K marked.
struct Smallest {
    std::uint64_t N, K, m, first, last;

    /// P(X <= x), least <= x < most.
    Smallest(std::uint64_t x, std::uint64_t units, std::uint64_t M, std::uint64_t n) : N(units), K(M), m(n) {
        m = std::min({n, M, N - n, N - M});
        if (m == n || m == M) {
            K = m == n ? M : n;
            first = m + K > N ? m + K - N : 0;
            last = x;
        } else {
            const bool marks = m == N - M;  // what is drawn and not marked, or marked and not drawn
            K = marks ? n : M;
            first = K - x;
            last = std::min(m, K);
        }
    }
};

/// Whether P(X <= x) is above the level, by whole numbers; nothing if those are too long.
bool exceeds_exactly(std::uint64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n, const Level& level) {
    constexpr double k_most_work = 1e7;  // words that are multiplied: some tenths of a second
    Smallest of(x, N, M, n);
    const auto m = static_cast<double>(of.m);
    const double words = 1 + m * std::log2(3 * static_cast<double>(N) / m) / 64;
    if (3 * m * words > k_most_work) return false;
    const std::uint64_t least = of.m + of.K > N ? of.m + of.K - N : 0;
    const std::uint64_t most = std::min(of.m, of.K);
    Fraction share = level.exact();
    const bool is_rest = of.last - of.first > (most - least) / 2;  // the other outcomes are fewer
    if (is_rest) {
        share = rest(share);
        if (of.first == least) {
            of.first = of.last + 1;
            of.last = most;
        } else {
            of.last = of.first - 1;
            of.first = least;
        }
    }
    const Integer ways = count_ways(of.first, of.last, N, of.K, of.m) * share.den;
    const Integer all = choose(N, of.m) * share.num;
    return is_rest ? ways < all : ways > all;
}

}  // namespace

Level::Level(Fraction exact) : exact_(std::move(exact)), rounded_(to_real(exact_)) {}

double hypergeometric_pmf(std::int64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n) {
    const auto least = static_cast<std::int64_t>(n + M > N ? n + M - N : 0);
    if (x < least || static_cast<std::uint64_t>(x) > std::min(n, M)) return 0;
    if (static_cast<std::uint64_t>(least) == std::min(n, M)) return 1;
    return static_cast<double>(point_probability(static_cast<std::uint64_t>(x), N, M, n));
}

double hypergeometric_cdf(std::int64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n) {
    const std::uint64_t least = n + M > N ? n + M - N : 0;
    if (x < 0 || static_cast<std::uint64_t>(x) < least) return 0;
    const auto at = static_cast<std::uint64_t>(x);
    if (at >= std::min(n, M)) return 1;
    // The sum goes away from the mode, so that terms fall and none is too small to begin with.
    if (is_below_mean(at, N, M, n)) return static_cast<double>(sum_tail(at, N, M, n, -1));
    return static_cast<double>(1 - sum_tail(at + 1, N, M, n, 1));
}

double hypergeometric_at_least(std::int64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n) {
    const std::uint64_t least = n + M > N ? n + M - N : 0;
    if (x <= static_cast<std::int64_t>(least)) return 1;
    const auto at = static_cast<std::uint64_t>(x);
    if (at > std::min(n, M)) return 0;
    if (!is_below_mean(at, N, M, n)) return static_cast<double>(sum_tail(at, N, M, n, 1));
    return static_cast<double>(1 - sum_tail(at - 1, N, M, n, -1));
}

bool hypergeometric_cdf_exceeds(std::uint64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n,
                                const Level& level) {
    constexpr double k_guard = 1e-12;
    if (x >= std::min(n, M)) return true;
    if (n + M > N && x < n + M - N) return false;
    const double p = hypergeometric_cdf(static_cast<std::int64_t>(x), N, M, n);
    if (std::abs(p - level.rounded()) > k_guard * level.rounded()) return p > level.rounded();
    return exceeds_exactly(x, N, M, n, level);
}

bool hypergeometric_at_least_exceeds(std::uint64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n,
                                     const Level& level) {
    // As many or more of the marked are as few or fewer of the others.
    return x == 0 || (x <= n && hypergeometric_cdf_exceeds(n - x, N, N - M, n, level));
}

}  // namespace duecare::sampling
