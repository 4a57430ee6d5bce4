// The methods of agreement.hpp by name: JSON in, JSON out.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "sampling/accuracy.hpp"
#include "sampling/agreement.hpp"
#include "sampling/methods.hpp"
#include "sampling/output.hpp"
#include "sampling/tails.hpp"
#include "sampling/values.hpp"

namespace duecare::sampling {

namespace json = boost::json;

namespace {

Matrix read_table(const Inputs& in) {
    Matrix table = in.matrix("table");
    for (const auto& row : table) {
        if (row.size() != table.size()) in.fail("table", "Expected are as many columns as rows.");
        for (const double cell : row)
            if (cell < 0) in.fail("table", "A count is not below 0.");
    }
    return table;
}

/// `n`, or what the table adds up to: with a table of shares n has to be said.
double cases(const Inputs& in, const Matrix& table) {
    double total = 0;
    for (const auto& row : table)
        for (const double cell : row) total += cell;
    if (in.has("n")) return static_cast<double>(in.count("n"));
    const bool whole = std::all_of(table.begin(), table.end(), [](const auto& row) {
        return std::all_of(row.begin(), row.end(), [](double cell) { return cell == std::floor(cell); });
    });
    if (!whole) in.fail("n", "The table has shares, not counts: give the number of cases as n.");
    return total;
}

Matrix read_weights(const Inputs& in, std::size_t q) {
    constexpr std::array k_kinds{Weights::none, Weights::linear, Weights::quadratic};
    if (!in.has("weights") || !in.at("weights").is_array())
        return agreement_weights(k_kinds.at(in.choice("weights", {"none", "linear", "quadratic"})), q);
    Matrix weights = in.matrix("weights");
    if (weights.size() != q) in.fail("weights", "Expected are as many rows as categories.");
    for (std::size_t i = 0; i < q; ++i) {
        if (weights[i].size() != q) in.fail("weights", "Expected are as many columns as categories.");
        if (weights[i][i] != 1)
            in.fail("weights",
                    "Agreement weights are 1 on the diagonal; of disagreement weights d take 1 - d/max d.");
    }
    return weights;
}

Matrix read_counts(const Inputs& in) {
    Matrix counts = in.matrix("counts");
    for (const auto& row : counts) {
        if (row.size() != counts.front().size()) in.fail("counts", "The rows are not equally long.");
        for (const double cell : row)
            if (cell < 0 || cell != std::floor(cell))
                in.fail("counts", "Expected are whole numbers from 0 on.");
    }
    return counts;
}

json::object percent_agreement(const Inputs& in) {
    const Matrix table = read_table(in);
    const double n = cases(in, table);
    double sum = 0;
    double same = 0;
    for (std::size_t i = 0; i < table.size(); ++i)
        for (std::size_t j = 0; j < table.size(); ++j) {
            sum += table[i][j];
            if (i == j) same += table[i][j];
        }
    const std::string_view key = in.has("ci_method") ? "ci_method" : "method";
    const RateLimits limits =
        in.choice(key, {"wilson", "clopper_pearson"}) == 0 ? RateLimits::wilson : RateLimits::clopper_pearson;
    const double share = sum > 0 ? same / sum : 0;
    const Rate rate = rate_of(share * n, sum > 0 ? n : 0, to_real(in.conf()), limits);
    json::object out{{"agreement", to_json(rate.value)},
                     {"low", to_json(rate.low)},
                     {"high", to_json(rate.high)},
                     {"n", n}};
    if (!rate.value) add_reason(out, "n=0");
    if (table.size() != 2) return out;
    // Cicchetti & Feinstein 1990: agreement among those that one of both puts into the category.
    const auto specific = [&](double both) {
        const double of = 2 * both + table[0][1] + table[1][0];
        return of > 0 ? Maybe(2 * both / of) : Maybe();
    };
    out["positive_agreement"] = to_json(specific(table[0][0]));
    out["negative_agreement"] = to_json(specific(table[1][1]));
    if (!specific(table[0][0]) || !specific(table[1][1]))
        add_reason(out, rate.value ? "denominator=0" : "n=0");
    return out;
}

/// Half the width of an interval in standard errors: `ci` is t with n - 1 df, or normal.
double width(const Inputs& in, double n, bool student) {
    const double conf = to_real(in.conf());
    if (!student) return tails::two_sided_z(conf);
    return n > 1 ? tails::two_sided_t(conf, n - 1) : std::numeric_limits<double>::quiet_NaN();
}

json::object cohen_method(const Inputs& in) {
    const Matrix table = read_table(in);
    const double n = cases(in, table);
    const CohenKappa found = cohen_kappa(table, read_weights(in, table.size()), n);
    json::object out{{"po", to_json(found.po)},
                     {"pe", to_json(found.pe)},
                     {"kappa", to_json(found.kappa)},
                     {"ase", to_json(found.ase)},
                     {"ase0", to_json(found.ase0)},
                     {"ci_low", nullptr},
                     {"ci_high", nullptr},
                     {"n", n}};
    add_reason(out, found.reason);
    const bool student = in.choice("ci", {"normal", "z", "t"}) == 2;
    if (!found.kappa || !found.ase) return out;
    const double half = width(in, n, student) * *found.ase;
    out["ci_low"] = number(*found.kappa - half);
    out["ci_high"] = number(*found.kappa + half);
    return out;
}

json::object gwet_result(const Inputs& in, const GwetAc& found) {
    json::object out{{"pa", to_json(found.pa)},
                     {"pe", to_json(found.pe)},
                     {"coefficient", to_json(found.coefficient)},
                     {"se", to_json(found.se)},
                     {"ci_low", nullptr},
                     {"ci_high", nullptr},
                     {"n", found.n}};
    add_reason(out, found.reason);
    const bool student = in.choice("ci", {"t", "z", "normal"}) == 0;
    if (!found.coefficient || !found.se) return out;
    const double half = width(in, found.n, student) * *found.se;
    out["ci_low"] = number(*found.coefficient - half);
    out["ci_high"] = std::isfinite(half) ? json::value(std::min(1.0, *found.coefficient + half)) : nullptr;
    if (!std::isfinite(half)) add_reason(out, "n<2");
    return out;
}

/// N, at least n; 0 where it is not said.
double population(const Inputs& in, double n) {
    if (!in.has("N")) return 0;
    const auto all = static_cast<double>(in.count("N"));
    if (all < n) in.fail("N", "The population is smaller than the number of cases.");
    return all;
}

json::object gwet_method(const Inputs& in) {
    const Matrix table = read_table(in);
    const double n = cases(in, table);
    const double all = population(in, n);
    return gwet_result(in, gwet_ac(table, read_weights(in, table.size()), n, all > 0 ? n / all : 0));
}

json::object gwet_raw_method(const Inputs& in) {
    const json::value& ratings = in.at("ratings");
    if (!ratings.is_array()) in.fail("ratings", "Expected is a list of rows.");
    std::vector<std::string> categories = labels(in, "categories");
    Matrix counts;
    for (const json::value& row : ratings.get_array()) {
        if (!row.is_array()) in.fail("ratings", "Expected is a list of rows.");
        auto& mine = counts.emplace_back(categories.size());
        for (const json::value& rating : row.get_array()) {
            if (rating.is_null()) continue;
            const std::string name = label(in, "ratings", rating);
            const auto found = std::find(categories.begin(), categories.end(), name);
            if (found == categories.end())
                in.fail("ratings", "\"" + name + "\" is not among the categories.");
            mine[static_cast<std::size_t>(found - categories.begin())] += 1;
        }
    }
    const double all = population(in, 0);
    return gwet_result(in, gwet_ac_counts(counts, read_weights(in, categories.size()), all));
}

json::object fleiss_method(const Inputs& in) {
    const FleissKappa found = fleiss_kappa(read_counts(in));
    json::object out{{"pa", to_json(found.pa)}, {"pe", to_json(found.pe)}, {"kappa", to_json(found.kappa)}};
    add_reason(out, found.reason);
    return out;
}

constexpr std::array<Method, 5> k_agreement_methods{{
    {"percent_agreement", &percent_agreement, "table n conf ci_method method"},
    {"cohen_kappa", &cohen_method, "table weights n conf ci"},
    {"gwet_ac", &gwet_method, "table weights n N conf ci"},
    {"gwet_ac_raw", &gwet_raw_method, "ratings categories weights N conf ci"},
    {"fleiss_kappa", &fleiss_method, "counts"},
}};

}  // namespace

std::span<const Method> agreement_methods() noexcept {
    return k_agreement_methods;
}

}  // namespace duecare::sampling
