// Signatures of runs and manifests: who signed what, and what becomes of it when somebody changes the file.
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include "store/chain.hpp"
#include "store/signature.hpp"
#include "support.hpp"

namespace duecare::store {
namespace {

// RFC 8032, section 7.1, TEST 1, and the same key as `openssl pkey` writes it.
constexpr std::string_view k_rfc_public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
constexpr std::string_view k_rfc_signature =
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0"
    "595bbe24655141438e7a100b";
constexpr std::string_view k_pem =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";
constexpr std::string_view k_public_pem =
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
    "-----END PUBLIC KEY-----\n";
// TEST 2 of the same section.
constexpr std::string_view k_other_pem =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
    "-----END PRIVATE KEY-----\n";

/// A configuration of the process under which its own use of OpenSSL finds no algorithm at all.
class HostConfiguration : public testing::Environment {
  public:
    void SetUp() override {
        std::ofstream(folder_.file("openssl.cnf"))
            << "openssl_conf = init\n[init]\nalg_section = algorithms\noid_section = oids\n"
               "[algorithms]\ndefault_properties = fips=yes\n[oids]\nduecareTestObject = 1.2.3.4.5\n";
        ::setenv("OPENSSL_CONF", folder_.file("openssl.cnf").c_str(), 1);
    }

  private:
    Folder folder_;
};
[[maybe_unused]] const testing::Environment* const k_configuration =
    testing::AddGlobalTestEnvironment(new HostConfiguration);

TEST(Ed25519, SignsAsTheRfcDoes) {
    const Ed25519 ed25519;
    const PrivateKey key(k_pem);
    const PublicKey open = ed25519.public_key(key);
    EXPECT_EQ(hex_of(open.data(), open.size()), k_rfc_public);
    const Signature64 signature = ed25519.sign(key, "");
    EXPECT_EQ(hex_of(signature.data(), signature.size()), k_rfc_signature);
    EXPECT_TRUE(ed25519.verify(open, "", signature));
    EXPECT_FALSE(ed25519.verify(open, "x", signature));
    EXPECT_EQ(public_key_of(k_public_pem, {}), open);
    EXPECT_EQ(public_key_of(k_rfc_public, {}), open);
    const PrivateKey other(k_other_pem);
    const Signature64 second = ed25519.sign(other, "\x72");
    EXPECT_EQ(hex_of(second.data(), 8), "92a009a9f0d4cab8");
    EXPECT_FALSE(ed25519.verify(open, "\x72", second));
}

/// A store of two runs and a manifest; run 1 and the manifest are signed.
class Signed : public testing::Test {
  protected:
    Signed() : store_(std::make_unique<Store>(folder_.file(), creating())) {
        put(*store_, audited(policy_of(), many_cases(30), "2026-01-31T00:00:00Z"));
        put(*store_, audited(policy_of(), many_cases(40), "2026-02-28T00:00:00Z"));
        const json::object manifest{{"id", "M1"},
                                    {"manifest", R"({"format": "duecare.sample-manifest/1"})"},
                                    {"by", "b"},
                                    {"at", "2026-03-01T00:00:00Z"}};
        static_cast<void>(store_->put("manifest", json::serialize(manifest)));
        sign(R"("run":1)");
        sign(R"("record":1)");
    }

