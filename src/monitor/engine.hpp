// What stands behind the monitor: cases and persons as units that are judged by themselves, each with what
// was found of it last and the instants at which time alone may change that.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "evaluate/worker.hpp"
#include "monitor/case_store.hpp"
#include "monitor/monitor.hpp"
#include "monitor/touched.hpp"
#include "records/document.hpp"
#include "records/writer.hpp"

namespace duecare::monitor {

inline constexpr time::Instant k_never = INT64_MAX;

/// A finding in ids. The seconds that it lasts are told from its instants; see tell().
struct Held {
    std::uint32_t duty = 0;
    StringId case_id = records::k_no_string;
    StringId key = records::k_no_string;
    StringId trigger = records::k_no_string;
    StringId ending = records::k_no_string;
    StringId reason = records::k_no_string;
    StringId owner = records::k_no_string;
    time::Instant opened = 0;
    time::Instant due = evaluate::k_no_instant;
    time::Instant ended = evaluate::k_no_instant;
    std::int32_t missed_periods = 0;
    evaluate::Verdict verdict = evaluate::Verdict::met;
    std::uint8_t flags = 0;
    bool unopened = false;
};
static_assert(sizeof(Held) == 64);  // a line of the cache

/// When time alone may change what is held.
struct Timing {
    time::Instant as_of = k_never;     // when as_of gets there,
    time::Instant known_at = k_never;  // or known_at there
    time::Instant next_due = k_never;
    bool restless = false;  // at every step of the clock
};

struct Judgement {
    std::vector<Held> held;
    /// By duty. Given: what is held of duties that are not k_again stays, with the seconds of before.
    const std::vector<std::uint8_t>* reach = nullptr;
    Timing timing;
};

struct Unit {
    std::uint64_t serial = 0;  // in the order of coming
    std::vector<Held> held;
    Timing timing;
    time::Instant judged_as_of = 0;  // when the seconds that it tells were counted
    time::Instant judged_known_at = 0;
};
struct CaseUnit : Unit {
    CaseStore store;
    FactBits facts = 0;  // that its events may set, and perhaps more
};
struct PersonUnit : Unit {
    StringId id = records::k_no_string;
    std::map<std::uint64_t, CaseUnit*> cases;  // by serial; null: judged as if it were gone
};
class Monitor::Impl {
  public:
    Impl(std::shared_ptr<const policy::Policy> policy, const Options& options);

    Changes push_event(std::string_view case_id, std::string_view json);
    Changes push_document(const std::function<void(records::DocumentReader&)>& read);
    Changes set_clock(time::Instant as_of, time::Instant known_at);
    Changes drop_case(std::string_view case_id);
    std::vector<Obligation> list(const Query& query);
    [[nodiscard]] std::optional<time::Instant> next_due() const;
    std::string documents(const std::optional<std::string>& case_id);
    [[nodiscard]] std::size_t memory() const noexcept;
    [[nodiscard]] bool wasteful() const noexcept { return dropped_events > event_count + k_waste; }

    std::shared_ptr<const policy::Policy> policy;
    records::Caseload work;
    evaluate::Binding binding;
    std::size_t event_count = 0;
    std::size_t dropped_events = 0;
    std::map<std::uint64_t, std::unique_ptr<CaseUnit>> cases;

  private:
    static constexpr std::size_t k_waste = 4096;
    using Step = std::pair<Unit*, Judgement>;

    struct Mover {
        std::set<std::pair<time::Instant, std::uint64_t>> queue;
        void move(time::Instant from, time::Instant to, std::uint64_t serial) noexcept;
    };

    CaseUnit& need_case(std::string_view id);
    void read(const std::function<void(records::DocumentReader&)>& take);
    void bind_new();
    void wrap(const CaseUnit& unit, std::string_view json);
    static void fetch(const CaseUnit& unit) noexcept;
    void name_events(const CaseStore& held);

    Judgement judge(const CaseUnit& unit);
    Judgement judge_event(const CaseUnit& unit, std::size_t at, const Touched* touched);
    [[nodiscard]] const Touched* touched_at(const CaseUnit& unit, std::size_t at);
    const Touched& touched(StringId type);
    [[nodiscard]] bool find_reach(const CaseUnit& unit, std::size_t at, const Touched& touched);
    void note_facts(CaseUnit& unit) const;
    Judgement judge(const PersonUnit& unit);
    Judgement judge_unit(const Unit& unit);
    void judge_persons(const CaseUnit& unit, bool fed, const Touched* touched, std::vector<Step>& steps);
    void collect(Judgement& into, bool precise);
    void hidden_events(Timing& timing) const;
    void hidden_event(Timing& timing, const time::Stamp& occurred, const time::Stamp& recorded) const;
    void time_finding(Timing& timing, const Held& held, bool precise) const;
    Held hold(const evaluate::Finding& finding);

    void diff(const Unit& unit, const Judgement& after, Changes& changes) const;
    [[nodiscard]] Changes changes_of(const std::vector<Step>& steps) const;
    static void make_room(const std::vector<Step>& steps);
    void apply(std::vector<Step>& steps) noexcept;
    [[nodiscard]] bool before(const Held& a, const Held& b) const noexcept;
    [[nodiscard]] Obligation tell(const Held& held) const;

    Changes add_case();
    Changes merge_case(CaseUnit& unit);
    CaseStore merged(const CaseStore& held);
    Changes refresh_all();
    void enlist(Unit& unit);
    void delist(const Unit& unit) noexcept;
    void join(CaseUnit& unit);
    [[nodiscard]] PersonUnit* find_person(StringId id) const noexcept;
    void leave(const CaseUnit& unit, const CaseStore& store, const CaseStore* stay) noexcept;
    void forget(CaseUnit& unit) noexcept;

    records::DocumentReader reader_;
    evaluate::Worker worker_;
    boost::unordered_flat_map<StringId, CaseUnit*> by_id_;
    boost::unordered_flat_map<StringId, std::unique_ptr<PersonUnit>>
        persons_;                           // where duties go across cases
    std::map<std::uint64_t, Unit*> units_;  // by serial
    std::map<std::uint64_t, PersonUnit*> person_units_;
    Mover by_as_of_;
    Mover by_known_at_;
    Mover restless_;  // 0: restless, 1: not
    bool grids_unseen_ = false;
    std::uint64_t next_serial_ = 1;
    std::unordered_map<StringId, Touched> touched_;  // by event type
    std::vector<std::uint8_t> reach_;  // by duty, of the event at hand; all k_stays but of reached_
    std::vector<std::uint32_t> reached_;
    std::vector<bool> bound_;  // by StringId: event types that the binding has seen
    std::size_t bound_paths_ = 0;
    std::string wrapper_;
};

}  // namespace duecare::monitor
