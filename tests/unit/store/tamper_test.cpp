// What somebody does to the file with SQLite's own shell is named by verify.
#include "support.hpp"

namespace duecare::store {
namespace {

/// A store of two runs and three decisions, closed.
class Tampered {
  public:
    Tampered() {
        Store store(folder_.file(), creating());
        put(store, audited(policy_of(), many_cases(300), "2026-01-31T00:00:00Z"));
        head_ = std::string(
            put(store, audited(policy_of(), many_cases(310), "2026-02-28T00:00:00Z")).at("head").as_string());
        const std::string finding = first_missed(store);
        for (const char* verdict : {"disputed", "accepted", "false_alarm"}) {
            static_cast<void>(
                store.put("decision", R"({"finding":")" + finding + R"(","verdict":")" + verdict +
                                          R"(","by":"DS W","reason":"r","at":"2026-03-01T00:00:00Z"})"));
        }
        last_head_ = std::string(parsed(store.query(R"({"what":"head"})")).at("head").as_string());
    }

    /// The faults after this SQL.
    json::array after(const std::string& sql, const std::string& expected = {}) {
        tamper(folder_.file(), sql);
        OpenOptions options;
        options.read_only = true;
        Store store(folder_.file(), options);
        const json::value report = parsed(store.verify(expected));
        EXPECT_EQ(report.at("ok").as_bool(), report.at("faults").as_array().empty());
        return report.at("faults").as_array();
    }
    [[nodiscard]] const std::string& head() const { return head_; }
    [[nodiscard]] const std::string& last_head() const { return last_head_; }
    [[nodiscard]] std::string file() const { return folder_.file(); }

    static std::string first_missed(Store& store) {
        const std::string lines =
            store.query(R"({"what":"findings","run":1,"verdicts":["missed"],"limit":1})");
        return std::string(parsed(lines.substr(lines.find('\n') + 1)).at("finding").as_string());
    }

  private:
    Folder folder_;
    std::string head_;
    std::string last_head_;
};

/// "kind table" of the first fault; "" when there is none.
std::string first(const json::array& faults) {
    if (faults.empty()) return {};
    return std::string(faults[0].at("kind").as_string()) + " " +
           std::string(faults[0].at("table").as_string());
}

/// The same with the id of what it names.
std::string first_named(const json::array& faults) {
    return faults.empty() ? std::string() : first(faults) + " " + std::string(faults[0].at("id").as_string());
}

TEST(StoreTampering, NothingIsNoFault) {
    Tampered store;
    EXPECT_EQ(store.after("SELECT 1", store.last_head()).size(), 0U);
    EXPECT_EQ(store.after("VACUUM", store.head()).size(), 0U);  // an older head: the chain went through it
}

TEST(StoreTampering, AVerdictChanged) {
    Tampered store;
    const json::array faults = store.after("UPDATE finding SET verdict = 0 WHERE run = 2 AND place = 5");
    ASSERT_EQ(first(faults), "changed finding");
    EXPECT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].at("run"), 2);
    // The finding itself is named, by the 16 digits of its number.
    const std::string lines = [&] {
        OpenOptions options;
        options.read_only = true;
        Store reading(store.file(), options);
        return reading.query(R"({"what":"findings","run":2,"limit":1,"offset":5})");
    }();
    EXPECT_EQ(parsed(lines.substr(lines.find('\n') + 1)).at("finding"), faults[0].at("id"));
}

TEST(StoreTampering, AVerdictChangedWithItsCheck) {
    Tampered store;
    const json::array faults =
        store.after("UPDATE finding SET verdict = 0, fit = fit + 1 WHERE run = 1 AND place = 5");
    EXPECT_EQ(first(faults), "changed finding");
}

TEST(StoreTampering, AFindingDeleted) {
    Tampered store;
    EXPECT_EQ(first_named(store.after("DELETE FROM finding WHERE run = 1 AND place = 17")),
              "missing finding place 17");
}

TEST(StoreTampering, AFindingInserted) {
    Tampered store;
    const json::array faults = store.after(
        "INSERT INTO finding SELECT run, finding + 1, 300, case_id, duty, key, 2, opened_at, due_at, "
        "ended_at, "
        "overdue, elapsed, missed, trigger, ending, flags, reason, owner, unit, nth, fit FROM finding WHERE "
        "run = 1 "
        "AND place = 3");
    EXPECT_EQ(first(faults), "inserted finding");
}

TEST(StoreTampering, AFindingMovedToAnotherRun) {
    Tampered store;
    const json::array faults = store.after("UPDATE finding SET run = 1 WHERE run = 2 AND place = 305");
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_EQ(first(faults), "moved finding");
    EXPECT_EQ(faults[0].at("run"), 1);
    EXPECT_NE(faults[0].at("message").as_string().find("stood in run 2"), std::string::npos);
    EXPECT_EQ(first({faults[1]}), "missing finding");
    EXPECT_EQ(faults[1].at("id"), "place 305");
}

