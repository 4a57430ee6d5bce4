// The nearest thing that would have made an obligation met: computed from what was judged, not guessed.
#include <algorithm>

#include "base/text.hpp"
#include "findings/life.hpp"

namespace duecare::findings {

using evaluate::k_no_event;
using evaluate::k_no_instant;
using evaluate::Life;
using evaluate::Need;
using evaluate::Rejection;
using evaluate::Seen;
using evaluate::Step;
using evaluate::StepKind;
using evaluate::Verdict;
using policy::Node;
using policy::Op;
using policy::Shape;
using Kind = policy::Val::Kind;

namespace {

std::string json_of(const Seen& seen) {
    std::string out;
    switch (seen.kind) {
        case Kind::text:
            append_json_string(out, seen.text);
            return out;
        case Kind::list: {
            out = "[";
            for (const Seen& item : seen.items) out += (out.size() > 1 ? "," : "") + json_of(item);
            return out + "]";
        }
        case Kind::unknown:
        case Kind::one_of:
            return "null";
        default:
            return seen.text;
    }
}

// A path of the event at hand as an expression writes it, or nothing.
std::string own_path(const policy::Program& program, const Node& node) {
    if (node.slot != 0) return {};
    switch (node.op) {
        case Op::event_id:
            return "event.id";
        case Op::event_type:
            return "event.type";
        case Op::actor_id:
            return "actor.id";
        case Op::actor_rank:
            return "actor.rank";
        case Op::actor_unit:
            return "actor.unit";
        case Op::actor_accreditations:
            return "actor.accreditations";
        case Op::event_attribute: {
            std::string path = "event";
            for (const std::string& key : program.paths[node.a]) path += "." + key;
            return path;
        }
        default:
            return {};
    }
}

std::string relation_of(Op op, bool wanted) {
    switch (op) {
        case Op::equal:
            return wanted ? "==" : "!=";
        case Op::not_equal:
            return wanted ? "!=" : "==";
        case Op::less:
            return wanted ? "<" : ">=";
        case Op::less_equal:
            return wanted ? "<=" : ">";
        case Op::greater:
            return wanted ? ">" : "<=";
        case Op::greater_equal:
            return wanted ? ">=" : "<";
        case Op::in:
            return wanted ? "in" : "not in";
        case Op::contains:
            return wanted ? "contains" : "not contains";
        case Op::starts_with:
            return wanted ? "startsWith" : "not startsWith";
        case Op::ends_with:
            return wanted ? "endsWith" : "not endsWith";
        case Op::mentions:
            return wanted ? "mentions" : "not mentions";
        default:
            return "";
    }
}

class Nearest {
  public:
    Nearest(const About& about, const Life& life)
        : about_(about),
          life_(life),
          program_(about.program),
          duty_(program_.duties[about.finding.duty]),
          words_(about.program, about.caseload, about.finding.case_index) {}

    std::vector<Change> changes() {
        const Verdict verdict = about_.finding.verdict;
        if (verdict != Verdict::late && verdict != Verdict::missed && verdict != Verdict::unassessable)
            return {};
        if (duty_.shape == Shape::check) {
            check();
        } else if (verdict == Verdict::unassessable && about_.finding.uncertain_event == k_no_event) {
            untold();
        } else if (duty_.shape == Shape::last) {
            last();
        } else {
            answers();
        }
        return std::move(changes_);
    }

  private:
    void leaf(const Need& need, std::vector<Setting>& settings) const {
        const Node& node = program_.nodes[need.node];
        Setting setting;
        const auto inner = [&](std::uint32_t index) -> const Node& {
            const Node& at = program_.nodes[index];
            return at.op == Op::rank ? program_.nodes[at.a] : at;
        };
        if (node.op == Op::has) {
            setting.path = own_path(program_, program_.nodes[node.a]);
            setting.relation = need.wanted ? "has" : "not has";
        } else if (const std::string plain = own_path(program_, node); !plain.empty()) {
            setting = {plain, "==", need.wanted ? "true" : "false"};
        } else if (const std::string relation = relation_of(node.op, need.wanted); !relation.empty()) {
            const std::string left = own_path(program_, inner(node.a));
            const std::string right = own_path(program_, inner(node.b));
            if (!left.empty() && need.right.known()) {
                setting = {left, relation, json_of(need.right)};
            } else if (!right.empty() && need.left.known()) {
                const Op op = turned(node.op);
                setting = {right,
                           node.op == Op::in ? (need.wanted ? "contains" : "not contains")
                                             : relation_of(op, need.wanted),
                           json_of(need.left)};
            }
            // A rank by its number is told by the name that has it.
            const bool ranks = program_.nodes[node.a].op == Op::rank || program_.nodes[node.b].op == Op::rank;
            if (ranks && !setting.value.empty() && setting.value.front() != '"') {
                for (const auto& [name, number] : program_.ranks) {
                    if (std::to_string(number) == setting.value) append_json_string(setting.value = "", name);
                }
            }
        }
        if (setting.path.empty())
            setting = {words_.expression(need.node), need.wanted ? "true" : "false", ""};
        settings.push_back(std::move(setting));
    }

