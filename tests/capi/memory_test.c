/* Lets the N-th allocation fail, for N = 1, 2, 3 ..., once alone and once with all that follow: every call
   says OUT_OF_MEMORY or succeeds, outputs are cleared, and everything is given back. */
#include "check.h"
#include "fixture.h"

#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
int main(void) {
    return 77;
} /* skipped: the sanitizers bring an allocator of their own */
#else

extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* old, size_t size);
extern void __libc_free(void* pointer);

static uint64_t g_count = 0;   /* allocations so far */
static uint64_t g_fail_at = 0; /* 0: none fails */
static int g_and_after = 0;    /* those after it fail too */
static int64_t g_live = 0;     /* not freed yet */

static int fails(void) {
    ++g_count;
    return g_fail_at != 0 && (g_count == g_fail_at || (g_and_after && g_count > g_fail_at));
}
void* malloc(size_t size) {
    void* made = fails() ? NULL : __libc_malloc(size);
    if (made != NULL) ++g_live;
    return made;
}
void* calloc(size_t count, size_t size) {
    void* made = fails() ? NULL : __libc_calloc(count, size);
    if (made != NULL) ++g_live;
    return made;
}
void* realloc(void* old, size_t size) {
    void* made = fails() ? NULL : __libc_realloc(old, size);
    if (made != NULL && old == NULL) ++g_live;
    return made;
}
void free(void* pointer) {
    if (pointer != NULL) --g_live;
    __libc_free(pointer);
}

struct objects {
    duecare_text* text;
    duecare_compiler* compiler;
    duecare_policy* policy;
    duecare_caseload* caseload;
    duecare_token* token;
    duecare_result* result;
    duecare_finding* finding;
    duecare_explanation* explanation;
    duecare_frame* frame;
    duecare_sample* sample;
    duecare_sample* again;
};

static int g_out_of_memory;

/* 1 when the call succeeded. */
static int ok(duecare_status status, duecare_error* error, int line) {
    if (status != DUECARE_STATUS_OK && status != DUECARE_STATUS_OUT_OF_MEMORY) {
        ++g_failures;
        g_fail_at = 0;
        fprintf(stderr, "%s:%d: allocation %llu: %s: %s\n", __FILE__, line, (unsigned long long)g_count,
                duecare_status_get_name(status), duecare_error_get_text(error, NULL));
    }
    if ((status != DUECARE_STATUS_OK) != (error != NULL)) ++g_failures;
    if (error != NULL && duecare_error_get_message(error, NULL) == NULL) ++g_failures;
    if (status == DUECARE_STATUS_OUT_OF_MEMORY) g_out_of_memory = 1;
    duecare_error_free(error);
    return status == DUECARE_STATUS_OK;
}
#define OK(call) (error = NULL, status = (call), ok(status, error, __LINE__))

static int read_finding(struct objects* o) {
    duecare_error* error;
    duecare_status status;
    int64_t instant = 0;
    return OK(duecare_finding_new(o->result, &o->finding, &error)) &&
           OK(duecare_finding_at(o->finding, 0, &error)) &&
           OK(duecare_finding_export_explanation(o->finding, o->text, &error)) &&
           OK(duecare_finding_export_json(o->finding, o->text, &error)) &&
           OK(duecare_result_export_findings(o->result, 0, 9, o->text, &error)) &&
           OK(duecare_explanation_new(o->result, "MC-1", 4, "return-interview", 16, NULL, 0, &o->explanation,
                                      &error)) &&
           OK(duecare_explanation_export_text(o->explanation, o->text, &error)) &&
           OK(duecare_explanation_export_json(o->explanation, o->text, &error)) &&
           OK(duecare_result_export_coverage(o->result, o->text, &error)) &&
           OK(duecare_caseload_export_case_id(o->caseload, 0, o->text, &error)) &&
           OK(duecare_caseload_export_case_json(o->caseload, 0, o->text, &error)) &&
           OK(duecare_policy_parse_instant(o->policy, "2023-01-20", 10, DUECARE_DAY_END, &instant, &error)) &&
           OK(duecare_policy_format_instant(o->policy, instant, o->text, &error));
}

static int replace_first(struct objects* o) {
    duecare_error* error;
    duecare_status status;
    size_t length = 0;
    const char* id = duecare_sample_get_unit_id(o->sample, 0, &length);
    return OK(duecare_sample_replace(o->sample, id, length, "a duplicate of another case", 27, &error));
}

