#include "sampling/stratified_interval.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "sampling/distributions.hpp"
#include "sampling/estimate.hpp"
#include "sampling/hypergeometric.hpp"
#include "sampling/inputs.hpp"
#include "sampling/output.hpp"

namespace duecare::sampling {

namespace {

constexpr double k_tie = 1e-12;
constexpr double k_most_work = 1e8;  // splits times outcomes that the exact method tries

StratifiedInterval undefined(std::string_view reason) {
    StratifiedInterval out;
    out.low = out.high = out.n_eff = k_undefined;
    out.reason = reason;
    return out;
}

/// A one-sided interval leaves the other end open.
void open_ends(StratifiedInterval& out, Side side) {
    if (side == Side::upper) out.low = 0;
    if (side == Side::lower) out.high = 1;
}

StratifiedInterval by_effective_size(std::span<const CountedStratum> strata, double a,
                                     StratifiedMethod method, bool cap) {
    std::vector<Moments> moments;
    for (const CountedStratum& stratum : strata) {
        moments.push_back(moments_of(stratum.x, stratum.n));
        moments.back().N = stratum.N;
    }
    const Estimate made = estimate_stratified(moments, Freedom::n_minus_H);
    if (std::isnan(made.variance)) return undefined(made.reason);
    const double p = made.mean;
    const bool is_end = p <= 0 || p >= 1;
    StratifiedInterval out;
    out.low = out.high = p;
    out.n_eff = k_undefined;
    if (std::isnan(made.df)) return out;  // each stratum was read whole
    if (made.variance == 0 && (!is_end || method != StratifiedMethod::korn_graubard))
        return undefined("se=0");
    const double t = student_quantile(1 - a, made.df);
    if (method == StratifiedMethod::logit) {
        const double half = t * made.se() / (p * (1 - p));
        const double middle = std::log(p / (1 - p));
        out.low = 1 / (1 + std::exp(half - middle));
        out.high = 1 / (1 + std::exp(-half - middle));
        return out;
    }
    out.n_eff = is_end ? made.n : p * (1 - p) / made.variance;
    if (method == StratifiedMethod::korn_graubard) {
        const double ratio = student_quantile(1 - a, made.n - 1) / t;
        out.n_eff *= ratio * ratio;
    }
    if (cap) out.n_eff = std::min(out.n_eff, made.n);
    const auto kind =
        method == StratifiedMethod::korn_graubard ? IntervalMethod::clopper_pearson : IntervalMethod::wilson;
    const Interval limits = proportion_interval(out.n_eff * p, out.n_eff, 2 * a, kind, Side::two);
    out.low = limits.low;
    out.high = limits.high;
    return out;
}

/// Wendell & Schmee 1996: every split of M among the strata, every outcome of each.
class Splits {
  public:
    explicit Splits(std::span<const CountedStratum> strata) : strata_(strata) {
        std::uint64_t common = 1;
        for (const CountedStratum& stratum : strata) common = std::lcm(common, stratum.n);
        std::uint64_t N = 0;
        for (const CountedStratum& stratum : strata) {
            N += stratum.N;
            steps_.push_back(stratum.N * (common / stratum.n));
            observed_ += steps_.back() * stratum.x;
            tables_.push_back(table(stratum));
        }
        most_at_most_.assign(N + 1, 0);
        most_at_least_.assign(N + 1, 0);
        marked_.assign(strata.size(), 0);
        split(0, 0);
    }

    /// By M: the largest P(T <= observed) and P(T >= observed) of all its splits.
    [[nodiscard]] const std::vector<double>& at_most() const { return most_at_most_; }
    [[nodiscard]] const std::vector<double>& at_least() const { return most_at_least_; }

    static double work(std::span<const CountedStratum> strata) {
        double out = 1;
        for (const CountedStratum& stratum : strata)
            out *= (static_cast<double>(stratum.N) + 1) * (static_cast<double>(stratum.n) + 1);
        return out;
    }

  private:
    static std::vector<std::vector<double>> table(const CountedStratum& stratum) {
        std::vector<std::vector<double>> out;
        for (std::uint64_t M = 0; M <= stratum.N; ++M) {
            std::vector<double> row;
            for (std::uint64_t x = 0; x <= stratum.n; ++x)
                row.push_back(hypergeometric_pmf(static_cast<std::int64_t>(x), stratum.N, M, stratum.n));
            out.push_back(std::move(row));
        }
        return out;
    }

    void split(std::size_t h, std::uint64_t M) {
        if (h < strata_.size()) {
            for (marked_[h] = 0; marked_[h] <= strata_[h].N; ++marked_[h]) split(h + 1, M + marked_[h]);
            return;
        }
        below_ = above_ = 0;
        outcome(0, 0, 1);
        most_at_most_[M] = std::max(most_at_most_[M], below_);
        most_at_least_[M] = std::max(most_at_least_[M], above_);
    }

