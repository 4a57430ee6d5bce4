/* A loadable extension for SQLite: the findings of an audit as a table, and a monitor for a connection.
 *
 *     .load ./duecare_sqlite
 *     SELECT * FROM duecare_findings(:policy, :as_of);
 *     SELECT * FROM duecare_findings(:policy, :as_of, 'SELECT document FROM my_documents WHERE unit =
 * ''North''');
 *
 * policy    JSON of a policy; it may extend a built-in one.
 * as_of     RFC 3339 text, a date alone being the end of that day in the policy's zone; NULL: the latest
 *           instant of the record.
 * query     optional; its first column holds documents (`duecare.case/1`, `duecare.staff/1`), one a row.
 *           Not given: SELECT document FROM duecare_documents, a view that the host makes over its own
 * tables.
 *
 *     SELECT duecare_monitor_new(:policy, :as_of);
 *     SELECT value FROM json_each(duecare_monitor_push_document(:document));
 *     SELECT value FROM json_each(duecare_monitor_push_event(:case_id, :event));
 *     SELECT value FROM json_each(duecare_monitor_set_clock(:now));
 *
 * Each of the last three gives what it changed, a JSON array of the objects of duecare_changes_export_json:
 * in a trigger, whatever is recorded is judged at once (host.sql).
 *
 * Nothing is ever written into the database. A document that cannot be taken ends the query with an error
 * that says why: a table that leaves cases out without a word would be read as if all were in it. */
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
    if (duecare_caseload_finish(caseload, &error) != DUECARE_STATUS_OK) return fail_with(&table->base, error);
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

/* ---- The monitor of a connection: scalar functions over one that duecare_monitor_new makes ---- */

typedef struct {
    duecare_policy* policy; /* for instants without an offset */
    duecare_monitor* monitor;
    duecare_text* text;
} live_monitor;

static void live_free(void* raw) {
    live_monitor* live = (live_monitor*)raw;
    duecare_monitor_free(live->monitor);
    duecare_policy_free(live->policy);
    duecare_text_free(live->text);
    sqlite3_free(live);
}

static void say(sqlite3_context* context, const char* message) {
    char* text = sqlite3_mprintf("duecare: %s", message);
    sqlite3_result_error(context, text != NULL ? text : "duecare: out of memory", -1);
    sqlite3_free(text);
}

static int is_ok(sqlite3_context* context, duecare_status status, duecare_error* error) {
    if (status == DUECARE_STATUS_OK) return 1;
    say(context, duecare_error_get_text(error, NULL));
    duecare_error_free(error);
    return 0;
}

/* The text of an argument; NULL with an error on record where it has none. */
static const char* text_argument(sqlite3_context* context, sqlite3_value* value, size_t* length) {
    const char* text = (const char*)sqlite3_value_text(value);
    *length = (size_t)sqlite3_value_bytes(value);
    if (text == NULL) say(context, "an argument is NULL");
    return text;
}

static live_monitor* running(sqlite3_context* context) {
    live_monitor* live = (live_monitor*)sqlite3_user_data(context);
    if (live->monitor != NULL) return live;
    say(context, "there is no monitor yet; SELECT duecare_monitor_new(policy, as_of) makes one");
    return NULL;
}

static int read_instant(sqlite3_context* context, const duecare_policy* policy, sqlite3_value* value,
                        int64_t* out_instant) {
    duecare_error* error = NULL;
    size_t length = 0;
    const char* text = text_argument(context, value, &length);
    duecare_status status;
    if (text == NULL) return 0;
    status = duecare_policy_parse_instant(policy, text, length, DUECARE_DAY_END, out_instant, &error);
    return is_ok(context, status, error);
}

/* duecare_monitor_new(policy, as_of): takes the place of the one before. */
static void live_new(sqlite3_context* context, int argc, sqlite3_value** argv) {
    live_monitor* live = (live_monitor*)sqlite3_user_data(context);
    duecare_monitor_options options = DUECARE_MONITOR_OPTIONS_INIT;
    duecare_error* error = NULL;
    duecare_policy* policy = NULL;
    duecare_monitor* monitor = NULL;
    duecare_status status;
    size_t length = 0;
    const char* json = text_argument(context, argv[0], &length);
    (void)argc;
    if (json == NULL) return;
    status = duecare_policy_compile("policy", 6, json, length, &policy, &error);
    if (!is_ok(context, status, error)) return;
    options.flags = DUECARE_MONITOR_AS_OF;
    if (read_instant(context, policy, argv[1], &options.as_of)) {
        status = duecare_monitor_new(policy, &options, &monitor, &error);
        if (is_ok(context, status, error)) {
            duecare_monitor_free(live->monitor);
            duecare_policy_free(live->policy);
            live->monitor = monitor;
            live->policy = policy;
            return;
        }
    }
    duecare_policy_free(policy);
}