    json::value sign(const std::string& subject, std::string_view pem = k_pem) {
        return parsed(store_->sign("{" + subject + R"(,"by":"DS Wells","at":"2026-03-02T09:00:00Z"})", pem));
    }
    json::value verified(const json::object& request = {}) {
        return parsed(store_->verify_trusted(json::serialize(request)));
    }
    /// Changes the file, and writes its whole chain anew, as somebody could who can write the file.
    void change(const std::string& sql) {
        store_.reset();
        tamper(folder_.file(), sql);
        Database db(folder_.file(), SQLITE_OPEN_READWRITE, {});
        std::string before;
        Statement links(db, "SELECT seq, kind, ref FROM link ORDER BY seq");
        Statement write(db, "UPDATE link SET digest = ?2, link = ?3 WHERE seq = ?1");
        while (links.step()) {
            const Digest digest = digest_of_row(db, links.text(1), links.number(2));
            const Digest link =
                link_of(before, links.number(0), links.text(1), links.number(2), view(digest));
            before = view(link);
            write.bind(1, links.number(0)).bind_blob(2, view(digest)).bind_blob(3, before).run();
        }
        const std::string head = hex_of(reinterpret_cast<const std::uint8_t*>(before.data()), before.size());
        Statement(db, "UPDATE meta SET value = ? WHERE name = 'head'").bind(1, std::string_view(head)).run();
        Statement records(db, "SELECT id, kind, body FROM record WHERE body IS NOT NULL");
        Statement derived(db, "UPDATE record SET subject = ?2, at = ?3 WHERE id = ?1");
        while (records.step()) {
            const Derived now = derive(records.text(1), records.text(2));
            derived.bind(1, records.number(0)).bind(2, std::string_view(now.subject)).bind(3, now.at).run();
        }
    }
    /// The message of the one fault of the kind `kind`, after that change.
    std::string fault_after(const std::string& sql, std::string_view kind = "signature") {
        change(sql);
        store_ = std::make_unique<Store>(folder_.file(), OpenOptions{});
        const json::value report = parsed(store_->verify({}));
        const json::array& faults = report.at("faults").as_array();
        if (faults.size() != 1 ||
            faults[0].at("kind").as_string() != json::string_view(kind.data(), kind.size()))
            return json::serialize(report);
        return std::string(faults[0].at("message").as_string());
    }
    std::string refused(const std::string& request, std::string_view pem, std::string* message = nullptr) {
        return thrown([&] { static_cast<void>(store_->sign(request, pem)); }, message);
    }

    Folder folder_;
    std::unique_ptr<Store> store_;
};

TEST_F(Signed, SaysWhoOfThemSignedWhat) {
    const json::value plain = parsed(store_->verify({}));
    EXPECT_TRUE(plain.at("ok").as_bool());
    EXPECT_EQ(plain.at("signatures").at("valid").as_int64(), 2);
    EXPECT_FALSE(plain.as_object().contains("signed"));

    sign(R"("run":2)", k_other_pem);
    const json::value found = verified({{"trusted", json::array{k_public_pem}}});
    EXPECT_TRUE(found.at("ok").as_bool());
    EXPECT_EQ(
        json::serialize(found.at("signed")),
        R"([{"run":1,"signature":2,"by":"DS Wells","at":"2026-03-02T09:00:00Z","public_key":")" +
            std::string(k_rfc_public) +
            R"("},{"record":1,"signature":3,"by":"DS Wells","at":"2026-03-02T09:00:00Z","public_key":")" +
            std::string(k_rfc_public) + R"("}])");
    EXPECT_EQ(json::serialize(found.at("unsigned")), R"([{"run":2,"by_others":1}])");
}

TEST_F(Signed, RequiresThatAllAreSigned) {
    const json::object request{{"trusted", json::array{k_rfc_public}}, {"require_signatures", true}};
    const json::value found = verified(request);
    EXPECT_FALSE(found.at("ok").as_bool());
    EXPECT_EQ(
        json::serialize(found.at("faults")),
        R"([{"kind":"unsigned","table":"run","id":"2","run":null,"message":"No signature of run 2 is by a )"
        R"(key that is trusted."}])");
    sign(R"("run":2)");
    EXPECT_TRUE(verified(request).at("ok").as_bool());
    std::string message;
    EXPECT_EQ(thrown(
                  [&] {
                      static_cast<void>(verified({{"require_signatures", true}}));
                  },
                  &message),
              "10/require_signatures");
    EXPECT_NE(message.find("anybody can make a key"), std::string::npos);
    EXPECT_EQ(thrown([&] { static_cast<void>(verified({{"trusted", json::array{}}})); }), "10/trusted");
    EXPECT_EQ(thrown([&] {
                  static_cast<void>(verified({{"trusted", json::array{k_rfc_public, "d7"}}}));
              }),
              "10/trusted/1");
}

TEST_F(Signed, SigningTwiceIsSigningOnce) {
    const json::value again = sign(R"("run":1)");
    EXPECT_FALSE(again.at("is_new").as_bool());
    EXPECT_EQ(again.at("record").as_int64(), 2);
    EXPECT_TRUE(sign(R"("run":1)", k_other_pem).at("is_new").as_bool());
    EXPECT_EQ(parsed(store_->verify({})).at("signatures").at("valid").as_int64(), 3);
}

TEST_F(Signed, AManifestThatWasPrunedIsNotSigned) {
    static_cast<void>(store_->prune(
        R"({"before":"2026-04-01T00:00:00Z","what":["records"],"at":"2026-04-11T00:00:00Z","by":"b","reason":"r"})"));
    std::string message;
    EXPECT_EQ(thrown([&] { sign(R"("record":1)", k_other_pem); }, &message), "11/record");
    EXPECT_NE(message.find("was pruned"), std::string::npos) << message;
    EXPECT_EQ(parsed(store_->verify({})).at("ok"), true);
}

