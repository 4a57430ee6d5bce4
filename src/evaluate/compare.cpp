// Order, equality and sums: exact between whole and decimal numbers, and known of an age that is a range only
// where every possible age gives the same answer.
#include "evaluate/interpreter.hpp"

#include <cmath>

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

Val Interpreter::equal(const Val& a, const Val& b) {
    if (is_number(a) && is_number(b)) return Val::of(compare_numbers(a, b) == 0);
    if (a.kind == Kind::range || b.kind == Kind::range) {
        const Val& range = a.kind == Kind::range ? a : b;
        const Val& other = a.kind == Kind::range ? b : a;
        if (other.kind == Kind::range) {
            if (range.range.high < other.range.low || other.range.high < range.range.low)
                return Val::of(false);
            return range_unknown(a);
        }
        if (!is_number(other)) return Val::of(false);
        if (other.kind == Kind::decimal && other.decimal != std::trunc(other.decimal)) return Val::of(false);
        if (compare_numbers(Val::of(std::int64_t{range.range.low}), other) == 1 ||
            compare_numbers(Val::of(std::int64_t{range.range.high}), other) == -1) {
            return Val::of(false);
        }
        return range_unknown(range);
    }
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
    if (left.kind == Kind::range || right.kind == Kind::range) {
        if ((left.kind != Kind::range && !is_number(left)) ||
            (right.kind != Kind::range && !is_number(right)))
            return missing(node);
        const auto low = [](const Val& v) {
            return v.kind == Kind::range ? Val::of(std::int64_t{v.range.low}) : v;
        };
        const auto high = [](const Val& v) {
            return v.kind == Kind::range ? Val::of(std::int64_t{v.range.high}) : v;
        };
        const bool first = holds(node.op, compare_numbers(low(left), high(right)));
        const bool last = holds(node.op, compare_numbers(high(left), low(right)));
        if (first == last) return Val::of(first);
        return range_unknown(left.kind == Kind::range ? left : right);
    }
    if (is_number(left) && is_number(right)) return Val::of(holds(node.op, compare_numbers(left, right)));
    if (left.kind == Kind::text && right.kind == Kind::text) {
        const int order = left.text().compare(right.text());
        return Val::of(holds(node.op, order < 0 ? -1 : order > 0 ? 1 : 0));
    }
    return missing(node);
}

Val Interpreter::run_in(const Node& node, const Context& context) {
    const Val item = run(node.a, context);
    const Val list = run(node.b, context);
    if (item.is_unknown()) return item;
    if (list.is_unknown()) return list;
    if (list.kind != Kind::list) return missing(node);
    // Of an age that is a range: known when every possible age is in the list, or none is.
    if (item.kind == Kind::range) {
        bool any = false;
        bool all = true;
        for (std::int32_t age = item.range.low; age <= item.range.high; ++age) {
            bool found = false;
            for (std::uint32_t i = 0; i < list.size && !found; ++i) {
                const Val same = equal(Val::of(std::int64_t{age}), list.items[i]);
                found = same.kind == Kind::boolean && same.boolean;
            }
            any = any || found;
            all = all && found;
        }
        return any == all ? Val::of(any) : range_unknown(item);
    }
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

Val Interpreter::run_sum(const Node& node, const Context& context) {
    const Val left = run(node.a, context);
    if (node.op == Op::negate) {
        if (left.is_unknown()) return left;
        if (left.kind == Kind::decimal) return Val::of(-left.decimal);
        if (left.kind == Kind::integer && left.integer != INT64_MIN) return Val::of(-left.integer);
        if (left.kind == Kind::range) {
            Val v = left;
            v.range = {-left.range.high, -left.range.low};
            return v;
        }
        return missing(node);
    }
    const Val right = run(node.b, context);
    if (left.is_unknown()) return left;
    if (right.is_unknown()) return right;
    const bool plus = node.op == Op::add;
    if (plus && left.kind == Kind::text && right.kind == Kind::text)
        return Val::of(scratch_.join(left.text(), right.text()));
    if (left.kind == Kind::integer && right.kind == Kind::integer) {
        std::int64_t sum = 0;
        const bool overflow = plus ? __builtin_add_overflow(left.integer, right.integer, &sum)
                                   : __builtin_sub_overflow(left.integer, right.integer, &sum);
        return overflow ? missing(node) : Val::of(sum);
    }
    if (left.kind == Kind::range || right.kind == Kind::range) {
        const Val& range = left.kind == Kind::range ? left : right;
        const Val& other = left.kind == Kind::range ? right : left;
        if (!is_number(other) && other.kind != Kind::range) return missing(node);
        if (other.kind != Kind::integer || std::abs(other.integer) > 1'000'000) return range_unknown(range);
        const auto shift = static_cast<std::int32_t>(other.integer);
        Val v = range;
        if (plus) {
            v.range = {range.range.low + shift, range.range.high + shift};
        } else if (left.kind == Kind::range) {
            v.range = {range.range.low - shift, range.range.high - shift};
        } else {
            v.range = {shift - range.range.high, shift - range.range.low};
        }
        return v;
    }
    if (!is_number(left) || !is_number(right)) return missing(node);
    const auto number = [](const Val& v) {
        return v.kind == Kind::integer ? static_cast<double>(v.integer) : v.decimal;
    };
    return Val::of(plus ? number(left) + number(right) : number(left) - number(right));
}

}  // namespace duecare::evaluate
