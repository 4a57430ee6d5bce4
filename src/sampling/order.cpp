#include "sampling/order.hpp"

#include "base/error.hpp"

namespace duecare::sampling {

std::vector<Ticket> make_tickets(const Frame& frame, const TicketMaker& maker, const Fraction& start) {
    std::vector<Ticket> out(frame.count());
    for (Unit unit = 0; unit < frame.count(); ++unit) out[unit] = maker.of(frame.id(unit));
    if (start.num != 0) {
        for (Ticket& ticket : out) ticket = shifted(ticket, start);
    }
    return out;
}

bool comes_before(const Population& population, Unit a, Unit b) {
    const Ticket& first = population.tickets[a];
    const Ticket& second = population.tickets[b];
    if (first != second) return first < second;
    return population.frame.id(a) < population.frame.id(b);
}

std::vector<Unit> first_by_ticket(const Population& population, std::span<const Unit> members,
                                  std::size_t n) {
    struct Entry {
        std::uint64_t key;  // the first 8 bytes decide nearly always
        Unit unit;
    };
    std::vector<Entry> entries;
    entries.reserve(members.size());
    for (const Unit unit : members) entries.push_back({top64(population.tickets[unit]), unit});
    keep_first(entries, n, [&](const Entry& a, const Entry& b) {
        return a.key != b.key ? a.key < b.key : comes_before(population, a.unit, b.unit);
    });
    std::vector<Unit> out;
    out.reserve(entries.size());
    for (const Entry& entry : entries) out.push_back(entry.unit);
    return out;
}

std::vector<std::uint64_t> systematic_positions(std::uint64_t units, std::uint64_t n, const Fraction& start) {
    if (n > units) {
        throw Error(Status::invalid_argument, "n is " + std::to_string(n) + ", and there are " +
                                                  std::to_string(units) + " units to draw from.");
    }
    if (start.num >= start.den) {
        throw Error(Status::invalid_argument, "The start is not in [0, 1).");
    }
    std::vector<std::uint64_t> out;
    out.reserve(n);
    const Integer step = start.den * units;
    const Integer divisor = start.den * n;
    Integer at = start.num * units;
    for (std::uint64_t j = 0; j < n; ++j, at += step)
        out.push_back((at / divisor).convert_to<std::uint64_t>());
    return out;
}

Fraction uniform(const Ticket& ticket) {
    return {to_number<Integer>(ticket), all_tickets<Integer>()};
}

}  // namespace duecare::sampling
