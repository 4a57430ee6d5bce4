// The methods by name, by group: JSON in, JSON out. What a golden table or a spreadsheet calls; C++ programs
// use the typed functions behind them.
#pragma once

#include <boost/json.hpp>
#include <span>
#include <string_view>

#include "sampling/inputs.hpp"

namespace duecare::sampling {

struct Method {
    std::string_view name;
    /// @throws Error{invalid_argument} with the pointer of the parameter.
    boost::json::object (*call)(const Inputs& in);
    /// Every parameter that it takes, with a space between two; another is an error. Empty: it checks itself.
    std::string_view parameters;
    /// All texts among its results are whole numbers beyond 64 bits, to be written as numbers.
    bool texts_are_numbers = false;
};

/// ticket_draw (with its `op`), rivest_sampler, systematic_select, pps_systematic_select,
/// inclusion_probabilities, pps_systematic_joint, sampford_joint.
[[nodiscard]] std::span<const Method> draw_methods() noexcept;
/// allocate_proportional, allocate_equal, allocate_minimum, allocate_neyman.
[[nodiscard]] std::span<const Method> allocation_methods() noexcept;
/// classification_accuracy, begg_greenes, rogan_gladen.
[[nodiscard]] std::span<const Method> accuracy_methods() noexcept;
/// percent_agreement, cohen_kappa, gwet_ac, gwet_ac_raw, fleiss_kappa.
[[nodiscard]] std::span<const Method> agreement_methods() noexcept;
/// funnel_limits, funnel_p_value, overdispersion, funnel_limits_overdispersed, p_chart, spc_rules,
/// runs_analysis.
[[nodiscard]] std::span<const Method> funnel_methods() noexcept;
/// ewma_chart, cusum_chart, llr_cusum, benjamini_hochberg.
[[nodiscard]] std::span<const Method> chart_methods() noexcept;
/// kaplan_meier, survival_quantile, nelson_aalen, restricted_mean, logrank, aalen_johansen.
[[nodiscard]] std::span<const Method> survival_methods() noexcept;
/// sample_size_attribute, sample_size_discovery, detection_probability, sample_size_proportion,
/// power_two_proportions, detectable_difference.
[[nodiscard]] std::span<const Method> planning_methods() noexcept;
/// proportion_interval, hypergeometric_bounds, stratified_proportion_interval.
[[nodiscard]] std::span<const Method> interval_methods() noexcept;
/// estimate_srs, _stratified, _ht, _hajek, _difference, _ratio, _regression, _poststratified, _two_phase.
[[nodiscard]] std::span<const Method> estimator_methods() noexcept;

}  // namespace duecare::sampling
