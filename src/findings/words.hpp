// How a supervisor would say it: instants, spans, events, and what a condition asks for. Ids of people are
// told, nothing else about them; free text of the record is never repeated.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "evaluate/need.hpp"
#include "policy/program.hpp"
#include "records/model.hpp"

namespace duecare::findings {

/// "1 period", "2 periods".
[[nodiscard]] std::string count_of(std::int64_t count, std::string_view unit);
/// The two largest units: "2 days 3 hours"; from 14 days on, days alone.
[[nodiscard]] std::string span_of(std::int64_t seconds);
/// "\"a\", \"b\" or \"c\"" of the texts given.
[[nodiscard]] std::string any_of(const std::vector<std::string>& texts, std::string_view last = " or ");

/// A name as prose: blanks for its underscores.
[[nodiscard]] std::string spaced(std::string_view name);

/// Speaks of one case.
class Words {
  public:
    Words(const policy::Program& program, const records::Caseload& caseload, std::uint32_t case_index)
        : program_(program), caseload_(caseload), case_(case_index) {}

    /// "3 March 2022, 09:15"; with seconds where there are some, and the last microsecond of a day as "the
    /// end of 3 March 2022".
    [[nodiscard]] std::string when(time::Instant instant) const;
    /// The same of a deadline: two hours after the end of a day are 02:00 to a person.
    [[nodiscard]] std::string limit(time::Instant instant) const;
    /// "review.supervisor (e4)"
    [[nodiscard]] std::string event(std::uint32_t index) const;
    /// "on 3 March 2022, 09:15", or only the day where the record has only that.
    [[nodiscard]] std::string on(std::uint32_t index) const;
    /// " by sergeant OF1", as far as the event itself or the register says; else empty.
    [[nodiscard]] std::string by(std::uint32_t index) const;
    /// "review.supervisor or review.*"
    [[nodiscard]] static std::string kinds(const policy::Selector& selector);

    /// What an event has to be like: "by a sergeant or above and with \"views\" on record".
    [[nodiscard]] std::string needed(const evaluate::Need& need) const;
    /// Why it is not like that: "it was done by a constable and not by a sergeant or above".
    [[nodiscard]] std::string fails(const evaluate::Need& need) const;
    /// An expression from its parts, near to how the policy writes it.
    [[nodiscard]] std::string expression(std::uint32_t node) const;

    /// A reason of the contract in words: "it does not say \"event.level\"".
    [[nodiscard]] static std::string reason(std::string_view reason, const std::string& subject);
    /// What would settle it: "missing.returned (e1) said \"level\"".
    [[nodiscard]] static std::string untold(std::string_view reason, const std::string& subject);

  private:
    // A leaf, turned so that what the record says stands left.
    struct Leaf {
        policy::Op op = policy::Op::constant;
        const policy::Node* path = nullptr;  // null: none on either side
        const policy::Node* other = nullptr;
        const evaluate::Seen* found = nullptr;
        const evaluate::Seen* asked = nullptr;
        bool ranks = false;   // compared by rank()
        bool length = false;  // compared by size()
        bool holds = false;   // list `in` turned around: the path is the list
        bool wanted = true;
    };
    [[nodiscard]] Leaf leaf(const evaluate::Need& need) const;
    [[nodiscard]] std::string needed_leaf(const evaluate::Need& need) const;
    [[nodiscard]] std::string fails_leaf(const evaluate::Need& need) const;
    [[nodiscard]] std::string needed_person(const Leaf& leaf) const;
    [[nodiscard]] std::string comparison(const Leaf& leaf) const;
    [[nodiscard]] std::string path(const policy::Node& node) const;
    [[nodiscard]] std::string value(const evaluate::Seen& seen) const;
    [[nodiscard]] std::string asked(const Leaf& leaf) const;
    [[nodiscard]] std::string found(const Leaf& leaf) const;
    [[nodiscard]] std::string rank(const evaluate::Seen& seen) const;

    const policy::Program& program_;
    const records::Caseload& caseload_;
    const std::uint32_t case_;
};

}  // namespace duecare::findings
