#include "time/deadline.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace duecare::time {
namespace {

constexpr std::uint8_t k_monday_to_friday = 0x1f;
constexpr std::uint8_t k_monday_to_saturday = 0x3f;

Instant at(std::string_view text) {
    return parse_stamp(text).value().micros;
}
Day date(std::string_view text) {
    return parse_date(text).value();
}

Calendar make_calendar(std::string name, std::uint8_t weekdays, std::vector<const char*> closed) {
    Calendar calendar;
    calendar.name = std::move(name);
    calendar.weekdays = weekdays;
    for (const char* day : closed) calendar.closed.push_back(date(day));
    return calendar;
}

void cover(Calendar& calendar, std::string_view from, std::string_view until) {
    calendar.covers_from = date(from);
    calendar.covers_until = date(until);
}

void open(Calendar& calendar, std::int64_t opens_minutes, std::int64_t closes_minutes) {
    calendar.opens = opens_minutes * k_micros_per_minute;
    calendar.closes = closes_minutes * k_micros_per_minute;
}

/// England's working days of 2023, as "working" (all day), "office" (9 to 17) and "court" (10 to 16:30, also
/// on Saturdays), a school, a calendar without a single day, and one of every day, known for ever.
Reckoning england() {
    const std::vector<const char*> k_closed = {"2022-12-26", "2022-12-27", "2023-01-02", "2023-04-07",
                                               "2023-04-10", "2023-05-01", "2023-05-08", "2023-05-29",
                                               "2023-08-28", "2023-12-25", "2023-12-26"};
    Calendar working = make_calendar("working", k_monday_to_friday, k_closed);
    cover(working, "2022-12-01", "2024-01-01");
    Calendar office = working;
    office.name = "office";
    open(office, 9 * 60, 17 * 60);
    Calendar court = make_calendar("court", k_monday_to_saturday, k_closed);
    open(court, 10 * 60, 16 * 60 + 30);
    Calendar school = make_calendar("school", k_monday_to_friday,
                                    {"2023-02-13", "2023-02-14", "2023-02-15", "2023-02-16", "2023-02-17"});
    cover(school, "2023-01-03", "2023-04-01");
    open(school, 8 * 60 + 45, 24 * 60);
    const Calendar empty = make_calendar("empty", 0, {});
    Calendar daily = make_calendar("daily", 0x7f, {});
    return {Zone::load("Europe/London", ZoneData::embedded()),
            {working, office, court, school, empty, daily}};
}

const Reckoning& reckoning() {
    static const Reckoning k_england = england();
    return k_england;
}

Due due_of(std::string_view from, std::string_view text, std::span<const Interval> pauses = {}) {
    return due(at(from), parse_duration(text, reckoning().calendars), reckoning(), pauses);
}

/// The due instant as text, or the calendar that ran out.
std::string written(const Due& due) {
    return due.uncovered ? "uncovered: " + reckoning().calendars[*due.uncovered].name
                         : format_instant(due.at);
}

std::string due_text(std::string_view from, std::string_view text, std::span<const Interval> pauses = {}) {
    return written(due_of(from, text, pauses));
}

std::string due_after_text(std::string_view previous, std::string_view text) {
    return written(due_after(at(previous), parse_duration(text, reckoning().calendars), reckoning()));
}

std::string back_text(std::string_view from, std::string_view text) {
    return format_instant(look_back(at(from), parse_duration(text, {}), reckoning()));
}

TEST(Deadline, HoursAreHoursAndDaysAreLocal) {
    EXPECT_EQ(due_text("2023-03-25T12:00:00Z", "90 minutes"), "2023-03-25T13:30:00Z");
    EXPECT_EQ(due_text("2023-03-25T12:00:00Z", "24 hours"), "2023-03-26T12:00:00Z");
    EXPECT_EQ(due_text("2023-03-25T12:00:00Z", "1 day"), "2023-03-26T11:00:00Z");
    EXPECT_EQ(due_text("2023-03-25T12:00:00Z", "1 week"), "2023-04-01T11:00:00Z");
    EXPECT_EQ(due_text("2023-10-28T11:00:00Z", "24 hours"), "2023-10-29T11:00:00Z");
    EXPECT_EQ(due_text("2023-10-28T11:00:00Z", "1 day"), "2023-10-29T12:00:00Z");
    EXPECT_EQ(due_text("2023-10-28T11:00:00Z", "1 week"), "2023-11-04T12:00:00Z");
    EXPECT_EQ(due_text("2022-03-26T10:00:00Z", "1 day"), "2022-03-27T09:00:00Z");
}

TEST(Deadline, DaysIntoAGapAndAnOverlap) {
    EXPECT_EQ(due_text("2023-03-25T01:30:00Z", "1 day"), "2023-03-26T01:30:00Z");
    EXPECT_EQ(due_text("2023-10-28T00:30:00Z", "1 day"), "2023-10-29T00:30:00Z");
    EXPECT_EQ(due_text("2022-03-26T01:30:00Z", "1 day"), "2022-03-27T01:30:00Z");
    EXPECT_EQ(due_text("2022-10-29T00:30:00Z", "1 day"), "2022-10-30T00:30:00Z");
    EXPECT_EQ(due_text("2023-09-29T00:30:00Z", "1 month"), "2023-10-29T00:30:00Z");
    // From the second 01:30 the day after is 25 hours on from the first.
    EXPECT_EQ(due_text("2023-10-29T01:30:00Z", "1 day"), "2023-10-30T01:30:00Z");
}

TEST(Deadline, NothingIsNoTime) {
    for (const char* text : {"0 minutes", "0 hours", "0 days", "0 weeks", "0 months", "0 years"}) {
        EXPECT_EQ(due_text("2023-10-29T01:30:00Z", text), "2023-10-29T01:30:00Z") << text;
        EXPECT_EQ(back_text("2023-10-29T01:30:00Z", text), "2023-10-29T01:30:00Z") << text;
    }
    EXPECT_EQ(due_text("2023-07-01T12:00:00Z", "0 whole days"), "2023-07-01T22:59:59.999999Z");
}

TEST(Deadline, MonthsEndWithTheMonth) {
    EXPECT_EQ(due_text("2023-01-31T10:00:00Z", "1 month"), "2023-02-28T10:00:00Z");
    EXPECT_EQ(due_text("2023-01-31T10:00:00Z", "2 months"), "2023-03-31T09:00:00Z");
    EXPECT_EQ(due_text("2023-01-31T10:00:00Z", "3 months"), "2023-04-30T09:00:00Z");
    EXPECT_EQ(due_text("2023-01-31T10:00:00Z", "13 months"), "2024-02-29T10:00:00Z");
    EXPECT_EQ(due_text("2022-11-30T10:00:00Z", "1 month"), "2022-12-30T10:00:00Z");
    EXPECT_EQ(due_text("2022-11-30T10:00:00Z", "3 months"), "2023-02-28T10:00:00Z");
    EXPECT_EQ(due_text("2024-02-29T10:00:00Z", "1 year"), "2025-02-28T10:00:00Z");
    EXPECT_EQ(due_text("2024-02-29T10:00:00Z", "2 years"), "2026-02-28T10:00:00Z");
    EXPECT_EQ(due_text("2024-02-29T10:00:00Z", "4 years"), "2028-02-29T10:00:00Z");
    EXPECT_EQ(due_text("2024-02-29T10:00:00Z", "12 months"), "2025-02-28T10:00:00Z");
    EXPECT_EQ(due_text("2023-12-31T10:00:00Z", "1 year"), "2024-12-31T10:00:00Z");
}

TEST(Deadline, InclusiveDaysCountTheFirst) {
    EXPECT_EQ(due_text("2023-03-01T15:00:00Z", "3 days inclusive"), "2023-03-03T23:59:59.999999Z");
    EXPECT_EQ(due_text("2023-03-01T15:00:00Z", "1 week inclusive"), "2023-03-07T23:59:59.999999Z");
    EXPECT_EQ(due_text("2023-03-01T15:00:00Z", "28 days inclusive"), "2023-03-28T22:59:59.999999Z");
    EXPECT_EQ(due_text("2023-06-30T23:30:00Z", "3 days inclusive"), "2023-07-03T22:59:59.999999Z");
    EXPECT_EQ(due_text("2022-03-25T22:00:00Z", "3 days inclusive"), "2022-03-27T22:59:59.999999Z");
    EXPECT_EQ(due_text("2023-07-03T23:30:00Z", "1 day inclusive"), "2023-07-04T22:59:59.999999Z");
}

TEST(Deadline, InclusiveMonthsEndTheDayBefore) {
    EXPECT_EQ(due_text("2023-03-01T15:00:00Z", "1 month inclusive"), "2023-03-31T22:59:59.999999Z");
    EXPECT_EQ(due_text("2023-03-01T15:00:00Z", "3 months inclusive"), "2023-05-31T22:59:59.999999Z");
    EXPECT_EQ(due_text("2023-03-01T15:00:00Z", "1 year inclusive"), "2024-02-29T23:59:59.999999Z");
    EXPECT_EQ(due_text("2022-11-30T15:00:00Z", "1 month inclusive"), "2022-12-29T23:59:59.999999Z");
    EXPECT_EQ(due_text("2022-11-30T15:00:00Z", "3 months inclusive"), "2023-02-28T23:59:59.999999Z");
    EXPECT_EQ(due_text("2022-11-30T15:00:00Z", "1 year inclusive"), "2023-11-29T23:59:59.999999Z");
    EXPECT_EQ(due_text("2023-01-31T15:00:00Z", "1 month inclusive"), "2023-02-28T23:59:59.999999Z");
    EXPECT_EQ(due_text("2023-01-31T15:00:00Z", "3 months inclusive"), "2023-04-30T22:59:59.999999Z");
    EXPECT_EQ(due_text("2024-02-29T15:00:00Z", "1 month inclusive"), "2024-03-28T23:59:59.999999Z");
    EXPECT_EQ(due_text("2024-02-29T15:00:00Z", "1 year inclusive"), "2025-02-28T23:59:59.999999Z");
    EXPECT_EQ(due_text("2021-12-01T09:00:00Z", "3 months inclusive"), "2022-02-28T23:59:59.999999Z");
}

TEST(Deadline, WholeDaysBeginTheDayAfter) {
    for (const char* from : {"2023-03-01T00:00:00Z", "2023-03-01T23:59:59Z"}) {
        EXPECT_EQ(due_text(from, "1 whole day"), "2023-03-02T23:59:59.999999Z");
        EXPECT_EQ(due_text(from, "14 whole days"), "2023-03-15T23:59:59.999999Z");
        EXPECT_EQ(due_text(from, "1 whole week"), "2023-03-08T23:59:59.999999Z");
        EXPECT_EQ(due_text(from, "1 whole month"), "2023-04-01T22:59:59.999999Z");
        EXPECT_EQ(due_text(from, "1 whole year"), "2024-03-01T23:59:59.999999Z");
    }
    EXPECT_EQ(due_text("2023-01-31T15:00:00Z", "1 whole month"), "2023-02-28T23:59:59.999999Z");
    EXPECT_EQ(due_text("2024-02-29T15:00:00Z", "1 whole year"), "2025-02-28T23:59:59.999999Z");
    EXPECT_EQ(due_text("2022-06-01T08:00:00Z", "14 whole days"), "2022-06-15T22:59:59.999999Z");
}

TEST(Deadline, WorkingDaysLeaveOutHolidays) {
    EXPECT_EQ(due_text("2023-04-06T09:00:00Z", "1 working day"), "2023-04-11T22:59:59.999999Z");
    EXPECT_EQ(due_text("2023-04-06T09:00:00Z", "5 working days"), "2023-04-17T22:59:59.999999Z");
    EXPECT_EQ(due_text("2023-04-08T09:00:00Z", "1 working day"), "2023-04-11T22:59:59.999999Z");
    EXPECT_EQ(due_text("2023-04-10T22:59:59Z", "1 working day"), "2023-04-11T22:59:59.999999Z");
    EXPECT_EQ(due_text("2023-04-10T23:00:00Z", "1 working day"), "2023-04-12T22:59:59.999999Z");
    EXPECT_EQ(due_text("2023-04-11T09:00:00Z", "5 working days"), "2023-04-18T22:59:59.999999Z");
    EXPECT_EQ(due_text("2022-12-23T10:00:00Z", "1 working day"), "2022-12-28T23:59:59.999999Z");
    EXPECT_EQ(due_text("2022-12-23T10:00:00Z", "5 working days"), "2023-01-04T23:59:59.999999Z");
    EXPECT_EQ(due_text("2023-02-09T10:00:00Z", "3 school days"), "2023-02-21T23:59:59.999999Z");
    EXPECT_EQ(due_text("2023-02-09T10:00:00Z", "3 working days"), "2023-02-14T23:59:59.999999Z");
    for (const char* from : {"2023-03-01T07:00:00Z", "2023-03-01T12:00:00Z", "2023-03-01T18:30:00Z"}) {
        EXPECT_EQ(due_text(from, "1 office day"), "2023-03-02T17:00:00Z");
        EXPECT_EQ(due_text(from, "2 office days"), "2023-03-03T17:00:00Z");
    }
}

TEST(Deadline, OfficeHoursRunWhileTheOfficeIsOpen) {
    EXPECT_EQ(due_text("2023-03-01T15:00:00Z", "1 office hour"), "2023-03-01T16:00:00Z");
    EXPECT_EQ(due_text("2023-03-01T15:00:00Z", "2 office hours"), "2023-03-01T17:00:00Z");
    EXPECT_EQ(due_text("2023-03-01T15:00:00Z", "8 office hours"), "2023-03-02T15:00:00Z");
    EXPECT_EQ(due_text("2023-03-01T15:00:00Z", "40 office hours"), "2023-03-08T15:00:00Z");
    EXPECT_EQ(due_text("2023-03-01T07:00:00Z", "8 office hours"), "2023-03-01T17:00:00Z");
    EXPECT_EQ(due_text("2023-03-01T07:00:00Z", "40 office hours"), "2023-03-07T17:00:00Z");
    EXPECT_EQ(due_text("2023-03-01T17:00:00Z", "1 office hour"), "2023-03-02T10:00:00Z");
    EXPECT_EQ(due_text("2023-03-01T18:30:00Z", "1 office hour"), "2023-03-02T10:00:00Z");
    EXPECT_EQ(due_text("2023-03-03T16:30:00Z", "1 office hour"), "2023-03-06T09:30:00Z");
    EXPECT_EQ(due_text("2023-03-04T12:00:00Z", "8 office hours"), "2023-03-06T17:00:00Z");
    EXPECT_EQ(due_text("2023-03-24T16:30:00Z", "1 office hour"), "2023-03-27T08:30:00Z");
    EXPECT_EQ(due_text("2023-03-24T16:30:00Z", "40 office hours"), "2023-03-31T15:30:00Z");
    EXPECT_EQ(due_text("2023-04-06T15:00:00Z", "6 office hours"), "2023-04-11T13:00:00Z");
}

TEST(Deadline, HoursOfWholeDaysAreElapsedHours) {
    // 29 October 2023 has 25 hours. Hours run out exactly, also at 24:00: only `closes` as a deadline means
    // the last microsecond of its day.
    EXPECT_EQ(due_text("2023-10-28T23:00:00Z", "24 daily hours"), "2023-10-29T23:00:00Z");
    EXPECT_EQ(due_text("2023-10-28T23:00:00Z", "25 daily hours"), "2023-10-30T00:00:00Z");
    EXPECT_EQ(due_text("2023-10-28T23:00:00Z", "26 daily hours"), "2023-10-30T01:00:00Z");
    EXPECT_EQ(due_text("2023-03-01T12:00:00Z", "12 working hours"), "2023-03-02T00:00:00Z");
    EXPECT_EQ(due_text("2023-03-03T12:00:00Z", "13 working hours"), "2023-03-06T01:00:00Z");
}

TEST(Deadline, TheNextDayStartsWhenItOpens) {
    EXPECT_EQ(due_text("2023-03-01T12:00:00Z", "start of next office day"), "2023-03-02T09:00:00Z");
    EXPECT_EQ(due_text("2023-03-01T03:00:00Z", "start of next office day"), "2023-03-02T09:00:00Z");
    EXPECT_EQ(due_text("2023-03-03T12:00:00Z", "start of next office day"), "2023-03-06T09:00:00Z");
    EXPECT_EQ(due_text("2023-03-03T12:00:00Z", "start of next court day"), "2023-03-04T10:00:00Z");
    EXPECT_EQ(due_text("2023-04-06T12:00:00Z", "start of next office day"), "2023-04-11T08:00:00Z");
    EXPECT_EQ(due_text("2023-04-06T12:00:00Z", "start of next court day"), "2023-04-08T09:00:00Z");
    EXPECT_EQ(due_text("2023-03-24T20:00:00Z", "start of next school day"), "2023-03-27T07:45:00Z");
}

TEST(Deadline, CalendarsAnswerOnlyForWhatTheyCover) {
    EXPECT_EQ(due_text("2023-12-28T10:00:00Z", "1 working day"), "2023-12-29T23:59:59.999999Z");
    EXPECT_EQ(due_text("2023-12-28T10:00:00Z", "2 working days"), "uncovered: working");
    EXPECT_EQ(due_text("2023-12-28T10:00:00Z", "1 working hour"), "2023-12-28T11:00:00Z");
    EXPECT_EQ(due_text("2023-12-28T10:00:00Z", "start of next working day"), "2023-12-29T00:00:00Z");
    EXPECT_EQ(due_text("2023-12-29T10:00:00Z", "start of next working day"), "uncovered: working");
    // The date of opening is not looked at to count days from it, but to count hours.
    EXPECT_EQ(due_text("2022-11-30T10:00:00Z", "1 working day"), "2022-12-01T23:59:59.999999Z");
    EXPECT_EQ(due_text("2022-11-29T10:00:00Z", "1 working day"), "uncovered: working");
    EXPECT_EQ(due_text("2022-11-30T10:00:00Z", "1 office hour"), "uncovered: office");
    EXPECT_EQ(due_text("2022-11-30T17:00:00Z", "1 office hour"), "2022-12-01T10:00:00Z");
    EXPECT_EQ(due_text("2023-12-29T16:30:00Z", "1 office hour"), "uncovered: office");
    EXPECT_EQ(due_text("2024-02-01T10:00:00Z", "1 school day"), "uncovered: school");
}

TEST(Deadline, ACalendarWithoutDaysEndsSomewhere) {
    const std::string last = format_instant(k_last_instant);
    EXPECT_EQ(due_text("2023-03-01T10:00:00Z", "1 empty day"), last);
    EXPECT_EQ(due_text("2023-03-01T10:00:00Z", "1 empty hour"), last);
    EXPECT_EQ(due_text("2023-03-01T10:00:00Z", "start of next empty day"), last);
    EXPECT_EQ(due_text("9999-12-30T10:00:00Z", "3 daily days"), last);
    EXPECT_EQ(due_text("9999-12-30T10:00:00Z", "100 daily hours"), last);
    Reckoning covered = reckoning();
    cover(covered.calendars[4], "2023-01-01", "2024-01-01");
    EXPECT_EQ(due(at("2023-03-01T10:00:00Z"), {Unit::calendar_days, 1, 4}, covered).uncovered, 4);
    EXPECT_EQ(due(at("2023-03-01T10:00:00Z"), {Unit::calendar_hours, 1, 4}, covered).uncovered, 4);
    // Days of the week, but every one of them closed.
    covered.calendars[4].weekdays = 1;
    for (Day day = date("2023-01-02"); day < date("2024-01-01"); day += 7)
        covered.calendars[4].closed.push_back(day);
    EXPECT_EQ(due(at("2023-03-01T10:00:00Z"), {Unit::calendar_days, 1, 4}, covered).uncovered, 4);
}

TEST(Deadline, PausesMoveTheDue) {
    const auto pause = [](const char* begin, const char* end) { return Interval{at(begin), at(end)}; };
    const std::string_view opened = "2023-01-10T10:00:00Z";
    const std::vector<Interval> one{pause("2023-01-10T12:00:00Z", "2023-01-10T13:30:00Z")};
    EXPECT_EQ(due_text(opened, "6 hours", one), "2023-01-10T17:30:00Z");
    const std::vector<Interval> two{one[0], pause("2023-01-10T16:30:00Z", "2023-01-10T17:00:00Z")};
    EXPECT_EQ(due_text(opened, "6 hours", two), "2023-01-10T18:00:00Z");
    const std::vector<Interval> before{pause("2023-01-10T09:00:00Z", "2023-01-10T11:00:00Z")};
    EXPECT_EQ(due_text(opened, "6 hours", before), "2023-01-10T17:00:00Z");
    const std::vector<Interval> at_due{pause("2023-01-10T16:00:00Z", "2023-01-10T16:20:00Z")};
    EXPECT_EQ(due_text(opened, "6 hours", at_due), "2023-01-10T16:00:00Z");
    const std::vector<Interval> over_due{pause("2023-01-10T15:59:00Z", "2023-01-10T20:00:00Z")};
    EXPECT_EQ(due_text(opened, "6 hours", over_due), "2023-01-10T20:01:00Z");
    const std::vector<Interval> long_gone{pause("2023-01-09T15:59:00Z", "2023-01-10T10:00:00Z")};
    EXPECT_EQ(due_text(opened, "6 hours", long_gone), "2023-01-10T16:00:00Z");
    const std::vector<Interval> for_ever{{at("2023-01-10T12:00:00Z"), k_last_instant}};
    EXPECT_EQ(due_text(opened, "9000 years", for_ever), format_instant(k_last_instant));
}

TEST(Deadline, PausesMoveDaysAndMonths) {
    const std::vector<Interval> wait{{at("2023-03-08T00:00:00Z"), at("2023-03-10T12:00:00Z")}};
    const std::string_view opened = "2023-03-06T10:00:00Z";
    EXPECT_EQ(due_text(opened, "7 days", wait), "2023-03-15T22:00:00Z");
    EXPECT_EQ(due_text(opened, "7 whole days", wait), "2023-03-16T11:59:59.999999Z");
    EXPECT_EQ(due_text(opened, "7 days inclusive", wait), "2023-03-15T11:59:59.999999Z");
    EXPECT_EQ(due_text(opened, "1 month", wait), "2023-04-08T21:00:00Z");
    EXPECT_EQ(due_text(opened, "48 hours", wait), "2023-03-10T22:00:00Z");
}

TEST(Deadline, PausesInACalendar) {
    const std::vector<Interval> wait{{at("2023-03-07T09:00:00Z"), at("2023-03-08T17:00:00Z")}};
    const std::string_view opened = "2023-03-06T12:00:00Z";
    EXPECT_EQ(due_text(opened, "3 office days", wait), "2023-03-10T17:00:00Z");
    EXPECT_EQ(due_text(opened, "8 office hours", wait), "2023-03-09T12:00:00Z");
    EXPECT_EQ(due_text(opened, "start of next office day", wait), "2023-03-07T09:00:00Z");
    const std::vector<Interval> to_the_end{{at("2023-03-07T09:00:00Z"), at("2023-03-07T17:00:00Z") + 1}};
    EXPECT_EQ(due_text(opened, "1 office day", to_the_end), "2023-03-08T17:00:00Z");
    const std::vector<Interval> midnight{{at("2023-03-07T23:59:59.999999Z"), at("2023-03-08T00:00:00Z")}};
    EXPECT_EQ(due_text(opened, "1 working day", midnight), "2023-03-08T23:59:59.999999Z");
    const std::vector<Interval> lunch{{at("2023-03-06T12:00:00Z"), at("2023-03-06T13:00:00Z")},
                                      {at("2023-03-07T12:00:00Z"), at("2023-03-07T13:00:00Z")}};
    EXPECT_EQ(due_text(opened, "4 office hours", lunch), "2023-03-06T17:00:00Z");
    EXPECT_EQ(due_text(opened, "8 office hours", lunch), "2023-03-07T14:00:00Z");
    // Three hours have passed when the pause begins, not when it ends.
    EXPECT_EQ(due_text("2023-03-06T09:00:00Z", "3 office hours", lunch), "2023-03-06T12:00:00Z");
    const std::vector<Interval> for_ever{{at("2023-03-07T00:00:00Z"), k_last_instant}};
    EXPECT_EQ(due_text(opened, "1 office day", for_ever), "uncovered: office");
    EXPECT_EQ(due_text(opened, "6 office hours", for_ever), "uncovered: office");
    EXPECT_EQ(due_text(opened, "5 office hours", for_ever), "2023-03-06T17:00:00Z");
}

TEST(Deadline, APeriodAfterTheEndOfADayBeginsWithTheNext) {
    EXPECT_EQ(due_after_text("2023-03-03T23:59:59.999999Z", "3 days inclusive"),
              "2023-03-06T23:59:59.999999Z");
    EXPECT_EQ(due_text("2023-03-03T23:59:59.999999Z", "3 days inclusive"), "2023-03-05T23:59:59.999999Z");
    EXPECT_EQ(due_after_text("2023-03-03T23:59:59.999998Z", "3 days inclusive"),
              "2023-03-05T23:59:59.999999Z");
    EXPECT_EQ(due_after_text("2023-05-31T22:59:59.999999Z", "1 month inclusive"),
              "2023-06-30T22:59:59.999999Z");
    EXPECT_EQ(due_after_text("2023-05-31T23:59:59.999999Z", "1 month inclusive"),
              "2023-06-30T22:59:59.999999Z");
    EXPECT_EQ(due_after_text("2023-03-03T23:59:59.999999Z", "3 days"), "2023-03-06T23:59:59.999999Z");
    EXPECT_EQ(due_after_text("2023-03-03T23:59:59.999999Z", "3 whole days"), "2023-03-06T23:59:59.999999Z");
    EXPECT_EQ(due_after_text("2023-03-03T23:59:59.999999Z", "1 working day"), "2023-03-06T23:59:59.999999Z");
    EXPECT_EQ(due_after_text("9999-12-31T23:59:59.999999Z", "1 day inclusive"),
              format_instant(k_last_instant));
}

TEST(Deadline, LookingBackIsTheSameShiftBackwards) {
    EXPECT_EQ(back_text("2023-03-26T12:00:00Z", "90 minutes"), "2023-03-26T10:30:00Z");
    EXPECT_EQ(back_text("2023-03-26T12:00:00Z", "24 hours"), "2023-03-25T12:00:00Z");
    EXPECT_EQ(back_text("2023-03-26T12:00:00Z", "1 day"), "2023-03-25T13:00:00Z");
    EXPECT_EQ(back_text("2023-03-27T00:30:00Z", "1 day"), "2023-03-26T01:30:00Z");
    EXPECT_EQ(back_text("2023-04-02T12:00:00Z", "1 week"), "2023-03-26T12:00:00Z");
    EXPECT_EQ(back_text("2023-03-31T09:00:00Z", "1 month"), "2023-02-28T10:00:00Z");
    EXPECT_EQ(back_text("2024-02-29T10:00:00Z", "1 year"), "2023-02-28T10:00:00Z");
    EXPECT_EQ(back_text("2023-01-15T10:00:00Z", "13 months"), "2021-12-15T10:00:00Z");
}

TEST(Deadline, TimeEndsWithTheFirstAndLastInstant) {
    const std::string last = format_instant(k_last_instant);
    const std::string first = format_instant(k_first_instant);
    for (const char* unit : {"minutes", "hours", "days", "weeks", "months", "years"}) {
        const std::string most = "999999999 " + std::string(unit);
        const std::string_view kind = unit;
        EXPECT_EQ(due_text("9000-01-01T00:00:00Z", most), last) << unit;
        EXPECT_EQ(back_text("1000-01-01T00:00:00Z", most), first) << unit;
        if (kind == "minutes" || kind == "hours") continue;
        EXPECT_EQ(due_text("2023-01-01T00:00:00Z", most + " inclusive"), last) << unit;
        EXPECT_EQ(due_text("2023-01-01T00:00:00Z", "999999999 whole " + std::string(unit)), last) << unit;
    }
    EXPECT_EQ(due_text("9999-12-31T23:59:00Z", "1 minute"), last);
    EXPECT_EQ(due_text("9999-12-31T23:58:00Z", "1 minute"), "9999-12-31T23:59:00Z");
    EXPECT_EQ(due_text("9999-12-31T12:00:00Z", "1 day"), last);
    EXPECT_EQ(due_text("9999-12-01T12:00:00Z", "1 month"), last);
    EXPECT_EQ(due_text("9999-11-30T12:00:00Z", "1 month"), "9999-12-30T12:00:00Z");
    EXPECT_EQ(back_text("0001-01-01T12:00:00Z", "1 day"), first);
    EXPECT_EQ(back_text("0001-01-31T12:00:00Z", "1 month"), first);
    EXPECT_EQ(due_text("0001-01-01T12:00:00Z", "1 year"), "0002-01-01T12:00:00Z");
}

/// Hours of a calendar by stepping through every minute: what `due` must give.
Instant minute_by_minute(Instant from, std::int64_t minutes, const Calendar& calendar,
                         std::span<const Interval> pauses) {
    const Zone& zone = reckoning().zone;
    for (Instant now = from; minutes > 0; now += k_micros_per_minute) {
        const Day day = zone.local_day(now);
        const Instant opens = zone.to_instant(day * k_micros_per_day + calendar.opens);
        const Instant closes = zone.to_instant(day * k_micros_per_day + calendar.closes);
        const bool paused = std::any_of(pauses.begin(), pauses.end(), [now](const Interval& pause) {
            return pause.begin <= now && now < pause.end;
        });
        if (calendar.counts(day) && opens <= now && now < closes && !paused) --minutes;
        if (minutes == 0) return now + k_micros_per_minute;
    }
    return from;
}

TEST(Deadline, CalendarHoursAgreeWithCountingMinutes) {
    std::mt19937 random(58);
    const auto any = [&random](std::int64_t least, std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>(least, most)(random);
    };
    for (int i = 0; i < 200; ++i) {
        const Instant from = at("2023-03-01T00:00:00Z") + any(0, 60 * 24 * 60) * k_micros_per_minute;
        std::vector<Interval> pauses;
        for (Instant begin = from - k_micros_per_day; pauses.size() < 6;) {
            begin += any(1, 2'000) * k_micros_per_minute;
            pauses.push_back({begin, begin + any(1, 1'500) * k_micros_per_minute});
            begin = pauses.back().end;
        }
        const Duration duration{Unit::calendar_hours, any(1, 30), static_cast<std::uint16_t>(any(1, 2))};
        const Instant expected =
            minute_by_minute(from, duration.count * 60, reckoning().calendars[duration.calendar], pauses);
        EXPECT_EQ(format_instant(due(from, duration, reckoning(), pauses).at), format_instant(expected));
    }
}

/// The wording of the contract, step by step: on by the paused time, until it no longer moves.
Instant moved_by_wording(Instant from, Instant base, std::span<const Interval> pauses) {
    for (Instant at = base;;) {
        Instant paused = 0;
        for (const Interval& pause : pauses) {
            paused += std::max<Instant>(0, std::min(pause.end, at) - std::max(pause.begin, from));
        }
        if (base + paused == at) return at;
        at = base + paused;
    }
}

TEST(Deadline, PausesAgreeWithTheWording) {
    std::mt19937 random(72);
    std::uniform_int_distribution<std::int64_t> few(0, 5);
    const Instant from = at("2023-01-10T10:00:00Z");
    for (int i = 0; i < 2'000; ++i) {
        std::vector<Interval> pauses;
        Instant begin = from - 5 * k_micros_per_hour;
        while (pauses.size() < 8) {
            begin += (few(random) + 1) * k_micros_per_hour;
            pauses.push_back({begin, begin + (few(random) + 1) * k_micros_per_hour});
            begin = pauses.back().end;
        }
        const std::int64_t hours = few(random) * 2;
        const Instant expected = moved_by_wording(from, from + hours * k_micros_per_hour, pauses);
        EXPECT_EQ(due(from, {Unit::hours, hours, 0}, reckoning(), pauses).at, expected);
    }
}

}  // namespace
}  // namespace duecare::time
