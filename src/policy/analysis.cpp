#include "policy/analysis.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <set>
#include <tuple>

#include "base/text.hpp"
#include "policy/possible.hpp"
#include "policy/reader.hpp"

namespace duecare::policy {

namespace json = boost::json;

namespace {

/// What an expression is for, and so what it means when it cannot come out one way.
struct Use {
    const char* never = "";   // consequence when it is never true
    const char* always = "";  // consequence when it is always true
    bool condition = true;
    bool never_meant = false;   // a literal `false` says what is meant
    bool always_meant = false;  // a literal `true` does
};

constexpr Use k_opens{"So the duty never opens.", "It can be left out."};
constexpr Use k_holds{"So the duty never opens.", "", true, false, true};
constexpr Use k_answers{"So nothing can answer the duty.", "It can be left out."};
constexpr Use k_unless{"So `unless` has no effect.", "So every obligation is excused."};
constexpr Use k_excused_by{"So `excused_by` has no effect.", "It can be left out."};
constexpr Use k_until{"So `until` has no effect.", "It can be left out."};
constexpr Use k_accounted_by{"So `accounted_by` has no effect.", "It can be left out."};
constexpr Use k_pauses{"So `pause_while` has no effect.", "So the clock never runs."};
constexpr Use k_checks{"So the duty is never met.", "So the duty is always met.", true, true, false};
constexpr Use k_rule{"So this rule never sets the fact.", "It can be left out."};
constexpr Use k_value{"", "", false};

struct NamedType {
    std::string type;  // as written, "review.*" for a prefix
    std::string pointer;
};

std::string joined(const std::vector<std::string>& names) {
    std::string out;
    for (std::size_t i = 0; i < names.size() && i < 8; ++i) out += (i == 0 ? "\"" : ", \"") + names[i] + "\"";
    if (names.size() > 8) out += " and " + std::to_string(names.size() - 8) + " more";
    return out;
}

class Analysis {
  public:
    Analysis(Layered& layered, const Program& program, const ExpressionParser& parser)
        : layered_(layered), program_(program), parser_(parser), possibilities_(program, parser.notes()) {}

    void run() {
        facts();
        for (const Duty& duty : program_.duties) this->duty(duty);
        choices();
        event_types();
        unproduced_types();
        if (!program_.duties.empty()) return unused();
        // A policy without duties is a ground for others to extend; one that extends others should have some.
        if (layered_.layers.size() > 1) warn("/duties", "no duty is left, so nothing is audited");
    }

  private:
    void warn(std::string_view pointer, const std::string& message, const std::string& expression = {},
              std::uint32_t column = 0) {
        if (!said_.insert({std::string(pointer), column, message}).second)
            return;  // `owner` of a policy is read for each duty
        layered_.report(Diagnostic::Severity::warning, pointer, message, expression, column);
    }

    // Warns of what is odd in an expression; what it may give, for further questions.
    Possible look(ExpressionId id, const Use& use) {
        if (id == k_no_expression) return {};
        const Expression& expression = program_.expressions[id];
        std::vector<Remark> remarks;
        Possible possible = possibilities_.of(id, remarks);
        const bool never = use.condition && possible.never(Possible::k_true);
        const bool always = use.condition && possible.kinds == Possible::k_true;
        const std::string consequence = never ? use.never : always ? use.always : "";
        if (remarks.empty()) {
            if (!use.condition || possible.from_parameter || (!never && !always)) return possible;
            const bool literal = expression.constant;
            if (literal && possible.may(Possible::k_boolean) && (never ? use.never_meant : use.always_meant))
                return possible;
            std::string message = never ? "this is never true." : "this is always true.";
            if (possible.never(Possible::k_boolean))
                message = "a condition is true or false, and this is " + said_kinds(possible.kinds) + ".";
            remarks.push_back({0, std::move(message)});
        }
        if (!consequence.empty()) remarks.front().message += " " + consequence;
        for (const Remark& remark : remarks)
            warn(expression.pointer, remark.message, expression.text, remark.column);
        possible.reported = true;
        return possible;
    }

    void value(ExpressionId id, std::string_view what, Possible::Kinds wanted, std::string_view wants) {
        const Possible possible = look(id, k_value);
        if (id == k_no_expression || possible.reported || possible.may(wanted) ||
            possible.never(Possible::k_known))
            return;
        const Expression& expression = program_.expressions[id];
        warn(expression.pointer,
             "`" + std::string(what) + "` asks for " + std::string(wants) + ", and this gives " +
                 said_kinds(possible.kinds) + ".",
             expression.text);
    }

