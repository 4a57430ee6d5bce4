// The text of durations: reading and writing it.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"
#include "time/deadline.hpp"

namespace duecare::time {

namespace {

struct UnitName {
    std::string_view singular;
    std::string_view plural;
    Unit plain;
    /// The same unit as plain where there are no such periods (minutes and hours).
    Unit inclusive;
    Unit whole;
};

constexpr std::array<UnitName, 6> k_units{{
    {"minute", "minutes", Unit::minutes, Unit::minutes, Unit::minutes},
    {"hour", "hours", Unit::hours, Unit::hours, Unit::hours},
    {"day", "days", Unit::days, Unit::days_inclusive, Unit::whole_days},
    {"week", "weeks", Unit::weeks, Unit::weeks_inclusive, Unit::whole_weeks},
    {"month", "months", Unit::months, Unit::months_inclusive, Unit::whole_months},
    {"year", "years", Unit::years, Unit::years_inclusive, Unit::whole_years},
}};

constexpr std::string_view k_practicable = "as soon as practicable";
constexpr std::string_view k_start_of_next = "start of next ";
constexpr std::string_view k_inclusive = " inclusive";
constexpr std::string_view k_whole = "whole ";

std::string in_quotes(std::string_view text) {
    return '"' + std::string(text) + '"';
}

const UnitName* find_unit(std::string_view word) {
    const auto* unit = std::find_if(k_units.begin(), k_units.end(), [word](const UnitName& candidate) {
        return candidate.singular == word || candidate.plural == word;
    });
    return unit == k_units.end() ? nullptr : unit;
}

std::vector<std::string_view> unit_names() {
    std::vector<std::string_view> names;
    for (const UnitName& unit : k_units) names.push_back(unit.plural);
    for (const UnitName& unit : k_units) names.push_back(unit.singular);
    return names;
}

/// Reads one text; the members are what every message needs.
class Parser {
  public:
    Parser(std::string_view text, std::span<const Calendar> calendars) : text_(text), calendars_(calendars) {}

    [[nodiscard]] Duration parse() const {
        if (text_ == k_practicable) return {};
        if (text_.starts_with(' ') || text_.ends_with(' ') || text_.find("  ") != std::string_view::npos) {
            fail("expected words with one space between them and none around them.");
        }
        if (text_.starts_with(k_start_of_next)) return parse_start_of_next();
        const std::size_t space = text_.find(' ');
        if (space == std::string_view::npos) fail(parse_lone_word());
        const std::int64_t count = parse_count(text_.substr(0, space));
        const Duration duration = parse_period(count, text_.substr(space + 1));
        check_count(duration);
        return duration;
    }

  private:
    [[noreturn]] void fail(const std::string& reason) const {
        throw Error(Status::invalid_argument, in_quotes(text_) + " is not a duration: " + reason);
    }

    [[nodiscard]] std::string parse_lone_word() const {
        const std::string near = suggestion(text_, {k_practicable});
        return "expected a number and a unit, such as \"24 hours\"." + near;
    }

    [[nodiscard]] Duration parse_start_of_next() const {
        const std::string_view rest = text_.substr(k_start_of_next.size());
        constexpr std::string_view k_day = " day";
        if (!rest.ends_with(k_day)) fail("expected \"start of next NAME day\", NAME being a calendar.");
        return {Unit::start_of_next, 1, find_calendar(rest.substr(0, rest.size() - k_day.size()))};
    }

    [[nodiscard]] std::int64_t parse_count(std::string_view word) const {
        std::int64_t count = 0;
        const char* end = word.data() + word.size();
        const auto [stop, error] = std::from_chars(word.data(), end, count);
        const bool digits = !word.empty() && std::all_of(word.begin(), word.end(),
                                                         [](char c) { return c >= '0' && c <= '9'; });
        if (!digits) {
            if (word == "start" || word == "as") {
                fail("expected \"start of next NAME day\" or \"as soon as practicable\".");
            }
            fail("expected a whole number, not " + in_quotes(word) +
                 ", and then a unit, such as \"24 hours\".");
        }
        if (error != std::errc() || stop != end || count > k_max_count) {
            fail("the number is at most " + std::to_string(k_max_count) + ".");
        }
        return count;
    }

