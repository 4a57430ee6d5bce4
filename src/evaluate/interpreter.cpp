#include "evaluate/interpreter.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace duecare::evaluate {

using policy::Node;
using policy::Op;
using policy::Val;
using Kind = policy::Val::Kind;

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
    const std::size_t count = static_cast<std::size_t>(years.oldest - years.youngest) + 1;
    if (count > k_most_possible) return missing(node);
    Val* const ages = scratch_.list(count);
    for (std::size_t i = 0; i < count; ++i)
        ages[i] = Val::of(std::int64_t{years.youngest} + static_cast<std::int64_t>(i));
    return Val::one_of(ages, count, node.reason);
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
