// A host with an SQLite of its own linked into the program, and with Boost.JSON beside it, both visible to
// everything that it loads. It loads the library for all to see, and each goes on with its own. Argument: the
// library.
#include <sqlite3.h>

#include <boost/json.hpp>

#include "two_copies.h"

namespace {

void use_own_copies() {
    const boost::json::value value = boost::json::parse(R"({"b": [1, 2.5, "x"], "a": null})");
    demand(boost::json::serialize(value) == R"({"b":[1,2.5E0,"x"],"a":null})", "the host's Boost.JSON works");
    sqlite3* database = nullptr;
    sqlite3_stmt* statement = nullptr;
    demand(sqlite3_open(":memory:", &database) == SQLITE_OK, "the host's SQLite opens");
    demand(sqlite3_prepare_v2(database, "SELECT 6 * 7", -1, &statement, nullptr) == SQLITE_OK, "it prepares");
    demand(sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_int(statement, 0) == 42, "it answers");
    sqlite3_finalize(statement);
    sqlite3_close(database);
}

void both_are_the_hosts(const char* program) {
    demand(is_in(RTLD_DEFAULT, SQLITE_SYMBOL, program), "sqlite3_libversion is the host's");
    demand(is_in(RTLD_DEFAULT, BOOST_SYMBOL, "libboost_json"), "boost::json::serialize is the host's");
}

}  // namespace

int main(int argc, char** argv) {
    demand(argc == 2, "there is one argument");
    const char* const program = std::strrchr(argv[0], '/') + 1;
    use_own_copies();
    both_are_the_hosts(program);
    void* const library = dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL);
    demand(library != nullptr, "the library is loaded");
    both_are_the_hosts(program);
    demand(!is_in(library, SQLITE_SYMBOL, "libduecare"), "the library gives out no SQLite");
    demand(!is_in(library, BOOST_SYMBOL, "libduecare"), "the library gives out no Boost");
    audit_with(library);
    store_with(library);
    use_own_copies();
    audit_with(library);
    demand(dlclose(library) == 0, "the library is unloaded");
    use_own_copies();
    return 0;
}
