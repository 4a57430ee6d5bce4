// The rule by which a zone goes on after its last listed change: POSIX.1-2017, 8.3 (TZ), with hours from
// -167 to 167 as RFC 9636 extends it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "time/tzif.hpp"

namespace duecare::time {

class PosixRule {
  public:
    /// Reads "GMT0BST,M3.5.0/1,M10.5.0" and the like; nothing for anything else.
    [[nodiscard]] static std::optional<PosixRule> parse(std::string_view text);

    [[nodiscard]] bool has_summer_time() const noexcept { return has_summer_time_; }
    /// The two changes of a year, in order of time. Only with summer time.
    [[nodiscard]] std::array<OffsetChange, 2> changes_in(int year) const noexcept;

  private:
    enum class Form : std::uint8_t { month_week_day, day_without_leap_day, day_of_year };
    struct Date {
        Form form = Form::month_week_day;
        int month = 0;
        int week = 0;
        int day = 0;            // of the week (0 = Sunday) or of the year
        std::int64_t time = 0;  // seconds after local midnight
    };

    PosixRule() = default;
    [[nodiscard]] static bool read_date(std::string_view& text, Date& date);
    [[nodiscard]] static std::int64_t local_seconds(const Date& date, int year) noexcept;

    std::int64_t standard_offset_ = 0;
    std::int64_t summer_offset_ = 0;
    bool has_summer_time_ = false;
    Date begin_;
    Date end_;
};

}  // namespace duecare::time
