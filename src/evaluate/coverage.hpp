// What an evaluation came past: which way each expression went and which `choose` cases were taken. For
// `policy test`, which says what no test reaches.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace duecare::evaluate {

struct Coverage {
    std::vector<std::array<std::uint64_t, 3>> expressions;  // by ExpressionId: false, true, unknown
    std::vector<std::vector<std::uint64_t>> choices;        // by DurationId: each case, then `otherwise`
    void add(const Coverage& other);
};

}  // namespace duecare::evaluate
