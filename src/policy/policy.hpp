// policy: reads policies, layers them, checks and compiles them. Pure: documents in, a compiled policy or
// diagnostics out; files are found by a resolver that the caller gives.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "time/zone.hpp"

namespace duecare::policy {

struct Program;  // the compiled form, see program.hpp

/// Something to say about a policy, with its place.
struct Diagnostic {
    enum class Severity : std::uint8_t { error, warning };
    Severity severity = Severity::error;
    std::string policy;        ///< id or file name of the layer that the text stands in
    std::string pointer;       ///< RFC 6901, into that layer's document
    std::uint64_t line = 0;    ///< 1-based in that document, 0 when unknown
    std::string message;       ///< what was wrong, what was expected, a near name
    std::string expression;    ///< the expression or duration at fault, or empty
    std::uint32_t column = 0;  ///< 0-based byte offset of the caret in `expression`

    /// Several lines: place and message, then the expression with a caret under the character.
    [[nodiscard]] std::string text() const;
};

struct Document {
    std::string name;  ///< file name, or empty
    std::string text;  ///< JSON
};

/// Finds the document of a policy that another `extends`; nothing when there is none of that id.
using Resolver = std::function<std::optional<Document>(std::string_view id)>;

/// A checked, compiled, layered policy. Immutable; safe to use from any number of threads.
class Policy {
  public:
    explicit Policy(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
    [[nodiscard]] const Program& program() const noexcept { return *program_; }

    [[nodiscard]] const std::string& id() const noexcept;
    [[nodiscard]] const std::string& version() const noexcept;
    [[nodiscard]] const std::string& title() const noexcept;
    [[nodiscard]] const std::string& time_zone() const noexcept;
    [[nodiscard]] std::size_t duty_count() const noexcept;
    /// The whole policy after its layers as JSON text (two-space indent, keys in the order given).
    [[nodiscard]] const std::string& merged_json() const noexcept;
    /// SHA-256 of merged_json, lower-case hex.
    [[nodiscard]] const std::string& digest() const noexcept;

  private:
    std::shared_ptr<const Program> program_;
};

struct Compiled {
    std::shared_ptr<const Policy> policy;  ///< null when there is an error among the diagnostics
    std::vector<Diagnostic> diagnostics;
};

/// Compiles `document` with the layers it extends. `handed_over` are looked through first (by their `id`),
/// then `resolver` is asked. Throws only for lack of memory.
[[nodiscard]] Compiled compile(const Document& document, const std::vector<Document>& handed_over,
                               const Resolver& resolver, const std::shared_ptr<const time::ZoneData>& zones);

}  // namespace duecare::policy
