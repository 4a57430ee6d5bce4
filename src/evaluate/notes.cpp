// What DutyRun writes down for a trace. Nothing here decides anything: it looks again at what was decided.
#include <algorithm>

#include "evaluate/duty_run.hpp"

namespace duecare::evaluate {

using policy::DurationId;
using policy::DurationRule;
using policy::k_no_expression;
using policy::k_none;
using policy::Shape;

namespace {

constexpr std::size_t k_most_other_keys = 3;  // that a trace lists of one obligation

time::Instant shown(const Deadline& due) {
    return due.is_at() ? due.at : k_no_instant;
}

}  // namespace

void DutyRun::note_due(DurationId rule, DurationId leaf, const Context& at, const Deadline& due) {
    shared_.trace->open.clear();
    Step step;
    step.kind = StepKind::due;
    step.instant = shown(due);
    step.rule = rule;
    step.duration = leaf;
    step.reason = std::string(due.reason);
    const DurationRule& asked = shared_.binding.program.duration(rule);
    if (asked.kind == DurationRule::Kind::choose)
        step.chosen = seen(shared_.interpreter.value(asked.expression, at));
    shared_.trace->open.push_back(std::move(step));
}

void DutyRun::note_retimed(DurationId rule, DurationId leaf, const Context& at, const Deadline& before,
                           const Deadline& now) {
    Step step;
    step.kind = StepKind::retimed;
    step.at = at.event->earliest;
    step.event = at.event->index;
    step.before = shown(before);
    step.instant = shown(now);
    step.rule = rule;
    step.duration = leaf;
    step.reason = std::string(now.reason);
    step.chosen = seen(shared_.interpreter.value(shared_.binding.program.duration(rule).expression, at));
    shared_.trace->open.push_back(std::move(step));
}

void DutyRun::note_pauses(const Obligation& obligation, time::Instant end, std::vector<Step>& steps) const {
    for (const time::Interval& pause : pauses_) {
        if (pause.end <= obligation.opened || pause.begin >= end) continue;
        Step step;
        step.kind = StepKind::paused;
        step.at = std::max(pause.begin, obligation.opened);
        step.instant = pause.end;
        steps.push_back(std::move(step));
    }
}

Deadline DutyRun::earliest_answer(std::uint32_t trigger) {
    if (duty_.not_before == 0) return {Deadline::Kind::at, event(trigger).earliest, {}};
    const Context at = context(trigger);
    return due(choose(duty_.not_before, at), event(trigger).earliest, at);
}

// An event of the right kind, and not what ended the obligation.
void DutyRun::note_candidate(const LaneEvent& entry, std::uint32_t trigger, time::Instant when,
                             std::vector<Step>& steps) {
    Step step;
    step.event = event(entry.position).index;
    step.at = when;
    const Truth truth = where(duty_.require, entry.position, trigger);
    if (!truth.yes()) {
        step.kind = truth.unknown() ? StepKind::uncertain : StepKind::rejected;
        step.reason = std::string(truth.reason);
        step.need = unmet(shared_.interpreter, duty_.require.where, context(entry.position, trigger));
    } else {
        const Deadline from = duty_.shape == Shape::respond ? earliest_answer(trigger) : Deadline();
        if (!from.is_at() || event(entry.position).latest >= from.at) return;
        step.kind = StepKind::rejected;
        step.why = Rejection::too_early;
        step.instant = from.at;
    }
    steps.push_back(std::move(step));
}

void DutyRun::note_candidates(const Obligation& obligation, std::vector<Step>& steps, time::Instant end) {
    const Event& opener = event(obligation.trigger);
    const bool rhythm = duty_.shape == Shape::recur;
    const bool closed = obligation.ending.by == Class::excuse || obligation.ending.by == Class::until;
    bool after_end = false;
    for (const LaneEvent& entry : lane_) {
        if ((entry.roles & k_require) == 0 || entry.position == obligation.trigger) continue;
        if (entry.position == obligation.ending.position) continue;
        const Event& candidate = event(entry.position);
        const time::Instant when = std::max(candidate.earliest, obligation.opened);
        if (candidate.latest < std::max(opener.earliest, rhythm ? obligation.opened : opener.earliest))
            continue;
        if (rhythm && candidate.earliest <= obligation.opened && entry.position < obligation.trigger)
            continue;
        if (when <= end) {
            note_candidate(entry, obligation.trigger, when, steps);
        } else if (!rhythm && closed && !after_end &&
                   where(duty_.require, entry.position, obligation.trigger).yes()) {
            after_end = true;
            Step step;
            step.kind = StepKind::rejected;
            step.why = Rejection::too_late;
            step.event = candidate.index;
            step.at = when;
            step.instant = end;
            steps.push_back(std::move(step));
        }
    }
}

// Of precede: what went before and did not count, and the first that came after.
void DutyRun::note_before(const Obligation& obligation, std::vector<Step>& steps) {
    const Event& opener = event(obligation.trigger);
    const DurationRule& back = shared_.binding.program.duration(duty_.look_back);
    const time::Instant start =
        back.kind == DurationRule::Kind::ever
            ? time::k_first_instant
            : time::look_back(opener.earliest, back.fixed, shared_.binding.program.reckoning);
    std::optional<Step> too_early;
    for (const LaneEvent& entry : lane_) {
        if ((entry.roles & k_require) == 0 || entry.position == obligation.trigger) continue;
        if (entry.position == obligation.ending.position) continue;
        const Event& candidate = event(entry.position);
        const bool before = candidate.latest < start;
        const bool after = candidate.earliest > opener.latest;
        if (!before && !after) {
            note_candidate(entry, obligation.trigger, candidate.earliest, steps);
            continue;
        }
        if (!where(duty_.require, entry.position, obligation.trigger).yes()) continue;
        Step step;
        step.kind = StepKind::rejected;
        step.why = before ? Rejection::too_early : Rejection::too_late;
        step.event = candidate.index;
        step.at = candidate.earliest;
        step.instant = before ? start : opener.earliest;
        if (before) {
            too_early = std::move(step);
            continue;
        }
        steps.push_back(std::move(step));
        break;
    }
    if (too_early) steps.push_back(std::move(*too_early));
}

// Events of the right kind that concern somebody or something else; the lane does not hold them.
void DutyRun::note_other_keys(std::vector<Step>& steps, time::Instant from, time::Instant until) const {
    if (key_.text.data() == nullptr || duty_.across) return;
    std::size_t found = 0;
    for (std::uint32_t position = 0; position < view_.events.size() && found < k_most_other_keys;
         ++position) {
        const Event& candidate = event(position);
        if (candidate.latest < from || candidate.earliest > until) continue;
        const records::Caseload& caseload = shared_.binding.caseload;
        if (!duty_.require.selector.matches(caseload.strings.view(caseload.event_type[candidate.index])))
            continue;
        const auto same = [&](const LaneEvent& entry) { return entry.position == position; };
        if (std::any_of(lane_.begin(), lane_.end(), same)) continue;
        ++found;
        Step step;
        step.kind = StepKind::rejected;
        step.why = Rejection::other_key;
        step.event = candidate.index;
        step.at = candidate.earliest;
        steps.push_back(std::move(step));
    }
}

void DutyRun::note_flags(const Obligation& obligation, const Finding& finding,
                         std::vector<Step>& steps) const {
    for (unsigned bit = 0; bit < k_flag_names.size(); ++bit) {
        if ((finding.flags & (1U << bit)) == 0) continue;
        Step step;
        step.kind = StepKind::flagged;
        step.flag = static_cast<std::uint8_t>(1U << bit);
        if (step.flag == k_flag_imprecise) step.verdict = obligation.harsh;
        const bool check = duty_.shape == Shape::check;
        const std::uint32_t recorded = check ? obligation.trigger : obligation.ending.position;
        if (step.flag == k_flag_recorded_late || step.flag == k_flag_retrospective) {
            step.event = event(recorded).index;
            step.at = event(recorded).recorded;
        }
        if (step.flag == k_flag_recorded_late) {
            const DurationRule& rule = shared_.binding.program.duration(duty_.recorded_within);
            step.instant =
                time::due(event(recorded).latest, rule.fixed, shared_.binding.program.reckoning).at;
        } else if (step.flag == k_flag_retrospective) {
            step.instant =
                obligation.judged_at_trigger ? event(obligation.trigger).latest : obligation.due.at;
        }
        steps.push_back(std::move(step));
    }
}

// When an answer would have counted, and what its own record would have had to say.
void DutyRun::note_answer(const Obligation& obligation, const Finding& finding, Life& life) {
    const Event& opener = event(obligation.trigger);
    if (duty_.shape == Shape::check) {
        life.need = unmet(shared_.interpreter, duty_.check, context(obligation.trigger));
        return;
    }
    if (duty_.shape == Shape::last) {
        life.from = obligation.opened;
        life.until = finding.due_at;
        note_ladders(obligation, life);
        return;
    }
    life.from = obligation.opened;
    if (duty_.shape == Shape::precede) {
        const DurationRule& back = shared_.binding.program.duration(duty_.look_back);
        life.from = back.kind == DurationRule::Kind::ever
                        ? time::k_first_instant
                        : time::look_back(opener.latest, back.fixed, shared_.binding.program.reckoning);
        life.until = opener.earliest;
    } else {
        const bool closed = obligation.ending.by == Class::excuse || obligation.ending.by == Class::until;
        life.until = closed ? std::min(obligation.ending.when, as_of()) : as_of();
        if (obligation.due.is_at()) life.until = std::min(life.until, obligation.due.at);
        if (duty_.shape == Shape::respond) {
            const Deadline from = earliest_answer(obligation.trigger);
            if (from.is_at()) life.from = std::max(life.from, from.at);
        }
    }
    if (duty_.require.where == k_no_expression) return;
    Context at = context(k_none, obligation.trigger);
    at.kase = opener.kase;
    if (facts_ != nullptr) at.position = facts_->position_at(life.until);
    life.need = unmet(shared_.interpreter, duty_.require.where, at);
}

// Other cases of `choose` under which the end would have been in time.
void DutyRun::note_ladders(const Obligation& obligation, Life& life) {
    const DurationRule& rule = shared_.binding.program.duration(duty_.at_most);
    if (rule.kind != DurationRule::Kind::choose || obligation.ending.by == Class::nothing ||
        !obligation.due.is_at())
        return;
    const Context at = context(obligation.trigger);
    for (const auto& [choice, leaf] : rule.cases) {
        if (shared_.binding.program.duration(leaf).kind == DurationRule::Kind::choose) continue;
        const Deadline other = due(leaf, event(obligation.trigger).latest, at);
        if (other.is_at() && other.at > obligation.due.at && obligation.ending.when <= other.at) {
            life.ladders.push_back({choice, other.at});
        }
    }
}

void DutyRun::note_finished(const Obligation& obligation, const Finding& finding) {
    Life life;
    life.finding = finding;
    Step opened;
    opened.event = event(obligation.trigger).index;
    opened.at = obligation.opened;
    const time::Instant ended = finding.ended_at == k_no_instant ? as_of() : finding.ended_at;
    const time::Instant horizon =
        obligation.due.is_at() ? std::max(ended, std::min(obligation.due.at, as_of())) : ended;
    std::vector<Step> steps;
    for (Step& step : shared_.trace->open) {
        if (step.kind != StepKind::due) steps.push_back(std::move(step));
    }
    note_pauses(obligation, obligation.due.is_at() ? obligation.due.at : ended, steps);
    if (duty_.shape == Shape::precede) {
        note_before(obligation, steps);
    } else if (duty_.shape == Shape::respond || duty_.shape == Shape::recur) {
        const bool settled = finding.verdict == Verdict::met || finding.verdict == Verdict::excused;
        note_candidates(obligation, steps,
                        settled || obligation.ending.by != Class::nothing ? ended : horizon);
        note_other_keys(steps, obligation.opened, horizon);
    }
    note_answer(obligation, finding, life);
    if (obligation.ending.by != Class::nothing) {
        Step end;
        end.kind = obligation.ending.by == Class::response ? StepKind::response
                   : obligation.ending.by == Class::excuse ? StepKind::excuse
                                                           : StepKind::until;
        end.event = finding.ending_event;
        const bool precede = duty_.shape == Shape::precede && end.kind == StepKind::response;
        end.at = precede ? event(obligation.ending.position).earliest : obligation.ending.when;
        steps.push_back(std::move(end));
    }
    std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.at < b.at; });
    life.steps.push_back(std::move(opened));
    for (Step& step : shared_.trace->open) {
        if (step.kind == StepKind::due) life.steps.push_back(std::move(step));
    }
    std::move(steps.begin(), steps.end(), std::back_inserter(life.steps));
    note_flags(obligation, finding, life.steps);
    Step judged;
    judged.kind = StepKind::judged;
    judged.at = ended;
    judged.verdict = finding.verdict;
    judged.reason = std::string(finding.reason);
    life.steps.push_back(std::move(judged));
    shared_.trace->open.clear();
    shared_.trace->lives.push_back(std::move(life));
}

}  // namespace duecare::evaluate
