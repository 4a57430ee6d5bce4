// The methods of funnel.hpp by name: JSON in, JSON out.
#include <array>

#include "sampling/funnel.hpp"
#include "sampling/methods.hpp"
#include "sampling/output.hpp"
#include "sampling/values.hpp"

namespace duecare::sampling {

namespace json = boost::json;

namespace {

/// `p`, by default the usual warning and alarm limits.
std::vector<double> limits_asked(const Inputs& in) {
    if (!in.has("p")) return {0.001, 0.025, 0.975, 0.999};
    if (in.at("p").is_array()) return open_shares(in, "p");
    return {to_real(in.open_share("p"))};
}

/// `limits` for one n, or a list of them for a list of n; null for n = 0.
template <typename Limit>
json::object limits_by_size(const Inputs& in, const Limit& limit) {
    const std::vector<double> p = limits_asked(in);
    const auto of = [&](std::uint64_t n) -> json::value {
        if (n == 0) return nullptr;
        json::array out;
        for (const double one : p) out.push_back(number(limit(n, one)));
        return out;
    };
    json::object out;
    bool empty = false;
    if (in.at("n").is_array()) {
        json::array lists;
        for (const std::uint64_t n : in.counts("n")) {
            lists.push_back(of(n));
            empty = empty || n == 0;
        }
        out["limits"] = std::move(lists);
    } else {
        out["limits"] = of(in.count("n"));
        empty = in.count("n") == 0;
    }
    if (empty) add_reason(out, "n=0");
    return out;
}

json::object limits_method(const Inputs& in) {
    constexpr std::array k_kinds{FunnelKind::exact_interpolated, FunnelKind::exact_discrete,
                                 FunnelKind::normal};
    const FunnelKind kind = k_kinds.at(in.choice("kind", {"exact_interpolated", "exact_discrete", "normal"}));
    const double theta = share(in, "theta");
    return limits_by_size(in, [&](std::uint64_t n, double p) { return funnel_limit(n, theta, p, kind); });
}

json::object p_value_method(const Inputs& in) {
    const std::uint64_t n = in.count("n");
    const std::uint64_t x = in.count("x");
    if (x > n) in.fail("x", "More were found than there are.");
    const double theta = share(in, "theta");
    const bool mid_p = in.choice("method", {"exact", "mid_p"}) == 1;
    if (n == 0) return {{"p_value", nullptr}, {"p_low", nullptr}, {"p_high", nullptr}, {"reason", "n=0"}};
    const FunnelP found = funnel_p_value(x, n, theta, mid_p);
    return {{"p_value", found.value}, {"p_low", found.low}, {"p_high", found.high}};
}

Transform transform(const Inputs& in) {
    return in.choice("transform", {"none", "arcsine"}) == 1 ? Transform::arcsine : Transform::none;
}

json::value list_or_null(const std::vector<Maybe>& values) {
    if (values.empty()) return nullptr;
    return to_json(values);
}

json::object overdispersion_method(const Inputs& in) {
    const std::vector<double> x = counts_of(in, "x");
    const std::vector<double> n = counts_of(in, "n");
    check_counts(in, x, n);
    OverdispersionPlan plan;
    plan.winsorize = in.real_or("winsorize", 0.1);
    if (plan.winsorize < 0 || plan.winsorize >= 0.5)
        in.fail("winsorize", "Expected is a share from 0 to below 0.5.");
    plan.method = in.choice("winsor_method", {"order_statistic", "quantile7"}) == 1 ? Winsor::quantile7
                                                                                    : Winsor::order_statistic;
    plan.transform = transform(in);
    if (in.has("theta")) plan.theta = share(in, "theta");
    const Overdispersion found = overdispersion(x, n, plan);
    json::object out{{"theta", to_json(found.theta)},
                     {"phi", to_json(found.phi)},
                     {"tau2", to_json(found.tau2)},
                     {"z", list_or_null(found.z)},
                     {"z_winsorized", list_or_null(found.z_winsorized)},
                     {"z_adjusted_multiplicative", list_or_null(found.z_multiplicative)},
                     {"z_adjusted_additive", list_or_null(found.z_additive)},
                     {"teams", found.teams},
                     {"significant", nullptr}};
    if (found.significant) out["significant"] = *found.significant;
    add_reason(out, found.reason);
    return out;
}

json::object overdispersed_limits_method(const Inputs& in) {
    if (in.has("phi") == in.has("tau2"))
        in.fail("phi", "Give either phi (multiplicative) or tau2 (additive).");
    const double phi = in.real_or("phi", 1);
    const double tau2 = in.real_or("tau2", 0);
    if (phi < 0) in.fail("phi", "Expected is a number from 0 on.");
    if (tau2 < 0) in.fail("tau2", "Expected is a number from 0 on.");
    const double theta = share(in, "theta");
    if (theta <= 0 || theta >= 1) return {{"limits", nullptr}, {"reason", "theta_is_0_or_1"}};
    const Transform scale = transform(in);
    return limits_by_size(in, [&](std::uint64_t n, double p) {
        return funnel_limit_overdispersed(static_cast<double>(n), theta, p, phi, tau2, scale);
    });
}

json::object p_chart_method(const Inputs& in) {
    const std::vector<double> x = counts_of(in, "x");
    const std::vector<double> n = counts_of(in, "n");
    check_counts(in, x, n);
    PChartPlan plan;
    plan.sigmas = in.real_or("sigma", 3);
    plan.laney = in.flag_or("laney", false);
    plan.d2 = in.real_or("d2", 1.128);
    if (plan.sigmas <= 0) in.fail("sigma", "Expected is a number above 0.");
    if (plan.d2 <= 0) in.fail("d2", "Expected is a number above 0.");
    if (in.has("center")) plan.center = share(in, "center");
    const PChart chart = p_chart(x, n, plan);
    json::array warnings;
    if (chart.sigma_z && *chart.sigma_z < 1)
        warnings.emplace_back("sigma_z is below 1: the limits are narrower than those of a p chart.");
    json::object out{{"center", to_json(chart.center)},
                     {"ucl", to_json(chart.upper)},
                     {"lcl", to_json(chart.lower)},
                     {"sigma_z", to_json(chart.sigma_z)},
                     {"out_of_control", to_json(chart.out_of_control)},
                     {"warnings", std::move(warnings)}};
    add_reason(out, chart.reason);
    return out;
}

json::object rules_method(const Inputs& in) {
    const SpcRules rules = spc_rules(in.reals_or_null("z"));
    return {{"beyond_3sigma", to_json(rules.beyond_3sigma)},
            {"nine_same_side", to_json(rules.nine_same_side)},
            {"six_trend", to_json(rules.six_trend)},
            {"fourteen_alternating", to_json(rules.fourteen_alternating)},
            {"two_of_three_2sigma", to_json(rules.two_of_three_2sigma)},
            {"four_of_five_1sigma", to_json(rules.four_of_five_1sigma)},
            {"fifteen_within_1sigma", to_json(rules.fifteen_within_1sigma)},
            {"eight_beyond_1sigma", to_json(rules.eight_beyond_1sigma)}};
}

json::object runs_method(const Inputs& in) {
    std::vector<double> y;
    for (const Maybe& value : in.reals_or_null("y"))
        if (value) y.push_back(*value);
    const Runs runs = runs_analysis(y, in.has("center") ? Maybe(in.real("center")) : Maybe());
    json::object out{{"center", to_json(runs.center)},
                     {"n_useful", runs.useful},
                     {"longest_run", runs.longest},
                     {"longest_run_max", nullptr},
                     {"crossings", runs.crossings},
                     {"crossings_min", nullptr},
                     {"signal", nullptr}};
    if (!runs.signal) {
        add_reason(out, "n<10");
        return out;
    }
    out["longest_run_max"] = *runs.longest_max;
    out["crossings_min"] = *runs.crossings_min;
    out["signal"] = *runs.signal;
    return out;
}

constexpr std::array<Method, 7> k_funnel_methods{{
    {"funnel_limits", &limits_method, "n theta p kind"},
    {"funnel_p_value", &p_value_method, "x n theta method"},
    {"overdispersion", &overdispersion_method, "x n theta winsorize winsor_method transform"},
    {"funnel_limits_overdispersed", &overdispersed_limits_method, "n theta p phi tau2 transform"},
    {"p_chart", &p_chart_method, "x n center sigma laney d2"},
    {"spc_rules", &rules_method, "z"},
    {"runs_analysis", &runs_method, "y center"},
}};

}  // namespace

std::span<const Method> funnel_methods() noexcept {
    return k_funnel_methods;
}

}  // namespace duecare::sampling
