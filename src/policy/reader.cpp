#include "policy/reader.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace duecare::policy {

namespace json = boost::json;

void Reader::fail(std::string_view pointer, std::string message, std::string expression,
                  std::uint32_t column) {
    layered_.report(Diagnostic::Severity::error, pointer, std::move(message), std::move(expression), column);
}

void Reader::warn(std::string_view pointer, std::string message, std::string expression,
                  std::uint32_t column) {
    layered_.report(Diagnostic::Severity::warning, pointer, std::move(message), std::move(expression),
                    column);
}

std::string Reader::child(std::string_view pointer, std::string_view key) {
    std::string text(pointer);
    append_pointer(text, key);
    return text;
}

std::string Reader::child(std::string_view pointer, std::size_t index) {
    std::string text(pointer);
    append_pointer(text, index);
    return text;
}

std::string_view Reader::kind_of(const json::value& value) {
    if (value.is_string()) return "a text";
    if (value.is_number()) return "a number";
    if (value.is_bool()) return "true or false";
    if (value.is_null()) return "null";
    return value.is_array() ? "a list" : "an object";
}

void Reader::check_keys(const json::object& object, std::string_view at,
                        const std::vector<std::string_view>& known, std::string_view what) {
    for (const auto& [key, value] : object) {
        const std::string_view name(key);
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        std::string message = std::string(what) + " has no key \"" + std::string(name) + "\".";
        const std::string near = suggestion(name, known);
        if (near.empty()) {
            message += " Known are";
            for (std::size_t i = 0; i < known.size(); ++i)
                message += (i == 0 ? " " : ", ") + std::string(known[i]);
            message += ".";
        }
        fail(child(at, name), message + near);
    }
}

std::string Reader::required_text(const json::object& object, std::string_view key, std::string_view at) {
    if (!object.contains(key)) {
        fail(at, "`" + std::string(key) + "` is missing");
        return {};
    }
    const std::string text = optional_text(object, key, at);
    const json::value& value = object.at(key);
    if (value.is_string() && text.empty())
        fail(child(at, key), "`" + std::string(key) + "` must not be empty");
    return text;
}

std::string Reader::optional_text(const json::object& object, std::string_view key, std::string_view at) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return {};
    if (!value->is_string()) {
        fail(child(at, key), "`" + std::string(key) + "` must be a text in quotes, and this is " +
                                 std::string(kind_of(*value)));
        return {};
    }
    return std::string(value->get_string());
}

const json::object* Reader::optional_object(const json::object& object, std::string_view key,
                                            std::string_view at) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return nullptr;
    if (!value->is_object()) {
        fail(child(at, key),
             "`" + std::string(key) + "` must be an object {…}, and this is " + std::string(kind_of(*value)));
        return nullptr;
    }
    return &value->get_object();
}

const json::array* Reader::optional_array(const json::object& object, std::string_view key,
                                          std::string_view at) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return nullptr;
    if (!value->is_array()) {
        fail(child(at, key),
             "`" + std::string(key) + "` must be a list […], and this is " + std::string(kind_of(*value)));
        return nullptr;
    }
    return &value->get_array();
}

std::optional<time::Day> Reader::date(const json::value& value, std::string_view at) {
    const auto day =
        value.is_string() ? time::parse_date(std::string_view(value.get_string())) : std::nullopt;
    if (!day) {
        const std::string found =
            value.is_string() ? "\"" + std::string(value.get_string()) + "\"" : std::string(kind_of(value));
        fail(at, found + " is no date: a date is written \"YYYY-MM-DD\" and must exist");
    }
    return day;
}

Selector Reader::selector(const json::value& value, std::string_view at) {
    Selector selector;
    const auto add = [&](const json::value& item, std::string_view item_at) {
        const std::string type = item.is_string() ? std::string(item.get_string()) : std::string();
        const std::size_t star = type.find('*');
        if (type.empty()) {
            fail(item_at,
                 "an event type is a text such as \"review.supervisor\", a prefix such as \"review.*\", or a "
                 "list of these");
        } else if (star == std::string::npos) {
            selector.types.push_back(type);
        } else if (star == type.size() - 1 && type.size() > 2 && type[star - 1] == '.') {
            selector.prefixes.push_back(type.substr(0, star));
        } else {
            fail(item_at, "a prefix ends with \".*\", such as \"review.*\"; a * has no other place");
        }
    };
    if (value.is_array()) {
        if (value.get_array().empty()) fail(at, "the list of event types is empty");
        for (std::size_t i = 0; i < value.get_array().size(); ++i) add(value.get_array()[i], child(at, i));
    } else {
        add(value, at);
    }
    return selector;
}

