#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "sampling/calculate.hpp"

namespace duecare::sampling {
namespace {

boost::json::object made_by(std::string_view method, const std::string& inputs) {
    return boost::json::parse(calculate(method, "{" + inputs + "}")).as_object();
}

double at(const boost::json::object& made, std::string_view name) {
    return made.at(name).to_number<double>();
}

bool warns(const boost::json::object& made, std::string_view words) {
    for (const boost::json::value& text : made.at("warnings").as_array())
        if (std::string_view(text.as_string()).find(words) != std::string_view::npos) return true;
    return false;
}

TEST(Estimators, LimitsOfRatesAreCutAtBothEnds) {
    const std::string rest = R"("x": [1,1,1,1,1,1,1,1,1,1], "N": 1000, "x_bar_pop": 0.5)";
    const auto low = made_by("estimate_difference", R"("y": [0,0,0,0,0,0,0,0,0,1], )" + rest);
    EXPECT_DOUBLE_EQ(at(low, "estimate"), -0.4);
    EXPECT_EQ(at(low, "ci_low"), 0);
    EXPECT_EQ(at(low, "ci_high"), 0);
    const auto alike = made_by("estimate_difference", R"("y": [0,0,0,0,0,0,0,0,0,0], )" + rest);
    EXPECT_EQ(at(alike, "ci_high"), 0);
    const auto high =
        made_by("estimate_ratio", R"("y": [1,1,1,0], "x": [1,1,0,0], "N": 100, "x_bar_pop": 0.99)");
    EXPECT_EQ(at(high, "ci_high"), 1);
    const std::string pi = R"(, "pi": [0.2,0.2,0.2,0.2])";
    EXPECT_EQ(at(made_by("estimate_hajek", R"("y": [1,0,0,0])" + pi), "ci_low"), 0);
    EXPECT_EQ(at(made_by("estimate_hajek", R"("y": [1,1,1,0])" + pi), "ci_high"), 1);
    const auto grades = made_by("estimate_hajek", R"("y": [3,0,0,0], "pi": [0.1,0.5,0.5,0.5])");
    EXPECT_GT(at(grades, "ci_high"), 1);
}

TEST(Estimators, ACensusHasNoError) {
    for (const std::string kind : {"difference", "regression"}) {
        for (const std::string y : {"[1]", "[1,0,0]"}) {
            const std::string n = y == "[1]" ? "1" : "3";
            const auto made = made_by("estimate_two_phase", R"("method": ")" + kind + R"(", "y": )" + y +
                                                                R"(, "x": )" + y + R"(, "n1": )" + n +
                                                                R"(, "N": )" + n + R"(, "x_bar_phase1": )" +
                                                                (n == "1" ? "1" : "0.3333333333333333"));
            EXPECT_EQ(at(made, "se"), 0) << kind << y;
            EXPECT_EQ(at(made, "ci_low"), at(made, "ci_high"));
        }
    }
    const auto one = made_by("estimate_two_phase",
                             R"("method": "stratification", "n1_h": [1], "n2_h": [1], "x_h": [1], "N": 1)");
    EXPECT_EQ(at(one, "se"), 0);
    EXPECT_EQ(at(one, "ci_low"), 1);
    const auto strata = made_by("estimate_two_phase",
                                R"("method": "stratification", "n1_h": [1,2], "n2_h": [1,2], "x_h": [1,0])"
                                R"(, "N": 3)");
    EXPECT_EQ(at(strata, "se"), 0);
}

TEST(Estimators, EachSaysWhatItRestsOn) {
    const std::string paired = R"("y": [0,1,0,0], "x": [0,1,1,0], "x_bar_pop": 0.5)";
    const std::string weighted = R"("y": [0,1,0,0], "pi": [0.1,0.2,0.3,0.4])";
    const std::string strata = R"("strata": [{"N": 10, "n": 4, "x": 1}])";
    for (const auto& [method, inputs] :
         {std::pair<std::string, std::string>{"ht", weighted},
          {"hajek", weighted},
          {"difference", paired},
          {"ratio", paired},
          {"regression", paired},
          {"poststratified", strata},
          {"stratified", strata},
          {"srs", R"("n": 4, "x": 1)"},
          {"two_phase", R"("y": [0,1], "x": [0,0], "n1": 3, "x_bar_phase1": 1)"}}) {
        const auto made = made_by("estimate_" + method, inputs);
        for (const std::string_view name :
             {"estimate", "se", "ci_low", "ci_high", "conf", "method", "n", "N", "df", "design", "warnings"})
            EXPECT_TRUE(made.contains(name)) << method << " " << name;
    }
    const auto total = made_by("estimate_ht", weighted);
    EXPECT_DOUBLE_EQ(at(total, "estimate"), 5);
    EXPECT_TRUE(total.at("df").is_null());
    EXPECT_TRUE(warns(made_by("estimate_hajek", R"("y": [0,0], "pi": [0.1,0.2])"), "Use an exact interval"));
}

TEST(Estimators, AgreementIsNoProofForTheRest) {
    const auto agree =
        made_by("estimate_difference", R"("y": [0,1,0,1], "x": [0,1,0,1], "x_bar_pop": 0.5, "N": 20)");
    EXPECT_TRUE(warns(agree, "agree on all"));
    const auto& bound = agree.at("disagreement").as_object();
    EXPECT_EQ(bound.at("method").as_string(), "hypergeometric_bounds");
    EXPECT_EQ(at(bound, "low"), 0);
    EXPECT_DOUBLE_EQ(
        at(bound, "high"),
        at(made_by("hypergeometric_bounds", R"("N": 20, "n": 4, "x": 0, "side": "upper")"), "rate_high"));
    const auto apart =
        made_by("estimate_difference", R"("y": [1,2,3], "x": [2,3,4], "x_bar_pop": 2, "N": 20)");
    EXPECT_FALSE(warns(apart, "agree"));
    EXPECT_TRUE(warns(apart, "exactly"));
    EXPECT_FALSE(apart.contains("disagreement"));
}

TEST(Estimators, NothingFoundInAnyStratumHasAnInterval) {
    const std::string strata = R"("strata": [{"N": 100, "n": 20, "x": 0}, {"N": 300, "n": 30, "x": 0}])";
    const auto none = made_by("estimate_stratified", strata);
    const auto& interval = none.at("interval").as_object();
    EXPECT_EQ(interval.at("method").as_string(), "korn_graubard");
    EXPECT_EQ(interval.at("high"), made_by("stratified_proportion_interval", strata).at("high"));
    const auto single = made_by("estimate_stratified",
                                R"("strata": [{"N": 100, "n": 1, "x": 0}, {"N": 300, "n": 9, "x": 0}])");
    EXPECT_EQ(single.at("interval").as_object().at("method").as_string(), "bonferroni_exact");
    const auto some = made_by("estimate_stratified", R"("strata": [{"N": 100, "n": 20, "x": 1}])");
    EXPECT_FALSE(some.contains("interval"));
    const auto census = made_by("estimate_stratified", R"("strata": [{"N": 9, "n": 9, "x": 0}])");
    EXPECT_FALSE(census.contains("interval"));
}

}  // namespace
}  // namespace duecare::sampling
