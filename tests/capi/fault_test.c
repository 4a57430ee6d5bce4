/* Every function of the library with one thing gone wrong: an argument that is NULL or of another type, a
   length of zero, an allocation that fails (each in turn, alone and with all that follow). Statuses and
   errors are as the header says, outputs are cleared, what failed can be called again, and everything is
   given back. The calls are those of prepare_calls.py.

   Arguments: a file of cases, a bundle of zones, and every how many-th allocation fails. */
#include "faults.h"

enum kind {
    KIND_NUMBER,
    KIND_TEXT,
    KIND_LENGTH,
    KIND_HANDLE,
    KIND_BUFFER, /* a duecare_text */
    KIND_OPTIONAL_HANDLE,
    KIND_ARRAY, /* a pointer that must not be NULL */
    KIND_OPTIONAL,
    KIND_OUT,
    KIND_ERROR,
    KIND_LENGTH_OUT
};

/* A call, and what came of it. */
struct call {
    int at;              /* the argument that `instead` takes the place of; -1: none */
    const void* instead; /* NULL, or an object of another type */
    int zero;            /* the length that is 0; -1: none */
    duecare_status status;
    int is_empty; /* an accessor gave NULL, 0 or DUECARE_INSTANT_NONE */
    int64_t value;
    int is_length_cleared;
    int has_error;
    int made; /* 1: an object, 0: its place is NULL, -1: there is no such place */
};

struct row {
    const char* name;
    void (*run)(struct fixture* f, struct call* c);
    void (*prepare)(struct fixture* f);
    int is_fallible;
    int is_same_after; /* OUT_OF_MEMORY leaves everything as it was */
    int count;
    enum kind kinds[16];
};

static char g_poison[1];
static void* const k_poison = g_poison; /* what outputs hold before the call */
static const int64_t k_offsets[3] = {0, 2, 4};
static const int64_t k_stratum_offsets[3] = {0, 5, 10};
static const int64_t k_sizes[2] = {7, 9};
static const uint64_t k_n[2] = {40, 60};
static const uint64_t k_x[2] = {3, 0};

static void finish_error(struct call* c, int is_asked_for, duecare_error* failure) {
    c->has_error = is_asked_for ? failure != NULL : c->status != DUECARE_STATUS_OK;
    if (is_asked_for && failure != NULL) {
        size_t length = 0;
        const char* message = duecare_error_get_message(failure, &length);
        if (message == NULL || length < 8 || duecare_error_get_status(failure) != c->status) ++g_failures;
        duecare_error_free(failure);
    }
}
static void finish_made(struct call* c, int made) {
    c->made = made;
}
static void finish_stream(struct call* c, struct ArrowArrayStream* stream) {
    c->made = stream->release != NULL;
    if (stream->release != NULL) stream->release(stream);
}
static void fill(duecare_monitor_options* options) {
    options->flags = DUECARE_MONITOR_AS_OF;
    options->as_of = k_start;
}
static int32_t resolve(const char* id, size_t length, duecare_text* name, duecare_text* json,
                       void* user_data) {
    (void)id, (void)length, (void)name, (void)json, (void)user_data;
    return DUECARE_STATUS_NOT_FOUND;
}

/* ---- What has to be there before some calls ---- */

