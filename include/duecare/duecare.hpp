// duecare.hpp: the C ABI of duecare.h as C++20 values. Header-only; no C++ type crosses the library boundary,
// so any compiler and standard library will do.
//
// Everything is in `namespace duecare::host`: the host program's side of the boundary. (The names of the
// engine, duecare::policy::Policy, duecare::Error and so on, stand elsewhere and never meet these, even in a
// program that links the engine statically and includes both.)
//
//     namespace dc = duecare::host;
//     dc::Policy policy = dc::Policy::compile(json, "force.json");
//     dc::Caseload caseload;
//     caseload.read_file("cases.jsonl");
//     dc::Result result = dc::audit(policy, caseload);
//     for (const dc::Finding& finding : result.findings()) use(finding.case_id, finding.explanation);
//
// Failures are thrown as duecare::host::Error (policies that do not compile: PolicyError). Handles are
// move-only; a moved-from handle may only be assigned to or destroyed, other calls throw
// Error{invalid_argument}. Thread rules are those of duecare.h: const members may be called concurrently. A
// string_view returned here is borrowed from its object as duecare.h says; the structures (Finding, Reject,
// ...) own their strings.
//
// CONTENTS, in the order of duecare.h; nouns whose classes need each other share a section. A section begins
// with "---- " and its line below: search for "---- Zones:" to go there.
//
//   Status: the numbers of failures and their names
//   Library: version(), build_info(), feature_supported()
//   Error, Diagnostics: Error, PolicyError, Diagnostic
//   Context: memory and log of the host's for the objects made with it
//   Zones: time zone data, zone_data_version()
//   Compiler, Policy, Builtin: policies from text or built in; Document, Duty, DayEdge
//   Instants: parse_instant(), format_instant()
//   Caseload, Document, Tables: records in, from text, field by field or as tables
//   Token: asks a running audit to stop
//   Audit, Result, Tables out, Finding, Explanation: audit() and what it gives
//   Monitor, Changes: the audit as it happens, and what each event changes
//   Ticket: ticket(), tickets()
//   Frame: everything that can be drawn
//   Sample: what a plan and a seed draw from a frame; DrawnUnit
//   Estimate: calculate(), methods(), proportion_bounds()
//   Store: runs and the work on them, in one file; StoreOptions, Keep
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "duecare/arrow_abi.h"
#include "duecare/duecare.h"

namespace duecare::host {

/// Microseconds since 1970-01-01T00:00:00Z.
using Instant = std::int64_t;

// ---- Status: the numbers of failures and their names ---------------------------------------------------

/// The numbers of DUECARE_STATUS_*; later versions of the library may bring others.
enum class Status : std::int32_t {
    ok = DUECARE_STATUS_OK,
    invalid_argument = DUECARE_STATUS_INVALID_ARGUMENT,
    invalid_state = DUECARE_STATUS_INVALID_STATE,
    not_found = DUECARE_STATUS_NOT_FOUND,
    policy = DUECARE_STATUS_POLICY,
    data = DUECARE_STATUS_DATA,
    limit = DUECARE_STATUS_LIMIT,
    io = DUECARE_STATUS_IO,
    busy = DUECARE_STATUS_BUSY,
    cancelled = DUECARE_STATUS_CANCELLED,
    out_of_memory = DUECARE_STATUS_OUT_OF_MEMORY,
    unsupported = DUECARE_STATUS_UNSUPPORTED,
    internal = DUECARE_STATUS_INTERNAL,
};

/// "INVALID_ARGUMENT", ...; "UNKNOWN" for a number of a later version.
[[nodiscard]] inline std::string_view name(Status status) {
    return duecare_status_get_name(static_cast<duecare_status>(status));
}

// ---- Library: version(), build_info(), feature_supported() ---------------------------------------------

[[nodiscard]] inline std::string_view version() {
    return duecare_version();
}
[[nodiscard]] inline std::uint32_t version_number() {
    return duecare_version_number();
}
[[nodiscard]] inline std::uint32_t abi_version() {
    return duecare_abi_version();
}
[[nodiscard]] inline std::string_view build_info() {
    return duecare_build_info();
}
[[nodiscard]] inline bool feature_supported(std::string_view feature) {
    return duecare_feature_supported(feature.data(), feature.size()) != 0;
}

// ---- Error, Diagnostics: Error, PolicyError, Diagnostic ------------------------------------------------

/// Something to say about a policy, with its place.
struct Diagnostic {
    enum class Severity : std::int32_t { error = DUECARE_SEVERITY_ERROR, warning = DUECARE_SEVERITY_WARNING };
    Severity severity = Severity::error;
    std::string policy;        ///< id or name of the layer that the text stands in
    std::string pointer;       ///< JSON pointer into that layer's document
    std::uint64_t line = 0;    ///< 1-based in that document, 0 when unknown
    std::string message;       ///< what was wrong, what was expected, a near name
    std::string expression;    ///< the expression or duration at fault, or empty
    std::uint32_t column = 0;  ///< 0-based byte offset of the fault in `expression`
    std::string text;          ///< all of it on several lines, with a caret
};

/// What went wrong. what() is the message alone; text() is everything, for a terminal or a log.
class Error : public std::runtime_error {
  public:
    struct Fields {
        Status status = Status::internal;
        std::string message;
        std::string pointer;
        std::string source;
        std::uint64_t line = 0;
        std::string text;
        std::int32_t callback_code = 0;
    };
    explicit Error(Fields fields)
        : std::runtime_error(fields.message), fields_(std::make_shared<const Fields>(std::move(fields))) {}

    [[nodiscard]] Status status() const noexcept { return fields_->status; }
    [[nodiscard]] const std::string& message() const noexcept { return fields_->message; }
    /// JSON pointer (RFC 6901) into the document at fault; empty when there is none.
    [[nodiscard]] const std::string& pointer() const noexcept { return fields_->pointer; }
    /// The document at fault: a file name or the id of a policy; empty when there is none.
    [[nodiscard]] const std::string& source() const noexcept { return fields_->source; }
    /// 1-based line in the source, 0 when unknown.
    [[nodiscard]] std::uint64_t line() const noexcept { return fields_->line; }
    [[nodiscard]] const std::string& text() const noexcept { return fields_->text; }
    /// What the callback that stopped the call had returned, 0 when none did.
    [[nodiscard]] std::int32_t callback_code() const noexcept { return fields_->callback_code; }

  private:
    std::shared_ptr<const Fields> fields_;  // shared: exceptions are copied and must not throw then
};

/// A policy that does not compile, with everything found in it.
class PolicyError : public Error {
  public:
    PolicyError(Fields fields, std::vector<Diagnostic> diagnostics)
        : Error(std::move(fields)),
          diagnostics_(std::make_shared<const std::vector<Diagnostic>>(std::move(diagnostics))) {}
    [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const noexcept { return *diagnostics_; }

  private:
    std::shared_ptr<const std::vector<Diagnostic>> diagnostics_;
};

namespace detail {

template <auto Free>
struct Deleter {
    template <typename T>
    void operator()(T* handle) const noexcept {
        Free(handle);
    }
};
template <typename T, auto Free>
using Handle = std::unique_ptr<T, Deleter<Free>>;

/// Calls a string accessor and gives its text; empty for null.
template <typename Get, typename... Arguments>
[[nodiscard]] std::string_view view(Get get, Arguments... arguments) {
    std::size_t length = 0;
    const char* text = get(arguments..., &length);
    return text == nullptr ? std::string_view() : std::string_view(text, length);
}
template <typename Get, typename... Arguments>
[[nodiscard]] std::string copy(Get get, Arguments... arguments) {
    return std::string(view(get, arguments...));
}
template <typename Get, typename... Arguments>
[[nodiscard]] std::optional<std::string> optional_copy(Get get, Arguments... arguments) {
    std::size_t length = 0;
    const char* text = get(arguments..., &length);
    if (text == nullptr) return std::nullopt;
    return std::string(text, length);
}

[[nodiscard]] inline std::vector<Diagnostic> diagnostics(const duecare_diagnostics* list) {
    std::vector<Diagnostic> out(static_cast<std::size_t>(duecare_diagnostics_count(list)));
    for (std::size_t i = 0; i < out.size(); ++i) {
        Diagnostic& d = out[i];
        d.severity = static_cast<Diagnostic::Severity>(duecare_diagnostics_get_severity(list, i));
        d.policy = copy(duecare_diagnostics_get_policy, list, i);
        d.pointer = copy(duecare_diagnostics_get_pointer, list, i);
        d.line = duecare_diagnostics_get_line(list, i);
        d.message = copy(duecare_diagnostics_get_message, list, i);
        d.expression = copy(duecare_diagnostics_get_expression, list, i);
        d.column = duecare_diagnostics_get_column(list, i);
        d.text = copy(duecare_diagnostics_get_text, list, i);
    }
    return out;
}

[[noreturn]] inline void raise(duecare_status status, duecare_error* raw) {
    const Handle<duecare_error, duecare_error_free> error(raw);
    Error::Fields fields;
    fields.status = static_cast<Status>(status);
    fields.message = error ? copy(duecare_error_get_message, raw) : duecare_status_get_name(status);
    fields.pointer = copy(duecare_error_get_pointer, raw);
    fields.source = copy(duecare_error_get_source, raw);
    fields.line = duecare_error_get_line(raw);
    fields.text = copy(duecare_error_get_text, raw);
    fields.callback_code = duecare_error_get_callback_code(raw);
    if (const duecare_diagnostics* list = duecare_error_get_diagnostics(raw)) {
        throw PolicyError(std::move(fields), diagnostics(list));
    }
    throw Error(std::move(fields));
}

/// Calls a fallible function with `arguments` and an error; throws what it says.
template <typename Call, typename... Arguments>
void check(Call call, Arguments... arguments) {
    duecare_error* error = nullptr;
    const duecare_status status = call(arguments..., &error);
    if (status != DUECARE_STATUS_OK) raise(status, error);
}

/// The text that a function writes, as a string.
template <typename Call, typename... Arguments>
[[nodiscard]] std::string written(Call call, Arguments... arguments) {
    duecare_text* raw = nullptr;
    check(duecare_text_new, &raw);
    const Handle<duecare_text, duecare_text_free> text(raw);
    check(call, arguments..., raw);
    return copy(duecare_text_get, static_cast<const duecare_text*>(raw));
}

}  // namespace detail

// ---- Context: memory and log of the host's for the objects made with it --------------------------------

/// Told what was done: a DUECARE_LOG_... level, and one JSON object of events, counts and ids of policies.
/// Must not throw.
using Log = std::function<void(std::int32_t, std::string_view)>;

struct ContextOptions {
    std::uint64_t max_bytes = 0;  ///< beyond it calls throw Error{limit}; 0: no bound
    std::pmr::memory_resource* memory =
        nullptr;                 ///< of threads at once; outlives the objects. Null: the process's
    Log log;                     ///< may be empty
    std::int32_t log_level = 0;  ///< the least that is told; 0: all
};

/// What objects made with it take their memory from, and whom they tell. Lives as long as they do.
class Context {
  public:
    explicit Context(ContextOptions options = {}) {
        auto state = std::make_unique<ContextOptions>(std::move(options));
        duecare_context_options asked = DUECARE_CONTEXT_OPTIONS_INIT;
        asked.max_bytes = state->max_bytes;
        if (state->memory != nullptr) {
            asked.allocate = &Context::allocate;
            asked.release = &Context::release;
        }
        if (state->log) asked.log = &Context::tell;
        asked.log_level = state->log_level;
        asked.user_data = state.get();
        asked.destroy = &Context::destroy;
        duecare_context* raw = nullptr;
        detail::check(duecare_context_new, static_cast<const duecare_context_options*>(&asked), &raw);
        static_cast<void>(state.release());  // destroy() has it now
        handle_.reset(raw);
    }
    /// Bytes that its objects hold, and the most that they ever held.
    [[nodiscard]] std::uint64_t used() const noexcept { return duecare_context_get_used(handle_.get()); }
    [[nodiscard]] std::uint64_t peak() const noexcept { return duecare_context_get_peak(handle_.get()); }
    [[nodiscard]] duecare_context* native() const noexcept { return handle_.get(); }

