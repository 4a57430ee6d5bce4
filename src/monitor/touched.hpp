// How far one more event reaches.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "evaluate/worker.hpp"

namespace duecare::monitor {

/// Facts as bits, by number modulo 64: where two share none, no fact is in both.
using FactBits = std::uint64_t;

/// What becomes of the obligations of a duty with one more event that is later than all others of its case.
/// The first three are those of evaluate::Narrowing.
enum Reach : std::uint8_t {
    k_stays = evaluate::Narrowing::k_none,     // nothing,
    k_again = evaluate::Narrowing::k_all,      // all are judged again,
    k_newest = evaluate::Narrowing::k_newest,  // what it opens itself is judged, all others stay,
    k_open = 3,                                // those that have not ended are judged again,
    k_past = 4,                                // nothing; unlike k_stays only as it is later than all others
};

/// What an event of one type, seen for the first time, may change in a case whose events are all exact.
struct Touched {
    std::vector<std::uint8_t> duties;    // by duty: Reach
    std::vector<std::uint32_t> reached;  // those that may not stay
    std::vector<std::uint8_t> facts;     // by fact: not 0 where such a duty looks at it
    /// Those of one case that are judged by `while`: as long as no event of a case sets one of these facts,
    /// such a duty may be idle there.
    std::vector<std::pair<std::uint32_t, FactBits>> whiles;
    bool reaches_open = false;    // k_open is among them
    bool opens_across = false;    // it is a trigger of duties across cases
    bool reaches_across = false;  // or may change what is held of them
};

[[nodiscard]] Touched touched_by(const evaluate::Binding& binding, records::StringId type);
/// The facts that events of this type may set.
[[nodiscard]] FactBits facts_set_by(const evaluate::Binding& binding, records::StringId type);

}  // namespace duecare::monitor
