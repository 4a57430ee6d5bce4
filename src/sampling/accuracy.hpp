// Machine against human findings: accuracy, correction for selective review, and a rate corrected for errors.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace duecare::sampling {

/// How the limits of a rate are found.
enum class RateLimits { wilson, clopper_pearson };

/// A rate with its interval; nothing where the denominator is 0.
struct Rate {
    std::optional<double> value;
    std::optional<double> low;
    std::optional<double> high;
};
[[nodiscard]] Rate rate_of(double x, double n, double conf, RateLimits limits);

/// Machine (test) against human (truth): true and false positives, false and true negatives.
struct Confusion {
    double tp = 0;
    double fp = 0;
    double fn = 0;
    double tn = 0;
};

struct Accuracy {
    Rate sensitivity;
    Rate specificity;
    Rate ppv;
    Rate npv;
    Rate accuracy;
    Rate prevalence;
    std::optional<double> lr_positive;
    std::optional<double> lr_negative;
    std::optional<double> f1;
    std::optional<double> youden;
};
/// Valid only when the reviewed cases are a random sample of the whole population.
[[nodiscard]] Accuracy classification_accuracy(const Confusion& counts, double conf, RateLimits limits);

/// Cases by machine flag, and what review of some of them found.
struct SelectiveReview {
    double n_pos = 0;   ///< flagged
    double n_neg = 0;   ///< not flagged
    double pos_d1 = 0;  ///< flagged, reviewed, deviation
    double pos_d0 = 0;
    double neg_d1 = 0;
    double neg_d0 = 0;
};

struct CorrectedRate {
    std::optional<double> value;
    std::optional<double> se;
    std::optional<double> low;
    std::optional<double> high;
};

struct BeggGreenes {
    CorrectedRate sensitivity;
    CorrectedRate specificity;
    std::optional<double> prevalence;
    Rate found_if_flagged;    ///< a = P(D|T+), exact limits
    Rate found_if_unflagged;  ///< b = P(D|T-), exact limits
    std::string_view reason;
};
/// @param finite the flags are known for the whole population, of which n_pos + n_neg is all.
[[nodiscard]] BeggGreenes begg_greenes(const SelectiveReview& review, double conf, bool finite);

/// Accuracy of the finding that is counted; without n_se, n_sp it is known exactly.
struct KnownAccuracy {
    double se = 1;
    double sp = 1;
    std::optional<double> n_se;
    std::optional<double> n_sp;
};

enum class RoganGladenLimits { delta, wilson, clopper_pearson };

struct RoganGladen {
    std::optional<double> raw;
    std::optional<double> estimate;  ///< raw, cut to [0, 1]
    std::optional<double> std_error;
    std::optional<double> low;
    std::optional<double> high;
    bool truncated = false;
    std::string_view reason;
};
[[nodiscard]] RoganGladen rogan_gladen(double x, double n, const KnownAccuracy& known, double conf,
                                       RoganGladenLimits limits);

}  // namespace duecare::sampling
