// Runs the conformance vectors through duecare.hpp alone, with one thread and with several, and compares
// every field of every finding as a value. A test for each vector, so that a failure names it.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "duecare/duecare.hpp"
#include "vectors.hpp"

namespace dc = duecare::host;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

std::string lines_of(const json::array& documents) {
    std::string out;
    for (const json::value& document : documents) {
        out += document.is_string() ? std::string(document.as_string()) : json::serialize(document);
        out += '\n';
    }
    return out;
}

json::value nullable(const std::optional<std::string>& text) {
    return text ? json::value(json::string(*text)) : json::value();
}
json::value nullable(const std::optional<dc::Instant>& instant) {
    return instant ? json::value(json::string(dc::format_instant(*instant))) : json::value();
}
json::array list(const std::vector<std::string>& texts) {
    json::array out;
    for (const std::string& text : texts) out.push_back(json::string(text));
    return out;
}

json::object fields_of(const dc::Finding& finding) {
    return {{"case_id", finding.case_id},
            {"duty_id", finding.duty_id},
            {"key", nullable(finding.key)},
            {"verdict", dc::name(finding.verdict)},
            {"opened_at", dc::format_instant(finding.opened_at)},
            {"due_at", nullable(finding.due_at)},
            {"ended_at", nullable(finding.ended_at)},
            {"overdue_seconds", finding.overdue_seconds},
            {"elapsed_seconds", finding.elapsed_seconds},
            {"missed_periods", finding.missed_periods},
            {"trigger_event", nullable(finding.trigger_event)},
            {"ending_event", nullable(finding.ending_event)},
            {"flags", list(finding.flags)},
            {"reason", nullable(finding.reason)},
            {"evidence", list(finding.evidence)},
            {"owner", nullable(finding.owner)}};
}

class Conformance : public testing::TestWithParam<fs::path> {
  protected:
    void SetUp() override {
        vector_ = json::parse(read_file(GetParam())).as_object();
        dc::Compiler compiler;
        if (const json::value* layers = vector_.if_contains("policies")) {
            for (const json::value& layer : layers->as_array()) compiler.add_layer(json::serialize(layer));
        }
        policy_.emplace(compiler.compile(json::serialize(vector_.at("policy")), "policy.json"));
        caseload_.read(lines_of(vector_.at("caseload").as_array()), "caseload.jsonl");
        options_.verdicts = dc::k_all_verdicts;
        options_.as_of = policy_->parse_instant(vector_.at("as_of").as_string());
        if (const json::value* known_at = vector_.if_contains("known_at");
            known_at != nullptr && known_at->is_string()) {
            options_.known_at = policy_->parse_instant(known_at->as_string());
        }
    }

    json::object vector_;
    std::optional<dc::Policy> policy_;
    dc::Caseload caseload_;
    dc::AuditOptions options_;
};

TEST_P(Conformance, Findings) {
    json::array found;
    const dc::Result result = dc::audit(*policy_, caseload_, options_);
    for (const dc::Finding& finding : result.findings()) {
        EXPECT_FALSE(finding.explanation.empty());
        found.push_back(fields_of(finding));
    }
    EXPECT_EQ(json::value(found), vector_.at("expect")) << json::serialize(found);
}

TEST_P(Conformance, Rejects) {
    json::array found;
    for (const dc::Reject& reject : caseload_.rejects()) {
        EXPECT_FALSE(reject.reason.empty());
        found.push_back(json::object{{"line", reject.line}});
    }
    const json::value* expected = vector_.if_contains("expect_rejects");
    EXPECT_EQ(json::value(found), expected == nullptr ? json::value(json::array()) : *expected);
}

TEST_P(Conformance, SameBytesForAnyNumberOfThreads) {
    const std::string one = dc::audit(*policy_, caseload_, options_).json_lines();
    for (const std::uint32_t threads : {2U, 5U, DUECARE_THREADS_MACHINE}) {
        options_.threads = threads;
        EXPECT_EQ(dc::audit(*policy_, caseload_, options_).json_lines(), one);
    }
}

TEST_P(Conformance, CountsAddUp) {
    const dc::Result result = dc::audit(*policy_, caseload_, options_);
    std::uint64_t counted = 0;
    for (std::size_t duty = 0; duty < policy_->duty_count(); ++duty) {
        for (std::size_t verdict = 0; verdict < dc::k_verdicts; ++verdict) {
            counted += result.count(duty, static_cast<dc::Verdict>(verdict));
        }
    }
    EXPECT_EQ(counted, result.finding_count());
}

std::string test_name(const testing::TestParamInfo<fs::path>& info) {
    std::string out = info.param.stem().string();
    for (char& c : out) {
        if (c == '-' || c == '.') c = '_';
    }
    return out;
}

// Without vectors GoogleTest fails the suite as not instantiated.
INSTANTIATE_TEST_SUITE_P(Vectors, Conformance, testing::ValuesIn(vectors()), test_name);

}  // namespace
