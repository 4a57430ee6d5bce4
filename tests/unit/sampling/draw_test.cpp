#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "sampling/order.hpp"
#include "sampling/pps.hpp"
#include "sampling/sampford.hpp"

namespace duecare::sampling {
namespace {

using Numbers = std::vector<std::uint64_t>;

TEST(Systematic, FractionalIntervals) {
    EXPECT_EQ(systematic_positions(5, 2, {48, 100}), (Numbers{1, 3}));
    EXPECT_EQ(systematic_positions(17, 5, {999, 1000}), (Numbers{3, 6, 10, 13, 16}));
    EXPECT_EQ(systematic_positions(3, 3, {1, 2}), (Numbers{0, 1, 2}));
    EXPECT_TRUE(systematic_positions(3, 0, {}).empty());
    EXPECT_THROW(static_cast<void>(systematic_positions(3, 4, {})), Error);
    EXPECT_THROW(static_cast<void>(systematic_positions(3, 1, {1, 1})), Error);
}

TEST(Systematic, EveryUnitHasTheSameProbability) {
    // 7 units, 3 drawn: over the starts k/3 each unit is drawn equally often.
    std::map<std::uint64_t, int> times;
    for (int k = 0; k < 700; ++k)
        for (const std::uint64_t i : systematic_positions(7, 3, {k, 700})) ++times[i];
    for (const auto& [unit, count] : times) EXPECT_EQ(count, 300) << unit;
}

TEST(Certainty, IsTakenOutAgainAndAgain) {
    // 900 first; of the rest 330 is then certain as well.
    const Numbers sizes{10, 900, 330, 40, 0, 50};
    const Covered covered = find_certain(sizes, 3);
    EXPECT_EQ(covered.certain, (std::vector<Position>{1, 2}));
    EXPECT_EQ(covered.none, (std::vector<Position>{4}));
    EXPECT_EQ(covered.n_left, 1U);
    EXPECT_EQ(covered.total, 100);
    double sum = 0;
    for (const Fraction& pi : inclusion_probabilities(sizes, covered)) sum += to_double(pi);
    EXPECT_NEAR(sum, 3, 1e-12);
    EXPECT_THROW(static_cast<void>(find_certain(sizes, 6)), Error);
    EXPECT_EQ(find_certain(sizes, 5).certain.size(), 5U);
    EXPECT_TRUE(find_certain(sizes, 0).certain.empty());
}

TEST(Certainty, ASizeAtTheIntervalIsCertain) {
    EXPECT_EQ(find_certain(Numbers{5, 3, 2}, 2).certain, (std::vector<Position>{0}));  // 5 * 2 = 10
    EXPECT_EQ(find_certain(Numbers{4, 4, 2}, 2).certain.size(), 0U);
}

TEST(Systematic, HitsOfAFixedInterval) {
    EXPECT_EQ(systematic_hits(Numbers{7, 3, 4, 9, 0, 1, 8, 2, 6, 5}, 5, {1, 1}),
              (std::vector<Position>{0, 2, 3, 6, 8}));
    EXPECT_EQ(systematic_hits(Numbers{1, 9}, 5, {1, 2}), (std::vector<Position>{0, 1, 1, 1, 1}));
    EXPECT_THROW(static_cast<void>(systematic_hits(Numbers{1, 9}, 5, {2, 1})), Error);
}

TEST(Systematic, JointProbabilities) {
    const std::vector<double> joint = systematic_joint(Numbers{5, 3, 4, 6, 2}, 2);
    EXPECT_EQ(joint, (std::vector<double>{0, 0.2, 0.3, 0, 0, 0.3, 0, 0, 0.2, 0}));
    // Row sums: sum over l of pi_kl = (n - 1) pi_k.
    const std::vector<double> with_certain = systematic_joint(Numbers{100, 5, 3, 4, 6, 2}, 3);
    EXPECT_NEAR(with_certain[0], 0.5, 1e-12);
}

TEST(Sampford, JointProbabilitiesSumToTheirPi) {
    const Numbers sizes{10, 12, 9, 14, 20, 7, 31, 3};
    for (const std::uint64_t n : {2U, 3U, 5U, 6U}) {
        const Covered covered = find_certain(sizes, n);
        const std::vector<Fraction> pi = inclusion_probabilities(sizes, covered);
        const std::vector<double> joint = sampford_joint(sizes, n);
        std::vector<double> sums(sizes.size());
        std::size_t at = 0;
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            for (std::size_t j = i + 1; j < sizes.size(); ++j, ++at) {
                sums[i] += joint[at];
                sums[j] += joint[at];
            }
        }
        for (std::size_t i = 0; i < sizes.size(); ++i)
            EXPECT_NEAR(sums[i], static_cast<double>(n - 1) * to_double(pi[i]), 1e-12) << n << ' ' << i;
    }
    EXPECT_NEAR(sampford_joint(Numbers{1, 2, 3, 4}, 2)[0], 0.02772277227723, 1e-12);
}

TEST(Sampford, RoundedWeightsDecideAsExactOnesDo) {
    const Numbers sizes{10, 25, 40, 5, 60, 15, 30, 20, 33, 8};
    const Covered covered = find_certain(sizes, 3);
    for (int seed = 0; seed < 60; ++seed) {
        const TicketMaker maker(std::to_string(seed));
        const Rejective rounded = sampford(sizes, covered, maker);
        const Rejective exact = sampford(sizes, covered, maker, 3);  // too few bits to decide anything
        EXPECT_EQ(rounded.positions, exact.positions) << seed;
        EXPECT_EQ(rounded.tries, exact.tries) << seed;
    }
}

Frame numbered(std::size_t count) {
    Frame frame;
    for (std::size_t i = 0; i < count; ++i) frame.push("u" + std::to_string(i), "", std::nullopt);
    frame.finish();
    return frame;
}

TEST(Rank, RoundedKeysDecideAsExactOnesDo) {
    const Frame frame = numbered(400);
    Numbers sizes;
    for (std::uint64_t i = 0; i < frame.count(); ++i) sizes.push_back(1 + i * i % 97);
    const Population population{frame, make_tickets(frame, TicketMaker("1"))};
    const Covered covered = find_certain(sizes, 40);
    for (const Rank rank : {Rank::sequential_poisson, Rank::pareto}) {
        const std::vector<Position> order =
            first_by_rank(rank, population, frame.strata()[0].units, sizes, covered, sizes.size());
        ASSERT_EQ(order.size(), sizes.size());
        long double before = -1;
        for (const Position i : order) {
            const long double u = prn(population.tickets[i]);
            const long double pi =
                static_cast<long double>(to_double(inclusion_probabilities(sizes, covered)[i]));
            const long double key = rank == Rank::pareto ? u / (1 - u) * (1 - pi) / pi : u / pi;
            EXPECT_GE(key, before * (1 - 1e-12L));
            before = key;
        }
    }
}

TEST(Rank, EqualKeysAreDecidedExactly) {
    // The same ticket for all: the order of u/pi is that of 1/size, for sizes that doubles cannot tell apart.
    const Frame frame = numbered(3);
    Population population{frame, std::vector<Ticket>(3, TicketMaker("1").of("same"))};
    const std::uint64_t large = (std::uint64_t{1} << 62U);
    const Numbers sizes{large, large + 2, large + 1};
    for (const Rank rank : {Rank::sequential_poisson, Rank::pareto}) {
        EXPECT_EQ(first_by_rank(rank, population, frame.strata()[0].units, sizes, find_certain(sizes, 1), 3),
                  (std::vector<Position>{1, 2, 0}));
    }
}

TEST(Order, TiesGoByTheBytesOfTheId) {
    Frame frame;
    for (const char* id : {"b", "\xC3\xA4", "a", "B"}) frame.push(id, "", std::nullopt);
    frame.finish();
    const Population population{frame, std::vector<Ticket>(4)};
    EXPECT_EQ(first_by_ticket(population, frame.strata()[0].units, 9), (std::vector<Unit>{3, 2, 0, 1}));
    EXPECT_EQ(first_by_ticket(population, frame.strata()[0].units, 2), (std::vector<Unit>{3, 2}));
}

TEST(Poisson, IsBelowIsStrictAndExact) {
    Ticket half{};
    half[0] = 0x80;
    EXPECT_FALSE(is_below(half, {1, 2}));
    EXPECT_TRUE(is_below(half, {Integer(1) + (Integer(1) << 300U), Integer(1) << 301U}));
    EXPECT_FALSE(is_below(Ticket{}, {0, 1}));
    Ticket last;
    last.fill(0xFF);
    EXPECT_TRUE(is_below(last, {1, 1}));
}

}  // namespace
}  // namespace duecare::sampling
