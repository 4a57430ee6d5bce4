// Recomputing every digest of a store, and naming what does not fit.
#pragma once

#include <string>

#include "store/sqlite.hpp"
#include "store/verify_signatures.hpp"

namespace duecare::store {

/// JSON: {"ok", "head", "links", "rows", "signatures", "signed", "unsigned", "faults"}.
[[nodiscard]] std::string verify_store(Database& db, const VerifyRequest& request);

}  // namespace duecare::store
