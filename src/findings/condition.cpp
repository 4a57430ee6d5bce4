// Conditions of a policy in words.
#include <algorithm>

#include "base/text.hpp"
#include "findings/words.hpp"

namespace duecare::findings {

using evaluate::Need;
using evaluate::Seen;
using policy::Node;
using policy::Op;
using Kind = policy::Val::Kind;

namespace {

constexpr std::size_t k_longest_code = 40;  // a longer text is no code but prose

std::string with_article(const std::string& noun) {
    const bool vowel =
        !noun.empty() && std::string_view("aeiouAEIOU").find(noun.front()) != std::string_view::npos;
    return (vowel ? "an " : "a ") + noun;
}

bool is_path(Op op) {
    switch (op) {
        case Op::case_id:
        case Op::case_kind:
        case Op::case_attribute:
        case Op::event_id:
        case Op::event_type:
        case Op::event_attribute:
        case Op::actor_id:
        case Op::actor_rank:
        case Op::actor_unit:
        case Op::actor_accreditations:
        case Op::person_id:
        case Op::person_roles:
        case Op::person_age:
        case Op::person_attribute:
        case Op::fact:
            return true;
        default:
            return false;
    }
}

// A path of the event at hand, which is what an explanation speaks about.
bool is_own(const Node& node) {
    switch (node.op) {
        case Op::event_id:
        case Op::event_type:
        case Op::event_attribute:
        case Op::actor_id:
        case Op::actor_rank:
        case Op::actor_unit:
        case Op::actor_accreditations:
            return node.slot == 0;
        default:
            return false;
    }
}

std::string_view mark(Op op) {
    switch (op) {
        case Op::logical_and:
            return " and ";
        case Op::logical_or:
            return " or ";
        case Op::equal:
            return " is ";
        case Op::not_equal:
            return " is not ";
        case Op::less:
            return " is less than ";
        case Op::less_equal:
            return " is at most ";
        case Op::greater:
            return " is more than ";
        case Op::greater_equal:
            return " is at least ";
        case Op::in:
            return " is in ";
        case Op::add:
            return " + ";
        default:
            return " - ";
    }
}

}  // namespace

Words::Leaf Words::leaf(const Need& need) const {
    const Node& node = program_.nodes[need.node];
    Leaf leaf;
    leaf.op = node.op;
    leaf.wanted = need.wanted;
    const auto under = [&](std::uint32_t index) -> const Node* {
        const Node* inner = &program_.nodes[index];
        if (inner->op == Op::rank || inner->op == Op::size) inner = &program_.nodes[inner->a];
        return inner;
    };
    const auto pair = [&](std::uint32_t a, std::uint32_t b) {
        leaf.ranks = program_.nodes[a].op == Op::rank || program_.nodes[b].op == Op::rank;
        const Node* left = under(a);
        const Node* right = under(b);
        leaf.length = program_.nodes[a].op == Op::size || program_.nodes[b].op == Op::size;
        leaf.found = &need.left;
        leaf.asked = &need.right;
        // What the event itself says goes first, then whatever the record says, then constants.
        const bool swap = (is_own(*right) && !is_own(*left)) || (!is_path(left->op) && is_path(right->op));
        if (swap) {
            std::swap(left, right);
            std::swap(leaf.found, leaf.asked);
            leaf.op = turned(leaf.op);
            leaf.holds = node.op == Op::in;
        }
        if (is_path(left->op)) leaf.path = left;
        leaf.other = right;
    };
    if (is_comparison(node.op)) {
        pair(node.a, node.b);
        if (!leaf.wanted) leaf.op = negated(leaf.op);
        leaf.wanted = true;
    } else if (node.op == Op::in || node.op == Op::contains || node.op == Op::starts_with ||
               node.op == Op::ends_with || node.op == Op::mentions) {
        pair(node.a, node.b);
    } else if (node.op == Op::has) {
        leaf.path = &program_.nodes[node.a];
        leaf.found = &need.left;
    } else {
        if (is_path(node.op)) leaf.path = &node;
        leaf.found = &need.left;
    }
    return leaf;
}

std::string Words::path(const Node& node) const {
    const auto keys = [&] {
        std::string text = "\"";
        for (const std::string& key : program_.paths[node.a]) text += (text.size() == 1 ? "" : ".") + key;
        return text + "\"";
    };
    const std::string opening = node.slot == 1 ? " of the opening event" : "";
    switch (node.op) {
        case Op::case_id:
            return "the id of the case";
        case Op::case_kind:
            return "the kind of the case";
        case Op::case_attribute:
            return keys() + " of the case";
        case Op::event_id:
            return "the id" + opening;
        case Op::event_type:
            return "the type" + opening;
        case Op::event_attribute:
            return keys() + opening;
        case Op::actor_id:
            return node.slot == 1 ? "the person who did the opening event" : "who did it";
        case Op::actor_rank:
            return "the rank" + opening;
        case Op::actor_unit:
            return "the unit" + opening;
        case Op::actor_accreditations:
            return "the accreditations" + opening;
        case Op::person_id:
            return "the id of the person";
        case Op::person_roles:
            return "the roles of the person";
        case Op::person_age:
            return "the age of the person";
        case Op::person_attribute:
            return keys() + " of the person";
        default:
            return "\"" + program_.facts[node.a].name + "\"";
    }
}

std::string Words::value(const Seen& seen) const {
    switch (seen.kind) {
        case Kind::text:
            return seen.text.empty() ? "empty" : "\"" + seen.text + "\"";
        case Kind::list: {
            std::vector<std::string> items;
            for (const Seen& item : seen.items) items.push_back(value(item));
            if (items.empty()) return "anything, as the list is empty";
            return items.size() == 1 ? items.front() : "one of " + any_of(items);
        }
        default:
            return seen.text;
    }
}

std::string Words::asked(const Leaf& leaf) const {
    if (leaf.asked->known()) return value(*leaf.asked);
    return leaf.other != nullptr && is_path(leaf.other->op) ? path(*leaf.other) : "what the policy asks for";
}

// What the record has, or nothing where it must not be repeated: prose, and what is said of a person.
std::string Words::found(const Leaf& leaf) const {
    if (leaf.path == nullptr || leaf.found == nullptr || !leaf.found->known()) return {};
    if (leaf.path->op == Op::person_attribute || leaf.path->op == Op::person_age ||
        leaf.path->op == Op::person_roles)
        return {};
    const bool prose =
        leaf.found->text.size() > k_longest_code || leaf.found->text.find(' ') != std::string::npos;
    if (leaf.found->kind == Kind::list || (leaf.found->kind == Kind::text && prose)) return {};
    return value(*leaf.found);
}

std::string Words::rank(const Seen& seen) const {
    if (seen.kind == Kind::text) return with_article(spaced(seen.text));
    for (const auto& [name, number] : program_.ranks) {
        std::string text;
        append_integer(text, number);
        if (text == seen.text) return with_article(spaced(name));
    }
    return "somebody of rank " + seen.text;
}

// "by …" where the condition is about who did it; else empty.
std::string Words::needed_person(const Leaf& leaf) const {
    if (leaf.path == nullptr || !is_own(*leaf.path)) return {};
    const Op path = leaf.path->op;
    if (leaf.op == Op::has) {
        if (path == Op::actor_id || path == Op::actor_rank) {
            return (leaf.wanted ? "by somebody whose " : "by somebody without a ") +
                   std::string(path == Op::actor_id ? "id" : "rank") +
                   (leaf.wanted ? " is on record" : " on record");
        }
        return {};
    }
    if (path == Op::actor_id) {
        if (leaf.op == Op::equal) return "by " + (leaf.asked->known() ? leaf.asked->text : asked(leaf));
        if (leaf.op == Op::not_equal)
            return "by somebody other than " + (leaf.asked->known() ? leaf.asked->text : asked(leaf));
    }
    if (path == Op::actor_rank && is_comparison(leaf.op) && leaf.asked->known()) {
        const std::string name = rank(*leaf.asked);
        if (leaf.op == Op::equal) return "by " + name;
        if (leaf.op == Op::not_equal) return "by somebody who is not " + name;
        if (leaf.op == Op::greater_equal) return "by " + name + " or above";
        if (leaf.op == Op::greater) return "by somebody above " + name;
        if (leaf.op == Op::less) return "by somebody below " + name;
        return "by " + name + " or below";
    }
    if (path == Op::actor_rank && leaf.op == Op::in && leaf.asked->kind == Kind::list) {
        std::vector<std::string> names;
        for (const Seen& item : leaf.asked->items) names.push_back(rank(item));
        return (leaf.wanted ? "by " : "by somebody who is not ") + any_of(names);
    }
    if (path == Op::actor_accreditations && leaf.holds && leaf.asked->known()) {
        return (leaf.wanted ? "by somebody accredited for " : "by somebody not accredited for ") +
               value(*leaf.asked);
    }
    return {};
}

// What follows the path: "at least 5", "mentioning …".
std::string Words::comparison(const Leaf& leaf) const {
    const std::string is_not = leaf.wanted ? "" : "not ";
    switch (leaf.op) {
        case Op::equal:
            return leaf.ranks ? rank(*leaf.asked) : asked(leaf);
        case Op::not_equal: {
            const std::string what = leaf.ranks ? rank(*leaf.asked) : asked(leaf);
            return (what == "empty" ? "not " : "something other than ") + what;
        }
        case Op::less:
            return "less than " + asked(leaf);
        case Op::less_equal:
            return "at most " + asked(leaf);
        case Op::greater:
            return "more than " + asked(leaf);
        case Op::greater_equal:
            return "at least " + asked(leaf);
        case Op::in:
            return leaf.holds ? (leaf.wanted ? "a list with " : "a list without ") + asked(leaf)
                              : is_not + asked(leaf);
        case Op::contains:
            return is_not + "a text with " + asked(leaf);
        case Op::starts_with:
            return is_not + "a text that starts with " + asked(leaf);
        default:
            return is_not + "a text that ends with " + asked(leaf);
    }
}

std::string Words::needed_leaf(const Need& need) const {
    const Leaf leaf = this->leaf(need);
    const std::string person = needed_person(leaf);
    if (!person.empty()) return person;
    if (leaf.path == nullptr)
        return "such that " + std::string(need.wanted ? "" : "not ") + expression(need.node);
    const bool own = is_own(*leaf.path);
    const std::string name = (leaf.length ? "the length of " : "") + path(*leaf.path);
    const std::string with = own ? "with " : "while ";
    const std::string being = own ? " being " : " is ";
    if (leaf.op == Op::has)
        return with + name + (leaf.wanted ? "" : " not") +
               (own           ? " on record"
                : leaf.wanted ? " is on record"
                              : " on record");
    if (leaf.op == Op::mentions)
        return with + name + (own ? "" : " is") + (leaf.wanted ? " mentioning " : " not mentioning ") +
               asked(leaf);
    if (is_path(leaf.op)) return with + name + being + (leaf.wanted ? "true" : "false");
    return with + name + being + comparison(leaf);
}

std::string Words::fails_leaf(const Need& need) const {
    const Leaf leaf = this->leaf(need);
    if (leaf.path == nullptr) {
        if (program_.nodes[need.node].op == Op::constant) return "the policy does not allow it";
        return "it is not so that " + std::string(need.wanted ? "" : "not ") + expression(need.node);
    }
    const std::string name = path(*leaf.path);
    if (need.unknown && leaf.found != nullptr && leaf.found->known() && leaf.asked != nullptr &&
        leaf.asked->known()) {
        return reason(need.reason, "the record");
    }
    if (need.unknown && leaf.found != nullptr && !leaf.found->known()) {
        if (leaf.path->op == Op::actor_id) return "the record does not say who did it";
        if (leaf.path->op == Op::actor_rank) return "the record does not say the rank of who did it";
        return name + " is not on record";
    }
    if (need.unknown && need.reason.empty()) return name + " is neither true nor false";
    if (need.unknown) return reason(need.reason, "the record");
    const std::string has = found(leaf);
    const std::string person = needed_person(leaf);
    if (!person.empty() && leaf.op != Op::has) {
        if (leaf.path->op == Op::actor_id) {
            if (leaf.op == Op::not_equal)
                return "it was done by " + leaf.found->text + ", and somebody else had to do it";
            return "it was done by " + leaf.found->text + " and not " + person;
        }
        if (leaf.path->op == Op::actor_rank)
            return "it was done by " + rank(*leaf.found) + " and not " + person;
        return "it was not done " + person;
    }
    if (leaf.op == Op::has) return name + (leaf.wanted ? " is not on record" : " is on record");
    if (leaf.op == Op::mentions && leaf.wanted && leaf.asked->items.size() > 1)
        return name + " mentions n" + asked(leaf);
    if (leaf.op == Op::mentions)
        return name + (leaf.wanted ? " does not mention " : " mentions ") + asked(leaf);
    const std::string subject = (leaf.length ? "the length of " : "") + name + " is ";
    if (is_path(leaf.op))
        return subject + (has.empty() ? "not " + std::string(leaf.wanted ? "true" : "false") : has);
    if (leaf.op == Op::not_equal) {
        const bool plain =
            leaf.asked->kind == Kind::boolean || (leaf.asked->kind == Kind::text && leaf.asked->text.empty());
        return subject + asked(leaf) + (plain ? "" : ", which it must not be");
    }
    if (leaf.op == Op::equal && leaf.asked->kind == Kind::boolean && leaf.found->kind == Kind::boolean)
        return subject + has;
    if (leaf.op == Op::in && !leaf.wanted) return subject + (has.empty() ? asked(leaf) : has);
    if (leaf.op == Op::in && !leaf.holds && leaf.asked->kind == Kind::list && leaf.asked->items.size() > 1) {
        std::vector<std::string> items;
        for (const Seen& item : leaf.asked->items) items.push_back(value(item));
        return subject + (has.empty() ? "neither " : has + " and neither ") + any_of(items, " nor ");
    }
    const std::string must = comparison(leaf);
    return subject + (has.empty() ? "not " + must : has + " and not " + must);
}

std::string Words::needed(const Need& need) const {
    if (need.kind == Need::Kind::leaf) return needed_leaf(need);
    std::vector<std::string> parts;
    for (const Need& part : need.parts) parts.push_back(needed(part));
    return need.kind == Need::Kind::all ? any_of(parts, " and ") : "either " + any_of(parts, " or ");
}

std::string Words::fails(const Need& need) const {
    if (need.kind == Need::Kind::leaf) return fails_leaf(need);
    // Of several ways out, one that asks for a gap in the record is none that a person would take.
    std::vector<std::string> parts;
    for (const Need& part : need.parts) {
        const Op op = part.kind == Need::Kind::leaf ? program_.nodes[part.node].op : Op::logical_and;
        const bool gap =
            need.kind == Need::Kind::any && ((op == Op::has && !part.wanted) || op == Op::constant);
        std::string text = gap ? "" : fails(part);
        if (!gap && std::find(parts.begin(), parts.end(), text) == parts.end())
            parts.push_back(std::move(text));
    }
    if (parts.empty()) return fails(need.parts.front());
    const auto joined = [](const std::string& part) {
        return part.find(" and ") != std::string::npos || part.find(", ") != std::string::npos;
    };
    return any_of(parts, std::any_of(parts.begin(), parts.end(), joined) ? ", and " : " and ");
}

std::string Words::expression(std::uint32_t index) const {
    const Node& node = program_.nodes[index];
    const auto call = [&](std::string_view name) {
        return std::string(name) + "(" + expression(node.a) + ")";
    };
    const auto method = [&](std::string_view name) {
        return expression(node.a) + "." + std::string(name) + "(" + expression(node.b) + ")";
    };
    switch (node.op) {
        case Op::constant: {
            const Seen seen = evaluate::seen(program_.constants[node.a]);
            if (seen.kind != Kind::list) return value(seen);
            std::vector<std::string> items;
            for (const Seen& item : seen.items) items.push_back(value(item));
            return "[" + any_of(items, ", ") + "]";
        }
        case Op::list: {
            std::vector<std::string> items;
            for (std::uint32_t i = 0; i < node.b; ++i) items.push_back(expression(program_.args[node.a + i]));
            return "[" + any_of(items, ", ") + "]";
        }
        case Op::has:
            return call("has");
        case Op::negate:
            return "-" + expression(node.a);
        case Op::logical_not:
            return "not (" + expression(node.a) + ")";
        case Op::conditional:
            return expression(node.a) + " ? " + expression(node.b) + " : " + expression(node.c);
        case Op::size:
            return call("size");
        case Op::rank:
            return call("rank");
        case Op::contains:
            return method("contains");
        case Op::starts_with:
            return method("startsWith");
        case Op::ends_with:
            return method("endsWith");
        case Op::mentions:
            return "mentions(" + expression(node.a) + ", " + expression(node.b) + ")";
        case Op::exists_persons:
            return "for some person of the case, " + expression(node.a);
        case Op::all_persons:
            return "for every person of the case, " + expression(node.a);
        case Op::exists_subjects:
            return "for some person it concerns, " + expression(node.a);
        case Op::all_subjects:
            return "for every person it concerns, " + expression(node.a);
        default:
            break;
    }
    if (is_path(node.op)) return path(node);
    return expression(node.a) + std::string(mark(node.op)) + expression(node.b);
}

}  // namespace duecare::findings