Match Reader::match_fields(const json::object& object, std::string_view at, const Scope& scope) {
    Match match;
    if (const json::value* event = object.if_contains("event")) {
        match.selector = selector(*event, child(at, "event"));
    } else {
        fail(at, "`event` is missing: the event type that is meant");
    }
    match.where = expression(object, "where", at, scope);
    return match;
}

Match Reader::match(const json::object& object, std::string_view key, std::string_view at, const Scope& scope,
                    const std::vector<std::string_view>& more_keys) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return {};
    const std::string here = child(at, key);
    if (!value->is_object()) {
        Match match;
        match.selector = selector(*value, here);
        return match;
    }
    std::vector<std::string_view> known{"event", "where"};
    known.insert(known.end(), more_keys.begin(), more_keys.end());
    check_keys(value->get_object(), here, known, "`" + std::string(key) + "`");
    return match_fields(value->get_object(), here, scope);
}

ExpressionId Reader::expression(const json::object& object, std::string_view key, std::string_view at,
                                const Scope& scope) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return k_no_expression;
    if (!value->is_string()) {
        std::string message =
            "an expression is written as a text, such as \"event.level == 'high'\", and this is ";
        message += kind_of(*value);
        if (value->is_bool())
            message += value->get_bool() ? "; write \"true\" in quotes" : "; write \"false\" in quotes";
        if (value->is_number()) message += "; write the number in quotes";
        fail(child(at, key), message);
        return k_no_expression;
    }
    return expression(std::string_view(value->get_string()), child(at, key), scope);
}

ExpressionId Reader::expression(std::string_view text, std::string_view at, const Scope& scope) {
    try {
        const ExpressionId id = parser_.parse(text, scope);
        program_.expressions[id].layer = layered_.layer_of(at);
        program_.expressions[id].pointer = std::string(at);
        return id;
    } catch (const ExpressionError& error) {
        fail(at, error.message, std::string(text), error.column);
        return k_no_expression;
    }
}

DurationId Reader::add_duration(DurationRule rule) {
    program_.durations.push_back(std::move(rule));
    return static_cast<DurationId>(program_.durations.size() - 1);
}

DurationId Reader::duration(const json::object& object, std::string_view key, std::string_view at,
                            const Scope& scope, const DurationForms& forms) {
    const json::value* value = object.if_contains(key);
    return value == nullptr ? 0 : duration_value(*value, child(at, key), scope, forms);
}

namespace {

const std::vector<std::string_view> k_expected_fields = finding_fields({"duty", "explanation"});
const std::vector<std::string_view> k_verdicts{"met",     "late",   "missed",      "pending",
                                               "excused", "lapsed", "unassessable"};

// Where the word that a message quotes first stands in the text, as a whole word; 0 when it does not.
std::uint32_t column_of_quoted(std::string_view message, std::string_view text) {
    const std::size_t open = message.find('"');
    const std::size_t close = message.find('"', open + 1);
    if (open == std::string_view::npos || close == std::string_view::npos) return 0;
    const std::string_view word = message.substr(open + 1, close - open - 1);
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const bool begins = at == 0 || text[at - 1] == ' ';
        const bool ends = at + word.size() == text.size() || text[at + word.size()] == ' ';
        if (!word.empty() && begins && ends) return static_cast<std::uint32_t>(at);
    }
    return 0;
}

}  // namespace

