#include "policy/parse.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "policy/lexer.hpp"

namespace duecare::policy {

void ExpressionParser::add_fact(std::string name, bool per_subject, std::uint32_t index) {
    facts_.push_back({std::move(name), per_subject, index});
}

std::string_view ExpressionParser::keep(std::string text) {
    program_.texts.push_back(std::move(text));
    return program_.texts.back();
}

std::uint32_t ExpressionParser::reason(std::string text) {
    const auto [at, added] = reasons_.try_emplace(text, static_cast<std::uint32_t>(program_.reasons.size()));
    if (added) program_.reasons.push_back(std::move(text));
    return at->second;
}

namespace {

const std::vector<std::string_view> k_roots{"case", "event", "trigger", "actor", "subject", "fact", "param"};
const std::vector<std::string_view> k_functions{"has", "size", "rank", "mentions"};
const std::vector<std::string_view> k_methods{"contains", "startsWith", "endsWith", "exists", "all"};
const std::vector<std::string_view> k_actor_fields{"id", "rank", "unit", "accreditations"};

}  // namespace

/// One parse: recursive descent, lowest precedence first. Every node knows what it would say if it were
/// unknown.
class Parse {
  public:
    Parse(ExpressionParser& names, std::string_view text, const Scope& scope)
        : names_(names), program_(names.program_), scope_(scope), lexer_(text), source_(text) {
        advance();
    }

    Expression run() {
        if (now_.token == Token::end)
            throw ExpressionError{0, "an expression was expected, and there is none"};
        Expression expression;
        expression.root = conditional();
        if (now_.token != Token::end) {
            throw ExpressionError{now_.column, unexpected_rest()};
        }
        std::sort(depends_.facts.begin(), depends_.facts.end());
        depends_.facts.erase(std::unique(depends_.facts.begin(), depends_.facts.end()), depends_.facts.end());
        expression.depends = depends_;
        expression.text = std::string(source_);
        expression.constant = program_.nodes[expression.root].op == Op::constant;
        return expression;
    }

  private:
    static constexpr std::uint32_t k_max_depth = 400;  // a pair of parentheses counts twice
    static constexpr std::uint32_t k_max_operators = 1000;

    // What to say of text after the end of a complete expression.
    [[nodiscard]] std::string unexpected_rest() const {
        std::string word(now_.raw);
        for (char& c : word) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        }
        if (word == "and") return "\"and\" is written &&";
        if (word == "or") return "\"or\" is written ||";
        if (word == "is" || word == "equals") return "equality is written ==";
        if (word == "not") return "\"not\" is written !, before what it denies: !(event.level in ['low'])";
        if (word == ")" || word == "]")
            return "this \"" + word + "\" closes nothing that was opened before it";
        if (word == "(" || word == "[") return "an operator is missing before \"" + word + "\"";
        return "the expression is complete before \"" + std::string(now_.raw) +
               "\"; an operator such as && or == is missing, or this is too much";
    }

    void advance() { now_ = lexer_.next(); }
    bool is(std::string_view mark) const { return now_.token == Token::mark && now_.raw == mark; }
    bool is_name(std::string_view name) const { return now_.token == Token::name && now_.raw == name; }
    bool take(std::string_view mark) {
        if (!is(mark)) return false;
        advance();
        return true;
    }
    void expect(std::string_view mark, const char* after) {
        if (take(mark)) return;
        const std::string found = now_.token == Token::end ? "the end" : "\"" + std::string(now_.raw) + "\"";
        throw ExpressionError{now_.column, "\"" + std::string(mark) + "\" was expected " + after + ", and " +
                                               found + " was found"};
    }

