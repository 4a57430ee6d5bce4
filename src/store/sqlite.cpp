#include "store/sqlite.hpp"

#include <new>

// SQLCipher's, where the host has brought that into the process; nobody else's SQLite has it. Symbols that
// may be missing are of ELF alone.
#if defined(__ELF__)
extern "C" int sqlite3_key(sqlite3* db, const void* key, int size) __attribute__((weak));
#define DUECARE_SQLITE_KEY sqlite3_key
#else
#define DUECARE_SQLITE_KEY (static_cast<int (*)(sqlite3*, const void*, int)>(nullptr))
#endif

namespace duecare::store {

namespace {

Status status_of(int code) {
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Status::busy;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH:
        // A table or column that our own statements name is not there.
        case SQLITE_ERROR:
        case SQLITE_SCHEMA:
            return Status::data;
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_AUTH:
        case SQLITE_PROTOCOL:
            return Status::io;
        default:
            return Status::internal;
    }
}

std::string words_of(int code) {
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "Somebody else is writing into the store, and was not done in the time that this call may "
                   "wait. Nothing was changed; try again, or allow a longer wait.";
        case SQLITE_CORRUPT:
            return "The store is damaged. Restore a backup; verify (`duecare store verify`) says what of it "
                   "can still be read.";
        case SQLITE_NOTADB:
            return "This file is no store of duecare: it is not an SQLite database, or it is encrypted and "
                   "was "
                   "opened without its key (cipher_key).";
        case SQLITE_FULL:
            return "The disk is full. Nothing of this call was stored, and nothing stored before is lost; "
                   "free some space and try again.";
        case SQLITE_IOERR:
            return "Reading or writing the store failed. Nothing of this call was stored, and nothing stored "
                   "before is lost; see to the disk and try again.";
        case SQLITE_READONLY:
            return "The store, or the folder that it stands in, may not be written to. Nothing was changed.";
        case SQLITE_CANTOPEN:
            return "The store cannot be opened: see that its folder is there and may be used.";
        case SQLITE_ERROR:
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH:
        case SQLITE_SCHEMA:
            return "The tables of the store are not as this library makes them; they were changed by "
                   "somebody "
                   "else.";
        default:
            return "SQLite refused.";
    }
}

/// A path as SQLite takes it in a URI, with every byte that may mean something there by its number.
std::string immutable_name(const std::string& path) {
    static constexpr std::string_view k_hex = "0123456789ABCDEF";
    std::string out = "file:";
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_plain) {
            out += c;
        } else {
            out.append({'%', k_hex[byte >> 4U], k_hex[byte & 0xFU]});
        }
    }
    return out + "?immutable=1";
}

}  // namespace

Database::Database(const std::string& path, int flags, const std::string& vfs, bool is_immutable)
    : path_(path) {
    const std::string name = is_immutable ? immutable_name(path) : path;
    if (is_immutable) flags |= SQLITE_OPEN_URI;
    const int code = sqlite3_open_v2(name.c_str(), &db_, flags, vfs.empty() ? nullptr : vfs.c_str());
    if (code == SQLITE_OK) {
        sqlite3_extended_result_codes(db_, 1);
        return;
    }
    const Error error = [&] {
        if (code == SQLITE_ERROR && !vfs.empty()) {
            return Error(Status::invalid_argument,
                         "There is no file system \"" + vfs + "\" in the SQLite of this process.", {}, path);
        }
        return Error(status_of(code), words_of(code), {}, path);
    }();
    sqlite3_close(db_);
    if (code == SQLITE_NOMEM) throw std::bad_alloc();
    throw error;
}

Database::~Database() {
    if (db_ != nullptr) sqlite3_close(db_);
}

void need_cipher(const std::string& path) {
    Database memory(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, {});
    // The pragma is answered by the very SQLite that the connection is of; a plain one gives no row.
    if (DUECARE_SQLITE_KEY != nullptr && !memory.text("PRAGMA cipher_version").empty()) return;
    throw Error(Status::unsupported,
                std::string("The SQLite of this process is not SQLCipher; it is SQLite ") +
                    sqlite3_libversion() +
                    ", which cannot encrypt. Link SQLCipher before duecare, or open the store without a key "
                    "(cipher_key). Nothing was written.",
                {}, path);
}

