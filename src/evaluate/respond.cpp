// respond, precede and check: what is judged from a trigger.
#include <algorithm>
#include <limits>

#include "evaluate/duty_run.hpp"

namespace duecare::evaluate {

using policy::DurationRule;
using policy::k_no_expression;
using policy::k_none;

namespace {
// No local day is longer than two; a date without a time that may still be later sorts at most so far back.
constexpr time::Instant k_longest_day = 50 * time::k_micros_per_hour;
constexpr time::Instant k_never = std::numeric_limits<time::Instant>::max();
}  // namespace

DutyRun::Judged DutyRun::judge(const Ending& ending, const Deadline& due, bool harsh) const {
    Judged judged;
    if (due.kind == Deadline::Kind::unassessable) {
        judged.verdict = Verdict::unassessable;
        judged.reason = due.reason;
        return judged;
    }
    const bool in_time = due.in_time(ending.when);
    switch (ending.by) {
        case Class::response:
            judged.verdict = in_time ? Verdict::met : Verdict::late;
            break;
        case Class::excuse:
            judged.verdict = in_time ? Verdict::excused : Verdict::missed;
            break;
        case Class::until:
            judged.verdict = in_time && due.is_at() ? Verdict::lapsed : Verdict::missed;
            break;
        case Class::nothing:
            judged.verdict = due.in_time(as_of()) ? Verdict::pending : Verdict::missed;
            break;
    }
    if (judged.verdict != Verdict::late && judged.verdict != Verdict::missed) return judged;
    for (const Uncertain& candidate : uncertain_) {
        const time::Instant when = harsh ? candidate.harsh : candidate.when;
        if (due.is_at() ? when > due.at : when > ending.when) continue;
        judged.verdict = Verdict::unassessable;
        judged.reason = candidate.reason;
        judged.uncertain = candidate.position;
        break;
    }
    return judged;
}

// Where in the lane the events begin whose latest may not lie before `instant`.
std::size_t DutyRun::first_reaching(time::Instant instant) const {
    const time::Instant from = view_.precise ? instant : instant - k_longest_day;
    const auto before = [&](const LaneEvent& entry, time::Instant at) {
        return event(entry.position).earliest < at;
    };
    return static_cast<std::size_t>(std::lower_bound(lane_.begin(), lane_.end(), from, before) -
                                    lane_.begin());
}

// One candidate of a respond duty that is not before the trigger.
void DutyRun::consider(const LaneEvent& entry, std::uint32_t trigger, const NotBefore& not_before) {
    const Event& candidate = event(entry.position);
    const Event& opener = event(trigger);
    const time::Instant when = std::max(candidate.earliest, opener.earliest);
    const time::Instant harsh = std::max(candidate.latest, opener.earliest);
    const std::uint32_t order = static_cast<std::uint32_t>(view_.events.size()) + entry.position;
    const Deadline& from = not_before.kindly;
    if ((entry.roles & k_require) != 0 && (!from.is_at() || candidate.latest >= from.at)) {
        Truth truth = answers(entry, trigger);
        // Where nobody can say from when a response counts, nobody can say whether this one does.
        if (truth.yes() && from.kind == Deadline::Kind::unassessable)
            truth = {Truth::Is::unknown, from.reason};
        const bool counts_harshly =
            !not_before.harshly.is_at() || candidate.earliest >= not_before.harshly.at;
        if (truth.yes()) {
            responses_.push_back({when, entry.position});
            kind_.offer({Class::response, when, entry.position, order});
            if (counts_harshly) harsh_.offer({Class::response, harsh, entry.position, order});
        } else if (truth.unknown()) {
            uncertain_.push_back(
                {when, counts_harshly ? harsh : k_never, order, entry.position, truth.reason});
        }
    }
    if ((entry.roles & k_excuse) != 0 && where(duty_.excused_by, entry.position, trigger).yes()) {
        kind_.offer({Class::excuse, when, entry.position, order});
        harsh_.offer({Class::excuse, harsh, entry.position, order});
    }
    if ((entry.roles & k_until) != 0 && where(duty_.until, entry.position, trigger).yes()) {
        kind_.offer({Class::until, when, entry.position, order});
        harsh_.offer({Class::until, harsh, entry.position, order});
    }
}

// What was done before the trigger, as far back as `or_before` reaches, counts at the trigger, the latest
// first.
void DutyRun::consider_before(const LaneEvent& entry, std::uint32_t trigger) {
    if ((entry.roles & k_require) == 0) return;
    const Event& candidate = event(entry.position);
    const Event& opener = event(trigger);
    const DurationRule& back = shared_.binding.program.duration(duty_.look_back);
    const auto start = [&](time::Instant from) {
        return back.kind == DurationRule::Kind::ever
                   ? time::k_first_instant
                   : time::look_back(from, back.fixed, shared_.binding.program.reckoning);
    };
    if (candidate.latest < start(opener.earliest)) return;
    const Truth truth = answers(entry, trigger);
    const std::uint32_t order = static_cast<std::uint32_t>(view_.events.size()) - 1 - entry.position;
    if (truth.yes()) {
        responses_.push_back({opener.earliest, entry.position});
        kind_.offer({Class::response, opener.earliest, entry.position, order});
        if (candidate.earliest >= start(opener.latest)) {
            harsh_.offer({Class::response, opener.earliest, entry.position, order});
        }
    } else if (truth.unknown()) {
        uncertain_.push_back({opener.earliest, opener.earliest, order, entry.position, truth.reason});
    }
}

// Fills kind_, harsh_, uncertain_ and responses_ for the obligation that `trigger` opens.
void DutyRun::candidates(std::uint32_t trigger, std::uint32_t restart, const Deadline& due) {
    kind_ = harsh_ = Ending();
    uncertain_.clear();
    responses_.clear();
    const Event& opener = event(trigger);
    if (restart != k_none) {
        const Event& next = event(restart);
        const std::uint32_t order = static_cast<std::uint32_t>(view_.events.size()) + restart;
        kind_.offer({Class::until, std::max(next.earliest, opener.earliest), restart, order});
        harsh_.offer({Class::until, std::max(next.latest, opener.earliest), restart, order});
    }
    NotBefore not_before;
    if (duty_.not_before != 0) {
        const Context at = context(trigger);
        const policy::DurationId leaf = choose(duty_.not_before, at);
        not_before = {this->due(leaf, opener.earliest, at), this->due(leaf, opener.latest, at)};
    }
    const std::size_t first = duty_.look_back == 0 ? first_reaching(opener.earliest) : 0;
    for (std::size_t i = first; i < lane_.size(); ++i) {
        const LaneEvent& entry = lane_[i];
        if ((entry.roles & (k_require | k_excuse | k_until)) == 0) continue;
        const Event& candidate = event(entry.position);
        // Later ones change nothing once it has ended by either reading and nothing more can come before due.
        if (kind_.by != Class::nothing && harsh_.by != Class::nothing && candidate.earliest > kind_.when &&
            candidate.earliest > harsh_.when && (!due.is_at() || candidate.earliest > due.at)) {
            break;
        }
        if (entry.position == trigger) continue;
        if (candidate.latest >= opener.earliest) {
            consider(entry, trigger, not_before);
        } else if (duty_.look_back != 0) {
            consider_before(entry, trigger);
        }
    }
    if (duty_.look_back == 0) return;
    std::sort(uncertain_.begin(), uncertain_.end(), [](const Uncertain& a, const Uncertain& b) {
        return a.when != b.when ? a.when < b.when : a.order < b.order;
    });
}

void DutyRun::respond(std::uint32_t trigger, std::uint32_t restart, std::span<const std::uint32_t> counted,
                      Ending& ended, bool& excused) {
    const Event& opener = event(trigger);
    const Context at = context(trigger);
    const policy::DurationId leaf = choose(duty_.within, at);
    Obligation obligation;
    obligation.trigger = trigger;
    obligation.opened = opener.earliest;
    obligation.counted = counted;
    obligation.due = due(leaf, opener.latest, at);
    if (shared_.trace != nullptr) note_due(duty_.within, leaf, at, obligation.due);
    if (excused) {
        obligation.ending = {Class::excuse, opener.earliest, trigger, 0};
        obligation.judged.verdict = Verdict::excused;
        responses_.clear();
        ended = obligation.ending;
        finish(obligation);
        return;
    }
    candidates(trigger, restart, obligation.due);
    obligation.ending = kind_;
    obligation.judged = judge(kind_, obligation.due, false);
    if (!view_.precise) {
        const Deadline harsh_due =
            opener.earliest == opener.latest ? obligation.due : due(leaf, opener.earliest, at);
        obligation.harsh = judge(harsh_, harsh_due, true).verdict;
        if (obligation.harsh != obligation.judged.verdict) obligation.flags |= k_flag_imprecise;
    }
    ended = kind_;
    finish(obligation);
}

void DutyRun::precede(std::uint32_t trigger, std::span<const std::uint32_t> counted, bool excused) {
    const Event& opener = event(trigger);
    Obligation obligation;
    obligation.trigger = trigger;
    obligation.opened = opener.earliest;
    obligation.counted = counted;
    obligation.due = {Deadline::Kind::at, opener.earliest, {}};
    obligation.judged_at_trigger = true;
    responses_.clear();
    if (excused) {
        obligation.judged.verdict = Verdict::excused;
        obligation.ending = {Class::excuse, opener.earliest, trigger, 0};
        finish(obligation);
        return;
    }
    const DurationRule& back = shared_.binding.program.duration(duty_.look_back);
    const bool ever = back.kind == DurationRule::Kind::ever;
    const auto start = [&](time::Instant from) {
        return ever ? time::k_first_instant
                    : time::look_back(from, back.fixed, shared_.binding.program.reckoning);
    };
    const time::Instant widest = start(opener.earliest);
    const time::Instant narrowest = start(opener.latest);
    Judged harsh;
    harsh.verdict = Verdict::missed;
    obligation.judged.verdict = Verdict::missed;
    for (const LaneEvent& entry : lane_.subspan(first_reaching(widest))) {
        if ((entry.roles & k_require) == 0 || entry.position == trigger) continue;
        const Event& candidate = event(entry.position);
        if (candidate.earliest > opener.latest) break;
        if (candidate.latest < widest) continue;
        const bool surely = candidate.latest <= opener.earliest && candidate.earliest >= narrowest;
        const Truth truth = answers(entry, trigger);
        if (truth.yes()) {
            obligation.judged.verdict = Verdict::met;
            obligation.ending = {Class::response, opener.earliest, entry.position, 0};
            responses_.push_back({opener.earliest, entry.position});
            if (surely) harsh.verdict = Verdict::met;
        } else if (truth.unknown()) {
            if (obligation.judged.verdict != Verdict::met) {
                obligation.judged = {Verdict::unassessable, truth.reason, entry.position};
            }
            if (surely && harsh.verdict != Verdict::met) harsh.verdict = Verdict::unassessable;
        }
    }
    if (obligation.judged.verdict == Verdict::met) obligation.judged.uncertain = k_none;
    obligation.harsh = harsh.verdict;
    if (harsh.verdict != obligation.judged.verdict) obligation.flags |= k_flag_imprecise;
    finish(obligation);
}

void DutyRun::check(std::uint32_t trigger, std::span<const std::uint32_t> counted, bool excused) {
    Obligation obligation;
    obligation.trigger = trigger;
    obligation.opened = event(trigger).earliest;
    obligation.counted = counted;
    obligation.due = {Deadline::Kind::at, obligation.opened, {}};
    obligation.judged_at_trigger = true;
    responses_.clear();
    if (excused) {
        obligation.judged.verdict = Verdict::excused;
        obligation.ending = {Class::excuse, obligation.opened, trigger, 0};
    } else {
        const Truth truth = shared_.interpreter.truth(duty_.check, context(trigger));
        obligation.judged.verdict = truth.yes()  ? Verdict::met
                                    : truth.no() ? Verdict::missed
                                                 : Verdict::unassessable;
        obligation.judged.reason = truth.reason;
    }
    finish(obligation);
}

}  // namespace duecare::evaluate
