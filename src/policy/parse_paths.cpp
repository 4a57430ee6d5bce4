// Paths in an expression, such as event.level and fact.open, with the methods on them: what they speak of,
// and whether their place has it.
#include <algorithm>

#include "base/text.hpp"
#include "policy/parse_run.hpp"

namespace duecare::policy {

namespace {

const std::vector<std::string_view> k_methods{"contains", "startsWith", "endsWith", "exists", "all"};
const std::vector<std::string_view> k_actor_fields{"id", "rank", "unit", "accreditations"};

}  // namespace

const std::vector<std::string_view> Parse::k_roots{"case",    "event", "trigger", "actor",
                                                   "subject", "fact",  "param"};

std::uint32_t Parse::path(const Lexeme& root) {
    std::vector<Segment> segments;
    std::optional<Lexeme> method;
    for (;;) {
        if (take(".")) {
            if (now_.token != Token::name) {
                throw ExpressionError{now_.column,
                                      "a key was expected after the dot; other keys are written ['…']"};
            }
            const Lexeme key = now_;
            advance();
            if (is("(")) {
                method = key;
                break;
            }
            segments.push_back({std::string(key.raw), key.column, false});
        } else if (is("[")) {
            advance();
            if (now_.token != Token::text) {
                throw ExpressionError{now_.column,
                                      "a key in quotes was expected, such as event['risk-level']"};
            }
            segments.push_back({now_.text, now_.column, true});
            advance();
            expect("]", "after the key");
        } else {
            break;
        }
    }
    if (method && (method->raw == "exists" || method->raw == "all")) return macro(root, segments, *method);
    const std::uint32_t node = resolve(root, segments);
    return method ? text_method(node, *method) : node;
}

std::uint32_t Parse::postfix(std::uint32_t node) {
    while (is(".")) {
        advance();
        if (now_.token != Token::name)
            throw ExpressionError{now_.column, "the name of a method was expected"};
        const Lexeme method = now_;
        advance();
        if (!is("("))
            throw ExpressionError{method.column, "a path must begin with a name such as event or case"};
        node = text_method(node, method);
    }
    return node;
}

std::uint32_t Parse::text_method(std::uint32_t target, const Lexeme& method) {
    Op op = Op::contains;
    if (method.raw == "startsWith") {
        op = Op::starts_with;
    } else if (method.raw == "endsWith") {
        op = Op::ends_with;
    } else if (method.raw == "exists" || method.raw == "all") {
        throw ExpressionError{method.column, std::string(method.raw) +
                                                 "() goes over case.persons or event.subjects, nothing else"};
    } else if (method.raw != "contains") {
        throw ExpressionError{method.column, "no method is called \"" + std::string(method.raw) + "\"." +
                                                 suggestion(method.raw, k_methods) +
                                                 " Known are contains, startsWith, endsWith, exists, all."};
    }
    advance();
    const std::uint32_t argument = conditional();
    expect(")", "to close the call");
    return postfix(binary(op, method, target, argument));
}

std::uint32_t Parse::macro(const Lexeme& root, const std::vector<Segment>& segments, const Lexeme& method) {
    const bool persons = root.raw == "case" && segments.size() == 1 && segments[0].key == "persons";
    const bool subjects = (root.raw == "event" || root.raw == "trigger") && segments.size() == 1 &&
                          segments[0].key == "subjects";
    if (!persons && !subjects) {
        throw ExpressionError{root.column, std::string(method.raw) +
                                               "() goes over case.persons or event.subjects, nothing else"};
    }
    if (subjects) need_event(root, root.raw == "trigger");
    advance();
    if (now_.token != Token::name) {
        throw ExpressionError{now_.column,
                              "a name for the person was expected, such as p in exists(p, p.age < 18)"};
    }
    const std::string variable(now_.raw);
    if (std::find(k_roots.begin(), k_roots.end(), variable) != k_roots.end()) {
        throw ExpressionError{
            now_.column, "\"" + variable + "\" already means something; choose another name for the person"};
    }
    advance();
    expect(",", "after the name of the person");
    if (variables_.size() == 8)
        throw ExpressionError{root.column, "exists() and all() are nested too deeply"};
    variables_.push_back(variable);
    Node node;
    const bool exists = method.raw == "exists";
    node.op = persons ? (exists ? Op::exists_persons : Op::all_persons)
                      : (exists ? Op::exists_subjects : Op::all_subjects);
    node.slot = static_cast<std::uint8_t>(variables_.size());
    node.a = conditional();
    node.c = root.raw == "trigger" ? 1 : 0;
    node.reason = wrong_type(method.raw);
    variables_.pop_back();
    expect(")", "to close the call");
    depends_.has_case = true;
    const std::uint32_t added = add(node, method.column);
    return is(".") ? postfix(added) : added;
}

void Parse::need_event(const Lexeme& root, bool trigger) {
    if (trigger) {
        if (!scope_.trigger) {
            throw ExpressionError{root.column, std::string("`trigger` has no meaning ") + scope_.place +
                                                   (scope_.event ? "; the event at hand is `event`" : "")};
        }
        depends_.trigger = true;
        return;
    }
    if (!scope_.event) {
        throw ExpressionError{root.column,
                              "`" + std::string(root.raw) + "` has no meaning " + scope_.place +
                                  (scope_.trigger ? "; use `trigger`, the event that opens the duty" : "")};
    }
    depends_.event = true;
}

std::string Parse::written(std::string_view root, const std::vector<Segment>& segments) {
    std::string text(root);
    for (const Segment& segment : segments) text += "." + segment.key;
    return text;
}

std::uint32_t Parse::attribute_path(const std::vector<Segment>& segments) {
    AttributePath path;
    for (const Segment& segment : segments) path.push_back(segment.key);
    const auto found = std::find(program_.paths.begin(), program_.paths.end(), path);
    if (found != program_.paths.end()) return static_cast<std::uint32_t>(found - program_.paths.begin());
    program_.paths.push_back(std::move(path));
    return static_cast<std::uint32_t>(program_.paths.size() - 1);
}

void Parse::no_field_below(const std::vector<Segment>& segments, std::size_t depth) {
    if (segments.size() > depth) {
        throw ExpressionError{segments[depth].column, "\"" + segments[depth - 1].key +
                                                          "\" is a plain value and has no keys below it"};
    }
}

std::uint32_t Parse::resolve(const Lexeme& root, const std::vector<Segment>& segments) {
    // From the innermost: a macro within a macro may use the name again, and means its own person.
    const auto variable = std::find(variables_.rbegin(), variables_.rend(), root.raw);
    const bool known = std::find(k_roots.begin(), k_roots.end(), root.raw) != k_roots.end();
    if (variable == variables_.rend() && !known) {
        std::vector<std::string_view> names = k_roots;
        for (const std::string& v : variables_) names.push_back(v);
        throw ExpressionError{root.column,
                              "no path begins with \"" + std::string(root.raw) + "\"." +
                                  suggestion(root.raw, names) +
                                  " A text is written in quotes; paths begin with case, event, trigger, "
                                  "actor, subject, fact or param."};
    }
    if (segments.empty()) {
        throw ExpressionError{root.column, "\"" + std::string(root.raw) +
                                               "\" alone is no value; a key must follow, such as " +
                                               std::string(root.raw) + ".id"};
    }
    column_ = root.column;
    Node node;
    node.reason = names_.reason("missing_value: " + written(root.raw, segments));
    if (variable != variables_.rend()) {
        return person(node, segments, static_cast<std::uint8_t>(variables_.rend() - variable));
    }
    if (root.raw == "case") return resolve_case(node, segments);
    if (root.raw == "event") return resolve_event(node, root, segments, false);
    if (root.raw == "trigger") return resolve_event(node, root, segments, true);
    if (root.raw == "actor") {
        need_event(root, false);
        return resolve_actor(node, segments, 0, 0);
    }
    if (root.raw == "subject") {
        if (!scope_.subject) {
            throw ExpressionError{root.column,
                                  std::string("`subject` has no meaning ") + scope_.place +
                                      (scope_.no_subject_ever ? "" : ": it needs `\"per\": \"subject\"`")};
        }
        depends_.subject = true;
        return person(node, segments, 0);
    }
    if (root.raw == "fact") return resolve_fact(node, root, segments);
    return resolve_parameter(segments);
}

std::uint32_t Parse::resolve_case(Node node, const std::vector<Segment>& segments) {
    depends_.has_case = true;
    if (segments[0].key == "id" || segments[0].key == "kind") {
        no_field_below(segments, 1);
        node.op = segments[0].key == "id" ? Op::case_id : Op::case_kind;
        return add(node, column_);
    }
    node.op = Op::case_attribute;
    node.a = attribute_path(segments);
    return add(node, column_);
}

std::uint32_t Parse::resolve_event(Node node, const Lexeme& root, const std::vector<Segment>& segments,
                                   bool trigger) {
    need_event(root, trigger);
    node.slot = trigger ? 1 : 0;
    if (trigger && segments[0].key == "actor" && segments.size() > 1)
        return resolve_actor(node, segments, 1, 1);
    if (segments[0].key == "id" || segments[0].key == "type") {
        no_field_below(segments, 1);
        node.op = segments[0].key == "id" ? Op::event_id : Op::event_type;
        return add(node, column_);
    }
    node.op = Op::event_attribute;
    node.a = attribute_path(segments);
    return add(node, column_);
}

std::uint32_t Parse::resolve_actor(Node node, const std::vector<Segment>& segments, std::size_t from,
                                   std::uint8_t slot) {
    static constexpr Op k_ops[] = {Op::actor_id, Op::actor_rank, Op::actor_unit, Op::actor_accreditations};
    const Segment& field = segments[from];
    const auto found = std::find(k_actor_fields.begin(), k_actor_fields.end(), field.key);
    if (found == k_actor_fields.end()) {
        throw ExpressionError{field.column, "an actor has no \"" + field.key + "\"." +
                                                suggestion(field.key, k_actor_fields) +
                                                " Known are id, rank, unit, accreditations."};
    }
    no_field_below(segments, from + 1);
    node.op = k_ops[found - k_actor_fields.begin()];
    node.slot = slot;
    return add(node, column_);
}

std::uint32_t Parse::person(Node node, const std::vector<Segment>& segments, std::uint8_t slot) {
    node.slot = slot;
    const std::string& key = segments[0].key;
    if (key == "id" || key == "roles" || key == "age") {
        no_field_below(segments, 1);
        node.op = key == "id" ? Op::person_id : key == "roles" ? Op::person_roles : Op::person_age;
        if (key == "age") depends_.event = true;  // it is taken at the date of the event at hand
        return add(node, column_);
    }
    node.op = Op::person_attribute;
    node.a = attribute_path(segments);
    return add(node, column_);
}

std::uint32_t Parse::resolve_fact(Node node, const Lexeme& root, const std::vector<Segment>& segments) {
    if (!scope_.facts)
        throw ExpressionError{root.column, std::string("`fact` has no meaning ") + scope_.place};
    const Segment& name = segments[0];
    const auto found = std::find_if(names_.facts_.begin(), names_.facts_.end(),
                                    [&](const ExpressionParser::FactName& f) { return f.name == name.key; });
    if (found == names_.facts_.end()) {
        std::vector<std::string_view> known;
        for (const ExpressionParser::FactName& f : names_.facts_) known.push_back(f.name);
        throw ExpressionError{name.column, "the policy has no fact \"" + name.key + "\"." +
                                               suggestion(name.key, known) +
                                               (known.empty() ? " It has no facts; they stand under `facts`."
                                                              : " Facts stand under `facts`.")};
    }
    no_field_below(segments, 1);
    if (found->per_subject && !scope_.subject_facts) {
        throw ExpressionError{
            name.column,
            "the fact \"" + name.key +
                "\" is kept per subject and can be read only in duties with `\"per\": \"subject\"`"};
    }
    node.op = Op::fact;
    node.a = found->index;
    depends_.facts.push_back(found->index);
    return add(node, column_);
}

std::uint32_t Parse::resolve_parameter(const std::vector<Segment>& segments) {
    const Segment& name = segments[0];
    for (const auto& [key, value] : names_.parameters_) {
        if (key != name.key) continue;
        no_field_below(segments, 1);
        names_.used_parameters_.insert(key);
        return constant(value, column_, true);
    }
    std::vector<std::string_view> known;
    for (const auto& [key, value] : names_.parameters_) known.push_back(key);
    throw ExpressionError{name.column, "the policy has no parameter \"" + name.key + "\"." +
                                           suggestion(name.key, known) +
                                           (known.empty() ? " It has none; they stand under `parameters`."
                                                          : " Parameters stand under `parameters`.")};
}

}  // namespace duecare::policy