/* A caseload that nothing refers to. */
static void prepare_unread(struct fixture* f) {
    duecare_error* error = NULL;
    duecare_finding_free(f->finding);
    duecare_explanation_free(f->explanation);
    duecare_result_free(f->result);
    f->finding = NULL;
    f->explanation = NULL;
    f->result = NULL;
    duecare_caseload_free(f->caseload);
    MUST(duecare_caseload_new(NULL, &f->caseload, &error));
}
static void prepare_begun(struct fixture* f) {
    duecare_error* error = NULL;
    prepare_unread(f);
    MUST(duecare_caseload_begin(f->caseload, "s", 1, &error));
}
static void prepare_pushed(struct fixture* f) {
    duecare_error* error = NULL;
    prepare_begun(f);
    MUST(duecare_caseload_push(f->caseload, k_caseload, sizeof k_caseload - 1, &error));
}
static void prepare_bare(struct fixture* f) {
    duecare_error* error = NULL;
    MUST(duecare_document_start_case(f->document, "D1", 2, &error));
}
static void prepare_person(struct fixture* f) {
    duecare_error* error = NULL;
    prepare_bare(f);
    MUST(duecare_document_add_person(f->document, "P1", 2, &error));
}
static void prepare_attribute(struct fixture* f) {
    duecare_error* error = NULL;
    MUST(duecare_document_open_attribute(f->document, "home", 4, &error));
}
static void prepare_actor(struct fixture* f) {
    duecare_error* error = NULL;
    MUST(duecare_document_set_actor(f->document, "S1", 2, &error));
}
static void prepare_staff(struct fixture* f) {
    duecare_error* error = NULL;
    MUST(duecare_document_start_staff(f->document, &error));
}
static void prepare_member(struct fixture* f) {
    duecare_error* error = NULL;
    prepare_staff(f);
    MUST(duecare_document_add_member(f->document, "S1", 2, &error));
}
static void prepare_open_frame(struct fixture* f) {
    duecare_error* error = NULL;
    MUST(duecare_frame_push(f->open_frame, "C9", 2, "north", 5, 5, &error));
}
static void prepare_table(struct fixture* f) {
    duecare_error* error = NULL;
    MUST(duecare_result_export_table(f->result, DUECARE_TABLE_EVENTS, 0, &f->stream, &error));
}
static void prepare_tables(struct fixture* f) {
    duecare_error* error = NULL;
    prepare_table(f);
    MUST(duecare_tables_add(f->tables, "events", 6, &f->stream, &error));
    prepare_unread(f);
}

#include "calls.h"

#define ROWS (sizeof k_rows / sizeof *k_rows)

static const struct given* g_given;

static struct call a_call(int at, const void* instead, int zero) {
    struct call c;
    memset(&c, 0, sizeof c);
    c.at = at;
    c.instead = instead;
    c.zero = zero;
    c.made = -1;
    return c;
}

static void tell(const struct row* row, const struct call* c, const char* what) {
    if (++g_failures > 60) return;
    fprintf(stderr, "%s (argument %d, zero %d, allocation %llu): %s: %s\n", row->name, c->at, c->zero,
            (unsigned long long)g_fail_at, duecare_status_get_name(c->status), what);
}

/* What holds of every call, whatever it was given. */
static void check_outcome(const struct row* row, const struct call* c) {
    if (!row->is_fallible) return;
    if ((c->status != DUECARE_STATUS_OK) != c->has_error) tell(row, c, "status and error disagree");
    if (c->status != DUECARE_STATUS_OK && c->made == 1) tell(row, c, "an output is not cleared");
    if (c->status == DUECARE_STATUS_OK && c->made == 0) tell(row, c, "nothing was made");
    if (c->status == DUECARE_STATUS_INTERNAL) tell(row, c, "a defect of the library");
}

static void run_row(const struct row* row, struct fixture* f, struct call* c) {
    if (row->prepare != NULL) row->prepare(f);
    row->run(f, c);
    check_outcome(row, c);
}

/* ---- Arguments ---- */

static void good(const struct row* row) {
    struct fixture f;
    struct call c = a_call(-1, NULL, -1);
    set_up(&f, g_given);
    run_row(row, &f, &c);
    if (c.status != DUECARE_STATUS_OK) tell(row, &c, "good arguments are refused");
    tear_down(&f);
}

