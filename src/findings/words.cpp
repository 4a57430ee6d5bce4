#include "findings/words.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "findings/report.hpp"

namespace duecare::findings {

using policy::Node;
using policy::Op;

namespace {

constexpr std::array<std::string_view, 12> k_months{"January",   "February", "March",    "April",
                                                    "May",       "June",     "July",     "August",
                                                    "September", "October",  "November", "December"};

void append_two(std::string& text, std::int64_t number) {
    if (number < 10) text += '0';
    append_integer(text, number);
}

}  // namespace

std::string spaced(std::string_view name) {
    std::string text(name);
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string count_of(std::int64_t count, std::string_view unit) {
    std::string text;
    append_integer(text, count);
    text += " " + std::string(unit);
    if (count != 1) text += "s";
    return text;
}

std::string span_of(std::int64_t seconds) {
    static constexpr std::pair<std::int64_t, std::string_view> k_units[] = {
        {86'400, "day"}, {3'600, "hour"}, {60, "minute"}, {1, "second"}};
    for (std::size_t i = 0; i < std::size(k_units); ++i) {
        const auto& [size, name] = k_units[i];
        if (seconds < size) continue;
        std::string text = count_of(seconds / size, name);
        if (i + 1 < std::size(k_units)) {
            const std::int64_t rest = (seconds % size) / k_units[i + 1].first;
            const bool matters = i != 0 || seconds / size < 14;
            if (rest > 0 && matters) text += " " + count_of(rest, k_units[i + 1].second);
        }
        return text;
    }
    return "less than a second";
}

std::string any_of(const std::vector<std::string>& texts, std::string_view last) {
    std::string text;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i != 0) text += i + 1 == texts.size() ? last : ", ";
        text += texts[i];
    }
    return text;
}

std::string Words::when(time::Instant instant) const {
    const time::Zone& zone = program_.reckoning.zone;
    const time::Day day = zone.local_day(instant);
    const bool end = instant == zone.end_of_day(day);
    const time::CivilDate date = time::civil_of(day);
    std::string text;
    append_integer(text, date.day);
    text += " " + std::string(k_months[static_cast<std::size_t>(date.month - 1)]) + " ";
    append_integer(text, date.year);
    if (end) return "the end of " + text;
    const std::int64_t second =
        (zone.to_local(instant) - std::int64_t{day} * time::k_micros_per_day) / time::k_micros_per_second;
    text += ", ";
    append_two(text, second / 3600);
    text += ':';
    append_two(text, second / 60 % 60);
    if (second % 60 != 0) {
        text += ':';
        append_two(text, second % 60);
    }
    return text;
}

std::string Words::limit(time::Instant instant) const {
    const time::Zone& zone = program_.reckoning.zone;
    const bool end = instant == zone.end_of_day(zone.local_day(instant));
    return when(!end && (instant + 1) % time::k_micros_per_minute == 0 ? instant + 1 : instant);
}

std::string Words::event(std::uint32_t index) const {
    return std::string(caseload_.strings.view(caseload_.event_type[index])) + " (" +
           event_name(caseload_, case_, index) + ")";
}

std::string Words::on(std::uint32_t index) const {
    const time::Stamp stamp = caseload_.occurred(index);
    if (stamp.precision == time::Precision::exact) return "on " + when(stamp.micros);
    const std::string text = when(program_.reckoning.zone.to_instant(stamp.micros));
    return "on " + (stamp.precision == time::Precision::day ? text.substr(0, text.find(',')) : text);
}

std::string Words::by(std::uint32_t index) const {
    if (caseload_.event_actor[index] == records::k_no_actor) return {};
    const records::Actor& actor = caseload_.actors[caseload_.event_actor[index]];
    records::StringId rank = actor.rank;
    if (rank == records::k_no_string && actor.id != records::k_no_string) {
        const time::Stamp stamp = caseload_.occurred(index);
        const time::Zone& zone = program_.reckoning.zone;
        const time::Instant at =
            stamp.precision == time::Precision::exact ? stamp.micros : zone.to_instant(stamp.micros);
        const records::Service* const service = caseload_.service(actor.id, zone.local_day(at));
        if (service != nullptr) rank = service->rank;
    }
    std::string text;
    if (rank != records::k_no_string) text += " " + spaced(caseload_.strings.view(rank));
    if (actor.id != records::k_no_string) text += " " + std::string(caseload_.strings.view(actor.id));
    return text.empty() ? text : " by" + text;
}

std::string Words::kinds(const policy::Selector& selector) {
    std::vector<std::string> names = selector.types;
    for (const std::string& prefix : selector.prefixes) names.push_back(prefix + "*");
    return any_of(names);
}

namespace {

// A path of the contract as a person would say it: `"level"`, `the age of the person`.
std::string said(const std::string& path) {
    const std::size_t dot = path.find('.');
    if (dot == std::string::npos) return "\"" + path + "\"";
    const std::string root = path.substr(0, dot);
    const std::string key = path.substr(dot + 1);
    if (root == "actor") return key == "id" ? "who did it" : "the " + key + " of whoever did it";
    if (root == "subject" && (key == "age" || key == "roles")) return "the " + key + " of the person";
    if (root == "event") return "\"" + key + "\"";
    if (root == "trigger")
        return key == "actor.id" ? "who did the opening event" : "\"" + key + "\" of the opening event";
    if (root == "case") return "\"" + key + "\" of the case";
    if (root == "fact") return "what \"" + key + "\" is";
    return "\"" + key + "\" of the person";
}

}  // namespace

std::string Words::reason(std::string_view reason, const std::string& subject) {
    const std::size_t colon = reason.find(": ");
    const std::string_view kind = reason.substr(0, colon);
    const std::string what(colon == std::string_view::npos ? "" : reason.substr(colon + 2));
    if (kind == "missing_value") return subject + " does not say " + said(what);
    if (kind == "unknown_rank")
        return subject + " names the rank \"" + what + "\", which the policy does not list";
    if (kind == "calendar_uncovered")
        return "the calendar \"" + what + "\" does not cover the dates that have to be counted";
    if (kind == "too_many_steps")
        return "the date of " + subject + " gives the schedule more than " + what +
               " steps; it may be mistyped";
    if (what == "at") return subject + " holds no date or time where one is needed";
    if (what == "per") return subject + " holds no value that tells the obligations apart";
    if (what == "expression")
        return subject + " holds something that is neither true nor false where one of them is needed";
    return subject + " holds a value of the wrong kind for \"" + what + "\"";
}

std::string Words::untold(std::string_view reason, const std::string& subject) {
    const std::size_t colon = reason.find(": ");
    const std::string_view kind = reason.substr(0, colon);
    const std::string what(colon == std::string_view::npos ? "" : reason.substr(colon + 2));
    if (kind == "calendar_uncovered")
        return "the calendar \"" + what + "\" covered the dates that have to be counted";
    if (kind == "too_many_steps") return "the date of " + subject + " were not so long ago";
    if (kind == "unknown_rank") return "the policy listed the rank \"" + what + "\"";
    if (kind != "missing_value") return subject + " held a value of the right kind for \"" + what + "\"";
    const std::size_t dot = what.find('.');
    const std::string root = what.substr(0, dot);
    const bool of_event = root == "event" || root == "actor" || root == "trigger";
    return (of_event ? subject : std::string("the record")) + " said " + said(what);
}

}  // namespace duecare::findings
