#include "monitor/case_store.hpp"

#include <algorithm>

namespace duecare::monitor {

using records::Caseload;
using records::k_no_string;
using records::Range;
using records::size32;

namespace {

Range moved(const Range& range, std::uint32_t by) noexcept {
    return {range.begin + by, range.end + by};
}

template <class T>
std::size_t bytes(const std::vector<T>& list) noexcept {
    return list.capacity() * sizeof(T);
}

}  // namespace

CaseStore::Mark CaseStore::mark() const noexcept {
    return {values.size(), items.size(), actors.size(), accreditations.size(), subjects.size()};
}

void CaseStore::roll_back(const Mark& mark) noexcept {
    values.resize(mark.values);
    items.resize(mark.items);
    actors.resize(mark.actors);
    accreditations.resize(mark.accreditations);
    subjects.resize(mark.subjects);
}

Range CaseStore::take_attributes(const Caseload& from, const Range& range) {
    Range taken{size32(values.size()), size32(values.size() + range.size())};
    for (std::uint32_t i = range.begin; i < range.end; ++i) {
        records::Attribute one = from.attributes[i];
        if (one.kind == records::ValueKind::list) {
            const auto begin = from.list_items.begin() + static_cast<std::ptrdiff_t>(one.list.begin);
            const std::uint32_t count = one.list.count;
            one.list.begin = size32(items.size());
            items.insert(items.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
        }
        values.push_back(one);
    }
    return taken;
}

records::ActorId CaseStore::take_actor(const Caseload& from, records::ActorId actor) {
    if (actor == records::k_no_actor) return actor;
    records::Actor one = from.actors[actor];
    if (one.rank == k_no_string && one.unit == k_no_string && !one.has_accreditations) {
        for (std::size_t i = 0; i < actors.size(); ++i) {
            const records::Actor& known = actors[i];
            if (known.id == one.id && known.rank == k_no_string && known.unit == k_no_string &&
                !known.has_accreditations)
                return size32(i);
        }
    }
    const Range given = one.accreditations;
    one.accreditations = {size32(accreditations.size()), size32(accreditations.size() + given.size())};
    for (std::uint32_t i = given.begin; i < given.end; ++i)
        accreditations.push_back(from.actor_accreditations[i]);
    actors.push_back(one);
    return size32(actors.size() - 1);
}

void CaseStore::take_head(const Caseload& from, std::uint32_t index) {
    const records::Case& given = from.cases[index];
    id = given.id;
    kind = given.kind;
    attributes = take_attributes(from, given.attributes);
    persons.clear();
    roles.clear();
    for (std::uint32_t p = given.persons.begin; p < given.persons.end; ++p) {
        records::Person person = from.persons[p];
        const Range of = person.roles;
        person.roles = {size32(roles.size()), size32(roles.size() + of.size())};
        for (std::uint32_t i = of.begin; i < of.end; ++i) roles.push_back(from.person_roles[i]);
        person.attributes = take_attributes(from, person.attributes);
        persons.push_back(person);
    }
}

std::size_t CaseStore::take_event(const Caseload& from, std::uint32_t index, std::uint32_t event) {
    StoredEvent made;
    made.occurred = from.event_occurred[event];
    made.recorded = from.event_recorded[event];
    made.id = from.event_id[event];
    made.type = from.event_type[event];
    made.flags = from.event_flags[event];
    const Range& corrections = from.cases[index].corrections;
    for (std::uint32_t c = corrections.begin; c < corrections.end; ++c) {
        if (from.corrections[c].by == event) made.replaces = from.event_id[from.corrections[c].replaced];
    }
    for (const records::OpenCorrection& one : from.open_corrections) {
        if (one.by == event) made.replaces = one.replaced;
    }
    made.actor = take_actor(from, from.event_actor[event]);
    made.attributes = take_attributes(from, from.attributes_of_event(event));
    const Range named = from.subjects_of_event(event);
    made.subjects = {size32(subjects.size()), size32(subjects.size() + named.size())};
    for (std::uint32_t i = named.begin; i < named.end; ++i) subjects.push_back(from.subjects[i]);
    // Mostly it is the newest.
    std::size_t at = events.size();
    const auto before = [&](const StoredEvent& a, const StoredEvent& b) {
        if (a.occurred != b.occurred) return a.occurred < b.occurred;
        if (a.recorded != b.recorded) return a.recorded < b.recorded;
        return from.strings.view(a.id) < from.strings.view(b.id);
    };
    while (at > 0 && before(made, events[at - 1])) --at;
    if (events.size() == events.capacity()) events.reserve(with_room(events.size() + 1));
    events.insert(events.begin() + static_cast<std::ptrdiff_t>(at), made);
    return at;
}

bool CaseStore::has_event(StringId event) const noexcept {
    return std::any_of(events.begin(), events.end(), [&](const StoredEvent& e) { return e.id == event; });
}

bool CaseStore::has_person(StringId person) const noexcept {
    return std::any_of(persons.begin(), persons.end(),
                       [&](const records::Person& p) { return p.id == person; });
}

void CaseStore::lay_values(Caseload& to) const {
    const std::uint32_t first = size32(to.list_items.size());
    to.list_items.insert(to.list_items.end(), items.begin(), items.end());
    const std::size_t begin = to.attributes.size();
    to.attributes.insert(to.attributes.end(), values.begin(), values.end());
    if (first == 0) return;
    for (std::size_t i = begin; i < to.attributes.size(); ++i) {
        if (to.attributes[i].kind == records::ValueKind::list) to.attributes[i].list.begin += first;
    }
}

void CaseStore::lay_corrections(Caseload& to, std::uint32_t first) const {
    for (std::size_t e = 0; e < events.size(); ++e) {
        if (events[e].replaces == k_no_string) continue;
        const auto replaced = std::find_if(events.begin(), events.end(), [&](const StoredEvent& other) {
            return other.id == events[e].replaces;
        });
        const std::uint32_t by = first + size32(e);
        if (replaced == events.end()) {
            to.open_corrections.push_back({by, events[e].replaces});
        } else {
            to.corrections.push_back(
                {by, first + size32(static_cast<std::size_t>(replaced - events.begin()))});
        }
    }
}

std::uint32_t CaseStore::lay_into(Caseload& to) const {
    constexpr unsigned k_precisions = unsigned{records::k_occurred_precision} | records::k_recorded_precision;
    const std::uint32_t first_value = size32(to.attributes.size());
    const std::uint32_t first_actor = size32(to.actors.size());
    const std::uint32_t first_event = size32(to.event_count());
    lay_values(to);
    records::Case made;
    made.id = id;
    made.kind = kind;
    made.attributes = moved(attributes, first_value);
    made.persons = {size32(to.persons.size()), size32(to.persons.size() + persons.size())};
    for (records::Person person : persons) {
        person.roles = moved(person.roles, size32(to.person_roles.size()));
        person.attributes = moved(person.attributes, first_value);
        to.persons.push_back(person);
    }
    to.person_roles.insert(to.person_roles.end(), roles.begin(), roles.end());
    for (records::Actor actor : actors) {
        actor.accreditations = moved(actor.accreditations, size32(to.actor_accreditations.size()));
        to.actors.push_back(actor);
    }
    to.actor_accreditations.insert(to.actor_accreditations.end(), accreditations.begin(),
                                   accreditations.end());
    const std::size_t count = first_event + events.size();
    to.event_id.resize(count);
    to.event_type.resize(count);
    to.event_occurred.resize(count);
    to.event_recorded.resize(count);
    to.event_flags.resize(count);
    to.event_actor.resize(count);
    to.event_attributes.resize(count);
    to.event_subjects.resize(count + 1);
    std::size_t at = first_event;
    for (const StoredEvent& e : events) {
        to.event_id[at] = e.id;
        to.event_type[at] = e.type;
        to.event_occurred[at] = e.occurred;
        to.event_recorded[at] = e.recorded;
        to.event_flags[at] = e.flags;
        to.event_actor[at] = e.actor == records::k_no_actor ? e.actor : e.actor + first_actor;
        to.event_attributes[at] = moved(e.attributes, first_value);
        for (std::uint32_t i = e.subjects.begin; i < e.subjects.end; ++i) to.subjects.push_back(subjects[i]);
        to.event_subjects[++at] = size32(to.subjects.size());
        made.all_exact = made.all_exact && (e.flags & k_precisions) == 0;
    }
    made.events = {first_event, size32(to.event_count())};
    made.in_order = made.all_exact;
    made.corrections.begin = size32(to.corrections.size());
    lay_corrections(to, first_event);
    made.corrections.end = size32(to.corrections.size());
    to.cases.push_back(made);
    return size32(to.cases.size() - 1);
}

std::size_t CaseStore::memory() const noexcept {
    return sizeof *this + bytes(persons) + bytes(roles) + bytes(values) + bytes(items) + bytes(actors) +
           bytes(accreditations) + bytes(subjects) + bytes(events);
}

void clear_cases(Caseload& c) noexcept {
    c.cases.clear();
    c.persons.clear();
    c.person_roles.clear();
    c.attributes.clear();
    c.list_items.clear();
    c.actors.clear();
    c.actor_accreditations.clear();
    c.corrections.clear();
    c.open_corrections.clear();
    c.event_id.clear();
    c.event_type.clear();
    c.event_occurred.clear();
    c.event_recorded.clear();
    c.event_flags.clear();
    c.event_actor.clear();
    c.event_attributes.clear();
    c.event_subjects.resize(1);
    c.subjects.clear();
}

}  // namespace duecare::monitor
