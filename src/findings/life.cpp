#include "findings/life.hpp"

#include "base/text.hpp"

namespace duecare::findings {

using evaluate::Explained;
using evaluate::k_no_event;
using evaluate::k_no_instant;
using evaluate::Life;
using evaluate::Rejection;
using evaluate::Step;
using evaluate::StepKind;
using evaluate::Verdict;
using policy::DurationRule;
using policy::Shape;

namespace {

std::string verdict_name(Verdict verdict) {
    return std::string(evaluate::k_verdict_names[static_cast<std::size_t>(verdict)]);
}

// Tells the steps of one obligation.
class Teller {
  public:
    Teller(const About& about, const Life& life)
        : about_(about),
          life_(life),
          duty_(about.program.duties[about.finding.duty]),
          words_(about.program, about.caseload, about.finding.case_index) {}

    std::string text(const Step& step) const {
        const std::string body = this->body(step);
        if (step.kind == StepKind::due || step.kind == StepKind::flagged || step.kind == StepKind::judged)
            return body + ".";
        const std::string at = step.event != k_no_event && step.kind != StepKind::retimed
                                   ? words_.on(step.event).substr(3)
                                   : words_.when(step.at);
        return at + ": " + body + ".";
    }

  private:
    std::string event(const Step& step) const { return words_.event(step.event) + words_.by(step.event); }

    // "72 hours, because "risk" is "high""
    std::string duration(const Step& step) const {
        const DurationRule& leaf = about_.program.duration(step.duration);
        std::string text =
            leaf.kind == DurationRule::Kind::at ? "a time that the record itself sets" : leaf.text;
        const DurationRule& rule = about_.program.duration(step.rule);
        if (rule.kind != DurationRule::Kind::choose) return text;
        const std::string what = words_.expression(about_.program.expressions[rule.expression].root);
        if (!step.chosen.known()) return text + ", because it is not known what " + what + " is";
        return text + ", because " + what + " is " +
               (step.chosen.text.size() > 40 ? "something else" : "\"" + step.chosen.text + "\"");
    }

    std::string due(const Step& step) const {
        if (!step.reason.empty())
            return "when it is due cannot be told, because " + Words::reason(step.reason, "the record");
        if (step.instant == k_no_instant) return "due as soon as practicable";
        return "due by " + words_.limit(step.instant) + ": " + duration(step);
    }

    std::string rejected(const Step& step) const {
        const bool precede = duty_.shape == Shape::precede;
        std::string text = event(step) + " does not count, because ";
        switch (step.why) {
            case Rejection::where:
                return text + (step.need ? words_.fails(*step.need) : "its record does not fit");
            case Rejection::too_early:
                return text + "it came before " + words_.when(step.instant) + ", the earliest that counts";
            case Rejection::too_late:
                return text + (precede ? "it came only afterwards" : "it came when the duty no longer bound");
            case Rejection::other_key:
                break;
        }
        return text +
               (duty_.per == policy::Per::subject ? "it does not concern " : "it does not belong to ") +
               std::string(about_.finding.key);
    }

    std::string flagged(const Step& step) const {
        switch (step.flag) {
            case evaluate::k_flag_accounted:
                return "a reason for the delay is on record";
            case evaluate::k_flag_due_soon:
                return "it falls due soon";
            case evaluate::k_flag_imprecise:
                return "some times are known only by the day; the strictest reading of them gives " +
                       verdict_name(step.verdict);
            case evaluate::k_flag_recorded_late:
                return words_.event(step.event) + " was recorded on " + words_.when(step.at) +
                       ", and had to be by " + words_.limit(step.instant);
            default:
                return words_.event(step.event) + " was recorded only on " + words_.when(step.at) +
                       ", after " + words_.limit(step.instant) + ", so nobody could have seen it in time";
        }
    }

