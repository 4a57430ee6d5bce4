#include "policy/possible.hpp"

#include <algorithm>
#include <bit>

#include "base/text.hpp"

namespace duecare::policy {

namespace {

using Kind = Val::Kind;

constexpr std::size_t k_most_values = 64;  // beyond these a set of values is not worth listing

Possible::Kinds kind_bit(const Val& value) {
    switch (value.kind) {
        case Kind::boolean:
            return value.boolean ? Possible::k_true : Possible::k_false;
        case Kind::integer:
        case Kind::decimal:
        case Kind::range:
            return Possible::k_number;
        case Kind::text:
            return Possible::k_text;
        case Kind::list:
            return Possible::k_list;
        case Kind::unknown:
            break;
    }
    return Possible::k_unknown;
}

bool is_number(const Val& v) {
    return v.kind == Kind::integer || v.kind == Kind::decimal;
}
double number(const Val& v) {
    return v.kind == Kind::integer ? static_cast<double>(v.integer) : v.decimal;
}

// -1, 0 or 1; nothing where the two have no order.
std::optional<int> order(const Val& a, const Val& b) {
    if (a.kind == Kind::text && b.kind == Kind::text) {
        const int c = a.text().compare(b.text());
        return c < 0 ? -1 : c > 0 ? 1 : 0;
    }
    if (!is_number(a) || !is_number(b)) return std::nullopt;
    if (a.kind == Kind::integer && b.kind == Kind::integer)
        return a.integer < b.integer ? -1 : a.integer > b.integer ? 1 : 0;
    return number(a) < number(b) ? -1 : number(a) > number(b) ? 1 : 0;
}

bool same(const Val& a, const Val& b) {
    if (const auto c = order(a, b)) return *c == 0;
    if (a.kind != b.kind) return false;
    if (a.kind == Kind::boolean) return a.boolean == b.boolean;
    if (a.kind != Kind::list || a.size != b.size) return false;
    return std::equal(a.items, a.items + a.size, b.items, same);
}

std::string said_value(const Val& value) {
    std::string out;
    switch (value.kind) {
        case Kind::boolean:
            return value.boolean ? "true" : "false";
        case Kind::integer:
            append_integer(out, value.integer);
            return out;
        case Kind::decimal:
            append_decimal(out, value.decimal);
            return out;
        case Kind::text:
            return "'" + std::string(value.text()) + "'";
        default:
            return "a list";
    }
}

Possible one(const Val& value) {
    Possible possible;
    possible.kinds = kind_bit(value);
    possible.values = std::vector<Val>{value};
    return possible;
}

Possible kinds(Possible::Kinds of) {
    Possible possible;
    possible.kinds = of;
    return possible;
}

// A boolean's values are few even where nobody listed them.
std::optional<std::vector<Val>> listed(const Possible& p) {
    if (p.values || p.may(Possible::k_number | Possible::k_text | Possible::k_list)) return p.values;
    std::vector<Val> values;
    if (p.may(Possible::k_true)) values.push_back(Val::of(true));
    if (p.may(Possible::k_false)) values.push_back(Val::of(false));
    return values;
}

void unite(Possible& into, const Possible& more) {
    const auto values = listed(more);
    if (into.kinds == 0) {
        into.values = values;
    } else {
        auto mine = listed(into);
        if (mine && values && mine->size() + values->size() <= k_most_values) {
            for (const Val& value : *values) {
                if (std::none_of(mine->begin(), mine->end(), [&](const Val& v) { return same(v, value); }))
                    mine->push_back(value);
            }
            into.values = std::move(mine);
        } else {
            into.values.reset();
        }
    }
    into.kinds |= more.kinds;
    into.from_parameter = into.from_parameter || more.from_parameter;
    into.reported = into.reported || more.reported;
}

// Booleans are one kind of value, though two outcomes.
Possible::Kinds classes(Possible::Kinds of) {
    return (of & Possible::k_boolean) != 0 ? of | Possible::k_boolean : of;
}

}  // namespace

std::string said_kinds(Possible::Kinds of) {
    std::string out;
    const auto add = [&](const char* word) { out += (out.empty() ? "" : " or ") + std::string(word); };
    if ((of & Possible::k_known) == Possible::k_known) return "a value of any kind";
    if ((of & Possible::k_text) != 0) add("a text");
    if ((of & Possible::k_number) != 0) add("a number");
    if ((of & Possible::k_list) != 0) add("a list");
    if ((of & Possible::k_boolean) != 0) add("true or false");
    return out.empty() ? "unknown" : out;
}

std::string said_values(const std::vector<Val>& values) {
    std::string out;
    for (std::size_t i = 0; i < values.size() && i < 8; ++i)
        out += (i == 0 ? "" : ", ") + said_value(values[i]);
    return values.size() > 8 ? out + ", …" : out;
}

/// One walk over one expression.
class PossibleRun {
  public:
    PossibleRun(const Possibilities& all, std::vector<Remark>& remarks)
        : all_(all), program_(all.program_), remarks_(remarks) {}

    Possible run(std::uint32_t at);
    [[nodiscard]] std::string said(std::uint32_t at) const;

