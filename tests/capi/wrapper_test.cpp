// duecare.hpp as C++ uses it: exceptions, callbacks that throw, cancellation, threads, moves. The engine's
// headers are included as well, to see that their names do not meet.
#include <gtest/gtest.h>

#include <atomic>
#include <memory_resource>
#include <thread>

#include "base/error.hpp"
#include "duecare/duecare.hpp"
#include "policy/policy.hpp"

namespace dc = duecare::host;

namespace {

#include "fixture.h"

dc::Caseload many_cases(int count) {
    dc::Caseload caseload;
    caseload.begin("many");
    for (int i = 0; i < count; ++i) {
        caseload.push(R"({"format":"duecare.case/1","id":"C-)" + std::to_string(i) +
                      R"(","persons":[{"id":"P1"}],"events":[{"id":"e1","type":"missing.returned",)" +
                      R"("occurred_at":"2023-01-10T08:00:00Z"}]})" + "\n");
    }
    caseload.finish();
    return caseload;
}

template <typename F>
dc::Error error_of(F&& f) {
    try {
        f();
    } catch (const dc::Error& error) {
        return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return dc::Error({});
}

TEST(Wrapper, AuditsACaseload) {
    const dc::Policy policy = dc::Policy::compile(k_policy, "example.json");
    EXPECT_EQ(policy.id(), "example");
    EXPECT_EQ(policy.duties().at(0).source_status, "illustrative");
    EXPECT_TRUE(policy.warnings().empty());
    EXPECT_THROW((void)policy.duty(1), std::out_of_range);

    dc::Caseload caseload;
    caseload.read(k_caseload, "cases.jsonl");
    EXPECT_EQ(caseload.case_count(), 2U);
    EXPECT_EQ(caseload.case_id(1), "MC-2");
    EXPECT_EQ(caseload.rejects().at(0).line, 2U);
    EXPECT_EQ(caseload.unknown_keys().at(0).path, "case.colour");

    const dc::Result result = dc::audit(policy, caseload);
    ASSERT_EQ(result.finding_count(), 1U);
    const dc::Finding finding = result.finding(0);
    EXPECT_EQ(finding.key, "P2");
    EXPECT_EQ(finding.verdict, dc::Verdict::missed);
    EXPECT_EQ(dc::name(finding.verdict), "missed");
    EXPECT_EQ(policy.format_instant(*finding.due_at), "2023-01-13T08:00:00+00:00");
    EXPECT_FALSE(finding.ended_at);
    EXPECT_EQ(result.count(0, dc::Verdict::met), 1U);
    EXPECT_EQ(error_of([&] { (void)result.finding(1); }).status(), dc::Status::not_found);
}

/// Counts, and lends from the usual memory.
class Counting : public std::pmr::memory_resource {
  public:
    std::atomic<std::int64_t> bytes{0};

  private:
    void* do_allocate(std::size_t size, std::size_t alignment) override {
        bytes += static_cast<std::int64_t>(size);
        return std::pmr::new_delete_resource()->allocate(size, alignment);
    }
    void do_deallocate(void* at, std::size_t size, std::size_t alignment) override {
        bytes -= static_cast<std::int64_t>(size);
        std::pmr::new_delete_resource()->deallocate(at, size, alignment);
    }
    [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
        return this == &other;
    }
};

TEST(Wrapper, TakesMemoryFromAContextAndTellsItsLog) {
    Counting memory;
    std::vector<std::string> lines;
    const auto log = [&](std::int32_t, std::string_view line) { lines.emplace_back(line); };
    {
        dc::ContextOptions asked;
        asked.memory = &memory;
        asked.log = log;
        const dc::Context context(asked);
        dc::Compiler compiler;
        compiler.set_context(&context);
        const dc::Policy policy = compiler.compile(k_policy);
        dc::CaseloadOptions reading;
        reading.context = &context;
        dc::Caseload caseload(reading);
        caseload.read(k_caseload, "cases.jsonl");
        dc::AuditOptions options;
        options.threads = 3;
        options.context = &context;
        const dc::Result result = dc::audit(policy, caseload, options);
        EXPECT_EQ(result.finding_count(), 1U);
        dc::Monitor monitor(policy, 0);
        monitor.push_document(R"({"format":"duecare.case/1","id":"C","events":[]})");
        EXPECT_EQ(memory.bytes, static_cast<std::int64_t>(context.used()));
        EXPECT_GE(context.peak(), context.used());
        EXPECT_GT(memory.bytes, 1000);
    }
    EXPECT_EQ(memory.bytes, 0);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0], R"({"event":"policy.compiled","policy":"example","duties":1,"warnings":0})");
    EXPECT_EQ(lines[2], R"({"event":"audit.finished","policy":"example","cases":2,"findings":1})");
}