    void facts() {
        for (const Fact& fact : program_.facts) {
            look(fact.initial, k_value);
            const std::string at = Reader::child(Reader::child("/facts", fact.name), "set");
            for (std::size_t i = 0; i < fact.rules.size(); ++i) {
                const FactRule& rule = fact.rules[i];
                look(rule.on.where, k_rule);
                look(rule.to, k_value);
                const auto before =
                    std::find_if(fact.rules.begin(), fact.rules.begin() + static_cast<std::ptrdiff_t>(i),
                                 [&](const FactRule& earlier) {
                                     return earlier.on.where == k_no_expression &&
                                            covers(earlier.on.selector, rule.on.selector);
                                 });
                if (before == fact.rules.begin() + static_cast<std::ptrdiff_t>(i)) continue;
                const std::string first = "rule " + std::to_string(before - fact.rules.begin() + 1);
                warn(Reader::child(at, i), first +
                                               " of this fact has no `where` and takes the same events "
                                               "first, so this one never applies; "
                                               "put this one before it, or give " +
                                               first + " a `where`");
            }
        }
    }

    static bool covers(const Selector& wide, const Selector& narrow) {
        const auto prefixed = [&](const std::string& prefix) {
            return std::any_of(wide.prefixes.begin(), wide.prefixes.end(),
                               [&](const std::string& p) { return prefix.starts_with(p); });
        };
        return !narrow.empty() &&
               std::all_of(narrow.types.begin(), narrow.types.end(),
                           [&](const std::string& t) { return wide.matches(t); }) &&
               std::all_of(narrow.prefixes.begin(), narrow.prefixes.end(), prefixed);
    }

    void duty(const Duty& duty) {
        look(duty.applies, k_opens);
        look(duty.on.where, k_opens);
        look(duty.for_subject, k_opens);
        look(duty.holds_while, k_holds);
        look(duty.require.where, k_answers);
        look(duty.unless, k_unless);
        look(duty.check, k_checks);
        look(duty.excused_by.where, k_excused_by);
        look(duty.until.where, k_until);
        look(duty.accounted_by.where, k_accounted_by);
        look(duty.pause_while, k_pauses);
        value(duty.owner, "owner", Possible::k_text, "a text, the person's id");
        value(duty.effective_at, "at", Possible::k_text, "a date");
        // A response is looked for before the others at the same event.
        if (duty.require.where != k_no_expression || duty.not_before != 0) return;
        for (const auto& [match, name] :
             {std::pair(&duty.excused_by, "excused_by"), std::pair(&duty.until, "until")}) {
            if (!match->given() || !covers(duty.require.selector, match->selector)) continue;
            warn(Reader::child(duty.pointer, name),
                 "every event that this names answers `require` first, so `" + std::string(name) +
                     "` has no effect");
        }
    }

    void choices() {
        for (const DurationRule& rule : program_.durations) {
            if (rule.kind == DurationRule::Kind::at)
                value(rule.expression, "at", Possible::k_text, "a date or an instant");
            if (rule.kind != DurationRule::Kind::choose) continue;
            const Possible possible = look(rule.expression, k_value);
            if (possible.reported || possible.from_parameter || rule.expression == k_no_expression) continue;
            choice(rule, possible);
        }
    }

    void choice(const DurationRule& rule, const Possible& possible) {
        const Expression& expression = program_.expressions[rule.expression];
        if (possible.never(Possible::k_text)) {
            if (possible.never(Possible::k_known)) return;
            std::string message = "`choose` looks for a text among the `cases`, and this gives " +
                                  said_kinds(possible.kinds) + ", so it is always `otherwise`.";
            if (possible.never(Possible::k_known & ~Possible::k_boolean))
                message += " Write … ? 'yes' : 'no' and name the cases so.";
            return warn(expression.pointer, message, expression.text);
        }
        if (!possible.values) return;
        std::vector<std::string_view> texts;
        for (const Val& v : *possible.values) {
            if (v.kind == Val::Kind::text) texts.push_back(v.text());
        }
        const std::string at = expression.pointer.substr(0, expression.pointer.rfind('/'));
        for (const auto& [name, duration] : rule.cases) {
            if (std::find(texts.begin(), texts.end(), name) != texts.end()) continue;
            warn(Reader::child(Reader::child(at, "cases"), name),
                 possibilities_.said(rule.expression) + " is never '" + name +
                     "', so this case is never chosen: it can be " + said_values(*possible.values) + "." +
                     suggestion(name, texts));
        }
    }

    // Event types.

    static void add_types(const json::value& value, const std::string& at, std::vector<NamedType>& out) {
        if (value.is_string()) {
            out.push_back({std::string(value.get_string()), at});
        } else if (value.is_array()) {
            for (std::size_t i = 0; i < value.get_array().size(); ++i)
                add_types(value.get_array()[i], Reader::child(at, i), out);
        } else if (value.is_object() && value.get_object().contains("event")) {
            add_types(value.get_object().at("event"), Reader::child(at, "event"), out);
        }
    }

