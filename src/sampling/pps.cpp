#include "sampling/pps.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace duecare::sampling {

Covered find_certain(Sizes sizes, std::uint64_t n) {
    Covered out;
    out.n_left = n;
    for (Position i = 0; i < sizes.size(); ++i) {
        (sizes[i] == 0 ? out.none : out.rest).push_back(i);
        out.total += sizes[i];
    }
    if (n > out.rest.size()) {
        throw Error(Status::invalid_argument,
                    "n is " + std::to_string(n) + ", and " + std::to_string(out.rest.size()) + " of " +
                        std::to_string(sizes.size()) + " units have a size above 0.");
    }
    for (bool found = true; found && out.n_left > 0;) {
        const U512 total(out.total);
        const U512 n_left = out.n_left;
        const auto first_certain = std::stable_partition(
            out.rest.begin(), out.rest.end(), [&](Position i) { return U512(sizes[i]) * n_left < total; });
        found = first_certain != out.rest.end();
        for (auto at = first_certain; at != out.rest.end(); ++at) {
            out.certain.push_back(*at);
            out.total -= sizes[*at];
            --out.n_left;
        }
        out.rest.erase(first_certain, out.rest.end());
    }
    std::sort(out.certain.begin(), out.certain.end());
    return out;
}

std::vector<Fraction> inclusion_probabilities(Sizes sizes, const Covered& covered) {
    std::vector<Fraction> out(sizes.size(), Fraction{0, 1});
    for (const Position i : covered.certain) out[i] = {1, 1};
    if (covered.n_left == 0) return out;
    for (const Position i : covered.rest)
        out[i] = {Integer(covered.n_left) * sizes[i], Integer(covered.total)};
    return out;
}

namespace {

/// ticket / 2^256 with all the digits of a double, however small.
double near(std::uint64_t high, std::uint64_t low) {
    return static_cast<double>(high) * 0x1p-64 + static_cast<double>(low) * 0x1p-128;
}

struct Ranked {
    double key;  // the rank, rounded: decides where the difference is clear
    Position position;
};

/// Greater than the relative error of a difference of two keys.
constexpr double k_clear = 1e-12;

class RankOrder {
  public:
    RankOrder(Rank rank, const Population& population, std::span<const Unit> members, Sizes sizes,
              const Covered& covered)
        : rank_(rank),
          population_(population),
          members_(members),
          sizes_(sizes),
          n_left_(covered.n_left),
          total_(covered.total) {}

    [[nodiscard]] Ranked ranked(Position i) const {
        const Ticket& ticket = population_.tickets[members_[i]];
        std::uint64_t words[2] = {0, 0};
        for (std::size_t byte = 0; byte < 16; ++byte) words[byte / 8] = words[byte / 8] << 8U | ticket[byte];
        double key = near(words[0], words[1]) / static_cast<double>(sizes_[i]);
        if (rank_ == Rank::pareto) key = key / near(~words[0], ~words[1]) * rest_of(i).convert_to<double>();
        return {key, i};
    }

    [[nodiscard]] bool operator()(const Ranked& a, const Ranked& b) const {
        const double larger = std::max(a.key, b.key);
        if (std::abs(a.key - b.key) > larger * k_clear) return a.key < b.key;
        return a.position != b.position && exactly(a.position, b.position);
    }

  private:
    /// total - n_left * size, above 0 for what is no certainty unit.
    [[nodiscard]] U1024 rest_of(Position i) const { return U1024(total_) - U1024(n_left_) * sizes_[i]; }

    [[nodiscard]] bool exactly(Position a, Position b) const {
        U1024 left = to_number<U1024>(population_.tickets[members_[a]]) * sizes_[b];
        U1024 right = to_number<U1024>(population_.tickets[members_[b]]) * sizes_[a];
        if (rank_ == Rank::pareto) {
            const U1024 all = all_tickets<U1024>();
            left *= (all - to_number<U1024>(population_.tickets[members_[b]])) * rest_of(a);
            right *= (all - to_number<U1024>(population_.tickets[members_[a]])) * rest_of(b);
        }
        if (left != right) return left < right;
        return population_.frame.id(members_[a]) < population_.frame.id(members_[b]);
    }

    Rank rank_;
    const Population& population_;
    std::span<const Unit> members_;
    Sizes sizes_;
    std::uint64_t n_left_;
    U128 total_;
};

}  // namespace

std::vector<Position> first_by_rank(Rank rank, const Population& population, std::span<const Unit> members,
                                    Sizes sizes, const Covered& covered, std::size_t k) {
    std::vector<Position> out(
        covered.certain.begin(),
        covered.certain.begin() + static_cast<std::ptrdiff_t>(std::min(k, covered.certain.size())));
    const RankOrder order(rank, population, members, sizes, covered);
    std::vector<Ranked> entries;
    entries.reserve(covered.rest.size());
    for (const Position i : covered.rest) entries.push_back(order.ranked(i));
    keep_first(entries, k - out.size(), order);
    for (const Ranked& entry : entries) out.push_back(entry.position);
    return out;
}

