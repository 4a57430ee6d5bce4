// Documents put together field by field.
#include <limits>
#include <utility>

#include "capi/change.hpp"
#include "capi/guard.hpp"

using namespace duecare;
using namespace duecare::capi;

namespace {

using Text = std::string_view;

// Bytes that a text brings in, if it is none that is refused.
std::size_t size_of(const char* data, std::size_t length) noexcept {
    return data == nullptr || length > std::numeric_limits<std::uint32_t>::max() ? 0 : length;
}

// `text`: the bytes of the texts that come in.
template <typename Body>
duecare_status edit(duecare_document* document, std::size_t text, duecare_error** error,
                    Body&& body) noexcept {
    return guard(error, [&] {
        records::Builder& builder = need(document, "document").builder;
        builder.make_room(text);
        body(builder);
    });
}

time::Stamp need_stamp(std::int64_t micros, duecare_precision precision) {
    if (precision < DUECARE_PRECISION_EXACT || precision > DUECARE_PRECISION_DAY) {
        refuse("precision is " + std::to_string(precision) +
               "; expected DUECARE_PRECISION_EXACT, _LOCAL or _DAY.");
    }
    return {micros, static_cast<time::Precision>(precision)};
}

}  // namespace

duecare_status duecare_document_new(duecare_document** out_document, duecare_error** error) noexcept {
    return make(out_document, error, [] { return std::make_unique<duecare_document>(); });
}

duecare_status duecare_document_set_context(duecare_document* document, duecare_context* context,
                                            duecare_error** error) noexcept {
    return guard(error, [&] { need(document, "document").context = context_of(context); });
}

duecare_status duecare_document_start_case(duecare_document* document, const char* id, size_t id_length,
                                           duecare_error** error) noexcept {
    return edit(document, size_of(id, id_length), error,
                [&](records::Builder& builder) { builder.begin_case(need_bytes(id, id_length, "id")); });
}

duecare_status duecare_document_start_staff(duecare_document* document, duecare_error** error) noexcept {
    return edit(document, 0, error, [&](records::Builder& builder) { builder.begin_staff(); });
}

duecare_status duecare_document_set_kind(duecare_document* document, const char* kind, size_t kind_length,
                                         duecare_error** error) noexcept {
    return edit(document, size_of(kind, kind_length), error,
                [&](records::Builder& builder) { builder.set_kind(need_bytes(kind, kind_length, "kind")); });
}

duecare_status duecare_document_add_person(duecare_document* document, const char* id, size_t id_length,
                                           duecare_error** error) noexcept {
    return edit(document, size_of(id, id_length), error,
                [&](records::Builder& builder) { builder.add_person(need_bytes(id, id_length, "id")); });
}

duecare_status duecare_document_set_born(duecare_document* document, int32_t year, int32_t month, int32_t day,
                                         duecare_error** error) noexcept {
    return edit(document, 0, error, [&](records::Builder& builder) {
        constexpr std::int32_t k_last_year = 9999;
        constexpr std::int32_t k_days = 31;
        if (year < 0 || year > k_last_year || month < 0 || month > 12 || day < 0 || day > k_days) {
            refuse(
                "A date of birth is a year to 9999, a month to 12 and a day to 31, or 0 where it is not "
                "known.");
        }
        builder.set_born({static_cast<std::int16_t>(year), static_cast<std::int8_t>(month),
                          static_cast<std::int8_t>(day)});
    });
}

duecare_status duecare_document_add_role(duecare_document* document, const char* role, size_t role_length,
                                         duecare_error** error) noexcept {
    return edit(document, size_of(role, role_length), error,
                [&](records::Builder& builder) { builder.add_role(need_bytes(role, role_length, "role")); });
}

duecare_status duecare_document_add_event(duecare_document* document, const char* type, size_t type_length,
                                          int64_t occurred, duecare_precision precision,
                                          duecare_error** error) noexcept {
    return edit(document, size_of(type, type_length), error, [&](records::Builder& builder) {
        builder.add_event(need_bytes(type, type_length, "type"), need_stamp(occurred, precision));
    });
}

duecare_status duecare_document_set_event_id(duecare_document* document, const char* id, size_t id_length,
                                             duecare_error** error) noexcept {
    return edit(document, size_of(id, id_length), error,
                [&](records::Builder& builder) { builder.set_event_id(need_bytes(id, id_length, "id")); });
}

duecare_status duecare_document_set_recorded(duecare_document* document, int64_t recorded,
                                             duecare_precision precision, duecare_error** error) noexcept {
    return edit(document, 0, error,
                [&](records::Builder& builder) { builder.set_recorded(need_stamp(recorded, precision)); });
}

duecare_status duecare_document_set_actor(duecare_document* document, const char* id, size_t id_length,
                                          duecare_error** error) noexcept {
    return edit(document, size_of(id, id_length), error,
                [&](records::Builder& builder) { builder.set_actor(need_bytes(id, id_length, "id")); });
}

duecare_status duecare_document_add_subject(duecare_document* document, const char* person,
                                            size_t person_length, duecare_error** error) noexcept {
    return edit(document, size_of(person, person_length), error, [&](records::Builder& builder) {
        builder.add_subject(need_bytes(person, person_length, "person"));
    });
}

duecare_status duecare_document_set_replaces(duecare_document* document, const char* event,
                                             size_t event_length, duecare_error** error) noexcept {
    return edit(document, size_of(event, event_length), error, [&](records::Builder& builder) {
        builder.set_replaces(need_bytes(event, event_length, "event"));
    });
}

duecare_status duecare_document_set_withdrawn(duecare_document* document, int32_t withdrawn,
                                              duecare_error** error) noexcept {
    return edit(document, 0, error,
                [&](records::Builder& builder) { builder.set_withdrawn(withdrawn != 0); });
}

