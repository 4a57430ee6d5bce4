// SHA-256 (FIPS 180-4) by Nettle: a plain function, without the configuration files, environment variables
// and exit handlers that a larger cryptography library brings into its host's process. Nettle uses the SHA
// instructions of the processor where there are any.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace duecare {

using Digest = std::array<std::uint8_t, 32>;

/// A digest of text that comes in pieces. Copies go on from where the original stands.
class Sha256 {
  public:
    Sha256();
    void update(std::string_view bytes);
    /// The digest of what came; the object is as new afterwards.
    [[nodiscard]] Digest finish();

  private:
    alignas(8) std::array<std::byte, 112> state_;
};

/// The digest as 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);
[[nodiscard]] std::string to_hex(const Digest& digest);

/// HMAC-SHA256 (RFC 2104) of the bytes under a key of any length.
[[nodiscard]] Digest hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace duecare
