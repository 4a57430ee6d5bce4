/* The monitor through C: what is told, what is refused, what is left after a failure. */
#include "check.h"
#include "fixture.h"

#define BAD DUECARE_STATUS_INVALID_ARGUMENT
#define TEXT(literal) literal, sizeof(literal) - 1
#define HOUR INT64_C(3600000000)
#define START INT64_C(1673337600000000) /* 2023-01-10T08:00:00Z */

static duecare_error* error;
static duecare_policy* g_policy;

static duecare_monitor* make_monitor(void) {
    duecare_monitor_options options = DUECARE_MONITOR_OPTIONS_INIT;
    duecare_monitor* monitor = NULL;
    options.flags = DUECARE_MONITOR_AS_OF;
    options.as_of = START;
    CHECK_OK(duecare_monitor_new(g_policy, &options, &monitor, &error));
    return monitor;
}

static void push(duecare_monitor* monitor, const char* json, uint64_t count) {
    duecare_changes* changes = NULL;
    CHECK_OK(duecare_monitor_push_event(monitor, TEXT("C"), json, strlen(json), &changes, &error));
    CHECK(duecare_changes_count(changes) == count);
    duecare_changes_free(changes);
}

static void life(void) {
    duecare_monitor* monitor = make_monitor();
    duecare_monitor* again = NULL;
    duecare_changes* changes = NULL;
    duecare_monitor_query query = DUECARE_MONITOR_QUERY_INIT;
    duecare_result* result = NULL;
    duecare_text* text = NULL;
    const char* bytes;
    size_t length = 0;
    CHECK_OK(duecare_text_new(&text, &error));
    CHECK_OK(duecare_monitor_push_document(
        monitor,
        TEXT("{\"format\":\"duecare.case/1\",\"id\":\"C\",\"persons\":[{\"id\":\"P1\"},{\"id\":\"P2\"}]}"),
        &changes, &error));
    CHECK(duecare_changes_count(changes) == 0);
    duecare_changes_free(changes);
    push(monitor, "{\"id\":\"e1\",\"type\":\"missing.returned\",\"occurred_at\":\"2023-01-10T08:00:00Z\"}",
         2);
    CHECK(duecare_monitor_get_next_due(monitor) == START + 72 * HOUR);
    push(monitor,
         "{\"id\":\"e2\",\"type\":\"interview.return_home\",\"occurred_at\":\"2023-01-10T08:00:00Z\","
         "\"subjects\":[\"P1\"]}",
         1);
    CHECK_OK(duecare_monitor_set_clock(monitor, START + 72 * HOUR, START + 72 * HOUR, &changes, &error));
    CHECK(duecare_changes_count(changes) == 0);
    duecare_changes_free(changes);
    CHECK_OK(
        duecare_monitor_set_clock(monitor, START + 72 * HOUR + 1, START + 72 * HOUR + 1, &changes, &error));
    CHECK(duecare_changes_count(changes) == 1);
    CHECK(duecare_changes_get_what(changes, 0) == DUECARE_CHANGE_VERDICT);
    CHECK(strcmp(duecare_changes_get_case_id(changes, 0, &length), "C") == 0 && length == 1);
    CHECK(strcmp(duecare_changes_get_duty_id(changes, 0, NULL), "return-interview") == 0);
    CHECK(strcmp(duecare_changes_get_key(changes, 0, NULL), "P2") == 0);
    CHECK(duecare_changes_get_verdict(changes, 0) == DUECARE_VERDICT_MISSED);
    CHECK(duecare_changes_get_verdict_before(changes, 0) == DUECARE_VERDICT_PENDING);
    CHECK(duecare_changes_get_opened_at(changes, 0) == START);
    CHECK(duecare_changes_get_due_at(changes, 0) == START + 72 * HOUR);
    CHECK(duecare_changes_get_due_before(changes, 0) == START + 72 * HOUR);
    CHECK(duecare_changes_get_ended_at(changes, 0) == DUECARE_INSTANT_NONE);
    CHECK(duecare_changes_get_elapsed_seconds(changes, 0) == 72 * 3600);
    CHECK(duecare_changes_get_overdue_seconds(changes, 0) == 0);
    CHECK(strcmp(duecare_changes_get_trigger_event(changes, 0, NULL), "e1") == 0);
    CHECK(duecare_changes_get_ending_event(changes, 0, &length) == NULL && length == 0);
    CHECK(duecare_changes_get_flags(changes, 0) == 0);
    CHECK(duecare_changes_get_owner(changes, 0, NULL) == NULL);
    CHECK(duecare_changes_get_reason(changes, 0, NULL) == NULL);
    CHECK_OK(duecare_changes_export_json(changes, text, &error));
    CHECK(strstr(duecare_text_get(text, NULL), "{\"what\":[\"verdict\"],\"case_id\":\"C\"") != NULL);
    duecare_changes_free(changes);

    query.key = "P1";
    query.key_length = 2;
    query.verdicts = DUECARE_VERDICTS_ALL;
    CHECK_OK(duecare_monitor_list(monitor, &query, &changes, &error));
    CHECK(duecare_changes_count(changes) == 1 &&
          duecare_changes_get_verdict(changes, 0) == DUECARE_VERDICT_MET);
    duecare_changes_free(changes);
    CHECK_OK(duecare_monitor_audit(monitor, TEXT("C"), 0, &result, &error));
    CHECK(duecare_result_count_findings(result) == 1);
    duecare_result_free(result);
    CHECK_OK(duecare_monitor_audit(monitor, NULL, 0, DUECARE_VERDICTS_ALL, &result, &error));
    CHECK(duecare_result_count_findings(result) == 2);
    duecare_result_free(result);

    CHECK_OK(duecare_monitor_snapshot(monitor, text, &error));
    bytes = duecare_text_get(text, &length);
    CHECK_OK(duecare_monitor_restore(g_policy, bytes, length, &again, &error));
    CHECK(duecare_monitor_count_cases(again) == 1 && duecare_monitor_count_events(again) == 2);
    CHECK(duecare_monitor_get_as_of(again) == START + 72 * HOUR + 1);
    CHECK(duecare_monitor_get_known_at(again) == duecare_monitor_get_as_of(again));
    duecare_monitor_free(again);
    CHECK_FAILS(DUECARE_STATUS_DATA, duecare_monitor_restore(g_policy, bytes, length - 1, &again, &error));
    CHECK(again == NULL);
    CHECK_OK(duecare_monitor_drop_case(monitor, TEXT("C"), &changes, &error));
    duecare_changes_free(changes);
    CHECK(duecare_monitor_count_cases(monitor) == 0 && duecare_monitor_get_memory(monitor) > 0);
    CHECK(duecare_monitor_get_next_due(monitor) == DUECARE_INSTANT_NONE);
    duecare_monitor_free(monitor);
    duecare_text_free(text);
}

