#include "evaluate/binding.hpp"

#include <algorithm>

namespace duecare::evaluate {

using policy::Duty;
using policy::Fact;
using records::StringId;

Binding::Binding(const policy::Program& p, const records::Caseload& c, time::Instant a, time::Instant k)
    : program(p), caseload(c), zone(p.reckoning.zone), as_of(a), known_at(k) {
    bind_paths();
    find_used_facts();
    bind_types();
    for (const Duty& duty : program.duties) has_across = has_across || duty.across;
}

void Binding::bind_paths() {
    paths.clear();
    for (const policy::AttributePath& path : program.paths) {
        records::PathId id = records::k_root_path;
        for (const std::string& key : path) {
            const StringId string = caseload.strings.find(key);
            id = string == records::k_no_string ? records::k_no_path : caseload.paths.find(id, string);
            if (id == records::k_no_path) break;
        }
        paths.push_back(id);
    }
}

void Binding::find_used_facts() {
    fact_used.assign(program.facts.size(), false);
    for (const policy::Expression& expression : program.expressions) {
        for (const std::uint32_t fact : expression.depends.facts) fact_used[fact] = true;
    }
    for (const Fact& fact : program.facts) subject_facts += fact.per_subject ? 1U : 0U;
}

void Binding::bind_types() {
    type_index_.assign(caseload.strings.size(), 0);
    types_.emplace_back();  // index 0: nobody cares
    std::vector<bool> seen(caseload.strings.size(), false);
    for (const StringId type : caseload.event_type) {
        if (seen[type]) continue;
        seen[type] = true;
        bind_type(type);
    }
}

void Binding::bind_type(StringId type) {
    if (type >= type_index_.size()) type_index_.resize(caseload.strings.size(), 0);
    const std::string_view name = caseload.strings.view(type);
    const TypeActions actions = actions_for(name);
    if (actions.facts.size() + actions.duties.size() + actions.across.size() > 0) {
        type_index_[type] = static_cast<std::uint32_t>(types_.size());
        types_.push_back(actions);
    } else if (!is_named(name)) {
        unnamed_.push_back(type);
    }
}

// Documented, or set by a fact that nothing reads.
bool Binding::is_named(std::string_view type) const {
    const std::vector<std::string>& documented = program.documented_events;
    if (std::find(documented.begin(), documented.end(), type) != documented.end()) return true;
    return std::any_of(program.facts.begin(), program.facts.end(), [&](const Fact& fact) {
        return std::any_of(fact.rules.begin(), fact.rules.end(),
                           [&](const policy::FactRule& rule) { return rule.on.selector.matches(type); });
    });
}

TypeActions Binding::actions_for(std::string_view type) {
    TypeActions actions;
    actions.facts.begin = static_cast<std::uint32_t>(fact_actions.size());
    for (std::uint32_t f = 0; f < program.facts.size(); ++f) {
        if (!fact_used[f]) continue;
        for (std::uint32_t r = 0; r < program.facts[f].rules.size(); ++r) {
            if (program.facts[f].rules[r].on.selector.matches(type)) fact_actions.push_back({f, r});
        }
    }
    actions.facts.end = static_cast<std::uint32_t>(fact_actions.size());
    const auto duties = [&](bool across) {
        records::Range range;
        range.begin = static_cast<std::uint32_t>(duty_actions.size());
        for (std::uint32_t d = 0; d < program.duties.size(); ++d) {
            const Duty& duty = program.duties[d];
            if (duty.across != across) continue;
            unsigned roles = 0;
            if (duty.on.selector.matches(type)) roles |= k_trigger;
            if (duty.require.selector.matches(type)) roles |= k_require;
            if (duty.excused_by.selector.matches(type)) roles |= k_excuse;
            if (duty.until.selector.matches(type)) roles |= k_until;
            if (duty.accounted_by.selector.matches(type)) roles |= k_account;
            if (roles != 0) duty_actions.push_back({d, static_cast<std::uint8_t>(roles)});
        }
        range.end = static_cast<std::uint32_t>(duty_actions.size());
        return range;
    };
    actions.duties = duties(false);
    actions.across = duties(true);
    return actions;
}

time::Instant Binding::start_of(const time::Stamp& stamp) const noexcept {
    return stamp.precision == time::Precision::exact ? stamp.micros : zone.to_instant(stamp.micros);
}

time::Instant Binding::end_of(const time::Stamp& stamp) const noexcept {
    if (stamp.precision != time::Precision::day) return start_of(stamp);
    return zone.end_of_day(static_cast<time::Day>(stamp.micros / time::k_micros_per_day -
                                                  (stamp.micros % time::k_micros_per_day < 0 ? 1 : 0)));
}

}  // namespace duecare::evaluate
