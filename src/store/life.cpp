#include "store/life.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

#include "base/text.hpp"
#include "evaluate/finding.hpp"
#include "store/definitions.hpp"
#include "store/finding_row.hpp"
#include "store/queries.hpp"

namespace duecare::store {

namespace json = boost::json;
using evaluate::Verdict;

namespace {

enum class Life : std::uint8_t {
    unseen,  // nothing was wrong on either side
    fresh,
    reopened,
    worse,
    still_open,
    past,
    resolved,
    changed_by_correction,
    changed_by_policy,
    new_with_policy,
    gone_with_policy,
    gone_with_case,
    gone_with_record,
};
constexpr std::array<std::string_view, 13> k_lives{"unseen",
                                                   "new",
                                                   "reopened",
                                                   "worse",
                                                   "still_open",
                                                   "past",
                                                   "resolved",
                                                   "changed_by_correction",
                                                   "changed_by_policy",
                                                   "new_with_policy",
                                                   "gone_with_policy",
                                                   "gone_with_case",
                                                   "gone_with_record"};

/// How bad a verdict is: 0 nothing is wrong, 1 it is over and was late, 2 nobody can tell, 3 not done.
int rank_of(std::int64_t verdict) {
    switch (static_cast<Verdict>(verdict)) {
        case Verdict::late:
            return 1;
        case Verdict::unassessable:
            return 2;
        case Verdict::missed:
            return 3;
        default:
            return 0;
    }
}

/// The findings of one run in the order of their numbers.
class Cursor {
  public:
    Cursor(Database& db, std::int64_t run)
        : read_(db,
                "SELECT finding, place, case_id, duty, verdict, due_at, missed, trigger, ending FROM finding "
                "WHERE run = ? ORDER BY finding") {
        read_.bind(1, run);
        next();
    }
    void next() { has_row_ = read_.step(); }
    [[nodiscard]] bool has_row() const noexcept { return has_row_; }
    [[nodiscard]] std::int64_t number() const { return read_.number(0); }
    [[nodiscard]] std::int64_t place() const { return read_.number(1); }
    [[nodiscard]] std::int64_t case_text() const { return read_.number(2); }
    [[nodiscard]] std::int64_t duty() const { return read_.number(3); }
    [[nodiscard]] std::int64_t verdict() const { return read_.number(4); }
    [[nodiscard]] std::int64_t due() const {
        return read_.is_null(5) ? evaluate::k_no_instant : read_.number(5);
    }
    [[nodiscard]] std::int64_t missed() const { return read_.number(6); }
    [[nodiscard]] bool names(const std::string& event) const {
        return read_.text(7) == event || read_.text(8) == event;
    }

  private:
    Statement read_;
    bool has_row_ = false;
};

struct Item {
    Life life;
    bool is_gone;  // told as it was in the earlier run
    std::int64_t place;
    std::int64_t number;
    std::int64_t verdict_before;  // -1: none
    std::int64_t due_before;
};

/// Which moment a run is of: what is over time goes by this, whenever the runs were stored.
struct RunTime {
    std::int64_t as_of;
    std::int64_t known_at;
    auto operator<=>(const RunTime&) const = default;
};

RunTime time_of(Database& db, std::int64_t run) {
    Statement read(db, "SELECT as_of, known_at FROM run WHERE id = ?");
    read.bind(1, run);
    return read.step() ? RunTime{read.number(0), read.number(1)} : RunTime{};
}

void need_order(Database& db, const Fields& fields, std::int64_t from, std::int64_t to) {
    const RunTime before = time_of(db, from);
    const RunTime after = time_of(db, to);
    if (before <= after) return;
    const bool differs = before.as_of != after.as_of;
    const auto told = [&](std::int64_t run, const RunTime& of) {
        return "run " + std::to_string(run) + (differs ? " as of " : " known at ") +
               time::format_instant(differs ? of.as_of : of.known_at);
    };
    fields.fail("to", "What became of findings is asked from the earlier run to the later, and " +
                          told(from, before) + " comes after " + told(to, after) +
                          ". Give them the other way round.");
}

class Comparison {
  public:
    Comparison(Database& db, std::int64_t from, std::int64_t to)
        : db_(db),
          from_(from),
          to_(to),
          case_(db, "SELECT 1 FROM run_case WHERE run = ? AND case_id = ?"),
          earlier_(db,
                   "SELECT 1 FROM run r JOIN finding f ON f.run = r.id AND f.finding = ?1 WHERE "
                   "(r.as_of, r.known_at, r.id) < (?2, ?3, ?4) AND f.verdict IN (1, 2, 6) LIMIT 1"),
          from_time_(time_of(db, from)) {
        static_assert(static_cast<int>(Verdict::late) == 1 && static_cast<int>(Verdict::missed) == 2 &&
                      static_cast<int>(Verdict::unassessable) == 6);
        read_corrections();
        compare_policies();
    }

