#include "sampling/estimate.hpp"

#include <algorithm>
#include <cmath>

#include "sampling/distributions.hpp"

namespace duecare::sampling {

double Estimate::se() const {
    return variance >= 0 ? std::sqrt(variance) : k_undefined;
}

Limits confidence_limits(const Estimate& made, double alpha, bool use_t) {
    const double se = made.se();
    Limits out{made.mean, made.mean};
    if (std::isnan(se) || (se > 0 && use_t && made.df <= 0)) return {};
    if (se > 0) {
        const double p = 1 - alpha / 2;
        const double factor =
            use_t && !std::isnan(made.df) ? student_quantile(p, made.df) : normal_quantile(p);
        out = {made.mean - factor * se, made.mean + factor * se};
    }
    // An estimate by differences or by a line may itself be outside: both limits are cut at both ends.
    if (made.is_rate) out = {std::clamp(out.low, 0.0, 1.0), std::clamp(out.high, 0.0, 1.0)};
    return out;
}

void warn_if_certain(Estimate& out) {
    if (out.variance == 0)
        out.warnings.emplace_back(
            "All that was read is alike: se 0 does not say that the rest is. "
            "Use an exact interval.");
}

Moments moments_of(std::span<const double> y) {
    Moments out;
    out.n = y.size();
    if (y.empty()) return out;
    const auto n = static_cast<double>(y.size());
    double sum = 0;
    for (const double value : y) sum += value;
    out.mean = sum / n;
    out.is_rate = std::all_of(y.begin(), y.end(), [](double value) { return value == 0 || value == 1; });
    if (y.size() < 2) return out;
    out.s2 = 0;
    for (const double value : y) out.s2 += (value - out.mean) * (value - out.mean);
    out.s2 /= n - 1;
    return out;
}

Moments moments_of(std::uint64_t x, std::uint64_t n) {
    Moments out;
    out.n = n;
    out.is_rate = true;
    if (n == 0) return out;
    const auto size = static_cast<double>(n);
    out.mean = static_cast<double>(x) / size;
    if (n > 1) out.s2 = size * out.mean * (1 - out.mean) / (size - 1);
    return out;
}

namespace {

/// 1 - n / N.
double unsampled(std::uint64_t n, const std::optional<std::uint64_t>& N) {
    return N ? 1 - static_cast<double>(n) / static_cast<double>(*N) : 1;
}

bool is_census(const Moments& of) {
    return of.N && *of.N == of.n;
}

}  // namespace

Estimate estimate_srs(const Moments& sample) {
    Estimate out;
    out.mean = sample.mean;
    out.n = static_cast<double>(sample.n);
    out.is_rate = sample.is_rate;
    if (sample.n == 0) {
        out.reason = "n=0";
        return out;
    }
    out.df = out.n - 1;
    if (is_census(sample)) {
        out.variance = 0;
    } else if (sample.n < 2) {
        out.reason = "n<2";
    } else {
        out.variance = unsampled(sample.n, sample.N) * sample.s2 / out.n;
        warn_if_certain(out);
    }
    return out;
}

namespace {

/// sum W_h mean_h, and whether a variance can follow.
Estimate weighted_mean(std::span<const Moments> strata) {
    Estimate out;
    double N = 0;
    for (const Moments& stratum : strata) N += static_cast<double>(stratum.N.value_or(0));
    out.is_rate = true;
    if (N == 0) {
        out.reason = "N=0";
        return out;
    }
    out.mean = 0;
    out.variance = 0;
    for (const Moments& stratum : strata) {
        if (stratum.N.value_or(0) == 0) continue;
        out.n += static_cast<double>(stratum.n);
        out.is_rate = out.is_rate && stratum.is_rate;
        if (stratum.n == 0) {
            out.reason = "empty_stratum";
            out.mean = out.variance = k_undefined;
        } else {
            out.mean += static_cast<double>(*stratum.N) / N * stratum.mean;
        }
        if (stratum.n == 1 && !is_census(stratum)) {
            out.variance = k_undefined;
            if (out.reason.empty()) out.reason = "singleton_stratum";
        }
    }
    return out;
}

}  // namespace

Estimate estimate_stratified(std::span<const Moments> strata, Freedom freedom) {
    Estimate out = weighted_mean(strata);
    double N = 0;
    for (const Moments& stratum : strata) N += static_cast<double>(stratum.N.value_or(0));
    if (std::isnan(out.variance)) return out;
    double parts = 0;   // sum g_h s_h^2
    double spread = 0;  // sum g_h^2 s_h^4 / (n_h - 1)
    double freedoms = 0;
    bool all_census = true;
    for (const Moments& stratum : strata) {
        if (stratum.N.value_or(0) == 0 || is_census(stratum)) continue;
        all_census = false;
        const auto size = static_cast<double>(*stratum.N);
        const auto n = static_cast<double>(stratum.n);
        const double part = size * (size - n) / n * stratum.s2;
        parts += part;
        spread += part * part / (n - 1);
        freedoms += n - 1;
    }
    out.variance = parts / (N * N);
    if (!all_census) warn_if_certain(out);
    if (freedom == Freedom::n_minus_H && !all_census) out.df = freedoms;
    if (freedom == Freedom::satterthwaite && spread > 0) out.df = parts * parts / spread;
    return out;
}

Estimate estimate_poststratified(std::span<const Moments> strata, bool conditional) {
    Estimate out = estimate_stratified(strata, Freedom::n_minus_H);
    if (out.reason == "empty_stratum")
        out.warnings.emplace_back("A stratum has no unit: join it to another.");
    if (conditional || std::isnan(out.variance)) return out;
    double N = 0;
    for (const Moments& stratum : strata) N += static_cast<double>(stratum.N.value_or(0));
    const double f = out.n / N;
    double within = 0;
    double extra = 0;
    for (const Moments& stratum : strata) {
        if (stratum.N.value_or(0) == 0) continue;
        const double weight = static_cast<double>(*stratum.N) / N;
        // A stratum of one unit that was read: its spread is not known, and no part of the sum.
        const double s2 = stratum.n > 1 ? stratum.s2 : 0;
        within += weight * s2;
        extra += (1 - weight) * s2;
    }
    out.variance = (1 - f) / out.n * within + (f < 1 ? extra / (out.n * out.n) : 0);
    return out;
}

Estimate estimate_two_phase(std::span<const PhaseStratum> strata, std::uint64_t n1,
                            std::optional<std::uint64_t> N) {
    Estimate out;
    out.is_rate = true;
    out.mean = 0;
    for (const PhaseStratum& stratum : strata) {
        if (stratum.n1 == 0) continue;
        if (stratum.n2 == 0) {
            out.mean = k_undefined;
            out.reason = "empty_stratum";
            return out;
        }
        out.n += static_cast<double>(stratum.n2);
        out.mean += static_cast<double>(stratum.n1) / static_cast<double>(n1) *
                    static_cast<double>(stratum.x) / static_cast<double>(stratum.n2);
    }
    if (N && *N == n1 &&
        std::all_of(strata.begin(), strata.end(), [](const PhaseStratum& h) { return h.n1 == h.n2; })) {
        out.variance = 0;  // a census
        return out;
    }
    const auto first = static_cast<double>(n1);
    const double all = N ? static_cast<double>(*N) : 0;
    double within = 0;
    double between = 0;
    out.df = out.n;
    for (const PhaseStratum& stratum : strata) {
        if (stratum.n1 == 0) continue;
        out.df -= 1;
        const auto n2 = static_cast<double>(stratum.n2);
        const double weight = static_cast<double>(stratum.n1) / first;
        const double p = static_cast<double>(stratum.x) / n2;
        between += weight * (p - out.mean) * (p - out.mean);
        const double share =
            (static_cast<double>(stratum.n1) - 1) / (first - 1) - (N ? (n2 - 1) / (all - 1) : 0);
        if (stratum.n2 == 1 && stratum.n1 == 1) continue;  // share is 0
        if (stratum.n2 == 1) {
            out.reason = "singleton_stratum";
            return out;
        }
        within += share * weight * (n2 * p * (1 - p) / (n2 - 1)) / n2;
    }
    if (n1 < 2) {
        out.reason = "n1<2";
        return out;
    }
    out.variance = (N ? (all - 1) / all : 1) * within + (N ? (all - first) / all : 1) / (first - 1) * between;
    return out;
}

}  // namespace duecare::sampling