  private:
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

std::string PossibleRun::said(std::uint32_t at) const {
    const Node& node = program_.nodes[at];
    if (node.op == Op::constant) return said_value(program_.constants[node.a]);
    if (node.op >= Op::case_id && node.op <= Op::fact) {
        return "`" + program_.reasons[node.reason].substr(std::string_view("missing_value: ").size()) + "`";
    }
    if (node.op == Op::rank) return "rank()";
    if (node.op == Op::size) return "size()";
    if (node.op == Op::has) return "has()";
    return "what stands beside it";
}

Possible PossibleRun::run(std::uint32_t at) {
    const Node& node = program_.nodes[at];
    switch (node.op) {
        case Op::constant: {
            Possible possible = one(program_.constants[node.a]);
            possible.from_parameter = all_.notes_[at].from_parameter;
            return possible;
        }
        case Op::list: {
            Possible out = kinds(Possible::k_list);
            for (std::uint32_t i = 0; i < node.b; ++i) {
                const Possible item = run(program_.args[node.a + i]);
                out.reported = out.reported || item.reported;
                out.kinds |= item.kinds & Possible::k_unknown;
            }
            return out;
        }
        case Op::case_id:
        case Op::case_kind:
        case Op::event_id:
        case Op::event_type:
        case Op::person_id:
            return kinds(Possible::k_text);
        case Op::actor_id:
        case Op::actor_rank:
        case Op::actor_unit:
            return kinds(Possible::k_text | Possible::k_unknown);
        case Op::actor_accreditations:
        case Op::person_roles:
            return kinds(Possible::k_list | Possible::k_unknown);
        case Op::person_age:
            return kinds(Possible::k_number | Possible::k_unknown);
        case Op::case_attribute:
        case Op::event_attribute:
        case Op::person_attribute:
            return attribute(node, at);
        case Op::fact:
            return all_.facts_[node.a];
        case Op::has: {
            Possible out = kinds(Possible::k_boolean);
            out.reported = run(node.a).reported;
            return out;
        }
        case Op::logical_not:
        case Op::logical_and:
        case Op::logical_or:
            return logic(node, at);
        case Op::conditional:
            return conditional(node);
        case Op::equal:
        case Op::not_equal:
            return equality(node, at);
        case Op::less:
        case Op::less_equal:
        case Op::greater:
        case Op::greater_equal:
            return ordering(node, at);
        case Op::in:
            return membership(node, at);
        case Op::negate:
        case Op::add:
        case Op::subtract:
            return sum(node, at);
        case Op::size:
        case Op::contains:
        case Op::starts_with:
        case Op::ends_with:
            return text_function(node, at);
        case Op::rank:
            return rank(node, at);
        case Op::mentions:
            return mentions(node, at);
        case Op::exists_persons:
        case Op::all_persons:
        case Op::exists_subjects:
        case Op::all_subjects:
            return persons(node, at);
    }
    return kinds(Possible::k_anything);
}

// Fields of a record that are no attributes, asked for as if they were: such a path never has a value.
Possible PossibleRun::attribute(const Node& node, std::uint32_t at) {
    const AttributePath& path = program_.paths[node.a];
    const std::string root = node.op == Op::case_attribute     ? "case"
                             : node.op == Op::person_attribute ? "subject"
                             : node.slot == 1                  ? "trigger"
                                                               : "event";
    const std::string rest = path.size() > 1 ? "." + path[1] : "";
    std::string hint;
    if (path[0] == "attributes") {
        hint = "attributes are read without this word, such as " + root + (rest.empty() ? ".level" : rest);
    } else if (root == "event" && path[0] == "actor") {
        hint = "who did it is read as actor" + (rest.empty() ? ".id" : rest);
    } else if (root == "trigger" && path[0] == "actor") {
        hint = "who did it is read as trigger.actor.id";
    } else if ((root == "event" || root == "trigger") &&
               (path[0] == "occurred_at" || path[0] == "recorded_at")) {
        hint = "expressions do not see when an event happened; durations and `recorded_within` do";
    } else if ((root == "event" || root == "trigger") && path[0] == "subjects") {
        hint = "persons are looked at with " + root + ".subjects.exists(p, …)";
    } else if (root == "case" && path[0] == "persons") {
        hint = "persons are looked at with case.persons.exists(p, …)";
    } else if (root == "subject" && path[0] == "role") {
        hint = "a person has `roles`, a list: 'child' in subject.roles";
    } else if (root == "subject" && path[0] == "born") {
        hint = "the birth date itself cannot be read; `age` gives completed years";
    }
    Possible out = kinds(Possible::k_anything);
    if (!hint.empty())
        remark(out, column(at),
               said(at) + " would be an attribute called \"" + path[0] + "\"; " + hint + ".");
    return out;
}

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

Possibilities::Possibilities(const Program& program, const std::vector<NodeNote>& notes)
    : program_(program), notes_(notes) {
    std::vector<Remark> ignored;  // they are made where the fact stands
    for (const Fact& fact : program.facts) {
        Possible possible;
        possible.kinds = fact.initial == k_no_expression ? Possible::k_unknown : 0U;
        if (fact.initial != k_no_expression) unite(possible, of(fact.initial, ignored));
        if (fact.initial == k_no_expression) possible.values = std::vector<Val>{};
        for (const FactRule& rule : fact.rules) unite(possible, of(rule.to, ignored));
        possible.reported = false;
        facts_.push_back(std::move(possible));
    }
}

Possible Possibilities::of(ExpressionId expression, std::vector<Remark>& remarks) const {
    return PossibleRun(*this, remarks).run(program_.expressions[expression].root);
}

std::string Possibilities::said(ExpressionId expression) const {
    std::vector<Remark> none;
    const Op op = program_.nodes[program_.expressions[expression].root].op;
    if (op != Op::constant && (op < Op::case_id || op > Op::fact)) return "this";
    return PossibleRun(*this, none).said(program_.expressions[expression].root);
}

}  // namespace duecare::policy
