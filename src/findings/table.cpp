#include "findings/table.hpp"

#include <algorithm>
#include <optional>

#include "findings/report.hpp"
#include "policy/program.hpp"

namespace duecare::findings {

namespace {

using evaluate::Finding;
using evaluate::Result;
using Shared = std::shared_ptr<const Result>;
using WordList = std::shared_ptr<const std::vector<std::string>>;

/// What the duties of a policy say in one field: a dictionary in which no text stands twice.
struct DutyWords {
    template <typename Field>
    DutyWords(const policy::Program& program, Field&& field) {
        std::vector<std::string> found;
        for (const policy::Duty& duty : program.duties) {
            const std::string word(field(duty));
            const auto at = std::find(found.begin(), found.end(), word);
            by_duty.push_back(at - found.begin());
            if (at == found.end()) found.push_back(word);
        }
        words = std::make_shared<const std::vector<std::string>>(std::move(found));
    }
    WordList words;
    std::vector<std::int64_t> by_duty;
};

void text_or_null(ColumnWriter& to, std::string_view text) {
    if (text.data() == nullptr) {
        to.null();
    } else {
        to.text(text);
    }
}

void string_or_null(ColumnWriter& to, const records::Caseload& caseload, records::StringId id) {
    if (id == records::k_no_string) {
        to.null();
    } else {
        to.text(caseload.strings.view(id));
    }
}

void instant_or_null(ColumnWriter& to, time::Instant instant) {
    if (instant == evaluate::k_no_instant) {
        to.null();
    } else {
        to.number(instant);
    }
}

void event_or_null(ColumnWriter& to, const Result& result, const Finding& finding, std::uint32_t event) {
    if (event == evaluate::k_no_event) {
        to.null();
    } else {
        to.text(event_name(result, finding.case_index, event));
    }
}

enum FindingColumn : std::size_t {
    k_case_id,
    k_duty_id,
    k_key,
    k_verdict,
    k_opened_at,
    k_due_at,
    k_ended_at,
    k_overdue_seconds,
    k_elapsed_seconds,
    k_missed_periods,
    k_trigger_event,
    k_ending_event,
    k_flags,
    k_reason,
    k_evidence,
    k_owner,
    k_area,
    k_severity,
    k_title,
    k_explanation,
};

class FindingRows {
  public:
    FindingRows(Shared result, bool explanations)
        : result_(std::move(result)),
          ids_(program(), [](const policy::Duty& duty) { return duty.id; }),
          areas_(program(), [](const policy::Duty& duty) { return duty.area; }),
          severities_(program(),
                      [](const policy::Duty& duty) {
                          return policy::k_severity_names[static_cast<std::size_t>(duty.severity)];
                      }),
          titles_(program(), [](const policy::Duty& duty) { return duty.title; }) {
        if (explanations) explainer_.emplace(*result_);
    }

    void add_words(std::vector<WordList>& to) const {
        to[k_duty_id] = ids_.words;
        to[k_verdict] = std::make_shared<const std::vector<std::string>>(evaluate::k_verdict_names.begin(),
                                                                         evaluate::k_verdict_names.end());
        to[k_area] = areas_.words;
        to[k_severity] = severities_.words;
        to[k_title] = titles_.words;
    }

