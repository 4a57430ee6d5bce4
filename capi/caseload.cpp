#include <utility>

#include "capi/change.hpp"
#include "capi/guard.hpp"
#include "capi/log.hpp"
#include "records/writer.hpp"

using namespace duecare;
using namespace duecare::capi;
using records::Reject;
using records::UnknownKey;

namespace {

records::ReaderOptions reader_options(const duecare_caseload_options* given) {
    const duecare_caseload_options options =
        need_options(given, DUECARE_CASELOAD_OPTIONS_SIZE_0_1, DUECARE_CASELOAD_STRICT);
    use_context(options.context);
    records::ReaderOptions out;
    out.strict = (options.flags & DUECARE_CASELOAD_STRICT) != 0;
    if (options.max_document_bytes != 0) out.limits.document_bytes = options.max_document_bytes;
    if (options.max_string_bytes != 0) out.limits.string_bytes = options.max_string_bytes;
    if (options.max_nesting != 0) out.limits.nesting = options.max_nesting;
    if (options.max_events_per_case != 0) out.limits.events_per_case = options.max_events_per_case;
    return out;
}

// Told of the caseload as it is after each source.
void log_source(const CaseloadState& state) noexcept {
    const records::ReadReport& report = state.reader.report();
    LogLine(report.rejects.empty() ? DUECARE_LOG_INFO : DUECARE_LOG_WARNING, "source.read")
        .add("cases", report.cases)
        .add("staff_documents", report.staff_documents)
        .add("events", report.events)
        .add("bytes", report.bytes)
        .add("rejects", report.rejects.size());
}

const CaseloadState* find(const duecare_caseload* caseload) noexcept {
    return is(caseload) ? caseload->state.get() : nullptr;
}

const records::ReadReport* report_of(const duecare_caseload* caseload) noexcept {
    const CaseloadState* state = find(caseload);
    return state == nullptr ? nullptr : &state->reader.report();
}

const Reject* find_reject(const duecare_caseload* caseload, std::uint64_t index) noexcept {
    const records::ReadReport* report = report_of(caseload);
    return report != nullptr && index < report->rejects.size() ? &report->rejects[index] : nullptr;
}

const char* reject_field(const duecare_caseload* caseload, std::uint64_t index, std::string Reject::*member,
                         std::size_t* out_length) noexcept {
    const Reject* reject = find_reject(caseload, index);
    return reject == nullptr ? give_nothing(out_length) : give(reject->*member, out_length);
}

const std::pair<const std::string, UnknownKey>* find_unknown_key(const duecare_caseload* caseload,
                                                                 std::uint64_t index) noexcept {
    const CaseloadState* state = find(caseload);
    return state != nullptr && index < state->unknown_keys.size() ? state->unknown_keys[index] : nullptr;
}

/// The histories, which have a case of that index.
const records::Caseload& need_case(const duecare_caseload* caseload, std::uint64_t index) {
    const records::Caseload& here = need(caseload, "caseload").state->caseload;
    if (index >= here.cases.size()) {
        throw Error(Status::not_found, "There is no case " + std::to_string(index) + "; the caseload has " +
                                           std::to_string(here.cases.size()) + ".");
    }
    return here;
}

}  // namespace

duecare_status duecare_caseload_options_init(duecare_caseload_options* options, size_t size) noexcept {
    return init_options(options, size, DUECARE_CASELOAD_OPTIONS_SIZE_0_1);
}

duecare_status duecare_caseload_new(const duecare_caseload_options* options, duecare_caseload** out_caseload,
                                    duecare_error** error) noexcept {
    return make(out_caseload, error, [&] {
        const records::ReaderOptions reading = reader_options(options);
        auto caseload = std::make_unique<duecare_caseload>();
        caseload->state = std::make_shared<CaseloadState>(reading);
        return caseload;
    });
}

duecare_status duecare_caseload_begin(duecare_caseload* caseload, const char* name, size_t name_length,
                                      duecare_error** error) noexcept {
    return guard(error, [&] {
        std::string source(need_text(name, name_length, "name"));
        change(caseload, [&](CaseloadState& state) {
            state.reader.begin(std::move(source));
            state.open = true;
        });
    });
}

duecare_status duecare_caseload_push(duecare_caseload* caseload, const void* bytes, size_t length,
                                     duecare_error** error) noexcept {
    return guard(error, [&] {
        const std::string_view piece = need_bytes(bytes, length, "bytes");
        if (!need(caseload, "caseload").state->open) {
            throw Error(Status::invalid_state, "No source was begun; call duecare_caseload_begin first.");
        }
        change(caseload, [&](CaseloadState& state) { state.reader.push(piece); });
    });
}

duecare_status duecare_caseload_finish(duecare_caseload* caseload, duecare_error** error) noexcept {
    return guard(error, [&] {
        if (!need(caseload, "caseload").state->open) return;
        change(caseload, [&](CaseloadState& state) {
            state.reader.finish();
            state.open = false;
            log_source(state);
        });
    });
}

