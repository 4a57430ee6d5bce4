// monitor: the audit as it happens. Events come one by one, in any order; after each the monitor says what
// has changed, and at any time its findings are those of an audit of the same events at the same instants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/finding.hpp"
#include "policy/policy.hpp"
#include "records/tape.hpp"

namespace duecare::monitor {

/// A finding with texts of its own, so that it outlives what the monitor does next.
struct Obligation {
    std::string case_id;
    std::uint32_t duty = 0;  // into Program::duties
    evaluate::Verdict verdict = evaluate::Verdict::met;
    std::uint8_t flags = 0;
    std::int32_t missed_periods = 0;
    time::Instant opened_at = 0;
    time::Instant due_at = evaluate::k_no_instant;
    time::Instant ended_at = evaluate::k_no_instant;
    std::int64_t overdue_seconds = 0;
    std::int64_t elapsed_seconds = 0;
    std::optional<std::string> key;
    std::optional<std::string> trigger_event;
    std::optional<std::string> ending_event;
    std::optional<std::string> reason;
    std::optional<std::string> owner;
};

/// Bits of Change::what.
enum What : std::uint32_t {
    k_opened = 1,    // it was not there before
    k_gone = 2,      // the record no longer says that it was ever opened
    k_verdict = 4,   // the verdict is another
    k_due = 8,       // due_at is another
    k_ended = 16,    // ended_at or ending_event is another
    k_flags = 32,    // the flags are others
    k_owner = 64,    // the owner is another
    k_reason = 128,  // the reason is another
};

/// What became of one obligation. `now` is what it is, or was before it went (k_gone).
struct Change {
    std::uint32_t what = 0;
    Obligation now;
    std::optional<evaluate::Verdict> verdict_before;  // nothing with k_opened
    time::Instant due_before = evaluate::k_no_instant;
};
using Changes = std::vector<Change>;

/// Which obligations are asked for; what is left empty does not narrow.
struct Query {
    evaluate::VerdictMask verdicts = evaluate::k_all_verdicts;
    std::optional<std::string> case_id;
    std::optional<std::string> person;  // the key
    std::optional<std::string> owner;
    std::optional<time::Instant> due_until;  // pending, due then or before
};

struct Options {
    time::Instant as_of = 0;
    time::Instant known_at = 0;
};

/// Not safe for two threads. A function that throws leaves the monitor as it was.
class Monitor {
  public:
    Monitor(std::shared_ptr<const policy::Policy> policy, const Options& options);
    ~Monitor();
    Monitor(Monitor&&) noexcept;
    Monitor& operator=(Monitor&&) noexcept;

    /// One event of a case that the monitor has, as the JSON object that would stand under `events`. Without
    /// an id it is called "#" and its number in the order of arrival. Throws Error{not_found} for another
    /// case, Error{data} for what is no event, names a stranger, or has the id of an event that is there.
    Changes push_event(std::string_view case_id, std::string_view json);
    /// A document: a new case, more of a case that is there (its kind, attributes and persons take the place
    /// of those before, its events are added), or staff. Throws Error{data}.
    Changes push_document(std::string_view json);
    Changes push_document(const records::Tape& tape);
    /// Sets the clock, forwards or backwards.
    Changes set_clock(time::Instant as_of, time::Instant known_at);
    /// Forgets a case: its obligations, and its events for duties across cases. Throws Error{not_found}.
    Changes drop_case(std::string_view case_id);

    /// What fits, by case in the order of their coming, then as in a result; those of duties across cases
    /// come after, by person.
    [[nodiscard]] std::vector<Obligation> list(const Query& query);
    /// The next instant after which a verdict changes if nothing more happens: the first due_at to come of
    /// what is pending.
    [[nodiscard]] std::optional<time::Instant> next_due() const;

    /// Everything needed to go on elsewhere; see snapshot.cpp for the format.
    [[nodiscard]] std::string snapshot();
    /// Throws Error{data} for bytes that are not whole, Error{invalid_argument} for another policy's.
    static Monitor restore(std::shared_ptr<const policy::Policy> policy, std::string_view bytes);
    /// Documents of what the monitor holds, one a line, for an audit of the same: all cases, or one and those
    /// that share a person with it.
    [[nodiscard]] std::string documents(const std::optional<std::string>& case_id = {});

    [[nodiscard]] const std::shared_ptr<const policy::Policy>& policy() const noexcept;
    [[nodiscard]] time::Instant as_of() const noexcept;
    [[nodiscard]] time::Instant known_at() const noexcept;
    [[nodiscard]] std::size_t case_count() const noexcept;
    [[nodiscard]] std::size_t event_count() const noexcept;
    /// Bytes held, roughly.
    [[nodiscard]] std::size_t memory() const noexcept;

  private:
    class Impl;
    explicit Monitor(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace duecare::monitor
