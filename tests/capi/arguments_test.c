/* Whatever is passed: a status, never a crash, and cleared outputs (run under the sanitizers too). */
#include "check.h"
#include "duecare/arrow_abi.h"
#include "fixture.h"

#define BAD DUECARE_STATUS_INVALID_ARGUMENT
/* A pointer that is not NULL, to see that it is cleared. */
#define DIRTY(type) ((type*)&g_failures)

static duecare_policy* g_policy;
static duecare_caseload* g_caseload;
static duecare_result* g_result;
static duecare_text* g_text;
static duecare_error* error;

static void set_up(void) {
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    options.verdicts = DUECARE_VERDICTS_ALL;
    CHECK_OK(duecare_text_new(&g_text, &error));
    CHECK_OK(duecare_policy_compile(NULL, 0, k_policy, sizeof k_policy - 1, &g_policy, &error));
    CHECK_OK(duecare_caseload_new(NULL, &g_caseload, &error));
    CHECK_OK(duecare_caseload_begin(g_caseload, NULL, 0, &error));
    CHECK_OK(duecare_caseload_push(g_caseload, k_caseload, sizeof k_caseload - 1, &error));
    CHECK_OK(duecare_caseload_push(g_caseload, NULL, 0, &error));
    CHECK_OK(duecare_caseload_finish(g_caseload, &error));
    CHECK_OK(duecare_caseload_finish(g_caseload, &error));
    CHECK_OK(duecare_audit_run(g_policy, g_caseload, &options, &g_result, &error));
}