TEST(Wrapper, ABudgetEndsWhatTakesMore) {
    dc::ContextOptions asked;
    asked.max_bytes = 1 << 20;
    const dc::Context context(asked);
    dc::CaseloadOptions reading;
    reading.context = &context;
    dc::Caseload caseload(reading);
    const dc::Error error = error_of([&] {
        caseload.begin("endless");
        for (int i = 0;; ++i) {
            caseload.push(R"({"format":"duecare.case/1","id":"C)" + std::to_string(i) + R"(","events":[]})" +
                          "\n");
        }
    });
    EXPECT_EQ(error.status(), dc::Status::limit);
    EXPECT_NE(std::string_view(error.what()).find("max_bytes is 1048576"), std::string_view::npos);
    EXPECT_LE(context.peak(), 1U << 20U);
    // What was read before can be looked at, as after a lack of memory.
    EXPECT_GT(caseload.case_count(), 1000U);
}

TEST(Wrapper, ExplainsADutyInACase) {
    dc::Caseload caseload;
    caseload.read(k_caseload, "cases.jsonl");
    const dc::Explanation explanation = [&] {
        const dc::Result result = dc::audit(dc::Policy::compile(k_policy, "example.json"), caseload);
        EXPECT_EQ(result.explain("MC-1", "return-interview").obligation_count(), 2U);
        EXPECT_EQ(error_of([&] { (void)result.explain("MC-1", "x"); }).status(), dc::Status::not_found);
        return result.explain("MC-1", "return-interview", "P2");
    }();  // outlives the result
    EXPECT_EQ(explanation.obligation_count(), 1U);
    EXPECT_GE(explanation.step_count(0), 3U);
    EXPECT_NE(explanation.text().find("What would have been enough"), std::string::npos);
    EXPECT_NE(explanation.json().find("\"nearest\":[{\"kind\":"), std::string::npos);
}

TEST(Wrapper, CoverageHasToBeAskedFor) {
    const dc::Policy policy = dc::Policy::compile(k_policy, "example.json");
    dc::Caseload caseload;
    caseload.read(k_caseload, "cases.jsonl");
    dc::AuditOptions options;
    options.threads = DUECARE_THREADS_MACHINE;
    const dc::Result without = dc::audit(policy, caseload, options);
    EXPECT_EQ(error_of([&] { (void)without.coverage_json(); }).status(), dc::Status::invalid_state);

    options.coverage = true;
    const dc::Result with = dc::audit(policy, caseload, options);
    EXPECT_EQ(with.finding_count(), without.finding_count());
    EXPECT_NE(with.coverage_json().find(R"("verdicts":{"met":1,"late":0,"missed":1,"pending":0})"),
              std::string::npos);
}

TEST(Wrapper, PolicyErrorsCarryTheirDiagnostics) {
    try {
        (void)dc::Policy::compile(R"({"format": "duecare.policy/1", "colour": 1})", "bad.json");
        FAIL();
    } catch (const dc::PolicyError& error) {
        EXPECT_EQ(error.status(), dc::Status::policy);
        ASSERT_FALSE(error.diagnostics().empty());
        EXPECT_NE(error.text().find(error.diagnostics().front().message), std::string::npos);
    }
}

TEST(Wrapper, ResolverFindsAndThrows) {
    const std::string force =
        R"({"format": "duecare.policy/1", "id": "force", "version": "1.0.0", "title": "F",
                                  "extends": "example"})";
    dc::Compiler compiler;
    compiler.set_resolver([](std::string_view id) -> std::optional<dc::Document> {
        if (id == "example") return dc::Document{"example.json", k_policy};
        return std::nullopt;
    });
    EXPECT_EQ(compiler.compile(force).duty_count(), 1U);
    compiler.set_resolver(
        [](std::string_view) -> std::optional<dc::Document> { throw std::logic_error("mine"); });
    EXPECT_THROW((void)compiler.compile(force), std::logic_error);
    compiler.set_resolver([](std::string_view) { return std::optional<dc::Document>(); });
    EXPECT_THROW((void)compiler.compile(force), dc::PolicyError);
}

TEST(Wrapper, MovedFromHandlesRefuse) {
    dc::Policy policy = dc::Policy::compile(k_policy);
    const dc::Policy moved = std::move(policy);
    dc::Caseload caseload = many_cases(1);
    EXPECT_EQ(error_of([&] { (void)dc::audit(policy, caseload); }).status(), dc::Status::invalid_argument);
    EXPECT_EQ(dc::audit(moved, caseload).finding_count(), 1U);
}

