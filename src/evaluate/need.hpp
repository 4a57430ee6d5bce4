// What of a condition is not fulfilled, part by part, so that it can be said in words and put right.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/expression.hpp"

namespace duecare::evaluate {

struct Context;
class Interpreter;

/// A value as it was read, copied so that it outlives the evaluation.
struct Seen {
    policy::Val::Kind kind = policy::Val::Kind::unknown;
    std::string text;         // numbers and truth values as JSON writes them; unknown: the reason
    std::vector<Seen> items;  // of a list
    [[nodiscard]] bool known() const noexcept { return kind != policy::Val::Kind::unknown; }
};

/// The unfulfilled part of a condition: a leaf that has to come out as `wanted`, or several parts of which
/// all or any one are needed.
struct Need {
    enum class Kind : std::uint8_t { leaf, all, any };
    Kind kind = Kind::leaf;
    std::vector<Need> parts;
    std::uint32_t node = 0;  // of a leaf, into Program::nodes
    bool wanted = true;
    bool unknown = false;  // the record does not tell; else it came out the other way
    std::string reason;    // of unknown
    Seen left;             // the sides of a comparison; of rank(): the name of the rank
    Seen right;
};

[[nodiscard]] Seen seen(const policy::Val& value);

/// What keeps the expression from being true in `context`; nothing when it is true. Paths of an event that
/// the context lacks count as not told.
[[nodiscard]] std::optional<Need> unmet(Interpreter& interpreter, policy::ExpressionId id,
                                        const Context& context);

}  // namespace duecare::evaluate