  private:
    static ContextOptions& of(void* user_data) noexcept { return *static_cast<ContextOptions*>(user_data); }
    static void* allocate(std::size_t bytes, std::size_t alignment, void* user_data) noexcept {
        try {
            return of(user_data).memory->allocate(bytes, alignment);
        } catch (...) {
            return nullptr;
        }
    }
    static void release(void* at, std::size_t bytes, std::size_t alignment, void* user_data) noexcept {
        of(user_data).memory->deallocate(at, bytes, alignment);
    }
    static void tell(std::int32_t level, const char* json, std::size_t length, void* user_data) noexcept {
        of(user_data).log(level, std::string_view(json, length));
    }
    static void destroy(void* user_data) noexcept { delete &of(user_data); }

    detail::Handle<duecare_context, duecare_context_free> handle_;
};

namespace detail {
[[nodiscard]] inline duecare_context* native(const Context* context) noexcept {
    return context == nullptr ? nullptr : context->native();
}
}  // namespace detail

// ---- Zones: time zone data, zone_data_version() --------------------------------------------------------

/// The release of the IANA time zone data built in ("2026b").
[[nodiscard]] inline std::string_view zone_data_version() {
    std::size_t length = 0;
    const char* text = duecare_zones_get_version(nullptr, &length);
    return text == nullptr ? std::string_view() : std::string_view(text, length);
}

/// Time zone data other than that built in.
class Zones {
  public:
    /// Reads a bundle; throws Error{data} when the bytes are none.
    [[nodiscard]] static Zones import(std::span<const std::byte> bytes) {
        duecare_zones* raw = nullptr;
        detail::check(duecare_zones_import, static_cast<const void*>(bytes.data()), bytes.size(), &raw);
        return Zones(raw);
    }
    [[nodiscard]] std::string_view version() const {
        return handle_ ? detail::view(duecare_zones_get_version, native()) : std::string_view();
    }
    [[nodiscard]] const duecare_zones* native() const noexcept { return handle_.get(); }

  private:
    explicit Zones(duecare_zones* raw) : handle_(raw) {}
    detail::Handle<duecare_zones, duecare_zones_free> handle_;
};

// ---- Compiler, Policy, Builtin: policies from text or built in; Document, Duty, DayEdge ----------------

/// What a date alone stands for.
enum class DayEdge : std::int32_t { start = DUECARE_DAY_START, end = DUECARE_DAY_END };

/// A policy document: its JSON, and the name that diagnostics show (may be empty).
struct Document {
    std::string name;
    std::string json;
};

/// Finds the document of a policy that another `extends`; nothing when there is none of that id.
using Resolver = std::function<std::optional<Document>(std::string_view id)>;

/// What a duty says of itself.
struct Duty {
    std::string id;
    std::string title;
    std::string area;
    std::string severity;  ///< "critical", "high", "medium", "low"
    std::string source_title;
    std::string source_section;
    std::string source_url;
    std::string source_status;  ///< "statute", "statutory_guidance", ...
    std::string explain;        ///< sentence template, or empty
};

/// The ids of the policies that come with the library, sorted. A policy may extend them.
[[nodiscard]] inline std::vector<std::string> builtin_ids() {
    std::vector<std::string> out;
    for (std::uint64_t i = 0; i < duecare_builtin_count(); ++i) {
        out.push_back(detail::written(duecare_builtin_export_id, i));
    }
    return out;
}
/// The JSON of a built-in policy. Throws Error{not_found}.
[[nodiscard]] inline std::string builtin_json(std::string_view id) {
    return detail::written(duecare_builtin_export_json, id.data(), id.size());
}
/// The words that the built-in policies are written in, JSON of `duecare.vocabulary/1`.
[[nodiscard]] inline std::string vocabulary_json() {
    return detail::written(duecare_vocabulary_export_json);
}

/// A compiled policy. Immutable.
class Policy {
  public:
    /// Compiles a built-in policy. Throws Error{not_found}.
    [[nodiscard]] static Policy builtin(std::string_view id) { return compile(builtin_json(id), id); }
    /// Compiles a policy that stands alone; use Compiler for layers. Throws PolicyError.
    [[nodiscard]] static Policy compile(std::string_view json, std::string_view name = {}) {
        duecare_policy* raw = nullptr;
        detail::check(duecare_policy_compile, name.data(), name.size(), json.data(), json.size(), &raw);
        return Policy(raw);
    }

    [[nodiscard]] std::string_view id() const { return detail::view(duecare_policy_get_id, native()); }
    [[nodiscard]] std::string_view version() const {
        return detail::view(duecare_policy_get_version, native());
    }
    [[nodiscard]] std::string_view title() const { return detail::view(duecare_policy_get_title, native()); }
    [[nodiscard]] std::string_view time_zone() const {
        return detail::view(duecare_policy_get_time_zone, native());
    }
    /// The whole policy after its layers, as JSON.
    [[nodiscard]] std::string_view json() const { return detail::view(duecare_policy_get_json, native()); }
    /// SHA-256 of json(), lower-case hex.
    [[nodiscard]] std::string_view digest() const {
        return detail::view(duecare_policy_get_digest, native());
    }
    /// The warnings of the compilation.
    [[nodiscard]] std::vector<Diagnostic> warnings() const {
        return detail::diagnostics(duecare_policy_get_diagnostics(native()));
    }

    [[nodiscard]] std::size_t duty_count() const {
        return static_cast<std::size_t>(duecare_policy_count_duties(native()));
    }
    [[nodiscard]] std::string_view duty_id(std::size_t index) const {
        return detail::view(duecare_policy_get_duty_id, native(), std::uint64_t{index});
    }
    /// Throws std::out_of_range.
    [[nodiscard]] Duty duty(std::size_t index) const {
        if (index >= duty_count()) throw std::out_of_range("no such duty");
        const std::uint64_t i = index;
        return Duty{detail::copy(duecare_policy_get_duty_id, native(), i),
                    detail::copy(duecare_policy_get_duty_title, native(), i),
                    detail::copy(duecare_policy_get_duty_area, native(), i),
                    detail::copy(duecare_policy_get_duty_severity, native(), i),
                    detail::copy(duecare_policy_get_duty_source_title, native(), i),
                    detail::copy(duecare_policy_get_duty_source_section, native(), i),
                    detail::copy(duecare_policy_get_duty_source_url, native(), i),
                    detail::copy(duecare_policy_get_duty_source_status, native(), i),
                    detail::copy(duecare_policy_get_duty_explain, native(), i)};
    }
    [[nodiscard]] std::vector<Duty> duties() const {
        std::vector<Duty> out;
        for (std::size_t i = 0; i < duty_count(); ++i) out.push_back(duty(i));
        return out;
    }

