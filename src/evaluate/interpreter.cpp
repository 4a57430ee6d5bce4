#include "evaluate/interpreter.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

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

std::int64_t characters(std::string_view text) {
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

char folded(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view word, std::string_view folded_word) {
    if (word.size() != folded_word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (folded(word[i]) != folded_word[i]) return false;
    }
    return true;
}

bool mentions_any(std::string_view text, const std::vector<policy::Phrase>& phrases) {
    std::vector<std::string_view> words;
    policy::for_each_word(text, [&](std::string_view word) { words.push_back(word); });
    for (const policy::Phrase& phrase : phrases) {
        if (phrase.empty() || phrase.size() > words.size()) continue;
        for (std::size_t at = 0; at + phrase.size() <= words.size(); ++at) {
            std::size_t i = 0;
            while (i < phrase.size() && same_word(words[at + i], phrase[i])) ++i;
            if (i == phrase.size()) return true;
        }
    }
    return false;
}

}  // namespace

void Coverage::add(const Coverage& other) {
    if (expressions.size() < other.expressions.size()) expressions.resize(other.expressions.size());
    for (std::size_t i = 0; i < other.expressions.size(); ++i) {
        for (std::size_t k = 0; k < 3; ++k) expressions[i][k] += other.expressions[i][k];
    }
    if (choices.size() < other.choices.size()) choices.resize(other.choices.size());
    for (std::size_t i = 0; i < other.choices.size(); ++i) {
        if (choices[i].size() < other.choices[i].size()) choices[i].resize(other.choices[i].size());
        for (std::size_t k = 0; k < other.choices[i].size(); ++k) choices[i][k] += other.choices[i][k];
    }
}

Val Interpreter::value(policy::ExpressionId id, const Context& context) {
    return run(binding_.program.expressions[id].root, context);
}

Truth Interpreter::truth(policy::ExpressionId id, const Context& context) {
    const Val v = value(id, context);
    Truth truth;
    if (v.kind == Kind::boolean) {
        truth.is = v.boolean ? Truth::Is::yes : Truth::Is::no;
    } else {
        truth.is = Truth::Is::unknown;
        truth.reason = v.is_unknown() ? v.text() : std::string_view("wrong_type: expression");
    }
    if (coverage_ != nullptr) ++coverage_->expressions[id][static_cast<std::size_t>(truth.is)];
    return truth;
}

Truth Interpreter::key(policy::ExpressionId id, const Context& context, std::string_view& text) {
    const Val v = value(id, context);
    Truth truth;
    truth.is = Truth::Is::yes;
    std::string number;
    switch (v.kind) {
        case Kind::text:
            text = v.text();
            return truth;
        case Kind::boolean:
            text = v.boolean ? "true" : "false";
            return truth;
        case Kind::integer:
            append_integer(number, v.integer);
            break;
        case Kind::decimal:
            append_decimal(number, v.decimal);
            break;
        case Kind::unknown:
            truth.is = Truth::Is::unknown;
            truth.reason = v.text();
            return truth;
        default:
            truth.is = Truth::Is::unknown;
            truth.reason = "wrong_type: per";
            return truth;
    }
    text = scratch_.keep(number);
    return truth;
}

Val Interpreter::run(std::uint32_t index, const Context& context) {
    const Node& node = binding_.program.nodes[index];
    switch (node.op) {
        case Op::constant:
            return binding_.program.constants[node.a];
        case Op::list:
            return run_list(node, context);
        case Op::has:
            return Val::of(run_has(binding_.program.nodes[node.a], context));
        case Op::logical_not:
        case Op::logical_and:
        case Op::logical_or:
        case Op::conditional:
            return run_logic(node, context);
        case Op::equal:
        case Op::not_equal:
        case Op::less:
        case Op::less_equal:
        case Op::greater:
        case Op::greater_equal:
            return run_compare(node, context);
        case Op::in:
            return run_in(node, context);
        case Op::negate:
        case Op::add:
        case Op::subtract:
            return run_sum(node, context);
        case Op::size:
        case Op::contains:
        case Op::starts_with:
        case Op::ends_with:
            return run_text(node, context);
        case Op::rank:
            return run_rank(node, context);
        case Op::mentions:
            return run_mentions(node, context);
        case Op::exists_persons:
        case Op::all_persons:
        case Op::exists_subjects:
        case Op::all_subjects:
            return run_persons(node, context);
        default:
            return run_path(node, context);
    }
}

