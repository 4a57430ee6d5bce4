// Options that have grown, as the library reads them from callers of every version. Today's structures have
// only one version; this one has had two.
#include "capi/options.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace duecare::capi {

[[noreturn]] void refuse(const std::string& message) {
    throw std::invalid_argument(message);
}

namespace {

struct First {
    std::uint32_t struct_size;
    std::uint32_t flags;
    std::int64_t as_of;
};
struct Second {
    std::uint32_t struct_size;
    std::uint32_t flags;
    std::int64_t as_of;
    std::uint64_t limit;  // added
};
struct Third {
    Second known;
    std::uint64_t later;  // added by a version that this library does not know
};
constexpr std::size_t k_least = sizeof(First);

Second read(const void* given, std::uint32_t known_flags = 1) {
    return need_options(static_cast<const Second*>(given), k_least, known_flags);
}

TEST(Options, OfNobodyAreTheDefaults) {
    const Second options = read(nullptr);
    EXPECT_EQ(options.flags, 0U);
    EXPECT_EQ(options.limit, 0U);
}

TEST(Options, OfTheFirstVersionHaveTheDefaultOfWhatWasAddedSince) {
    struct {
        First options{sizeof(First), 1, 7};
        std::uint64_t not_ours = ~std::uint64_t{0};
    } caller;
    const Second options = read(&caller.options);
    EXPECT_EQ(options.flags, 1U);
    EXPECT_EQ(options.as_of, 7);
    EXPECT_EQ(options.limit, 0U);
}

TEST(Options, OfThisVersionAreReadWhole) {
    const Second given{sizeof(Second), 0, 7, 9};
    EXPECT_EQ(read(&given).limit, 9U);
}

TEST(Options, OfALaterVersionAreReadWhileTheyAskForNothingNew) {
    Third given{{sizeof(Third), 0, 7, 9}, 0};
    EXPECT_EQ(read(&given).limit, 9U);
    given.later = std::uint64_t{1} << 63U;
    EXPECT_THROW(read(&given), std::invalid_argument);
}

TEST(Options, OfNoVersionAreRefused) {
    Third given{{0, 0, 0, 0}, 0};
    for (const std::uint32_t size : {0U, 4U, std::uint32_t{k_least - 1}, k_largest_options + 1, ~0U}) {
        given.known.struct_size = size;
        EXPECT_THROW(read(&given), std::invalid_argument) << size;
    }
}

TEST(Options, OfALaterVersionMayNotHaveItsFlags) {
    const Third given{{sizeof(Third), 2, 0, 0}, 0};
    EXPECT_THROW(read(&given), std::invalid_argument);
    EXPECT_EQ(read(&given, 3).flags, 2U);
}

}  // namespace
}  // namespace duecare::capi
