// What became of findings from one run to another.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "store/sqlite.hpp"

namespace duecare::store {

/// JSON Lines: a summary, then a line for each finding asked for.
[[nodiscard]] std::string show_life(Database& db, const boost::json::object& query);

}  // namespace duecare::store
