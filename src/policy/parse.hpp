// From the text of an expression to nodes of a program.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policy/program.hpp"

namespace duecare::policy {

/// What an expression may speak of at the place where it stands.
struct Scope {
    bool event = false;
    bool trigger = false;
    bool subject = false;
    bool facts = false;
    bool subject_facts = false;  // facts that are kept per subject
    const char* place = "here";  // for messages: "in `applies`"
};

/// The expression does not parse or does not fit its place. `column` is a byte offset into it.
struct ExpressionError {
    std::uint32_t column = 0;
    std::string message;
};

/// Names that expressions may refer to, and the program that nodes go into.
class ExpressionParser {
  public:
    explicit ExpressionParser(Program& program) : program_(program) {}

    void add_parameter(std::string name, const Val& value) { parameters_.emplace_back(std::move(name), value); }
    void add_fact(std::string name, bool per_subject, std::uint32_t index);

    /// Keeps text for the life of the program.
    std::string_view keep(std::string text);
    std::uint32_t reason(std::string text);

    /// Parses and adds an expression; throws ExpressionError.
    ExpressionId parse(std::string_view text, const Scope& scope);

  private:
    friend class Parse;
    struct FactName {
        std::string name;
        bool per_subject;
        std::uint32_t index;
    };
    Program& program_;
    std::vector<std::pair<std::string, Val>> parameters_;
    std::vector<FactName> facts_;
    std::unordered_map<std::string, std::uint32_t> reasons_;
};

}  // namespace duecare::policy
