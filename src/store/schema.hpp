// The tables of a store; README.md draws them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "store/sqlite.hpp"

namespace duecare::store {

inline constexpr std::int64_t k_application_id = 0x44756543;  // "DueC"
inline constexpr std::int64_t k_schema_version = 2;

/// Rows that a run brings, chained in blocks: the table, its columns without `run` and `fit` (the check of
/// the row), and the order.
struct PartSpec {
    std::string_view name;
    std::string_view table;
    std::string_view columns;
    std::string_view order;
};
enum class Part : std::uint8_t { texts, findings, evidence, cases, corrections, tally, rejects, histories };
inline constexpr std::array<PartSpec, 8> k_parts{{
    {"texts", "text", "id,digest", "id"},
    {"findings", "finding",
     "finding,place,case_id,duty,key,verdict,opened_at,due_at,ended_at,overdue,elapsed,missed,trigger,ending,"
     "flags,reason,owner,unit,nth",
     "finding"},
    {"evidence", "evidence", "finding,events,sentence", "finding"},
    {"cases", "run_case", "case_id,record", "case_id"},
    {"corrections", "correction", "case_id,corrected,by", "case_id,corrected,by"},
    {"tally", "tally", "duty,unit,owner,verdict,n", "duty,unit,owner,verdict"},
    {"rejects", "reject", "place,source,line,case_id,pointer,reason", "place"},
    {"histories", "history", "case_id,record,digest", "case_id,record"},
}};
[[nodiscard]] inline const PartSpec& spec_of(Part part) {
    return k_parts[static_cast<std::size_t>(part)];
}

void create_schema(Database& db);
/// Brings a file of an older version to this one. Throws Error{unsupported} for a later one and Error{data}
/// for another application's.
void migrate(Database& db, bool may_write);
/// Throws Error{data} or Error{unsupported} unless this is a store that this version can read.
[[nodiscard]] std::int64_t need_store(Database& db);

}  // namespace duecare::store