    void run() {
        Cursor before(db_, from_);
        Cursor after(db_, to_);
        while (before.has_row() || after.has_row()) {
            const bool takes_before =
                before.has_row() && (!after.has_row() || before.number() <= after.number());
            const bool takes_after =
                after.has_row() && (!before.has_row() || after.number() <= before.number());
            if (takes_before && takes_after) {
                add(both(before, after), after.duty(), false, after, before.verdict(), before.due());
            } else if (takes_before) {
                add(gone(before), before.duty(), true, before, before.verdict(), before.due());
            } else {
                add(come(after), after.duty(), false, after, -1, evaluate::k_no_instant);
            }
            if (takes_before) before.next();
            if (takes_after) after.next();
        }
        std::sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) {
            return std::tuple(a.life, a.is_gone, a.place) < std::tuple(b.life, b.is_gone, b.place);
        });
    }

    [[nodiscard]] const std::vector<Item>& items() const noexcept { return items_; }
    [[nodiscard]] bool policy_changed() const noexcept { return policy_changed_; }
    [[nodiscard]] std::string counts_json() const { return json_of(counts_); }
    [[nodiscard]] std::string duties_json() {
        std::map<std::string, std::array<std::int64_t, k_lives.size()>> named;
        Statement name(db_, "SELECT value FROM text WHERE id = ?");
        for (const auto& [duty, counts] : duties_) {
            name.bind(1, duty);
            if (name.step()) named[std::string(name.text(0))] = counts;
            name.reset();
        }
        std::string out = "[";
        for (const auto& [duty, counts] : named) {
            if (out.size() > 1) out += ',';
            ObjectWriter writer(out);
            writer.text("duty_id", duty);
            writer.raw("counts", json_of(counts));
            writer.end();
        }
        return out + "]";
    }

  private:
    using Counts = std::array<std::int64_t, k_lives.size()>;

    static std::string json_of(const Counts& counts) {
        std::string out;
        ObjectWriter writer(out);
        for (std::size_t i = 1; i < counts.size(); ++i) writer.number(k_lives[i], counts[i]);
        writer.end();
        return out;
    }

    void read_corrections() {
        Statement read(db_,
                       "SELECT case_id, corrected, by FROM correction WHERE run = ?1 EXCEPT SELECT case_id, "
                       "corrected, by FROM correction WHERE run = ?2");
        read.bind(1, to_).bind(2, from_);
        while (read.step())
            corrections_[read.number(0)].emplace_back(std::string(read.text(1)), std::string(read.text(2)));
    }

    [[nodiscard]] std::string policy_of(std::int64_t run) {
        Statement read(db_, "SELECT p.json FROM run r JOIN policy p ON p.id = r.policy WHERE r.id = ?");
        read.bind(1, run);
        return read.step() ? std::string(read.text(0)) : std::string();
    }

    void compare_policies() {
        const std::string before = policy_of(from_);
        const std::string after = policy_of(to_);
        if (before == after) return;
        policy_changed_ = true;
        const auto old_duties = definitions_of(before);
        const auto new_duties = definitions_of(after);
        Statement find(db_, "SELECT id FROM text WHERE value = ?");
        const auto mark = [&](const std::string& duty) {
            find.bind(1, std::string_view(duty));
            if (find.step()) changed_duties_.insert(find.number(0));
            find.reset();
        };
        for (const auto& [duty, definition] : old_duties) {
            const auto now = new_duties.find(duty);
            if (now == new_duties.end() || now->second != definition) mark(duty);
        }
        for (const auto& [duty, definition] : new_duties) {
            if (!old_duties.contains(duty)) mark(duty);
        }
    }

    /// Corrections that came to the case between the runs; null: none.
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>* corrections(std::int64_t of) const {
        const auto found = corrections_.find(of);
        return found == corrections_.end() ? nullptr : &found->second;
    }

    [[nodiscard]] bool touches(const Cursor& finding, bool is_before) const {
        const auto* list = corrections(finding.case_text());
        if (list == nullptr) return false;
        return std::any_of(list->begin(), list->end(), [&](const auto& correction) {
            return finding.names(is_before ? correction.first : correction.second);
        });
    }

    Life both(const Cursor& before, const Cursor& after) const {
        const int was = rank_of(before.verdict());
        const int is = rank_of(after.verdict());
        if (was == 0 && is == 0) return Life::unseen;
        const bool due_moved = before.due() != after.due();
        const bool is_same =
            before.verdict() == after.verdict() && !due_moved && before.missed() == after.missed();
        if (is_same) return is == 1 ? Life::past : Life::still_open;
        // Time alone brings an end to what was pending, and periods to what recurs. All else is the record's
        // doing.
        const bool by_time = before.verdict() == static_cast<std::int64_t>(Verdict::pending) && !due_moved;
        if (touches(before, true) || touches(after, false) ||
            (!by_time && due_moved && corrections(after.case_text()) != nullptr))
            return Life::changed_by_correction;
        if (due_moved && changed_duties_.contains(after.duty())) return Life::changed_by_policy;
        if (!by_time && before.verdict() != after.verdict() && changed_duties_.contains(after.duty()))
            return Life::changed_by_policy;
        if (was == 0) return was_open_before(after) ? Life::reopened : Life::fresh;
        if (is == 0 || (was >= 2 && is == 1)) return Life::resolved;
        if (is > was || after.missed() > before.missed()) return Life::worse;
        return is == 1 ? Life::past : Life::still_open;
    }