duecare_status duecare_caseload_read_file(duecare_caseload* caseload, const char* path, size_t path_length,
                                          duecare_error** error) noexcept {
    return guard(error, [&] {
        const std::string name(need_bytes(path, path_length, "path"));
        if (name.empty() || name.find('\0') != std::string::npos) refuse("path is empty or has a NUL in it.");
        change(caseload, [&](CaseloadState& state) {
            if (state.open) state.reader.finish();
            state.open = false;
            state.reader.read_file(name);
            log_source(state);
        });
    });
}

uint64_t duecare_caseload_count_cases(const duecare_caseload* caseload) noexcept {
    const records::ReadReport* report = report_of(caseload);
    return report == nullptr ? 0 : report->cases;
}

uint64_t duecare_caseload_count_staff_documents(const duecare_caseload* caseload) noexcept {
    const records::ReadReport* report = report_of(caseload);
    return report == nullptr ? 0 : report->staff_documents;
}

uint64_t duecare_caseload_count_events(const duecare_caseload* caseload) noexcept {
    const records::ReadReport* report = report_of(caseload);
    return report == nullptr ? 0 : report->events;
}

uint64_t duecare_caseload_count_bytes(const duecare_caseload* caseload) noexcept {
    const records::ReadReport* report = report_of(caseload);
    return report == nullptr ? 0 : report->bytes;
}

uint64_t duecare_caseload_get_memory(const duecare_caseload* caseload) noexcept {
    const CaseloadState* state = find(caseload);
    return state == nullptr ? 0 : state->caseload.memory();
}

duecare_status duecare_caseload_export_case_id(const duecare_caseload* caseload, uint64_t index,
                                               duecare_text* into, duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        const records::Caseload& here = need_case(caseload, index);
        text = here.strings.view(here.cases[index].id);
    });
}

duecare_status duecare_caseload_export_case_json(const duecare_caseload* caseload, uint64_t index,
                                                 duecare_text* into, duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        const records::Caseload& here = need_case(caseload, index);
        records::append_case_json(text, here, static_cast<std::uint32_t>(index));
    });
}

duecare_status duecare_caseload_export_staff_json(const duecare_caseload* caseload, duecare_text* into,
                                                  duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        records::append_staff_json(text, need(caseload, "caseload").state->caseload);
    });
}

uint64_t duecare_caseload_count_rejects(const duecare_caseload* caseload) noexcept {
    const records::ReadReport* report = report_of(caseload);
    return report == nullptr ? 0 : report->rejects.size();
}

const char* duecare_caseload_get_reject_source(const duecare_caseload* caseload, uint64_t index,
                                               size_t* out_length) noexcept {
    return reject_field(caseload, index, &Reject::source, out_length);
}

uint64_t duecare_caseload_get_reject_line(const duecare_caseload* caseload, uint64_t index) noexcept {
    const Reject* reject = find_reject(caseload, index);
    return reject == nullptr ? 0 : reject->line;
}

const char* duecare_caseload_get_reject_case_id(const duecare_caseload* caseload, uint64_t index,
                                                size_t* out_length) noexcept {
    return reject_field(caseload, index, &Reject::case_id, out_length);
}

const char* duecare_caseload_get_reject_pointer(const duecare_caseload* caseload, uint64_t index,
                                                size_t* out_length) noexcept {
    return reject_field(caseload, index, &Reject::pointer, out_length);
}

const char* duecare_caseload_get_reject_reason(const duecare_caseload* caseload, uint64_t index,
                                               size_t* out_length) noexcept {
    return reject_field(caseload, index, &Reject::reason, out_length);
}

uint64_t duecare_caseload_count_unknown_keys(const duecare_caseload* caseload) noexcept {
    const CaseloadState* state = find(caseload);
    return state == nullptr ? 0 : state->unknown_keys.size();
}

const char* duecare_caseload_get_unknown_key_path(const duecare_caseload* caseload, uint64_t index,
                                                  size_t* out_length) noexcept {
    const auto* entry = find_unknown_key(caseload, index);
    return entry == nullptr ? give_nothing(out_length) : give(entry->first, out_length);
}

uint64_t duecare_caseload_get_unknown_key_count(const duecare_caseload* caseload, uint64_t index) noexcept {
    const auto* entry = find_unknown_key(caseload, index);
    return entry == nullptr ? 0 : entry->second.count;
}

const char* duecare_caseload_get_unknown_key_source(const duecare_caseload* caseload, uint64_t index,
                                                    size_t* out_length) noexcept {
    const auto* entry = find_unknown_key(caseload, index);
    return entry == nullptr ? give_nothing(out_length) : give(entry->second.source, out_length);
}

uint64_t duecare_caseload_get_unknown_key_line(const duecare_caseload* caseload, uint64_t index) noexcept {
    const auto* entry = find_unknown_key(caseload, index);
    return entry == nullptr ? 0 : entry->second.line;
}

const char* duecare_caseload_get_unknown_key_pointer(const duecare_caseload* caseload, uint64_t index,
                                                     size_t* out_length) noexcept {
    const auto* entry = find_unknown_key(caseload, index);
    return entry == nullptr ? give_nothing(out_length) : give(entry->second.pointer, out_length);
}

void duecare_caseload_free(duecare_caseload* caseload) noexcept {
    if (is(caseload)) delete caseload;
}
