#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "time/zone.hpp"

namespace duecare::time {
namespace {

std::string bundle() {
    std::ifstream file(DUECARE_ZONE_BUNDLE, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_u64(std::string& bytes, std::size_t at, std::uint64_t value) {
    for (std::size_t i = 0; i < 8; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i) & 0xff);
}

/// Makes the digest right again after a change to the contents.
std::string sealed(std::string bytes) {
    std::uint64_t digest = 0xcbf29ce484222325U;
    for (std::size_t i = 0; i + 8 < bytes.size(); ++i) {
        digest = (digest ^ static_cast<unsigned char>(bytes[i])) * 0x100000001b3U;
    }
    write_u64(bytes, bytes.size() - 8, digest);
    return bytes;
}

TEST(ZoneData, EmbedsEveryNameInOrderWithItsVersion) {
    const auto data = ZoneData::embedded();
    const auto names = data->names();
    EXPECT_GT(names.size(), 400U);
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
    for (const char* name : {"UTC", "Europe/London", "GB", "Europe/Belfast", "Etc/GMT+12", "US/Eastern",
                             "America/Argentina/Buenos_Aires"}) {
        EXPECT_TRUE(std::binary_search(names.begin(), names.end(), name)) << name;
        EXPECT_TRUE(data->find(name).starts_with("TZif")) << name;
    }
    EXPECT_EQ(data->find("GB").data(), data->find("Europe/London").data()) << "equal files are stored once";
    for (const char* name : {"", "posix/UTC", "right/UTC", "localtime", "Factory", "zone.tab", "ZZZ"}) {
        EXPECT_TRUE(data->find(name).empty()) << name;
    }
    ASSERT_GE(data->version().size(), 5U);
    EXPECT_TRUE(data->version().starts_with("20")) << data->version();
}

TEST(ZoneData, AReplacementIsReadLikeTheEmbeddedData) {
    const auto data = ZoneData::from_bytes(bundle());
    const auto embedded = ZoneData::embedded();
    EXPECT_EQ(data->version(), embedded->version());
    EXPECT_EQ(data->names(), embedded->names());
    for (const std::string_view name : data->names()) EXPECT_EQ(data->find(name), embedded->find(name));
}

TEST(ZoneData, ReplacedDataDoesNotMixWithTheEmbedded) {
    // A bundle whose London is what New York is.
    std::string bytes = bundle();
    const auto original = ZoneData::from_bytes(bytes);
    const auto names = original->names();
    const auto index_of = [&names](std::string_view name) {
        return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    };
    const auto place = [&](std::string_view name) { return 24 + index_of(name) * 16 + 8; };
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(place("America/New_York")), 8,
                bytes.begin() + static_cast<std::ptrdiff_t>(place("Europe/London")));
    const auto replaced = ZoneData::from_bytes(sealed(bytes));
    const Instant noon = 12 * k_micros_per_hour;
    EXPECT_EQ(Zone::load("Europe/London", ZoneData::embedded()).to_local(noon), noon + k_micros_per_hour);
    EXPECT_EQ(Zone::load("Europe/London", replaced).to_local(noon), noon - 5 * k_micros_per_hour);
    EXPECT_EQ(Zone::load("Europe/London", original).to_local(noon), noon + k_micros_per_hour);
}

void expect_rejected(std::string bytes, std::string_view part) {
    try {
        (void)ZoneData::from_bytes(std::move(bytes));
        ADD_FAILURE() << "accepted, where expected: " << part;
    } catch (const Error& error) {
        EXPECT_EQ(error.status(), Status::data);
        EXPECT_NE(std::string_view(error.what()).find(part), std::string_view::npos) << error.what();
    }
}

TEST(ZoneData, AnythingElseIsRejected) {
    const std::string good = bundle();
    expect_rejected("", "does not begin");
    expect_rejected("{}", "does not begin");
    expect_rejected("dczones1", "too short");
    expect_rejected(good.substr(0, good.size() - 1), "digest");
    expect_rejected(good + '\0', "digest");
    std::string damaged = good;
    damaged[good.size() / 2] = static_cast<char>(damaged[good.size() / 2] ^ 1);
    expect_rejected(damaged, "digest");
    std::string short_header = good;
    short_header[8] = static_cast<char>(short_header[8] ^ 1);
    expect_rejected(sealed(short_header), "size");
    std::string outside = good;
    outside[24 + 11] = '\x7f';
    expect_rejected(sealed(outside), "outside");
    std::string swapped = good;
    std::swap_ranges(swapped.begin() + 24, swapped.begin() + 32, swapped.begin() + 40);
    expect_rejected(sealed(swapped), "order");
    std::string no_zone = good;
    no_zone[24 + 8] = static_cast<char>(no_zone[24 + 8] ^ 1);
    expect_rejected(sealed(no_zone), "TZif");
}

TEST(ZoneData, AZoneThatIsDamagedInsideIsAnError) {
    // A bundle of one zone: a TZif file with nothing after its magic.
    std::string bytes = "dczones1";
    const auto put = [&bytes](std::uint32_t value) {
        for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(value >> (8 * i) & 0xff));
    };
    for (const std::uint32_t value : {1U, 5U, 1U, 6U, 0U, 1U, 0U, 6U}) put(value);
    bytes +=
        "2026b"
        "A"
        "TZif2\n";
    bytes.append(8, '\0');
    const auto data = ZoneData::from_bytes(sealed(bytes));
    EXPECT_EQ(data->version(), "2026b");
    EXPECT_EQ(data->names(), std::vector<std::string_view>{"A"});
    EXPECT_THROW((void)Zone::load("A", data), Error);
}

}  // namespace
}  // namespace duecare::time
