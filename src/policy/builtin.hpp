// The policies that come with the library.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "policy/policy.hpp"

namespace duecare::policy {

/// The text of the built-in policy of that id; nothing when there is none.
[[nodiscard]] std::optional<Document> builtin_document(std::string_view id);

/// The ids of all built-in policies, sorted.
[[nodiscard]] std::vector<std::string_view> builtin_ids();

}  // namespace duecare::policy
