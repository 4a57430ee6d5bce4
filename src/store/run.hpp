// Storing a run: one transaction.
#pragma once

#include <string>

#include "findings/units.hpp"
#include "store/identity.hpp"
#include "store/names.hpp"
#include "store/parts.hpp"
#include "store/store.hpp"

namespace duecare::store {

/// What is known of a run before anything is written.
struct RunFacts {
    CaseloadDigest caseload;
    std::vector<Identity> identities;
    std::string identity;  // hex: two runs of the same are the same run
    std::int64_t recorded_at = 0;
    std::optional<std::string> label;
    std::optional<std::string> by;
};
/// Throws Error{invalid_argument} for what cannot be stored.
[[nodiscard]] RunFacts facts_of(const evaluate::Result& result, const RunSource& source, Keep keep,
                                const Names& names);

/// Stores the run within the caller's transaction. Returns the JSON for the caller.
[[nodiscard]] std::string store_run(Database& db, const evaluate::Result& result, const RunSource& source,
                                    Keep keep, const Names& names, const RunFacts& facts);

/// Writes the parts of one run.
class RunWriter {
  public:
    RunWriter(Database& db, const evaluate::Result& result, const Names& names, std::int64_t run);

    void findings(const std::vector<Identity>& identities);
    void evidence(const std::vector<Identity>& identities, bool sentences);
    void cases(const CaseloadDigest& digests);
    void corrections();
    void tally();
    void rejects(const records::ReadReport& report);
    void histories(const CaseloadDigest& digests);
    void finish() { texts_.finish(); }

  private:
    [[nodiscard]] std::int64_t case_text(std::uint32_t index);
    [[nodiscard]] std::int64_t duty_text(std::uint32_t duty);
    /// A text that comes again and again, found by where it stands in memory.
    struct Held {
        std::string_view text;
        std::int64_t number = 0;  // of the text as it is written
        bool is_a_name = false;   // written as a pseudonym, where there are any
    };
    /// 0 where there is no text.
    std::int64_t hold(std::string_view text, bool is_a_name);
    [[nodiscard]] std::int64_t unit_of(const evaluate::Finding& finding);
    void finding(PartWriter& to, const Identity& identity);
    void count(const evaluate::Finding& finding, std::int64_t owner, std::int64_t unit);

    struct Share {
        std::int64_t duty;
        std::int64_t unit;  // text, 0: none
        std::int64_t owner;
        std::int64_t verdict;
        friend auto operator<=>(const Share&, const Share&) = default;
    };
    struct ShareHash {
        std::size_t operator()(const Share& share) const noexcept;
    };

    Database& db_;
    const evaluate::Result& result_;
    const Names& names_;
    std::int64_t run_;
    Texts texts_;
    std::vector<std::int64_t> cases_;  // text of each, 0: not yet
    std::vector<std::int64_t> duties_;
    std::unordered_map<Share, std::int64_t, ShareHash> shares_;
    std::vector<Held> held_;
    findings::Units units_;
    FindingNames written_;
};

}  // namespace duecare::store