    void write(std::size_t index, std::vector<ColumnWriter>& to) {
        const Finding& finding = result_->findings[index];
        const records::Caseload& caseload = *result_->caseload;
        to[k_case_id].text(caseload.strings.view(caseload.cases[finding.case_index].id));
        to[k_duty_id].number(ids_.by_duty[finding.duty]);
        text_or_null(to[k_key], finding.key);
        to[k_verdict].number(static_cast<std::int64_t>(finding.verdict));
        to[k_opened_at].number(finding.opened_at);
        instant_or_null(to[k_due_at], finding.due_at);
        instant_or_null(to[k_ended_at], finding.ended_at);
        to[k_overdue_seconds].number(finding.overdue_seconds);
        to[k_elapsed_seconds].number(finding.elapsed_seconds);
        to[k_missed_periods].number(finding.missed_periods);
        event_or_null(to[k_trigger_event], *result_, finding, finding.trigger_event);
        event_or_null(to[k_ending_event], *result_, finding, finding.ending_event);
        for (std::size_t bit = 0; bit < evaluate::k_flag_names.size(); ++bit) {
            if ((finding.flags & (1U << bit)) != 0) to[k_flags].text(evaluate::k_flag_names[bit]);
        }
        to[k_flags].end_list();
        text_or_null(to[k_reason], finding.reason);
        for (std::uint32_t i = 0; i < finding.evidence_count; ++i) {
            const std::uint32_t event = result_->evidence[finding.evidence_begin + i];
            to[k_evidence].text(event_name(*result_, finding.case_index, event));
        }
        to[k_evidence].end_list();
        text_or_null(to[k_owner], finding.owner);
        to[k_area].number(areas_.by_duty[finding.duty]);
        to[k_severity].number(severities_.by_duty[finding.duty]);
        to[k_title].number(titles_.by_duty[finding.duty]);
        if (explainer_) to[k_explanation].text(explainer_->sentence(index));
    }

  private:
    [[nodiscard]] const policy::Program& program() const noexcept { return result_->policy->program(); }

