#include "sampling/allocation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "sampling/inputs.hpp"

namespace duecare::sampling {

namespace {

using Ratio = boost::multiprecision::cpp_rational;

std::uint64_t sum(Counts numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), std::uint64_t{0});
}

void check(Counts sizes, std::uint64_t n) {
    if (n <= sum(sizes)) return;
    Inputs::refuse("n", "n is " + std::to_string(n) + ", but there are only " + std::to_string(sum(sizes)) +
                            " units in all strata.");
}

void check_floors(Counts sizes, std::uint64_t n, std::uint64_t floor) {
    std::uint64_t least = 0;
    for (const std::uint64_t size : sizes) least += std::min(size, floor);
    if (n >= least) return;
    Inputs::refuse("n", "n is " + std::to_string(n) + ", but the least numbers of all strata add up to " +
                            std::to_string(least) + ".");
}

/// Whole numbers with the sum of the quotas: all rounded down, then one more for the largest remainders.
Allocation by_largest_remainder(Counts sizes, const std::vector<Ratio>& quotas, std::uint64_t n) {
    Allocation out;
    std::vector<Ratio> remainders;
    for (const Ratio& quota : quotas) {
        const Integer whole = numerator(quota) / denominator(quota);
        out.n_h.push_back(whole.convert_to<std::uint64_t>());
        out.quotas.push_back(quota.convert_to<double>());
        remainders.push_back(quota - Ratio(whole));
    }
    std::vector<std::size_t> order(sizes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (remainders[a] != remainders[b]) return remainders[a] > remainders[b];
        return sizes[a] > sizes[b];
    });
    std::uint64_t left = n - sum(out.n_h);
    for (std::size_t i = 0; i < order.size() && left > 0; ++i, --left) ++out.n_h[order[i]];
    return out;
}

}  // namespace

Allocation allocate_proportional(Counts sizes, std::uint64_t n) {
    return allocate_minimum(sizes, n, 0);
}

Allocation allocate_minimum(Counts sizes, std::uint64_t n, std::uint64_t floor) {
    check(sizes, n);
    check_floors(sizes, n, floor);
    std::vector<Ratio> quotas(sizes.size());
    std::vector<bool> fixed(sizes.size(), false);
    for (bool changed = true; changed;) {
        changed = false;
        std::uint64_t units = 0;
        std::uint64_t left = n;
        for (std::size_t h = 0; h < sizes.size(); ++h) {
            if (fixed[h]) left -= std::min(floor, sizes[h]);
            if (!fixed[h]) units += sizes[h];
        }
        for (std::size_t h = 0; h < sizes.size(); ++h)
            if (!fixed[h] && units > 0) quotas[h] = Ratio(Integer(left) * sizes[h], Integer(units));
        for (std::size_t h = 0; h < sizes.size(); ++h) {
            const std::uint64_t least = std::min(floor, sizes[h]);
            if (fixed[h] || quotas[h] >= Ratio(least)) continue;
            fixed[h] = changed = true;
            quotas[h] = Ratio(least);
        }
    }
    return by_largest_remainder(sizes, quotas, n);
}

Allocation allocate_equal(Counts sizes, std::uint64_t n) {
    check(sizes, n);
    std::vector<Ratio> quotas(sizes.size());
    std::vector<bool> whole(sizes.size(), false);
    std::uint64_t left = n;
    auto open = static_cast<std::uint64_t>(
        std::count_if(sizes.begin(), sizes.end(), [](std::uint64_t size) { return size > 0; }));
    for (std::size_t h = 0; h < sizes.size(); ++h) whole[h] = sizes[h] == 0;
    for (bool changed = true; changed && open > 0;) {
        changed = false;
        const Ratio share{Integer(left), Integer(open)};
        for (std::size_t h = 0; h < sizes.size(); ++h) {
            if (whole[h]) continue;
            quotas[h] = std::min(share, Ratio(sizes[h]));
            if (Ratio(sizes[h]) >= share) continue;
            whole[h] = changed = true;
        }
        if (!changed) break;
        left = n;
        open = 0;
        for (std::size_t h = 0; h < sizes.size(); ++h) {
            if (whole[h]) left -= sizes[h];
            if (!whole[h]) ++open;
        }
    }
    // The quotas of all that are not whole are equal: the order of their sizes decides who gets one more.
    return by_largest_remainder(sizes, quotas, n);
}

