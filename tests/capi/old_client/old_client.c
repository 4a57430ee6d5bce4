/* A program of the time of 0.1: it knows duecare-0.1.h alone, and runs against the library of today. It does
   what a records system does: audits, reads findings field by field and as JSON, pushes an event to a
   monitor, draws a sample, and looks at errors. Says what is not as 0.1 had it; exit code 1 then. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fixture.h"
#include "duecare-0.1.h"

static int g_failures = 0;
static duecare_error* g_error = NULL;

static void check(int holds, const char* what, int line) {
    if (holds) return;
    ++g_failures;
    fprintf(stderr, "old_client.c:%d: not so: %s\n", line, what);
}
#define CHECK(condition) check((condition) != 0, #condition, __LINE__)

/* What follows makes no sense without it. */
static void demand(duecare_status status, int line) {
    if (status == DUECARE_STATUS_OK && g_error == NULL) return;
    fprintf(stderr, "old_client.c:%d: %s: %s\n", line, duecare_status_get_name(status),
            duecare_error_get_text(g_error, NULL));
    exit(1);
}
#define DEMAND(call) demand((call), __LINE__)

static int equal(const char* text, const char* expected) {
    return text != NULL && strcmp(text, expected) == 0;
}
static int holds(const duecare_text* text, const char* part) {
    return strstr(duecare_text_get(text, NULL), part) != NULL;
}

static duecare_policy* compile(void) {
    duecare_policy* policy = NULL;
    DEMAND(duecare_policy_compile("p", 1, k_policy, strlen(k_policy), &policy, &g_error));
    CHECK(equal(duecare_policy_get_id(policy, NULL), "example"));
    CHECK(duecare_policy_count_duties(policy) == 1);
    return policy;
}

static duecare_result* audit(const duecare_policy* policy) {
    duecare_caseload_options reading = DUECARE_CASELOAD_OPTIONS_INIT;
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    duecare_caseload* caseload = NULL;
    duecare_result* result = NULL;

    reading.max_nesting = 16;
    DEMAND(duecare_caseload_new(&reading, &caseload, &g_error));
    DEMAND(duecare_caseload_begin(caseload, "feed", 4, &g_error));
    DEMAND(duecare_caseload_push(caseload, k_caseload, strlen(k_caseload), &g_error));
    DEMAND(duecare_caseload_finish(caseload, &g_error));
    CHECK(duecare_caseload_count_cases(caseload) == 2);
    CHECK(duecare_caseload_count_rejects(caseload) == 1);
    CHECK(duecare_caseload_get_reject_line(caseload, 0) == 2);

    options.flags = DUECARE_AUDIT_AS_OF;
    DEMAND(duecare_instant_parse("2023-01-20T00:00:00Z", 20, &options.as_of, &g_error));
    options.verdicts = DUECARE_VERDICTS_ALL;
    DEMAND(duecare_audit_run(policy, caseload, &options, &result, &g_error));
    duecare_caseload_free(caseload); /* the result keeps it */
    return result;
}

static void read_findings(const duecare_result* result, duecare_text* text) {
    duecare_finding* finding = NULL;

    CHECK(duecare_result_count_findings(result) == 2);
    CHECK(duecare_result_count_verdicts(result, 0, DUECARE_VERDICT_MISSED) == 1);
    DEMAND(duecare_finding_new(result, &finding, &g_error));
    DEMAND(duecare_finding_at(finding, 0, &g_error));
    CHECK(equal(duecare_finding_get_case_id(finding, NULL), "MC-1"));
    CHECK(equal(duecare_finding_get_key(finding, NULL), "P1"));
    CHECK(duecare_finding_get_verdict(finding) == DUECARE_VERDICT_MET);
    CHECK(equal(duecare_finding_get_ending_event(finding, NULL), "e2"));
    CHECK(duecare_finding_get_elapsed_seconds(finding) == 56 * 3600 + 1800);

    DEMAND(duecare_finding_at(finding, 1, &g_error));
    CHECK(duecare_finding_get_verdict(finding) == DUECARE_VERDICT_MISSED);
    CHECK(duecare_finding_get_ended_at(finding) == DUECARE_INSTANT_NONE);
    CHECK(duecare_finding_get_due_at(finding) - duecare_finding_get_opened_at(finding) ==
          INT64_C(72) * 3600 * 1000000);
    CHECK(equal(duecare_verdict_get_name(duecare_finding_get_verdict(finding)), "missed"));
    DEMAND(duecare_finding_export_json(finding, text, &g_error));
    CHECK(holds(text, "\"case_id\":\"MC-1\"") && holds(text, "\"verdict\":\"missed\""));
    DEMAND(duecare_finding_export_explanation(finding, text, &g_error));
    CHECK(duecare_text_get(text, NULL)[0] != '\0');
    DEMAND(duecare_result_export_findings(result, 0, 9, text, &g_error));
    CHECK(holds(text, "\"key\":\"P1\"") && holds(text, "\"key\":\"P2\""));
    duecare_finding_free(finding);
}

