// Keys as text: PEM (RFC 7468) around PKCS#8 (RFC 5958) or SubjectPublicKeyInfo (RFC 8410), or hex digits.
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "store/ed25519.hpp"

namespace duecare::store {

namespace {

constexpr std::size_t k_longest_pem = 65536;
constexpr const char* k_how_to_make = "`openssl genpkey -algorithm ed25519 -out FILE` makes one.";

[[noreturn]] void refuse_key(const std::string& message, std::string_view pointer = {}) {
    throw Error(Status::invalid_argument, message, std::string(pointer));
}

/// What stands between the first BEGIN and END of a text.
struct PemBlock {
    std::string_view label;
    std::string_view base64;
};

std::optional<PemBlock> pem_block(std::string_view text) {
    constexpr std::string_view k_begin = "-----BEGIN ";
    constexpr std::string_view k_dashes = "-----";
    const std::size_t begin = text.find(k_begin);
    if (begin == std::string_view::npos) return std::nullopt;
    text.remove_prefix(begin + k_begin.size());
    const std::size_t dashes = text.find(k_dashes);
    if (dashes == std::string_view::npos) return std::nullopt;
    PemBlock out{text.substr(0, dashes), {}};
    text.remove_prefix(dashes + k_dashes.size());
    const std::size_t end = text.find("-----END");
    if (end == std::string_view::npos) return std::nullopt;
    out.base64 = text.substr(0, end);
    return out;
}

int base64_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    return c == '/' ? 63 : -1;
}

/// Decodes into `out`, which has room for 3 bytes of 4 characters; how many came. None: it is no base64.
std::optional<std::size_t> decode_base64(std::string_view text, std::uint8_t* out) {
    std::uint32_t bits = 0;
    std::size_t count = 0;
    std::size_t size = 0;
    std::size_t padding = 0;
    for (const char c : text) {
        if (c == '\n' || c == '\r' || c == ' ' || c == '\t') continue;
        if (c == '=') {
            ++padding;
            continue;
        }
        const int value = base64_value(c);
        if (value < 0 || padding != 0) return std::nullopt;
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        if (++count % 4 == 0) {
            out[size++] = static_cast<std::uint8_t>(bits >> 16U);
            out[size++] = static_cast<std::uint8_t>(bits >> 8U);
            out[size++] = static_cast<std::uint8_t>(bits);
        }
    }
    if (padding > 2 || (count + padding) % 4 != 0) return std::nullopt;
    if (count % 4 >= 2) out[size++] = static_cast<std::uint8_t>(bits >> (count % 4 == 2 ? 4U : 10U));
    if (count % 4 == 3) out[size++] = static_cast<std::uint8_t>(bits >> 2U);
    return size;
}

/// Reads DER (X.690), one element after the other.
class Der {
  public:
    Der(const std::uint8_t* at, std::size_t size) : at_(at), end_(at + size) {}
    /// The content of the next element, which has to have that tag; none where it has not.
    std::optional<Der> next(std::uint8_t tag) {
        if (end_ - at_ < 2 || at_[0] != tag) return std::nullopt;
        std::size_t size = at_[1];
        const std::uint8_t* content = at_ + 2;
        if (size >= 0x80) {
            std::size_t bytes = size & 0x7FU;
            if (bytes == 0 || bytes > 2 || static_cast<std::size_t>(end_ - content) < bytes)
                return std::nullopt;
            for (size = 0; bytes > 0; --bytes) size = size << 8U | *content++;
        }
        if (static_cast<std::size_t>(end_ - content) < size) return std::nullopt;
        at_ = content + size;
        return Der(content, size);
    }
    [[nodiscard]] const std::uint8_t* data() const noexcept { return at_; }
    [[nodiscard]] std::string_view bytes() const noexcept {
        return {reinterpret_cast<const char*>(at_), static_cast<std::size_t>(end_ - at_)};
    }

