/* The way through the library in C99: compile, feed in pieces of every size, audit, read every field. */
#include "check.h"
#include "fixture.h"

static duecare_caseload* read_in_pieces(size_t piece) {
    duecare_error* error = NULL;
    duecare_caseload* caseload = NULL;
    const size_t length = sizeof k_caseload - 1;
    size_t done;
    CHECK_OK(duecare_caseload_new(NULL, &caseload, &error));
    CHECK_OK(duecare_caseload_begin(caseload, "cases.jsonl", 11, &error));
    for (done = 0; done < length; done += piece) {
        const size_t left = length - done;
        CHECK_OK(duecare_caseload_push(caseload, k_caseload + done, left < piece ? left : piece, &error));
    }
    CHECK_OK(duecare_caseload_finish(caseload, &error));
    return caseload;
}

static void check_caseload(const duecare_caseload* caseload) {
    duecare_error* error = NULL;
    duecare_text* text = NULL;
    CHECK(duecare_caseload_count_cases(caseload) == 2);
    CHECK(duecare_caseload_count_staff_documents(caseload) == 0);
    CHECK(duecare_caseload_count_events(caseload) == 3);
    CHECK(duecare_caseload_count_bytes(caseload) == sizeof k_caseload - 1);
    CHECK(duecare_caseload_get_memory(caseload) > 0);
    CHECK(duecare_caseload_count_rejects(caseload) == 1);
    CHECK(strcmp(duecare_caseload_get_reject_source(caseload, 0, NULL), "cases.jsonl") == 0);
    CHECK(duecare_caseload_get_reject_line(caseload, 0) == 2);
    CHECK(duecare_caseload_get_reject_case_id(caseload, 0, NULL) != NULL);
    CHECK(duecare_caseload_get_reject_pointer(caseload, 0, NULL) != NULL);
    CHECK(strlen(duecare_caseload_get_reject_reason(caseload, 0, NULL)) > 0);
    CHECK(duecare_caseload_get_reject_reason(caseload, 1, NULL) == NULL);
    CHECK(duecare_caseload_count_unknown_keys(caseload) == 1);
    CHECK(strcmp(duecare_caseload_get_unknown_key_path(caseload, 0, NULL), "case.colour") == 0);
    CHECK(duecare_caseload_get_unknown_key_count(caseload, 0) == 1);
    CHECK(strcmp(duecare_caseload_get_unknown_key_source(caseload, 0, NULL), "cases.jsonl") == 0);
    CHECK(duecare_caseload_get_unknown_key_line(caseload, 0) == 1);
    CHECK(strcmp(duecare_caseload_get_unknown_key_pointer(caseload, 0, NULL), "/colour") == 0);

    CHECK_OK(duecare_text_new(&text, &error));
    CHECK_OK(duecare_caseload_export_case_id(caseload, 1, text, &error));
    CHECK(strcmp(duecare_text_get(text, NULL), "MC-2") == 0);
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND, duecare_caseload_export_case_id(caseload, 2, text, &error));
    CHECK(strcmp(duecare_text_get(text, NULL), "") == 0);
    CHECK_OK(duecare_caseload_export_case_json(caseload, 1, text, &error));
    CHECK(strstr(duecare_text_get(text, NULL), "{\"format\":\"duecare.case/1\",\"id\":\"MC-2\",") ==
          duecare_text_get(text, NULL));
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND, duecare_caseload_export_case_json(caseload, 2, text, &error));
    duecare_text_free(text);
}

