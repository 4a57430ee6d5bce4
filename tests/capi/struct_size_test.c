/* Structures of callers that know an earlier or a later version of duecare.h, for every function that takes
   one. Each lies before a page that cannot be read: whoever reads more than struct_size bytes is ended by it.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "fixture.h"

#define BAD DUECARE_STATUS_INVALID_ARGUMENT
#define STORE "capi_struct_size_test.db"
#define LARGEST 4096 /* what the library takes for memory gone wrong begins after it */

static duecare_error* error = NULL;
static duecare_policy* g_policy = NULL;
static duecare_caseload* g_caseload = NULL;
static duecare_monitor* g_monitor = NULL;
static unsigned char* g_end = NULL; /* of two pages that can be written */

/* One structure: how large it was in 0.1, what it holds when it is acceptable, who reads and who writes it.
 */
typedef struct {
    const char* name;
    size_t first;
    size_t now;
    unsigned char content[128];
    duecare_status (*read)(const void* given);
    duecare_status (*init)(void* given, size_t size);
} Structure;

static duecare_status read_caseload_options(const void* given) {
    duecare_caseload* caseload = NULL;
    const duecare_status status =
        duecare_caseload_new((const duecare_caseload_options*)given, &caseload, &error);
    CHECK((caseload != NULL) == (status == DUECARE_STATUS_OK));
    duecare_caseload_free(caseload);
    return status;
}
static duecare_status read_context_options(const void* given) {
    duecare_context* context = NULL;
    const duecare_status status =
        duecare_context_new((const duecare_context_options*)given, &context, &error);
    CHECK((context != NULL) == (status == DUECARE_STATUS_OK));
    duecare_context_free(context);
    return status;
}
static duecare_status read_audit_options(const void* given) {
    duecare_result* result = NULL;
    const duecare_status status =
        duecare_audit_run(g_policy, g_caseload, (const duecare_audit_options*)given, &result, &error);
    CHECK((result != NULL) == (status == DUECARE_STATUS_OK));
    duecare_result_free(result);
    return status;
}
static duecare_status read_monitor_options(const void* given) {
    duecare_monitor* monitor = NULL;
    const duecare_status status =
        duecare_monitor_new(g_policy, (const duecare_monitor_options*)given, &monitor, &error);
    CHECK((monitor != NULL) == (status == DUECARE_STATUS_OK));
    duecare_monitor_free(monitor);
    return status;
}
static duecare_status read_monitor_query(const void* given) {
    duecare_changes* changes = NULL;
    const duecare_status status =
        duecare_monitor_list(g_monitor, (const duecare_monitor_query*)given, &changes, &error);
    CHECK((changes != NULL) == (status == DUECARE_STATUS_OK));
    duecare_changes_free(changes);
    return status;
}

static duecare_status read_store_options(const void* given) {
    duecare_store* store = NULL;
    const duecare_status status =
        duecare_store_open(STORE, sizeof STORE - 1, (const duecare_store_options*)given, &store, &error);
    CHECK((store != NULL) == (status == DUECARE_STATUS_OK));
    duecare_store_free(store);
    return status;
}

static duecare_status init_caseload_options(void* given, size_t size) {
    return duecare_caseload_options_init((duecare_caseload_options*)given, size);
}
static duecare_status init_context_options(void* given, size_t size) {
    return duecare_context_options_init((duecare_context_options*)given, size);
}
static duecare_status init_audit_options(void* given, size_t size) {
    return duecare_audit_options_init((duecare_audit_options*)given, size);
}
static duecare_status init_monitor_options(void* given, size_t size) {
    return duecare_monitor_options_init((duecare_monitor_options*)given, size);
}
static duecare_status init_monitor_query(void* given, size_t size) {
    return duecare_monitor_query_init((duecare_monitor_query*)given, size);
}

static duecare_status init_store_options(void* given, size_t size) {
    return duecare_store_options_init((duecare_store_options*)given, size);
}

/* A structure of `size` bytes of which `there` can be read: the content, then zeros. */
static unsigned char* place(const Structure* structure, uint32_t size, size_t there) {
    unsigned char* at = g_end - there;
    memset(g_end - 2 * LARGEST, 0xA5, 2 * LARGEST);
    memset(at, 0, there);
    memcpy(at, structure->content, there < structure->now ? there : structure->now);
    memcpy(at, &size, sizeof size);
    return at;
}