DurationId Reader::duration_text(std::string text, std::string_view at, const DurationForms& forms) {
    const std::string written = text;
    if (text.starts_with('$')) {
        const std::string name = text.substr(1);
        const auto found = std::find_if(duration_parameters_.begin(), duration_parameters_.end(),
                                        [&](const auto& p) { return p.first == name; });
        if (found == duration_parameters_.end()) {
            std::vector<std::string_view> known;
            for (const auto& [parameter, value] : duration_parameters_) known.push_back(parameter);
            const bool other = std::find(other_parameters_.begin(), other_parameters_.end(), name) !=
                               other_parameters_.end();
            fail(at,
                 other ? "the parameter \"" + name + "\" is no duration; one is a text such as \"72 hours\""
                       : "the policy has no parameter \"" + name + "\"." + suggestion(name, known) +
                             " Parameters stand under `parameters`.",
                 text, 1);
            if (other) parser_.use_parameter(name);
            return 0;
        }
        parser_.use_parameter(name);
        text = found->second;
    }
    const std::string from_parameter = text == written ? "" : "the parameter " + written + ": ";
    DurationRule rule;
    rule.text = text;
    if (text == "ever") {
        if (!forms.ever) {
            fail(at, "\"ever\" has a meaning only in `before` and `or_before`", text, 0);
            return 0;
        }
        rule.kind = DurationRule::Kind::ever;
        return add_duration(std::move(rule));
    }
    try {
        rule.kind = DurationRule::Kind::fixed;
        rule.fixed = time::parse_duration(text, program_.reckoning.calendars);
    } catch (const Error& error) {
        // The text itself is quoted before the colon, the word at fault after it.
        const std::string_view what = error.what();
        const std::size_t reason = what.find("is not a duration: ");
        const std::uint32_t column =
            reason == std::string_view::npos ? 0 : column_of_quoted(what.substr(reason), written);
        fail(at, from_parameter + std::string(what), written, column);
        return 0;
    }
    const time::Unit unit = rule.fixed.unit;
    const bool plain = unit <= time::Unit::years;
    if (unit == time::Unit::practicable && !forms.practicable) {
        fail(at, from_parameter + "\"as soon as practicable\" sets no limit and has no meaning here", written,
             0);
    } else if (unit != time::Unit::practicable && !plain && !forms.calendar) {
        fail(at,
             from_parameter + "only minutes, hours, days, weeks" +
                 std::string(forms.months ? ", months and years" : "") +
                 " can be used here; no calendar, no inclusive or whole days",
             written, 0);
    } else if ((unit == time::Unit::months || unit == time::Unit::years) && !forms.months) {
        fail(at, from_parameter + "only minutes, hours, days and weeks can be used here", written, 0);
    }
    return add_duration(std::move(rule));
}

DurationId Reader::duration_value(const json::value& value, std::string_view at, const Scope& scope,
                                  const DurationForms& forms) {
    if (value.is_string()) return duration_text(std::string(value.get_string()), at, forms);
    const char* expected = forms.rules ? "a duration is a text such as \"72 hours\", {\"at\": …} or "
                                         "{\"choose\": …, \"cases\": {…}, \"otherwise\": …}"
                                       : "a duration is a text such as \"72 hours\" here";
    if (!value.is_object() || !forms.rules) {
        fail(at, std::string(expected) + ", and this is " + std::string(kind_of(value)));
        return 0;
    }
    const json::object& object = value.get_object();
    DurationRule rule;
    if (object.contains("at")) {
        check_keys(object, at, {"at"}, "a duration with `at`");
        rule.kind = DurationRule::Kind::at;
        rule.expression = expression(object, "at", at, scope);
        rule.text = "the date that the record sets";
        return add_duration(std::move(rule));
    }
    if (!object.contains("choose")) {
        check_keys(object, at, {"choose", "cases", "otherwise"}, "a duration");
        fail(at, std::string(expected) + "; `choose` is missing");
        return 0;
    }
    return choice(object, at, scope, forms);
}

