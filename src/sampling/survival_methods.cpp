// The methods of survival.hpp by name: JSON in, JSON out.
#include <algorithm>
#include <array>
#include <set>

#include "sampling/methods.hpp"
#include "sampling/output.hpp"
#include "sampling/survival.hpp"
#include "sampling/values.hpp"

namespace duecare::sampling {

namespace json = boost::json;

namespace {

using Durations = std::vector<Duration>;

/// `time`, `entry` and the causes, which `cause_of` makes of the labels at `key`.
template <typename CauseOf>
Durations read(const Inputs& in, std::string_view key, const CauseOf& cause_of) {
    const std::vector<double> times = in.reals("time");
    const std::vector<std::string> ends = labels(in, key);
    if (ends.size() != times.size()) in.fail(key, "There are not as many as times.");
    std::vector<Maybe> entries(times.size());
    if (in.has("entry")) entries = in.reals_or_null("entry");
    if (entries.size() != times.size()) in.fail("entry", "There are not as many as times.");
    Durations out;
    for (std::size_t i = 0; i < times.size(); ++i) out.push_back({times[i], cause_of(ends[i]), entries[i]});
    return out;
}

Durations read(const Inputs& in) {
    return read(in, "event", [&in](const std::string& event) {
        if (event == "1" || event == "true") return 1;
        if (event != "0" && event != "false") in.fail("event", "Expected is 1 (ended) or 0 (open).");
        return 0;
    });
}

ConfidenceType confidence_type(const Inputs& in) {
    constexpr std::array k_types{ConfidenceType::log_log, ConfidenceType::log, ConfidenceType::plain};
    return k_types.at(in.choice("conf_type", {"log-log", "log", "plain"}));
}

/// The times to report: `at` (one or a list), or each time at which something ended.
std::vector<double> times_asked(const Inputs& in, const std::vector<SurvivalStep>& steps) {
    if (in.has("at")) return in.at("at").is_array() ? in.reals("at") : std::vector{in.real("at")};
    std::vector<double> out;
    for (const SurvivalStep& step : steps) out.push_back(step.time);
    return out;
}

/// One result for a single `at`, otherwise lists with the `at` that they belong to.
template <typename Row>
json::object report(const Inputs& in, const std::vector<SurvivalStep>& steps, const Row& row) {
    if (in.has("at") && !in.at("at").is_array()) return row(in.real("at"));
    json::object out{{"at", json::array()}};
    for (const double time : times_asked(in, steps)) {
        out["at"].as_array().emplace_back(time);
        for (auto& [key, value] : row(time)) {
            json::value& list = out[key];
            if (!list.is_array()) list = json::array();
            list.get_array().push_back(value);
        }
    }
    return out;
}

json::object kaplan_meier_method(const Inputs& in) {
    const Durations durations = read(in);
    const std::vector<SurvivalStep> steps = survival_steps(durations);
    const double conf = to_real(in.conf());
    const ConfidenceType type = confidence_type(in);
    const RiskSet risk_set(durations);
    double last = 0;
    for (const Duration& one : durations) last = std::max(last, one.time);
    return report(in, steps, [&](double at) -> json::object {
        if (durations.empty())
            return {{"survival", nullptr}, {"se", nullptr}, {"low", nullptr},
                    {"high", nullptr},     {"n_risk", 0},   {"reason", "n=0"}};
        const Survival now = kaplan_meier(steps, at, conf, type);
        return {{"survival", now.survival},
                {"se", to_json(now.se)},
                {"low", to_json(now.low)},
                {"high", to_json(now.high)},
                {"n_risk", risk_set.at(at)},
                {"beyond_last", at > last},
                {"reason", now.reason.empty() ? json::value() : json::value(now.reason)}};
    });
}

json::object quantile_method(const Inputs& in) {
    const double p = in.has("p") ? in.real("p") : 0.5;
    if (p <= 0 || p >= 1) in.fail("p", "Expected is a share between 0 and 1, such as 0.5.");
    const std::vector<SurvivalStep> steps = survival_steps(read(in));
    const SurvivalQuantile found = survival_quantile(steps, p, to_real(in.conf()), confidence_type(in));
    json::object out{
        {"quantile", to_json(found.quantile)}, {"low", to_json(found.low)}, {"high", to_json(found.high)}};
    if (!found.quantile || !found.low || !found.high) add_reason(out, "not_reached");
    return out;
}

json::object nelson_aalen_method(const Inputs& in) {
    const Durations durations = read(in);
    const std::vector<SurvivalStep> steps = survival_steps(durations);
    const RiskSet risk_set(durations);
    return report(in, steps, [&](double at) -> json::object {
        if (durations.empty()) return {{"cumulative_hazard", nullptr}, {"se", nullptr}, {"reason", "n=0"}};
        const SurvivalEstimate hazard = nelson_aalen(steps, at);
        return {{"cumulative_hazard", hazard.value}, {"se", hazard.se}, {"n_risk", risk_set.at(at)}};
    });
}

json::object restricted_mean_method(const Inputs& in) {
    const Durations durations = read(in);
    double last = 0;
    for (const Duration& one : durations) last = std::max(last, one.time);
    const double tau = in.real_or("tau", last);
    if (tau < 0) in.fail("tau", "Expected is a time from 0 on.");
    json::object out{{"rmst", nullptr}, {"se", nullptr}, {"tau", tau}};
    if (durations.empty() || tau > last) {
        add_reason(out, durations.empty() ? "n=0" : "tau_after_last_time");
        return out;
    }
    const SurvivalEstimate mean = restricted_mean(survival_steps(durations), tau);
    out["rmst"] = mean.value;
    out["se"] = mean.se;
    return out;
}

/// Numbers by value, then texts by bytes.
bool before(const Inputs& in, const json::value& a, const json::value& b) {
    if (a.is_number() && b.is_number()) return a.to_number<double>() < b.to_number<double>();
    if (a.is_number() != b.is_number()) return a.is_number();
    return label(in, "group", a) < label(in, "group", b);
}

json::object log_rank_method(const Inputs& in) {
    const Durations durations = read(in);
    if (!in.at("group").is_array() || in.at("group").get_array().size() != durations.size())
        in.fail("group", "Expected is a list of as many groups as times.");
    const json::array& groups = in.at("group").get_array();
    json::object out{{"chi2", nullptr}, {"p_value", nullptr}, {"observed", nullptr}, {"expected", nullptr}};
    std::set<std::string> names;
    for (const json::value& group : groups) names.insert(label(in, "group", group));
    if (names.size() > 2) in.fail("group", "Expected are two groups.");
    if (names.size() < 2) {
        add_reason(out, "groups<2");
        return out;
    }
    const auto order = [&in](const json::value& a, const json::value& b) { return before(in, a, b); };
    const std::string first = label(in, "group", *std::min_element(groups.begin(), groups.end(), order));
    Durations mine;
    Durations other;
    for (std::size_t i = 0; i < durations.size(); ++i)
        (label(in, "group", groups[i]) == first ? mine : other).push_back(durations[i]);
    const LogRank test = log_rank(mine, other);
    out = {{"chi2", to_json(test.chi2)},
           {"p_value", to_json(test.p_value)},
           {"observed", test.observed},
           {"expected", test.expected},
           {"variance", test.variance},
           {"first_group", first},
           {"observed_other", test.observed_other},
           {"expected_other", test.observed + test.observed_other - test.expected}};
    if (!test.chi2) add_reason(out, "variance=0");
    return out;
}

json::object aalen_johansen_method(const Inputs& in) {
    const std::string cause = in.has("cause") ? label(in, "cause", in.at("cause")) : "1";
    if (cause.empty() || cause == "0") in.fail("cause", "0 is open, not a cause.");
    const Durations durations = read(in, "state", [&](const std::string& state) {
        if (state.empty() || state == "0" || state == "censored") return 0;
        return state == cause ? 1 : 2;
    });
    const std::vector<SurvivalStep> steps = survival_steps(durations);
    const RiskSet risk_set(durations);
    return report(in, steps, [&](double at) -> json::object {
        if (durations.empty())
            return {{"cif", nullptr}, {"se", nullptr}, {"event_free", nullptr}, {"reason", "n=0"}};
        const Incidence now = aalen_johansen(steps, at);
        return {{"cif", now.incidence},
                {"se", now.se},
                {"event_free", now.event_free},
                {"n_risk", risk_set.at(at)}};
    });
}

constexpr std::array<Method, 6> k_survival_methods{{
    {"kaplan_meier", &kaplan_meier_method, "time event entry at conf conf_type"},
    {"survival_quantile", &quantile_method, "time event entry p conf conf_type"},
    {"nelson_aalen", &nelson_aalen_method, "time event entry at conf"},
    {"restricted_mean", &restricted_mean_method, "time event entry tau conf"},
    {"logrank", &log_rank_method, "time event entry group"},
    {"aalen_johansen", &aalen_johansen_method, "time state entry cause at conf"},
}};

}  // namespace

std::span<const Method> survival_methods() noexcept {
    return k_survival_methods;
}

}  // namespace duecare::sampling
