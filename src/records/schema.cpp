#include "records/schema.hpp"

namespace duecare::records {

namespace {

std::span<const Slot> fields_of(Slot record, DocumentKind kind) noexcept {
    if (record == Slot::document && kind == DocumentKind::staff) return schema::k_staff_fields;
    for (const schema::Record& known : schema::k_records) {
        if (known.slot == record) return known.fields;
    }
    return {};
}

}  // namespace

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