    [[nodiscard]] std::vector<NamedType> types_at(const json::object& object, std::string_view key,
                                                  std::string_view at) const {
        std::vector<NamedType> types;
        if (const json::value* value = object.if_contains(key))
            add_types(*value, Reader::child(at, key), types);
        return types;
    }

    [[nodiscard]] std::vector<NamedType> types_of_duty(std::size_t index) const {
        std::vector<NamedType> types;
        const json::object& duty = layered_.merged.at("duties").get_array()[index].get_object();
        for (const std::string_view key : {"on", "require", "excused_by", "until", "accounted_by"}) {
            const auto more = types_at(duty, key, Reader::child("/duties", index));
            types.insert(types.end(), more.begin(), more.end());
        }
        return types;
    }

    [[nodiscard]] std::vector<NamedType> types_of_facts() const {
        std::vector<NamedType> types;
        const json::value* facts = layered_.merged.if_contains("facts");
        if (facts == nullptr) return types;
        for (const auto& [name, fact] : facts->get_object()) {
            const std::string at = Reader::child(Reader::child("/facts", std::string_view(name)), "set");
            for (std::size_t i = 0; i < fact.at("set").get_array().size(); ++i) {
                add_types(fact.at("set").get_array()[i], Reader::child(at, i), types);
            }
        }
        return types;
    }

    static bool is_prefix(std::string_view type) { return type.ends_with(".*"); }

    // `known` has types; a prefix is good when one of them begins so.
    static bool fits(const std::string& type, const std::set<std::string>& known) {
        if (!is_prefix(type)) return known.contains(type);
        const std::string prefix = type.substr(0, type.size() - 1);
        const auto first = known.lower_bound(prefix);
        return first != known.end() && first->starts_with(prefix);
    }

    static std::string near_type(const std::string& type, const std::set<std::string>& known) {
        std::set<std::string> candidates = known;
        if (is_prefix(type)) {
            candidates.clear();
            for (const std::string& t : known) {
                for (std::size_t dot = t.find('.'); dot != std::string::npos; dot = t.find('.', dot + 1))
                    candidates.insert(t.substr(0, dot + 1) + "*");
            }
        }
        return suggestion(type, std::vector<std::string_view>(candidates.begin(), candidates.end()));
    }

    // Types that the documentation does not have. A layer below the first documentation names types that are
    // as good.
    void event_types() {
        if (program_.documented_events.empty()) return;
        std::vector<NamedType> all = types_of_facts();
        for (std::size_t i = 0; i < program_.duties.size(); ++i) {
            const auto more = types_of_duty(i);
            all.insert(all.end(), more.begin(), more.end());
        }
        const std::size_t first = layered_.lowest_layer("/events");
        documented_ = {program_.documented_events.begin(), program_.documented_events.end()};
        for (const NamedType& named : all) {
            if (layered_.layer_index(named.pointer) < first) documented_.insert(named.type);
        }
        std::set<std::string> bad_answers = unanswerable();
        for (const NamedType& named : all) {
            if (layered_.layer_index(named.pointer) < first || fits(named.type, documented_) ||
                !undocumented_.insert(named.type).second)
                continue;
            std::string message =
                is_prefix(named.type)
                    ? "`events` documents no event type that begins like \"" + named.type + "\"."
                    : "`events` documents no event type \"" + named.type + "\".";
            const std::string near = near_type(named.type, documented_);
            message += near.empty() ? " Add it there, or use one that is." : near;
            if (bad_answers.contains(named.pointer))
                message += " Nothing that it documents can answer this duty.";
            warn(named.pointer, message, "\"" + named.type + "\"", 1);
        }
    }

    // The places of selectors in a `require` of which no type is documented.
    [[nodiscard]] std::set<std::string> unanswerable() const {
        std::set<std::string> pointers;
        for (std::size_t i = 0; i < program_.duties.size(); ++i) {
            const json::object& duty = layered_.merged.at("duties").get_array()[i].get_object();
            const auto types = types_at(duty, "require", Reader::child("/duties", i));
            if (std::any_of(types.begin(), types.end(),
                            [&](const NamedType& t) { return fits(t.type, documented_); }))
                continue;
            for (const NamedType& named : types) pointers.insert(named.pointer);
        }
        return pointers;
    }

    static void add_produced(const json::value& document, std::set<std::string>& out) {
        if (!document.is_object()) return;
        const json::value* events = document.get_object().if_contains("events");
        if (events == nullptr || !events->is_array()) return;
        for (const json::value& event : events->get_array()) {
            const json::value* type = event.is_object() ? event.get_object().if_contains("type") : nullptr;
            if (type != nullptr && type->is_string()) out.insert(std::string(type->get_string()));
        }
    }