TEST(StoreTampering, ADecisionChanged) {
    Tampered store;
    EXPECT_EQ(first_named(
                  store.after("UPDATE record SET body = replace(body, 'disputed', 'accepted') WHERE id = 1")),
              "changed record 1");
}

TEST(StoreTampering, ADecisionDeleted) {
    Tampered store;
    EXPECT_EQ(first_named(store.after("DELETE FROM record WHERE id = 2")), "missing record 2");
}

TEST(StoreTampering, TwoDecisionsSwapped) {
    Tampered store;
    EXPECT_EQ(first_named(store.after(
                  "UPDATE record SET id = 100 WHERE id = 1; UPDATE record SET id = 1 WHERE id = 3; "
                  "UPDATE record SET id = 3 WHERE id = 100")),
              "moved record 1");
}

TEST(StoreTampering, ADecisionInserted) {
    Tampered store;
    EXPECT_EQ(first_named(store.after("INSERT INTO record(id, kind, body, subject, at) SELECT 4, kind, body, "
                                      "subject, at FROM record WHERE "
                                      "id = 1")),
              "inserted record 4");
}

TEST(StoreTampering, ARunInsertedInThePast) {
    Tampered store;
    EXPECT_EQ(
        first_named(store.after(
            "UPDATE run SET id = 3 WHERE id = 2; INSERT INTO run SELECT 2, identity || 'x', policy, "
            "recorded_at, "
            "label, "
            "by, as_of, known_at, caseload, cases, events, visible, 0, rejects, keep, engine, zones FROM run "
            "WHERE id = 1;"
            "UPDATE link SET seq = seq + 1000 WHERE seq >= 4; UPDATE link SET seq = seq - 999 WHERE seq >= "
            "1000;"
            "INSERT INTO link SELECT 4, kind, 2, digest, link FROM link WHERE seq = 3")),
        "inserted link 4");
}

TEST(StoreTampering, ARunDeleted) {
    Tampered store;
    EXPECT_EQ(first(store.after("DELETE FROM run WHERE id = 1")), "missing run");
}

TEST(StoreTampering, ALinkDeleted) {
    Tampered store;
    EXPECT_EQ(first_named(store.after("DELETE FROM link WHERE seq = 4")), "missing link 4");
}

TEST(StoreTampering, TheEndCutOffWithItsHead) {
    Tampered store;
    const json::array faults = store.after(
        "DELETE FROM record WHERE id = 3; DELETE FROM link WHERE seq = (SELECT max(seq) FROM link);"
        "UPDATE meta SET value = (SELECT lower(hex(link)) FROM link ORDER BY seq DESC LIMIT 1) WHERE name = "
        "'head'",
        store.last_head());
    ASSERT_EQ(first(faults), "head_rewritten link");  // only who wrote the head down can know
    EXPECT_EQ(faults.size(), 1U);
}

TEST(StoreTampering, TheHeadRewritten) {
    Tampered store;
    EXPECT_EQ(first(store.after("UPDATE meta SET value = '00' WHERE name = 'head'")), "head_rewritten meta");
}

TEST(StoreTampering, AnIdRewrittenInTheTexts) {
    Tampered store;
    const json::array faults = store.after("UPDATE text SET value = 'C999' WHERE value = 'C5'");
    ASSERT_EQ(first(faults), "changed text");
}

TEST(StoreTampering, ThePolicyChanged) {
    Tampered store;
    EXPECT_EQ(first(store.after("UPDATE policy SET json = replace(json, '72 hours', '96 hours')")),
              "changed policy");
}

TEST(StoreTampering, TheInstantOfARunChanged) {
    Tampered store;
    EXPECT_EQ(first_named(store.after("UPDATE run SET as_of = as_of + 1 WHERE id = 2")), "changed run 2");
}

TEST(StoreTampering, CountsChanged) {
    Tampered store;
    EXPECT_EQ(first(store.after("UPDATE tally SET n = n - 1 WHERE run = 1 AND verdict = 2")),
              "changed tally");
}

TEST(StoreTampering, PrunedPastTheLibrary) {
    Tampered store;
    const json::array faults = store.after(
        "DELETE FROM finding WHERE run = 1; UPDATE part SET pruned = 1 WHERE run = 1 AND name = 'findings'");
    EXPECT_EQ(first(faults), "changed part");
}

TEST(StoreTampering, ADecisionHiddenByItsSubject) {
    Tampered store;
    EXPECT_EQ(first(store.after("UPDATE record SET subject = 'x' WHERE id = 3")), "changed record");
}

}  // namespace
}  // namespace duecare::store
