// Changes over time: EWMA, CUSUM, and false discovery control over many tests. Positions are 0-based.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace duecare::sampling {

enum class EwmaLimits { exact, asymptotic };

struct EwmaPlan {
    double lambda = 0.2;  ///< in (0, 1]
    double width = 3;     ///< L, in standard deviations
    EwmaLimits limits = EwmaLimits::exact;
};

struct EwmaChart {
    std::vector<double> ewma;
    std::vector<std::optional<double>> lower;  ///< nothing at a gap
    std::vector<std::optional<double>> upper;
    std::vector<std::size_t> signals;
};
[[nodiscard]] EwmaChart ewma_chart(std::span<const double> x, double mu0, double sigma, const EwmaPlan& plan);
/// Of rates x/n around p0; n = 0 is a gap. @pre x and n are equally long.
[[nodiscard]] EwmaChart ewma_chart_of_rates(std::span<const double> x, std::span<const double> n, double p0,
                                            const EwmaPlan& plan);

struct Cusum {
    std::vector<double> up;
    std::vector<double> down;
    std::vector<std::size_t> signals;
};
/// k and h in the units of x.
[[nodiscard]] Cusum cusum_chart(std::span<const double> x, double mu0, double k, double h);
/// Log-likelihood ratio of p1 against p0 from x events in n; only `up` is filled. 0 < p0, p1 < 1.
[[nodiscard]] Cusum llr_cusum(std::span<const double> x, std::span<const double> n, double p0, double p1,
                              double h);

enum class Dependence { positive, arbitrary };

struct Discoveries {
    std::vector<std::optional<double>> adjusted;  ///< nothing where p is missing
    std::vector<std::size_t> rejected;
    std::size_t tests = 0;  ///< m, without the missing ones
};
[[nodiscard]] Discoveries benjamini_hochberg(std::span<const std::optional<double>> p, double q,
                                             Dependence dependence);

}  // namespace duecare::sampling
