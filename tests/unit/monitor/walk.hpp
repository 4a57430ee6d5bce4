// Walks a caseload through a monitor in a random order, with corrections before what they correct, steps of
// the clock, restarts and requests in between, and holds it against the audit of the same events.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "evaluate/audit.hpp"
#include "evaluate/binding.hpp"
#include "monitor/monitor.hpp"
#include "records/reader.hpp"
#include "records/writer.hpp"

namespace duecare::monitor::test {

namespace json = boost::json;

inline std::shared_ptr<const records::Caseload> read_caseload(const std::string& text,
                                                              bool open_corrections = false) {
    auto caseload = std::make_shared<records::Caseload>();
    records::ReaderOptions options;
    options.open_corrections = open_corrections;
    records::Reader reader(*caseload, options);
    reader.begin("caseload");
    reader.push(text);
    reader.finish();
    return caseload;
}

using Identity = std::tuple<std::string, std::uint32_t, std::string, time::Instant, std::string>;

inline std::string or_null(const std::optional<std::string>& text) {
    return text ? "'" + *text + "'" : "null";
}
inline Identity identity(const Obligation& o) {
    return {o.case_id, o.duty, or_null(o.key), o.opened_at, or_null(o.trigger_event)};
}
/// What a change tells of.
inline std::string told(const Obligation& o) {
    return std::string(evaluate::k_verdict_names[static_cast<std::size_t>(o.verdict)]) + " due " +
           std::to_string(o.due_at) + " ended " + std::to_string(o.ended_at) + " by " +
           or_null(o.ending_event) + " flags " + std::to_string(o.flags) + " owner " + or_null(o.owner) +
           " reason " + or_null(o.reason);
}
inline std::string shown(const Obligation& o) {
    return o.case_id + " " + std::to_string(o.duty) + " " + or_null(o.key) + " " +
           std::to_string(o.opened_at) + " " + or_null(o.trigger_event) + ": " + told(o) + " overdue " +
           std::to_string(o.overdue_seconds) + " elapsed " + std::to_string(o.elapsed_seconds) + " periods " +
           std::to_string(o.missed_periods);
}

/// The findings of an audit, each as shown() writes it, sorted.
inline std::vector<std::string> audited(const std::shared_ptr<const policy::Policy>& policy,
                                        const std::shared_ptr<const records::Caseload>& caseload,
                                        time::Instant as_of, time::Instant known_at) {
    evaluate::Options options;
    options.as_of = as_of;
    options.known_at = known_at;
    options.verdicts = evaluate::k_all_verdicts;
    const evaluate::Result result = evaluate::audit(policy, caseload, options);
    std::vector<std::string> out;
    for (const evaluate::Finding& f : result.findings) {
        const auto text = [](std::string_view view) {
            return view.data() == nullptr ? std::nullopt : std::optional<std::string>(view);
        };
        const auto event = [&](std::uint32_t index) -> std::optional<std::string> {
            if (index == evaluate::k_no_event) return std::nullopt;
            std::string name(caseload->strings.view(caseload->event_id[index]));
            for (std::uint32_t c = 0; c < caseload->cases.size(); ++c) {
                const records::Range own = caseload->cases[c].events;
                if (index >= own.begin && index < own.end && c != f.case_index)
                    name = std::string(caseload->strings.view(caseload->cases[c].id)) + "/" + name;
            }
            return name;
        };
        Obligation o;
        o.case_id = std::string(caseload->strings.view(caseload->cases[f.case_index].id));
        o.duty = f.duty;
        o.verdict = f.verdict;
        o.flags = f.flags;
        o.missed_periods = f.missed_periods;
        o.opened_at = f.opened_at;
        o.due_at = f.due_at;
        o.ended_at = f.ended_at;
        o.overdue_seconds = f.overdue_seconds;
        o.elapsed_seconds = f.elapsed_seconds;
        o.key = text(f.key);
        o.trigger_event = event(f.trigger_event);
        o.ending_event = event(f.ending_event);
        o.reason = text(f.reason);
        o.owner = text(f.owner);
        out.push_back(shown(o));
    }
    std::sort(out.begin(), out.end());
    return out;
}

/// The same of a monitor.
inline std::vector<std::string> listed(Monitor& monitor) {
    std::vector<std::string> out;
    for (const Obligation& o : monitor.list({})) out.push_back(shown(o));
    std::sort(out.begin(), out.end());
    return out;
}

/// What a host knows that listens to changes alone.
class Mirror {
  public:
    void take(const Changes& changes) {
        for (const Change& change : changes) {
            std::vector<std::string>& of = known_[identity(change.now)];
            if ((change.what & k_opened) != 0) {
                of.push_back(told(change.now));
            } else if (of.empty()) {
                ADD_FAILURE() << "a change of what was never opened: " << shown(change.now);
            } else if ((change.what & k_gone) != 0) {
                // Two may share an identity (evaluation.md): then they are told apart by what they say.
                const auto at = std::find(of.begin(), of.end(), told(change.now));
                of.erase(at == of.end() ? of.begin() : at);
                if (of.empty()) known_.erase(identity(change.now));
            } else if (of.size() == 1) {
                of.front() = told(change.now);
            } else {
                shared_ = true;
            }
        }
    }
    void expect(Monitor& monitor) const {
        if (shared_) return;
        std::map<Identity, std::vector<std::string>> now;
        for (const Obligation& o : monitor.list({})) now[identity(o)].push_back(told(o));
        const auto sorted = [](std::map<Identity, std::vector<std::string>> map) {
            for (auto& [id, of] : map) std::sort(of.begin(), of.end());
            return map;
        };
        EXPECT_TRUE(sorted(now) == sorted(known_)) << difference(sorted(now), sorted(known_));
    }

