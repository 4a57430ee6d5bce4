#include "sampling/tails.hpp"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace duecare::sampling::tails {

namespace {

namespace math = boost::math;
namespace mp = boost::math::policies;

using Quiet = mp::policy<mp::domain_error<mp::ignore_error>, mp::pole_error<mp::ignore_error>,
                         mp::overflow_error<mp::ignore_error>, mp::underflow_error<mp::ignore_error>,
                         mp::denorm_error<mp::ignore_error>, mp::rounding_error<mp::ignore_error>,
                         mp::evaluation_error<mp::ignore_error>,
                         mp::indeterminate_result_error<mp::ignore_error>, mp::promote_double<false>>;

using Normal = math::normal_distribution<double, Quiet>;
using Student = math::students_t_distribution<double, Quiet>;
using ChiSquared = math::chi_squared_distribution<double, Quiet>;
using Beta = math::beta_distribution<double, Quiet>;
using Binom = math::binomial_distribution<double, Quiet>;

}  // namespace

double normal_quantile(double p) noexcept {
    return math::quantile(Normal(), p);
}

// The upper tail is given as such: 1 - (1 - conf)/2 would lose the last digits of it.
double two_sided_z(double conf) noexcept {
    return math::quantile(math::complement(Normal(), (1 - conf) / 2));
}

double two_sided_t(double conf, double df) noexcept {
    return math::quantile(math::complement(Student(df), (1 - conf) / 2));
}

double chi_squared_quantile(double p, double df) noexcept {
    return math::quantile(ChiSquared(df), p);
}

double chi_squared_above(double x, double df) noexcept {
    return x <= 0 ? 1 : math::cdf(math::complement(ChiSquared(df), x));
}

double beta_quantile(double p, double a, double b) noexcept {
    return math::quantile(Beta(a, b), p);
}

double beta_quantile_above(double p, double a, double b) noexcept {
    return math::quantile(math::complement(Beta(a, b), p));
}

double Binomial::exactly(std::uint64_t r) const noexcept {
    if (r > n) return 0;
    if (p <= 0) return r == 0 ? 1 : 0;
    if (p >= 1) return r == n ? 1 : 0;
    return math::pdf(Binom(static_cast<double>(n), p), static_cast<double>(r));
}

double Binomial::at_most(std::uint64_t r) const noexcept {
    if (r >= n || p <= 0) return 1;
    if (p >= 1) return 0;
    return math::cdf(Binom(static_cast<double>(n), p), static_cast<double>(r));
}

double Binomial::at_least(std::uint64_t r) const noexcept {
    if (r == 0) return 1;
    if (r > n || p <= 0) return 0;
    if (p >= 1) return 1;
    return math::cdf(math::complement(Binom(static_cast<double>(n), p), static_cast<double>(r - 1)));
}

std::uint64_t Binomial::quantile(double q) const noexcept {
    std::uint64_t low = 0;
    std::uint64_t high = n;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        if (at_most(middle) >= q * (1 - k_guard))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

}  // namespace duecare::sampling::tails
