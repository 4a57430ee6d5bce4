#include "store/signature.hpp"

#include <boost/json.hpp>

#include "base/error.hpp"
#include "store/chain.hpp"
#include "store/fields.hpp"
#include "store/queries.hpp"

namespace duecare::store {

namespace json = boost::json;

namespace {

constexpr std::string_view k_algorithm = "ed25519";

/// The one of "run" and "record" that the request names, which has to be there.
void read_subject(Database& db, const Fields& fields, Signature& out) {
    if (fields.has("run") == fields.has("record"))
        fields.fail("run",
                    "Say what is signed: the number of a \"run\", or of the \"record\" of a manifest.");
    if (fields.has("run")) {
        out.kind = "run";
        out.ref = need_run(db, fields, "run");
        return;
    }
    out.kind = "record";
    out.ref = fields.whole("record", 1);
    Statement find(db, "SELECT kind, body IS NULL FROM record WHERE id = ?");
    find.bind(1, out.ref);
    if (!find.step()) {
        throw Error(Status::not_found, "There is no record " + std::to_string(out.ref) + " in the store.",
                    "/record");
    }
    if (find.text(0) != "manifest") {
        fields.fail("record", "Record " + std::to_string(out.ref) + " is of the kind \"" +
                                  std::string(find.text(0)) +
                                  "\"; what is signed are runs, and records of the kind \"manifest\".");
    }
    if (find.number(1) != 0) {
        throw Error(Status::invalid_state,
                    "Record " + std::to_string(out.ref) +
                        " was pruned: there is no manifest left that could be signed.",
                    "/record");
    }
}

/// The link that stands for the subject. What is not as it was stored is not signed.
std::string link_to_sign(Database& db, const Signature& signature) {
    Statement find(db, "SELECT digest, link FROM link WHERE kind = ? AND ref = ? ORDER BY seq LIMIT 1");
    find.bind(1, std::string_view(signature.kind)).bind(2, signature.ref);
    if (!find.step() || view(digest_of_row(db, signature.kind, signature.ref)) != find.text(0)) {
        throw Error(Status::data,
                    "The row of " + subject_name(signature.kind, signature.ref) +
                        " is not as it was stored, and was not signed; verify says what does not fit.",
                    {}, db.path());
    }
    const std::string_view link = find.text(1);
    return hex_of(reinterpret_cast<const std::uint8_t*>(link.data()), link.size());
}

}  // namespace

std::string hex_of(const std::uint8_t* bytes, std::size_t size) {
    static constexpr std::string_view k_hex = "0123456789abcdef";
    std::string out;
    out.reserve(size * 2);
    for (std::size_t i = 0; i < size; ++i) {
        out.push_back(k_hex[bytes[i] >> 4U]);
        out.push_back(k_hex[bytes[i] & 0xFU]);
    }
    return out;
}

bool read_hex(std::string_view text, std::uint8_t* out, std::size_t size) noexcept {
    if (text.size() != size * 2) return false;
    const auto value = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    for (std::size_t i = 0; i < size; ++i) {
        const int high = value(text[2 * i]);
        const int low = value(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

std::string subject_name(std::string_view kind, std::int64_t ref) {
    return std::string(kind) + " " + std::to_string(ref);
}

std::string signed_message(const Signature& signature) {
    return "duecare.signature/1\n" + subject_name(signature.kind, signature.ref) + "\nlink " +
           signature.link + "\nat " + signature.at + "\nby " + signature.by + "\n";
}

std::string body_of_signature(const Signature& signature) {
    json::object body;
    body[json::string_view(signature.kind.data(), signature.kind.size())] = signature.ref;
    body["link"] = signature.link;
    body["algorithm"] = json::string_view(k_algorithm.data(), k_algorithm.size());
    body["public_key"] = hex_of(signature.public_key.data(), signature.public_key.size());
    body["signature"] = hex_of(signature.signature.data(), signature.signature.size());
    body["by"] = signature.by;
    body["at"] = signature.at;
    return json::serialize(body);
}

std::optional<Signature> signature_of(std::string_view body) {
    const std::optional<json::object> object = object_in(body);
    if (!object) return std::nullopt;
    Signature out;
    out.kind = object->contains("run") ? "run" : "record";
    const json::value* ref = object->if_contains(out.kind);
    if (ref == nullptr || !ref->is_int64()) return std::nullopt;
    out.ref = ref->get_int64();
    out.link = text_at(*object, "link");
    out.by = text_at(*object, "by");
    out.at = text_at(*object, "at");
    if (!read_hex(text_at(*object, "public_key"), out.public_key.data(), out.public_key.size()) ||
        !read_hex(text_at(*object, "signature"), out.signature.data(), out.signature.size()))
        return std::nullopt;
    if (body_of_signature(out) != body) return std::nullopt;
    return out;
}

Put sign_subject(Database& db, const Names& names, std::string_view request, const PrivateKey& key) {
    const json::object given = parse_object(request, "the request");
    const Fields fields(given, {"run", "record", "by", "at"});
    Signature signature;
    read_subject(db, fields, signature);
    signature.by = names(fields.text("by"));
    signature.at = time::format_instant(fields.instant("at"));
    signature.link = link_to_sign(db, signature);
    const Ed25519 ed25519;
    signature.public_key = ed25519.public_key(key);
    signature.signature = ed25519.sign(key, signed_message(signature));
    return put_record(db, "signature", body_of_signature(signature));
}

}  // namespace duecare::store
