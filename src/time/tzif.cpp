#include "time/tzif.hpp"

#include <algorithm>

#include "time/instant.hpp"
#include "time/posix_rule.hpp"

namespace duecare::time {

namespace {

constexpr std::size_t k_tzif_header_size = 44;
constexpr std::size_t k_type_size = 6;
// RFC 9636, 3.2: more than -25 hours and less than 26.
constexpr std::int64_t k_least_offset = -25 * 3'600 + 1;
constexpr std::int64_t k_greatest_offset = 26 * 3'600 - 1;
// The Gregorian calendar with its weekdays repeats after 400 years; one more closes the circle.
constexpr int k_years_ahead = 401;

std::int64_t read_signed(std::string_view bytes, std::size_t at, std::size_t width) {
    std::uint64_t value = (static_cast<unsigned char>(bytes[at]) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    return static_cast<std::int64_t>(value);
}

/// The counts of a header, and the places of what follows it.
struct Layout {
    std::size_t time_count = 0;
    std::size_t type_count = 0;
    std::size_t leap_count = 0;
    std::size_t times = 0;
    std::size_t indices = 0;
    std::size_t types = 0;
    std::size_t end = 0;
};

/// The block whose header stands at `at`, its times being `width` bytes wide.
std::optional<Layout> read_layout(std::string_view bytes, std::size_t at, std::size_t width) {
    if (bytes.size() < at + k_tzif_header_size || !bytes.substr(at).starts_with("TZif") ||
        bytes[at + 4] < '2') {
        return std::nullopt;
    }
    const auto count = [&](std::size_t index) {
        return static_cast<std::size_t>(read_signed(bytes, at + 20 + 4 * index, 4)) & 0xffff'ffffU;
    };
    Layout layout;
    layout.leap_count = count(2);
    layout.time_count = count(3);
    layout.type_count = count(4);
    layout.times = at + k_tzif_header_size;
    layout.indices = layout.times + layout.time_count * width;
    layout.types = layout.indices + layout.time_count;
    layout.end = layout.types + layout.type_count * k_type_size + count(5) + layout.leap_count * (width + 4) +
                 count(1) + count(0);
    if (layout.end > bytes.size()) return std::nullopt;
    return layout;
}

std::optional<std::vector<std::int64_t>> read_offsets(std::string_view bytes, const Layout& layout) {
    std::vector<std::int64_t> offsets;
    for (std::size_t i = 0; i < layout.type_count; ++i) {
        offsets.push_back(read_signed(bytes, layout.types + i * k_type_size, 4));
        if (offsets.back() < k_least_offset || offsets.back() > k_greatest_offset) return std::nullopt;
    }
    if (offsets.empty()) return std::nullopt;
    return offsets;
}

/// The changes that the file lists, whether or not they change the offset.
bool read_changes(std::string_view bytes, const Layout& layout, const std::vector<std::int64_t>& offsets,
                  std::vector<OffsetChange>& changes) {
    for (std::size_t i = 0; i < layout.time_count; ++i) {
        const std::size_t type = static_cast<unsigned char>(bytes[layout.indices + i]);
        const std::int64_t at = read_signed(bytes, layout.times + 8 * i, 8);
        if (type >= offsets.size() || (!changes.empty() && at <= changes.back().at)) return false;
        changes.push_back({at, offsets[type]});
    }
    return true;
}

/// Lets the rule of the footer go on where the listed changes end.
void extend(const PosixRule& rule, std::vector<OffsetChange>& changes) {
    constexpr std::int64_t k_first_second = k_first_instant / k_micros_per_second;
    constexpr std::int64_t k_last_second = k_last_instant / k_micros_per_second;
    const std::int64_t listed = changes.empty() ? k_first_second : changes.back().at;
    const std::int64_t inside = std::clamp(listed, k_first_second, k_last_second);
    const int year = civil_of(static_cast<Day>((inside - k_first_second) / 86'400) + k_first_day).year;
    for (int ahead = 0; ahead <= k_years_ahead; ++ahead) {
        for (const OffsetChange& change : rule.changes_in(year + ahead)) {
            if (change.at > listed) changes.push_back(change);
        }
    }
}

/// Leaves out what lasts no time, what lies before year 1 and what changes nothing.
void settle(OffsetHistory& history, const std::vector<OffsetChange>& changes) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (i + 1 < changes.size() && changes[i + 1].at <= changes[i].at) continue;
        if (changes[i].at < k_first_instant / k_micros_per_second) {
            history.first_offset = changes[i].offset;
            continue;
        }
        if (changes[i].at > k_last_instant / k_micros_per_second) break;
        const std::int64_t before =
            history.changes.empty() ? history.first_offset : history.changes.back().offset;
        if (changes[i].offset != before) history.changes.push_back(changes[i]);
    }
}

}  // namespace

std::optional<OffsetHistory> read_tzif(std::string_view bytes) {
    // The first block, with times of 32 bits, is for readers that know nothing else.
    const auto skipped = read_layout(bytes, 0, 4);
    if (!skipped) return std::nullopt;
    const auto layout = read_layout(bytes, skipped->end, 8);
    if (!layout || layout->leap_count != 0) return std::nullopt;
    const auto offsets = read_offsets(bytes, *layout);
    std::vector<OffsetChange> changes;
    if (!offsets || !read_changes(bytes, *layout, *offsets, changes)) return std::nullopt;

    std::string_view footer = bytes.substr(layout->end);
    if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') return std::nullopt;
    footer = footer.substr(1, footer.size() - 2);
    OffsetHistory history;
    history.first_offset = offsets->front();
    if (!footer.empty()) {
        const auto rule = PosixRule::parse(footer);
        if (!rule) return std::nullopt;
        history.repeats = rule->has_summer_time();
        if (history.repeats) extend(*rule, changes);
    }
    settle(history, changes);
    return history;
}

}  // namespace duecare::time