DurationId Reader::choice(const json::object& object, std::string_view at, const Scope& scope,
                          const DurationForms& forms) {
    DurationRule rule;
    check_keys(object, at, {"choose", "cases", "otherwise"}, "a duration with `choose`");
    rule.kind = DurationRule::Kind::choose;
    rule.expression = expression(object, "choose", at, scope);
    if (const json::object* cases = optional_object(object, "cases", at)) {
        for (const auto& [name, inner] : *cases) {
            rule.cases.emplace_back(std::string(name),
                                    duration_value(inner, child(child(at, "cases"), name), scope, forms));
        }
    } else if (!object.contains("cases")) {
        fail(at, "`cases` is missing: which duration for which value of `choose`");
    }
    if (object.contains("otherwise")) {
        rule.otherwise = duration(object, "otherwise", at, scope, forms);
    } else {
        fail(at, "`otherwise` is missing: the duration where no case fits, or the record does not say");
    }
    rule.text = rule.otherwise < program_.durations.size() ? program_.durations[rule.otherwise].text : "";
    return add_duration(std::move(rule));
}

void Reader::check_tests(const json::object& object, std::string_view at, std::string_view duty) {
    const json::array* tests = optional_array(object, "tests", at);
    for (std::size_t i = 0; tests != nullptr && i < tests->size(); ++i) {
        const std::string here = child(child(at, "tests"), i);
        if ((*tests)[i].is_object()) {
            check_test((*tests)[i].get_object(), here, duty);
        } else {
            fail(here,
                 "a test is an object with `name`, `as_of`, `case` or `cases`, and `expect`, and this is " +
                     std::string(kind_of((*tests)[i])));
        }
    }
}

void Reader::check_test(const json::object& test, const std::string& at, std::string_view duty) {
    check_keys(test, at, {"name", "as_of", "known_at", "case", "cases", "expect"}, "a test");
    required_text(test, "name", at);
    if (!test.contains("as_of")) fail(at, "`as_of` is missing: the instant at which the test asks");
    for (const std::string_view key : {"as_of", "known_at"}) {
        const std::string text = optional_text(test, key, at);
        const json::value* value = test.if_contains(key);
        if (value == nullptr || !value->is_string() || time::parse_stamp(text)) continue;
        fail(child(at, key), "\"" + text +
                                 "\" is no instant: one is written such as \"2022-03-01T09:15:00Z\", or "
                                 "\"2022-03-01\" for its start");
    }
    if (test.contains("case") == test.contains("cases"))
        fail(at, "a test has either `case`, one case history, or `cases`, a list of them");
    optional_object(test, "case", at);
    const json::array* cases = optional_array(test, "cases", at);
    for (std::size_t i = 0; cases != nullptr && i < cases->size(); ++i) {
        if (!(*cases)[i].is_object())
            fail(child(child(at, "cases"), i),
                 "a case history is an object, and this is " + std::string(kind_of((*cases)[i])));
    }
    if (!test.contains("expect")) fail(at, "`expect` is missing: every obligation of the duty, in order");
    const json::array* expect = optional_array(test, "expect", at);
    for (std::size_t i = 0; expect != nullptr && i < expect->size(); ++i)
        check_expected((*expect)[i], child(child(at, "expect"), i), duty);
}

void Reader::check_expected(const json::value& value, const std::string& at, std::string_view duty) {
    if (!value.is_object())
        return fail(at, "an expected finding is an object with `duty` and `verdict`, and this is " +
                            std::string(kind_of(value)));
    const json::object& expected = value.get_object();
    check_keys(expected, at, k_expected_fields, "an expected finding");
    if (duty.empty() && !expected.contains("duty"))
        fail(at, "`duty` is missing: the id of the duty that the finding is of");
    const std::string id = optional_text(expected, "duty", at);
    if (!id.empty() && std::find(duty_ids_.begin(), duty_ids_.end(), id) == duty_ids_.end()) {
        const std::vector<std::string_view> known(duty_ids_.begin(), duty_ids_.end());
        fail(child(at, "duty"), "the policy has no duty \"" + id + "\"." + suggestion(id, known));
    }
    const std::string verdict = required_text(expected, "verdict", at);
    if (!verdict.empty() && std::find(k_verdicts.begin(), k_verdicts.end(), verdict) == k_verdicts.end()) {
        fail(child(at, "verdict"),
             "no verdict is called \"" + verdict + "\"." + suggestion(verdict, k_verdicts) +
                 " Verdicts are met, late, missed, pending, excused, lapsed, unassessable.");
    }
}

}  // namespace duecare::policy
