/* Callbacks that refuse at each of their calls, audits that are cancelled at each checkpoint, and objects
   that are freed in every order. Whatever was refused can be called again. */
#include <errno.h>
#include <stdlib.h>

#include "check.h"
#include "duecare/arrow_abi.h"
#include "fixture.h"

#define CASES 300

static duecare_error* error;
static duecare_policy* g_policy;
static duecare_caseload* g_caseload;

static duecare_caseload* read_cases(void) {
    duecare_caseload* caseload = NULL;
    char line[512];
    int i;
    CHECK_OK(duecare_caseload_new(NULL, &caseload, &error));
    CHECK_OK(duecare_caseload_begin(caseload, "cases", 5, &error));
    for (i = 0; i < CASES; ++i) {
        snprintf(
            line, sizeof line,
            "{\"format\":\"duecare.case/1\",\"id\":\"MC-%d\",\"persons\":[{\"id\":\"P1\"},{\"id\":\"P2\"}],"
            "\"events\":[{\"id\":\"e1\",\"type\":\"missing.returned\",\"occurred_at\":"
            "\"2023-01-10T08:00:00Z\"}]}\n",
            i);
        CHECK_OK(duecare_caseload_push(caseload, line, strlen(line), &error));
    }
    CHECK_OK(duecare_caseload_finish(caseload, &error));
    return caseload;
}

/* ---- Audits ---- */

struct checkpoint {
    int calls;
    int refuse_at;        /* 0: never */
    duecare_token* token; /* cancelled instead of refusing; may be NULL */
    uint64_t done;
};

static int32_t progress(uint64_t done, uint64_t total, void* user_data) {
    struct checkpoint* c = (struct checkpoint*)user_data;
    CHECK(done <= total && total == CASES && done >= c->done);
    c->done = done;
    if (++c->calls != c->refuse_at) return 0;
    if (c->token == NULL) return 1234;
    duecare_token_cancel(c->token);
    return 0;
}

/* Whether nothing was refused, and so all checkpoints are through. */
static int audit_to(int refuse_at, uint32_t threads, int by_token) {
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    struct checkpoint c = {0, 0, NULL, 0};
    duecare_result* result = NULL;
    duecare_token* token = NULL;
    int is_through;
    CHECK_OK(duecare_token_new(&token, &error));
    c.refuse_at = refuse_at;
    if (by_token) c.token = token;
    options.threads = threads;
    options.progress = progress;
    options.user_data = &c;
    options.token = token;
    is_through = duecare_audit_run(g_policy, g_caseload, &options, &result, &error) == DUECARE_STATUS_OK;
    if (is_through) {
        CHECK(error == NULL && c.calls <= refuse_at && duecare_result_count_findings(result) == 2 * CASES);
    } else {
        CHECK(result == NULL && duecare_error_get_status(error) == DUECARE_STATUS_CANCELLED);
        CHECK(duecare_error_get_callback_code(error) == (by_token ? 0 : 1234));
        duecare_error_free(error);
        error = NULL;
        if (by_token) {
            CHECK(duecare_token_get_cancelled(token) == 1);
            duecare_token_reset(token);
        }
        c.refuse_at = 0;
        c.done = 0;
        CHECK_OK(duecare_audit_run(g_policy, g_caseload, &options, &result, &error));
        CHECK(duecare_result_count_findings(result) == 2 * CASES);
    }
    duecare_result_free(result);
    duecare_token_free(token);
    return is_through;
}

static void audits(void) {
    static const uint32_t k_threads[] = {0, 2, 5};
    size_t t;
    int by_token;
    for (t = 0; t < sizeof k_threads / sizeof *k_threads; ++t) {
        for (by_token = 0; by_token < 2; ++by_token) {
            int n = 1;
            while (!audit_to(n, k_threads[t], by_token) && n < 10000) ++n;
            /* With several threads it depends on the machine how often one comes to tell. */
            CHECK(k_threads[t] != 0 || n > 2);
        }
    }
}

/* ---- Resolvers ---- */

struct resolver {
    int calls;
    int refuse_at;
    int32_t code;
    int destroyed;
};

