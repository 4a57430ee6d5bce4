// In place of the store where a build has no SQLite (DUECARE_STORE=OFF): each call says so.
#include "base/error.hpp"
#include "store/store.hpp"

namespace duecare::store {

namespace {
[[noreturn]] void absent() {
    throw Error(
        Status::unsupported,
        "This duecare was built without the store (DUECARE_STORE=OFF), so no file of it can be opened. "
        "Use a build with SQLite; everything else works without.");
}
}  // namespace

Store::Store(const std::string&, OpenOptions) : process_(0) {
    absent();
}
Store::~Store() = default;

// No Store is ever there to call these.
std::string Store::put_run(const evaluate::Result&, const RunSource&) {
    absent();
}
std::string Store::put(std::string_view, std::string_view) {
    absent();
}
std::string Store::query(std::string_view) {
    absent();
}
std::string Store::verify(std::string_view) {
    absent();
}
std::string Store::verify_trusted(std::string_view) {
    absent();
}
std::string Store::sign(std::string_view, std::string_view) {
    absent();
}
std::string Store::compare_run(std::int64_t, const evaluate::Result&) {
    absent();
}
std::string Store::prune(std::string_view) {
    absent();
}
void Store::backup(const std::string&) {
    absent();
}

}  // namespace duecare::store
