#include "base/digest.hpp"

#include <openssl/evp.h>

#include <array>

#include "base/error.hpp"

namespace duecare {

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
        throw Error(Status::internal, "SHA-256 is not available from the cryptography library");
    }
    static constexpr std::string_view k_hex = "0123456789abcdef";
    std::string out;
    out.reserve(2UL * length);
    for (unsigned i = 0; i < length; ++i) {
        out.push_back(k_hex[digest[i] >> 4U]);
        out.push_back(k_hex[digest[i] & 0xFU]);
    }
    return out;
}

}  // namespace duecare
