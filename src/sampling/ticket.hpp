// Tickets: the SHA-256 of `seed,id`. The n smallest of a frame are a simple random sample of it, and anybody
// can compute them with sha256sum. Literature: Ohlsson 1995 (permanent random numbers); Rivest 2018,
// arXiv:1808.10016; Stark & Lindeman 2012.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "sampling/wide.hpp"

namespace duecare::sampling {

/// Compared byte by byte, which is the order of the integers and of the 64 hex digits.
using Ticket = Digest;

/// Throws Error{invalid_argument} unless the seed is of [0-9A-Za-z._:+-]{1,256}.
void require_seed(std::string_view seed);
/// Throws Error{invalid_argument} unless the id is non-empty UTF-8 without control characters and without a
/// `#` at its beginning. `where` names the place for people ("Unit 3", "line 7").
void require_id(std::string_view id, std::string_view where);
[[nodiscard]] bool is_id(std::string_view id) noexcept;
/// The same for names of strata, which may be empty and begin with anything.
void require_name(std::string_view name, std::string_view what);

/// Makes the tickets of one seed. Copies and const use from several threads are fine.
class TicketMaker {
  public:
    /// @throws Error{invalid_argument} for a seed that is none.
    explicit TicketMaker(std::string_view seed);
    /// `id` is a checked id, or a reserved label ("#start").
    [[nodiscard]] Ticket of(std::string_view id) const;
    [[nodiscard]] const std::string& seed() const noexcept { return seed_; }

  private:
    std::string seed_;
    Sha256 begun_;  // has taken `seed,`
};

/// The first 53 bits, and the number of [0, 1) that they are: the same on every machine.
[[nodiscard]] std::uint64_t top53(const Ticket& ticket) noexcept;
[[nodiscard]] double prn(const Ticket& ticket) noexcept;
/// The first 64 bits.
[[nodiscard]] std::uint64_t top64(const Ticket& ticket) noexcept;

/// The ticket less `start` (of [0, 1)) in units of 2^256, round the end: the draw then begins at `start`.
[[nodiscard]] Ticket shifted(const Ticket& ticket, const Fraction& start);

/// Rivest's sampler (2011): 1 + SHA-256(seed,i) mod total for i = 1..n, with replacement. For comparison with
/// published draws alone; any text is a seed.
[[nodiscard]] std::vector<Integer> rivest_sampler(std::string_view seed, std::uint64_t n,
                                                  const Integer& total);

}  // namespace duecare::sampling