    Life gone(const Cursor& before) const {
        if (rank_of(before.verdict()) == 0) return Life::unseen;
        if (changed_duties_.contains(before.duty())) return Life::gone_with_policy;
        case_.bind(1, to_).bind(2, before.case_text());
        const bool has_case = case_.step();
        case_.reset();
        if (!has_case) return Life::gone_with_case;
        if (corrections(before.case_text()) != nullptr) return Life::changed_by_correction;
        return Life::gone_with_record;
    }

    Life come(const Cursor& after) const {
        if (rank_of(after.verdict()) == 0) return Life::unseen;
        if (touches(after, false)) return Life::changed_by_correction;
        if (was_open_before(after)) return Life::reopened;
        if (changed_duties_.contains(after.duty())) return Life::new_with_policy;
        return Life::fresh;
    }

    bool was_open_before(const Cursor& finding) const {
        earlier_.bind(1, finding.number()).bind(2, from_time_.as_of).bind(3, from_time_.known_at);
        earlier_.bind(4, from_);
        const bool found = earlier_.step();
        earlier_.reset();
        return found;
    }

    void add(Life life, std::int64_t duty, bool is_gone, const Cursor& at, std::int64_t verdict_before,
             std::int64_t due_before) {
        if (life == Life::unseen) return;
        ++counts_[static_cast<std::size_t>(life)];
        ++duties_[duty][static_cast<std::size_t>(life)];
        items_.push_back({life, is_gone, at.place(), at.number(), verdict_before, due_before});
    }

    Database& db_;
    std::int64_t from_;
    std::int64_t to_;
    mutable Statement case_;
    mutable Statement earlier_;
    RunTime from_time_;
    std::unordered_map<std::int64_t, std::vector<std::pair<std::string, std::string>>> corrections_;
    std::set<std::int64_t> changed_duties_;  // texts
    bool policy_changed_ = false;
    Counts counts_{};
    std::map<std::int64_t, Counts> duties_;
    std::vector<Item> items_;
};

void append_items(std::string& out, Database& db, std::int64_t from, std::int64_t to,
                  const Comparison& compared, const std::vector<std::string>& kinds, std::int64_t limit) {
    Statement read(
        db, "SELECT " + std::string(k_finding_columns) +
                " FROM finding f LEFT JOIN text c ON c.id = f.case_id LEFT JOIN text d ON d.id = f.duty "
                "LEFT JOIN text o ON o.id = f.owner LEFT JOIN text u ON u.id = f.unit LEFT JOIN text r "
                "ON r.id = f.reason WHERE f.run = ? AND f.finding = ?");
    for (const Item& item : compared.items()) {
        const std::string_view life = k_lives[static_cast<std::size_t>(item.life)];
        if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), life) == kinds.end()) continue;
        if (limit-- == 0) return;
        read.bind(1, item.is_gone ? from : to).bind(2, item.number);
        if (!read.step()) throw Error(Status::data, "A finding is gone from under the query.");
        ObjectWriter writer(out);
        writer.text("life", life);
        append_finding(writer, read);
        if (item.verdict_before < 0) {
            writer.null("verdict_before");
        } else {
            writer.text("verdict_before", verdict_name(item.verdict_before));
        }
        if (item.due_before == evaluate::k_no_instant) {
            writer.null("due_before");
        } else {
            writer.instant("due_before", item.due_before);
        }
        writer.end();
        out += '\n';
        read.reset();
    }
}

}  // namespace

std::string show_life(Database& db, const json::object& query) {
    const Fields fields(query, {"what", "from", "to", "kinds", "limit"});
    const std::int64_t from = need_run(db, fields, "from");
    const std::int64_t to = need_run(db, fields, "to");
    if (from == to) fields.fail("to", "Two runs are compared; \"to\" is the same as \"from\".");
    need_order(db, fields, from, to);
    need_part(db, from, "findings");
    need_part(db, to, "findings");
    const std::vector<std::string_view> known(k_lives.begin() + 1, k_lives.end());
    const std::vector<std::string> kinds = fields.choices("kinds", known);
    Comparison compared(db, from, to);
    compared.run();
    std::string out;
    ObjectWriter summary(out);
    summary.number("from", from);
    summary.number("to", to);
    summary.flag("policy_changed", compared.policy_changed());
    summary.raw("counts", compared.counts_json());
    summary.raw("duties", compared.duties_json());
    summary.end();
    out += '\n';
    append_items(out, db, from, to, compared, kinds, fields.whole_if("limit", 0).value_or(-1));
    return out;
}

}  // namespace duecare::store
