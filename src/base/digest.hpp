// SHA-256 (FIPS 180-4) by Nettle: a plain function, without the configuration files, environment variables
// and exit handlers that a larger cryptography library brings into its host's process. Nettle uses the SHA
// instructions of the processor where there are any. On Windows by the system's own BCrypt, as plain.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace duecare {

using Digest = std::array<std::uint8_t, 32>;

#if defined(_WIN32)
/// A BCRYPT_HASH_HANDLE, or none yet. A copy goes on from where the original stands.
class HashObject {
  public:
    HashObject() = default;
    HashObject(const HashObject& other);
    HashObject& operator=(const HashObject& other);
    ~HashObject();
    void update(std::string_view bytes);
    [[nodiscard]] bool is_begun() const noexcept { return handle_ != nullptr; }
    /// Afterwards the object is as new.
    void finish(Digest& digest);

  private:
    void* handle_ = nullptr;
};
#endif

/// A digest of text that comes in pieces. Copies go on from where the original stands.
class Sha256 {
  public:
    Sha256();
    void update(std::string_view bytes);
    /// The digest of what came; the object is as new afterwards.
    [[nodiscard]] Digest finish();

  private:
#if defined(_WIN32)
    // Objects of the system are costly to make and to copy. Short text, as that of a ticket, does without: it
    // is kept here and digested by one call.
    std::array<char, 512> kept_{};
    std::size_t size_ = 0;
    HashObject object_;
#else
    alignas(8) std::array<std::byte, 112> state_;
#endif
};

/// The digest as 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);
[[nodiscard]] std::string to_hex(const Digest& digest);

/// HMAC-SHA256 (RFC 2104) of the bytes under a key of any length.
[[nodiscard]] Digest hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace duecare
