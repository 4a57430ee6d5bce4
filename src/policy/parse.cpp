// The grammar of expressions, from operators down to literals, lists and calls of functions.
#include "policy/parse.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "policy/parse_run.hpp"

namespace duecare::policy {

namespace {

const std::vector<std::string_view> k_functions{"has", "size", "rank", "mentions"};

}  // namespace

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

ExpressionId ExpressionParser::parse(std::string_view text, const Scope& scope) {
    Parse parse(*this, text, scope);
    program_.expressions.push_back(parse.run());
    return static_cast<ExpressionId>(program_.expressions.size() - 1);
}

Expression Parse::run() {
    if (now_.token == Token::end) throw ExpressionError{0, "an expression was expected, and there is none"};
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

// What to say of text after the end of a complete expression.
std::string Parse::unexpected_rest() const {
    std::string word(now_.raw);
    for (char& c : word) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    if (word == "and") return "\"and\" is written &&";
    if (word == "or") return "\"or\" is written ||";
    if (word == "is" || word == "equals") return "equality is written ==";
    if (word == "not") return "\"not\" is written !, before what it denies: !(event.level in ['low'])";
    if (word == ")" || word == "]") return "this \"" + word + "\" closes nothing that was opened before it";
    if (word == "(" || word == "[") return "an operator is missing before \"" + word + "\"";
    return "the expression is complete before \"" + std::string(now_.raw) +
           "\"; an operator such as && or == is missing, or this is too much";
}

void Parse::expect(std::string_view mark, const char* after) {
    if (take(mark)) return;
    const std::string found = now_.token == Token::end ? "the end" : "\"" + std::string(now_.raw) + "\"";
    throw ExpressionError{
        now_.column, "\"" + std::string(mark) + "\" was expected " + after + ", and " + found + " was found"};
}

std::uint32_t Parse::add(Node node, std::uint32_t column, bool from_parameter) {
    program_.nodes.push_back(node);
    names_.notes_.push_back({column, from_parameter});
    return static_cast<std::uint32_t>(program_.nodes.size() - 1);
}

std::uint32_t Parse::wrong_type(std::string_view what) {
    return names_.reason("wrong_type: " + std::string(what));
}

std::uint32_t Parse::constant(const Val& value, std::uint32_t column, bool from_parameter) {
    program_.constants.push_back(value);
    Node node;
    node.op = Op::constant;
    node.a = static_cast<std::uint32_t>(program_.constants.size() - 1);
    return add(node, column, from_parameter);
}

std::uint32_t Parse::binary(Op op, const Lexeme& mark, std::uint32_t left, std::uint32_t right) {
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

std::optional<Lexeme> Parse::take_operator(std::string_view mark) {
    if (!is(mark)) return std::nullopt;
    const Lexeme found = now_;
    advance();
    return found;
}

std::uint32_t Parse::conditional() {
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

std::uint32_t Parse::disjunction() {
    std::uint32_t left = conjunction();
    while (const auto mark = take_operator("||")) left = binary(Op::logical_or, *mark, left, conjunction());
    return left;
}

std::uint32_t Parse::conjunction() {
    std::uint32_t left = comparison();
    while (const auto mark = take_operator("&&")) left = binary(Op::logical_and, *mark, left, comparison());
    return left;
}

std::uint32_t Parse::comparison() {
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

std::uint32_t Parse::sum() {
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

std::uint32_t Parse::unary() {
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

std::uint32_t Parse::number(bool negative) {
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

std::uint32_t Parse::primary() {
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
        throw ExpressionError{now_.column, "! stands before a whole condition; put it in parentheses: (!…)"};
    std::string message = "a value was expected, and \"" + std::string(now_.raw) + "\" was found";
    if (is(">")) message += "; \"not equal\" is written !=";
    throw ExpressionError{now_.column, message};
}

std::uint32_t Parse::list() {
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
        for (const std::uint32_t item : items) values.push_back(program_.constants[program_.nodes[item].a]);
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

std::uint32_t Parse::name() {
    const Lexeme first = now_;
    advance();
    if (first.raw == "true" || first.raw == "false")
        return constant(Val::of(first.raw == "true"), first.column);
    if (first.raw == "True" || first.raw == "TRUE" || first.raw == "False" || first.raw == "FALSE") {
        throw ExpressionError{first.column, "true and false are written in small letters"};
    }
    if (first.raw == "null") {
        throw ExpressionError{first.column,
                              "null is no value here; whether something is there is asked with has(path)"};
    }
    if (first.raw == "not")
        throw ExpressionError{first.column, "\"not\" is written !, such as !has(event.level)"};
    if (is("(")) return function(first);
    return path(first);
}

std::uint32_t Parse::function(const Lexeme& first) {
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
        if (op > Op::fact) throw ExpressionError{root.column, "has() asks for a path, such as event.level"};
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

void Parse::check_rank(std::uint32_t node, std::uint32_t column) {
    if (program_.nodes[node].op != Op::constant) return;
    const Val& value = program_.constants[program_.nodes[node].a];
    if (value.kind != Val::Kind::text) throw ExpressionError{column, "rank() asks for the name of a rank"};
    if (program_.rank_numbers.contains(value.text())) return;
    std::vector<std::string_view> known;
    for (const auto& [rank, number] : program_.ranks) known.push_back(rank);
    throw ExpressionError{column, "the policy has no rank \"" + std::string(value.text()) + "\"." +
                                      suggestion(value.text(), known) +
                                      (known.empty() ? " It lists no ranks; they stand under `ranks`, "
                                                       "such as {\"constable\": 1, \"sergeant\": 2}."
                                                     : " Its ranks stand under `ranks`.")};
}

std::uint32_t Parse::phrases(std::uint32_t list, std::uint32_t column) {
    if (program_.nodes[list].op != Op::constant) return 0;
    const Val& value = program_.constants[program_.nodes[list].a];
    if (value.kind != Val::Kind::list)
        throw ExpressionError{column, "mentions() asks for a list of words or phrases"};
    std::vector<Phrase> phrases;
    for (std::uint32_t i = 0; i < value.size; ++i) {
        if (value.items[i].kind != Val::Kind::text) {
            throw ExpressionError{column, "mentions() asks for a list of texts, and one of these is none"};
        }
        phrases.push_back(words_of(value.items[i].text()));
    }
    program_.phrase_lists.push_back(std::move(phrases));
    return static_cast<std::uint32_t>(program_.phrase_lists.size());
}

}  // namespace duecare::policy
