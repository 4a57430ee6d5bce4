// The plain sentence of a finding.
#include <algorithm>

#include "base/text.hpp"
#include "findings/report.hpp"
#include "findings/words.hpp"

namespace duecare::findings {

using evaluate::End;
using evaluate::Finding;
using evaluate::k_no_event;
using evaluate::k_no_instant;
using evaluate::Life;
using evaluate::Rejection;
using evaluate::Result;
using evaluate::Step;
using evaluate::StepKind;
using evaluate::Verdict;
using policy::Shape;

namespace {

constexpr std::size_t k_most_rejected = 2;  // that a sentence names

class Sentence {
  public:
    Sentence(const About& about, const Life* life)
        : about_(about),
          finding_(about.finding),
          life_(life),
          program_(about.program),
          duty_(about.program.duties[about.finding.duty]),
          caseload_(about.caseload),
          words_(about.program, about.caseload, about.finding.case_index) {}

    std::string text() {
        if (!duty_.explain.empty()) return filled();
        out_ = duty_.title;
        while (!out_.empty() && (out_.back() == ' ' || out_.back() == '.')) out_.pop_back();
        if (!out_.empty() && out_.front() >= 'a' && out_.front() <= 'z')
            out_.front() = static_cast<char>(out_.front() - 'a' + 'A');
        if (finding_.key.data() != nullptr) out_ += " (" + std::string(finding_.key) + ")";
        out_ += ": ";
        if (finding_.verdict == Verdict::unassessable) {
            unassessable();
        } else if (duty_.shape == Shape::precede || duty_.shape == Shape::check) {
            at_trigger();
        } else {
            over_time();
        }
        out_ += ".";
        flags();
        return std::move(out_);
    }

  private:
    // "review.supervisor (e4) on 3 March 2022, 09:15 by sergeant OF1"
    std::string told(std::uint32_t event) const {
        return words_.event(event) + " " + words_.on(event) + words_.by(event);
    }

    // What had to happen, and what it had to be like.
    std::string wanted() const {
        std::string text = words_.kinds(duty_.require.selector);
        if (life_ != nullptr && life_->need) text += " " + words_.needed(*life_->need);
        return text;
    }

    void over_time() {
        const bool limit = duty_.shape == Shape::last;
        const bool practicable = finding_.due_at == k_no_instant;
        out_ += (limit ? "this began with " : "after ") + told(finding_.trigger_event) + ", ";
        out_ += limit ? "and had to end" : wanted() + " was due";
        out_ += practicable ? " as soon as practicable" : " by " + words_.limit(finding_.due_at);
        const std::string overdue =
            practicable || finding_.overdue_seconds == 0 ? "" : span_of(finding_.overdue_seconds);
        switch (finding_.verdict) {
            case Verdict::met:
                out_ += limit ? "; it ended in time with " + told(finding_.ending_event)
                              : "; " + came() + ", in time";
                break;
            case Verdict::late:
                if (!limit) out_ += rejected(1);
                out_ += limit ? "; it ended with " + told(finding_.ending_event) : "; " + came();
                out_ += ", " + (overdue.empty() ? "less than a second" : overdue) + " too late";
                break;
            case Verdict::missed:
                missed(limit, overdue);
                break;
            case Verdict::pending:
                out_ += limit ? "; it still goes on" : "; it has not happened yet";
                if (!practicable)
                    out_ += ", with " +
                            span_of((finding_.due_at - about_.as_of) / time::k_micros_per_second) + " left";
                break;
            case Verdict::excused:
                out_ += "; excused by " + told(finding_.ending_event);
                break;
            case Verdict::lapsed:
                out_ += "; no longer due since " + told(finding_.ending_event);
                break;
            case Verdict::unassessable:
                break;
        }
        if (finding_.missed_periods > 1)
            out_ += ", and " + count_of(finding_.missed_periods, "period") + " went by without it";
    }

    std::string came() const {
        return words_.event(finding_.ending_event) + " came " + words_.on(finding_.ending_event) +
               words_.by(finding_.ending_event);
    }

    void missed(bool limit, const std::string& overdue) {
        const std::string others = limit ? "" : rejected(k_most_rejected);
        out_ += others;
        if (finding_.end != End::nothing) {
            out_ += "; it had not been done when " + came();
            if (!overdue.empty()) out_ += ", " + overdue + " after it was due";
            return;
        }
        out_ += limit            ? "; it still goes on"
                : others.empty() ? "; nothing of the kind is on record"
                                 : ", and nothing else of the kind is on record";
        if (!overdue.empty()) out_ += ", " + overdue + (limit ? " too long" : " after it was due");
    }

    void at_trigger() {
        out_ += told(finding_.trigger_event);
        const bool precede = duty_.shape == Shape::precede;
        switch (finding_.verdict) {
            case Verdict::met:
                out_ += precede ? " was preceded, as it had to be, by " + told(finding_.ending_event)
                                : " satisfies what must hold";
                break;
            case Verdict::missed:
                if (precede) {
                    out_ += " was not preceded by " + wanted() + before() + rejected(k_most_rejected);
                } else {
                    out_ += " does not satisfy what must hold";
                    if (life_ != nullptr && life_->need) out_ += ", because " + words_.fails(*life_->need);
                }
                break;
            default:
                out_ += " is excused by its own record";
                break;
        }
    }

