// The one barrier between C++ and C. Every fallible function of duecare.h runs its whole body, argument
// checks included, inside guard() or make(), so that no exception leaves the library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/error.hpp"
#include "base/memory.hpp"
#include "base/system.hpp"
#include "capi/handles.hpp"
#include "capi/options.hpp"

namespace duecare::capi {

/// What a call has to say beyond an exception.
struct Call {
    std::int32_t callback_code = 0;  // what the host's callback returned when it stopped the call
};

/// A policy that did not compile.
struct NotCompiled {
    std::vector<policy::Diagnostic> diagnostics;
};

/// Turns the exception being handled into a status and, where `error` is given, an error object.
duecare_status report(duecare_error** error, const Call& call) noexcept;

template <typename Body>
duecare_status guard(duecare_error** error, Body&& body) noexcept {
    if (error != nullptr) *error = nullptr;
    [[maybe_unused]] FullPrecision precision;
    const MemoryScope scope(nullptr);  // until need() meets an object with a context
    Call call;
    try {
        if constexpr (std::is_invocable_v<Body, Call&>) {
            body(call);
        } else {
            body();
        }
        return DUECARE_STATUS_OK;
    } catch (...) {
        return report(error, call);
    }
}

/// guard() for functions that make an object: `body` returns it as a unique_ptr.
template <typename T, typename Body>
duecare_status make(T** out, duecare_error** error, Body&& body) noexcept {
    if (out != nullptr) *out = nullptr;
    return guard(error, [&](Call& call) {
        if (out == nullptr) refuse("The place for the new object is NULL.");
        std::unique_ptr<T> made;
        if constexpr (std::is_invocable_v<Body, Call&>) {
            made = body(call);
        } else {
            made = body();
        }
        if constexpr (requires { made->context; })
            made->context = ContextRef(static_cast<Context*>(current_memory()));
        *out = made.release();
    });
}

/// True for an object of that type; tells NULL and objects of other types of this library apart from it.
template <typename T>
[[nodiscard]] bool is(const T* handle) noexcept {
    return handle != nullptr && handle->kind == T::k_kind;
}

/// The object, or Error{invalid_argument}. `name` is that of the parameter.
template <typename T>
[[nodiscard]] T& need(T* handle, const char* name) {
    if (handle == nullptr) refuse(std::string(name) + " is NULL.");
    if (!is(handle)) refuse(std::string(name) + " is an object of another type.");
    if constexpr (requires { handle->context; }) {
        if (current_memory() == nullptr) MemoryScope::use(handle->context.get());
    }
    return *handle;
}

/// From now on the call takes its memory from that context, if there is one.
inline void use_context(duecare_context* given) {
    if (given != nullptr) MemoryScope::use(need(given, "context").shared.get());
}

/// The context that an object takes its memory from afterwards.
[[nodiscard]] inline ContextRef context_of(duecare_context* given) {
    return given == nullptr ? ContextRef() : need(given, "context").shared;
}

/// guard() for functions that write into a text of the caller's: `body` fills a string. The text is empty
/// after a failure.
template <typename Body>
duecare_status write(duecare_text* into, duecare_error** error, Body&& body) noexcept {
    if (is(into)) into->content.clear();
    const duecare_status status = guard(error, [&] { body(need(into, "into").content); });
    if (status != DUECARE_STATUS_OK && is(into)) into->content.clear();
    return status;
}

/// Bytes given by pointer and length.
[[nodiscard]] std::string_view need_bytes(const void* data, std::size_t length, const char* name);
/// The same where the bytes have to be UTF-8.
[[nodiscard]] std::string_view need_text(const char* data, std::size_t length, const char* name);
/// An instant of the years 0001 to 9999.
[[nodiscard]] std::int64_t need_instant(std::int64_t micros, const char* name);

/// Writes the defaults of options into the caller's structure of `size` bytes.
template <typename T>
duecare_status init_options(T* options, std::size_t size, std::size_t least) noexcept {
    return guard(nullptr, [&] {
        if (options == nullptr) refuse("options is NULL.");
        if (size < least || size > k_largest_options) refuse("size is that of no version of the options.");
        std::memset(static_cast<void*>(options), 0, size);
        options->struct_size = static_cast<std::uint32_t>(size);
    });
}

/// Gives borrowed text to C. `text` is followed by a NUL.
inline const char* give(const std::string& text, std::size_t* out_length) noexcept {
    if (out_length != nullptr) *out_length = text.size();
    return text.c_str();
}
/// The same for the text of a literal, which a NUL follows as well.
inline const char* give_literal(std::string_view text, std::size_t* out_length) noexcept {
    if (out_length != nullptr) *out_length = text.size();
    return text.data();
}
inline const char* give_nothing(std::size_t* out_length) noexcept {
    if (out_length != nullptr) *out_length = 0;
    return nullptr;
}

}  // namespace duecare::capi
