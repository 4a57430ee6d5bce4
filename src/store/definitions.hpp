// Whether a duty asks for the same under two policies.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace duecare::store {

/// For each duty of a policy's JSON all that its verdicts depend on: its own keys but titles and sources, and
/// the parameters, facts and calendars that it names, directly or through others. Equal text: the same duty.
[[nodiscard]] std::map<std::string, std::string> definitions_of(std::string_view policy);

/// The ids of its duties, in its order.
[[nodiscard]] std::vector<std::string> duty_ids_of(std::string_view policy);

}  // namespace duecare::store
