#include "base/digest.hpp"

namespace duecare {

std::string to_hex(const Digest& digest) {
    static constexpr std::string_view k_hex = "0123456789abcdef";
    std::string out;
    out.reserve(2 * digest.size());
    for (const std::uint8_t byte : digest) {
        out.push_back(k_hex[byte >> 4U]);
        out.push_back(k_hex[byte & 0xFU]);
    }
    return out;
}

std::string sha256_hex(std::string_view bytes) {
    Sha256 hash;
    hash.update(bytes);
    return to_hex(hash.finish());
}

}  // namespace duecare
