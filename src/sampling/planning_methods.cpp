#include <array>

#include "sampling/distributions.hpp"
#include "sampling/methods.hpp"
#include "sampling/output.hpp"
#include "sampling/planning.hpp"

namespace duecare::sampling {

namespace json = boost::json;

namespace {

Fraction share(const Inputs& in, std::string_view key) {
    const Fraction out = in.decimal(key);
    if (out.num > out.den) in.fail(key, "A rate is at most 1.");
    return out;
}

json::object attribute(const Inputs& in) {
    AttributePlan plan;
    plan.model = static_cast<Model>(in.choice("model", {"binomial", "poisson", "hypergeometric"}));
    plan.tolerable_rate = share(in, "tolerable_rate");
    if (in.has("expected_deviations")) {
        plan.expected_deviations = in.count("expected_deviations");
    } else if (in.has("expected_rate")) {
        plan.expected_rate = share(in, "expected_rate");
    }
    plan.risk = in.has("risk") ? in.open_share("risk") : rest(in.conf());
    if (plan.model == Model::hypergeometric) plan.population = in.count("N");
    const auto size = sample_size_attribute(plan);
    if (!size) {
        return {{"n", nullptr},
                {"acceptable_deviations", nullptr},
                {"achieved_risk", nullptr},
                {"reason", "not_practicable"}};
    }
    return {{"n", size->n},
            {"acceptable_deviations", size->acceptable_deviations},
            {"achieved_risk", size->achieved_risk}};
}

json::object discovery(const Inputs& in) {
    const std::uint64_t N = in.count("N");
    std::uint64_t M = 0;
    if (in.has("M")) {
        M = in.count("M");
        if (M > N) in.fail("M", "M is above N.");
    } else {
        const Fraction rate = share(in, "critical_rate");
        M = ceil({rate.num * N, rate.den}).convert_to<std::uint64_t>();
    }
    const auto size = sample_size_discovery(N, M, in.conf());
    if (!size) return {{"n", nullptr}, {"M", M}, {"achieved_confidence", nullptr}, {"reason", "M=0"}};
    return {{"n", size->n}, {"M", M}, {"achieved_confidence", size->achieved_confidence}};
}

json::object detection(const Inputs& in) {
    const std::uint64_t N = in.count("N");
    for (const std::string_view key : {"M", "n"})
        if (in.count(key) > N) in.fail(key, std::string(key) + " is above N.");
    return {
        {"probability", detection_probability(N, in.count("M"), in.count("n"), in.count_or("at_least", 1))}};
}

json::object proportion(const Inputs& in) {
    const Fraction margin = in.decimal("margin");
    if (margin.num == 0) in.fail("margin", "A margin is above 0.");
    const double z = in.has("z") ? in.real("z") : normal_quantile(1 - to_real(rest(in.conf())) / 2);
    if (!(z > 0)) in.fail("z", "z is above 0.");
    const Fraction p = in.has("p") ? share(in, "p") : Fraction{1, 2};
    std::optional<std::uint64_t> N;
    if (in.has("N")) N = in.count("N");
    const ProportionSize size = sample_size_proportion(p, margin, z, N);
    return {{"n0", size.n0}, {"n", size.n}};
}

json::object two_proportions(const Inputs& in) {
    const double p1 = to_real(share(in, "p1"));
    const double p2 = to_real(share(in, "p2"));
    const double conf = to_real(in.conf());
    if (in.has("n1") || in.has("n2")) {
        const std::uint64_t n1 = in.count_or("n1", in.count_or("n2", 0));
        return {{"power", number(power_two_proportions(p1, p2, n1, in.count_or("n2", n1), conf))}};
    }
    const double power = in.has("power") ? to_real(in.open_share("power")) : 0.8;
    if (p1 == p2) return {{"n", nullptr}, {"reason", "p1=p2"}};
    const std::uint64_t n = sample_size_two_proportions(p1, p2, power, conf);
    return {{"n", n}, {"power", number(power_two_proportions(p1, p2, n, n, conf))}};
}

json::object difference(const Inputs& in) {
    const double power = in.has("power") ? to_real(in.open_share("power")) : 0.8;
    const double p = in.has("p") ? to_real(share(in, "p")) : 0.5;
    const double found = detectable_difference(p, in.count("n"), power, to_real(in.conf()));
    json::object out{{"difference", number(found)}};
    if (std::isnan(found)) out["reason"] = "no_difference_is_shown";
    return out;
}

constexpr std::array<Method, 6> k_planning_methods{{
    {"sample_size_attribute", &attribute,
     "model tolerable_rate expected_rate expected_deviations risk conf N"},
    {"sample_size_discovery", &discovery, "N M critical_rate conf"},
    {"detection_probability", &detection, "N M n at_least"},
    {"sample_size_proportion", &proportion, "p margin conf z N"},
    {"power_two_proportions", &two_proportions, "p1 p2 n1 n2 power conf"},
    {"detectable_difference", &difference, "p n power conf"},
}};

}  // namespace

std::span<const Method> planning_methods() noexcept {
    return k_planning_methods;
}

}  // namespace duecare::sampling
