// What comes to the monitor: events, documents, the clock. Everything is judged before anything is changed
// that could not be put back.
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "monitor/engine.hpp"
#include "records/handler.hpp"

namespace duecare::monitor {

using records::k_no_string;

namespace {

constexpr std::string_view k_event_pointer = "/events/0";

[[noreturn]] void refuse_event(std::string reason, std::string pointer = {}) {
    throw Error(Status::data, std::move(reason), std::move(pointer));
}

bool is_object(std::string_view json) {
    const std::size_t first = json.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && json[first] == '{';
}

std::string taken_id(std::string_view id) {
    return "The event id \"" + std::string(id) +
           "\" is that of an event that this case has already; a correction needs an id of its own and "
           "\"replaces\".";
}

}  // namespace

// A case document around the event, so that the one reader judges it. Only subjects need the persons.
void Monitor::Impl::wrap(const CaseUnit& unit, std::string_view json) {
    wrapper_.assign(R"({"format":"duecare.case/1","id":"-","persons":[)");
    const bool names =
        json.find("subjects") != std::string_view::npos || json.find('\\') != std::string_view::npos;
    for (std::size_t i = 0; names && i < unit.store.persons.size(); ++i) {
        wrapper_.append(i == 0 ? R"({"id":)" : R"(,{"id":)");
        append_json_string(wrapper_, work.strings.view(unit.store.persons[i].id));
        wrapper_.push_back('}');
    }
    wrapper_.append(R"(],"events":[)");
    wrapper_.append(json);
    wrapper_.append("]}");
}

// What will be read of the case comes from memory while the event is parsed.
void Monitor::Impl::fetch(const CaseUnit& unit) noexcept {
    const auto ask = [](const auto& list) {
        constexpr std::size_t k_line = 64;
        constexpr std::size_t k_most = 2048;  // bytes
        const auto* const from = reinterpret_cast<const char*>(list.data());
        const std::size_t bytes = std::min(list.size() * sizeof list[0], k_most);
        for (std::size_t at = 0; at < bytes; at += k_line) __builtin_prefetch(from + at);
    };
    ask(unit.store.events);
    ask(unit.held);
    ask(unit.store.values);
    ask(unit.store.actors);
    ask(unit.store.persons);
}

// Events without an id are called by their number in the case, or the next that no event is called by.
void Monitor::Impl::name_events(const CaseStore& held) {
    std::set<StringId> given;
    for (std::uint32_t e = 0; e < work.event_count(); ++e) {
        const bool looks_like_a_number = work.strings.view(work.event_id[e]).starts_with('#');
        if ((work.event_flags[e] & records::k_unnamed) == 0 && looks_like_a_number)
            given.insert(work.event_id[e]);
    }
    std::size_t number = held.events.size();
    for (std::uint32_t e = 0; e < work.event_count(); ++e) {
        if ((work.event_flags[e] & records::k_unnamed) == 0) continue;
        StringId name = k_no_string;
        do {
            name = work.strings.intern(records::positional_name(number++));
        } while (held.has_event(name) || given.contains(name));
        work.event_id[e] = name;
    }
}

Changes Monitor::Impl::push_event(std::string_view case_id, std::string_view json) {
    CaseUnit& unit = need_case(case_id);
    fetch(unit);
    if (!is_object(json) ||
        records::glance(json, reader_.options().limits.nesting).shape != records::Glance::Shape::complete) {
        refuse_event("The event is not one whole JSON object in UTF-8.");
    }
    wrap(unit, json);
    try {
        read([&](records::DocumentReader& reader) { reader.take(wrapper_, 0, 1); });
    } catch (const Error& thrown) {
        std::string pointer = thrown.pointer();
        if (pointer.starts_with(k_event_pointer)) pointer.erase(0, k_event_pointer.size());
        throw Error(thrown.status(), thrown.what(), std::move(pointer));
    }
    if (work.cases.size() != 1 || work.event_count() != 1) refuse_event("One event was expected.");
    name_events(unit.store);
    if (unit.store.has_event(work.event_id[0]))
        refuse_event(taken_id(work.strings.view(work.event_id[0])), "/id");
    const bool corrects = !work.open_corrections.empty() || !work.corrections.empty();
    const CaseStore::Mark mark = unit.store.mark();
    unit.facts |= facts_set_by(binding, work.event_type[0]);
    const bool fed = corrects || touched(work.event_type[0]).opens_across;
    const std::size_t at = unit.store.take_event(work, 0, 0);
    try {
        std::vector<Step> steps;
        const Touched* const touched = touched_at(unit, at);
        steps.emplace_back(&unit, judge_event(unit, at, touched));
        judge_persons(unit, fed, touched, steps);
        Changes changes = changes_of(steps);
        make_room(steps);
        apply(steps);
        ++event_count;
        return changes;
    } catch (...) {
        unit.store.events.erase(unit.store.events.begin() + static_cast<std::ptrdiff_t>(at));
        unit.store.roll_back(mark);
        throw;
    }
}

// The persons of a case whose duties across cases may come out differently. Unless an event that opens one
// came or went, it is only obligations that are there, by what their duties look at.
void Monitor::Impl::judge_persons(const CaseUnit& unit, bool fed, const Touched* touched,
                                  std::vector<Step>& steps) {
    if (!binding.has_across || (!fed && touched != nullptr && !touched->reaches_across)) return;
    const auto is_reached = [&](const Held& held) {
        if (touched == nullptr) return true;
        const std::uint8_t reach = touched->duties[held.duty];
        return reach != k_stays && (reach != k_open || !held.unopened);
    };
    for (const records::Person& person : unit.store.persons) {
        PersonUnit& one = *find_person(person.id);
        if (fed || std::any_of(one.held.begin(), one.held.end(), is_reached))
            steps.emplace_back(&one, judge(one));
    }
}

// ---- documents

Changes Monitor::Impl::push_document(const std::function<void(records::DocumentReader&)>& take) {
    read(take);
    if (work.cases.empty()) return refresh_all();  // staff: ranks may be others everywhere
    const auto known = by_id_.find(work.cases[0].id);
    return known == by_id_.end() ? add_case() : merge_case(*known->second);
}

Changes Monitor::Impl::add_case() {
    auto made = std::make_unique<CaseUnit>();
    CaseUnit& unit = *made;
    unit.serial = next_serial_++;
    unit.store.take_head(work, 0);
    unit.store.events.reserve(with_room(work.event_count()));
    for (std::uint32_t e = 0; e < work.event_count(); ++e) unit.store.take_event(work, 0, e);
    cases.emplace(unit.serial, std::move(made));
    try {
        note_facts(unit);
        by_id_.emplace(unit.store.id, &unit);
        enlist(unit);
        join(unit);
        std::vector<Step> steps;
        steps.emplace_back(&unit, judge(unit));
        judge_persons(unit, true, nullptr, steps);
        Changes changes = changes_of(steps);
        apply(steps);
        event_count += unit.store.events.size();
        return changes;
    } catch (...) {
        forget(unit);
        throw;
    }
}

// The store as it will be: the head of the document, all events, subjects by their new places.
CaseStore Monitor::Impl::merged(const CaseStore& held) {
    name_events(held);
    for (std::uint32_t e = 0; e < work.event_count(); ++e) {
        std::string pointer = "/events/" + std::to_string(e);
        if (held.has_event(work.event_id[e]))
            refuse_event(taken_id(work.strings.view(work.event_id[e])), pointer + "/id");
    }
    CaseStore next = held;
    next.take_head(work, 0);
    for (std::uint32_t& subject : next.subjects) {
        const StringId id = held.persons[subject].id;
        const auto at = std::find_if(next.persons.begin(), next.persons.end(),
                                     [&](const records::Person& person) { return person.id == id; });
        if (at == next.persons.end()) {
            refuse_event("The person \"" + std::string(work.strings.view(id)) +
                             "\" is missing, whom an event of this case names.",
                         "/persons");
        }
        subject = static_cast<std::uint32_t>(at - next.persons.begin());
    }
    for (std::uint32_t e = 0; e < work.event_count(); ++e) next.take_event(work, 0, e);
    return next;
}

Changes Monitor::Impl::merge_case(CaseUnit& unit) {
    CaseStore next = merged(unit.store);
    const std::size_t added = work.event_count();
    // Whoever is no longer of the case has to be judged without it, and so is found before.
    std::vector<PersonUnit*> gone;
    for (const records::Person& person : unit.store.persons) {
        PersonUnit* const held = find_person(person.id);
        if (held != nullptr && !next.has_person(person.id)) gone.push_back(held);
    }
    std::swap(unit.store, next);
    try {
        for (PersonUnit* person : gone) person->cases.find(unit.serial)->second = nullptr;
        join(unit);
        note_facts(unit);
        std::vector<Step> steps;
        steps.emplace_back(&unit, judge(unit));
        judge_persons(unit, true, nullptr, steps);
        for (PersonUnit* person : gone) steps.emplace_back(person, judge(*person));
        Changes changes = changes_of(steps);
        apply(steps);
        event_count += added;
        leave(unit, next, &unit.store);
        return changes;
    } catch (...) {
        std::swap(unit.store, next);
        for (PersonUnit* person : gone) person->cases.find(unit.serial)->second = &unit;
        leave(unit, next, &unit.store);
        throw;
    }
}

// ---- the clock, and cases that go

Changes Monitor::Impl::refresh_all() {
    std::vector<Step> steps;
    for (const auto& [serial, unit] : units_) steps.emplace_back(unit, judge_unit(*unit));
    Changes changes = changes_of(steps);
    apply(steps);
    return changes;
}

Changes Monitor::Impl::set_clock(time::Instant as_of, time::Instant known_at) {
    const time::Instant as_of_before = binding.as_of;
    const time::Instant known_at_before = binding.known_at;
    binding.as_of = as_of;
    binding.known_at = known_at;
    try {
        if (as_of < as_of_before || known_at < known_at_before) return refresh_all();
        std::set<std::uint64_t> touched;
        const auto add = [&](const Mover& mover, time::Instant until) {
            for (const auto& [at, serial] : mover.queue) {
                if (at > until) break;
                touched.insert(serial);
            }
        };
        add(by_as_of_, as_of);
        add(by_known_at_, known_at);
        if (as_of != as_of_before || known_at != known_at_before) add(restless_, 0);
        std::vector<Step> steps;
        for (const std::uint64_t serial : touched) {
            Unit* const unit = units_.find(serial)->second;
            steps.emplace_back(unit, judge_unit(*unit));
        }
        Changes changes = changes_of(steps);
        apply(steps);
        return changes;
    } catch (...) {
        binding.as_of = as_of_before;
        binding.known_at = known_at_before;
        throw;
    }
}

Changes Monitor::Impl::drop_case(std::string_view case_id) {
    CaseUnit& unit = need_case(case_id);
    std::vector<PersonUnit*> persons;
    for (const records::Person& person : unit.store.persons) {
        PersonUnit* const held = find_person(person.id);
        if (held != nullptr) persons.push_back(held);
    }
    std::vector<Step> steps;
    Changes changes;
    try {
        for (PersonUnit* person : persons) person->cases.find(unit.serial)->second = nullptr;
        for (PersonUnit* person : persons) {
            if (!person->held.empty()) steps.emplace_back(person, judge(*person));
        }
        changes = changes_of(steps);
    } catch (...) {
        for (PersonUnit* person : persons) person->cases.find(unit.serial)->second = &unit;
        throw;
    }
    apply(steps);
    event_count -= unit.store.events.size();
    dropped_events += unit.store.events.size();
    forget(unit);
    return changes;
}

// ---- who is there

void Monitor::Impl::enlist(Unit& unit) {
    units_.emplace(unit.serial, &unit);
    by_as_of_.queue.emplace(unit.timing.as_of, unit.serial);
    by_known_at_.queue.emplace(unit.timing.known_at, unit.serial);
    restless_.queue.emplace(unit.timing.restless ? 0 : 1, unit.serial);
}

void Monitor::Impl::delist(const Unit& unit) noexcept {
    units_.erase(unit.serial);
    by_as_of_.queue.erase({unit.timing.as_of, unit.serial});
    by_known_at_.queue.erase({unit.timing.known_at, unit.serial});
    restless_.queue.erase({unit.timing.restless ? 0 : 1, unit.serial});
}

PersonUnit* Monitor::Impl::find_person(StringId id) const noexcept {
    const auto found = persons_.find(id);
    return found == persons_.end() ? nullptr : found->second.get();
}

void Monitor::Impl::join(CaseUnit& unit) {
    if (!binding.has_across) return;
    for (const records::Person& person : unit.store.persons) {
        std::unique_ptr<PersonUnit>& held = persons_[person.id];
        if (!held) {
            held = std::make_unique<PersonUnit>();
            held->id = person.id;
            held->serial = next_serial_++;
            person_units_.emplace(held->serial, held.get());
            enlist(*held);
        }
        held->cases[unit.serial] = &unit;
    }
}

// The persons of `store` are no longer of the case, but for those of `stay`. Whoever has no case left goes.
void Monitor::Impl::leave(const CaseUnit& unit, const CaseStore& store, const CaseStore* stay) noexcept {
    for (const records::Person& person : store.persons) {
        if (stay != nullptr && stay->has_person(person.id)) continue;
        const auto found = persons_.find(person.id);
        if (found == persons_.end()) continue;
        if (PersonUnit* const held = found->second.get(); held != nullptr) {
            held->cases.erase(unit.serial);
            if (!held->cases.empty()) continue;
            person_units_.erase(held->serial);
            delist(*held);
        }
        persons_.erase(found);
    }
}

void Monitor::Impl::forget(CaseUnit& unit) noexcept {
    leave(unit, unit.store, nullptr);
    delist(unit);
    by_id_.erase(unit.store.id);
    cases.erase(unit.serial);
}

}  // namespace duecare::monitor
