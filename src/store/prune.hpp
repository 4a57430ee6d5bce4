// Retention: what need not be kept goes, its digests stay.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "store/names.hpp"
#include "store/sqlite.hpp"

namespace duecare::store {

/// What a record of pruning says was removed.
struct Pruned {
    std::set<std::int64_t> runs;
    std::set<std::string> parts;
    std::set<std::int64_t> records;
};
[[nodiscard]] Pruned pruned_of(std::string_view body);

/// Removes within the caller's transaction; returns the JSON for the caller.
[[nodiscard]] std::string prune_store(Database& db, const Names& names, std::string_view json);

}  // namespace duecare::store