    // The duties that a list of tests speaks of, and the event types in its cases.
    void read_tests(const json::object& object, std::string_view own_duty, std::set<std::string>& tested,
                    std::set<std::string>& produced) const {
        const json::value* tests = object.if_contains("tests");
        if (tests == nullptr) return;
        for (const json::value& value : tests->get_array()) {
            const json::object& test = value.get_object();
            if (!own_duty.empty()) tested.insert(std::string(own_duty));
            if (const json::value* one = test.if_contains("case")) add_produced(*one, produced);
            if (const json::value* many = test.if_contains("cases")) {
                for (const json::value& document : many->get_array()) add_produced(document, produced);
            }
            for (const json::value& expected : test.at("expect").get_array()) {
                if (const json::value* id = expected.get_object().if_contains("duty"))
                    tested.insert(std::string(id->get_string()));
            }
        }
    }

    // One warning for all types that tested duties name and no test has: where `events` does not document
    // them either, nothing shows that they are spelt right.
    void unproduced_types() {
        std::set<std::string> tested;
        std::set<std::string> produced;
        read_tests(layered_.merged, "", tested, produced);
        for (const Duty& duty : program_.duties) {
            const auto index = static_cast<std::size_t>(&duty - program_.duties.data());
            read_tests(layered_.merged.at("duties").get_array()[index].get_object(), duty.id, tested,
                       produced);
        }
        std::vector<std::string> missing;
        std::string place;
        for (std::size_t i = 0; i < program_.duties.size(); ++i) {
            if (!tested.contains(program_.duties[i].id)) continue;
            for (const NamedType& named : types_of_duty(i)) {
                const bool known = fits(named.type, produced) || fits(named.type, documented_) ||
                                   undocumented_.contains(named.type);
                if (known || std::find(missing.begin(), missing.end(), named.type) != missing.end()) continue;
                if (missing.empty()) place = named.pointer;
                missing.push_back(named.type);
            }
        }
        if (missing.empty()) return;
        std::string message = "no test of this policy has an event of " +
                              std::string(missing.size() == 1 ? "the type " : "the types ") +
                              joined(missing) + ", so nothing shows that " +
                              (missing.size() == 1 ? "it is" : "they are") + " spelt as in the records.";
        if (missing.size() == 1) message += near_type(missing[0], produced);
        warn(place, message);
    }

    // What nothing reads.

    void unused() {
        std::set<std::uint32_t> facts;
        for (const Expression& expression : program_.expressions)
            facts.insert(expression.depends.facts.begin(), expression.depends.facts.end());
        std::set<std::string> used;
        for (const std::uint32_t index : facts) used.insert(program_.facts[index].name);
        report_unused("facts", "the fact", "is never read", used);
        report_unused("parameters", "the parameter", "is never used",
                      {parser_.used_parameters().begin(), parser_.used_parameters().end()});
        used.clear();
        for (const DurationRule& rule : program_.durations) {
            const time::Unit unit = rule.fixed.unit;
            const bool counts = unit == time::Unit::calendar_days || unit == time::Unit::calendar_hours ||
                                unit == time::Unit::start_of_next;
            if (rule.kind == DurationRule::Kind::fixed && counts)
                used.insert(program_.reckoning.calendars[rule.fixed.calendar].name);
        }
        report_unused("calendars", "the calendar", "is never used", used);
    }

    void report_unused(std::string_view key, std::string_view what, std::string_view how,
                       const std::set<std::string>& used) {
        const json::value* object = layered_.merged.if_contains(key);
        if (object == nullptr) return;
        const std::string under = Reader::child("", key);
        for (const auto& [name, value] : object->get_object()) {
            const std::string at = Reader::child(under, std::string_view(name));
            if (used.contains(std::string(name)) || !layered_.is_own(at)) continue;
            // Most likely it was to replace one of a lower layer.
            std::vector<std::string_view> lower;
            for (const std::string& other : used) {
                if (!layered_.is_own(Reader::child(under, other))) lower.push_back(other);
            }
            warn(at, std::string(what) + " \"" + std::string(name) + "\" " + std::string(how) + "." +
                         suggestion(std::string_view(name), lower));
        }
    }

    Layered& layered_;
    const Program& program_;
    const ExpressionParser& parser_;
    Possibilities possibilities_;
    std::set<std::tuple<std::string, std::uint32_t, std::string>> said_;
    std::set<std::string> documented_;
    std::set<std::string> undocumented_;  // warned of
};

}  // namespace

void analyse(Layered& layered, const Program& program, const ExpressionParser& parser) {
    Analysis(layered, program, parser).run();
}

}  // namespace duecare::policy
