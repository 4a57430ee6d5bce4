#include <exception>
#include <new>
#include <stdexcept>
#include <utility>

#include "base/text.hpp"
#include "capi/guard.hpp"
#include "capi/log.hpp"
#include "time/instant.hpp"

namespace duecare::capi {
namespace {

// Stands in where there is no memory for an error. Never written, never freed.
constinit duecare_error g_out_of_memory{{}, DUECARE_STATUS_OUT_OF_MEMORY, nullptr};

const std::string& or_empty(const std::string* text) noexcept {
    static const std::string empty;  // allocates nothing
    return text == nullptr ? empty : *text;
}

std::string place(const ErrorFields& fields) {
    std::string out = fields.source;
    if (fields.line != 0) out += (out.empty() ? "line " : ":") + std::to_string(fields.line);
    if (!fields.pointer.empty()) out += (out.empty() ? "" : ": ") + fields.pointer;
    return out;
}

duecare_status fill(duecare_error** error, Status status, std::unique_ptr<ErrorFields> fields) {
    if (fields->text.empty()) {
        const std::string where = place(*fields);
        fields->text = where.empty() ? fields->message : where + ": " + fields->message;
    }
    auto made = std::make_unique<duecare_error>();
    made->status = static_cast<duecare_status>(status);
    made->fields = fields.release();
    *error = made.release();
    return static_cast<duecare_status>(status);
}

std::unique_ptr<ErrorFields> fields_of(const Call& call, std::string message) {
    auto fields = std::make_unique<ErrorFields>();
    fields->callback_code = call.callback_code;
    fields->message = std::move(message);
    return fields;
}

std::unique_ptr<ErrorFields> fields_of(const Call& call, const Error& thrown) {
    auto fields = fields_of(call, thrown.what());
    fields->pointer = thrown.pointer();
    fields->source = thrown.source();
    fields->line = thrown.line();
    return fields;
}

std::unique_ptr<ErrorFields> fields_of(const Call& call, const NotCompiled& thrown) {
    auto fields = fields_of(call, std::string());
    fields->diagnostics = std::make_unique<duecare_diagnostics>(thrown.diagnostics);
    std::size_t errors = 0;
    for (std::size_t i = 0; i < thrown.diagnostics.size(); ++i) {
        const policy::Diagnostic& diagnostic = thrown.diagnostics[i];
        if (!fields->text.empty()) fields->text += '\n';
        fields->text += fields->diagnostics->texts[i];
        if (diagnostic.severity != policy::Diagnostic::Severity::error || ++errors > 1) continue;
        fields->message = diagnostic.message;
        fields->pointer = diagnostic.pointer;
        fields->source = diagnostic.policy;
        fields->line = diagnostic.line;
    }
    if (errors > 1) fields->message += " (And " + std::to_string(errors - 1) + " more.)";
    return fields;
}

std::string over_budget(const OverBudget& thrown) {
    return "More memory is needed than the context allows: max_bytes is " + std::to_string(thrown.limit()) +
           ", " + std::to_string(thrown.used()) + " are in use, and " + std::to_string(thrown.wanted()) +
           " more were asked for.";
}

std::int32_t level_of(duecare_status status) noexcept {
    const bool grave = status == DUECARE_STATUS_LIMIT || status == DUECARE_STATUS_IO ||
                       status == DUECARE_STATUS_OUT_OF_MEMORY || status == DUECARE_STATUS_INTERNAL;
    return grave ? DUECARE_LOG_ERROR : DUECARE_LOG_WARNING;
}

// Rethrows what is being handled. Throws where there is no memory to tell.
duecare_status tell(duecare_error** error, const Call& call) {
    try {
        throw;
    } catch (const OverBudget& thrown) {
        if (error == nullptr) return DUECARE_STATUS_LIMIT;
        return fill(error, Status::limit, fields_of(call, over_budget(thrown)));
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const NotCompiled& thrown) {
        if (error == nullptr) return DUECARE_STATUS_POLICY;
        return fill(error, Status::policy, fields_of(call, thrown));
    } catch (const Error& thrown) {
        if (error == nullptr) return static_cast<duecare_status>(thrown.status());
        return fill(error, thrown.status(), fields_of(call, thrown));
    } catch (const std::exception& thrown) {
        if (error == nullptr) return DUECARE_STATUS_INTERNAL;
        return fill(error, Status::internal,
                    fields_of(call, std::string("A defect of the library: ") + thrown.what()));
    } catch (...) {
        if (error == nullptr) return DUECARE_STATUS_INTERNAL;
        return fill(error, Status::internal, fields_of(call, "A defect of the library: unknown exception."));
    }
}

}  // namespace

duecare_status report(duecare_error** error, const Call& call) noexcept {
    auto* const context = static_cast<Context*>(current_memory());
    const MemoryScope process(nullptr);  // errors outlive the objects that they are about
    duecare_status status = DUECARE_STATUS_OUT_OF_MEMORY;
    try {
        status = tell(error, call);
    } catch (...) {
        if (error != nullptr) *error = &g_out_of_memory;
    }
    LogLine(context, level_of(status), "call.failed").add("status", duecare_status_get_name(status));
    return status;
}

void refuse(const std::string& message) {
    throw Error(Status::invalid_argument, message);
}

std::string_view need_bytes(const void* data, std::size_t length, const char* name) {
    if (data == nullptr && length != 0) refuse(std::string(name) + " is NULL, but its length is not 0.");
    if (length > static_cast<std::size_t>(PTRDIFF_MAX)) {
        refuse(std::string(name) + " is longer than memory can be; was a negative length passed?");
    }
    return length == 0 ? std::string_view() : std::string_view(static_cast<const char*>(data), length);
}

std::string_view need_text(const char* data, std::size_t length, const char* name) {
    const std::string_view text = need_bytes(data, length, name);
    if (!is_valid_utf8(text)) refuse(std::string(name) + " is not valid UTF-8.");
    return text;
}

std::int64_t need_instant(std::int64_t micros, const char* name) {
    if (micros < time::k_first_instant || micros > time::k_last_instant) {
        refuse(std::string(name) +
               " is not an instant of the years 0001 to 9999, in microseconds since 1970.");
    }
    return micros;
}

}  // namespace duecare::capi

