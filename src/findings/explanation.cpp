#include <array>

#include "base/text.hpp"
#include "findings/report.hpp"
#include "policy/program.hpp"

namespace duecare::findings {

using evaluate::End;
using evaluate::Finding;
using evaluate::k_no_event;
using evaluate::k_no_instant;
using evaluate::Result;
using evaluate::Verdict;

namespace {

constexpr std::array<std::string_view, 12> k_months{"January", "February", "March",     "April",   "May",      "June",
                                                    "July",    "August",   "September", "October", "November", "December"};

std::string count_of(std::int64_t count, std::string_view unit) {
    std::string text;
    append_integer(text, count);
    text += " " + std::string(unit);
    if (count != 1) text += "s";
    return text;
}

// The two largest units, as a person would say it.
std::string span_of(std::int64_t seconds) {
    static constexpr std::pair<std::int64_t, std::string_view> k_units[] = {{86'400, "day"}, {3'600, "hour"}, {60, "minute"}, {1, "second"}};
    for (std::size_t i = 0; i < 4; ++i) {
        const auto& [size, name] = k_units[i];
        if (seconds < size) continue;
        std::string text = count_of(seconds / size, name);
        if (i + 1 < 4) {
            const std::int64_t rest = (seconds % size) / k_units[i + 1].first;
            if (rest > 0 && seconds / size < 14) text += " " + count_of(rest, k_units[i + 1].second);
        }
        return text;
    }
    return "less than a second";
}

class Sentence {
  public:
    Sentence(const Result& result, std::size_t index)
        : result_(result),
          finding_(result.findings[index]),
          program_(result.policy->program()),
          duty_(program_.duties[finding_.duty]),
          zone_(program_.reckoning.zone) {}

    std::string text() {
        if (!duty_.explain.empty()) return filled();
        out_ = duty_.title;
        if (finding_.key.data() != nullptr) out_ += " (" + std::string(finding_.key) + ")";
        out_ += ": ";
        if (finding_.verdict == Verdict::unassessable) {
            unassessable();
        } else if (duty_.shape == policy::Shape::precede || duty_.shape == policy::Shape::check) {
            at_trigger();
        } else {
            over_time();
        }
        flags();
        return out_;
    }

  private:
    // "3 March 2022, 09:15"; an end of day is shown as the day.
    std::string when(time::Instant instant) const {
        const std::int64_t local = zone_.to_local(instant);
        const time::Day day = zone_.local_day(instant);
        const time::CivilDate date = time::civil_of(day);
        std::string text;
        append_integer(text, date.day);
        text += " " + std::string(k_months[static_cast<std::size_t>(date.month - 1)]) + " ";
        append_integer(text, date.year);
        if (instant == zone_.end_of_day(day)) return "the end of " + text;
        std::int64_t minute = local / time::k_micros_per_minute - std::int64_t{day} * 1440;
        if (minute < 0) minute += 1440;
        text += ", ";
        for (const std::int64_t part : {minute / 60 % 24, minute % 60}) {
            if (text.back() != ' ') text += ':';
            if (part < 10) text += '0';
            append_integer(text, part);
        }
        return text;
    }

    std::string type_of(std::uint32_t event) const {
        return std::string(result_.caseload->strings.view(result_.caseload->event_type[event]));
    }
    // "review.supervisor (e4)"
    std::string event(std::uint32_t index) const {
        return type_of(index) + " (" + event_name(result_, finding_.case_index, index) + ")";
    }
    // "on 3 March 2022, 09:15", or only the day where the record has only that.
    std::string on(std::uint32_t index) const {
        const time::Stamp stamp = result_.caseload->occurred(index);
        if (stamp.precision != time::Precision::day) {
            return "on " + when(stamp.precision == time::Precision::exact ? stamp.micros : zone_.to_instant(stamp.micros));
        }
        const std::string text = when(zone_.to_instant(stamp.micros));
        return "on " + text.substr(0, text.find(','));
    }
    // By whom and at what rank, as far as the event itself or the register says.
    std::string by(std::uint32_t index) const {
        const records::Caseload& caseload = *result_.caseload;
        if (caseload.event_actor[index] == records::k_no_actor) return {};
        const records::Actor& actor = caseload.actors[caseload.event_actor[index]];
        records::StringId rank = actor.rank;
        if (rank == records::k_no_string && actor.id != records::k_no_string) {
            const time::Stamp stamp = caseload.occurred(index);
            const time::Instant at = stamp.precision == time::Precision::exact ? stamp.micros : zone_.to_instant(stamp.micros);
            const records::Service* const service = caseload.service(actor.id, zone_.local_day(at));
            if (service != nullptr) rank = service->rank;
        }
        std::string text;
        if (rank != records::k_no_string) text += " " + std::string(caseload.strings.view(rank));
        if (actor.id != records::k_no_string) text += " " + std::string(caseload.strings.view(actor.id));
        return text.empty() ? text : " by" + text;
    }