Val Interpreter::run_list(const Node& node, const Context& context) {
    Val* const items = scratch_.list(node.b);
    for (std::uint32_t i = 0; i < node.b; ++i) {
        items[i] = run(binding_.program.args[node.a + i], context);
        if (items[i].is_unknown()) return items[i];
    }
    return Val::of_list(items, node.b);
}

Val Interpreter::run_path(const Node& node, const Context& context) {
    const records::Caseload& caseload = binding_.caseload;
    switch (node.op) {
        case Op::case_id:
            return Val::of(caseload.strings.view(caseload.cases[context.kase].id));
        case Op::case_kind:
            return Val::of(caseload.strings.view(caseload.cases[context.kase].kind));
        case Op::case_attribute:
            return attribute(caseload.cases[context.kase].attributes, node);
        case Op::event_id:
        case Op::event_type:
        case Op::event_attribute: {
            const Event* const event = slot(node, context);
            if (event == nullptr) return missing(node);
            if (node.op == Op::event_id)
                return Val::of(caseload.strings.view(caseload.event_id[event->index]));
            if (node.op == Op::event_type)
                return Val::of(caseload.strings.view(caseload.event_type[event->index]));
            return attribute(caseload.attributes_of_event(event->index), node);
        }
        case Op::actor_id:
        case Op::actor_rank:
        case Op::actor_unit:
        case Op::actor_accreditations:
            return actor(node, slot(node, context));
        case Op::fact: {
            if (context.view == nullptr) return missing(node);
            const std::uint32_t position =
                context.position != policy::k_none || context.event == nullptr
                    ? context.position
                    : static_cast<std::uint32_t>(context.event - context.view->events.data());
            const std::uint32_t person = context.subject == policy::k_none
                                             ? 0
                                             : context.subject - caseload.cases[context.kase].persons.begin;
            const Val v = context.view->fact(node.a, person, position);
            return v.is_unknown() ? missing(node) : v;
        }
        default:
            break;
    }
    const std::uint32_t which = node.slot == 0 ? context.subject : persons_[node.slot - 1U];
    if (which == policy::k_none) return missing(node);
    const records::Person& person = caseload.persons[which];
    switch (node.op) {
        case Op::person_id:
            return Val::of(caseload.strings.view(person.id));
        case Op::person_roles:
            return texts(caseload.person_roles, person.roles);
        case Op::person_age:
            return age(node, person, context);
        default:
            return attribute(person.attributes, node);
    }
}

Val Interpreter::attribute(const records::Range& range, const Node& node) {
    const records::Attribute* const found = binding_.caseload.attribute(range, binding_.paths[node.a]);
    return found == nullptr ? missing(node) : from_record(found->value(), node);
}

Val Interpreter::from_record(const records::Value& value, const Node& node) {
    switch (value.kind) {
        case records::ValueKind::boolean:
            return Val::of(value.boolean);
        case records::ValueKind::integer:
            return Val::of(value.integer);
        case records::ValueKind::decimal:
            return Val::of(value.decimal);
        case records::ValueKind::string:
            return Val::of(binding_.caseload.strings.view(value.string));
        case records::ValueKind::list: {
            Val* const items = scratch_.list(value.list.count);
            for (std::uint32_t i = 0; i < value.list.count; ++i) {
                const records::Value& item = binding_.caseload.list_items[value.list.begin + i];
                items[i] = item.kind == records::ValueKind::null ? Val() : from_record(item, node);
            }
            return Val::of_list(items, value.list.count);
        }
        default:
            return missing(node);
    }
}