  private:
    using Map = std::map<Identity, std::vector<std::string>>;
    static std::string difference(const Map& now, const Map& known) {
        std::string out;
        for (const auto& [id, of] : now) {
            const auto at = known.find(id);
            if (at != known.end() && at->second == of) continue;
            out += std::get<0>(id) + " duty " + std::to_string(std::get<1>(id)) + " " + std::get<2>(id) +
                   " " + std::get<4>(id) + "\n  is   " + of.front() + "\n  told " +
                   (at == known.end() ? "nothing" : at->second.front()) + "\n";
        }
        for (const auto& [id, of] : known) {
            if (!now.contains(id)) out += std::get<0>(id) + " is gone, told " + of.front() + "\n";
        }
        return out.substr(0, 2000);
    }
    std::map<Identity, std::vector<std::string>> known_;
    bool shared_ = false;
};

struct Walk {
    std::shared_ptr<const policy::Policy> policy;
    std::shared_ptr<const records::Caseload> caseload;
    time::Instant as_of = 0;
    time::Instant known_at = 0;
    bool in_order = false;  // most events come after all that happened before
};

/// All events of all cases, shuffled or nearly in order; the cases' heads come before.
inline void walk(const Walk& given, std::mt19937& random, bool restart) {
    const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    struct Pushed {
        std::string id;
        std::string event;
        time::Instant when;
    };
    std::vector<Pushed> events;
    std::vector<std::string> heads;
    for (std::uint32_t c = 0; c < given.caseload->cases.size(); ++c) {
        std::string text;
        records::append_case_json(text, *given.caseload, c);
        json::object document = json::parse(text).as_object();
        const std::string id(document.at("id").as_string());
        json::array kept;
        std::uint32_t at = given.caseload->cases[c].events.begin;
        for (const json::value& event : document.at("events").as_array()) {
            const time::Instant when = given.caseload->event_occurred[at++];
            if (pick(8) == 0 && !event.as_object().contains("replaces")) {
                kept.push_back(event);
            } else {
                events.push_back({id, json::serialize(event), when});
            }
        }
        document["events"] = kept;
        heads.push_back(json::serialize(document));
    }
    std::shuffle(events.begin(), events.end(), random);
    if (given.in_order) {
        std::stable_sort(events.begin(), events.end(),
                         [](const Pushed& a, const Pushed& b) { return a.when < b.when; });
        for (std::size_t e = 1; e < events.size(); ++e) {
            if (pick(12) == 0) std::swap(events[e - 1], events[e]);
        }
    }
    std::vector<time::Instant> stops{given.as_of};
    for (std::size_t e = 0; e < given.caseload->event_count(); ++e)
        stops.push_back(given.caseload->event_occurred[e] + static_cast<time::Instant>(pick(3)) - 1);
    Monitor monitor(given.policy, {stops[pick(stops.size())], given.known_at});
    Mirror mirror;
    if (!given.caseload->services.empty()) {
        std::string staff;
        records::append_staff_json(staff, *given.caseload);
        mirror.take(monitor.push_document(staff));
    }
    for (const std::string& head : heads) mirror.take(monitor.push_document(head));
    const auto shake = [&] {
        if (pick(3) == 0) {
            time::Instant as_of =
                stops[pick(stops.size())] + static_cast<time::Instant>(pick(30)) * 86'400'000'000;
            const time::Instant known_at = pick(2) == 0 ? as_of : given.known_at;
            if (pick(4) != 0) as_of = std::max(as_of, monitor.as_of());
            mirror.take(
                monitor.set_clock(as_of, std::max(known_at, pick(4) == 0 ? known_at : monitor.known_at())));
        }
        if (restart && pick(6) == 0) monitor = Monitor::restore(given.policy, monitor.snapshot());
    };
    for (const auto& [id, event, when] : events) {
        mirror.take(monitor.push_event(id, event));
        shake();
        if (pick(given.in_order ? 3 : 10) != 0) continue;
        mirror.expect(monitor);
        const auto so_far = read_caseload(monitor.documents(), true);
        ASSERT_EQ(listed(monitor), audited(given.policy, so_far, monitor.as_of(), monitor.known_at()));
    }
    for (int i = 0; i < 4; ++i) {
        mirror.take(monitor.set_clock(
            stops[pick(stops.size())] + static_cast<time::Instant>(pick(60)) * 86'400'000'000,
            given.known_at));
        mirror.expect(monitor);
    }
    mirror.take(monitor.set_clock(given.as_of, given.known_at));
    mirror.expect(monitor);
    EXPECT_EQ(listed(monitor), audited(given.policy, given.caseload, given.as_of, given.known_at));
    EXPECT_EQ(monitor.event_count(), given.caseload->event_count());
}

}  // namespace duecare::monitor::test
