// base: the error value that every module throws, and text helpers that every module needs.
// It knows nothing of time, records or policies and depends on the standard library alone.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace duecare {

/// What went wrong, by kind. The numbers are those of DUECARE_STATUS_* in duecare.h and never change.
enum class Status : std::int32_t {
    ok = 0,
    invalid_argument = 10,  ///< a value that the caller passed is not acceptable
    invalid_state = 11,     ///< the call does not fit what was called before
    not_found = 12,         ///< no such case, duty, policy or zone
    policy = 20,            ///< the policy does not compile
    data = 30,              ///< a record was rejected under `strict`
    limit = 31,             ///< a limit that the caller set was exceeded
    io = 40,                ///< a file could not be read or written
    busy = 41,              ///< somebody else was writing for longer than the caller would wait
    cancelled = 50,         ///< a callback or token asked to stop
    out_of_memory = 60,
    unsupported = 70,  ///< this build or this version cannot do that
    internal = 90,     ///< a defect of this library
};

/// An error for people: the message says what was wrong, what was expected and what to do.
class Error : public std::runtime_error {
  public:
    Error(Status status, const std::string& message) : std::runtime_error(message), status_(status) {}

    /// @param pointer JSON pointer into the document (RFC 6901), empty when there is none.
    /// @param source  Name of the document: a file, or the id of a policy.
    Error(Status status, const std::string& message, std::string pointer, std::string source = {},
          std::uint64_t line = 0)
        : std::runtime_error(message),
          status_(status),
          pointer_(std::move(pointer)),
          source_(std::move(source)),
          line_(line) {}

    [[nodiscard]] Status status() const noexcept { return status_; }
    [[nodiscard]] const std::string& pointer() const noexcept { return pointer_; }
    [[nodiscard]] const std::string& source() const noexcept { return source_; }
    /// 1-based line in `source`, 0 when unknown.
    [[nodiscard]] std::uint64_t line() const noexcept { return line_; }

  private:
    Status status_;
    std::string pointer_;
    std::string source_;
    std::uint64_t line_ = 0;
};

}  // namespace duecare