static void check_policy(const duecare_policy* policy) {
    CHECK(strcmp(duecare_policy_get_id(policy, NULL), "example") == 0);
    CHECK(strcmp(duecare_policy_get_version(policy, NULL), "1.2.3") == 0);
    CHECK(strcmp(duecare_policy_get_title(policy, NULL), "Example") == 0);
    CHECK(strcmp(duecare_policy_get_time_zone(policy, NULL), "Europe/London") == 0);
    CHECK(strstr(duecare_policy_get_json(policy, NULL), "return-interview") != NULL);
    CHECK(strspn(duecare_policy_get_digest(policy, NULL), "0123456789abcdef") == 64);
    CHECK(duecare_diagnostics_count(duecare_policy_get_diagnostics(policy)) == 0);
    CHECK(duecare_policy_count_duties(policy) == 1);
    CHECK(strcmp(duecare_policy_get_duty_id(policy, 0, NULL), "return-interview") == 0);
    CHECK(strcmp(duecare_policy_get_duty_title(policy, 0, NULL), "Talk with a child who has come back") == 0);
    CHECK(strcmp(duecare_policy_get_duty_area(policy, 0, NULL), "missing") == 0);
    CHECK(strcmp(duecare_policy_get_duty_severity(policy, 0, NULL), "high") == 0);
    CHECK(strcmp(duecare_policy_get_duty_source_title(policy, 0, NULL), "Example handbook") == 0);
    CHECK(strcmp(duecare_policy_get_duty_source_section(policy, 0, NULL), "1") == 0);
    CHECK(strcmp(duecare_policy_get_duty_source_url(policy, 0, NULL), "https://example.org/handbook") == 0);
    CHECK(strcmp(duecare_policy_get_duty_source_status(policy, 0, NULL), "illustrative") == 0);
    CHECK(strcmp(duecare_policy_get_duty_explain(policy, 0, NULL), "") == 0);
    CHECK(duecare_policy_get_duty_id(policy, 1, NULL) == NULL);
}

static int64_t instant(const char* text) {
    duecare_error* error = NULL;
    int64_t out = 0;
    CHECK_OK(duecare_instant_parse(text, strlen(text), &out, &error));
    return out;
}

static void check_missed(const duecare_finding* finding) {
    duecare_error* error = NULL;
    duecare_text* text = NULL;
    CHECK(strcmp(duecare_finding_get_case_id(finding, NULL), "MC-1") == 0);
    CHECK(duecare_finding_get_case(finding) == 0);
    CHECK(strcmp(duecare_finding_get_duty_id(finding, NULL), "return-interview") == 0);
    CHECK(duecare_finding_get_duty(finding) == 0);
    CHECK(strcmp(duecare_finding_get_key(finding, NULL), "P2") == 0);
    CHECK(duecare_finding_get_verdict(finding) == DUECARE_VERDICT_MISSED);
    CHECK(duecare_finding_get_opened_at(finding) == instant("2023-01-10T08:00:00Z"));
    CHECK(duecare_finding_get_due_at(finding) == instant("2023-01-13T08:00:00Z"));
    CHECK(duecare_finding_get_ended_at(finding) == DUECARE_INSTANT_NONE);
    CHECK(duecare_finding_get_overdue_seconds(finding) == 576000); /* 6 days and 16 hours */
    CHECK(duecare_finding_get_elapsed_seconds(finding) == 835200); /* 9 days and 16 hours */
    CHECK(duecare_finding_get_missed_periods(finding) == 0);
    CHECK(strcmp(duecare_finding_get_trigger_event(finding, NULL), "e1") == 0);
    CHECK(duecare_finding_get_ending_event(finding, NULL) == NULL);
    CHECK(duecare_finding_get_flags(finding) == 0);
    CHECK(duecare_finding_get_reason(finding, NULL) == NULL);
    CHECK(duecare_finding_count_evidence(finding) == 1);
    CHECK(strcmp(duecare_finding_get_evidence(finding, 0, NULL), "e1") == 0);
    CHECK(duecare_finding_get_evidence(finding, 1, NULL) == NULL);
    CHECK(duecare_finding_get_owner(finding, NULL) == NULL);
    CHECK(strcmp(duecare_finding_get_area(finding, NULL), "missing") == 0);
    CHECK(strcmp(duecare_finding_get_severity(finding, NULL), "high") == 0);
    CHECK(strcmp(duecare_finding_get_title(finding, NULL), "Talk with a child who has come back") == 0);

    CHECK_OK(duecare_text_new(&text, &error));
    CHECK_OK(duecare_finding_export_explanation(finding, text, &error));
    CHECK(strlen(duecare_text_get(text, NULL)) > 20);
    CHECK_OK(duecare_finding_export_json(finding, text, &error));
    CHECK(strstr(duecare_text_get(text, NULL), "\"missed\"") != NULL);
    duecare_text_free(text);
}