static void documents(void) {
    duecare_monitor* monitor = make_monitor();
    duecare_document* document = NULL;
    duecare_changes* changes = NULL;
    CHECK_OK(duecare_document_new(&document, &error));
    CHECK_OK(duecare_document_start_case(document, TEXT("D"), &error));
    CHECK_OK(duecare_document_add_person(document, TEXT("P"), &error));
    CHECK_OK(duecare_document_add_event(document, TEXT("missing.returned"), START, DUECARE_PRECISION_EXACT,
                                        &error));
    CHECK_OK(duecare_monitor_add_document(monitor, document, &changes, &error));
    CHECK(duecare_changes_count(changes) == 1 &&
          duecare_changes_get_what(changes, 0) == DUECARE_CHANGE_OPENED);
    CHECK(duecare_changes_get_verdict_before(changes, 0) == -1);
    duecare_changes_free(changes);
    duecare_document_free(document);
    duecare_monitor_free(monitor);
}

static void refusals(void) {
    duecare_monitor* monitor = make_monitor();
    duecare_monitor* other = NULL;
    duecare_changes* changes = NULL;
    duecare_result* result = NULL;
    duecare_text* text = NULL;
    duecare_monitor_options options = DUECARE_MONITOR_OPTIONS_INIT;
    duecare_monitor_query query = DUECARE_MONITOR_QUERY_INIT;
    CHECK_OK(duecare_text_new(&text, &error));
    CHECK_OK(duecare_monitor_options_init(&options, sizeof options));
    CHECK_OK(duecare_monitor_query_init(&query, sizeof query));
    CHECK(duecare_monitor_options_init(&options, 4) == BAD && duecare_monitor_query_init(NULL, 72) == BAD);
    CHECK_FAILS(BAD, duecare_monitor_new(g_policy, NULL, &other, &error));
    CHECK_FAILS(BAD, duecare_monitor_new(g_policy, &options, &other, &error));
    options.flags = 8 | DUECARE_MONITOR_AS_OF;
    CHECK_FAILS(BAD, duecare_monitor_new(g_policy, &options, &other, &error));
    options.flags = DUECARE_MONITOR_AS_OF;
    options.known_at = 5;
    CHECK_FAILS(BAD, duecare_monitor_new(g_policy, &options, &other, &error));
    options.known_at = 0;
    CHECK_FAILS(BAD, duecare_monitor_new(NULL, &options, &other, &error));
    CHECK_FAILS(BAD, duecare_monitor_new(g_policy, &options, NULL, &error));
    CHECK_FAILS(BAD, duecare_monitor_push_event(NULL, TEXT("C"), TEXT("{}"), &changes, &error));
    CHECK_FAILS(BAD, duecare_monitor_push_event(monitor, NULL, 1, TEXT("{}"), &changes, &error));
    CHECK_FAILS(BAD, duecare_monitor_push_event(monitor, TEXT("C"), NULL, 1, &changes, &error));
    CHECK_FAILS(BAD, duecare_monitor_push_event(monitor, TEXT("C"), TEXT("{}"), NULL, &error));
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND,
                duecare_monitor_push_event(monitor, TEXT("C"), TEXT("{}"), &changes, &error));
    CHECK_FAILS(DUECARE_STATUS_DATA, duecare_monitor_push_document(monitor, TEXT("{}"), &changes, &error));
    CHECK_FAILS(BAD, duecare_monitor_add_document(monitor, NULL, &changes, &error));
    CHECK_FAILS(BAD, duecare_monitor_set_clock(monitor, INT64_MIN, 0, &changes, &error));
    CHECK(duecare_monitor_get_as_of(monitor) == START);
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND, duecare_monitor_drop_case(monitor, TEXT("C"), &changes, &error));
    query.due_until = 1;
    CHECK_FAILS(BAD, duecare_monitor_list(monitor, &query, &changes, &error));
    query.due_until = 0;
    query.verdicts = 1U << 20;
    CHECK_FAILS(BAD, duecare_monitor_list(monitor, &query, &changes, &error));
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND, duecare_monitor_audit(monitor, TEXT("C"), 0, &result, &error));
    CHECK_FAILS(BAD, duecare_monitor_snapshot(NULL, text, &error));
    CHECK_FAILS(BAD, duecare_changes_export_json(NULL, text, &error));
    CHECK_FAILS(DUECARE_STATUS_DATA, duecare_monitor_restore(g_policy, NULL, 0, &other, &error));
    CHECK(duecare_changes_count(NULL) == 0 && duecare_changes_get_verdict(NULL, 0) == -1);
    CHECK(duecare_monitor_get_as_of(NULL) == DUECARE_INSTANT_NONE && duecare_monitor_get_memory(NULL) == 0);
    CHECK(changes == NULL && other == NULL && result == NULL);
    duecare_monitor_free(NULL);
    duecare_changes_free(NULL);
    duecare_text_free(text);
    duecare_monitor_free(monitor);
}

int main(void) {
    CHECK_OK(duecare_policy_compile(TEXT("policy.json"), TEXT(k_policy), &g_policy, &error));
    life();
    documents();
    refusals();
    duecare_policy_free(g_policy);
    (void)k_caseload;
    return g_failures == 0 ? 0 : 1;
}