static void null_objects(void) {
    duecare_policy* policy = DIRTY(duecare_policy);
    duecare_result* result = DIRTY(duecare_result);
    duecare_finding* finding = DIRTY(duecare_finding);
    duecare_zones* zones = DIRTY(duecare_zones);
    int64_t instant = 1;

    CHECK_FAILS(BAD, duecare_text_new(NULL, &error));
    CHECK_FAILS(BAD, duecare_text_set(NULL, "x", 1, &error));
    CHECK_FAILS(BAD, duecare_zones_import(NULL, 4, &zones, &error));
    CHECK(zones == NULL);
    CHECK_FAILS(BAD, duecare_compiler_new(NULL, &error));
    CHECK_FAILS(BAD, duecare_compiler_set_zones(NULL, NULL, &error));
    CHECK_FAILS(BAD, duecare_compiler_add_layer(NULL, NULL, 0, NULL, 0, &error));
    CHECK_FAILS(BAD, duecare_compiler_compile(NULL, NULL, 0, NULL, 0, &policy, &error));
    CHECK(policy == NULL);
    CHECK_FAILS(BAD, duecare_policy_compile(NULL, 0, k_policy, sizeof k_policy - 1, NULL, &error));
    CHECK_FAILS(BAD, duecare_policy_compile(NULL, 3, k_policy, sizeof k_policy - 1, &policy, &error));
    CHECK_FAILS(BAD, duecare_policy_compile(NULL, 0, NULL, 3, &policy, &error));
    CHECK_FAILS(BAD, duecare_policy_compile(NULL, 0, k_policy, SIZE_MAX, &policy, &error));
    CHECK_FAILS(BAD, duecare_policy_compile("\xC3", 1, k_policy, sizeof k_policy - 1, &policy, &error));
    CHECK_FAILS(BAD, duecare_policy_parse_instant(NULL, "2020-01-01", 10, DUECARE_DAY_END, &instant, &error));
    CHECK(instant == DUECARE_INSTANT_NONE);
    CHECK_FAILS(BAD, duecare_policy_format_instant(NULL, 0, g_text, &error));
    CHECK_FAILS(BAD, duecare_policy_format_instant(g_policy, 0, NULL, &error));
    CHECK_FAILS(BAD, duecare_instant_parse("2020-01-01T00:00:00Z", 20, NULL, &error));
    CHECK_FAILS(BAD, duecare_instant_format(0, NULL, &error));
    CHECK_FAILS(BAD, duecare_caseload_new(NULL, NULL, &error));
    CHECK_FAILS(BAD, duecare_caseload_begin(NULL, NULL, 0, &error));
    CHECK_FAILS(BAD, duecare_caseload_push(NULL, NULL, 0, &error));
    CHECK_FAILS(BAD, duecare_caseload_finish(NULL, &error));
    CHECK_FAILS(BAD, duecare_caseload_read_file(NULL, "x", 1, &error));
    CHECK_FAILS(BAD, duecare_caseload_export_case_id(NULL, 0, g_text, &error));
    CHECK_FAILS(BAD, duecare_caseload_export_case_json(NULL, 0, g_text, &error));
    CHECK_FAILS(BAD, duecare_token_new(NULL, &error));
    CHECK_FAILS(BAD, duecare_audit_run(NULL, g_caseload, NULL, &result, &error));
    CHECK(result == NULL);
    CHECK_FAILS(BAD, duecare_audit_run(g_policy, NULL, NULL, &result, &error));
    CHECK_FAILS(BAD, duecare_audit_run(g_policy, g_caseload, NULL, NULL, &error));
    CHECK_FAILS(BAD, duecare_result_export_coverage(NULL, g_text, &error));
    CHECK_FAILS(BAD, duecare_result_export_coverage(g_result, NULL, &error));
    CHECK_FAILS(BAD, duecare_result_export_findings(NULL, 0, 1, g_text, &error));
    CHECK_FAILS(BAD, duecare_result_export_findings(g_result, 0, 1, NULL, &error));
    CHECK_FAILS(BAD, duecare_finding_new(NULL, &finding, &error));
    CHECK(finding == NULL);
    CHECK_FAILS(BAD, duecare_finding_at(NULL, 0, &error));
    CHECK_FAILS(BAD, duecare_finding_export_json(NULL, g_text, &error));
    CHECK_FAILS(BAD, duecare_finding_export_explanation(NULL, g_text, &error));
    CHECK_FAILS(BAD, duecare_document_new(NULL, &error));
    CHECK_FAILS(BAD, duecare_document_start_case(NULL, "x", 1, &error));
    CHECK_FAILS(BAD, duecare_document_add_event(NULL, "x", 1, 0, DUECARE_PRECISION_EXACT, &error));
    CHECK_FAILS(BAD, duecare_document_set_attribute_string(NULL, "x", 1, "y", 1, &error));
    CHECK_FAILS(BAD, duecare_caseload_add_document(g_caseload, NULL, NULL, 0, 0, &error));
    CHECK_FAILS(BAD, duecare_tables_new("{}", 2, NULL, &error));
    CHECK_FAILS(BAD, duecare_tables_add(NULL, NULL, 0, NULL, &error));
    CHECK_FAILS(BAD, duecare_tables_export_report(NULL, g_text, &error));
    CHECK_FAILS(BAD, duecare_caseload_add_tables(g_caseload, NULL, &error));
    CHECK_FAILS(BAD, duecare_result_export_table(g_result, DUECARE_TABLE_FINDINGS, 0, NULL, &error));
    /* Without a place for the error the status is all there is. */
    CHECK(duecare_audit_run(NULL, NULL, NULL, NULL, NULL) == BAD);
}

