#include "policy/lexer.hpp"

#include "policy/parse.hpp"

namespace duecare::policy {

namespace {

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

Lexeme Lexer::next() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
        ++at_;
    }
    Lexeme lexeme;
    lexeme.column = static_cast<std::uint32_t>(at_);
    if (at_ == text_.size()) return lexeme;
    const char c = text_[at_];
    if (is_name_start(c)) {
        const std::size_t begin = at_;
        while (at_ < text_.size() && (is_name_start(text_[at_]) || is_digit(text_[at_]))) ++at_;
        lexeme.token = Token::name;
        lexeme.raw = text_.substr(begin, at_ - begin);
    } else if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
        number(lexeme);
    } else if (c == '\'' || c == '"') {
        quoted(lexeme, c);
    } else {
        mark(lexeme);
    }
    return lexeme;
}

void Lexer::number(Lexeme& lexeme) {
    const std::size_t begin = at_;
    bool decimal = false;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    if (at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1])) {
        decimal = true;
        ++at_;
        while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
        std::size_t after = at_ + 1;
        if (after < text_.size() && (text_[after] == '+' || text_[after] == '-')) ++after;
        if (after < text_.size() && is_digit(text_[after])) {
            decimal = true;
            at_ = after;
            while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
        }
    }
    lexeme.token = decimal ? Token::decimal : Token::integer;
    lexeme.raw = text_.substr(begin, at_ - begin);
}

void Lexer::quoted(Lexeme& lexeme, char quote) {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != quote) {
        if (text_[at_] != '\\') {
            lexeme.text.push_back(text_[at_++]);
            continue;
        }
        const std::size_t escape = at_++;
        const char c = at_ < text_.size() ? text_[at_] : '\0';
        ++at_;
        switch (c) {
            case 'n':
                lexeme.text.push_back('\n');
                break;
            case 't':
                lexeme.text.push_back('\t');
                break;
            case 'r':
                lexeme.text.push_back('\r');
                break;
            case '\\':
            case '\'':
            case '"':
                lexeme.text.push_back(c);
                break;
            default:
                throw ExpressionError{static_cast<std::uint32_t>(escape),
                                      "this escape is not known; a text may have \\n \\t \\r \\\\ \\' \\\""};
        }
    }
    if (at_ >= text_.size()) {
        throw ExpressionError{static_cast<std::uint32_t>(begin),
                              std::string("this text has no end: a closing ") + quote + " was expected"};
    }
    ++at_;
    lexeme.token = Token::text;
    lexeme.raw = text_.substr(begin, at_ - begin);
}

void Lexer::mark(Lexeme& lexeme) {
    static constexpr std::string_view k_long[] = {"&&", "||", "==", "!=", "<=", ">="};
    for (const std::string_view m : k_long) {
        if (text_.substr(at_, 2) == m) {
            lexeme.token = Token::mark;
            lexeme.raw = text_.substr(at_, 2);
            at_ += 2;
            return;
        }
    }
    const char c = text_[at_];
    if (std::string_view("!<>+-?:()[],.").find(c) == std::string_view::npos) {
        std::string message = "this character has no meaning here";
        // U+2018–U+201F, as word processors put them.
        if (text_.substr(at_, 2) == "\xE2\x80" && at_ + 2 < text_.size() &&
            static_cast<unsigned char>(text_[at_ + 2]) >= 0x98 &&
            static_cast<unsigned char>(text_[at_ + 2]) <= 0x9F) {
            message = "this is a printed quotation mark; a text stands between straight ones, ' or \"";
        } else if (static_cast<unsigned char>(c) >= 0x80) {
            message =
                "letters beyond A–Z stand only in quotes; a key that has them is written in brackets, "
                "such as event['…']";
        }
        if (c == '`') message = "a text stands between straight quotes, ' or \"";
        if (c == '=') message = "a single = has no meaning here; equality is written ==";
        if (c == '&') message = "a single & has no meaning here; \"and\" is written &&";
        if (c == '|') message = "a single | has no meaning here; \"or\" is written ||";
        if (c == '*' || c == '/' || c == '%') message = "of arithmetic only + and - are known";
        throw ExpressionError{static_cast<std::uint32_t>(at_), message};
    }
    lexeme.token = Token::mark;
    lexeme.raw = text_.substr(at_, 1);
    ++at_;
}

}  // namespace duecare::policy
