// Decisions, actions, manifests and reviews; retention; versions of the file.
#include <sys/wait.h>

#include <thread>

#include "support.hpp"

namespace duecare::store {
namespace {

constexpr std::string_view k_manifest = R"({"format": "duecare.sample-manifest/1", "n": 2.50})";

class StoreWork : public ::testing::Test {
  protected:
    StoreWork() : store_(folder_.file(), creating()) {
        put(store_, audited(policy_of(), many_cases(30), "2026-01-31T00:00:00Z"), "2026-02-01T00:00:00Z");
        const std::string lines = store_.query(R"({"what":"findings","run":1,"verdicts":["missed"]})");
        std::size_t at = lines.find('\n') + 1;
        while (at < lines.size()) {
            const std::size_t end = lines.find('\n', at);
            missed_.emplace_back(parsed(lines.substr(at, end - at)).at("finding").as_string());
            at = end + 1;
        }
    }
    std::string decide(std::size_t finding, std::string_view verdict,
                       std::string_view when = "2026-03-01T00:00:00Z") {
        return R"({"finding":")" + missed_[finding] + R"(","verdict":")" + std::string(verdict) +
               R"(","by":"DS Wells","reason":"seen the log","at":")" + std::string(when) + "\"}";
    }
    std::string refused(const std::string& kind, const std::string& body) {
        return thrown([&] { static_cast<void>(store_.put(kind, body)); }, &message_);
    }
    json::value ask(const std::string& query) { return parsed(store_.query(query)); }

    Folder folder_;
    Store store_;
    std::vector<std::string> missed_;
    std::string message_;
};

TEST_F(StoreWork, TheLatestDecisionCountsAndNoneIsLost) {
    static_cast<void>(store_.put("decision", decide(0, "disputed")));
    const json::value second = parsed(store_.put("decision", decide(0, "accepted")));
    static_cast<void>(store_.put("decision", decide(1, "false_alarm")));
    static_cast<void>(store_.put("decision", decide(2, "explained")));
    static_cast<void>(store_.put("decision", decide(3, "disputed")));
    EXPECT_EQ(second.at("record"), 2);
    EXPECT_EQ(ask(R"({"what":"records","kind":"decision"})").at("records").as_array().size(), 5U);
    const json::value latest =
        ask(R"({"what":"records","kind":"decision","latest":true,"finding":")" + missed_[0] + "\"}");
    ASSERT_EQ(latest.at("records").as_array().size(), 1U);
    const json::value& body = latest.at("records").at(0).at("body");
    EXPECT_EQ(body.at("verdict"), "accepted");
    EXPECT_EQ(body.at("duty_id"), "interview");
    EXPECT_EQ(body.at("case_id"), "C2");
    EXPECT_EQ(body.at("run"), 1);
    const json::value precision = ask(R"({"what":"precision"})").at("duties").at(0);
    EXPECT_EQ(precision.at("accepted"), 1);
    EXPECT_EQ(precision.at("disputed"), 1);
    EXPECT_EQ(precision.at("decided"), 3);
    EXPECT_DOUBLE_EQ(precision.at("precision").as_double(), 2.0 / 3.0);
    EXPECT_EQ(ask(R"({"what":"head"})").at("links"), 8);
    EXPECT_EQ(parsed(store_.verify({})).at("ok"), true);
}

TEST_F(StoreWork, WhatIsPutAgainIsKnownAgain) {
    const json::value first = parsed(store_.put("decision", decide(0, "accepted")));
    EXPECT_EQ(first.at("is_new"), true);
    const json::value again = parsed(store_.put("decision", decide(0, "accepted")));
    EXPECT_EQ(again.at("is_new"), false);
    EXPECT_EQ(again.at("record"), 1);
    EXPECT_EQ(again.at("head"), first.at("head"));
    // The same instant in other words is the same; another instant, verdict or subject is not.
    EXPECT_EQ(parsed(store_.put("decision", decide(0, "accepted", "2026-03-01T01:00:00+01:00"))).at("record"),
              1);
    EXPECT_EQ(parsed(store_.put("decision", decide(1, "accepted"))).at("record"), 2);
    EXPECT_EQ(parsed(store_.put("decision", decide(0, "accepted", "2026-03-02T00:00:00Z"))).at("record"), 3);
    // What was said before and then taken back is said anew: the latest counts.
    EXPECT_EQ(parsed(store_.put("decision", decide(0, "disputed"))).at("record"), 4);
    EXPECT_EQ(parsed(store_.put("decision", decide(0, "accepted"))).at("record"), 5);
    EXPECT_EQ(parsed(store_.verify({})).at("ok"), true);
}

