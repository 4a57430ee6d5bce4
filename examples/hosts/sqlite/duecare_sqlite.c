/* A loadable extension for SQLite: the findings of an audit as a table.
 *
 *     .load ./duecare_sqlite
 *     SELECT * FROM duecare_findings(:policy, :as_of);
 *     SELECT * FROM duecare_findings(:policy, :as_of, 'SELECT document FROM my_documents WHERE unit = ''North''');
 *
 * policy    JSON of a policy; it may extend a built-in one.
 * as_of     RFC 3339 text, a date alone being the end of that day in the policy's zone; NULL: the latest
 *           instant of the record.
 * query     optional; its first column holds documents (`duecare.case/1`, `duecare.staff/1`), one a row.
 *           Not given: SELECT document FROM duecare_documents, a view that the host makes over its own tables.
 *
 * Nothing is ever written into the database. A document that cannot be taken ends the query with an error that
 * says why: a table that leaves cases out without a word would be read as if all were in it. */
#include <duecare/duecare.h>
#include <sqlite3ext.h>
#include <stdlib.h>
#include <string.h>
SQLITE_EXTENSION_INIT1

/* Columns, in the order of k_schema; the hidden ones are the arguments. */
enum {
    COLUMN_CASE_ID,
    COLUMN_DUTY_ID,
    COLUMN_KEY,
    COLUMN_VERDICT,
    COLUMN_OPENED_AT,
    COLUMN_DUE_AT,
    COLUMN_ENDED_AT,
    COLUMN_OVERDUE_SECONDS,
    COLUMN_SEVERITY,
    COLUMN_OWNER,
    COLUMN_REASON,
    COLUMN_EXPLANATION,
    COLUMN_POLICY,
    COLUMN_AS_OF,
    COLUMN_QUERY
};
static const char k_schema[] =
    "CREATE TABLE x(case_id TEXT, duty_id TEXT, key TEXT, verdict TEXT, opened_at TEXT, due_at TEXT, "
    "ended_at TEXT, overdue_seconds INTEGER, severity TEXT, owner TEXT, reason TEXT, explanation TEXT, "
    "policy TEXT HIDDEN, as_of TEXT HIDDEN, query TEXT HIDDEN)";
static const char k_documents[] = "SELECT document FROM duecare_documents";

typedef struct {
    sqlite3_vtab base;
    sqlite3* db;
} findings_table;

typedef struct {
    sqlite3_vtab_cursor base;
    duecare_result* result;
    duecare_finding* finding;
    duecare_text* text;
    uint64_t row;
    uint64_t rows;
} findings_cursor;

static int fail(sqlite3_vtab* table, const char* message) {
    sqlite3_free(table->zErrMsg);
    table->zErrMsg = sqlite3_mprintf("duecare: %s", message);
    return SQLITE_ERROR;
}

/* Hands the library's own words on, and frees the error. */
static int fail_with(sqlite3_vtab* table, duecare_error* error) {
    const int code = fail(table, duecare_error_get_text(error, NULL));
    duecare_error_free(error);
    return code;
}

static int findings_connect(sqlite3* db, void* unused, int argc, const char* const* argv,
                            sqlite3_vtab** out_table, char** out_error) {
    findings_table* table;
    const int code = sqlite3_declare_vtab(db, k_schema);
    (void)unused, (void)argc, (void)argv, (void)out_error;
    if (code != SQLITE_OK) return code;
    table = (findings_table*)sqlite3_malloc(sizeof *table);
    if (table == NULL) return SQLITE_NOMEM;
    memset(table, 0, sizeof *table);
    table->db = db;
    *out_table = &table->base;
    return SQLITE_OK;
}

static int findings_disconnect(sqlite3_vtab* table) {
    sqlite3_free(table);
    return SQLITE_OK;
}