static int draw(struct objects* o) {
    static const char k_plan[] = "{\"format\": \"duecare.sample-plan/1\", \"design\": \"pareto\", \"n\": 2}";
    static const char k_ids[] = "a-rather-long-id-of-a-case-1a-rather-long-id-of-a-case-2";
    static const int64_t k_offsets[3] = {0, 28, 56};
    static const int64_t k_sizes[2] = {7, 9};
    duecare_error* error;
    duecare_status status;
    static const char k_manifest[] =
        "{\"format\": \"duecare.sample-manifest/1\", \"plan\": {\"text\": \"{}\"}, \"seed\":"
        " {\"value\": \"1\", \"origin\": \"\"}, \"history\": [], \"frame\": {\"digest\": \"0\"}}";
    uint64_t count = 0;
    return OK(duecare_frame_new(&o->frame, &error)) &&
           OK(duecare_frame_push(o->frame, "C1", 2, "a-rather-long-name-of-a-stratum", 31, 5, &error)) &&
           OK(duecare_frame_push_many(o->frame, 2, k_ids, k_offsets, NULL, NULL, k_sizes, &error)) &&
           OK(duecare_frame_push(o->frame, "C2", 2, NULL, 0, 8, &error)) &&
           OK(duecare_frame_finish(o->frame, &error)) &&
           OK(duecare_frame_export_canonical(o->frame, o->text, &error)) &&
           OK(duecare_sample_draw(o->frame, k_plan, sizeof k_plan - 1, "12345678901234567890", 20, NULL, 0,
                                  &o->sample, &error)) &&
           replace_first(o) && OK(duecare_sample_extend(o->sample, "{\"n\": 3}", 8, "planned", 7, &error)) &&
           OK(duecare_sample_export_manifest(o->sample, o->text, &error)) &&
           OK(duecare_sample_derive(o->frame, duecare_text_get(o->text, NULL),
                                    strlen(duecare_text_get(o->text, NULL)), &o->again, &error)) &&
           OK(duecare_sample_verify(o->frame, k_manifest, sizeof k_manifest - 1, &count, o->text, &error));
}

static void scenario(struct objects* o) {
    duecare_error* error;
    duecare_status status;
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    options.verdicts = DUECARE_VERDICTS_ALL;
    options.flags = DUECARE_AUDIT_COVERAGE;
    if (!OK(duecare_text_new(&o->text, &error))) return;
    if (!OK(duecare_compiler_new(&o->compiler, &error))) return;
    if (!OK(duecare_compiler_add_layer(o->compiler, "a-rather-long-name-of-a-layer.json", 34, "{}", 2,
                                       &error))) {
        return;
    }
    if (!OK(duecare_compiler_compile(o->compiler, "p", 1, k_policy, sizeof k_policy - 1, &o->policy, &error)))
        return;
    if (!OK(duecare_caseload_new(NULL, &o->caseload, &error))) return;
    if (!OK(duecare_caseload_begin(o->caseload, "a-rather-long-name-of-a-source.jsonl", 36, &error))) return;
    if (!OK(duecare_caseload_push(o->caseload, k_caseload, sizeof k_caseload - 1, &error))) return;
    if (!OK(duecare_caseload_finish(o->caseload, &error))) return;
    if (!OK(duecare_token_new(&o->token, &error))) return;
    options.token = o->token;
    if (!OK(duecare_audit_run(o->policy, o->caseload, &options, &o->result, &error))) return;
    if (read_finding(o)) (void)draw(o);
}

static void free_objects(struct objects* o) {
    duecare_sample_free(o->again);
    duecare_sample_free(o->sample);
    duecare_frame_free(o->frame);
    duecare_explanation_free(o->explanation);
    duecare_finding_free(o->finding);
    duecare_result_free(o->result);
    duecare_token_free(o->token);
    duecare_caseload_free(o->caseload);
    duecare_policy_free(o->policy);
    duecare_compiler_free(o->compiler);
    duecare_text_free(o->text);
}

/* Whether no allocation failed, and so the scenario is through. */
static int attempt(uint64_t fail_at) {
    struct objects o;
    int64_t live;
    memset(&o, 0, sizeof o);
    live = g_live;
    g_count = 0;
    g_out_of_memory = 0;
    g_fail_at = fail_at;
    scenario(&o);
    g_fail_at = 0;
    free_objects(&o);
    if (g_live != live) {
        fprintf(stderr, "allocation %llu: %lld not given back\n", (unsigned long long)fail_at,
                (long long)(g_live - live));
        ++g_failures;
    }
    return g_count < fail_at || fail_at == 0;
}

int main(void) {
    uint64_t n;
    int told = 0;
    struct objects once;
    memset(&once, 0, sizeof once);
    scenario(&once); /* what is made once and kept, as by the C library, is made now */
    free_objects(&once);
    CHECK(attempt(0));
    for (g_and_after = 0; g_and_after < 2; ++g_and_after) {
        for (n = 1; !attempt(n) && g_failures < 20; ++n) told += g_out_of_memory;
        CHECK(n > 100);
    }
    CHECK(told > 100);
    printf("%llu allocations\n", (unsigned long long)n);
    return finish("memory_test");
}
#endif
