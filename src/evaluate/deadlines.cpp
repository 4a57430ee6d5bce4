// Durations, pauses and intervals of a duty, read on a case.
#include <algorithm>
#include <array>
#include <functional>

#include "evaluate/duty_run.hpp"

namespace duecare::evaluate {

using policy::DurationId;
using policy::DurationRule;
using policy::ExpressionId;
using policy::k_no_expression;
using policy::k_none;

DurationId DutyRun::choose(DurationId id, const Context& context) {
    const DurationRule* rule = &shared_.binding.program.duration(id);
    while (rule->kind == DurationRule::Kind::choose) {
        const policy::Val v = shared_.interpreter.value(rule->expression, context);
        std::size_t which = rule->cases.size();
        DurationId next = rule->otherwise;
        if (v.kind == policy::Val::Kind::text) {
            for (std::size_t i = 0; i < rule->cases.size(); ++i) {
                if (rule->cases[i].first != v.text()) continue;
                which = i;
                next = rule->cases[i].second;
                break;
            }
        }
        if (shared_.coverage != nullptr) ++shared_.coverage->choices[id][which];
        id = next;
        rule = &shared_.binding.program.duration(id);
    }
    return id;
}

bool DutyRun::same_duration(DurationId a, DurationId b) const {
    if (a == b) return true;
    const DurationRule& x = shared_.binding.program.duration(a);
    const DurationRule& y = shared_.binding.program.duration(b);
    return x.kind == DurationRule::Kind::fixed && y.kind == DurationRule::Kind::fixed && x.fixed == y.fixed;
}

Deadline DutyRun::due(DurationId leaf, time::Instant from, const Context& context, bool after) {
    const policy::Program& program = shared_.binding.program;
    const DurationRule& rule = program.duration(leaf);
    Deadline deadline;
    if (rule.kind == DurationRule::Kind::at) {
        const policy::Val v = shared_.interpreter.value(rule.expression, context);
        const auto stamp = v.kind == policy::Val::Kind::text ? time::parse_stamp(v.text()) : std::nullopt;
        if (stamp) {
            deadline.kind = Deadline::Kind::at;
            deadline.at = shared_.binding.end_of(*stamp);
        } else {
            deadline.kind = Deadline::Kind::unassessable;
            deadline.reason = v.is_unknown() ? v.text() : "wrong_type: at";
        }
        return deadline;
    }
    if (rule.fixed.unit == time::Unit::practicable) return deadline;
    find_pauses();
    const time::Due at = after ? time::due_after(from, rule.fixed, program.reckoning, pauses_)
                               : time::due(from, rule.fixed, program.reckoning, pauses_);
    if (at.uncovered) {
        deadline.kind = Deadline::Kind::unassessable;
        deadline.reason =
            shared_.scratch.join("calendar_uncovered: ", program.reckoning.calendars[*at.uncovered].name);
    } else {
        deadline.kind = Deadline::Kind::at;
        deadline.at = at.at;
    }
    return deadline;
}

// The last positions of the instants after which one of the expressions may come out differently: all of
// them where one looks at the event at hand, else the first and those at which one of its facts changed.
void DutyRun::readings(std::span<const ExpressionId> expressions,
                       std::vector<std::uint32_t>& positions) const {
    positions.clear();
    if (view_.events.empty()) return;
    bool every = false;
    for (const ExpressionId id : expressions) {
        const policy::Dependencies& depends = shared_.binding.program.expressions[id].depends;
        every = every || depends.event || depends.trigger || (duty_.across && depends.has_case);
    }
    if (every) {
        for (std::uint32_t p = 0; p < view_.events.size(); p = event(p).last + 1)
            positions.push_back(event(p).last);
        return;
    }
    positions.push_back(event(0).last);
    if (facts_ == nullptr) return;
    const std::uint32_t person =
        key_.person == k_none ? 0 : key_.person - shared_.binding.caseload.cases[view_.kase].persons.begin;
    for (const ExpressionId id : expressions) {
        for (const std::uint32_t fact : shared_.binding.program.expressions[id].depends.facts) {
            for (const FactChange& change : facts_->changes(fact, person))
                positions.push_back(event(change.position).last);
        }
    }
    if (std::is_sorted(positions.begin(), positions.end(), std::less_equal<>())) return;
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
}

void DutyRun::find_pauses() {
    if (pauses_known_) return;
    pauses_known_ = true;
    if (duty_.pause_while == k_no_expression) return;
    std::vector<std::uint32_t>& positions = shared_.work.readings;
    readings(std::span(&duty_.pause_while, 1), positions);
    bool paused = false;
    time::Instant begin = 0;
    for (const std::uint32_t position : positions) {
        const bool now = shared_.interpreter.truth(duty_.pause_while, context(position)).yes();
        if (now && !paused) begin = event(position).earliest;
        if (!now && paused) pauses_.push_back({begin, event(position).earliest});
        paused = now;
    }
    if (paused && begin < as_of()) pauses_.push_back({begin, as_of()});
}

// Where applies, while and for hold together, judged after all events of an instant; unknown counts as false.
void DutyRun::find_intervals() {
    std::vector<Interval>& intervals = shared_.work.intervals;
    intervals.clear();
    std::array<ExpressionId, 3> all{};
    std::size_t count = 0;
    for (const ExpressionId id : {duty_.holds_while, duty_.applies, duty_.for_subject}) {
        if (id != k_no_expression) all[count++] = id;
    }
    const std::span<const ExpressionId> conditions(all.data(), count);
    std::vector<std::uint32_t>& positions = shared_.work.readings;
    readings(conditions, positions);
    bool holding = false;
    for (const std::uint32_t position : positions) {
        const Context at = context(position);
        const bool now = std::all_of(conditions.begin(), conditions.end(), [&](ExpressionId id) {
            return shared_.interpreter.truth(id, at).yes();
        });
        if (now && !holding) intervals.push_back({position, k_none});
        if (!now && holding) intervals.back().closing = position;
        holding = now;
    }
}

}  // namespace duecare::evaluate
