// The methods of charts.hpp by name: JSON in, JSON out.
#include <array>

#include "sampling/charts.hpp"
#include "sampling/methods.hpp"
#include "sampling/output.hpp"
#include "sampling/values.hpp"

namespace duecare::sampling {

namespace json = boost::json;

namespace {

void put_signals(json::object& out, const std::vector<std::size_t>& signals) {
    out["signals"] = to_json(signals);
    out["first_signal"] = nullptr;
    if (!signals.empty()) out["first_signal"] = signals.front();
}

/// `n` (one for all or a list), each x at most its n.
std::vector<double> sizes(const Inputs& in, const std::vector<double>& x) {
    std::vector<double> n(x.size(), 1);
    if (in.has("n") && in.at("n").is_array()) n = in.reals("n");
    if (in.has("n") && !in.at("n").is_array()) n.assign(x.size(), in.real("n"));
    check_counts(in, x, n);
    return n;
}

json::object ewma_method(const Inputs& in) {
    EwmaPlan plan{in.real_or("lambda", 0.2), in.real_or("L", 3), EwmaLimits::exact};
    if (plan.lambda <= 0 || plan.lambda > 1) in.fail("lambda", "Expected is a weight above 0, at most 1.");
    if (plan.width <= 0) in.fail("L", "Expected is a number above 0.");
    if (in.choice("limits", {"exact", "asymptotic"}) == 1) plan.limits = EwmaLimits::asymptotic;
    const std::vector<double> x = in.reals("x");
    EwmaChart chart;
    if (in.has("p0")) {
        chart = ewma_chart_of_rates(x, sizes(in, x), share(in, "p0"), plan);
    } else {
        const double sigma = in.real("sigma");
        if (sigma < 0) in.fail("sigma", "Expected is a number from 0 on.");
        chart = ewma_chart(x, in.real("mu0"), sigma, plan);
    }
    json::object out{
        {"ewma", to_json(chart.ewma)}, {"ucl", to_json(chart.upper)}, {"lcl", to_json(chart.lower)}};
    put_signals(out, chart.signals);
    return out;
}

json::object cusum_method(const Inputs& in) {
    if (in.real("k") < 0) in.fail("k", "Expected is a number from 0 on.");
    const Cusum chart = cusum_chart(in.reals("x"), in.real("mu0"), in.real("k"), in.real("h"));
    json::object out{{"c_plus", to_json(chart.up)}, {"c_minus", to_json(chart.down)}};
    put_signals(out, chart.signals);
    return out;
}

json::object llr_method(const Inputs& in) {
    for (const std::string_view key : {"p0", "p1"})
        if (in.real(key) <= 0 || in.real(key) >= 1)
            in.fail(key, "Expected is a rate strictly between 0 and 1.");
    const std::vector<double> x = in.reals("x");
    const Cusum chart = llr_cusum(x, sizes(in, x), in.real("p0"), in.real("p1"), in.real("h"));
    json::object out{{"cusum", to_json(chart.up)}};
    put_signals(out, chart.signals);
    return out;
}

json::object discovery_method(const Inputs& in) {
    const std::vector<Maybe> p = in.reals_or_null("p");
    for (const Maybe& one : p)
        if (one && (*one < 0 || *one > 1)) in.fail("p", "A p-value lies from 0 to 1.");
    const double q = in.has("q") ? share(in, "q") : 0.05;
    const bool arbitrary = in.choice("dependence", {"positive", "independent", "prds", "arbitrary"}) == 3;
    const Discoveries found =
        benjamini_hochberg(p, q, arbitrary ? Dependence::arbitrary : Dependence::positive);
    return {{"adjusted", to_json(found.adjusted)}, {"rejected", to_json(found.rejected)}, {"m", found.tests}};
}

constexpr std::array<Method, 4> k_chart_methods{{
    {"ewma_chart", &ewma_method, "x mu0 sigma p0 n lambda L limits"},
    {"cusum_chart", &cusum_method, "x mu0 k h"},
    {"llr_cusum", &llr_method, "x n p0 p1 h"},
    {"benjamini_hochberg", &discovery_method, "p q dependence"},
}};

}  // namespace

std::span<const Method> chart_methods() noexcept {
    return k_chart_methods;
}

}  // namespace duecare::sampling
