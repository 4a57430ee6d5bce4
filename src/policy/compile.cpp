// Reads a merged policy into a Program. One class, one pass; every mistake is reported at its place, and
// reading goes on so that an author sees all of them at once.
#include <algorithm>
#include <array>
#include <set>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "policy/analysis.hpp"
#include "policy/builtin.hpp"
#include "policy/duty_reader.hpp"

namespace duecare::policy {

namespace json = boost::json;

namespace {

const std::vector<std::string_view> k_policy_keys{"format", "id",        "version", "title",      "time_zone",
                                                  "ranks",  "calendars", "facts",   "parameters", "events",
                                                  "owner",  "duties",    "tests"};
const std::vector<std::string_view> k_weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

// "HH:MM" of the local clock in microseconds after midnight; 24:00 is allowed.
std::optional<std::int64_t> clock_of(std::string_view text) {
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 99; };
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const std::int64_t hour = digit(0) * 10 + digit(1);
    const std::int64_t minute = digit(3) * 10 + digit(4);
    if (hour > 24 || minute > 59 || (hour == 24 && minute != 0)) return std::nullopt;
    return hour * time::k_micros_per_hour + minute * time::k_micros_per_minute;
}

class Compiler : public Reader {
  public:
    Compiler(Layered& layered, Program& program, const std::shared_ptr<const time::ZoneData>& zones)
        : Reader(layered, program), zones_(zones) {}

    void run() {
        const json::object& root = layered_.merged;
        check_keys(root, "", k_policy_keys, "a policy");
        program_.id = required_text(root, "id", "");
        program_.version = required_text(root, "version", "");
        program_.title = required_text(root, "title", "");
        zone(root);
        ranks(root);
        calendars(root);
        parameters(root);
        facts(root);
        events(root);
        for (const json::value& duty : root.at("duties").get_array())
            duty_ids_.emplace_back(duty.at("id").get_string());
        duties(root);
        check_tests(root, "", "");
        if (!layered_.failed()) analyse(layered_, program_, parser_);
    }

  private:
    void zone(const json::object& root) {
        program_.zone_name = required_text(root, "time_zone", "");
        program_.zone_data_version = zones_->version();
        if (program_.zone_name.empty()) return;
        try {
            program_.reckoning.zone = time::Zone::load(program_.zone_name, zones_);
        } catch (const Error& error) {
            fail("/time_zone", error.what());
        }
    }

    void ranks(const json::object& root) {
        const json::object* object = optional_object(root, "ranks", "");
        if (object == nullptr) return;
        for (const auto& [name, value] : *object) {
            if (!value.is_int64()) {
                fail(child("/ranks", name),
                     "a rank's order is a whole number, the higher the more senior, and this is " +
                         std::string(value.is_number() ? "not whole" : kind_of(value)));
                continue;
            }
            program_.ranks.emplace_back(std::string(name), value.get_int64());
        }
        for (const auto& [name, number] : program_.ranks) program_.rank_numbers.emplace(name, number);
    }

    void calendars(const json::object& root) {
        const json::object* object = optional_object(root, "calendars", "");
        if (object == nullptr) return;
        for (const auto& [name, value] : *object)
            calendar(std::string(name), value, child("/calendars", name));
    }

