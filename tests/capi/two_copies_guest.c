/* The other way round: the library is loaded first, for all to see, and then the machine's SQLite and
   Boost.JSON. Arguments: the library, those two; or the library alone. */
#define _GNU_SOURCE
#include "two_copies.h"

static void use_sqlite(void* sqlite) {
    int (*open)(const char*, void**);
    int (*execute)(void*, const char*, void*, void*, char**);
    int (*close)(void*);
    void* database = NULL;
    find_function(sqlite, "sqlite3_open", &open);
    find_function(sqlite, "sqlite3_exec", &execute);
    find_function(sqlite, "sqlite3_close", &close);
    demand(open(":memory:", &database) == 0, "SQLite opens");
    demand(execute(database, "CREATE TABLE t(a); INSERT INTO t VALUES (1)", NULL, NULL, NULL) == 0,
           "it works");
    demand(close(database) == 0, "it closes");
}

int main(int argc, char** argv) {
    void* library = NULL;
    demand(argc == 2 || argc == 4, "there are one or three arguments");
    library = dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL);
    demand(library != NULL, "the library is loaded");
    demand(!is_in(RTLD_DEFAULT, SQLITE_SYMBOL, "libduecare"), "the library gives out no SQLite");
    demand(!is_in(RTLD_DEFAULT, BOOST_SYMBOL, "libduecare"), "the library gives out no Boost");
    audit_with(library);
    store_with(library);
    if (argc == 4) {
        void* const sqlite = dlopen(argv[2], RTLD_NOW | RTLD_GLOBAL);
        void* const boost = dlopen(argv[3], RTLD_NOW | RTLD_GLOBAL);
        demand(sqlite != NULL && boost != NULL, "SQLite and Boost.JSON are loaded");
        demand(is_in(RTLD_DEFAULT, SQLITE_SYMBOL, "libsqlite3"), "sqlite3_libversion is that of libsqlite3");
        demand(is_in(RTLD_DEFAULT, BOOST_SYMBOL, "libboost_json"),
               "boost::json::serialize is libboost_json's");
        use_sqlite(sqlite);
        audit_with(library);
        use_sqlite(sqlite);
    }
    demand(dlclose(library) == 0, "the library is unloaded");
    return 0;
}
