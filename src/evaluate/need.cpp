#include "evaluate/need.hpp"

#include "base/text.hpp"
#include "evaluate/interpreter.hpp"

namespace duecare::evaluate {

using policy::Node;
using policy::Op;
using policy::Val;

Seen seen(const Val& value) {
    Seen out;
    out.kind = value.kind;
    switch (value.kind) {
        case Val::Kind::unknown:
        case Val::Kind::text:
            out.text = std::string(value.text());
            break;
        case Val::Kind::boolean:
            out.text = value.boolean ? "true" : "false";
            break;
        case Val::Kind::integer:
            append_integer(out.text, value.integer);
            break;
        case Val::Kind::decimal:
            append_decimal(out.text, value.decimal);
            break;
        case Val::Kind::one_of:
            out.text = seen(value.items[0]).text + " to " + seen(value.items[value.count - 1U]).text;
            break;
        case Val::Kind::list:
            for (std::uint32_t i = 0; i < value.size; ++i) out.items.push_back(seen(value.items[i]));
            break;
    }
    return out;
}

namespace {

class Search {
  public:
    Search(Interpreter& interpreter, const Context& context)
        : interpreter_(interpreter), program_(interpreter.program()), context_(context) {}

    std::optional<Need> of(std::uint32_t index, bool wanted) {
        const Val value = interpreter_.node_value(index, context_);
        if (value.kind == Val::Kind::boolean && value.boolean == wanted) return std::nullopt;
        const Node& node = program_.nodes[index];
        switch (node.op) {
            case Op::logical_not:
                return of(node.a, !wanted);
            case Op::logical_and:
                return group(index, Op::logical_and, wanted, wanted ? Need::Kind::all : Need::Kind::any);
            case Op::logical_or:
                return group(index, Op::logical_or, wanted, wanted ? Need::Kind::any : Need::Kind::all);
            case Op::conditional: {
                const Val condition = interpreter_.node_value(node.a, context_);
                if (condition.kind == Val::Kind::boolean)
                    return of(condition.boolean ? node.b : node.c, wanted);
                return leaf(index, wanted, value);
            }
            default:
                return leaf(index, wanted, value);
        }
    }

  private:
    std::optional<Need> group(std::uint32_t index, Op op, bool wanted, Need::Kind kind) {
        Need need;
        need.kind = kind;
        collect(index, op, wanted, need.parts);
        if (need.parts.empty()) return std::nullopt;
        if (need.parts.size() == 1) return std::move(need.parts.front());
        return need;
    }

    // The operands of a chain of && or ||.
    void collect(std::uint32_t index, Op op, bool wanted, std::vector<Need>& parts) {
        const Node& node = program_.nodes[index];
        if (node.op == op) {
            collect(node.a, op, wanted, parts);
            collect(node.b, op, wanted, parts);
        } else if (std::optional<Need> part = of(index, wanted)) {
            parts.push_back(std::move(*part));
        }
    }

    Need leaf(std::uint32_t index, bool wanted, const Val& value) {
        Need need;
        need.node = index;
        need.wanted = wanted;
        need.unknown = value.kind != Val::Kind::boolean;
        if (value.is_unknown()) need.reason = std::string(value.text());
        const Node& node = program_.nodes[index];
        switch (node.op) {
            case Op::equal:
            case Op::not_equal:
            case Op::less:
            case Op::less_equal:
            case Op::greater:
            case Op::greater_equal:
            case Op::in:
            case Op::contains:
            case Op::starts_with:
            case Op::ends_with:
            case Op::mentions:
                need.left = side(node.a);
                need.right = side(node.b);
                break;
            case Op::has:
                need.left = side(node.a);
                break;
            default:
                need.left = seen(value);
                break;
        }
        return need;
    }

    Seen side(std::uint32_t index) {
        const Node& node = program_.nodes[index];
        return seen(interpreter_.node_value(node.op == Op::rank ? node.a : index, context_));
    }

    Interpreter& interpreter_;
    const policy::Program& program_;
    const Context& context_;
};

}  // namespace

std::optional<Need> unmet(Interpreter& interpreter, policy::ExpressionId id, const Context& context) {
    return Search(interpreter, context).of(interpreter.program().expressions[id].root, true);
}

}  // namespace duecare::evaluate
