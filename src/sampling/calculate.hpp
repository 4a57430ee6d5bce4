// Every method of drawing and estimating by its name: JSON in, JSON out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace duecare::sampling {

/// @param inputs  a JSON object of parameters. Decimals are taken as they are written; texts may have an
///                exponent or be a quotient ("1/3").
/// @return a JSON object of results; what is not defined is null, with a `reason`.
/// @throws Error{not_found} for a name that there is none of; Error{invalid_argument} with the pointer of a
///         parameter.
[[nodiscard]] std::string calculate(std::string_view method, std::string_view inputs);

/// The names, sorted.
[[nodiscard]] std::vector<std::string_view> method_names();

/// {"name", "parameters": [...]} of a method, by index in the order of the names. Parameters are empty where
/// they depend on one of them, such as the `op` of ticket_draw.
/// @throws Error{not_found} past the end.
[[nodiscard]] std::string describe_method(std::size_t index);

}  // namespace duecare::sampling
