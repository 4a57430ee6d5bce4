// Agreement between raters: kappa, AC1/AC2, Fleiss' kappa. Weights are agreement weights: 1 on the diagonal.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace duecare::sampling {

using Matrix = std::vector<std::vector<double>>;

enum class Weights { none, linear, quadratic };
/// Of q categories in their order.
[[nodiscard]] Matrix agreement_weights(Weights kind, std::size_t q);

struct CohenKappa {
    std::optional<double> po;
    std::optional<double> pe;
    std::optional<double> kappa;
    std::optional<double> ase;   ///< for intervals
    std::optional<double> ase0;  ///< for a test of kappa = 0
    std::string_view reason;
};
/// @param table square, rater A in rows; counts or shares. @param n number of cases.
[[nodiscard]] CohenKappa cohen_kappa(const Matrix& table, const Matrix& weights, double n);

struct GwetAc {
    std::optional<double> pa;
    std::optional<double> pe;
    std::optional<double> coefficient;
    std::optional<double> se;
    double n = 0;  ///< cases that count
    std::string_view reason;
};
/// @param fraction sampling fraction n/N, 0 for a population without bound.
[[nodiscard]] GwetAc gwet_ac(const Matrix& table, const Matrix& weights, double n, double fraction);
/// @param counts a row per case: how many raters chose each category; rows without any are left out.
/// @param population N, 0 for one without bound.
[[nodiscard]] GwetAc gwet_ac_counts(const Matrix& counts, const Matrix& weights, double population);

struct FleissKappa {
    std::optional<double> pa;
    std::optional<double> pe;
    std::optional<double> kappa;
    std::string_view reason;
};
[[nodiscard]] FleissKappa fleiss_kappa(const Matrix& counts);

}  // namespace duecare::sampling
