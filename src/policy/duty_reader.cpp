#include "policy/duty_reader.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace duecare::policy {

namespace json = boost::json;

namespace {

const std::vector<std::string_view> k_statuses{"statute",
                                               "statutory_guidance",
                                               "code_of_practice",
                                               "professional_practice",
                                               "inspection_expectation",
                                               "local_policy",
                                               "illustrative"};
const std::vector<std::string_view> k_severities{"critical", "high", "medium", "low"};
const std::vector<std::string_view> k_repeats{"each", "first", "absorb", "restart"};
const std::vector<std::string_view> k_placeholders = finding_fields({"duty_id"});

const std::vector<std::string_view> k_common{"id",      "title", "area", "severity", "source", "effective",
                                             "applies", "per",   "for",  "explain",  "tests",  "owner"};

std::vector<std::string_view> keys_of(Shape shape) {
    std::vector<std::string_view> keys = k_common;
    const auto add = [&](std::initializer_list<std::string_view> more) { keys.insert(keys.end(), more); };
    switch (shape) {
        case Shape::respond:
            add({"on", "require", "within", "repeat", "unless", "across", "excused_by", "until",
                 "pause_while", "or_before", "not_before", "accounted_by", "warn", "recorded_within"});
            break;
        case Shape::precede:
            add({"on", "require", "before", "repeat", "unless", "across"});
            break;
        case Shape::check:
            add({"on", "check", "repeat", "unless", "across", "recorded_within"});
            break;
        case Shape::recur:
            add({"while", "require", "every", "first", "anchor", "excused_by", "pause_while", "accounted_by",
                 "warn", "recorded_within"});
            break;
        case Shape::last:
            add({"while", "at_most", "pause_while", "accounted_by", "warn"});
            break;
    }
    return keys;
}

bool is_kebab(std::string_view id) {
    const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    char before = '-';
    for (const char c : id) {
        if (!plain(c) && (c != '-' || before == '-')) return false;
        before = c;
    }
    return before != '-';
}

}  // namespace

void DutyReader::run() {
    duty_.id = reader_.optional_text(object_, "id", at_);
    duty_.pointer = at_;
    duty_.layer = reader_.layer_of(at_);
    if (!is_kebab(duty_.id)) {
        reader_.fail(at("id"), "the id \"" + duty_.id +
                                   "\" is not kebab-case: small letters and digits in words joined by -, "
                                   "such as \"first-review\"");
    }
    if (!shape()) return;
    keys();
    header();
    per();
    scopes();
    Scope case_scope;
    case_scope.no_subject_ever = true;
    case_scope.place = "in `applies`, which looks at the case alone";
    duty_.applies = reader_.expression(object_, "applies", at_, case_scope);
    effective();
    on();
    selectors();
    durations();
    owner();
    check_explain();
    check_options();
    reader_.check_tests(object_, at_, duty_.id);
    reader_.program().duties.push_back(std::move(duty_));
}

// An option of another shape is told apart from a misspelt one.
void DutyReader::keys() {
    json::object unknown;
    const std::vector<std::string_view> mine = keys_of(duty_.shape);
    for (const auto& [key, value] : object_) {
        const std::string_view name(key);
        if (std::find(mine.begin(), mine.end(), name) != mine.end()) continue;
        std::string others;
        for (const Shape shape : {Shape::respond, Shape::precede, Shape::check, Shape::recur, Shape::last}) {
            const std::vector<std::string_view> theirs = keys_of(shape);
            if (std::find(theirs.begin(), theirs.end(), name) == theirs.end()) continue;
            others +=
                (others.empty() ? "" : ", ") + std::string(k_shape_names[static_cast<std::size_t>(shape)]);
        }
        if (others.empty()) {
            unknown.emplace(key, value);
        } else {
            reader_.fail(at(name), "`" + std::string(name) + "` does not go with this duty, whose shape is " +
                                       shape_name() + "; it goes with " + others);
        }
    }
    reader_.check_keys(unknown, at_, mine, "a duty of the shape " + shape_name());
}

