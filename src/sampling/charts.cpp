#include "sampling/charts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sampling/tails.hpp"

namespace duecare::sampling {

namespace {

/// Above by more than rounding.
bool above(double value, double limit) {
    return value - limit > tails::k_guard * std::max(1.0, std::abs(limit));
}

void add_limits(EwmaChart& chart, double center, double half, double lowest, double highest) {
    chart.lower.emplace_back(std::max(lowest, center - half));
    chart.upper.emplace_back(std::min(highest, center + half));
    const double now = chart.ewma.back();
    if (above(now, *chart.upper.back()) || above(*chart.lower.back(), now))
        chart.signals.push_back(chart.ewma.size() - 1);
}

}  // namespace

// Roberts 1959; exact limits: Lucas & Saccucci 1990, (4).
EwmaChart ewma_chart(std::span<const double> x, double mu0, double sigma, const EwmaPlan& plan) {
    EwmaChart out;
    const double keep = 1 - plan.lambda;
    const double final_variance = plan.lambda / (2 - plan.lambda);
    double z = mu0;
    double forgotten = 1;  // (1 - lambda)^(2t)
    for (const double value : x) {
        z = plan.lambda * value + keep * z;
        forgotten *= keep * keep;
        out.ewma.push_back(z);
        const double share = plan.limits == EwmaLimits::exact ? 1 - forgotten : 1;
        add_limits(out, mu0, plan.width * sigma * std::sqrt(final_variance * share), -HUGE_VAL, HUGE_VAL);
    }
    return out;
}

// Var_t = lambda^2 p0(1 - p0)/n_t + (1 - lambda)^2 Var_{t-1}. Asymptotic: as if each n were n_t.
EwmaChart ewma_chart_of_rates(std::span<const double> x, std::span<const double> n, double p0,
                              const EwmaPlan& plan) {
    EwmaChart out;
    const double keep = 1 - plan.lambda;
    double z = p0;
    double variance = 0;
    for (std::size_t t = 0; t < x.size(); ++t) {
        if (n[t] <= 0) {
            out.ewma.push_back(z);
            out.lower.emplace_back();
            out.upper.emplace_back();
            continue;
        }
        const double spread = p0 * (1 - p0) / n[t];
        z = plan.lambda * x[t] / n[t] + keep * z;
        variance = plan.lambda * plan.lambda * spread + keep * keep * variance;
        out.ewma.push_back(z);
        const double used =
            plan.limits == EwmaLimits::exact ? variance : spread * plan.lambda / (2 - plan.lambda);
        add_limits(out, p0, plan.width * std::sqrt(used), 0, 1);
    }
    return out;
}

// Page 1954; tabular form: Montgomery, Introduction to Statistical Quality Control, (9.2) and (9.3).
Cusum cusum_chart(std::span<const double> x, double mu0, double k, double h) {
    Cusum out;
    double up = 0;
    double down = 0;
    for (const double value : x) {
        up = std::max(0.0, up + value - mu0 - k);
        down = std::max(0.0, down + mu0 - value - k);
        if (above(up, h) || above(down, h)) out.signals.push_back(out.up.size());
        out.up.push_back(up);
        out.down.push_back(down);
    }
    return out;
}

// Steiner, Cook, Farewell & Treasure 2000, (1) and (2).
Cusum llr_cusum(std::span<const double> x, std::span<const double> n, double p0, double p1, double h) {
    Cusum out;
    const double of_event = std::log(p1 / p0);
    const double of_none = std::log((1 - p1) / (1 - p0));
    double sum = 0;
    for (std::size_t t = 0; t < x.size(); ++t) {
        sum = std::max(0.0, sum + x[t] * of_event + (n[t] - x[t]) * of_none);
        if (above(sum, h)) out.signals.push_back(t);
        out.up.push_back(sum);
    }
    return out;
}

// Benjamini & Hochberg 1995; Benjamini & Yekutieli 2001, theorem 1.3 (arbitrary dependence).
Discoveries benjamini_hochberg(std::span<const std::optional<double>> p, double q, Dependence dependence) {
    Discoveries out;
    out.adjusted.resize(p.size());
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < p.size(); ++i)
        if (p[i]) order.push_back(i);
    out.tests = order.size();
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return *p[a] < *p[b]; });
    const auto m = static_cast<double>(order.size());
    double factor = 1;
    if (dependence == Dependence::arbitrary) {
        factor = 0;
        for (std::size_t i = 1; i <= order.size(); ++i) factor += 1 / static_cast<double>(i);
    }
    double least = 1;
    for (std::size_t rank = order.size(); rank > 0; --rank) {
        const std::size_t i = order[rank - 1];
        least = std::min(least, factor * m / static_cast<double>(rank) * *p[i]);
        out.adjusted[i] = least;
    }
    for (std::size_t i = 0; i < p.size(); ++i)
        if (p[i] && *out.adjusted[i] <= q * (1 + tails::k_guard)) out.rejected.push_back(i);
    return out;
}

}  // namespace duecare::sampling
