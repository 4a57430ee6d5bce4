/* Runs the conformance vectors, as prepare_vectors.py has split them, through the C ABI alone. Each finding
   is read field by field and written as the line that the vector expects; the lines are compared as bytes. So
   is the beginning of the JSON that the library itself writes, which has these fields first.

   Arguments: the folder of the prepared vectors, bytes a push, threads. */
#include "vectors.h"

static duecare_caseload* read_cases(const char* folder, size_t piece) {
    duecare_error* error = NULL;
    duecare_caseload* caseload = NULL;
    struct buffer text = {NULL, 0, 0};
    size_t at;
    read_whole(folder, "caseload.jsonl", &text);
    demand(duecare_caseload_new(NULL, &caseload, &error), &error, folder);
    demand(duecare_caseload_begin(caseload, "caseload.jsonl", 14, &error), &error, folder);
    for (at = 0; at < text.size; at += piece) {
        const size_t left = text.size - at;
        demand(duecare_caseload_push(caseload, text.data + at, left < piece ? left : piece, &error), &error,
               folder);
    }
    demand(duecare_caseload_finish(caseload, &error), &error, folder);
    free(text.data);
    return caseload;
}

static int same_rejects(const duecare_caseload* caseload, const char* expected) {
    struct buffer found = {NULL, 0, 0};
    uint64_t i;
    int same;
    put(&found, "");
    for (i = 0; i < duecare_caseload_count_rejects(caseload); ++i) {
        if (i != 0) put(&found, " ");
        put_integer(&found, (int64_t)duecare_caseload_get_reject_line(caseload, i));
    }
    same = strcmp(found.data, expected) == 0;
    if (!same) fprintf(stderr, "  rejects: expected lines %s, got %s\n", expected, found.data);
    free(found.data);
    return same;
}

/* The library's own JSON begins with the same bytes, up to the fields that vectors leave out. */
static int same_json(const duecare_finding* finding, const char* line, size_t length) {
    duecare_error* error = NULL;
    const char* json;
    demand(duecare_finding_export_json(finding, g_text, &error), &error, "json");
    json = duecare_text_get(g_text, NULL);
    if (strncmp(json, line, length - 1) == 0 && strncmp(json + length - 1, ",\"area\":", 8) == 0) return 1;
    fprintf(stderr, "  fields: %s\n  json:   %s\n", line, json);
    return 0;
}

static int same_findings(const duecare_result* result, const char* folder) {
    duecare_error* error = NULL;
    duecare_finding* finding = NULL;
    struct buffer found = {NULL, 0, 0};
    struct buffer expected = {NULL, 0, 0};
    uint64_t i;
    int same = 1;
    put(&found, "");
    demand(duecare_finding_new(result, &finding, &error), &error, folder);
    for (i = 0; i < duecare_result_count_findings(result); ++i) {
        const size_t begin = found.size;
        demand(duecare_finding_at(finding, i, &error), &error, folder);
        put_finding(&found, finding);
        same &= same_json(finding, found.data + begin, found.size - begin);
        put(&found, "\n");
    }
    read_whole(folder, "expected.jsonl", &expected);
    if (strcmp(found.data, expected.data) != 0) {
        fprintf(stderr, "  expected:\n%s  got:\n%s", expected.data, found.data);
        same = 0;
    }
    duecare_finding_free(finding);
    free(found.data);
    free(expected.data);
    return same;
}

static int run(const char* folder, size_t piece, uint32_t threads) {
    duecare_error* error = NULL;
    duecare_result* result = NULL;
    struct buffer text = {NULL, 0, 0};
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    duecare_policy* policy = compile(folder);
    duecare_caseload* caseload = read_cases(folder, piece);
    const struct meta meta = read_meta(folder, &text);
    int same;

    options.flags = DUECARE_AUDIT_AS_OF;
    options.verdicts = DUECARE_VERDICTS_ALL;
    options.threads = threads;
    demand(duecare_policy_parse_instant(policy, meta.as_of, strlen(meta.as_of), DUECARE_DAY_END,
                                        &options.as_of, &error),
           &error, folder);
    if (meta.known_at[0] != '\0') {
        options.flags |= DUECARE_AUDIT_KNOWN_AT;
        demand(duecare_policy_parse_instant(policy, meta.known_at, strlen(meta.known_at), DUECARE_DAY_END,
                                            &options.known_at, &error),
               &error, folder);
    }
    demand(duecare_audit_run(policy, caseload, &options, &result, &error), &error, folder);
    duecare_policy_free(policy);
    same = same_rejects(caseload, meta.rejects);
    duecare_caseload_free(caseload);
    same &= same_findings(result, folder);
    duecare_result_free(result);
    free(text.data);
    return same;
}

int main(int argc, char** argv) {
    duecare_error* error = NULL;
    struct buffer names = {NULL, 0, 0};
    char* name;
    int count = 0;
    int failed = 0;
    if (argc != 4) return 2;
    demand(duecare_text_new(&g_text, &error), &error, "text");
    read_whole(argv[1], "index", &names);
    for (name = strtok(names.data, "\n"); name != NULL; name = strtok(NULL, "\n")) {
        char folder[1024];
        snprintf(folder, sizeof folder, "%s/%s", argv[1], name);
        ++count;
        if (run(folder, (size_t)strtoul(argv[2], NULL, 10), (uint32_t)strtoul(argv[3], NULL, 10))) continue;
        fprintf(stderr, "FAILED %s\n", name);
        ++failed;
    }
    printf("%d vectors, %d failed\n", count, failed);
    duecare_text_free(g_text);
    free(names.data);
    return count == 0 || failed != 0;
}