TEST_F(StoreWork, RecordsAreCheckedStrictly) {
    EXPECT_EQ(refused("decison", "{}"), "10");
    EXPECT_NE(message_.find("Did you mean \"decision\"?"), std::string::npos) << message_;
    EXPECT_EQ(refused("decision", "[1]"), "10");
    EXPECT_EQ(refused("decision", "{"), "10");
    EXPECT_EQ(refused("decision", R"({"finding":"xyz","verdict":"accepted"})"), "10/finding");
    EXPECT_EQ(refused("decision", R"({"finding":"0123456789abcdef","verdict":"accepted"})"), "12/finding");
    EXPECT_EQ(refused("decision", decide(0, "acepted")), "10/verdict");
    EXPECT_NE(message_.find("Did you mean \"accepted\"?"), std::string::npos) << message_;
    EXPECT_EQ(refused("decision", decide(0, "accepted", "2026-03-01")), "10/at");
    EXPECT_EQ(
        refused("action", R"({"id":"A1","title":"t","status":"open","by":"b","at":"2026-03-01T00:00:00Z"})"),
        "10/due_at");
    EXPECT_EQ(refused("manifest", R"({"id":"M","manifest":"{}","by":"b","at":"2026-03-01T00:00:00Z"})"),
              "10/manifest");
    EXPECT_EQ(
        refused(
            "review",
            R"({"manifest":"M","unit":"C1","question":"q","answer":1,"by":"b","at":"2026-03-01T00:00:00Z"})"),
        "12/manifest");
    EXPECT_EQ(refused("note", R"({"text":"t","by":"b","at":"2026-03-01T00:00:00Z"})"), "10/about");
    EXPECT_EQ(ask(R"({"what":"info"})").at("records"), 0);
}

TEST_F(StoreWork, QuestionsAreReadStrictly) {
    const auto asked = [&](const std::string& query) {
        return thrown([&] { static_cast<void>(store_.query(query)); }, &message_);
    };
    EXPECT_EQ(asked("{}"), "10/what");
    EXPECT_NE(message_.find("missing; expected is one of \"runs\""), std::string::npos) << message_;
    EXPECT_EQ(asked(R"({"what":1})"), "10/what");
    // The question is wrong, not the keys that go with the one that was meant.
    EXPECT_EQ(asked(R"({"what":"finding","run":1})"), "10/what");
    EXPECT_NE(message_.find("Did you mean \"findings\"?"), std::string::npos) << message_;
    EXPECT_EQ(asked(R"({"what":"head","run":1})"), "10/run");
    EXPECT_EQ(asked(R"({"what":"run","run":0})"), "10/run");
    EXPECT_NE(message_.find("1 or more."), std::string::npos) << message_;
    EXPECT_EQ(asked(R"({"what":"run","run":7})"), "12/run");
    EXPECT_NE(message_.find("runs up to 1."), std::string::npos) << message_;
    EXPECT_EQ(asked(R"({"what":"findings","run":1,"limit":-1})"), "10/limit");
    EXPECT_EQ(asked(R"({"what":"actions","at":"tomorrow"})"), "10/at");  // though there is no action yet
    const Audited same = audited(policy_of(), many_cases(30), "2026-01-31T00:00:00Z");
    EXPECT_EQ(thrown([&] { static_cast<void>(store_.compare_run(7, same.result)); }, &message_), "12");
    EXPECT_NE(message_.find("runs up to 1."), std::string::npos) << message_;
}

TEST_F(StoreWork, ActionsAreFollowedUp) {
    const auto action = [](const char* status, const char* when) {
        return std::string(R"({"id":"A1","title":"Brief the team","status":")") + status +
               R"(","due_at":"2026-03-10T00:00:00Z","owner":"Insp. Fox","duty_id":"interview","by":"DS Wells","at":")" +
               when + "\"}";
    };
    static_cast<void>(store_.put("action", action("open", "2026-03-01T00:00:00Z")));
    const json::value open = ask(R"({"what":"actions","status":["open"],"at":"2026-03-10T00:01:00Z"})");
    ASSERT_EQ(open.at("actions").as_array().size(), 1U);
    EXPECT_EQ(open.at("actions").at(0).at("overdue_seconds"), 60);
    static_cast<void>(store_.put("action", action("done", "2026-03-11T00:00:00Z")));
    EXPECT_EQ(ask(R"({"what":"actions","status":["open"]})").at("actions").as_array().size(), 0U);
    EXPECT_EQ(ask(R"({"what":"actions","owner":"Insp. Fox"})").at("actions").as_array().size(), 1U);
}

