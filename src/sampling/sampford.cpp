#include "sampling/sampford.hpp"

#include <algorithm>
#include <string>

#include "base/error.hpp"

namespace duecare::sampling {

namespace {

using boost::multiprecision::cpp_rational;

/// Picks with replacement by weight: the first unit in order with u * sum(w) < cumulative w. The weights
/// are size / (total - n * size), proportional to pi / (1 - pi). Their exact sum would have a denominator
/// of many thousand digits, so that it is bounded from both sides, and summed only where that leaves a doubt.
class Weights {
  public:
    Weights(Sizes sizes, std::uint64_t n, const Integer& total, unsigned bits)
        : sizes_(sizes), n_(n), total_(total) {
        Integer sum = 0;
        for (const std::uint64_t size : sizes) {
            sum += (Integer(size) << bits) / (total - Integer(n) * size);
            floors_.push_back(sum);
        }
    }

    [[nodiscard]] Position pick(const Integer& ticket) const {
        const Integer all = all_tickets<Integer>();
        // floors_[i] <= cumulative w < floors_[i] + i + 1, in units of 2^-bits.
        const Integer least = ticket * floors_.back();
        const Integer most = ticket * (floors_.back() + sizes_.size());
        const auto at = std::upper_bound(
            floors_.begin(), floors_.end(), least,
            [&](const Integer& sum, const Integer& floor) { return sum < (floor + sizes_.size()) * all; });
        const auto sure =
            std::upper_bound(at, floors_.end(), most,
                             [&](const Integer& sum, const Integer& floor) { return sum < floor * all; });
        if (at == sure && at != floors_.end()) return static_cast<Position>(at - floors_.begin());
        return exactly(ticket);
    }

  private:
    [[nodiscard]] Position exactly(const Integer& ticket) const {
        cpp_rational sum = 0;
        for (const std::uint64_t size : sizes_) sum += weight(size);
        const cpp_rational point = sum * cpp_rational(ticket, all_tickets<Integer>());
        sum = 0;
        Position i = 0;
        for (; i + 1 < sizes_.size(); ++i) {
            sum += weight(sizes_[i]);
            if (point < sum) break;
        }
        return i;
    }

    [[nodiscard]] cpp_rational weight(std::uint64_t size) const {
        return {Integer(size), total_ - Integer(n_) * size};
    }

    Sizes sizes_;
    std::uint64_t n_;
    Integer total_;
    std::vector<Integer> floors_;
};

Position pick_by_size(const std::vector<Integer>& ends, const Integer& ticket) {
    // The ends are whole numbers, as in systematic selection.
    const Integer point = (ticket * ends.back()) >> 256U;
    return static_cast<Position>(std::upper_bound(ends.begin(), ends.end(), point) - ends.begin());
}

bool all_distinct(std::vector<Position> picks) {
    std::sort(picks.begin(), picks.end());
    return std::adjacent_find(picks.begin(), picks.end()) == picks.end();
}

}  // namespace

Rejective sampford(Sizes sizes, const Covered& covered, const TicketMaker& maker, unsigned weight_bits) {
    Rejective out;
    out.positions = covered.certain;
    if (covered.n_left > 0) {
        const std::vector<std::uint64_t> rest = pick_sizes(sizes, covered.rest);
        const Weights weights(rest, covered.n_left, Integer(covered.total), weight_bits);
        std::vector<Integer> ends;
        for (const std::uint64_t size : rest)
            ends.push_back(ends.empty() ? Integer(size) : ends.back() + size);
        std::vector<Position> picks;
        std::uint64_t label = 0;
        do {
            if (++out.tries > k_most_tries) {
                throw Error(Status::limit,
                            "Sampford's method found no sample of " + std::to_string(covered.n_left) +
                                " without a unit twice in " + std::to_string(k_most_tries) +
                                " tries. It is for small n (10 to 15); draw by sequential_poisson.");
            }
            picks.clear();
            for (std::uint64_t i = 0; i < covered.n_left; ++i) {
                const auto ticket = to_number<Integer>(maker.of("#draw:" + std::to_string(++label)));
                picks.push_back(i == 0 ? pick_by_size(ends, ticket) : weights.pick(ticket));
            }
        } while (!all_distinct(picks));
        for (const Position pick : picks) out.positions.push_back(covered.rest[pick]);
    }
    std::sort(out.positions.begin(), out.positions.end());
    return out;
}

namespace {

/// Over all sets s of m units out of those added: plain[m] = sum of prod lambda, and
/// weighted[m] = sum of prod lambda * sum over s of (1 - pi). P(s) is proportional to the latter.
/// All terms are positive, so that nothing cancels.
struct Sums {
    std::vector<long double> plain;
    std::vector<long double> weighted;

    explicit Sums(std::size_t n) : plain(n + 1, 0), weighted(n + 1, 0) { plain[0] = 1; }

    void add(long double pi) {
        const long double lambda = pi / (1 - pi);
        for (std::size_t m = plain.size(); m-- > 1;) {
            weighted[m] += lambda * weighted[m - 1] + pi * plain[m - 1];
            plain[m] += lambda * plain[m - 1];
        }
    }
};

std::vector<double> joint_of_rest(Sizes sizes, std::uint64_t n, const U128& total) {
    const std::size_t count = sizes.size();
    std::vector<long double> pi;
    Sums everything(n);
    for (const std::uint64_t size : sizes) {
        pi.push_back(static_cast<long double>(n) * static_cast<long double>(size) /
                     total.convert_to<long double>());
        everything.add(pi.back());
    }
    std::vector<double> out;
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = i + 1; j < count; ++j) {
            Sums others(n - 2);
            for (std::size_t k = 0; k < count; ++k)
                if (k != i && k != j) others.add(pi[k]);
            const long double both = pi[i] / (1 - pi[i]) * (pi[j] / (1 - pi[j]));
            const long double sum = (2 - pi[i] - pi[j]) * others.plain[n - 2] + others.weighted[n - 2];
            out.push_back(static_cast<double>(both * sum / everything.weighted[n]));
        }
    }
    return out;
}

}  // namespace

std::vector<double> sampford_joint(Sizes sizes, std::uint64_t n) {
    const Covered covered = find_certain(sizes, n);
    std::vector<double> joint;
    if (covered.n_left > 1)
        joint = joint_of_rest(pick_sizes(sizes, covered.rest), covered.n_left, covered.total);
    return with_certain(sizes, covered, joint);
}

}  // namespace duecare::sampling
