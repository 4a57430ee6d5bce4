// A sample: what a plan, a seed and what happened since make of a frame. Nothing in it is chosen by hand:
// everything follows from the frame, the plan, the seed and the history.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sampling/order.hpp"
#include "sampling/plan.hpp"
#include "sampling/pps.hpp"

namespace duecare::sampling {

/// A unit that was drawn.
struct Drawn {
    Unit unit = 0;
    std::uint64_t rank = 0;   // 1-based, in the order of its group, out-of-scope units counted
    std::uint32_t stage = 0;  // 0: the first draw; k: the k-th extension
    bool certainty = false;
    bool in_scope = true;
    std::string reason;               // why it is out of scope
    std::optional<Unit> replaced_by;  // by what came next in order
    Fraction pi;
};

/// What was drawn from one group.
struct GroupSample {
    Group group;
    std::vector<Drawn> drawn;       // by rank
    std::optional<Unit> next;       // the first that was not drawn, where there is an order
    std::vector<Unit> not_covered;  // size 0: can never be drawn
    std::uint64_t tries = 0;        // Sampford
};

/// What happened after the draw, in the order in which it did.
struct Step {
    enum class Kind { extend, out_of_scope };
    Kind kind = Kind::extend;
    Takes takes;             // extend
    std::string takes_text;  // the same as JSON, for the manifest
    std::string id;          // out of scope
    std::string reason;
};

class Sample {
  public:
    /// @throws Error{invalid_argument}: the plan does not fit the frame, the seed is none.
    Sample(std::shared_ptr<const Frame> frame, Plan plan, std::string_view seed, std::string origin);

    /// Takes the next units of the same order, up to the greater numbers of `json` ({"n": 80}, or
    /// {"n_h": {...}} as in a plan). A failure changes nothing.
    void extend(std::string_view json, std::string_view reason);
    /// Notes that a unit does not belong to what is audited; the next in order takes its place where the
    /// design has an order. A file that is missing is not out of scope.
    void mark_out_of_scope(std::string_view id, std::string_view reason);

    [[nodiscard]] const Frame& frame() const noexcept { return *frame_; }
    [[nodiscard]] const Plan& plan() const noexcept { return plan_; }
    [[nodiscard]] const std::string& seed() const noexcept { return maker_.seed(); }
    [[nodiscard]] const std::string& origin() const noexcept { return origin_; }
    [[nodiscard]] const std::vector<GroupSample>& groups() const noexcept { return groups_; }
    [[nodiscard]] const std::vector<Step>& history() const noexcept { return history_; }
    [[nodiscard]] const Ticket& ticket(Unit unit) const noexcept { return population_.tickets[unit]; }
    /// T(seed, "#start").
    [[nodiscard]] Ticket start() const { return maker_.of("#start"); }
    /// What an auditor has to know: nothing can be said about a stratum, no variance, extension unplanned.
    [[nodiscard]] std::vector<std::string> warnings() const;

  private:
    void draw(GroupSample& into) const;
    void fill(GroupSample& into, std::uint32_t stage) const;
    void draw_at_once(GroupSample& into, std::uint32_t stage) const;
    void set_probabilities(GroupSample& into) const;
    [[nodiscard]] std::vector<Unit> order(const GroupSample& of, std::size_t k) const;
    [[nodiscard]] std::vector<std::uint64_t> sizes_of(const Group& group) const;

    std::shared_ptr<const Frame> frame_;
    Plan plan_;
    std::string origin_;
    TicketMaker maker_;
    Population population_;
    std::vector<GroupSample> groups_;
    std::vector<Step> history_;
    std::uint32_t stage_ = 0;
};

}  // namespace duecare::sampling
