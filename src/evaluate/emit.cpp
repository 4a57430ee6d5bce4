// From an obligation that has been judged to a finding: flags, owner, evidence.
#include <algorithm>

#include "evaluate/duty_run.hpp"

namespace duecare::evaluate {

using policy::k_no_expression;
using policy::k_none;

namespace {

std::int64_t seconds(std::int64_t micros) {
    return micros <= 0 ? 0 : micros / time::k_micros_per_second;
}

}  // namespace

bool DutyRun::accounted(const Obligation& obligation, time::Instant end) {
    for (const LaneEvent& entry : lane_.subspan(first_reaching(obligation.opened))) {
        if ((entry.roles & k_account) == 0) continue;
        const Event& reason = event(entry.position);
        if (reason.earliest > end) break;
        if (reason.latest < obligation.opened) continue;
        if (where(duty_.accounted_by, entry.position, obligation.trigger).yes()) return true;
    }
    return false;
}

bool DutyRun::recorded_late(std::uint32_t position) {
    if (duty_.recorded_within == 0) return false;
    const policy::DurationRule& rule = shared_.binding.program.duration(duty_.recorded_within);
    const time::Due limit = time::due(event(position).latest, rule.fixed, shared_.binding.program.reckoning);
    return !limit.uncovered && event(position).recorded > limit.at;
}

void DutyRun::set_owner(Finding& finding, time::Instant at) {
    if (duty_.owner == k_no_expression || facts_ == nullptr) return;
    Context holder;
    holder.view = facts_;
    holder.kase = finding.case_index;
    holder.subject = key_.person;
    holder.position = facts_->position_at(at);
    const policy::Val v = shared_.interpreter.value(duty_.owner, holder);
    if (v.kind == policy::Val::Kind::text) finding.owner = shared_.lasting.keep(v.text());
}

void DutyRun::set_evidence(Finding& finding, const Obligation& obligation) {
    std::vector<std::uint32_t>& positions = shared_.work.evidence;
    positions.assign(obligation.counted.begin(), obligation.counted.end());
    positions.push_back(obligation.trigger);
    if (obligation.ending.position != k_none) positions.push_back(obligation.ending.position);
    if (obligation.judged.uncertain != k_none) positions.push_back(obligation.judged.uncertain);
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
    EvidenceList& evidence = shared_.output.evidence;
    finding.evidence_begin = static_cast<std::uint32_t>(evidence.size());
    finding.evidence_count = static_cast<std::uint32_t>(positions.size());
    for (const std::uint32_t position : positions) evidence.push_back(event(position).index);
}

void DutyRun::emit_unopened(std::uint32_t position, std::string_view reason) {
    Obligation obligation;
    obligation.trigger = position;
    obligation.opened = event(position).earliest;
    obligation.due.kind = Deadline::Kind::unassessable;
    obligation.judged = {Verdict::unassessable, reason, k_none};
    obligation.unopened = true;
    responses_.clear();
    finish(obligation);
}

void DutyRun::finish(Obligation& obligation) {
    const Verdict verdict = obligation.judged.verdict;
    ++shared_.output.counts[duty_index_][static_cast<std::size_t>(verdict)];
    if ((shared_.wanted & (1U << static_cast<unsigned>(verdict))) == 0) return;
    const bool ended = obligation.judged_at_trigger || obligation.ending.by != Class::nothing;
    const time::Instant end = obligation.judged_at_trigger ? obligation.opened
                              : ended                      ? obligation.ending.when
                                                           : as_of();
    Finding finding;
    finding.case_index = event(obligation.trigger).kase;
    finding.duty = duty_index_;
    finding.verdict = verdict;
    finding.opened_at = obligation.opened;
    if (obligation.due.is_at()) finding.due_at = obligation.due.at;
    if (ended) finding.ended_at = end;
    // On a grid the next step takes over: what was missed is a period, not a growing delay.
    const bool timed = !obligation.judged_at_trigger && !duty_.schedule && obligation.due.is_at();
    if (timed && (verdict == Verdict::late || verdict == Verdict::missed)) {
        finding.overdue_seconds = seconds(end - obligation.due.at);
    }
    finding.elapsed_seconds = seconds(end - obligation.opened);
    finding.unopened = obligation.unopened;
    finding.missed_periods = obligation.missed_periods;
    finding.trigger_event = event(obligation.trigger).index;
    if (obligation.ending.position != k_none) finding.ending_event = event(obligation.ending.position).index;
    if (obligation.judged.uncertain != k_none)
        finding.uncertain_event = event(obligation.judged.uncertain).index;
    switch (obligation.ending.by) {
        case Class::response:
            finding.end = End::response;
            break;
        case Class::excuse:
            finding.end = End::excuse;
            break;
        case Class::until:
            finding.end = End::until;
            break;
        case Class::nothing:
            finding.end = obligation.judged_at_trigger ? End::judged : End::nothing;
            break;
    }
    finding.flags = obligation.flags;
    const bool open = verdict == Verdict::late || verdict == Verdict::missed || verdict == Verdict::pending;
    if (open && duty_.accounted_by.given() && accounted(obligation, end)) finding.flags |= k_flag_accounted;
    if (verdict == Verdict::pending && duty_.warn != 0 && obligation.due.is_at()) {
        const policy::DurationRule& rule = shared_.binding.program.duration(duty_.warn);
        if (as_of() >= time::look_back(obligation.due.at, rule.fixed, shared_.binding.program.reckoning))
            finding.flags |= k_flag_due_soon;
    }
    if (verdict == Verdict::met && !responses_.empty() && obligation.due.is_at()) {
        const time::Instant limit =
            obligation.judged_at_trigger ? event(obligation.trigger).latest : obligation.due.at;
        const bool all = std::all_of(responses_.begin(), responses_.end(), [&](const Response& r) {
            return r.when > obligation.due.at || event(r.position).recorded > limit;
        });
        if (all) finding.flags |= k_flag_retrospective;
    }
    const bool check = duty_.shape == policy::Shape::check;
    if (check && obligation.judged_at_trigger && recorded_late(obligation.trigger))
        finding.flags |= k_flag_recorded_late;
    if (!check && obligation.ending.by == Class::response && recorded_late(obligation.ending.position))
        finding.flags |= k_flag_recorded_late;
    if (key_.text.data() != nullptr) finding.key = shared_.lasting.keep(key_.text);
    if (obligation.judged.verdict == Verdict::unassessable)
        finding.reason = shared_.lasting.keep(obligation.judged.reason);
    set_owner(finding, obligation.due.is_at() ? std::min(obligation.due.at, as_of()) : as_of());
    set_evidence(finding, obligation);
    shared_.output.findings.push_back(finding);
    if (shared_.trace != nullptr) note_finished(obligation, finding);
}

}  // namespace duecare::evaluate
