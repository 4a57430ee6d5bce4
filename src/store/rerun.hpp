// Whether a result is the run that was stored.
#pragma once

#include <cstdint>
#include <string>

#include "evaluate/audit.hpp"
#include "store/names.hpp"
#include "store/sqlite.hpp"

namespace duecare::store {

/// JSON: what agrees, and the first 100 fields of findings that do not.
[[nodiscard]] std::string compare_with_run(Database& db, const Names& names, std::int64_t run,
                                           const evaluate::Result& result);

}  // namespace duecare::store