    /// Reads RFC 3339 text; without an offset, or as a date alone, it is local in the policy's zone.
    [[nodiscard]] Instant parse_instant(std::string_view text, DayEdge edge = DayEdge::end) const {
        Instant out = DUECARE_INSTANT_NONE;
        detail::check(duecare_policy_parse_instant, native(), text.data(), text.size(),
                      static_cast<duecare_day_edge>(edge), &out);
        return out;
    }
    /// As the policy's zone shows it: "2023-06-01T10:30:00+01:00".
    [[nodiscard]] std::string format_instant(Instant instant) const {
        return detail::written(duecare_policy_format_instant, native(), instant);
    }

    [[nodiscard]] const duecare_policy* native() const noexcept { return handle_.get(); }

  private:
    friend class Compiler;
    explicit Policy(duecare_policy* raw) : handle_(raw) {}
    detail::Handle<duecare_policy, duecare_policy_free> handle_;
};

/// What policies are compiled with: layers handed over, a resolver, zone data.
class Compiler {
  public:
    Compiler() {
        duecare_compiler* raw = nullptr;
        detail::check(duecare_compiler_new, &raw);
        handle_.reset(raw);
    }

    Compiler& set_zones(const Zones& zones) {
        detail::check(duecare_compiler_set_zones, handle_.get(), zones.native());
        return *this;
    }
    /// Of the policies compiled from now on; null: the process's memory, and no log.
    Compiler& set_context(const Context* context) {
        detail::check(duecare_compiler_set_context, handle_.get(), detail::native(context));
        return *this;
    }
    /// Hands over a layer that may be extended by its `id`.
    Compiler& add_layer(std::string_view json, std::string_view name = {}) {
        detail::check(duecare_compiler_add_layer, handle_.get(), name.data(), name.size(), json.data(),
                      json.size());
        return *this;
    }
    /// Sets who is asked for layers that were not handed over. What it throws, compile() throws.
    Compiler& set_resolver(Resolver resolver) {
        auto state = std::make_unique<ResolverState>();
        state->resolver = std::move(resolver);
        ResolverState* raw = state.release();  // the library destroys it, whatever the outcome
        state_ = nullptr;
        detail::check(duecare_compiler_set_resolver, handle_.get(), &Compiler::resolve,
                      static_cast<void*>(raw), &Compiler::destroy);
        state_ = raw;
        return *this;
    }

    /// Throws PolicyError, or what the resolver threw.
    [[nodiscard]] Policy compile(std::string_view json, std::string_view name = {}) {
        if (state_ != nullptr) state_->thrown = nullptr;
        duecare_policy* raw = nullptr;
        duecare_error* error = nullptr;
        const duecare_status status = duecare_compiler_compile(handle_.get(), name.data(), name.size(),
                                                               json.data(), json.size(), &raw, &error);
        if (state_ != nullptr && state_->thrown != nullptr) {
            const Policy discarded(raw);
            const detail::Handle<duecare_error, duecare_error_free> discarded_error(error);
            std::rethrow_exception(std::exchange(state_->thrown, nullptr));
        }
        if (status != DUECARE_STATUS_OK) detail::raise(status, error);
        return Policy(raw);
    }

  private:
    struct ResolverState {
        Resolver resolver;
        std::exception_ptr thrown;
    };
    static std::int32_t resolve(const char* id, std::size_t length, duecare_text* name, duecare_text* json,
                                void* user_data) noexcept {
        auto* state = static_cast<ResolverState*>(user_data);
        try {
            const std::optional<Document> found = state->resolver(std::string_view(id, length));
            if (!found) return DUECARE_STATUS_NOT_FOUND;
            detail::check(duecare_text_set, name, found->name.data(), found->name.size());
            detail::check(duecare_text_set, json, found->json.data(), found->json.size());
            return DUECARE_STATUS_OK;
        } catch (...) {
            state->thrown = std::current_exception();
            return DUECARE_STATUS_CANCELLED;
        }
    }
    static void destroy(void* user_data) noexcept { delete static_cast<ResolverState*>(user_data); }

    detail::Handle<duecare_compiler, duecare_compiler_free> handle_;
    ResolverState* state_ = nullptr;  // belongs to the handle
};

// ---- Instants: parse_instant(), format_instant() -------------------------------------------------------

/// Reads RFC 3339 text with an offset.
[[nodiscard]] inline Instant parse_instant(std::string_view text) {
    Instant out = DUECARE_INSTANT_NONE;
    detail::check(duecare_instant_parse, text.data(), text.size(), &out);
    return out;
}
/// "YYYY-MM-DDTHH:MM:SSZ", with six decimals only where the microseconds are not zero.
[[nodiscard]] inline std::string format_instant(Instant instant) {
    return detail::written(duecare_instant_format, instant);
}

// ---- Caseload, Document, Tables: records in, from text, field by field or as tables --------------------

/// Zero means the default of the contract.
struct CaseloadOptions {
    bool strict = false;  ///< the first reject throws Error{data}; an unknown key is a reject
    std::uint64_t max_document_bytes = 0;
    std::uint64_t max_string_bytes = 0;
    std::uint32_t max_nesting = 0;
    std::uint32_t max_events_per_case = 0;
    const Context* context = nullptr;  ///< may be null
};

/// A document that was not taken, and why.
struct Reject {
    std::string source;
    std::uint64_t line = 0;  ///< 1-based
    std::string case_id;     ///< as far as it was read
    std::string pointer;     ///< JSON pointer into the document; empty: the document itself
    std::string reason;
};

/// A key that the format does not know, how often it came, and where first.
struct UnknownKey {
    std::string path;  ///< "event.colour"
    std::uint64_t count = 0;
    std::string source;
    std::uint64_t line = 0;
    std::string pointer;
};

/// How an instant is known.
enum class Precision : std::int32_t {
    exact = DUECARE_PRECISION_EXACT,
    local = DUECARE_PRECISION_LOCAL,
    day = DUECARE_PRECISION_DAY,
};

/// A case history or a staff register, put together field by field and then added to a caseload: no JSON.
/// What is set belongs to the person, event or entry of service added last. Calls may be chained.
class DocumentBuilder {
  public:
    DocumentBuilder() {
        duecare_document* raw = nullptr;
        detail::check(duecare_document_new, &raw);
        handle_.reset(raw);
    }
    /// Of what follows; null: the process's memory, and no log.
    void set_context(const Context* context) {
        detail::check(duecare_document_set_context, handle_.get(), detail::native(context));
    }
    DocumentBuilder& start_case(std::string_view id) {
        detail::check(duecare_document_start_case, handle_.get(), id.data(), id.size());
        return *this;
    }
    DocumentBuilder& start_staff() {
        detail::check(duecare_document_start_staff, handle_.get());
        return *this;
    }
    DocumentBuilder& set_kind(std::string_view kind) {
        detail::check(duecare_document_set_kind, handle_.get(), kind.data(), kind.size());
        return *this;
    }
    DocumentBuilder& add_person(std::string_view id) {
        detail::check(duecare_document_add_person, handle_.get(), id.data(), id.size());
        return *this;
    }
    DocumentBuilder& set_born(std::int32_t year, std::int32_t month = 0, std::int32_t day = 0) {
        detail::check(duecare_document_set_born, handle_.get(), year, month, day);
        return *this;
    }
    DocumentBuilder& add_role(std::string_view role) {
        detail::check(duecare_document_add_role, handle_.get(), role.data(), role.size());
        return *this;
    }
    DocumentBuilder& add_event(std::string_view type, Instant occurred,
                               Precision precision = Precision::exact) {
        detail::check(duecare_document_add_event, handle_.get(), type.data(), type.size(), occurred,
                      static_cast<duecare_precision>(precision));
        return *this;
    }
    DocumentBuilder& set_event_id(std::string_view id) {
        detail::check(duecare_document_set_event_id, handle_.get(), id.data(), id.size());
        return *this;
    }
    DocumentBuilder& set_recorded(Instant recorded, Precision precision = Precision::exact) {
        detail::check(duecare_document_set_recorded, handle_.get(), recorded,
                      static_cast<duecare_precision>(precision));
        return *this;
    }
    DocumentBuilder& set_actor(std::string_view id) {
        detail::check(duecare_document_set_actor, handle_.get(), id.data(), id.size());
        return *this;
    }
    DocumentBuilder& add_subject(std::string_view person) {
        detail::check(duecare_document_add_subject, handle_.get(), person.data(), person.size());
        return *this;
    }
    DocumentBuilder& set_replaces(std::string_view event) {
        detail::check(duecare_document_set_replaces, handle_.get(), event.data(), event.size());
        return *this;
    }
    DocumentBuilder& set_withdrawn(bool withdrawn) {
        detail::check(duecare_document_set_withdrawn, handle_.get(), static_cast<std::int32_t>(withdrawn));
        return *this;
    }
    DocumentBuilder& add_member(std::string_view id) {
        detail::check(duecare_document_add_member, handle_.get(), id.data(), id.size());
        return *this;
    }
    DocumentBuilder& add_service(std::int32_t from, std::int32_t until = DUECARE_DAY_NONE) {
        detail::check(duecare_document_add_service, handle_.get(), from, until);
        return *this;
    }
    DocumentBuilder& set_rank(std::string_view rank) {
        detail::check(duecare_document_set_rank, handle_.get(), rank.data(), rank.size());
        return *this;
    }
    DocumentBuilder& set_unit(std::string_view unit) {
        detail::check(duecare_document_set_unit, handle_.get(), unit.data(), unit.size());
        return *this;
    }
    DocumentBuilder& add_accreditation(std::string_view accreditation) {
        detail::check(duecare_document_add_accreditation, handle_.get(), accreditation.data(),
                      accreditation.size());
        return *this;
    }
    DocumentBuilder& set_no_accreditations() {
        detail::check(duecare_document_set_no_accreditations, handle_.get());
        return *this;
    }
    DocumentBuilder& open_attribute(std::string_view key) {
        detail::check(duecare_document_open_attribute, handle_.get(), key.data(), key.size());
        return *this;
    }
    DocumentBuilder& open_attribute_list(std::string_view key) {
        detail::check(duecare_document_open_attribute_list, handle_.get(), key.data(), key.size());
        return *this;
    }
    DocumentBuilder& close_attribute() {
        detail::check(duecare_document_close_attribute, handle_.get());
        return *this;
    }
    DocumentBuilder& set_attribute_string(std::string_view key, std::string_view value) {
        detail::check(duecare_document_set_attribute_string, handle_.get(), key.data(), key.size(),
                      value.data(), value.size());
        return *this;
    }
    DocumentBuilder& set_attribute_integer(std::string_view key, std::int64_t value) {
        detail::check(duecare_document_set_attribute_integer, handle_.get(), key.data(), key.size(), value);
        return *this;
    }
    DocumentBuilder& set_attribute_number(std::string_view key, double value) {
        detail::check(duecare_document_set_attribute_number, handle_.get(), key.data(), key.size(), value);
        return *this;
    }
    DocumentBuilder& set_attribute_boolean(std::string_view key, bool value) {
        detail::check(duecare_document_set_attribute_boolean, handle_.get(), key.data(), key.size(),
                      static_cast<std::int32_t>(value));
        return *this;
    }
    DocumentBuilder& set_attribute_null(std::string_view key) {
        detail::check(duecare_document_set_attribute_null, handle_.get(), key.data(), key.size());
        return *this;
    }
    DocumentBuilder& set_attribute_instant(std::string_view key, Instant value,
                                           Precision precision = Precision::exact) {
        detail::check(duecare_document_set_attribute_instant, handle_.get(), key.data(), key.size(), value,
                      static_cast<duecare_precision>(precision));
        return *this;
    }
    [[nodiscard]] duecare_document* native() noexcept { return handle_.get(); }