    std::uint32_t add(Node node, std::uint32_t column, bool from_parameter = false) {
        program_.nodes.push_back(node);
        names_.notes_.push_back({column, from_parameter});
        return static_cast<std::uint32_t>(program_.nodes.size() - 1);
    }
    std::uint32_t wrong_type(std::string_view what) {
        return names_.reason("wrong_type: " + std::string(what));
    }
    std::uint32_t constant(const Val& value, std::uint32_t column, bool from_parameter = false) {
        program_.constants.push_back(value);
        Node node;
        node.op = Op::constant;
        node.a = static_cast<std::uint32_t>(program_.constants.size() - 1);
        return add(node, column, from_parameter);
    }
    std::uint32_t binary(Op op, const Lexeme& mark, std::uint32_t left, std::uint32_t right) {
        // Chains of operators nest to the left, and whoever runs them follows the nesting.
        if (++operators_ > k_max_operators) {
            throw ExpressionError{mark.column,
                                  "the expression is too long (1,000 operators and methods are allowed); "
                                  "a list with `in` often says the same"};
        }
        Node node;
        node.op = op;
        node.a = left;
        node.b = right;
        node.reason = wrong_type(mark.raw);
        return add(node, mark.column);
    }
    // The operator at hand, when it is this one; it is taken.
    std::optional<Lexeme> take_operator(std::string_view mark) {
        if (!is(mark)) return std::nullopt;
        const Lexeme found = now_;
        advance();
        return found;
    }

    struct Depth {
        explicit Depth(Parse& parse) : parse_(parse) {
            if (++parse_.depth_ > k_max_depth) {
                throw ExpressionError{parse_.now_.column,
                                      "the expression is nested too deeply (200 levels are allowed)"};
            }
        }
        ~Depth() { --parse_.depth_; }
        Depth(const Depth&) = delete;
        Depth& operator=(const Depth&) = delete;
        Parse& parse_;
    };

    std::uint32_t conditional() {
        const Depth depth(*this);
        const std::uint32_t condition = disjunction();
        const auto mark = take_operator("?");
        if (!mark) return condition;
        Node node;
        node.op = Op::conditional;
        node.a = condition;
        node.b = conditional();
        expect(":", "between the two answers of ?:");
        node.c = conditional();
        node.reason = wrong_type("?:");
        return add(node, mark->column);
    }
    std::uint32_t disjunction() {
        std::uint32_t left = conjunction();
        while (const auto mark = take_operator("||"))
            left = binary(Op::logical_or, *mark, left, conjunction());
        return left;
    }
    std::uint32_t conjunction() {
        std::uint32_t left = comparison();
        while (const auto mark = take_operator("&&"))
            left = binary(Op::logical_and, *mark, left, comparison());
        return left;
    }
    std::uint32_t comparison() {
        std::uint32_t left = sum();
        for (;;) {
            static constexpr std::pair<std::string_view, Op> k_operators[] = {
                {"==", Op::equal},      {"!=", Op::not_equal}, {"<", Op::less},
                {"<=", Op::less_equal}, {">", Op::greater},    {">=", Op::greater_equal}};
            std::optional<Op> op;
            for (const auto& [mark, candidate] : k_operators) {
                if (is(mark)) op = candidate;
            }
            if (is_name("in")) op = Op::in;
            if (!op) return left;
            const Lexeme mark = now_;
            advance();
            left = binary(*op, mark, left, sum());
        }
    }
    std::uint32_t sum() {
        std::uint32_t left = unary();
        for (;;) {
            if (const auto plus = take_operator("+")) {
                left = binary(Op::add, *plus, left, unary());
            } else if (const auto minus = take_operator("-")) {
                left = binary(Op::subtract, *minus, left, unary());
            } else {
                return left;
            }
        }
    }
    std::uint32_t unary() {
        const Depth depth(*this);
        const std::uint32_t column = now_.column;
        if (take("!")) {
            Node node;
            node.op = Op::logical_not;
            node.a = unary();
            node.reason = wrong_type("!");
            return add(node, column);
        }
        if (take("-")) {
            if (now_.token == Token::integer || now_.token == Token::decimal) return number(true);
            Node node;
            node.op = Op::negate;
            node.a = unary();
            node.reason = wrong_type("-");
            return add(node, column);
        }
        return postfix(primary());
    }

    std::uint32_t number(bool negative) {
        const std::string text = (negative ? "-" : "") + std::string(now_.raw);
        const std::uint32_t column = now_.column;
        Val value;
        if (now_.token == Token::integer) {
            std::int64_t integer = 0;
            if (std::from_chars(text.data(), text.data() + text.size(), integer).ec != std::errc()) {
                throw ExpressionError{column, "this number does not fit in 64 bits"};
            }
            value = Val::of(integer);
        } else {
            double decimal = 0;
            if (std::from_chars(text.data(), text.data() + text.size(), decimal).ec != std::errc()) {
                throw ExpressionError{column, "this number is out of range"};
            }
            value = Val::of(decimal);
        }
        advance();
        return postfix(constant(value, column));
    }

