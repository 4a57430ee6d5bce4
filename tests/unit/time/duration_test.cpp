#include <gtest/gtest.h>

#include "base/error.hpp"
#include "time/deadline.hpp"

namespace duecare::time {
namespace {

std::vector<Calendar> calendars() {
    Calendar school;
    school.name = "school";
    Calendar working;
    working.name = "working";
    Calendar bank;
    bank.name = "bank and court";
    return {school, working, bank};
}

TEST(Duration, EveryFormIsReadAndWritten) {
    const struct {
        const char* text;
        Duration duration;
    } k_forms[] = {
        {"0 minutes", {Unit::minutes, 0, 0}},
        {"1 minute", {Unit::minutes, 1, 0}},
        {"90 minutes", {Unit::minutes, 90, 0}},
        {"24 hours", {Unit::hours, 24, 0}},
        {"1 day", {Unit::days, 1, 0}},
        {"2 weeks", {Unit::weeks, 2, 0}},
        {"13 months", {Unit::months, 13, 0}},
        {"1 year", {Unit::years, 1, 0}},
        {"999999999 years", {Unit::years, 999'999'999, 0}},
        {"3 days inclusive", {Unit::days_inclusive, 3, 0}},
        {"1 week inclusive", {Unit::weeks_inclusive, 1, 0}},
        {"3 months inclusive", {Unit::months_inclusive, 3, 0}},
        {"1 year inclusive", {Unit::years_inclusive, 1, 0}},
        {"0 whole days", {Unit::whole_days, 0, 0}},
        {"14 whole days", {Unit::whole_days, 14, 0}},
        {"1 whole week", {Unit::whole_weeks, 1, 0}},
        {"2 whole months", {Unit::whole_months, 2, 0}},
        {"1 whole year", {Unit::whole_years, 1, 0}},
        {"15 working days", {Unit::calendar_days, 15, 1}},
        {"1 school day", {Unit::calendar_days, 1, 0}},
        {"8 working hours", {Unit::calendar_hours, 8, 1}},
        {"1 bank and court hour", {Unit::calendar_hours, 1, 2}},
        {"100000 working days", {Unit::calendar_days, 100'000, 1}},
        {"start of next school day", {Unit::start_of_next, 1, 0}},
        {"as soon as practicable", {Unit::practicable, 0, 0}},
    };
    for (const auto& form : k_forms) {
        EXPECT_EQ(parse_duration(form.text, calendars()), form.duration) << form.text;
        EXPECT_EQ(describe(form.duration, calendars()), form.text);
    }
}

TEST(Duration, SingularAndPluralAreOne) {
    EXPECT_EQ(parse_duration("2 day", {}), (Duration{Unit::days, 2, 0}));
    EXPECT_EQ(parse_duration("1 hours", {}), (Duration{Unit::hours, 1, 0}));
    EXPECT_EQ(parse_duration("1 working days", calendars()), (Duration{Unit::calendar_days, 1, 1}));
    EXPECT_EQ(parse_duration("1 days inclusive", {}), (Duration{Unit::days_inclusive, 1, 0}));
}

TEST(Duration, MistakesAreExplained) {
    const struct {
        const char* text;
        const char* part;
    } k_mistakes[] = {
        {"", "expected a number and a unit"},
        {"soon", "expected a number and a unit"},
        {"24", "expected a number and a unit"},
        {"3 dyas", "there is no unit \"dyas\". Did you mean \"days\"?"},
        {"1 mounth", "Did you mean \"month\"?"},
        {"3 Days", "Did you mean \"days\"?"},
        {"3 parsecs", "Expected minutes, hours, days, weeks, months or years"},
        {"-1 days", "expected a whole number, not \"-1\""},
        {"+1 days", "expected a whole number"},
        {"1.5 hours", "expected a whole number, not \"1.5\""},
        {"one day", "expected a whole number, not \"one\""},
        {" 1 day", "one space between"},
        {"1  day", "one space between"},
        {"1 day ", "one space between"},
        {"1000000000 minutes", "at most 999999999"},
        {"99999999999999999999999 minutes", "at most 999999999"},
        {"100001 working days", "at most 100000"},
        {"0 working days", "counted from 1"},
        {"0 working hours", "counted from 1"},
        {"0 days inclusive", "counted from 1"},
        {"3 wroking days", "there is no calendar \"wroking\". Did you mean \"working\"?"},
        {"3 working dyas", "Did you mean \"days\"?"},
        {"3 working weeks", "a calendar counts days and hours, not \"weeks\""},
        {"3 working", "\"working\" is a calendar; expected \"working days\" or \"working hours\""},
        {"3 hours inclusive", "only days, weeks, months and years can be inclusive"},
        {"3 whole minutes", "only days, weeks, months and years can be whole"},
        {"3 whole dyas", "Did you mean \"days\"?"},
        {"3 dyas inclusive", "Did you mean \"days\"?"},
        {"start of next scool day", "there is no calendar \"scool\". Did you mean \"school\"?"},
        {"start of next school", "expected \"start of next NAME day\""},
        {"start of school day", "expected \"start of next NAME day\""},
        {"as soon as possible", "\"as soon as practicable\""},
    };
    for (const auto& mistake : k_mistakes) {
        try {
            (void)parse_duration(mistake.text, calendars());
            ADD_FAILURE() << "accepted: " << mistake.text;
        } catch (const Error& error) {
            EXPECT_EQ(error.status(), Status::invalid_argument);
            EXPECT_NE(std::string_view(error.what()).find(mistake.part), std::string_view::npos)
                << error.what();
        }
    }
    EXPECT_THROW((void)parse_duration("3 working days", {}), Error);
}

}  // namespace
}  // namespace duecare::time
