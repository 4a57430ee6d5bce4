#include "sampling/distributions.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace duecare::sampling {

namespace {

namespace bm = boost::math;
namespace policies = boost::math::policies;

using Quiet = policies::policy<
    policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
    policies::overflow_error<policies::ignore_error>, policies::underflow_error<policies::ignore_error>,
    policies::denorm_error<policies::ignore_error>, policies::evaluation_error<policies::ignore_error>,
    policies::rounding_error<policies::ignore_error>,
    policies::indeterminate_result_error<policies::ignore_error>, policies::promote_double<false>>;

constexpr Quiet k_quiet{};

/// log of P(X = x) in long double: differences of large logarithms lose digits.
long double log_choose(std::uint64_t n, std::uint64_t k) {
    return bm::lgamma(static_cast<long double>(n) + 1, k_quiet) -
           bm::lgamma(static_cast<long double>(k) + 1, k_quiet) -
           bm::lgamma(static_cast<long double>(n - k) + 1, k_quiet);
}

/// Sum of P(X = i) from x downward (step -1) or upward (step 1), terms by their ratio from the first.
double hypergeometric_tail(std::uint64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n, int step) {
    const std::uint64_t least = n + M > N ? n + M - N : 0;
    const std::uint64_t most = std::min(n, M);
    long double term = std::exp(log_choose(M, x) + log_choose(N - M, n - x) - log_choose(N, n));
    long double sum = 0;
    for (std::uint64_t i = x;;) {
        sum += term;
        const auto at = static_cast<long double>(i);
        if (step < 0) {
            if (i == least) break;
            term *= at *
                    (static_cast<long double>(N) - static_cast<long double>(M) - static_cast<long double>(n) +
                     at) /
                    ((static_cast<long double>(M) - at + 1) * (static_cast<long double>(n) - at + 1));
            --i;
        } else {
            if (i == most) break;
            term *= (static_cast<long double>(M) - at) * (static_cast<long double>(n) - at) /
                    ((at + 1) * (static_cast<long double>(N) - static_cast<long double>(M) -
                                 static_cast<long double>(n) + at + 1));
            ++i;
        }
        if (term < sum * 1e-22L) break;
    }
    return static_cast<double>(std::min(sum, 1.0L));
}

}  // namespace

double normal_cdf(double z) {
    return bm::cdf(bm::normal_distribution<double, Quiet>(), z);
}

double normal_sf(double z) {
    return bm::cdf(bm::complement(bm::normal_distribution<double, Quiet>(), z));
}

double normal_quantile(double p) {
    return bm::quantile(bm::normal_distribution<double, Quiet>(), p);
}

double student_quantile(double p, double df) {
    return bm::quantile(bm::students_t_distribution<double, Quiet>(df), p);
}

double chi_squared_quantile(double p, double df) {
    return bm::quantile(bm::chi_squared_distribution<double, Quiet>(df), p);
}

double chi_squared_sf(double x, double df) {
    return bm::cdf(bm::complement(bm::chi_squared_distribution<double, Quiet>(df), x));
}

double binomial_cdf(std::int64_t k, std::uint64_t n, double p) {
    if (k < 0) return 0;
    if (static_cast<std::uint64_t>(k) >= n) return 1;
    return bm::ibetac(static_cast<double>(k) + 1, static_cast<double>(n) - static_cast<double>(k), p,
                      k_quiet);
}

double binomial_at_least(std::int64_t k, std::uint64_t n, double p) {
    if (k <= 0) return 1;
    if (static_cast<std::uint64_t>(k) > n) return 0;
    return bm::ibeta(static_cast<double>(k), static_cast<double>(n) - static_cast<double>(k) + 1, p, k_quiet);
}

double binomial_pmf(std::int64_t k, std::uint64_t n, double p) {
    if (k < 0 || static_cast<std::uint64_t>(k) > n) return 0;
    return bm::pdf(bm::binomial_distribution<double, Quiet>(static_cast<double>(n), p),
                   static_cast<double>(k));
}

double poisson_cdf(std::int64_t k, double mean) {
    if (k < 0) return 0;
    if (mean <= 0) return 1;
    return bm::cdf(bm::poisson_distribution<double, Quiet>(mean), static_cast<double>(k));
}

double hypergeometric_pmf(std::int64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n) {
    const auto least = static_cast<std::int64_t>(n + M > N ? n + M - N : 0);
    if (x < least || static_cast<std::uint64_t>(x) > std::min(n, M)) return 0;
    const auto at = static_cast<std::uint64_t>(x);
    return static_cast<double>(std::exp(log_choose(M, at) + log_choose(N - M, n - at) - log_choose(N, n)));
}

double hypergeometric_cdf(std::int64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n) {
    const std::uint64_t least = n + M > N ? n + M - N : 0;
    if (x < 0 || static_cast<std::uint64_t>(x) < least) return 0;
    const auto at = static_cast<std::uint64_t>(x);
    if (at >= std::min(n, M)) return 1;
    // The sum goes away from the mode, so that terms fall and none is too small to begin with.
    const double mean = static_cast<double>(n) * static_cast<double>(M) / static_cast<double>(N);
    if (static_cast<double>(at) <= mean) return hypergeometric_tail(at, N, M, n, -1);
    return 1 - hypergeometric_tail(at + 1, N, M, n, 1);
}

double hypergeometric_at_least(std::int64_t x, std::uint64_t N, std::uint64_t M, std::uint64_t n) {
    const std::uint64_t least = n + M > N ? n + M - N : 0;
    if (x <= static_cast<std::int64_t>(least)) return 1;
    const auto at = static_cast<std::uint64_t>(x);
    if (at > std::min(n, M)) return 0;
    const double mean = static_cast<double>(n) * static_cast<double>(M) / static_cast<double>(N);
    if (static_cast<double>(at) > mean) return hypergeometric_tail(at, N, M, n, 1);
    return 1 - hypergeometric_tail(at - 1, N, M, n, -1);
}

double beta_quantile(double p, double a, double b) {
    return bm::ibeta_inv(a, b, p, k_quiet);
}

double beta_quantile_upper(double p, double a, double b) {
    return bm::ibetac_inv(a, b, p, k_quiet);
}

}  // namespace duecare::sampling
