/* Runs the conformance vectors, as prepare_vectors.py has split them, through the C ABI alone. Each finding
   is read field by field and written as the line that the vector expects; the lines are compared as bytes. So
   is the beginning of the JSON that the library itself writes, which has these fields first.

   Arguments: the folder of the prepared vectors, bytes a push, threads. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "duecare/duecare.h"

/* ---- Text ---- */

struct buffer {
    char* data;
    size_t size, capacity;
};

static void put_bytes(struct buffer* b, const char* bytes, size_t length) {
    if (b->size + length + 1 > b->capacity) {
        b->capacity = (b->size + length + 1) * 2;
        b->data = (char*)realloc(b->data, b->capacity);
        if (b->data == NULL) abort();
    }
    if (length != 0) memcpy(b->data + b->size, bytes, length);
    b->size += length;
    b->data[b->size] = '\0';
}
static void put(struct buffer* b, const char* text) {
    put_bytes(b, text, strlen(text));
}

static void put_string(struct buffer* b, const char* text, size_t length) {
    size_t i;
    if (text == NULL) {
        put(b, "null");
        return;
    }
    put(b, "\"");
    for (i = 0; i < length; ++i) {
        static const char special[] = "\"\\\b\f\n\r\t";
        static const char* const written[] = {"\\\"", "\\\\", "\\b", "\\f", "\\n", "\\r", "\\t"};
        const char c = text[i];
        const char* found = c == '\0' ? NULL : strchr(special, c);
        if (found != NULL) {
            put(b, written[found - special]);
        } else if ((unsigned char)c < 0x20) {
            char code[8];
            snprintf(code, sizeof code, "\\u%04x", (unsigned)(unsigned char)c);
            put(b, code);
        } else {
            put_bytes(b, &c, 1);
        }
    }
    put(b, "\"");
}

static void read_whole(const char* folder, const char* name, struct buffer* into) {
    char path[2048];
    char chunk[4096];
    size_t got;
    FILE* file;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    into->size = 0;
    put(into, "");
    file = fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0) put_bytes(into, chunk, got);
    fclose(file);
}

static int exists(const char* folder, const char* name) {
    char path[2048];
    FILE* file;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (file != NULL) fclose(file);
    return file != NULL;
}

/* ---- The library ---- */

static duecare_text* g_text;

static void demand(duecare_status status, duecare_error* error, const char* what) {
    if (status == DUECARE_STATUS_OK) return;
    fprintf(stderr, "%s: %s\n", what, duecare_error_get_text(error, NULL));
    exit(2);
}

static void put_instant(struct buffer* b, int64_t instant) {
    duecare_error* error = NULL;
    size_t length = 0;
    const char* text;
    if (instant == DUECARE_INSTANT_NONE) {
        put(b, "null");
        return;
    }
    demand(duecare_instant_format(instant, g_text, &error), error, "format");
    text = duecare_text_get(g_text, &length);
    put_string(b, text, length);
}

static void put_integer(struct buffer* b, int64_t value) {
    char digits[32];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    put(b, digits);
}

typedef const char* (*string_getter)(const duecare_finding*, size_t*);

static void put_field(struct buffer* b, const char* name, const duecare_finding* finding, string_getter get) {
    size_t length = 0;
    const char* text = get(finding, &length);
    put(b, name);
    put_string(b, text, length);
}

static void put_lists(struct buffer* b, const duecare_finding* finding) {
    const uint32_t flags = duecare_finding_get_flags(finding);
    const char* separator = "";
    uint32_t bit;
    uint64_t i;
    put(b, ",\"flags\":[");
    for (bit = 1; bit != 0; bit <<= 1) {
        const char* name = duecare_flag_get_name(bit);
        if ((flags & bit) == 0) continue;
        put(b, separator);
        put_string(b, name, name == NULL ? 0 : strlen(name));
        separator = ",";
    }
    put(b, "]");
    put_field(b, ",\"reason\":", finding, duecare_finding_get_reason);
    put(b, ",\"evidence\":[");
    for (i = 0; i < duecare_finding_count_evidence(finding); ++i) {
        size_t length = 0;
        const char* id = duecare_finding_get_evidence(finding, i, &length);
        put(b, i == 0 ? "" : ",");
        put_string(b, id, length);
    }
    put(b, "]");
}

