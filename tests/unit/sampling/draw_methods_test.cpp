#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "sampling/calculate.hpp"

namespace duecare::sampling {
namespace {

namespace json = boost::json;

constexpr const char* k_ids10 =
    R"("ids": ["C1","C2","C3","C4","C5","C6","C7","C8","C9","C10"], "seed": "31415926535897932384")";
constexpr const char* k_sizes10 = R"("sizes": [10,25,400,5,60,15,30,0,45,20])";

json::object run(std::string_view method, const std::string& inputs) {
    return json::parse(calculate(method, "{" + inputs + "}")).as_object();
}

json::object draw(const std::string& op, const std::string& inputs) {
    return run("ticket_draw", R"("op": ")" + op + "\", " + k_ids10 + ", " + inputs);
}

std::string refusal(std::string_view method, const std::string& inputs) {
    try {
        static_cast<void>(run(method, inputs));
    } catch (const Error& error) {
        return error.pointer() + ": " + error.what();
    }
    return "";
}

std::vector<std::string> sorted(const json::value& ids) {
    std::vector<std::string> out;
    for (const json::value& id : ids.as_array()) out.emplace_back(id.as_string());
    std::sort(out.begin(), out.end());
    return out;
}

// What the longer draw has and the shorter has not, sorted.
std::vector<std::string> rest_of(const json::object& longer, const json::object& shorter) {
    const std::vector<std::string> all = sorted(longer.at("selected"));
    const std::vector<std::string> some = sorted(shorter.at("selected"));
    std::vector<std::string> out;
    std::set_difference(all.begin(), all.end(), some.begin(), some.end(), std::back_inserter(out));
    EXPECT_EQ(out.size() + some.size(), all.size());  // the old sample is part of the new one
    return out;
}

TEST(Methods, AreFoundByName) {
    EXPECT_NE(refusal("ticket_drew", "").find("Did you mean \"ticket_draw\"?"), std::string::npos);
    EXPECT_NE(refusal("ticket_draw", R"("op": "sequentialpoisson")").find("sequential_poisson"),
              std::string::npos);
    EXPECT_NE(refusal("ticket_draw", R"("op": "srs", "seed": "31415926535897932384", "n": 1)")
                  .find("\"ids\" is missing"),
              std::string::npos);
    EXPECT_THROW(static_cast<void>(calculate("ticket_draw", "[]")), Error);
}

TEST(Methods, ExtensionIsTheRestOfTheLongerDraw) {
    for (const std::string& sizes : {std::string(), std::string(k_sizes10) + ", "}) {
        const std::string op = sizes.empty() ? "srs" : "sequential_poisson";
        const json::object few = draw(op, sizes + R"("n": 3)");
        const json::object many = draw("draw_" + op, sizes + R"("n": 6)");
        const json::object extended = draw("extend_sample", sizes + R"("n_old": 3, "n_new": 6)");
        // With sizes, ranks move as n grows: certain units come first. Who is selected does not.
        EXPECT_EQ(sorted(extended.at("additional")), rest_of(many, few)) << op;
        EXPECT_EQ(sorted(extended.at("selected")), sorted(many.at("selected"))) << op;
    }
    EXPECT_TRUE(draw("extend", R"("n_old": 3, "n_new": 3)").at("additional").as_array().empty());
}

TEST(Methods, StrataMayBeAnObjectOrAList) {
    const json::object listed =
        draw("stratified", R"("strata": ["a","b","a","b","a","b","a","b","a","b"], "n_h": {"a": 2, "b": 1})");
    const json::object keyed =
        run("ticket_draw", R"("op": "stratified", "seed": "31415926535897932384", "strata":
        {"a": ["C1","C3","C5","C7","C9"], "b": ["C2","C4","C6","C8","C10"]}, "n_h": {"a": 2, "b": 1})");
    EXPECT_EQ(listed.at("selected"), keyed.at("selected"));
    const json::object more = draw("extend", R"("strata": ["a","b","a","b","a","b","a","b","a","b"],
        "n_old": {"a": 2, "b": 1}, "n_new": {"a": 2, "b": 3})");
    EXPECT_TRUE(more.at("additional").at("a").as_array().empty());
    EXPECT_EQ(more.at("additional").at("b").as_array().size(), 2U);
}

TEST(Methods, WhatIsOutOfScopeIsSkipped) {
    const json::array all = draw("srs", R"("n": 10)").at("selected").as_array();
    const std::string out = json::serialize(json::array{all[0], all[2]});
    const json::object made = draw("replace", R"("n": 3, "out_of_scope": )" + out);
    EXPECT_EQ(made.at("selected").as_array(), (json::array{all[1], all[3], all[4]}));
    EXPECT_EQ(made.at("skipped").as_array(), (json::array{all[0], all[2]}));
}

TEST(Methods, CertaintyAndWhatCannotBeDrawn) {
    for (const char* op : {"sequential_poisson", "pareto", "pps_systematic", "sampford", "poisson"}) {
        const json::object made = draw(op, std::string(k_sizes10) + R"(, "n": 4)");
        EXPECT_EQ(made.at("certainty").as_array(), json::array{"C3"}) << op;
        EXPECT_EQ(made.at("not_covered").as_array(), json::array{"C8"}) << op;
    }
    EXPECT_NE(refusal("ticket_draw",
                      std::string(R"("op": "pareto", )") + k_ids10 + ", " + k_sizes10 + R"(, "n": 10)")
                  .find("9 of 10 units have a size above 0"),
              std::string::npos);
}

TEST(Methods, PoissonByProbabilities) {
    const json::object made = draw("poisson", R"("pi": [1, 0, 1.0, "0", 0.0, 1, 0, 0, 0, 1])");
    EXPECT_EQ(made.at("selected").as_array(), (json::array{"C1", "C3", "C6", "C10"}));
    EXPECT_NE(refusal("ticket_draw",
                      std::string(R"("op": "poisson", )") + k_ids10 + R"(, "pi": [1.5,0,0,0,0,0,0,0,0,0])")
                  .find("above 1"),
              std::string::npos);
}

TEST(Methods, PoissonByProbabilitiesSkipsWhatIsOutOfScope) {
    const json::object made = draw("poisson", R"("pi": [1,0,1,0,0,1,0,0,0,1], "out_of_scope": ["C3", "C4"])");
    EXPECT_EQ(made.at("selected").as_array(), (json::array{"C1", "C6", "C10"}));
    EXPECT_EQ(made.at("skipped").as_array(), (json::array{"C3"}));
}

TEST(Methods, NumbersMayHaveAnExponentOrBeQuotients) {
    const json::object tenth = run("sample_size_attribute", R"("tolerable_rate": "0.1", "risk": "0.05")");
    for (const std::string same : {"1e-1", "1E-1", "0.01E+1", "0.001e002", "1/10", "10/100"})
        EXPECT_EQ(run("sample_size_attribute", R"("tolerable_rate": ")" + same + R"(", "risk": "1/20")"),
                  tenth);
    EXPECT_EQ(run("estimate_srs", R"("y": ["1/4", "-3/4", "5e-1"], "N": "1E2")"),
              run("estimate_srs", R"("y": [0.25, -0.75, 0.5], "N": 100)"));
    for (const std::string bad :
         {"1e", "e1", "1e1000", "1e-", "1/0", "1/", "/2", "1/2/3", "1.5/2", "-1/2", "1e1.5"})
        EXPECT_NE(refusal("sample_size_attribute", R"("tolerable_rate": ")" + bad + "\"").find("Expected is"),
                  std::string::npos)
            << bad;
    EXPECT_NE(refusal("estimate_srs", R"("y": [1, "1)" + std::string(350, '0') + R"(/3"])").find("too large"),
              std::string::npos);
}

