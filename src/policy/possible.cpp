#include "policy/possible.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "policy/possible_run.hpp"

namespace duecare::policy {

namespace {

using Kind = Val::Kind;

constexpr std::size_t k_most_values = 64;  // beyond these a set of values is not worth listing

bool is_number(const Val& v) {
    return v.kind == Kind::integer || v.kind == Kind::decimal;
}
double number(const Val& v) {
    return v.kind == Kind::integer ? static_cast<double>(v.integer) : v.decimal;
}

}  // namespace

Possible::Kinds kind_bit(const Val& value) {
    switch (value.kind) {
        case Kind::boolean:
            return value.boolean ? Possible::k_true : Possible::k_false;
        case Kind::integer:
        case Kind::decimal:
        case Kind::one_of:
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

Possible::Kinds classes(Possible::Kinds of) {
    return (of & Possible::k_boolean) != 0 ? of | Possible::k_boolean : of;
}

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
