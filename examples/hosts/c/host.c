/* A host in C99: audits a caseload, monitors a live event, and shows what an error looks like.
 *
 *     host policy.json cases.jsonl
 */
#include <duecare/duecare.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void demand(duecare_status status, duecare_error** error) {
    if (status == DUECARE_STATUS_OK) return;
    fprintf(stderr, "%s\n", duecare_error_get_text(*error, NULL));
    duecare_error_free(*error);
    exit(2);
}

static char* read_file(const char* path, size_t* length) {
    FILE* file = fopen(path, "rb");
    char* text = NULL;
    size_t capacity = 0;
    *length = 0;
    if (file == NULL) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(2);
    }
    do {
        capacity = capacity * 2 + 65536;
        text = (char*)realloc(text, capacity);
        if (text == NULL) exit(2);
        *length += fread(text + *length, 1, capacity - *length, file);
    } while (*length == capacity);
    fclose(file);
    return text;
}

static void print_finding(const duecare_finding* finding, duecare_text* text) {
    duecare_error* error = NULL;
    const int64_t due = duecare_finding_get_due_at(finding);
    const char* key = duecare_finding_get_key(finding, NULL);
    printf("%s %s %s %s", duecare_finding_get_case_id(finding, NULL),
           duecare_finding_get_duty_id(finding, NULL), key != NULL ? key : "-",
           duecare_verdict_get_name(duecare_finding_get_verdict(finding)));
    if (due != DUECARE_INSTANT_NONE) {
        demand(duecare_instant_format(due, text, &error), &error);
        printf(" due %s", duecare_text_get(text, NULL));
    }
    printf("\n");
}

static void audit(const duecare_policy* policy, const char* cases) {
    duecare_error* error = NULL;
    duecare_caseload* caseload = NULL;
    duecare_result* result = NULL;
    duecare_finding* finding = NULL; /* a reader: it stands at one finding after the other */
    duecare_text* text = NULL;       /* a buffer that the library writes into */
    uint64_t i;
    demand(duecare_caseload_new(NULL, &caseload, &error), &error);
    demand(duecare_caseload_read_file(caseload, cases, strlen(cases), &error), &error);
    for (i = 0; i < duecare_caseload_count_rejects(caseload); ++i) {
        printf("rejected: line %llu: %s\n", (unsigned long long)duecare_caseload_get_reject_line(caseload, i),
               duecare_caseload_get_reject_reason(caseload, i, NULL));
    }
    demand(duecare_audit_run(policy, caseload, NULL, &result, &error), &error);
    demand(duecare_finding_new(result, &finding, &error), &error);
    demand(duecare_text_new(&text, &error), &error);
    for (i = 0; i < duecare_result_count_findings(result); ++i) {
        demand(duecare_finding_at(finding, i, &error), &error);
        print_finding(finding, text);
    }
    duecare_text_free(text);
    duecare_finding_free(finding);
    duecare_result_free(result);
    duecare_caseload_free(caseload);
}

/* What a call to the monitor changed, a line each; frees the list. */
static void print_changes(duecare_changes* changes) {
    duecare_error* error = NULL;
    duecare_text* text = NULL;
    uint64_t i;
    demand(duecare_text_new(&text, &error), &error);
    for (i = 0; i < duecare_changes_count(changes); ++i) {
        const int64_t due = duecare_changes_get_due_at(changes, i);
        const char* key = duecare_changes_get_key(changes, i, NULL);
        printf("now %s %s %s %s", duecare_changes_get_case_id(changes, i, NULL),
               duecare_changes_get_duty_id(changes, i, NULL), key != NULL ? key : "-",
               duecare_verdict_get_name(duecare_changes_get_verdict(changes, i)));
        if (due != DUECARE_INSTANT_NONE) {
            demand(duecare_instant_format(due, text, &error), &error);
            printf(" due %s", duecare_text_get(text, NULL));
        }
        printf("\n");
    }
    duecare_text_free(text);
    duecare_changes_free(changes);
}

/* A child comes back, and then 72 hours pass. */
static void monitor(const duecare_policy* policy) {
    static const char k_case[] =
        "{\"format\":\"duecare.case/"
        "1\",\"id\":\"MC-3\",\"persons\":[{\"id\":\"P7\",\"born\":\"2012-05-06\"}]}";
    static const char k_event[] =
        "{\"id\":\"e1\",\"type\":\"missing.returned\",\"occurred_at\":\"2023-02-01T08:00:00Z\"}";
    duecare_monitor_options options = DUECARE_MONITOR_OPTIONS_INIT;
    duecare_error* error = NULL;
    duecare_monitor* live = NULL;
    duecare_changes* changes = NULL;
    int64_t next;
    options.flags = DUECARE_MONITOR_AS_OF;
    options.as_of = INT64_C(1675245600000000); /* 2023-02-01T10:00:00Z */
    demand(duecare_monitor_new(policy, &options, &live, &error), &error);
    demand(duecare_monitor_push_document(live, k_case, sizeof k_case - 1, &changes, &error), &error);
    print_changes(changes);
    demand(duecare_monitor_push_event(live, "MC-3", 4, k_event, sizeof k_event - 1, &changes, &error),
           &error);
    print_changes(changes);
    next = duecare_monitor_get_next_due(live) + 1; /* what happens when it is due is still in time */
    demand(duecare_monitor_set_clock(live, next, next, &changes, &error), &error);
    print_changes(changes);
    duecare_monitor_free(live);
}

static void show_error(void) {
    static const char k_broken[] = "{\"format\": \"duecare.policy/1\", \"id\": \"broken\"}";
    duecare_error* error = NULL;
    duecare_policy* policy = NULL;
    const duecare_status status =
        duecare_policy_compile("broken.json", 11, k_broken, sizeof k_broken - 1, &policy, &error);
    printf("error %s: %s\n", duecare_status_get_name(status), duecare_error_get_message(error, NULL));
    duecare_error_free(error);
}

int main(int argc, char** argv) {
    duecare_error* error = NULL;
    duecare_policy* policy = NULL;
    size_t length;
    char* json;
    if (argc != 3) {
        fprintf(stderr, "usage: host policy.json cases.jsonl\n");
        return 2;
    }
    printf("duecare %s\n", duecare_version());
    json = read_file(argv[1], &length);
    demand(duecare_policy_compile(argv[1], strlen(argv[1]), json, length, &policy, &error), &error);
    free(json);
    audit(policy, argv[2]);
    monitor(policy);
    show_error();
    duecare_policy_free(policy);
    return 0;
}
