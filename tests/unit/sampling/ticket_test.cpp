#include "sampling/ticket.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace duecare::sampling {
namespace {

constexpr std::string_view k_dice = "31415926535897932384";

std::string refusal(std::string_view seed) {
    try {
        require_seed(seed);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

std::string refusal_of_id(std::string_view id) {
    try {
        require_id(id, "Unit 1");
    } catch (const Error& error) {
        EXPECT_FALSE(is_id(id));
        return error.what();
    }
    EXPECT_TRUE(is_id(id));
    return "";
}

TEST(Ticket, IsTheDigestOfSeedCommaId) {
    // printf '%s' '31415926535897932384,CASE-0001' | sha256sum
    const Ticket ticket = TicketMaker(k_dice).of("CASE-0001");
    EXPECT_EQ(to_hex(ticket), "5f203d2125fb529f506e8ddff407e27069d9f4d3313516aa68e9d38e0ad88119");
    EXPECT_EQ(top53(ticket), 3346946213592938U);
    EXPECT_NEAR(prn(ticket), 0.3715856748513, 1e-13);
    EXPECT_EQ(to_number<U512>(ticket), to_number<Integer>(ticket).convert_to<U512>());
}

TEST(Ticket, DependsOnNothingElse) {
    const TicketMaker maker(k_dice);
    const Ticket first = maker.of("7");
    static_cast<void>(maker.of("07"));
    EXPECT_EQ(maker.of("7"), first);
    EXPECT_NE(maker.of("07"), first);
    EXPECT_NE(maker.of("7 "), first);
    EXPECT_EQ(to_hex(maker.of("Fall-ä/7")),
              "3bb890404f1863b02c3e33b1ceab041fc7ac66e037c4be840ebeff5ad20725de");
    const std::string long_seed(256, '9');
    EXPECT_EQ(to_hex(TicketMaker(long_seed).of("x")), sha256_hex(long_seed + ",x"));
}

TEST(Ticket, SeedsThatAreNone) {
    EXPECT_EQ(refusal("0-9:A_z.+"), "");
    EXPECT_NE(refusal("123 456").find("a space at position 4"), std::string::npos);
    EXPECT_NE(refusal("1,2").find("a comma at position 2"), std::string::npos);
    EXPECT_NE(refusal("12\n").find("a control character at position 3"), std::string::npos);
    EXPECT_NE(refusal("ä").find("beyond ASCII"), std::string::npos);
    EXPECT_NE(refusal("").find("empty"), std::string::npos);
    EXPECT_NE(refusal(std::string(257, '1')).find("257 characters"), std::string::npos);
}

TEST(Ticket, IdsThatAreNone) {
    EXPECT_EQ(refusal_of_id("A,12 b"), "");
    EXPECT_EQ(refusal_of_id("a#"), "");
    EXPECT_NE(refusal_of_id("").find("empty"), std::string::npos);
    EXPECT_NE(refusal_of_id("#start").find("reserved"), std::string::npos);
    EXPECT_NE(refusal_of_id("a\tb").find("position 2"), std::string::npos);
    EXPECT_NE(refusal_of_id("a\x7F").find("control"), std::string::npos);
    EXPECT_NE(refusal_of_id("\xFF").find("UTF-8"), std::string::npos);
}

TEST(Ticket, ShiftGoesRoundTheEnd) {
    const TicketMaker maker(k_dice);
    const Ticket ticket = maker.of("CASE-0001");  // 0.3715...
    EXPECT_NEAR(prn(shifted(ticket, {1, 4})), 0.3715856748513 - 0.25, 1e-12);
    EXPECT_NEAR(prn(shifted(ticket, {1, 2})), 0.3715856748513 + 0.5, 1e-12);
    EXPECT_EQ(shifted(ticket, {}), ticket);
}

TEST(Ticket, PublishedDrawsOfRivestsSampler) {
    EXPECT_EQ(rivest_sampler("0", 3, 1000), (std::vector<Integer>{905, 573, 160}));
    EXPECT_EQ(rivest_sampler("abcde", 3, 1000), (std::vector<Integer>{247, 427, 157}));
    EXPECT_THROW(static_cast<void>(rivest_sampler("0", 1, 0)), Error);
}

}  // namespace
}  // namespace duecare::sampling