    [[nodiscard]] Duration parse_period(std::int64_t count, std::string_view rest) const {
        if (const UnitName* unit = find_unit(rest)) return {unit->plain, count, 0};
        if (rest.ends_with(k_inclusive)) {
            const UnitName& unit = counted_unit(rest.substr(0, rest.size() - k_inclusive.size()));
            if (unit.inclusive == unit.plain) fail("only days, weeks, months and years can be inclusive.");
            return {unit.inclusive, count, 0};
        }
        if (rest.starts_with(k_whole)) {
            const UnitName& unit = counted_unit(rest.substr(k_whole.size()));
            if (unit.whole == unit.plain) fail("only days, weeks, months and years can be whole.");
            return {unit.whole, count, 0};
        }
        const std::size_t space = rest.rfind(' ');
        if (space == std::string_view::npos) fail_unit(rest);
        const std::string_view name = rest.substr(0, space);
        const std::string_view last = rest.substr(space + 1);
        const std::string_view first = rest.substr(0, rest.find(' '));
        if (find_unit(first) != nullptr) {
            const std::string_view after = rest.substr(first.size() + 1);
            fail(in_quotes(after) + " cannot follow " + in_quotes(first) + "." +
                 suggestion(after, {"inclusive"}) +
                 " Expected \"N days\", \"N days inclusive\", \"N whole days\" or \"N NAME days\" of a "
                 "calendar.");
        }
        const UnitName* unit = find_unit(last);
        if (unit != nullptr && unit->plain == Unit::days)
            return {Unit::calendar_days, count, find_calendar(name)};
        if (unit != nullptr && unit->plain == Unit::hours)
            return {Unit::calendar_hours, count, find_calendar(name)};
        fail("a calendar counts days and hours, not " + in_quotes(last) + "." +
             suggestion(last, {"days", "hours", "day", "hour"}));
    }

    [[nodiscard]] const UnitName& counted_unit(std::string_view word) const {
        const UnitName* unit = find_unit(word);
        if (unit == nullptr) fail_unit(word);
        return *unit;
    }

    [[noreturn]] void fail_unit(std::string_view word) const {
        const bool is_calendar = std::any_of(calendars_.begin(), calendars_.end(),
                                             [word](const Calendar& c) { return c.name == word; });
        if (is_calendar) {
            fail(in_quotes(word) + " is a calendar; expected " + in_quotes(std::string(word) + " days") +
                 " or " + in_quotes(std::string(word) + " hours") + ".");
        }
        fail("there is no unit " + in_quotes(word) + "." + suggestion(word, unit_names()) +
             " Expected minutes, hours, days, weeks, months or years, or the days or hours of a calendar.");
    }

    [[nodiscard]] std::uint16_t find_calendar(std::string_view name) const {
        std::vector<std::string_view> names;
        for (std::size_t i = 0; i < calendars_.size(); ++i) {
            if (calendars_[i].name == name) return static_cast<std::uint16_t>(i);
            names.emplace_back(calendars_[i].name);
        }
        std::string reason = "there is no calendar " + in_quotes(name) + "." + suggestion(name, names);
        if (names.empty()) reason += " The policy has no calendars.";
        fail(reason);
    }

    void check_count(const Duration& duration) const {
        const bool of_calendar =
            duration.unit == Unit::calendar_days || duration.unit == Unit::calendar_hours;
        const bool inclusive =
            duration.unit >= Unit::days_inclusive && duration.unit <= Unit::years_inclusive;
        if (duration.count == 0 && of_calendar) fail("the days and hours of a calendar are counted from 1.");
        if (duration.count == 0 && inclusive) {
            fail("an inclusive period has at least its first day, so it is counted from 1.");
        }
        if (of_calendar && duration.count > k_max_calendar_count) {
            fail("the number is at most " + std::to_string(k_max_calendar_count) + " for a calendar.");
        }
    }

    std::string_view text_;
    std::span<const Calendar> calendars_;
};

std::string_view inflected(const UnitName& unit, std::int64_t count) {
    return count == 1 ? unit.singular : unit.plural;
}

}  // namespace

Duration parse_duration(std::string_view text, std::span<const Calendar> calendars) {
    return Parser(text, calendars).parse();
}

std::string describe(const Duration& duration, std::span<const Calendar> calendars) {
    if (duration.unit == Unit::practicable) return std::string(k_practicable);
    const auto calendar = [&] { return calendars[duration.calendar].name; };
    if (duration.unit == Unit::start_of_next) return std::string(k_start_of_next) + calendar() + " day";
    std::string out;
    append_integer(out, duration.count);
    out.push_back(' ');
    if (duration.unit == Unit::calendar_days || duration.unit == Unit::calendar_hours) {
        const UnitName& unit = k_units[duration.unit == Unit::calendar_days ? 2 : 1];
        return out.append(calendar()).append(" ").append(inflected(unit, duration.count));
    }
    for (const UnitName& unit : k_units) {
        if (duration.unit == unit.plain) return out.append(inflected(unit, duration.count));
        if (duration.unit == unit.whole) return out.append(k_whole).append(inflected(unit, duration.count));
        if (duration.unit == unit.inclusive) {
            return out.append(inflected(unit, duration.count)).append(k_inclusive);
        }
    }
    return out;
}

}  // namespace duecare::time
