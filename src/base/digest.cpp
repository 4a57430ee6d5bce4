#include "base/digest.hpp"

#include <nettle/sha2.h>

#include <array>
#include <cstdint>

namespace duecare {

std::string sha256_hex(std::string_view bytes) {
    sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
    std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
    sha256_digest(&context, digest.size(), digest.data());
    static constexpr std::string_view k_hex = "0123456789abcdef";
    std::string out;
    out.reserve(2 * digest.size());
    for (const std::uint8_t byte : digest) {
        out.push_back(k_hex[byte >> 4U]);
        out.push_back(k_hex[byte & 0xFU]);
    }
    return out;
}

}  // namespace duecare
