// What the header promises to threads: one policy, caseload and result used by many at once, each with its
// own readers; monitors of one policy, one a thread; a token that another thread cancels; objects freed by
// whichever thread is last. Meant for ThreadSanitizer; the results are compared besides.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "duecare/duecare.hpp"
#include "fixture.h"

namespace dc = duecare::host;

namespace {

constexpr int k_threads = 4;

template <typename Body>
void at_once(Body body) {
    std::vector<std::thread> threads;
    std::atomic<int> waiting{k_threads};
    for (int i = 0; i < k_threads; ++i) {
        threads.emplace_back([&, i] {
            --waiting;
            while (waiting.load() != 0) std::this_thread::yield();
            body(i);
        });
    }
    for (std::thread& thread : threads) thread.join();
}

std::string cases(int count) {
    std::string out;
    for (int i = 0; i < count; ++i) {
        out += R"({"format":"duecare.case/1","id":"MC-)" + std::to_string(i) +
               R"(","persons":[{"id":"P1"},{"id":"P2"}],"events":[{"id":"e1","type":"missing.returned",)"
               R"("occurred_at":"2023-01-10T08:00:00Z"},{"id":"e2","type":"interview.return_home",)"
               R"("occurred_at":"2023-01-12T16:30:00Z","subjects":["P1"]}]})"
               "\n";
    }
    return out;
}

class Threads : public testing::Test {
  protected:
    Threads() : policy(dc::Policy::compile(k_policy, "policy.json")) {
        caseload.read(cases(200), "cases");
        options.verdicts = DUECARE_VERDICTS_ALL;
    }
    dc::Policy policy;
    dc::Caseload caseload;
    dc::AuditOptions options;
};

TEST_F(Threads, AuditOnePolicyAndOneCaseload) {
    const std::string alone = dc::audit(policy, caseload, options).json_lines();
    std::vector<std::string> found(k_threads);
    at_once([&](int i) {
        for (int round = 0; round < 4; ++round) {
            dc::AuditOptions own = options;
            own.threads = static_cast<std::uint32_t>(i % 2 == 0 ? 0 : 2);
            found[static_cast<std::size_t>(i)] = dc::audit(policy, caseload, own).json_lines();
        }
    });
    for (const std::string& one : found) EXPECT_EQ(one, alone);
}

TEST_F(Threads, ReadOneResult) {
    const dc::Result result = dc::audit(policy, caseload, options);
    const std::string alone = result.json_lines();
    std::atomic<std::uint64_t> findings{0};
    at_once([&](int) {
        for (const dc::Finding& finding : result.findings()) {
            if (!finding.explanation.empty()) ++findings;
        }
        EXPECT_EQ(result.json_lines(), alone);
        EXPECT_EQ(result.explain("MC-7", "return-interview").text().empty(), false);
    });
    EXPECT_EQ(findings.load(), k_threads * result.finding_count());
}

// One reader is `const` to its exports, so that threads may share it as well.
TEST_F(Threads, ShareOneReader) {
    const dc::Result result = dc::audit(policy, caseload, options);
    duecare_finding* finding = nullptr;
    ASSERT_EQ(duecare_finding_new(result.native(), &finding, nullptr), DUECARE_STATUS_OK);
    ASSERT_EQ(duecare_finding_at(finding, 3, nullptr), DUECARE_STATUS_OK);
    at_once([&](int) {
        duecare_text* text = nullptr;
        ASSERT_EQ(duecare_text_new(&text, nullptr), DUECARE_STATUS_OK);
        for (int round = 0; round < 50; ++round) {
            EXPECT_EQ(duecare_finding_export_explanation(finding, text, nullptr), DUECARE_STATUS_OK);
            EXPECT_EQ(duecare_finding_export_json(finding, text, nullptr), DUECARE_STATUS_OK);
        }
        duecare_text_free(text);
    });
    duecare_finding_free(finding);
}

TEST_F(Threads, MonitorEachItsOwn) {
    std::vector<std::string> snapshots(k_threads);
    at_once([&](int i) {
        dc::Monitor monitor(policy, 1'673'337'600'000'000);
        const std::string text = cases(30);
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = text.find('\n', begin);
            EXPECT_EQ(monitor.push_document(std::string_view(text).substr(begin, end - begin)).size(), 2U);
            begin = end + 1;
        }
        EXPECT_EQ(monitor.set_clock(1'674'000'000'000'000).size(), 60U);  // one met, one missed
        const std::string bytes = monitor.snapshot();
        snapshots[static_cast<std::size_t>(i)] = dc::Monitor::restore(policy, bytes).snapshot();
    });
    for (const std::string& one : snapshots) EXPECT_EQ(one, snapshots[0]);
}

TEST_F(Threads, CancelFromAnother) {
    caseload = dc::Caseload();
    caseload.read(cases(3000), "cases");
    duecare_token* token = nullptr;
    ASSERT_EQ(duecare_token_new(&token, nullptr), DUECARE_STATUS_OK);
    at_once([&](int i) {
        if (i == 0) {
            duecare_token_cancel(token);
            EXPECT_EQ(duecare_token_get_cancelled(token), 1);
            return;
        }
        duecare_audit_options own = DUECARE_AUDIT_OPTIONS_INIT;
        own.token = token;
        own.threads = 2;
        duecare_result* result = nullptr;
        const duecare_status status =
            duecare_audit_run(policy.native(), caseload.native(), &own, &result, nullptr);
        EXPECT_TRUE(status == DUECARE_STATUS_OK || status == DUECARE_STATUS_CANCELLED);
        EXPECT_EQ(status == DUECARE_STATUS_OK, result != nullptr);
        duecare_result_free(result);
    });
    duecare_token_free(token);
}

TEST_F(Threads, FreeWhatOthersStillUse) {
    std::vector<dc::Result> results;
    for (int i = 0; i < k_threads; ++i) results.push_back(dc::audit(policy, caseload, options));
    caseload = dc::Caseload();
    policy = dc::Policy::compile(k_policy, "another");
    at_once([&](int i) {
        const dc::Result own = std::move(results[static_cast<std::size_t>(i)]);
        EXPECT_EQ(own.finding_count(), 400U);
        EXPECT_FALSE(own.json_lines().empty());
    });
    (void)k_caseload;
}

}  // namespace
