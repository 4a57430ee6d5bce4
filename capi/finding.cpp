#include "capi/guard.hpp"
#include "findings/report.hpp"
#include "policy/program.hpp"

using namespace duecare;
using namespace duecare::capi;

namespace {

const evaluate::Finding* find(const duecare_finding* finding) noexcept {
    return is(finding) ? finding->at : nullptr;
}

const policy::Duty* find_duty(const duecare_finding* finding) noexcept {
    const evaluate::Finding* at = find(finding);
    return at == nullptr ? nullptr : &finding->state->result.policy->program().duties[at->duty];
}

/// Copies what the engine has as views and indices.
void load(duecare_finding& finding, const evaluate::Finding& from) {
    const evaluate::Result& result = finding.state->result;
    const auto name_of = [&](std::uint32_t event) {
        return event == evaluate::k_no_event ? std::string()
                                             : findings::event_name(result, from.case_index, event);
    };
    finding.case_id = result.caseload->strings.view(result.caseload->cases[from.case_index].id);
    finding.key = from.key;
    finding.reason = from.reason;
    finding.owner = from.owner;
    const std::string_view unit = finding.state->units.of(from).text;
    finding.unit = unit.data() == nullptr ? std::nullopt : std::optional<std::string>(unit);
    finding.trigger_event = name_of(from.trigger_event);
    finding.ending_event = name_of(from.ending_event);
    finding.evidence.clear();
    for (std::uint32_t i = 0; i < from.evidence_count; ++i) {
        finding.evidence.push_back(name_of(result.evidence[from.evidence_begin + i]));
    }
}

const evaluate::Finding& need_at(const duecare_finding& finding) {
    if (finding.at != nullptr) return *finding.at;
    throw Error(Status::invalid_state, "The reader stands at no finding; call duecare_finding_at first.");
}

}  // namespace

duecare_status duecare_finding_new(const duecare_result* result, duecare_finding** out_finding,
                                   duecare_error** error) noexcept {
    return make(out_finding, error, [&] {
        auto finding = std::make_unique<duecare_finding>();
        finding->state = need(result, "result").state;
        finding->explainer = std::make_unique<findings::Explainer>(finding->state->result);
        return finding;
    });
}

duecare_status duecare_finding_at(duecare_finding* finding, uint64_t index, duecare_error** error) noexcept {
    return guard(error, [&] {
        duecare_finding& here = need(finding, "finding");
        here.at = nullptr;
        const evaluate::FindingList& all = here.state->result.findings;
        if (index >= all.size()) {
            throw Error(Status::not_found, "There is no finding " + std::to_string(index) +
                                               "; the result has " + std::to_string(all.size()) + ".");
        }
        load(here, all[index]);
        here.index = index;
        here.at = &all[index];
    });
}

const char* duecare_finding_get_case_id(const duecare_finding* finding, size_t* out_length) noexcept {
    return find(finding) == nullptr ? give_nothing(out_length) : give(finding->case_id, out_length);
}

uint64_t duecare_finding_get_case(const duecare_finding* finding) noexcept {
    const evaluate::Finding* at = find(finding);
    return at == nullptr ? 0 : at->case_index;
}

const char* duecare_finding_get_duty_id(const duecare_finding* finding, size_t* out_length) noexcept {
    const policy::Duty* duty = find_duty(finding);
    return duty == nullptr ? give_nothing(out_length) : give(duty->id, out_length);
}

uint64_t duecare_finding_get_duty(const duecare_finding* finding) noexcept {
    const evaluate::Finding* at = find(finding);
    return at == nullptr ? 0 : at->duty;
}

const char* duecare_finding_get_key(const duecare_finding* finding, size_t* out_length) noexcept {
    const evaluate::Finding* at = find(finding);
    if (at == nullptr || at->key.data() == nullptr) return give_nothing(out_length);
    return give(finding->key, out_length);
}

duecare_verdict duecare_finding_get_verdict(const duecare_finding* finding) noexcept {
    const evaluate::Finding* at = find(finding);
    return at == nullptr ? -1 : static_cast<duecare_verdict>(at->verdict);
}

int64_t duecare_finding_get_opened_at(const duecare_finding* finding) noexcept {
    const evaluate::Finding* at = find(finding);
    return at == nullptr ? DUECARE_INSTANT_NONE : at->opened_at;
}

int64_t duecare_finding_get_due_at(const duecare_finding* finding) noexcept {
    const evaluate::Finding* at = find(finding);
    return at == nullptr ? DUECARE_INSTANT_NONE : at->due_at;
}

