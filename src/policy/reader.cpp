#include "policy/reader.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace duecare::policy {

namespace json = boost::json;

void Reader::fail(std::string_view pointer, std::string message, std::string expression, std::uint32_t column) {
    layered_.report(Diagnostic::Severity::error, pointer, std::move(message), std::move(expression), column);
}

void Reader::warn(std::string_view pointer, std::string message, std::string expression, std::uint32_t column) {
    layered_.report(Diagnostic::Severity::warning, pointer, std::move(message), std::move(expression), column);
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

void Reader::check_keys(const json::object& object, std::string_view at, const std::vector<std::string_view>& known,
                        std::string_view what) {
    for (const auto& [key, value] : object) {
        const std::string_view name(key);
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        std::string message = std::string(what) + " has no key \"" + std::string(name) + "\"." + suggestion(name, known);
        message += " Known are";
        for (std::size_t i = 0; i < known.size(); ++i) message += (i == 0 ? " " : ", ") + std::string(known[i]);
        fail(child(at, name), message + ".");
    }
}

std::string Reader::required_text(const json::object& object, std::string_view key, std::string_view at) {
    if (!object.contains(key)) {
        fail(at, "`" + std::string(key) + "` is missing");
        return {};
    }
    const std::string text = optional_text(object, key, at);
    const json::value& value = object.at(key);
    if (value.is_string() && text.empty()) fail(child(at, key), "`" + std::string(key) + "` must not be empty");
    return text;
}

std::string Reader::optional_text(const json::object& object, std::string_view key, std::string_view at) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return {};
    if (!value->is_string()) {
        fail(child(at, key), "`" + std::string(key) + "` must be a text");
        return {};
    }
    return std::string(value->get_string());
}

const json::object* Reader::optional_object(const json::object& object, std::string_view key, std::string_view at) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return nullptr;
    if (!value->is_object()) {
        fail(child(at, key), "`" + std::string(key) + "` must be an object");
        return nullptr;
    }
    return &value->get_object();
}

const json::array* Reader::optional_array(const json::object& object, std::string_view key, std::string_view at) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return nullptr;
    if (!value->is_array()) {
        fail(child(at, key), "`" + std::string(key) + "` must be a list");
        return nullptr;
    }
    return &value->get_array();
}

std::optional<time::Day> Reader::date(const json::value& value, std::string_view at) {
    const auto day = value.is_string() ? time::parse_date(std::string_view(value.get_string())) : std::nullopt;
    if (!day) fail(at, "a date is written YYYY-MM-DD and must exist");
    return day;
}

Selector Reader::selector(const json::value& value, std::string_view at) {
    Selector selector;
    const auto add = [&](const json::value& item, std::string_view item_at) {
        const std::string type = item.is_string() ? std::string(item.get_string()) : std::string();
        const std::size_t star = type.find('*');
        if (type.empty()) {
            fail(item_at, "an event type is a text such as \"review.supervisor\", a prefix such as \"review.*\", or a list of these");
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

ExpressionId Reader::expression(const json::object& object, std::string_view key, std::string_view at, const Scope& scope) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return k_no_expression;
    if (!value->is_string()) {
        fail(child(at, key), "an expression is written as a text, such as \"event.level == 'high'\"");
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

DurationId Reader::duration(const json::object& object, std::string_view key, std::string_view at, const Scope& scope,
                            const DurationForms& forms) {
    const json::value* value = object.if_contains(key);
    return value == nullptr ? 0 : duration_value(*value, child(at, key), scope, forms);
}

DurationId Reader::duration_text(std::string text, std::string_view at, const DurationForms& forms) {
    if (text.starts_with('$')) {
        const std::string name = text.substr(1);
        const auto found = std::find_if(duration_parameters_.begin(), duration_parameters_.end(),
                                        [&](const auto& p) { return p.first == name; });
        if (found == duration_parameters_.end()) {
            std::vector<std::string_view> known;
            for (const auto& [parameter, value] : duration_parameters_) known.push_back(parameter);
            fail(at, "the policy has no parameter \"" + name + "\" that is a duration." + suggestion(name, known), text, 1);
            return 0;
        }
        text = found->second;
    }
    DurationRule rule;
    rule.text = text;
    if (text == "ever") {
        if (!forms.ever) {
            fail(at, "\"ever\" is known only to `before` and `or_before`", text, 0);
            return 0;
        }
        rule.kind = DurationRule::Kind::ever;
        return add_duration(std::move(rule));
    }
    try {
        rule.kind = DurationRule::Kind::fixed;
        rule.fixed = time::parse_duration(text, program_.reckoning.calendars);
    } catch (const Error& error) {
        fail(at, error.what(), text, 0);
        return 0;
    }
    const time::Unit unit = rule.fixed.unit;
    const bool plain = unit <= time::Unit::years;
    if (unit == time::Unit::practicable && !forms.practicable) {
        fail(at, "\"as soon as practicable\" sets no limit and has no meaning here", text, 0);
    } else if (unit != time::Unit::practicable && !plain && !forms.calendar) {
        fail(at, "only minutes, hours, days, weeks" + std::string(forms.months ? ", months and years" : "") + " are known here", text, 0);
    } else if ((unit == time::Unit::months || unit == time::Unit::years) && !forms.months) {
        fail(at, "only minutes, hours, days and weeks are known here", text, 0);
    }
    return add_duration(std::move(rule));
}

DurationId Reader::duration_value(const json::value& value, std::string_view at, const Scope& scope, const DurationForms& forms) {
    if (value.is_string()) return duration_text(std::string(value.get_string()), at, forms);
    const char* expected = forms.rules ? "a duration is a text such as \"72 hours\", {\"at\": …} or {\"choose\": …, \"cases\": {…}, \"otherwise\": …}"
                                       : "a duration is a text such as \"72 hours\" here";
    if (!value.is_object() || !forms.rules) {
        fail(at, expected);
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
        fail(at, expected);
        return 0;
    }
    check_keys(object, at, {"choose", "cases", "otherwise"}, "a duration with `choose`");
    rule.kind = DurationRule::Kind::choose;
    rule.expression = expression(object, "choose", at, scope);
    if (const json::object* cases = optional_object(object, "cases", at)) {
        for (const auto& [name, inner] : *cases) {
            rule.cases.emplace_back(std::string(name), duration_value(inner, child(child(at, "cases"), name), scope, forms));
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

void Reader::check_tests(const json::object& object, std::string_view at) {
    const json::array* tests = optional_array(object, "tests", at);
    for (std::size_t i = 0; tests != nullptr && i < tests->size(); ++i) {
        const std::string here = child(child(at, "tests"), i);
        if (!(*tests)[i].is_object()) {
            fail(here, "a test is an object with `name`, `as_of`, `case` or `cases`, and `expect`");
            continue;
        }
        const json::object& test = (*tests)[i].get_object();
        check_keys(test, here, {"name", "as_of", "known_at", "case", "cases", "expect"}, "a test");
        required_text(test, "name", here);
        required_text(test, "as_of", here);
        if (test.contains("case") == test.contains("cases")) fail(here, "a test has either `case` or `cases`");
        if (!test.contains("expect")) fail(here, "`expect` is missing: every obligation of the duty, in order");
        optional_array(test, "expect", here);
    }
}

}  // namespace duecare::policy