bool DutyReader::shape() {
    const bool respond = has("within");
    const bool precede = has("before");
    const bool check = has("check");
    const bool recur = has("every");
    const bool last = has("at_most");
    const int shapes =
        (respond ? 1 : 0) + (precede ? 1 : 0) + (check ? 1 : 0) + (recur ? 1 : 0) + (last ? 1 : 0);
    if (shapes != 1) {
        std::string given;
        for (const std::string_view key : {"within", "before", "check", "every", "at_most"}) {
            if (has(key)) given += (given.empty() ? " (`" : ", `") + std::string(key) + "`";
        }
        reader_.fail(at_,
                     (shapes == 0 ? "the duty has no shape" : "the duty mixes several shapes" + given + ")") +
                         ": it needs one of `on` + `require` + `within` (respond), `on` + `require` + "
                         "`before` (precede), "
                         "`on` + `check`, `while` + `require` + `every` (recur), `while` + `at_most` (last)");
        return false;
    }
    duty_.shape = respond   ? Shape::respond
                  : precede ? Shape::precede
                  : check   ? Shape::check
                  : recur   ? Shape::recur
                            : Shape::last;
    const auto need = [&](std::string_view key) {
        if (!has(key)) {
            reader_.fail(at_, "`" + std::string(key) + "` is missing: a duty of the shape " + shape_name() +
                                  " needs it");
        }
    };
    need(on_shape() ? "on" : "while");
    if (duty_.shape != Shape::check && duty_.shape != Shape::last) need("require");
    return true;
}

void DutyReader::header() {
    duty_.title = reader_.required_text(object_, "title", at_);
    duty_.area = reader_.required_text(object_, "area", at_);
    const std::string severity = reader_.required_text(object_, "severity", at_);
    const auto found = std::find(k_severities.begin(), k_severities.end(), severity);
    if (found == k_severities.end()) {
        if (!severity.empty()) {
            reader_.fail(at("severity"), "`severity` is one of critical, high, medium, low, and not \"" +
                                             severity + "\"." + suggestion(severity, k_severities));
        }
    } else {
        duty_.severity = static_cast<DutySeverity>(found - k_severities.begin());
    }
    source();
}

void DutyReader::source() {
    const json::object* object = reader_.optional_object(object_, "source", at_);
    if (object == nullptr) {
        if (!has("source"))
            reader_.fail(at_, "`source` is missing: the rule's title, section, url and status");
        return;
    }
    const std::string here = at("source");
    reader_.check_keys(*object, here, {"title", "section", "url", "status"}, "a source");
    duty_.source.title = reader_.required_text(*object, "title", here);
    duty_.source.section = reader_.optional_text(*object, "section", here);
    duty_.source.url = reader_.optional_text(*object, "url", here);
    duty_.source.status = reader_.required_text(*object, "status", here);
    if (!duty_.source.status.empty() &&
        std::find(k_statuses.begin(), k_statuses.end(), duty_.source.status) == k_statuses.end()) {
        std::string known;
        for (const std::string_view status : k_statuses)
            known += (known.empty() ? "" : ", ") + std::string(status);
        reader_.fail(Reader::child(here, "status"), "`status` is one of " + known + ", and not \"" +
                                                        duty_.source.status + "\"." +
                                                        suggestion(duty_.source.status, k_statuses));
    }
}

void DutyReader::effective() {
    const json::object* object = reader_.optional_object(object_, "effective", at_);
    if (object == nullptr) return;
    const std::string here = at("effective");
    reader_.check_keys(*object, here, {"from", "until", "at"}, "`effective`");
    if (const json::value* from = object->if_contains("from"))
        duty_.effective_from = reader_.date(*from, Reader::child(here, "from"));
    if (const json::value* until = object->if_contains("until"))
        duty_.effective_until = reader_.date(*until, Reader::child(here, "until"));
    if (duty_.effective_from && duty_.effective_until && *duty_.effective_from >= *duty_.effective_until) {
        reader_.fail(here,
                     "the duty is never in force: `until`, which is exclusive, must be later than `from`");
    }
    Scope scope;
    scope.trigger = true;
    scope.no_subject_ever = true;
    scope.place = "in `effective.at`, which looks at the case and the trigger";
    duty_.effective_at = reader_.expression(*object, "at", here, scope);
}