    std::string before() const {
        const policy::DurationRule& rule = program_.duration(duty_.look_back);
        return rule.kind == policy::DurationRule::Kind::ever ? " at any time before"
                                                             : " in the " + rule.text + " before";
    }

    // Events of the right kind that do not count, each with its reason, in the order of the record.
    std::string rejected(std::size_t most) const {
        std::string text;
        if (life_ == nullptr) return text;
        std::size_t count = 0;
        for (const Step& step : life_->steps) {
            if (step.kind != StepKind::rejected || count == most) continue;
            if (duty_.shape != Shape::precede && step.why == Rejection::where &&
                finding_.due_at != k_no_instant && step.at > finding_.due_at)
                continue;
            if (finding_.verdict == Verdict::late && step.why == Rejection::other_key) continue;
            ++count;
            text += "; " + told(step.event) + " does not count, because " + why(step);
        }
        return text;
    }

    std::string why(const Step& step) const {
        const bool precede = duty_.shape == Shape::precede;
        switch (step.why) {
            case Rejection::where:
                return step.need ? words_.fails(*step.need) : "its record does not fit";
            case Rejection::too_early:
                return precede ? "it came too long before"
                               : "it came before " + words_.when(step.instant) + ", the earliest that counts";
            case Rejection::too_late:
                return precede ? "it came only afterwards" : "it came when the duty no longer bound";
            case Rejection::other_key:
                break;
        }
        return duty_.per == policy::Per::subject ? "it does not concern " + std::string(finding_.key)
                                                 : "it does not belong to " + std::string(finding_.key);
    }

    void unassessable() {
        out_ += "cannot be assessed for " + told(finding_.trigger_event) + ", because ";
        const bool uncertain = finding_.uncertain_event != k_no_event;
        out_ += Words::reason(finding_.reason, uncertain ? told(finding_.uncertain_event) : "the record");
        if (uncertain) out_ += ", and it may have been what was due";
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
        const auto instant = [&](time::Instant at) {
            return at == k_no_instant ? std::string("–") : words_.when(at);
        };
        const auto maybe = [](std::string_view text) {
            return text.data() == nullptr ? std::string("–") : std::string(text);
        };
        const auto id = [&](std::uint32_t e) {
            return e == k_no_event ? std::string("–") : event_name(caseload_, finding_.case_index, e);
        };
        const auto number = [](std::int64_t n) {
            std::string text;
            append_integer(text, n);
            return text;
        };
        const records::Caseload& caseload = caseload_;
        if (name == "case_id")
            return std::string(caseload.strings.view(caseload.cases[finding_.case_index].id));
        if (name == "duty_id") return duty_.id;
        if (name == "key") return maybe(finding_.key);
        if (name == "verdict")
            return std::string(evaluate::k_verdict_names[static_cast<std::size_t>(finding_.verdict)]);
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
        if (name == "severity")
            return std::string(policy::k_severity_names[static_cast<std::size_t>(duty_.severity)]);
        if (name == "title") return duty_.title;
        std::string list;
        if (name == "flags") {
            for (std::size_t bit = 0; bit < evaluate::k_flag_names.size(); ++bit) {
                if ((finding_.flags & (1U << bit)) != 0)
                    list += (list.empty() ? "" : ", ") + std::string(evaluate::k_flag_names[bit]);
            }
        } else {  // evidence
            for (const std::uint32_t e : about_.evidence) list += (list.empty() ? "" : ", ") + id(e);
        }
        return list.empty() ? "–" : list;
    }

    const About& about_;
    const Finding& finding_;
    const Life* life_;
    const policy::Program& program_;
    const policy::Duty& duty_;
    const records::Caseload& caseload_;
    const Words words_;
    std::string out_;
};

// Whether the sentence can say more than the finding does.
bool needs_life(const policy::Duty& duty, const Finding& finding) {
    if (!duty.explain.empty()) return false;
    if (finding.verdict == Verdict::unassessable || finding.verdict == Verdict::excused ||
        finding.verdict == Verdict::lapsed)
        return false;
    if (duty.shape == Shape::last || finding.verdict == Verdict::met) return false;
    if (duty.shape == Shape::check) return finding.verdict == Verdict::missed;
    return duty.shape == Shape::precede || duty.require.where != policy::k_no_expression ||
           duty.not_before != 0 || duty.per != policy::Per::whole_case || duty.until.given() ||
           duty.excused_by.given();
}

}  // namespace

std::string Explainer::sentence(std::size_t index) {
    const Finding& finding = result_.findings[index];
    const Life* life = nullptr;
    if (needs_life(result_.policy->program().duties[finding.duty], finding)) {
        if (replay_ == nullptr) replay_ = std::make_unique<evaluate::Replay>(result_.binding);
        life = replay_->find(finding);
    }
    return explanation(about(result_, index), life);
}

std::string explanation(const Result& result, std::size_t index) {
    return Explainer(result).sentence(index);
}

std::string explanation(const About& about, const Life* life) {
    return Sentence(about, life).text();
}

}  // namespace duecare::findings