TEST_F(StoreWork, WhatIsNotSaidOfAnActionStaysAsItWas) {
    const auto act = [&](const std::string& said, const char* when) {
        return parsed(
            store_.put("action", R"({"id":"A1",)" + said + R"("by":"DS Wells","at":")" + when + "\"}"));
    };
    const auto latest = [&] { return ask(R"({"what":"actions"})").at("actions").at(0).at("body"); };
    static_cast<void>(act(
        R"("title":"Brief the team","due_at":"2026-03-10T00:00:00Z","owner":"Insp. Fox","reason":"asked",)"
        R"("finding":")" +
            missed_[0] + "\",",
        "2026-03-01T00:00:00Z"));
    EXPECT_EQ(latest().at("status"), "open");
    EXPECT_EQ(act(R"("status":"done",)", "2026-03-11T00:00:00Z").at("record"), 2);
    json::object expected{{"id", "A1"},
                          {"title", "Brief the team"},
                          {"status", "done"},
                          {"due_at", "2026-03-10T00:00:00Z"},
                          {"owner", "Insp. Fox"},
                          {"finding", missed_[0]},
                          {"run", 1},
                          {"case_id", latest().at("case_id")},
                          {"duty_id", "interview"},
                          {"by", "DS Wells"},
                          {"at", "2026-03-11T00:00:00Z"}};
    EXPECT_EQ(latest(), expected) << json::serialize(latest());  // why it was opened is not why it is done
    EXPECT_EQ(act(R"("status":"done",)", "2026-03-11T00:00:00Z").at("is_new"), false);
    // What is given replaces what was; null takes it away.
    static_cast<void>(act(R"("title":"Brief all","owner":null,"duty_id":"notice",)", "2026-03-12T00:00:00Z"));
    expected = {{"id", "A1"},
                {"title", "Brief all"},
                {"status", "done"},
                {"due_at", "2026-03-10T00:00:00Z"},
                {"duty_id", "notice"},
                {"by", "DS Wells"},
                {"at", "2026-03-12T00:00:00Z"}};
    EXPECT_EQ(latest(), expected) << json::serialize(latest());
    static_cast<void>(act(R"("duty_id":null,"due_at":null,)", "2026-03-13T00:00:00Z"));
    EXPECT_FALSE(latest().as_object().contains("duty_id"));
    EXPECT_EQ(refused("action", R"({"id":"A1","status":"open","by":"b","at":"2026-03-14T00:00:00Z"})"),
              "10/due_at");
    // Another action has nothing to take from.
    EXPECT_EQ(refused("action", R"({"id":"A2","status":"done","by":"b","at":"2026-03-14T00:00:00Z"})"),
              "10/title");
    EXPECT_NE(message_.find("There is no action \"A2\" yet. Did you mean \"A1\"?"), std::string::npos)
        << message_;
    EXPECT_EQ(parsed(store_.verify({})).at("ok"), true);
    EXPECT_EQ(ask(R"({"what":"records","kind":"action"})").at("records").as_array().size(), 4U);
}

TEST_F(StoreWork, AnActionIsAboutADutyThatSomeRunHas) {
    EXPECT_EQ(refused("action", R"({"id":"A1","title":"t","status":"done","duty_id":"interviews","by":"b",)"
                                R"("at":"2026-03-01T00:00:00Z"})"),
              "12/duty_id");
    EXPECT_NE(message_.find("Did you mean \"interview\"?"), std::string::npos) << message_;
}

