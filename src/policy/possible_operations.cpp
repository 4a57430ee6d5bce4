// What the operators, functions and methods of expressions might give.
#include <algorithm>
#include <bit>

#include "base/text.hpp"
#include "policy/possible_run.hpp"

namespace duecare::policy {

Possible PossibleRun::logic(const Node& node, std::uint32_t at) {
    const Possible a = run(node.a);
    if (node.op == Op::logical_not) {
        Possible out = joined(a, a);
        expect(out, a, Possible::k_boolean, node, at, node.a, "denies what is true or false");
        if (a.may(Possible::k_true)) out.kinds |= Possible::k_false;
        if (a.may(Possible::k_false)) out.kinds |= Possible::k_true;
        if (a.may(Possible::k_known & ~Possible::k_boolean)) out.kinds |= Possible::k_unknown;
        return out;
    }
    const Possible b = run(node.b);
    Possible out = joined(a, b);
    const bool both = node.op == Op::logical_and;
    const Possible::Kinds decides = both ? Possible::k_false : Possible::k_true;
    const Possible::Kinds other = both ? Possible::k_true : Possible::k_false;
    for (const auto& [side, side_at] : {std::pair(&a, node.a), std::pair(&b, node.b)}) {
        expect(out, *side, Possible::k_boolean, node, at, side_at, "joins what is true or false");
        const bool literal = program_.nodes[side_at].op == Op::constant && !side->from_parameter &&
                             side->may(Possible::k_boolean);
        if (literal) {
            remark(out, column(side_at),
                   side->may(decides) ? "this constant decides the whole, whatever stands beside it."
                                      : "this constant changes nothing; leave it out.");
        }
    }
    out.kinds = 0;
    if (a.may(decides) || b.may(decides)) out.kinds |= decides;
    if (a.may(other) && b.may(other)) out.kinds |= other;
    const auto unsure = [](const Possible& p) { return p.may(Possible::k_anything & ~Possible::k_boolean); };
    if ((unsure(a) && (unsure(b) || b.may(other))) || (unsure(b) && a.may(other)))
        out.kinds |= Possible::k_unknown;
    return out;
}

Possible PossibleRun::conditional(const Node& node) {
    const Possible condition = run(node.a);
    const Possible a = run(node.b);
    const Possible b = run(node.c);
    Possible out;
    unite(out, a);
    unite(out, b);
    out.reported = out.reported || condition.reported;
    out.from_parameter = out.from_parameter || condition.from_parameter;
    if (condition.may(Possible::k_anything & ~Possible::k_boolean)) out.kinds |= Possible::k_unknown;
    if (condition.from_parameter) return out;
    if (condition.never(Possible::k_boolean) && condition.may(Possible::k_known)) {
        remark(out, column(node.a),
               "before ? stands what is true or false, and " + said(node.a) + " is " +
                   said_kinds(condition.kinds) + ".");
    } else if (condition.never(Possible::k_true) || condition.kinds == Possible::k_true) {
        const bool yes = condition.may(Possible::k_true);
        remark(out, column(node.a),
               std::string("what stands before ? is ") + (yes ? "always" : "never") +
                   " true, so the answer after " + (yes ? ":" : "?") + " is never given.");
    }
    return out;
}

void PossibleRun::judge(Possible& out, bool negated, std::uint32_t at_column, const std::string& never,
                        const std::string& always) {
    if (out.from_parameter || out.never(Possible::k_boolean)) return;
    // A fact that is true or not yet known, `fact.x == true`, is how a policy waits for an event: no remark.
    if (out.never(Possible::k_true)) {
        remark(out, at_column, never);
    } else if (out.never(Possible::k_false) && (negated || out.never(Possible::k_unknown))) {
        remark(out, at_column, always);
    }
}

Possible PossibleRun::equality(const Node& node, std::uint32_t at) {
    const Possible a = run(node.a);
    const Possible b = run(node.b);
    Possible out = joined(a, b);
    if (a.never(Possible::k_known) || b.never(Possible::k_known)) return out;
    const auto left = listed(a);
    const auto right = listed(b);
    const bool disjoint = (classes(a.kinds) & classes(b.kinds) & Possible::k_known) == 0;
    if (left && right) {
        for (const Val& x : *left) {
            for (const Val& y : *right) out.kinds |= same(x, y) ? Possible::k_true : Possible::k_false;
        }
    } else {
        out.kinds |= disjoint ? Possible::k_false : Possible::k_boolean;
    }
    const bool right_constant = program_.nodes[node.b].op == Op::constant;
    const std::uint32_t subject = right_constant ? node.a : node.b;
    const std::uint32_t object = right_constant ? node.b : node.a;
    const auto& values = right_constant ? left : right;
    const Possible& constant = right_constant ? b : a;
    std::string never;
    if (disjoint) {
        never = said(subject) + " is " + said_kinds((right_constant ? a : b).kinds) + " and " + said(object) +
                " " + said_kinds(constant.kinds) + "; these are never equal.";
        if ((right_constant ? a : b).kinds == (Possible::k_list | Possible::k_unknown)) {
            never += " Whether a list has something is asked with `in`.";
        }
        if (program_.nodes[node.a].op == Op::logical_not)
            never += " The ! belongs to the left side alone; write !(…) around the comparison.";
    } else if (values) {
        never = said(subject) + " is never " + said(object) + ": it can be " + said_values(*values) + ".";
        if (constant.may(Possible::k_text) && constant.values && constant.values->size() == 1) {
            std::vector<std::string_view> texts;
            for (const Val& v : *values) {
                if (v.kind == Kind::text) texts.push_back(v.text());
            }
            never += suggestion((*constant.values)[0].text(), texts);
        }
    }
    const bool negated = node.op == Op::not_equal;
    judge(out, negated, column(program_.nodes[object].op == Op::constant ? object : at), never,
          said(subject) + " is always " + said(object) + " when it is known.");
    if (negated) {
        const Possible::Kinds flipped = (out.may(Possible::k_true) ? Possible::k_false : 0U) |
                                        (out.may(Possible::k_false) ? Possible::k_true : 0U);
        out.kinds = (out.kinds & Possible::k_unknown) | flipped;
    }
    return out;
}

Possible PossibleRun::ordering(const Node& node, std::uint32_t at) {
    const Possible a = run(node.a);
    const Possible b = run(node.b);
    Possible out = joined(a, b);
    if (a.never(Possible::k_known) || b.never(Possible::k_known)) return out;
    const std::string mark = name(node);
    if (program_.nodes[node.a].op == Op::actor_rank || program_.nodes[node.b].op == Op::actor_rank) {
        const bool right = program_.nodes[node.b].op == Op::constant;
        const Possible& constant = right ? b : a;
        const std::string other = constant.values && constant.may(Possible::k_text)
                                      ? "rank(" + said(right ? node.b : node.a) + ")"
                                      : "rank(…)";
        remark(out, column(at),
               mark +
                   " orders the names of ranks by their letters; ranks are compared by number: "
                   "rank(actor.rank) and " +
                   other + ".");
    }
    const Possible::Kinds both = a.kinds & b.kinds & (Possible::k_number | Possible::k_text);
    if (both == 0) {
        // One side may have no order with anything; else the two do not go together.
        const auto orderless = [](const Possible& p) {
            return p.never(Possible::k_number | Possible::k_text);
        };
        std::string message = mark + " orders two numbers or two texts, and " +
                              said(orderless(b) ? node.b : node.a) + " is " +
                              said_kinds(orderless(b) ? b.kinds : a.kinds);
        if (!orderless(a) && !orderless(b)) message += " and " + said(node.b) + " " + said_kinds(b.kinds);
        message += ", so this never has an answer.";
        if (program_.nodes[node.a].op == Op::rank && b.may(Possible::k_text))
            message += " Write rank() on both sides.";
        out.kinds = Possible::k_unknown;
        remark(out, column(at), message);
        return out;
    }
    const auto left = listed(a);
    const auto right = listed(b);
    if (!left || !right) {
        out.kinds |= Possible::k_boolean;
        if (classes(a.kinds) != classes(b.kinds) || std::popcount(both) > 1) out.kinds |= Possible::k_unknown;
        return out;
    }
    for (const Val& x : *left) {
        for (const Val& y : *right) {
            const auto c = order(x, y);
            const bool holds = c && (node.op == Op::less         ? *c < 0
                                     : node.op == Op::less_equal ? *c <= 0
                                     : node.op == Op::greater    ? *c > 0
                                                                 : *c >= 0);
            out.kinds |= !c ? Possible::k_unknown : holds ? Possible::k_true : Possible::k_false;
        }
    }
    std::string values;
    for (const auto& [side, list] : {std::pair(node.a, &left), std::pair(node.b, &right)}) {
        if (program_.nodes[side].op == Op::constant) continue;
        values += (values.empty() ? ": " : " and ") + said(side) + " can be " + said_values(**list);
    }
    judge(out, false, column(at), "this is never true" + values + ".", "this is always true" + values + ".");
    return out;
}

Possible PossibleRun::membership(const Node& node, std::uint32_t at) {
    const Possible a = run(node.a);
    const Possible b = run(node.b);
    Possible out = joined(a, b);
    if (!expect(out, b, Possible::k_list, node, at, node.b, "asks for a list on its right",
                b.kinds == Possible::k_text ? " Part of a text is looked for with contains()." : "")) {
        out.kinds = Possible::k_unknown;
        return out;
    }
    if (a.never(Possible::k_known)) return out;
    if (b.may(Possible::k_known & ~Possible::k_list)) out.kinds |= Possible::k_unknown;
    if (!b.values || b.values->size() != 1) {
        out.kinds |= Possible::k_boolean;
        return out;
    }
    const Val& list = (*b.values)[0];
    Possible::Kinds item_kinds = 0;
    for (std::uint32_t i = 0; i < list.size; ++i) item_kinds |= classes(kind_bit(list.items[i]));
    const auto values = listed(a);
    if (values) {
        for (const Val& value : *values) {
            const bool found = std::any_of(list.items, list.items + list.size,
                                           [&](const Val& item) { return same(item, value); });
            out.kinds |= found ? Possible::k_true : Possible::k_false;
        }
    } else {
        out.kinds |= Possible::k_false;
        if ((classes(a.kinds) & item_kinds & Possible::k_known) != 0) out.kinds |= Possible::k_true;
    }
    std::string never =
        list.size == 0 ? "nothing is in an empty list."
        : values
            ? said(node.a) + " is never in this list: it can be " + said_values(*values) + "."
            : said(node.a) + " is " + said_kinds(a.kinds) + ", and nothing of that kind is in this list.";
    judge(out, false, column(node.b), never, said(node.a) + " is always in this list.");
    if (!values || out.reported || out.from_parameter) return out;
    for (std::uint32_t i = 0; i < list.size; ++i) {  // a misspelt item among good ones
        const auto found =
            std::any_of(values->begin(), values->end(), [&](const Val& v) { return same(v, list.items[i]); });
        if (found || list.items[i].kind != Kind::text || program_.nodes[node.a].op != Op::fact) continue;
        std::vector<std::string_view> texts;
        for (const Val& v : *values) {
            if (v.kind == Kind::text) texts.push_back(v.text());
        }
        const std::string near = suggestion(list.items[i].text(), texts);
        if (!near.empty())
            remark(out, column(node.b),
                   said(node.a) + " is never " + said_value(list.items[i]) + ": it can be " +
                       said_values(*values) + "." + near);
    }
    return out;
}

Possible PossibleRun::sum(const Node& node, std::uint32_t at) {
    const Possible a = run(node.a);
    if (node.op == Op::negate) {
        Possible out = joined(a, a);
        if (expect(out, a, Possible::k_number, node, at, node.a, "goes before a number"))
            out.kinds = Possible::k_number | Possible::k_unknown;
        return out;
    }
    const Possible b = run(node.b);
    Possible out = joined(a, b);
    out.kinds = Possible::k_unknown;
    const Possible::Kinds allowed =
        node.op == Op::add ? Possible::k_number | Possible::k_text : Possible::k_number;
    const Possible::Kinds both = a.kinds & b.kinds & allowed;
    if (both != 0) {
        out.kinds |= both;
    } else if (a.may(Possible::k_known) && b.may(Possible::k_known)) {
        remark(out, column(at),
               name(node) +
                   (node.op == Op::add ? " joins two numbers or two texts; "
                                       : " takes one number from another; ") +
                   said(node.a) + " is " + said_kinds(a.kinds) + " and " + said(node.b) + " " +
                   said_kinds(b.kinds) + ", so this never has an answer.");
    }
    return out;
}

Possible PossibleRun::text_function(const Node& node, std::uint32_t at) {
    const Possible a = run(node.a);
    if (node.op == Op::size) {
        Possible out = joined(a, a);
        const bool fits = expect(out, a, Possible::k_text | Possible::k_list, node, at, node.a,
                                 "asks for a text or a list");
        if (fits) out.kinds |= Possible::k_number;
        if (!fits || a.may(Possible::k_boolean | Possible::k_number)) out.kinds |= Possible::k_unknown;
        return out;
    }
    const Possible b = run(node.b);
    Possible out = joined(a, b);
    const bool list = a.kinds == Possible::k_list || a.kinds == (Possible::k_list | Possible::k_unknown);
    const bool fits = expect(out, a, Possible::k_text, node, at, node.a, "looks into a text",
                             list ? " Whether a list has something is asked with `in`." : "") &&
                      expect(out, b, Possible::k_text, node, at, node.b, "looks for a text");
    out.kinds |= fits ? Possible::k_boolean : Possible::k_unknown;
    if (((a.kinds | b.kinds) & ~Possible::k_text) != 0) out.kinds |= Possible::k_unknown;
    return out;
}

Possible PossibleRun::rank(const Node& node, std::uint32_t at) {
    const Possible a = run(node.a);
    Possible out = joined(a, a);
    if (!expect(out, a, Possible::k_text, node, at, node.a, "asks for the name of a rank")) {
        out.kinds = Possible::k_unknown;
        return out;
    }
    if (program_.ranks.empty()) {
        remark(out, column(at), "the policy lists no `ranks`, so rank() never has an answer.");
        out.kinds = Possible::k_unknown;
        return out;
    }
    if (!a.values) return kinds(Possible::k_number | Possible::k_unknown);
    const auto known = [&](const Val& v) {
        return v.kind == Kind::text && program_.rank_numbers.contains(v.text());
    };
    if (std::none_of(a.values->begin(), a.values->end(), known)) {
        remark(out, column(at),
               "none of " + said_values(*a.values) +
                   " is a rank of this policy, so rank() never has an answer.");
        out.kinds = Possible::k_unknown;
        return out;
    }
    const bool all = std::all_of(a.values->begin(), a.values->end(), known);
    out.kinds |= Possible::k_number | (all ? 0U : Possible::k_unknown);
    return out;
}

Possible PossibleRun::mentions(const Node& node, std::uint32_t at) {
    const Possible a = run(node.a);
    const Possible b = run(node.b);
    Possible out = joined(a, b);
    const bool fits = expect(out, a, Possible::k_text, node, at, node.a, "looks into a text") &&
                      expect(out, b, Possible::k_list, node, at, node.b, "looks for the words of a list");
    if (fits && b.values && b.values->size() == 1 && !b.from_parameter) {
        const Val& list = (*b.values)[0];
        for (std::uint32_t i = 0; i < list.size; ++i) {
            if (list.items[i].kind == Kind::text && words_of(list.items[i].text()).empty()) {
                remark(out, column(node.b),
                       said_value(list.items[i]) + " has no word in it, so no text mentions it.");
            }
        }
        if (list.size == 0) {
            remark(out, column(node.b), "no text mentions anything of an empty list.");
            out.kinds = Possible::k_false | Possible::k_unknown;
            return out;
        }
    }
    out.kinds = fits ? Possible::k_boolean | Possible::k_unknown : Possible::k_unknown;
    return out;
}

Possible PossibleRun::persons(const Node& node, std::uint32_t at) {
    const Possible body = run(node.a);
    Possible out = joined(body, body);
    expect(out, body, Possible::k_boolean, node, at, node.a, "asks something true or false of each person");
    const bool exists = node.op == Op::exists_persons || node.op == Op::exists_subjects;
    out.kinds |= body.kinds & Possible::k_boolean;
    out.kinds |= exists ? Possible::k_false : Possible::k_true;  // of nobody
    if (body.may(Possible::k_known & ~Possible::k_boolean)) out.kinds |= Possible::k_unknown;
    if (body.kinds == Possible::k_true || body.kinds == Possible::k_false) out.kinds |= Possible::k_boolean;
    return out;
}

}  // namespace duecare::policy
