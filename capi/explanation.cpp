#include <optional>

#include "capi/guard.hpp"
#include "findings/life.hpp"

using namespace duecare;
using namespace duecare::capi;

duecare_status duecare_explanation_new(const duecare_result* result, const char* case_id,
                                       size_t case_id_length, const char* duty_id, size_t duty_id_length,
                                       const char* key, size_t key_length,
                                       duecare_explanation** out_explanation,
                                       duecare_error** error) noexcept {
    return make(out_explanation, error, [&] {
        auto explanation = std::make_unique<duecare_explanation>();
        explanation->state = need(result, "result").state;
        const std::string_view kase = need_text(case_id, case_id_length, "case_id");
        const std::string_view duty = need_text(duty_id, duty_id_length, "duty_id");
        std::optional<std::string_view> only;
        if (key != nullptr) {
            only = need_text(key, key_length, "key");
        } else if (key_length != 0) {
            refuse("key is NULL, but its length is not 0.");
        }
        explanation->explained = evaluate::explain(explanation->state->result, kase, duty, only);
        return explanation;
    });
}

uint64_t duecare_explanation_count_obligations(const duecare_explanation* explanation) noexcept {
    return is(explanation) ? explanation->explained.lives.size() : 0;
}

uint64_t duecare_explanation_count_steps(const duecare_explanation* explanation,
                                         uint64_t obligation) noexcept {
    if (!is(explanation) || obligation >= explanation->explained.lives.size()) return 0;
    return explanation->explained.lives[obligation].steps.size();
}

duecare_status duecare_explanation_export_text(const duecare_explanation* explanation, duecare_text* into,
                                               duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        findings::append_life_text(text, need(explanation, "explanation").explained);
    });
}

duecare_status duecare_explanation_export_json(const duecare_explanation* explanation, duecare_text* into,
                                               duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        findings::append_life_json(text, need(explanation, "explanation").explained);
    });
}

void duecare_explanation_free(duecare_explanation* explanation) noexcept {
    if (is(explanation)) delete explanation;
}
