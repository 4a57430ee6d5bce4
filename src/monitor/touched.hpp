// How far one more event reaches.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "evaluate/binding.hpp"

namespace duecare::monitor {

/// Facts as bits, by number modulo 64: where two share none, no fact is in both.
using FactBits = std::uint64_t;

/// What an event of one type, seen for the first time, may change in a case whose events are all exact.
struct Touched {
    std::vector<std::uint8_t> duties;  // by duty: 0 where all that was found of it stays as it is
    /// Those of one case that are judged by `while`: as long as no event of a case sets one of these facts,
    /// such a duty may be idle there.
    std::vector<std::pair<std::uint32_t, FactBits>> whiles;
    [[nodiscard]] bool stays(std::uint32_t duty) const noexcept {
        return duties.empty() || duties[duty] == 0;
    }
    bool others = false;        // any other duty of one case
    bool opens_across = false;  // it is a trigger of duties across cases
};

[[nodiscard]] Touched touched_by(const evaluate::Binding& binding, records::StringId type);
/// The facts that events of this type may set.
[[nodiscard]] FactBits facts_set_by(const evaluate::Binding& binding, records::StringId type);

}  // namespace duecare::monitor