    std::uint32_t primary() {
        switch (now_.token) {
            case Token::integer:
            case Token::decimal:
                return number(false);
            case Token::text: {
                const std::uint32_t node = constant(Val::of(names_.keep(now_.text)), now_.column);
                advance();
                return node;
            }
            case Token::name:
                return name();
            case Token::end:
                throw ExpressionError{now_.column, "the expression ends where a value was expected"};
            case Token::mark:
                break;
        }
        if (take("(")) {
            const std::uint32_t inner = conditional();
            expect(")", "to close the parenthesis");
            return inner;
        }
        if (is("[")) return list();
        if (is("!"))
            throw ExpressionError{now_.column,
                                  "! stands before a whole condition; put it in parentheses: (!…)"};
        std::string message = "a value was expected, and \"" + std::string(now_.raw) + "\" was found";
        if (is(">")) message += "; \"not equal\" is written !=";
        throw ExpressionError{now_.column, message};
    }

    std::uint32_t list() {
        const std::uint32_t column = now_.column;
        advance();
        std::vector<std::uint32_t> items;
        bool all_constant = true;
        bool from_parameter = false;
        while (!is("]")) {
            items.push_back(conditional());
            all_constant = all_constant && program_.nodes[items.back()].op == Op::constant;
            from_parameter = from_parameter || names_.notes_[items.back()].from_parameter;
            if (!take(",")) break;
        }
        expect("]", "to close the list");
        if (all_constant) {
            std::vector<Val> values;
            values.reserve(items.size());
            for (const std::uint32_t item : items)
                values.push_back(program_.constants[program_.nodes[item].a]);
            program_.constant_lists.push_back(std::move(values));
            const std::vector<Val>& kept = program_.constant_lists.back();
            return constant(Val::of_list(kept.data(), kept.size()), column, from_parameter);
        }
        Node node;
        node.op = Op::list;
        node.a = static_cast<std::uint32_t>(program_.args.size());
        node.b = static_cast<std::uint32_t>(items.size());
        program_.args.insert(program_.args.end(), items.begin(), items.end());
        return add(node, column);
    }

    std::uint32_t name() {
        const Lexeme first = now_;
        advance();
        if (first.raw == "true" || first.raw == "false")
            return constant(Val::of(first.raw == "true"), first.column);
        if (first.raw == "True" || first.raw == "TRUE" || first.raw == "False" || first.raw == "FALSE") {
            throw ExpressionError{first.column, "true and false are written in small letters"};
        }
        if (first.raw == "null") {
            throw ExpressionError{
                first.column, "null is no value here; whether something is there is asked with has(path)"};
        }
        if (first.raw == "not")
            throw ExpressionError{first.column, "\"not\" is written !, such as !has(event.level)"};
        if (is("(")) return function(first);
        return path(first);
    }

    std::uint32_t function(const Lexeme& first) {
        advance();
        Node node;
        if (first.raw == "has") {
            const Lexeme root = now_;
            if (root.token != Token::name)
                throw ExpressionError{root.column, "has() asks for a path, such as event.level"};
            advance();
            node.op = Op::has;
            node.a = path(root);
            const Op op = program_.nodes[node.a].op;
            if (op > Op::fact)
                throw ExpressionError{root.column, "has() asks for a path, such as event.level"};
            if (op == Op::constant) {  // a parameter is always there
                expect(")", "to close the call");
                return constant(Val::of(true), first.column, true);
            }
        } else if (first.raw == "size") {
            node.op = Op::size;
            node.a = conditional();
            node.reason = wrong_type("size");
        } else if (first.raw == "rank") {
            const std::uint32_t column = now_.column;
            node.op = Op::rank;
            node.a = conditional();
            node.reason = wrong_type("rank");
            check_rank(node.a, column);
        } else if (first.raw == "mentions") {
            node.op = Op::mentions;
            node.a = conditional();
            expect(",", "between the text and the list of words");
            const std::uint32_t column = now_.column;
            node.b = conditional();
            node.reason = wrong_type("mentions");
            node.c = phrases(node.b, column);
        } else {
            throw ExpressionError{first.column, "no function is called \"" + std::string(first.raw) + "\"." +
                                                    suggestion(first.raw, k_functions) +
                                                    " Known are has, size, rank, mentions."};
        }
        expect(")", "to close the call");
        return add(node, first.column);
    }

