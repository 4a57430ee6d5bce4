#include "time/tzif.hpp"

#include <gtest/gtest.h>

#include <string>

#include "time/instant.hpp"
#include "time/posix_rule.hpp"

namespace duecare::time {
namespace {

std::int64_t seconds(std::string_view text) {
    return parse_stamp(text).value().micros / k_micros_per_second;
}

void expect_changes(std::string_view rule_text, int year, std::string_view first, std::int64_t first_offset,
                    std::string_view second, std::int64_t second_offset) {
    const auto rule = PosixRule::parse(rule_text);
    ASSERT_TRUE(rule.has_value()) << rule_text;
    const auto changes = rule->changes_in(year);
    EXPECT_EQ(changes[0].at, seconds(first)) << rule_text;
    EXPECT_EQ(changes[0].offset, first_offset) << rule_text;
    EXPECT_EQ(changes[1].at, seconds(second)) << rule_text;
    EXPECT_EQ(changes[1].offset, second_offset) << rule_text;
}

TEST(Tzif, RulesOfMonthsAndWeeks) {
    expect_changes("GMT0BST,M3.5.0/1,M10.5.0", 2023, "2023-03-26T01:00:00Z", 3'600, "2023-10-29T01:00:00Z",
                   0);
    expect_changes("EST5EDT,M3.2.0,M11.1.0", 2024, "2024-03-10T07:00:00Z", -14'400, "2024-11-03T06:00:00Z",
                   -18'000);
    // South of the equator summer ends first; here it is worth half an hour.
    expect_changes("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2023, "2023-04-01T15:00:00Z", 37'800,
                   "2023-09-30T15:30:00Z", 39'600);
    // Dublin: winter is what deviates.
    expect_changes("IST-1GMT0,M10.5.0,M3.5.0/1", 2023, "2023-03-26T01:00:00Z", 3'600, "2023-10-29T01:00:00Z",
                   0);
    // Times before and long after midnight: the day before the last Sunday of March at 22:00.
    expect_changes("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2024, "2024-03-31T01:00:00Z", -3'600,
                   "2024-10-27T01:00:00Z", -7'200);
    expect_changes("EET-2EEST,M3.4.4/50,M10.4.4/50", 2023, "2023-03-25T00:00:00Z", 10'800,
                   "2023-10-27T23:00:00Z", 7'200);
}

TEST(Tzif, RulesOfDaysOfTheYear) {
    // J never counts 29 February, the bare form does, from 0.
    expect_changes("AAA0BBB,J60/0,J365/0", 2024, "2024-03-01T00:00:00Z", 3'600, "2024-12-30T23:00:00Z", 0);
    expect_changes("AAA0BBB,J60/0,J365/0", 2023, "2023-03-01T00:00:00Z", 3'600, "2023-12-30T23:00:00Z", 0);
    expect_changes("AAA0BBB,59/0,364/0", 2024, "2024-02-29T00:00:00Z", 3'600, "2024-12-29T23:00:00Z", 0);
    expect_changes("AAA0BBB,59/0,364/0", 2023, "2023-03-01T00:00:00Z", 3'600, "2023-12-30T23:00:00Z", 0);
}

TEST(Tzif, RulesWithoutSummerTime) {
    for (const char* text : {"UTC0", "<+0530>-5:30", "<-00>0", "AAA-14", "AAA+05:45:30"}) {
        const auto rule = PosixRule::parse(text);
        ASSERT_TRUE(rule.has_value()) << text;
        EXPECT_FALSE(rule->has_summer_time()) << text;
    }
}

TEST(Tzif, WhatIsNoRule) {
    for (const char* text : {"", "UTC", "0", "AB0", "<+01", "GMT25", "GMT0BST", "GMT0BST,M3.5.0/1", "GMT0:60",
                             "GMT0BST,M13.5.0,M10.5.0", "GMT0BST,M3.6.0,M10.5.0", "GMT0BST,M3.5.7,M10.5.0",
                             "GMT0BST,J0,J365", "GMT0BST,366,1", "GMT0BST,M3.5.0/168,M10.5.0",
                             "GMT0BST,M3.5.0/1,M10.5.0 ", "GMT0 ", "GMT0BST,M3.5.0/,M10.5.0"}) {
        EXPECT_FALSE(PosixRule::parse(text).has_value()) << text;
    }
}

/// A file of version 2 without its first block's data; `changes` are times and indices of `offsets`.
struct File {
    std::vector<std::pair<std::int64_t, char>> changes{};
    std::vector<std::int64_t> offsets{0};
    std::string footer = "\nUTC0\n";
    char version = '2';
    std::uint32_t leap_seconds = 0;

    static void put(std::string& out, std::int64_t value, unsigned width) {
        for (unsigned i = width; i-- > 0;) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
    }

    void put_header(std::string& out, std::size_t times, std::size_t types) const {
        out += "TZif";
        out.push_back(version);
        out.append(15, '\0');
        for (const std::int64_t count :
             {std::int64_t{0}, std::int64_t{0}, std::int64_t{leap_seconds}, static_cast<std::int64_t>(times),
              static_cast<std::int64_t>(types), std::int64_t{4}}) {
            put(out, count, 4);
        }
    }

    [[nodiscard]] std::string bytes() const {
        std::string out;
        File{{}, {}, {}, version, 0}.put_header(out, 0, 0);
        out.append(4, '\0');
        put_header(out, changes.size(), offsets.size());
        for (const auto& [at, type] : changes) put(out, at, 8);
        for (const auto& [at, type] : changes) out.push_back(type);
        for (const std::int64_t offset : offsets) {
            put(out, offset, 4);
            put(out, 0, 2);
        }
        out.append("UTC\0", 4);
        out.append(std::size_t{12} * leap_seconds, '\0');
        return out + footer;
    }
};

TEST(Tzif, ChangesAreReadAndSettled) {
    File file;
    file.offsets = {-75, 0, 3'600};
    // Long before year 1, to the same offset again, and to another.
    file.changes = {{-(std::int64_t{1} << 59), 1}, {100, 1}, {200, 2}, {300, 2}, {400, 0}};
    file.footer = "\n\n";
    const auto history = read_tzif(file.bytes());
    ASSERT_TRUE(history.has_value());
    EXPECT_EQ(history->first_offset, 0);
    ASSERT_EQ(history->changes.size(), 2U);
    EXPECT_EQ(history->changes[0].at, 200);
    EXPECT_EQ(history->changes[0].offset, 3'600);
    EXPECT_EQ(history->changes[1].at, 400);
    EXPECT_EQ(history->changes[1].offset, -75);
    EXPECT_FALSE(history->repeats);
}

TEST(Tzif, TheFooterGoesOn) {
    File file;
    file.offsets = {0, 3'600};
    file.changes = {{seconds("2023-03-26T01:00:00Z"), 1}};
    file.footer = "\nGMT0BST,M3.5.0/1,M10.5.0\n";
    const auto history = read_tzif(file.bytes());
    ASSERT_TRUE(history.has_value());
    EXPECT_TRUE(history->repeats);
    ASSERT_EQ(history->changes.size(), 2U * 402U);
    EXPECT_EQ(history->changes[1].at, seconds("2023-10-29T01:00:00Z"));
    EXPECT_EQ(history->changes.back().at, seconds("2424-10-27T01:00:00Z"));
    // Summer time all the year, as RFC 9636 writes it: no change is left.
    file.changes.clear();
    file.offsets = {-14'400};
    file.footer = "\nXXX3EDT4,0/0,J365/23\n";
    const auto summer = read_tzif(file.bytes());
    ASSERT_TRUE(summer.has_value());
    EXPECT_LE(summer->changes.size(), 1U);
}

TEST(Tzif, WhatIsNoZoneIsRefused) {
    const std::string good = File{}.bytes();
    ASSERT_TRUE(read_tzif(good).has_value());
    for (std::size_t length = 0; length < good.size(); ++length) {
        EXPECT_FALSE(read_tzif(std::string_view(good).substr(0, length)).has_value()) << length;
    }
    EXPECT_FALSE(read_tzif(good + "x").has_value());
    EXPECT_FALSE(read_tzif(File{.version = '\0'}.bytes()).has_value());
    EXPECT_FALSE(read_tzif(File{.leap_seconds = 1}.bytes()).has_value());
    EXPECT_FALSE(read_tzif(File{.offsets = {}}.bytes()).has_value());
    EXPECT_FALSE(read_tzif(File{.offsets = {26 * 3'600}}.bytes()).has_value());
    EXPECT_FALSE(read_tzif(File{.offsets = {-25 * 3'600}}.bytes()).has_value());
    EXPECT_FALSE(read_tzif(File{.changes = {{0, 1}}}.bytes()).has_value());
    EXPECT_FALSE(read_tzif(File{.changes = {{1, 0}, {1, 0}}}.bytes()).has_value());
    EXPECT_FALSE(read_tzif(File{.footer = "\nnonsense\n"}.bytes()).has_value());
    std::string huge = good;
    for (std::size_t at = 20; at < 44; ++at) huge[at] = '\xff';
    EXPECT_FALSE(read_tzif(huge).has_value());
}

}  // namespace
}  // namespace duecare::time
