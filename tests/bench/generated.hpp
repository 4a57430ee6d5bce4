// Made-up case histories for benchmarks: nothing in them comes from a real record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace duecare::bench {

/// `cases` case histories and a staff register as JSON Lines. Equal arguments give equal bytes.
[[nodiscard]] std::string generate_caseload(std::size_t cases, std::uint64_t seed = 1);

}  // namespace duecare::bench