Val Interpreter::texts(std::span<const records::StringId> pool, const records::Range& range) {
    Val* const items = scratch_.list(range.size());
    for (std::uint32_t i = 0; i < range.size(); ++i)
        items[i] = Val::of(binding_.caseload.strings.view(pool[range.begin + i]));
    return Val::of_list(items, range.size());
}

Val Interpreter::actor(const Node& node, const Event* event) {
    const records::Caseload& caseload = binding_.caseload;
    if (event == nullptr || caseload.event_actor[event->index] == records::k_no_actor) return missing(node);
    const records::Actor& actor = caseload.actors[caseload.event_actor[event->index]];
    if (node.op == Op::actor_id)
        return actor.id == records::k_no_string ? missing(node) : Val::of(caseload.strings.view(actor.id));
    // What the event says of the actor overrides the register key by key.
    if (node.op == Op::actor_rank && actor.rank != records::k_no_string)
        return Val::of(caseload.strings.view(actor.rank));
    if (node.op == Op::actor_unit && actor.unit != records::k_no_string)
        return Val::of(caseload.strings.view(actor.unit));
    if (node.op == Op::actor_accreditations && actor.has_accreditations)
        return texts(caseload.actor_accreditations, actor.accreditations);
    if (actor.id == records::k_no_string) return missing(node);
    const records::Service* const service =
        caseload.service(actor.id, binding_.zone.local_day(event->earliest));
    if (service == nullptr) return missing(node);
    if (node.op == Op::actor_rank && service->rank != records::k_no_string)
        return Val::of(caseload.strings.view(service->rank));
    if (node.op == Op::actor_unit && service->unit != records::k_no_string)
        return Val::of(caseload.strings.view(service->unit));
    if (node.op == Op::actor_accreditations && service->has_accreditations)
        return texts(caseload.service_accreditations, service->accreditations);
    return missing(node);
}

Val Interpreter::age(const Node& node, const records::Person& person, const Context& context) {
    if (person.born.year == 0 || context.event == nullptr) return missing(node);
    const time::AgeRange years = time::age_at(person.born, binding_.zone.local_day(context.event->earliest));
    if (years.youngest == years.oldest) return Val::of(std::int64_t{years.youngest});
    Val v;
    v.kind = Kind::range;
    v.size = node.reason;
    v.range = {years.youngest, years.oldest};
    return v;
}

bool Interpreter::run_has(const Node& path, const Context& context) {
    const records::Caseload& caseload = binding_.caseload;
    records::Range range;
    switch (path.op) {
        case Op::case_attribute:
            range = caseload.cases[context.kase].attributes;
            break;
        case Op::event_attribute: {
            const Event* const event = slot(path, context);
            if (event == nullptr) return false;
            range = caseload.attributes_of_event(event->index);
            break;
        }
        case Op::person_attribute: {
            const std::uint32_t which = path.slot == 0 ? context.subject : persons_[path.slot - 1U];
            if (which == policy::k_none) return false;
            range = caseload.persons[which].attributes;
            break;
        }
        case Op::person_age: {  // there whenever a birth date is, even a partial one
            const std::uint32_t which = path.slot == 0 ? context.subject : persons_[path.slot - 1U];
            return which != policy::k_none && caseload.persons[which].born.year != 0 &&
                   context.event != nullptr;
        }
        default:
            return !run_path(path, context).is_unknown();
    }
    const records::Attribute* const found = caseload.attribute(range, binding_.paths[path.a]);
    return found != nullptr && found->kind != records::ValueKind::null;
}

