// What stands in for the store where a build leaves it out (DUECARE_STORE=OFF): its functions are there and
// say so.
#include "base/error.hpp"
#include "store/store.hpp"

namespace duecare::store {

class Database {};
class Names {};

namespace {

[[noreturn]] void fail() {
    throw Error(Status::unsupported, "This build of duecare has no store: it was made without SQLite.");
}

}  // namespace

Store::Store(const std::string& /*path*/, OpenOptions options) : options_(std::move(options)), process_(0) {
    fail();
}
Store::~Store() = default;
std::string Store::put_run(const evaluate::Result& /*result*/, const RunSource& /*source*/) {
    fail();
}
std::string Store::put(std::string_view /*kind*/, std::string_view /*json*/) {
    fail();
}
std::string Store::query(std::string_view /*json*/) {
    fail();
}
std::string Store::verify(std::string_view /*expected_head*/) {
    fail();
}
std::string Store::compare_run(std::int64_t /*run*/, const evaluate::Result& /*result*/) {
    fail();
}
std::string Store::prune(std::string_view /*json*/) {
    fail();
}
void Store::backup(const std::string& /*path*/) {
    fail();
}

}  // namespace duecare::store
