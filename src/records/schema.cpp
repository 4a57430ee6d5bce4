#include "records/schema.hpp"

#include <array>
#include <cstring>

namespace duecare::records {

namespace {

constexpr std::string_view k_string = "a string";
constexpr std::string_view k_strings = "an array of strings";

constexpr std::array<SlotInfo, static_cast<std::size_t>(Slot::unknown) + 1> k_slots = {{
    {},
    {"", "an object, a case history or a staff register", Opens::record},
    {"format", k_string},
    {"id", k_string},
    {"kind", k_string},
    {"attributes", "an object", Opens::attributes},
    {"persons", "an array of persons", Opens::nothing, Opens::items, Slot::person},
    {"events", "an array of events", Opens::nothing, Opens::items, Slot::event},
    {"staff", "an array of staff", Opens::nothing, Opens::items, Slot::member},
    {"", "an object, a person", Opens::record},
    {"id", k_string},
    {"roles", k_strings, Opens::nothing, Opens::items, Slot::person_role},
    {"", k_string},
    {"born", "a string, a date"},
    {"attributes", "an object", Opens::attributes},
    {"", "an object, an event", Opens::record},
    {"id", k_string},
    {"type", k_string},
    {"occurred_at", "a string, an instant such as \"2022-03-01T09:15:00Z\""},
    {"recorded_at", "a string, an instant such as \"2022-03-01T09:15:00Z\""},
    {"actor", "a staff id or an object that describes the actor", Opens::record},
    {"subjects", "an array of person ids", Opens::nothing, Opens::items, Slot::event_subject},
    {"", "a string, the id of a person"},
    {"replaces", "a string, the id of an event"},
    {"withdrawn", "true or false"},
    {"attributes", "an object", Opens::attributes},
    {"id", k_string},
    {"rank", k_string},
    {"unit", k_string},
    {"accreditations", k_strings, Opens::nothing, Opens::items, Slot::actor_accreditation},
    {"", k_string},
    {"", "an object, a member of staff", Opens::record},
    {"id", k_string},
    {"service", "an array of entries of service", Opens::nothing, Opens::items, Slot::service},
    {"", "an object, an entry of service", Opens::record},
    {"from", "a string, a date such as \"2019-04-01\""},
    {"until", "a string, a date such as \"2019-04-01\""},
    {"rank", k_string},
    {"unit", k_string},
    {"accreditations", k_strings, Opens::nothing, Opens::items, Slot::service_accreditation},
    {"", k_string},
    {"", "a string, number, boolean, null, an object or an array of single values", Opens::attributes,
     Opens::items, Slot::attribute_item},
    {"", "a string, number, boolean or null: an array of attributes holds single values only"},
    {"", "", Opens::unknown, Opens::unknown, Slot::unknown},
}};

constexpr std::array k_case_fields = {Slot::format,          Slot::case_id, Slot::case_kind,
                                      Slot::case_attributes, Slot::persons, Slot::events};
constexpr std::array k_staff_fields = {Slot::format, Slot::staff};
constexpr std::array k_person_fields = {Slot::person_id, Slot::person_roles, Slot::person_born,
                                        Slot::person_attributes};
constexpr std::array k_event_fields = {Slot::event_id,       Slot::event_type,      Slot::event_occurred,
                                       Slot::event_recorded, Slot::event_actor,     Slot::event_subjects,
                                       Slot::event_replaces, Slot::event_withdrawn, Slot::event_attributes};
constexpr std::array k_actor_fields = {Slot::actor_id, Slot::actor_rank, Slot::actor_unit,
                                       Slot::actor_accreditations};
constexpr std::array k_member_fields = {Slot::member_id, Slot::member_service};
constexpr std::array k_service_fields = {Slot::service_from, Slot::service_until, Slot::service_rank,
                                         Slot::service_unit, Slot::service_accreditations};

std::span<const Slot> fields_of(Slot record, DocumentKind kind) noexcept {
    switch (record) {
        case Slot::document:
            if (kind == DocumentKind::staff) return k_staff_fields;
            return k_case_fields;
        case Slot::person:
            return k_person_fields;
        case Slot::event:
            return k_event_fields;
        case Slot::event_actor:
            return k_actor_fields;
        case Slot::member:
            return k_member_fields;
        case Slot::service:
            return k_service_fields;
        default:
            return {};
    }
}

}  // namespace

const SlotInfo& info(Slot slot) noexcept {
    return k_slots[static_cast<std::size_t>(slot)];
}

Field find_field(Slot record, DocumentKind kind, std::string_view key) noexcept {
    std::uint32_t bit = 1;
    for (const Slot slot : fields_of(record, kind)) {
        const std::string_view name = info(slot).key;
        if (name.size() == key.size() && std::memcmp(name.data(), key.data(), key.size()) == 0) {
            return {slot, bit};
        }
        bit <<= 1U;
    }
    return {};
}

std::uint32_t field_bit(Slot record, Slot field) noexcept {
    const DocumentKind kind = field == Slot::staff ? DocumentKind::staff : DocumentKind::case_history;
    std::uint32_t bit = 1;
    for (const Slot slot : fields_of(record, kind)) {
        if (slot == field) return bit;
        bit <<= 1U;
    }
    return 0;
}

std::string_view record_name(Slot record, DocumentKind kind) noexcept {
    switch (record) {
        case Slot::document:
            return kind == DocumentKind::staff ? "staff_document" : "case";
        case Slot::person:
            return "person";
        case Slot::event:
            return "event";
        case Slot::event_actor:
            return "actor";
        case Slot::member:
            return "staff";
        case Slot::service:
            return "service";
        default:
            return "";
    }
}

std::vector<std::string_view> known_keys(Slot record, DocumentKind kind) {
    std::vector<std::string_view> keys;
    for (const Slot slot : fields_of(record, kind)) keys.push_back(info(slot).key);
    return keys;
}

}  // namespace duecare::records