    void outcome(std::size_t h, std::uint64_t total, double probability) {
        if (probability == 0) return;
        if (h == strata_.size()) {
            if (total <= observed_) below_ += probability;
            if (total >= observed_) above_ += probability;
            return;
        }
        const std::vector<double>& row = tables_[h][marked_[h]];
        for (std::uint64_t x = 0; x < row.size(); ++x)
            outcome(h + 1, total + x * steps_[h], probability * row[x]);
    }

    std::span<const CountedStratum> strata_;
    std::vector<std::uint64_t> steps_;  // what one deviation adds to T, times the common denominator
    std::uint64_t observed_ = 0;
    std::vector<std::vector<std::vector<double>>> tables_;
    std::vector<std::uint64_t> marked_;
    double below_ = 0;
    double above_ = 0;
    std::vector<double> most_at_most_;
    std::vector<double> most_at_least_;
};

StratifiedInterval exact_interval(std::span<const CountedStratum> strata, double alpha, Side side) {
    for (const CountedStratum& stratum : strata)
        if (stratum.n == 0) return undefined("empty_stratum");
    if (Splits::work(strata) > k_most_work) return undefined("too_large");
    const Splits splits(strata);
    const double half = side == Side::two ? alpha / 2 : alpha;
    const double a_low = side == Side::upper ? 0 : half * (1 + k_tie);
    const double a_high = side == Side::lower ? 0 : half * (1 + k_tie);
    StratifiedInterval out;
    out.has_counts = true;
    const auto low =
        std::find_if(splits.at_least().begin(), splits.at_least().end(), [&](double p) { return p > a_low; });
    const auto high = std::find_if(splits.at_most().rbegin(), splits.at_most().rend(),
                                   [&](double p) { return p > a_high; });
    out.counts.low = static_cast<std::uint64_t>(low - splits.at_least().begin());
    out.counts.high = static_cast<std::uint64_t>(splits.at_most().rend() - high) - 1;
    return out;
}

StratifiedInterval bonferroni(std::span<const CountedStratum> strata, const Fraction& alpha, Side side) {
    StratifiedInterval out;
    out.has_counts = true;
    const Fraction part{alpha.num, alpha.den * strata.size()};
    for (const CountedStratum& stratum : strata) {
        const CountBounds one = hypergeometric_bounds(stratum.N, stratum.n, stratum.x, part, side);
        out.counts.low += one.low;
        out.counts.high += one.high;
    }
    return out;
}

}  // namespace

StratifiedInterval stratified_interval(std::span<const CountedStratum> strata, const Fraction& alpha,
                                       StratifiedMethod method, Side side, bool cap) {
    std::vector<CountedStratum> filled;
    std::uint64_t N = 0;
    for (const CountedStratum& stratum : strata) {
        if (stratum.N > 0) filled.push_back(stratum);
        N += stratum.N;
    }
    if (N == 0) return undefined("N=0");
    const double rounded = to_real(alpha);
    if (method < StratifiedMethod::exact) {
        StratifiedInterval out =
            by_effective_size(filled, side == Side::two ? rounded / 2 : rounded, method, cap);
        if (!std::isnan(out.low)) open_ends(out, side);
        return out;
    }
    StratifiedInterval out = method == StratifiedMethod::exact ? exact_interval(filled, rounded, side)
                                                               : bonferroni(filled, alpha, side);
    out.n_eff = k_undefined;
    if (!out.has_counts) return out;
    out.low = static_cast<double>(out.counts.low) / static_cast<double>(N);
    out.high = static_cast<double>(out.counts.high) / static_cast<double>(N);
    return out;
}

boost::json::object stratified_interval_method(const Inputs& in) {
    std::vector<CountedStratum> strata;
    for (const Inputs& one : in.objects("strata", {"N", "n", "x", "name"})) {
        strata.push_back({one.count("N"), one.count("n"), one.count("x")});
        if (strata.back().n > strata.back().N) one.fail("n", "n is above N.");
        if (strata.back().x > strata.back().n) one.fail("x", "x is above n.");
    }
    const auto side = static_cast<Side>(in.choice("side", {"two", "upper", "lower"}));
    const auto method = static_cast<StratifiedMethod>(
        in.choice("method", {"korn_graubard", "logit", "wilson_neff", "exact", "bonferroni_exact"}));
    const StratifiedInterval made =
        stratified_interval(strata, rest(in.conf()), method, side, in.flag_or("cap", false));
    boost::json::object out{{"low", number(made.low)},
                            {"high", number(made.high)},
                            {"n_eff", number(made.n_eff)},
                            {"M_low", nullptr},
                            {"M_high", nullptr},
                            {"conf", to_real(in.conf())},
                            {"method", in.text_or("method", "korn_graubard")}};
    if (made.has_counts) {
        out["M_low"] = made.counts.low;
        out["M_high"] = made.counts.high;
    }
    add_reason(out, made.reason);
    return out;
}

}  // namespace duecare::sampling