static void replaced(const struct row* row, int at, int by_another_type) {
    struct fixture f;
    struct call c = a_call(at, NULL, -1);
    const enum kind kind = row->kinds[at];
    int is_refused;
    set_up(&f, g_given);
    if (by_another_type) c.instead = kind == KIND_BUFFER ? (void*)f.token : (void*)f.text;
    run_row(row, &f, &c);
    is_refused = kind == KIND_TEXT || kind == KIND_HANDLE || kind == KIND_BUFFER || kind == KIND_ARRAY ||
                 kind == KIND_OUT || (kind == KIND_OPTIONAL_HANDLE && by_another_type);
    if (row->is_fallible && is_refused && c.status != DUECARE_STATUS_INVALID_ARGUMENT)
        tell(row, &c, "was not refused");
    if (row->is_fallible && !is_refused && c.status != DUECARE_STATUS_OK) tell(row, &c, "was refused");
    if (!row->is_fallible && (kind == KIND_HANDLE || kind == KIND_BUFFER)) {
        if (!c.is_empty && strstr(row->name, "_free") == NULL && strstr(row->name, "token_") == NULL)
            tell(row, &c, "gave something of nothing");
        if (row->count > 1 && row->kinds[row->count - 1] == KIND_LENGTH_OUT && !c.is_length_cleared)
            tell(row, &c, "left a length");
    }
    tear_down(&f);
}

static void emptied(const struct row* row, int at) {
    struct fixture f;
    struct call c = a_call(-1, NULL, at);
    set_up(&f, g_given);
    run_row(row, &f, &c);
    if (c.status == DUECARE_STATUS_OUT_OF_MEMORY) tell(row, &c, "an empty text");
    tear_down(&f);
    c = a_call(at - 1, NULL, at); /* NULL and 0 are an empty text too */
    set_up(&f, g_given);
    run_row(row, &f, &c);
    tear_down(&f);
}

static void arguments(const struct row* row) {
    int i;
    good(row);
    for (i = 0; i < row->count; ++i) {
        const enum kind kind = row->kinds[i];
        if (kind == KIND_LENGTH) {
            emptied(row, i);
        } else if (kind != KIND_NUMBER) {
            replaced(row, i, 0);
            if (kind == KIND_HANDLE || kind == KIND_BUFFER || kind == KIND_OPTIONAL_HANDLE)
                replaced(row, i, 1);
        }
    }
}

/* ---- Memory ---- */

static uint64_t g_refusals;

/* All that calls change, as text. Ends the document: what it had comes out as a case, or as the reason of a
   reject. */
static void look(struct fixture* f, char into[], size_t room) {
    duecare_error* error = NULL;
    duecare_caseload* taken = NULL;
    size_t size;
    into[0] = '\0';
    if (f->monitor != NULL) {
        MUST(duecare_monitor_snapshot(f->monitor, f->into, &error));
        copy_text(into, room, duecare_text_get(f->into, NULL));
    }
    if (f->sample != NULL) {
        MUST(duecare_sample_export_manifest(f->sample, f->into, &error));
        size = strlen(into);
        copy_text(into + size, room - size, duecare_text_get(f->into, NULL));
    }
    if (f->open_frame != NULL) {
        size = strlen(into);
        snprintf(into + size, room - size, "%llu",
                 (unsigned long long)duecare_frame_count_units(f->open_frame));
    }
    if (f->document == NULL) return;
    (void)!duecare_document_close_attribute(f->document, &error);
    duecare_error_free(error);
    error = NULL;
    MUST(duecare_caseload_new(NULL, &taken, &error));
    if (duecare_caseload_add_document(taken, f->document, NULL, 0, 0, &error) == DUECARE_STATUS_OK) {
        const char* reason = duecare_caseload_get_reject_reason(taken, 0, NULL);
        if (reason != NULL) {
            MUST(duecare_text_set(f->into, reason, strlen(reason), &error));
        } else if (duecare_caseload_count_cases(taken) != 0) {
            MUST(duecare_caseload_export_case_json(taken, 0, f->into, &error));
        } else {
            MUST(duecare_caseload_export_staff_json(taken, f->into, &error));
        }
        size = strlen(into);
        copy_text(into + size, room - size, duecare_text_get(f->into, NULL));
    }
    duecare_error_free(error);
    duecare_caseload_free(taken);
}

