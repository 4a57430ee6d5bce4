// What the tests of the store need: small policies and records, audited, and a file that is gone afterwards.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "../audited.hpp"
#include "base/error.hpp"
#include "store/store.hpp"

namespace duecare::store {

namespace json = boost::json;

/// Children who come back are spoken to within so many hours; a case that was closed is told to somebody. The
/// case says who holds it.
inline std::shared_ptr<const policy::Policy> policy_of(int hours = 72, bool has_second = true) {
    const auto duty = [](const std::string& id, const std::string& rest) {
        return R"({"id":")" + id + R"(","title":"T","area":"a","severity":"high","source":{"title":"S",)" +
               R"("section":"1","url":"https://example.org/s","status":"illustrative"},)" + rest + "}";
    };
    std::string text =
        R"({"format":"duecare.policy/1","id":"p","version":"1","title":"P","owner":"case.holder",)"
        R"("time_zone":"Europe/London","duties":[)";
    text +=
        duty("interview", R"("on":{"event":"missing.returned"},"require":{"event":"interview"},"within":")" +
                              std::to_string(hours) + R"( hours")");
    if (has_second)
        text +=
            "," + duty("notice", R"("on":{"event":"closed"},"require":{"event":"told"},"within":"24 hours")");
    return compiled(text + "]}");
}

inline std::string case_of(std::string_view id, const std::vector<std::string>& events) {
    return case_line(id, events, R"(,"attributes":{"holder":"S1"})");
}

inline std::string staff() {
    return R"({"format":"duecare.staff/1","staff":[{"id":"S1","service":[{"from":"2020-01-01","unit":"North"}]}]})"
           "\n";
}

/// Case i of many: opened in January 2026; one in three is spoken to in time, one late, one not at all.
inline std::string many_cases(int count, int first = 0) {
    std::string out = staff();
    for (int i = first; i < first + count; ++i) {
        std::vector<std::string> events{event("e1", "missing.returned", "2026-01-05T08:00:00Z")};
        if (i % 3 == 0) events.push_back(event("e2", "interview", "2026-01-06T08:00:00Z"));
        if (i % 3 == 1) events.push_back(event("e2", "interview", "2026-01-20T08:00:00Z"));
        out += case_of("C" + std::to_string(i), events);
    }
    return out;
}

/// A result with what it points into.
struct Audited {
    std::shared_ptr<records::Caseload> caseload = std::make_shared<records::Caseload>();
    records::ReadReport report;
    evaluate::Result result;
};

inline Audited audited(const std::shared_ptr<const policy::Policy>& policy, const std::string& lines,
                       std::string_view as_of, evaluate::VerdictMask verdicts = evaluate::k_all_verdicts) {
    Audited out;
    out.report = read_into(*out.caseload, lines);
    out.result = audit_at(policy, out.caseload, as_of, verdicts);
    return out;
}

/// A folder of its own, removed at the end.
class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "duecare-store-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string file(const std::string& name = "audit.db") const {
        return (path_ / name).string();
    }

  private:
    std::filesystem::path path_;
};

inline OpenOptions creating(Keep keep = Keep::identity) {
    OpenOptions options;
    options.create = true;
    options.keep = keep;
    options.relaxed = true;  // the tests that crash ask for full synchronisation themselves
    return options;
}

inline json::value parsed(const std::string& text) {
    return json::parse(text);
}

inline std::string info(std::string_view when, std::string_view label = "run") {
    return R"({"recorded_at":")" + std::string(when) + R"(","label":")" + std::string(label) + "\"}";
}

inline json::value put(Store& store, const Audited& audited, std::string_view when = "2026-02-01T09:00:00Z") {
    return parsed(store.put_run(audited.result, {audited.report, "0.1.0", info(when)}));
}

/// Runs SQL on the file behind the store's back.
inline void tamper(const std::string& file, const std::string& sql) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK)
        << (message ? message : "");
    sqlite3_free(message);
    sqlite3_close(db);
}

/// One number that SQL gives on the file, past the store.
inline std::int64_t number_in(const std::string& file, const std::string& sql) {
    sqlite3* db = nullptr;
    sqlite3_stmt* statement = nullptr;
    std::int64_t out = -1;
    if (sqlite3_open(file.c_str(), &db) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return out;
}

/// The status and pointer that `body` throws; "ok" when it does not.
template <typename Body>
std::string thrown(Body body, std::string* message = nullptr) {
    try {
        body();
        return "ok";
    } catch (const Error& error) {
        if (message != nullptr) *message = error.what();
        return std::to_string(static_cast<int>(error.status())) + error.pointer();
    }
}

}  // namespace duecare::store