int64_t duecare_finding_get_ended_at(const duecare_finding* finding) noexcept {
    const evaluate::Finding* at = find(finding);
    return at == nullptr ? DUECARE_INSTANT_NONE : at->ended_at;
}

int64_t duecare_finding_get_overdue_seconds(const duecare_finding* finding) noexcept {
    const evaluate::Finding* at = find(finding);
    return at == nullptr ? 0 : at->overdue_seconds;
}

int64_t duecare_finding_get_elapsed_seconds(const duecare_finding* finding) noexcept {
    const evaluate::Finding* at = find(finding);
    return at == nullptr ? 0 : at->elapsed_seconds;
}

int32_t duecare_finding_get_missed_periods(const duecare_finding* finding) noexcept {
    const evaluate::Finding* at = find(finding);
    return at == nullptr ? 0 : at->missed_periods;
}

const char* duecare_finding_get_trigger_event(const duecare_finding* finding, size_t* out_length) noexcept {
    const evaluate::Finding* at = find(finding);
    if (at == nullptr || at->trigger_event == evaluate::k_no_event) return give_nothing(out_length);
    return give(finding->trigger_event, out_length);
}

const char* duecare_finding_get_ending_event(const duecare_finding* finding, size_t* out_length) noexcept {
    const evaluate::Finding* at = find(finding);
    if (at == nullptr || at->ending_event == evaluate::k_no_event) return give_nothing(out_length);
    return give(finding->ending_event, out_length);
}

uint32_t duecare_finding_get_flags(const duecare_finding* finding) noexcept {
    const evaluate::Finding* at = find(finding);
    return at == nullptr ? 0 : at->flags;
}

const char* duecare_finding_get_reason(const duecare_finding* finding, size_t* out_length) noexcept {
    const evaluate::Finding* at = find(finding);
    if (at == nullptr || at->reason.data() == nullptr) return give_nothing(out_length);
    return give(finding->reason, out_length);
}

uint64_t duecare_finding_count_evidence(const duecare_finding* finding) noexcept {
    return find(finding) == nullptr ? 0 : finding->evidence.size();
}

const char* duecare_finding_get_evidence(const duecare_finding* finding, uint64_t index,
                                         size_t* out_length) noexcept {
    if (index >= duecare_finding_count_evidence(finding)) return give_nothing(out_length);
    return give(finding->evidence[index], out_length);
}

const char* duecare_finding_get_owner(const duecare_finding* finding, size_t* out_length) noexcept {
    const evaluate::Finding* at = find(finding);
    if (at == nullptr || at->owner.data() == nullptr) return give_nothing(out_length);
    return give(finding->owner, out_length);
}

const char* duecare_finding_get_unit(const duecare_finding* finding, size_t* out_length) noexcept {
    if (find(finding) == nullptr || !finding->unit) return give_nothing(out_length);
    return give(*finding->unit, out_length);
}

const char* duecare_finding_get_area(const duecare_finding* finding, size_t* out_length) noexcept {
    const policy::Duty* duty = find_duty(finding);
    return duty == nullptr ? give_nothing(out_length) : give(duty->area, out_length);
}

const char* duecare_finding_get_severity(const duecare_finding* finding, size_t* out_length) noexcept {
    const policy::Duty* duty = find_duty(finding);
    if (duty == nullptr) return give_nothing(out_length);
    return give_literal(policy::k_severity_names[static_cast<std::size_t>(duty->severity)], out_length);
}

const char* duecare_finding_get_title(const duecare_finding* finding, size_t* out_length) noexcept {
    const policy::Duty* duty = find_duty(finding);
    return duty == nullptr ? give_nothing(out_length) : give(duty->title, out_length);
}

duecare_status duecare_finding_export_explanation(const duecare_finding* finding, duecare_text* into,
                                                  duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        const duecare_finding& here = need(finding, "finding");
        (void)need_at(here);
        const std::lock_guard<std::mutex> lock(here.explaining);
        text = here.explainer->sentence(here.index);
    });
}

duecare_status duecare_finding_export_json(const duecare_finding* finding, duecare_text* into,
                                           duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        const duecare_finding& here = need(finding, "finding");
        (void)need_at(here);
        const std::lock_guard<std::mutex> lock(here.explaining);
        findings::append_json(text, here.state->result, here.index, {.explainer = here.explainer.get()});
    });
}

void duecare_finding_free(duecare_finding* finding) noexcept {
    if (is(finding)) delete finding;
}
