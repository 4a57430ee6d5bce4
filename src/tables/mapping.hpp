// What stands in which column of a host's tables, and which of our words its codes mean: the document
// `duecare.mapping/1`, parsed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "time/zone.hpp"

namespace duecare::tables {

/// Where one field of a record comes from.
struct Source {
    enum class As : std::uint8_t { as_is, text, integer, number, boolean };
    enum class Unmapped : std::uint8_t { keep, drop, reject };

    std::string column;                   // empty: not given, or a constant
    std::optional<std::string> constant;  // the same for every row
    std::string time_column;              // the time of day, when the column has the date alone
    std::vector<std::string> formats;     // of dates in text, tried in turn; none: RFC 3339
    std::vector<std::string> time_formats;
    std::map<std::string, std::string, std::less<>> values;  // code to word
    Unmapped unmapped = Unmapped::keep;                      // a code that `values` does not have
    bool ignore_case = false;                                // of codes
    std::string separator;                                   // of a list in text
    As as = As::as_is;
    char decimal_mark = '.';
    std::vector<std::string> yes;
    std::vector<std::string> no;
    std::int64_t per_second = 0;  // of numbers that are instants; 0: they are none
    std::string pointer;          // into the mapping, for messages

    [[nodiscard]] bool is_given() const noexcept { return !column.empty() || constant.has_value(); }
};

struct AttributeSource {
    std::vector<std::string> path;  // keys, outermost first
    Source source;
};

struct EventSource {
    Source type;
    Source occurred;
    Source recorded;
    Source actor;
    Source rank;
    Source unit;
    Source accreditations;
    Source subjects;
    Source id;
    Source replaces;
    Source withdrawn;
    std::vector<AttributeSource> attributes;
};

enum class Role : std::uint8_t { events, cases, persons, staff };

/// What the rows of one table say.
struct Section {
    Role role = Role::events;
    std::string table;  // empty: any
    Source case_id;
    EventSource event;                // of a row of events
    std::vector<EventSource> events;  // of a row of cases: columns turned into events
    Source id;                        // of a person or a member of staff
    Source kind;
    Source born;
    Source roles;
    Source from;
    Source until;
    Source rank;
    Source unit;
    Source accreditations;
    std::vector<AttributeSource> attributes;  // of a case or a person
    bool is_shared = false;                   // other sections read the same table
    bool others_are_attributes = false;       // columns that nothing names
};

struct Mapping {
    std::optional<time::Zone> zone;        // that times without offset are in; nothing: the policy's
    std::vector<std::string> null_values;  // text that means no value
    /// Blanks around text mean nothing: databases and exports pad columns of fixed width.
    bool trims = false;
    std::vector<Section> sections;
};

/// Columns that are called as the fields of records.md, one table for each role.
[[nodiscard]] Mapping plain_mapping();
/// Throws Error{data} with the JSON pointer of what is wrong.
[[nodiscard]] Mapping parse_mapping(std::string_view json);

}  // namespace duecare::tables
