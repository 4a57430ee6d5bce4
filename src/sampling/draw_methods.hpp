// The draws as methods by name: JSON in, JSON out. What a golden table or a spreadsheet calls; programs use
// Frame, Plan and Sample.
#pragma once

#include <boost/json.hpp>
#include <span>
#include <string_view>

namespace duecare::sampling {

struct DrawMethod {
    std::string_view name;
    /// @throws Error{invalid_argument} with the pointer of the parameter.
    boost::json::object (*call)(const boost::json::object& inputs);
};

/// ticket_draw (with its `op`), rivest_sampler, systematic_select, pps_systematic_select,
/// inclusion_probabilities, pps_systematic_joint, sampford_joint.
[[nodiscard]] std::span<const DrawMethod> draw_methods() noexcept;

}  // namespace duecare::sampling
