// What is left of a damaged file.
#pragma once

#include <string>

#include "store/sqlite.hpp"

namespace duecare::store {

/// From here on the connection, which only reads, takes the file as it is, whatever its first page says of
/// its length. False where not even its tables can be told, or it is no store.
[[nodiscard]] bool read_past_damage(Database& db);
/// In the form of verify_store: what SQLite's own check says, and which rows can still be read.
[[nodiscard]] std::string verify_damaged(Database& db);

}  // namespace duecare::store