/* The life of the obligations of one duty in one case, of all persons and of one. */
static void check_explanation(const duecare_result* result) {
    duecare_error* error = NULL;
    duecare_text* text = NULL;
    duecare_explanation* all = NULL;
    duecare_explanation* one = NULL;
    CHECK_OK(duecare_text_new(&text, &error));
    CHECK_OK(duecare_explanation_new(result, "MC-1", 4, "return-interview", 16, NULL, 0, &all, &error));
    CHECK(duecare_explanation_count_obligations(all) == 2);
    CHECK(duecare_explanation_count_steps(all, 0) == 4); /* opened, due, response, judged */
    CHECK(duecare_explanation_count_steps(all, 2) == 0);
    CHECK_OK(duecare_explanation_export_text(all, text, &error));
    CHECK(strstr(duecare_text_get(text, NULL), "answered by interview.return_home (e2)") != NULL);
    CHECK_OK(duecare_explanation_new(result, "MC-1", 4, "return-interview", 16, "P2", 2, &one, &error));
    CHECK(duecare_explanation_count_obligations(one) == 1);
    CHECK_OK(duecare_explanation_export_json(one, text, &error));
    CHECK(strstr(duecare_text_get(text, NULL), "\"key\":\"P2\",\"verdict\":\"missed\"") != NULL);
    CHECK(strstr(duecare_text_get(text, NULL), "\"kind\":\"add_event\"") != NULL);
    duecare_explanation_free(one);

    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND,
                duecare_explanation_new(result, "MC-9", 4, "return-interview", 16, NULL, 0, &one, &error));
    CHECK(one == NULL);
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND,
                duecare_explanation_new(result, "MC-1", 4, "return-intervew", 15, NULL, 0, &one, &error));
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND,
                duecare_explanation_new(result, "MC-1", 4, "return-interview", 16, "P3", 2, &one, &error));
    CHECK_FAILS(DUECARE_STATUS_INVALID_ARGUMENT,
                duecare_explanation_new(result, "MC-1", 4, "return-interview", 16, NULL, 2, &one, &error));
    CHECK_FAILS(DUECARE_STATUS_INVALID_ARGUMENT,
                duecare_explanation_new(NULL, "MC-1", 4, "return-interview", 16, NULL, 0, &one, &error));
    CHECK_FAILS(DUECARE_STATUS_INVALID_ARGUMENT,
                duecare_explanation_new(result, "MC-1", 4, "return-interview", 16, NULL, 0, NULL, &error));
    CHECK_FAILS(DUECARE_STATUS_INVALID_ARGUMENT, duecare_explanation_export_text(NULL, text, &error));
    CHECK_FAILS(DUECARE_STATUS_INVALID_ARGUMENT, duecare_explanation_export_json(NULL, text, &error));
    CHECK(duecare_explanation_count_obligations(NULL) == 0);
    CHECK(duecare_explanation_count_steps(NULL, 0) == 0);
    duecare_explanation_free(NULL);
    duecare_explanation_free(all);
    duecare_text_free(text);
}

/* The result as JSON Lines, the same in pieces of one finding. */
static void check_export(const duecare_result* result) {
    duecare_error* error = NULL;
    duecare_text* whole = NULL;
    duecare_text* piece = NULL;
    size_t at = 0;
    size_t length = 0;
    uint64_t i;
    CHECK_OK(duecare_text_new(&whole, &error));
    CHECK_OK(duecare_text_new(&piece, &error));
    CHECK_OK(duecare_result_export_findings(result, 0, UINT64_MAX, whole, &error));
    for (i = 0; i < duecare_result_count_findings(result); ++i) {
        CHECK_OK(duecare_result_export_findings(result, i, 1, piece, &error));
        CHECK(strncmp(duecare_text_get(whole, NULL) + at, duecare_text_get(piece, &length), length) == 0);
        at += length;
    }
    (void)duecare_text_get(whole, &length);
    CHECK(at == length && at > 0);
    CHECK_OK(duecare_result_export_findings(result, i, 5, piece, &error));
    CHECK(strcmp(duecare_text_get(piece, NULL), "") == 0);
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND, duecare_result_export_findings(result, i + 1, 5, piece, &error));
    duecare_text_free(piece);
    duecare_text_free(whole);
}