static int32_t resolve(const char* id, size_t length, duecare_text* name, duecare_text* json,
                       void* user_data) {
    static const char k_layer[] =
        "{\"format\":\"duecare.policy/1\",\"id\":\"%.*s\",\"version\":\"1\",\"title\":\"T\",%s"
        "\"duties\":[]}";
    struct resolver* r = (struct resolver*)user_data;
    char text[512];
    duecare_error* failure = NULL;
    if (++r->calls == r->refuse_at) return r->code;
    snprintf(text, sizeof text, k_layer, (int)length, id,
             length > 6 ? "\"time_zone\":\"Europe/London\"," : "\"extends\":\"a-layer\",");
    if (duecare_text_set(name, id, length, &failure) != DUECARE_STATUS_OK) ++g_failures;
    if (duecare_text_set(json, text, strlen(text), &failure) != DUECARE_STATUS_OK) ++g_failures;
    return DUECARE_STATUS_OK;
}
static void destroy(void* user_data) {
    ++((struct resolver*)user_data)->destroyed;
}

static void resolvers(void) {
    static const char k_top[] =
        "{\"format\":\"duecare.policy/"
        "1\",\"id\":\"top\",\"version\":\"1\",\"title\":\"T\",\"extends\":\"middle\","
        "\"duties\":[]}";
    static const struct {
        int32_t code;
        duecare_status status;
    } k_refusals[] = {{DUECARE_STATUS_NOT_FOUND, DUECARE_STATUS_POLICY},
                      {DUECARE_STATUS_IO, DUECARE_STATUS_IO},
                      {DUECARE_STATUS_OUT_OF_MEMORY, DUECARE_STATUS_OUT_OF_MEMORY},
                      {-77, DUECARE_STATUS_CANCELLED}};
    size_t i;
    for (i = 0; i < sizeof k_refusals / sizeof *k_refusals; ++i) {
        struct resolver r = {0, 1, 0, 0};
        duecare_compiler* compiler = NULL;
        duecare_policy* policy = NULL;
        r.code = k_refusals[i].code;
        CHECK_OK(duecare_compiler_new(&compiler, &error));
        CHECK_OK(duecare_compiler_set_resolver(compiler, resolve, &r, destroy, &error));
        CHECK_FAILS(k_refusals[i].status,
                    duecare_compiler_compile(compiler, "top", 3, k_top, sizeof k_top - 1, &policy, &error));
        CHECK(policy == NULL && r.destroyed == 0);
        r.refuse_at = r.calls + 2; /* the second layer */
        CHECK_FAILS(k_refusals[i].status,
                    duecare_compiler_compile(compiler, "top", 3, k_top, sizeof k_top - 1, &policy, &error));
        r.refuse_at = 0;
        CHECK_OK(duecare_compiler_compile(compiler, "top", 3, k_top, sizeof k_top - 1, &policy, &error));
        duecare_policy_free(policy);
        duecare_compiler_free(compiler);
        CHECK(r.destroyed == 1);
        CHECK_FAILS(DUECARE_STATUS_INVALID_ARGUMENT,
                    duecare_compiler_set_resolver(NULL, resolve, &r, destroy, &error));
        CHECK(r.destroyed == 2);
    }
}

/* ---- Streams in ---- */

struct relay {
    struct ArrowArrayStream inner;
    int calls;
    int refuse_at;
    int code;
    int released;
};

static int relay_schema(struct ArrowArrayStream* stream, struct ArrowSchema* out) {
    struct relay* r = (struct relay*)stream->private_data;
    return ++r->calls == r->refuse_at ? r->code : r->inner.get_schema(&r->inner, out);
}
static int relay_next(struct ArrowArrayStream* stream, struct ArrowArray* out) {
    struct relay* r = (struct relay*)stream->private_data;
    return ++r->calls == r->refuse_at ? r->code : r->inner.get_next(&r->inner, out);
}
static const char* relay_error(struct ArrowArrayStream* stream) {
    struct relay* r = (struct relay*)stream->private_data;
    return r->calls % 2 == 0 ? "the host's words" : NULL;
}
static void relay_release(struct ArrowArrayStream* stream) {
    struct relay* r = (struct relay*)stream->private_data;
    ++r->released;
    r->inner.release(&r->inner);
    stream->release = NULL;
}

static int import_to(const duecare_result* result, int refuse_at, int code) {
    struct relay r;
    struct ArrowArrayStream stream;
    duecare_tables* tables = NULL;
    duecare_status status;
    memset(&r, 0, sizeof r);
    memset(&stream, 0, sizeof stream);
    CHECK_OK(duecare_result_export_table(result, DUECARE_TABLE_EVENTS, 0, &r.inner, &error));
    r.refuse_at = refuse_at;
    r.code = code;
    stream.get_schema = relay_schema;
    stream.get_next = relay_next;
    stream.get_last_error = relay_error;
    stream.release = relay_release;
    stream.private_data = &r;
    CHECK_OK(duecare_tables_new(NULL, 0, &tables, &error));
    status = duecare_tables_add(tables, "events", 6, &stream, &error);
    CHECK(stream.release == NULL);
    if (status != DUECARE_STATUS_OK) {
        CHECK(status == (code == ENOMEM ? DUECARE_STATUS_OUT_OF_MEMORY : DUECARE_STATUS_DATA));
        CHECK(error != NULL);
        duecare_error_free(error);
        error = NULL;
    }
    duecare_tables_free(tables);
    CHECK(r.released == 1);
    return status == DUECARE_STATUS_OK;
}