    std::string wanted() const {
        std::string text;
        const auto add = [&](const std::string& name) { text += (text.empty() ? "" : " or ") + name; };
        for (const std::string& type : duty_.require.selector.types) add(type);
        for (const std::string& prefix : duty_.require.selector.prefixes) add(prefix + "*");
        return text;
    }

    void over_time() {
        const bool limit = duty_.shape == policy::Shape::last;
        out_ += (limit ? "this began with " : finding_.trigger_event == k_no_event ? "" : "after ") + event(finding_.trigger_event) + " " +
                on(finding_.trigger_event) + by(finding_.trigger_event);
        const std::string need = limit ? "it had to end" : wanted() + " was due";
        const bool practicable = finding_.due_at == k_no_instant;
        out_ += ", " + need + (practicable ? " as soon as practicable" : " by " + when(finding_.due_at));
        switch (finding_.verdict) {
            case Verdict::met: out_ += limit ? "; it ended in time " + on(finding_.ending_event) : "; " + came() + ", in time"; break;
            case Verdict::late: out_ += (limit ? "; it ended " + on(finding_.ending_event) : "; " + came()) + ", " + span_of(finding_.overdue_seconds) + " too late"; break;
            case Verdict::missed: missed(limit); break;
            case Verdict::pending:
                out_ += limit ? "; it still goes on" : "; it has not happened yet";
                if (!practicable) out_ += ", and " + span_of((finding_.due_at - result_.as_of) / time::k_micros_per_second) + " are left";
                break;
            case Verdict::excused: out_ += "; excused by " + event(finding_.ending_event) + " " + on(finding_.ending_event); break;
            case Verdict::lapsed: out_ += "; no longer due since " + event(finding_.ending_event) + " " + on(finding_.ending_event); break;
            case Verdict::unassessable: break;
        }
        if (finding_.missed_periods > 1) out_ += "; " + count_of(finding_.missed_periods, "period") + " were left out";
        out_ += ".";
    }

    std::string came() const { return event(finding_.ending_event) + " came " + on(finding_.ending_event) + by(finding_.ending_event); }

    void missed(bool limit) {
        const std::string until = finding_.due_at == k_no_instant ? "" : ", " + span_of(finding_.overdue_seconds) + " after it was due";
        if (finding_.end == End::nothing) {
            out_ += limit ? "; it still goes on" + until : "; nothing of the kind is on record" + until;
        } else {
            out_ += "; it was not done before " + event(finding_.ending_event) + " " + on(finding_.ending_event) + until;
        }
    }

    void at_trigger() {
        out_ += event(finding_.trigger_event) + " " + on(finding_.trigger_event) + by(finding_.trigger_event);
        const bool precede = duty_.shape == policy::Shape::precede;
        switch (finding_.verdict) {
            case Verdict::met:
                out_ += precede ? " was preceded, as it had to be, by " + event(finding_.ending_event) + " " + on(finding_.ending_event)
                                : " satisfies what its record must say";
                break;
            case Verdict::missed:
                out_ += precede ? " was not preceded by " + wanted() + before() : " does not satisfy what must hold";
                break;
            default: out_ += " is excused by its own record"; break;
        }
        out_ += ".";
    }
    std::string before() const {
        const policy::DurationRule& rule = program_.duration(duty_.look_back);
        return rule.kind == policy::DurationRule::Kind::ever ? " at any time before" : " in the " + rule.text + " before";
    }