  private:
    detail::Handle<duecare_document, duecare_document_free> handle_;
};

/// Arrow tables on their way into a caseload.
class Tables {
  public:
    /// `mapping`: the JSON of a duecare.mapping/1; empty: columns are called as the fields of the format.
    explicit Tables(std::string_view mapping = {}) {
        duecare_tables* raw = nullptr;
        detail::check(duecare_tables_new, mapping.data(), mapping.size(), &raw);
        handle_.reset(raw);
    }
    /// Of what follows; null: the process's memory, and no log.
    void set_context(const Context* context) {
        detail::check(duecare_tables_set_context, handle_.get(), detail::native(context));
    }
    /// Releases the stream, also when it throws.
    void add(std::string_view name, ArrowArrayStream& stream) {
        detail::check(duecare_tables_add, handle_.get(), name.data(), name.size(), &stream);
    }
    [[nodiscard]] std::string report() const {
        return detail::written(duecare_tables_export_report,
                               static_cast<const duecare_tables*>(handle_.get()));
    }
    [[nodiscard]] duecare_tables* native() noexcept { return handle_.get(); }

  private:
    detail::Handle<duecare_tables, duecare_tables_free> handle_;
};

/// Case histories and staff, read from any number of sources.
class Caseload {
  public:
    explicit Caseload(const CaseloadOptions& options = {}) {
        duecare_caseload_options raw_options = DUECARE_CASELOAD_OPTIONS_INIT;
        raw_options.flags = options.strict ? DUECARE_CASELOAD_STRICT : 0U;
        raw_options.max_document_bytes = options.max_document_bytes;
        raw_options.max_string_bytes = options.max_string_bytes;
        raw_options.max_nesting = options.max_nesting;
        raw_options.max_events_per_case = options.max_events_per_case;
        raw_options.context = detail::native(options.context);
        duecare_caseload* raw = nullptr;
        detail::check(duecare_caseload_new, static_cast<const duecare_caseload_options*>(&raw_options), &raw);
        handle_.reset(raw);
    }

    /// Starts a source (a file, a stream) whose bytes follow in push(); `name` is shown in rejects.
    void begin(std::string_view name) {
        detail::check(duecare_caseload_begin, handle_.get(), name.data(), name.size());
    }
    void push(std::string_view bytes) {
        detail::check(duecare_caseload_push, handle_.get(), static_cast<const void*>(bytes.data()),
                      bytes.size());
    }
    void finish() { detail::check(duecare_caseload_finish, handle_.get()); }
    /// begin, push and finish of a text at hand.
    void read(std::string_view bytes, std::string_view name) {
        begin(name);
        push(bytes);
        finish();
    }
    /// Throws Error{io} when it cannot be read.
    void read_file(std::string_view path) {
        detail::check(duecare_caseload_read_file, handle_.get(), path.data(), path.size());
    }

    /// Commits a document, as if its JSON had been read. `source` and `line` are shown in rejects.
    void add(DocumentBuilder& document, std::string_view source = {}, std::uint64_t line = 0) {
        detail::check(duecare_caseload_add_document, handle_.get(), document.native(), source.data(),
                      source.size(), line);
    }

    /// Commits tables, once.
    void add(Tables& tables) { detail::check(duecare_caseload_add_tables, handle_.get(), tables.native()); }

    [[nodiscard]] std::uint64_t case_count() const { return duecare_caseload_count_cases(native()); }
    [[nodiscard]] std::uint64_t staff_document_count() const {
        return duecare_caseload_count_staff_documents(native());
    }
    [[nodiscard]] std::uint64_t event_count() const { return duecare_caseload_count_events(native()); }
    [[nodiscard]] std::uint64_t byte_count() const { return duecare_caseload_count_bytes(native()); }
    /// Bytes of memory that the histories hold.
    [[nodiscard]] std::uint64_t memory() const { return duecare_caseload_get_memory(native()); }
    /// Throws Error{not_found} past the end.
    [[nodiscard]] std::string case_id(std::uint64_t index) const {
        return detail::written(duecare_caseload_export_case_id, native(), index);
    }
    /// The history as JSON (duecare.case/1). Throws Error{not_found} past the end.
    [[nodiscard]] std::string case_json(std::uint64_t index) const {
        return detail::written(duecare_caseload_export_case_json, native(), index);
    }

    /// The staff register as JSON (duecare.staff/1).
    [[nodiscard]] std::string staff_json() const {
        return detail::written(duecare_caseload_export_staff_json, native());
    }

    [[nodiscard]] std::uint64_t reject_count() const { return duecare_caseload_count_rejects(native()); }
    /// Empty past the end.
    [[nodiscard]] Reject reject(std::uint64_t index) const {
        return Reject{detail::copy(duecare_caseload_get_reject_source, native(), index),
                      duecare_caseload_get_reject_line(native(), index),
                      detail::copy(duecare_caseload_get_reject_case_id, native(), index),
                      detail::copy(duecare_caseload_get_reject_pointer, native(), index),
                      detail::copy(duecare_caseload_get_reject_reason, native(), index)};
    }
    [[nodiscard]] std::vector<Reject> rejects() const {
        std::vector<Reject> out;
        for (std::uint64_t i = 0; i < reject_count(); ++i) out.push_back(reject(i));
        return out;
    }
    [[nodiscard]] std::vector<UnknownKey> unknown_keys() const {
        std::vector<UnknownKey> out;
        for (std::uint64_t i = 0; i < duecare_caseload_count_unknown_keys(native()); ++i) {
            out.push_back({detail::copy(duecare_caseload_get_unknown_key_path, native(), i),
                           duecare_caseload_get_unknown_key_count(native(), i),
                           detail::copy(duecare_caseload_get_unknown_key_source, native(), i),
                           duecare_caseload_get_unknown_key_line(native(), i),
                           detail::copy(duecare_caseload_get_unknown_key_pointer, native(), i)});
        }
        return out;
    }

    [[nodiscard]] const duecare_caseload* native() const noexcept { return handle_.get(); }

  private:
    detail::Handle<duecare_caseload, duecare_caseload_free> handle_;
};

// ---- Token: asks a running audit to stop ---------------------------------------------------------------

/// Asks a running audit to stop; cancel() may be called from any thread and from a signal handler.
class Token {
  public:
    Token() {
        duecare_token* raw = nullptr;
        detail::check(duecare_token_new, &raw);
        handle_.reset(raw);
    }
    void cancel() const noexcept { duecare_token_cancel(handle_.get()); }
    void reset() noexcept { duecare_token_reset(handle_.get()); }
    [[nodiscard]] bool cancelled() const noexcept { return duecare_token_get_cancelled(handle_.get()) != 0; }
    [[nodiscard]] const duecare_token* native() const noexcept { return handle_.get(); }