TEST(Methods, RivestsSamplerKeepsEveryDigit) {
    const std::string inputs = R"("seed": "1", "n": 4, "total": )";
    // 1 + SHA-256("1,1") mod total, and so on.
    EXPECT_EQ(calculate("rivest_sampler", "{" + inputs + "36893488147419103232}"),
              calculate("rivest_sampler", "{" + inputs + "\"36893488147419103232\"}"));
    EXPECT_EQ(
        calculate("rivest_sampler", "{" + inputs + "18446744073709551617}"),
        R"({"selected":[18218165806491468044,3751393104928754608,5316376067909052684,7519011664960169919]})");
    EXPECT_EQ(calculate("rivest_sampler", "{" + inputs + "1e3}"),
              calculate("rivest_sampler", "{" + inputs + "1000}"));
}

TEST(Methods, SizesInDecimalsAreScaledExactly) {
    EXPECT_EQ(run("inclusion_probabilities", R"("sizes": [0.1, "0.2", 0.3, 6], "n": 2)"),
              run("inclusion_probabilities", R"("sizes": [1, 2, 3, 60], "n": 2)"));
    EXPECT_EQ(run("pps_systematic_select", R"("sizes": [0.7, 0.3, 0.4], "n": 2, "start": 0.1)"),
              run("pps_systematic_select", R"("sizes": [7, 3, 4], "n": 2, "start": 1)"));
    EXPECT_EQ(run("inclusion_probabilities", R"("sizes": [900, 330, 40, 30, 20, 10], "n": 3)")
                  .at("certainty")
                  .as_array(),
              (json::array{0, 1}));
    EXPECT_NE(
        refusal("inclusion_probabilities", R"("sizes": [1, -2], "n": 1)").find("/sizes/1: -2 is below 0"),
        std::string::npos);
}

TEST(Methods, DigestOfAFrame) {
    const json::object made = run("ticket_draw", R"("op": "frame_digest", "seed": "", "frame":
        [{"id": "CASE-0010", "stratum": "north", "size": 3}, {"id": "CASE-0002", "stratum": "south", "size": 11},
         {"id": "Fall-ä/7", "stratum": null}])");
    EXPECT_EQ(made.at("digest"), "dcea6838ab41fe2eaa3181d1952ce7cea7cc1784d41e684ec936b4007ca1d659");
    EXPECT_NE(
        refusal("ticket_draw", R"("op": "frame_digest", "frame": [{"id": "a"}, {"id": "a"}])").find("twice"),
        std::string::npos);
}

TEST(Methods, JointProbabilities) {
    const json::object made = run("pps_systematic_joint", R"("sizes": [5,3,4,6,2], "n": 2)");
    EXPECT_EQ(made.at("zero_pairs"), 6);
    EXPECT_EQ(made.at("pi").as_array().size(), 5U);
    EXPECT_EQ(run("sampford_joint", R"("sizes": [100,3,4], "n": 2)").at("joint").as_array().size(), 3U);
    EXPECT_EQ(run("rivest_sampler", R"("seed": "999999999999999999999999", "n": 3, "total": 1000)")
                  .at("selected")
                  .as_array(),
              (json::array{544, 800, 654}));
}

}  // namespace
}  // namespace duecare::sampling