TEST_F(Signed, WhatIsSignedIsTold) {
    const json::value kept = parsed(store_->query(R"({"what":"records","kind":"signature"})"));
    const json::value& body = kept.at("records").as_array()[0].at("body");
    const std::optional<Signature> signature = signature_of(json::serialize(body));
    ASSERT_TRUE(signature);
    EXPECT_EQ(signed_message(*signature), "duecare.signature/1\nrun 1\nlink " +
                                              std::string(body.at("link").as_string()) +
                                              "\nat 2026-03-02T09:00:00Z\nby DS Wells\n");
    EXPECT_EQ(body.at("algorithm").as_string(), "ed25519");
}

// Whatever part of a signature is changed, and the whole chain with it, verify names the signature.
TEST_F(Signed, NamesEachPartThatIsChanged) {
    const auto replaced = [](const std::string& key, std::size_t length, const std::string& by) {
        const std::string from = "instr(body, '\"" + key + "\":\"') + " + std::to_string(key.size() + 4);
        return "UPDATE record SET body = replace(body, substr(body, " + from + ", " + std::to_string(length) +
               "), " + by + ") WHERE id = 2";
    };
    const auto names_it = [&](const std::string& sql) {
        static_cast<void>(store_->query(R"({"what":"head"})"));
        store_->backup(folder_.file("before.db"));
        const std::string message = fault_after(sql);
        EXPECT_EQ(message.rfind("The signature in record 2 (of run ", 0), 0U) << sql << '\n' << message;
        EXPECT_NE(message.find(") does not fit: "), std::string::npos) << sql << '\n' << message;
        store_.reset();
        std::filesystem::rename(folder_.file("before.db"), folder_.file());
        std::filesystem::remove(folder_.file() + "-wal");
        std::filesystem::remove(folder_.file() + "-shm");
        store_ = std::make_unique<Store>(folder_.file(), OpenOptions{});
        ASSERT_TRUE(parsed(store_->verify({})).at("ok").as_bool());
    };
    names_it(replaced("signature", 2, "CASE WHEN body LIKE '%\"signature\":\"00%' THEN '01' ELSE '00' END"));
    names_it(
        replaced("public_key", 64, "'3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'"));
    names_it(replaced("link", 64, "(SELECT lower(hex(link)) FROM link WHERE kind = 'run' AND ref = 2)"));
    names_it(replaced("by", 8, "'DS Wills'"));
    names_it(replaced("at", 10, "'2026-03-03'"));
    names_it("UPDATE record SET body = replace(body, '\"run\":1', '\"run\":2') WHERE id = 2");
}

TEST_F(Signed, NamesTheSignatureFirstWhereOnlyItsRowIsChanged) {
    store_.reset();
    tamper(folder_.file(), "UPDATE record SET body = replace(body, 'DS Wells', 'DS Wills') WHERE id = 2");
    store_ = std::make_unique<Store>(folder_.file(), OpenOptions{});
    const json::value report = parsed(store_->verify({}));
    EXPECT_EQ(report.at("faults").as_array().at(0).at("kind").as_string(), "signature");
    EXPECT_EQ(report.at("signatures").at("valid").as_int64(), 1);
}

TEST_F(Signed, ShowsAChainThatWasWrittenAnew) {
    const std::string message = fault_after("UPDATE run SET label = 'x' WHERE id = 1");
    // Both signatures are of what comes after the change; the first stands for both in the report.
    EXPECT_NE(message.find("is good, and the chain is another than the one that was signed: run 1"),
              std::string::npos)
        << message;
}

TEST_F(Signed, IsNotOneThatSomebodyElseWrote) {
    EXPECT_EQ(fault_after("UPDATE record SET body = '{\"run\":1}' WHERE id = 2"),
              "The signature in record 2 is not as the library writes one.");
}

TEST_F(Signed, StaysGoodWhenWhatItIsOfIsPruned) {
    static_cast<void>(store_->prune(
        R"({"before":"2027-01-01T00:00:00Z","what":["findings","histories","records"],"at":"2027-01-01T00:00:00Z",)"
        R"("by":"b","reason":"r"})"));
    const json::value found = verified({{"trusted", json::array{k_rfc_public}}});
    EXPECT_TRUE(found.at("ok").as_bool()) << found;
    EXPECT_EQ(found.at("signed").as_array().size(), 2U);
}

