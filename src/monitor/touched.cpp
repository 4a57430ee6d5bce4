#include "monitor/touched.hpp"

#include <algorithm>

namespace duecare::monitor {

using policy::DurationRule;
using policy::Duty;
using policy::k_no_expression;

namespace {

/// What the expressions of one duty look at.
class Looks {
  public:
    Looks(const policy::Program& program, const Duty& duty) : program_(program), owner_(duty.owner) {
        const bool holds = duty.shape == policy::Shape::recur || duty.shape == policy::Shape::last;
        // Judged after every event, whatever its type: what looks at the event at hand may come out
        // otherwise.
        for (const policy::ExpressionId id : {duty.holds_while, duty.applies, duty.for_subject})
            look(id, holds);
        look(duty.pause_while, true);
        for (const policy::ExpressionId id : {duty.on.where, duty.require.where, duty.excused_by.where,
                                              duty.until.where, duty.accounted_by.where, duty.unless,
                                              duty.check, duty.owner, duty.effective_at, duty.per_value})
            look(id, false);
        for (const policy::DurationId id :
             {duty.within, duty.not_before, duty.look_back, duty.first, duty.every, duty.at_most,
              duty.count_within, duty.warn, duty.recorded_within})
            look_at_duration(id, holds);
    }
    [[nodiscard]] bool at_any_event() const noexcept { return any_event_; }
    [[nodiscard]] bool at_fact(std::uint32_t fact) const {
        return std::find(facts_.begin(), facts_.end(), fact) != facts_.end();
    }
    [[nodiscard]] bool owner_at_fact(std::uint32_t fact) const {
        if (owner_ == k_no_expression) return false;
        const std::vector<std::uint32_t>& facts = program_.expressions[owner_].depends.facts;
        return std::find(facts.begin(), facts.end(), fact) != facts.end();
    }
    [[nodiscard]] const std::vector<std::uint32_t>& facts() const noexcept { return facts_; }

  private:
    void look(policy::ExpressionId id, bool at_each_event) {
        if (id == k_no_expression) return;
        const policy::Dependencies& depends = program_.expressions[id].depends;
        facts_.insert(facts_.end(), depends.facts.begin(), depends.facts.end());
        any_event_ = any_event_ || (at_each_event && (depends.event || depends.trigger));
    }
    void look_at_duration(policy::DurationId id, bool at_each_event) {
        if (id == 0 || id >= program_.durations.size()) return;
        const DurationRule& rule = program_.durations[id];
        if (rule.kind != DurationRule::Kind::choose && rule.kind != DurationRule::Kind::at) return;
        look(rule.expression, at_each_event);
        if (rule.kind == DurationRule::Kind::at) return;
        for (const auto& [value, next] : rule.cases) look_at_duration(next, at_each_event);
        look_at_duration(rule.otherwise, at_each_event);
    }

    const policy::Program& program_;
    policy::ExpressionId owner_;
    std::vector<std::uint32_t> facts_;
    bool any_event_ = false;
};

FactBits bit(std::uint32_t fact) noexcept {
    return FactBits{1} << (fact % 64U);
}

// The facts in `marked`, and all that these are made from.
void close_over(const policy::Program& program, std::vector<std::uint8_t>& marked) {
    std::vector<std::uint32_t> open;
    for (std::uint32_t f = 0; f < marked.size(); ++f) {
        if (marked[f] != 0) open.push_back(f);
    }
    const auto look = [&](policy::ExpressionId id) {
        if (id == k_no_expression) return;
        for (const std::uint32_t fact : program.expressions[id].depends.facts) {
            if (marked[fact] == 0) open.push_back(fact);
            marked[fact] = 1;
        }
    };
    while (!open.empty()) {
        const policy::Fact& fact = program.facts[open.back()];
        open.pop_back();
        look(fact.initial);
        for (const policy::FactRule& rule : fact.rules) {
            look(rule.on.where);
            look(rule.to);
        }
    }
}

// `roles`: what the event is to the duty; `looked`: whether the duty looks at what the event changes;
// `owner`: whether that is so of the owner.
Reach reach(const Duty& duty, unsigned roles, bool looked, bool owner) noexcept {
    if (roles == 0 && !looked) return k_stays;
    const bool opens = (roles & evaluate::k_trigger) != 0;
    // Judged on what was there at the trigger.
    const bool at_trigger = duty.shape == policy::Shape::check || duty.shape == policy::Shape::precede;
    const bool each = duty.repeat == policy::Repeat::each && duty.count_at_least == 0 && !duty.across;
    if (at_trigger && each && !owner) return opens ? k_newest : k_past;
    const bool responds = duty.shape == policy::Shape::respond;
    return responds && !opens && !looked ? k_open : k_again;
}

}  // namespace

Touched touched_by(const evaluate::Binding& binding, records::StringId type) {
    const policy::Program& program = binding.program;
    Touched touched;
    touched.facts.assign(program.facts.size(), 0);
    const evaluate::TypeActions actions = binding.actions(type);
    std::vector<unsigned> roles(program.duties.size(), 0);
    for (const records::Range& range : {actions.duties, actions.across}) {
        for (std::uint32_t i = range.begin; i < range.end; ++i) {
            const evaluate::DutyAction& action = binding.duty_actions[i];
            roles[action.duty] |= action.roles;
            const bool opens = (action.roles & evaluate::k_trigger) != 0;
            touched.opens_across = touched.opens_across || (opens && program.duties[action.duty].across);
        }
    }
    for (std::uint32_t d = 0; d < program.duties.size(); ++d) {
        const Duty& duty = program.duties[d];
        const Looks looks(program, duty);
        bool looked = looks.at_any_event();
        bool owner = looked;
        for (std::uint32_t i = actions.facts.begin; i < actions.facts.end; ++i) {
            looked = looked || looks.at_fact(binding.fact_actions[i].fact);
            owner = owner || looks.owner_at_fact(binding.fact_actions[i].fact);
        }
        touched.duties.push_back(reach(duty, roles[d], looked, owner));
        if (touched.duties[d] == k_stays) continue;
        touched.reaches_across = touched.reaches_across || duty.across;
        if (duty.across) continue;
        touched.reaches_open = touched.reaches_open || touched.duties[d] == k_open;
        touched.reached.push_back(d);
        for (const std::uint32_t fact : looks.facts()) touched.facts[fact] = 1;
        if (duty.holds_while == k_no_expression) continue;
        FactBits facts = 0;
        for (const std::uint32_t fact : program.expressions[duty.holds_while].depends.facts)
            facts |= bit(fact);
        touched.whiles.emplace_back(d, facts);
    }
    close_over(program, touched.facts);
    return touched;
}

FactBits facts_set_by(const evaluate::Binding& binding, records::StringId type) {
    FactBits facts = 0;
    const records::Range range = binding.actions(type).facts;
    for (std::uint32_t i = range.begin; i < range.end; ++i) facts |= bit(binding.fact_actions[i].fact);
    return facts;
}

}  // namespace duecare::monitor