void DutyReader::per() {
    const std::string per = reader_.optional_text(object_, "per", at_);
    if (per == "subject") {
        duty_.per = Per::subject;
    } else if (per.starts_with("event.") || per.starts_with("event[")) {
        if (!on_shape()) {
            reader_.fail(at("per"), "a duty with `while` is kept per \"case\" or per \"subject\"");
            return;
        }
        duty_.per = Per::value;
        Scope scope;
        scope.event = true;
        scope.place = "in `per`";
        duty_.per_value = reader_.expression(per, at("per"), scope);
        if (duty_.per_value != k_no_expression) {
            const Program& program = reader_.program();
            const Op op = program.nodes[program.expressions[duty_.per_value].root].op;
            if (op != Op::event_attribute && op != Op::event_id && op != Op::event_type) {
                reader_.fail(
                    at("per"),
                    "`per` is \"case\", \"subject\" or one path of the event, such as \"event.device\"", per,
                    0);
            }
        }
    } else if (!per.empty() && per != "case") {
        reader_.fail(at("per"),
                     "`per` is \"case\", \"subject\" or a path of the event, such as \"event.device\"." +
                         suggestion(per, {"case", "subject"}));
    }
    if (has("for") && duty_.per != Per::subject)
        reader_.fail(at("for"), "`for` asks about the subject and needs `\"per\": \"subject\"`");
    const std::string across = reader_.optional_text(object_, "across", at_);
    if (!across.empty() && on_shape()) {
        if (across != "cases")
            reader_.fail(at("across"), "`across` can only be \"cases\", and not \"" + across + "\"");
        if (duty_.per != Per::subject)
            reader_.fail(at("across"),
                         "`across` follows a person through the cases and needs `\"per\": \"subject\"`");
        duty_.across = true;
    }
}

void DutyReader::scopes() {
    event_scope_.event = true;
    event_scope_.subject = duty_.per == Per::subject;
    event_scope_.facts = !duty_.across;
    event_scope_.subject_facts = duty_.per == Per::subject && !duty_.across;
    event_scope_.place = duty_.across ? "in a duty across cases, each of which has facts of its own" : "here";
    response_scope_ = event_scope_;
    if (!duty_.across) event_scope_.place = "here, where the obligation is yet to open";
    response_scope_.trigger = true;
}

void DutyReader::on() {
    if (duty_.per == Per::subject) duty_.for_subject = reader_.expression(object_, "for", at_, event_scope_);
    if (!on_shape()) {
        duty_.holds_while = reader_.expression(object_, "while", at_, event_scope_);
        return;
    }
    duty_.on = reader_.match(object_, "on", at_, event_scope_, {"count"});
    const json::value* on = object_.if_contains("on");
    if (on != nullptr && on->is_object() && on->get_object().contains("count")) {
        const std::string here = Reader::child(at("on"), "count");
        if (const json::object* count = reader_.optional_object(on->get_object(), "count", at("on"))) {
            reader_.check_keys(*count, here, {"at_least", "within"}, "`count`");
            const json::value* at_least = count->if_contains("at_least");
            if (at_least == nullptr || !at_least->is_int64() || at_least->get_int64() < 1 ||
                at_least->get_int64() > 1'000'000) {
                reader_.fail(at_least == nullptr ? here : Reader::child(here, "at_least"),
                             "`at_least` is a whole number from 1 on: how often it must happen");
            } else {
                duty_.count_at_least = static_cast<std::uint32_t>(at_least->get_int64());
            }
            DurationForms forms;
            forms.rules = forms.practicable = forms.calendar = false;
            duty_.count_within = reader_.duration(*count, "within", here, event_scope_, forms);
            if (!count->contains("within"))
                reader_.fail(here, "`within` is missing: the window in which it is counted");
        }
    }
    duty_.unless = reader_.expression(object_, "unless", at_, event_scope_);
    duty_.check = reader_.expression(object_, "check", at_, event_scope_);
    const std::string repeat = reader_.optional_text(object_, "repeat", at_);
    const auto found = std::find(k_repeats.begin(), k_repeats.end(), repeat);
    if (!repeat.empty() && found == k_repeats.end()) {
        reader_.fail(at("repeat"), "`repeat` is one of each, first, absorb, restart, and not \"" + repeat +
                                       "\"." + suggestion(repeat, k_repeats));
    } else if (!repeat.empty()) {
        duty_.repeat = static_cast<Repeat>(found - k_repeats.begin());
    }
    if (duty_.shape != Shape::respond && duty_.repeat > Repeat::first) {
        reader_.fail(at("repeat"),
                     "`repeat: " + repeat + "` goes with `within` only; this duty is judged at its trigger");
    }
}

void DutyReader::selectors() {
    duty_.require = reader_.match(object_, "require", at_, response_scope_);
    duty_.excused_by = reader_.match(object_, "excused_by", at_, response_scope_);
    duty_.until = reader_.match(object_, "until", at_, response_scope_);
    duty_.accounted_by = reader_.match(object_, "accounted_by", at_, response_scope_);
    Scope pause;
    pause.subject = event_scope_.subject;
    pause.facts = event_scope_.facts;
    pause.subject_facts = event_scope_.subject_facts;
    pause.place = duty_.across ? event_scope_.place : "in `pause_while`, which looks at facts and the case";
    duty_.pause_while = reader_.expression(object_, "pause_while", at_, pause);
}