TEST(Wrapper, AResultOutlivesWhatItWasMadeFrom) {
    std::optional<dc::FindingReader> reader;
    {
        const dc::Result result = dc::audit(dc::Policy::compile(k_policy), many_cases(2));
        reader.emplace(result);
    }
    reader->at(1);
    EXPECT_EQ(reader->case_id(), "C-1");
    EXPECT_EQ(reader->copy().duty_id, "return-interview");
}

TEST(Cancel, ProgressSaysNo) {
    const dc::Policy policy = dc::Policy::compile(k_policy);
    const dc::Caseload caseload = many_cases(50);
    dc::AuditOptions options;
    options.progress = [](std::uint64_t, std::uint64_t total) {
        EXPECT_EQ(total, 50U);
        return false;
    };
    const dc::Error error = error_of([&] { (void)dc::audit(policy, caseload, options); });
    EXPECT_EQ(error.status(), dc::Status::cancelled);
    EXPECT_EQ(error.callback_code(), 1);
}

TEST(Cancel, ProgressIsToldOfTheEnd) {
    const dc::Policy policy = dc::Policy::compile(k_policy);
    const dc::Caseload caseload = many_cases(50);
    for (const std::uint32_t threads : {0U, 3U}) {
        dc::AuditOptions options;
        options.threads = threads;
        std::uint64_t last = 0;
        const auto caller = std::this_thread::get_id();
        options.progress = [&](std::uint64_t done, std::uint64_t) {
            EXPECT_EQ(std::this_thread::get_id(), caller);
            EXPECT_GE(done, last);
            last = done;
            return true;
        };
        (void)dc::audit(policy, caseload, options);
        EXPECT_EQ(last, 50U);
    }
}

TEST(Cancel, WhatProgressThrowsComesOut) {
    const dc::Policy policy = dc::Policy::compile(k_policy);
    const dc::Caseload caseload = many_cases(3);
    dc::AuditOptions options;
    options.progress = [](std::uint64_t, std::uint64_t) -> bool { throw std::logic_error("mine"); };
    EXPECT_THROW((void)dc::audit(policy, caseload, options), std::logic_error);
}

TEST(Cancel, TokenFromAnotherThread) {
    const dc::Policy policy = dc::Policy::compile(k_policy);
    const dc::Caseload caseload = many_cases(20'000);
    const dc::Token token;
    dc::AuditOptions options;
    options.token = &token;
    std::atomic<bool> started = false;
    options.progress = [&](std::uint64_t, std::uint64_t) {
        started = true;
        while (!token.cancelled()) std::this_thread::yield();  // so that the audit cannot be done before
        return true;
    };
    std::thread other([&] {
        while (!started) std::this_thread::yield();
        token.cancel();
    });
    EXPECT_EQ(error_of([&] { (void)dc::audit(policy, caseload, options); }).status(), dc::Status::cancelled);
    other.join();
    EXPECT_TRUE(token.cancelled());
}

TEST(Threads, ManyAuditsShareAPolicyAndACaseload) {
    const dc::Policy policy = dc::Policy::compile(k_policy);
    const dc::Caseload caseload = many_cases(200);
    const std::string expected = dc::audit(policy, caseload).json_lines();
    std::vector<std::string> got(4);
    std::vector<std::thread> threads;
    for (std::string& mine : got) {
        threads.emplace_back([&policy, &caseload, &mine] {
            const dc::Result result = dc::audit(policy, caseload);
            dc::FindingReader reader(result);
            for (std::uint64_t i = 0; i < result.finding_count(); ++i) {
                reader.at(i);
                mine += reader.json() + '\n';
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::string& mine : got) EXPECT_EQ(mine, expected);
}

TEST(Library, KnowsItself) {
    EXPECT_EQ(dc::version(), DUECARE_VERSION_STRING);
    EXPECT_EQ(dc::version_number(), static_cast<std::uint32_t>(DUECARE_VERSION_NUMBER));
    EXPECT_EQ(dc::abi_version(), static_cast<std::uint32_t>(DUECARE_ABI_VERSION));
    EXPECT_TRUE(dc::feature_supported("duecare.case/1"));
    EXPECT_FALSE(dc::feature_supported("duecare.case/99"));
    EXPECT_NE(dc::build_info().find(dc::version()), std::string_view::npos);
    EXPECT_EQ(dc::build_info().find('/'), std::string_view::npos) << "a path of the build machine";
    EXPECT_GE(dc::zone_data_version().size(), 5U);
    EXPECT_NE(dc::vocabulary_json().find("duecare.vocabulary/1"), std::string::npos);
}

// The engine's names and the wrapper's are different types.
static_assert(!std::is_same_v<duecare::Error, dc::Error>);
static_assert(!std::is_same_v<duecare::policy::Policy, dc::Policy>);

}  // namespace