Val Interpreter::run_logic(const Node& node, const Context& context) {
    const Val left = run(node.a, context);
    if (node.op == Op::logical_not) {
        if (left.is_unknown()) return left;
        return left.kind == Kind::boolean ? Val::of(!left.boolean) : missing(node);
    }
    if (node.op == Op::conditional) {
        if (left.is_unknown()) return left;
        if (left.kind != Kind::boolean) return missing(node);
        return run(left.boolean ? node.b : node.c, context);
    }
    const bool absorbing = node.op == Op::logical_or;
    if (left.kind == Kind::boolean && left.boolean == absorbing) return left;
    const Val right = run(node.b, context);
    if (right.kind == Kind::boolean && right.boolean == absorbing) return right;
    if (left.is_unknown()) return left;
    if (left.kind != Kind::boolean) return missing(node);
    if (right.is_unknown() || right.kind == Kind::boolean) return right;
    return missing(node);
}

// Equality never fails: values of different types are different. Null items of lists are equal to each other.
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

Val Interpreter::run_text(const Node& node, const Context& context) {
    const Val target = run(node.a, context);
    if (node.op == Op::size) {
        if (target.is_unknown()) return target;
        if (target.kind == Kind::text) return Val::of(characters(target.text()));
        if (target.kind == Kind::list) return Val::of(std::int64_t{target.size});
        return missing(node);
    }
    const Val part = run(node.b, context);
    if (target.is_unknown()) return target;
    if (part.is_unknown()) return part;
    if (target.kind != Kind::text || part.kind != Kind::text) return missing(node);
    if (node.op == Op::contains) return Val::of(target.text().find(part.text()) != std::string_view::npos);
    if (node.op == Op::starts_with) return Val::of(target.text().starts_with(part.text()));
    return Val::of(target.text().ends_with(part.text()));
}

Val Interpreter::run_rank(const Node& node, const Context& context) {
    const Val name = run(node.a, context);
    if (name.is_unknown()) return name;
    if (name.kind != Kind::text) return missing(node);
    const auto found = binding_.program.rank_numbers.find(name.text());
    if (found != binding_.program.rank_numbers.end()) return Val::of(found->second);
    return Val::unknown(scratch_.join("unknown_rank: ", name.text()));
}

Val Interpreter::run_mentions(const Node& node, const Context& context) {
    const Val text = run(node.a, context);
    if (node.c != 0) {
        if (text.is_unknown()) return text;
        if (text.kind != Kind::text) return missing(node);
        return Val::of(mentions_any(text.text(), binding_.program.phrase_lists[node.c - 1]));
    }
    const Val list = run(node.b, context);
    if (text.is_unknown()) return text;
    if (list.is_unknown()) return list;
    if (text.kind != Kind::text || list.kind != Kind::list) return missing(node);
    std::vector<policy::Phrase> phrases;
    for (std::uint32_t i = 0; i < list.size; ++i) {
        if (list.items[i].kind != Kind::text) return missing(node);
        phrases.push_back(policy::words_of(list.items[i].text()));
    }
    return Val::of(mentions_any(text.text(), phrases));
}

Val Interpreter::run_persons(const Node& node, const Context& context) {
    const records::Caseload& caseload = binding_.caseload;
    const bool subjects = node.op == Op::exists_subjects || node.op == Op::all_subjects;
    const bool exists = node.op == Op::exists_persons || node.op == Op::exists_subjects;
    const Event* const event = node.c == 0 ? context.event : context.trigger;
    const std::uint32_t kase = subjects && event != nullptr ? event->kase : context.kase;
    const records::Range persons = caseload.cases[kase].persons;
    Val unsure = Val::of(!exists);
    for (std::uint32_t p = persons.begin; p < persons.end; ++p) {
        if (subjects && (event == nullptr || !CaseView::concerns(caseload, event->index, p - persons.begin)))
            continue;
        persons_[node.slot - 1U] = p;
        const Val one = run(node.a, context);
        if (one.kind == Kind::boolean) {
            if (one.boolean == exists) return one;
        } else if (!unsure.is_unknown()) {
            unsure = one.is_unknown() ? one : missing(node);
        }
    }
    return unsure;
}

}  // namespace duecare::evaluate
