// Durations, calendars and due(t, D): the arithmetic of every verdict (evaluation.md, "Deadlines").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "time/instant.hpp"
#include "time/zone.hpp"

namespace duecare::time {

/// Days that count as a "NAME day". `opens` lies before `closes`.
struct Calendar {
    std::string name;
    std::uint8_t weekdays = 0;  // bit 0 Monday … bit 6 Sunday
    std::vector<Day> closed;    // sorted, unique
    std::optional<Day> covers_from;
    std::optional<Day> covers_until;         // exclusive
    std::int64_t opens = 0;                  // µs after local midnight
    std::int64_t closes = k_micros_per_day;  // µs after local midnight; 24:00 is the whole day

    [[nodiscard]] bool covers(Day day) const noexcept;
    [[nodiscard]] bool counts(Day day) const noexcept;  // meaningful where covers(day)
};

enum class Unit : std::uint8_t {
    minutes,
    hours,
    days,
    weeks,
    months,
    years,
    days_inclusive,
    weeks_inclusive,
    months_inclusive,
    years_inclusive,
    whole_days,
    whole_weeks,
    whole_months,
    whole_years,
    calendar_days,
    calendar_hours,
    start_of_next,  // of `calendar`
    practicable,    // "as soon as practicable": no deadline
};

/// The greatest N of a duration, and of one that a calendar counts.
inline constexpr std::int64_t k_max_count = 999'999'999;
inline constexpr std::int64_t k_max_calendar_count = 100'000;

struct Duration {
    Unit unit = Unit::practicable;
    std::int64_t count = 0;
    std::uint16_t calendar = 0;  // index into the calendars handed to due()
    friend bool operator==(const Duration&, const Duration&) = default;
};

/// Reads "N unit" and the other forms of a duration ("3 days inclusive", "14 whole days", "15 NAME days",
/// "8 NAME hours", "start of next NAME day", "as soon as practicable"). N is at least 1 for a calendar and
/// for an inclusive period, whose first day is the day of opening; else it may be 0. Throws
/// Error{invalid_argument} whose message says what was expected, with a near name for a misspelt unit or
/// calendar.
[[nodiscard]] Duration parse_duration(std::string_view text, std::span<const Calendar> calendars);

/// The text of a duration as a person would write it ("15 working days", "3 days inclusive").
[[nodiscard]] std::string describe(const Duration& duration, std::span<const Calendar> calendars);

/// A half-open interval of instants.
struct Interval {
    Instant begin = 0;
    Instant end = 0;
};

struct Due {
    Instant at = 0;
    /// Index of a calendar that had to be asked about a date it does not cover; `at` then means nothing.
    std::optional<std::uint16_t> uncovered;
};

/// What the deadlines of one policy are reckoned in.
struct Reckoning {
    Zone zone = Zone::utc();
    std::vector<Calendar> calendars;
};

/// When the duration has run out, counted from `from`, with the clock standing still in `pauses` (sorted,
/// disjoint). `duration` is not `practicable`. Saturates at the last instant.
[[nodiscard]] Due due(Instant from, const Duration& duration, const Reckoning& reckoning,
                      std::span<const Interval> pauses = {});

/// The same where `previous` is itself a deadline that a period follows (missed_periods, the grid of a
/// schedule): an inclusive period that follows the end of a day begins with the next day.
[[nodiscard]] Due due_after(Instant previous, const Duration& duration, const Reckoning& reckoning,
                            std::span<const Interval> pauses = {});

/// The same shift backwards (`before`, `or_before`, `count.within`): minutes to years only.
[[nodiscard]] Instant look_back(Instant from, const Duration& duration, const Reckoning& reckoning);

}  // namespace duecare::time