TEST_F(StoreWork, ManifestsStayByteForByteAndReviewsBelongToThem) {
    json::object manifest{
        {"id", "M1"}, {"manifest", k_manifest}, {"by", "b"}, {"at", "2026-03-01T00:00:00Z"}};
    static_cast<void>(store_.put("manifest", json::serialize(manifest)));
    const json::value kept = ask(R"({"what":"records","kind":"manifest","manifest":"M1"})");
    EXPECT_EQ(kept.at("records").at(0).at("body").at("manifest").as_string(), k_manifest);
    const auto review = [](const char* kind, const char* by, const char* answer) {
        static_cast<void>(kind);
        return std::string(R"({"manifest":"M1","unit":"C2","question":"interviewed?","answer":)") + answer +
               R"(,"reason":"r","by":")" + by + R"(","at":"2026-03-02T00:00:00Z"})";
    };
    static_cast<void>(store_.put("review", review("review", "A", "\"yes\"")));
    static_cast<void>(store_.put("review", review("review", "B", "\"no\"")));
    static_cast<void>(store_.put("review", review("review", "B", "\"yes\"")));
    static_cast<void>(store_.put("adjudication", review("adjudication", "C", "true")));
    EXPECT_EQ(ask(R"({"what":"records","kind":"review","manifest":"M1"})").at("records").as_array().size(),
              3U);
    const json::value latest =
        ask(R"({"what":"records","kind":"review","manifest":"M1","unit":"C2","latest":true})");
    ASSERT_EQ(latest.at("records").as_array().size(), 2U);
    EXPECT_EQ(latest.at("records").at(1).at("body").at("answer"), "yes");
}

TEST_F(StoreWork, PruningLeavesAChainThatVerifies) {
    put(store_, audited(policy_of(), many_cases(31), "2026-02-28T00:00:00Z"), "2026-03-01T00:00:00Z");
    static_cast<void>(store_.put("decision", decide(0, "accepted", "2026-02-10T00:00:00Z")));
    static_cast<void>(store_.put("decision", decide(1, "accepted", "2026-03-10T00:00:00Z")));
    const json::value head = ask(R"({"what":"head"})").at("head");
    const json::value gone = parsed(store_.prune(
        R"({"before":"2026-03-01T00:00:00Z","what":["findings","records"],"at":"2026-03-11T00:00:00Z","by":"b","reason":"retention"})"));
    EXPECT_EQ(gone.at("runs"), parsed("[1]"));
    EXPECT_EQ(gone.at("records"), 1);
    EXPECT_EQ(number_in(folder_.file(), "SELECT count(*) FROM finding WHERE run = 1"), 0);
    EXPECT_EQ(number_in(folder_.file(), "SELECT count(*) FROM finding WHERE run = 2"), 31);
    const json::value report = parsed(store_.verify(head.as_string()));
    EXPECT_EQ(report.at("ok"), true) << json::serialize(report);
    EXPECT_EQ(thrown([&] { static_cast<void>(store_.query(R"({"what":"findings","run":1})")); }), "11");
    EXPECT_EQ(ask(R"({"what":"run","run":1})").at("counts").at("missed"), 10);
    EXPECT_EQ(ask(R"({"what":"trend","by":"unit"})").at("points").as_array().size(), 2U);
    EXPECT_EQ(refused("decision", R"({"finding":"0123456789abcdef","verdict":"accepted"})"), "12/finding");
    EXPECT_NE(message_.find("The findings of run 1 were pruned"), std::string::npos) << message_;
    EXPECT_EQ(ask(R"({"what":"records","kind":"decision"})").at("records").at(0).at("pruned"), true);
    EXPECT_EQ(
        thrown([&] {
            static_cast<void>(store_.prune(
                R"({"before":"2026-03-01T00:00:00Z","at":"2026-03-11T00:00:00Z","by":"b","reason":"r"})"));
        }),
        "10/what");
    // Once more, and of a run whose ids nobody else has.
    static_cast<void>(store_.prune(
        R"({"before":"2027-03-01T00:00:00Z","what":["findings","histories","records"],"at":"2027-03-11T00:00:00Z","by":"b","reason":"retention"})"));
    const json::value again = parsed(store_.verify(head.as_string()));
    EXPECT_EQ(again.at("ok"), true) << json::serialize(again);
    EXPECT_EQ(number_in(folder_.file(), "SELECT count(*) FROM text WHERE value LIKE 'C%'"), 0);
    const json::value anew =
        put(store_, audited(policy_of(), many_cases(32), "2027-02-28T00:00:00Z"), "2027-04-01T00:00:00Z");
    EXPECT_EQ(anew.at("run"), 3);
    EXPECT_EQ(parsed(store_.verify({})).at("ok"), true);
}

