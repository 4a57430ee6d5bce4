// SQLite as this module uses it: a connection, statements, transactions; its error codes as errors for
// people.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"

namespace duecare::store {

/// Throws Error{unsupported} unless the SQLite of this process encrypts.
void need_cipher(const std::string& path);

/// One connection. Used by one thread at a time.
class Database {
  public:
    /// @param flags  SQLITE_OPEN_...
    /// @param vfs    empty: the usual file system
    /// @param is_immutable  nobody changes the file while it is open: it is read without a lock, and no file
    ///               is made beside it
    Database(const std::string& path, int flags, const std::string& vfs, bool is_immutable = false);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// False where SQLite cannot make the files beside it that it reads it by.
    [[nodiscard]] bool can_be_read() const;
    /// Whether a call has found the file damaged.
    [[nodiscard]] bool is_damaged() const noexcept { return is_damaged_; }
    /// Runs statements that give no rows.
    void run(const char* sql);
    /// Begins a transaction. What an earlier one left open, because there was no memory to end it, ends
    /// first.
    void begin(const char* sql);
    /// Takes back what was not committed. Without memory it may stay open until begin().
    void roll_back() noexcept;
    [[nodiscard]] std::int64_t number(const char* sql);
    [[nodiscard]] std::string text(const char* sql);
    [[nodiscard]] sqlite3* raw() const noexcept { return db_; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    /// Leaves the connection open for ever: what a child process after fork() must do with it.
    void abandon() noexcept { db_ = nullptr; }
    /// Throws what a result code of SQLite means, unless it is one of success.
    void check(int code) const;
    [[noreturn]] void fail(int code) const;
    /// Encrypts and decrypts by SQLCipher from here on. Before any other use of the connection.
    void unlock(std::string_view key);

  private:
    std::string path_;
    sqlite3* db_ = nullptr;
    bool is_locked_ = false;  // a key was given
    mutable bool is_damaged_ = false;
};

/// A prepared statement; rows are read by column from 0.
class Statement {
  public:
    Statement(Database& db, std::string_view sql);
    ~Statement();
    Statement(Statement&& other) noexcept : db_(other.db_), raw_(std::exchange(other.raw_, nullptr)) {}
    Statement& operator=(Statement&&) = delete;

    Statement& bind(int place, std::int64_t value);
    /// The bytes must stay until the statement is reset.
    Statement& bind(int place, std::string_view text);
    Statement& bind_blob(int place, std::string_view bytes);
    Statement& bind_null(int place);
    Statement& bind(int place, const std::optional<std::string>& text) {
        return text ? bind(place, std::string_view(*text)) : bind_null(place);
    }

    /// True while there is a row.
    bool step();
    /// Runs a statement that gives no rows, and makes it ready for the next time.
    void run();
    void reset();

    [[nodiscard]] int columns() const { return sqlite3_column_count(raw_); }
    [[nodiscard]] int type(int column) const { return sqlite3_column_type(raw_, column); }
    [[nodiscard]] bool is_null(int column) const { return type(column) == SQLITE_NULL; }
    [[nodiscard]] std::int64_t number(int column) const { return sqlite3_column_int64(raw_, column); }
    /// Valid until the next step.
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] std::string_view name(int column) const { return sqlite3_column_name(raw_, column); }

  private:
    Database& db_;
    sqlite3_stmt* raw_ = nullptr;
};

/// Begins at once as the one writer; what is not committed is taken back.
class Transaction {
  public:
    explicit Transaction(Database& db) : db_(db) { db_.begin("BEGIN IMMEDIATE"); }
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Database& db_;
    bool is_open_ = true;
};

/// All reads during its life see the same moment.
class Snapshot {
  public:
    explicit Snapshot(Database& db) : db_(db) { db_.begin("BEGIN"); }
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

  private:
    Database& db_;
};

}  // namespace duecare::store