static void push_to_a_monitor(const duecare_policy* policy) {
    static const char k_case[] =
        "{\"format\":\"duecare.case/1\",\"id\":\"MC-9\",\"persons\":[{\"id\":\"P1\"}],\"events\":[]}";
    static const char k_event[] =
        "{\"id\":\"e1\",\"type\":\"missing.returned\",\"occurred_at\":\"2023-01-10T08:00:00Z\"}";
    duecare_monitor_options options = DUECARE_MONITOR_OPTIONS_INIT;
    duecare_monitor_query query = DUECARE_MONITOR_QUERY_INIT;
    duecare_monitor* monitor = NULL;
    duecare_changes* changes = NULL;

    options.flags = DUECARE_MONITOR_AS_OF;
    DEMAND(duecare_instant_parse("2023-01-11T00:00:00Z", 20, &options.as_of, &g_error));
    DEMAND(duecare_monitor_new(policy, &options, &monitor, &g_error));
    DEMAND(duecare_monitor_push_document(monitor, k_case, strlen(k_case), &changes, &g_error));
    CHECK(duecare_changes_count(changes) == 0);
    duecare_changes_free(changes);
    DEMAND(duecare_monitor_push_event(monitor, "MC-9", 4, k_event, strlen(k_event), &changes, &g_error));
    CHECK(duecare_changes_count(changes) == 1);
    CHECK((duecare_changes_get_what(changes, 0) & DUECARE_CHANGE_OPENED) != 0);
    CHECK(duecare_changes_get_verdict(changes, 0) == DUECARE_VERDICT_PENDING);
    CHECK(duecare_changes_get_due_at(changes, 0) == duecare_monitor_get_next_due(monitor));
    duecare_changes_free(changes);
    query.case_id = "MC-9";
    query.case_id_length = 4;
    DEMAND(duecare_monitor_list(monitor, &query, &changes, &g_error));
    CHECK(duecare_changes_count(changes) == 1);
    duecare_changes_free(changes);
    duecare_monitor_free(monitor);
}

static void draw_a_sample(void) {
    static const char k_plan[] = "{\"format\": \"duecare.sample-plan/1\", \"design\": \"srs\", \"n\": 2}";
    static const char* const k_ids[] = {"A", "B", "C", "D"};
    duecare_frame* frame = NULL;
    duecare_sample* sample = NULL;
    uint8_t ticket[32] = {0};
    size_t i = 0;

    DEMAND(duecare_frame_new(&frame, &g_error));
    for (i = 0; i < 4; ++i) {
        DEMAND(duecare_frame_push(frame, k_ids[i], 1, NULL, 0, DUECARE_SIZE_NONE, &g_error));
    }
    DEMAND(duecare_frame_finish(frame, &g_error));
    DEMAND(duecare_sample_draw(frame, k_plan, strlen(k_plan), "seed", 4, NULL, 0, &sample, &g_error));
    CHECK(duecare_sample_count_units(sample) == 2);
    CHECK(duecare_sample_get_unit_pi(sample, 0) == 0.5);
    /* printf %s 'seed,A' | sha256sum */
    DEMAND(duecare_ticket_compute("seed", 4, "A", 1, ticket, &g_error));
    CHECK(ticket[0] == 0x00 && ticket[31] == 0xb2);
    duecare_sample_free(sample);
    duecare_frame_free(frame);
}

static void look_at_errors(void) {
    static const char k_wrong[] = "{\"format\": \"duecare.policy/1\", \"id\": \"x\"}";
    duecare_policy* policy = NULL;
    int64_t instant = 1;

    CHECK(duecare_policy_compile("p", 1, k_wrong, strlen(k_wrong), &policy, &g_error) ==
          DUECARE_STATUS_POLICY);
    CHECK(policy == NULL && duecare_error_get_status(g_error) == DUECARE_STATUS_POLICY);
    CHECK(duecare_diagnostics_count(duecare_error_get_diagnostics(g_error)) > 0);
    duecare_error_free(g_error);
    g_error = NULL;
    CHECK(duecare_instant_parse("soon", 4, &instant, &g_error) == DUECARE_STATUS_INVALID_ARGUMENT);
    CHECK(equal(duecare_status_get_name(10), "INVALID_ARGUMENT"));
    CHECK(duecare_error_get_message(g_error, NULL)[0] != '\0');
    duecare_error_free(g_error);
    g_error = NULL;
}

int main(void) {
    duecare_policy* policy = NULL;
    duecare_result* result = NULL;
    duecare_text* text = NULL;

    if (duecare_abi_version() != DUECARE_ABI_VERSION) {
        fprintf(stderr, "the library has ABI %u, and this program %d\n", (unsigned)duecare_abi_version(),
                DUECARE_ABI_VERSION);
        return 1;
    }
    CHECK(duecare_version_number() >= DUECARE_VERSION_NUMBER);
    DEMAND(duecare_text_new(&text, &g_error));
    policy = compile();
    result = audit(policy);
    read_findings(result, text);
    push_to_a_monitor(policy);
    draw_a_sample();
    look_at_errors();
    duecare_result_free(result);
    duecare_policy_free(policy);
    duecare_text_free(text);
    printf("built with %s, run with %s: %d differences\n", DUECARE_VERSION_STRING, duecare_version(),
           g_failures);
    return g_failures == 0 ? 0 : 1;
}