static void put_finding(struct buffer* b, const duecare_finding* finding) {
    const char* verdict = duecare_verdict_get_name(duecare_finding_get_verdict(finding));
    put_field(b, "{\"case_id\":", finding, duecare_finding_get_case_id);
    put_field(b, ",\"duty_id\":", finding, duecare_finding_get_duty_id);
    put_field(b, ",\"key\":", finding, duecare_finding_get_key);
    put(b, ",\"verdict\":");
    put_string(b, verdict, verdict == NULL ? 0 : strlen(verdict));
    put(b, ",\"opened_at\":");
    put_instant(b, duecare_finding_get_opened_at(finding));
    put(b, ",\"due_at\":");
    put_instant(b, duecare_finding_get_due_at(finding));
    put(b, ",\"ended_at\":");
    put_instant(b, duecare_finding_get_ended_at(finding));
    put(b, ",\"overdue_seconds\":");
    put_integer(b, duecare_finding_get_overdue_seconds(finding));
    put(b, ",\"elapsed_seconds\":");
    put_integer(b, duecare_finding_get_elapsed_seconds(finding));
    put(b, ",\"missed_periods\":");
    put_integer(b, duecare_finding_get_missed_periods(finding));
    put_field(b, ",\"trigger_event\":", finding, duecare_finding_get_trigger_event);
    put_field(b, ",\"ending_event\":", finding, duecare_finding_get_ending_event);
    put_lists(b, finding);
    put_field(b, ",\"owner\":", finding, duecare_finding_get_owner);
    put(b, "}");
}

static duecare_policy* compile(const char* folder) {
    duecare_error* error = NULL;
    duecare_compiler* compiler = NULL;
    duecare_policy* policy = NULL;
    struct buffer text = {NULL, 0, 0};
    char name[32];
    int i;
    demand(duecare_compiler_new(&compiler, &error), error, folder);
    for (i = 0; snprintf(name, sizeof name, "layer%d.json", i), exists(folder, name); ++i) {
        read_whole(folder, name, &text);
        demand(duecare_compiler_add_layer(compiler, name, strlen(name), text.data, text.size, &error), error,
               folder);
    }
    read_whole(folder, "policy.json", &text);
    demand(duecare_compiler_compile(compiler, "policy.json", 11, text.data, text.size, &policy, &error),
           error, folder);
    duecare_compiler_free(compiler);
    free(text.data);
    return policy;
}

static duecare_caseload* read_cases(const char* folder, size_t piece) {
    duecare_error* error = NULL;
    duecare_caseload* caseload = NULL;
    struct buffer text = {NULL, 0, 0};
    size_t at;
    read_whole(folder, "caseload.jsonl", &text);
    demand(duecare_caseload_new(NULL, &caseload, &error), error, folder);
    demand(duecare_caseload_begin(caseload, "caseload.jsonl", 14, &error), error, folder);
    for (at = 0; at < text.size; at += piece) {
        const size_t left = text.size - at;
        demand(duecare_caseload_push(caseload, text.data + at, left < piece ? left : piece, &error), error,
               folder);
    }
    demand(duecare_caseload_finish(caseload, &error), error, folder);
    free(text.data);
    return caseload;
}

/* The three lines of `meta`, cut in place. */
struct meta {
    char *as_of, *known_at, *rejects;
};
static struct meta read_meta(const char* folder, struct buffer* text) {
    struct meta m;
    read_whole(folder, "meta", text);
    m.as_of = text->data;
    m.known_at = strchr(m.as_of, '\n') + 1;
    m.rejects = strchr(m.known_at, '\n') + 1;
    m.known_at[-1] = m.rejects[-1] = '\0';
    *strchr(m.rejects, '\n') = '\0';
    return m;
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
    demand(duecare_finding_export_json(finding, g_text, &error), error, "json");
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
    demand(duecare_finding_new(result, &finding, &error), error, folder);
    for (i = 0; i < duecare_result_count_findings(result); ++i) {
        const size_t begin = found.size;
        demand(duecare_finding_at(finding, i, &error), error, folder);
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
           error, folder);
    if (meta.known_at[0] != '\0') {
        options.flags |= DUECARE_AUDIT_KNOWN_AT;
        demand(duecare_policy_parse_instant(policy, meta.known_at, strlen(meta.known_at), DUECARE_DAY_END,
                                            &options.known_at, &error),
               error, folder);
    }
    demand(duecare_audit_run(policy, caseload, &options, &result, &error), error, folder);
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
    demand(duecare_text_new(&g_text, &error), error, "text");
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
