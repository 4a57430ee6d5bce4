// From the text of an expression to nodes of a program.
#pragma once

#include <cstdint>
#include <set>
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
    bool subject_facts = false;    // facts that are kept per subject
    bool no_subject_ever = false;  // `per: subject` would not help
    const char* place = "here";    // for messages: "in `applies`"
};

/// The expression does not parse or does not fit its place. `column` is a byte offset into it.
struct ExpressionError {
    std::uint32_t column = 0;
    std::string message;
};

/// What diagnostics need to know of a node and evaluation does not.
struct NodeNote {
    std::uint32_t column = 0;  // of its operator, its name or its first character, in the expression's text
    bool from_parameter = false;  // a constant that each force sets
};

/// Names that expressions may refer to, and the program that nodes go into.
class ExpressionParser {
  public:
    explicit ExpressionParser(Program& program) : program_(program) {}

    void add_parameter(std::string name, const Val& value) {
        parameters_.emplace_back(std::move(name), value);
    }
    void add_fact(std::string name, bool per_subject, std::uint32_t index);

    /// Keeps text for the life of the program.
    std::string_view keep(std::string text);
    std::uint32_t reason(std::string text);

    /// Parses and adds an expression; throws ExpressionError.
    ExpressionId parse(std::string_view text, const Scope& scope);

    /// One for each of the program's nodes.
    [[nodiscard]] const std::vector<NodeNote>& notes() const noexcept { return notes_; }
    /// The parameters that durations or expressions name.
    [[nodiscard]] const std::set<std::string, std::less<>>& used_parameters() const noexcept {
        return used_parameters_;
    }
    void use_parameter(std::string name) { used_parameters_.insert(std::move(name)); }

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
    std::vector<NodeNote> notes_;
    std::set<std::string, std::less<>> used_parameters_;
};

}  // namespace duecare::policy
