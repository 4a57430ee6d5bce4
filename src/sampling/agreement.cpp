#include "sampling/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sampling/tails.hpp"

namespace duecare::sampling {

namespace {

double sum(const std::vector<double>& numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), 0.0);
}

double sum(const Matrix& matrix) {
    double out = 0;
    for (const auto& row : matrix) out += sum(row);
    return out;
}

struct Shares {
    Matrix cells;
    std::vector<double> rows;
    std::vector<double> columns;
};

Shares shares(const Matrix& table) {
    const double total = sum(table);
    Shares out{table, std::vector<double>(table.size()), std::vector<double>(table.size())};
    for (std::size_t i = 0; i < table.size(); ++i)
        for (std::size_t j = 0; j < table.size(); ++j) {
            out.cells[i][j] /= total;
            out.rows[i] += out.cells[i][j];
            out.columns[j] += out.cells[i][j];
        }
    return out;
}

/// Sum of w_ij times share, where share(i, j) is that of the cell.
template <typename Share>
double weigh(const Matrix& weights, const Share& share) {
    double out = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        for (std::size_t j = 0; j < weights.size(); ++j) out += weights[i][j] * share(i, j);
    return out;
}

/// A root of what rounding may have put below 0.
double root(double variance) {
    return std::sqrt(std::max(0.0, variance));
}

// Fleiss, Cohen & Everitt 1969, (13) for the interval and (14) under kappa = 0.
void put_errors(CohenKappa& out, const Shares& p, const Matrix& weights, double n) {
    const std::size_t q = weights.size();
    std::vector<double> row_means(q);
    std::vector<double> column_means(q);
    for (std::size_t i = 0; i < q; ++i)
        for (std::size_t j = 0; j < q; ++j) {
            row_means[i] += weights[i][j] * p.columns[j];
            column_means[j] += weights[i][j] * p.rows[i];
        }
    const double kappa = *out.kappa;
    const double pe = *out.pe;
    double variance = 0;
    double variance0 = 0;
    for (std::size_t i = 0; i < q; ++i)
        for (std::size_t j = 0; j < q; ++j) {
            const double means = row_means[i] + column_means[j];
            variance += p.cells[i][j] * std::pow(weights[i][j] - means * (1 - kappa), 2);
            variance0 += p.rows[i] * p.columns[j] * std::pow(weights[i][j] - means, 2);
        }
    const double scale = n * (1 - pe) * (1 - pe);
    out.ase = root((variance - std::pow(kappa - pe * (1 - kappa), 2)) / scale);
    out.ase0 = root((variance0 - pe * pe) / scale);
}

}  // namespace

// Linear: Cicchetti & Allison 1971; quadratic: Fleiss & Cohen 1973.
Matrix agreement_weights(Weights kind, std::size_t q) {
    Matrix out(q, std::vector<double>(q));
    for (std::size_t i = 0; i < q; ++i)
        for (std::size_t j = 0; j < q; ++j) {
            if (i == j) {
                out[i][j] = 1;
            } else if (kind != Weights::none) {
                const double apart = static_cast<double>(i > j ? i - j : j - i) / static_cast<double>(q - 1);
                out[i][j] = 1 - (kind == Weights::linear ? apart : apart * apart);
            }
        }
    return out;
}

// Cohen 1960; weighted: Cohen 1968.
CohenKappa cohen_kappa(const Matrix& table, const Matrix& weights, double n) {
    CohenKappa out;
    if (!(sum(table) > 0)) {
        out.reason = "n=0";
        return out;
    }
    const Shares p = shares(table);
    out.po = weigh(weights, [&](std::size_t i, std::size_t j) { return p.cells[i][j]; });
    out.pe = weigh(weights, [&](std::size_t i, std::size_t j) { return p.rows[i] * p.columns[j]; });
    if (1 - *out.pe <= tails::k_guard) {
        out.reason = "pe=1";
        return out;
    }
    out.kappa = (*out.po - *out.pe) / (1 - *out.pe);
    put_errors(out, p, weights, n);
    return out;
}

// Gwet 2008, (8) and (30); weighted (AC2): Gwet 2014, chapters 4 and 5.
GwetAc gwet_ac(const Matrix& table, const Matrix& weights, double n, double fraction) {
    GwetAc out;
    out.n = n;
    const auto q = static_cast<double>(table.size());
    if (!(sum(table) > 0) || table.size() < 2) {
        out.reason = table.size() < 2 ? "categories<2" : "n=0";
        return out;
    }
    const Shares p = shares(table);
    const double scale = sum(weights) / (q * (q - 1));
    std::vector<double> pi(table.size());
    double pe = 0;
    for (std::size_t k = 0; k < pi.size(); ++k) {
        pi[k] = (p.rows[k] + p.columns[k]) / 2;
        pe += scale * pi[k] * (1 - pi[k]);
    }
    out.pa = weigh(weights, [&](std::size_t i, std::size_t j) { return p.cells[i][j]; });
    out.pe = pe;
    if (1 - pe <= tails::k_guard) {
        out.reason = "pe=1";
        return out;
    }
    const double ac = (*out.pa - pe) / (1 - pe);
    out.coefficient = ac;
    double variance = 0;
    for (std::size_t k = 0; k < pi.size(); ++k)
        for (std::size_t l = 0; l < pi.size(); ++l)
            variance +=
                p.cells[k][l] * std::pow(weights[k][l] - 2 * (1 - ac) * scale * (1 - (pi[k] + pi[l]) / 2), 2);
    variance -= std::pow(*out.pa - 2 * (1 - ac) * pe, 2);
    out.se = root((1 - fraction) * variance / (n * (1 - pe) * (1 - pe)));
    return out;
}

