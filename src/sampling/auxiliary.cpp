// Difference, ratio and regression estimators, in one phase and in two.
#include <algorithm>
#include <cmath>

#include "sampling/estimate.hpp"

namespace duecare::sampling {

namespace {

double mean_of(std::span<const double> values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

bool is_binary(std::span<const double> values) {
    return std::all_of(values.begin(), values.end(), [](double v) { return v == 0 || v == 1; });
}

Estimate begin(const Auxiliary& in) {
    Estimate out;
    out.n = static_cast<double>(in.y.size());
    out.is_rate = is_binary(in.y);
    if (in.y.empty()) out.reason = "n=0";
    return out;
}

double fpc(const Auxiliary& in) {
    return in.N ? 1 - static_cast<double>(in.y.size()) / static_cast<double>(*in.N) : 1;
}

/// (1 - f) / n * squares / (n - lost); 0 for a census.
void set_variance(Estimate& out, const Auxiliary& in, double squares, int lost) {
    out.df = out.n - lost;
    if (in.N && *in.N == in.y.size()) {
        out.variance = 0;
    } else if (out.n <= lost) {
        out.reason = lost == 1 ? "n<2" : "n<3";
    } else {
        out.variance = fpc(in) / out.n * squares / (out.n - lost);
        if (squares == 0)
            out.warnings.emplace_back(
                std::equal(in.y.begin(), in.y.end(), in.x.begin())
                    ? "x and y agree on all that was read: use an exact bound."
                    : "x tells y exactly on all that was read: se 0 does not say that it does so elsewhere.");
    }
}

struct Line {
    double x = 0;  // means
    double y = 0;
    double slope = k_undefined;
    double squares = 0;  // of the residuals
};

Line fit(const Auxiliary& in) {
    Line out;
    out.x = mean_of(in.x);
    out.y = mean_of(in.y);
    double sxx = 0;
    double sxy = 0;
    for (std::size_t i = 0; i < in.y.size(); ++i) {
        sxx += (in.x[i] - out.x) * (in.x[i] - out.x);
        sxy += (in.x[i] - out.x) * (in.y[i] - out.y);
    }
    if (std::all_of(in.x.begin(), in.x.end(), [&](double x) { return x == in.x[0]; })) return out;
    out.slope = sxy / sxx;
    for (std::size_t i = 0; i < in.y.size(); ++i) {
        const double residual = in.y[i] - out.y - out.slope * (in.x[i] - out.x);
        out.squares += residual * residual;
    }
    return out;
}

std::vector<double> differences(const Auxiliary& in, double factor) {
    std::vector<double> out;
    for (std::size_t i = 0; i < in.y.size(); ++i) out.push_back(in.y[i] - factor * in.x[i]);
    return out;
}

double squares_of(std::span<const double> values, double mean) {
    double out = 0;
    for (const double value : values) out += (value - mean) * (value - mean);
    return out;
}

}  // namespace

Estimate estimate_difference(const Auxiliary& in) {
    Estimate out = begin(in);
    if (in.y.empty()) return out;
    const std::vector<double> d = differences(in, 1);
    const double mean = mean_of(d);
    out.mean = in.x_bar + mean;
    set_variance(out, in, squares_of(d, mean), 1);
    return out;
}

RatioEstimate estimate_ratio(const Auxiliary& in, bool v2) {
    RatioEstimate out{begin(in), k_undefined};
    if (in.y.empty()) return out;
    const double x_mean = mean_of(in.x);
    if (x_mean == 0) {
        out.reason = "x_bar=0";
        return out;
    }
    out.ratio = mean_of(in.y) / x_mean;
    out.mean = out.ratio * in.x_bar;
    set_variance(out, in, squares_of(differences(in, out.ratio), 0), 1);
    if (v2) out.variance *= (in.x_bar / x_mean) * (in.x_bar / x_mean);
    return out;
}

RegressionEstimate estimate_regression(const Auxiliary& in, int lost) {
    RegressionEstimate out{begin(in), k_undefined};
    if (in.y.empty()) return out;
    const Line line = fit(in);
    if (std::isnan(line.slope)) {
        Moments sample = moments_of(in.y);
        sample.N = in.N;
        out = {estimate_srs(sample), k_undefined};
        out.warnings.emplace_back("All x are equal: this is the estimate without them.");
        return out;
    }
    out.slope = line.slope;
    out.mean = line.y + line.slope * (in.x_bar - line.x);
    set_variance(out, in, line.squares, lost);
    out.df = std::max(0.0, out.n - 2);
    return out;
}

RegressionEstimate estimate_two_phase(const Auxiliary& in, std::uint64_t n1, TwoPhase kind, int lost) {
    RegressionEstimate out{begin(in), k_undefined};
    if (in.y.empty()) return out;
    const Moments y = moments_of(in.y);
    double squares = 0;
    if (kind == TwoPhase::regression) {
        const Line line = fit(in);
        out.slope = line.slope;
        if (std::isnan(line.slope)) {
            out.mean = line.y;
            squares = squares_of(in.y, line.y);
            lost = 1;
        } else {
            out.mean = line.y + line.slope * (in.x_bar - line.x);
            squares = line.squares;
        }
    } else {
        lost = 1;
        const double factor = kind == TwoPhase::ratio ? y.mean / mean_of(in.x) : 1;
        const std::vector<double> d = differences(in, factor);
        const double mean = kind == TwoPhase::ratio ? 0 : mean_of(d);
        out.mean = factor * in.x_bar + mean;
        squares = squares_of(d, mean);
        if (!std::isfinite(out.mean)) {
            out.mean = k_undefined;
            out.reason = "x_bar=0";
            return out;
        }
    }
    out.df = out.n - (kind == TwoPhase::regression ? 2 : 1);
    if (in.N && *in.N == n1 && n1 == in.y.size()) {
        out.variance = 0;  // a census
        return out;
    }
    if (out.n <= std::max(1, lost)) {
        out.reason = lost == 1 ? "n<2" : "n<3";
        return out;
    }
    const auto first = static_cast<double>(n1);
    out.variance = squares / (out.n - lost) * (1 / out.n - 1 / first) +
                   y.s2 * (1 / first - (in.N ? 1 / static_cast<double>(*in.N) : 0));
    return out;
}

}  // namespace duecare::sampling
