#include <nettle/hmac.h>
#include <nettle/sha2.h>

#include "base/digest.hpp"

namespace duecare {

namespace {
sha256_ctx* context(std::array<std::byte, 112>& state) {
    static_assert(sizeof(sha256_ctx) <= 112 && alignof(sha256_ctx) <= 8);
    return reinterpret_cast<sha256_ctx*>(state.data());
}
}  // namespace

Sha256::Sha256() {
    sha256_init(context(state_));
}

void Sha256::update(std::string_view bytes) {
    sha256_update(context(state_), bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

Digest Sha256::finish() {
    Digest digest;
    sha256_digest(context(state_), digest.size(), digest.data());
    return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
    hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, key.size(), reinterpret_cast<const std::uint8_t*>(key.data()));
    hmac_sha256_update(&context, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
    Digest digest;
    hmac_sha256_digest(&context, digest.size(), digest.data());
    return digest;
}

}  // namespace duecare
