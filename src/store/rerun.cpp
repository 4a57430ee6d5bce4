#include "store/rerun.hpp"

#include <array>
#include <compare>
#include <iterator>
#include <map>

#include "base/text.hpp"
#include "policy/program.hpp"
#include "store/finding_row.hpp"
#include "store/identity.hpp"
#include "store/queries.hpp"

namespace duecare::store {

using evaluate::Finding;
using evaluate::Result;

namespace {

constexpr std::size_t k_most_differences = 100;
constexpr std::array<std::string_view, 15> k_fields{"case_id",        "duty_id",         "key",
                                                    "verdict",        "opened_at",       "due_at",
                                                    "ended_at",       "overdue_seconds", "elapsed_seconds",
                                                    "missed_periods", "trigger_event",   "ending_event",
                                                    "flags",          "reason",          "owner"};
using Values = std::array<std::string, k_fields.size()>;  // JSON

std::string quoted(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string instant_or_null(std::int64_t instant) {
    return instant == evaluate::k_no_instant ? "null" : quoted(time::format_instant(instant));
}

std::string text_or_null(bool is_null, std::string_view text) {
    return is_null ? "null" : quoted(text);
}

Values values_of(const Result& result, const Finding& finding, const Names& names) {
    FindingNames written;
    name(result, finding, names, written);
    const records::Caseload& caseload = *result.caseload;
    return {quoted(names(caseload.strings.view(caseload.cases[finding.case_index].id))),
            quoted(result.policy->program().duties[finding.duty].id),
            text_or_null(finding.key.data() == nullptr, written.key),
            quoted(verdict_name(static_cast<std::int64_t>(finding.verdict))),
            instant_or_null(finding.opened_at),
            instant_or_null(finding.due_at),
            instant_or_null(finding.ended_at),
            std::to_string(finding.overdue_seconds),
            std::to_string(finding.elapsed_seconds),
            std::to_string(finding.missed_periods),
            text_or_null(finding.trigger_event == evaluate::k_no_event, written.trigger),
            text_or_null(finding.ending_event == evaluate::k_no_event, written.ending),
            std::to_string(finding.flags),
            text_or_null(finding.reason.data() == nullptr, finding.reason),
            text_or_null(finding.owner.data() == nullptr, names(finding.owner))};
}

Values values_of(const Statement& row) {
    const auto text = [&](int column) { return text_or_null(row.is_null(column), row.text(column)); };
    const auto instant = [&](int column) {
        return instant_or_null(row.is_null(column) ? evaluate::k_no_instant : row.number(column));
    };
    const auto number = [&](int column) { return std::to_string(row.number(column)); };
    return {text(1),    text(2),    text(3),    quoted(verdict_name(row.number(4))),
            instant(5), instant(6), instant(7), number(8),
            number(9),  number(10), text(11),   text(12),
            number(13), text(14),   text(15)};
}

/// Where a difference stands: places last, since one finding that came or went moves all after it; then by
/// case, in the order of findings.
struct Rank {
    bool is_place;
    std::string case_id;
    std::int64_t place;
    std::int64_t finding;
    std::size_t field;
    auto operator<=>(const Rank&) const = default;
};

class Differences {
  public:
    void add(Rank rank, const Values& of, std::string_view field, const std::string& stored,
             const std::string& now) {
        ++count_;
        const bool is_full = told_.size() == k_most_differences;
        if (is_full && std::prev(told_.end())->first < rank) return;
        std::string json;
        ObjectWriter writer(json);
        writer.text("finding", finding_name(rank.finding));
        writer.raw("case_id", of[0]);
        writer.raw("duty_id", of[1]);
        writer.text("field", field);
        writer.raw("stored", stored);
        writer.raw("now", now);
        writer.end();
        if (is_full) told_.erase(std::prev(told_.end()));
        told_.emplace(std::move(rank), std::move(json));
    }
    void compare(std::int64_t finding, std::int64_t place, const Values& stored, const Values& now) {
        for (std::size_t i = 0; i < k_fields.size(); ++i) {
            if (stored[i] != now[i])
                add({false, now[0], place, finding, i}, now, k_fields[i], stored[i], now[i]);
        }
    }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    [[nodiscard]] std::string json() const {
        std::string out = "[";
        for (const auto& [rank, json] : told_) out.append(out.size() > 1 ? "," : "").append(json);
        return out + "]";
    }

  private:
    std::size_t count_ = 0;
    std::map<Rank, std::string> told_;
};

void compare_findings(Database& db, const Names& names, std::int64_t run, const Result& result,
                      Differences& to) {
    const std::vector<Identity> identities = identities_of(result, names);
    Statement read(
        db, "SELECT " + std::string(k_finding_columns) +
                ", f.place FROM finding f LEFT JOIN text c ON c.id = f.case_id LEFT JOIN text d ON d.id = "
                "f.duty LEFT JOIN text o ON o.id = f.owner LEFT JOIN text u ON u.id = f.unit LEFT JOIN "
                "text r ON r.id = f.reason WHERE f.run = ? ORDER BY f.finding");
    read.bind(1, run);
    bool has_row = read.step();
    std::size_t at = 0;
    while (has_row || at < identities.size()) {
        const bool takes_stored =
            has_row && (at == identities.size() || read.number(0) <= identities[at].number);
        const bool takes_now =
            at < identities.size() && (!has_row || identities[at].number <= read.number(0));
        const std::int64_t number = takes_stored ? read.number(0) : identities[at].number;
        if (takes_stored && takes_now) {
            const std::int64_t place = identities[at].finding;
            to.compare(number, place, values_of(read),
                       values_of(result, result.findings[identities[at].finding], names));
            if (read.number(17) != place) {
                const Values values = values_of(read);
                to.add({true, values[0], place, number, 0}, values, "place", std::to_string(read.number(17)),
                       std::to_string(place));
            }
        } else if (takes_stored) {
            const Values values = values_of(read);
            to.add({false, values[0], read.number(17), number, 0}, values, "verdict", values[3], "null");
        } else {
            const std::int64_t place = identities[at].finding;
            const Values values = values_of(result, result.findings[identities[at].finding], names);
            to.add({false, values[0], place, number, 0}, values, "verdict", "null", values[3]);
        }
        if (takes_stored) has_row = read.step();
        if (takes_now) ++at;
    }
}

}  // namespace

std::string compare_with_run(Database& db, const Names& names, std::int64_t run, const Result& result) {
    need_run(db, run);
    Statement read(
        db,
        "SELECT p.digest, r.caseload, r.as_of, r.known_at, r.findings FROM run r JOIN policy p ON p.id = "
        "r.policy WHERE r.id = ?");
    read.bind(1, run);
    read.step();
    need_part(db, run, "findings");
    Differences differences;
    compare_findings(db, names, run, result, differences);
    const bool same_policy = read.text(0) == result.policy->digest();
    const bool same_caseload = read.text(1) == digest_of(*result.caseload).all;
    const bool same_as_of = read.number(2) == result.as_of;
    const bool same_known_at = read.number(3) == result.known_at;
    std::string out;
    ObjectWriter writer(out);
    writer.flag("same",
                same_policy && same_caseload && same_as_of && same_known_at && differences.count() == 0);
    writer.number("run", run);
    writer.flag("policy", same_policy);
    writer.flag("caseload", same_caseload);
    writer.flag("as_of", same_as_of);
    writer.flag("known_at", same_known_at);
    writer.number("findings", read.number(4));
    writer.number("differing", static_cast<std::int64_t>(differences.count()));
    writer.raw("differences", differences.json());
    writer.end();
    return out;
}

}  // namespace duecare::store
