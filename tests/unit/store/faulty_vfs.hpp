// A file system that fails when it is told to, over the usual one of the SQLite in this process.
#pragma once

#include <sqlite3.h>

#include <cstring>
#include <string>

namespace duecare::store {

/// What fails, and from which call on.
struct Fault {
    bool writes = false;  // and truncations
    bool syncs = false;
    bool maps = false;  // shared memory
    int code = SQLITE_IOERR_WRITE;
    int after = -1;     // calls that still succeed; negative: nothing fails
    bool once = false;  // only that call, not those after it
    int failed = 0;     // how many did
};

class FaultyVfs {
  public:
    static constexpr const char* k_name = "duecare-faulty";

    FaultyVfs() {
        sqlite3_initialize();
        real_ = sqlite3_vfs_find(nullptr);
        vfs_ = *real_;
        vfs_.zName = k_name;
        vfs_.pNext = nullptr;
        vfs_.pAppData = this;
        vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
        vfs_.xOpen = open;
        sqlite3_vfs_register(&vfs_, 0);
    }
    ~FaultyVfs() { sqlite3_vfs_unregister(&vfs_); }
    FaultyVfs(const FaultyVfs&) = delete;
    FaultyVfs& operator=(const FaultyVfs&) = delete;

    Fault fault;

  private:
    struct File {
        sqlite3_file base;
        FaultyVfs* vfs;
    };
    static sqlite3_file* real(sqlite3_file* file) {
        return reinterpret_cast<sqlite3_file*>(reinterpret_cast<File*>(file) + 1);
    }

    /// Counts a call; the code to fail with, or SQLITE_OK.
    static int turn(sqlite3_file* file, bool concerns, int code = 0) {
        Fault& fault = reinterpret_cast<File*>(file)->vfs->fault;
        if (!concerns || fault.after < 0) return SQLITE_OK;
        if (fault.after > 0) {
            --fault.after;
            return SQLITE_OK;
        }
        ++fault.failed;
        if (fault.once) fault.after = -1;
        return code != 0 ? code : fault.code;
    }
    static Fault& of(sqlite3_file* file) { return reinterpret_cast<File*>(file)->vfs->fault; }

    static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
        auto* self = static_cast<FaultyVfs*>(vfs->pAppData);
        std::memset(file, 0, sizeof(File));
        reinterpret_cast<File*>(file)->vfs = self;
        const int code = self->real_->xOpen(self->real_, name, real(file), flags, out_flags);
        file->pMethods = real(file)->pMethods == nullptr ? nullptr : &methods();
        return code;
    }

    static const sqlite3_io_methods& methods() {
        static const sqlite3_io_methods table = [] {
            sqlite3_io_methods m{};
            m.iVersion = 2;
            m.xClose = [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); };
            m.xRead = [](sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
                return real(f)->pMethods->xRead(real(f), to, n, at);
            };
            m.xWrite = [](sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
                const int code = turn(f, of(f).writes);
                return code != SQLITE_OK ? code : real(f)->pMethods->xWrite(real(f), from, n, at);
            };
            m.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
                const int code = turn(f, of(f).writes, SQLITE_IOERR_TRUNCATE);
                return code != SQLITE_OK ? code : real(f)->pMethods->xTruncate(real(f), size);
            };
            m.xSync = [](sqlite3_file* f, int flags) {
                const int code = turn(f, of(f).syncs, SQLITE_IOERR_FSYNC);
                return code != SQLITE_OK ? code : real(f)->pMethods->xSync(real(f), flags);
            };
            m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
                return real(f)->pMethods->xFileSize(real(f), size);
            };
            m.xLock = [](sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); };
            m.xUnlock = [](sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); };
            m.xCheckReservedLock = [](sqlite3_file* f, int* out) {
                return real(f)->pMethods->xCheckReservedLock(real(f), out);
            };
            m.xFileControl = [](sqlite3_file* f, int op, void* arg) {
                return real(f)->pMethods->xFileControl(real(f), op, arg);
            };
            m.xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); };
            m.xDeviceCharacteristics = [](sqlite3_file* f) {
                return real(f)->pMethods->xDeviceCharacteristics(real(f));
            };
            m.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
                const int code = turn(f, of(f).maps, SQLITE_IOERR_SHMMAP);
                return code != SQLITE_OK ? code
                                         : real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
            };
            m.xShmLock = [](sqlite3_file* f, int at, int n, int flags) {
                return real(f)->pMethods->xShmLock(real(f), at, n, flags);
            };
            m.xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); };
            m.xShmUnmap = [](sqlite3_file* f, int remove) {
                return real(f)->pMethods->xShmUnmap(real(f), remove);
            };
            return m;
        }();
        return table;
    }

    sqlite3_vfs* real_;
    sqlite3_vfs vfs_{};
};

}  // namespace duecare::store