duecare_status duecare_document_add_member(duecare_document* document, const char* id, size_t id_length,
                                           duecare_error** error) noexcept {
    return edit(document, size_of(id, id_length), error,
                [&](records::Builder& builder) { builder.add_member(need_bytes(id, id_length, "id")); });
}

duecare_status duecare_document_add_service(duecare_document* document, int32_t from, int32_t until,
                                            duecare_error** error) noexcept {
    return edit(document, 0, error, [&](records::Builder& builder) { builder.add_service(from, until); });
}

duecare_status duecare_document_set_rank(duecare_document* document, const char* rank, size_t rank_length,
                                         duecare_error** error) noexcept {
    return edit(document, size_of(rank, rank_length), error,
                [&](records::Builder& builder) { builder.set_rank(need_bytes(rank, rank_length, "rank")); });
}

duecare_status duecare_document_set_unit(duecare_document* document, const char* unit, size_t unit_length,
                                         duecare_error** error) noexcept {
    return edit(document, size_of(unit, unit_length), error,
                [&](records::Builder& builder) { builder.set_unit(need_bytes(unit, unit_length, "unit")); });
}

duecare_status duecare_document_add_accreditation(duecare_document* document, const char* accreditation,
                                                  size_t accreditation_length,
                                                  duecare_error** error) noexcept {
    return edit(
        document, size_of(accreditation, accreditation_length), error, [&](records::Builder& builder) {
            builder.add_accreditation(need_bytes(accreditation, accreditation_length, "accreditation"));
        });
}

duecare_status duecare_document_set_no_accreditations(duecare_document* document,
                                                      duecare_error** error) noexcept {
    return edit(document, 0, error, [&](records::Builder& builder) { builder.no_accreditations(); });
}

duecare_status duecare_document_open_attribute(duecare_document* document, const char* key, size_t key_length,
                                               duecare_error** error) noexcept {
    return edit(document, size_of(key, key_length), error, [&](records::Builder& builder) {
        builder.open_attribute(need_bytes(key, key_length, "key"));
    });
}

duecare_status duecare_document_open_attribute_list(duecare_document* document, const char* key,
                                                    size_t key_length, duecare_error** error) noexcept {
    return edit(document, size_of(key, key_length), error, [&](records::Builder& builder) {
        builder.open_attribute_list(need_bytes(key, key_length, "key"));
    });
}

duecare_status duecare_document_close_attribute(duecare_document* document, duecare_error** error) noexcept {
    return edit(document, 0, error, [&](records::Builder& builder) { builder.close_attribute(); });
}

duecare_status duecare_document_set_attribute_string(duecare_document* document, const char* key,
                                                     size_t key_length, const char* value,
                                                     size_t value_length, duecare_error** error) noexcept {
    return edit(document, size_of(key, key_length) + size_of(value, value_length), error,
                [&](records::Builder& builder) {
                    builder.attribute_string(need_bytes(key, key_length, "key"),
                                             need_bytes(value, value_length, "value"));
                });
}

duecare_status duecare_document_set_attribute_integer(duecare_document* document, const char* key,
                                                      size_t key_length, int64_t value,
                                                      duecare_error** error) noexcept {
    return edit(document, size_of(key, key_length), error, [&](records::Builder& builder) {
        builder.attribute_integer(need_bytes(key, key_length, "key"), value);
    });
}

duecare_status duecare_document_set_attribute_number(duecare_document* document, const char* key,
                                                     size_t key_length, double value,
                                                     duecare_error** error) noexcept {
    return edit(document, size_of(key, key_length), error, [&](records::Builder& builder) {
        builder.attribute_number(need_bytes(key, key_length, "key"), value);
    });
}

duecare_status duecare_document_set_attribute_boolean(duecare_document* document, const char* key,
                                                      size_t key_length, int32_t value,
                                                      duecare_error** error) noexcept {
    return edit(document, size_of(key, key_length), error, [&](records::Builder& builder) {
        builder.attribute_boolean(need_bytes(key, key_length, "key"), value != 0);
    });
}

duecare_status duecare_document_set_attribute_null(duecare_document* document, const char* key,
                                                   size_t key_length, duecare_error** error) noexcept {
    return edit(document, size_of(key, key_length), error, [&](records::Builder& builder) {
        builder.attribute_null(need_bytes(key, key_length, "key"));
    });
}

duecare_status duecare_document_set_attribute_instant(duecare_document* document, const char* key,
                                                      size_t key_length, int64_t value,
                                                      duecare_precision precision,
                                                      duecare_error** error) noexcept {
    return edit(document, size_of(key, key_length), error, [&](records::Builder& builder) {
        builder.attribute_stamp(need_bytes(key, key_length, "key"), need_stamp(value, precision));
    });
}

duecare_status duecare_caseload_add_document(duecare_caseload* caseload, duecare_document* document,
                                             const char* source, size_t source_length, uint64_t line,
                                             duecare_error** error) noexcept {
    return guard(error, [&] {
        std::string name(need_text(source, source_length, "source"));
        records::Builder& builder = need(document, "document").builder;
        (void)need(caseload, "caseload");
        std::string case_id = builder.case_id();
        const records::Tape& tape = builder.finish();
        change(caseload, [&](CaseloadState& state) {
            state.open = false;
            const auto position = static_cast<std::uint32_t>(state.reader.report().cases + 1);
            state.reader.add(tape, {std::move(name), line, position, std::move(case_id)});
        });
    });
}

void duecare_document_free(duecare_document* document) noexcept {
    if (is(document)) delete document;
}
