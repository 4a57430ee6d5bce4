#include "sampling/frame.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sampling/ticket.hpp"

namespace duecare::sampling {

namespace {
constexpr std::size_t k_piece = 1U << 16U;  // bytes of a frame that are hashed at a time

/// So that the next push_back needs no memory.
template <typename T>
void make_room(std::vector<T>& items) {
    if (items.size() == items.capacity()) items.reserve(items.size() < 8 ? 16 : 2 * items.size());
}
}  // namespace

std::string_view Frame::id(Unit unit) const noexcept {
    const std::uint64_t begin = unit == 0 ? 0 : ends_[unit - 1];
    return std::string_view(text_).substr(begin, ends_[unit] - begin);
}

std::uint64_t Frame::size(Unit unit) const noexcept {
    return sizes_[unit] == k_no_size ? 0 : static_cast<std::uint64_t>(sizes_[unit]);
}

void Frame::push(std::string_view id, std::string_view stratum, std::optional<std::int64_t> size) {
    if (finished_) throw Error(Status::invalid_state, "The frame is finished and takes no more units.");
    if (count() == std::numeric_limits<Unit>::max())
        throw Error(Status::limit, "A frame holds at most 4,294,967,295 units.");
    if (!is_id(id)) require_id(id, "Unit " + std::to_string(count() + 1));
    const auto named = [&] {
        std::string out = "Unit " + std::to_string(count() + 1) + " (";
        append_json_string(out, id);
        return out + ")";
    };
    if (size && *size < 0) {
        throw Error(Status::invalid_argument, named() + " has the size " + std::to_string(*size) +
                                                  "; sizes are whole numbers from 0 on. Scale money to its "
                                                  "smallest coin.");
    }
    const std::uint32_t index = stratum_index(stratum, named);
    Stratum& into = strata_[index];
    // Whatever may lack memory comes before what counts the unit in: after a failure nothing has changed.
    make_room(into.units);
    make_room(ends_);
    make_room(stratum_of_);
    make_room(sizes_);
    text_ += id;
    into.units.push_back(static_cast<Unit>(count()));
    stratum_of_.push_back(index);
    sizes_.push_back(size.value_or(k_no_size));
    ends_.push_back(text_.size());
    if (!size) return;
    into.total_size += static_cast<std::uint64_t>(*size);
    total_size_ += static_cast<std::uint64_t>(*size);
    ++sized_;
}

template <typename Named>
std::uint32_t Frame::stratum_index(std::string_view stratum, const Named& named) {
    auto at = std::lower_bound(names_.begin(), names_.end(), stratum,
                               [](const auto& entry, std::string_view name) { return entry.first < name; });
    if (at != names_.end() && at->first == stratum) return at->second;
    require_name(stratum, named() + ": its stratum");
    const auto place = at - names_.begin();
    std::string name(stratum);
    make_room(names_);
    strata_.push_back({name, {}, 0});
    const auto index = static_cast<std::uint32_t>(strata_.size() - 1);
    names_.emplace(names_.begin() + place, std::move(name), index);
    return index;
}

void Frame::push_frame(const Frame& other, std::string_view prefix, std::string_view stratum_prefix) {
    for (Unit unit = 0; unit < other.count(); ++unit) {
        push(std::string(prefix) + std::string(other.id(unit)),
             std::string(stratum_prefix) + other.strata_[other.stratum_of_[unit]].name,
             other.has_size(unit) ? std::optional(other.sizes_[unit]) : std::nullopt);
    }
}

void Frame::truncate(std::size_t left) {
    while (count() > left) {
        const auto unit = static_cast<Unit>(count() - 1);
        Stratum& from = strata_[stratum_of_[unit]];
        from.units.pop_back();
        if (has_size(unit)) {
            from.total_size -= size(unit);
            total_size_ -= size(unit);
            --sized_;
        }
        ends_.pop_back();
        stratum_of_.pop_back();
        sizes_.pop_back();
    }
    // Strata stand in the order of their first units, so that those left empty are the last.
    while (!strata_.empty() && strata_.back().units.empty()) {
        const auto index = static_cast<std::uint32_t>(strata_.size() - 1);
        std::erase_if(names_, [index](const auto& entry) { return entry.second == index; });
        strata_.pop_back();
    }
    text_.resize(ends_.empty() ? 0 : ends_.back());
}

void Frame::sort_ids() {
    by_id_.resize(count());
    std::iota(by_id_.begin(), by_id_.end(), Unit{0});
    const auto less = [this](Unit a, Unit b) { return id(a) < id(b); };
    if (!std::is_sorted(by_id_.begin(), by_id_.end(), less)) std::sort(by_id_.begin(), by_id_.end(), less);
    const auto twice =
        std::adjacent_find(by_id_.begin(), by_id_.end(), [this](Unit a, Unit b) { return id(a) == id(b); });
    if (twice == by_id_.end()) return;
    const auto [first, second] = std::minmax(*twice, *(twice + 1));
    std::string message = "The id ";
    append_json_string(message, id(first));
    message += " stands in the frame twice, as units " + std::to_string(first + 1) + " and " +
               std::to_string(second + 1);
    if (stratum_of_[first] != stratum_of_[second]) {
        message += ", in the strata ";
        append_json_string(message, strata_[stratum_of_[first]].name);
        message += " and ";
        append_json_string(message, strata_[stratum_of_[second]].name);
    }
    throw Error(Status::invalid_argument,
                message + ". Every unit has one place; find out which of the two is right.");
}

void Frame::order_strata() {
    std::vector<std::uint32_t> place(strata_.size());
    std::vector<Stratum> sorted;
    sorted.reserve(strata_.size());  // from here on nothing needs memory
    for (const auto& [name, index] : names_) {
        place[index] = static_cast<std::uint32_t>(sorted.size());
        sorted.push_back(std::move(strata_[index]));
    }
    for (std::uint32_t& stratum : stratum_of_) stratum = place[stratum];
    strata_ = std::move(sorted);
    names_.clear();
}

void Frame::append_line(std::string& out, Unit unit) const {
    out += id(unit);
    out += '\t';
    out += strata_[stratum_of_[unit]].name;
    out += '\t';
    if (has_size(unit)) append_integer(out, sizes_[unit]);
    out += '\n';
}

void Frame::finish() {
    if (finished_) return;
    sort_ids();
    Sha256 hash;
    std::string piece;
    const auto flush = [&](std::size_t least) {
        if (piece.size() < least) return;
        hash.update(piece);
        piece.clear();
    };
    for (const Unit unit : by_id_) {
        append_line(piece, unit);
        flush(k_piece);
    }
    flush(1);
    std::string digest = to_hex(hash.finish());
    for (Unit unit = 0; unit < count(); ++unit) {
        piece += id(unit);
        piece += '\n';
        flush(k_piece);
    }
    flush(1);
    std::string order_digest = to_hex(hash.finish());
    order_strata();
    digest_ = std::move(digest);
    order_digest_ = std::move(order_digest);
    finished_ = true;
}

std::string Frame::canonical() const {
    std::string out;
    for (const Unit unit : by_id_) append_line(out, unit);
    return out;
}

std::optional<Unit> Frame::find(std::string_view wanted) const {
    const auto at = std::lower_bound(by_id_.begin(), by_id_.end(), wanted,
                                     [this](Unit unit, std::string_view name) { return id(unit) < name; });
    if (at == by_id_.end() || id(*at) != wanted) return std::nullopt;
    return *at;
}

std::optional<std::uint32_t> Frame::find_stratum(std::string_view name) const {
    const auto at =
        std::lower_bound(strata_.begin(), strata_.end(), name,
                         [](const Stratum& entry, std::string_view text) { return entry.name < text; });
    if (at == strata_.end() || at->name != name) return std::nullopt;
    return static_cast<std::uint32_t>(at - strata_.begin());
}

}  // namespace duecare::sampling
