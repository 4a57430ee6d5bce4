#include "policy/builtin.hpp"

namespace duecare::policy {

std::optional<Document> builtin_document(std::string_view) { return std::nullopt; }
std::vector<std::string_view> builtin_ids() { return {}; }

}  // namespace duecare::policy