TEST_F(StoreWork, WhatWasPrunedIsNotWrittenAnew) {
    static_cast<void>(store_.put("decision", decide(0, "disputed", "2026-02-10T00:00:00Z")));
    tamper(folder_.file(), "CREATE TABLE kept AS SELECT * FROM record");
    static_cast<void>(store_.prune(
        R"({"before":"2026-03-01T00:00:00Z","what":["records"],"at":"2026-03-11T00:00:00Z","by":"b","reason":"retention"})"));
    const auto after = [&](const std::string& verdict) {
        tamper(folder_.file(), "UPDATE record SET (body, subject, at) = (SELECT replace(body, 'disputed', '" +
                                   verdict + "'), subject, at FROM kept) WHERE id = 1");
        return parsed(store_.verify({}));
    };
    const json::value forged = after("accepted");
    ASSERT_EQ(forged.at("faults").as_array().size(), 1U) << json::serialize(forged);
    EXPECT_EQ(forged.at("faults").at(0).at("kind"), "changed");
    EXPECT_EQ(forged.at("faults").at(0).at("id"), "1");
    EXPECT_EQ(after("disputed").at("ok"), true);  // what a backup held: it is as it was stored
}

TEST_F(StoreWork, WhatWasPrunedStandsBeforeNoOtherRecord) {
    static_cast<void>(store_.put("decision", decide(0, "accepted", "2026-03-10T00:00:00Z")));
    static_cast<void>(store_.put("decision", decide(1, "accepted", "2026-02-10T00:00:00Z")));
    static_cast<void>(store_.prune(
        R"({"before":"2026-03-01T00:00:00Z","what":["records"],"at":"2026-03-11T00:00:00Z","by":"b","reason":"retention"})"));
    const std::string query = R"({"what":"records","kind":"decision","latest":true,"finding":")" + missed_[0];
    EXPECT_EQ(ask(query + "\"}").at("records").as_array().size(), 1U);
    // The latest of a subject counts, and an empty one would hide it.
    tamper(folder_.file(),
           "UPDATE record SET subject = (SELECT subject FROM record WHERE id = 1) WHERE id = 2");
    EXPECT_EQ(ask(query + "\"}").at("records").as_array().size(), 0U);
    const json::value report = parsed(store_.verify({}));
    ASSERT_EQ(report.at("faults").as_array().size(), 1U) << json::serialize(report);
    EXPECT_EQ(report.at("faults").at(0).at("id"), "2");
}

TEST_F(StoreWork, ABackupIsAStoreOfItsOwn) {
    static_cast<void>(store_.put("decision", decide(0, "accepted")));
    store_.backup(folder_.file("copy.db"));
    Store copy(folder_.file("copy.db"), {});
    EXPECT_EQ(parsed(copy.verify(ask(R"({"what":"head"})").at("head").as_string())).at("ok"), true);
    static_cast<void>(copy.put("decision", decide(1, "accepted")));
    EXPECT_EQ(ask(R"({"what":"info"})").at("records"), 1);
    EXPECT_EQ(thrown([&] { store_.backup(folder_.file("copy.db")); }), "10");
    EXPECT_EQ(thrown([&] { store_.backup(folder_.file("no/folder.db")); }), "40");
}

TEST_F(StoreWork, ForeignAndLaterFilesAreRefused) {
    const auto open = [&](const std::string& name) {
        return thrown([&] { const Store store(folder_.file(name), creating()); }, &message_);
    };
    std::ofstream(folder_.file("text.db")) << std::string(4096, 'x');
    EXPECT_EQ(open("text.db"), "30");
    tamper(folder_.file("other.db"), "CREATE TABLE t(x); PRAGMA application_id = 7");
    EXPECT_EQ(open("other.db"), "30");
    EXPECT_NE(message_.find("another application"), std::string::npos) << message_;
    EXPECT_EQ(number_in(folder_.file("other.db"), "SELECT count(*) FROM sqlite_master"), 1);
    EXPECT_FALSE(std::filesystem::exists(folder_.file("other.db-wal")));
    tamper(folder_.file("later.db"), "CREATE TABLE t(x); PRAGMA application_id = " +
                                         std::to_string(0x44756543) + "; PRAGMA user_version = 3");
    EXPECT_EQ(open("later.db"), "70");
    EXPECT_NE(message_.find("of version 3"), std::string::npos) << message_;
    EXPECT_EQ(thrown([&] { const Store store(folder_.file("none.db"), {}); }), "12");
    // An empty file is a store that is still to be made, whoever opens it.
    OpenOptions reading;
    reading.read_only = true;
    std::ofstream(folder_.file("empty.db")).flush();
    for (const OpenOptions& options : {OpenOptions(), reading}) {
        EXPECT_EQ(thrown([&] { const Store store(folder_.file("empty.db"), options); }, &message_), "30");
        EXPECT_NE(message_.find("This file is empty"), std::string::npos) << message_;
    }
    EXPECT_EQ(open("empty.db"), "ok");
    EXPECT_EQ(thrown([&] { const Store store(folder_.file("no/folder.db"), creating()); }), "40");
    EXPECT_EQ(thrown([&] { const Store store("", creating()); }), "10");
}

