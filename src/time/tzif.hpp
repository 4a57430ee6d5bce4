// Reading compiled time zones (TZif, RFC 8536 and its revision RFC 9636).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace duecare::time {

/// From `at` on (seconds since 1970-01-01T00:00:00Z) the local clock is `offset` seconds ahead of UTC.
struct OffsetChange {
    std::int64_t at = 0;
    std::int64_t offset = 0;
};

/// All offsets of a zone.
struct OffsetHistory {
    std::int64_t first_offset = 0;      // before the first change
    std::vector<OffsetChange> changes;  // in order of time, each to another offset than before
    /// The changes go on for ever as they did in the 400 years up to the last one listed.
    bool repeats = false;
};

/// Nothing for bytes that are no TZif file of version 2 or later, or that count leap seconds.
[[nodiscard]] std::optional<OffsetHistory> read_tzif(std::string_view bytes);

}  // namespace duecare::time
