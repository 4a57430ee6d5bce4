#include "store/store.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "store/chain.hpp"
#include "store/life.hpp"
#include "store/prune.hpp"
#include "store/queries.hpp"
#include "store/records.hpp"
#include "store/rerun.hpp"
#include "store/run.hpp"
#include "store/salvage.hpp"
#include "store/schema.hpp"
#include "store/signature.hpp"
#include "store/verify.hpp"

namespace duecare::store {

namespace {

bool is_there(const std::string& path) {
    return file_size(path) >= 0;
}

/// Makes the file readable by its owner alone, before SQLite makes it by the rules of the process.
void make_file(const std::string& path) {
    if (make_private_file(path)) return;
    throw Error(Status::io,
                "The store cannot be made there; see that its folder is there and may be written to.", {},
                path);
}

/// A name that SQLite takes for a file, whatever it is.
std::string file_name(const std::string& path) {
    if (path.empty()) throw Error(Status::invalid_argument, "The path of the store is empty.");
    if (path.find('\0') != std::string::npos)
        throw Error(Status::invalid_argument, "The path of the store has a NUL in it.");
    return path.front() == ':' ? "./" + path : path;
}

/// Fills the empty file at `path`.
void copy_pages(Database& from, const std::string& path, const std::string& cipher_key) {
    Database to(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, {});
    if (!cipher_key.empty()) to.unlock(cipher_key);
    sqlite3_backup* copy = sqlite3_backup_init(to.raw(), "main", from.raw(), "main");
    if (copy == nullptr) to.fail(sqlite3_errcode(to.raw()));
    const int code = sqlite3_backup_step(copy, -1);
    sqlite3_backup_finish(copy);
    if (code != SQLITE_DONE) to.fail(code);
}

[[noreturn]] void refuse_empty(const Database& db) {
    throw Error(Status::data,
                "This file is empty: no run was stored in it yet. To store one (`duecare store put`) makes a "
                "store of it.",
                {}, db.path());
}

/// What the last writer has not brought into the file stands beside it, and cannot be left out.
void need_no_log(const std::string& path) {
    for (const char* suffix : {"-wal", "-journal"}) {
        const std::string log = path + suffix;
        if (file_size(log) <= 0) continue;
        throw Error(Status::io,
                    "The last writer did not close this store, and its folder may not be written to. What "
                    "was written last stands in the file " +
                        log + ": copy the store, with that file, to a folder that may be written to.",
                    {}, path);
    }
}

std::string json_of(const Put& put) {
    std::string out = "{\"record\":";
    append_integer(out, put.id);
    out += put.is_new ? ",\"is_new\":true" : ",\"is_new\":false";
    return out + ",\"head\":\"" + put.head + "\"}";
}

}  // namespace

Store::Store(const std::string& path, OpenOptions options)
    : options_(std::move(options)), process_(process_id()) {
    try {
        begin(path);
    } catch (...) {
        forget_key();  // no destructor does
        throw;
    }
}

void Store::begin(const std::string& path) {
    const std::string file = file_name(path);
    names_ = std::make_unique<Names>(options_.key);
    if (!options_.cipher_key.empty()) need_cipher(path);
    if (!is_there(file)) {
        if (!options_.create || options_.read_only) {
            throw Error(
                Status::not_found,
                "There is no such store. See that the path is right. One is made by storing a first run "
                "with `duecare store put`, or where a program opens it so that it is made "
                "(create=True in Python, DUECARE_STORE_CREATE in C).",
                {}, path);
        }
        make_file(file);
    }
    open(file);
}

Store::~Store() {
    forget_key();
    // What a child process inherited belongs to its parent; closing it here would undo the parent's locks.
    if (db_ != nullptr && process_ != process_id()) db_->abandon();
}

void Store::forget_key() noexcept {
    wipe(options_.cipher_key.data(), options_.cipher_key.size());
}

void Store::connect(const std::string& path, bool is_immutable) {
    const int mode = options_.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    db_ = std::make_unique<Database>(path, mode | SQLITE_OPEN_NOMUTEX, options_.vfs, is_immutable);
    if (!options_.cipher_key.empty()) db_->unlock(options_.cipher_key);
    sqlite3_busy_timeout(db_->raw(), static_cast<int>(options_.busy_ms));
}

void Store::open(const std::string& path) {
    const bool was_left_open = file_size(path + "-wal") > 0;
    connect(path, false);
    std::optional<Seen> seen;
    // SQLite reads by a file beside the store, which whoever has it open has made already.
    if (options_.read_only && !may_make_files_beside(path) && !db_->can_be_read()) {
        seen = look(path);
        need_no_log(path);
        connect(path, true);
    }
    std::optional<Error> damage;
    try {
        check(path, was_left_open);
    } catch (const Error& error) {
        if (!options_.read_only || !db_->is_damaged() || !read_past_damage(*db_)) throw;
        damage = error;
    }
    damage_ = std::move(damage);
    seen_ = seen;
}

Store::Seen Store::look(const std::string& path) {
    return {file_state(path), file_state(path + "-wal")};
}

bool Store::is_as_seen() const {
    return !seen_ || *seen_ == look(db_->path());
}

/// What is read of a file that nobody wrote into meanwhile. Without a lock SQLite would take pages of two
/// moments for those of one, or for damage.
template <typename Read>
auto Store::steadily(const Read& read) {
    try {
        auto out = read();
        if (is_as_seen()) return out;
    } catch (const Error&) {
        if (is_as_seen()) throw;
    }
    throw Error(Status::io, "Somebody wrote into the store while it was read. Nothing is wrong; ask again.",
                {}, db_->path());
}

void Store::check(const std::string& path, bool was_left_open) {
    Database& db = *db_;
    sqlite3_db_config(db.raw(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db.raw(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    db.run("PRAGMA cache_size = -65536");
    // Before anything is set: another application's file is left as it is.
    if (db.number("SELECT count(*) FROM sqlite_master") != 0) {
        static_cast<void>(need_store(db));
    } else if (!options_.create) {
        refuse_empty(db);
    }
    if (!options_.read_only) {
        db.run("PRAGMA journal_mode = WAL");
        db.run(options_.relaxed ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
        set_up();
    }
    migrate(db, !options_.read_only);
    if (was_left_open && !options_.read_only) {
        const std::string found = db.text("PRAGMA quick_check(1)");
        if (found != "ok") {
            throw Error(Status::data,
                        "The store was not closed by its last writer and is damaged (" + found +
                            "). Restore a backup; verify (`duecare store verify`) says what of it can still "
                            "be read.",
                        {}, path);
        }
    }
    if (!options_.read_only) need_key();
}

void Store::set_up() {
    Database& db = *db_;
    if (db.number("SELECT count(*) FROM sqlite_master") != 0) return;
    Transaction transaction(db);
    // Asked again: somebody else may have set it up by now.
    if (db.number("SELECT count(*) FROM sqlite_master") != 0) return;
    if (!options_.create) refuse_empty(db);
    create_schema(db);
    const std::string check = names_->check();
    Statement(db, "INSERT INTO meta(name, value) VALUES('pseudonyms', ?)")
        .bind(1, std::string_view(check))
        .run();
    append_link(db, "store", 0, digest_of_row(db, "store", 0));
    transaction.commit();
}

void Store::need_key() {
    const std::string noted = db_->text("SELECT value FROM meta WHERE name = 'pseudonyms'");
    if (noted == names_->check()) return;
    std::string message =
        "This store keeps pseudonyms under another key; open it with that (--pseudonymise FILE, `key` of a "
        "program).";
    if (noted.empty())
        message = "This store keeps ids as they are; open it without a key, or make another one.";
    if (!names_->are_hidden())
        message =
            "This store keeps pseudonyms; open it with their key (--pseudonymise FILE on the command line, "
            "`key` in a program), or to read only.";
    throw Error(Status::invalid_argument, message, {}, db_->path());
}

Database& Store::connection() {
    if (process_ != process_id()) {
        throw Error(Status::invalid_state,
                    "This store was opened before fork(); open it again in the child process.");
    }
    if (!is_as_seen()) open(std::string(db_->path()));
    return *db_;
}

Database& Store::open_db() {
    Database& db = connection();
    if (damage_) throw *damage_;
    return db;
}

Database& Store::writable() {
    Database& db = open_db();
    if (options_.read_only)
        throw Error(Status::invalid_state, "This store was opened to read only.", {}, db.path());
    return db;
}

std::string Store::put_run(const evaluate::Result& result, const RunSource& source) {
    Database& db = writable();
    // Nobody is kept from writing while the digests are computed.
    const RunFacts facts = facts_of(result, source, options_.keep, *names_);
    Transaction transaction(db);
    std::string out = store_run(db, result, source, options_.keep, *names_, facts);
    transaction.commit();
    return out;
}

std::string Store::put(std::string_view kind, std::string_view json) {
    Database& db = writable();
    Transaction transaction(db);
    const Put put = put_record(db, kind, body_of(db, *names_, kind, json));
    transaction.commit();
    return json_of(put);
}

std::string Store::sign(std::string_view json, std::string_view pem) {
    need_signatures();
    Database& db = writable();
    const PrivateKey key(pem);
    Transaction transaction(db);
    const Put put = sign_subject(db, *names_, json, key);
    transaction.commit();
    return json_of(put);
}

std::string Store::query(std::string_view json) {
    return steadily([&] {
        Database& db = open_db();
        const Snapshot snapshot(db);
        return answer_query(db, *names_, json);
    });
}

std::string Store::verified(const VerifyRequest& request) {
    return steadily([&] {
        Database& db = connection();
        if (!damage_) {
            try {
                const Snapshot snapshot(db);
                return verify_store(db, request);
            } catch (const Error&) {
                if (!db.is_damaged()) throw;
            }
        }
        return verify_damaged(db);
    });
}

std::string Store::verify(std::string_view expected_head) {
    VerifyRequest request;
    request.head = need_head(expected_head);
    return verified(request);
}

std::string Store::verify_trusted(std::string_view json) {
    return verified(verify_request_of(json));
}

std::string Store::compare_run(std::int64_t run, const evaluate::Result& result) {
    return steadily([&] {
        Database& db = open_db();
        const Snapshot snapshot(db);
        return compare_with_run(db, *names_, run, result);
    });
}

std::string Store::prune(std::string_view json) {
    Database& db = writable();
    db.run("PRAGMA secure_delete = ON");  // what goes is overwritten, not only forgotten
    Transaction transaction(db);
    std::string out = prune_store(db, *names_, json);
    transaction.commit();
    // Nor does it stay in the log; while somebody reads, it goes with the next checkpoint.
    sqlite3_wal_checkpoint_v2(db.raw(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    return out;
}

void Store::backup(const std::string& path) {
    Database& db = open_db();
    const std::string file = file_name(path);
    if (is_there(file)) {
        throw Error(Status::invalid_argument, "There is such a file already; a backup never replaces one.",
                    {}, path);
    }
    make_file(file);
    try {
        steadily([&] {
            copy_pages(db, file, options_.cipher_key);
            return true;
        });
    } catch (...) {
        remove_file(file);  // closed by now; half a backup is none, and would be in the way of the next
        throw;
    }
}

}  // namespace duecare::store