  private:
    const std::uint8_t* at_;
    const std::uint8_t* end_;
};
constexpr std::uint8_t k_integer = 0x02;
constexpr std::uint8_t k_bits = 0x03;
constexpr std::uint8_t k_octets = 0x04;
constexpr std::uint8_t k_oid = 0x06;
constexpr std::uint8_t k_sequence = 0x30;

// RFC 8410, section 3.
constexpr std::string_view k_ed25519_oid("\x2b\x65\x70", 3);

/// What an algorithm is called that is not Ed25519.
std::string algorithm_name(std::string_view oid) {
    if (oid == std::string_view("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", 9)) return "an RSA key";
    if (oid == std::string_view("\x2a\x86\x48\xce\x3d\x02\x01", 7)) return "a key of an elliptic curve (EC)";
    if (oid == std::string_view("\x2b\x65\x71", 3)) return "an Ed448 key";
    if (oid == std::string_view("\x2b\x65\x6e", 3)) return "an X25519 key, which cannot sign";
    return "a key of another algorithm";
}

/// Throws unless the algorithm in `from`, the next of which is its sequence, is Ed25519.
void need_ed25519(Der& from, const std::string& broken, std::string_view pointer) {
    std::optional<Der> algorithm = from.next(k_sequence);
    const std::optional<Der> oid = algorithm ? algorithm->next(k_oid) : std::nullopt;
    if (!oid) refuse_key(broken, pointer);
    if (oid->bytes() == k_ed25519_oid) return;
    refuse_key("This is " + algorithm_name(oid->bytes()) + "; an Ed25519 key was expected. " + k_how_to_make,
               pointer);
}

[[noreturn]] void refuse_label(std::string_view label) {
    if (label == "ENCRYPTED PRIVATE KEY") {
        refuse_key(
            "This private key is encrypted, and no password is asked for here. Decrypt it for the moment of "
            "signing (`openssl pkey -in FILE` writes it to where you sign from).");
    }
    if (label == "PUBLIC KEY") {
        refuse_key(
            "This is a public key; to sign takes the private one, which begins with \"-----BEGIN PRIVATE "
            "KEY-----\".");
    }
    if (label == "RSA PRIVATE KEY")
        refuse_key(std::string("This is an RSA key; an Ed25519 key was expected. ") + k_how_to_make);
    refuse_key("This PEM holds \"" + std::string(label.substr(0, 64)) +
               "\"; expected is an Ed25519 key as \"PRIVATE KEY\" (PKCS#8). " + k_how_to_make);
}

void read_pem(const PemBlock& block, SecretBytes& into, std::size_t& size, const std::string& broken,
              std::string_view pointer) {
    const std::optional<std::size_t> found = decode_base64(block.base64, into.data());
    if (!found) refuse_key(broken, pointer);
    size = *found;
}

}  // namespace

PrivateKey::PrivateKey(std::string_view pem) {
    if (pem.size() > k_longest_pem)
        refuse_key("This is too long to be a private key: it has more than 64 KiB.");
    const std::optional<PemBlock> block = pem_block(pem);
    if (!block) {
        refuse_key(
            std::string("No key was found here; expected is PEM text that begins with \"-----BEGIN PRIVATE "
                        "KEY-----\" and ends with its END line. ") +
            k_how_to_make);
    }
    if (block->label != "PRIVATE KEY") refuse_label(block->label);
    const std::string broken = "This private key is damaged: it is not PKCS#8 of an Ed25519 key as PEM.";
    SecretBytes bytes(block->base64.size());
    std::size_t size = 0;
    read_pem(*block, bytes, size, broken, {});
    Der whole(bytes.data(), size);
    std::optional<Der> key = whole.next(k_sequence);
    if (!key || !key->next(k_integer)) refuse_key(broken);
    need_ed25519(*key, broken, {});
    std::optional<Der> wrapped = key->next(k_octets);
    const std::optional<Der> seed = wrapped ? wrapped->next(k_octets) : std::nullopt;
    if (!seed || seed->bytes().size() != seed_.size() || !wrapped->bytes().empty() || !whole.bytes().empty())
        refuse_key(broken);
    std::copy(seed->data(), seed->data() + seed_.size(), seed_.begin());
}

PublicKey public_key_of(std::string_view text, std::string_view pointer) {
    PublicKey out{};
    const std::optional<PemBlock> block = text.size() > k_longest_pem ? std::nullopt : pem_block(text);
    if (!block) {
        std::string lower(text);
        for (char& c : lower) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
        if (read_hex(lower, out.data(), out.size())) return out;
        refuse_key(
            "This is no public key: expected are 64 hex digits, or PEM text that begins with \"-----BEGIN "
            "PUBLIC "
            "KEY-----\" (`openssl pkey -in PRIVATE.pem -pubout`).",
            pointer);
    }
    if (block->label.find("PRIVATE KEY") != std::string_view::npos) {
        refuse_key(
            "This is a private key, which is for signing alone; give the public one (`openssl pkey -in "
            "PRIVATE.pem -pubout`) to whoever verifies.",
            pointer);
    }
    if (block->label != "PUBLIC KEY")
        refuse_key("This PEM holds \"" + std::string(block->label.substr(0, 64)) +
                       "\"; expected is a \"PUBLIC KEY\".",
                   pointer);
    const std::string broken = "This public key is damaged: it is not an Ed25519 key as PEM.";
    SecretBytes bytes(block->base64.size());
    std::size_t size = 0;
    read_pem(*block, bytes, size, broken, pointer);
    Der whole(bytes.data(), size);
    std::optional<Der> key = whole.next(k_sequence);
    if (!key) refuse_key(broken, pointer);
    need_ed25519(*key, broken, pointer);
    const std::optional<Der> bits = key->next(k_bits);
    if (!bits || bits->bytes().size() != out.size() + 1 || bits->bytes().front() != 0)
        refuse_key(broken, pointer);
    std::copy(bits->data() + 1, bits->data() + 1 + out.size(), out.begin());
    return out;
}

}  // namespace duecare::store
