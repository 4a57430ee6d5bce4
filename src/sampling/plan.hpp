// A plan (duecare.sample-plan/1): how many units are drawn from where, by which design. Written and published
// before the seed is known.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sampling/frame.hpp"

namespace duecare::sampling {

enum class Design {
    srs,
    stratified,
    systematic,
    poisson,
    sequential_poisson,
    pareto,
    pps_systematic,
    sampford,
};

[[nodiscard]] std::string_view name_of(Design design) noexcept;
/// Sizes decide who is drawn. Poisson draws of a frame without sizes have equal probabilities.
[[nodiscard]] bool needs_sizes(Design design) noexcept;
/// There is an order in which further units can be taken.
[[nodiscard]] bool has_order(Design design) noexcept;

/// How many of a number of units.
struct Take {
    enum class Kind { count, all, fraction };
    Kind kind = Kind::count;
    std::uint64_t count = 0;
    Fraction fraction;           // rounded up
    std::uint64_t at_least = 0;  // with a fraction
};

/// Takes for the whole frame, or by stratum.
struct Takes {
    std::optional<Take> whole;
    std::vector<std::pair<std::string, Take>> strata;
    std::optional<Take> others;  // strata that are not named
};

struct Plan {
    Design design = Design::srs;
    Takes takes;
    Fraction start;  // of [0, 1): where the tickets begin (rotation)
    bool has_extension_rule = false;
    std::string text;    // as it was given
    std::string digest;  // SHA-256 of `text`, hex
};

/// @throws Error{invalid_argument} with a JSON pointer.
[[nodiscard]] Plan read_plan(std::string_view text);

/// Reads `n`, or `n_h` and `others`, of `object`.
[[nodiscard]] Takes read_takes(const boost::json::object& object, std::string_view at);

/// The units that are drawn from together, and how many.
struct Group {
    std::string name;         // of the stratum; "" for the whole frame
    std::vector<Unit> units;  // in frame order
    std::uint64_t n = 0;
};

/// @throws Error{invalid_argument}: a stratum that the frame lacks or the plan does not name, n > N.
[[nodiscard]] std::vector<Group> make_groups(const Frame& frame, const Takes& takes);
/// The numbers alone; `groups` and the result are in the same order.
[[nodiscard]] std::vector<std::uint64_t> resolve(const Frame& frame, const Takes& takes);

/// "0.07" is 7/100. @throws Error{invalid_argument} unless it is a decimal from 0 on.
[[nodiscard]] Fraction parse_decimal(std::string_view text, std::string_view at);

}  // namespace duecare::sampling
