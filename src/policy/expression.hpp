// The expression language of policies: a subset of CEL with three-valued logic. This header is the
// compiled form: a flat tree of nodes, constants and what an expression depends on. parse.hpp makes it,
// evaluate/interpreter.hpp runs it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace duecare::policy {

/// A value while an expression is worked out: 16 bytes, no ownership. Text and list items live in the
/// caseload, the program or the scratch memory of the evaluation.
struct Val {
    enum class Kind : std::uint8_t { unknown, boolean, integer, decimal, text, list, one_of };
    Kind kind = Kind::unknown;
    std::uint8_t count = 0;  // of one_of: its items
    std::uint32_t size = 0;  // bytes of text, items of a list; of one_of: its reason, see Program::reasons
    union {
        const char* chars;  // text; of an unknown: its reason ("missing_value: event.level")
        bool boolean;
        std::int64_t integer;
        double decimal;
        const Val* items;  // of a list; of one_of: what the age of somebody whose birth date is partly known
                           // may be, or is made of it; numbers, each of them possible, rising
    };

    Val() : chars(nullptr) {}
    [[nodiscard]] static Val of(bool value) noexcept {
        Val v;
        v.kind = Kind::boolean;
        v.boolean = value;
        return v;
    }
    [[nodiscard]] static Val of(std::int64_t value) noexcept {
        Val v;
        v.kind = Kind::integer;
        v.integer = value;
        return v;
    }
    [[nodiscard]] static Val of(double value) noexcept {
        Val v;
        v.kind = Kind::decimal;
        v.decimal = value;
        return v;
    }
    [[nodiscard]] static Val of(std::string_view text) noexcept {
        Val v;
        v.kind = Kind::text;
        v.size = static_cast<std::uint32_t>(text.size());
        v.chars = text.data();
        return v;
    }
    [[nodiscard]] static Val of_list(const Val* items, std::size_t count) noexcept {
        Val v;
        v.kind = Kind::list;
        v.size = static_cast<std::uint32_t>(count);
        v.items = items;
        return v;
    }
    [[nodiscard]] static Val one_of(const Val* items, std::size_t count, std::uint32_t reason) noexcept {
        Val v;
        v.kind = Kind::one_of;
        v.count = static_cast<std::uint8_t>(count);
        v.size = reason;
        v.items = items;
        return v;
    }
    [[nodiscard]] static Val unknown(std::string_view reason) noexcept {
        Val v;
        v.size = static_cast<std::uint32_t>(reason.size());
        v.chars = reason.data();
        return v;
    }
    [[nodiscard]] bool is_unknown() const noexcept { return kind == Kind::unknown; }
    [[nodiscard]] std::string_view text() const noexcept { return {chars, size}; }
};
static_assert(sizeof(Val) == 16);

/// What stands at the root of a path, after its fixed fields are told apart.
enum class Op : std::uint8_t {
    constant,  // a: index into constants
    list,      // a: first of b nodes in args
    case_id,
    case_kind,
    case_attribute,  // attribute: a = index into paths
    event_id,
    event_type,
    event_attribute,  // slot: 0 event, 1 trigger
    actor_id,
    actor_rank,
    actor_unit,
    actor_accreditations,
    person_id,
    person_roles,
    person_age,
    person_attribute,  // slot: 0 subject, n = n-th enclosing macro
    fact,              // a: index into Program::facts
    has,               // a: the path node
    negate,
    logical_not,
    logical_and,
    logical_or,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    in,
    add,
    subtract,
    conditional,
    size,
    contains,
    starts_with,
    ends_with,
    rank,
    mentions,  // a: text node, b: list node, c: index into phrase lists + 1, or 0 when the list is no
               // constant
    exists_persons,
    all_persons,  // a: body; slot: number of the macro variable, from 1
    exists_subjects,
    all_subjects,  // the same over the subjects of the event (c 0) or of the trigger (c 1)
};

/// Whether the operator compares two values.
constexpr bool is_comparison(Op op) noexcept {
    return op >= Op::equal && op <= Op::greater_equal;
}
/// The comparison that holds where `op` does not, of values that have an order.
constexpr Op negated(Op op) noexcept {
    switch (op) {
        case Op::equal:
            return Op::not_equal;
        case Op::not_equal:
            return Op::equal;
        case Op::less:
            return Op::greater_equal;
        case Op::less_equal:
            return Op::greater;
        case Op::greater:
            return Op::less_equal;
        case Op::greater_equal:
            return Op::less;
        default:
            return op;
    }
}
/// The comparison that says the same with its sides exchanged.
constexpr Op turned(Op op) noexcept {
    switch (op) {
        case Op::less:
            return Op::greater;
        case Op::less_equal:
            return Op::greater_equal;
        case Op::greater:
            return Op::less;
        case Op::greater_equal:
            return Op::less_equal;
        default:
            return op;
    }
}

struct Node {
    Op op = Op::constant;
    std::uint8_t slot = 0;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    std::uint32_t c = 0;
    std::uint32_t reason = 0;  // index into Program::reasons: what this node says when it is unknown itself
};

/// What an expression can see change, so that it is read again only when something did.
struct Dependencies {
    std::vector<std::uint32_t> facts;  // sorted, unique
    bool event = false;                // the event at hand, its actor or its date
    bool trigger = false;
    bool subject = false;  // the person's own id, roles, age or attributes; not facts kept per subject
    bool has_case = false;
};

using ExpressionId = std::uint32_t;
inline constexpr ExpressionId k_no_expression = 0xFFFF'FFFFU;

struct Expression {
    std::uint32_t root = 0;  // into Program::nodes
    Dependencies depends;
    std::string text;
    std::string layer;      // the policy it stands in
    std::string pointer;    // and where there
    bool constant = false;  // the root is a constant
};

}  // namespace duecare::policy
