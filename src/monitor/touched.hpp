// Which duties one more event of some type may judge otherwise.
#pragma once

#include <cstdint>
#include <vector>

#include "evaluate/binding.hpp"

namespace duecare::monitor {

/// By duty, 1 where an event of that type may change what the duty says of a case. It holds for an event that
/// shares its instant with no other, is not the first, has an exact instant, replaces nothing and is not
/// replaced: then a duty that the type means nothing to sees the same lane and the same facts as before.
[[nodiscard]] std::vector<std::uint8_t> touched_by(const evaluate::Binding& binding, records::StringId type);

}  // namespace duecare::monitor