namespace {

/// q_h = n N_h S_h / sum N_h S_h; a stratum beyond its size is taken whole and the rest shared again
/// (Cochran 5.8).
std::vector<double> neyman_quotas(Counts sizes, const std::vector<Ratio>& weights, std::uint64_t n) {
    std::vector<Ratio> quotas(sizes.size());
    std::vector<bool> whole(sizes.size(), false);
    for (bool changed = true; changed;) {
        changed = false;
        Ratio total = 0;
        Integer left = n;
        for (std::size_t h = 0; h < sizes.size(); ++h) {
            if (whole[h]) left -= sizes[h];
            if (!whole[h]) total += weights[h];
        }
        for (std::size_t h = 0; h < sizes.size(); ++h)
            if (!whole[h] && total > 0) quotas[h] = Ratio(left) * weights[h] / total;
        for (std::size_t h = 0; h < sizes.size(); ++h) {
            if (whole[h] || quotas[h] <= Ratio(sizes[h])) continue;
            whole[h] = changed = true;
            quotas[h] = Ratio(sizes[h]);
        }
    }
    std::vector<double> out;
    for (const Ratio& quota : quotas) out.push_back(quota.convert_to<double>());
    return out;
}

}  // namespace

Allocation allocate_neyman(Counts sizes, const std::vector<Fraction>& deviations, std::uint64_t n,
                           std::uint64_t floor) {
    check(sizes, n);
    check_floors(sizes, n, floor);
    std::vector<Ratio> weights;
    for (std::size_t h = 0; h < sizes.size(); ++h)
        weights.push_back(Ratio(deviations[h].num, deviations[h].den) * Ratio(sizes[h]));
    Allocation out;
    out.quotas = neyman_quotas(sizes, weights, n);
    for (const std::uint64_t size : sizes) out.n_h.push_back(std::min(size, floor));
    // Squared priorities order as the priorities do, and are exact.
    const auto priority = [&](std::size_t h) {
        const std::uint64_t k = out.n_h[h];
        return Ratio(weights[h] * weights[h] / Ratio(Integer(k) * (k + 1)));
    };
    std::vector<Ratio> priorities(sizes.size());
    for (std::size_t h = 0; h < sizes.size(); ++h)
        if (out.n_h[h] > 0) priorities[h] = priority(h);
    for (std::uint64_t left = n - sum(out.n_h); left > 0; --left) {
        std::size_t best = sizes.size();
        const auto is_better = [&](std::size_t h) {
            if (best == sizes.size()) return true;
            // A stratum without a unit comes first: with 0 drawn from it nothing is known of it.
            const bool none = out.n_h[h] == 0 && weights[h] > 0;
            const bool best_none = out.n_h[best] == 0 && weights[best] > 0;
            if (none != best_none) return none;
            if (none) return weights[h] > weights[best];
            return priorities[h] > priorities[best] ||
                   (priorities[h] == priorities[best] && sizes[h] > sizes[best]);
        };
        for (std::size_t h = 0; h < sizes.size(); ++h)
            if (out.n_h[h] < sizes[h] && is_better(h)) best = h;
        ++out.n_h[best];
        priorities[best] = priority(best);
    }
    return out;
}

double variance_of_mean(Counts sizes, std::span<const double> deviations, Counts n_h) {
    const auto total = static_cast<double>(sum(sizes));
    double out = 0;
    for (std::size_t h = 0; h < sizes.size(); ++h) {
        if (sizes[h] == n_h[h] || deviations[h] == 0) continue;
        if (n_h[h] == 0) return std::numeric_limits<double>::quiet_NaN();
        const auto size = static_cast<double>(sizes[h]);
        const auto drawn = static_cast<double>(n_h[h]);
        out += std::pow(size / total * deviations[h], 2) * (1 - drawn / size) / drawn;
    }
    return out;
}

}  // namespace duecare::sampling