namespace {

/// What one case adds to Gwet's coefficient.
struct Case {
    double raters = 0;
    double agreement = 0;  ///< share of its pairs of ratings that agree; 0 with one rating
    std::vector<double> shares;
};

Case weigh_case(const std::vector<double>& counts, const Matrix& weights) {
    Case out;
    out.raters = sum(counts);
    double pairs = 0;
    for (std::size_t k = 0; k < counts.size(); ++k) {
        double near = 0;
        for (std::size_t l = 0; l < counts.size(); ++l) near += weights[k][l] * counts[l];
        pairs += counts[k] * (near - 1);
        out.shares.push_back(counts[k] / out.raters);
    }
    if (out.raters >= 2) out.agreement = pairs / (out.raters * (out.raters - 1));
    return out;
}

// Linearisation with n(n - 1): Gwet 2008, (30) to (36); 2014, section 5.4.
double linearised_variance(const std::vector<Case>& cases, const GwetAc& ac, double scale,
                           const std::vector<double>& pi) {
    const auto n = static_cast<double>(cases.size());
    const auto several = static_cast<double>(
        std::count_if(cases.begin(), cases.end(), [](const Case& one) { return one.raters >= 2; }));
    double out = 0;
    for (const Case& one : cases) {
        double chance = 0;
        for (std::size_t k = 0; k < pi.size(); ++k) chance += scale * one.shares[k] * (1 - pi[k]);
        const double expected = one.raters >= 2 ? *ac.pe : 0;
        const double direct = n / several * (one.agreement - expected) / (1 - *ac.pe);
        const double mine = direct - 2 * (1 - *ac.coefficient) * (chance - *ac.pe) / (1 - *ac.pe);
        out += std::pow(mine - *ac.coefficient, 2);
    }
    return out / (n * (n - 1));
}

}  // namespace

GwetAc gwet_ac_counts(const Matrix& counts, const Matrix& weights, double population) {
    GwetAc out;
    std::vector<Case> cases;
    for (const auto& row : counts)
        if (sum(row) > 0) cases.push_back(weigh_case(row, weights));
    out.n = static_cast<double>(cases.size());
    const auto q = static_cast<double>(weights.size());
    std::vector<double> pi(weights.size());
    double agreement = 0;
    double several = 0;
    for (const Case& one : cases) {
        for (std::size_t k = 0; k < pi.size(); ++k) pi[k] += one.shares[k] / out.n;
        if (one.raters >= 2) {
            agreement += one.agreement;
            several += 1;
        }
    }
    if (several < 1 || weights.size() < 2) {
        out.reason = weights.size() < 2 ? "categories<2" : "no_case_rated_twice";
        return out;
    }
    const double scale = sum(weights) / (q * (q - 1));
    double pe = 0;
    for (const double share : pi) pe += scale * share * (1 - share);
    out.pa = agreement / several;
    out.pe = pe;
    if (1 - pe <= tails::k_guard) {
        out.reason = "pe=1";
        return out;
    }
    out.coefficient = (*out.pa - pe) / (1 - pe);
    if (cases.size() < 2) {
        out.reason = "n<2";
        return out;
    }
    const double fraction = population > 0 ? out.n / population : 0;
    out.se = root((1 - fraction) * linearised_variance(cases, out, scale, pi));
    return out;
}

// Fleiss 1971, (2) to (6).
FleissKappa fleiss_kappa(const Matrix& counts) {
    FleissKappa out;
    if (counts.empty()) {
        out.reason = "n=0";
        return out;
    }
    const double raters = sum(counts.front());
    std::vector<double> totals(counts.front().size());
    double agreement = 0;
    for (const auto& row : counts) {
        if (sum(row) != raters) {
            out.reason = "unequal_number_of_raters";
            return out;
        }
        for (std::size_t k = 0; k < row.size(); ++k) {
            totals[k] += row[k];
            agreement += row[k] * (row[k] - 1);
        }
    }
    if (raters < 2) {
        out.reason = "raters<2";
        return out;
    }
    const auto n = static_cast<double>(counts.size());
    out.pa = agreement / (n * raters * (raters - 1));
    double pe = 0;
    for (const double total : totals) pe += std::pow(total / (n * raters), 2);
    out.pe = pe;
    if (1 - pe <= tails::k_guard)
        out.reason = "pe=1";
    else
        out.kappa = (*out.pa - pe) / (1 - pe);
    return out;
}

}  // namespace duecare::sampling
