// Instants and civil dates. Everything is proleptic Gregorian, years 0001 to 9999; no time zone is needed
// here, and none is assumed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace duecare::time {

/// Microseconds since 1970-01-01T00:00:00Z.
using Instant = std::int64_t;
/// Days since 1970-01-01, of a local calendar.
using Day = std::int32_t;

inline constexpr std::int64_t k_micros_per_second = 1'000'000;
inline constexpr std::int64_t k_micros_per_minute = 60 * k_micros_per_second;
inline constexpr std::int64_t k_micros_per_hour = 60 * k_micros_per_minute;
inline constexpr std::int64_t k_micros_per_day = 24 * k_micros_per_hour;
inline constexpr Instant k_first_instant = -62'135'596'800 * k_micros_per_second;     // 0001-01-01T00:00:00Z
inline constexpr Instant k_last_instant = 253'402'300'800 * k_micros_per_second - 1;  // 9999-12-31, last µs
inline constexpr Day k_first_day = -719'162;                                          // 0001-01-01
inline constexpr Day k_last_day = 2'932'896;                                          // 9999-12-31

struct CivilDate {
    int year = 1970;
    int month = 1;  // 1 to 12
    int day = 1;    // 1 to 31
    friend bool operator==(const CivilDate&, const CivilDate&) = default;
};

[[nodiscard]] int days_in_month(int year, int month) noexcept;
[[nodiscard]] bool is_valid(const CivilDate& date) noexcept;  // years 1 to 9999
[[nodiscard]] Day day_of(const CivilDate& date) noexcept;
[[nodiscard]] CivilDate civil_of(Day day) noexcept;
/// 0 = Monday … 6 = Sunday.
[[nodiscard]] int weekday_of(Day day) noexcept;

/// How a written instant is to be read (records.md, "Instants").
enum class Precision : std::uint8_t {
    exact = 0,  ///< RFC 3339 with an offset: `micros` is an Instant
    local = 1,  ///< no offset: `micros` counts the local clock since 1970-01-01T00:00:00 local
    day = 2,    ///< a date alone: `micros` is local midnight on the same count
};

struct Stamp {
    std::int64_t micros = 0;
    Precision precision = Precision::exact;
    friend bool operator==(const Stamp&, const Stamp&) = default;
};

/// Reads `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM:SS[.f…]` and the same with `Z` or `±HH:MM`.
/// Digits past the microsecond are dropped; `:60` is the following second. Lower-case `t`, `z` and a space
/// for `T` are accepted as RFC 3339 allows. Nothing for text that is no instant, an impossible date or a
/// year outside 0001–9999; `why`, if given, then says what is wrong in a few words.
[[nodiscard]] std::optional<Stamp> parse_stamp(std::string_view text, const char** why = nullptr) noexcept;

/// Reads `YYYY-MM-DD`.
[[nodiscard]] std::optional<Day> parse_date(std::string_view text) noexcept;

/// A date known to the day, to the month (`day` 0) or to the year (`month` and `day` 0).
struct PartialDate {
    std::int16_t year = 0;  // 0: not known at all
    std::int8_t month = 0;
    std::int8_t day = 0;
    friend bool operator==(const PartialDate&, const PartialDate&) = default;
};
/// Reads `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
[[nodiscard]] std::optional<PartialDate> parse_partial_date(std::string_view text) noexcept;

/// Completed years at `on` of somebody born at `born`: the least and the greatest possible. A birthday on
/// 29 February falls on 1 March in other years. Negative before birth.
struct AgeRange {
    int youngest = 0;
    int oldest = 0;
};
[[nodiscard]] AgeRange age_at(const PartialDate& born, Day on) noexcept;

/// `YYYY-MM-DDTHH:MM:SSZ`, with six decimals only where the microseconds are not zero.
void append_instant(std::string& out, Instant instant);
[[nodiscard]] std::string format_instant(Instant instant);
/// `YYYY-MM-DD`.
[[nodiscard]] std::string format_date(Day day);

}  // namespace duecare::time