    Shared result_;
    DutyWords ids_, areas_, severities_, titles_;
    std::optional<Explainer> explainer_;
};

TableSpec findings_table(const Shared& result, bool explanations) {
    TableSpec table;
    table.columns = {{"case_id", ColumnType::text, false},
                     {"duty_id", ColumnType::word, false},
                     {"key", ColumnType::text, true},
                     {"verdict", ColumnType::word, false},
                     {"opened_at", ColumnType::instant, false},
                     {"due_at", ColumnType::instant, true},
                     {"ended_at", ColumnType::instant, true},
                     {"overdue_seconds", ColumnType::int64, false},
                     {"elapsed_seconds", ColumnType::int64, false},
                     {"missed_periods", ColumnType::int32, false},
                     {"trigger_event", ColumnType::text, true},
                     {"ending_event", ColumnType::text, true},
                     {"flags", ColumnType::texts, false},
                     {"reason", ColumnType::text, true},
                     {"evidence", ColumnType::texts, false},
                     {"owner", ColumnType::text, true},
                     {"area", ColumnType::word, false},
                     {"severity", ColumnType::word, false},
                     {"title", ColumnType::word, false}};
    if (explanations) table.columns.push_back({"explanation", ColumnType::text, false});
    table.words.resize(table.columns.size());
    table.rows = result->findings.size();
    const auto rows = std::make_shared<FindingRows>(result, explanations);
    rows->add_words(table.words);
    table.write = [rows](std::uint64_t begin, std::uint64_t end, std::vector<ColumnWriter>& to) {
        for (std::uint64_t i = begin; i < end; ++i) rows->write(i, to);
    };
    return table;
}

TableSpec cases_table(const Shared& result) {
    TableSpec table;
    table.columns = {{"case_id", ColumnType::text, false},
                     {"kind", ColumnType::text, false},
                     {"document", ColumnType::int64, false},
                     {"persons", ColumnType::int64, false},
                     {"events", ColumnType::int64, false}};
    table.words.resize(table.columns.size());
    table.rows = result->caseload->cases.size();
    table.write = [result](std::uint64_t begin, std::uint64_t end, std::vector<ColumnWriter>& to) {
        const records::Caseload& caseload = *result->caseload;
        for (std::uint64_t i = begin; i < end; ++i) {
            const records::Case& each = caseload.cases[i];
            to[0].text(caseload.strings.view(each.id));
            to[1].text(caseload.strings.view(each.kind));
            to[2].number(each.document);
            to[3].number(each.persons.size());
            to[4].number(each.events.size());
        }
    };
    return table;
}

/// Local times and days as the policy's zone reads them; of a day its first instant.
time::Instant instant_of(const Result& result, const time::Stamp& stamp) {
    if (stamp.precision == time::Precision::exact) return stamp.micros;
    return result.policy->program().reckoning.zone.to_instant(stamp.micros);
}

void write_event(const Result& result, std::uint32_t which, std::uint32_t event,
                 std::vector<ColumnWriter>& to) {
    const records::Caseload& caseload = *result.caseload;
    const time::Stamp occurred = caseload.occurred(event);
    const records::Case& of = caseload.cases[which];
    to[0].text(caseload.strings.view(of.id));
    to[1].text(caseload.strings.view(caseload.event_id[event]));
    to[2].text(caseload.strings.view(caseload.event_type[event]));
    to[3].number(instant_of(result, occurred));
    to[4].number(instant_of(result, caseload.recorded(event)));
    to[5].number(occurred.precision == time::Precision::day ? 1 : 0);
    const records::ActorId actor = caseload.event_actor[event];
    string_or_null(to[6], caseload,
                   actor == records::k_no_actor ? records::k_no_string : caseload.actors[actor].id);
    const records::Range subjects = caseload.subjects_of_event(event);
    for (std::uint32_t i = subjects.begin; i < subjects.end; ++i) {
        to[7].text(caseload.strings.view(caseload.persons[of.persons.begin + caseload.subjects[i]].id));
    }
    to[7].end_list();
    to[8].number((caseload.event_flags[event] & records::k_withdrawn) != 0 ? 1 : 0);
}

TableSpec events_table(const Shared& result) {
    TableSpec table;
    table.columns = {{"case_id", ColumnType::text, false},        {"id", ColumnType::text, false},
                     {"type", ColumnType::text, false},           {"occurred_at", ColumnType::instant, false},
                     {"recorded_at", ColumnType::instant, false}, {"is_day", ColumnType::boolean, false},
                     {"actor", ColumnType::text, true},           {"subjects", ColumnType::texts, false},
                     {"withdrawn", ColumnType::boolean, false}};
    table.words.resize(table.columns.size());
    table.rows = result->caseload->event_count();
    table.write = [result](std::uint64_t begin, std::uint64_t end, std::vector<ColumnWriter>& to) {
        for (auto event = static_cast<std::uint32_t>(begin); event < end;) {
            const std::uint32_t which = case_of_event(*result->caseload, event);
            const auto last = std::min<std::uint64_t>(end, result->caseload->cases[which].events.end);
            for (; event < last; ++event) write_event(*result, which, event, to);
        }
    };
    return table;
}

TableSpec service_table(const Shared& result) {
    TableSpec table;
    table.columns = {{"id", ColumnType::text, false},  {"from", ColumnType::day, false},
                     {"until", ColumnType::day, true}, {"rank", ColumnType::text, true},
                     {"unit", ColumnType::text, true}, {"accreditations", ColumnType::texts, false}};
    table.words.resize(table.columns.size());
    const records::Caseload& caseload = *result->caseload;
    const auto owners = std::make_shared<std::vector<records::StringId>>(caseload.staff_of_services());
    table.rows = owners->size();
    table.write = [result, owners](std::uint64_t begin, std::uint64_t end, std::vector<ColumnWriter>& to) {
        const records::Caseload& from = *result->caseload;
        for (std::uint64_t i = begin; i < end; ++i) {
            const records::Service& service = from.services[i];
            string_or_null(to[0], from, (*owners)[i]);
            to[1].number(service.from);
            if (service.until > time::k_last_day) {
                to[2].null();
            } else {
                to[2].number(service.until);
            }
            string_or_null(to[3], from, service.rank);
            string_or_null(to[4], from, service.unit);
            for (std::uint32_t k = service.accreditations.begin; k < service.accreditations.end; ++k)
                to[5].text(from.strings.view(from.service_accreditations[k]));
            to[5].end_list();
        }
    };
    return table;
}

}  // namespace

TableSpec table_of(std::shared_ptr<const Result> result, TableKind kind, bool explanations) {
    switch (kind) {
        case TableKind::cases:
            return cases_table(result);
        case TableKind::events:
            return events_table(result);
        case TableKind::service:
            return service_table(result);
        default:
            return findings_table(result, explanations);
    }
}

}  // namespace duecare::findings
