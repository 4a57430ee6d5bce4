/* Objects of a context take their memory from it, count it, stop where it is used up and give all of it back;
   its log is told of events, counts and statuses and of nothing that a record says. */
#define _POSIX_C_SOURCE 200112L
#include <stdlib.h>

#include "check.h"
#include "duecare/arrow_abi.h"
#include "fixture.h"

#define FEBRUARY INT64_C(1675209600000000)
#define STORE "capi_context_test.db"

/* The host's memory: every block begins at a multiple of its alignment, and comes back as it was asked for.
 */
struct heap {
    uint64_t live_bytes;
    uint64_t live_blocks;
    uint64_t asked;
    uint64_t fail_at; /* the how many-th allocation fails, and those after it; 0: none */
    uint64_t wrong;
    int destroyed;
    int lines;
    int errors;
    char log[16384];
};

#if defined(_WIN32)
#include <malloc.h>
static void* aligned_memory(size_t size, size_t alignment) {
    return _aligned_malloc(size, alignment);
}
static void free_aligned(void* memory) {
    _aligned_free(memory);
}
#else
static void* aligned_memory(size_t size, size_t alignment) {
    void* memory = NULL;
    return posix_memalign(&memory, alignment, size) == 0 ? memory : NULL;
}
static void free_aligned(void* memory) {
    free(memory);
}
#endif

static void* allocate(size_t size, size_t alignment, void* user_data) {
    struct heap* const heap = (struct heap*)user_data;
    void* memory = NULL;
    if (alignment < 16 || (alignment & (alignment - 1)) != 0) ++heap->wrong;
    if (++heap->asked >= heap->fail_at && heap->fail_at != 0) return NULL;
    memory = aligned_memory(size, alignment);
    if (memory == NULL) return NULL;
    memset(memory, 0xA5, size);
    heap->live_bytes += size;
    ++heap->live_blocks;
    return memory;
}

static void release(void* memory, size_t size, size_t alignment, void* user_data) {
    struct heap* const heap = (struct heap*)user_data;
    if ((size_t)memory % alignment != 0) ++heap->wrong;
    memset(memory, 0x5A, size);
    heap->live_bytes -= size;
    --heap->live_blocks;
    free_aligned(memory);
}

static void log_line(int32_t level, const char* json, size_t length, void* user_data) {
    struct heap* const heap = (struct heap*)user_data;
    const size_t used = strlen(heap->log);
    ++heap->lines;
    if (level == DUECARE_LOG_ERROR) ++heap->errors;
    if (json[length] != '\0' || strchr(json, '\n') != NULL || json[0] != '{' || json[length - 1] != '}')
        ++heap->wrong;
    if (used + length + 2 < sizeof heap->log) {
        memcpy(heap->log + used, json, length);
        memcpy(heap->log + used + length, "\n", 2);
    }
}

static void destroy(void* user_data) {
    struct heap* const heap = (struct heap*)user_data;
    if (heap->live_blocks != 0) ++heap->wrong;
    ++heap->destroyed;
}

static duecare_context* make_context(struct heap* heap, uint64_t max_bytes) {
    duecare_error* error = NULL;
    duecare_context_options options = DUECARE_CONTEXT_OPTIONS_INIT;
    duecare_context* context = NULL;
    options.max_bytes = max_bytes;
    options.allocate = allocate;
    options.release = release;
    options.log = log_line;
    options.destroy = destroy;
    options.user_data = heap;
    CHECK_OK(duecare_context_new(&options, &context, &error));
    return context;
}

