#include "store/verify.hpp"

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/text.hpp"
#include "store/chain.hpp"
#include "store/verify_parts.hpp"

namespace duecare::store {

namespace {

struct Link {
    std::int64_t seq = 0;
    std::string kind;
    std::int64_t ref = 0;
    std::string digest;
    std::string link;
};

std::string table_of(std::string_view kind) {
    return kind == "store" ? "meta" : std::string(kind);
}

bool is_there(Database& db, const Link& link) {
    if (link.kind == "store") return true;
    if (link.kind != "policy" && link.kind != "run" && link.kind != "record") return false;
    Statement find(db, "SELECT 1 FROM " + table_of(link.kind) + " WHERE id = ?");
    find.bind(1, link.ref);
    return find.step();
}

/// Walks the chain from its beginning.
class Verifier {
  public:
    Verifier(Database& db, const VerifyRequest& request) : db_(db), request_(request), parts_(db) {}

    void all() {
        read_links();
        read_pruned();
        std::string before;
        for (std::size_t i = 0; i < links_.size(); ++i) {
            check_place(i, before);
            check_content(links_[i]);
            before = links_[i].link;
        }
        check_inserted("policy");
        check_inserted("run");
        check_inserted("record");
        parts_.check_strangers();
        parts_.check_records();
        check_head(before);
        check_required();
    }

    [[nodiscard]] std::string json() const {
        std::string out =
            std::string("{\"ok\":") + (parts_.faults().empty() ? "true" : "false") + ",\"head\":";
        append_json_string(out, links_.empty() ? std::string() : hex(links_.back().link));
        out += ",\"links\":";
        append_integer(out, static_cast<std::int64_t>(links_.size()));
        out += ",\"rows\":";
        append_integer(out, parts_.rows());
        signatures_.append(db_, request_, out);
        out += ",\"faults\":[";
        for (std::size_t i = 0; i < parts_.faults().size(); ++i) {
            if (i != 0) out += ',';
            append_fault(out, parts_.faults()[i]);
        }
        return out + "]}";
    }

