// What parse*.cpp share, and nobody else: one parse of one expression.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/lexer.hpp"
#include "policy/parse.hpp"

namespace duecare::policy {

/// One parse: recursive descent, lowest precedence first. Every node knows what it would say if it were
/// unknown.
class Parse {
  public:
    Parse(ExpressionParser& names, std::string_view text, const Scope& scope)
        : names_(names), program_(names.program_), scope_(scope), lexer_(text), source_(text) {
        advance();
    }

    Expression run();

  private:
    static constexpr std::uint32_t k_max_depth = 400;  // a pair of parentheses counts twice
    static constexpr std::uint32_t k_max_operators = 1000;
    static const std::vector<std::string_view> k_roots;  // what a path may begin with

    // The segments of a path after its root, up to a method call, if one ends it.
    struct Segment {
        std::string key;
        std::uint32_t column = 0;
        bool quoted = false;
    };

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

    // Words and nodes.
    void advance() { now_ = lexer_.next(); }
    bool is(std::string_view mark) const { return now_.token == Token::mark && now_.raw == mark; }
    bool is_name(std::string_view name) const { return now_.token == Token::name && now_.raw == name; }
    bool take(std::string_view mark) {
        if (!is(mark)) return false;
        advance();
        return true;
    }
    void expect(std::string_view mark, const char* after);
    [[nodiscard]] std::string unexpected_rest() const;
    std::uint32_t add(Node node, std::uint32_t column, bool from_parameter = false);
    std::uint32_t wrong_type(std::string_view what);
    std::uint32_t constant(const Val& value, std::uint32_t column, bool from_parameter = false);
    std::uint32_t binary(Op op, const Lexeme& mark, std::uint32_t left, std::uint32_t right);
    // The operator at hand, when it is this one; it is taken.
    std::optional<Lexeme> take_operator(std::string_view mark);

    // The grammar (parse.cpp).
    std::uint32_t conditional();
    std::uint32_t disjunction();
    std::uint32_t conjunction();
    std::uint32_t comparison();
    std::uint32_t sum();
    std::uint32_t unary();
    std::uint32_t number(bool negative);
    std::uint32_t primary();
    std::uint32_t list();
    std::uint32_t name();
    std::uint32_t function(const Lexeme& first);
    void check_rank(std::uint32_t node, std::uint32_t column);
    std::uint32_t phrases(std::uint32_t list, std::uint32_t column);

    // Paths and the methods on them (parse_paths.cpp).
    std::uint32_t path(const Lexeme& root);
    std::uint32_t postfix(std::uint32_t node);
    std::uint32_t text_method(std::uint32_t target, const Lexeme& method);
    std::uint32_t macro(const Lexeme& root, const std::vector<Segment>& segments, const Lexeme& method);
    void need_event(const Lexeme& root, bool trigger);
    static std::string written(std::string_view root, const std::vector<Segment>& segments);
    std::uint32_t attribute_path(const std::vector<Segment>& segments);
    void no_field_below(const std::vector<Segment>& segments, std::size_t depth);
    std::uint32_t resolve(const Lexeme& root, const std::vector<Segment>& segments);
    std::uint32_t resolve_case(Node node, const std::vector<Segment>& segments);
    std::uint32_t resolve_event(Node node, const Lexeme& root, const std::vector<Segment>& segments,
                                bool trigger);
    std::uint32_t resolve_actor(Node node, const std::vector<Segment>& segments, std::size_t from,
                                std::uint8_t slot);
    std::uint32_t person(Node node, const std::vector<Segment>& segments, std::uint8_t slot);
    std::uint32_t resolve_fact(Node node, const Lexeme& root, const std::vector<Segment>& segments);
    std::uint32_t resolve_parameter(const std::vector<Segment>& segments);

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

}  // namespace duecare::policy
