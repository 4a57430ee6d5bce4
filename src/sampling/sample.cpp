#include "sampling/sample.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sampling/sampford.hpp"

namespace duecare::sampling {

namespace {

[[noreturn]] void refuse_sample(const std::string& message) {
    throw Error(Status::invalid_argument, message);
}

std::string in_quotes(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string need_reason(std::string_view reason, const std::string& what) {
    if (reason.empty()) refuse_sample(what + " needs a reason, which goes into the manifest.");
    require_name(reason, "The reason");
    return std::string(reason);
}

std::uint64_t count_in_scope(const GroupSample& group) {
    return static_cast<std::uint64_t>(
        std::count_if(group.drawn.begin(), group.drawn.end(), [](const Drawn& d) { return d.in_scope; }));
}

}  // namespace

Sample::Sample(std::shared_ptr<const Frame> frame, Plan plan, std::string_view seed, std::string origin)
    : frame_(std::move(frame)),
      plan_(std::move(plan)),
      origin_(std::move(origin)),
      maker_(seed),
      population_{*frame_, {}} {
    if (!frame_->finished()) throw Error(Status::invalid_state, "The frame is not finished.");
    require_name(origin_, "The origin of the seed");
    if (needs_sizes(plan_.design) && !frame_->any_size()) {
        refuse_sample("The design " + in_quotes(name_of(plan_.design)) +
                      " draws in proportion to size, and no unit of the frame has one.");
    }
    std::vector<Group> groups = make_groups(*frame_, plan_.takes);
    population_.tickets = make_tickets(*frame_, maker_, plan_.start);
    for (Group& group : groups) {
        groups_.emplace_back();
        groups_.back().group = std::move(group);
        draw(groups_.back());
    }
}

std::vector<std::uint64_t> Sample::sizes_of(const Group& group) const {
    std::vector<std::uint64_t> out;
    out.reserve(group.units.size());
    const bool equal = plan_.design == Design::poisson && !frame_->any_size();
    for (const Unit unit : group.units) out.push_back(equal ? 1 : frame_->size(unit));
    return out;
}

void Sample::draw(GroupSample& into) const {
    if (has_order(plan_.design)) {
        fill(into, stage_);
    } else {
        draw_at_once(into, stage_);
    }
    set_probabilities(into);
}

std::vector<Unit> Sample::order(const GroupSample& of, std::size_t k) const {
    const Group& group = of.group;
    if (!needs_sizes(plan_.design)) return first_by_ticket(population_, group.units, k);
    const std::vector<std::uint64_t> sizes = sizes_of(group);
    const Covered covered = find_certain(sizes, group.n);
    const Rank rank = plan_.design == Design::pareto ? Rank::pareto : Rank::sequential_poisson;
    std::vector<Unit> out;
    for (const Position i : first_by_rank(rank, population_, group.units, sizes, covered, k))
        out.push_back(group.units[i]);
    return out;
}

void Sample::fill(GroupSample& into, std::uint32_t stage) const {
    const std::uint64_t wanted = into.group.n - std::min(into.group.n, count_in_scope(into));
    std::unordered_set<Unit> taken;
    for (const Drawn& drawn : into.drawn) taken.insert(drawn.unit);
    into.next.reset();
    std::uint64_t added = 0;
    for (const Unit unit : order(into, taken.size() + wanted + 1)) {
        if (taken.count(unit) != 0) continue;
        if (added == wanted) {
            into.next = unit;
            break;
        }
        Drawn drawn;
        drawn.unit = unit;
        drawn.rank = into.drawn.size() + 1;
        drawn.stage = stage;
        into.drawn.push_back(std::move(drawn));
        ++added;
    }
}

void Sample::draw_at_once(GroupSample& into, std::uint32_t stage) const {
    const Group& group = into.group;
    std::vector<Position> found;
    if (plan_.design == Design::systematic) {
        for (const std::uint64_t i : systematic_positions(group.units.size(), group.n, uniform(start())))
            found.push_back(static_cast<Position>(i));
    } else {
        const std::vector<std::uint64_t> sizes = sizes_of(group);
        const Covered covered = find_certain(sizes, group.n);
        if (plan_.design == Design::pps_systematic) {
            found = pps_systematic(sizes, covered, start());
        } else if (plan_.design == Design::sampford) {
            Rejective drawn = sampford(sizes, covered, maker_);
            found = std::move(drawn.positions);
            into.tries = drawn.tries;
        } else {
            const std::vector<Fraction> pi = inclusion_probabilities(sizes, covered);
            for (Position i = 0; i < sizes.size(); ++i)
                if (is_below(population_.tickets[group.units[i]], pi[i])) found.push_back(i);
        }
    }
    std::unordered_map<Unit, Drawn> before;  // an extension keeps what is known of them
    for (Drawn& drawn : into.drawn) before.emplace(drawn.unit, std::move(drawn));
    into.drawn.clear();
    for (const Position i : found) {
        Drawn drawn;
        drawn.unit = group.units[i];
        drawn.stage = stage;
        if (const auto old = before.find(drawn.unit); old != before.end()) drawn = old->second;
        drawn.rank = into.drawn.size() + 1;
        into.drawn.push_back(std::move(drawn));
    }
}

void Sample::set_probabilities(GroupSample& into) const {
    const Group& group = into.group;
    into.not_covered.clear();
    if (!needs_sizes(plan_.design) && plan_.design != Design::poisson) {
        const Fraction pi{into.drawn.size(), std::max<std::size_t>(1, group.units.size())};
        for (Drawn& drawn : into.drawn) {
            drawn.pi = pi;
            drawn.certainty = pi.num == pi.den;
        }
        return;
    }
    const std::vector<std::uint64_t> sizes = sizes_of(group);
    // Out-of-scope units were drawn as well: with them the sample is one of so many units.
    const std::uint64_t n = plan_.design == Design::poisson ? group.n : into.drawn.size();
    const Covered covered = find_certain(sizes, n);
    const std::vector<Fraction> pi = inclusion_probabilities(sizes, covered);
    for (Drawn& drawn : into.drawn) {
        const auto at = std::lower_bound(group.units.begin(), group.units.end(), drawn.unit);
        drawn.pi = pi[static_cast<std::size_t>(at - group.units.begin())];
        drawn.certainty = drawn.pi.num == drawn.pi.den;
    }
    for (const Position i : covered.none) into.not_covered.push_back(group.units[i]);
}

void Sample::extend(std::string_view text, std::string_view reason) {
    if (!has_order(plan_.design) && plan_.design != Design::poisson) {
        refuse_sample("A sample by the design " + in_quotes(name_of(plan_.design)) +
                      " cannot be extended; draw anew with another seed, and report both.");
    }
    boost::json::error_code code;
    const boost::json::value value = boost::json::parse(text, code);
    if (code || !value.is_object()) refuse_sample("What to extend to is no JSON object such as {\"n\": 80}.");
    Step step;
    step.takes = read_takes(value.get_object(), "");
    step.takes_text = boost::json::serialize(value);
    step.reason = need_reason(reason, "An extension");
    if (step.takes.whole.has_value() != plan_.takes.whole.has_value())
        refuse_sample(std::string("The plan has ") + (plan_.takes.whole ? "\"n\"" : "\"n_h\"") +
                      "; an extension gives the same.");
    Takes full = step.takes;
    if (!full.whole && !full.others) {  // strata that are not named stay as they are
        for (const GroupSample& group : groups_) {
            const bool named = std::any_of(full.strata.begin(), full.strata.end(),
                                           [&](const auto& e) { return e.first == group.group.name; });
            if (!named)
                full.strata.emplace_back(group.group.name, Take{Take::Kind::count, group.group.n, {}, 0});
        }
    }
    const std::vector<std::uint64_t> numbers = resolve(*frame_, full);
    bool more = false;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
        if (numbers[i] < groups_[i].group.n) {
            refuse_sample("An extension goes from " + std::to_string(groups_[i].group.n) +
                          " units to more, not to " + std::to_string(numbers[i]) + ".");
        }
        more = more || numbers[i] > groups_[i].group.n;
    }
    if (!more) refuse_sample("The extension adds nothing; the sample has that many units.");
    std::vector<GroupSample> changed = groups_;
    ++stage_;
    try {
        for (std::size_t i = 0; i < changed.size(); ++i) {
            changed[i].group.n = numbers[i];
            draw(changed[i]);
        }
        history_.push_back(std::move(step));
    } catch (...) {
        --stage_;
        throw;
    }
    groups_ = std::move(changed);
}

void Sample::mark_out_of_scope(std::string_view id, std::string_view reason) {
    Step step;
    step.kind = Step::Kind::out_of_scope;
    step.id = id;
    step.reason = need_reason(reason, "A unit out of scope");
    for (GroupSample& group : groups_) {
        for (std::size_t i = 0; i < group.drawn.size(); ++i) {
            if (frame_->id(group.drawn[i].unit) != id) continue;
            if (!group.drawn[i].in_scope)
                refuse_sample("The unit " + in_quotes(id) + " is out of scope already.");
            GroupSample changed = group;
            changed.drawn[i].in_scope = false;
            changed.drawn[i].reason = step.reason;
            if (has_order(plan_.design)) {
                fill(changed, stage_);
                if (changed.drawn.size() > group.drawn.size())
                    changed.drawn[i].replaced_by = changed.drawn.back().unit;
                set_probabilities(changed);
            }
            history_.push_back(std::move(step));
            group = std::move(changed);
            return;
        }
    }
    refuse_sample("The unit " + in_quotes(id) +
                  (frame_->find(id) ? " was not drawn." : " is not in the frame."));
}

std::vector<std::string> Sample::warnings() const {
    std::vector<std::string> out;
    for (const GroupSample& group : groups_) {
        const std::size_t units = group.group.units.size();
        const std::uint64_t here = count_in_scope(group);
        const std::string where =
            plan_.takes.whole ? std::string("The sample") : "The stratum " + in_quotes(group.group.name);
        if (units > 0 && here == 0) out.push_back(where + " has no unit: nothing can be said about it.");
        if (units > 1 && here == 1) out.push_back(where + " has one unit: no variance can be estimated.");
        if (has_order(plan_.design) && here < group.group.n)
            out.push_back(where + " ran out of units: " + std::to_string(here) + " of " +
                          std::to_string(group.group.n) + " are in scope.");
        if (!group.not_covered.empty())
            out.push_back(where + " cannot reach " + std::to_string(group.not_covered.size()) +
                          " units of size 0.");
    }
    if (plan_.design == Design::systematic || plan_.design == Design::pps_systematic)
        out.push_back(
            "A systematic draw depends on the order of the frame: the order digest belongs to what is "
            "committed.");
    if (stage_ > 0 && !plan_.has_extension_rule)
        out.push_back(
            "The sample was extended, and the plan has no extension rule: fixed-size confidence "
            "statements do not hold if results were looked at before.");
    return out;
}

}  // namespace duecare::sampling
