// Zones: the TZif file is read once into tables of offsets, and every lookup is in those tables, without a
// lock or an allocation.
#include "time/zone.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "time/tzif.hpp"

namespace duecare::time {

namespace {

// The calendar, with its weekdays, repeats after 400 years; beyond its table a zone does too.
constexpr std::int64_t k_cycle = 146'097 * k_micros_per_day;

// Local clocks differ from UTC by at most a day and a bit; beyond that everything saturates.
constexpr std::int64_t k_margin = 2 * k_micros_per_day;

}  // namespace

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

    /// @param repeats After the last step everything goes on as 400 years before.
    void build_index(bool repeats) {
        if (steps_.size() == 1) return;
        begin_ = steps_[1].begin;
        end_ = steps_.back().begin;
        std::size_t step = 0;
        for (std::int64_t at = begin_; at <= end_; at += std::int64_t{1} << k_bucket_bits) {
            while (step + 1 < steps_.size() && steps_[step + 1].begin <= at) ++step;
            index_.push_back(static_cast<std::uint32_t>(step));
        }
        // Less than a cycle of steps cannot be repeated.
        repeats_ = repeats && end_ - begin_ > k_cycle;
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

/// Midnight on the local clock; a day so far out that the product could overflow saturates anyway.
std::int64_t midnight(Day day) noexcept {
    return std::clamp(day, k_first_day - 3, k_last_day + 3) * k_micros_per_day;
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
    const auto history = read_tzif(bytes);
    if (!history) {
        throw Error(Status::data,
                    "The time zone data of \"" + std::string(name) + "\" cannot be read: it is damaged.");
    }
    const auto state =
        std::make_shared<State>(std::string(name), history->first_offset * k_micros_per_second);
    for (const OffsetChange& change : history->changes) {
        const Step step{change.at * k_micros_per_second, change.offset * k_micros_per_second};
        state->by_local.add(
            {step.begin + std::max(state->by_instant.last_offset(), step.offset), step.offset});
        state->by_instant.add(step);
    }
    state->by_instant.build_index(history->repeats);
    state->by_local.build_index(history->repeats);
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
