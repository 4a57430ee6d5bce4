// Disks that fail at each write and each synchronisation in turn, and disks that are full: what was
// acknowledged is there, nothing is there half, the chain is whole.
#include "faulty_vfs.hpp"
#include "support.hpp"

namespace duecare::store {
namespace {

struct Kind {
    const char* name;
    Fault fault;
};

void PrintTo(const Kind& kind, std::ostream* out) {  // by its name: its bytes have gaps
    *out << kind.name;
}

Fault faulty(bool writes, bool syncs, bool maps, int code, bool once) {
    Fault fault;
    fault.writes = writes;
    fault.syncs = syncs;
    fault.maps = maps;
    fault.code = code;
    fault.once = once;
    return fault;
}

std::string note(int i) {
    return R"({"about":"a","text":")" + std::to_string(i) + R"(","by":"b","at":"2026-03-01T00:00:00Z"})";
}

class StoreFaults : public ::testing::TestWithParam<Kind> {
  protected:
    StoreFaults() {
        Store store(folder_.file("begin.db"), creating());
        put(store, january_);
    }

    static OpenOptions options() {
        OpenOptions out;
        out.vfs = FaultyVfs::k_name;
        out.keep = Keep::histories;
        return out;
    }

    /// Opens, stores a run and notes until something fails; how many of them were acknowledged.
    int work(int after) {
        int acknowledged = 0;
        vfs_.fault = GetParam().fault;
        vfs_.fault.after = after;
        const std::string status = thrown(
            [&] {
                Store store(folder_.file(), options());
                put(store, february_);
                ++acknowledged;
                for (int i = 0; i < 3; ++i) {
                    static_cast<void>(store.put("note", note(i)));
                    ++acknowledged;
                }
            },
            &message_);
        vfs_.fault.after = -1;
        EXPECT_TRUE(status == "ok" || status == "40") << status << ": " << message_;
        if (status != "ok") {
            EXPECT_FALSE(message_.empty());
        }
        return acknowledged;
    }

    void check(int acknowledged, int after) {
        Store store(folder_.file(), {});
        const json::value report = parsed(store.verify({}));
        ASSERT_EQ(report.at("ok"), true) << "after " << after << ": " << json::serialize(report);
        const json::value about = parsed(store.query(R"({"what":"info"})"));
        const std::int64_t there = about.at("runs").as_int64() - 1 + about.at("records").as_int64();
        // What failed while it was committed may be there after all, but whole.
        EXPECT_GE(there, acknowledged) << "after " << after;
        EXPECT_LE(there, acknowledged + 1) << "after " << after;
        EXPECT_EQ(parsed(store.put("note", note(-1))).at("record").as_int64(),
                  about.at("records").as_int64() + 1);
    }

    FaultyVfs vfs_;
    Folder folder_;
    Audited january_ = audited(policy_of(), many_cases(30), "2026-01-31T00:00:00Z");
    Audited february_ = audited(policy_of(), many_cases(40), "2026-02-28T00:00:00Z");
    std::string message_;
};

TEST_P(StoreFaults, NothingAcknowledgedIsLostWhereverItFails) {
    int rounds = 0;
    for (int after = 0;; ++after) {
        for (const char* suffix : {"-wal", "-shm", ""}) std::filesystem::remove(folder_.file() + suffix);
        std::filesystem::copy_file(folder_.file("begin.db"), folder_.file());
        const int acknowledged = work(after);
        const bool has_failed = vfs_.fault.failed != 0;
        check(acknowledged, after);
        if (HasFatalFailure()) return;
        if (!has_failed) break;
        ++rounds;
    }
    EXPECT_GE(rounds, 1);
}

INSTANTIATE_TEST_SUITE_P(
    All, StoreFaults,
    ::testing::Values(Kind{"WritesFail", faulty(true, false, false, SQLITE_IOERR_WRITE, false)},
                      Kind{"OneWriteFails", faulty(true, false, false, SQLITE_IOERR_WRITE, true)},
                      Kind{"TheDiskIsFull", faulty(true, false, false, SQLITE_FULL, false)},
                      Kind{"SyncsFail", faulty(false, true, false, SQLITE_IOERR_FSYNC, false)},
                      Kind{"OneSyncFails", faulty(false, true, false, SQLITE_IOERR_FSYNC, true)},
                      Kind{"SharedMemoryFails", faulty(false, false, true, SQLITE_IOERR_SHMMAP, false)}),
    [](const auto& about) { return std::string(about.param.name); });

TEST(StoreFullDisk, SaysSo) {
    FaultyVfs vfs;
    const Folder folder;
    Store store(folder.file(), [] {
        OpenOptions options = creating();
        options.vfs = FaultyVfs::k_name;
        return options;
    }());
    vfs.fault = faulty(true, false, false, SQLITE_FULL, false);
    vfs.fault.after = 0;
    std::string message;
    const auto noted = [&] { static_cast<void>(store.put("note", note(0))); };
    EXPECT_EQ(thrown(noted, &message), "40");
    EXPECT_NE(message.find("The disk is full."), std::string::npos) << message;
    vfs.fault.after = -1;
    EXPECT_EQ(thrown(noted), "ok");  // the handle goes on when there is space again
    EXPECT_EQ(parsed(store.verify({})).at("ok"), true);
}

}  // namespace
}  // namespace duecare::store