    std::string body(const Step& step) const {
        switch (step.kind) {
            case StepKind::opened:
                return "opened by " + event(step);
            case StepKind::due:
                return due(step);
            case StepKind::paused:
                return "the clock stood still until " + words_.when(step.instant);
            case StepKind::retimed: {
                if (!step.reason.empty() || step.instant == k_no_instant) return due(step);
                const std::string before =
                    step.before == k_no_instant ? "" : " instead of " + words_.limit(step.before);
                return "due by " + words_.limit(step.instant) + before + " from here on: " + duration(step);
            }
            case StepKind::uncertain:
                return event(step) + " may have been what was due; " + Words::reason(step.reason, "it");
            case StepKind::rejected:
                return rejected(step);
            case StepKind::response:
                return "answered by " + event(step);
            case StepKind::excuse:
                return "excused by " + event(step);
            case StepKind::until:
                return std::string(duty_.shape == Shape::last ? "ended with " : "no longer binding after ") +
                       event(step);
            case StepKind::flagged:
                return flagged(step);
            case StepKind::judged:
                break;
        }
        std::string text = "verdict: " + verdict_name(step.verdict);
        if (about_.finding.overdue_seconds > 0)
            text += ", " + span_of(about_.finding.overdue_seconds) + " over";
        if (duty_.shape == Shape::check && life_.need) text += ", because " + words_.fails(*life_.need);
        return text;
    }

