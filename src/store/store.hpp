// store: runs and the work on them in one SQLite file that shows whether it was changed. It takes results and
// JSON in and gives JSON; it knows no clock, and what is recorded when is the caller's to say.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/files.hpp"
#include "evaluate/audit.hpp"
#include "records/reader.hpp"

namespace duecare::store {

class Database;
class Names;
struct VerifyRequest;

/// The numbers of DUECARE_STORE_KEEP_...
enum class Keep : std::int32_t { identity = 0, evidence = 1, histories = 2 };

struct OpenOptions {
    bool read_only = false;
    bool create = false;
    bool relaxed = false;
    std::uint32_t busy_ms = 5000;
    Keep keep = Keep::identity;
    std::string key;  // of pseudonyms; empty: none
    std::string vfs;
    std::string cipher_key;  // of SQLCipher; empty: not encrypted
};

/// What put_run is given beside the result.
struct RunSource {
    const records::ReadReport& report;
    std::string_view engine;  // version of this library
    std::string_view info;    // JSON
};

/// An open store. Used by one thread at a time, and by the process that opened it alone.
class Store {
  public:
    Store(const std::string& path, OpenOptions options);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    // As the functions of duecare.h of these names.
    [[nodiscard]] std::string put_run(const evaluate::Result& result, const RunSource& source);
    [[nodiscard]] std::string put(std::string_view kind, std::string_view json);
    [[nodiscard]] std::string query(std::string_view json);
    [[nodiscard]] std::string verify(std::string_view expected_head);
    [[nodiscard]] std::string verify_trusted(std::string_view json);
    [[nodiscard]] std::string sign(std::string_view json, std::string_view pem);
    [[nodiscard]] std::string compare_run(std::int64_t run, const evaluate::Result& result);
    [[nodiscard]] std::string prune(std::string_view json);
    void backup(const std::string& path);

  private:
    Database& connection();
    Database& open_db();
    Database& writable();
    [[nodiscard]] bool is_as_seen() const;
    template <typename Read>
    auto steadily(const Read& read);
    std::string verified(const VerifyRequest& request);
    void begin(const std::string& path);
    void open(const std::string& path);
    void connect(const std::string& path, bool is_immutable);
    void check(const std::string& path, bool was_left_open);
    void forget_key() noexcept;
    void set_up();
    void need_key();

    /// The file and its log when the file was opened without a lock.
    struct Seen {
        FileState file;
        FileState log;
        bool operator==(const Seen&) const = default;
    };
    static Seen look(const std::string& path);

    OpenOptions options_;
    // Shared by nobody: so that a build without SQLite need not know what they are.
    std::shared_ptr<Names> names_;
    std::shared_ptr<Database> db_;
    std::optional<Error> damage_;  // found when it was opened to read only: verify alone answers
    std::optional<Seen> seen_;     // where nothing keeps others from writing while it is read
    std::int64_t process_;
};

}  // namespace duecare::store