/* What a host does, with one context for all. Goes on after a failure; the first one is returned. */
static duecare_status work(duecare_context* context, int with_store) {
    duecare_error* error = NULL;
    duecare_status status = DUECARE_STATUS_OK;
    duecare_compiler* compiler = NULL;
    duecare_policy* policy = NULL;
    duecare_caseload* caseload = NULL;
    duecare_result* result = NULL;
    duecare_finding* finding = NULL;
    duecare_explanation* explanation = NULL;
    duecare_monitor* monitor = NULL;
    duecare_monitor* restored = NULL;
    duecare_changes* changes = NULL;
    duecare_frame* frame = NULL;
    duecare_sample* sample = NULL;
    duecare_document* document = NULL;
    duecare_store* store = NULL;
    duecare_text* text = NULL;
    struct ArrowArrayStream stream = {0};
    duecare_caseload_options reading = DUECARE_CASELOAD_OPTIONS_INIT;
    duecare_audit_options auditing = DUECARE_AUDIT_OPTIONS_INIT;
    duecare_monitor_options clock = DUECARE_MONITOR_OPTIONS_INIT;
    duecare_store_options storing = DUECARE_STORE_OPTIONS_INIT;
    static const char k_plan[] = "{\"format\": \"duecare.sample-plan/1\", \"design\": \"pareto\", \"n\": 1}";
    static const char k_info[] = "{\"recorded_at\": \"2023-02-01T00:00:00Z\"}";
    static const char k_event[] =
        "{\"id\":\"late\",\"type\":\"interview.return_home\",\"occurred_at\":\"2023-01-12T09:00:00Z\","
        "\"subjects\":[\"P2\"]}";
    static const char k_case[] =
        "{\"format\":\"duecare.case/1\",\"id\":\"MC-1\",\"persons\":[{\"id\":\"P1\"},{\"id\":\"P2\"}],"
        "\"events\":[{\"id\":\"e1\",\"type\":\"missing.returned\",\"occurred_at\":\"2023-01-10T08:00:00Z\"}]"
        "}";
#define STEP(call)                                                   \
    do {                                                             \
        if (status == DUECARE_STATUS_OK) {                           \
            status = (call);                                         \
            CHECK((status == DUECARE_STATUS_OK) == (error == NULL)); \
            duecare_error_free(error);                               \
            error = NULL;                                            \
        }                                                            \
    } while (0)
    reading.context = context;
    auditing.context = context;
    auditing.flags = DUECARE_AUDIT_AS_OF;
    auditing.as_of = FEBRUARY;
    auditing.verdicts = DUECARE_VERDICTS_ALL;
    auditing.threads = 4;
    clock.flags = DUECARE_MONITOR_AS_OF;
    clock.as_of = FEBRUARY;
    storing.context = context;
    storing.flags = DUECARE_STORE_CREATE;
    STEP(duecare_text_new(&text, &error));
    STEP(duecare_compiler_new(&compiler, &error));
    STEP(duecare_compiler_set_context(compiler, context, &error));
    STEP(duecare_compiler_compile(compiler, "p", 1, k_policy, sizeof k_policy - 1, &policy, &error));
    STEP(duecare_caseload_new(&reading, &caseload, &error));
    STEP(duecare_caseload_begin(caseload, "s", 1, &error));
    STEP(duecare_caseload_push(caseload, k_caseload, sizeof k_caseload - 1, &error));
    STEP(duecare_caseload_finish(caseload, &error));
    STEP(duecare_audit_run(policy, caseload, &auditing, &result, &error));
    if (result != NULL) CHECK(duecare_result_count_findings(result) == 2);
    STEP(duecare_finding_new(result, &finding, &error));
    STEP(duecare_finding_at(finding, 1, &error));
    STEP(duecare_explanation_new(result, "MC-1", 4, "return-interview", 16, "P2", 2, &explanation, &error));
    STEP(duecare_result_export_table(result, DUECARE_TABLE_FINDINGS, 0, &stream, &error));
    STEP(duecare_monitor_new(policy, &clock, &monitor, &error));
    STEP(duecare_monitor_push_document(monitor, k_case, sizeof k_case - 1, &changes, &error));
    duecare_changes_free(changes);
    changes = NULL;
    STEP(duecare_monitor_push_event(monitor, "MC-1", 4, k_event, sizeof k_event - 1, &changes, &error));
    STEP(duecare_monitor_snapshot(monitor, text, &error));
    if (status == DUECARE_STATUS_OK) {
        size_t length = 0;
        const char* bytes = duecare_text_get(text, &length);
        STEP(duecare_monitor_restore(policy, bytes, length, &restored, &error));
    }
    STEP(duecare_document_new(&document, &error));
    STEP(duecare_document_set_context(document, context, &error));
    STEP(duecare_document_start_case(document, "MC-3", 4, &error));
    STEP(duecare_frame_new(&frame, &error));
    STEP(duecare_frame_set_context(frame, context, &error));
    STEP(duecare_frame_push(frame, "MC-1", 4, "", 0, 5, &error));
    STEP(duecare_frame_push(frame, "MC-2", 4, "", 0, 6, &error));
    STEP(duecare_frame_finish(frame, &error));
    STEP(duecare_sample_draw(frame, k_plan, sizeof k_plan - 1, "12345678901234567890", 20, "dice", 4, &sample,
                             &error));
    if (with_store) {
        STEP(duecare_store_open(STORE, sizeof STORE - 1, &storing, &store, &error));
        STEP(duecare_store_put_run(store, result, k_info, sizeof k_info - 1, text, &error));
    }
#undef STEP
    /* The context first, and children after their parents. */
    duecare_context_free(context);
    duecare_text_free(text);
    duecare_policy_free(policy);
    duecare_compiler_free(compiler);
    duecare_caseload_free(caseload);
    duecare_result_free(result);
    duecare_monitor_free(monitor);
    duecare_frame_free(frame);
    if (stream.release != NULL) stream.release(&stream);
    duecare_explanation_free(explanation);
    duecare_finding_free(finding);
    duecare_changes_free(changes);
    duecare_monitor_free(restored);
    duecare_document_free(document);
    duecare_sample_free(sample);
    duecare_store_free(store);
    return status;
}

