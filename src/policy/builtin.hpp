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

/// The words that the built-in policies are written in, `duecare.vocabulary/1`: event types with their
/// attributes, roles, ranks, and the question that a records system must answer to map each.
[[nodiscard]] std::string_view vocabulary_json() noexcept;

}  // namespace duecare::policy
