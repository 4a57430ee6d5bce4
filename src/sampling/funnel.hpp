// Teams and periods against a target: funnel limits, overdispersion, p charts, run rules. Positions are
// 0-based.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace duecare::sampling {

enum class FunnelKind { exact_interpolated, exact_discrete, normal };
/// The rate below which a team of n cases lies with probability p when its true rate is theta. n > 0.
[[nodiscard]] double funnel_limit(std::uint64_t n, double theta, double p, FunnelKind kind);

struct FunnelP {
    double value = 1;
    double low = 1;   ///< P(R <= x)
    double high = 1;  ///< P(R >= x)
};
/// @param mid_p subtract P(R = x)/2 from both tails.
[[nodiscard]] FunnelP funnel_p_value(std::uint64_t x, std::uint64_t n, double theta, bool mid_p);

enum class Winsor { order_statistic, quantile7 };
enum class Transform { none, arcsine };

struct OverdispersionPlan {
    double winsorize = 0.1;  ///< share at each end, in [0, 0.5)
    Winsor method = Winsor::order_statistic;
    Transform transform = Transform::none;
    std::optional<double> theta;  ///< nothing: the pooled rate
};

struct Overdispersion {
    std::optional<double> theta;
    std::vector<std::optional<double>> z;  ///< nothing for a team without cases
    std::vector<std::optional<double>> z_winsorized;
    std::vector<std::optional<double>> z_multiplicative;  ///< z / sqrt(max(1, phi))
    std::vector<std::optional<double>> z_additive;        ///< with tau2 in the variance
    std::optional<double> phi;
    std::optional<double> tau2;
    std::size_t teams = 0;            ///< I, those with cases
    std::optional<bool> significant;  ///< I phi above the 95 % point of chi-squared with I df
    std::string_view reason;
};
/// @pre x and n are equally long, x <= n.
[[nodiscard]] Overdispersion overdispersion(std::span<const double> x, std::span<const double> n,
                                            const OverdispersionPlan& plan);

/// Limit of a team of n cases; phi widens its variance, tau2 is added to it (on the scale of the transform).
[[nodiscard]] double funnel_limit_overdispersed(double n, double theta, double p, double phi, double tau2,
                                                Transform transform);

struct PChartPlan {
    double sigmas = 3;
    bool laney = false;
    double d2 = 1.128;
    std::optional<double> center;  ///< of an earlier period; nothing: the pooled rate
};
struct PChart {
    std::optional<double> center;
    std::optional<double> sigma_z;             ///< with laney
    std::vector<std::optional<double>> lower;  ///< nothing for a period without cases
    std::vector<std::optional<double>> upper;
    std::vector<std::size_t> out_of_control;
    std::string_view reason;
};
[[nodiscard]] PChart p_chart(std::span<const double> x, std::span<const double> n, const PChartPlan& plan);

/// Where the eight tests of Nelson 1984 complete; a gap in z breaks each of them.
struct SpcRules {
    std::vector<std::size_t> beyond_3sigma;          ///< 1
    std::vector<std::size_t> nine_same_side;         ///< 2
    std::vector<std::size_t> six_trend;              ///< 3
    std::vector<std::size_t> fourteen_alternating;   ///< 4
    std::vector<std::size_t> two_of_three_2sigma;    ///< 5
    std::vector<std::size_t> four_of_five_1sigma;    ///< 6
    std::vector<std::size_t> fifteen_within_1sigma;  ///< 7
    std::vector<std::size_t> eight_beyond_1sigma;    ///< 8
};
[[nodiscard]] SpcRules spc_rules(std::span<const std::optional<double>> z);

struct Runs {
    std::optional<double> center;
    std::size_t useful = 0;  ///< points off the centre
    std::size_t longest = 0;
    std::size_t crossings = 0;
    std::optional<std::size_t> longest_max;  ///< nothing with fewer than 10 useful points
    std::optional<std::size_t> crossings_min;
    std::optional<bool> signal;
};
/// @param center nothing: the median of y.
[[nodiscard]] Runs runs_analysis(std::span<const double> y, std::optional<double> center);

}  // namespace duecare::sampling
