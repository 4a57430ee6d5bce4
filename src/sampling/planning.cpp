#include "sampling/planning.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sampling/distributions.hpp"
#include "sampling/hypergeometric.hpp"
#include "sampling/inputs.hpp"

namespace duecare::sampling {

namespace {

using Ratio = boost::multiprecision::cpp_rational;

constexpr std::uint64_t k_largest_size = 5000;
constexpr double k_risk_tie = 1e-12;  // a probability this near to the risk, relatively, equals it

double risk_of(const AttributePlan& plan, std::uint64_t n, std::uint64_t k, std::uint64_t M) {
    const double rate = to_real(plan.tolerable_rate);
    const auto deviations = static_cast<std::int64_t>(k);
    if (plan.model == Model::binomial) return binomial_cdf(deviations, n, rate);
    if (plan.model == Model::poisson) return poisson_cdf(deviations, static_cast<double>(n) * rate);
    return hypergeometric_cdf(deviations, plan.population, M, n);
}

bool is_within_risk(const AttributePlan& plan, std::uint64_t n, std::uint64_t k, std::uint64_t M,
                    const Level& risk) {
    if (plan.model == Model::hypergeometric)
        return !hypergeometric_cdf_exceeds(k, plan.population, M, n, risk);
    return risk_of(plan, n, k, M) <= risk.rounded() * (1 + k_risk_tie);
}

}  // namespace

std::optional<AttributeSize> sample_size_attribute(const AttributePlan& plan) {
    if (!plan.expected_deviations && plan.tolerable_rate <= plan.expected_rate) return std::nullopt;
    const bool finite = plan.model == Model::hypergeometric;
    std::uint64_t M = 0;
    if (finite) {
        const Fraction marked{plan.tolerable_rate.num * plan.population, plan.tolerable_rate.den};
        M = std::min(ceil(marked), Integer(plan.population)).convert_to<std::uint64_t>();
    }
    const Level risk(plan.risk);
    const std::uint64_t last = finite ? std::min(k_largest_size, plan.population) : k_largest_size;
    for (std::uint64_t n = 1; n <= last; ++n) {
        const std::uint64_t k =
            plan.expected_deviations
                ? *plan.expected_deviations
                : ceil({plan.expected_rate.num * n, plan.expected_rate.den}).convert_to<std::uint64_t>();
        if (k >= n || (finite && k >= M)) continue;
        if (is_within_risk(plan, n, k, M, risk)) return AttributeSize{n, k, risk_of(plan, n, k, M)};
    }
    return std::nullopt;
}

std::optional<DiscoverySize> sample_size_discovery(std::uint64_t N, std::uint64_t M, const Fraction& conf) {
    if (M == 0 || M > N) return std::nullopt;
    const Level risk(rest(conf));
    // The probability of none falls with n.
    std::uint64_t low = 0;
    std::uint64_t high = N - M + 1;
    while (high - low > 1) {
        const std::uint64_t middle = low + (high - low) / 2;
        (hypergeometric_cdf_exceeds(0, N, M, middle, risk) ? low : high) = middle;
    }
    return DiscoverySize{high, hypergeometric_at_least(1, N, M, high)};
}

double detection_probability(std::uint64_t N, std::uint64_t M, std::uint64_t n, std::uint64_t at_least) {
    return hypergeometric_at_least(static_cast<std::int64_t>(at_least), N, M, n);
}

ProportionSize sample_size_proportion(const Fraction& p, const Fraction& margin, double z,
                                      std::optional<std::uint64_t> N) {
    const Fraction square_z = exact(boost::json::value(z), "/z");
    const Ratio share(p.num, p.den);
    const Ratio width(margin.num, margin.den);
    const Ratio factor(square_z.num, square_z.den);
    const Ratio n0 = factor * factor * share * (1 - share) / (width * width);
    Ratio n = n0;
    // n0 = 0: nothing varies, and nothing is to be read; there the quotient may be 0 / 0.
    if (N && n0 > 0) n = *N == 0 ? Ratio(0) : Ratio(n0 * *N / (n0 + *N - 1));
    ProportionSize out;
    out.n0 = n0.convert_to<double>();
    // z is a rounded quantile: what is whole but for that is whole.
    const double size = n.convert_to<double>();
    out.n = static_cast<std::uint64_t>(std::ceil(size - 1e-9));
    return out;
}

double power_two_proportions(double p1, double p2, std::uint64_t n1, std::uint64_t n2, double conf) {
    if (n1 == 0 || n2 == 0) return std::numeric_limits<double>::quiet_NaN();
    const auto size1 = static_cast<double>(n1);
    const auto size2 = static_cast<double>(n2);
    const double pooled = (size1 * p1 + size2 * p2) / (size1 + size2);
    const double equal = std::sqrt(pooled * (1 - pooled) * (1 / size1 + 1 / size2));
    const double apart = std::sqrt(p1 * (1 - p1) / size1 + p2 * (1 - p2) / size2);
    const double z = normal_quantile(0.5 + conf / 2);
    const double difference = std::abs(p1 - p2);
    if (apart == 0) return difference > z * equal ? 1 : 0;
    return normal_cdf((difference - z * equal) / apart) + normal_cdf((-difference - z * equal) / apart);
}

std::uint64_t sample_size_two_proportions(double p1, double p2, double power, double conf) {
    const double z = normal_quantile(0.5 + conf / 2);
    const double mean = (p1 + p2) / 2;
    const double root = z * std::sqrt(2 * mean * (1 - mean)) +
                        normal_quantile(power) * std::sqrt(p1 * (1 - p1) + p2 * (1 - p2));
    return static_cast<std::uint64_t>(std::ceil(root * root / ((p1 - p2) * (p1 - p2)) - 1e-9));
}

double detectable_difference(double p, std::uint64_t n, double power, double conf) {
    const double most = std::max(p, 1 - p);
    const double direction = p < 0.5 ? 1 : -1;
    const auto shown = [&](double d) { return power_two_proportions(p, p + direction * d, n, n, conf); };
    if (n == 0 || !(shown(most) >= power)) return std::numeric_limits<double>::quiet_NaN();
    double low = 0;
    double high = most;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (shown(middle) >= power ? high : low) = middle;
    }
    return high;
}

}  // namespace duecare::sampling