/* The hidden columns become the arguments of findings_filter, in their order; idxNum says which are there. */
static int findings_best_index(sqlite3_vtab* table, sqlite3_index_info* info) {
    int place[3] = {-1, -1, -1};
    int arguments = 0;
    int i;
    for (i = 0; i < info->nConstraint; ++i) {
        const int column = info->aConstraint[i].iColumn;
        if (column < COLUMN_POLICY || info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
        if (!info->aConstraint[i].usable) return SQLITE_CONSTRAINT; /* another plan gives it first */
        place[column - COLUMN_POLICY] = i;
    }
    if (place[0] < 0) return fail(table, "duecare_findings(policy, as_of, query) asks for a policy");
    for (i = 0; i < 3; ++i) {
        if (place[i] < 0) continue;
        info->aConstraintUsage[place[i]].argvIndex = ++arguments;
        info->aConstraintUsage[place[i]].omit = 1;
        info->idxNum |= 1 << i;
    }
    info->estimatedCost = 1e6;
    info->estimatedRows = 1000;
    return SQLITE_OK;
}

static int findings_open(sqlite3_vtab* table, sqlite3_vtab_cursor** out_cursor) {
    findings_cursor* cursor = (findings_cursor*)sqlite3_malloc(sizeof *cursor);
    (void)table;
    if (cursor == NULL) return SQLITE_NOMEM;
    memset(cursor, 0, sizeof *cursor);
    *out_cursor = &cursor->base;
    return SQLITE_OK;
}

static void clear(findings_cursor* cursor) {
    duecare_finding_free(cursor->finding);
    duecare_result_free(cursor->result);
    duecare_text_free(cursor->text);
    cursor->finding = NULL;
    cursor->result = NULL;
    cursor->text = NULL;
    cursor->row = cursor->rows = 0;
}

static int findings_close(sqlite3_vtab_cursor* base) {
    clear((findings_cursor*)base);
    sqlite3_free(base);
    return SQLITE_OK;
}

/* Reads the first column of the query as one source, a document a line. */
static int read_documents(findings_table* table, const char* query, duecare_caseload* caseload) {
    duecare_error* error = NULL;
    sqlite3_stmt* statement = NULL;
    int code = sqlite3_prepare_v2(table->db, query, -1, &statement, NULL);
    if (code != SQLITE_OK) return fail(&table->base, sqlite3_errmsg(table->db));
    if (!sqlite3_stmt_readonly(statement)) {
        sqlite3_finalize(statement);
        return fail(&table->base, "the query must only read");
    }
    if (duecare_caseload_begin(caseload, query, strlen(query), &error) != DUECARE_STATUS_OK) {
        sqlite3_finalize(statement);
        return fail_with(&table->base, error);
    }
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const void* document = sqlite3_column_text(statement, 0);
        const size_t length = (size_t)sqlite3_column_bytes(statement, 0);
        if (duecare_caseload_push(caseload, document, length, &error) != DUECARE_STATUS_OK ||
            duecare_caseload_push(caseload, "\n", 1, &error) != DUECARE_STATUS_OK) {
            sqlite3_finalize(statement);
            return fail_with(&table->base, error);
        }
    }
    sqlite3_finalize(statement);
    if (code != SQLITE_DONE) return fail(&table->base, sqlite3_errmsg(table->db));
    if (duecare_caseload_finish(caseload, &error) != DUECARE_STATUS_OK)
        return fail_with(&table->base, error);
    return SQLITE_OK;
}

static int run_audit(findings_cursor* cursor, const duecare_policy* policy, sqlite3_value* as_of,
                     const duecare_caseload* caseload) {
    sqlite3_vtab* table = cursor->base.pVtab;
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    duecare_error* error = NULL;
    if (as_of != NULL && sqlite3_value_type(as_of) != SQLITE_NULL) {
        const char* text = (const char*)sqlite3_value_text(as_of);
        options.flags = DUECARE_AUDIT_AS_OF;
        if (duecare_policy_parse_instant(policy, text, (size_t)sqlite3_value_bytes(as_of), DUECARE_DAY_END,
                                         &options.as_of, &error) != DUECARE_STATUS_OK)
            return fail_with(table, error);
    }
    if (duecare_audit_run(policy, caseload, &options, &cursor->result, &error) != DUECARE_STATUS_OK ||
        duecare_finding_new(cursor->result, &cursor->finding, &error) != DUECARE_STATUS_OK ||
        duecare_text_new(&cursor->text, &error) != DUECARE_STATUS_OK)
        return fail_with(table, error);
    cursor->rows = duecare_result_count_findings(cursor->result);
    return SQLITE_OK;
}

static int go_to_row(findings_cursor* cursor) {
    duecare_error* error = NULL;
    if (cursor->row < cursor->rows &&
        duecare_finding_at(cursor->finding, cursor->row, &error) != DUECARE_STATUS_OK)
        return fail_with(cursor->base.pVtab, error);
    return SQLITE_OK;
}

static int audit_documents(findings_cursor* cursor, const duecare_policy* policy, sqlite3_value* as_of,
                           const char* query) {
    findings_table* table = (findings_table*)cursor->base.pVtab;
    /* The first document that cannot be taken is an error. */
    duecare_caseload_options options = DUECARE_CASELOAD_OPTIONS_INIT;
    duecare_caseload* caseload = NULL;
    duecare_error* error = NULL;
    int code;
    options.flags = DUECARE_CASELOAD_STRICT;
    if (duecare_caseload_new(&options, &caseload, &error) != DUECARE_STATUS_OK)
        return fail_with(&table->base, error);
    code = read_documents(table, query, caseload);
    if (code == SQLITE_OK) code = run_audit(cursor, policy, as_of, caseload);
    duecare_caseload_free(caseload);
    return code;
}