    // Of several ways out the first that an event can take by itself.
    void settings(const Need& need, std::vector<Setting>& out) const {
        if (need.kind == Need::Kind::leaf) return leaf(need, out);
        std::vector<Setting> first;
        for (const Need& part : need.parts) {
            std::vector<Setting> one;
            settings(part, one);
            if (need.kind == Need::Kind::all) {
                out.insert(out.end(), one.begin(), one.end());
                continue;
            }
            const bool concrete = std::all_of(one.begin(), one.end(), [](const Setting& s) {
                return s.relation != "true" && s.relation != "false" && s.relation.rfind("not ", 0) != 0;
            });
            if (first.empty() || concrete) first = std::move(one);
            if (concrete) break;
        }
        out.insert(out.end(), first.begin(), first.end());
    }

    std::string told(std::uint32_t event) const { return words_.event(event) + " " + words_.on(event); }

    // The verdict that the change leads to, for the end of a sentence.
    static std::string met() { return ", this would have been met."; }

    // Of a pattern of phrases "by …", "with …": what an event would have had to be.
    void should_be(ChangeKind kind, std::uint32_t event, const Need& need) {
        Change change;
        change.kind = kind;
        change.event = event;
        settings(need, change.needs);
        change.text = "Had " + told(event) + " been " + words_.needed(need) + met();
        changes_.push_back(std::move(change));
    }

    void check() {
        const std::uint32_t event = about_.finding.trigger_event;
        if (!life_.need) return untold();
        if (about_.finding.verdict == Verdict::unassessable && !life_.need->unknown &&
            life_.need->kind == Need::Kind::leaf)
            return untold();
        const bool never =
            life_.need->kind == Need::Kind::leaf && program_.nodes[life_.need->node].op == Op::constant;
        if (!never) {
            const bool unknown = about_.finding.verdict == Verdict::unassessable;
            return should_be(unknown ? ChangeKind::complete_event : ChangeKind::change_event, event,
                             *life_.need);
        }
        Change change;
        change.kind = ChangeKind::change_event;
        change.event = event;
        change.text = "Only if " + told(event) + " had not happened would nothing be amiss.";
        changes_.push_back(std::move(change));
    }

    // The record of the trigger does not say what decides whether, or until when, anything was due.
    void untold() {
        const std::string_view reason = about_.finding.reason;
        const std::size_t colon = reason.find(": ");
        if (colon == std::string_view::npos) return;
        Change change;
        change.kind = ChangeKind::complete_event;
        change.event = about_.finding.trigger_event;
        const std::string what(reason.substr(colon + 2));
        const bool calendar = reason.substr(0, colon) == "calendar_uncovered";
        change.needs.push_back({calendar ? "calendar " + what : what, "known", ""});
        change.text = "It could be assessed if " + Words::untold(reason, told(change.event)) + ".";
        changes_.push_back(std::move(change));
    }

