// The order of a draw: which units come first, and which would come next.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "sampling/frame.hpp"
#include "sampling/ticket.hpp"

namespace duecare::sampling {

/// A finished frame with the ticket of each unit.
struct Population {
    const Frame& frame;
    std::vector<Ticket> tickets;  // by unit
};

/// @param start where the tickets begin, of [0, 1): 0 but for rotation.
[[nodiscard]] std::vector<Ticket> make_tickets(const Frame& frame, const TicketMaker& maker,
                                               const Fraction& start = {});

/// The order of tickets; equal ones by the bytes of the id.
[[nodiscard]] bool comes_before(const Population& population, Unit a, Unit b);

/// The first `n` of `members` (all, if there are fewer) by ticket.
[[nodiscard]] std::vector<Unit> first_by_ticket(const Population& population, std::span<const Unit> members,
                                                std::size_t n);

/// The first `n` of `entries` in order; the others are lost. Sorts no more than `n`.
template <typename Entry, typename Less>
void keep_first(std::vector<Entry>& entries, std::size_t n, Less less) {
    if (n < entries.size()) {
        std::nth_element(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(n), entries.end(),
                         less);
        entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(n), entries.end());
    }
    std::sort(entries.begin(), entries.end(), less);
}

/// Systematic selection: positions floor((start + j) N / n) for j = 0..n-1, with start of [0, 1).
[[nodiscard]] std::vector<std::uint64_t> systematic_positions(std::uint64_t units, std::uint64_t n,
                                                              const Fraction& start);

/// ticket / 2^256.
[[nodiscard]] Fraction uniform(const Ticket& ticket);

}  // namespace duecare::sampling
