#include "evaluate/worker.hpp"

#include <algorithm>
#include <map>

namespace duecare::evaluate {

using policy::Duty;
using policy::k_none;
using policy::Per;
using policy::Shape;

namespace {

Coverage coverage_for(const policy::Program& program) {
    Coverage coverage;
    coverage.expressions.resize(program.expressions.size());
    coverage.choices.resize(program.durations.size());
    for (std::size_t i = 0; i < program.durations.size(); ++i) {
        if (program.durations[i].kind == policy::DurationRule::Kind::choose)
            coverage.choices[i].resize(program.durations[i].cases.size() + 1);
    }
    return coverage;
}

bool has_while(const Duty& duty) {
    return duty.shape == Shape::recur || duty.shape == Shape::last;
}

}  // namespace

Worker::Worker(const Binding& binding, VerdictMask wanted, bool with_coverage, Trace* trace)
    : lasting(std::make_unique<Arena>()),
      coverage(with_coverage ? coverage_for(binding.program) : Coverage()),
      binding_(binding),
      interpreter_(binding, scratch_, with_coverage ? &coverage : nullptr),
      shared_{binding, interpreter_, scratch_, *lasting,
              output,  work_,        wanted,   with_coverage ? &coverage : nullptr,
              trace},
      lanes_(binding.program.duties.size()),
      lane_roles_(binding.program.duties.size(), 0) {
    output.counts.resize(binding.program.duties.size());
    for (std::uint32_t d = 0; d < binding.program.duties.size(); ++d) {
        if (has_while(binding.program.duties[d])) while_duties_.push_back(d);
    }
    // A `while` over facts whose initial values are constants is the same in every case that sets none of
    // them.
    idle_.assign(binding.program.duties.size(), Idle::never);
    for (const std::uint32_t d : while_duties_) {
        const policy::Expression& condition =
            binding.program.expressions[binding.program.duties[d].holds_while];
        bool constant = !condition.depends.event && !condition.depends.has_case && !condition.depends.subject;
        for (const std::uint32_t fact : condition.depends.facts) {
            const policy::ExpressionId initial = binding.program.facts[fact].initial;
            constant = constant &&
                       (initial == policy::k_no_expression || binding.program.expressions[initial].constant);
        }
        if (constant && !with_coverage) idle_[d] = Idle::not_known;
    }
}

bool Worker::idle(std::uint32_t duty) {
    if (idle_[duty] == Idle::never) return false;
    const policy::ExpressionId condition = binding_.program.duties[duty].holds_while;
    for (const std::uint32_t fact : binding_.program.expressions[condition].depends.facts) {
        if (view_.is_set(fact)) return false;
        // Nobody to keep it for: there is nothing to judge, and nothing to be learnt for other cases.
        if (binding_.program.facts[fact].per_subject &&
            binding_.caseload.cases[view_.kase].persons.size() == 0)
            return true;
    }
    if (idle_[duty] == Idle::not_known) {
        Context before;
        before.kase = view_.kase;
        before.view = &view_;
        before.subject = binding_.caseload.cases[view_.kase].persons.begin;
        idle_[duty] = interpreter_.truth(condition, before).yes() ? Idle::never : Idle::yes;
    }
    return idle_[duty] == Idle::yes;
}

void Worker::fill_lanes(bool across) {
    for (const std::uint32_t duty : touched_) {
        lanes_[duty].clear();
        lane_roles_[duty] = 0;
    }
    touched_.clear();
    for (std::uint32_t position = 0; position < view_.events.size(); ++position) {
        const TypeActions& actions =
            binding_.actions(binding_.caseload.event_type[view_.events[position].index]);
        const records::Range range = across ? actions.across : actions.duties;
        for (std::uint32_t i = range.begin; i < range.end; ++i) {
            const DutyAction& action = binding_.duty_actions[i];
            if (!across && among != nullptr && among->duties[action.duty] == Narrowing::k_none) continue;
            if (lane_roles_[action.duty] == 0) touched_.push_back(action.duty);
            lane_roles_[action.duty] = static_cast<std::uint8_t>(lane_roles_[action.duty] | action.roles);
            lanes_[action.duty].push_back({position, action.roles});
        }
    }
}

void Worker::run_case(std::uint32_t kase, std::uint32_t only) {
    scratch_.reset();
    view_.build(binding_, kase);
    output.visible_events += view_.events.size();
    if (view_.events.empty()) return;
    view_.run_facts(binding_, interpreter_, among == nullptr ? nullptr : &among->facts);
    fill_lanes(false);
    // Duties with a trigger in this case, and all with `while`, in the order of the policy.
    duties_.clear();
    for (const std::uint32_t duty : while_duties_) {
        const bool wanted = among == nullptr || among->duties[duty] != Narrowing::k_none;
        if (wanted && !idle(duty)) duties_.push_back(duty);
    }
    for (const std::uint32_t duty : touched_) {
        if ((lane_roles_[duty] & k_trigger) != 0) duties_.push_back(duty);
    }
    std::sort(duties_.begin(), duties_.end());
    for (const std::uint32_t duty : duties_) {
        if (only != k_none && duty != only) continue;
        const std::size_t from = output.findings.size();
        shared_.first_trigger = first_trigger(duty);
        run_duty(duty);
        sort_findings(from);
    }
}

std::uint32_t Worker::first_trigger(std::uint32_t duty) const {
    if (among == nullptr || among->duties[duty] != Narrowing::k_newest) return 0;
    const auto last = static_cast<std::uint32_t>(view_.events.size() - 1);
    return view_.events[last].index == among->event ? last : last + 1;
}

void Worker::run_duty(std::uint32_t index) {
    const Duty& duty = binding_.program.duties[index];
    const std::vector<LaneEvent>& lane = lanes_[index];
    const auto run = [&](const Key& key, std::span<const LaneEvent> events) {
        DutyRun machine(shared_, index, view_, &view_, key, events);
        if (has_while(duty)) {
            machine.run_while();
        } else {
            machine.run_on();
        }
    };
    if (duty.per == Per::whole_case) return run({}, lane);
    if (duty.per == Per::value) return run_keyed_by_value(index, lane);
    const records::Range persons = binding_.caseload.cases[view_.kase].persons;
    for (std::uint32_t p = persons.begin; p < persons.end; ++p) {
        filtered_.clear();
        for (const LaneEvent& entry : lane) {
            if (CaseView::concerns(binding_.caseload, view_.events[entry.position].index, p - persons.begin))
                filtered_.push_back(entry);
        }
        run({binding_.caseload.strings.view(binding_.caseload.persons[p].id), p}, filtered_);
    }
}

void Worker::run_keyed_by_value(std::uint32_t index, const std::vector<LaneEvent>& lane) {
    const Duty& duty = binding_.program.duties[index];
    std::map<std::string_view, std::vector<LaneEvent>> by_key;
    DutyRun unkeyed(shared_, index, view_, &view_, {}, {});
    for (const LaneEvent& entry : lane) {
        Context context;
        context.event = &view_.events[entry.position];
        context.view = &view_;
        context.kase = view_.kase;
        std::string_view text;
        const Truth truth = interpreter_.key(duty.per_value, context, text);
        if (truth.yes()) {
            by_key[text].push_back(entry);
        } else if ((entry.roles & k_trigger) != 0 && entry.position >= shared_.first_trigger) {
            unkeyed.open_without_key(entry.position, truth.reason);
        }
    }
    for (const auto& [text, events] : by_key)
        DutyRun(shared_, index, view_, &view_, {text, k_none}, events).run_on();
}

void Worker::run_person(std::string_view id, const Appearances& appearances, std::uint32_t only) {
    scratch_.reset();
    shared_.first_trigger = 0;
    view_.build_across(binding_, appearances);
    if (view_.events.empty()) return;
    fill_lanes(true);
    std::vector<std::uint32_t> duties = touched_;
    std::sort(duties.begin(), duties.end());
    for (const std::uint32_t duty : duties) {
        if ((lane_roles_[duty] & k_trigger) == 0 || (only != k_none && duty != only)) continue;
        DutyRun(shared_, duty, view_, nullptr, {id, k_none}, lanes_[duty]).run_on();
    }
}

void Worker::set_owners(FindingList& findings, std::size_t from) {
    std::uint32_t built = k_none;
    for (std::size_t i = from; i < findings.size(); ++i) {
        Finding& finding = findings[i];
        const Duty& duty = binding_.program.duties[finding.duty];
        if (!duty.across || duty.owner == policy::k_no_expression) continue;
        if (built != finding.case_index) {
            built = finding.case_index;
            scratch_.reset();
            view_.build(binding_, built);
            view_.run_facts(binding_, interpreter_);
        }
        Context holder;
        holder.view = &view_;
        holder.kase = finding.case_index;
        const records::Range persons = binding_.caseload.cases[built].persons;
        for (std::uint32_t p = persons.begin; p < persons.end; ++p) {
            if (binding_.caseload.strings.view(binding_.caseload.persons[p].id) == finding.key)
                holder.subject = p;
        }
        const time::Instant at =
            finding.due_at == k_no_instant ? binding_.as_of : std::min(finding.due_at, binding_.as_of);
        holder.position = view_.position_at(at);
        const policy::Val v = interpreter_.value(duty.owner, holder);
        if (v.kind == policy::Val::Kind::text) finding.owner = lasting->keep(v.text());
    }
}

void Worker::sort_findings(std::size_t from) {
    if (output.findings.size() - from < 2) return;
    const auto begin = output.findings.begin() + static_cast<std::ptrdiff_t>(from);
    const FindingOrder order{binding_.caseload};
    if (!std::is_sorted(begin, output.findings.end(), order))
        std::stable_sort(begin, output.findings.end(), order);
}

}  // namespace duecare::evaluate
