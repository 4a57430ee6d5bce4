// A finding of the store as JSON.
#pragma once

#include <string_view>
#include <vector>

#include "store/queries.hpp"

namespace duecare::store {

/// What append_finding reads, from `finding f` with the texts c, d, r, o and u joined.
inline constexpr std::string_view k_finding_columns =
    "f.finding, c.value, d.value, f.key, f.verdict, f.opened_at, f.due_at, f.ended_at, f.overdue, f.elapsed, "
    "f.missed, f.trigger, f.ending, f.flags, r.value, o.value, u.value";
/// Writes the fields of the row; the object is the caller's to end.
void append_finding(ObjectWriter& out, const Statement& row);

[[nodiscard]] std::vector<std::string_view> verdict_names();
[[nodiscard]] std::string_view verdict_name(std::int64_t verdict);

}  // namespace duecare::store