    void check_rank(std::uint32_t node, std::uint32_t column) {
        if (program_.nodes[node].op != Op::constant) return;
        const Val& value = program_.constants[program_.nodes[node].a];
        if (value.kind != Val::Kind::text)
            throw ExpressionError{column, "rank() asks for the name of a rank"};
        if (program_.rank_numbers.contains(value.text())) return;
        std::vector<std::string_view> known;
        for (const auto& [rank, number] : program_.ranks) known.push_back(rank);
        throw ExpressionError{column, "the policy has no rank \"" + std::string(value.text()) + "\"." +
                                          suggestion(value.text(), known) +
                                          (known.empty() ? " It lists no ranks; they stand under `ranks`, "
                                                           "such as {\"constable\": 1, \"sergeant\": 2}."
                                                         : " Its ranks stand under `ranks`.")};
    }

    std::uint32_t phrases(std::uint32_t list, std::uint32_t column) {
        if (program_.nodes[list].op != Op::constant) return 0;
        const Val& value = program_.constants[program_.nodes[list].a];
        if (value.kind != Val::Kind::list)
            throw ExpressionError{column, "mentions() asks for a list of words or phrases"};
        std::vector<Phrase> phrases;
        for (std::uint32_t i = 0; i < value.size; ++i) {
            if (value.items[i].kind != Val::Kind::text) {
                throw ExpressionError{column,
                                      "mentions() asks for a list of texts, and one of these is none"};
            }
            phrases.push_back(words_of(value.items[i].text()));
        }
        program_.phrase_lists.push_back(std::move(phrases));
        return static_cast<std::uint32_t>(program_.phrase_lists.size());
    }

    // The segments of a path after its root, up to a method call, if one ends it.
    struct Segment {
        std::string key;
        std::uint32_t column = 0;
        bool quoted = false;
    };

    std::uint32_t path(const Lexeme& root) {
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
        if (method && (method->raw == "exists" || method->raw == "all"))
            return macro(root, segments, *method);
        const std::uint32_t node = resolve(root, segments);
        return method ? text_method(node, *method) : node;
    }

