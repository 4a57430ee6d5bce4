/* What the fault tests share: one object of each kind, put together so that every function can be called. */
#ifndef DUECARE_TESTS_FAULTS_H
#define DUECARE_TESTS_FAULTS_H

#include <stdlib.h>

#include "check.h"
#include "duecare/arrow_abi.h"
#include "fixture.h"

/* From fault_alloc.cpp. */
extern uint64_t g_count;
extern uint64_t g_fail_at;
extern int g_and_after;
extern int64_t g_live;

static const int64_t k_start = INT64_C(1673337600000000); /* 2023-01-10T08:00:00Z */
static const int64_t k_later = INT64_C(1674000000000000);
static const char k_inputs[] = "{\"x\": 3, \"n\": 40, \"conf\": 0.95, \"method\": \"clopper_pearson\"}";
static const char k_mapping[] =
    "{\"format\": \"duecare.mapping/1\", \"events\": {\"case\": \"Fall\", \"type\": \"Art\", "
    "\"occurred\": \"Am\"}}";
static const char k_plan[] = "{\"format\": \"duecare.sample-plan/1\", \"design\": \"pareto\", \"n\": 2}";
static const char k_document[] =
    "{\"format\":\"duecare.case/1\",\"id\":\"a-case-with-a-rather-long-id\",\"persons\":[{\"id\":\"P1\"}],"
    "\"events\":[{\"type\":\"missing.returned\",\"occurred_at\":\"2023-01-10T08:00:00Z\"}]}";
static const char k_event[] =
    "{\"id\":\"a-rather-long-id-of-an-event\",\"type\":\"interview.return_home\",\"occurred_at\":"
    "\"2023-01-12T16:30:00Z\",\"subjects\":[\"P2\"]}";

/* What the program was given: a file of cases, and the bytes of a bundle of zones. */
struct given {
    const char* path;
    char* zones;
    size_t zones_length;
};

struct fixture {
    duecare_text* text;
    duecare_text* into;
    duecare_error* error;
    duecare_context* context;
    duecare_zones* zones;
    duecare_compiler* compiler;
    duecare_policy* policy;
    duecare_diagnostics* diagnostics; /* of the policy */
    duecare_caseload* caseload;
    duecare_token* token;
    duecare_result* result;
    duecare_finding* finding;
    duecare_explanation* explanation;
    duecare_document* document;
    duecare_tables* tables;
    duecare_frame* frame;
    duecare_frame* open_frame;
    duecare_sample* sample;
    duecare_monitor* monitor;
    duecare_changes* changes;
    struct ArrowArrayStream stream;
    char manifest[8192];
    char snapshot[8192];
    char unit_id[64];
    const struct given* given;
};

static inline void must(duecare_status status, duecare_error** error, int line) {
    if (status == DUECARE_STATUS_OK) return;
    fprintf(stderr, "%s:%d: %s\n", __FILE__, line, duecare_error_get_text(*error, NULL));
    exit(2);
}
#define MUST(call) must((call), &error, __LINE__)

static inline void copy_text(char* into, size_t room, const char* text) {
    if (strlen(text) >= room) exit(2);
    strcpy(into, text);
}

static inline void make_sample(struct fixture* f) {
    duecare_error* error = NULL;
    MUST(duecare_frame_new(&f->frame, &error));
    MUST(duecare_frame_push(f->frame, "C1", 2, "north", 5, 5, &error));
    MUST(duecare_frame_push(f->frame, "C2", 2, "north", 5, 6, &error));
    MUST(duecare_frame_push(f->frame, "C3", 2, "south", 5, 7, &error));
    MUST(duecare_frame_push(f->frame, "C4", 2, "south", 5, 8, &error));
    MUST(duecare_frame_finish(f->frame, &error));
    MUST(duecare_frame_new(&f->open_frame, &error));
    MUST(duecare_sample_draw(f->frame, k_plan, sizeof k_plan - 1, "12345678901234567890", 20, NULL, 0,
                             &f->sample, &error));
    copy_text(f->unit_id, sizeof f->unit_id, duecare_sample_get_unit_id(f->sample, 0, NULL));
    MUST(duecare_sample_export_manifest(f->sample, f->text, &error));
    copy_text(f->manifest, sizeof f->manifest, duecare_text_get(f->text, NULL));
}

