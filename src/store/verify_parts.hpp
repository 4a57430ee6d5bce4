// The rows of runs against the digests of their blocks.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/parts.hpp"

namespace duecare::store {

/// One thing that does not fit.
struct Fault {
    std::string kind;  // changed, missing, moved, inserted, head_rewritten, signature, unsigned,
                       // unreadable
    std::string table;
    std::string id;
    std::int64_t run = 0;  // 0: of no run
    std::string message;
};
void append_fault(std::string& out, const Fault& fault);

class PartVerifier {
  public:
    explicit PartVerifier(Database& db) : db_(db) {}

    /// What a record of pruning says was removed.
    void note_pruned(std::string_view body);
    [[nodiscard]] bool is_pruned_record(std::int64_t id) const { return pruned_records_.contains(id); }

    /// All parts of a run.
    void check_run(std::int64_t run);
    /// Rows of runs that are not there.
    void check_strangers();
    /// What is derived from records, to find them by.
    void check_records();

    void add(Fault fault) { faults_.push_back(std::move(fault)); }
    void count() { ++rows_; }
    [[nodiscard]] bool has_fault_in(std::int64_t run) const { return faulty_.contains(run); }
    [[nodiscard]] const std::vector<Fault>& faults() const noexcept { return faults_; }
    [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }

  private:
    struct Expected {
        std::int64_t rows = 0;
        std::string digest;
        std::string blocks;
        bool pruned = false;
    };
    [[nodiscard]] std::map<std::string, Expected> expected_of(std::int64_t run);
    [[nodiscard]] std::vector<std::int64_t> all_runs();
    void check_part(std::int64_t run, Part part, const Expected& expected);
    bool check_rows(std::int64_t run, Part part, Blocks& blocks);
    bool check_payload(std::int64_t run, Part part, const Statement& row, int payload);
    void name_missing(std::int64_t run, Part part, const Expected& expected);
    void part_fault(std::string_view kind, std::int64_t run, Part part, std::string id, std::string message);

    Database& db_;
    std::vector<Fault> faults_;
    std::set<std::int64_t> faulty_;  // runs
    std::set<std::pair<std::int64_t, std::string>> pruned_;
    std::set<std::int64_t> pruned_records_;
    std::int64_t rows_ = 0;
};

}  // namespace duecare::store