static void streams(void) {
    duecare_result* result = NULL;
    int n;
    CHECK_OK(duecare_audit_run(g_policy, g_caseload, NULL, &result, &error));
    for (n = 1; !import_to(result, n, EIO) && n < 100; ++n) continue;
    CHECK(n > 3);
    for (n = 1; !import_to(result, n, ENOMEM) && n < 100; ++n) continue;
    CHECK(n > 3);
    duecare_result_free(result);
}

/* ---- Orders ---- */

#define OBJECTS 7

struct object {
    void* raw;
    void (*free)(void* raw);
};

#define FREE(noun)                                   \
    static void free_##noun(void* raw) {             \
        duecare_##noun##_free((duecare_##noun*)raw); \
    }
FREE(policy)
FREE(caseload)
FREE(result)
FREE(finding)
FREE(explanation)
FREE(monitor)
FREE(changes)
FREE(compiler)
FREE(frame)
FREE(sample)
static void free_stream(void* raw) {
    struct ArrowArrayStream* stream = (struct ArrowArrayStream*)raw;
    struct ArrowArray array;
    struct ArrowSchema schema;
    CHECK(stream->get_schema(stream, &schema) == 0);
    schema.release(&schema);
    CHECK(stream->get_next(stream, &array) == 0 && array.length != 0);
    array.release(&array);
    stream->release(stream);
    free(stream);
}

/* What the children still say while they are there. */
static void use(const struct object* objects, int count) {
    duecare_text* text = NULL;
    int i;
    CHECK_OK(duecare_text_new(&text, &error));
    for (i = 0; i < count; ++i) {
        void* raw = objects[i].raw;
        if (raw == NULL) continue;
        if (objects[i].free == free_result) {
            CHECK_OK(duecare_result_export_findings((duecare_result*)raw, 0, 2, text, &error));
        } else if (objects[i].free == free_finding) {
            CHECK_OK(duecare_finding_at((duecare_finding*)raw, 1, &error));
            CHECK_OK(duecare_finding_export_explanation((duecare_finding*)raw, text, &error));
        } else if (objects[i].free == free_explanation) {
            CHECK_OK(duecare_explanation_export_text((duecare_explanation*)raw, text, &error));
        } else if (objects[i].free == free_monitor) {
            CHECK_OK(duecare_monitor_snapshot((duecare_monitor*)raw, text, &error));
        } else if (objects[i].free == free_changes) {
            CHECK_OK(duecare_changes_export_json((duecare_changes*)raw, text, &error));
        } else if (objects[i].free == free_sample) {
            CHECK_OK(duecare_sample_export_manifest((duecare_sample*)raw, text, &error));
        } else {
            continue;
        }
        CHECK(strlen(duecare_text_get(text, NULL)) > 10);
    }
    duecare_text_free(text);
}

static struct object an_object(void* raw, void (*free_it)(void*)) {
    struct object made;
    made.raw = raw;
    made.free = free_it;
    return made;
}

static int make_audited(struct object objects[OBJECTS]) {
    duecare_policy* policy = NULL;
    duecare_caseload* caseload = NULL;
    duecare_result* result = NULL;
    duecare_finding* finding = NULL;
    duecare_explanation* explanation = NULL;
    struct ArrowArrayStream* stream = (struct ArrowArrayStream*)calloc(1, sizeof *stream);
    CHECK_OK(duecare_policy_compile("p", 1, k_policy, sizeof k_policy - 1, &policy, &error));
    CHECK_OK(duecare_caseload_new(NULL, &caseload, &error));
    CHECK_OK(duecare_caseload_begin(caseload, "c", 1, &error));
    CHECK_OK(duecare_caseload_push(caseload, k_caseload, sizeof k_caseload - 1, &error));
    CHECK_OK(duecare_caseload_finish(caseload, &error));
    {
        duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
        options.verdicts = DUECARE_VERDICTS_ALL;
        CHECK_OK(duecare_audit_run(policy, caseload, &options, &result, &error));
    }
    CHECK_OK(duecare_finding_new(result, &finding, &error));
    CHECK_OK(
        duecare_explanation_new(result, "MC-1", 4, "return-interview", 16, NULL, 0, &explanation, &error));
    CHECK_OK(duecare_result_export_table(result, DUECARE_TABLE_FINDINGS, DUECARE_TABLE_EXPLANATIONS, stream,
                                         &error));
    objects[0] = an_object(policy, free_policy);
    objects[1] = an_object(caseload, free_caseload);
    objects[2] = an_object(result, free_result);
    objects[3] = an_object(finding, free_finding);
    objects[4] = an_object(explanation, free_explanation);
    objects[5] = an_object(stream, free_stream);
    return 6;
}

