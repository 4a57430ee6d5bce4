// Order, equality and sums: exact between whole and decimal numbers, and known of an age that may be one of
// several only where each possible age gives the same answer.
#include "evaluate/interpreter.hpp"

#include <cmath>
#include <span>

namespace duecare::evaluate {

using policy::Node;
using policy::Op;
using policy::Val;
using Kind = policy::Val::Kind;

namespace {

bool is_number(const Val& v) {
    return v.kind == Kind::integer || v.kind == Kind::decimal;
}

// Compares an integer with a decimal exactly: -1, 0, 1, or 2 where there is no order (NaN).
int compare(std::int64_t a, double b) {
    if (std::isnan(b)) return 2;
    if (b >= 9223372036854775808.0) return -1;
    if (b < -9223372036854775808.0) return 1;
    const double whole = std::trunc(b);
    const auto truncated = static_cast<std::int64_t>(whole);
    if (a != truncated) return a < truncated ? -1 : 1;
    return b > whole ? -1 : b < whole ? 1 : 0;
}

int compare_numbers(const Val& a, const Val& b) {
    if (a.kind == Kind::integer && b.kind == Kind::integer)
        return a.integer < b.integer ? -1 : a.integer > b.integer ? 1 : 0;
    if (a.kind == Kind::integer) return compare(a.integer, b.decimal);
    if (b.kind == Kind::integer) {
        const int c = compare(b.integer, a.decimal);
        return c == 2 ? 2 : -c;
    }
    return a.decimal < b.decimal ? -1 : a.decimal > b.decimal ? 1 : a.decimal == b.decimal ? 0 : 2;
}

// What a value may be: itself alone, unless it is one of several.
std::span<const Val> possible(const Val& v) {
    return v.kind == Kind::one_of ? std::span(v.items, v.count) : std::span(&v, 1);
}

bool holds(Op op, int order) {
    switch (op) {
        case Op::less:
            return order == -1;
        case Op::less_equal:
            return order == -1 || order == 0;
        case Op::greater:
            return order == 1;
        default:
            return order == 1 || order == 0;
    }
}

}  // namespace

// What every pair of possible values agrees on; unknown where they differ.
template <typename Decide>
Val Interpreter::of_each(const Val& a, const Val& b, const Decide& decide) {
    const Val first = decide(possible(a)[0], possible(b)[0]);
    for (const Val& x : possible(a)) {
        for (const Val& y : possible(b)) {
            const Val one = decide(x, y);
            if (one.is_unknown()) return one;
            if (one.boolean != first.boolean) return unsure(a.kind == Kind::one_of ? a : b);
        }
    }
    return first;
}

Val Interpreter::equal(const Val& a, const Val& b) {
    if (is_number(a) && is_number(b)) return Val::of(compare_numbers(a, b) == 0);
    if (a.kind == Kind::one_of || b.kind == Kind::one_of)
        return of_each(a, b, [this](const Val& x, const Val& y) { return equal(x, y); });
    if (a.kind != b.kind) return Val::of(false);
    switch (a.kind) {
        case Kind::boolean:
            return Val::of(a.boolean == b.boolean);
        case Kind::text:
            return Val::of(a.text() == b.text());
        case Kind::list: {
            if (a.size != b.size) return Val::of(false);
            Val unsure = Val::of(true);
            for (std::uint32_t i = 0; i < a.size; ++i) {
                const Val same = equal(a.items[i], b.items[i]);
                if (same.is_unknown()) {
                    if (!unsure.is_unknown()) unsure = same;
                } else if (!same.boolean) {
                    return same;
                }
            }
            return unsure;
        }
        default:
            return Val::of(true);
    }
}

Val Interpreter::run_compare(const Node& node, const Context& context) {
    const Val left = run(node.a, context);
    const Node& other = binding_.program.nodes[node.b];
    const Val right = other.op == Op::constant ? binding_.program.constants[other.a] : run(node.b, context);
    if (left.is_unknown()) return left;
    if (right.is_unknown()) return right;
    // What most conditions of most policies ask.
    if (left.kind == Kind::text && right.kind == Kind::text &&
        (node.op == Op::equal || node.op == Op::not_equal))
        return Val::of((left.text() == right.text()) == (node.op == Op::equal));
    if (node.op == Op::equal) return equal(left, right);
    if (node.op == Op::not_equal) {
        const Val same = equal(left, right);
        return same.is_unknown() ? same : Val::of(!same.boolean);
    }
    return order(node, left, right);
}

Val Interpreter::order(const Node& node, const Val& left, const Val& right) {
    if (left.kind == Kind::one_of || right.kind == Kind::one_of)
        return of_each(left, right, [&](const Val& x, const Val& y) { return order(node, x, y); });
    if (is_number(left) && is_number(right)) return Val::of(holds(node.op, compare_numbers(left, right)));
    if (left.kind == Kind::text && right.kind == Kind::text) {
        const int sign = left.text().compare(right.text());
        return Val::of(holds(node.op, sign < 0 ? -1 : sign > 0 ? 1 : 0));
    }
    return missing(node);
}

Val Interpreter::run_in(const Node& node, const Context& context) {
    const Val item = run(node.a, context);
    const Val list = run(node.b, context);
    if (item.is_unknown()) return item;
    if (list.is_unknown()) return list;
    if (list.kind != Kind::list) return missing(node);
    return is_in(item, list);
}

Val Interpreter::is_in(const Val& item, const Val& list) {
    if (item.kind == Kind::one_of)
        return of_each(item, list, [this](const Val& x, const Val& y) { return is_in(x, y); });
    Val unsure = Val::of(false);
    for (std::uint32_t i = 0; i < list.size; ++i) {
        if (list.items[i].is_unknown()) continue;  // a null in the record's own list
        const Val same = equal(item, list.items[i]);
        if (same.is_unknown()) {
            unsure = same;
        } else if (same.boolean) {
            return same;
        }
    }
    return unsure;
}

Val Interpreter::negative(const Node& node, const Val& number) {
    if (number.kind == Kind::decimal) return Val::of(-number.decimal);
    if (number.kind == Kind::integer && number.integer != INT64_MIN) return Val::of(-number.integer);
    return missing(node);
}

Val Interpreter::run_sum(const Node& node, const Context& context) {
    const Val left = run(node.a, context);
    if (node.op == Op::negate) {
        if (left.is_unknown()) return left;
        if (left.kind == Kind::one_of) {
            Val* const negated = scratch_.list(left.count);
            for (std::size_t i = 0; i < left.count; ++i) {
                const Val one = negative(node, left.items[left.count - 1U - i]);
                if (one.is_unknown()) return one;
                negated[i] = one;
            }
            return Val::one_of(negated, left.count, left.size);
        }
        return negative(node, left);
    }
    const Val right = run(node.b, context);
    if (left.is_unknown()) return left;
    if (right.is_unknown()) return right;
    if (left.kind == Kind::one_of || right.kind == Kind::one_of) return sum_of_each(node, left, right);
    return sum(node, left, right);
}

// Each sum that is possible, rising.
Val Interpreter::sum_of_each(const Node& node, const Val& left, const Val& right) {
    const Val& several = left.kind == Kind::one_of ? left : right;
    const auto lefts = possible(left);
    const auto rights = possible(right);
    if (lefts.size() * rights.size() > k_most_possible) return unsure(several);
    Val* const sums = scratch_.list(lefts.size() * rights.size());
    std::size_t count = 0;
    for (const Val& x : lefts) {
        for (const Val& y : rights) {
            const Val one = sum(node, x, y);
            if (one.is_unknown()) return one;
            std::size_t at = count++;
            for (; at > 0 && compare_numbers(one, sums[at - 1]) == -1; --at) sums[at] = sums[at - 1];
            sums[at] = one;
        }
    }
    return Val::one_of(sums, count, several.size);
}

Val Interpreter::sum(const Node& node, const Val& left, const Val& right) {
    const bool plus = node.op == Op::add;
    if (plus && left.kind == Kind::text && right.kind == Kind::text)
        return Val::of(scratch_.join(left.text(), right.text()));
    if (left.kind == Kind::integer && right.kind == Kind::integer) {
        std::int64_t sum = 0;
        const bool overflow = plus ? __builtin_add_overflow(left.integer, right.integer, &sum)
                                   : __builtin_sub_overflow(left.integer, right.integer, &sum);
        return overflow ? missing(node) : Val::of(sum);
    }
    if (!is_number(left) || !is_number(right)) return missing(node);
    const auto number = [](const Val& v) {
        return v.kind == Kind::integer ? static_cast<double>(v.integer) : v.decimal;
    };
    return Val::of(plus ? number(left) + number(right) : number(left) - number(right));
}

}  // namespace duecare::evaluate