static char g_expected[65536]; /* look() after the call with good arguments */

static void note_expected(const struct row* row) {
    struct fixture f;
    struct call c = a_call(-1, NULL, -1);
    set_up(&f, g_given);
    run_row(row, &f, &c);
    look(&f, g_expected, sizeof g_expected);
    tear_down(&f);
}

/* What failed is called again, and then all is as if nothing had failed. */
static void call_again(const struct row* row, struct fixture* f, uint64_t failed) {
    static char now[65536];
    struct call again = a_call(-1, NULL, -1);
    const char* wrong = NULL;
    row->run(f, &again);
    if (again.status != DUECARE_STATUS_OK) {
        wrong = "cannot be called again";
    } else {
        look(f, now, sizeof now);
        if (strcmp(now, g_expected) != 0) wrong = "has left something behind";
    }
    if (wrong == NULL) return;
    again.zero = (int)failed;
    tell(row, &again, wrong);
}

/* Whether no allocation failed. */
static int attempt(const struct row* row, uint64_t fail_at) {
    struct fixture f;
    struct call c = a_call(-1, NULL, -1);
    const int64_t live = g_live;
    int is_through;
    set_up(&f, g_given);
    if (row->prepare != NULL) row->prepare(&f);
    g_count = 0;
    g_fail_at = fail_at;
    row->run(&f, &c);
    is_through = g_count < fail_at;
    check_outcome(row, &c);
    if (c.status != DUECARE_STATUS_OK && c.status != DUECARE_STATUS_OUT_OF_MEMORY)
        tell(row, &c, "another status than OUT_OF_MEMORY");
    g_fail_at = 0;
    if (c.status == DUECARE_STATUS_OUT_OF_MEMORY) {
        ++g_refusals;
        if (row->is_same_after) call_again(row, &f, fail_at);
    }
    tear_down(&f);
    if (g_live != live) {
        fprintf(stderr, "%s: allocation %llu: %lld not given back\n", row->name, (unsigned long long)fail_at,
                (long long)(g_live - live));
        ++g_failures;
    }
    return is_through;
}

static uint64_t memory(const struct row* row, uint64_t step) {
    uint64_t n = 1;
    note_expected(row);
    for (g_and_after = 0; g_and_after < 2; ++g_and_after) {
        for (n = 1; !attempt(row, n) && g_failures < 60; n += step) continue;
    }
    return n;
}

static void read_zones(const char* path, struct given* given) {
    FILE* file = fopen(path, "rb");
    if (file == NULL) exit(2);
    given->zones = (char*)malloc(1 << 22);
    if (given->zones == NULL) exit(2);
    given->zones_length = fread(given->zones, 1, 1 << 22, file);
    fclose(file);
}

int main(int argc, char** argv) {
    struct given given = {NULL, NULL, 0};
    uint64_t allocations = 0;
    uint64_t step;
    size_t i;
    if (argc != 4) return 2;
    given.path = argv[1];
    read_zones(argv[2], &given);
    step = strtoull(argv[3], NULL, 10);
    g_given = &given;
    for (i = 0; i < ROWS; ++i) arguments(&k_rows[i]);
    for (i = 0; i < ROWS; ++i) {
        const uint64_t of =
            memory(&k_rows[i], strcmp(k_rows[i].name, "duecare_zones_import") == 0 ? 101 : step);
        if (getenv("FAULTS_VERBOSE") != NULL) printf("%s %llu\n", k_rows[i].name, (unsigned long long)of);
        allocations += of;
    }
    CHECK(ROWS > 200);
    CHECK(g_refusals > 100);
    printf("%u functions, %llu allocations, %llu refusals\n", (unsigned)ROWS, (unsigned long long)allocations,
           (unsigned long long)g_refusals);
    free(given.zones);
    return finish("fault_test");
}