    void last() {
        Change change;
        change.kind = ChangeKind::end_sooner;
        change.event = about_.finding.ending_event;
        change.from = about_.finding.opened_at;
        change.until = about_.finding.due_at;
        change.text = "Had it ended by " + words_.limit(change.until);
        if (change.event != k_no_event) {
            change.earlier_by = earlier(about_.finding.ended_at, change.until);
            change.text += ", " + span_of(change.earlier_by) + " sooner than with " + told(change.event);
        }
        change.text += met();
        changes_.push_back(std::move(change));
        for (const evaluate::Ladder& ladder : life_.ladders) {
            Change other;
            other.kind = ChangeKind::choose_other;
            other.until = about_.finding.due_at;
            const policy::DurationRule& rule = program_.duration(duty_.at_most);
            const std::uint32_t root = program_.expressions[rule.expression].root;
            const std::string path = program_.nodes[root].op == Op::fact
                                         ? "fact." + program_.facts[program_.nodes[root].a].name
                                         : program_.expressions[rule.expression].text;
            Setting setting{path, "==", ""};
            append_json_string(setting.value, ladder.choice);
            other.needs.push_back(std::move(setting));
            other.text = "Had " + words_.expression(root) + " become \"" + ladder.choice + "\" by " +
                         words_.limit(other.until) + ", it could have lasted until " +
                         words_.limit(ladder.due) + ", and this would have been met.";
            changes_.push_back(std::move(other));
        }
    }

    // Seconds from `until` to `at`, rounded up.
    static std::int64_t earlier(time::Instant at, time::Instant until) {
        const std::int64_t micros = at - until;
        return micros / time::k_micros_per_second + (micros % time::k_micros_per_second > 0 ? 1 : 0);
    }

    void answers() {
        const bool open =
            life_.from != k_no_instant && life_.until != k_no_instant && life_.from <= life_.until;
        if (!open) return;
        for (const Step& step : life_.steps) {
            const bool inside = step.at >= life_.from && step.at <= life_.until;
            if (step.kind == StepKind::uncertain && inside && step.need)
                should_be(ChangeKind::complete_event, step.event, *step.need);
        }
        for (const Step& step : life_.steps) {
            const bool inside = step.at >= life_.from && step.at <= life_.until;
            if (step.kind != StepKind::rejected || !inside) continue;
            if (step.why == Rejection::where && step.need)
                should_be(ChangeKind::change_event, step.event, *step.need);
            if (step.why == Rejection::other_key && duty_.per == policy::Per::subject && !life_.need)
                concern(step.event);
        }
        for (const Step& step : life_.steps) {
            const bool late = step.kind == StepKind::response && about_.finding.verdict == Verdict::late;
            const bool other = step.kind == StepKind::rejected &&
                               (step.why == Rejection::too_early || step.why == Rejection::too_late);
            if (late || other) move(step);
        }
        add();
    }

    void concern(std::uint32_t event) {
        Change change;
        change.kind = ChangeKind::change_event;
        change.event = event;
        Setting setting{"event.subjects", "contains", ""};
        append_json_string(setting.value, about_.finding.key);
        change.needs.push_back(std::move(setting));
        change.text = "Had " + told(event) + " concerned " + std::string(about_.finding.key) + " too" + met();
        changes_.push_back(std::move(change));
    }

    void move(const Step& step) {
        Change change;
        change.kind = ChangeKind::move_event;
        change.event = step.event;
        change.from = life_.from;
        change.until = life_.until;
        change.earlier_by =
            step.at > life_.until ? earlier(step.at, life_.until) : -earlier(life_.from, step.at);
        const bool sooner = change.earlier_by > 0;
        change.text = "Had " + told(step.event) + " come " +
                      span_of(sooner ? change.earlier_by : -change.earlier_by) +
                      (sooner ? " earlier, by " + words_.limit(life_.until)
                              : " later, at " + words_.when(life_.from) + " or after") +
                      met();
        changes_.push_back(std::move(change));
    }

    void add() {
        Change change;
        change.kind = ChangeKind::add_event;
        change.types = &duty_.require.selector;
        change.from = life_.from;
        change.until = life_.until;
        if (life_.need) settings(*life_.need, change.needs);
        change.text = "Had there been " + Words::kinds(duty_.require.selector) +
                      (life_.need ? " " + words_.needed(*life_.need) : "");
        change.text += life_.from <= time::k_first_instant
                           ? " at any time until " + words_.limit(life_.until)
                           : " between " + words_.when(life_.from) + " and " + words_.limit(life_.until);
        if (about_.finding.key.data() != nullptr) change.text += " for " + std::string(about_.finding.key);
        change.text += met();
        changes_.push_back(std::move(change));
    }

    const About& about_;
    const Life& life_;
    const policy::Program& program_;
    const policy::Duty& duty_;
    const Words words_;
    std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> nearest(const About& about, const Life& life) {
    return Nearest(about, life).changes();
}

}  // namespace duecare::findings
