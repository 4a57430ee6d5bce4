// What possible*.cpp share, and nobody else: outcomes and sets of them, and the walk over an expression.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/possible.hpp"

namespace duecare::policy {

/// The bit of this one value among an outcome's kinds.
Possible::Kinds kind_bit(const Val& value);
/// -1, 0 or 1; nothing where the two have no order.
std::optional<int> order(const Val& a, const Val& b);
/// Equal as == has it: numbers by value, lists item by item.
bool same(const Val& a, const Val& b);
/// How a message writes it: a text in quotes, "a list" whatever is in it.
std::string said_value(const Val& value);

/// This value and no other; anything of these kinds.
Possible one(const Val& value);
Possible kinds(Possible::Kinds of);
/// A boolean's values are few even where nobody listed them.
std::optional<std::vector<Val>> listed(const Possible& p);
/// What either might give.
void unite(Possible& into, const Possible& more);
/// Booleans are one kind of value, though two outcomes.
Possible::Kinds classes(Possible::Kinds of);

/// One walk over one expression.
class PossibleRun {
  public:
    PossibleRun(const Possibilities& all, std::vector<Remark>& remarks)
        : all_(all), program_(all.program_), remarks_(remarks) {}

    Possible run(std::uint32_t at);
    [[nodiscard]] std::string said(std::uint32_t at) const;

  private:
    using Kind = Val::Kind;

    Possible attribute(const Node& node, std::uint32_t at);
    Possible logic(const Node& node, std::uint32_t at);
    Possible conditional(const Node& node);
    Possible equality(const Node& node, std::uint32_t at);
    Possible ordering(const Node& node, std::uint32_t at);
    Possible membership(const Node& node, std::uint32_t at);
    Possible sum(const Node& node, std::uint32_t at);
    Possible text_function(const Node& node, std::uint32_t at);
    Possible rank(const Node& node, std::uint32_t at);
    Possible mentions(const Node& node, std::uint32_t at);
    Possible persons(const Node& node, std::uint32_t at);

    [[nodiscard]] std::uint32_t column(std::uint32_t at) const { return all_.notes_[at].column; }
    // The operator or function at this node, as the author wrote it.
    [[nodiscard]] std::string name(const Node& node) const {
        return "`" + program_.reasons[node.reason].substr(std::string_view("wrong_type: ").size()) + "`";
    }
    void remark(Possible& out, std::uint32_t at_column, std::string message) {
        if (!out.reported) remarks_.push_back({at_column, std::move(message)});
        out.reported = true;
    }
    // Remarks on an operand that can be known, and never as one of `wanted`.
    bool expect(Possible& out, const Possible& operand, Possible::Kinds wanted, const Node& node,
                std::uint32_t at, std::uint32_t operand_at, const std::string& wants,
                const std::string& hint = {}) {
        if (operand.may(wanted) || operand.never(Possible::k_known)) return true;
        remark(out, column(at),
               name(node) + " " + wants + ", and " + said(operand_at) + " is " + said_kinds(operand.kinds) +
                   ", so this never has an answer." + hint);
        return false;
    }
    static Possible joined(const Possible& a, const Possible& b) {
        Possible out;
        out.from_parameter = a.from_parameter || b.from_parameter;
        out.reported = a.reported || b.reported;
        if (a.may(Possible::k_unknown) || b.may(Possible::k_unknown)) out.kinds = Possible::k_unknown;
        return out;
    }
    // Remarks on a comparison that never comes out as somebody must have hoped.
    void judge(Possible& out, bool negated, std::uint32_t at_column, const std::string& never,
               const std::string& always);

    const Possibilities& all_;
    const Program& program_;
    std::vector<Remark>& remarks_;
};

}  // namespace duecare::policy
