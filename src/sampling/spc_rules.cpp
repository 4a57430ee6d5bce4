#include <cmath>

#include "sampling/funnel.hpp"

namespace duecare::sampling {

namespace {

using Points = std::span<const std::optional<double>>;

/// The point `back` before i on one side: side is 1 or -1; a gap is nowhere, so it is below every limit.
bool beyond(Points z, std::size_t i, double side, double limit) {
    return z[i] && *z[i] * side > limit;
}

/// At least `needed` of the last `window` points, the one at i among them, lie beyond the limit on one side.
bool several(Points z, std::size_t i, std::size_t needed, std::size_t window, double limit) {
    for (const double side : {1.0, -1.0}) {
        if (!beyond(z, i, side, limit)) continue;
        std::size_t found = 0;
        for (std::size_t back = 0; back < window && back <= i && z[i - back]; ++back)
            found += beyond(z, i - back, side, limit) ? 1 : 0;
        if (found >= needed) return true;
    }
    return false;
}

/// Lengths of the patterns that end at a point.
struct Lengths {
    std::size_t side = 0;
    std::size_t trend = 0;
    std::size_t alternating = 0;
    std::size_t within = 0;
    std::size_t outside = 0;
};

int sign(double value) {
    return (value > 0) - (value < 0);
}

Lengths next(const Lengths& last, Points z, std::size_t i) {
    Lengths out;
    if (!z[i]) return out;
    const double now = *z[i];
    out.within = std::abs(now) < 1 ? last.within + 1 : 0;
    out.outside = std::abs(now) > 1 ? last.outside + 1 : 0;
    out.side = sign(now) == 0 ? 0 : 1;
    out.trend = 1;
    out.alternating = 1;
    if (i == 0 || !z[i - 1]) return out;
    if (out.side == 1 && sign(now) == sign(*z[i - 1])) out.side = last.side + 1;
    const int step = sign(now - *z[i - 1]);
    if (step == 0) return out;
    const int step_before = i >= 2 && z[i - 2] ? sign(*z[i - 1] - *z[i - 2]) : 0;
    out.trend = step == step_before ? last.trend + 1 : 2;
    out.alternating = step == -step_before ? last.alternating + 1 : 2;
    return out;
}

}  // namespace

// Nelson 1984 (Journal of Quality Technology 16:237). Limits are passed, not touched; a point on the centre
// line is on neither side.
SpcRules spc_rules(Points z) {
    SpcRules out;
    Lengths lengths;
    for (std::size_t i = 0; i < z.size(); ++i) {
        lengths = next(lengths, z, i);
        if (z[i] && std::abs(*z[i]) > 3) out.beyond_3sigma.push_back(i);
        if (lengths.side >= 9) out.nine_same_side.push_back(i);
        if (lengths.trend >= 6) out.six_trend.push_back(i);
        if (lengths.alternating >= 14) out.fourteen_alternating.push_back(i);
        if (several(z, i, 2, 3, 2)) out.two_of_three_2sigma.push_back(i);
        if (several(z, i, 4, 5, 1)) out.four_of_five_1sigma.push_back(i);
        if (lengths.within >= 15) out.fifteen_within_1sigma.push_back(i);
        if (lengths.outside >= 8) out.eight_beyond_1sigma.push_back(i);
    }
    return out;
}

}  // namespace duecare::sampling
