// The shape of the documents of records.md: which key may stand where, and what is expected as its value.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace duecare::records {

/// A place in a document where a value stands. Order: see k_slots in schema.cpp.
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

[[nodiscard]] const SlotInfo& info(Slot slot) noexcept;

/// The kind of a document, told by its `format`.
enum class DocumentKind : std::uint8_t { case_history, staff };

struct Field {
    Slot slot = Slot::unknown;
    std::uint32_t bit = 0;  // for the mask of keys seen; 0 for an unknown key
};

/// The field that `key` names in the record that stands in `record`.
[[nodiscard]] Field find_field(Slot record, DocumentKind kind, std::string_view key) noexcept;
/// The bit of a field among the fields of its record.
[[nodiscard]] std::uint32_t field_bit(Slot record, Slot field) noexcept;
/// "case", "event", …: how reports call the record.
[[nodiscard]] std::string_view record_name(Slot record, DocumentKind kind) noexcept;
/// The keys that the record knows.
[[nodiscard]] std::vector<std::string_view> known_keys(Slot record, DocumentKind kind);

}  // namespace duecare::records
