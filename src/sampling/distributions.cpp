#include "sampling/distributions.hpp"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>

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

double beta_quantile(double p, double a, double b) {
    return bm::ibeta_inv(a, b, p, k_quiet);
}

double beta_quantile_upper(double p, double a, double b) {
    return bm::ibetac_inv(a, b, p, k_quiet);
}

}  // namespace duecare::sampling