/* Everything was given back, once. */
static void check_given_back(const struct heap* heap) {
    CHECK(heap->live_blocks == 0);
    CHECK(heap->live_bytes == 0);
    CHECK(heap->destroyed == 1);
    CHECK(heap->wrong == 0);
}

static uint64_t check_work(void) {
    static struct heap heap;
    static const char* const k_told[] = {"policy.compiled",  "source.read",  "audit.finished",
                                         "monitor.restored", "sample.drawn", "example"};
    static const char* const k_secret[] = {"MC-", "P1", "P2", "missing.returned", "\"red\""};
    size_t i = 0;
    CHECK(work(make_context(&heap, 0), 1) == DUECARE_STATUS_OK || !duecare_feature_supported("store", 5));
    check_given_back(&heap);
    CHECK(heap.asked > 100);
    CHECK(heap.lines >= 4 && heap.errors == 0);
    for (i = 0; i < sizeof k_told / sizeof *k_told; ++i) CHECK(strstr(heap.log, k_told[i]) != NULL);
    for (i = 0; i < sizeof k_secret / sizeof *k_secret; ++i) CHECK(strstr(heap.log, k_secret[i]) == NULL);
    return heap.asked;
}

/* Each allocation of the host's fails in turn, with all after it. Threads ask in no fixed order. */
static void check_failing(uint64_t asked) {
    uint64_t at = 0;
    uint64_t failed = 0;
    for (at = 1; at <= asked; at += 1 + at / 64) {
        struct heap heap;
        duecare_status status = DUECARE_STATUS_OK;
        memset(&heap, 0, sizeof heap);
        heap.fail_at = at;
        status = work(make_context(&heap, 0), 0);
        CHECK(status == DUECARE_STATUS_OUT_OF_MEMORY || status == DUECARE_STATUS_OK);
        CHECK(status == DUECARE_STATUS_OK || heap.errors > 0);
        failed += status != DUECARE_STATUS_OK;
        check_given_back(&heap);
    }
    CHECK(failed > 20);
}

/* With more and more to spend, the work comes further and further, and at last to its end. */
static void check_budgets(void) {
    uint64_t budget = 0;
    int limited = 0;
    int done = 0;
    for (budget = 512; budget < UINT64_C(64) << 20U && !done; budget += budget / 4) {
        struct heap heap;
        duecare_status status = DUECARE_STATUS_OK;
        memset(&heap, 0, sizeof heap);
        status = work(make_context(&heap, budget), 0);
        CHECK(status == DUECARE_STATUS_OK || status == DUECARE_STATUS_LIMIT);
        limited += status == DUECARE_STATUS_LIMIT;
        done = status == DUECARE_STATUS_OK;
        check_given_back(&heap);
    }
    CHECK(done);
    CHECK(limited > 10);
}

