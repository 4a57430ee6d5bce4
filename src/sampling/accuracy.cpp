#include "sampling/accuracy.hpp"

#include <algorithm>
#include <cmath>

#include "sampling/tails.hpp"

namespace duecare::sampling {

namespace {

std::optional<double> ratio(double top, double bottom) {
    if (!(bottom > 0)) return {};
    return top / bottom;
}

}  // namespace

// Wilson 1927; Clopper & Pearson 1934.
Rate rate_of(double x, double n, double conf, RateLimits limits) {
    if (!(n > 0)) return {};
    const double p = x / n;
    Rate out{p, 0, 1};
    if (limits == RateLimits::clopper_pearson) {
        const double tail = (1 - conf) / 2;
        if (x > 0) out.low = tails::beta_quantile(tail, x, n - x + 1);
        if (x < n) out.high = tails::beta_quantile_above(tail, x + 1, n - x);
        return out;
    }
    const double z = tails::two_sided_z(conf);
    const double center = (x + z * z / 2) / (n + z * z);
    const double half = z * std::sqrt(n) / (n + z * z) * std::sqrt(p * (1 - p) + z * z / (4 * n));
    if (x > 0) out.low = std::max(0.0, center - half);
    if (x < n) out.high = std::min(1.0, center + half);
    return out;
}

// Altman & Bland 1994 (BMJ 308:1552, 309:102); Youden 1950.
Accuracy classification_accuracy(const Confusion& counts, double conf, RateLimits limits) {
    const auto& [tp, fp, fn, tn] = counts;
    Accuracy out;
    out.sensitivity = rate_of(tp, tp + fn, conf, limits);
    out.specificity = rate_of(tn, tn + fp, conf, limits);
    out.ppv = rate_of(tp, tp + fp, conf, limits);
    out.npv = rate_of(tn, tn + fn, conf, limits);
    out.accuracy = rate_of(tp + tn, tp + fp + fn + tn, conf, limits);
    out.prevalence = rate_of(tp + fn, tp + fp + fn + tn, conf, limits);
    out.f1 = ratio(2 * tp, 2 * tp + fp + fn);
    if (!out.sensitivity.value || !out.specificity.value) return out;
    out.youden = *out.sensitivity.value + *out.specificity.value - 1;
    // From the counts, so that a specificity of exactly 1 divides by exactly 0.
    out.lr_positive = ratio(*out.sensitivity.value, fp / (tn + fp));
    out.lr_negative = ratio(fn / (tp + fn), *out.specificity.value);
    return out;
}

namespace {

/// Shares a and b of deviations among flagged and others, each from m reviewed cases of n.
struct Reviewed {
    double share;
    double m;
    double n;
};

/// The rate top/bottom with the variance of its logit; a and b are the shares that it rests on.
CorrectedRate correct(double top, double bottom, const Reviewed& pos, const Reviewed& neg, double a, double b,
                      double conf, bool finite) {
    CorrectedRate out{ratio(top, bottom), {}, {}, {}};
    const bool inner = a > 0 && a < 1 && b > 0 && b < 1;
    if (!out.value || !inner) return out;
    const auto part = [finite](double odds, const Reviewed& group) {
        if (!finite) return odds / group.m;
        const double unseen = 1 - group.m / group.n;
        return unseen <= 0 ? 0 : unseen * odds / (group.m - 1);  // m = 1: no variance, the division says so
    };
    double variance = finite ? 0 : (pos.n + neg.n) / (pos.n * neg.n);
    variance += part((1 - a) / a, pos) + part((1 - b) / b, neg);
    const double value = *out.value;
    if (!std::isfinite(variance)) return out;
    const double logit = std::log(value / (1 - value));
    const double half = tails::two_sided_z(conf) * std::sqrt(variance);
    out.se = value * (1 - value) * std::sqrt(variance);
    out.low = 1 / (1 + std::exp(half - logit));
    out.high = 1 / (1 + std::exp(-half - logit));
    return out;
}

}  // namespace

// Begg & Greenes 1983, (3) and the variance of the logit in their appendix.
BeggGreenes begg_greenes(const SelectiveReview& review, double conf, bool finite) {
    BeggGreenes out;
    const double m_pos = review.pos_d1 + review.pos_d0;
    const double m_neg = review.neg_d1 + review.neg_d0;
    out.found_if_flagged = rate_of(review.pos_d1, m_pos, conf, RateLimits::clopper_pearson);
    out.found_if_unflagged = rate_of(review.neg_d1, m_neg, conf, RateLimits::clopper_pearson);
    if (!(review.n_pos + review.n_neg > 0)) {
        out.reason = "N=0";
        return out;
    }
    if ((review.n_pos > 0 && m_pos <= 0) || (review.n_neg > 0 && m_neg <= 0)) {
        out.reason = "flag_not_reviewed";
        return out;
    }
    const Reviewed pos{out.found_if_flagged.value.value_or(0), m_pos, review.n_pos};
    const Reviewed neg{out.found_if_unflagged.value.value_or(0), m_neg, review.n_neg};
    const double deviations = pos.n * pos.share + neg.n * neg.share;
    out.prevalence = deviations / (pos.n + neg.n);
    const double compliant = pos.n * (1 - pos.share) + neg.n * (1 - neg.share);
    // The variance of the logit is that of log a - log b; for the specificity the shares are those of the
    // others.
    out.sensitivity = correct(pos.n * pos.share, deviations, pos, neg, pos.share, neg.share, conf, finite);
    out.specificity =
        correct(neg.n * (1 - neg.share), compliant, pos, neg, 1 - pos.share, 1 - neg.share, conf, finite);
    if (!out.sensitivity.value || !out.specificity.value)
        out.reason = "denominator=0";
    else if (!out.sensitivity.se)
        out.reason = pos.n <= 0 || neg.n <= 0   ? "one_flag_only"
                     : m_pos <= 1 || m_neg <= 1 ? "n<2"
                                                : "share_is_0_or_1";
    return out;
}

// Rogan & Gladen 1978, (1) and (2); transformed limits: Reiczigel, Foldi & Ozsvari 2010.
RoganGladen rogan_gladen(double x, double n, const KnownAccuracy& known, double conf,
                         RoganGladenLimits limits) {
    RoganGladen out;
    const double youden = known.se + known.sp - 1;
    if (youden <= tails::k_guard || !(n > 0)) {
        out.reason = n > 0 ? "se+sp<=1" : "n=0";
        return out;
    }
    const double t = x / n;
    const auto corrected = [&](double rate) { return (rate + known.sp - 1) / youden; };
    const auto cut = [](double rate) { return std::clamp(rate, 0.0, 1.0); };
    const double p = corrected(t);
    out.raw = p;
    out.estimate = cut(p);
    out.truncated = p < -tails::k_guard || p > 1 + tails::k_guard;
    double variance = t * (1 - t) / n;
    if (known.n_se) variance += p * p * known.se * (1 - known.se) / *known.n_se;
    if (known.n_sp) variance += (1 - p) * (1 - p) * known.sp * (1 - known.sp) / *known.n_sp;
    out.std_error = std::sqrt(variance) / youden;
    if (limits == RoganGladenLimits::delta) {
        const double half = tails::two_sided_z(conf) * *out.std_error;
        out.low = cut(p - half);
        out.high = cut(p + half);
        return out;
    }
    const Rate apparent = rate_of(
        x, n, conf, limits == RoganGladenLimits::wilson ? RateLimits::wilson : RateLimits::clopper_pearson);
    out.low = cut(corrected(*apparent.low));
    out.high = cut(corrected(*apparent.high));
    return out;
}

}  // namespace duecare::sampling
