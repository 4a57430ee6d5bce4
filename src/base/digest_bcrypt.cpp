// With the algorithm handles that Windows 10 keeps open for everybody: nothing to open, to share or to close.
#include <windows.h>
// after windows.h, which it needs
#include <bcrypt.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "base/digest.hpp"
#include "base/error.hpp"

namespace duecare {

namespace {

// Not in the headers of mingw-w64 10.
#if !defined(BCRYPT_SHA256_ALG_HANDLE)
#define BCRYPT_SHA256_ALG_HANDLE reinterpret_cast<BCRYPT_ALG_HANDLE>(0x41)
#endif
#if !defined(BCRYPT_HMAC_SHA256_ALG_HANDLE)
#define BCRYPT_HMAC_SHA256_ALG_HANDLE reinterpret_cast<BCRYPT_ALG_HANDLE>(0xb1)
#endif

void demand(NTSTATUS status) {
    if (BCRYPT_SUCCESS(status)) return;
    throw Error(Status::internal, "Windows refused to compute a SHA-256 (bcrypt.dll, status " +
                                      std::to_string(status) + "). duecare needs Windows 10 or later.");
}

// The functions take what they only read as not const.
UCHAR* bytes_of(const char* text) {
    return reinterpret_cast<UCHAR*>(const_cast<char*>(text));
}

}  // namespace

HashObject::HashObject(const HashObject& other) {
    if (other.is_begun()) demand(BCryptDuplicateHash(other.handle_, &handle_, nullptr, 0, 0));
}

HashObject& HashObject::operator=(const HashObject& other) {
    HashObject copy(other);
    std::swap(handle_, copy.handle_);
    return *this;
}

HashObject::~HashObject() {
    if (is_begun()) BCryptDestroyHash(handle_);
}

void HashObject::update(std::string_view bytes) {
    if (!is_begun()) {
        demand(BCryptCreateHash(BCRYPT_SHA256_ALG_HANDLE, &handle_, nullptr, 0, nullptr, 0,
                                BCRYPT_HASH_REUSABLE_FLAG));
    }
    while (!bytes.empty()) {
        const std::size_t size = std::min<std::size_t>(bytes.size(), std::numeric_limits<ULONG>::max());
        demand(BCryptHashData(handle_, bytes_of(bytes.data()), static_cast<ULONG>(size), 0));
        bytes.remove_prefix(size);
    }
}

void HashObject::finish(Digest& digest) {
    demand(BCryptFinishHash(handle_, digest.data(), static_cast<ULONG>(digest.size()), 0));
}

Sha256::Sha256() = default;

void Sha256::update(std::string_view bytes) {
    if (size_ + bytes.size() <= kept_.size()) {
        if (!bytes.empty()) std::memcpy(kept_.data() + size_, bytes.data(), bytes.size());
        size_ += bytes.size();
        return;
    }
    object_.update({kept_.data(), size_});
    size_ = 0;
    if (bytes.size() <= kept_.size()) return update(bytes);
    object_.update(bytes);
}

Digest Sha256::finish() {
    Digest digest;
    if (object_.is_begun()) {
        object_.update({kept_.data(), size_});
        object_.finish(digest);
    } else {
        demand(BCryptHash(BCRYPT_SHA256_ALG_HANDLE, nullptr, 0, bytes_of(kept_.data()),
                          static_cast<ULONG>(size_), digest.data(), static_cast<ULONG>(digest.size())));
    }
    size_ = 0;
    return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
    constexpr std::size_t k_most = std::numeric_limits<ULONG>::max();
    if (key.size() > k_most || bytes.size() > k_most)
        throw Error(Status::invalid_argument, "Text to be replaced by its HMAC is longer than 4 GiB.");
    Digest digest;
    demand(BCryptHash(BCRYPT_HMAC_SHA256_ALG_HANDLE, bytes_of(key.data()), static_cast<ULONG>(key.size()),
                      bytes_of(bytes.data()), static_cast<ULONG>(bytes.size()), digest.data(),
                      static_cast<ULONG>(digest.size())));
    return digest;
}

}  // namespace duecare
