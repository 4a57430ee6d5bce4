#include "findings/coverage.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "policy/program.hpp"

namespace duecare::findings {

using evaluate::k_verdicts;
using evaluate::Verdict;
using policy::DurationId;
using policy::DurationRule;
using policy::Duty;
using policy::ExpressionId;
using policy::k_no_expression;
using policy::Node;
using policy::Op;
using policy::Program;

namespace {

/// Which expressions can come out unknown. Where that cannot be told from the text alone, they can.
class Certainty {
  public:
    explicit Certainty(const Program& program) : program_(program), facts_(program.facts.size(), false) {
        for (std::size_t i = 0; i < facts_.size(); ++i) facts_[i] = fact_always_known(program.facts[i]);
    }

    [[nodiscard]] bool known(ExpressionId id) const {
        return id == k_no_expression || known_node(program_.expressions[id].root);
    }

  private:
    [[nodiscard]] bool fact_always_known(const policy::Fact& fact) const {
        if (fact.initial == k_no_expression || !known(fact.initial)) return false;
        for (const policy::FactRule& rule : fact.rules) {
            if (!known(rule.to)) return false;
        }
        return true;
    }

    // NOLINTNEXTLINE(misc-no-recursion): as deep as the expression, which the parser bounds.
    [[nodiscard]] bool known_node(std::uint32_t at) const {
        const Node& node = program_.nodes[at];
        switch (node.op) {
            case Op::constant:
            case Op::has:
            case Op::case_id:
            case Op::case_kind:
            case Op::event_id:
            case Op::event_type:
            case Op::person_id:
            case Op::person_roles:  // none recorded: an empty list
                return true;
            case Op::fact:
                return facts_[node.a];
            case Op::logical_not:
            case Op::exists_persons:
            case Op::all_persons:
            case Op::exists_subjects:
            case Op::all_subjects:
                return known_node(node.a);
            case Op::logical_and:
            case Op::logical_or:
            case Op::equal:
            case Op::not_equal:
                return known_node(node.a) && known_node(node.b);
            case Op::in:
                return known_node(node.a) && (program_.nodes[node.b].op == Op::constant ||
                                              program_.nodes[node.b].op == Op::person_roles);
            case Op::conditional:
                return known_node(node.a) && known_node(node.b) && known_node(node.c);
            default:
                return false;
        }
    }

