// Ed25519 (RFC 8032) by the machine's OpenSSL 3, in a context of its own: no configuration and no provider of
// the process has a say in it, and the host's queue of OpenSSL errors is left as it was. Keys are read from
// text here too, since OpenSSL's own readers would ask the terminal for passwords.
//
// OpenSSL reads its configuration file (OPENSSL_CONF) once in a process, for the context of the host. That is
// not prevented: to prevent it holds for the host's own use of OpenSSL ever after, and would undo the policy
// of its machine, the least version of TLS among it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace duecare::store {

inline constexpr std::size_t k_ed25519_key_bytes = 32;
inline constexpr std::size_t k_ed25519_signature_bytes = 64;
using PublicKey = std::array<std::uint8_t, k_ed25519_key_bytes>;
using Signature64 = std::array<std::uint8_t, k_ed25519_signature_bytes>;

/// True where this build can sign and check signatures.
[[nodiscard]] bool has_signatures() noexcept;
/// Throws Error{unsupported} unless has_signatures().
void need_signatures();

/// Overwrites bytes in a way that no compiler leaves out.
void wipe(void* bytes, std::size_t size) noexcept;

/// Bytes that are overwritten when they go. Its size is fixed when it is made, so that none are left behind.
class SecretBytes {
  public:
    explicit SecretBytes(std::size_t size) : bytes_(size) {}
    ~SecretBytes() { wipe(bytes_.data(), bytes_.size()); }
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    [[nodiscard]] std::uint8_t* data() noexcept { return bytes_.data(); }
    [[nodiscard]] const std::uint8_t* data() const noexcept { return bytes_.data(); }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }

  private:
    std::vector<std::uint8_t> bytes_;
};

/// The 32 bytes of a private key, wiped when it goes.
class PrivateKey {
  public:
    /// From PKCS#8 PEM, as `openssl genpkey -algorithm ed25519` writes it. Throws Error{invalid_argument}
    /// that says what was given instead, with nothing of the key in it.
    explicit PrivateKey(std::string_view pem);
    ~PrivateKey() { wipe(seed_.data(), seed_.size()); }
    PrivateKey(const PrivateKey&) = delete;
    PrivateKey& operator=(const PrivateKey&) = delete;
    [[nodiscard]] const std::uint8_t* data() const noexcept { return seed_.data(); }

  private:
    std::array<std::uint8_t, k_ed25519_key_bytes> seed_{};
};

/// From 64 hex digits, or from PEM as `openssl pkey -pubout` writes it. Throws Error{invalid_argument}.
[[nodiscard]] PublicKey public_key_of(std::string_view text, std::string_view pointer);

[[nodiscard]] std::string hex_of(const std::uint8_t* bytes, std::size_t size);
/// False unless `text` is exactly so many bytes in lower-case hex digits.
[[nodiscard]] bool read_hex(std::string_view text, std::uint8_t* out, std::size_t size) noexcept;

/// Signs and verifies. Used within one call by one thread. Throws std::bad_alloc, and Error{internal} where
/// OpenSSL refuses.
class Ed25519 {
  public:
    Ed25519();
    ~Ed25519();
    Ed25519(const Ed25519&) = delete;
    Ed25519& operator=(const Ed25519&) = delete;

    [[nodiscard]] PublicKey public_key(const PrivateKey& key) const;
    [[nodiscard]] Signature64 sign(const PrivateKey& key, std::string_view message) const;
    [[nodiscard]] bool verify(const PublicKey& key, std::string_view message,
                              const Signature64& signature) const;

  private:
    void* context_ = nullptr;   // OSSL_LIB_CTX
    void* provider_ = nullptr;  // OSSL_PROVIDER
};

}  // namespace duecare::store
