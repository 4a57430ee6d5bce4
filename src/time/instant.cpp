#include "time/instant.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <tuple>

namespace duecare::time {

namespace {

constexpr int k_first_year = 1;
constexpr int k_last_year = 9999;

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Reads fixed-width fields from the front of a text.
class Scanner {
  public:
    explicit Scanner(std::string_view text) noexcept : text_(text) {}

    [[nodiscard]] bool at_end() const noexcept { return text_.empty(); }

    /// A number of exactly `width` digits, or -1.
    [[nodiscard]] int number(std::size_t width) noexcept {
        if (text_.size() < width) return -1;
        int value = 0;
        for (std::size_t i = 0; i < width; ++i) {
            if (!is_digit(text_[i])) return -1;
            value = value * 10 + (text_[i] - '0');
        }
        text_.remove_prefix(width);
        return value;
    }

    [[nodiscard]] bool take(std::string_view any_of) noexcept {
        if (text_.empty() || any_of.find(text_.front()) == std::string_view::npos) return false;
        text_.remove_prefix(1);
        return true;
    }

    [[nodiscard]] char peek() const noexcept { return text_.empty() ? '\0' : text_.front(); }

  private:
    std::string_view text_;
};

struct Failure {
    const char* why = nullptr;
};

constexpr const char* k_no_date =
    "expected a date such as 2022-03-01 or an instant such as 2022-03-01T09:15:00Z";

bool read_date(Scanner& in, CivilDate& date, Failure& failure) noexcept {
    date.year = in.number(4);
    if (date.year < 0 || !in.take("-") || (date.month = in.number(2)) < 0 || !in.take("-") ||
        (date.day = in.number(2)) < 0) {
        failure.why = k_no_date;
        return false;
    }
    if (date.year < k_first_year) {
        failure.why = "the year is not between 0001 and 9999";
        return false;
    }
    if (!is_valid(date)) {
        failure.why = "there is no such date";
        return false;
    }
    return true;
}

/// Microseconds after midnight, up to and including the second that `:60` stands for.
bool read_clock(Scanner& in, std::int64_t& micros, Failure& failure) noexcept {
    const int hour = in.number(2);
    const bool colon = in.take(":");
    const int minute = in.number(2);
    const bool second_colon = in.take(":");
    const int second = in.number(2);
    if (hour < 0 || !colon || minute < 0 || !second_colon || second < 0) {
        failure.why = "expected hours, minutes and seconds such as 09:15:00 after the date";
        return false;
    }
    if (hour > 23 || minute > 59 || second > 60) {
        failure.why = "there is no such time of day: it runs from 00:00:00 to 23:59:59";
        return false;
    }
    micros = hour * k_micros_per_hour + minute * k_micros_per_minute + second * k_micros_per_second;
    if (!in.take(".")) return true;
    if (!is_digit(in.peek())) {
        failure.why = "expected digits after the decimal point";
        return false;
    }
    for (std::int64_t unit = k_micros_per_second / 10; is_digit(in.peek()); unit /= 10) {
        micros += in.number(1) * unit;
    }
    return true;
}

/// The offset from UTC in microseconds, or nothing at all (`precision` stays local).
bool read_offset(Scanner& in, std::int64_t& offset, Precision& precision, Failure& failure) noexcept {
    if (in.at_end()) return true;
    precision = Precision::exact;
    if (in.take("Zz")) return true;
    const bool behind = in.peek() == '-';
    if (!in.take("+-")) {
        failure.why = "expected Z or an offset such as +01:00 after the time";
        return false;
    }
    const int hours = in.number(2);
    const bool colon = in.take(":");
    const int minutes = in.number(2);
    if (hours < 0 || !colon || minutes < 0) {
        failure.why = "expected an offset such as +01:00";
        return false;
    }
    if (hours > 23 || minutes > 59) {
        failure.why = "there is no such offset: it is at most 23:59";
        return false;
    }
    offset = hours * k_micros_per_hour + minutes * k_micros_per_minute;
    if (behind) offset = -offset;
    return true;
}

bool read_stamp(std::string_view text, Stamp& stamp, Failure& failure) noexcept {
    Scanner in(text);
    CivilDate date;
    if (!read_date(in, date, failure)) return false;
    stamp = {day_of(date) * k_micros_per_day, Precision::day};
    if (in.at_end()) return true;
    if (!in.take("Tt ")) {
        failure.why = "expected T and a time after the date";
        return false;
    }
    stamp.precision = Precision::local;
    std::int64_t clock = 0;
    std::int64_t offset = 0;
    if (!read_clock(in, clock, failure) || !read_offset(in, offset, stamp.precision, failure)) return false;
    if (!in.at_end()) {
        failure.why = "something follows the end of the instant";
        return false;
    }
    stamp.micros += clock - offset;
    if (stamp.micros < k_first_instant || stamp.micros > k_last_instant) {
        failure.why = "the year is not between 0001 and 9999";
        return false;
    }
    return true;
}

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
    std::array<char, 8> digits{};
    for (std::size_t i = width; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
    out.append(digits.data(), width);
}

void append_date(std::string& out, Day day) {
    const CivilDate date = civil_of(std::clamp(day, k_first_day, k_last_day));
    append_padded(out, date.year, 4);
    out.push_back('-');
    append_padded(out, date.month, 2);
    out.push_back('-');
    append_padded(out, date.day, 2);
}

}  // namespace

int days_in_month(int year, int month) noexcept {
    static constexpr std::array<int, 12> k_days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : k_days[static_cast<std::size_t>(month - 1)];
}

bool is_valid(const CivilDate& date) noexcept {
    return date.year >= k_first_year && date.year <= k_last_year && date.month >= 1 && date.month <= 12 &&
           date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

Day day_of(const CivilDate& date) noexcept {
    namespace chrono = std::chrono;
    const chrono::year_month_day civil{chrono::year{date.year},
                                       chrono::month{static_cast<unsigned>(date.month)},
                                       chrono::day{static_cast<unsigned>(date.day)}};
    return static_cast<Day>(chrono::sys_days{civil}.time_since_epoch().count());
}

CivilDate civil_of(Day day) noexcept {
    const std::chrono::year_month_day civil{std::chrono::sys_days{std::chrono::days{day}}};
    return {static_cast<int>(civil.year()), static_cast<int>(static_cast<unsigned>(civil.month())),
            static_cast<int>(static_cast<unsigned>(civil.day()))};
}

int weekday_of(Day day) noexcept {
    const int from_thursday = day % 7;  // 1970-01-01 was a Thursday
    return (from_thursday + 7 + 3) % 7;
}

std::optional<Stamp> parse_stamp(std::string_view text, const char** why) noexcept {
    Stamp stamp;
    Failure failure;
    if (read_stamp(text, stamp, failure)) return stamp;
    if (why != nullptr) *why = failure.why;
    return std::nullopt;
}

std::optional<Day> parse_date(std::string_view text) noexcept {
    Scanner in(text);
    CivilDate date;
    Failure failure;
    if (!read_date(in, date, failure) || !in.at_end()) return std::nullopt;
    return day_of(date);
}

std::optional<PartialDate> parse_partial_date(std::string_view text) noexcept {
    Scanner in(text);
    const int year = in.number(4);
    int month = 0;
    int day = 0;
    if (year < k_first_year) return std::nullopt;
    if (!in.at_end()) {
        if (!in.take("-") || (month = in.number(2)) < 1 || month > 12) return std::nullopt;
    }
    if (!in.at_end()) {
        if (!in.take("-") || (day = in.number(2)) < 1 || day > days_in_month(year, month))
            return std::nullopt;
    }
    if (!in.at_end()) return std::nullopt;
    return PartialDate{static_cast<std::int16_t>(year), static_cast<std::int8_t>(month),
                       static_cast<std::int8_t>(day)};
}

AgeRange age_at(const PartialDate& born, Day on) noexcept {
    if (born.year == 0) return {-k_last_year, k_last_year};
    const CivilDate today = civil_of(on);
    const auto completed = [&today](int year, int month, int day) {
        // Comparing the pair makes 1 March the birthday of 29 February in a year without one.
        const bool had_birthday = std::tie(today.month, today.day) >= std::tie(month, day);
        return today.year - year - (had_birthday ? 0 : 1);
    };
    const int first_month = born.month == 0 ? 1 : born.month;
    const int last_month = born.month == 0 ? 12 : born.month;
    const int first_day = born.day == 0 ? 1 : born.day;
    const int last_day = born.day == 0 ? days_in_month(born.year, last_month) : born.day;
    return {completed(born.year, last_month, last_day), completed(born.year, first_month, first_day)};
}

void append_instant(std::string& out, Instant instant) {
    instant = std::clamp(instant, k_first_instant, k_last_instant);
    // Counted from year 1 nothing is negative, so that division rounds down.
    const std::int64_t since_first = instant - k_first_instant;
    const std::int64_t clock = since_first % k_micros_per_day;
    append_date(out, k_first_day + static_cast<Day>(since_first / k_micros_per_day));
    out.push_back('T');
    append_padded(out, clock / k_micros_per_hour, 2);
    out.push_back(':');
    append_padded(out, clock / k_micros_per_minute % 60, 2);
    out.push_back(':');
    append_padded(out, clock / k_micros_per_second % 60, 2);
    if (const std::int64_t micros = clock % k_micros_per_second; micros != 0) {
        out.push_back('.');
        append_padded(out, micros, 6);
    }
    out.push_back('Z');
}

std::string format_instant(Instant instant) {
    std::string out;
    append_instant(out, instant);
    return out;
}

std::string format_date(Day day) {
    std::string out;
    append_date(out, day);
    return out;
}

}  // namespace duecare::time
