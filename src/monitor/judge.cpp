// Judging: a case whole, or no more of it than one event can change; a person across cases.
#include <algorithm>

#include "findings/report.hpp"
#include "monitor/engine.hpp"
#include "policy/program.hpp"

namespace duecare::monitor {

using evaluate::Finding;
using evaluate::k_no_instant;
using evaluate::Verdict;
using records::k_no_string;

namespace {

// Whether nothing that comes later can change it any more, unless its duty looks at that.
bool has_ended(const Held& held) noexcept {
    return held.unopened ||
           (held.ended != k_no_instant && (held.flags & evaluate::k_flag_retrospective) == 0);
}

}  // namespace

Judgement Monitor::Impl::judge(const CaseUnit& unit) {
    clear_cases(work);
    const std::uint32_t kase = unit.store.lay_into(work);
    worker_.output.findings.clear();
    worker_.output.evidence.clear();
    worker_.lasting->reset();
    worker_.run_case(kase);
    Judgement made;
    collect(made, work.cases[kase].all_exact);
    return made;
}

// What the event at that place may touch; null where nothing is known of how far it reaches.
const Touched* Monitor::Impl::touched_at(const CaseUnit& unit, std::size_t at) {
    constexpr unsigned k_inexact = unsigned{records::k_occurred_precision} | records::k_recorded_precision;
    const std::vector<StoredEvent>& events = unit.store.events;
    const StoredEvent& one = events[at];
    if (at == 0 || one.replaces != k_no_string || events[at - 1].occurred == one.occurred) return nullptr;
    if (at + 1 < events.size() && events[at + 1].occurred == one.occurred) return nullptr;
    // The first event that can be seen is the one before or an earlier one, unless that is hidden.
    const StoredEvent& first = events.front();
    if (first.recorded > binding.known_at || first.occurred > binding.as_of) return nullptr;
    if (((first.flags | one.flags) & records::k_withdrawn) != 0) return nullptr;
    const bool plain = std::all_of(events.begin(), events.end(), [&](const StoredEvent& e) {
        return (e.flags & k_inexact) == 0 &&
               (e.replaces == k_no_string || (e.replaces != one.id && e.replaces != first.id));
    });
    return plain ? &touched(one.type) : nullptr;
}

const Touched& Monitor::Impl::touched(StringId type) {
    const auto found = touched_.find(type);
    if (found != touched_.end()) return found->second;
    return touched_.emplace(type, touched_by(binding, type)).first->second;
}

void Monitor::Impl::note_facts(CaseUnit& unit) const {
    for (const StoredEvent& event : unit.store.events) unit.facts |= facts_set_by(binding, event.type);
}

// How far the event at that place reaches in this case, into reach_. False: not at all.
bool Monitor::Impl::find_reach(const CaseUnit& unit, std::size_t at, const Touched& touched) {
    for (const std::uint32_t duty : reached_) reach_[duty] = k_stays;
    reached_.clear();
    reach_.resize(touched.duties.size(), k_stays);
    reached_ = touched.reached;
    const bool newest = at + 1 == unit.store.events.size();
    for (const std::uint32_t duty : touched.reached) {
        const std::uint8_t reach = touched.duties[duty];
        if (!newest || reach == k_again) reach_[duty] = k_again;
        if (newest && reach == k_newest) reach_[duty] = k_newest;
    }
    // Idle: there is no finding, and there will be none.
    for (const auto& [duty, facts] : touched.whiles) {
        if ((facts & unit.facts) == 0 && worker_.known_idle(duty)) reach_[duty] = k_stays;
    }
    if (newest && touched.reaches_open) {
        for (const Held& held : unit.held) {
            if (touched.duties[held.duty] == k_open && !has_ended(held)) reach_[held.duty] = k_again;
        }
    }
    return std::any_of(reached_.begin(), reached_.end(),
                       [&](std::uint32_t duty) { return reach_[duty] != k_stays; });
}

Judgement Monitor::Impl::judge_event(const CaseUnit& unit, std::size_t at, const Touched* touched) {
    if (touched == nullptr) return judge(unit);
    Judgement made;
    made.reach = &reach_;
    if (!find_reach(unit, at, *touched)) {
        made.timing = unit.timing;
        const StoredEvent& event = unit.store.events[at];
        hidden_event(made.timing, {event.occurred, time::Precision::exact},
                     {event.recorded, time::Precision::exact});
        return made;
    }
    const evaluate::Narrowing narrowing{reach_, touched->facts, static_cast<std::uint32_t>(at)};
    worker_.among = &narrowing;
    try {
        made = judge(unit);
    } catch (...) {
        worker_.among = nullptr;
        throw;
    }
    worker_.among = nullptr;
    for (const Held& held : unit.held) {
        if (reach_[held.duty] != k_again) time_finding(made.timing, held, true);
    }
    made.reach = &reach_;
    return made;
}

Judgement Monitor::Impl::judge(const PersonUnit& unit) {
    clear_cases(work);
    worker_.output.findings.clear();
    worker_.output.evidence.clear();
    worker_.lasting->reset();
    evaluate::Appearances appearances;
    bool precise = true;
    for (const auto& [serial, kase] : unit.cases) {
        if (kase == nullptr) continue;
        const std::uint32_t index = kase->store.lay_into(work);
        precise = precise && work.cases[index].all_exact;
        for (std::uint32_t p = 0; p < kase->store.persons.size(); ++p) {
            if (kase->store.persons[p].id == unit.id) appearances.emplace_back(index, p);
        }
    }
    worker_.run_person(work.strings.view(unit.id), appearances);
    worker_.set_owners(worker_.output.findings, 0);
    Judgement made;
    collect(made, precise);
    std::stable_sort(made.held.begin(), made.held.end(),
                     [&](const Held& a, const Held& b) { return before(a, b); });
    return made;
}

Judgement Monitor::Impl::judge_unit(const Unit& unit) {
    const auto person = person_units_.find(unit.serial);
    return person != person_units_.end() ? judge(*person->second) : judge(static_cast<const CaseUnit&>(unit));
}

void Monitor::Impl::collect(Judgement& into, bool precise) {
    const std::size_t count = worker_.output.findings.size();
    into.held.reserve(worker_.among == nullptr ? with_room(count) : count);
    for (const Finding& finding : worker_.output.findings) {
        into.held.push_back(hold(finding));
        time_finding(into.timing, into.held.back(), precise);
    }
    into.timing.restless = into.timing.restless || grids_unseen_;
    hidden_events(into.timing);
}

Held Monitor::Impl::hold(const Finding& finding) {
    const auto text = [&](std::string_view view) {
        return view.data() == nullptr ? k_no_string : work.strings.intern(view);
    };
    const auto event = [&](std::uint32_t index) {
        if (index == evaluate::k_no_event) return k_no_string;
        const records::Range own = work.cases[finding.case_index].events;
        if (index >= own.begin && index < own.end) return work.event_id[index];
        return work.strings.intern(findings::event_name(work, finding.case_index, index));
    };
    Held held;
    held.duty = finding.duty;
    held.case_id = work.cases[finding.case_index].id;
    held.key = text(finding.key);
    held.trigger = event(finding.trigger_event);
    held.ending = event(finding.ending_event);
    held.reason = text(finding.reason);
    held.owner = text(finding.owner);
    held.opened = finding.opened_at;
    held.due = finding.due_at;
    held.ended = finding.ended_at;
    held.missed_periods = finding.missed_periods;
    held.verdict = finding.verdict;
    held.flags = finding.flags;
    held.unopened = finding.unopened;
    return held;
}

// Where it cannot be said when time alone changes a finding, the unit is judged at every step of the clock:
// while a pause may be running, and where the harsh reading of a day runs out earlier than the kind one.
void Monitor::Impl::time_finding(Timing& timing, const Held& held, bool precise) const {
    const policy::Program& program = binding.program;
    const policy::Duty& duty = program.duties[held.duty];
    const bool pending = held.verdict == Verdict::pending;
    timing.restless = timing.restless || (pending && !precise);
    if (held.due == k_no_instant) return;
    const auto offer = [&](time::Instant at) {
        if (at > binding.as_of) timing.as_of = std::min(timing.as_of, at);
    };
    if (pending) {
        offer(held.due + 1);
        timing.next_due = std::min(timing.next_due, held.due);
        if (duty.warn != 0)
            offer(time::look_back(held.due, program.duration(duty.warn).fixed, program.reckoning));
    }
    if (duty.schedule) {  // the next step opens with the end of this one, or with the day after
        offer(held.due + 1);
        offer(held.due + 2);
    }
    if (duty.pause_while != policy::k_no_expression && held.due >= binding.as_of) timing.restless = true;
}

// Events that come into sight as the clock goes on.
void Monitor::Impl::hidden_events(Timing& timing) const {
    for (std::size_t e = 0; e < work.event_count(); ++e) {
        hidden_event(timing, work.occurred(e), work.recorded(e));
    }
}

void Monitor::Impl::hidden_event(Timing& timing, const time::Stamp& occurred,
                                 const time::Stamp& recorded) const {
    const time::Instant from = binding.start_of(occurred);
    const time::Instant known = binding.start_of(recorded);
    if (from > binding.as_of) timing.as_of = std::min(timing.as_of, from);
    if (known > binding.known_at) timing.known_at = std::min(timing.known_at, known);
}

}  // namespace duecare::monitor
