#include "evaluate/duty_run.hpp"

#include <algorithm>

namespace duecare::evaluate {

using policy::Duty;
using policy::k_no_expression;
using policy::k_none;
using policy::Per;
using policy::Repeat;
using policy::Shape;

DutyRun::DutyRun(Shared& shared, std::uint32_t duty, const CaseView& view, const CaseView* facts, Key key,
                 std::span<const LaneEvent> lane)
    : shared_(shared),
      duty_(shared.binding.program.duties[duty]),
      duty_index_(duty),
      view_(view),
      facts_(facts),
      key_(key),
      lane_(lane),
      pauses_(shared.work.pauses),
      uncertain_(shared.work.uncertain),
      responses_(shared.work.responses),
      steps_(shared.work.steps) {
    pauses_.clear();
}

void DutyRun::Ending::offer(const Ending& other) noexcept {
    if (by == Class::nothing || other.when < when || (other.when == when && other.by < by) ||
        (other.when == when && other.by == by && other.order < order)) {
        *this = other;
    }
}

Context DutyRun::context(std::uint32_t position, std::uint32_t trigger) const {
    Context context;
    context.view = facts_;
    context.kase = view_.kase;
    context.subject = key_.person;
    if (position != k_none) {
        context.event = &event(position);
        context.kase = context.event->kase;
        if (duty_.across) context.subject = context.event->person;
    }
    if (trigger != k_none) context.trigger = &event(trigger);
    return context;
}

Truth DutyRun::where(const policy::Match& match, std::uint32_t position, std::uint32_t trigger) {
    if (match.where == k_no_expression) return {Truth::Is::yes, {}};
    return shared_.interpreter.truth(match.where, context(position, trigger));
}

// Whether an event is what `require` asks for. Each trigger asks each event: where the answer is the same for
// all of them, it is worked out once.
Truth DutyRun::answers(const LaneEvent& entry, std::uint32_t trigger) {
    constexpr std::size_t k_short = 32;
    if (lane_.size() < k_short || duty_.require.where == k_no_expression ||
        shared_.binding.program.expressions[duty_.require.where].depends.trigger)
        return where(duty_.require, entry.position, trigger);
    std::vector<Truth>& answers = shared_.work.answers;
    std::vector<std::uint8_t>& answered = shared_.work.answered;
    if (!answers_kept_) {
        answers_kept_ = true;
        answered.assign(lane_.size(), 0);
        answers.resize(std::max(answers.size(), lane_.size()));
    }
    const auto i = static_cast<std::size_t>(&entry - lane_.data());
    if (answered[i] == 0) {
        answers[i] = where(duty_.require, entry.position, trigger);
        answered[i] = 1;
    }
    return answers[i];
}

// From ≤ date < until, where date is that of `at`, or the local date of opening.
Truth DutyRun::in_force(std::uint32_t position, time::Instant opened) {
    if (!duty_.effective_from && !duty_.effective_until && duty_.effective_at == k_no_expression)
        return {Truth::Is::yes, {}};
    time::Day day = shared_.binding.zone.local_day(opened);
    if (duty_.effective_at != k_no_expression) {
        Context at = context(position, position);
        at.event = nullptr;
        const policy::Val v = shared_.interpreter.value(duty_.effective_at, at);
        if (v.is_unknown()) return {Truth::Is::unknown, v.text()};
        const auto stamp = v.kind == policy::Val::Kind::text ? time::parse_stamp(v.text()) : std::nullopt;
        if (!stamp) return {Truth::Is::unknown, "wrong_type: at"};
        day = shared_.binding.zone.local_day(shared_.binding.start_of(*stamp));
    }
    const bool in = (!duty_.effective_from || day >= *duty_.effective_from) &&
                    (!duty_.effective_until || day < *duty_.effective_until);
    return {in ? Truth::Is::yes : Truth::Is::no, {}};
}

// applies, on.where, for, effective: one false and there is nothing; else the first unknown says why.
Truth DutyRun::opens(std::uint32_t position) {
    Truth first_unknown{Truth::Is::yes, {}};
    const Context at = context(position);
    for (const policy::ExpressionId condition : {duty_.applies, duty_.on.where, duty_.for_subject}) {
        if (condition == k_no_expression) continue;
        const Truth truth = shared_.interpreter.truth(condition, at);
        if (truth.no()) return truth;
        if (truth.unknown() && first_unknown.yes()) first_unknown = truth;
    }
    const Truth truth = in_force(position, event(position).earliest);
    if (truth.no()) return truth;
    if (truth.unknown() && first_unknown.yes()) first_unknown = truth;
    return first_unknown;
}

void DutyRun::find_triggers() {
    std::vector<std::uint32_t>& triggers = shared_.work.triggers;
    triggers.clear();
    for (const LaneEvent& entry : lane_) {
        if ((entry.roles & k_trigger) == 0 || entry.position < shared_.first_trigger) continue;
        const Truth truth = opens(entry.position);
        if (truth.yes()) {
            triggers.push_back(entry.position);
        } else if (truth.unknown()) {
            emit_unopened(entry.position, truth.reason);
        }
    }
}

void DutyRun::open_without_key(std::uint32_t position, std::string_view reason) {
    if (!opens(position).no()) emit_unopened(position, reason);
}

// Whether at least so many of the triggers up to the i-th lie in the window that ends with it; if so they are
// added to what is counted.
bool DutyRun::pattern(std::size_t i) {
    if (duty_.count_at_least == 0) return true;
    const std::vector<std::uint32_t>& triggers = shared_.work.triggers;
    const policy::DurationRule& window = shared_.binding.program.duration(duty_.count_within);
    const time::Instant start =
        time::look_back(event(triggers[i]).earliest, window.fixed, shared_.binding.program.reckoning);
    std::size_t j = i + 1;
    while (j > 0 && event(triggers[j - 1]).earliest >= start) --j;
    if (i + 1 - j < duty_.count_at_least) return false;
    std::vector<std::uint32_t>& counted = shared_.work.counted;
    counted.insert(counted.end(), triggers.begin() + static_cast<std::ptrdiff_t>(j),
                   triggers.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    shared_.work.counted_ends.push_back(static_cast<std::uint32_t>(counted.size()));
    return true;
}

void DutyRun::run_on() {
    Workspace& work = shared_.work;
    find_triggers();
    work.firing.clear();
    work.counted.clear();
    work.counted_ends.clear();
    for (std::size_t i = 0; i < work.triggers.size(); ++i) {
        if (pattern(i)) work.firing.push_back(work.triggers[i]);
    }
    const std::vector<std::uint32_t>& firing = work.firing;
    const auto counted_by = [&](std::size_t i) {
        if (work.counted_ends.empty()) return std::span<const std::uint32_t>();
        const std::uint32_t begin = i == 0 ? 0 : work.counted_ends[i - 1];
        return std::span<const std::uint32_t>(work.counted).subspan(begin, work.counted_ends[i] - begin);
    };
    Ending ended;       // of the last obligation opened
    bool open = false;  // one has been opened,
    bool free = true;   // and was excused from the start
    for (std::size_t i = 0; i < firing.size(); ++i) {
        const std::uint32_t trigger = firing[i];
        if (open && duty_.repeat == Repeat::first) break;
        if (open && duty_.repeat == Repeat::absorb && !free &&
            (ended.by == Class::nothing || ended.position > trigger))
            continue;
        const std::span<const std::uint32_t> evidence = counted_by(i);
        const bool excused = duty_.unless != k_no_expression &&
                             shared_.interpreter.truth(duty_.unless, context(trigger)).yes();
        const std::uint32_t restart =
            duty_.repeat == Repeat::restart && i + 1 < firing.size() ? firing[i + 1] : k_none;
        open = true;
        free = excused;
        switch (duty_.shape) {
            case Shape::precede:
                precede(trigger, evidence, excused);
                break;
            case Shape::check:
                check(trigger, evidence, excused);
                break;
            default:
                respond(trigger, restart, evidence, ended, free);
                break;
        }
    }
}

void DutyRun::run_while() {
    find_intervals();
    for (const Interval& interval : shared_.work.intervals) {
        if (duty_.shape == Shape::last) {
            last(interval);
        } else if (duty_.schedule) {
            recur_schedule(interval);
        } else {
            recur(interval);
        }
    }
}

}  // namespace duecare::evaluate