TEST_F(Signed, RefusesWhatIsNoSubject) {
    const std::string rest = R"("by":"b","at":"2026-03-02T09:00:00Z"})";
    EXPECT_EQ(refused(R"({"run":9,)" + rest, k_pem), "12/run");
    EXPECT_EQ(refused(R"({"record":9,)" + rest, k_pem), "12/record");
    EXPECT_EQ(refused(R"({"record":2,)" + rest, k_pem), "10/record");
    EXPECT_EQ(refused("{" + rest, k_pem), "10/run");
    EXPECT_EQ(refused(R"({"run":1,"record":1,)" + rest, k_pem), "10/run");
    EXPECT_EQ(refused(R"({"run":1,"by":"b"})", k_pem), "10/at");
    EXPECT_EQ(thrown([&] { static_cast<void>(store_->put("signature", "{}")); }), "10");
    OpenOptions options;
    options.read_only = true;
    Store reading(folder_.file(), options);
    EXPECT_EQ(thrown([&] { static_cast<void>(reading.sign(R"({"run":1,)" + rest, k_pem)); }), "11");
    store_.reset();
    tamper(folder_.file(), "UPDATE run SET label = 'x' WHERE id = 2");
    store_ = std::make_unique<Store>(folder_.file(), OpenOptions{});
    EXPECT_EQ(refused(R"({"run":2,)" + rest, k_pem), "30");
}

TEST_F(Signed, SaysWhatIsWrongWithAKey) {
    const auto says = [&](const std::string& pem, const std::string& part) {
        std::string message;
        EXPECT_EQ(refused(R"({"run":1,"by":"b","at":"2026-03-02T09:00:00Z"})", pem, &message), "10");
        EXPECT_NE(message.find(part), std::string::npos) << message;
    };
    const auto block = [](const std::string& label, const std::string& base64) {
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    };
    says("", "No key was found");
    says("garbage", "No key was found");
    says("-----BEGIN PRIVATE KEY-----\nMC4C", "No key was found");
    says(block("PRIVATE KEY", "MC4C"), "damaged");
    says(block("PRIVATE KEY", "###"), "damaged");
    says(block("PRIVATE KEY", ""), "damaged");
    says(block("PRIVATE KEY", "MC4CAQAwBQYDK2VuBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"), "X25519");
    says(block("PRIVATE KEY", "MBwCAQAwDQYJKoZIhvcNAQEBBQAECDAGAgEAAgEA"), "an RSA key");
    says(block("ENCRYPTED PRIVATE KEY", "AAAA"), "is encrypted");
    says(block("RSA PRIVATE KEY", "AAAA"), "an RSA key");
    says(block("EC PRIVATE KEY", "AAAA"), "\"EC PRIVATE KEY\"");
    says(std::string(k_public_pem), "public key");
    says(std::string(70000, 'x'), "64 KiB");
    // Text before the key, as some tools write it, and other ends of lines are no harm.
    std::string windows = "Key of DS Wells\n" + std::string(k_pem);
    for (std::size_t at = 0; (at = windows.find('\n', at)) != std::string::npos; at += 2)
        windows.insert(at, 1, '\r');
    EXPECT_EQ(refused(R"({"run":2,"by":"b","at":"2026-03-02T09:00:00Z"})", windows), "ok");

    std::string message;
    EXPECT_EQ(thrown([&] { static_cast<void>(public_key_of(k_pem, "/trusted/0")); }, &message),
              "10/trusted/0");
    EXPECT_NE(message.find("a private key"), std::string::npos);
}

// The host's configuration is there for the host's own use of OpenSSL after ours, and so are its errors.
TEST_F(Signed, LeavesTheHostsOpensslAlone) {
    ERR_raise(ERR_LIB_USER, 77);
    EXPECT_TRUE(sign(R"("run":2)").at("is_new").as_bool());
    EXPECT_EQ(refused(R"({"run":1,"by":"b","at":"2026-03-02T09:00:00Z"})", "garbage"), "10");
    EXPECT_EQ(parsed(store_->verify({})).at("signatures").at("valid").as_int64(), 3);
    EXPECT_EQ(ERR_GET_REASON(ERR_get_error()), 77);
    EXPECT_EQ(ERR_get_error(), 0U);
    OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr);
    EXPECT_NE(OBJ_txt2nid("duecareTestObject"), NID_undef);
}

}  // namespace
}  // namespace duecare::store