static void null_accessors(void) {
    size_t length = 7;
    CHECK(duecare_error_get_status(NULL) == DUECARE_STATUS_OK);
    CHECK(duecare_error_get_message(NULL, &length) == NULL && length == 0);
    CHECK(duecare_error_get_pointer(NULL, NULL) == NULL);
    CHECK(duecare_error_get_source(NULL, NULL) == NULL);
    CHECK(duecare_error_get_text(NULL, NULL) == NULL);
    CHECK(duecare_error_get_line(NULL) == 0);
    CHECK(duecare_error_get_callback_code(NULL) == 0);
    CHECK(duecare_error_get_diagnostics(NULL) == NULL);
    CHECK(duecare_diagnostics_count(NULL) == 0);
    CHECK(duecare_diagnostics_get_severity(NULL, 0) == 0);
    CHECK(duecare_diagnostics_get_message(NULL, 0, NULL) == NULL);
    CHECK(duecare_diagnostics_get_text(NULL, 0, NULL) == NULL);
    CHECK(duecare_diagnostics_get_line(NULL, 0) == 0);
    CHECK(duecare_diagnostics_get_column(NULL, 0) == 0);
    CHECK(duecare_text_get(NULL, NULL) == NULL);
    CHECK(duecare_policy_get_id(NULL, NULL) == NULL);
    CHECK(duecare_policy_get_digest(NULL, NULL) == NULL);
    CHECK(duecare_policy_get_diagnostics(NULL) == NULL);
    CHECK(duecare_policy_count_duties(NULL) == 0);
    CHECK(duecare_policy_get_duty_severity(NULL, 0, NULL) == NULL);
    CHECK(duecare_policy_get_duty_source_url(NULL, 0, NULL) == NULL);
    CHECK(duecare_caseload_count_cases(NULL) == 0);
    CHECK(duecare_caseload_count_rejects(NULL) == 0);
    CHECK(duecare_caseload_get_reject_reason(NULL, 0, NULL) == NULL);
    CHECK(duecare_caseload_get_unknown_key_path(NULL, 0, NULL) == NULL);
    CHECK(duecare_caseload_get_memory(NULL) == 0);
    CHECK(duecare_token_get_cancelled(NULL) == 0);
    CHECK(duecare_result_get_as_of(NULL) == DUECARE_INSTANT_NONE);
    CHECK(duecare_result_count_findings(NULL) == 0);
    CHECK(duecare_result_count_rejects(NULL) == 0);
    CHECK(duecare_result_count_verdicts(NULL, 0, 0) == 0);
    CHECK(duecare_result_count_verdicts(g_result, 99, 0) == 0);
    CHECK(duecare_result_count_verdicts(g_result, 0, -1) == 0);
    CHECK(duecare_result_count_verdicts(g_result, 0, 7) == 0);
    CHECK(duecare_finding_get_case_id(NULL, NULL) == NULL);
    CHECK(duecare_finding_get_verdict(NULL) == -1);
    CHECK(duecare_finding_get_due_at(NULL) == DUECARE_INSTANT_NONE);
    CHECK(duecare_finding_count_evidence(NULL) == 0);
    CHECK(duecare_verdict_get_name(-1) == NULL && duecare_verdict_get_name(7) == NULL);
    CHECK(strcmp(duecare_verdict_get_name(DUECARE_VERDICT_UNASSESSABLE), "unassessable") == 0);
    CHECK(duecare_flag_get_name(0) == NULL && duecare_flag_get_name(3) == NULL);
    CHECK(duecare_flag_get_name(UINT32_C(0x80000000)) == NULL);
    CHECK(strcmp(duecare_flag_get_name(DUECARE_FLAG_RETROSPECTIVE), "retrospective") == 0);
    CHECK(strcmp(duecare_status_get_name(31), "LIMIT") == 0);
    CHECK(strcmp(duecare_status_get_name(-5), "UNKNOWN") == 0);
    CHECK(duecare_feature_supported(NULL, 0) == 0 && duecare_feature_supported("no", 2) == 0);
    CHECK(duecare_feature_supported("duecare.policy/1", 16) == 1);
    CHECK(strlen(duecare_zones_get_version(NULL, &length)) == length && length >= 5);
    duecare_token_cancel(NULL);
    duecare_token_reset(NULL);
}

/* Objects of another type are told apart. */
static void wrong_types(void) {
    duecare_policy* not_a_policy = (duecare_policy*)(void*)g_caseload;
    duecare_result* result = NULL;
    CHECK_FAILS(BAD, duecare_audit_run(not_a_policy, g_caseload, NULL, &result, &error));
    CHECK(duecare_policy_get_id(not_a_policy, NULL) == NULL);
    CHECK(duecare_policy_count_duties(not_a_policy) == 0);
    duecare_policy_free(not_a_policy); /* refused: the caseload is used below */
    CHECK(duecare_caseload_count_cases(g_caseload) == 2);
}

