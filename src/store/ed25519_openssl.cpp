#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <memory>
#include <new>

#include "base/error.hpp"
#include "store/ed25519.hpp"

namespace duecare::store {

namespace {

// The providers of our own context alone, whatever the properties of the process are.
constexpr const char* k_properties = "provider=default";

struct KeyFree {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyFree>;
struct OperationFree {
    void operator()(EVP_MD_CTX* operation) const noexcept { EVP_MD_CTX_free(operation); }
};
using Operation = std::unique_ptr<EVP_MD_CTX, OperationFree>;

// Put into the queue of errors before each use of OpenSSL: what stands there last afterwards is of our doing.
constexpr int k_nothing_failed = 1;
constexpr unsigned long k_nothing_yet = ERR_PACK(ERR_LIB_USER, 0, k_nothing_failed);

[[noreturn]] void fail_openssl(const char* what) {
    const unsigned long code = ERR_peek_last_error();
    if (code == 0 || code == k_nothing_yet || ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE)
        throw std::bad_alloc();
    const char* reason = ERR_reason_error_string(code);
    throw Error(Status::internal, std::string("OpenSSL could not ") + what + " (" +
                                      (reason == nullptr ? "no reason given" : reason) + ").");
}

OSSL_LIB_CTX* library(void* context) {
    return static_cast<OSSL_LIB_CTX*>(context);
}

/// What OpenSSL notes of errors during its life is forgotten; what the host had there stays.
class ErrorMark {
  public:
    ErrorMark() : is_marked_(ERR_set_mark() == 1) { ERR_raise(ERR_LIB_USER, k_nothing_failed); }
    ~ErrorMark() {
        if (is_marked_) {
            ERR_pop_to_mark();
        } else {
            ERR_clear_error();  // there was none, which cannot be marked
        }
    }
    ErrorMark(const ErrorMark&) = delete;
    ErrorMark& operator=(const ErrorMark&) = delete;

  private:
    bool is_marked_;
};

Key private_key(void* context, const PrivateKey& key) {
    Key made(EVP_PKEY_new_raw_private_key_ex(library(context), "ED25519", k_properties, key.data(),
                                             k_ed25519_key_bytes));
    if (made == nullptr) fail_openssl("use the key");
    return made;
}

bool verify_once(void* context, const PublicKey& key, std::string_view message,
                 const Signature64& signature) {
    const Key made(
        EVP_PKEY_new_raw_public_key_ex(library(context), "ED25519", k_properties, key.data(), key.size()));
    const Operation operation(EVP_MD_CTX_new());
    if (made == nullptr || operation == nullptr ||
        EVP_DigestVerifyInit_ex(operation.get(), nullptr, nullptr, library(context), k_properties, made.get(),
                                nullptr) != 1)
        fail_openssl("prepare to verify");
    const int found = EVP_DigestVerify(operation.get(), signature.data(), signature.size(),
                                       reinterpret_cast<const std::uint8_t*>(message.data()), message.size());
    if (found != 1 && ERR_peek_last_error() != k_nothing_yet) fail_openssl("verify");
    return found == 1;
}

}  // namespace

bool has_signatures() noexcept {
    return true;
}

void need_signatures() {}

void wipe(void* bytes, std::size_t size) noexcept {
    OPENSSL_cleanse(bytes, size);
}

Ed25519::Ed25519() {
    const ErrorMark mark;
    std::unique_ptr<OSSL_LIB_CTX, void (*)(OSSL_LIB_CTX*)> context(OSSL_LIB_CTX_new(), OSSL_LIB_CTX_free);
    if (context == nullptr) throw std::bad_alloc();
    provider_ = OSSL_PROVIDER_load(context.get(), "default");
    if (provider_ == nullptr) throw std::bad_alloc();  // it is built in: nothing else can be missing
    context_ = context.release();
}

Ed25519::~Ed25519() {
    const ErrorMark mark;
    OSSL_PROVIDER_unload(static_cast<OSSL_PROVIDER*>(provider_));
    OSSL_LIB_CTX_free(library(context_));
}

PublicKey Ed25519::public_key(const PrivateKey& key) const {
    const ErrorMark mark;
    PublicKey out{};
    std::size_t size = out.size();
    if (EVP_PKEY_get_raw_public_key(private_key(context_, key).get(), out.data(), &size) != 1)
        fail_openssl("tell the public key");
    return out;
}

Signature64 Ed25519::sign(const PrivateKey& key, std::string_view message) const {
    const ErrorMark mark;
    const Key made = private_key(context_, key);
    const Operation operation(EVP_MD_CTX_new());
    Signature64 out{};
    std::size_t size = out.size();
    if (operation == nullptr ||
        EVP_DigestSignInit_ex(operation.get(), nullptr, nullptr, library(context_), k_properties, made.get(),
                              nullptr) != 1 ||
        EVP_DigestSign(operation.get(), out.data(), &size,
                       reinterpret_cast<const std::uint8_t*>(message.data()), message.size()) != 1)
        fail_openssl("sign");
    return out;
}

bool Ed25519::verify(const PublicKey& key, std::string_view message, const Signature64& signature) const {
    const ErrorMark mark;
    // OpenSSL 3.0 says "does not fit" without another word also where it found no memory. A signature is not
    // called bad for that: it is looked at twice.
    return verify_once(context_, key, message, signature) || verify_once(context_, key, message, signature);
}

}  // namespace duecare::store