static void check_result(const duecare_policy* policy, const duecare_caseload* caseload, uint32_t threads) {
    duecare_error* error = NULL;
    duecare_result* result = NULL;
    duecare_finding* finding = NULL;
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    options.threads = threads;
    options.verdicts = DUECARE_VERDICTS_ALL;
    CHECK_OK(duecare_audit_run(policy, caseload, &options, &result, &error));
    CHECK(duecare_result_get_as_of(result) == instant("2023-01-20T00:00:00Z"));
    CHECK(duecare_result_get_known_at(result) == instant("2023-01-20T00:00:00Z"));
    CHECK(duecare_result_count_cases(result) == 2);
    CHECK(duecare_result_count_visible_events(result) == 3);
    CHECK(duecare_result_count_rejects(result) == 1);
    CHECK(duecare_result_count_verdicts(result, 0, DUECARE_VERDICT_MET) == 1);
    CHECK(duecare_result_count_verdicts(result, 0, DUECARE_VERDICT_MISSED) == 1);
    CHECK(duecare_result_count_verdicts(result, 0, DUECARE_VERDICT_LATE) == 0);
    CHECK(duecare_result_count_findings(result) == 2);
    check_export(result);

    CHECK_OK(duecare_finding_new(result, &finding, &error));
    CHECK_OK(duecare_finding_at(finding, 0, &error));
    CHECK(duecare_finding_get_verdict(finding) == DUECARE_VERDICT_MET);
    CHECK(strcmp(duecare_finding_get_ending_event(finding, NULL), "e2") == 0);
    CHECK(duecare_finding_count_evidence(finding) == 2);
    CHECK_OK(duecare_finding_at(finding, 1, &error));
    check_missed(finding);
    duecare_finding_free(finding);
    check_explanation(result);
    duecare_result_free(result);

    /* By default only what is not in order is kept; only the counts, if so asked. */
    CHECK_OK(duecare_audit_run(policy, caseload, NULL, &result, &error));
    CHECK(duecare_result_count_findings(result) == 1);
    duecare_result_free(result);
    options.verdicts = 0;
    options.flags = DUECARE_AUDIT_COUNTS_ONLY;
    CHECK_OK(duecare_audit_run(policy, caseload, &options, &result, &error));
    CHECK(duecare_result_count_findings(result) == 0);
    CHECK(duecare_result_count_verdicts(result, 0, DUECARE_VERDICT_MISSED) == 1);
    duecare_result_free(result);
}

static void check_coverage(const duecare_policy* policy, const duecare_caseload* caseload) {
    duecare_error* error = NULL;
    duecare_result* result = NULL;
    duecare_text* text = NULL;
    const char* json;
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    CHECK_OK(duecare_text_new(&text, &error));
    CHECK_OK(duecare_text_set(text, "old", 3, &error));
    CHECK_OK(duecare_audit_run(policy, caseload, &options, &result, &error));
    CHECK_FAILS(DUECARE_STATUS_INVALID_STATE, duecare_result_export_coverage(result, text, &error));
    CHECK(strcmp(duecare_text_get(text, NULL), "") == 0);
    duecare_result_free(result);

    options.flags = DUECARE_AUDIT_COVERAGE | DUECARE_AUDIT_COUNTS_ONLY;
    options.threads = DUECARE_THREADS_MACHINE;
    CHECK_OK(duecare_audit_run(policy, caseload, &options, &result, &error));
    CHECK_OK(duecare_result_export_coverage(result, text, &error));
    json = duecare_text_get(text, NULL);
    CHECK(strstr(json, "{\"format\":\"duecare.coverage/1\",\"policy\":\"example\",\"digest\":\"") == json);
    CHECK(strstr(json, "\"verdicts\":{\"met\":1,\"late\":0,\"missed\":1,\"pending\":0}}") != NULL);
    CHECK(strstr(json, "\"expressions\":[],\"choices\":[]}") != NULL);
    duecare_result_free(result);
    duecare_text_free(text);
    CHECK_FAILS(DUECARE_STATUS_INVALID_ARGUMENT, duecare_result_export_coverage(NULL, NULL, &error));
}

int main(void) {
    duecare_error* error = NULL;
    duecare_policy* policy = NULL;
    size_t piece;
    CHECK_OK(duecare_policy_compile("example.json", 12, k_policy, sizeof k_policy - 1, &policy, &error));
    check_policy(policy);
    for (piece = 1; piece <= sizeof k_caseload; piece = piece * 2 + 1) {
        duecare_caseload* caseload = read_in_pieces(piece);
        check_caseload(caseload);
        check_result(policy, caseload, (uint32_t)(piece % 4));
        check_coverage(policy, caseload);
        duecare_caseload_free(caseload);
    }
    duecare_policy_free(policy);
    return finish("audit_test");
}