/* Options of other versions of the library. */
static void options_of_other_sizes(void) {
    struct {
        duecare_audit_options known;
        uint64_t later;
    } newer;
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    duecare_caseload_options reading = DUECARE_CASELOAD_OPTIONS_INIT;
    duecare_caseload* caseload = NULL;
    duecare_result* result = NULL;

    options.struct_size = 0;
    CHECK_FAILS(BAD, duecare_audit_run(g_policy, g_caseload, &options, &result, &error));
    options.struct_size = 8;
    CHECK_FAILS(BAD, duecare_audit_run(g_policy, g_caseload, &options, &result, &error));
    options.struct_size = UINT32_MAX;
    CHECK_FAILS(BAD, duecare_audit_run(g_policy, g_caseload, &options, &result, &error));
    reading.struct_size = 4;
    CHECK_FAILS(BAD, duecare_caseload_new(&reading, &caseload, &error));

    CHECK(duecare_audit_options_init(&newer.known, sizeof newer) == DUECARE_STATUS_OK);
    CHECK(newer.known.struct_size == sizeof newer && newer.later == 0);
    CHECK_OK(duecare_audit_run(g_policy, g_caseload, &newer.known, &result, &error));
    duecare_result_free(result);
    newer.later = 1;
    CHECK_FAILS(BAD, duecare_audit_run(g_policy, g_caseload, &newer.known, &result, &error));
    CHECK(duecare_audit_options_init(NULL, sizeof options) == BAD);
    CHECK(duecare_audit_options_init(&options, 3) == BAD);
    CHECK(duecare_caseload_options_init(&reading, sizeof reading) == DUECARE_STATUS_OK);
    CHECK(reading.struct_size == sizeof reading && reading.flags == 0 && reading.max_nesting == 0);
}

static void options_that_contradict(void) {
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    const duecare_audit_options defaults = DUECARE_AUDIT_OPTIONS_INIT;
    duecare_caseload_options reading = DUECARE_CASELOAD_OPTIONS_INIT;
    duecare_caseload* caseload = NULL;
    duecare_result* result = NULL;

    options.flags = UINT32_C(0x80000000);
    CHECK_FAILS(BAD, duecare_audit_run(g_policy, g_caseload, &options, &result, &error));
    options = defaults;
    options.as_of = 5; /* the flag is missing */
    CHECK_FAILS(BAD, duecare_audit_run(g_policy, g_caseload, &options, &result, &error));
    options = defaults;
    options.flags = DUECARE_AUDIT_AS_OF;
    options.as_of = DUECARE_INSTANT_NONE;
    CHECK_FAILS(BAD, duecare_audit_run(g_policy, g_caseload, &options, &result, &error));
    options = defaults;
    options.verdicts = 0x80;
    CHECK_FAILS(BAD, duecare_audit_run(g_policy, g_caseload, &options, &result, &error));
    options = defaults;
    options.flags = DUECARE_AUDIT_COUNTS_ONLY;
    options.verdicts = 1;
    CHECK_FAILS(BAD, duecare_audit_run(g_policy, g_caseload, &options, &result, &error));
    options = defaults;
    options.threads = 1000000;
    CHECK_FAILS(BAD, duecare_audit_run(g_policy, g_caseload, &options, &result, &error));
    reading.flags = 2;
    CHECK_FAILS(BAD, duecare_caseload_new(&reading, &caseload, &error));
}

