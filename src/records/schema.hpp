// The shape of the documents of records.md: which key may stand where, and what is expected as its value.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "records/short_text.hpp"

namespace duecare::records {

/// A place in a document where a value stands. Order: see schema::k_slots.
enum class Slot : std::uint8_t {
    none,  // inside an object before its first key, or an array before its first item
    document,
    format,
    case_id,
    case_kind,
    case_attributes,
    persons,
    events,
    staff,
    person,
    person_id,
    person_roles,
    person_role,
    person_born,
    person_attributes,
    event,
    event_id,
    event_type,
    event_occurred,
    event_recorded,
    event_actor,
    event_subjects,
    event_subject,
    event_replaces,
    event_withdrawn,
    event_attributes,
    actor_id,
    actor_rank,
    actor_unit,
    actor_accreditations,
    actor_accreditation,
    member,
    member_id,
    member_service,
    service,
    service_from,
    service_until,
    service_rank,
    service_unit,
    service_accreditations,
    service_accreditation,
    attribute,
    attribute_item,
    unknown,  // the value of an unknown key, and everything inside it
};

/// What an object or an array opens when it stands in a slot.
enum class Opens : std::uint8_t { nothing, record, attributes, items, unknown };

struct SlotInfo {
    std::string_view key;       // empty for the items of an array
    std::string_view expected;  // "a string"
    Opens object = Opens::nothing;
    Opens array = Opens::nothing;
    Slot item = Slot::none;  // of an array
};

/// The kind of a document, told by its `format`.
enum class DocumentKind : std::uint8_t { case_history, staff };

namespace schema {

inline constexpr std::string_view k_string = "a string";
inline constexpr std::string_view k_strings = "an array of strings";

inline constexpr std::array<SlotInfo, static_cast<std::size_t>(Slot::unknown) + 1> k_slots = {{
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

inline constexpr std::array k_case_fields = {Slot::format,          Slot::case_id, Slot::case_kind,
                                             Slot::case_attributes, Slot::persons, Slot::events};
inline constexpr std::array k_staff_fields = {Slot::format, Slot::staff};
inline constexpr std::array k_person_fields = {Slot::person_id, Slot::person_roles, Slot::person_born,
                                               Slot::person_attributes};
inline constexpr std::array k_event_fields = {
    Slot::event_id,       Slot::event_type,      Slot::event_occurred,
    Slot::event_recorded, Slot::event_actor,     Slot::event_subjects,
    Slot::event_replaces, Slot::event_withdrawn, Slot::event_attributes};
inline constexpr std::array k_actor_fields = {Slot::actor_id, Slot::actor_rank, Slot::actor_unit,
                                              Slot::actor_accreditations};
inline constexpr std::array k_member_fields = {Slot::member_id, Slot::member_service};
inline constexpr std::array k_service_fields = {Slot::service_from, Slot::service_until, Slot::service_rank,
                                                Slot::service_unit, Slot::service_accreditations};

struct Record {
    Slot slot;
    std::span<const Slot> fields;
};
inline constexpr std::array<Record, 6> k_records = {{{Slot::document, k_case_fields},
                                                     {Slot::person, k_person_fields},
                                                     {Slot::event, k_event_fields},
                                                     {Slot::event_actor, k_actor_fields},
                                                     {Slot::member, k_member_fields},
                                                     {Slot::service, k_service_fields}}};

inline constexpr std::size_t k_longest_key = 14;
inline constexpr std::size_t k_same_size = 3;  // keys of one record that are equally long

/// For each record the fields by the length of their keys, and the bit of each field.
struct Index {
    std::array<std::array<std::array<Slot, k_same_size>, k_longest_key + 1>, k_slots.size()> by_size{};
    std::array<std::uint32_t, k_slots.size()> bit{};

    constexpr void add(Slot record, Slot field, std::uint32_t field_bit) {
        bit[static_cast<std::size_t>(field)] = field_bit;
        auto& same =
            by_size[static_cast<std::size_t>(record)][k_slots[static_cast<std::size_t>(field)].key.size()];
        std::size_t at = 0;
        while (same[at] != Slot::none) ++at;  // out of bounds does not compile
        same[at] = field;
    }
    constexpr Index() {
        for (const Record& record : k_records) {
            std::uint32_t next = 1;
            for (const Slot field : record.fields) {
                add(record.slot, field, next);
                next <<= 1U;
            }
        }
        add(Slot::document, Slot::staff, 1U << 16U);
    }
};
inline constexpr Index k_index;

}  // namespace schema

[[nodiscard]] inline const SlotInfo& info(Slot slot) noexcept {
    return schema::k_slots[static_cast<std::size_t>(slot)];
}

/// The bit of a field in the mask of keys seen in its record.
[[nodiscard]] inline std::uint32_t field_bit(Slot field) noexcept {
    return schema::k_index.bit[static_cast<std::size_t>(field)];
}

/// The field that `key` names in the record that stands in `record`, or Slot::unknown.
[[nodiscard]] inline Slot find_field(Slot record, DocumentKind kind, std::string_view key) noexcept {
    if (key.size() > schema::k_longest_key) return Slot::unknown;
    for (const Slot slot : schema::k_index.by_size[static_cast<std::size_t>(record)][key.size()]) {
        if (slot == Slot::none) break;
        if (!same_text(info(slot).key, key)) continue;
        if (record == Slot::document && slot != Slot::format &&
            (slot == Slot::staff) != (kind == DocumentKind::staff)) {
            break;
        }
        return slot;
    }
    return Slot::unknown;
}

/// "case", "event", …: how reports call the record.
[[nodiscard]] std::string_view record_name(Slot record, DocumentKind kind) noexcept;
/// The keys that the record knows.
[[nodiscard]] std::vector<std::string_view> known_keys(Slot record, DocumentKind kind);

}  // namespace duecare::records
