/* The prepared conformance vectors, and findings written as the lines that they expect. */
#ifndef DUECARE_TESTS_VECTORS_H
#define DUECARE_TESTS_VECTORS_H

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

static inline void put_bytes(struct buffer* b, const char* bytes, size_t length) {
    if (b->size + length + 1 > b->capacity) {
        b->capacity = (b->size + length + 1) * 2;
        b->data = (char*)realloc(b->data, b->capacity);
        if (b->data == NULL) abort();
    }
    if (length != 0) memcpy(b->data + b->size, bytes, length);
    b->size += length;
    b->data[b->size] = '\0';
}
static inline void put(struct buffer* b, const char* text) {
    put_bytes(b, text, strlen(text));
}

static inline void put_string(struct buffer* b, const char* text, size_t length) {
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

static inline void read_whole(const char* folder, const char* name, struct buffer* into) {
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

static inline int exists(const char* folder, const char* name) {
    char path[2048];
    FILE* file;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (file != NULL) fclose(file);
    return file != NULL;
}

/* ---- The library ---- */

static duecare_text* g_text;

static inline void demand(duecare_status status, duecare_error** error, const char* what) {
    if (status == DUECARE_STATUS_OK) return;
    fprintf(stderr, "%s: %s\n", what, duecare_error_get_text(*error, NULL));
    exit(2);
}

static inline void put_instant(struct buffer* b, int64_t instant) {
    duecare_error* error = NULL;
    size_t length = 0;
    const char* text;
    if (instant == DUECARE_INSTANT_NONE) {
        put(b, "null");
        return;
    }
    demand(duecare_instant_format(instant, g_text, &error), &error, "format");
    text = duecare_text_get(g_text, &length);
    put_string(b, text, length);
}

static inline void put_integer(struct buffer* b, int64_t value) {
    char digits[32];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    put(b, digits);
}

typedef const char* (*string_getter)(const duecare_finding*, size_t*);

static inline void put_field(struct buffer* b, const char* name, const duecare_finding* finding,
                             string_getter get) {
    size_t length = 0;
    const char* text = get(finding, &length);
    put(b, name);
    put_string(b, text, length);
}

static inline void put_lists(struct buffer* b, const duecare_finding* finding) {
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

static inline void put_finding(struct buffer* b, const duecare_finding* finding) {
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

static inline duecare_policy* compile(const char* folder) {
    duecare_error* error = NULL;
    duecare_compiler* compiler = NULL;
    duecare_policy* policy = NULL;
    struct buffer text = {NULL, 0, 0};
    char name[32];
    int i;
    demand(duecare_compiler_new(&compiler, &error), &error, folder);
    for (i = 0; snprintf(name, sizeof name, "layer%d.json", i), exists(folder, name); ++i) {
        read_whole(folder, name, &text);
        demand(duecare_compiler_add_layer(compiler, name, strlen(name), text.data, text.size, &error), &error,
               folder);
    }
    read_whole(folder, "policy.json", &text);
    demand(duecare_compiler_compile(compiler, "policy.json", 11, text.data, text.size, &policy, &error),
           &error, folder);
    duecare_compiler_free(compiler);
    free(text.data);
    return policy;
}

/* The three lines of `meta`, cut in place. */
struct meta {
    char *as_of, *known_at, *rejects;
};
static inline struct meta read_meta(const char* folder, struct buffer* text) {
    struct meta m;
    read_whole(folder, "meta", text);
    m.as_of = text->data;
    m.known_at = strchr(m.as_of, '\n') + 1;
    m.rejects = strchr(m.known_at, '\n') + 1;
    m.known_at[-1] = m.rejects[-1] = '\0';
    *strchr(m.rejects, '\n') = '\0';
    return m;
}

#endif
