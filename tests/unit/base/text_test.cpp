#include "base/text.hpp"

#include <gtest/gtest.h>

namespace duecare {
namespace {

TEST(Text, EscapesOnlyWhatJsonRequires) {
    std::string out;
    append_json_string(out, std::string_view("a\"b\\c\n\x01 £\0", 11));
    EXPECT_EQ(out, "\"a\\\"b\\\\c\\n\\u0001 £\\u0000\"");
}

TEST(Text, PointerSegmentsAreEscaped) {
    std::string pointer;
    append_pointer(pointer, "a/b~c");
    append_pointer(pointer, std::size_t{12});
    EXPECT_EQ(pointer, "/a~1b~0c/12");
}

TEST(Text, NearestNameFindsSlipsAndNotStrangers) {
    const std::vector<std::string_view> names{"subject", "trigger", "event"};
    EXPECT_EQ(nearest_name("subjcet", names), "subject");
    EXPECT_EQ(nearest_name("evnt", names), "event");
    EXPECT_EQ(nearest_name("parameter", names), "");
    EXPECT_EQ(suggestion("triger", names), " Did you mean \"trigger\"?");
}

TEST(Text, Utf8IsCheckedStrictly) {
    EXPECT_TRUE(is_valid_utf8("plain"));
    EXPECT_TRUE(is_valid_utf8("£ é 漢 😀"));
    EXPECT_FALSE(is_valid_utf8("\xC0\x80"));          // overlong
    EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80"));      // surrogate
    EXPECT_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));  // past U+10FFFF
    EXPECT_FALSE(is_valid_utf8("\xE2\x82"));          // cut off
}

TEST(Text, NumbersDoNotDependOnALocale) {
    std::string out;
    append_decimal(out, 0.1);
    out += ' ';
    append_decimal(out, 3.0);
    out += ' ';
    append_integer(out, INT64_MIN);
    EXPECT_EQ(out, "0.1 3 -9223372036854775808");
}

}  // namespace
}  // namespace duecare
