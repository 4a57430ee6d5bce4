#include "evaluate/view.hpp"

#include <algorithm>

#include "evaluate/interpreter.hpp"

namespace duecare::evaluate {

using policy::Val;

void CaseView::build(const Binding& binding, std::uint32_t which) {
    events.clear();
    kase = which;
    precise = true;
    collect(binding, which);
    if (!binding.caseload.cases[which].in_order) order(binding, false);
    mark_instants();
}

void CaseView::build_across(const Binding& binding,
                            std::span<const std::pair<std::uint32_t, std::uint32_t>> appearances) {
    events.clear();
    precise = true;
    std::size_t kept = 0;
    for (const auto& [which, person] : appearances) {
        const records::Case& record = binding.caseload.cases[which];
        collect(binding, which);
        for (std::size_t i = kept; i < events.size(); ++i) {
            if (binding.actions(binding.caseload.event_type[events[i].index]).across.size() == 0) continue;
            if (!concerns(binding.caseload, events[i].index, person)) continue;
            events[kept] = events[i];
            events[kept].person = record.persons.begin + person;
            ++kept;
        }
        events.resize(kept);
    }
    order(binding, true);
    mark_instants();
}

void CaseView::collect(const Binding& binding, std::uint32_t which) {
    const records::Caseload& caseload = binding.caseload;
    const records::Case& record = caseload.cases[which];
    const bool corrected = record.corrections.size() > 0;
    if (corrected) {
        replaced_.assign(record.events.size(), false);
        for (std::uint32_t c = record.corrections.begin; c < record.corrections.end; ++c) {
            const records::Correction& correction = caseload.corrections[c];
            if (binding.start_of(caseload.recorded(correction.by)) <= binding.known_at) {
                replaced_[correction.replaced - record.events.begin] = true;
            }
        }
    }
    for (std::uint32_t e = record.events.begin; e < record.events.end; ++e) {
        Event event;
        event.index = e;
        event.kase = which;
        if (record.all_exact) {
            event.earliest = event.latest = caseload.event_occurred[e];
            event.recorded = caseload.event_recorded[e];
        } else {
            const time::Stamp occurred = caseload.occurred(e);
            event.earliest = binding.start_of(occurred);
            event.latest =
                occurred.precision == time::Precision::day ? binding.end_of(occurred) : event.earliest;
            event.recorded = binding.start_of(caseload.recorded(e));
        }
        if (event.recorded > binding.known_at || event.earliest > binding.as_of) continue;
        if ((caseload.event_flags[e] & records::k_withdrawn) != 0) continue;
        if (corrected && replaced_[e - record.events.begin]) continue;
        precise = precise && event.earliest == event.latest;
        events.push_back(event);
    }
}

void CaseView::order(const Binding& binding, bool across) {
    const records::Caseload& caseload = binding.caseload;
    std::sort(events.begin(), events.end(), [&](const Event& a, const Event& b) {
        if (a.earliest != b.earliest) return a.earliest < b.earliest;
        if (a.recorded != b.recorded) return a.recorded < b.recorded;
        if (across && a.kase != b.kase) {
            return caseload.strings.view(caseload.cases[a.kase].id) <
                   caseload.strings.view(caseload.cases[b.kase].id);
        }
        return caseload.strings.view(caseload.event_id[a.index]) <
               caseload.strings.view(caseload.event_id[b.index]);
    });
}

void CaseView::mark_instants() {
    for (std::size_t i = events.size(); i-- > 0;) {
        const bool same = i + 1 < events.size() && events[i + 1].earliest == events[i].earliest;
        events[i].last = same ? events[i + 1].last : static_cast<std::uint32_t>(i);
    }
}

bool CaseView::concerns(const records::Caseload& caseload, std::uint32_t event,
                        std::uint32_t person) noexcept {
    const records::Range range = caseload.subjects_of_event(event);
    if (range.size() == 0) return true;
    for (std::uint32_t i = range.begin; i < range.end; ++i) {
        if (caseload.subjects[i] == person) return true;
    }
    return false;
}

std::uint32_t CaseView::position_at(time::Instant instant) const noexcept {
    const auto after =
        std::upper_bound(events.begin(), events.end(), instant,
                         [](time::Instant at, const Event& event) { return at < event.earliest; });
    return after == events.begin() ? policy::k_none : static_cast<std::uint32_t>(after - events.begin() - 1);
}

Val CaseView::fact(std::uint32_t fact, std::uint32_t person, std::uint32_t position) const noexcept {
    const std::uint32_t at = slot(fact, person);
    const std::vector<FactChange>& list = changes_[at];
    if (position == policy::k_none) return initial_[at];
    // Mostly the newest one is wanted.
    for (std::size_t i = list.size(); i-- > 0;) {
        if (list[i].position <= position) return list[i].value;
        if (list.size() - i > 8) {
            const auto after =
                std::upper_bound(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(i), position,
                                 [](std::uint32_t p, const FactChange& c) { return p < c.position; });
            return after == list.begin() ? initial_[at] : (after - 1)->value;
        }
    }
    return initial_[at];
}

void CaseView::run_facts(const Binding& binding, Interpreter& interpreter,
                         const std::vector<std::uint8_t>* wanted) {
    const std::vector<policy::Fact>& facts = binding.program.facts;
    if (facts.empty()) return;
    for (const std::uint32_t slot : touched_) changes_[slot].clear();
    touched_.clear();
    set_.assign(facts.size(), false);
    const records::Case& record = binding.caseload.cases[kase];
    if (slots_.empty()) {
        for (const policy::Fact& fact : facts) per_subject_.push_back(fact.per_subject);
        slots_.resize(facts.size());
    }
    slot_count_ = 0;
    for (std::uint32_t f = 0; f < facts.size(); ++f) {
        slots_[f] = slot_count_;
        slot_count_ += facts[f].per_subject ? record.persons.size() : 1U;
    }
    if (changes_.size() < slot_count_) changes_.resize(slot_count_);
    initial_.assign(slot_count_, Val());
    for (std::uint32_t f = 0; f < facts.size(); ++f) {
        if (wanted != nullptr && (*wanted)[f] == 0) continue;
        if (!binding.fact_used[f] || facts[f].initial == policy::k_no_expression) continue;
        const std::uint32_t end = f + 1 < facts.size() ? slots_[f + 1] : slot_count_;
        for (std::uint32_t s = slots_[f]; s < end; ++s) {
            Context context;
            context.kase = kase;
            context.view = this;
            if (facts[f].per_subject) context.subject = record.persons.begin + (s - slots_[f]);
            initial_[s] = interpreter.value(facts[f].initial, context);
        }
    }
    for (std::uint32_t position = 0; position < events.size(); ++position)
        set_facts(binding, interpreter, position, wanted);
}

void CaseView::set_facts(const Binding& binding, Interpreter& interpreter, std::uint32_t position,
                         const std::vector<std::uint8_t>* wanted) {
    const records::Caseload& caseload = binding.caseload;
    const Event& event = events[position];
    const records::Range range = binding.actions(caseload.event_type[event.index]).facts;
    if (range.size() == 0) return;
    const records::Case& record = caseload.cases[kase];
    Context context;
    context.kase = kase;
    context.view = this;
    context.event = &event;
    const auto apply = [&](std::uint32_t first, std::uint32_t end, std::uint32_t person) {
        for (std::uint32_t i = first; i < end; ++i) {
            const FactAction& action = binding.fact_actions[i];
            const policy::FactRule& rule = binding.program.facts[action.fact].rules[action.rule];
            if (rule.on.where != policy::k_no_expression && !interpreter.truth(rule.on.where, context).yes())
                continue;
            const std::uint32_t at = slot(action.fact, person);
            if (changes_[at].empty()) touched_.push_back(at);
            set_[action.fact] = true;
            changes_[at].push_back({position, interpreter.value(rule.to, context)});
            return;
        }
    };
    for (std::uint32_t i = range.begin; i < range.end;) {
        const std::uint32_t fact = binding.fact_actions[i].fact;
        std::uint32_t end = i;
        while (end < range.end && binding.fact_actions[end].fact == fact) ++end;
        if (wanted != nullptr && (*wanted)[fact] == 0) {
            i = end;
            continue;
        }
        if (!per_subject_[fact]) {
            apply(i, end, 0);
        } else {
            for (std::uint32_t person = 0; person < record.persons.size(); ++person) {
                if (!concerns(caseload, event.index, person)) continue;
                context.subject = record.persons.begin + person;
                apply(i, end, person);
            }
            context.subject = policy::k_none;
        }
        i = end;
    }
}

}  // namespace duecare::evaluate
