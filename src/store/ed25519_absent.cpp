// In place of OpenSSL where a build has none (DUECARE_SIGNATURES=OFF): what signs or checks says so.
#include "base/error.hpp"
#include "store/ed25519.hpp"

namespace duecare::store {

bool has_signatures() noexcept {
    return false;
}

void need_signatures() {
    throw Error(
        Status::unsupported,
        "This duecare was built without signatures (DUECARE_SIGNATURES=OFF), so it can neither sign nor "
        "check who signed. Use a build with OpenSSL; everything else of the store works without.");
}

void wipe(void* bytes, std::size_t size) noexcept {
    volatile char* at = static_cast<char*>(bytes);
    for (std::size_t i = 0; i < size; ++i) at[i] = 0;
}

// need_signatures() comes before each of these.
PrivateKey::PrivateKey(std::string_view) {
    need_signatures();
}
PublicKey public_key_of(std::string_view, std::string_view) {
    need_signatures();
    return {};
}
Ed25519::Ed25519() {
    need_signatures();
}
Ed25519::~Ed25519() = default;
PublicKey Ed25519::public_key(const PrivateKey&) const {
    return {};
}
Signature64 Ed25519::sign(const PrivateKey&, std::string_view) const {
    return {};
}
bool Ed25519::verify(const PublicKey&, std::string_view, const Signature64&) const {
    return false;
}

}  // namespace duecare::store
