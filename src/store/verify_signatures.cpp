#include "store/verify_signatures.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "store/fields.hpp"
#include "store/queries.hpp"

namespace duecare::store {

namespace json = boost::json;

namespace {

/// What may be signed, in the order of the chain.
std::vector<std::pair<std::string, std::int64_t>> signable(Database& db) {
    std::vector<std::pair<std::string, std::int64_t>> out;
    Statement read(
        db,
        "SELECT l.kind, l.ref FROM link l LEFT JOIN record r ON l.kind = 'record' AND r.id = l.ref "
        "WHERE l.kind = 'run' OR r.kind = 'manifest' ORDER BY l.seq");
    while (read.step()) out.emplace_back(read.text(0), read.number(1));
    return out;
}

}  // namespace

std::string need_head(std::string_view head, std::string_view pointer) {
    constexpr std::size_t k_digits = 64;
    std::string out(head);
    for (char& c : out) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool is_hex = out.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (out.empty() || (is_hex && out.size() == k_digits)) return out;
    const std::string found =
        is_hex ? std::to_string(out.size()) + " digits" : std::string("something that is no hex digit");
    throw Error(Status::invalid_argument,
                "This is no head of a store: it has " + found +
                    ", and 64 hex digits are expected, as they were written down when a run was put. Nothing "
                    "was verified.",
                std::string(pointer));
}

VerifyRequest verify_request_of(std::string_view text) {
    const json::object given = parse_object(text, "the request");
    const Fields fields(given, {"head", "trusted", "require_signatures"});
    VerifyRequest out;
    if (fields.has("head")) out.head = need_head(fields.text("head"), "/head");
    out.asks_trust = fields.has("trusted");
    const std::vector<std::string> trusted = fields.choices("trusted", {});
    out.require_signatures = fields.flag_or("require_signatures", false);
    if (out.asks_trust || out.require_signatures) need_signatures();
    if (out.asks_trust && trusted.empty())
        fields.fail("trusted", "\"trusted\" is empty; give the public keys whose signatures count.");
    for (std::size_t i = 0; i < trusted.size(); ++i) {
        std::string pointer = "/trusted";
        append_pointer(pointer, i);
        out.trusted.push_back(public_key_of(trusted[i], pointer));
    }
    if (out.require_signatures && !out.asks_trust) {
        fields.fail("require_signatures",
                    "Signatures can only be required of somebody: anybody can make a key and sign. Give the "
                    "public keys whose signatures count (\"trusted\").");
    }
    return out;
}

void SignatureVerifier::note_link(std::string_view kind, std::int64_t ref, std::string link) {
    links_.try_emplace({std::string(kind), ref}, std::move(link));
}

std::string SignatureVerifier::check(std::int64_t record, std::string_view body) {
    const std::optional<Signature> signature = signature_of(body);
    const std::string which = "The signature in record " + std::to_string(record);
    if (!signature) return which + " is not as the library writes one.";
    const std::string of = subject_name(signature->kind, signature->ref);
    const std::string whose = which + " (of " + of + ", by " + signature->by + ")";
    if (!has_signatures()) {
        ++unchecked_;
        return {};
    }
    if (ed25519_ == nullptr) ed25519_ = std::make_unique<Ed25519>();
    if (!ed25519_->verify(signature->public_key, signed_message(*signature), signature->signature)) {
        return whose +
               " does not fit: the signature, the key, what it is of, who signed or when was changed, or "
               "somebody without the private key wrote it.";
    }
    const auto link = links_.find({signature->kind, signature->ref});
    if (link == links_.end())
        return whose + " is good, and what it is of is not in the store: it was removed, or this is another.";
    if (link->second != signature->link) {
        return whose + " is good, and the chain is another than the one that was signed: " + of +
               " or something before it was changed, and the chain written anew.";
    }
    ++checked_;
    valid_[link->first].push_back({record, *signature});
    return {};
}

const SignatureVerifier::Valid* SignatureVerifier::trusted_of(const Subject& subject,
                                                              const VerifyRequest& request) const {
    const auto found = valid_.find(subject);
    if (found == valid_.end()) return nullptr;
    for (const Valid& valid : found->second) {
        if (std::find(request.trusted.begin(), request.trusted.end(), valid.signature.public_key) !=
            request.trusted.end())
            return &valid;
    }
    return nullptr;
}

std::string SignatureVerifier::first_unsigned(Database& db, const VerifyRequest& request) const {
    for (const Subject& subject : signable(db)) {
        if (trusted_of(subject, request) != nullptr) continue;
        return subject_name(subject.first, subject.second);
    }
    return {};
}

void SignatureVerifier::append(Database& db, const VerifyRequest& request, std::string& out) const {
    out += ",\"signatures\":{\"valid\":";
    append_integer(out, checked_);
    out += ",\"unchecked\":";
    append_integer(out, unchecked_);
    out += '}';
    if (!request.asks_trust) return;
    std::string without;
    out += ",\"signed\":[";
    for (const Subject& subject : signable(db)) {
        const Valid* valid = trusted_of(subject, request);
        std::string& to = valid == nullptr ? without : out;
        if (!to.empty() && to.back() == '}') to += ',';
        ObjectWriter writer(to);
        writer.number(subject.first, subject.second);
        if (valid == nullptr) {
            const auto others = valid_.find(subject);
            writer.number("by_others",
                          others == valid_.end() ? 0 : static_cast<std::int64_t>(others->second.size()));
        } else {
            writer.number("signature", valid->record);
            writer.text("by", valid->signature.by);
            writer.text("at", valid->signature.at);
            writer.text("public_key",
                        hex_of(valid->signature.public_key.data(), valid->signature.public_key.size()));
        }
        writer.end();
    }
    out += "],\"unsigned\":[" + without + "]";
}

}  // namespace duecare::store
