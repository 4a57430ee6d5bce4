// Horvitz-Thompson and Hajek estimators with their variances.
#include <algorithm>
#include <cmath>

#include "sampling/estimate.hpp"

namespace duecare::sampling {

namespace {

struct Variance {
    double value = k_undefined;
    std::string_view reason;
};

/// Horvitz & Thompson 1952, or Sen, Yates & Grundy 1953 (for a fixed size).
Variance by_pairs(const Unequal& in, bool yates_grundy) {
    if (in.joint.empty()) return {k_undefined, "no_joint"};
    const std::size_t n = in.y.size();
    double sum = 0;
    for (std::size_t k = 0; k < n; ++k) {
        for (std::size_t l = 0; l < n; ++l) {
            const double joint = k == l ? in.pi[k] : in.joint[k][l];
            if (joint <= 0) return {k_undefined, "zero_joint"};
            const double weight = (joint - in.pi[k] * in.pi[l]) / joint;
            const double a = in.y[k] / in.pi[k];
            const double b = in.y[l] / in.pi[l];
            sum += yates_grundy ? -weight * (a - b) * (a - b) / 2 : weight * a * b;
        }
    }
    return {sum, sum < 0 ? std::string_view("negative_variance") : std::string_view()};
}

/// Independent draws: sum (1 - pi) / pi^2 y^2 (Sarndal et al. 1992, 3.5).
Variance poisson(const Unequal& in) {
    double sum = 0;
    for (std::size_t k = 0; k < in.y.size(); ++k)
        sum += (1 - in.pi[k]) * (in.y[k] / in.pi[k]) * (in.y[k] / in.pi[k]);
    return {sum, {}};
}

/// Units that were not certain.
std::size_t count_uncertain(const Unequal& in) {
    return static_cast<std::size_t>(
        std::count_if(in.pi.begin(), in.pi.end(), [](double pi) { return pi < 1; }));
}

/// Deville 1993.
Variance deville(const Unequal& in) {
    const std::size_t r = count_uncertain(in);
    if (r == 0) return {0, {}};
    if (r == 1) return {k_undefined, "n<2"};
    double total = 0;
    for (const double pi : in.pi) total += 1 - pi;
    double squares = 0;
    double mean = 0;
    for (std::size_t k = 0; k < in.y.size(); ++k) {
        const double a = (1 - in.pi[k]) / total;
        squares += a * a;
        mean += a * in.y[k] / in.pi[k];
    }
    double sum = 0;
    for (std::size_t k = 0; k < in.y.size(); ++k) {
        const double residual = in.y[k] / in.pi[k] - mean;
        sum += (1 - in.pi[k]) * residual * residual;
    }
    return {sum / (1 - squares), {}};
}

/// Brewer & Donadio 2003, (18).
Variance brewer(const Unequal& in) {
    const auto r = static_cast<double>(count_uncertain(in));
    if (r == 0) return {0, {}};
    if (r == 1) return {k_undefined, "n<2"};
    double mean = 0;
    for (std::size_t k = 0; k < in.y.size(); ++k)
        if (in.pi[k] < 1) mean += in.y[k] / in.pi[k] / r;
    double sum = 0;
    for (std::size_t k = 0; k < in.y.size(); ++k) {
        if (in.pi[k] >= 1) continue;
        const double residual = in.y[k] / in.pi[k] - mean;
        sum += ((r - in.pi[k]) / (r - 1) - in.pi[k]) * residual * residual;
    }
    return {sum, {}};
}

/// Hansen & Hurwitz 1943: drawn with replacement, pi = n p.
Variance hansen_hurwitz(const Unequal& in) {
    const auto n = static_cast<double>(in.y.size());
    if (n < 2) return {k_undefined, "n<2"};
    double mean = 0;
    for (std::size_t k = 0; k < in.y.size(); ++k) mean += in.y[k] / in.pi[k] / n;
    double sum = 0;
    for (std::size_t k = 0; k < in.y.size(); ++k) {
        const double residual = in.y[k] / in.pi[k] - mean;
        sum += residual * residual;
    }
    return {n / (n - 1) * sum, {}};
}

Variance variance_of(const Unequal& in) {
    switch (in.kind) {
        case UnequalVariance::automatic:
            return in.joint.empty() ? deville(in) : by_pairs(in, true);
        case UnequalVariance::ht:
            return by_pairs(in, false);
        case UnequalVariance::syg:
            return by_pairs(in, true);
        case UnequalVariance::poisson:
            return poisson(in);
        case UnequalVariance::deville:
            return deville(in);
        case UnequalVariance::brewer:
            return brewer(in);
        case UnequalVariance::hansen_hurwitz:
            return hansen_hurwitz(in);
    }
    return {};
}

}  // namespace

Total estimate_ht(const Unequal& in) {
    Total out;
    if (in.y.empty()) {
        out.reason = "n=0";
        return out;
    }
    out.total = 0;
    for (std::size_t k = 0; k < in.y.size(); ++k) {
        out.total += in.y[k] / in.pi[k];
        out.N_hat += 1 / in.pi[k];
    }
    const Variance variance = variance_of(in);
    out.variance = variance.value;
    out.reason = variance.reason;
    return out;
}

Total estimate_hajek(const Unequal& in) {
    Total out = estimate_ht(in);
    if (in.y.empty()) return out;
    const double mean = out.total / out.N_hat;
    std::vector<double> residuals;
    for (const double y : in.y) residuals.push_back((y - mean) / out.N_hat);
    Unequal linear = in;
    linear.y = residuals;
    const double N_hat = out.N_hat;
    out = estimate_ht(linear);
    out.N_hat = N_hat;
    out.total = mean;
    return out;
}

}  // namespace duecare::sampling
