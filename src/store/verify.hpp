// Recomputing every digest of a store, and naming what does not fit.
#pragma once

#include <string>
#include <string_view>

#include "store/sqlite.hpp"

namespace duecare::store {

/// JSON: {"ok", "head", "links", "rows", "faults"}. `expected_head` may be empty.
[[nodiscard]] std::string verify_store(Database& db, std::string_view expected_head);

}  // namespace duecare::store