    void calendar(const std::string& name, const json::value& value, const std::string& at) {
        if (!value.is_object())
            return fail(at,
                        "a calendar is an object with `weekdays`, and optionally `closed`, `covers`, "
                        "`opens`, `closes`");
        const json::object& object = value.get_object();
        check_keys(object, at, {"weekdays", "closed", "covers", "opens", "closes"}, "a calendar");
        check_calendar_name(name, at);
        time::Calendar calendar;
        calendar.name = name;
        if (const json::array* days = optional_array(object, "weekdays", at)) {
            for (std::size_t i = 0; i < days->size(); ++i) {
                const std::string day = (*days)[i].is_string() ? std::string((*days)[i].get_string()) : "";
                const auto found = std::find(k_weekdays.begin(), k_weekdays.end(), day);
                if (found == k_weekdays.end()) {
                    const std::string found_text =
                        day.empty() ? std::string(kind_of((*days)[i])) : "\"" + day + "\"";
                    fail(child(child(at, "weekdays"), i),
                         "a weekday is one of mon, tue, wed, thu, fri, sat, sun, and not " + found_text +
                             "." + suggestion(day, k_weekdays));
                } else {
                    calendar.weekdays =
                        static_cast<std::uint8_t>(calendar.weekdays | (1U << (found - k_weekdays.begin())));
                }
            }
            if (days->empty())
                fail(child(at, "weekdays"),
                     "the calendar has no day at all: `weekdays` needs at least one of mon, tue, wed, thu, "
                     "fri, sat, sun");
        } else if (!object.contains("weekdays")) {
            fail(at, "the calendar needs `weekdays`, such as [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]");
        }
        if (const json::array* closed = optional_array(object, "closed", at)) {
            for (std::size_t i = 0; i < closed->size(); ++i) {
                if (const auto day = date((*closed)[i], child(child(at, "closed"), i)))
                    calendar.closed.push_back(*day);
            }
        }
        std::sort(calendar.closed.begin(), calendar.closed.end());
        calendar.closed.erase(std::unique(calendar.closed.begin(), calendar.closed.end()),
                              calendar.closed.end());
        if (const json::object* covers = optional_object(object, "covers", at)) {
            const std::string covers_at = child(at, "covers");
            check_keys(*covers, covers_at, {"from", "until"}, "`covers`");
            if (const json::value* from = covers->if_contains("from"))
                calendar.covers_from = date(*from, child(covers_at, "from"));
            if (const json::value* until = covers->if_contains("until"))
                calendar.covers_until = date(*until, child(covers_at, "until"));
            if (calendar.covers_from && calendar.covers_until &&
                *calendar.covers_from >= *calendar.covers_until) {
                fail(covers_at, "`covers` is empty: `until`, which is exclusive, must be later than `from`");
            }
        }
        calendar.opens = clock(object, "opens", at, 0);
        calendar.closes = clock(object, "closes", at, time::k_micros_per_day);
        if (calendar.opens >= calendar.closes) {
            fail(at, "the calendar is never open: `opens` must be earlier on the day than `closes`");
        }
        program_.reckoning.calendars.push_back(std::move(calendar));
    }

    // A duration names a calendar before "days" or "hours" ("15 working days"): the name must not read as
    // something else.
    void check_calendar_name(const std::string& name, const std::string& at) {
        static constexpr std::array<std::string_view, 16> k_words{
            "minute", "minutes", "hour", "hours", "day",   "days",      "week", "weeks",
            "month",  "months",  "year", "years", "whole", "inclusive", "next", "ever"};
        const std::string_view first = std::string_view(name).substr(0, name.find(' '));
        if (name.empty() || name.front() == ' ' || name.back() == ' ' ||
            name.find("  ") != std::string::npos) {
            fail(at, "a calendar's name is words with one space between them, such as \"working\"");
        } else if (std::find(k_words.begin(), k_words.end(), name) != k_words.end() || first == "whole") {
            fail(at, "a calendar cannot be called \"" + name + "\": in a duration such as \"3 " + name +
                         " days\" the word means something else; choose another name");
        }
    }

    std::int64_t clock(const json::object& object, std::string_view key, const std::string& at,
                       std::int64_t fallback) {
        const std::string text = optional_text(object, key, at);
        if (!object.contains(key) || !object.at(key).is_string()) return fallback;
        const auto micros = clock_of(text);
        if (!micros)
            fail(child(at, key),
                 "\"" + text + "\" is no time of day: one is written HH:MM, from 00:00 to 24:00");
        return micros.value_or(fallback);
    }

    void parameters(const json::object& root) {
        const json::object* object = optional_object(root, "parameters", "");
        if (object == nullptr) return;
        for (const auto& [name, value] : *object) {
            if (const auto constant = parameter_value(value)) {
                parser_.add_parameter(std::string(name), *constant);
                if (!value.is_string()) other_parameters_.emplace_back(name);
                if (value.is_string())
                    duration_parameters_.emplace_back(std::string(name), std::string(value.get_string()));
            } else {
                fail(child("/parameters", name),
                     "a parameter is a text, a number, true, false or a list of these");
            }
        }
    }

    std::optional<Val> parameter_value(const json::value& value, bool in_list = false) {
        if (value.is_string()) return Val::of(parser_.keep(std::string(value.get_string())));
        if (value.is_bool()) return Val::of(value.get_bool());
        if (value.is_int64()) return Val::of(value.get_int64());
        if (value.is_double()) return Val::of(value.get_double());
        if (value.is_uint64()) return Val::of(static_cast<double>(value.get_uint64()));
        if (!value.is_array() || in_list) return std::nullopt;
        std::vector<Val> items;
        for (const json::value& item : value.get_array()) {
            const auto constant = parameter_value(item, true);
            if (!constant) return std::nullopt;
            items.push_back(*constant);
        }
        program_.constant_lists.push_back(std::move(items));
        return Val::of_list(program_.constant_lists.back().data(), program_.constant_lists.back().size());
    }