static void accepted(const Structure* structure, const void* given, size_t size) {
    const duecare_status status = structure->read(given);
    if (status == DUECARE_STATUS_OK && error == NULL) return;
    ++g_failures;
    fprintf(stderr, "%s of %lu bytes: %s\n", structure->name, (unsigned long)size,
            duecare_error_get_text(error, NULL));
    duecare_error_free(error);
    error = NULL;
}

static void refused(const Structure* structure, const void* given, const char* word) {
    const duecare_status status = structure->read(given);
    const char* message = duecare_error_get_message(error, NULL);
    if (status != BAD || message == NULL || strstr(message, word) == NULL) {
        ++g_failures;
        fprintf(stderr, "%s: expected INVALID_ARGUMENT with \"%s\", got %s: %s\n", structure->name, word,
                duecare_status_get_name(status), message == NULL ? "(none)" : message);
    }
    duecare_error_free(error);
    error = NULL;
}

static void smaller_than_the_first(const Structure* structure) {
    size_t size = 0;
    for (size = 0; size < structure->first; ++size) {
        refused(structure, place(structure, (uint32_t)size, size < 4 ? 4 : size), "struct_size");
    }
}

static void of_an_earlier_version(const Structure* structure) {
    unsigned char* given = place(structure, (uint32_t)structure->first, structure->first);
    accepted(structure, given, structure->first);
    /* What stands behind it is not the library's. */
    given = place(structure, (uint32_t)structure->first, structure->first + 64);
    memset(given + structure->first, 0xFF, 64);
    accepted(structure, given, structure->first);
}

static void of_a_later_version(const Structure* structure) {
    size_t size = 0;
    for (size = structure->now + 1; size <= LARGEST; size += size < structure->now + 64 ? 1 : 509) {
        unsigned char* given = place(structure, (uint32_t)size, size);
        accepted(structure, given, size);
        given[size - 1] = 1;
        refused(structure, given, "does not know");
        given[size - 1] = 0;
        given[structure->now] = 0x80;
        refused(structure, given, "does not know");
    }
    accepted(structure, place(structure, LARGEST, LARGEST), LARGEST);
}

/* Memory gone wrong: of what would be so large nothing but the size is read. */
static void absurdly_large(const Structure* structure) {
    static const uint32_t k_sizes[] = {LARGEST + 1, 65536, INT32_MAX, UINT32_C(0x80000000), UINT32_MAX};
    size_t i = 0;
    for (i = 0; i < sizeof k_sizes / sizeof k_sizes[0]; ++i) {
        refused(structure, place(structure, k_sizes[i], 4), "struct_size");
    }
}

/* _init writes the bytes that it is told of and no others, or none. */
static void written(const Structure* structure) {
    const size_t wrong[] = {0,           4,        structure->first - 1,
                            LARGEST + 1, SIZE_MAX, SIZE_MAX / 2 + 1 + structure->first};
    size_t i = 0;
    size_t size = 0;
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
        memset(g_end - LARGEST, 0xA5, LARGEST);
        CHECK(structure->init(g_end - 8, wrong[i]) == BAD);
        CHECK(g_end[-1] == 0xA5 && g_end[-8] == 0xA5);
    }
    CHECK(structure->init(NULL, structure->first) == BAD);
    for (size = structure->first; size <= LARGEST; size += size < structure->now + 64 ? 8 : 512) {
        uint32_t stated = 0;
        unsigned char* given = g_end - size;
        memset(g_end - 2 * LARGEST, 0xA5, 2 * LARGEST);
        CHECK(structure->init(given, size) == DUECARE_STATUS_OK);
        memcpy(&stated, given, sizeof stated);
        CHECK(stated == size && given[4] == 0 && given[size - 1] == 0 && given[-1] == 0xA5);
    }
}

static void open_objects(void) {
    static const char k_events[] =
        "{\"format\":\"duecare.case/1\",\"id\":\"MC-1\",\"events\":[{\"id\":\"e1\",\"type\":\"case.opened\","
        "\"occurred_at\":\"2023-01-20T00:00:00Z\"}]}";
    duecare_monitor_options options = DUECARE_MONITOR_OPTIONS_INIT;
    CHECK_OK(duecare_policy_compile("p", 1, k_policy, strlen(k_policy), &g_policy, &error));
    CHECK_OK(duecare_caseload_new(NULL, &g_caseload, &error));
    CHECK_OK(duecare_caseload_begin(g_caseload, "c", 1, &error));
    CHECK_OK(duecare_caseload_push(g_caseload, k_events, strlen(k_events), &error));
    CHECK_OK(duecare_caseload_finish(g_caseload, &error));
    options.flags = DUECARE_MONITOR_AS_OF;
    CHECK_OK(duecare_monitor_new(g_policy, &options, &g_monitor, &error));
}

