// Results of a method, as JSON.
#pragma once

#include <boost/json.hpp>
#include <cmath>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace duecare::sampling {

/// NaN is what is not defined: null.
[[nodiscard]] inline boost::json::value number(double value) {
    return std::isfinite(value) ? boost::json::value(value) : boost::json::value(nullptr);
}

template <typename Number>
[[nodiscard]] boost::json::array numbers(const std::vector<Number>& values) {
    boost::json::array out;
    for (const Number value : values) {
        if constexpr (std::is_floating_point_v<Number>) {
            out.push_back(number(value));
        } else {
            out.emplace_back(static_cast<std::int64_t>(value));
        }
    }
    return out;
}

[[nodiscard]] inline boost::json::array texts(const std::vector<std::string>& values) {
    boost::json::array out;
    for (const std::string& value : values) out.emplace_back(value);
    return out;
}

/// "reason" if there is one.
inline void add_reason(boost::json::object& out, std::string_view reason) {
    if (!reason.empty()) out["reason"] = reason;
}

}  // namespace duecare::sampling