/* A budget without an allocator of the host's; what is used falls back to nothing. */
static void check_counting(void) {
    duecare_error* error = NULL;
    duecare_context* context = NULL;
    duecare_caseload* caseload = NULL;
    duecare_caseload_options reading = DUECARE_CASELOAD_OPTIONS_INIT;
    duecare_context_options options = DUECARE_CONTEXT_OPTIONS_INIT;
    uint64_t used = 0;
    options.max_bytes = 1000;
    CHECK_OK(duecare_context_new(&options, &context, &error));
    reading.context = context;
    CHECK_FAILS(DUECARE_STATUS_LIMIT, duecare_caseload_new(&reading, &caseload, &error));
    CHECK(caseload == NULL);
    CHECK(duecare_context_get_used(context) == 0);
    CHECK(duecare_context_get_peak(context) > 0 && duecare_context_get_peak(context) <= 1000);
    duecare_context_free(context);

    CHECK_OK(duecare_context_new(NULL, &context, &error));
    reading.context = context;
    CHECK_OK(duecare_caseload_new(&reading, &caseload, &error));
    used = duecare_context_get_used(context);
    CHECK(used > 0);
    CHECK_OK(duecare_caseload_begin(caseload, "s", 1, &error));
    CHECK_OK(duecare_caseload_push(caseload, k_caseload, sizeof k_caseload - 1, &error));
    CHECK_OK(duecare_caseload_finish(caseload, &error));
    CHECK(duecare_context_get_used(context) > used);
    duecare_caseload_free(caseload);
    CHECK(duecare_context_get_used(context) == 0);
    CHECK(duecare_context_get_peak(context) > used);
    duecare_context_free(context);
    CHECK(duecare_context_get_used(NULL) == 0);
}

static void check_refused(void) {
    duecare_error* error = NULL;
    duecare_context* context = NULL;
    duecare_caseload* caseload = NULL;
    duecare_text* text = NULL;
    duecare_caseload_options reading = DUECARE_CASELOAD_OPTIONS_INIT;
    duecare_context_options options = DUECARE_CONTEXT_OPTIONS_INIT;
    struct heap heap;
    memset(&heap, 0, sizeof heap);
    options.user_data = &heap;
    options.destroy = destroy;
    options.allocate = allocate;
    CHECK_FAILS(DUECARE_STATUS_INVALID_ARGUMENT, duecare_context_new(&options, &context, &error));
    options.allocate = NULL;
    options.release = release;
    CHECK_FAILS(DUECARE_STATUS_INVALID_ARGUMENT, duecare_context_new(&options, &context, &error));
    options.release = NULL;
    options.log_level = 4;
    CHECK_FAILS(DUECARE_STATUS_INVALID_ARGUMENT, duecare_context_new(&options, &context, &error));
    options.log_level = 0;
    options.reserved = 1;
    CHECK_FAILS(DUECARE_STATUS_INVALID_ARGUMENT, duecare_context_new(&options, &context, &error));
    CHECK(context == NULL && heap.destroyed == 0);
    CHECK_OK(duecare_text_new(&text, &error));
    reading.context = (duecare_context*)(void*)text;
    CHECK_FAILS(DUECARE_STATUS_INVALID_ARGUMENT, duecare_caseload_new(&reading, &caseload, &error));
    CHECK(caseload == NULL);
    duecare_text_free(text);
}

/* Only from its level on is the log told. */
static void check_levels(void) {
    static struct heap heap;
    duecare_error* error = NULL;
    duecare_context* context = NULL;
    duecare_caseload* caseload = NULL;
    duecare_caseload_options reading = DUECARE_CASELOAD_OPTIONS_INIT;
    duecare_context_options options = DUECARE_CONTEXT_OPTIONS_INIT;
    options.log = log_line;
    options.user_data = &heap;
    options.log_level = DUECARE_LOG_WARNING;
    CHECK_OK(duecare_context_new(&options, &context, &error));
    reading.context = context;
    CHECK_OK(duecare_caseload_new(&reading, &caseload, &error));
    CHECK_OK(duecare_caseload_begin(caseload, "s", 1, &error));
    CHECK_OK(duecare_caseload_finish(caseload, &error));
    CHECK(heap.lines == 0);
    CHECK_FAILS(DUECARE_STATUS_IO, duecare_caseload_read_file(caseload, "no/such/file", 12, &error));
    CHECK(heap.lines == 1 && heap.errors == 1);
    CHECK(strcmp(heap.log, "{\"event\":\"call.failed\",\"status\":\"IO\"}\n") == 0);
    duecare_caseload_free(caseload);
    duecare_context_free(context);
}

int main(void) {
    (void)remove(STORE);
    if (duecare_feature_supported("memory", 6)) {
        check_failing(check_work());
        check_budgets();
        check_counting();
    }
    check_refused();
    check_levels();
    (void)remove(STORE);
    return finish("context_test");
}
