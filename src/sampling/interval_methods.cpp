#include <array>
#include <cmath>

#include "sampling/intervals.hpp"
#include "sampling/methods.hpp"
#include "sampling/output.hpp"
#include "sampling/stratified_interval.hpp"

namespace duecare::sampling {

namespace json = boost::json;

namespace {

Side side(const Inputs& in) {
    return static_cast<Side>(in.choice("side", {"two", "upper", "lower"}));
}

std::uint64_t at_most(const Inputs& in, std::string_view key, std::string_view limit) {
    const std::uint64_t value = in.count(key);
    if (value > in.count(limit)) in.fail(key, std::string(key) + " is above " + std::string(limit) + ".");
    return value;
}

json::object proportion(const Inputs& in) {
    const double n = in.real("n");
    const double x = in.real("x");
    if (n < 0) in.fail("n", "n is below 0.");
    if (x < 0) in.fail("x", "x is below 0.");
    if (x > n) in.fail("x", "x is above n.");
    const std::size_t method = in.choice(
        "method", {"clopper_pearson", "wilson", "wilson_cc", "jeffreys", "agresti_coull", "mid_p", "wald"});
    const bool whole = n == std::floor(n) && x == std::floor(x);
    // Effective sizes of a weighted sample, as Korn & Graubard 1998 put them into Clopper-Pearson.
    if (!whole && method > 1)
        in.fail("n", "Fractions of units have a meaning for clopper_pearson and wilson alone.");
    const double alpha = to_real(rest(in.conf()));
    const Interval made = proportion_interval(x, n, alpha, static_cast<IntervalMethod>(method), side(in));
    json::object out{{"estimate", n > 0 ? json::value(x / n) : json::value(nullptr)},
                     {"low", number(made.low)},
                     {"high", number(made.high)},
                     {"n", whole ? json::value(in.count("n")) : json::value(n)},
                     {"conf", to_real(in.conf())},
                     {"method", in.text_or("method", "clopper_pearson")}};
    if (n == 0) out["reason"] = "n=0";
    return out;
}

json::object finite(const Inputs& in) {
    const std::uint64_t N = in.count("N");
    const std::uint64_t n = at_most(in, "n", "N");
    const std::uint64_t x = at_most(in, "x", "n");
    const CountBounds made = hypergeometric_bounds(N, n, x, rest(in.conf()), side(in));
    const auto rate = [N](std::uint64_t M) {
        return N == 0 ? json::value(nullptr) : json::value(static_cast<double>(M) / static_cast<double>(N));
    };
    json::object out{{"M_low", made.low},
                     {"M_high", made.high},
                     {"rate_low", rate(made.low)},
                     {"rate_high", rate(made.high)},
                     {"remaining_high", made.high - x},
                     {"conf", to_real(in.conf())}};
    if (N == 0) out["reason"] = "N=0";
    return out;
}

constexpr std::array<Method, 3> k_interval_methods{{
    {"proportion_interval", &proportion, "x n conf method side"},
    {"hypergeometric_bounds", &finite, "N n x conf side"},
    {"stratified_proportion_interval", &stratified_interval_method, "strata conf method side cap df"},
}};

}  // namespace

std::span<const Method> interval_methods() noexcept {
    return k_interval_methods;
}

}  // namespace duecare::sampling