    const Program& program_;
    std::vector<bool> facts_;
};

bool needs_calendar_or_record(const Program& program, DurationId id) {
    const DurationRule& rule = program.duration(id);
    switch (rule.kind) {
        case DurationRule::Kind::fixed:
            return rule.fixed.unit == time::Unit::calendar_days ||
                   rule.fixed.unit == time::Unit::calendar_hours ||
                   rule.fixed.unit == time::Unit::start_of_next;
        case DurationRule::Kind::at:
            return true;
        case DurationRule::Kind::choose:
            for (const auto& [value, next] : rule.cases) {
                if (needs_calendar_or_record(program, next)) return true;
            }
            return needs_calendar_or_record(program, rule.otherwise);
        default:
            return false;
    }
}

/// Whether the days that the calendar is known for never reach as far as the duration, from whatever instant:
/// a placeholder that a force has to fill in. (Where `covers` has no end some instant reaches it.)
bool out_of_reach(const time::Calendar& calendar, const time::Duration& duration) {
    if (!calendar.covers_from || !calendar.covers_until) return false;
    const bool hours = duration.unit == time::Unit::calendar_hours;
    const std::int64_t wanted =
        hours ? duration.count * time::k_micros_per_hour : std::max<std::int64_t>(duration.count, 1);
    const std::int64_t each = hours ? calendar.closes - calendar.opens : 1;
    std::int64_t reached = 0;
    for (time::Day day = *calendar.covers_from; day < *calendar.covers_until && reached < wanted; ++day)
        reached += calendar.counts(day) ? each : 0;
    return reached < wanted;
}

/// Whether no instant has a deadline by this: the verdict then is always `unassessable`.
bool never_reckoned(const Program& program, DurationId id) {
    const DurationRule& rule = program.duration(id);
    if (rule.kind == DurationRule::Kind::fixed) {
        return needs_calendar_or_record(program, id) &&
               out_of_reach(program.reckoning.calendars[rule.fixed.calendar], rule.fixed);
    }
    if (rule.kind != DurationRule::Kind::choose) return false;
    for (const auto& [value, next] : rule.cases) {
        if (!never_reckoned(program, next)) return false;
    }
    return never_reckoned(program, rule.otherwise);
}

bool practicable(const Program& program, DurationId id) {
    const DurationRule& rule = program.duration(id);
    if (rule.kind == DurationRule::Kind::fixed) return rule.fixed.unit == time::Unit::practicable;
    if (rule.kind != DurationRule::Kind::choose) return false;
    for (const auto& [value, next] : rule.cases) {
        if (!practicable(program, next)) return false;
    }
    return practicable(program, rule.otherwise);
}

bool may_be_unassessable(const Program& program, const Certainty& certainty, const Duty& duty) {
    for (const DurationId id : {duty.within, duty.first, duty.every, duty.at_most, duty.not_before}) {
        if (needs_calendar_or_record(program, id)) return true;
    }
    if (duty.require.given() && !certainty.known(duty.require.where)) return true;
    if (duty.holds_while != k_no_expression) return false;  // there unknown counts as false
    return duty.per == policy::Per::value || !certainty.known(duty.applies) ||
           !certainty.known(duty.on.where) || !certainty.known(duty.for_subject) ||
           !certainty.known(duty.effective_at) || !certainty.known(duty.check);
}

using Possible = std::array<bool, k_verdicts>;

/// evaluation.md: the verdicts that the tables of each shape name.
Possible possible_verdicts(const Program& program, const Certainty& certainty, const Duty& duty) {
    Possible out{};
    const auto can = [&out](Verdict verdict) -> bool& { return out[static_cast<std::size_t>(verdict)]; };
    can(Verdict::unassessable) = may_be_unassessable(program, certainty, duty);
    if (duty.unless != k_no_expression) can(Verdict::excused) = true;
    if (never_reckoned(program, duty.shape == policy::Shape::last ? duty.at_most : duty.within)) return out;
    switch (duty.shape) {
        case policy::Shape::respond: {
            const bool ends = duty.until.given() || duty.repeat == policy::Repeat::restart;
            const bool timeless = practicable(program, duty.within);
            can(Verdict::met) = can(Verdict::pending) = true;
            can(Verdict::late) = !timeless;
            can(Verdict::missed) = !timeless || ends;
            can(Verdict::lapsed) = ends && !timeless;
            if (duty.excused_by.given()) can(Verdict::excused) = true;
            break;
        }
        case policy::Shape::recur:
            can(Verdict::met) = can(Verdict::missed) = can(Verdict::pending) = can(Verdict::lapsed) = true;
            can(Verdict::late) = !duty.schedule;
            if (duty.excused_by.given()) can(Verdict::excused) = true;
            break;
        case policy::Shape::last:
            can(Verdict::met) = can(Verdict::late) = can(Verdict::missed) = can(Verdict::pending) = true;
            break;
        case policy::Shape::precede:
            can(Verdict::met) = can(Verdict::missed) = true;
            break;
        case policy::Shape::check: {
            const policy::Expression& check = program.expressions[duty.check];
            const policy::Val* value =
                check.constant ? &program.constants[program.nodes[check.root].a] : nullptr;
            if (value != nullptr && value->kind != policy::Val::Kind::boolean) value = nullptr;
            can(Verdict::met) = value == nullptr || value->boolean;
            can(Verdict::missed) = value == nullptr || !value->boolean;
            break;
        }
    }
    return out;
}

class Writer {
  public:
    Writer(std::string& out, const evaluate::Result& result)
        : out_(out), result_(result), program_(result.policy->program()), certainty_(program_) {}

    void write() {
        out_ += "{\"format\":\"duecare.coverage/1\",\"policy\":";
        append_json_string(out_, program_.id);
        out_ += ",\"digest\":";
        append_json_string(out_, program_.digest);
        write_duties();
        out_ += ",\"expressions\":[";
        for_each_owner(&Writer::write_expressions_of_duty, &Writer::write_expressions_of_fact);
        out_ += "],\"choices\":[";
        for_each_owner(&Writer::write_choices_of_duty, nullptr);
        out_ += "]}";
    }

  private:
    using DutyPart = void (Writer::*)(const Duty&);
    using FactPart = void (Writer::*)(const policy::Fact&);

    void for_each_owner(DutyPart duty_part, FactPart fact_part) {
        first_ = true;
        for (const policy::Fact& fact : program_.facts) {
            if (fact_part != nullptr) (this->*fact_part)(fact);
        }
        for (const Duty& duty : program_.duties) (this->*duty_part)(duty);
    }

    void comma() {
        if (!std::exchange(first_, false)) out_.push_back(',');
    }

