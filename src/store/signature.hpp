// Signatures of runs and manifests: records of the kind "signature".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/ed25519.hpp"
#include "store/names.hpp"
#include "store/records.hpp"
#include "store/sqlite.hpp"

namespace duecare::store {

/// Who says of a run or a manifest that it, and all before it, is as it was when they signed.
struct Signature {
    std::string kind;  // of the subject: "run" or "record"
    std::int64_t ref = 0;
    std::string link;  // of the subject in the chain, hex
    PublicKey public_key{};
    Signature64 signature{};
    std::string by;
    std::string at;
};

/// What is signed. `by` stands last, so that whatever it holds, no two signatures have the same message.
[[nodiscard]] std::string signed_message(const Signature& signature);
/// The body of a record, and back: none where the text is not exactly what body_of_signature() writes.
[[nodiscard]] std::string body_of_signature(const Signature& signature);
[[nodiscard]] std::optional<Signature> signature_of(std::string_view body);
/// "run 3", "record 17"
[[nodiscard]] std::string subject_name(std::string_view kind, std::int64_t ref);

/// Signs within the caller's transaction. `json` says {"run" or "record", "by", "at"}. Throws
/// Error{invalid_argument}, Error{not_found}, Error{invalid_state} for a manifest that was pruned, and
/// Error{data} where the subject is not as it was stored.
[[nodiscard]] Put sign_subject(Database& db, const Names& names, std::string_view json,
                               const PrivateKey& key);

}  // namespace duecare::store