  private:
    detail::Handle<duecare_token, duecare_token_free> handle_;
};

// ---- Audit, Result, Tables out, Finding, Explanation: audit() and what it gives ------------------------

enum class Verdict : std::int32_t {
    met = DUECARE_VERDICT_MET,
    late = DUECARE_VERDICT_LATE,
    missed = DUECARE_VERDICT_MISSED,
    pending = DUECARE_VERDICT_PENDING,
    excused = DUECARE_VERDICT_EXCUSED,
    lapsed = DUECARE_VERDICT_LAPSED,
    unassessable = DUECARE_VERDICT_UNASSESSABLE,
};
inline constexpr std::size_t k_verdicts = 7;

/// "met", ...; empty for a number of a later version.
[[nodiscard]] inline std::string_view name(Verdict verdict) {
    const char* text = duecare_verdict_get_name(static_cast<duecare_verdict>(verdict));
    return text == nullptr ? std::string_view() : text;
}

/// Bit of a verdict, for AuditOptions::verdicts.
[[nodiscard]] constexpr std::uint32_t bit(Verdict verdict) {
    return 1U << static_cast<std::uint32_t>(verdict);
}
inline constexpr std::uint32_t k_default_verdicts = DUECARE_VERDICTS_DEFAULT;
inline constexpr std::uint32_t k_all_verdicts = DUECARE_VERDICTS_ALL;

/// Called on the calling thread with (cases done, cases in all); false cancels. What it throws, audit()
/// throws.
using Progress = std::function<bool(std::uint64_t, std::uint64_t)>;

struct AuditOptions {
    std::optional<Instant> as_of;                 ///< nothing: the latest instant of the caseload
    std::optional<Instant> known_at;              ///< nothing: as_of
    std::uint32_t verdicts = k_default_verdicts;  ///< bits of the verdicts to keep findings of; 0: only count
    std::uint32_t threads = 0;         ///< 0: the calling thread alone; DUECARE_THREADS_MACHINE: all
    Progress progress;                 ///< may be empty
    const Token* token = nullptr;      ///< may be null
    const Context* context = nullptr;  ///< null: that of the policy, else of the caseload
    bool coverage = false;  ///< note what the audit came past, for Result::coverage_json(); one thread
};

/// One obligation and what became of it (evaluation.md, "Findings"). Owns its strings.
struct Finding {
    std::string case_id;
    std::string duty_id;
    std::optional<std::string> key;
    Verdict verdict = Verdict::met;
    Instant opened_at = 0;
    std::optional<Instant> due_at;
    std::optional<Instant> ended_at;
    std::int64_t overdue_seconds = 0;
    std::int64_t elapsed_seconds = 0;
    std::int32_t missed_periods = 0;
    std::optional<std::string> trigger_event;
    std::optional<std::string> ending_event;
    std::vector<std::string> flags;  ///< sorted names
    std::optional<std::string> reason;
    std::vector<std::string> evidence;
    std::optional<std::string> owner;
    std::string area;
    std::string severity;
    std::string title;
    std::string explanation;
    std::uint64_t case_index = 0;     ///< in the caseload
    std::uint64_t duty_index = 0;     ///< in the policy
    std::optional<std::string> unit;  ///< which it is counted for (duecare_finding_get_unit)
};

class Result;

/// Reads the findings of a result one after the other without copying more than asked. It keeps the result's
/// content alive. The views are valid until the next at().
class FindingReader {
  public:
    explicit FindingReader(const Result& result);

    /// Throws Error{not_found} past the end.
    void at(std::uint64_t index) { detail::check(duecare_finding_at, handle_.get(), index); }

    [[nodiscard]] std::string_view case_id() const { return view(duecare_finding_get_case_id); }
    [[nodiscard]] std::uint64_t case_index() const { return duecare_finding_get_case(native()); }
    [[nodiscard]] std::string_view duty_id() const { return view(duecare_finding_get_duty_id); }
    [[nodiscard]] std::uint64_t duty_index() const { return duecare_finding_get_duty(native()); }
    [[nodiscard]] std::optional<std::string_view> key() const { return nullable(duecare_finding_get_key); }
    [[nodiscard]] Verdict verdict() const {
        return static_cast<Verdict>(duecare_finding_get_verdict(native()));
    }
    [[nodiscard]] Instant opened_at() const { return duecare_finding_get_opened_at(native()); }
    [[nodiscard]] std::optional<Instant> due_at() const {
        return instant(duecare_finding_get_due_at(native()));
    }
    [[nodiscard]] std::optional<Instant> ended_at() const {
        return instant(duecare_finding_get_ended_at(native()));
    }
    [[nodiscard]] std::int64_t overdue_seconds() const {
        return duecare_finding_get_overdue_seconds(native());
    }
    [[nodiscard]] std::int64_t elapsed_seconds() const {
        return duecare_finding_get_elapsed_seconds(native());
    }
    [[nodiscard]] std::int32_t missed_periods() const { return duecare_finding_get_missed_periods(native()); }
    [[nodiscard]] std::optional<std::string_view> trigger_event() const {
        return nullable(duecare_finding_get_trigger_event);
    }
    [[nodiscard]] std::optional<std::string_view> ending_event() const {
        return nullable(duecare_finding_get_ending_event);
    }
    /// DUECARE_FLAG_* bits.
    [[nodiscard]] std::uint32_t flags() const { return duecare_finding_get_flags(native()); }
    /// The names of the flags, sorted.
    [[nodiscard]] std::vector<std::string_view> flag_names() const {
        std::vector<std::string_view> out;
        for (std::uint32_t rest = flags(); rest != 0; rest &= rest - 1) {
            if (const char* text = duecare_flag_get_name(rest & (~rest + 1U))) out.emplace_back(text);
        }
        return out;
    }
    [[nodiscard]] std::optional<std::string_view> reason() const {
        return nullable(duecare_finding_get_reason);
    }
    [[nodiscard]] std::uint64_t evidence_count() const { return duecare_finding_count_evidence(native()); }
    [[nodiscard]] std::string_view evidence(std::uint64_t index) const {
        return detail::view(duecare_finding_get_evidence, native(), index);
    }
    [[nodiscard]] std::optional<std::string_view> owner() const {
        return nullable(duecare_finding_get_owner);
    }
    /// Which unit it is counted for (duecare_finding_get_unit).
    [[nodiscard]] std::optional<std::string_view> unit() const { return nullable(duecare_finding_get_unit); }
    [[nodiscard]] std::string_view area() const { return view(duecare_finding_get_area); }
    [[nodiscard]] std::string_view severity() const { return view(duecare_finding_get_severity); }
    [[nodiscard]] std::string_view title() const { return view(duecare_finding_get_title); }
    [[nodiscard]] std::string explanation() const {
        return detail::written(duecare_finding_export_explanation, native());
    }
    /// One JSON object without line end.
    [[nodiscard]] std::string json() const { return detail::written(duecare_finding_export_json, native()); }

    /// All of it as a value.
    [[nodiscard]] Finding copy() const;

    [[nodiscard]] const duecare_finding* native() const noexcept { return handle_.get(); }

  private:
    using Get = decltype(&duecare_finding_get_case_id);
    [[nodiscard]] std::string_view view(Get get) const { return detail::view(get, native()); }
    [[nodiscard]] std::optional<std::string_view> nullable(Get get) const {
        std::size_t length = 0;
        const char* text = get(native(), &length);
        if (text == nullptr) return std::nullopt;
        return std::string_view(text, length);
    }
    [[nodiscard]] static std::optional<Instant> instant(std::int64_t micros) {
        if (micros == DUECARE_INSTANT_NONE) return std::nullopt;
        return micros;
    }
    detail::Handle<duecare_finding, duecare_finding_free> handle_;
};

/// What an audit found. Immutable; keeps the content of policy and caseload alive, and the caseload closed
/// for additions.
/// The life of each obligation of one duty in one case, with the smallest changes of the record that would
/// have made those that went wrong right. Keeps the result's content alive.
class Explanation {
  public:
    [[nodiscard]] std::uint64_t obligation_count() const {
        return duecare_explanation_count_obligations(handle_.get());
    }
    [[nodiscard]] std::uint64_t step_count(std::uint64_t obligation) const {
        return duecare_explanation_count_steps(handle_.get(), obligation);
    }
    /// Plain lines for people.
    [[nodiscard]] std::string text() const {
        return detail::written(duecare_explanation_export_text, native());
    }
    /// One JSON object, see duecare_explanation_export_json.
    [[nodiscard]] std::string json() const {
        return detail::written(duecare_explanation_export_json, native());
    }
    [[nodiscard]] const duecare_explanation* native() const noexcept { return handle_.get(); }

  private:
    friend class Result;
    explicit Explanation(duecare_explanation* raw) : handle_(raw) {}
    detail::Handle<duecare_explanation, duecare_explanation_free> handle_;
};

class Result {
  public:
    [[nodiscard]] Instant as_of() const { return duecare_result_get_as_of(native()); }
    [[nodiscard]] Instant known_at() const { return duecare_result_get_known_at(native()); }
    [[nodiscard]] std::uint64_t case_count() const { return duecare_result_count_cases(native()); }
    [[nodiscard]] std::uint64_t visible_event_count() const {
        return duecare_result_count_visible_events(native());
    }
    /// Documents that were rejected and so are not in the result.
    [[nodiscard]] std::uint64_t reject_count() const { return duecare_result_count_rejects(native()); }
    /// Obligations of a duty (index in the policy) with that verdict, kept or not.
    [[nodiscard]] std::uint64_t count(std::size_t duty, Verdict verdict) const {
        return duecare_result_count_verdicts(native(), duty, static_cast<duecare_verdict>(verdict));
    }

