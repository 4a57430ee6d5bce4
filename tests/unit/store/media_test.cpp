// Stores on a medium that may not be written to, and stores that were damaged.
#include <sys/stat.h>
#include <unistd.h>

#include "support.hpp"

namespace duecare::store {
namespace {

OpenOptions reading() {
    OpenOptions options;
    options.read_only = true;
    return options;
}

/// A folder that nobody may write to, and this process neither: whoever may do everything does not for now.
class ReadOnly {
  public:
    explicit ReadOnly(const Folder& folder) : folder_(folder.file("")), was_(::geteuid()) {
        for (const auto& file : std::filesystem::directory_iterator(folder_))
            EXPECT_EQ(::chmod(file.path().c_str(), 0444), 0);
        EXPECT_EQ(::chmod(folder_.c_str(), 0555), 0);
        if (was_ == 0) {
            EXPECT_EQ(::seteuid(65534), 0);
        }
    }
    ~ReadOnly() {
        if (was_ == 0) {
            EXPECT_EQ(::seteuid(was_), 0);
        }
        EXPECT_EQ(::chmod(folder_.c_str(), 0755), 0);
    }
    ReadOnly(const ReadOnly&) = delete;
    ReadOnly& operator=(const ReadOnly&) = delete;

  private:
    std::string folder_;
    uid_t was_;
};

/// A closed store with one run; its head.
std::string make(const Folder& folder, int cases = 30, const std::string& name = "audit.db") {
    Store store(folder.file(name), creating());
    put(store, audited(policy_of(), many_cases(cases), "2026-01-31T00:00:00Z"));
    return std::string(parsed(store.query(R"({"what":"head"})")).at("head").as_string());
}

TEST(StoreMedia, AFolderThatMayNotBeWrittenToIsRead) {
    const Folder folder;
    const Folder copies;
    ASSERT_EQ(::chmod(copies.file("").c_str(), 0777), 0);
    const std::string name = "50% of #1 & 'all'?.db";  // none of which SQLite may take for more than it is
    const std::string head = make(folder, 30, name);
    const ReadOnly medium(folder);
    Store store(folder.file(name), reading());
    EXPECT_EQ(parsed(store.query(R"({"what":"runs"})")).at("runs").as_array().size(), 1U);
    EXPECT_EQ(parsed(store.verify(head)).at("ok"), true);
    store.backup(copies.file("copy.db"));
    Store copy(copies.file("copy.db"), reading());
    EXPECT_EQ(parsed(copy.verify(head)).at("ok"), true);
    EXPECT_EQ(thrown([&] { const Store writing(folder.file(name), {}); }), "40");
}

TEST(StoreMedia, WhatStandsInTheLogIsNotLeftOut) {
    const Folder folder;
    const std::string head = make(folder);
    std::filesystem::copy(folder.file(), folder.file("kept.db"));
    {
        Store open(folder.file(), creating());
        static_cast<void>(
            open.put("note", R"({"about":"a","text":"t","by":"b","at":"2026-03-01T00:00:00Z"})"));
        std::filesystem::copy(folder.file("audit.db-wal"), folder.file("kept.db-wal"));
    }
    const ReadOnly medium(folder);
    std::string message;
    EXPECT_EQ(thrown([&] { const Store store(folder.file("kept.db"), reading()); }, &message), "40");
    EXPECT_NE(message.find("kept.db-wal: copy the store, with that file,"), std::string::npos) << message;
    EXPECT_EQ(thrown([&] { const Store store(folder.file(), reading()); }, &message), "ok") << message;
}

TEST(StoreMedia, WhoeverHasItOpenIsReadBeside) {
    const Folder folder;
    static_cast<void>(make(folder));
    Store open(folder.file(), creating());
    static_cast<void>(open.put("note", R"({"about":"a","text":"t","by":"b","at":"2026-03-01T00:00:00Z"})"));
    const ReadOnly medium(folder);
    Store store(folder.file(), reading());
    EXPECT_EQ(parsed(store.query(R"({"what":"info"})")).at("records"), 1);
}

TEST(StoreMedia, WhatOthersWriteIntoAFolderThatMayNotBeWrittenToIsSeen) {
    const Folder folder;
    static_cast<void>(make(folder, 300));
    std::unique_ptr<Store> store;
    {
        const ReadOnly medium(folder);
        store = std::make_unique<Store>(folder.file(), reading());
        EXPECT_EQ(parsed(store->query(R"({"what":"runs"})")).at("runs").as_array().size(), 1U);
    }
    ASSERT_EQ(::chmod(folder.file().c_str(), 0644), 0);
    std::string head;
    {
        Store writing(folder.file(), {});
        put(writing, audited(policy_of(), many_cases(900), "2026-02-28T00:00:00Z"));
        head = std::string(parsed(writing.query(R"({"what":"head"})")).at("head").as_string());
    }
    const ReadOnly medium(folder);
    EXPECT_EQ(parsed(store->query(R"({"what":"runs"})")).at("runs").as_array().size(), 2U);
    const json::value report = parsed(store->verify(head));
    EXPECT_EQ(report.at("ok"), true) << json::serialize(report);
}

TEST(StoreMedia, VerifySaysWhatIsLeftOfATruncatedStore) {
    const Folder folder;
    const std::string head = make(folder, 600);
    const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(folder.file()));
    std::filesystem::resize_file(folder.file(), static_cast<std::uintmax_t>(bytes / 2));
    std::string message;
    EXPECT_EQ(thrown([&] { const Store store(folder.file(), {}); }, &message), "30");
    EXPECT_NE(message.find("verify (`duecare store verify`)"), std::string::npos) << message;
    Store store(folder.file(), reading());
    EXPECT_EQ(thrown([&] { static_cast<void>(store.query(R"({"what":"runs"})")); }, &message), "30");
    EXPECT_EQ(thrown([&] { store.backup(folder.file("copy.db")); }, &message), "30");
    const json::value report = parsed(store.verify(head));
    EXPECT_EQ(report.at("ok"), false);
    EXPECT_EQ(report.at("head"), json::string_view(head));
    const json::value& first = report.at("faults").at(0);
    EXPECT_EQ(first.at("kind"), "unreadable");
    const std::string said(first.at("message").as_string());
    EXPECT_NE(said.find("SQLite's own check says: "), std::string::npos) << said;
    EXPECT_NE(said.find("invalid page number"), std::string::npos) << said;
    EXPECT_NE(said.find("run (1 row)"), std::string::npos) << said;
    EXPECT_EQ(report.at("faults").at(1).at("table"), "text") << json::serialize(report);
    EXPECT_GT(report.at("rows").as_int64(), 0);
}

TEST(StoreMedia, VerifySaysWhatIsLeftOfAStoreThatWasWrittenOver) {
    const Folder folder;
    static_cast<void>(make(folder, 600));
    const std::int64_t page =
        number_in(folder.file(), "SELECT rootpage FROM sqlite_master WHERE name = 'link'");
    {
        std::fstream file(folder.file(), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp((page - 1) * 4096);
        file << std::string(4096, 'x');
    }
    Store store(folder.file(), reading());
    const json::value report = parsed(store.verify({}));
    EXPECT_EQ(report.at("ok"), false);
    EXPECT_EQ(report.at("links"), 0);
    EXPECT_EQ(report.at("faults").at(1).at("table"), "link") << json::serialize(report);
}

}  // namespace
}  // namespace duecare::store
