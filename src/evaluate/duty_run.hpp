// One duty, one key, one ordered list of events: the small machines that turn events into obligations and
// verdicts. Each takes the events of its lane in order, once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "evaluate/finding.hpp"
#include "evaluate/interpreter.hpp"
#include "evaluate/trace.hpp"

namespace duecare::evaluate {

/// An event that a duty cares about, by its position in the view.
struct LaneEvent {
    std::uint32_t position = 0;
    std::uint8_t roles = 0;
};

/// What obligations are kept apart by.
struct Key {
    std::string_view text;                  // the person's id or the `per` value; data() null: none
    std::uint32_t person = policy::k_none;  // into Caseload::persons, within one case
};

/// When an obligation falls due.
struct Deadline {
    enum class Kind : std::uint8_t { none, at, unassessable };
    Kind kind = Kind::none;  // none: as soon as practicable
    time::Instant at = 0;
    std::string_view reason;
    [[nodiscard]] bool is_at() const noexcept { return kind == Kind::at; }
    [[nodiscard]] bool in_time(time::Instant when) const noexcept { return kind != Kind::at || when <= at; }
};

/// Findings of one worker, with what they point to.
struct Output {
    FindingList findings;
    EvidenceList evidence;
    std::vector<std::array<std::uint64_t, k_verdicts>> counts;  // by duty
    std::uint64_t visible_events = 0;

    /// How far one duty had come, so that what it puts out from here on can be taken back.
    struct Mark {
        std::size_t findings = 0;
        std::size_t evidence = 0;
        std::array<std::uint64_t, k_verdicts> counts{};
    };
    [[nodiscard]] Mark mark(std::uint32_t duty) const {
        return {findings.size(), evidence.size(), counts[duty]};
    }
    void take_back(const Mark& mark, std::uint32_t duty) {
        findings.resize(mark.findings);
        evidence.resize(mark.evidence);
        counts[duty] = mark.counts;
    }
};

/// A candidate of which nobody can say whether it is a response.
struct Uncertain {
    time::Instant when = 0;
    time::Instant harsh = 0;
    std::uint32_t order = 0;  // of those of one instant
    std::uint32_t position = 0;
    std::string_view reason;
};
struct Response {
    time::Instant when = 0;
    std::uint32_t position = 0;
};
/// A stretch in which `while` holds.
struct Holding {
    std::uint32_t opening = 0;               // position of the opening event
    std::uint32_t closing = policy::k_none;  // position of the closing event
};

/// Lists that every duty of every case needs anew, kept so that no case allocates.
struct Workspace {
    std::vector<std::uint32_t> triggers;
    std::vector<std::uint32_t> firing;        // triggers that fulfil the pattern
    std::vector<std::uint32_t> counted;       // what they count, one after another,
    std::vector<std::uint32_t> counted_ends;  // each up to here
    std::vector<std::uint32_t> readings;
    std::vector<Holding> intervals;
    std::vector<time::Interval> pauses;
    std::vector<Uncertain> uncertain;
    std::vector<Response> responses;
    std::vector<std::uint32_t> steps;
    std::vector<const LaneEvent*> group;
    std::vector<std::uint32_t> evidence;
    std::vector<Truth> answers;          // whether the events of a lane answer, whatever the trigger,
    std::vector<std::uint8_t> answered;  // where this has been asked
};

/// What all duties of one worker share.
struct Shared {
    const Binding& binding;
    Interpreter& interpreter;
    Arena& scratch;  // until the end of the case
    Arena& lasting;  // for the life of the result
    Output& output;
    Workspace& work;
    VerdictMask wanted;
    Coverage* coverage = nullptr;
    Trace* trace = nullptr;
    std::uint32_t first_trigger = 0;  // position; what is opened before is left out
};

class DutyRun {
  public:
    /// `view` holds the events; `facts` is the view whose facts may be read, null across cases.
    DutyRun(Shared& shared, std::uint32_t duty, const CaseView& view, const CaseView* facts, Key key,
            std::span<const LaneEvent> lane);

    void run_on();     // respond, precede, check
    void run_while();  // recur, last

    /// A trigger whose record lacks the value that obligations are kept apart by.
    void open_without_key(std::uint32_t position, std::string_view reason);

  private:
    enum class Class : std::uint8_t { response = 1, excuse = 2, until = 3, nothing = 9 };
    // What ends an obligation, under one reading of the days.
    struct Ending {
        Class by = Class::nothing;
        time::Instant when = 0;
        std::uint32_t position = policy::k_none;
        std::uint32_t order = 0;  // among those of the same instant and class
        void offer(const Ending& other) noexcept;
    };
    // From when a response counts, by the kind and the harsh reading.
    struct NotBefore {
        Deadline kindly;
        Deadline harshly;
    };
    using Interval = Holding;
    // A verdict and what it rests on, before it becomes a finding.
    struct Judged {
        Verdict verdict = Verdict::met;
        std::string_view reason;
        std::uint32_t uncertain = policy::k_none;  // position
    };
    struct Obligation {
        std::uint32_t trigger = 0;  // position
        time::Instant opened = 0;
        Deadline due;
        Ending ending;
        Judged judged;
        std::int32_t missed_periods = 0;
        std::uint8_t flags = 0;
        bool judged_at_trigger = false;  // precede, check
        bool unopened = false;           // whether it was opened is not known
        Verdict harsh = Verdict::met;    // of the strictest reading, where it differs (k_flag_imprecise)
        std::span<const std::uint32_t> counted;  // positions, of a pattern
    };

