/* Prints everything that the library says of a caseload, as bytes that do not depend on the system: digest of
   the policy, rejects, all findings with their sentences, coverage, and tickets of every length of text.

   Arguments: a policy, an instant, threads, files of histories. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)
#include <fcntl.h>
#include <io.h>
#endif

#include "duecare/duecare.h"

static duecare_error* error;

static void demand(duecare_status status) {
    if (status == DUECARE_STATUS_OK) return;
    fprintf(stderr, "%s\n", duecare_error_get_text(error, NULL));
    exit(2);
}

static char* read_file(const char* path, size_t* length) {
    static char text[1 << 22];
    FILE* file = fopen(path, "rb");
    if (file == NULL) exit(2);
    *length = fread(text, 1, sizeof text, file);
    fclose(file);
    if (*length == sizeof text) exit(2);
    return text;
}

static void print(const duecare_text* text) {
    size_t length = 0;
    const char* bytes = duecare_text_get(text, &length);
    fwrite(bytes, 1, length, stdout);
}

/* Below and above what one call of the system digests. */
static void print_tickets(void) {
    static const char seed[] = "20261128-a-seed-of-some-length";
    char id[1200];
    size_t length;
    memset(id, 'x', sizeof id);
    for (length = 1; length <= sizeof id; length += length < 400 || length > 600 ? 57 : 1) {
        uint8_t ticket[32];
        int i;
        demand(duecare_ticket_compute(seed, sizeof seed - 1, id, length, ticket, &error));
        for (i = 0; i < 32; ++i) printf("%02x", ticket[i]);
        printf("\n");
    }
}

static void print_result(const duecare_result* result) {
    duecare_text* text = NULL;
    demand(duecare_text_new(&text, &error));
    demand(duecare_result_export_findings(result, 0, duecare_result_count_findings(result), text, &error));
    print(text);
    printf("\n");
    duecare_text_free(text);
}

static duecare_caseload* read_cases(int count, char** paths) {
    duecare_caseload* caseload = NULL;
    uint64_t at;
    int i;
    demand(duecare_caseload_new(NULL, &caseload, &error));
    for (i = 0; i < count; ++i)
        demand(duecare_caseload_read_file(caseload, paths[i], strlen(paths[i]), &error));
    for (at = 0; at < duecare_caseload_count_rejects(caseload); ++at) {
        printf("%lu: %s\n", (unsigned long)duecare_caseload_get_reject_line(caseload, at),
               duecare_caseload_get_reject_reason(caseload, at, NULL));
    }
    return caseload;
}

int main(int argc, char** argv) {
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    duecare_policy* policy = NULL;
    duecare_caseload* caseload = NULL;
    duecare_result* result = NULL;
    size_t length;
    const char* json;
    if (argc < 5) return 2;
#if defined(_WIN32)
    _setmode(_fileno(stdout), _O_BINARY);
#endif
    json = read_file(argv[1], &length);
    demand(duecare_policy_compile("policy.json", 11, json, length, &policy, &error));
    printf("%s\n", duecare_policy_get_digest(policy, NULL));
    caseload = read_cases(argc - 4, argv + 4);
    options.flags = DUECARE_AUDIT_AS_OF;
    options.verdicts = DUECARE_VERDICTS_ALL;
    options.threads = (uint32_t)strtoul(argv[3], NULL, 10);
    demand(duecare_instant_parse(argv[2], strlen(argv[2]), &options.as_of, &error));
    demand(duecare_audit_run(policy, caseload, &options, &result, &error));
    print_result(result);
    print_tickets();
    duecare_result_free(result);
    duecare_caseload_free(caseload);
    duecare_policy_free(policy);
    return 0;
}
