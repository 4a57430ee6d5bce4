/* A first program in C: audits a file of case histories against a policy, prints what was not in order.
 *
 *     audit policy.json cases.jsonl
 *
 * Exit code 0: nothing to report; 1: findings; 2: it could not be done; 3: some records were rejected, so
 * that the result does not speak of them. */
#include <duecare/duecare.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program with what the library has to say about a failure. */
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

static duecare_policy* compile(const char* path) {
    duecare_error* error = NULL;
    duecare_policy* policy = NULL;
    size_t length;
    char* json = read_file(path, &length);
    demand(duecare_policy_compile(path, strlen(path), json, length, &policy, &error), &error);
    free(json);
    return policy;
}

/* Reads the cases and says which of them could not be taken: they are missing from the result. */
static duecare_caseload* read_cases(const char* path) {
    duecare_error* error = NULL;
    duecare_caseload* caseload = NULL;
    uint64_t i;
    demand(duecare_caseload_new(NULL, &caseload, &error), &error);
    demand(duecare_caseload_read_file(caseload, path, strlen(path), &error), &error);
    for (i = 0; i < duecare_caseload_count_rejects(caseload); ++i) {
        fprintf(stderr, "%s:%llu: rejected: %s\n", duecare_caseload_get_reject_source(caseload, i, NULL),
                (unsigned long long)duecare_caseload_get_reject_line(caseload, i),
                duecare_caseload_get_reject_reason(caseload, i, NULL));
    }
    return caseload;
}

static void print_findings(const duecare_result* result) {
    duecare_error* error = NULL;
    duecare_finding* finding = NULL; /* a reader: it stands at one finding after the other */
    duecare_text* text = NULL;       /* a buffer that the library writes into */
    uint64_t i;
    demand(duecare_finding_new(result, &finding, &error), &error);
    demand(duecare_text_new(&text, &error), &error);
    for (i = 0; i < duecare_result_count_findings(result); ++i) {
        demand(duecare_finding_at(finding, i, &error), &error);
        demand(duecare_finding_export_explanation(finding, text, &error), &error);
        printf("%s %s: %s\n", duecare_finding_get_case_id(finding, NULL),
               duecare_verdict_get_name(duecare_finding_get_verdict(finding)), duecare_text_get(text, NULL));
    }
    duecare_text_free(text);
    duecare_finding_free(finding);
}

int main(int argc, char** argv) {
    duecare_error* error = NULL;
    duecare_result* result = NULL;
    duecare_policy* policy;
    duecare_caseload* caseload;
    int exit_code;
    if (argc != 3) {
        fprintf(stderr, "usage: audit policy.json cases.jsonl\n");
        return 2;
    }
    policy = compile(argv[1]);
    caseload = read_cases(argv[2]);

    /* Without options: as of the latest instant of the caseload, findings of what was not in order. */
    demand(duecare_audit_run(policy, caseload, NULL, &result, &error), &error);
    print_findings(result);
    printf("%llu met, %llu missed in %llu cases; %llu records rejected\n",
           (unsigned long long)duecare_result_count_verdicts(result, 0, DUECARE_VERDICT_MET),
           (unsigned long long)duecare_result_count_verdicts(result, 0, DUECARE_VERDICT_MISSED),
           (unsigned long long)duecare_result_count_cases(result),
           (unsigned long long)duecare_result_count_rejects(result));
    exit_code = duecare_result_count_findings(result) != 0 ? 1 : 0;
    if (duecare_result_count_rejects(result) != 0) exit_code = 3;

    /* In any order: each object keeps what it needs. */
    duecare_policy_free(policy);
    duecare_caseload_free(caseload);
    duecare_result_free(result);
    return exit_code;
}