int main(void) {
    duecare_caseload_options caseload_options = {0, DUECARE_CASELOAD_STRICT, 1000, 100, 8, 9, NULL};
    duecare_context_options context_options = DUECARE_CONTEXT_OPTIONS_INIT;
    duecare_context* context = NULL;
    duecare_audit_options audit_options = DUECARE_AUDIT_OPTIONS_INIT;
    duecare_monitor_options monitor_options = DUECARE_MONITOR_OPTIONS_INIT;
    duecare_monitor_query monitor_query = DUECARE_MONITOR_QUERY_INIT;
    duecare_store_options store_options = DUECARE_STORE_OPTIONS_INIT;
    duecare_token* token = NULL;
    Structure structures[] = {
        {"duecare_caseload_options",
         DUECARE_CASELOAD_OPTIONS_SIZE_0_1,
         sizeof caseload_options,
         {0},
         read_caseload_options,
         init_caseload_options},
        {"duecare_audit_options",
         DUECARE_AUDIT_OPTIONS_SIZE_0_1,
         sizeof audit_options,
         {0},
         read_audit_options,
         init_audit_options},
        {"duecare_monitor_options",
         DUECARE_MONITOR_OPTIONS_SIZE_0_1,
         sizeof monitor_options,
         {0},
         read_monitor_options,
         init_monitor_options},
        {"duecare_monitor_query",
         DUECARE_MONITOR_QUERY_SIZE_0_1,
         sizeof monitor_query,
         {0},
         read_monitor_query,
         init_monitor_query},
        {"duecare_store_options",
         DUECARE_STORE_OPTIONS_SIZE_0_1,
         sizeof store_options,
         {0},
         read_store_options,
         init_store_options},
        {"duecare_context_options",
         DUECARE_CONTEXT_OPTIONS_SIZE_0_1,
         sizeof context_options,
         {0},
         read_context_options,
         init_context_options},
    };
    size_t i = 0;
    unsigned char* pages = (unsigned char*)mmap(NULL, 2 * LARGEST + 65536, PROT_READ | PROT_WRITE,
                                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == (unsigned char*)MAP_FAILED || 65536 % sysconf(_SC_PAGESIZE) != 0) return 1;
    g_end = pages + 2 * LARGEST;
    if (2 * LARGEST % sysconf(_SC_PAGESIZE) != 0) g_end = pages + 65536;
    if (mprotect(g_end, LARGEST, PROT_NONE) != 0) return 1;

    open_objects();
    CHECK_OK(duecare_token_new(&token, &error));
    CHECK_OK(duecare_context_new(NULL, &context, &error));
    caseload_options.context = context;
    audit_options.context = context;
    monitor_options.context = context;
    context_options.log_level = DUECARE_LOG_ERROR;
    audit_options.flags = DUECARE_AUDIT_AS_OF;
    audit_options.as_of = 1;
    audit_options.token = token;
    monitor_options.flags = DUECARE_MONITOR_AS_OF;
    monitor_query.case_id = "MC-1";
    monitor_query.case_id_length = 4;
    memcpy(structures[0].content, &caseload_options, sizeof caseload_options);
    memcpy(structures[1].content, &audit_options, sizeof audit_options);
    memcpy(structures[2].content, &monitor_options, sizeof monitor_options);
    memcpy(structures[3].content, &monitor_query, sizeof monitor_query);
    store_options.flags = DUECARE_STORE_CREATE;
    memcpy(structures[4].content, &store_options, sizeof store_options);
    memcpy(structures[5].content, &context_options, sizeof context_options);
    remove(STORE);
    for (i = 0; i < sizeof structures / sizeof structures[0]; ++i) {
        if (i == 4 && !duecare_feature_supported("store", 5)) continue;
        smaller_than_the_first(&structures[i]);
        of_an_earlier_version(&structures[i]);
        of_a_later_version(&structures[i]);
        absurdly_large(&structures[i]);
        written(&structures[i]);
    }
    remove(STORE);
    duecare_token_free(token);
    duecare_context_free(context);
    duecare_monitor_free(g_monitor);
    duecare_caseload_free(g_caseload);
    duecare_policy_free(g_policy);
    munmap(pages, 2 * LARGEST + 65536);
    return finish("struct_size_test");
}