    // opening (duty_run.cpp)
    [[nodiscard]] Context context(std::uint32_t position, std::uint32_t trigger = policy::k_none) const;
    [[nodiscard]] Truth opens(std::uint32_t position);
    [[nodiscard]] Truth in_force(std::uint32_t position, time::Instant opened);
    void find_triggers();
    bool pattern(std::size_t i);
    [[nodiscard]] Truth where(const policy::Match& match, std::uint32_t position, std::uint32_t trigger);
    [[nodiscard]] Truth answers(const LaneEvent& entry, std::uint32_t trigger);

    // deadlines (deadlines.cpp)
    [[nodiscard]] policy::DurationId choose(policy::DurationId rule, const Context& context);
    [[nodiscard]] Deadline due(policy::DurationId leaf, time::Instant from, const Context& context,
                               bool after = false);
    [[nodiscard]] bool same_duration(policy::DurationId a, policy::DurationId b) const;
    void find_pauses();
    void readings(std::span<const policy::ExpressionId> expressions,
                  std::vector<std::uint32_t>& positions) const;
    void find_intervals();

    // shapes
    void respond(std::uint32_t trigger, std::uint32_t restart, std::span<const std::uint32_t> counted,
                 Ending& ended, bool& excused);
    void candidates(std::uint32_t trigger, std::uint32_t restart, const Deadline& due);
    void consider(const LaneEvent& event, std::uint32_t trigger, const NotBefore& not_before);
    void consider_before(const LaneEvent& event, std::uint32_t trigger);
    [[nodiscard]] std::size_t first_reaching(time::Instant instant) const;
    [[nodiscard]] Judged judge(const Ending& ending, const Deadline& due, bool harsh) const;
    [[nodiscard]] Judged judge_in_rhythm(const Ending& ending, const Deadline& due, bool harsh) const;
    void precede(std::uint32_t trigger, std::span<const std::uint32_t> counted, bool excused);
    void check(std::uint32_t trigger, std::span<const std::uint32_t> counted, bool excused);
    struct Rhythm;
    void recur(const Interval& interval);
    void recur_schedule(const Interval& interval);
    void too_many_steps(const Interval& interval, const Output::Mark& mark);
    void last(const Interval& interval);
    void recur_open(Rhythm& rhythm, std::uint32_t position, time::Instant when, bool first);
    void recur_retime(Rhythm& rhythm, time::Instant before);
    void recur_end(Rhythm& rhythm, const Ending& ending, time::Instant harsh_when);
    void recur_seen(Rhythm& rhythm, std::uint32_t position, time::Instant when);
    static void not_known_to_bind(Obligation& obligation, std::string_view reason);
    [[nodiscard]] std::int32_t periods(const Rhythm& rhythm, const Deadline& due, time::Instant end);

    // findings (emit.cpp)
    void emit_unopened(std::uint32_t position, std::string_view reason);
    void finish(Obligation& obligation);
    [[nodiscard]] bool accounted(const Obligation& obligation, time::Instant end);
    [[nodiscard]] bool recorded_late(std::uint32_t position);
    void set_owner(Finding& finding, time::Instant at);
    void set_evidence(Finding& finding, const Obligation& obligation);

    // the trace (notes.cpp): called only where there is one
    void note_due(policy::DurationId rule, policy::DurationId leaf, const Context& at, const Deadline& due);
    void note_retimed(policy::DurationId rule, policy::DurationId leaf, const Context& at,
                      const Deadline& before, const Deadline& now);
    void note_finished(const Obligation& obligation, const Finding& finding);
    void note_pauses(const Obligation& obligation, time::Instant end, std::vector<Step>& steps) const;
    void note_candidates(const Obligation& obligation, std::vector<Step>& steps, time::Instant end);
    void note_before(const Obligation& obligation, std::vector<Step>& steps);
    void note_other_keys(std::vector<Step>& steps, time::Instant from, time::Instant until) const;
    void note_candidate(const LaneEvent& entry, std::uint32_t trigger, time::Instant when,
                        std::vector<Step>& steps);
    void note_flags(const Obligation& obligation, const Finding& finding, std::vector<Step>& steps) const;
    void note_answer(const Obligation& obligation, const Finding& finding, Life& life);
    void note_ladders(const Obligation& obligation, Life& life);
    [[nodiscard]] Deadline earliest_answer(std::uint32_t trigger);

    [[nodiscard]] time::Instant as_of() const noexcept { return shared_.binding.as_of; }
    [[nodiscard]] const Event& event(std::uint32_t position) const noexcept { return view_.events[position]; }

    Shared& shared_;
    const policy::Duty& duty_;
    const std::uint32_t duty_index_;
    const CaseView& view_;
    const CaseView* facts_;
    const Key key_;
    const std::span<const LaneEvent> lane_;
    std::vector<time::Interval>& pauses_;
    bool pauses_known_ = false;
    bool answers_kept_ = false;

    // of the obligation being worked on
    Ending kind_;  // benefit of the doubt
    Ending harsh_;
    std::vector<Uncertain>& uncertain_;
    std::vector<Response>& responses_;
    std::vector<std::uint32_t>& steps_;  // positions at which a rhythm is read again
};

}  // namespace duecare::evaluate