    void unassessable() {
        out_ += "cannot be assessed for " + event(finding_.trigger_event) + " " + on(finding_.trigger_event) + ", because ";
        const std::string_view reason = finding_.reason;
        const std::size_t colon = reason.find(": ");
        const std::string kind(reason.substr(0, colon));
        const std::string what(colon == std::string_view::npos ? "" : reason.substr(colon + 2));
        const std::string subject = finding_.uncertain_event == k_no_event ? "the record" : event(finding_.uncertain_event) + " " + on(finding_.uncertain_event);
        if (kind == "missing_value") {
            out_ += subject + " does not say \"" + what + "\"";
        } else if (kind == "unknown_rank") {
            out_ += subject + " names the rank \"" + what + "\", which the policy does not list";
        } else if (kind == "calendar_uncovered") {
            out_ += "the calendar \"" + what + "\" does not cover the dates that have to be counted";
        } else {
            out_ += subject + " holds a value of the wrong kind for \"" + what + "\"";
        }
        if (finding_.uncertain_event != k_no_event) out_ += ", and it may have been what was due";
        out_ += ".";
    }

    void flags() {
        static constexpr std::string_view k_said[] = {
            " A reason for the delay is on record.", " It falls due soon.",
            " Some times are known only by the day, and the strictest reading gives another verdict.",
            " It was entered in the record later than allowed.",
            " It was entered only after it was due, so nobody could have seen it in time."};
        for (std::size_t bit = 0; bit < std::size(k_said); ++bit) {
            if ((finding_.flags & (1U << bit)) != 0) out_ += k_said[bit];
        }
    }

    // The duty's own sentence, with the finding's fields in place of {…}.
    std::string filled() const {
        std::string text;
        std::size_t at = 0;
        while (at < duty_.explain.size()) {
            const std::size_t open = duty_.explain.find('{', at);
            const std::size_t close = open == std::string::npos ? open : duty_.explain.find('}', open);
            if (close == std::string::npos) break;
            text.append(duty_.explain, at, open - at);
            text += field(std::string_view(duty_.explain).substr(open + 1, close - open - 1));
            at = close + 1;
        }
        return text.append(duty_.explain, at, std::string::npos);
    }

    std::string field(std::string_view name) const {
        const auto instant = [&](time::Instant at) { return at == k_no_instant ? std::string("–") : when(at); };
        const auto maybe = [](std::string_view text) { return text.data() == nullptr ? std::string("–") : std::string(text); };
        const auto id = [&](std::uint32_t e) { return e == k_no_event ? std::string("–") : event_name(result_, finding_.case_index, e); };
        const auto number = [](std::int64_t n) {
            std::string text;
            append_integer(text, n);
            return text;
        };
        const records::Caseload& caseload = *result_.caseload;
        if (name == "case_id") return std::string(caseload.strings.view(caseload.cases[finding_.case_index].id));
        if (name == "duty_id") return duty_.id;
        if (name == "key") return maybe(finding_.key);
        if (name == "verdict") return std::string(evaluate::k_verdict_names[static_cast<std::size_t>(finding_.verdict)]);
        if (name == "opened_at") return instant(finding_.opened_at);
        if (name == "due_at") return instant(finding_.due_at);
        if (name == "ended_at") return instant(finding_.ended_at);
        if (name == "overdue_seconds") return number(finding_.overdue_seconds);
        if (name == "elapsed_seconds") return number(finding_.elapsed_seconds);
        if (name == "missed_periods") return number(finding_.missed_periods);
        if (name == "trigger_event") return id(finding_.trigger_event);
        if (name == "ending_event") return id(finding_.ending_event);
        if (name == "reason") return maybe(finding_.reason);
        if (name == "owner") return maybe(finding_.owner);
        if (name == "area") return duty_.area;
        if (name == "severity") return std::string(policy::k_severity_names[static_cast<std::size_t>(duty_.severity)]);
        if (name == "title") return duty_.title;
        std::string list;
        if (name == "flags") {
            for (std::size_t bit = 0; bit < evaluate::k_flag_names.size(); ++bit) {
                if ((finding_.flags & (1U << bit)) != 0) list += (list.empty() ? "" : ", ") + std::string(evaluate::k_flag_names[bit]);
            }
        } else {  // evidence
            for (std::uint32_t i = 0; i < finding_.evidence_count; ++i) {
                list += (list.empty() ? "" : ", ") + id(result_.evidence[finding_.evidence_begin + i]);
            }
        }
        return list.empty() ? "–" : list;
    }

    const Result& result_;
    const Finding& finding_;
    const policy::Program& program_;
    const policy::Duty& duty_;
    const time::Zone& zone_;
    std::string out_;
};

}  // namespace

std::string explanation(const Result& result, std::size_t index) { return Sentence(result, index).text(); }

}  // namespace duecare::findings
