#include "time/posix_rule.hpp"

#include <algorithm>
#include <charconv>

#include "time/instant.hpp"

namespace duecare::time {

namespace {

bool take(std::string_view& text, char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

bool read_number(std::string_view& text, int least, int greatest, int& value) {
    if (text.empty() || text.front() < '0' || text.front() > '9') return false;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value < least || value > greatest) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

/// [+-]hh[:mm[:ss]] in seconds.
bool read_time(std::string_view& text, int most_hours, std::int64_t& seconds) {
    const bool negative = take(text, '-');
    if (!negative) (void)take(text, '+');
    int hours = 0;
    int minutes = 0;
    int rest = 0;
    if (!read_number(text, 0, most_hours, hours)) return false;
    if (take(text, ':') && !read_number(text, 0, 59, minutes)) return false;
    if (take(text, ':') && !read_number(text, 0, 59, rest)) return false;
    seconds = hours * 3'600 + minutes * 60 + rest;
    if (negative) seconds = -seconds;
    return true;
}

/// Passes over "GMT" or "<+0330>"; what a zone calls its time is of no use here.
bool skip_name(std::string_view& text) {
    if (take(text, '<')) {
        const std::size_t end = text.find('>');
        if (end == std::string_view::npos) return false;
        text.remove_prefix(end + 1);
        return true;
    }
    const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    const auto* end = std::find_if_not(text.begin(), text.end(), is_letter);
    if (end - text.begin() < 3) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    return true;
}

}  // namespace

std::optional<PosixRule> PosixRule::parse(std::string_view text) {
    PosixRule rule;
    std::int64_t behind = 0;  // written the other way round: positive west of Greenwich
    if (!skip_name(text) || !read_time(text, 24, behind)) return std::nullopt;
    rule.standard_offset_ = -behind;
    if (text.empty()) return rule;
    rule.has_summer_time_ = true;
    if (!skip_name(text)) return std::nullopt;
    rule.summer_offset_ = rule.standard_offset_ + 3'600;
    if (!text.starts_with(',')) {
        if (!read_time(text, 24, behind)) return std::nullopt;
        rule.summer_offset_ = -behind;
    }
    if (!take(text, ',') || !read_date(text, rule.begin_)) return std::nullopt;
    if (!take(text, ',') || !read_date(text, rule.end_) || !text.empty()) return std::nullopt;
    return rule;
}

bool PosixRule::read_date(std::string_view& text, Date& date) {
    if (take(text, 'M')) {
        if (!read_number(text, 1, 12, date.month) || !take(text, '.') ||
            !read_number(text, 1, 5, date.week) || !take(text, '.') || !read_number(text, 0, 6, date.day)) {
            return false;
        }
    } else if (take(text, 'J')) {
        date.form = Form::day_without_leap_day;
        if (!read_number(text, 1, 365, date.day)) return false;
    } else {
        date.form = Form::day_of_year;
        if (!read_number(text, 0, 365, date.day)) return false;
    }
    date.time = 2 * 3'600;
    return !take(text, '/') || read_time(text, 167, date.time);
}

std::int64_t PosixRule::local_seconds(const Date& date, int year) noexcept {
    Day day = day_of({year, 1, 1});
    switch (date.form) {
        case Form::day_of_year:
            day += date.day;
            break;
        case Form::day_without_leap_day:
            // 1 March is always J60.
            day += date.day - 1 + (date.day >= 60 && days_in_month(year, 2) == 29 ? 1 : 0);
            break;
        case Form::month_week_day: {
            const Day first = day_of({year, date.month, 1});
            const int sunday_based = (weekday_of(first) + 1) % 7;
            const int in_month = (date.day - sunday_based + 7) % 7 + 7 * (date.week - 1);
            // Week 5 is the last one, be it the fourth.
            day = first + (in_month < days_in_month(year, date.month) ? in_month : in_month - 7);
            break;
        }
    }
    return std::int64_t{day} * 86'400 + date.time;
}

std::array<OffsetChange, 2> PosixRule::changes_in(int year) const noexcept {
    const OffsetChange begin{local_seconds(begin_, year) - standard_offset_, summer_offset_};
    const OffsetChange end{local_seconds(end_, year) - summer_offset_, standard_offset_};
    if (begin.at <= end.at) return {begin, end};
    return {end, begin};
}

}  // namespace duecare::time
