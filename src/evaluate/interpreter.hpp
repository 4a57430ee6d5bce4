// Runs expressions of a program on a case. Three-valued: what is unknown says why.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "evaluate/arena.hpp"
#include "evaluate/binding.hpp"
#include "evaluate/coverage.hpp"
#include "evaluate/view.hpp"

namespace duecare::evaluate {

/// What an expression is asked about.
struct Context {
    const Event* event = nullptr;             // the event at hand
    const Event* trigger = nullptr;           // the event that opened the obligation
    const CaseView* view = nullptr;           // whose facts; null across cases
    std::uint32_t kase = policy::k_none;      // the case of the event at hand
    std::uint32_t subject = policy::k_none;   // into Caseload::persons
    std::uint32_t position = policy::k_none;  // facts are read after the event at this position
};

struct Truth {
    enum class Is : std::uint8_t { no, yes, unknown };
    Is is = Is::no;
    std::string_view reason;
    [[nodiscard]] bool yes() const noexcept { return is == Is::yes; }
    [[nodiscard]] bool no() const noexcept { return is == Is::no; }
    [[nodiscard]] bool unknown() const noexcept { return is == Is::unknown; }
};

class Interpreter {
  public:
    Interpreter(const Binding& binding, Arena& scratch, Coverage* coverage)
        : binding_(binding), scratch_(scratch), coverage_(coverage) {}

    [[nodiscard]] policy::Val value(policy::ExpressionId id, const Context& context);
    /// The value as true, false or unknown; anything else is `wrong_type: expression`.
    [[nodiscard]] Truth truth(policy::ExpressionId id, const Context& context);
    /// The text of a `per` value, or nothing and the reason.
    [[nodiscard]] Truth key(policy::ExpressionId id, const Context& context, std::string_view& text);

    /// The value of one node; persons of enclosing macros are those of the context.
    [[nodiscard]] policy::Val node_value(std::uint32_t node, const Context& context) {
        Context copy = context;
        return run(node, copy);
    }
    [[nodiscard]] const policy::Program& program() const noexcept { return binding_.program; }
    [[nodiscard]] Arena& scratch() noexcept { return scratch_; }

  private:
    using Val = policy::Val;
    static constexpr std::size_t k_most_possible = 64;  // values of one age, or of a sum of ages
    Val run(std::uint32_t node, const Context& context);
    Val run_path(const policy::Node& node, const Context& context);
    Val run_logic(const policy::Node& node, const Context& context);
    Val run_compare(const policy::Node& node, const Context& context);
    Val run_in(const policy::Node& node, const Context& context);
    Val run_sum(const policy::Node& node, const Context& context);
    Val run_text(const policy::Node& node, const Context& context);
    Val run_mentions(const policy::Node& node, const Context& context);
    Val run_rank(const policy::Node& node, const Context& context);
    Val run_persons(const policy::Node& node, const Context& context);
    Val run_list(const policy::Node& node, const Context& context);
    bool run_has(const policy::Node& path, const Context& context);
    Val actor(const policy::Node& node, const Event* event);
    Val age(const policy::Node& node, const records::Person& person, const Context& context);
    Val attribute(const records::Range& range, const policy::Node& node);
    Val from_record(const records::Value& value, const policy::Node& node);
    Val texts(std::span<const records::StringId> pool, const records::Range& range);
    Val equal(const Val& a, const Val& b);
    Val order(const policy::Node& node, const Val& left, const Val& right);
    Val is_in(const Val& item, const Val& list);
    Val negative(const policy::Node& node, const Val& number);
    Val sum(const policy::Node& node, const Val& left, const Val& right);
    Val sum_of_each(const policy::Node& node, const Val& left, const Val& right);
    template <typename Decide>
    Val of_each(const Val& a, const Val& b, const Decide& decide);
    Val missing(const policy::Node& node) const {
        return Val::unknown(binding_.program.reasons[node.reason]);
    }
    Val unsure(const Val& one_of) const { return Val::unknown(binding_.program.reasons[one_of.size]); }
    [[nodiscard]] static const Event* slot(const policy::Node& node, const Context& context) {
        return node.slot == 0 ? context.event : context.trigger;
    }

    const Binding& binding_;
    Arena& scratch_;
    Coverage* coverage_;
    std::array<std::uint32_t, 8> persons_{};  // of enclosing exists() and all()
};

}  // namespace duecare::evaluate
