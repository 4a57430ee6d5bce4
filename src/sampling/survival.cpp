#include "sampling/survival.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/error.hpp"
#include "sampling/tails.hpp"

namespace duecare::sampling {

namespace {

// S is a product of fractions: where it equals 1 - p exactly, the product may miss it by rounding.
constexpr double k_level_tie = 1e-9;

bool entered(const Duration& one, double time) {
    return !one.entry || *one.entry < time;
}

void check(const Duration& one) {
    if (!(one.time >= 0) || !std::isfinite(one.time))
        throw Error(Status::invalid_argument, "A time is a number from 0 on.", "/time");
    if (one.entry && !(*one.entry <= one.time))
        throw Error(Status::invalid_argument, "An entry time lies after the time of its end.", "/entry");
}

}  // namespace

RiskSet::RiskSet(std::span<const Duration> durations) {
    for (const Duration& one : durations) {
        check(one);
        ends_.push_back(one.time);
        entries_.push_back(one.entry.value_or(-std::numeric_limits<double>::infinity()));
    }
    std::sort(ends_.begin(), ends_.end());
    std::sort(entries_.begin(), entries_.end());
}

// entry <= time of each, so that: at risk = entered before t, less ended before t. One with entry = time =
// t' < t counts in both and cancels out.
std::size_t RiskSet::at(double time) const noexcept {
    const auto in = std::lower_bound(entries_.begin(), entries_.end(), time) - entries_.begin();
    const auto gone = std::lower_bound(ends_.begin(), ends_.end(), time) - ends_.begin();
    return static_cast<std::size_t>(in - gone);
}

std::vector<SurvivalStep> survival_steps(std::span<const Duration> durations, int cause) {
    const RiskSet risk_set(durations);
    std::map<double, SurvivalStep> by_time;
    for (const Duration& one : durations) {
        if (one.cause == 0 || !entered(one, one.time)) continue;
        SurvivalStep& step = by_time[one.time];
        step.events += 1;
        step.of_cause += one.cause == cause ? 1 : 0;
    }
    std::vector<SurvivalStep> out;
    double survival = 1;
    double greenwood = 0;
    for (auto& [time, step] : by_time) {
        step.time = time;
        step.at_risk = static_cast<double>(risk_set.at(time));
        step.survival_before = survival;
        survival *= (step.at_risk - step.events) / step.at_risk;
        greenwood += step.events / (step.at_risk * (step.at_risk - step.events));
        step.survival = survival;
        step.greenwood = greenwood;
        out.push_back(step);
    }
    return out;
}

// Kaplan & Meier 1958; variance of Greenwood 1926; log-log limits: Kalbfleisch & Prentice 1980, section 1.3.
Survival kaplan_meier(std::span<const SurvivalStep> steps, double at, double conf, ConfidenceType type) {
    const auto after =
        std::upper_bound(steps.begin(), steps.end(), at,
                         [](double time, const SurvivalStep& step) { return time < step.time; });
    if (after == steps.begin()) return {1, 0, 1, 1, "before_first_event"};
    const SurvivalStep& step = *std::prev(after);
    Survival out{step.survival, {}, {}, {}, {}};
    if (step.survival <= 0) {
        out.survival = 0;
        out.reason = "survival_is_0";
        return out;
    }
    const double s = step.survival;
    const double width = tails::two_sided_z(conf) * std::sqrt(step.greenwood);
    out.se = s * std::sqrt(step.greenwood);
    switch (type) {
        case ConfidenceType::log_log:
            out.low = std::pow(s, std::exp(-width / std::log(s)));
            out.high = std::pow(s, std::exp(width / std::log(s)));
            break;
        case ConfidenceType::log:
            out.low = s * std::exp(-width);
            out.high = std::min(1.0, s * std::exp(width));
            break;
        case ConfidenceType::plain:
            out.low = std::max(0.0, s - s * std::sqrt(step.greenwood) * tails::two_sided_z(conf));
            out.high = std::min(1.0, s + s * std::sqrt(step.greenwood) * tails::two_sided_z(conf));
            break;
    }
    return out;
}

// Brookmeyer & Crowley 1982: the times at which the limits of S cross 1 - p.
SurvivalQuantile survival_quantile(std::span<const SurvivalStep> steps, double p, double conf,
                                   ConfidenceType type) {
    SurvivalQuantile out;
    const auto reached = [&](const std::optional<double>& value) {
        return value && *value <= 1 - p + k_level_tie;
    };
    for (const SurvivalStep& step : steps) {
        const Survival now = kaplan_meier(steps, step.time, conf, type);
        if (!out.quantile && reached(now.survival)) out.quantile = step.time;
        if (!out.low && reached(now.low)) out.low = step.time;
        if (!out.high && reached(now.high)) out.high = step.time;
    }
    return out;
}

// Aalen 1978: H = sum d/n with variance sum d/n^2.
SurvivalEstimate nelson_aalen(std::span<const SurvivalStep> steps, double at) noexcept {
    SurvivalEstimate out;
    double variance = 0;
    for (const SurvivalStep& step : steps) {
        if (step.time > at) break;
        out.value += step.events / step.at_risk;
        variance += step.events / (step.at_risk * step.at_risk);
    }
    out.se = std::sqrt(variance);
    return out;
}

// Irwin 1949; Klein & Moeschberger 2003, (4.5.1) and (4.5.2).
SurvivalEstimate restricted_mean(std::span<const SurvivalStep> steps, double tau) noexcept {
    SurvivalEstimate out;
    double variance = 0;
    double area = 0;  // from the step on to tau
    double end = tau;
    for (std::size_t i = steps.size(); i-- > 0;) {
        const SurvivalStep& step = steps[i];
        if (step.time > tau) continue;
        area += step.survival * (end - step.time);
        end = step.time;
        // After the last of all has ended, S and the area are 0 and the term is 0, not 0/0.
        if (step.at_risk > step.events)
            variance += area * area * step.events / (step.at_risk * (step.at_risk - step.events));
    }
    out.value = area + end;  // S = 1 up to the first step
    out.se = std::sqrt(variance);
    return out;
}

// Aalen & Johansen 1978; variance: delta method, Marubini & Valsecchi 1995, (10.12), equal to the
// Greenwood-type estimator of Andersen, Borgan, Gill & Keiding 1993, (4.4.20).
Incidence aalen_johansen(std::span<const SurvivalStep> steps, double at) noexcept {
    Incidence out;
    for (const SurvivalStep& step : steps) {
        if (step.time > at) break;
        out.incidence += step.survival_before * step.of_cause / step.at_risk;
        out.event_free = step.survival;
    }
    double so_far = 0;
    double variance = 0;
    for (const SurvivalStep& step : steps) {
        if (step.time > at) break;
        const double n = step.at_risk;
        const double before = step.survival_before;
        so_far += before * step.of_cause / n;
        const double later = out.incidence - so_far;
        if (n > step.events) variance += later * later * step.events / (n * (n - step.events));
        variance += before * before * (n - step.of_cause) * step.of_cause / (n * n * n);
        variance -= 2 * later * before * step.of_cause / (n * n);
    }
    out.se = std::sqrt(std::max(0.0, variance));
    return out;
}

// Mantel 1966; Peto & Peto 1972: hypergeometric mean and variance at each time.
LogRank log_rank(std::span<const Duration> first, std::span<const Duration> other) {
    LogRank out;
    std::vector<Duration> all(first.begin(), first.end());
    all.insert(all.end(), other.begin(), other.end());
    const RiskSet risk_set(first);
    for (const Duration& one : first) out.observed += one.cause != 0 && entered(one, one.time) ? 1 : 0;
    for (const SurvivalStep& step : survival_steps(all)) {
        const double n = step.at_risk;
        const double d = step.events;
        const auto mine = static_cast<double>(risk_set.at(step.time));
        out.observed_other += d;
        out.expected += d * mine / n;
        if (n > 1) out.variance += d * mine / n * (1 - mine / n) * (n - d) / (n - 1);
    }
    out.observed_other -= out.observed;
    if (out.variance <= 0) return out;
    const double difference = out.observed - out.expected;
    out.chi2 = difference * difference / out.variance;
    out.p_value = tails::chi_squared_above(*out.chi2, 1);
    return out;
}

}  // namespace duecare::sampling