void Database::unlock(std::string_view key) {
    check(DUECARE_SQLITE_KEY(db_, key.data(), static_cast<int>(key.size())));
    is_locked_ = true;
}

void Database::check(int code) const {
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) fail(code);
}

void Database::fail(int code) const {
    if ((code & 0xFF) == SQLITE_NOMEM) throw std::bad_alloc();
    if ((code & 0xFF) == SQLITE_CORRUPT) is_damaged_ = true;
    if (is_locked_ && (code & 0xFF) == SQLITE_NOTADB) {
        throw Error(
            Status::invalid_argument,
            "This key (cipher_key) does not open the store: it was encrypted under another one, or not "
            "at all, or is no store. Nothing was changed in it.",
            {}, path_);
    }
    throw Error(status_of(code), words_of(code) + " (SQLite: " + sqlite3_errmsg(db_) + ".)", {}, path_);
}

bool Database::can_be_read() const {
    const int code = sqlite3_exec(db_, "SELECT count(*) FROM sqlite_master", nullptr, nullptr, nullptr);
    return (code & 0xFF) != SQLITE_CANTOPEN && (code & 0xFF) != SQLITE_READONLY;
}

void Database::run(const char* sql) {
    check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr));
}

void Database::begin(const char* sql) {
    if (sqlite3_get_autocommit(db_) == 0) roll_back();
    run(sql);
}

void Database::roll_back() noexcept {
    constexpr int k_attempts = 2;
    for (int i = 0; i < k_attempts && sqlite3_get_autocommit(db_) == 0; ++i) {
        if (i > 0)
            static_cast<void>(sqlite3_db_release_memory(db_));  // it keeps pages that it can do without
        static_cast<void>(sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr));
    }
}

std::int64_t Database::number(const char* sql) {
    Statement statement(*this, sql);
    return statement.step() ? statement.number(0) : 0;
}

std::string Database::text(const char* sql) {
    Statement statement(*this, sql);
    return statement.step() ? std::string(statement.text(0)) : std::string();
}

Statement::Statement(Database& db, std::string_view sql) : db_(db) {
    db_.check(sqlite3_prepare_v2(db_.raw(), sql.data(), static_cast<int>(sql.size()), &raw_, nullptr));
}

Statement::~Statement() {
    sqlite3_finalize(raw_);
}

Statement& Statement::bind(int place, std::int64_t value) {
    db_.check(sqlite3_bind_int64(raw_, place, value));
    return *this;
}

Statement& Statement::bind(int place, std::string_view text) {
    const char* data = text.data() == nullptr ? "" : text.data();
    db_.check(sqlite3_bind_text64(raw_, place, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind_blob(int place, std::string_view bytes) {
    const char* data = bytes.data() == nullptr ? "" : bytes.data();
    db_.check(sqlite3_bind_blob64(raw_, place, data, bytes.size(), SQLITE_STATIC));
    return *this;
}

Statement& Statement::bind_null(int place) {
    db_.check(sqlite3_bind_null(raw_, place));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(raw_);
    db_.check(code);
    return code == SQLITE_ROW;
}

void Statement::run() {
    step();
    reset();
}

void Statement::reset() {
    sqlite3_reset(raw_);  // its code is that of the last step, which was told then
}

std::string_view Statement::text(int column) const {
    const void* bytes = sqlite3_column_blob(raw_, column);
    const int size = sqlite3_column_bytes(raw_, column);
    return bytes == nullptr
               ? std::string_view("", 0)
               : std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

Transaction::~Transaction() {
    if (is_open_) db_.roll_back();
}

void Transaction::commit() {
    db_.run("COMMIT");
    is_open_ = false;
}

Snapshot::~Snapshot() {
    db_.roll_back();
}

}  // namespace duecare::store
