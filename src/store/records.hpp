// Records of work: decisions, actions, manifests, reviews. Each is one JSON object, canonical, never changed.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/names.hpp"
#include "store/sqlite.hpp"

namespace duecare::store {

/// "decision", "action", ...
[[nodiscard]] std::vector<std::string_view> record_kinds();
/// "accepted", "disputed", "explained", "false_alarm"
[[nodiscard]] std::vector<std::string_view> decision_verdicts();

/// What a record is about, of which the latest counts, and when it was made.
struct Derived {
    std::string subject;
    std::int64_t at = 0;
};
/// From the body alone, so that it can be derived again.
[[nodiscard]] Derived derive(std::string_view kind, std::string_view body);

/// Checks the fields of a record; returns its body as it is kept. Throws Error{invalid_argument} with a
/// pointer, Error{not_found} for what it refers to.
[[nodiscard]] std::string body_of(Database& db, const Names& names, std::string_view kind,
                                  std::string_view json);

/// A record of the store, and the head that goes with it.
struct Put {
    std::int64_t id = 0;
    std::string head;
    bool is_new = true;
};
/// Puts a record and its link within the caller's transaction. Where the latest of its subject says the
/// very same, `at` included, nothing is written: an answer that was lost can be asked for again.
Put put_record(Database& db, std::string_view kind, std::string_view body);

}  // namespace duecare::store