static int make_monitored(struct object objects[OBJECTS]) {
    duecare_compiler* compiler = NULL;
    duecare_policy* policy = NULL;
    duecare_monitor* monitor = NULL;
    duecare_changes* changes = NULL;
    duecare_result* result = NULL;
    duecare_finding* finding = NULL;
    duecare_monitor_options options = DUECARE_MONITOR_OPTIONS_INIT;
    const char* end = strchr(k_caseload, '\n');
    options.flags = DUECARE_MONITOR_AS_OF;
    options.as_of = INT64_C(1674000000000000);
    CHECK_OK(duecare_compiler_new(&compiler, &error));
    CHECK_OK(duecare_compiler_compile(compiler, "p", 1, k_policy, sizeof k_policy - 1, &policy, &error));
    CHECK_OK(duecare_monitor_new(policy, &options, &monitor, &error));
    CHECK_OK(
        duecare_monitor_push_document(monitor, k_caseload, (size_t)(end - k_caseload), &changes, &error));
    CHECK_OK(duecare_monitor_audit(monitor, NULL, 0, DUECARE_VERDICTS_ALL, &result, &error));
    CHECK_OK(duecare_finding_new(result, &finding, &error));
    objects[0] = an_object(compiler, free_compiler);
    objects[1] = an_object(policy, free_policy);
    objects[2] = an_object(monitor, free_monitor);
    objects[3] = an_object(changes, free_changes);
    objects[4] = an_object(result, free_result);
    objects[5] = an_object(finding, free_finding);
    return 6;
}

static int make_drawn(struct object objects[OBJECTS]) {
    static const char k_plan[] = "{\"format\": \"duecare.sample-plan/1\", \"design\": \"pareto\", \"n\": 2}";
    duecare_frame* frame = NULL;
    duecare_frame* all = NULL;
    duecare_sample* sample = NULL;
    CHECK_OK(duecare_frame_new(&frame, &error));
    CHECK_OK(duecare_frame_push(frame, "C1", 2, "north", 5, 5, &error));
    CHECK_OK(duecare_frame_push(frame, "C2", 2, "south", 5, 5, &error));
    CHECK_OK(duecare_frame_push(frame, "C3", 2, "south", 5, 5, &error));
    CHECK_OK(duecare_frame_new(&all, &error));
    CHECK_OK(duecare_frame_push_frame(all, frame, "x-", 2, "", 0, &error));
    CHECK_OK(duecare_frame_finish(all, &error));
    CHECK_OK(duecare_sample_draw(all, k_plan, sizeof k_plan - 1, "1234567890", 10, NULL, 0, &sample, &error));
    objects[0] = an_object(frame, free_frame);
    objects[1] = an_object(all, free_frame);
    objects[2] = an_object(sample, free_sample);
    return 3;
}

/* All orders, by counting in a number system whose digits say which of those left is next. */
static void in_all_orders(int (*make)(struct object objects[OBJECTS])) {
    int order, orders = 1;
    for (order = 0; order < orders; ++order) {
        struct object objects[OBJECTS];
        const int count = make(objects);
        int left, rest = order;
        if (order == 0) {
            for (left = 2; left <= count; ++left) orders *= left;
        }
        for (left = count; left > 0; --left) {
            int skip = rest % left;
            int i = 0;
            rest /= left;
            while (objects[i].raw == NULL || skip-- > 0) ++i;
            objects[i].free(objects[i].raw);
            objects[i].raw = NULL;
            if (order % 16 == 0) use(objects, count);
        }
    }
}

int main(void) {
    CHECK_OK(duecare_policy_compile("p", 1, k_policy, sizeof k_policy - 1, &g_policy, &error));
    g_caseload = read_cases();
    audits();
    resolvers();
    streams();
    duecare_caseload_free(g_caseload);
    duecare_policy_free(g_policy);
    in_all_orders(make_audited);
    in_all_orders(make_monitored);
    in_all_orders(make_drawn);
    return finish("callbacks_test");
}