/* What changed, as a JSON array for json_each; frees the list. */
static void give_changes(sqlite3_context* context, live_monitor* live, duecare_changes* changes) {
    duecare_error* error = NULL;
    const char* lines;
    size_t length = 0;
    size_t i;
    char* json;
    const duecare_status status = duecare_changes_export_json(changes, live->text, &error);
    duecare_changes_free(changes);
    if (!is_ok(context, status, error)) return;
    lines = duecare_text_get(live->text, &length); /* an object a line */
    json = (char*)sqlite3_malloc64(length + 2);
    if (json == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    json[0] = '[';
    for (i = 0; i < length; ++i) json[i + 1] = lines[i] == '\n' ? ',' : lines[i];
    if (length == 0) length = 1; /* "[]" */
    json[length] = ']';
    sqlite3_result_text64(context, json, length + 1, sqlite3_free, SQLITE_UTF8);
}

/* duecare_monitor_push_document(document) */
static void live_push_document(sqlite3_context* context, int argc, sqlite3_value** argv) {
    live_monitor* live = running(context);
    duecare_changes* changes = NULL;
    duecare_error* error = NULL;
    duecare_status status;
    size_t length = 0;
    const char* json = live == NULL ? NULL : text_argument(context, argv[0], &length);
    (void)argc;
    if (json == NULL) return;
    status = duecare_monitor_push_document(live->monitor, json, length, &changes, &error);
    if (is_ok(context, status, error)) give_changes(context, live, changes);
}

/* duecare_monitor_push_event(case_id, event) */
static void live_push_event(sqlite3_context* context, int argc, sqlite3_value** argv) {
    live_monitor* live = running(context);
    duecare_changes* changes = NULL;
    duecare_error* error = NULL;
    duecare_status status;
    size_t id_length = 0;
    size_t length = 0;
    const char* id = live == NULL ? NULL : text_argument(context, argv[0], &id_length);
    const char* json = id == NULL ? NULL : text_argument(context, argv[1], &length);
    (void)argc;
    if (json == NULL) return;
    status = duecare_monitor_push_event(live->monitor, id, id_length, json, length, &changes, &error);
    if (is_ok(context, status, error)) give_changes(context, live, changes);
}

/* duecare_monitor_set_clock(now) */
static void live_set_clock(sqlite3_context* context, int argc, sqlite3_value** argv) {
    live_monitor* live = running(context);
    duecare_changes* changes = NULL;
    duecare_error* error = NULL;
    duecare_status status;
    int64_t now = 0;
    (void)argc;
    if (live == NULL || !read_instant(context, live->policy, argv[0], &now)) return;
    status = duecare_monitor_set_clock(live->monitor, now, now, &changes, &error);
    if (is_ok(context, status, error)) give_changes(context, live, changes);
}

static int create_live(sqlite3* db) {
    duecare_error* error = NULL;
    live_monitor* live = (live_monitor*)sqlite3_malloc(sizeof *live);
    int code;
    if (live == NULL) return SQLITE_NOMEM;
    memset(live, 0, sizeof *live);
    if (duecare_text_new(&live->text, &error) != DUECARE_STATUS_OK) {
        duecare_error_free(error);
        sqlite3_free(live);
        return SQLITE_NOMEM;
    }
    /* The first function owns what all share: SQLite frees it with the connection. */
    code = sqlite3_create_function_v2(db, "duecare_monitor_new", 2, SQLITE_UTF8, live, live_new, NULL, NULL,
                                      live_free);
    if (code != SQLITE_OK) return code;
    code = sqlite3_create_function(db, "duecare_monitor_push_document", 1, SQLITE_UTF8, live,
                                   live_push_document, NULL, NULL);
    if (code != SQLITE_OK) return code;
    code = sqlite3_create_function(db, "duecare_monitor_push_event", 2, SQLITE_UTF8, live, live_push_event,
                                   NULL, NULL);
    if (code != SQLITE_OK) return code;
    return sqlite3_create_function(db, "duecare_monitor_set_clock", 1, SQLITE_UTF8, live, live_set_clock,
                                   NULL, NULL);
}

#ifdef _WIN32
#define EXPORTED __declspec(dllexport)
#else
#define EXPORTED
#endif
EXPORTED int sqlite3_duecaresqlite_init(sqlite3* db, char** out_error, const sqlite3_api_routines* api) {
    int code;
    SQLITE_EXTENSION_INIT2(api);
    (void)out_error;
    code = sqlite3_create_module_v2(db, "duecare_findings", &k_findings, NULL, NULL);
    return code == SQLITE_OK ? create_live(db) : code;
}
