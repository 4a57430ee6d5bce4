// The methods of accuracy.hpp by name: JSON in, JSON out.
#include <array>

#include "sampling/accuracy.hpp"
#include "sampling/methods.hpp"
#include "sampling/output.hpp"
#include "sampling/values.hpp"

namespace duecare::sampling {

namespace json = boost::json;

namespace {

double count(const Inputs& in, std::string_view key) {
    return static_cast<double>(in.count(key));
}

void put(json::object& out, const std::string& name, const Rate& rate) {
    out[name] = to_json(rate.value);
    out[name + "_low"] = to_json(rate.low);
    out[name + "_high"] = to_json(rate.high);
}

json::object classification(const Inputs& in) {
    const Confusion counts{count(in, "tp"), count(in, "fp"), count(in, "fn"), count(in, "tn")};
    const RateLimits limits = in.choice("ci_method", {"wilson", "clopper_pearson"}) == 0
                                  ? RateLimits::wilson
                                  : RateLimits::clopper_pearson;
    const Accuracy found = classification_accuracy(counts, to_real(in.conf()), limits);
    json::object out;
    put(out, "sensitivity", found.sensitivity);
    put(out, "specificity", found.specificity);
    put(out, "ppv", found.ppv);
    put(out, "npv", found.npv);
    put(out, "accuracy", found.accuracy);
    put(out, "prevalence", found.prevalence);
    out["lr_positive"] = to_json(found.lr_positive);
    out["lr_negative"] = to_json(found.lr_negative);
    out["f1"] = to_json(found.f1);
    out["youden"] = to_json(found.youden);
    for (const auto& [key, value] : out) {
        if (!value.is_null()) continue;
        add_reason(out, "denominator=0");
        break;
    }
    return out;
}

void put(json::object& out, const std::string& name, const CorrectedRate& rate) {
    out[name] = to_json(rate.value);
    out[name + "_se"] = to_json(rate.se);
    out[name + "_low"] = to_json(rate.low);
    out[name + "_high"] = to_json(rate.high);
}

json::object begg_greenes_method(const Inputs& in) {
    const SelectiveReview review{count(in, "n_pos"),  count(in, "n_neg"),  count(in, "pos_d1"),
                                 count(in, "pos_d0"), count(in, "neg_d1"), count(in, "neg_d0")};
    if (review.pos_d1 + review.pos_d0 > review.n_pos)
        in.fail("n_pos", "More flagged cases were reviewed than there are.");
    if (review.neg_d1 + review.neg_d0 > review.n_neg)
        in.fail("n_neg", "More unflagged cases were reviewed than there are.");
    const BeggGreenes found = begg_greenes(review, to_real(in.conf()), in.flag_or("finite", false));
    json::object out;
    put(out, "sensitivity", found.sensitivity);
    put(out, "specificity", found.specificity);
    out["prevalence"] = to_json(found.prevalence);
    put(out, "ppv", found.found_if_flagged);
    put(out, "missed", found.found_if_unflagged);
    add_reason(out, found.reason);
    return out;
}

json::object rogan_gladen_method(const Inputs& in) {
    KnownAccuracy known{share(in, "se"), share(in, "sp"), {}, {}};
    if (in.has("n_se")) known.n_se = count(in, "n_se");
    if (in.has("n_sp")) known.n_sp = count(in, "n_sp");
    if (known.n_se == 0.0) in.fail("n_se", "Expected is a number from 1 on.");
    if (known.n_sp == 0.0) in.fail("n_sp", "Expected is a number from 1 on.");
    const double x = count(in, "x");
    const double n = count(in, "n");
    if (x > n) in.fail("x", "More were found than were looked at.");
    constexpr std::array k_limits{RoganGladenLimits::delta, RoganGladenLimits::delta,
                                  RoganGladenLimits::delta, RoganGladenLimits::wilson,
                                  RoganGladenLimits::clopper_pearson};
    const RoganGladenLimits limits =
        k_limits.at(in.choice("ci_method", {"delta", "normal", "wald", "wilson", "clopper_pearson"}));
    const RoganGladen found = rogan_gladen(x, n, known, to_real(in.conf()), limits);
    json::object out{{"raw", to_json(found.raw)},
                     {"estimate", to_json(found.estimate)},
                     {"std_error", to_json(found.std_error)},
                     {"ci_low", to_json(found.low)},
                     {"ci_high", to_json(found.high)},
                     {"truncated", found.truncated}};
    if (!found.raw) out["truncated"] = nullptr;
    json::array warnings;
    if (limits != RoganGladenLimits::delta && (known.n_se || known.n_sp))
        warnings.emplace_back("The limits take se and sp as known exactly; they are too narrow.");
    out["warnings"] = std::move(warnings);
    add_reason(out, found.reason);
    return out;
}

constexpr std::array<Method, 3> k_accuracy_methods{{
    {"classification_accuracy", &classification, "tp fp fn tn conf ci_method"},
    {"begg_greenes", &begg_greenes_method, "n_pos n_neg pos_d1 pos_d0 neg_d1 neg_d0 finite conf"},
    {"rogan_gladen", &rogan_gladen_method, "x n se sp n_se n_sp conf ci_method"},
}};

}  // namespace

std::span<const Method> accuracy_methods() noexcept {
    return k_accuracy_methods;
}

}  // namespace duecare::sampling