    const About& about_;
    const Life& life_;
    const policy::Duty& duty_;
    const Words words_;
};

std::string capital(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

About about(const Explained& explained, const Life& life) {
    const evaluate::Binding& binding = explained.replay->binding();
    return {binding.program, binding.caseload, binding.as_of, life.finding, life.evidence};
}

// One object, key after key.
class Object {
  public:
    explicit Object(std::string& out) : out_(out) { out_.push_back('{'); }
    void text(std::string_view key, std::string_view value) {
        name(key);
        append_json_string(out_, value);
    }
    void text_or_leave_out(std::string_view key, std::string_view value) {
        if (!value.empty()) text(key, value);
    }
    void instant(std::string_view key, time::Instant value) {
        if (value == k_no_instant) return;
        name(key);
        out_.push_back('"');
        time::append_instant(out_, value);
        out_.push_back('"');
    }
    void name(std::string_view key) {
        if (out_.back() != '{') out_.push_back(',');
        append_json_string(out_, key);
        out_.push_back(':');
    }
    void end() { out_.push_back('}'); }

  private:
    std::string& out_;
};

template <typename Items, typename Write>
void append_list(std::string& out, const Items& items, Write write) {
    out.push_back('[');
    bool first = true;
    for (const auto& item : items) {
        if (!first) out.push_back(',');
        first = false;
        write(item);
    }
    out.push_back(']');
}

void append_step(std::string& out, const About& about, const Life& life, const Step& step) {
    Object object(out);
    object.text("kind", evaluate::k_step_names[static_cast<std::size_t>(step.kind)]);
    if (step.event != k_no_event)
        object.text("event", event_name(about.caseload, about.finding.case_index, step.event));
    object.instant("at", step.at);
    const bool due = step.kind == StepKind::due || step.kind == StepKind::retimed;
    object.instant(due ? "due_at" : step.kind == StepKind::paused ? "until" : "limit", step.instant);
    object.instant("due_before", step.before);
    if (due) {
        object.text_or_leave_out("duration", about.program.duration(step.duration).text);
        if (step.chosen.known()) object.text("chosen", step.chosen.text);
    }
    if (step.kind == StepKind::rejected)
        object.text("why", evaluate::k_rejection_names[static_cast<std::size_t>(step.why)]);
    if (step.kind == StepKind::flagged) {
        for (std::size_t bit = 0; bit < evaluate::k_flag_names.size(); ++bit) {
            if (step.flag == (1U << bit)) object.text("flag", evaluate::k_flag_names[bit]);
        }
    }
    const bool imprecise = step.kind == StepKind::flagged && step.flag == evaluate::k_flag_imprecise;
    if (step.kind == StepKind::judged || imprecise) object.text("verdict", verdict_name(step.verdict));
    object.text_or_leave_out("reason", step.reason);
    object.text("text", step_text(about, life, step));
    object.end();
}

void append_change(std::string& out, const About& about, const Change& change) {
    Object object(out);
    object.text("kind", k_change_names[static_cast<std::size_t>(change.kind)]);
    if (change.event != k_no_event)
        object.text("event", event_name(about.caseload, about.finding.case_index, change.event));
    if (change.types != nullptr) {
        std::vector<std::string> types = change.types->types;
        for (const std::string& prefix : change.types->prefixes) types.push_back(prefix + "*");
        object.name("types");
        append_list(out, types, [&](const std::string& type) { append_json_string(out, type); });
    }
    object.instant("from", change.from);
    object.instant("until", change.until);
    if (change.earlier_by != 0) {
        object.name("earlier_by_seconds");
        append_integer(out, change.earlier_by);
    }
    object.name("needs");
    append_list(out, change.needs, [&](const Setting& setting) {
        Object need(out);
        need.text("path", setting.path);
        need.text("relation", setting.relation);
        if (!setting.value.empty()) {
            need.name("value");
            out += setting.value;
        }
        need.end();
    });
    object.text("text", change.text);
    object.end();
}

}  // namespace

std::string step_text(const About& about, const Life& life, const Step& step) {
    return capital(Teller(about, life).text(step));
}

void append_life_text(std::string& out, const Explained& explained) {
    const evaluate::Binding& binding = explained.replay->binding();
    const policy::Duty& duty = binding.program.duties[explained.duty];
    const Words words(binding.program, binding.caseload, explained.case_index);
    out += "# " + duty.title + "\n\nCase " +
           std::string(binding.caseload.strings.view(binding.caseload.cases[explained.case_index].id)) +
           ", duty " + duty.id + ", as of " + words.when(binding.as_of);
    if (binding.known_at != binding.as_of) out += ", as known at " + words.when(binding.known_at);
    out += ".\n";
    if (explained.lives.empty()) out += "\nNothing in this case calls for it.\n";
    for (const Life& life : explained.lives) {
        const About here = about(explained, life);
        const std::string key =
            life.finding.key.data() == nullptr ? "" : ", " + std::string(life.finding.key);
        out += "\n## " + capital(verdict_name(life.finding.verdict)) + key + ", opened on " +
               words.when(life.finding.opened_at) + "\n\n";
        out += explanation(here, &life) + "\n\n";
        for (const Step& step : life.steps) out += "- " + step_text(here, life, step) + "\n";
        const std::vector<Change> changes = nearest(here, life);
        if (!changes.empty()) out += "\nWhat would have been enough, the smallest change first:\n\n";
        for (const Change& change : changes) out += "- " + change.text + "\n";
    }
}

void append_life_json(std::string& out, const Explained& explained) {
    const evaluate::Binding& binding = explained.replay->binding();
    const policy::Duty& duty = binding.program.duties[explained.duty];
    Object object(out);
    object.text("case_id", binding.caseload.strings.view(binding.caseload.cases[explained.case_index].id));
    object.text("duty_id", duty.id);
    object.text("title", duty.title);
    object.instant("as_of", binding.as_of);
    object.instant("known_at", binding.known_at);
    object.name("obligations");
    append_list(out, explained.lives, [&](const Life& life) {
        const About here = about(explained, life);
        Object obligation(out);
        obligation.name("finding");
        append_json(out, here, explanation(here, &life));
        obligation.name("steps");
        append_list(out, life.steps, [&](const Step& step) { append_step(out, here, life, step); });
        obligation.name("nearest");
        append_list(out, nearest(here, life),
                    [&](const Change& change) { append_change(out, here, change); });
        obligation.end();
    });
    object.end();
}

}  // namespace duecare::findings