void DutyReader::durations() {
    DurationForms any;
    DurationForms limit;
    limit.practicable = false;
    DurationForms back;
    back.rules = back.practicable = back.calendar = false;
    back.ever = true;
    DurationForms near = back;
    near.ever = near.months = false;
    DurationForms fixed;
    fixed.rules = fixed.practicable = false;
    duty_.within = reader_.duration(object_, "within", at_, event_scope_, any);
    duty_.not_before = reader_.duration(object_, "not_before", at_, event_scope_, limit);
    duty_.look_back = reader_.duration(object_, duty_.shape == Shape::precede ? "before" : "or_before", at_,
                                       event_scope_, back);
    duty_.first = reader_.duration(object_, "first", at_, event_scope_, any);
    duty_.every = reader_.duration(object_, "every", at_, event_scope_, any);
    duty_.at_most = reader_.duration(object_, "at_most", at_, event_scope_, any);
    duty_.warn = reader_.duration(object_, "warn", at_, event_scope_, near);
    duty_.recorded_within = reader_.duration(object_, "recorded_within", at_, event_scope_, fixed);
    if (has("or_before") && has("not_before")) {
        reader_.fail(at("or_before"), "`or_before` and `not_before` contradict each other; keep one");
    }
    const std::string anchor = reader_.optional_text(object_, "anchor", at_);
    if (!anchor.empty() && anchor != "previous" && anchor != "schedule") {
        reader_.fail(at("anchor"),
                     "`anchor` is \"previous\" (from the last response) or \"schedule\" (a fixed grid from "
                     "the start)." +
                         suggestion(anchor, {"previous", "schedule"}));
    }
    duty_.schedule = anchor == "schedule";
}

void DutyReader::owner() {
    Scope scope;
    scope.subject = duty_.per == Per::subject;
    scope.facts = true;  // across cases too: `owner` is read on the facts of the trigger's case
    scope.subject_facts = duty_.per == Per::subject;
    scope.place = "in `owner`, which looks at facts and the case";
    if (has("owner")) {
        duty_.owner = reader_.expression(object_, "owner", at_, scope);
    } else if (!common_owner_.empty()) {
        duty_.owner = reader_.expression(common_owner_, "/owner", scope);
    }
}

void DutyReader::check_explain() {
    duty_.explain = reader_.optional_text(object_, "explain", at_);
    const std::string& text = duty_.explain;
    for (std::size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
        const std::size_t close = text.find('}', open);
        const auto column = static_cast<std::uint32_t>(open);
        if (close == std::string::npos) {
            reader_.fail(at("explain"), "this placeholder has no end: a } was expected", text, column);
            return;
        }
        const std::string name = text.substr(open + 1, close - open - 1);
        if (std::find(k_placeholders.begin(), k_placeholders.end(), name) == k_placeholders.end()) {
            reader_.fail(at("explain"),
                         "a finding has no field \"" + name + "\"." + suggestion(name, k_placeholders) +
                             " Placeholders are its fields, such as {case_id} and {due_at}.",
                         text, column);
        }
    }
}

void DutyReader::check_options() {
    const Program& program = reader_.program();
    // A rhythm of no length would never end.
    const auto positive = [&](const auto& self, DurationId id, std::string_view key) -> void {
        const DurationRule& rule = program.durations[id];
        for (const auto& [name, inner] : rule.cases) self(self, inner, key);
        if (rule.kind == DurationRule::Kind::choose) self(self, rule.otherwise, key);
        if (rule.kind == DurationRule::Kind::fixed && rule.fixed.count == 0 &&
            rule.fixed.unit != time::Unit::practicable && rule.fixed.unit != time::Unit::start_of_next) {
            reader_.fail(at(key), "a rhythm needs a length above zero", rule.text, 0);
        }
    };
    if (duty_.every != 0) positive(positive, duty_.every, "every");
    if (duty_.schedule && program.durations[duty_.every].kind == DurationRule::Kind::fixed &&
        program.durations[duty_.every].fixed.unit == time::Unit::practicable) {
        reader_.fail(at("every"), "a fixed grid needs a length; \"as soon as practicable\" has none");
    }
}

}  // namespace duecare::policy
