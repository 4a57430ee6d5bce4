// Zones: cctz reads a TZif file once, into a table of offsets, and every lookup is in that table, without
// a lock or an allocation.
#include "time/zone.hpp"

#include <absl/time/internal/cctz/include/cctz/time_zone.h>
#include <absl/time/internal/cctz/include/cctz/zone_info_source.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace cctz = absl::time_internal::cctz;

namespace {

// cctz keeps every zone it has read for the life of the process, by name. So that a name can never mean
// two things, the name handed to cctz is this prefix and the whole TZif file itself; equal files are read
// once, whichever data set they come from, and no table from names to files has to be shared or locked.
constexpr std::string_view k_prefix = "duecare:";

class NameSource : public cctz::ZoneInfoSource {
  public:
    explicit NameSource(std::string_view bytes) : rest_(bytes) {}

    std::size_t Read(void* out, std::size_t size) override {
        const std::size_t length = std::min(size, rest_.size());
        std::memcpy(out, rest_.data(), length);
        rest_.remove_prefix(length);
        return length;
    }

    int Skip(std::size_t offset) override {
        if (offset > rest_.size()) return -1;
        rest_.remove_prefix(offset);
        return 0;
    }

  private:
    std::string_view rest_;  // into the name, which outlives the reading of it
};

// The fallback would read files of the machine; it is never called.
std::unique_ptr<cctz::ZoneInfoSource> make_source(
    const std::string& name,
    const std::function<std::unique_ptr<cctz::ZoneInfoSource>(const std::string&)>&) {
    const std::string_view text = name;
    if (!text.starts_with(k_prefix)) return nullptr;
    return std::make_unique<NameSource>(text.substr(k_prefix.size()));
}

}  // namespace

// Takes the place of cctz's weak definition, in this library alone.
namespace absl {
ABSL_NAMESPACE_BEGIN
namespace time_internal::cctz_extension {
ZoneInfoSourceFactory zone_info_source_factory = make_source;
}  // namespace time_internal::cctz_extension
ABSL_NAMESPACE_END
}  // namespace absl

namespace duecare::time {

namespace {

using Seconds = cctz::time_point<cctz::seconds>;

// The calendar, with its weekdays, repeats after 400 years; beyond its table a zone does too.
constexpr std::int64_t k_cycle = 146'097 * k_micros_per_day;

// Local clocks differ from UTC by at most a day and a bit; beyond that everything saturates.
constexpr std::int64_t k_margin = 2 * k_micros_per_day;

/// From `begin` on, the local clock is `offset` ahead of UTC.
struct Step {
    std::int64_t begin = 0;
    std::int64_t offset = 0;
};

/// Offsets as steps over a time line, with an index into them by buckets of 2^42 µs (51 days).
class Steps {
  public:
    explicit Steps(std::int64_t first_offset) : steps_{{INT64_MIN, first_offset}} {}

    void add(const Step& step) { steps_.push_back(step); }
    [[nodiscard]] std::int64_t last_offset() const noexcept { return steps_.back().offset; }

    void build_index() {
        if (steps_.size() == 1) return;
        begin_ = steps_[1].begin;
        end_ = steps_.back().begin;
        std::size_t step = 0;
        for (std::int64_t at = begin_; at <= end_; at += std::int64_t{1} << k_bucket_bits) {
            while (step + 1 < steps_.size() && steps_[step + 1].begin <= at) ++step;
            index_.push_back(static_cast<std::uint32_t>(step));
        }
        repeats_ = end_ - begin_ > k_cycle;
    }

    [[nodiscard]] std::int64_t offset_at(std::int64_t time) const noexcept {
        if (time < begin_ || index_.empty()) return steps_.front().offset;
        if (time >= end_) {
            if (!repeats_) return steps_.back().offset;
            time -= ((time - end_) / k_cycle + 1) * k_cycle;
        }
        std::size_t step = index_[static_cast<std::size_t>((time - begin_) >> k_bucket_bits)];
        while (step + 1 < steps_.size() && steps_[step + 1].begin <= time) ++step;
        return steps_[step].offset;
    }

  private:
    static constexpr unsigned k_bucket_bits = 42;