    void field(std::string_view name, std::string_view text) {
        append_json_string(out_, name);
        out_.push_back(':');
        append_json_string(out_, text);
        out_.push_back(',');
    }

    void number(std::string_view name, std::uint64_t value) {
        append_json_string(out_, name);
        out_.push_back(':');
        append_integer(out_, static_cast<std::int64_t>(value));
    }

    void write_duties() {
        out_ += ",\"duties\":[";
        first_ = true;
        for (std::size_t i = 0; i < program_.duties.size(); ++i) {
            const Duty& duty = program_.duties[i];
            comma();
            out_.push_back('{');
            field("duty", duty.id);
            field("layer", duty.layer);
            field("pointer", duty.pointer);
            out_ += "\"verdicts\":{";
            const Possible possible = possible_verdicts(program_, certainty_, duty);
            bool any = false;
            for (std::size_t v = 0; v < k_verdicts; ++v) {
                // What was found was possible, whatever is thought of it here.
                if (!possible[v] && result_.counts[i][v] == 0) continue;
                if (std::exchange(any, true)) out_.push_back(',');
                number(evaluate::k_verdict_names[v], result_.counts[i][v]);
            }
            out_ += "}}";
        }
        out_.push_back(']');
    }

    void write_place(std::string_view kind, std::string_view name, ExpressionId id) {
        const policy::Expression& expression = program_.expressions[id];
        comma();
        out_.push_back('{');
        field(kind, name);
        field("layer", expression.layer);
        field("pointer", expression.pointer);
        field("expression", expression.text);
    }

    void write_expression(std::string_view kind, std::string_view name, ExpressionId id) {
        if (id == k_no_expression) return;
        write_place(kind, name, id);
        const policy::Expression& expression = program_.expressions[id];
        std::array<bool, 3> possible{true, true, !certainty_.known(id)};
        if (expression.constant) {
            const policy::Val value = program_.constants[program_.nodes[expression.root].a];
            const bool is_boolean = value.kind == policy::Val::Kind::boolean;
            possible = {is_boolean && !value.boolean, is_boolean && value.boolean, !is_boolean};
        }
        out_ += "\"outcomes\":{";
        constexpr std::array<std::string_view, 3> names{"false", "true", "unknown"};
        const std::array<std::uint64_t, 3>& counts = result_.coverage->expressions[id];
        bool any = false;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (!possible[i] && counts[i] == 0) continue;
            if (std::exchange(any, true)) out_.push_back(',');
            number(names[i], counts[i]);
        }
        out_ += "}}";
    }

    void write_expressions_of_fact(const policy::Fact& fact) {
        for (const policy::FactRule& rule : fact.rules) write_expression("fact", fact.name, rule.on.where);
    }

    void write_expressions_of_duty(const Duty& duty) {
        for (const ExpressionId id : {duty.applies, duty.on.where, duty.for_subject, duty.unless,
                                      duty.holds_while, duty.pause_while, duty.check, duty.require.where,
                                      duty.excused_by.where, duty.until.where, duty.accounted_by.where}) {
            write_expression("duty", duty.id, id);
        }
    }

    // NOLINTNEXTLINE(misc-no-recursion): as deep as `choose` is nested in the policy.
    void write_choice(const Duty& duty, DurationId id) {
        const DurationRule& rule = program_.duration(id);
        if (rule.kind != DurationRule::Kind::choose) return;
        const std::vector<std::uint64_t>& counts = result_.coverage->choices[id];
        write_place("duty", duty.id, rule.expression);
        out_ += "\"cases\":[";
        for (std::size_t i = 0; i < rule.cases.size(); ++i) {
            if (i > 0) out_.push_back(',');
            out_.push_back('{');
            field("value", rule.cases[i].first);
            number("count", counts[i]);
            out_.push_back('}');
        }
        out_ += "],";
        number("otherwise", counts.back());
        out_.push_back('}');
        for (const auto& [value, next] : rule.cases) write_choice(duty, next);
        write_choice(duty, rule.otherwise);
    }

    void write_choices_of_duty(const Duty& duty) {
        for (const DurationId id : {duty.within, duty.first, duty.every, duty.at_most})
            write_choice(duty, id);
    }

    std::string& out_;
    const evaluate::Result& result_;
    const Program& program_;
    Certainty certainty_;
    bool first_ = true;
};

}  // namespace

void append_coverage_json(std::string& out, const evaluate::Result& result) {
    Writer(out, result).write();
}

}  // namespace duecare::findings