    void facts(const json::object& root) {
        const json::object* object = optional_object(root, "facts", "");
        if (object == nullptr) return;
        for (const auto& [name, value] : *object) fact(std::string(name), value, child("/facts", name));
    }

    void fact(const std::string& name, const json::value& value, const std::string& at) {
        if (!value.is_object())
            return fail(at, "a fact is an object with `set`, and optionally `per` and `initial`");
        const json::object& object = value.get_object();
        check_keys(object, at, {"per", "initial", "set"}, "a fact");
        Fact fact;
        fact.name = name;
        const std::string per = optional_text(object, "per", at);
        if (!per.empty() && per != "case" && per != "subject")
            fail(child(at, "per"), "`per` of a fact is \"case\" or \"subject\", and not \"" + per + "\"." +
                                       suggestion(per, {"case", "subject"}));
        fact.per_subject = per == "subject";
        Scope scope;
        scope.place = "in `initial` of a fact, where there is no event yet";
        scope.subject = fact.per_subject;
        fact.initial = expression(object, "initial", at, scope);
        scope.place = "in the rules of a fact, which look at the event and the case";
        scope.event = true;
        const json::array* rules = optional_array(object, "set", at);
        if (rules == nullptr && !object.contains("set"))
            fail(at, "a fact needs `set`: [{\"event\": …, \"to\": …}]");
        for (std::size_t i = 0; rules != nullptr && i < rules->size(); ++i) {
            const std::string rule_at = child(child(at, "set"), i);
            if (!(*rules)[i].is_object()) {
                fail(rule_at, "a rule of a fact is an object with `event`, `to` and optionally `where`");
                continue;
            }
            const json::object& rule = (*rules)[i].get_object();
            check_keys(rule, rule_at, {"event", "where", "to"}, "a rule of a fact");
            FactRule read;
            read.on = match_fields(rule, rule_at, scope);
            read.to = expression(rule, "to", rule_at, scope);
            if (!rule.contains("to"))
                fail(rule_at, "the rule needs `to`, the expression whose value the fact takes");
            fact.rules.push_back(std::move(read));
        }
        parser_.add_fact(name, fact.per_subject, static_cast<std::uint32_t>(program_.facts.size()));
        program_.facts.push_back(std::move(fact));
    }

    void events(const json::object& root) {
        const json::object* object = optional_object(root, "events", "");
        if (object == nullptr) return;
        for (const auto& [name, value] : *object) {
            if (!value.is_object())
                fail(child("/events", name),
                     "the documentation of an event type is an object such as {\"title\": \"Supervisory "
                     "review\"}");
            program_.documented_events.emplace_back(name);
        }
    }

    void duties(const json::object& root) {
        const json::array& list = root.at("duties").get_array();
        const std::string common_owner = optional_text(root, "owner", "");
        for (std::size_t i = 0; i < list.size(); ++i) {
            DutyReader(*this, list[i].get_object(), child("/duties", i), common_owner).run();
        }
    }

    const std::shared_ptr<const time::ZoneData>& zones_;
};

}  // namespace

Compiled compile(const Document& document, const std::vector<Document>& handed_over, const Resolver& resolver,
                 const std::shared_ptr<const time::ZoneData>& zones) {
    const Resolver with_builtin = [&](std::string_view id) -> std::optional<Document> {
        std::optional<Document> found;
        if (resolver) found = resolver(id);
        return found ? found : builtin_document(id);
    };
    Compiled compiled;
    Layered layered = merge_layers(document, handed_over, with_builtin);
    // Faults of single duties do not keep the rest from being read; a layer that cannot be read does.
    if (layered.merged.contains("duties")) {
        auto program = std::make_shared<Program>();
        program->durations.emplace_back();
        Compiler(layered, *program, zones).run();
        if (!layered.failed()) {
            program->merged_json = pretty_json(layered.merged);
            program->digest = sha256_hex(program->merged_json);
            compiled.policy = std::make_shared<Policy>(std::move(program));
        }
    }
    layered.sort();
    compiled.diagnostics = std::move(layered.diagnostics);
    return compiled;
}

}  // namespace duecare::policy
