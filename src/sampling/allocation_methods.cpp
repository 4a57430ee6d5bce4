#include <array>
#include <cmath>

#include "sampling/allocation.hpp"
#include "sampling/methods.hpp"
#include "sampling/output.hpp"

namespace duecare::sampling {

namespace json = boost::json;

namespace {

json::object result(const std::vector<std::uint64_t>& sizes, const Allocation& made) {
    json::object out{{"n_h", numbers(made.n_h)}, {"quotas", numbers(made.quotas)}};
    json::array warnings;
    for (std::size_t h = 0; h < sizes.size(); ++h) {
        if (sizes[h] == 0 || made.n_h[h] > 1 || made.n_h[h] == sizes[h]) continue;
        const std::string what = made.n_h[h] == 0 ? "no unit: nothing can be said about it"
                                                  : "one unit: its variance cannot be estimated";
        warnings.push_back(json::string("Stratum " + std::to_string(h) + " gets " + what + "."));
    }
    out["warnings"] = std::move(warnings);
    return out;
}

/// S_h, or sqrt(p_h (1 - p_h)) of rates p_h.
std::vector<double> deviations(const Inputs& in, std::size_t strata) {
    std::vector<double> out;
    if (in.has("S_h")) {
        out = in.reals("S_h");
        for (const double s : out)
            if (s < 0) in.fail("S_h", "A standard deviation is not below 0.");
        if (out.size() != strata) in.fail("S_h", "There are not as many standard deviations as strata.");
    }
    return out;
}

json::object with_variance(const Inputs& in, const std::vector<std::uint64_t>& sizes,
                           const Allocation& made) {
    json::object out = result(sizes, made);
    if (in.has("S_h"))
        out["variance_mean"] = number(variance_of_mean(sizes, deviations(in, sizes.size()), made.n_h));
    return out;
}

json::object proportional(const Inputs& in) {
    const std::vector<std::uint64_t> sizes = in.counts("N_h");
    if (in.count_or("min_per_stratum", 0) > 0)
        return with_variance(in, sizes, allocate_minimum(sizes, in.count("n"), in.count("min_per_stratum")));
    return with_variance(in, sizes, allocate_proportional(sizes, in.count("n")));
}

json::object equal(const Inputs& in) {
    const std::vector<std::uint64_t> sizes = in.counts("N_h");
    return with_variance(in, sizes, allocate_equal(sizes, in.count("n")));
}

json::object minimum(const Inputs& in) {
    const std::vector<std::uint64_t> sizes = in.counts("N_h");
    return with_variance(in, sizes,
                         allocate_minimum(sizes, in.count("n"), in.count_or("min_per_stratum", 2)));
}

json::object neyman(const Inputs& in) {
    const std::vector<std::uint64_t> sizes = in.counts("N_h");
    static_cast<void>(in.at("S_h"));
    static_cast<void>(deviations(in, sizes.size()));  // for what it checks
    const Allocation made =
        allocate_neyman(sizes, in.decimals("S_h"), in.count("n"), in.count_or("min_per_stratum", 1));
    return with_variance(in, sizes, made);
}

constexpr std::string_view k_parameters = "N_h n min_per_stratum S_h";
constexpr std::array<Method, 4> k_allocation_methods{{
    {"allocate_proportional", &proportional, k_parameters},
    {"allocate_equal", &equal, "N_h n S_h"},
    {"allocate_minimum", &minimum, k_parameters},
    {"allocate_neyman", &neyman, k_parameters},
}};

}  // namespace

std::span<const Method> allocation_methods() noexcept {
    return k_allocation_methods;
}

}  // namespace duecare::sampling
