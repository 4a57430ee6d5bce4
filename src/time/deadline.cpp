#include "time/deadline.hpp"

#include <algorithm>

namespace duecare::time {

namespace {

// More days than there are between the first and the last: further on everything saturates.
constexpr std::int64_t k_all_days = 4'000'000;

Day shift_days(Day day, std::int64_t days) noexcept {
    return day + static_cast<Day>(std::clamp(days, -k_all_days, k_all_days));
}

struct Shifted {
    Day day = 0;
    bool is_short = false;  // the month has no such day; `day` is its last
};

/// The same day of the month, or its last day; before year 1 and after 9999 a day outside that range.
Shifted shift_months(Day day, std::int64_t months) noexcept {
    CivilDate date = civil_of(day);
    const std::int64_t month = std::int64_t{date.year} * 12 + (date.month - 1) + months;
    if (month < 12) return {k_first_day - 2, false};
    if (month >= 12 * 10'000) return {k_last_day + 2, false};
    date.year = static_cast<int>(month / 12);
    date.month = static_cast<int>(month % 12) + 1;
    const int last = days_in_month(date.year, date.month);
    const bool is_short = date.day > last;
    date.day = std::min(date.day, last);
    return {day_of(date), is_short};
}

/// Minutes to years, forwards or, with a negative count, backwards.
Instant shift(Instant from, Unit unit, std::int64_t count, const Zone& zone) noexcept {
    // Without this 0 days from the second of two equal local times would be the first of them.
    if (count == 0) return from;
    if (unit == Unit::minutes || unit == Unit::hours) {
        const std::int64_t size = unit == Unit::minutes ? k_micros_per_minute : k_micros_per_hour;
        return std::clamp(from + count * size, k_first_instant, k_last_instant);
    }
    const Day day = zone.local_day(from);
    const std::int64_t clock = zone.to_local(from) - day * k_micros_per_day;
    Day then = 0;
    switch (unit) {
        case Unit::days:
            then = shift_days(day, count);
            break;
        case Unit::weeks:
            then = shift_days(day, 7 * count);
            break;
        case Unit::months:
            then = shift_months(day, count).day;
            break;
        default:
            then = shift_months(day, 12 * count).day;
            break;
    }
    return zone.to_instant(then * k_micros_per_day + clock);
}

Day inclusive_months_end(Day first, std::int64_t months) noexcept {
    const Shifted then = shift_months(first, months);
    return then.is_short ? then.day : then.day - 1;
}

/// `due` without pauses, for every unit that no calendar counts.
Instant due_unpaused(Instant from, Unit unit, std::int64_t count, const Zone& zone) noexcept {
    if (unit <= Unit::years) return shift(from, unit, count, zone);
    const Day day = zone.local_day(from);
    switch (unit) {
        case Unit::days_inclusive:
            return zone.end_of_day(shift_days(day, count - 1));
        case Unit::weeks_inclusive:
            return zone.end_of_day(shift_days(day, 7 * count - 1));
        case Unit::months_inclusive:
            return zone.end_of_day(inclusive_months_end(day, count));
        case Unit::years_inclusive:
            return zone.end_of_day(inclusive_months_end(day, 12 * count));
        case Unit::whole_days:
            return zone.end_of_day(shift_days(day, count));
        case Unit::whole_weeks:
            return zone.end_of_day(shift_days(day, 7 * count));
        case Unit::whole_months:
            return zone.end_of_day(shift_months(day, count).day);
        case Unit::whole_years:
            return zone.end_of_day(shift_months(day, 12 * count).day);
        default:
            return k_last_instant;
    }
}

/// Moves `at` on by the paused time since `from`. A pause that begins before the deadline, wherever that
/// has moved to by then, moves it by all that remains of the pause; one that begins at it moves nothing.
Instant move_by_pauses(Instant from, Instant at, std::span<const Interval> pauses) noexcept {
    for (const Interval& pause : pauses) {
        const Instant begin = std::max(pause.begin, from);
        if (begin >= at) break;
        if (pause.end > begin) at += std::min(pause.end - begin, k_last_instant - at);
    }
    return at;
}

/// Goes through the days of a calendar that count, one by one.
class DayWalk {
  public:
    enum class Found : std::uint8_t { day, uncovered, none };

    DayWalk(const Calendar& calendar, Day after) noexcept
        : calendar_(calendar),
          day_(after),
          weekday_(static_cast<unsigned>(weekday_of(after))),
          closed_(std::upper_bound(calendar.closed.begin(), calendar.closed.end(), after)) {}

    [[nodiscard]] Day day() const noexcept { return day_; }

    /// On to the next day that counts, looking at every date up to it; `none` after the last date of all.
    [[nodiscard]] Found next() noexcept {
        for (++day_; day_ <= k_last_day; ++day_) {
            weekday_ = weekday_ == 6 ? 0 : weekday_ + 1;
            if (!calendar_.covers(day_)) return Found::uncovered;
            // Nothing can be found; only where the search ends is left to say.
            if ((calendar_.weekdays & k_week) == 0) {
                return calendar_.covers_until && *calendar_.covers_until <= k_last_day ? Found::uncovered
                                                                                       : Found::none;
            }
            if ((calendar_.weekdays >> weekday_ & 1U) == 0) continue;
            while (closed_ != calendar_.closed.end() && *closed_ < day_) ++closed_;
            if (closed_ == calendar_.closed.end() || *closed_ != day_) return Found::day;
        }
        return Found::none;
    }

  private:
    static constexpr unsigned k_week = 0x7f;

    const Calendar& calendar_;
    Day day_;
    unsigned weekday_;  // of day_
    std::vector<Day>::const_iterator closed_;
};

bool is_whole_day(const Calendar& calendar) noexcept {
    return calendar.closes >= k_micros_per_day;
}

/// `closes` as a deadline: the last instant that is in time.
Instant closing(const Calendar& calendar, Day day, const Zone& zone) noexcept {
    return is_whole_day(calendar) ? zone.end_of_day(day)
                                  : zone.to_instant(day * k_micros_per_day + calendar.closes);
}

Due ended_without(DayWalk::Found found, std::uint16_t calendar) noexcept {
    if (found == DayWalk::Found::uncovered) return {0, calendar};
    return {k_last_instant, std::nullopt};
}

Due due_calendar_days(Instant from, const Duration& duration, const Reckoning& reckoning,
                      std::span<const Interval> pauses) noexcept {
    const Calendar& calendar = reckoning.calendars[duration.calendar];
    const Zone& zone = reckoning.zone;
    DayWalk walk(calendar, zone.local_day(from));
    auto pause = pauses.begin();
    for (std::int64_t left = duration.count; left > 0;) {
        if (const auto found = walk.next(); found != DayWalk::Found::day) {
            return ended_without(found, duration.calendar);
        }
        if (pauses.empty()) {
            --left;
            continue;
        }
        const Instant closes = closing(calendar, walk.day(), zone);
        while (pause != pauses.end() && pause->end <= closes) ++pause;
        if (pause == pauses.end() || closes < pause->begin) --left;
    }
    return {closing(calendar, walk.day(), zone), std::nullopt};
}

/// Lets `left` run down inside [begin, end) outside the pauses; the instant at which it has, if it does.
std::optional<Instant> run_down(Instant begin, Instant end, std::int64_t& left,
                                std::span<const Interval> pauses) noexcept {
    for (const Interval& pause : pauses) {
        if (pause.end <= begin) continue;
        if (pause.begin >= end) break;
        const std::int64_t running = std::max<std::int64_t>(pause.begin - begin, 0);
        if (running >= left) return begin + left;
        left -= running;
        begin = pause.end;
    }
    const std::int64_t running = std::max<std::int64_t>(end - begin, 0);
    if (running >= left) return begin + left;
    left -= running;
    return std::nullopt;
}

Due due_calendar_hours(Instant from, const Duration& duration, const Reckoning& reckoning,
                       std::span<const Interval> pauses) noexcept {
    const Calendar& calendar = reckoning.calendars[duration.calendar];
    const Zone& zone = reckoning.zone;
    const Day today = zone.local_day(from);
    // Once the day's hours are over it need not be looked at.
    const bool is_over = !is_whole_day(calendar) && from >= closing(calendar, today, zone);
    DayWalk walk(calendar, is_over ? today : today - 1);
    std::int64_t left = duration.count * k_micros_per_hour;
    for (;;) {
        if (const auto found = walk.next(); found != DayWalk::Found::day) {
            return ended_without(found, duration.calendar);
        }
        const Instant opens = zone.to_instant(walk.day() * k_micros_per_day + calendar.opens);
        const Instant closes = closing(calendar, walk.day(), zone);
        const Instant end = is_whole_day(calendar) ? closes + 1 : closes;
        while (!pauses.empty() && pauses.front().end <= opens) pauses = pauses.subspan(1);
        const auto at = run_down(std::max(from, opens), end, left, pauses);
        if (at) return {*at, std::nullopt};  // also where the last hour ends at 24:00: hours run out exactly
    }
}

Due due_start_of_next(Instant from, const Duration& duration, const Reckoning& reckoning) noexcept {
    const Calendar& calendar = reckoning.calendars[duration.calendar];
    DayWalk walk(calendar, reckoning.zone.local_day(from));
    const auto found = walk.next();
    if (found != DayWalk::Found::day) return ended_without(found, duration.calendar);
    return {reckoning.zone.to_instant(walk.day() * k_micros_per_day + calendar.opens), std::nullopt};
}

}  // namespace

bool Calendar::covers(Day day) const noexcept {
    return (!covers_from || day >= *covers_from) && (!covers_until || day < *covers_until);
}

bool Calendar::counts(Day day) const noexcept {
    return (weekdays >> static_cast<unsigned>(weekday_of(day)) & 1U) != 0 &&
           !std::binary_search(closed.begin(), closed.end(), day);
}

Due due(Instant from, const Duration& duration, const Reckoning& reckoning,
        std::span<const Interval> pauses) {
    switch (duration.unit) {
        case Unit::calendar_days:
            return due_calendar_days(from, duration, reckoning, pauses);
        case Unit::calendar_hours:
            return due_calendar_hours(from, duration, reckoning, pauses);
        case Unit::start_of_next:
            return due_start_of_next(from, duration, reckoning);
        default:
            break;
    }
    const Instant at =
        due_unpaused(from, duration.unit, std::min(duration.count, k_max_count), reckoning.zone);
    return {move_by_pauses(from, at, pauses), std::nullopt};
}

Due due_after(Instant previous, const Duration& duration, const Reckoning& reckoning,
              std::span<const Interval> pauses) {
    const bool inclusive = duration.unit >= Unit::days_inclusive && duration.unit <= Unit::years_inclusive;
    const bool ends_day = inclusive && previous < k_last_instant &&
                          previous == reckoning.zone.end_of_day(reckoning.zone.local_day(previous));
    return due(ends_day ? previous + 1 : previous, duration, reckoning, pauses);
}

Instant look_back(Instant from, const Duration& duration, const Reckoning& reckoning) {
    return shift(from, duration.unit, -std::min(duration.count, k_max_count), reckoning.zone);
}

}  // namespace duecare::time