TEST_F(StoreWork, ReadingOnly) {
    OpenOptions options;
    options.read_only = true;
    Store reading(folder_.file(), options);
    EXPECT_EQ(parsed(reading.query(R"({"what":"runs"})")).at("runs").as_array().size(), 1U);
    EXPECT_EQ(thrown([&] { static_cast<void>(reading.put("decision", decide(0, "accepted"))); }), "11");
    // A reader sees what another has put since.
    static_cast<void>(store_.put("decision", decide(0, "accepted")));
    EXPECT_EQ(parsed(reading.query(R"({"what":"info"})")).at("records"), 1);
}

TEST_F(StoreWork, AWriterWaitsAndSaysSo) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(folder_.file().c_str(), &db), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    OpenOptions options;
    options.busy_ms = 20;
    Store other(folder_.file(), options);
    EXPECT_EQ(thrown([&] { static_cast<void>(other.put("decision", decide(0, "accepted"))); }, &message_),
              "41");
    EXPECT_NE(message_.find("Somebody else is writing"), std::string::npos) << message_;
    EXPECT_EQ(parsed(other.query(R"({"what":"runs"})")).at("runs").as_array().size(), 1U);
    sqlite3_close(db);
    EXPECT_EQ(parsed(other.put("decision", decide(0, "accepted"))).at("record"), 1);
}

TEST_F(StoreWork, TwoWritersTakeTurns) {
    const auto write = [&](const char* who) {
        Store store(folder_.file(), creating());
        for (int i = 0; i < 40; ++i)
            static_cast<void>(store.put("note", R"({"about":"a","text":")" + std::to_string(i) +
                                                    R"(","by":")" + who +
                                                    R"(","at":"2026-03-01T00:00:00Z"})"));
    };
    std::thread one([&] { write("one"); });
    std::thread two([&] { write("two"); });
    one.join();
    two.join();
    EXPECT_EQ(ask(R"({"what":"info"})").at("records"), 80);
    EXPECT_EQ(parsed(store_.verify({})).at("ok"), true);
}

TEST_F(StoreWork, AChildProcessOpensItsOwn) {
    const pid_t child = ::fork();
    if (child == 0) {
        const bool is_refused =
            thrown([&] { static_cast<void>(store_.query(R"({"what":"runs"})")); }) == "11";
        ::_exit(is_refused ? 0 : 1);
    }
    int status = 1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(ask(R"({"what":"runs"})").at("runs").as_array().size(), 1U);
}

TEST_F(StoreWork, AFileOfVersion1IsMigrated) {
    for (const char* verdict : {"accepted", "disputed", "accepted"})
        static_cast<void>(store_.put("decision", decide(0, verdict)));
    const std::string head(ask(R"({"what":"head"})").at("head").as_string());
    store_.backup(folder_.file("old.db"));
    // What version 1 wrote was this without the columns that version 2 finds records by.
    tamper(folder_.file("old.db"),
           "DROP INDEX record_subject; ALTER TABLE record DROP COLUMN subject; ALTER TABLE record DROP "
           "COLUMN at; "
           "PRAGMA user_version = 1");
    OpenOptions reading;
    reading.read_only = true;
    EXPECT_EQ(thrown([&] { const Store store(folder_.file("old.db"), reading); }, &message_), "70");
    EXPECT_NE(message_.find("Open it once to write."), std::string::npos) << message_;
    EXPECT_EQ(number_in(folder_.file("old.db"), "PRAGMA user_version"), 1);
    Store store(folder_.file("old.db"), {});
    EXPECT_EQ(number_in(folder_.file("old.db"), "PRAGMA user_version"), 2);
    EXPECT_EQ(parsed(store.verify(head)).at("ok"), true);
    const json::value latest = parsed(store.query(R"({"what":"records","kind":"decision","latest":true})"));
    ASSERT_EQ(latest.at("records").as_array().size(), 1U);
    EXPECT_EQ(latest.at("records").at(0).at("record"), 3);
}

}  // namespace
}  // namespace duecare::store
