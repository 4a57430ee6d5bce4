// Time zones, from IANA data embedded at build time, so that no answer depends on the files of
// the machine the library runs on.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "time/instant.hpp"

namespace duecare::time {

/// A set of zones: the embedded one, or one read from a file in the same form. Immutable; safe to share.
class ZoneData {
  public:
    /// The data built into the library.
    [[nodiscard]] static std::shared_ptr<const ZoneData> embedded();
    /// Reads a bundle as written by src/time/pack_zones.py; throws Error{data} for anything else.
    [[nodiscard]] static std::shared_ptr<const ZoneData> from_bytes(std::string bytes);

    [[nodiscard]] std::string_view version() const noexcept { return version_; }  // "2026b"
    [[nodiscard]] std::vector<std::string_view> names() const;
    /// The TZif bytes of a zone, empty when there is none of that name.
    [[nodiscard]] std::string_view find(std::string_view name) const noexcept;

  private:
    struct Entry {
        std::string_view name;
        std::string_view data;
    };
    ZoneData() = default;
    void read(std::string_view bytes);

    std::string bytes_;  // empty for the embedded data
    std::string_view version_;
    std::vector<Entry> entries_;  // sorted by name
};

/// One time zone. Cheap to copy; all members are safe to call from any thread.
class Zone {
  public:
    /// Throws Error{not_found} with a near name when the data has no such zone.
    [[nodiscard]] static Zone load(std::string_view name, const std::shared_ptr<const ZoneData>& data);
    [[nodiscard]] static Zone utc();

    [[nodiscard]] const std::string& name() const noexcept;

    /// The local clock (microseconds since 1970-01-01T00:00 local) to an instant. A local time that occurs
    /// twice means the first; one that does not exist is read with the offset in force before the change.
    /// Saturates at the first and last instant.
    [[nodiscard]] Instant to_instant(std::int64_t local_micros) const noexcept;
    [[nodiscard]] std::int64_t to_local(Instant instant) const noexcept;

    [[nodiscard]] Day local_day(Instant instant) const noexcept;
    [[nodiscard]] Instant start_of_day(Day day) const noexcept;
    /// The last microsecond of the local day.
    [[nodiscard]] Instant end_of_day(Day day) const noexcept;

  private:
    struct State;
    explicit Zone(std::shared_ptr<const State> state) : state_(std::move(state)) {}
    std::shared_ptr<const State> state_;
};

}  // namespace duecare::time