using duecare::capi::ErrorFields;
using duecare::capi::give;
using duecare::capi::give_nothing;
using duecare::capi::is;

namespace {

const char* field(const duecare_error* error, std::string ErrorFields::*member,
                  std::size_t* out_length) noexcept {
    if (!is(error)) return give_nothing(out_length);
    return give(duecare::capi::or_empty(error->fields == nullptr ? nullptr : &(error->fields->*member)),
                out_length);
}

const char* message_field(const duecare_error* error, std::string ErrorFields::*member,
                          std::size_t* out_length) noexcept {
    static constexpr std::string_view out_of_memory = "Out of memory.";
    if (!is(error) || error->fields != nullptr) return field(error, member, out_length);
    if (out_length != nullptr) *out_length = out_of_memory.size();
    return out_of_memory.data();
}

}  // namespace

duecare_status duecare_error_get_status(const duecare_error* error) noexcept {
    return is(error) ? error->status : DUECARE_STATUS_OK;
}

const char* duecare_error_get_message(const duecare_error* error, size_t* out_length) noexcept {
    return message_field(error, &ErrorFields::message, out_length);
}

const char* duecare_error_get_pointer(const duecare_error* error, size_t* out_length) noexcept {
    return field(error, &ErrorFields::pointer, out_length);
}

const char* duecare_error_get_source(const duecare_error* error, size_t* out_length) noexcept {
    return field(error, &ErrorFields::source, out_length);
}

uint64_t duecare_error_get_line(const duecare_error* error) noexcept {
    return is(error) && error->fields != nullptr ? error->fields->line : 0;
}

const char* duecare_error_get_text(const duecare_error* error, size_t* out_length) noexcept {
    return message_field(error, &ErrorFields::text, out_length);
}

int32_t duecare_error_get_callback_code(const duecare_error* error) noexcept {
    return is(error) && error->fields != nullptr ? error->fields->callback_code : 0;
}

const duecare_diagnostics* duecare_error_get_diagnostics(const duecare_error* error) noexcept {
    return is(error) && error->fields != nullptr ? error->fields->diagnostics.get() : nullptr;
}

void duecare_error_free(duecare_error* error) noexcept {
    if (!is(error) || error == &duecare::capi::g_out_of_memory) return;
    delete error->fields;
    delete error;
}
