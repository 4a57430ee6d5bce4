#include "findings/report.hpp"

#include "base/text.hpp"
#include "policy/program.hpp"

namespace duecare::findings {

using evaluate::Finding;
using evaluate::k_no_event;
using evaluate::k_no_instant;
using evaluate::Result;

namespace {

void append_instant_or_null(std::string& out, time::Instant instant) {
    if (instant == k_no_instant) {
        out.append("null");
        return;
    }
    out.push_back('"');
    time::append_instant(out, instant);
    out.push_back('"');
}

void append_text_or_null(std::string& out, std::string_view text) {
    if (text.data() == nullptr) {
        out.append("null");
    } else {
        append_json_string(out, text);
    }
}

void append_event_or_null(std::string& out, const About& about, std::uint32_t event) {
    if (event == k_no_event) {
        out.append("null");
    } else {
        append_json_string(out, event_name(about.caseload, about.finding.case_index, event));
    }
}

}  // namespace

std::uint32_t case_of_event(const records::Caseload& caseload, std::uint32_t event) {
    std::size_t low = 0;
    std::size_t high = caseload.cases.size();
    while (low + 1 < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (caseload.cases[middle].events.begin <= event) {
            low = middle;
        } else {
            high = middle;
        }
    }
    // Cases without events share their begin with the next one.
    while (low > 0 && caseload.cases[low].events.end <= event) --low;
    return static_cast<std::uint32_t>(low);
}

std::string event_name(const records::Caseload& caseload, std::uint32_t case_index, std::uint32_t event) {
    const std::string_view id = caseload.strings.view(caseload.event_id[event]);
    const records::Range own = caseload.cases[case_index].events;
    if (event >= own.begin && event < own.end) return std::string(id);
    const std::uint32_t other = case_of_event(caseload, event);
    return std::string(caseload.strings.view(caseload.cases[other].id)) + "/" + std::string(id);
}

About about(const Result& result, std::size_t index) {
    const Finding& finding = result.findings[index];
    return {result.policy->program(), *result.caseload, result.as_of, finding,
            std::span(result.evidence).subspan(finding.evidence_begin, finding.evidence_count)};
}

void append_json(std::string& out, const Result& result, std::size_t index, const JsonOptions& options) {
    std::string sentence;
    if (options.descriptive)
        sentence =
            options.explainer != nullptr ? options.explainer->sentence(index) : explanation(result, index);
    append_json(out, about(result, index), sentence);
}

void append_json(std::string& out, const About& about, std::string_view explanation) {
    const Finding& finding = about.finding;
    const policy::Duty& duty = about.program.duties[finding.duty];
    const records::Caseload& caseload = about.caseload;
    const auto text = [&](std::string_view key, std::string_view value) {
        out.append(key);
        append_text_or_null(out, value);
    };
    const auto number = [&](std::string_view key, std::int64_t value) {
        out.append(key);
        append_integer(out, value);
    };
    text("{\"case_id\":", caseload.strings.view(caseload.cases[finding.case_index].id));
    text(",\"duty_id\":", duty.id);
    text(",\"key\":", finding.key);
    text(",\"verdict\":", evaluate::k_verdict_names[static_cast<std::size_t>(finding.verdict)]);
    out.append(",\"opened_at\":");
    append_instant_or_null(out, finding.opened_at);
    out.append(",\"due_at\":");
    append_instant_or_null(out, finding.due_at);
    out.append(",\"ended_at\":");
    append_instant_or_null(out, finding.ended_at);
    number(",\"overdue_seconds\":", finding.overdue_seconds);
    number(",\"elapsed_seconds\":", finding.elapsed_seconds);
    number(",\"missed_periods\":", finding.missed_periods);
    out.append(",\"trigger_event\":");
    append_event_or_null(out, about, finding.trigger_event);
    out.append(",\"ending_event\":");
    append_event_or_null(out, about, finding.ending_event);
    out.append(",\"flags\":[");
    bool first = true;
    for (std::size_t bit = 0; bit < evaluate::k_flag_names.size(); ++bit) {
        if ((finding.flags & (1U << bit)) == 0) continue;
        if (!first) out.push_back(',');
        first = false;
        append_json_string(out, evaluate::k_flag_names[bit]);
    }
    text("],\"reason\":", finding.reason);
    out.append(",\"evidence\":[");
    for (std::size_t i = 0; i < about.evidence.size(); ++i) {
        if (i != 0) out.push_back(',');
        append_event_or_null(out, about, about.evidence[i]);
    }
    text("],\"owner\":", finding.owner);
    if (!explanation.empty()) {
        text(",\"area\":", duty.area);
        text(",\"severity\":", policy::k_severity_names[static_cast<std::size_t>(duty.severity)]);
        text(",\"title\":", duty.title);
        text(",\"explanation\":", explanation);
    }
    out.push_back('}');
}

}  // namespace duecare::findings
