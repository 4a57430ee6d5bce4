#include <algorithm>

#include "capi/guard.hpp"
#include "findings/coverage.hpp"
#include "findings/report.hpp"

using namespace duecare;
using namespace duecare::capi;

namespace {

const evaluate::Result* find(const duecare_result* result) noexcept {
    return is(result) ? &result->state->result : nullptr;
}

}  // namespace

int64_t duecare_result_get_as_of(const duecare_result* result) noexcept {
    const evaluate::Result* found = find(result);
    return found == nullptr ? DUECARE_INSTANT_NONE : found->as_of;
}

int64_t duecare_result_get_known_at(const duecare_result* result) noexcept {
    const evaluate::Result* found = find(result);
    return found == nullptr ? DUECARE_INSTANT_NONE : found->known_at;
}

uint64_t duecare_result_count_cases(const duecare_result* result) noexcept {
    const evaluate::Result* found = find(result);
    return found == nullptr ? 0 : found->caseload->cases.size();
}

uint64_t duecare_result_count_visible_events(const duecare_result* result) noexcept {
    const evaluate::Result* found = find(result);
    return found == nullptr ? 0 : found->visible_events;
}

uint64_t duecare_result_count_rejects(const duecare_result* result) noexcept {
    return is(result) ? (*result->state->lease).reader.report().rejects.size() : 0;
}

uint64_t duecare_result_count_verdicts(const duecare_result* result, uint64_t duty,
                                       duecare_verdict verdict) noexcept {
    const evaluate::Result* found = find(result);
    if (found == nullptr || duty >= found->counts.size()) return 0;
    if (verdict < 0 || static_cast<std::size_t>(verdict) >= evaluate::k_verdicts) return 0;
    return found->counts[duty][static_cast<std::size_t>(verdict)];
}

uint64_t duecare_result_count_unnamed_events(const duecare_result* result) noexcept {
    const evaluate::Result* found = find(result);
    return found == nullptr ? 0 : found->unnamed_events.size();
}

const char* duecare_result_get_unnamed_event_type(const duecare_result* result, uint64_t index,
                                                  size_t* out_length) noexcept {
    if (index >= duecare_result_count_unnamed_events(result)) return give_nothing(out_length);
    return give(find(result)->unnamed_events[index].first, out_length);
}

uint64_t duecare_result_get_unnamed_event_count(const duecare_result* result, uint64_t index) noexcept {
    if (index >= duecare_result_count_unnamed_events(result)) return 0;
    return find(result)->unnamed_events[index].second;
}

uint64_t duecare_result_count_findings(const duecare_result* result) noexcept {
    const evaluate::Result* found = find(result);
    return found == nullptr ? 0 : found->findings.size();
}

duecare_status duecare_result_export_findings(const duecare_result* result, uint64_t begin, uint64_t count,
                                              duecare_text* into, duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        const evaluate::Result& found = need(result, "result").state->result;
        const std::uint64_t size = found.findings.size();
        if (begin > size) {
            throw Error(Status::not_found, "There is no finding " + std::to_string(begin) +
                                               "; the result has " + std::to_string(size) + ".");
        }
        const std::uint64_t end = begin + std::min(count, size - begin);
        findings::Explainer explainer(found);
        for (std::uint64_t i = begin; i < end; ++i) {
            findings::append_json(text, found, i, {.explainer = &explainer});
            text += '\n';
        }
    });
}

duecare_status duecare_result_export_coverage(const duecare_result* result, duecare_text* into,
                                              duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        const evaluate::Result& found = need(result, "result").state->result;
        if (!found.coverage) {
            throw Error(Status::invalid_state,
                        "The audit noted no coverage; run it with the flag DUECARE_AUDIT_COVERAGE.");
        }
        findings::append_coverage_json(text, found);
    });
}

void duecare_result_free(duecare_result* result) noexcept {
    if (is(result)) delete result;
}
