#include "sampling/funnel.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sampling/tails.hpp"

namespace duecare::sampling {

namespace {

using Maybes = std::vector<std::optional<double>>;

double cut(double rate) {
    return std::clamp(rate, 0.0, 1.0);
}

double pooled(std::span<const double> x, std::span<const double> n) {
    return std::accumulate(x.begin(), x.end(), 0.0) / std::accumulate(n.begin(), n.end(), 0.0);
}

}  // namespace

// Spiegelhalter 2005 (Statistics in Medicine 24:1185), appendix A.1.1.
double funnel_limit(std::uint64_t n, double theta, double p, FunnelKind kind) {
    if (theta <= 0 || theta >= 1) return theta;
    const auto size = static_cast<double>(n);
    if (kind == FunnelKind::normal)
        return cut(theta + tails::normal_quantile(p) * std::sqrt(theta * (1 - theta) / size));
    const tails::Binomial team{n, theta};
    const std::uint64_t r = team.quantile(p);
    if (kind == FunnelKind::exact_discrete) return static_cast<double>(r) / size;
    const double back = (team.at_most(r) - p) / team.exactly(r);
    return cut((static_cast<double>(r) - back) / size);
}

// Doubled smaller tail; mid-p: Lancaster 1961.
FunnelP funnel_p_value(std::uint64_t x, std::uint64_t n, double theta, bool mid_p) {
    const tails::Binomial team{n, theta};
    const double half = mid_p ? team.exactly(x) / 2 : 0;
    FunnelP out;
    out.low = team.at_most(x) - half;
    out.high = team.at_least(x) - half;
    out.value = std::min(1.0, 2 * std::min(out.low, out.high));
    return out;
}

namespace {

/// Limits of winsorising: values beyond them become them. @pre values are not empty.
std::pair<double, double> winsor_limits(std::vector<double> values, double share, Winsor method) {
    std::sort(values.begin(), values.end());
    const auto count = static_cast<double>(values.size());
    constexpr double k_decimal = 1e-9;  // the share was a decimal: 0.1 * 30 is 3
    if (method == Winsor::order_statistic) {
        const auto g = static_cast<std::size_t>(std::floor(share * count + k_decimal));
        return {values[g], values[values.size() - 1 - g]};
    }
    // Type 7 of Hyndman & Fan 1996.
    const auto quantile = [&](double p) {
        const double at = (count - 1) * p;
        const auto below = static_cast<std::size_t>(std::floor(at));
        const std::size_t next = std::min(below + 1, values.size() - 1);
        return values[below] + (at - static_cast<double>(below)) * (values[next] - values[below]);
    };
    return {quantile(share), quantile(1 - share)};
}

/// Deviation from the target and its standard error, on the scale of the transform.
struct Deviation {
    double value;
    double se;
};

Deviation deviation(double x, double n, double theta, Transform transform) {
    if (transform == Transform::arcsine)
        return {std::asin(std::sqrt(x / n)) - std::asin(std::sqrt(theta)), 1 / (2 * std::sqrt(n))};
    return {x / n - theta, std::sqrt(theta * (1 - theta) / n)};
}

/// phi, tau2 and what follows from them. @pre out.z and out.teams are there.
void estimate(Overdispersion& out, const std::vector<Deviation>& teams, const OverdispersionPlan& plan) {
    std::vector<double> z;
    for (const Deviation& team : teams) z.push_back(team.value / team.se);
    const auto [low, high] = winsor_limits(z, plan.winsorize, plan.method);
    double squares = 0;
    for (const auto& one : out.z) {
        auto& winsorized = out.z_winsorized.emplace_back(one);
        if (!one) continue;
        winsorized = std::clamp(*one, low, high);
        squares += *winsorized * *winsorized;
    }
    constexpr std::size_t k_fewest = 5;
    if (teams.size() < k_fewest) {
        out.reason = "teams<5";
        return;
    }
    const auto count = static_cast<double>(teams.size());
    double weights = 0;
    double squared = 0;
    for (const Deviation& team : teams) {
        const double weight = 1 / (team.se * team.se);
        weights += weight;
        squared += weight * weight;
    }
    out.phi = squares / count;
    // DerSimonian & Laird 1986, (8), with the winsorised statistic.
    out.tau2 = std::max(0.0, (squares - (count - 1)) / (weights - squared / weights));
    out.significant = squares > tails::chi_squared_quantile(0.95, count);
    std::size_t team = 0;
    for (const auto& one : out.z) {
        auto& multiplied = out.z_multiplicative.emplace_back();
        auto& added = out.z_additive.emplace_back();
        if (!one) continue;
        const Deviation& mine = teams[team++];
        multiplied = *one / std::sqrt(std::max(1.0, *out.phi));
        added = mine.value / std::sqrt(mine.se * mine.se + *out.tau2);
    }
}

}  // namespace

// Spiegelhalter 2005, sections 4.1 and 4.2.
Overdispersion overdispersion(std::span<const double> x, std::span<const double> n,
                              const OverdispersionPlan& plan) {
    Overdispersion out;
    for (const double size : n) out.teams += size > 0 ? 1 : 0;
    if (out.teams == 0) {
        out.reason = "n=0";
        return out;
    }
    out.theta = plan.theta.value_or(pooled(x, n));
    if (*out.theta <= 0 || *out.theta >= 1) {
        out.reason = "theta_is_0_or_1";
        return out;
    }
    std::vector<Deviation> teams;
    for (std::size_t i = 0; i < x.size(); ++i) {
        auto& z = out.z.emplace_back();
        if (n[i] <= 0) continue;
        teams.push_back(deviation(x[i], n[i], *out.theta, plan.transform));
        z = teams.back().value / teams.back().se;
    }
    estimate(out, teams, plan);
    return out;
}

// Spiegelhalter 2005, section 4: multiplicative (phi) and additive (tau2). phi below 1 never narrows.
double funnel_limit_overdispersed(double n, double theta, double p, double phi, double tau2,
                                  Transform transform) {
    const double z = tails::normal_quantile(p);
    const double wider = std::max(1.0, phi);
    if (transform == Transform::none)
        return cut(theta + z * std::sqrt(wider * theta * (1 - theta) / n + tau2));
    const double angle = std::asin(std::sqrt(theta)) + z * std::sqrt(wider / (4 * n) + tau2);
    const double sine = std::sin(std::clamp(angle, 0.0, std::acos(0.0)));  // up to a right angle
    return sine * sine;
}

namespace {

/// Mean moving range of the standardised rates, over periods with cases, divided by d2 (Laney 2002).
std::optional<double> moving_sigma(std::span<const double> x, std::span<const double> n, double center,
                                   double d2) {
    std::vector<double> z;
    for (std::size_t i = 0; i < x.size(); ++i)
        if (n[i] > 0) z.push_back((x[i] / n[i] - center) / std::sqrt(center * (1 - center) / n[i]));
    if (z.size() < 2 || center <= 0 || center >= 1) return {};
    double ranges = 0;
    for (std::size_t i = 1; i < z.size(); ++i) ranges += std::abs(z[i] - z[i - 1]);
    return ranges / static_cast<double>(z.size() - 1) / d2;
}

}  // namespace

// Shewhart's p chart (Montgomery, section 7.2); p' chart: Laney 2002 (Quality Engineering 14:531).
PChart p_chart(std::span<const double> x, std::span<const double> n, const PChartPlan& plan) {
    PChart out;
    const bool any = std::any_of(n.begin(), n.end(), [](double size) { return size > 0; });
    if (any) out.center = plan.center.value_or(pooled(x, n));
    if (any && plan.laney) out.sigma_z = moving_sigma(x, n, *out.center, plan.d2);
    if (!any) out.reason = "n=0";
    if (any && plan.laney && !out.sigma_z) out.reason = "sigma_z_undefined";
    const bool limits = any && (!plan.laney || out.sigma_z);
    for (std::size_t i = 0; i < x.size(); ++i) {
        auto& lower = out.lower.emplace_back();
        auto& upper = out.upper.emplace_back();
        if (!limits || n[i] <= 0) continue;
        const double half =
            plan.sigmas * std::sqrt(*out.center * (1 - *out.center) / n[i]) * out.sigma_z.value_or(1);
        lower = cut(*out.center - half);
        upper = cut(*out.center + half);
        const double rate = x[i] / n[i];
        if (rate - *upper > tails::k_guard || *lower - rate > tails::k_guard) out.out_of_control.push_back(i);
    }
    return out;
}

// Anhoej & Olesen 2014 (PLoS ONE 9:e113825).
Runs runs_analysis(std::span<const double> y, std::optional<double> center) {
    Runs out;
    out.center = center;
    if (!center && !y.empty()) {
        std::vector<double> sorted(y.begin(), y.end());
        std::sort(sorted.begin(), sorted.end());
        const std::size_t half = sorted.size() / 2;
        out.center = sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
    std::size_t run = 0;
    std::optional<bool> side;
    for (const double value : y) {
        if (value == *out.center) continue;
        const bool high = value > *out.center;
        run = side == high ? run + 1 : 1;
        if (side && side != high) ++out.crossings;
        side = high;
        out.longest = std::max(out.longest, run);
        ++out.useful;
    }
    constexpr std::size_t k_fewest = 10;
    if (out.useful < k_fewest) return out;
    // log2 n is half-way between two whole numbers for no whole n, so that no rule of rounding matters.
    out.longest_max = static_cast<std::size_t>(std::lround(std::log2(static_cast<double>(out.useful)))) + 3;
    out.crossings_min = tails::Binomial{out.useful - 1, 0.5}.quantile(0.05);
    out.signal = out.longest > *out.longest_max || out.crossings < *out.crossings_min;
    return out;
}

}  // namespace duecare::sampling