    /// Event types of the data that the policy does not name, with how often they occur, sorted.
    [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> unnamed_events() const {
        std::vector<std::pair<std::string, std::uint64_t>> out;
        for (std::uint64_t i = 0; i < duecare_result_count_unnamed_events(native()); ++i) {
            out.emplace_back(detail::copy(duecare_result_get_unnamed_event_type, native(), i),
                             duecare_result_get_unnamed_event_count(native(), i));
        }
        return out;
    }

    [[nodiscard]] std::uint64_t finding_count() const { return duecare_result_count_findings(native()); }
    /// Throws Error{not_found} past the end. To read many, use findings() or a FindingReader.
    [[nodiscard]] Finding finding(std::uint64_t index) const {
        FindingReader reader(*this);
        reader.at(index);
        return reader.copy();
    }
    /// Findings [begin, begin + count) as JSON Lines.
    [[nodiscard]] std::string json_lines(std::uint64_t begin = 0, std::uint64_t count = UINT64_MAX) const {
        return detail::written(duecare_result_export_findings, native(), begin, count);
    }

    /// How the obligations of one duty in one case came to their verdicts; `key`: those of one person or
    /// `per` value. Throws Error{not_found} for a case, duty or key that is not there.
    [[nodiscard]] Explanation explain(std::string_view case_id, std::string_view duty_id,
                                      std::optional<std::string_view> key = std::nullopt) const;

    /// What the audit came past (duecare_result_export_coverage). Throws Error{invalid_state} when
    /// AuditOptions::coverage was not set.
    [[nodiscard]] std::string coverage_json() const {
        return detail::written(duecare_result_export_coverage, native());
    }

    /// A table (DUECARE_TABLE_...) as an Arrow stream, which the caller releases. It keeps what it needs
    /// alive.
    void export_table(duecare_table table, bool explanations, ArrowArrayStream& out) const {
        detail::check(duecare_result_export_table, native(), table,
                      explanations ? DUECARE_TABLE_EXPLANATIONS : 0U, &out);
    }

    /// A lazy range of Finding values, for range-for. The result must outlive it.
    class Findings;
    [[nodiscard]] Findings findings() const;

    [[nodiscard]] const duecare_result* native() const noexcept { return handle_.get(); }

  private:
    friend Result audit(const Policy&, const Caseload&, const AuditOptions&);
    friend class Monitor;
    explicit Result(duecare_result* raw) : handle_(raw) {}
    detail::Handle<duecare_result, duecare_result_free> handle_;
};

class Result::Findings {
  public:
    class Iterator {
      public:
        using value_type = Finding;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        Iterator(const Result& result, std::uint64_t count)
            : reader_(std::make_shared<FindingReader>(result)), count_(count) {}
        [[nodiscard]] Finding operator*() const {
            reader_->at(index_);
            return reader_->copy();
        }
        Iterator& operator++() {
            ++index_;
            return *this;
        }
        void operator++(int) { ++index_; }
        friend bool operator==(const Iterator& it, std::default_sentinel_t) { return it.index_ >= it.count_; }

      private:
        std::shared_ptr<FindingReader> reader_;
        std::uint64_t index_ = 0;
        std::uint64_t count_ = 0;
    };

    explicit Findings(const Result& result) : result_(&result) {}
    [[nodiscard]] Iterator begin() const { return {*result_, size()}; }
    [[nodiscard]] static std::default_sentinel_t end() { return std::default_sentinel; }
    [[nodiscard]] std::uint64_t size() const { return result_->finding_count(); }

  private:
    const Result* result_;
};

inline Explanation Result::explain(std::string_view case_id, std::string_view duty_id,
                                   std::optional<std::string_view> key) const {
    duecare_explanation* raw = nullptr;
    detail::check(duecare_explanation_new, native(), case_id.data(), case_id.size(), duty_id.data(),
                  duty_id.size(), key ? key->data() : nullptr, key ? key->size() : std::size_t{0}, &raw);
    return Explanation(raw);
}

inline Result::Findings Result::findings() const {
    return Findings(*this);
}

inline FindingReader::FindingReader(const Result& result) {
    duecare_finding* raw = nullptr;
    detail::check(duecare_finding_new, result.native(), &raw);
    handle_.reset(raw);
}

inline Finding FindingReader::copy() const {
    const auto owned = [](std::optional<std::string_view> text) {
        return text ? std::optional<std::string>(*text) : std::nullopt;
    };
    Finding out;
    out.case_id = case_id();
    out.duty_id = duty_id();
    out.key = owned(key());
    out.verdict = verdict();
    out.opened_at = opened_at();
    out.due_at = due_at();
    out.ended_at = ended_at();
    out.overdue_seconds = overdue_seconds();
    out.elapsed_seconds = elapsed_seconds();
    out.missed_periods = missed_periods();
    out.trigger_event = owned(trigger_event());
    out.ending_event = owned(ending_event());
    for (const std::string_view flag : flag_names()) out.flags.emplace_back(flag);
    out.reason = owned(reason());
    for (std::uint64_t i = 0; i < evidence_count(); ++i) out.evidence.emplace_back(evidence(i));
    out.owner = owned(owner());
    out.area = area();
    out.severity = severity();
    out.title = title();
    out.explanation = explanation();
    out.case_index = case_index();
    out.duty_index = duty_index();
    out.unit = owned(unit());
    return out;
}

/// Audits every case of the caseload against the policy. Throws Error{cancelled} when progress or token say
/// so.
[[nodiscard]] inline Result audit(const Policy& policy, const Caseload& caseload,
                                  const AuditOptions& options = {}) {
    struct State {
        const Progress* progress;
        std::exception_ptr thrown;
    };
    State state{&options.progress, nullptr};

    duecare_audit_options raw_options = DUECARE_AUDIT_OPTIONS_INIT;
    if (options.as_of) {
        raw_options.flags |= DUECARE_AUDIT_AS_OF;
        raw_options.as_of = *options.as_of;
    }
    if (options.known_at) {
        raw_options.flags |= DUECARE_AUDIT_KNOWN_AT;
        raw_options.known_at = *options.known_at;
    }
    if (options.verdicts == 0) raw_options.flags |= DUECARE_AUDIT_COUNTS_ONLY;
    if (options.coverage) raw_options.flags |= DUECARE_AUDIT_COVERAGE;
    raw_options.verdicts = options.verdicts;
    raw_options.threads = options.threads;
    raw_options.context = detail::native(options.context);
    raw_options.token = options.token == nullptr ? nullptr : options.token->native();
    if (options.progress) {
        raw_options.user_data = &state;
        raw_options.progress = [](std::uint64_t done, std::uint64_t total, void* user_data) -> std::int32_t {
            auto* here = static_cast<State*>(user_data);
            try {
                return (*here->progress)(done, total) ? 0 : 1;
            } catch (...) {
                here->thrown = std::current_exception();
                return 1;
            }
        };
    }

    duecare_result* raw = nullptr;
    duecare_error* error = nullptr;
    const duecare_status status =
        duecare_audit_run(policy.native(), caseload.native(), &raw_options, &raw, &error);
    if (state.thrown != nullptr) {
        const detail::Handle<duecare_error, duecare_error_free> discarded(error);
        const Result discarded_result(raw);
        std::rethrow_exception(state.thrown);
    }
    if (status != DUECARE_STATUS_OK) detail::raise(status, error);
    return Result(raw);
}

// ---- Monitor, Changes: the audit as it happens, and what each event changes ----------------------------

/// What became of one obligation. `what`: DUECARE_CHANGE_* bits, 0 in a list.
struct Change {
    std::uint32_t what = 0;
    std::string case_id;
    std::string duty_id;
    std::optional<std::string> key;
    Verdict verdict = Verdict::met;
    std::optional<Verdict> verdict_before;
    Instant opened_at = 0;
    std::optional<Instant> due_at;
    std::optional<Instant> due_before;
    std::optional<Instant> ended_at;
    std::int64_t overdue_seconds = 0;
    std::int64_t elapsed_seconds = 0;
    std::optional<std::string> trigger_event;
    std::optional<std::string> ending_event;
    std::uint32_t flags = 0;  // DUECARE_FLAG_* bits
    std::optional<std::string> owner;
    std::optional<std::string> reason;
};

/// What a call changed, or a list.
class Changes {
  public:
    [[nodiscard]] std::uint64_t size() const { return duecare_changes_count(native()); }
    /// Past the end all fields are empty.
    [[nodiscard]] Change operator[](std::uint64_t i) const {
        Change out;
        out.what = duecare_changes_get_what(native(), i);
        out.case_id = detail::copy(duecare_changes_get_case_id, native(), i);
        out.duty_id = detail::copy(duecare_changes_get_duty_id, native(), i);
        out.key = detail::optional_copy(duecare_changes_get_key, native(), i);
        out.verdict = static_cast<Verdict>(duecare_changes_get_verdict(native(), i));
        const duecare_verdict before = duecare_changes_get_verdict_before(native(), i);
        if (before >= 0) out.verdict_before = static_cast<Verdict>(before);
        out.opened_at = duecare_changes_get_opened_at(native(), i);
        out.due_at = instant(duecare_changes_get_due_at(native(), i));
        out.due_before = instant(duecare_changes_get_due_before(native(), i));
        out.ended_at = instant(duecare_changes_get_ended_at(native(), i));
        out.overdue_seconds = duecare_changes_get_overdue_seconds(native(), i);
        out.elapsed_seconds = duecare_changes_get_elapsed_seconds(native(), i);
        out.trigger_event = detail::optional_copy(duecare_changes_get_trigger_event, native(), i);
        out.ending_event = detail::optional_copy(duecare_changes_get_ending_event, native(), i);
        out.flags = duecare_changes_get_flags(native(), i);
        out.owner = detail::optional_copy(duecare_changes_get_owner, native(), i);
        out.reason = detail::optional_copy(duecare_changes_get_reason, native(), i);
        return out;
    }
    /// JSON Lines.
    [[nodiscard]] std::string json_lines() const {
        return detail::written(duecare_changes_export_json, native());
    }
    [[nodiscard]] const duecare_changes* native() const noexcept { return handle_.get(); }