static int findings_filter(sqlite3_vtab_cursor* base, int given, const char* unused, int argc,
                           sqlite3_value** argv) {
    findings_cursor* cursor = (findings_cursor*)base;
    duecare_policy* policy = NULL;
    duecare_error* error = NULL;
    sqlite3_value* as_of = NULL;
    const char* query = k_documents;
    const char* json = (const char*)sqlite3_value_text(argv[0]);
    int next = 1;
    int code;
    (void)unused, (void)argc;
    clear(cursor);
    if (json == NULL) return fail(base->pVtab, "the policy is NULL");
    if ((given & 2) != 0) as_of = argv[next++];
    if ((given & 4) != 0) query = (const char*)sqlite3_value_text(argv[next]);
    if (query == NULL) query = k_documents;
    if (duecare_policy_compile("policy", 6, json, (size_t)sqlite3_value_bytes(argv[0]), &policy, &error) !=
        DUECARE_STATUS_OK)
        return fail_with(base->pVtab, error);
    code = audit_documents(cursor, policy, as_of, query);
    duecare_policy_free(policy);
    return code == SQLITE_OK ? go_to_row(cursor) : code;
}

static int findings_next(sqlite3_vtab_cursor* base) {
    findings_cursor* cursor = (findings_cursor*)base;
    ++cursor->row;
    return go_to_row(cursor);
}

static int findings_eof(sqlite3_vtab_cursor* base) {
    const findings_cursor* cursor = (const findings_cursor*)base;
    return cursor->row >= cursor->rows;
}

static void give_text(sqlite3_context* context, const char* text, size_t length) {
    if (text == NULL) {
        sqlite3_result_null(context);
    } else {
        sqlite3_result_text(context, text, (int)length, SQLITE_TRANSIENT);
    }
}

static int give_instant(sqlite3_context* context, findings_cursor* cursor, int64_t instant) {
    duecare_error* error = NULL;
    size_t length = 0;
    const char* text;
    if (instant == DUECARE_INSTANT_NONE) {
        sqlite3_result_null(context);
        return SQLITE_OK;
    }
    if (duecare_instant_format(instant, cursor->text, &error) != DUECARE_STATUS_OK)
        return fail_with(cursor->base.pVtab, error);
    text = duecare_text_get(cursor->text, &length);
    give_text(context, text, length);
    return SQLITE_OK;
}

static int findings_column(sqlite3_vtab_cursor* base, sqlite3_context* context, int column) {
    findings_cursor* cursor = (findings_cursor*)base;
    const duecare_finding* finding = cursor->finding;
    duecare_error* error = NULL;
    size_t length = 0;
    const char* text = NULL;
    switch (column) {
        case COLUMN_CASE_ID:
            text = duecare_finding_get_case_id(finding, &length);
            break;
        case COLUMN_DUTY_ID:
            text = duecare_finding_get_duty_id(finding, &length);
            break;
        case COLUMN_KEY:
            text = duecare_finding_get_key(finding, &length);
            break;
        case COLUMN_VERDICT:
            text = duecare_verdict_get_name(duecare_finding_get_verdict(finding));
            length = strlen(text);
            break;
        case COLUMN_OPENED_AT:
            return give_instant(context, cursor, duecare_finding_get_opened_at(finding));
        case COLUMN_DUE_AT:
            return give_instant(context, cursor, duecare_finding_get_due_at(finding));
        case COLUMN_ENDED_AT:
            return give_instant(context, cursor, duecare_finding_get_ended_at(finding));
        case COLUMN_OVERDUE_SECONDS:
            sqlite3_result_int64(context, duecare_finding_get_overdue_seconds(finding));
            return SQLITE_OK;
        case COLUMN_SEVERITY:
            text = duecare_finding_get_severity(finding, &length);
            break;
        case COLUMN_OWNER:
            text = duecare_finding_get_owner(finding, &length);
            break;
        case COLUMN_REASON:
            text = duecare_finding_get_reason(finding, &length);
            break;
        case COLUMN_EXPLANATION:
            if (duecare_finding_export_explanation(finding, cursor->text, &error) != DUECARE_STATUS_OK)
                return fail_with(base->pVtab, error);
            text = duecare_text_get(cursor->text, &length);
            break;
        default: /* an argument: it is what it was asked to equal */
            break;
    }
    give_text(context, text, length);
    return SQLITE_OK;
}

static int findings_rowid(sqlite3_vtab_cursor* base, sqlite3_int64* out_rowid) {
    *out_rowid = (sqlite3_int64)((const findings_cursor*)base)->row;
    return SQLITE_OK;
}

static const sqlite3_module k_findings = {.iVersion = 0,
                                          .xConnect = findings_connect,
                                          .xBestIndex = findings_best_index,
                                          .xDisconnect = findings_disconnect,
                                          .xOpen = findings_open,
                                          .xClose = findings_close,
                                          .xFilter = findings_filter,
                                          .xNext = findings_next,
                                          .xEof = findings_eof,
                                          .xColumn = findings_column,
                                          .xRowid = findings_rowid};

#ifdef _WIN32
__declspec(dllexport)
#endif
int sqlite3_duecaresqlite_init(sqlite3* db, char** out_error, const sqlite3_api_routines* api) {
    SQLITE_EXTENSION_INIT2(api);
    (void)out_error;
    return sqlite3_create_module_v2(db, "duecare_findings", &k_findings, NULL, NULL);
}
