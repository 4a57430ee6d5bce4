// The frame: every unit that can be drawn, with its stratum and its size. Immutable once finished.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sampling/wide.hpp"

namespace duecare::sampling {

/// A unit by its place in the frame.
using Unit = std::uint32_t;

struct Stratum {
    std::string name;         // "" where no stratum was given
    std::vector<Unit> units;  // in frame order
    U128 total_size = 0;      // of the units that have a size
};

class Frame {
  public:
    /// @param size none: the unit has none. Negative sizes are an error.
    /// @throws Error{invalid_argument}: an id, name or size that is none. Error{invalid_state}: finished.
    void push(std::string_view id, std::string_view stratum, std::optional<std::int64_t> size);
    /// Every unit of `other`, with `prefix` before its id and `stratum_prefix` before its stratum.
    void push_frame(const Frame& other, std::string_view prefix, std::string_view stratum_prefix);
    /// Takes back the last units, so that `count` are left.
    void truncate(std::size_t count);
    /// Closes the frame. @throws Error{invalid_argument} naming an id that stands in it twice.
    void finish();

    [[nodiscard]] bool finished() const noexcept { return finished_; }
    [[nodiscard]] std::size_t count() const noexcept { return ends_.size(); }
    [[nodiscard]] std::string_view id(Unit unit) const noexcept;
    [[nodiscard]] std::uint32_t stratum_of(Unit unit) const noexcept { return stratum_of_[unit]; }
    [[nodiscard]] bool has_size(Unit unit) const noexcept { return sizes_[unit] != k_no_size; }
    /// 0 where there is none.
    [[nodiscard]] std::uint64_t size(Unit unit) const noexcept;
    /// The unit of that id in a finished frame.
    [[nodiscard]] std::optional<Unit> find(std::string_view id) const;

    /// In the order of the UTF-8 bytes of their names.
    [[nodiscard]] const std::vector<Stratum>& strata() const noexcept { return strata_; }
    /// The index of the stratum, or nothing.
    [[nodiscard]] std::optional<std::uint32_t> find_stratum(std::string_view name) const;
    [[nodiscard]] const U128& total_size() const noexcept { return total_size_; }
    [[nodiscard]] bool any_size() const noexcept { return sized_ > 0; }

    /// One line a unit, `id \t stratum \t size \n`, sorted by the bytes of the id.
    [[nodiscard]] std::string canonical() const;
    /// SHA-256 of canonical(), hex.
    [[nodiscard]] const std::string& digest() const noexcept { return digest_; }
    /// SHA-256 of the ids in frame order, each followed by LF: what a systematic draw depends on besides.
    [[nodiscard]] const std::string& order_digest() const noexcept { return order_digest_; }

  private:
    static constexpr std::int64_t k_no_size = -1;
    /// Of a new stratum, if there is none of that name. `named` names the unit.
    template <typename Named>
    [[nodiscard]] std::uint32_t stratum_index(std::string_view stratum, const Named& named);
    void append_line(std::string& out, Unit unit) const;
    void sort_ids();
    void order_strata();

    std::string text_;                 // all ids, one after the other
    std::vector<std::uint64_t> ends_;  // of each id in `text_`
    std::vector<std::uint32_t> stratum_of_;
    std::vector<std::int64_t> sizes_;
    std::vector<Stratum> strata_;
    std::vector<std::pair<std::string, std::uint32_t>> names_;  // sorted; until finished
    std::vector<Unit> by_id_;
    U128 total_size_ = 0;
    std::size_t sized_ = 0;
    std::string digest_;
    std::string order_digest_;
    bool finished_ = false;
};

}  // namespace duecare::sampling