static inline void make_monitor(struct fixture* f) {
    duecare_error* error = NULL;
    duecare_monitor_options options = DUECARE_MONITOR_OPTIONS_INIT;
    options.flags = DUECARE_MONITOR_AS_OF;
    options.as_of = k_start;
    MUST(duecare_monitor_new(f->policy, &options, &f->monitor, &error));
    MUST(duecare_caseload_export_case_json(f->caseload, 0, f->text, &error));
    MUST(duecare_monitor_push_document(f->monitor, duecare_text_get(f->text, NULL),
                                       strlen(duecare_text_get(f->text, NULL)), &f->changes, &error));
    MUST(duecare_monitor_snapshot(f->monitor, f->text, &error));
    copy_text(f->snapshot, sizeof f->snapshot, duecare_text_get(f->text, NULL));
}

static inline void make_document(struct fixture* f) {
    duecare_error* error = NULL;
    MUST(duecare_document_new(&f->document, &error));
    MUST(duecare_document_start_case(f->document, "D1", 2, &error));
    MUST(duecare_document_add_person(f->document, "P1", 2, &error));
    MUST(duecare_document_add_event(f->document, "missing.returned", 16, k_start, DUECARE_PRECISION_EXACT,
                                    &error));
}

static inline void make_result(struct fixture* f) {
    duecare_error* error = NULL;
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    options.verdicts = DUECARE_VERDICTS_ALL;
    options.flags = DUECARE_AUDIT_COVERAGE;
    MUST(duecare_audit_run(f->policy, f->caseload, &options, &f->result, &error));
    MUST(duecare_finding_new(f->result, &f->finding, &error));
    MUST(duecare_finding_at(f->finding, 0, &error));
    MUST(duecare_explanation_new(f->result, "MC-1", 4, "return-interview", 16, NULL, 0, &f->explanation,
                                 &error));
}

static inline void set_up(struct fixture* f, const struct given* given) {
    duecare_error* error = NULL;
    duecare_policy* refused = NULL;
    memset(f, 0, sizeof *f);
    f->given = given;
    MUST(duecare_text_new(&f->text, &error));
    MUST(duecare_text_new(&f->into, &error));
    MUST(duecare_context_new(NULL, &f->context, &error));
    MUST(duecare_compiler_new(&f->compiler, &error));
    MUST(duecare_policy_compile("p", 1, k_policy, sizeof k_policy - 1, &f->policy, &error));
    if (duecare_policy_compile("q", 1, "{}", 2, &refused, &f->error) != DUECARE_STATUS_POLICY) exit(2);
    f->diagnostics = (duecare_diagnostics*)(uintptr_t)duecare_error_get_diagnostics(f->error);
    MUST(duecare_caseload_new(NULL, &f->caseload, &error));
    MUST(duecare_caseload_begin(f->caseload, "cases", 5, &error));
    MUST(duecare_caseload_push(f->caseload, k_caseload, sizeof k_caseload - 1, &error));
    MUST(duecare_caseload_finish(f->caseload, &error));
    MUST(duecare_token_new(&f->token, &error));
    MUST(duecare_tables_new(NULL, 0, &f->tables, &error));
    make_result(f);
    make_document(f);
    make_sample(f);
    make_monitor(f);
}

static inline void tear_down(struct fixture* f) {
    if (f->stream.release != NULL) f->stream.release(&f->stream);
    duecare_changes_free(f->changes);
    duecare_monitor_free(f->monitor);
    duecare_sample_free(f->sample);
    duecare_frame_free(f->open_frame);
    duecare_frame_free(f->frame);
    duecare_tables_free(f->tables);
    duecare_document_free(f->document);
    duecare_explanation_free(f->explanation);
    duecare_finding_free(f->finding);
    duecare_result_free(f->result);
    duecare_token_free(f->token);
    duecare_caseload_free(f->caseload);
    duecare_policy_free(f->policy);
    duecare_compiler_free(f->compiler);
    duecare_zones_free(f->zones);
    duecare_context_free(f->context);
    duecare_error_free(f->error);
    duecare_text_free(f->into);
    duecare_text_free(f->text);
}

#endif