    std::vector<Step> steps_;
    std::vector<std::uint32_t> index_;
    std::int64_t begin_ = 0;  // the second step: before it there is nothing to look up
    std::int64_t end_ = 0;    // the last step
    bool repeats_ = false;    // after the last step, as 400 years before
};

std::int64_t micros_of(Seconds time) {
    return time.time_since_epoch().count() * k_micros_per_second;
}

}  // namespace

struct Zone::State {
    State(std::string zone_name, std::int64_t first_offset)
        : name(std::move(zone_name)), by_instant(first_offset), by_local(first_offset) {}

    /// Not more than `k_margin` outside the first and the last instant, and the zone's offset.
    [[nodiscard]] std::int64_t unclamped_instant(std::int64_t local_micros) const noexcept {
        const std::int64_t local =
            std::clamp(local_micros, k_first_instant - k_margin, k_last_instant + k_margin);
        return local - by_local.offset_at(local);
    }

    std::string name;
    Steps by_instant;
    /// On the local clock an offset holds until the change would have been reached by the old clock or has
    /// been passed by the new one, whichever is later: the first of two, and the offset before a gap.
    Steps by_local;
};

namespace {

std::int64_t offset_of(const cctz::time_zone& zone, Seconds time) {
    return zone.lookup(time).offset * k_micros_per_second;
}

/// Midnight on the local clock; a day so far out that the product could overflow saturates anyway.
std::int64_t midnight(Day day) noexcept {
    return std::clamp(day, k_first_day - 3, k_last_day + 3) * k_micros_per_day;
}

[[noreturn]] void fail_damaged(std::string_view name) {
    throw Error(Status::data,
                "The time zone data of \"" + std::string(name) + "\" cannot be read: it is damaged.");
}

}  // namespace

Zone Zone::load(std::string_view name, const std::shared_ptr<const ZoneData>& data) {
    const std::string_view bytes = data->find(name);
    if (bytes.empty()) {
        throw Error(Status::not_found, "There is no time zone \"" + std::string(name) + "\"." +
                                           suggestion(name, data->names()) +
                                           " Expected a name of the IANA time zone database (version " +
                                           std::string(data->version()) + "), such as \"Europe/London\".");
    }
    cctz::time_zone zone;
    if (!cctz::load_time_zone(std::string(k_prefix).append(bytes), &zone)) fail_damaged(name);
    Seconds time{cctz::seconds{k_first_instant / k_micros_per_second}};
    const auto state = std::make_shared<State>(std::string(name), offset_of(zone, time));
    cctz::time_zone::civil_transition change;
    while (zone.next_transition(time, &change)) {
        const Seconds next = zone.lookup(change.to).trans;
        if (next <= time) fail_damaged(name);
        time = next;
        const Step step{micros_of(time), offset_of(zone, time)};
        const std::int64_t before = state->by_instant.last_offset();
        if (step.offset == before) continue;
        state->by_instant.add(step);
        state->by_local.add({step.begin + std::max(before, step.offset), step.offset});
    }
    state->by_instant.build_index();
    state->by_local.build_index();
    return Zone(state);
}

Zone Zone::utc() {
    return Zone(std::make_shared<State>("UTC", 0));
}

const std::string& Zone::name() const noexcept {
    return state_->name;
}

Instant Zone::to_instant(std::int64_t local_micros) const noexcept {
    return std::clamp(state_->unclamped_instant(local_micros), k_first_instant, k_last_instant);
}

std::int64_t Zone::to_local(Instant instant) const noexcept {
    const Instant inside = std::clamp(instant, k_first_instant, k_last_instant);
    return inside + state_->by_instant.offset_at(inside);
}

Day Zone::local_day(Instant instant) const noexcept {
    // Shifted so that the quotient rounds down before 1970 too.
    const std::int64_t shifted = to_local(instant) - k_first_instant + k_micros_per_day;
    return static_cast<Day>(shifted / k_micros_per_day) + k_first_day - 1;
}

Instant Zone::start_of_day(Day day) const noexcept {
    return to_instant(midnight(day));
}

Instant Zone::end_of_day(Day day) const noexcept {
    const std::int64_t next = state_->unclamped_instant(midnight(day < INT32_MAX ? day + 1 : day));
    return std::clamp(next - 1, k_first_instant, k_last_instant);
}

}  // namespace duecare::time
