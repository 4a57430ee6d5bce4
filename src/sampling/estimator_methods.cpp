#include <algorithm>
#include <array>
#include <optional>

#include "sampling/estimate.hpp"
#include "sampling/intervals.hpp"
#include "sampling/methods.hpp"
#include "sampling/output.hpp"
#include "sampling/stratified_interval.hpp"

namespace duecare::sampling {

namespace json = boost::json;

namespace {

std::optional<std::uint64_t> population(const Inputs& in, std::uint64_t n) {
    if (!in.has("N")) return std::nullopt;
    const std::uint64_t N = in.count("N");
    if (N < n) in.fail("N", "N is " + std::to_string(N) + ", but " + std::to_string(n) + " were drawn.");
    return N;
}

json::object result(const Inputs& in, const Estimate& made, std::string_view design,
                    std::optional<std::uint64_t> N, bool use_t) {
    const double alpha = to_real(rest(in.conf()));
    const Limits limits = confidence_limits(made, alpha, use_t);
    const double size = N ? static_cast<double>(*N) : k_undefined;
    json::object out{{"mean", number(made.mean)},
                     {"estimate", number(made.mean)},
                     {"se", number(made.se())},
                     {"variance", number(made.variance)},
                     {"ci_low", number(limits.low)},
                     {"ci_high", number(limits.high)},
                     {"total", number(size * made.mean)},
                     {"se_total", number(size * made.se())},
                     {"df", use_t ? number(made.df) : json::value(nullptr)},
                     {"n", made.n},
                     {"N", N ? json::value(*N) : json::value(nullptr)},
                     {"conf", to_real(in.conf())},
                     {"design", design},
                     {"warnings", texts(made.warnings)}};
    add_reason(out, made.reason);
    return out;
}

bool uses_t(const Inputs& in) {
    return in.choice("ci", {"t", "normal"}) == 0;
}

/// y, or x of n, or n with mean and s2.
Moments read_moments(const Inputs& in) {
    Moments out;
    if (in.has("y")) {
        const std::vector<double> y = in.reals("y");
        out = moments_of(y);
    } else if (in.has("x")) {
        if (in.count("x") > in.count("n")) in.fail("x", "x is above n.");
        out = moments_of(in.count("x"), in.count("n"));
    } else {
        out.n = in.count("n");
        if (out.n > 0) out.mean = in.real("mean");
        if (out.n > 1) out.s2 = in.real("s2");
        if (out.n > 1 && out.s2 < 0) in.fail("s2", "A variance is not below 0.");
    }
    out.N = population(in, out.n);
    return out;
}

json::object srs(const Inputs& in) {
    const Moments sample = read_moments(in);
    return result(in, estimate_srs(sample), "srs", sample.N, uses_t(in));
}

std::vector<Moments> read_strata(const Inputs& in) {
    std::vector<Moments> out;
    for (const Inputs& one : in.objects("strata", {"N", "n", "x", "y", "mean", "s2", "name"})) {
        static_cast<void>(one.at("N"));
        out.push_back(read_moments(one));
    }
    return out;
}

std::uint64_t sum_N(const std::vector<Moments>& strata) {
    std::uint64_t out = 0;
    for (const Moments& stratum : strata) out += stratum.N.value_or(0);
    return out;
}

/// Where nothing was found in any stratum, se 0 says nothing: the interval that then holds.
std::optional<json::object> interval_of_none(const Inputs& in, const std::vector<Moments>& strata) {
    std::vector<CountedStratum> counted;
    bool all_census = true;
    for (const Moments& stratum : strata) {
        const std::uint64_t N = stratum.N.value_or(0);
        if (N == 0) continue;
        if (!stratum.is_rate || stratum.n == 0 || stratum.mean != 0) return std::nullopt;
        counted.push_back({N, stratum.n, 0});
        all_census = all_census && stratum.n == N;
    }
    if (counted.empty() || all_census) return std::nullopt;
    const auto made = [&](StratifiedMethod method) {
        return stratified_interval(counted, rest(in.conf()), method, Side::two, false);
    };
    std::string_view method = "korn_graubard";
    StratifiedInterval out = made(StratifiedMethod::korn_graubard);
    if (std::isnan(out.low)) {
        method = "bonferroni_exact";
        out = made(StratifiedMethod::bonferroni_exact);
    }
    return json::object{{"method", method}, {"low", number(out.low)}, {"high", number(out.high)}};
}

json::object stratified(const Inputs& in) {
    const std::vector<Moments> strata = read_strata(in);
    const auto freedom = static_cast<Freedom>(in.choice("df", {"satterthwaite", "n_minus_H", "normal"}));
    const bool use_t = freedom != Freedom::normal && uses_t(in);
    json::object out = result(in, estimate_stratified(strata, freedom), "stratified", sum_N(strata), use_t);
    if (auto interval = interval_of_none(in, strata)) out["interval"] = std::move(*interval);
    return out;
}

json::object poststratified(const Inputs& in) {
    const std::vector<Moments> strata = read_strata(in);
    const bool conditional = in.choice("variance", {"conditional", "unconditional"}) == 0;
    return result(in, estimate_poststratified(strata, conditional), "srs", sum_N(strata), uses_t(in));
}

/// y and x with what the mean of all x is.
struct Paired {
    Paired(const Inputs& in, std::string_view mean) : y(in.reals("y")), x(in.reals("x")) {
        if (x.size() != y.size()) in.fail("x", "There are not as many x as y.");
        view = {y, x, population(in, y.size()), in.real(mean)};
    }
    std::vector<double> y;
    std::vector<double> x;
    Auxiliary view;
};

json::object difference(const Inputs& in) {
    const Paired paired(in, "x_bar_pop");
    const auto N = paired.view.N;
    json::object out = result(in, estimate_difference(paired.view), "srs", N, uses_t(in));
    const std::uint64_t n = paired.y.size();
    if (n == 0 || (N && *N == n) || paired.y != paired.x) return out;
    // They agree wherever both looked: what is known is how many may disagree, not that none do.
    const Fraction alpha = rest(in.conf());
    const double high = N ? static_cast<double>(hypergeometric_bounds(*N, n, 0, alpha, Side::upper).high) /
                                static_cast<double>(*N)
                          : proportion_interval(0, static_cast<double>(n), to_real(alpha),
                                                IntervalMethod::clopper_pearson, Side::upper)
                                .high;
    out["disagreement"] = json::object{
        {"method", N ? "hypergeometric_bounds" : "clopper_pearson"}, {"low", 0.0}, {"high", high}};
    return out;
}

json::object ratio(const Inputs& in) {
    const Paired paired(in, "x_bar_pop");
    const RatioEstimate made = estimate_ratio(paired.view, in.choice("variance", {"v2", "v0"}) == 0);
    json::object out = result(in, made, "srs", paired.view.N, uses_t(in));
    out["ratio"] = number(made.ratio);
    return out;
}

json::object regression(const Inputs& in) {
    const Paired paired(in, "x_bar_pop");
    const int lost = in.choice("divisor", {"n-2", "n-1"}) == 0 ? 2 : 1;
    const RegressionEstimate made = estimate_regression(paired.view, lost);
    json::object out = result(in, made, "srs", paired.view.N, uses_t(in));
    out["slope"] = number(made.slope);
    return out;
}

json::object two_phase_strata(const Inputs& in) {
    const std::vector<std::uint64_t> n1_h = in.counts("n1_h");
    const std::vector<std::uint64_t> n2_h = in.counts("n2_h");
    const std::vector<std::uint64_t> x_h = in.counts("x_h");
    if (n2_h.size() != n1_h.size()) in.fail("n2_h", "There are not as many as in n1_h.");
    if (x_h.size() != n1_h.size()) in.fail("x_h", "There are not as many as in n1_h.");
    std::vector<PhaseStratum> strata;
    std::uint64_t n1 = 0;
    for (std::size_t h = 0; h < n1_h.size(); ++h) {
        if (n2_h[h] > n1_h[h]) in.fail("n2_h", "A number is above that of n1_h.");
        if (x_h[h] > n2_h[h]) in.fail("x_h", "A number is above that of n2_h.");
        strata.push_back({n1_h[h], n2_h[h], x_h[h]});
        n1 += n1_h[h];
    }
    if (in.count_or("n1", n1) != n1) in.fail("n1", "n1 is not the sum of n1_h.");
    const auto N = population(in, n1);
    return result(in, estimate_two_phase(strata, n1, N), "two_phase", N, uses_t(in));
}

json::object two_phase(const Inputs& in) {
    const std::size_t kind = in.choice("method", {"difference", "regression", "ratio", "stratification"});
    if (kind == 3) return two_phase_strata(in);
    const Paired paired(in, "x_bar_phase1");
    const std::uint64_t n1 = in.count("n1");
    if (n1 < paired.y.size()) in.fail("n1", "The first phase is smaller than the second.");
    static_cast<void>(population(in, n1));
    const int lost = in.choice("divisor", {"n-2", "n-1"}) == 0 ? 2 : 1;
    const RegressionEstimate made = estimate_two_phase(paired.view, n1, static_cast<TwoPhase>(kind), lost);
    json::object out = result(in, made, "two_phase", paired.view.N, uses_t(in));
    if (kind == 1) out["slope"] = number(made.slope);
    return out;
}

/// y with the probabilities that its units had.
struct Weighted {
    explicit Weighted(const Inputs& in) : y(in.reals("y")), pi(in.reals("pi")) {
        if (pi.size() != y.size()) in.fail("pi", "There are not as many probabilities as y.");
        for (const double one : pi)
            if (!(one > 0) || one > 1) in.fail("pi", "A probability is above 0 and at most 1.");
        if (in.has("joint")) joint = in.matrix("joint");
        if (!joint.empty() && (joint.size() != y.size() || joint[0].size() != y.size()))
            in.fail("joint", "Expected is a square of as many rows as y.");
        const std::size_t kind =
            in.choice("variance", {"", "ht", "syg", "poisson", "deville", "brewer", "hansen_hurwitz"});
        view = {y, pi, joint, static_cast<UnequalVariance>(kind)};
    }
    std::vector<double> y;
    std::vector<double> pi;
    std::vector<std::vector<double>> joint;
    Unequal view;
};

double root(double variance) {
    return variance >= 0 ? std::sqrt(variance) : k_undefined;
}

/// What both have beside their means and totals; `estimate` is what the variance is of.
json::object unequal_result(const Inputs& in, const Weighted& weighted, const Total& made, bool is_rate,
                            std::optional<std::uint64_t> N) {
    Estimate whole;
    whole.mean = made.total;
    whole.variance = made.variance;
    whole.is_rate = is_rate;
    const bool all_certain =
        std::all_of(weighted.pi.begin(), weighted.pi.end(), [](double pi) { return pi >= 1; });
    if (!all_certain) warn_if_certain(whole);
    json::object out = result(in, whole, "unequal_probabilities", N, false);
    out["n"] = weighted.y.size();
    out["N_hat"] = number(made.N_hat);
    add_reason(out, made.reason);
    return out;
}

json::object ht(const Inputs& in) {
    const Weighted weighted(in);
    const Total made = estimate_ht(weighted.view);
    const auto N = population(in, weighted.y.size());
    const double size = N ? static_cast<double>(*N) : k_undefined;
    const double se = root(made.variance);
    json::object out = unequal_result(in, weighted, made, false, N);
    out["total"] = number(made.total);
    out["se_total"] = number(se);
    out["mean"] = number(made.total / size);
    out["se_mean"] = number(se / size);
    return out;
}

json::object hajek(const Inputs& in) {
    const Weighted weighted(in);
    const Total made = estimate_hajek(weighted.view);
    json::object out =
        unequal_result(in, weighted, made, moments_of(weighted.y).is_rate, population(in, weighted.y.size()));
    out["se_mean"] = number(root(made.variance));
    return out;
}

constexpr std::string_view k_paired = "y x N x_bar_pop conf ci variance divisor";
constexpr std::string_view k_weighted = "y pi joint variance N conf ci";
constexpr std::array<Method, 9> k_estimator_methods{{
    {"estimate_srs", &srs, "N y x n mean s2 conf ci"},
    {"estimate_stratified", &stratified, "strata conf df ci"},
    {"estimate_ht", &ht, k_weighted},
    {"estimate_hajek", &hajek, k_weighted},
    {"estimate_difference", &difference, k_paired},
    {"estimate_ratio", &ratio, k_paired},
    {"estimate_regression", &regression, k_paired},
    {"estimate_poststratified", &poststratified, "strata conf ci variance df"},
    {"estimate_two_phase", &two_phase, "method y x n1 N x_bar_phase1 n1_h n2_h x_h conf ci divisor"},
}};

}  // namespace

std::span<const Method> estimator_methods() noexcept {
    return k_estimator_methods;
}

}  // namespace duecare::sampling
