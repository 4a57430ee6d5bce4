#include "records/model.hpp"

#include <algorithm>

namespace duecare::records {

namespace {

template <class T>
std::size_t bytes(const Column<T>& column) noexcept {
    return column.size() * sizeof(T);
}

}  // namespace

static_assert(sizeof(Attribute) == 16 && sizeof(Value) == 16);

Caseload::Caseload() {
    event_subjects.push_back(0);
}

time::Stamp Caseload::occurred(std::size_t event) const noexcept {
    return {event_occurred[event], static_cast<time::Precision>(event_flags[event] & k_occurred_precision)};
}

time::Stamp Caseload::recorded(std::size_t event) const noexcept {
    const unsigned precision = (event_flags[event] & unsigned{k_recorded_precision}) >> 2U;
    return {event_recorded[event], static_cast<time::Precision>(precision)};
}

Range Caseload::attributes_of_event(std::size_t event) const noexcept {
    return event_attributes[event];
}

Range Caseload::subjects_of_event(std::size_t event) const noexcept {
    return {event_subjects[event], event_subjects[event + 1]};
}

const Attribute* Caseload::attribute(const Range& range, PathId path) const noexcept {
    for (std::uint32_t i = range.begin; i < range.end; ++i) {
        if (attributes[i].path == path) {
            return attributes[i].kind == ValueKind::null ? nullptr : &attributes[i];
        }
    }
    return nullptr;
}

const Service* Caseload::service(StringId staff, time::Day on) const noexcept {
    const auto found = staff_.find(staff);
    if (found == staff_.end()) return nullptr;
    for (std::uint32_t i = found->second.begin; i < found->second.end; ++i) {
        if (services[i].from <= on && on < services[i].until) return &services[i];
    }
    return nullptr;
}

std::vector<std::pair<StringId, Range>> Caseload::staff() const {
    std::vector<std::pair<StringId, Range>> all(staff_.begin(), staff_.end());
    std::sort(all.begin(), all.end(),
              [&](const auto& a, const auto& b) { return strings.view(a.first) < strings.view(b.first); });
    return all;
}

std::optional<std::uint32_t> Caseload::find_case(StringId id) const noexcept {
    if (id >= case_index_.size() || case_index_[id] == k_no_string) return std::nullopt;
    return case_index_[id];
}

void Caseload::index_case(StringId id, std::uint32_t index) {
    if (id >= case_index_.size()) case_index_.resize(std::size_t{id} + 1, k_no_string);
    case_index_[id] = index;
}

void Caseload::make_room() {
    strings.make_room();
    records::make_room(cases);
    records::make_room(persons);
    records::make_room(person_roles);
    records::make_room(attributes);
    records::make_room(event_id);
    records::make_room(event_type);
    records::make_room(event_occurred);
    records::make_room(event_recorded);
    records::make_room(event_flags);
    records::make_room(event_actor);
    records::make_room(event_subjects);
    records::make_room(event_attributes);
    records::make_room(subjects);
}

std::size_t Caseload::memory() const noexcept {
    constexpr std::size_t k_map_node = 24;
    return strings.memory() + paths.memory() + bytes(cases) + bytes(persons) + bytes(person_roles) +
           bytes(attributes) + bytes(list_items) + bytes(actors) + bytes(actor_accreditations) +
           bytes(corrections) + bytes(event_id) + bytes(event_type) + bytes(event_occurred) +
           bytes(event_recorded) + bytes(event_flags) + bytes(event_actor) + bytes(event_subjects) +
           bytes(event_attributes) + bytes(subjects) + bytes(services) + bytes(service_accreditations) +
           bytes(case_index_) + staff_.size() * k_map_node + staff_.bucket_count() * sizeof(void*);
}

std::vector<StringId> Caseload::staff_of_services() const {
    std::vector<StringId> owners(services.size(), k_no_string);
    for (const auto& [staff, range] : staff_) {
        for (std::uint32_t i = range.begin; i < range.end; ++i) owners[i] = staff;
    }
    return owners;
}

}  // namespace duecare::records