static void instants(void) {
    int64_t instant = 0;
    int64_t end = 0;
    CHECK_FAILS(BAD, duecare_instant_parse("2023-06-01", 10, &instant, &error));
    CHECK_FAILS(BAD, duecare_instant_parse("2023-06-01T00:00:00", 19, &instant, &error));
    CHECK_FAILS(BAD, duecare_instant_parse("", 0, &instant, &error));
    CHECK_FAILS(BAD, duecare_instant_parse("0001-01-01T00:00:00+14:00", 25, &instant, &error));
    CHECK(instant == DUECARE_INSTANT_NONE);
    CHECK_FAILS(BAD,
                duecare_policy_parse_instant(g_policy, "2023-02-30", 10, DUECARE_DAY_END, &instant, &error));
    CHECK_FAILS(BAD, duecare_policy_parse_instant(g_policy, "2023-06-01", 10, 0, &instant, &error));
    CHECK_FAILS(BAD, duecare_instant_format(DUECARE_INSTANT_NONE, g_text, &error));
    CHECK(strcmp(duecare_text_get(g_text, NULL), "") == 0);

    CHECK_OK(duecare_policy_parse_instant(g_policy, "2023-06-01", 10, DUECARE_DAY_START, &instant, &error));
    CHECK_OK(duecare_policy_parse_instant(g_policy, "2023-06-01", 10, DUECARE_DAY_END, &end, &error));
    CHECK(end - instant == INT64_C(86400000000) - 1);
    CHECK_OK(duecare_instant_format(instant, g_text, &error));
    CHECK(strcmp(duecare_text_get(g_text, NULL), "2023-05-31T23:00:00Z") == 0);
    CHECK_OK(duecare_policy_format_instant(g_policy, end, g_text, &error));
    CHECK(strcmp(duecare_text_get(g_text, NULL), "2023-06-01T23:59:59.999999+01:00") == 0);
    CHECK_OK(
        duecare_policy_parse_instant(g_policy, "2023-06-01T10:30:00", 19, DUECARE_DAY_END, &instant, &error));
    CHECK_OK(duecare_policy_format_instant(g_policy, instant, g_text, &error));
    CHECK(strcmp(duecare_text_get(g_text, NULL), "2023-06-01T10:30:00+01:00") == 0);
    /* Before 1847 London kept its own time, 75 seconds behind: no whole minutes. */
    CHECK_OK(duecare_instant_parse("1840-01-01T12:00:00Z", 20, &instant, &error));
    CHECK_OK(duecare_policy_format_instant(g_policy, instant, g_text, &error));
    CHECK(strcmp(duecare_text_get(g_text, NULL), "1840-01-01T12:00:00Z") == 0);
}

static void states(void) {
    duecare_caseload* caseload = NULL;
    duecare_finding* finding = NULL;
    duecare_result* result = NULL;
    const duecare_status wrong = DUECARE_STATUS_INVALID_STATE;

    CHECK_FAILS(wrong, duecare_caseload_begin(g_caseload, NULL, 0, &error)); /* g_result refers to it */
    CHECK_FAILS(wrong, duecare_caseload_read_file(g_caseload, "x", 1, &error));
    CHECK_OK(duecare_caseload_new(NULL, &caseload, &error));
    CHECK_FAILS(wrong, duecare_caseload_push(caseload, "x", 1, &error));
    CHECK_FAILS(BAD, duecare_audit_run(g_policy, caseload, NULL, &result, &error)); /* no latest instant */
    CHECK_FAILS(BAD, duecare_caseload_read_file(caseload, "", 0, &error));
    CHECK_FAILS(BAD, duecare_caseload_read_file(caseload, "a\0b", 3, &error));
    CHECK_FAILS(DUECARE_STATUS_IO, duecare_caseload_read_file(caseload, "/no/such/file", 13, &error));
    CHECK_OK(duecare_caseload_begin(caseload, "a", 1, &error));                       /* still usable */
    CHECK_FAILS(wrong, duecare_audit_run(g_policy, caseload, NULL, &result, &error)); /* a source is open */
    CHECK(result == NULL);
    duecare_caseload_free(caseload);

    CHECK_OK(duecare_finding_new(g_result, &finding, &error));
    CHECK(duecare_finding_get_case_id(finding, NULL) == NULL);
    CHECK(duecare_finding_get_verdict(finding) == -1);
    CHECK_FAILS(wrong, duecare_finding_export_json(finding, g_text, &error));
    CHECK_FAILS(wrong, duecare_finding_export_explanation(finding, g_text, &error));
    CHECK_OK(duecare_finding_at(finding, 0, &error));
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND, duecare_finding_at(finding, UINT64_MAX, &error));
    CHECK(duecare_finding_get_case_id(finding, NULL) == NULL);
    duecare_finding_free(finding);
}

