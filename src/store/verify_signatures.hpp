// Signatures against what they are of, and who of them is trusted.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/signature.hpp"

namespace duecare::store {

/// What is asked of verify.
struct VerifyRequest {
    std::string head;                // as it was written down; empty: none
    bool asks_trust = false;         // whether `trusted` was given
    std::vector<PublicKey> trusted;  // whose signatures count
    bool require_signatures = false;
};
/// From JSON {"head", "trusted": ["hex or PEM"], "require_signatures"}. Throws Error{invalid_argument} with a
/// pointer, and Error{unsupported} where keys are given and this build checks none.
[[nodiscard]] VerifyRequest verify_request_of(std::string_view json);
/// Throws Error{invalid_argument} unless it is a head, or empty where that may be; lower case.
[[nodiscard]] std::string need_head(std::string_view head, std::string_view pointer = {});

class SignatureVerifier {
  public:
    /// What stands in the chain, in its order: its link as hex digits.
    void note_link(std::string_view kind, std::int64_t ref, std::string link);
    /// What is wrong with the signature that a record holds, for people; empty: it fits. A build without
    /// signatures counts it as unchecked.
    [[nodiscard]] std::string check(std::int64_t record, std::string_view body);

    /// Appends `"signatures":{...}` and, where trust was asked for, `"signed":[...],"unsigned":[...]`.
    void append(Database& db, const VerifyRequest& request, std::string& out) const;
    /// The first run or manifest that nobody who is trusted signed; empty: none.
    [[nodiscard]] std::string first_unsigned(Database& db, const VerifyRequest& request) const;

  private:
    using Subject = std::pair<std::string, std::int64_t>;
    struct Valid {
        std::int64_t record = 0;
        Signature signature;
    };
    [[nodiscard]] const Valid* trusted_of(const Subject& subject, const VerifyRequest& request) const;

    std::map<Subject, std::string> links_;
    std::map<Subject, std::vector<Valid>> valid_;
    std::int64_t checked_ = 0;
    std::int64_t unchecked_ = 0;
    std::unique_ptr<Ed25519> ed25519_;  // made where there is a signature at all
};

}  // namespace duecare::store