  private:
    friend class Monitor;
    explicit Changes(duecare_changes* raw) : handle_(raw) {}
    static std::optional<Instant> instant(Instant value) {
        return value == DUECARE_INSTANT_NONE ? std::nullopt : std::optional<Instant>(value);
    }
    detail::Handle<duecare_changes, duecare_changes_free> handle_;
};

/// Which obligations are asked for; what is left out does not narrow.
struct MonitorQuery {
    std::uint32_t verdicts = k_default_verdicts;
    std::optional<std::string> case_id;
    std::optional<std::string> key;
    std::optional<std::string> owner;
    std::optional<Instant> due_until;
};

/// The audit as it happens; see duecare.h. A call that throws leaves it as it was.
class Monitor {
  public:
    /// @param context Null: that of the policy.
    Monitor(const Policy& policy, Instant as_of, std::optional<Instant> known_at = std::nullopt,
            const Context* context = nullptr) {
        duecare_monitor_options options = DUECARE_MONITOR_OPTIONS_INIT;
        options.flags = DUECARE_MONITOR_AS_OF | (known_at ? DUECARE_MONITOR_KNOWN_AT : 0U);
        options.as_of = as_of;
        options.known_at = known_at.value_or(0);
        options.context = detail::native(context);
        duecare_monitor* raw = nullptr;
        detail::check(duecare_monitor_new, policy.native(), &options, &raw);
        handle_.reset(raw);
    }
    [[nodiscard]] static Monitor restore(const Policy& policy, std::string_view bytes) {
        duecare_monitor* raw = nullptr;
        detail::check(duecare_monitor_restore, policy.native(), bytes.data(), bytes.size(), &raw);
        return Monitor(raw);
    }
    Changes push_event(std::string_view case_id, std::string_view json) {
        return told(duecare_monitor_push_event, case_id.data(), case_id.size(), json.data(), json.size());
    }
    Changes push_document(std::string_view json) {
        return told(duecare_monitor_push_document, json.data(), json.size());
    }
    Changes add(DocumentBuilder& document) { return told(duecare_monitor_add_document, document.native()); }
    Changes set_clock(Instant as_of, Instant known_at) {
        return told(duecare_monitor_set_clock, as_of, known_at);
    }
    Changes set_clock(Instant now) { return set_clock(now, now); }
    Changes drop_case(std::string_view case_id) {
        return told(duecare_monitor_drop_case, case_id.data(), case_id.size());
    }
    [[nodiscard]] Changes list(const MonitorQuery& query = {}) {
        duecare_monitor_query asked = DUECARE_MONITOR_QUERY_INIT;
        asked.verdicts = query.verdicts;
        if (query.due_until) asked.flags = DUECARE_MONITOR_DUE_UNTIL;
        asked.due_until = query.due_until.value_or(0);
        const auto give = [](const std::optional<std::string>& text, const char*& data, std::size_t& size) {
            if (!text) return;
            data = text->data();
            size = text->size();
        };
        give(query.case_id, asked.case_id, asked.case_id_length);
        give(query.key, asked.key, asked.key_length);
        give(query.owner, asked.owner, asked.owner_length);
        return told(duecare_monitor_list, &asked);
    }
    /// Findings of one case, or of all, with evidence and explanations.
    [[nodiscard]] Result audit(std::optional<std::string_view> case_id = std::nullopt,
                               std::uint32_t verdicts = k_default_verdicts) {
        duecare_result* raw = nullptr;
        detail::check(duecare_monitor_audit, handle_.get(), case_id ? case_id->data() : nullptr,
                      case_id ? case_id->size() : 0, verdicts, &raw);
        return Result(raw);
    }
    [[nodiscard]] std::string snapshot() { return detail::written(duecare_monitor_snapshot, handle_.get()); }
    [[nodiscard]] Instant as_of() const { return duecare_monitor_get_as_of(native()); }
    [[nodiscard]] Instant known_at() const { return duecare_monitor_get_known_at(native()); }
    [[nodiscard]] std::optional<Instant> next_due() const {
        const Instant next = duecare_monitor_get_next_due(native());
        return next == DUECARE_INSTANT_NONE ? std::nullopt : std::optional<Instant>(next);
    }
    [[nodiscard]] std::uint64_t case_count() const { return duecare_monitor_count_cases(native()); }
    [[nodiscard]] std::uint64_t event_count() const { return duecare_monitor_count_events(native()); }
    [[nodiscard]] std::uint64_t memory() const { return duecare_monitor_get_memory(native()); }
    [[nodiscard]] const duecare_monitor* native() const noexcept { return handle_.get(); }

  private:
    explicit Monitor(duecare_monitor* raw) : handle_(raw) {}
    template <typename Call, typename... Arguments>
    Changes told(Call call, Arguments... arguments) {
        duecare_changes* raw = nullptr;
        detail::check(call, handle_.get(), arguments..., &raw);
        return Changes(raw);
    }
    detail::Handle<duecare_monitor, duecare_monitor_free> handle_;
};

// ---- Ticket: ticket(), tickets() -----------------------------------------------------------------------

using Ticket = std::array<std::uint8_t, 32>;

/// SHA-256 of `seed,id`. Compared byte by byte, the n smallest of a frame are a simple random sample.
[[nodiscard]] inline Ticket ticket(std::string_view seed, std::string_view id) {
    Ticket out{};
    detail::check(duecare_ticket_compute, seed.data(), seed.size(), id.data(), id.size(), out.data());
    return out;
}

/// Texts one after the other: text i is the bytes from offsets[i] to before offsets[i + 1] (large_utf8).
struct Texts {
    const char* bytes = nullptr;
    const std::int64_t* offsets = nullptr;
};

/// The tickets of many ids.
[[nodiscard]] inline std::vector<Ticket> tickets(std::string_view seed, std::size_t count, Texts ids) {
    std::vector<Ticket> out(count);
    detail::check(duecare_ticket_compute_many, seed.data(), seed.size(), std::uint64_t{count}, ids.bytes,
                  ids.offsets, out.empty() ? nullptr : out.front().data());
    return out;
}

// ---- Frame: everything that can be drawn ---------------------------------------------------------------

/// Everything that can be drawn. Add units, then finish().
class Frame {
  public:
    Frame() {
        duecare_frame* raw = nullptr;
        detail::check(duecare_frame_new, &raw);
        handle_.reset(raw);
    }
    /// Of what follows; null: the process's memory, and no log.
    void set_context(const Context* context) {
        detail::check(duecare_frame_set_context, handle_.get(), detail::native(context));
    }
    void push(std::string_view id, std::string_view stratum = {},
              std::optional<std::int64_t> size = std::nullopt) {
        detail::check(duecare_frame_push, handle_.get(), id.data(), id.size(), stratum.data(), stratum.size(),
                      size.value_or(DUECARE_SIZE_NONE));
    }
    /// All units or, after a failure, none. `sizes` may be null.
    void push_many(std::size_t count, Texts ids, Texts strata = {}, const std::int64_t* sizes = nullptr) {
        detail::check(duecare_frame_push_many, handle_.get(), std::uint64_t{count}, ids.bytes, ids.offsets,
                      strata.bytes, strata.offsets, sizes);
    }
    /// All units of another frame.
    void push_frame(const Frame& other, std::string_view prefix = {}, std::string_view stratum_prefix = {}) {
        detail::check(duecare_frame_push_frame, handle_.get(), other.native(), prefix.data(), prefix.size(),
                      stratum_prefix.data(), stratum_prefix.size());
    }
    /// Throws Error{invalid_argument} naming an id that stands in it twice.
    void finish() { detail::check(duecare_frame_finish, handle_.get()); }

