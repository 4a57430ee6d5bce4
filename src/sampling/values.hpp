// What the statistics read and write beside Inputs: labels, shares, values that may be undefined.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sampling/inputs.hpp"

namespace duecare::sampling {

/// Nothing where a value is undefined; the result says why in its `reason`.
using Maybe = std::optional<double>;

/// A label: a text, or a number (1 is "1", as 1.0 is) or true/false as text; empty for null.
[[nodiscard]] std::string label(const Inputs& in, std::string_view key, const boost::json::value& value);
[[nodiscard]] std::vector<std::string> labels(const Inputs& in, std::string_view key);

/// A number from 0 to 1.
[[nodiscard]] double share(const Inputs& in, std::string_view key);
/// Numbers strictly between 0 and 1.
[[nodiscard]] std::vector<double> open_shares(const Inputs& in, std::string_view key);
/// A count from 0 on, or several of them.
[[nodiscard]] std::vector<double> counts_of(const Inputs& in, std::string_view key);
/// @throws Error{invalid_argument} unless each x is from 0 to its n and both are equally many.
void check_counts(const Inputs& in, const std::vector<double>& x, const std::vector<double>& n);

[[nodiscard]] boost::json::value to_json(const Maybe& value);
[[nodiscard]] boost::json::array to_json(const std::vector<double>& values);
[[nodiscard]] boost::json::array to_json(const std::vector<Maybe>& values);
[[nodiscard]] boost::json::array to_json(const std::vector<std::size_t>& positions);

}  // namespace duecare::sampling
