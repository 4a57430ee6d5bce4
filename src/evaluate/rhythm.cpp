// recur and last: what is judged over an interval in which `while` holds.
#include <algorithm>
#include <array>
#include <limits>

#include "evaluate/duty_run.hpp"

namespace duecare::evaluate {

using policy::DurationId;
using policy::k_no_expression;
using policy::k_none;

namespace {
// Of one grid; a case has no more events either.
constexpr std::size_t k_most_steps = 1'000'000;
constexpr std::string_view k_too_many_steps = "too_many_steps: 1000000";
constexpr std::int32_t k_most_periods = std::numeric_limits<std::int32_t>::max();

// Practicable is a deadline that never comes.
time::Instant or_never(const Deadline& due) {
    return due.is_at() ? due.at : std::numeric_limits<time::Instant>::max();
}
}  // namespace

// The open obligation of a rhythm, under both readings of the days.
struct DutyRun::Rhythm {
    DurationId rule = 0;  // `first` or `every`
    DurationId leaf = 0;  // as now chosen
    std::uint32_t opener = 0;
    time::Instant opened = 0;
    Deadline due;  // benefit of the doubt
    Deadline harsh_due;
    std::size_t step = 0;  // into steps_: the next reading of `choose`
    struct Unseen {
        std::size_t finding;  // flagged retrospective,
        time::Instant due;    // unless one more response up to here was recorded by then
    };
    std::vector<Unseen> unseen;
};

// How many of due, due + every, … lie before the end.
std::int32_t DutyRun::periods(const Rhythm& rhythm, const Deadline& due, time::Instant end) {
    if (!due.is_at() || due.at >= end) return 0;
    // `every` as last chosen before the end.
    std::uint32_t last = view_.position_at(end - 1);
    if (last == k_none || last < rhythm.opener) last = event(rhythm.opener).last;
    const DurationId leaf = choose(duty_.every, context(last));
    const policy::DurationRule& rule = shared_.binding.program.duration(leaf);
    if (rule.kind != policy::DurationRule::Kind::fixed || rule.fixed.unit == time::Unit::practicable)
        return 1;
    std::int64_t length = 0;  // of a period that is as long wherever it lies
    if (rule.fixed.unit == time::Unit::minutes) length = rule.fixed.count * time::k_micros_per_minute;
    if (rule.fixed.unit == time::Unit::hours) length = rule.fixed.count * time::k_micros_per_hour;
    std::int64_t count = 1;
    time::Instant at = due.at;
    while (count < k_most_periods) {
        if (length > 0) {
            // Up to the next pause, also where it begins, no period is moved.
            const auto pause = std::find_if(pauses_.begin(), pauses_.end(),
                                            [&](const time::Interval& p) { return p.end > at; });
            const time::Instant steady = pause == pauses_.end() ? end - 1 : std::min(end - 1, pause->begin);
            if (steady > at) {
                count += (steady - at) / length;
                at += (steady - at) / length * length;
            }
        }
        const Deadline next = this->due(leaf, at, Context(), true);
        if (!next.is_at() || next.at <= at || next.at >= end) break;
        at = next.at;
        ++count;
    }
    return static_cast<std::int32_t>(std::min<std::int64_t>(count, k_most_periods));
}

// `effective.at` is not known, so neither is what was due.
void DutyRun::not_known_to_bind(Obligation& obligation, std::string_view reason) {
    obligation.judged = {Verdict::unassessable, reason, k_none};
    obligation.due = Deadline();
    obligation.due.kind = Deadline::Kind::unassessable;
    obligation.ending = Ending();
    obligation.missed_periods = 0;
}

void DutyRun::recur_open(Rhythm& rhythm, std::uint32_t position, time::Instant when, bool first) {
    const Event& opener = event(position);
    rhythm.rule = first && duty_.first != 0 ? duty_.first : duty_.every;
    rhythm.opener = position;
    rhythm.opened = when;
    Context at = context(position);
    at.position = event(position).last;
    const std::uint32_t instant = view_.position_at(when);
    if (instant != k_none) at.position = std::max(at.position, instant);
    rhythm.leaf = choose(rhythm.rule, at);
    rhythm.due = due(rhythm.leaf, std::max(opener.latest, when), at);
    rhythm.harsh_due = opener.latest <= when ? rhythm.due : due(rhythm.leaf, when, at);
    if (shared_.trace != nullptr) note_due(rhythm.rule, rhythm.leaf, at, rhythm.due);
    while (rhythm.step < steps_.size() && event(steps_[rhythm.step]).earliest <= when) ++rhythm.step;
    kind_ = harsh_ = Ending();
    uncertain_.clear();
    responses_.clear();
}

// A stricter rhythm starts from the change; a breach that has happened stays.
void DutyRun::recur_retime(Rhythm& rhythm, time::Instant before) {
    for (; rhythm.step < steps_.size(); ++rhythm.step) {
        const std::uint32_t position = steps_[rhythm.step];
        const time::Instant now = event(position).earliest;
        if (now >= before) return;
        const Context at = context(position);
        const DurationId leaf = choose(rhythm.rule, at);
        if (same_duration(leaf, rhythm.leaf)) continue;
        const auto move = [&](Deadline& current, time::Instant from) {
            if (current.kind == Deadline::Kind::unassessable || or_never(current) < now) return;
            const Deadline anew = due(leaf, from, at);
            const Deadline onwards = due(leaf, now, at);
            if (anew.kind == Deadline::Kind::unassessable || onwards.kind == Deadline::Kind::unassessable) {
                current = anew.kind == Deadline::Kind::unassessable ? anew : onwards;
                return;
            }
            const time::Instant moved =
                std::max(or_never(anew), std::min(or_never(current), or_never(onwards)));
            current.kind = moved == std::numeric_limits<time::Instant>::max() ? Deadline::Kind::none
                                                                              : Deadline::Kind::at;
            current.at = moved;
        };
        if (or_never(rhythm.due) < now) continue;
        const bool same = rhythm.due.kind == rhythm.harsh_due.kind && rhythm.due.at == rhythm.harsh_due.at;
        const Deadline due_before = rhythm.due;
        move(rhythm.due, std::max(event(rhythm.opener).latest, rhythm.opened));
        if (same && event(rhythm.opener).latest <= rhythm.opened) {
            rhythm.harsh_due = rhythm.due;
        } else {
            move(rhythm.harsh_due, rhythm.opened);
        }
        rhythm.leaf = leaf;
        if (shared_.trace != nullptr) note_retimed(rhythm.rule, leaf, at, due_before, rhythm.due);
    }
}

// Closing before anything was due lets the duty lapse, also where no number says when it was due.
DutyRun::Judged DutyRun::judge_in_rhythm(const Ending& ending, const Deadline& due, bool harsh) const {
    if (ending.by == Class::until && due.kind == Deadline::Kind::none) return {Verdict::lapsed, {}, k_none};
    return judge(ending, due, harsh);
}

void DutyRun::recur_end(Rhythm& rhythm, const Ending& ending, time::Instant harsh_when) {
    recur_retime(rhythm,
                 ending.by == Class::nothing ? std::numeric_limits<time::Instant>::max() : ending.when);
    const Truth shown = in_force(rhythm.opener, rhythm.opened);
    if (shown.no()) return;
    Obligation obligation;
    obligation.trigger = rhythm.opener;
    obligation.opened = rhythm.opened;
    obligation.due = rhythm.due;
    obligation.ending = ending;
    obligation.judged = judge_in_rhythm(ending, rhythm.due, false);
    if (shown.unknown()) not_known_to_bind(obligation, shown.reason);
    if (!view_.precise && shown.yes()) {
        Ending harsh = ending;
        harsh.when = harsh_when;
        const Judged other = judge_in_rhythm(harsh, rhythm.harsh_due, true);
        obligation.harsh = other.verdict;
        if (other.verdict != obligation.judged.verdict) obligation.flags |= k_flag_imprecise;
    }
    if (obligation.judged.verdict == Verdict::late || obligation.judged.verdict == Verdict::missed) {
        obligation.missed_periods =
            periods(rhythm, rhythm.due, ending.by == Class::nothing ? as_of() : ending.when);
    }
    if (ending.by == Class::response) responses_.push_back({ending.when, ending.position});
    const std::size_t before = shared_.output.findings.size();
    finish(obligation);
    if (shared_.output.findings.size() > before &&
        (shared_.output.findings.back().flags & k_flag_retrospective) != 0) {
        rhythm.unseen.push_back({before, rhythm.due.at});
    }
}

// A later response that is also in time, and was recorded in time, could be seen before an earlier
// obligation fell due.
void DutyRun::recur_seen(Rhythm& rhythm, std::uint32_t position, time::Instant when) {
    std::erase_if(rhythm.unseen, [&](const Rhythm::Unseen& entry) {
        if (when > entry.due) return true;
        if (event(position).recorded > entry.due) return false;
        Finding& finding = shared_.output.findings[entry.finding];
        finding.flags = static_cast<std::uint8_t>(finding.flags & ~unsigned{k_flag_retrospective});
        return true;
    });
}

void DutyRun::recur(const Interval& interval) {
    const time::Instant a = event(interval.opening).earliest;
    const time::Instant b = interval.closing == k_none ? std::numeric_limits<time::Instant>::max()
                                                       : event(interval.closing).earliest;
    find_pauses();
    std::array<policy::ExpressionId, 2> choices{};
    std::size_t count = 0;
    for (const DurationId id : {duty_.first, duty_.every}) {
        const policy::DurationRule& rule = shared_.binding.program.duration(id);
        if (rule.kind == policy::DurationRule::Kind::choose) choices[count++] = rule.expression;
    }
    steps_.clear();
    if (count > 0) readings(std::span(choices.data(), count), steps_);
    Rhythm rhythm;
    recur_open(rhythm, interval.opening, a, true);
    std::vector<const LaneEvent*>& group = shared_.work.group;
    std::size_t i = 0;
    // An event of a's own day, known only by its day, counts at a.
    while (i < lane_.size() && event(lane_[i].position).latest < a) ++i;
    while (i < lane_.size()) {
        const time::Instant when = std::max(event(lane_[i].position).earliest, a);
        if (when >= b) break;
        group.clear();
        for (; i < lane_.size() && std::max(event(lane_[i].position).earliest, a) == when; ++i) {
            if (event(lane_[i].position).latest >= a && (lane_[i].roles & (k_require | k_excuse)) != 0)
                group.push_back(&lane_[i]);
        }
        const auto answer = [&](const LaneEvent& entry, Class by) {
            const Event& e = event(entry.position);
            if (by == Class::response) recur_seen(rhythm, entry.position, when);
            recur_end(rhythm, {by, when, entry.position, 0}, std::max(e.latest, when));
            recur_open(rhythm, entry.position, when, false);
        };
        for (const LaneEvent*& entry : group) {
            if ((entry->roles & k_require) == 0) continue;
            const Truth truth = where(duty_.require, entry->position, rhythm.opener);
            if (truth.unknown())
                uncertain_.push_back(
                    {when, std::max(event(entry->position).latest, when), 0, entry->position, truth.reason});
            if (!truth.yes()) continue;
            answer(*entry, Class::response);
            entry = nullptr;
        }
        for (const LaneEvent* entry : group) {
            if (entry == nullptr || (entry->roles & k_excuse) == 0) continue;
            if (where(duty_.excused_by, entry->position, rhythm.opener).yes()) answer(*entry, Class::excuse);
        }
    }
    Ending ending;
    time::Instant harsh_when = as_of();
    if (interval.closing != k_none) {
        ending = {Class::until, b, interval.closing, 0};
        harsh_when = event(interval.closing).latest;
    }
    recur_end(rhythm, ending, harsh_when);
}

// A date mistyped by centuries under a grid of minutes would fill the memory of the host. What was made of it
// is taken back, and one finding says why.
void DutyRun::too_many_steps(const Interval& interval, const Output::Mark& mark) {
    shared_.output.take_back(mark, duty_index_);
    if (shared_.trace != nullptr) shared_.trace->lives.clear();
    Obligation obligation;
    obligation.trigger = interval.opening;
    obligation.opened = event(interval.opening).earliest;
    obligation.due.kind = Deadline::Kind::unassessable;
    obligation.judged = {Verdict::unassessable, k_too_many_steps, k_none};
    responses_.clear();
    finish(obligation);
}

void DutyRun::recur_schedule(const Interval& interval) {
    const Event& opener = event(interval.opening);
    const time::Instant a = opener.earliest;
    const time::Instant b = interval.closing == k_none ? std::numeric_limits<time::Instant>::max()
                                                       : event(interval.closing).earliest;
    find_pauses();
    time::Instant grid = opener.latest;  // g_{i-1}
    time::Instant from = a;              // where the step is opened
    std::size_t i = 0;
    while (i < lane_.size() && event(lane_[i].position).latest < a) ++i;
    const Output::Mark mark = shared_.output.mark(duty_index_);
    std::size_t steps = 0;
    for (bool first = true;; first = false) {
        if (++steps > k_most_steps) return too_many_steps(interval, mark);
        Context at = context(interval.opening);
        const std::uint32_t position = view_.position_at(first ? a : grid);
        at.position = position == k_none ? opener.last : std::max(position, opener.last);
        if (!first && position != k_none) at.event = &event(position);
        const DurationId rule = first && duty_.first != 0 ? duty_.first : duty_.every;
        const DurationId leaf = choose(rule, at);
        const Deadline due = this->due(leaf, grid, at, !first);
        if (shared_.trace != nullptr) note_due(rule, leaf, at, due);
        Obligation obligation;
        obligation.trigger = interval.opening;
        obligation.opened = from;
        obligation.due = due;
        kind_ = harsh_ = Ending();
        uncertain_.clear();
        responses_.clear();
        for (; i < lane_.size(); ++i) {
            const Event& candidate = event(lane_[i].position);
            const time::Instant when = std::max(candidate.earliest, a);
            if (when >= b || (due.is_at() && when > due.at)) break;
            if ((lane_[i].roles & k_require) != 0) {
                const Truth truth = where(duty_.require, lane_[i].position, interval.opening);
                if (truth.yes()) {
                    responses_.push_back({when, lane_[i].position});
                    kind_.offer({Class::response, when, lane_[i].position, lane_[i].position});
                } else if (truth.unknown()) {
                    uncertain_.push_back({when, when, 0, lane_[i].position, truth.reason});
                }
            }
            if ((lane_[i].roles & k_excuse) != 0 &&
                where(duty_.excused_by, lane_[i].position, interval.opening).yes()) {
                kind_.offer({Class::excuse, when, lane_[i].position, lane_[i].position});
            }
        }
        obligation.ending = kind_;
        if (kind_.by == Class::nothing && interval.closing != k_none && (!due.is_at() || b <= due.at)) {
            obligation.ending = {Class::until, b, interval.closing, 0};
        }
        // Where the grid cannot be drawn, nobody can say which step an answer belongs to.
        if (due.kind == Deadline::Kind::unassessable) obligation.ending = Ending();
        obligation.judged = judge_in_rhythm(obligation.ending, due, false);
        if (obligation.judged.verdict == Verdict::missed) obligation.missed_periods = 1;
        const Truth shown = in_force(interval.opening, from);
        if (shown.unknown()) not_known_to_bind(obligation, shown.reason);
        if (!shown.no()) finish(obligation);
        if (!due.is_at() || due.at <= grid) return;
        grid = due.at;
        const time::Zone& zone = shared_.binding.zone;
        from = grid == zone.end_of_day(zone.local_day(grid)) ? grid + 1
                                                             : grid;  // the end of a day: with the next day
        if (from >= b || from >= as_of()) return;
    }
}

void DutyRun::last(const Interval& interval) {
    const Event& opener = event(interval.opening);
    find_pauses();
    const policy::DurationRule& rule = shared_.binding.program.duration(duty_.at_most);
    Context at = context(interval.opening);
    DurationId leaf = choose(duty_.at_most, at);
    Obligation obligation;
    obligation.trigger = interval.opening;
    obligation.opened = opener.earliest;
    obligation.due = due(leaf, opener.latest, at);
    Deadline harsh_due = opener.latest == opener.earliest ? obligation.due : due(leaf, opener.earliest, at);
    if (shared_.trace != nullptr) note_due(duty_.at_most, leaf, at, obligation.due);
    const time::Instant b = interval.closing == k_none ? std::numeric_limits<time::Instant>::max()
                                                       : event(interval.closing).earliest;
    if (rule.kind == policy::DurationRule::Kind::choose) {
        readings(std::span(&rule.expression, 1), steps_);
        for (const std::uint32_t position : steps_) {
            const time::Instant now = event(position).earliest;
            if (now <= opener.earliest) continue;
            if (now >= b) break;
            const Context then = context(position);
            const DurationId next = choose(duty_.at_most, then);
            if (same_duration(next, leaf)) continue;
            // A step of the ladder counts only if it is taken before the last one ran out.
            const auto move = [&](Deadline& current, time::Instant from) {
                if (current.kind != Deadline::Kind::unassessable && or_never(current) >= now)
                    current = due(next, from, then);
            };
            if (or_never(obligation.due) < now) continue;
            const Deadline due_before = obligation.due;
            move(obligation.due, opener.latest);
            move(harsh_due, opener.earliest);
            leaf = next;
            if (shared_.trace != nullptr) note_retimed(duty_.at_most, leaf, then, due_before, obligation.due);
        }
    }
    kind_ = harsh_ = Ending();
    uncertain_.clear();
    responses_.clear();
    const auto judged = [&](const Deadline& due, time::Instant end) {
        Judged out;
        if (due.kind == Deadline::Kind::unassessable) {
            out = {Verdict::unassessable, due.reason, k_none};
        } else if (interval.closing != k_none) {
            out.verdict = due.in_time(end) ? Verdict::met : Verdict::late;
        } else {
            out.verdict = due.in_time(as_of()) ? Verdict::pending : Verdict::missed;
        }
        return out;
    };
    if (interval.closing != k_none) obligation.ending = {Class::until, b, interval.closing, 0};
    obligation.judged = judged(obligation.due, b);
    const Truth shown = in_force(interval.opening, obligation.opened);
    if (shown.no()) return;
    if (shown.unknown()) not_known_to_bind(obligation, shown.reason);
    if (!view_.precise && shown.yes()) {
        const time::Instant end = interval.closing == k_none ? as_of() : event(interval.closing).latest;
        obligation.harsh = judged(harsh_due, end).verdict;
        if (obligation.harsh != obligation.judged.verdict) obligation.flags |= k_flag_imprecise;
    }
    finish(obligation);
}

}  // namespace duecare::evaluate