    [[nodiscard]] std::uint64_t count() const { return duecare_frame_count_units(native()); }
    [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> strata() const {
        std::vector<std::pair<std::string, std::uint64_t>> out;
        for (std::uint64_t i = 0; i < duecare_frame_count_strata(native()); ++i) {
            out.emplace_back(detail::copy(duecare_frame_get_stratum_name, native(), i),
                             duecare_frame_get_stratum_count(native(), i));
        }
        return out;
    }
    [[nodiscard]] std::string_view digest() const { return detail::view(duecare_frame_get_digest, native()); }
    [[nodiscard]] std::string_view order_digest() const {
        return detail::view(duecare_frame_get_order_digest, native());
    }
    /// `id TAB stratum TAB size LF` for each unit, sorted by id: what the digest is of.
    [[nodiscard]] std::string canonical() const {
        return detail::written(duecare_frame_export_canonical, native());
    }
    [[nodiscard]] const duecare_frame* native() const noexcept { return handle_.get(); }

  private:
    detail::Handle<duecare_frame, duecare_frame_free> handle_;
};

// ---- Sample: what a plan and a seed draw from a frame; DrawnUnit ---------------------------------------

/// A unit that was drawn.
struct DrawnUnit {
    std::string id;
    std::string ticket;  ///< 64 lower-case hex digits
    std::string stratum;
    std::uint64_t rank = 0;   ///< 1-based, in the order of the draw
    double pi = 0;            ///< inclusion probability
    std::uint32_t stage = 0;  ///< 0: the first draw; k: the k-th extension
    bool certainty = false;
    bool in_scope = true;
};

/// What a plan and a seed draw from a frame.
class Sample {
  public:
    /// @param plan    JSON, `duecare.sample-plan/1`
    /// @param origin  where the seed came from
    [[nodiscard]] static Sample draw(const Frame& frame, std::string_view plan, std::string_view seed,
                                     std::string_view origin = {}) {
        duecare_sample* raw = nullptr;
        detail::check(duecare_sample_draw, frame.native(), plan.data(), plan.size(), seed.data(), seed.size(),
                      origin.data(), origin.size(), &raw);
        return Sample(raw);
    }
    /// Draws again what a manifest tells of.
    [[nodiscard]] static Sample derive(const Frame& frame, std::string_view manifest) {
        duecare_sample* raw = nullptr;
        detail::check(duecare_sample_derive, frame.native(), manifest.data(), manifest.size(), &raw);
        return Sample(raw);
    }
    /// What differs between a manifest and what its draw gives: JSON, "[]" for nothing.
    [[nodiscard]] static std::string verify(const Frame& frame, std::string_view manifest) {
        std::uint64_t count = 0;
        return detail::written(duecare_sample_verify, frame.native(), manifest.data(), manifest.size(),
                               &count);
    }
    /// @param to  JSON: {"n": 80}, or {"n_h": {...}}
    void extend(std::string_view to, std::string_view reason) {
        detail::check(duecare_sample_extend, handle_.get(), to.data(), to.size(), reason.data(),
                      reason.size());
    }
    /// Notes that a unit is out of scope; the next in order takes its place.
    void replace(std::string_view id, std::string_view reason) {
        detail::check(duecare_sample_replace, handle_.get(), id.data(), id.size(), reason.data(),
                      reason.size());
    }
    [[nodiscard]] std::vector<DrawnUnit> units() const {
        std::vector<DrawnUnit> out(static_cast<std::size_t>(duecare_sample_count_units(native())));
        for (std::uint64_t i = 0; i < out.size(); ++i) {
            DrawnUnit& unit = out[static_cast<std::size_t>(i)];
            unit.id = detail::copy(duecare_sample_get_unit_id, native(), i);
            unit.ticket = detail::copy(duecare_sample_get_unit_ticket, native(), i);
            unit.stratum = detail::copy(duecare_sample_get_unit_stratum, native(), i);
            unit.rank = duecare_sample_get_unit_rank(native(), i);
            unit.pi = duecare_sample_get_unit_pi(native(), i);
            unit.stage = duecare_sample_get_unit_stage(native(), i);
            const std::uint32_t flags = duecare_sample_get_unit_flags(native(), i);
            unit.certainty = (flags & DUECARE_UNIT_CERTAINTY) != 0;
            unit.in_scope = (flags & DUECARE_UNIT_OUT_OF_SCOPE) == 0;
        }
        return out;
    }
    /// The first unit of each group that was not drawn, where there is one.
    [[nodiscard]] std::vector<std::optional<std::string>> next_ids() const {
        std::vector<std::optional<std::string>> out;
        for (std::uint64_t i = 0; i < duecare_sample_count_groups(native()); ++i)
            out.push_back(detail::optional_copy(duecare_sample_get_group_next_id, native(), i));
        return out;
    }
    /// JSON of `duecare.sample-manifest/1`.
    [[nodiscard]] std::string manifest() const {
        return detail::written(duecare_sample_export_manifest, native());
    }
    [[nodiscard]] const duecare_sample* native() const noexcept { return handle_.get(); }

  private:
    explicit Sample(duecare_sample* raw) : handle_(raw) {}
    detail::Handle<duecare_sample, duecare_sample_free> handle_;
};

// ---- Estimate: calculate(), methods(), proportion_bounds() ---------------------------------------------

/// Calculates by a method of drawing or estimating: JSON of parameters in, JSON of results out.
[[nodiscard]] inline std::string calculate(std::string_view method, std::string_view inputs) {
    return detail::written(duecare_estimate_calculate, method.data(), method.size(), inputs.data(),
                           inputs.size());
}

/// JSON of each method: {"name", "parameters"}, in the order of the names.
[[nodiscard]] inline std::vector<std::string> methods() {
    std::vector<std::string> out;
    for (std::uint64_t i = 0; i < duecare_estimate_count_methods(); ++i)
        out.push_back(detail::written(duecare_estimate_export_method, i));
    return out;
}

enum class Side : std::int32_t {
    two = DUECARE_SIDE_TWO,
    upper = DUECARE_SIDE_UPPER,
    lower = DUECARE_SIDE_LOWER
};

/// Clopper-Pearson bounds of many rates at once: (low, high) for each x[i] found among n[i].
[[nodiscard]] inline std::vector<std::pair<double, double>> proportion_bounds(
    std::span<const std::uint64_t> x, std::span<const std::uint64_t> n, double conf = 0.95,
    Side side = Side::two) {
    if (x.size() != n.size()) throw std::invalid_argument("x and n have different lengths");
    std::vector<double> low(x.size());
    std::vector<double> high(x.size());
    detail::check(duecare_estimate_proportion_bounds, x.data(), n.data(), std::uint64_t{x.size()}, conf,
                  static_cast<duecare_side>(side), low.data(), high.data());
    std::vector<std::pair<double, double>> out;
    out.reserve(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) out.emplace_back(low[i], high[i]);
    return out;
}

// ---- Store: runs and the work on them, in one file; StoreOptions, Keep ---------------------------------

enum class Keep : std::int32_t {
    identity = DUECARE_STORE_KEEP_IDENTITY,
    evidence = DUECARE_STORE_KEEP_EVIDENCE,
    histories = DUECARE_STORE_KEEP_HISTORIES,
};

struct StoreOptions {
    bool read_only = false;
    bool create = false;
    bool relaxed = false;
    std::uint32_t busy_ms = 0;  ///< 0: 5000
    Keep keep = Keep::identity;
    std::vector<std::uint8_t> key;  ///< of pseudonyms; empty: none
    std::string vfs;
    const Context* context = nullptr;      ///< may be null
    std::vector<std::uint8_t> cipher_key;  ///< of SQLCipher; empty: not encrypted
};

/// Runs and the work on them, kept so that it shows whether anybody changed them. JSON as duecare.h says.
class Store {
  public:
    explicit Store(std::string_view path, const StoreOptions& options = {}) {
        duecare_store_options asked = DUECARE_STORE_OPTIONS_INIT;
        asked.flags = (options.read_only ? DUECARE_STORE_READ_ONLY : 0U) |
                      (options.create ? DUECARE_STORE_CREATE : 0U) |
                      (options.relaxed ? DUECARE_STORE_RELAXED : 0U);
        asked.busy_ms = options.busy_ms;
        asked.keep = static_cast<duecare_store_keep>(options.keep);
        asked.key = options.key.empty() ? nullptr : options.key.data();
        asked.key_length = options.key.size();
        asked.vfs = options.vfs.empty() ? nullptr : options.vfs.data();
        asked.vfs_length = options.vfs.size();
        asked.context = detail::native(options.context);
        asked.cipher_key = options.cipher_key.empty() ? nullptr : options.cipher_key.data();
        asked.cipher_key_length = options.cipher_key.size();
        duecare_store* raw = nullptr;
        detail::check(duecare_store_open, path.data(), path.size(), &asked, &raw);
        handle_.reset(raw);
    }
    std::string put_run(const Result& result, std::string_view info) {
        return detail::written(duecare_store_put_run, handle_.get(), result.native(), info.data(),
                               info.size());
    }
    std::string put(std::string_view kind, std::string_view json) {
        return detail::written(duecare_store_put, handle_.get(), kind.data(), kind.size(), json.data(),
                               json.size());
    }
    [[nodiscard]] std::string query(std::string_view question) {
        return detail::written(duecare_store_query, handle_.get(), question.data(), question.size());
    }
    [[nodiscard]] std::string verify(std::string_view expected_head = {}) {
        return detail::written(duecare_store_verify, handle_.get(), expected_head.data(),
                               expected_head.size());
    }
    [[nodiscard]] std::string verify_trusted(std::string_view request) {
        return detail::written(duecare_store_verify_trusted, handle_.get(), request.data(), request.size());
    }
    /// The key is read during the call alone: nothing of it is kept.
    std::string sign(std::string_view json, std::string_view pem) {
        return detail::written(duecare_store_sign, handle_.get(), json.data(), json.size(), pem.data(),
                               pem.size());
    }
    [[nodiscard]] std::string compare_run(std::uint64_t run, const Result& result) {
        return detail::written(duecare_store_compare_run, handle_.get(), run, result.native());
    }
    std::string prune(std::string_view request) {
        return detail::written(duecare_store_prune, handle_.get(), request.data(), request.size());
    }
    void backup(std::string_view path) {
        detail::check(duecare_store_backup, handle_.get(), path.data(), path.size());
    }
    [[nodiscard]] const duecare_store* native() const noexcept { return handle_.get(); }

  private:
    detail::Handle<duecare_store, duecare_store_free> handle_;
};

}  // namespace duecare::host