bool is_below(const Ticket& ticket, const Fraction& pi) {
    return to_number<Integer>(ticket) * pi.den < pi.num * all_tickets<Integer>();
}

std::vector<Position> systematic_hits(Sizes sizes, std::uint64_t n, const Fraction& start) {
    std::vector<Integer> ends;
    ends.reserve(sizes.size());
    Integer total = 0;
    for (const std::uint64_t size : sizes) ends.push_back(total += size);
    if (n > 0 && start.num * n >= total * start.den) {
        throw Error(Status::invalid_argument,
                    "The start is not in [0, interval); the interval is the sum of the sizes over n.");
    }
    std::vector<Position> out;
    const Integer divisor = start.den * n;
    const Integer step = total * start.den;
    Integer at = start.num * n;
    for (std::uint64_t j = 0; j < n; ++j, at += step) {
        // A point lies before a whole number where its floor does.
        const Integer point = at / divisor;
        out.push_back(
            static_cast<Position>(std::upper_bound(ends.begin(), ends.end(), point) - ends.begin()));
    }
    return out;
}

std::vector<std::uint64_t> pick_sizes(Sizes sizes, std::span<const Position> of) {
    std::vector<std::uint64_t> out;
    out.reserve(of.size());
    for (const Position i : of) out.push_back(sizes[i]);
    return out;
}

std::vector<Position> pps_systematic(Sizes sizes, const Covered& covered, const Ticket& start) {
    std::vector<Position> out = covered.certain;
    if (covered.n_left > 0) {
        Fraction at = uniform(start);
        at.num *= Integer(covered.total);
        at.den *= covered.n_left;
        for (const Position hit : systematic_hits(pick_sizes(sizes, covered.rest), covered.n_left, at))
            out.push_back(covered.rest[hit]);
    }
    std::sort(out.begin(), out.end());
    return out;
}

double to_double(const Fraction& fraction) {
    return boost::multiprecision::cpp_rational(fraction.num, fraction.den).convert_to<double>();
}

namespace {

std::size_t triangle(std::size_t i, std::size_t j, std::size_t n) {
    return i * n - i * (i + 1) / 2 + j - i - 1;
}

/// Joint probabilities of the rest: the units hit only change where a point passes the end of a unit.
std::vector<double> joint_of_rest(Sizes sizes, std::uint64_t n) {
    std::vector<Integer> ends;  // times n, so that the interval is a whole number: the total
    Integer total = 0;
    for (const std::uint64_t size : sizes) total += size;
    std::vector<Integer> breaks{0};
    Integer sum = 0;
    for (const std::uint64_t size : sizes) {
        ends.push_back(sum += Integer(size) * n);
        breaks.push_back(sum % total);
    }
    std::sort(breaks.begin(), breaks.end());
    breaks.erase(std::unique(breaks.begin(), breaks.end()), breaks.end());
    breaks.push_back(total);
    std::vector<Integer> joint(sizes.size() * (sizes.size() - 1) / 2);
    std::vector<std::size_t> hits(n);
    for (std::size_t b = 0; b + 1 < breaks.size(); ++b) {
        for (std::uint64_t j = 0; j < n; ++j) {
            const Integer point = breaks[b] + total * j;
            hits[j] =
                static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), point) - ends.begin());
        }
        const Integer width = breaks[b + 1] - breaks[b];
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = i + 1; j < n; ++j) joint[triangle(hits[i], hits[j], sizes.size())] += width;
    }
    std::vector<double> out;
    for (const Integer& width : joint) out.push_back(to_double({width, total}));
    return out;
}

}  // namespace

std::vector<double> with_certain(Sizes sizes, const Covered& covered, const std::vector<double>& joint) {
    const std::size_t count = sizes.size();
    const std::vector<Fraction> pi = inclusion_probabilities(sizes, covered);
    constexpr std::size_t k_elsewhere = static_cast<std::size_t>(-1);
    std::vector<std::size_t> place(count, k_elsewhere);
    for (std::size_t i = 0; i < covered.rest.size(); ++i) place[covered.rest[i]] = i;
    std::vector<double> out;
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = i + 1; j < count; ++j) {
            const bool both = place[i] != k_elsewhere && place[j] != k_elsewhere;
            if (both && covered.n_left > 1) {
                out.push_back(joint[triangle(place[i], place[j], covered.rest.size())]);
            } else {
                // One of the two is certain, out of the question, or drawn alone.
                out.push_back(both ? 0 : to_double(pi[i]) * to_double(pi[j]));
            }
        }
    }
    return out;
}

std::vector<double> systematic_joint(Sizes sizes, std::uint64_t n) {
    const Covered covered = find_certain(sizes, n);
    std::vector<double> joint;
    if (covered.n_left > 1) joint = joint_of_rest(pick_sizes(sizes, covered.rest), covered.n_left);
    return with_certain(sizes, covered, joint);
}

}  // namespace duecare::sampling
