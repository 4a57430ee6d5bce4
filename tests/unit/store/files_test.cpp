// Stores that earlier versions of the library wrote, kept in files/ as they were (files/README.md).
#include "store/schema.hpp"

#include "support.hpp"

namespace duecare::store {
namespace {

// What was written down when the file was made.
constexpr const char* k_head_of_version_2 =
    "d76660606a546873cb4307e677c92c8a478eff801354ca31f042b195a564ac25";
constexpr int k_version_2 = 2;

class StoreFiles : public ::testing::Test {
  protected:
    StoreFiles() {
        std::filesystem::copy_file(DUECARE_STORE_FILES "/version-2.db", folder_.file());
        std::filesystem::permissions(folder_.file(), std::filesystem::perms::owner_all);
    }
    static OpenOptions reading() {
        OpenOptions options;
        options.read_only = true;
        return options;
    }
    [[nodiscard]] std::int64_t version() const { return number_in(folder_.file(), "PRAGMA user_version"); }

    Folder folder_;
};

TEST_F(StoreFiles, OneOfVersion2ReadOnlyIsReadOrAskedToBeMigrated) {
    ASSERT_EQ(version(), k_version_2);
    std::string message;
    const std::string found = thrown([&] { const Store store(folder_.file(), reading()); }, &message);
    if (k_schema_version == k_version_2) {
        EXPECT_EQ(found, "ok");
    } else {
        EXPECT_EQ(found, "70");
        EXPECT_NE(message.find("Open it once to write."), std::string::npos) << message;
    }
    EXPECT_EQ(version(), k_version_2);
}

TEST_F(StoreFiles, OneOfVersion2IsMigratedAndStillVerifies) {
    Store store(folder_.file(), {});
    EXPECT_EQ(version(), k_schema_version);
    const json::value verified = parsed(store.verify(k_head_of_version_2));
    EXPECT_EQ(verified.at("ok"), true) << json::serialize(verified);
    EXPECT_EQ(verified.at("head").as_string(), k_head_of_version_2);
    EXPECT_EQ(verified.at("links"), 11);  // the file, a policy, two runs, seven records
    // Somebody who changes a row of it is found as in a file of today.
    tamper(folder_.file(), "UPDATE finding SET verdict = 0 WHERE run = 1 AND verdict = 2");
    EXPECT_EQ(parsed(store.verify(k_head_of_version_2)).at("ok"), false);
}

TEST_F(StoreFiles, WhatOneOfVersion2SaysIsWhatWasPutThere) {
    Store store(folder_.file(), {});
    const auto ask = [&](const std::string& query) { return parsed(store.query(query)); };
    const json::value points = ask(R"({"what":"trend"})").at("points");
    ASSERT_EQ(points.as_array().size(), 2U);
    EXPECT_EQ(points.at(0).at("met"), 1);
    EXPECT_EQ(points.at(0).at("late"), 2);
    EXPECT_EQ(points.at(0).at("missed"), 1);
    EXPECT_EQ(points.at(1).at("met"), 2);
    EXPECT_EQ(points.at(1).at("late"), 1);
    const json::value life = parsed(store.query(R"({"what":"life","from":1,"to":2,"limit":0})"));
    EXPECT_EQ(life.at("counts").at("changed_by_correction"), 1);
    EXPECT_EQ(life.at("counts").at("still_open"), 1);
    EXPECT_EQ(life.at("counts").at("past"), 1);
    const json::value decided = ask(R"({"what":"records","kind":"decision","latest":true})").at("records");
    ASSERT_EQ(decided.as_array().size(), 1U);
    EXPECT_EQ(decided.at(0).at("body").at("verdict"), "accepted");
    EXPECT_EQ(ask(R"({"what":"records","kind":"review"})").at("records").as_array().size(), 1U);
    const json::value actions = ask(R"({"what":"actions","at":"2026-04-01T09:00:00Z"})").at("actions");
    EXPECT_EQ(actions.at(0).at("overdue_seconds"), 86'400);
    EXPECT_EQ(ask(R"({"what":"case","run":2,"case_id":"C4"})").at("id"), "C4");
}

TEST_F(StoreFiles, WhatIsPutIntoOneOfVersion2ContinuesItsChain) {
    Store store(folder_.file(), {});
    const json::value note =
        parsed(store.put("note", R"({"text":"x","about":"y","by":"b","at":"2026-05-01T00:00:00Z"})"));
    EXPECT_EQ(note.at("record"), 8);
    const json::value verified = parsed(store.verify(k_head_of_version_2));
    EXPECT_EQ(verified.at("ok"), true);
    EXPECT_EQ(verified.at("links"), 12);
    EXPECT_NE(verified.at("head").as_string(), k_head_of_version_2);
}

}  // namespace
}  // namespace duecare::store
