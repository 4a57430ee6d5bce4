#include "monitor/engine.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "policy/program.hpp"
#include "records/handler.hpp"

namespace duecare::monitor {

using evaluate::k_no_instant;
using evaluate::Verdict;
using records::k_no_string;

namespace {

records::ReaderOptions reader_options() {
    records::ReaderOptions options;
    options.open_corrections = true;
    return options;
}

template <class Map>
std::size_t nodes(const Map& map) noexcept {
    constexpr std::size_t k_node = 48;
    return map.size() * (k_node + sizeof(typename Map::value_type));
}

std::int64_t whole_seconds(std::int64_t micros) noexcept {
    return micros <= 0 ? 0 : micros / time::k_micros_per_second;
}

// What was found anew takes its place among what stays; both stand in the order of the duties.
void splice(std::vector<Held>& held, const Judgement& judgement) noexcept {
    const std::vector<Held>& made = judgement.held;
    const auto goes = [&](const Held& one) { return (*judgement.reach)[one.duty] == k_again; };
    held.erase(std::remove_if(held.begin(), held.end(), goes), held.end());
    std::size_t from = held.size();
    held.resize(held.size() + made.size());
    std::size_t to = held.size();
    for (std::size_t next = made.size(); next > 0;) {
        const bool kept = from > 0 && held[from - 1].duty > made[next - 1].duty;
        held[--to] = kept ? held[--from] : made[--next];
    }
}

}  // namespace

void Monitor::Impl::Mover::move(time::Instant from, time::Instant to, std::uint64_t serial) noexcept {
    if (from == to) return;
    auto node = queue.extract({from, serial});
    node.value() = {to, serial};
    queue.insert(std::move(node));
}

Monitor::Impl::Impl(std::shared_ptr<const policy::Policy> given, const Options& options)
    : policy(std::move(given)),
      binding(policy->program(), work, options.as_of, options.known_at),
      reader_(work, reader_options()),
      worker_(binding, evaluate::k_all_verdicts, false) {
    const std::vector<policy::Duty>& duties = policy->program().duties;
    // Steps of a grid that are not in force leave no finding from which the next could be told.
    grids_unseen_ = std::any_of(duties.begin(), duties.end(), [](const policy::Duty& duty) {
        return duty.schedule &&
               (duty.effective_from || duty.effective_until || duty.effective_at != policy::k_no_expression);
    });
}

CaseUnit& Monitor::Impl::need_case(std::string_view id) {
    const StringId known = work.strings.find(id);
    const auto found = known == k_no_string ? by_id_.end() : by_id_.find(known);
    if (found == by_id_.end()) {
        throw Error(Status::not_found, "The monitor has no case \"" + std::string(id) +
                                           "\"; push its document before its events.");
    }
    return *found->second;
}

// One document into the columns of `work`, which hold nothing else then.
void Monitor::Impl::read(const std::function<void(records::DocumentReader&)>& take) {
    clear_cases(work);
    std::vector<records::Reject>& rejects = reader_.report().rejects;
    rejects.clear();
    take(reader_);
    if (!rejects.empty()) {
        const records::Reject& why = rejects.front();
        throw Error(Status::data, why.reason, why.pointer, why.source, why.line);
    }
    for (const records::Case& one : work.cases) work.index_case(one.id, k_no_string);
    bind_new();
}

void Monitor::Impl::bind_new() {
    for (const StringId type : work.event_type) {
        if (type >= bound_.size()) bound_.resize(work.strings.size(), false);
        if (bound_[type]) continue;
        binding.bind_type(type);
        bound_[type] = true;
    }
    if (bound_paths_ == work.paths.size()) return;
    binding.bind_paths();
    bound_paths_ = work.paths.size();
}

// ---- what changed

bool Monitor::Impl::before(const Held& a, const Held& b) const noexcept {
    const auto view = [&](StringId id) { return work.strings.view(id); };
    if (a.case_id != b.case_id) return view(a.case_id) < view(b.case_id);
    if (a.duty != b.duty) return a.duty < b.duty;
    if (a.opened != b.opened) return a.opened < b.opened;
    if (a.key != b.key) {
        if (a.key == k_no_string || b.key == k_no_string) return a.key == k_no_string;
        return view(a.key) < view(b.key);
    }
    return a.trigger != b.trigger && view(a.trigger) < view(b.trigger);
}

Obligation Monitor::Impl::tell(const Held& held) const {
    const auto text = [&](StringId id) {
        return id == k_no_string ? std::nullopt : std::optional<std::string>(work.strings.view(id));
    };
    Obligation told;
    told.case_id = std::string(work.strings.view(held.case_id));
    told.duty = held.duty;
    told.verdict = held.verdict;
    told.flags = held.flags;
    told.missed_periods = held.missed_periods;
    told.opened_at = held.opened;
    told.due_at = held.due;
    told.ended_at = held.ended;
    const policy::Duty& duty = binding.program.duties[held.duty];
    const time::Instant end = held.ended == k_no_instant ? binding.as_of : held.ended;
    told.elapsed_seconds = whole_seconds(end - held.opened);
    const bool at_trigger = duty.shape == policy::Shape::check || duty.shape == policy::Shape::precede;
    const bool fails = held.verdict == Verdict::late || held.verdict == Verdict::missed;
    if (fails && !at_trigger && !duty.schedule && held.due != k_no_instant)
        told.overdue_seconds = whole_seconds(end - held.due);
    told.key = text(held.key);
    told.trigger_event = text(held.trigger);
    told.ending_event = text(held.ending);
    told.reason = text(held.reason);
    told.owner = text(held.owner);
    return told;
}

void Monitor::Impl::diff(const Unit& unit, const Judgement& after, Changes& changes) const {
    const auto add = [&](std::uint32_t what, const Held& now, const Held* was) {
        constexpr std::size_t k_few = 6;
        if (changes.empty()) changes.reserve(k_few);
        Change& change = changes.emplace_back();
        change.what = what;
        change.now = tell(now);
        if (was == nullptr) return;
        change.verdict_before = was->verdict;
        change.due_before = was->due;
    };
    const std::vector<Held>& old = unit.held;
    std::size_t i = 0;
    std::size_t j = 0;
    const auto skip = [&] {
        while (after.reach != nullptr && i < old.size() && (*after.reach)[old[i].duty] != k_again) ++i;
    };
    for (skip(); i < old.size() || j < after.held.size(); skip()) {
        if (j == after.held.size() || (i < old.size() && before(old[i], after.held[j]))) {
            add(k_gone, old[i], &old[i]);
            ++i;
            continue;
        }
        const Held& now = after.held[j++];
        if (i == old.size() || before(now, old[i])) {
            add(k_opened, now, nullptr);
            continue;
        }
        const Held& was = old[i++];
        std::uint32_t what = 0;
        if (was.verdict != now.verdict) what |= k_verdict;
        if (was.due != now.due) what |= k_due;
        if (was.ended != now.ended || was.ending != now.ending) what |= k_ended;
        if (was.flags != now.flags) what |= k_flags;
        if (was.owner != now.owner) what |= k_owner;
        if (was.reason != now.reason) what |= k_reason;
        if (what != 0) add(what, now, &was);
    }
}

Changes Monitor::Impl::changes_of(const std::vector<Step>& steps) const {
    Changes changes;
    for (const auto& [unit, judgement] : steps) diff(*unit, judgement, changes);
    return changes;
}

// So that apply() cannot fail.
void Monitor::Impl::make_room(const std::vector<Step>& steps) {
    for (const auto& [unit, judgement] : steps) {
        const std::size_t most = unit->held.size() + judgement.held.size();
        if (judgement.reach != nullptr && unit->held.capacity() < most) unit->held.reserve(with_room(most));
    }
}

void Monitor::Impl::apply(std::vector<Step>& steps) noexcept {
    for (auto& [unit, judgement] : steps) {
        const Timing& from = unit->timing;
        const Timing& to = judgement.timing;
        by_as_of_.move(from.as_of, to.as_of, unit->serial);
        by_known_at_.move(from.known_at, to.known_at, unit->serial);
        restless_.move(from.restless ? 0 : 1, to.restless ? 0 : 1, unit->serial);
        unit->timing = to;
        if (judgement.reach != nullptr) {
            splice(unit->held, judgement);
            continue;
        }
        unit->held = std::move(judgement.held);
        unit->judged_as_of = binding.as_of;
        unit->judged_known_at = binding.known_at;
    }
}

// ---- asking

std::vector<Obligation> Monitor::Impl::list(const Query& query) {
    std::vector<Obligation> out;
    const auto fits = [&](const Held& held) {
        const auto is = [&](StringId id, const std::optional<std::string>& wanted) {
            return !wanted || (id != k_no_string && work.strings.view(id) == *wanted);
        };
        if ((query.verdicts & (1U << static_cast<unsigned>(held.verdict))) == 0) return false;
        if (query.due_until &&
            (held.verdict != Verdict::pending || held.due == k_no_instant || held.due > *query.due_until))
            return false;
        return is(held.case_id, query.case_id) && is(held.key, query.person) && is(held.owner, query.owner);
    };
    const auto look = [&](Unit& unit) {
        const bool any = std::any_of(unit.held.begin(), unit.held.end(), fits);
        if (!any) return;
        if (unit.judged_as_of != binding.as_of || unit.judged_known_at != binding.known_at) {
            std::vector<Step> step;  // the seconds that open ones have lasted
            step.emplace_back(&unit, judge_unit(unit));
            apply(step);
        }
        for (const Held& held : unit.held) {
            if (fits(held)) out.push_back(tell(held));
        }
    };
    for (const auto& [serial, unit] : cases) {
        if (!query.case_id || work.strings.view(unit->store.id) == *query.case_id) look(*unit);
    }
    for (const auto& [serial, unit] : person_units_) look(*unit);
    return out;
}

std::optional<time::Instant> Monitor::Impl::next_due() const {
    time::Instant next = k_never;
    for (const auto& [serial, unit] : units_) next = std::min(next, unit->timing.next_due);
    return next == k_never ? std::nullopt : std::optional(next);
}

std::string Monitor::Impl::documents(const std::optional<std::string>& case_id) {
    std::set<std::uint64_t> wanted;
    if (case_id) {
        const CaseUnit& unit = need_case(*case_id);
        wanted.insert(unit.serial);
        for (const records::Person& person : unit.store.persons) {
            const PersonUnit* const held = find_person(person.id);
            if (held == nullptr) continue;
            for (const auto& [serial, other] : held->cases) wanted.insert(serial);
        }
    }
    std::string out;
    if (!work.services.empty()) {
        records::append_staff_json(out, work);
        out.push_back('\n');
    }
    for (const auto& [serial, unit] : cases) {
        if (case_id && !wanted.contains(serial)) continue;
        clear_cases(work);
        records::append_case_json(out, work, unit->store.lay_into(work));
        out.push_back('\n');
    }
    return out;
}

std::size_t Monitor::Impl::memory() const noexcept {
    std::size_t bytes = sizeof *this + work.memory() + nodes(cases) + nodes(by_id_) + nodes(persons_) +
                        nodes(units_) + nodes(person_units_) + 3 * nodes(by_as_of_.queue);
    for (const auto& [serial, unit] : units_) bytes += sizeof(Unit) + unit->held.capacity() * sizeof(Held);
    for (const auto& [serial, unit] : cases) bytes += unit->store.memory();
    return bytes;
}

}  // namespace duecare::monitor