    std::uint32_t postfix(std::uint32_t node) {
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

    std::uint32_t text_method(std::uint32_t target, const Lexeme& method) {
        Op op = Op::contains;
        if (method.raw == "startsWith") {
            op = Op::starts_with;
        } else if (method.raw == "endsWith") {
            op = Op::ends_with;
        } else if (method.raw == "exists" || method.raw == "all") {
            throw ExpressionError{
                method.column,
                std::string(method.raw) + "() goes over case.persons or event.subjects, nothing else"};
        } else if (method.raw != "contains") {
            throw ExpressionError{method.column,
                                  "no method is called \"" + std::string(method.raw) + "\"." +
                                      suggestion(method.raw, k_methods) +
                                      " Known are contains, startsWith, endsWith, exists, all."};
        }
        advance();
        const std::uint32_t argument = conditional();
        expect(")", "to close the call");
        return postfix(binary(op, method, target, argument));
    }

    std::uint32_t macro(const Lexeme& root, const std::vector<Segment>& segments, const Lexeme& method) {
        const bool persons = root.raw == "case" && segments.size() == 1 && segments[0].key == "persons";
        const bool subjects = (root.raw == "event" || root.raw == "trigger") && segments.size() == 1 &&
                              segments[0].key == "subjects";
        if (!persons && !subjects) {
            throw ExpressionError{
                root.column,
                std::string(method.raw) + "() goes over case.persons or event.subjects, nothing else"};
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
                now_.column,
                "\"" + variable + "\" already means something; choose another name for the person"};
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

    void need_event(const Lexeme& root, bool trigger) {
        if (trigger) {
            if (!scope_.trigger) {
                throw ExpressionError{root.column,
                                      std::string("`trigger` has no meaning ") + scope_.place +
                                          (scope_.event ? "; the event at hand is `event`" : "")};
            }
            depends_.trigger = true;
            return;
        }
        if (!scope_.event) {
            throw ExpressionError{
                root.column, "`" + std::string(root.raw) + "` has no meaning " + scope_.place +
                                 (scope_.trigger ? "; use `trigger`, the event that opens the duty" : "")};
        }
        depends_.event = true;
    }

    static std::string written(std::string_view root, const std::vector<Segment>& segments) {
        std::string text(root);
        for (const Segment& segment : segments) text += "." + segment.key;
        return text;
    }

    std::uint32_t attribute_path(const std::vector<Segment>& segments) {
        AttributePath path;
        for (const Segment& segment : segments) path.push_back(segment.key);
        const auto found = std::find(program_.paths.begin(), program_.paths.end(), path);
        if (found != program_.paths.end()) return static_cast<std::uint32_t>(found - program_.paths.begin());
        program_.paths.push_back(std::move(path));
        return static_cast<std::uint32_t>(program_.paths.size() - 1);
    }

    void no_field_below(const std::vector<Segment>& segments, std::size_t depth) {
        if (segments.size() > depth) {
            throw ExpressionError{segments[depth].column, "\"" + segments[depth - 1].key +
                                                              "\" is a plain value and has no keys below it"};
        }
    }

    std::uint32_t resolve(const Lexeme& root, const std::vector<Segment>& segments) {
        const auto variable = std::find(variables_.begin(), variables_.end(), root.raw);
        const bool known = std::find(k_roots.begin(), k_roots.end(), root.raw) != k_roots.end();
        if (variable == variables_.end() && !known) {
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
        if (variable != variables_.end()) {
            return person(node, segments, static_cast<std::uint8_t>(variable - variables_.begin() + 1));
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
                throw ExpressionError{
                    root.column, std::string("`subject` has no meaning ") + scope_.place +
                                     (scope_.no_subject_ever ? "" : ": it needs `\"per\": \"subject\"`")};
            }
            depends_.subject = true;
            return person(node, segments, 0);
        }
        if (root.raw == "fact") return resolve_fact(node, root, segments);
        return resolve_parameter(segments);
    }

    std::uint32_t resolve_case(Node node, const std::vector<Segment>& segments) {
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

    std::uint32_t resolve_event(Node node, const Lexeme& root, const std::vector<Segment>& segments,
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

    std::uint32_t resolve_actor(Node node, const std::vector<Segment>& segments, std::size_t from,
                                std::uint8_t slot) {
        static constexpr Op k_ops[] = {Op::actor_id, Op::actor_rank, Op::actor_unit,
                                       Op::actor_accreditations};
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

    std::uint32_t person(Node node, const std::vector<Segment>& segments, std::uint8_t slot) {
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

    std::uint32_t resolve_fact(Node node, const Lexeme& root, const std::vector<Segment>& segments) {
        if (!scope_.facts)
            throw ExpressionError{root.column, std::string("`fact` has no meaning ") + scope_.place};
        const Segment& name = segments[0];
        const auto found =
            std::find_if(names_.facts_.begin(), names_.facts_.end(),
                         [&](const ExpressionParser::FactName& f) { return f.name == name.key; });
        if (found == names_.facts_.end()) {
            std::vector<std::string_view> known;
            for (const ExpressionParser::FactName& f : names_.facts_) known.push_back(f.name);
            throw ExpressionError{
                name.column, "the policy has no fact \"" + name.key + "\"." + suggestion(name.key, known) +
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

    std::uint32_t resolve_parameter(const std::vector<Segment>& segments) {
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

    ExpressionParser& names_;
    Program& program_;
    const Scope& scope_;
    Lexer lexer_;
    std::string_view source_;
    Lexeme now_;
    std::vector<std::string> variables_;
    Dependencies depends_;
    std::uint32_t depth_ = 0;
    std::uint32_t operators_ = 0;
    std::uint32_t column_ = 0;  // of the root of the path at hand
};

ExpressionId ExpressionParser::parse(std::string_view text, const Scope& scope) {
    Parse parse(*this, text, scope);
    program_.expressions.push_back(parse.run());
    return static_cast<ExpressionId>(program_.expressions.size() - 1);
}

Phrase words_of(std::string_view text) {
    Phrase words;
    for_each_word(text, [&](std::string_view word) {
        std::string folded(word);
        for (char& c : folded) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        }
        words.push_back(std::move(folded));
    });
    return words;
}

bool Selector::matches(std::string_view type) const noexcept {
    for (const std::string& t : types) {
        if (t == type) return true;
    }
    for (const std::string& prefix : prefixes) {
        if (type.starts_with(prefix)) return true;
    }
    return false;
}

}  // namespace duecare::policy