static void strict(void) {
    duecare_caseload_options options = DUECARE_CASELOAD_OPTIONS_INIT;
    duecare_caseload* caseload = NULL;
    duecare_result* result = NULL;
    duecare_status status;
    options.flags = DUECARE_CASELOAD_STRICT;
    CHECK_OK(duecare_caseload_new(&options, &caseload, &error));
    CHECK_OK(duecare_caseload_begin(caseload, "cases.jsonl", 11, &error));
    status = duecare_caseload_push(caseload, "{\"format\": 1}\n", 14, &error);
    CHECK(status == DUECARE_STATUS_DATA);
    CHECK(duecare_error_get_line(error) == 1);
    CHECK(strcmp(duecare_error_get_source(error, NULL), "cases.jsonl") == 0);
    CHECK(strstr(duecare_error_get_text(error, NULL), "cases.jsonl:1") != NULL);
    duecare_error_free(error);
    error = NULL;
    CHECK_FAILS(DUECARE_STATUS_INVALID_STATE, duecare_caseload_push(caseload, "x", 1, &error));
    CHECK_FAILS(DUECARE_STATUS_INVALID_STATE, duecare_audit_run(g_policy, caseload, NULL, &result, &error));
    duecare_caseload_free(caseload);
}

/* Documents that are put together, and tables: what is wrong is a status, and nothing is lost. */
static void documents_and_tables(void) {
    duecare_document* document = NULL;
    duecare_tables* tables = NULL;
    duecare_caseload* caseload = NULL;
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    int64_t rows = 0;

    CHECK_OK(duecare_document_new(&document, &error));
    CHECK_OK(duecare_caseload_new(NULL, &caseload, &error));
    CHECK_FAILS(DUECARE_STATUS_INVALID_STATE, duecare_document_add_person(document, "P", 1, &error));
    CHECK_OK(duecare_document_start_case(document, "C", 1, &error));
    CHECK_FAILS(BAD, duecare_document_add_event(document, "x", 1, 0, 7, &error));
    CHECK_FAILS(BAD, duecare_document_set_kind(document, NULL, 3, &error));
    CHECK_OK(duecare_document_add_person(document, "P", 1, &error));
    CHECK_FAILS(BAD, duecare_document_set_born(document, 2001, 13, 1, &error));
    CHECK_OK(duecare_document_set_born(document, 2001, 0, 0, &error));
    CHECK_OK(duecare_caseload_add_document(caseload, document, "feed", 4, 1, &error));
    CHECK(duecare_caseload_count_cases(caseload) == 1);
    CHECK_FAILS(DUECARE_STATUS_INVALID_STATE,
                duecare_caseload_add_document(caseload, document, "feed", 4, 1, &error));
    CHECK_OK(duecare_document_start_case(document, "D", 1, &error));
    CHECK_FAILS(DUECARE_STATUS_INVALID_STATE, /* g_result refers to it */
                duecare_caseload_add_document(g_caseload, document, NULL, 0, 0, &error));

    CHECK_FAILS(DUECARE_STATUS_DATA, duecare_tables_new("{}", 2, &tables, &error));
    CHECK(tables == NULL);
    CHECK_OK(duecare_tables_new(NULL, 0, &tables, &error));
    memset(&stream, 0, sizeof stream);
    CHECK_FAILS(BAD, duecare_tables_add(tables, "events", 6, &stream, &error)); /* released before */
    CHECK_FAILS(BAD, duecare_result_export_table(g_result, 99, 0, &stream, &error));
    CHECK_FAILS(BAD, duecare_result_export_table(g_result, DUECARE_TABLE_EVENTS, 8, &stream, &error));
    CHECK(stream.release == NULL);

    /* The events of a result are a table that can be read in again. */
    CHECK_OK(duecare_result_export_table(g_result, DUECARE_TABLE_EVENTS, 0, &stream, &error));
    CHECK(stream.get_schema(&stream, &schema) == 0 && schema.n_children == 9);
    CHECK(strcmp(schema.format, "+s") == 0 && strcmp(schema.children[0]->name, "case_id") == 0);
    schema.release(&schema);
    CHECK(schema.release == NULL);
    CHECK(stream.get_next(&stream, &batch) == 0 && batch.release != NULL);
    rows = batch.length;
    CHECK(rows > 0 && batch.n_children == 9);
    batch.release(&batch);
    CHECK(stream.get_next(&stream, &batch) == 0 && batch.release == NULL);
    stream.release(&stream);
    CHECK_OK(duecare_result_export_table(g_result, DUECARE_TABLE_EVENTS, 0, &stream, &error));
    CHECK_OK(duecare_tables_add(tables, "events", 6, &stream, &error));
    CHECK(stream.release == NULL);
    CHECK_OK(duecare_caseload_add_tables(caseload, tables, &error));
    CHECK(duecare_caseload_count_events(caseload) == (uint64_t)rows);
    CHECK_FAILS(DUECARE_STATUS_INVALID_STATE, duecare_caseload_add_tables(caseload, tables, &error));
    CHECK_OK(duecare_tables_export_report(tables, g_text, &error));
    CHECK(strstr(duecare_text_get(g_text, NULL), "\"unmapped\":[]") != NULL);
    duecare_tables_free(tables);
    duecare_document_free(document);
    duecare_caseload_free(caseload);
}

