// What an expression might give, whatever the record says: the same three-valued logic as evaluation, over
// sets of outcomes. It finds comparisons that can never come out one way, and operators on wrong types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/parse.hpp"

namespace duecare::policy {

/// Every outcome that an expression may have. It may name too many, never too few.
struct Possible {
    using Kinds = unsigned;  // of these bits
    static constexpr Kinds k_unknown = 1;
    static constexpr Kinds k_true = 2;
    static constexpr Kinds k_false = 4;
    static constexpr Kinds k_number = 8;
    static constexpr Kinds k_text = 16;
    static constexpr Kinds k_list = 32;
    static constexpr Kinds k_boolean = k_true | k_false;
    static constexpr Kinds k_known = k_boolean | k_number | k_text | k_list;
    static constexpr Kinds k_anything = k_known | k_unknown;

    Kinds kinds = 0;
    std::optional<std::vector<Val>> values;  // all values it can have when known, where they are few
    bool from_parameter = false;             // what a force may set otherwise is no constant
    bool reported = false;                   // something in it has been remarked on: its consequences are not

    [[nodiscard]] bool may(Kinds kind) const noexcept { return (kinds & kind) != 0; }
    [[nodiscard]] bool never(Kinds kind) const noexcept { return !may(kind); }
};

/// "a text", "a number or a list": what the known outcomes are.
[[nodiscard]] std::string said_kinds(Possible::Kinds kinds);
/// "'open', 'closed'": some values for a message.
[[nodiscard]] std::string said_values(const std::vector<Val>& values);

struct Remark {
    std::uint32_t column = 0;
    std::string message;
};

class Possibilities {
  public:
    Possibilities(const Program& program, const std::vector<NodeNote>& notes);

    /// What the expression may give; adds what is odd in it to `remarks`.
    [[nodiscard]] Possible of(ExpressionId expression, std::vector<Remark>& remarks) const;
    /// How a message calls the value of the expression: `fact.level`, 'text', "this".
    [[nodiscard]] std::string said(ExpressionId expression) const;

  private:
    friend class PossibleRun;
    const Program& program_;
    const std::vector<NodeNote>& notes_;
    std::vector<Possible> facts_;
};

}  // namespace duecare::policy