  private:
    static std::string hex(std::string_view bytes) {
        return hex_of(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }

    void fault(std::string_view kind, std::string_view table, std::int64_t id, std::string message) {
        parts_.add({std::string(kind), std::string(table), std::to_string(id), 0, std::move(message)});
    }

    void read_links() {
        Statement read(db_, "SELECT seq, kind, ref, digest, link FROM link ORDER BY seq");
        while (read.step()) {
            links_.push_back({read.number(0), std::string(read.text(1)), read.number(2),
                              std::string(read.text(3)), std::string(read.text(4))});
            refs_[links_.back().kind].insert(links_.back().ref);
            signatures_.note_link(links_.back().kind, links_.back().ref, hex(links_.back().link));
        }
    }

    void read_pruned() {
        Statement read(db_, "SELECT body FROM record WHERE kind = 'prune' ORDER BY id");
        while (read.step()) parts_.note_pruned(read.text(0));
    }

    void check_place(std::size_t at, const std::string& before) {
        const Link& link = links_[at];
        const auto expected = static_cast<std::int64_t>(at) + 1 + missing_;
        if (link.seq != expected) {
            fault("missing", "link", expected,
                  "Link " + std::to_string(expected) +
                      " of the chain is missing: what it stood for was deleted.");
            missing_ = link.seq - static_cast<std::int64_t>(at) - 1;
            return;  // what follows cannot be linked to what is not there
        }
        if (view(link_of(before, link.seq, link.kind, link.ref, link.digest)) == link.link) return;
        for (const Link& other : links_) {
            if (other.seq == link.seq) continue;
            const std::string came_from = other.seq == 1 ? "" : links_[index_before(other)].link;
            if (view(link_of(came_from, other.seq, link.kind, link.ref, link.digest)) == link.link) {
                fault("moved", "link", link.seq,
                      "Link " + std::to_string(link.seq) + " (" + link.kind + " " + std::to_string(link.ref) +
                          ") stood at " + std::to_string(other.seq) + ".");
                return;
            }
        }
        const bool twice = seen_twice(at);
        fault(twice ? "inserted" : "changed", "link", link.seq,
              "Link " + std::to_string(link.seq) + " (" + link.kind + " " + std::to_string(link.ref) +
                  ") does not follow from the one before it.");
    }

    [[nodiscard]] std::size_t index_before(const Link& link) const {
        for (std::size_t i = 0; i + 1 < links_.size(); ++i) {
            if (links_[i + 1].seq == link.seq) return i;
        }
        return 0;
    }

    [[nodiscard]] bool seen_twice(std::size_t at) const {
        for (std::size_t i = 0; i < links_.size(); ++i) {
            if (i != at && links_[i].kind == links_[at].kind && links_[i].ref == links_[at].ref) return true;
        }
        return false;
    }

    void check_content(const Link& link) {
        const std::string table = table_of(link.kind);
        const std::string what = link.kind + " " + std::to_string(link.ref);
        if (!is_there(db_, link)) {
            fault("missing", table, link.ref, "The row of " + what + " was deleted.");
            return;
        }
        parts_.count();
        if (link.kind == "run") parts_.check_run(link.ref);
        if (link.kind == "record" && !check_signature(link.ref)) return;
        const bool fits = fits_its_row(link);
        const bool was_pruned =
            link.kind == "record" && parts_.is_pruned_record(link.ref) && is_empty_record(link.ref);
        if (fits || was_pruned || (link.kind == "run" && parts_.has_fault_in(link.ref))) return;
        for (const Link& other : links_) {
            if (other.kind == link.kind && other.ref != link.ref &&
                content_digest(link.kind, link.ref, other.ref) == other.digest && !fits_its_row(other)) {
                fault("moved", table, link.ref,
                      "The row of " + what + " holds what stood under " + std::to_string(other.ref) + ".");
                return;
            }
        }
        fault("changed", table, link.ref, "The row of " + what + " is not as it was stored.");
    }

    /// As pruning leaves it; a text that stands there again has to be the one that was stored.
    bool is_empty_record(std::int64_t record) {
        Statement read(db_, "SELECT 1 FROM record WHERE id = ? AND body IS NULL");
        read.bind(1, record);
        return read.step();
    }

    bool fits_its_row(const Link& link) {
        return view(digest_of_row(db_, link.kind, link.ref)) == link.digest;
    }

    /// The digest of a record's row, were its number another one.
    std::string content_digest(const std::string& kind, std::int64_t ref, std::int64_t number) {
        if (kind != "record") return {};
        Statement read(db_, "SELECT kind, body FROM record WHERE id = ?");
        read.bind(1, ref);
        if (!read.step()) return {};
        RowBytes bytes;
        bytes.number(number);
        bytes.column(read, 0);
        bytes.column(read, 1);
        return std::string(view(bytes.digest()));
    }

    /// False where the record holds a signature that does not fit: that says more than that its row changed.
    bool check_signature(std::int64_t record) {
        Statement read(db_, "SELECT body FROM record WHERE id = ? AND kind = 'signature'");
        read.bind(1, record);
        if (!read.step()) return true;
        const std::string wrong = signatures_.check(record, read.text(0));
        if (wrong.empty()) return true;
        fault("signature", "record", record, wrong);
        return false;
    }

    void check_required() {
        if (!request_.require_signatures) return;
        const std::string without = signatures_.first_unsigned(db_, request_);
        if (without.empty()) return;
        const std::size_t space = without.find(' ');
        parts_.add({"unsigned", without.substr(0, space), without.substr(space + 1), 0,
                    "No signature of " + without + " is by a key that is trusted."});
    }

    void check_inserted(const std::string& kind) {
        Statement read(db_, "SELECT id FROM " + kind + " ORDER BY id");
        const std::set<std::int64_t>& known = refs_[kind];
        while (read.step()) {
            if (known.contains(read.number(0))) continue;
            fault("inserted", kind, read.number(0),
                  "The row of " + kind + " " + std::to_string(read.number(0)) +
                      " stands under no link: it was put there past the library.");
        }
    }

    void check_head(const std::string& last) {
        const std::string noted = head_of(db_);
        const std::string head = hex(last);
        if (noted != head) {
            parts_.add(
                {"head_rewritten", "meta", "head", 0,
                 "The head that the file notes (" + noted + ") is not that of its chain (" + head + ")."});
        }
        if (request_.head.empty()) return;
        for (const Link& link : links_) {
            if (hex(link.link) == request_.head) return;
        }
        parts_.add({"head_rewritten", "link", std::to_string(links_.empty() ? 0 : links_.back().seq), 0,
                    "The chain never had the head that was expected (" + request_.head +
                        "): it was written anew since that was noted, or this is another store."});
    }

    Database& db_;
    const VerifyRequest& request_;
    PartVerifier parts_;
    SignatureVerifier signatures_;
    std::vector<Link> links_;
    std::map<std::string, std::set<std::int64_t>> refs_;
    std::int64_t missing_ = 0;
};

}  // namespace

std::string verify_store(Database& db, const VerifyRequest& request) {
    Verifier verifier(db, request);
    verifier.all();
    return verifier.json();
}

}  // namespace duecare::store
