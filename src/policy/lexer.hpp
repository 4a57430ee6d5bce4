// The words of an expression.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace duecare::policy {

enum class Token : std::uint8_t { end, name, text, integer, decimal, mark };

struct Lexeme {
    Token token = Token::end;
    std::uint32_t column = 0;
    std::string_view raw;
    std::string text;  // of a string literal, escapes resolved
};

class Lexer {
  public:
    explicit Lexer(std::string_view text) : text_(text) {}

    /// The next word, or Token::end; throws ExpressionError at what is none.
    Lexeme next();

  private:
    void number(Lexeme& lexeme);
    void quoted(Lexeme& lexeme, char quote);
    void mark(Lexeme& lexeme);

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace duecare::policy
