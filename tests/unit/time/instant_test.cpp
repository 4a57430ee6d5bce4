#include "time/instant.hpp"

#include <gtest/gtest.h>

#include <string>

namespace duecare::time {
namespace {

std::string why_not(std::string_view text) {
    const char* why = nullptr;
    EXPECT_FALSE(parse_stamp(text, &why).has_value()) << text;
    return why == nullptr ? "" : why;
}

Stamp read(std::string_view text) {
    const char* why = "";
    const auto stamp = parse_stamp(text, &why);
    EXPECT_TRUE(stamp.has_value()) << text << ": " << why;
    return stamp.value_or(Stamp{-1, Precision::exact});
}

TEST(Instant, CivilDatesAreThoseOfTheProlepticGregorianCalendar) {
    EXPECT_EQ(day_of({1, 1, 1}), k_first_day);
    EXPECT_EQ(day_of({9999, 12, 31}), k_last_day);
    EXPECT_EQ(day_of({1970, 1, 1}), 0);
    EXPECT_EQ(day_of({2000, 3, 1}), 11'017);
    CivilDate expected{1, 1, 1};
    int weekday = 0;  // 0001-01-01 was a Monday
    for (Day day = k_first_day; day <= k_last_day; ++day) {
        ASSERT_EQ(civil_of(day), expected);
        ASSERT_EQ(day_of(expected), day);
        ASSERT_EQ(weekday_of(day), weekday);
        weekday = (weekday + 1) % 7;
        if (++expected.day > days_in_month(expected.year, expected.month)) {
            expected.day = 1;
            if (++expected.month > 12) expected = {expected.year + 1, 1, 1};
        }
    }
}

TEST(Instant, MonthsHaveTheirDays) {
    EXPECT_EQ(days_in_month(2023, 2), 28);
    EXPECT_EQ(days_in_month(2024, 2), 29);
    EXPECT_EQ(days_in_month(1900, 2), 28);
    EXPECT_EQ(days_in_month(2000, 2), 29);
    EXPECT_EQ(days_in_month(2023, 4), 30);
    EXPECT_FALSE(is_valid({2023, 2, 29}));
    EXPECT_FALSE(is_valid({0, 1, 1}));
    EXPECT_FALSE(is_valid({10'000, 1, 1}));
    EXPECT_FALSE(is_valid({2023, 13, 1}));
    EXPECT_TRUE(is_valid({2024, 2, 29}));
}

TEST(Instant, StampsWithAnOffsetAreExact) {
    constexpr std::int64_t k_noon = 1'646'136'000 * k_micros_per_second;  // 2022-03-01T12:00:00Z
    EXPECT_EQ(read("2022-03-01T12:00:00Z"), (Stamp{k_noon, Precision::exact}));
    EXPECT_EQ(read("2022-03-01t12:00:00z"), (Stamp{k_noon, Precision::exact}));
    EXPECT_EQ(read("2022-03-01 12:00:00z"), (Stamp{k_noon, Precision::exact}));
    EXPECT_EQ(read("2022-03-01T13:00:00+01:00"), (Stamp{k_noon, Precision::exact}));
    EXPECT_EQ(read("2022-03-01T12:00:00-00:00"), (Stamp{k_noon, Precision::exact}));
    EXPECT_EQ(read("2022-03-02T11:59:00+23:59"), (Stamp{k_noon, Precision::exact}));
    EXPECT_EQ(read("2022-02-28T12:01:00-23:59"), (Stamp{k_noon, Precision::exact}));
    EXPECT_EQ(read("2022-03-01T12:00:00.5Z").micros, k_noon + 500'000);
    EXPECT_EQ(read("2022-03-01T12:00:00.000001Z").micros, k_noon + 1);
    EXPECT_EQ(read("2022-03-01T12:00:00.0000019999999999999999Z").micros, k_noon + 1);
    EXPECT_EQ(read("1969-12-31T23:59:59.9999999Z").micros, -1);
}

TEST(Instant, StampsWithoutAnOffsetCountTheLocalClock) {
    EXPECT_EQ(read("1970-01-02"), (Stamp{k_micros_per_day, Precision::day}));
    EXPECT_EQ(read("1970-01-01T00:00:01"), (Stamp{k_micros_per_second, Precision::local}));
    EXPECT_EQ(read("1970-01-01 00:00:01.25"), (Stamp{1'250'000, Precision::local}));
    EXPECT_EQ(read("1969-12-31"), (Stamp{-k_micros_per_day, Precision::day}));
}

TEST(Instant, TheLeapSecondIsTheFollowingSecond) {
    EXPECT_EQ(read("2016-12-31T23:59:60Z"), read("2017-01-01T00:00:00Z"));
    EXPECT_EQ(read("2017-01-01T00:59:60.5+01:00"), read("2017-01-01T00:00:00.5Z"));
    EXPECT_EQ(read("2016-12-31T23:59:60"), read("2017-01-01T00:00:00"));
    EXPECT_NE(why_not("2016-12-31T23:59:61Z"), "");
}

TEST(Instant, YearsRunFrom1To9999) {
    EXPECT_EQ(read("0001-01-01T00:00:00Z").micros, k_first_instant);
    EXPECT_EQ(read("9999-12-31T23:59:59.999999Z").micros, k_last_instant);
    EXPECT_EQ(read("0001-01-01").micros, k_first_instant);
    EXPECT_EQ(why_not("0000-12-31"), "the year is not between 0001 and 9999");
    EXPECT_EQ(why_not("0001-01-01T00:00:00+00:01"), "the year is not between 0001 and 9999");
    EXPECT_EQ(why_not("9999-12-31T23:59:59-00:01"), "the year is not between 0001 and 9999");
    EXPECT_EQ(why_not("9999-12-31T23:59:60Z"), "the year is not between 0001 and 9999");
    EXPECT_EQ(why_not("9999-12-31T23:59:60"), "the year is not between 0001 and 9999");
}

TEST(Instant, WhatIsNoInstantIsRefusedWithAReason) {
    EXPECT_EQ(why_not("2023-02-29"), "there is no such date");
    EXPECT_EQ(why_not("2023-13-01"), "there is no such date");
    EXPECT_EQ(why_not("2023-00-01"), "there is no such date");
    EXPECT_EQ(why_not("2023-04-31T00:00:00Z"), "there is no such date");
    EXPECT_EQ(why_not("2023-04-30T24:00:00Z"),
              "there is no such time of day: it runs from 00:00:00 to 23:59:59");
    EXPECT_EQ(why_not("2023-04-30T25:00:00"),
              "there is no such time of day: it runs from 00:00:00 to 23:59:59");
    EXPECT_EQ(why_not("2023-04-30T12:60:00"),
              "there is no such time of day: it runs from 00:00:00 to 23:59:59");
    EXPECT_EQ(why_not("2023-04-30T12:00:00+24:00"), "there is no such offset: it is at most 23:59");
    EXPECT_EQ(why_not("2023-04-30T12:00:00+01:60"), "there is no such offset: it is at most 23:59");
    EXPECT_EQ(why_not("2023-04-30T12:00:00."), "expected digits after the decimal point");
    EXPECT_EQ(why_not("2023-04-30T12:00:00.Z"), "expected digits after the decimal point");
    EXPECT_EQ(why_not("2023-04-30T12:00:00ZZ"), "something follows the end of the instant");
    EXPECT_EQ(why_not("2023-04-30T12:00:00 Z"), "expected Z or an offset such as +01:00 after the time");
    EXPECT_EQ(why_not("2023-04-30Z"), "expected T and a time after the date");
    EXPECT_EQ(why_not("2023-04-30T12:00Z"),
              "expected hours, minutes and seconds such as 09:15:00 after the date");
    for (const char* text : {"",
                             "yesterday",
                             "2023",
                             "2023-04",
                             "2023-4-30",
                             "23-04-30",
                             "20230430",
                             " 2023-04-30",
                             "2023-04-30 ",
                             "2023-04-30T",
                             "2023-04-30T9:00:00",
                             "2023-04-30T09:00:0",
                             "2023-04-30T09:00:00,5Z",
                             "+2023-04-30",
                             "-2023-04-30",
                             "2023-04-30T12:00:00+1:00",
                             "2023-04-30T12:00:00+0100",
                             "2023-04-30T12:00:00+01",
                             "2023-04-30T12:00:00+",
                             "12023-04-30",
                             "2023/04/30",
                             "2023-04-30T12:00:00+01:000",
                             "２023-04-30"}) {
        EXPECT_NE(why_not(text), "") << text;
    }
    EXPECT_FALSE(parse_stamp(std::string_view("2023-04-30\0", 11)).has_value());
}

TEST(Instant, DatesAreRead) {
    EXPECT_EQ(parse_date("1970-01-02"), 1);
    EXPECT_FALSE(parse_date("1970-01-02T00:00:00").has_value());
    EXPECT_FALSE(parse_date("1970-02-30").has_value());
    EXPECT_FALSE(parse_date("1970-01").has_value());
}

TEST(Instant, PartialDatesAreRead) {
    EXPECT_EQ(parse_partial_date("2015-03-02"), (PartialDate{2015, 3, 2}));
    EXPECT_EQ(parse_partial_date("2015-03"), (PartialDate{2015, 3, 0}));
    EXPECT_EQ(parse_partial_date("2015"), (PartialDate{2015, 0, 0}));
    EXPECT_EQ(parse_partial_date("2016-02-29"), (PartialDate{2016, 2, 29}));
    for (const char* text : {"", "0000", "15", "2015-", "2015-13", "2015-00", "2015-3", "2015-02-29",
                             "2015-03-", "2015-03-00", "2015-03-02T00:00:00Z", "unknown"}) {
        EXPECT_FALSE(parse_partial_date(text).has_value()) << text;
    }
}

void expect_age(std::string_view born, std::string_view on, int youngest, int oldest) {
    const AgeRange age = age_at(parse_partial_date(born).value(), parse_date(on).value());
    EXPECT_EQ(age.youngest, youngest) << born << " on " << on;
    EXPECT_EQ(age.oldest, oldest) << born << " on " << on;
}

TEST(Instant, AgesAreCompletedYears) {
    expect_age("2005-06-15", "2023-06-14", 17, 17);
    expect_age("2005-06-15", "2023-06-15", 18, 18);
    expect_age("2005-06-15", "2005-06-15", 0, 0);
    expect_age("2005-06-15", "2005-06-14", -1, -1);
    expect_age("2004-02-29", "2022-02-28", 17, 17);
    expect_age("2004-02-29", "2022-03-01", 18, 18);
    expect_age("2004-02-29", "2024-02-28", 19, 19);
    expect_age("2004-02-29", "2024-02-29", 20, 20);
}

TEST(Instant, AgesFromPartialDatesAreRanges) {
    expect_age("2005-06", "2023-05-31", 17, 17);
    expect_age("2005-06", "2023-06-01", 17, 18);
    expect_age("2005-06", "2023-06-29", 17, 18);
    expect_age("2005-06", "2023-06-30", 18, 18);
    expect_age("2005", "2022-12-31", 17, 17);
    expect_age("2005", "2023-01-01", 17, 18);
    expect_age("2005", "2023-12-30", 17, 18);
    expect_age("2005", "2023-12-31", 18, 18);
    expect_age("2004-02", "2022-02-28", 17, 18);
    expect_age("2004-02", "2022-03-01", 18, 18);
    const AgeRange unknown = age_at({}, 0);
    EXPECT_LT(unknown.youngest, 0);
    EXPECT_GT(unknown.oldest, 150);
}

TEST(Instant, InstantsAreWritten) {
    EXPECT_EQ(format_instant(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(format_instant(-1), "1969-12-31T23:59:59.999999Z");
    EXPECT_EQ(format_instant(1'500'000), "1970-01-01T00:00:01.500000Z");
    EXPECT_EQ(format_instant(k_first_instant), "0001-01-01T00:00:00Z");
    EXPECT_EQ(format_instant(k_last_instant), "9999-12-31T23:59:59.999999Z");
    EXPECT_EQ(format_date(k_first_day), "0001-01-01");
    EXPECT_EQ(format_date(19'000), "2022-01-08");
    std::string out = "at ";
    append_instant(out, read("2024-02-29T13:05:09.000070+00:00").micros);
    EXPECT_EQ(out, "at 2024-02-29T13:05:09.000070Z");
}

}  // namespace
}  // namespace duecare::time