static void builtins(void) {
    uint64_t i;
    for (i = 0; i < duecare_builtin_count(); ++i) {
        char id[256];
        size_t length = 0;
        duecare_policy* policy = NULL;
        duecare_text* json = NULL;
        CHECK_OK(duecare_builtin_export_id(i, g_text, &error));
        snprintf(id, sizeof id, "%s", duecare_text_get(g_text, NULL));
        CHECK_OK(duecare_text_new(&json, &error));
        CHECK_OK(duecare_builtin_export_json(id, strlen(id), json, &error));
        (void)duecare_text_get(json, &length);
        CHECK_OK(
            duecare_policy_compile(id, strlen(id), duecare_text_get(json, NULL), length, &policy, &error));
        CHECK(strcmp(duecare_policy_get_id(policy, NULL), id) == 0);
        duecare_policy_free(policy);
        duecare_text_free(json);
    }
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND, duecare_builtin_export_id(i, g_text, &error));
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND, duecare_builtin_export_json("no-such", 7, g_text, &error));
    CHECK_FAILS(BAD, duecare_builtin_export_json(NULL, 7, g_text, &error));
    CHECK_FAILS(BAD, duecare_builtin_export_json("x", 1, NULL, &error));

    CHECK_OK(duecare_vocabulary_export_json(g_text, &error));
    CHECK(strstr(duecare_text_get(g_text, NULL), "\"duecare.vocabulary/1\"") != NULL);
    CHECK_FAILS(BAD, duecare_vocabulary_export_json(NULL, &error));
}

int main(void) {
    set_up();
    builtins();
    null_objects();
    null_accessors();
    wrong_types();
    options_of_other_sizes();
    options_that_contradict();
    instants();
    states();
    strict();
    documents_and_tables();
    duecare_result_free(g_result);
    duecare_caseload_free(g_caseload);
    duecare_policy_free(g_policy);
    duecare_text_free(g_text);
    return finish("arguments_test");
}
