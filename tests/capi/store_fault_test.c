/* Every function of the store while an allocation fails, SQLite's among them: each in turn, alone and with
   all that follow. The call says OUT_OF_MEMORY, its output is cleared, the store is as it was and verifies,
   and the same call made again succeeds and leaves what it leaves when nothing fails.

   Arguments: every how many-th allocation fails. */
#include "audited.h"
#include "faults.h"

#define STORE "capi_store_fault_test.db"
#define OTHER "capi_store_fault_test_2.db"
#define COPY "capi_store_fault_test_copy.db"

static int g_has_signatures = 0;
static duecare_result* g_result = NULL; /* of the run that is in the store */
static duecare_result* g_later = NULL;  /* of a run that is not */
static duecare_text* g_text = NULL;
static unsigned char g_bytes[1 << 20]; /* the file as it is before each call */
static size_t g_size = 0;

static const char k_key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n"; /* RFC 8032, 7.1, test 1 */
static const char k_note[] =
    "{\"about\":\"run 1\",\"text\":\"a note\",\"by\":\"DS Wells\",\"at\":\"2023-03-01T00:00:00Z\"}";
static const char k_now[] = "{\"recorded_at\":\"2023-03-01T00:00:00Z\"}";
static const char k_prune[] =
    "{\"before\":\"2023-12-01T00:00:00Z\",\"what\":[\"findings\"],\"at\":\"2024-01-01T00:00:00Z\","
    "\"by\":\"DS Wells\",\"reason\":\"retention\"}";
static const char k_signing[] = "{\"run\":1,\"by\":\"DS Wells\",\"at\":\"2023-03-01T00:00:00Z\"}";
static const char k_first[] = "{\"run\":1,\"by\":\"DS Wells\",\"at\":\"2023-02-01T00:00:00Z\"}";
static const char k_trusted[] =
    "{\"trusted\":[\"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a\"]}";

static void read_file(void) {
    FILE* file = fopen(STORE, "rb");
    if (file == NULL) exit(2);
    g_size = fread(g_bytes, 1, sizeof g_bytes, file);
    fclose(file);
    if (g_size == 0 || g_size == sizeof g_bytes) exit(2);
}
static void write_file(void) {
    FILE* file = fopen(STORE, "wb");
    (void)remove(STORE "-wal");
    (void)remove(STORE "-shm");
    (void)remove(COPY);
    (void)remove(OTHER);
    if (file == NULL || fwrite(g_bytes, 1, g_size, file) != g_size || fclose(file) != 0) exit(2);
}

static duecare_status open_store(duecare_store** store, const char* path, uint32_t flags,
                                 duecare_error** error) {
    duecare_store_options options = DUECARE_STORE_OPTIONS_INIT;
    options.flags = flags | DUECARE_STORE_RELAXED;
    options.keep = DUECARE_STORE_KEEP_HISTORIES;
    return duecare_store_open(path, strlen(path), &options, store, error);
}

/* ---- The calls; those that open a store close it as well. ---- */

typedef duecare_status (*call_fn)(duecare_store* store, duecare_text* into, duecare_error** error);

static duecare_status opens(duecare_store* store, duecare_text* into, duecare_error** error) {
    duecare_store* made = (duecare_store*)(void*)into;
    const duecare_status status = open_store(&made, STORE, 0, error);
    (void)store;
    CHECK((made != NULL) == (status == DUECARE_STATUS_OK));
    duecare_store_free(made);
    return status;
}
static duecare_status creates(duecare_store* store, duecare_text* into, duecare_error** error) {
    duecare_store* made = NULL;
    const duecare_status status = open_store(&made, OTHER, DUECARE_STORE_CREATE, error);
    (void)store, (void)into;
    CHECK((made != NULL) == (status == DUECARE_STATUS_OK));
    duecare_store_free(made);
    return status;
}
static duecare_status puts_run(duecare_store* store, duecare_text* into, duecare_error** error) {
    return duecare_store_put_run(store, g_later, k_now, sizeof k_now - 1, into, error);
}
static duecare_status puts_again(duecare_store* store, duecare_text* into, duecare_error** error) {
    return duecare_store_put_run(store, g_result, k_now, sizeof k_now - 1, into, error);
}
static duecare_status puts_note(duecare_store* store, duecare_text* into, duecare_error** error) {
    return duecare_store_put(store, "note", 4, k_note, sizeof k_note - 1, into, error);
}
static duecare_status asks(duecare_store* store, duecare_text* into, const char* query,
                           duecare_error** error) {
    return duecare_store_query(store, query, strlen(query), into, error);
}
static duecare_status asks_runs(duecare_store* store, duecare_text* into, duecare_error** error) {
    return asks(store, into, "{\"what\":\"runs\"}", error);
}
static duecare_status asks_findings(duecare_store* store, duecare_text* into, duecare_error** error) {
    return asks(store, into, "{\"what\":\"findings\",\"run\":1}", error);
}
static duecare_status asks_life(duecare_store* store, duecare_text* into, duecare_error** error) {
    return asks(store, into, "{\"what\":\"life\",\"from\":1,\"to\":2}", error);
}
static duecare_status asks_trend(duecare_store* store, duecare_text* into, duecare_error** error) {
    return asks(store, into, "{\"what\":\"trend\",\"by\":\"duty\"}", error);
}
static duecare_status asks_case(duecare_store* store, duecare_text* into, duecare_error** error) {
    return asks(store, into, "{\"what\":\"case\",\"run\":1,\"case_id\":\"MC-1\"}", error);
}
static duecare_status verifies(duecare_store* store, duecare_text* into, duecare_error** error) {
    return duecare_store_verify(store, NULL, 0, into, error);
}
static duecare_status verifies_trusted(duecare_store* store, duecare_text* into, duecare_error** error) {
    return duecare_store_verify_trusted(store, k_trusted, sizeof k_trusted - 1, into, error);
}
static duecare_status signs(duecare_store* store, duecare_text* into, duecare_error** error) {
    return duecare_store_sign(store, k_signing, sizeof k_signing - 1, k_key, sizeof k_key - 1, into, error);
}
static duecare_status compares(duecare_store* store, duecare_text* into, duecare_error** error) {
    return duecare_store_compare_run(store, 1, g_later, into, error);
}
static duecare_status prunes(duecare_store* store, duecare_text* into, duecare_error** error) {
    return duecare_store_prune(store, k_prune, sizeof k_prune - 1, into, error);
}
static duecare_status backs_up(duecare_store* store, duecare_text* into, duecare_error** error) {
    (void)into;
    return duecare_store_backup(store, COPY, sizeof COPY - 1, error);
}

static const struct {
    const char* name;
    call_fn call;
    const char* feature; /* without which it is refused; may be NULL */
    int is_silent;       /* writes no text */
} k_calls[] = {
    {"open", opens, NULL, 1},
    {"create", creates, NULL, 1},
    {"put_run", puts_run, NULL, 0},
    {"put_run, again", puts_again, NULL, 0},
    {"put", puts_note, NULL, 0},
    {"query runs", asks_runs, NULL, 0},
    {"query findings", asks_findings, NULL, 0},
    {"query life", asks_life, NULL, 0},
    {"query trend", asks_trend, NULL, 0},
    {"query case", asks_case, NULL, 0},
    {"verify", verifies, NULL, 0},
    {"verify_trusted", verifies_trusted, "signatures", 0},
    {"sign", signs, "signatures", 0},
    {"compare_run", compares, NULL, 0},
    {"prune", prunes, NULL, 0},
    {"backup", backs_up, NULL, 1},
};
#define CALLS (sizeof k_calls / sizeof *k_calls)

/* All that the store says of itself. It has to verify. */
static void look(duecare_store* store, char into[], size_t room) {
    duecare_error* error = NULL;
    MUST(duecare_store_verify(store, NULL, 0, g_text, &error));
    if (strncmp(duecare_text_get(g_text, NULL), "{\"ok\":true", 10) != 0) {
        ++g_failures;
        fprintf(stderr, "does not verify: %s\n", duecare_text_get(g_text, NULL));
    }
    copy_text(into, room, duecare_text_get(g_text, NULL)); /* with the head */
}

static duecare_store* begin(void) {
    duecare_error* error = NULL;
    duecare_store* store = NULL;
    write_file();
    MUST(open_store(&store, STORE, 0, &error));
    return store;
}

static int uses_openssl(size_t which) {
    return strncmp(k_calls[which].name, "verify", 6) == 0 || strcmp(k_calls[which].name, "sign") == 0;
}

static uint64_t g_refusals = 0;

/* Whether no allocation failed. */
static int attempt(size_t which, uint64_t fail_at, const char* answer, const char* before,
                   const char* after) {
    static char now[4096];
    duecare_error* error = NULL;
    const int64_t live = g_live;
    duecare_store* store = begin();
    duecare_text* into = NULL;
    duecare_status status;
    int is_through;
    int is_refused;
    MUST(duecare_text_new(&into, &error));
    MUST(duecare_text_set(into, "before", 6, &error));
    g_count = 0;
    g_fail_at = fail_at;
    status = k_calls[which].call(store, into, &error);
    is_through = g_count < fail_at;
    g_fail_at = 0;
    /* OpenSSL tells a lack of memory by other names; what counts is that it is no answer. */
    is_refused = status == DUECARE_STATUS_OUT_OF_MEMORY ||
                 (status == DUECARE_STATUS_INTERNAL && g_has_signatures && error != NULL &&
                  strstr(duecare_error_get_text(error, NULL), "OpenSSL") != NULL);
    if ((status == DUECARE_STATUS_OK) != (error == NULL) || (status != DUECARE_STATUS_OK && !is_refused)) {
        ++g_failures;
        fprintf(stderr, "%s: allocation %llu: %s: %s\n", k_calls[which].name, (unsigned long long)fail_at,
                duecare_status_get_name(status), error == NULL ? "" : duecare_error_get_text(error, NULL));
    }
    duecare_error_free(error);
    error = NULL;
    if (status == DUECARE_STATUS_OK && strcmp(duecare_text_get(into, NULL), answer) != 0) {
        ++g_failures;
        fprintf(stderr, "%s: allocation %llu: expected %s, got %s\n", k_calls[which].name,
                (unsigned long long)fail_at, answer, duecare_text_get(into, NULL));
    }
    if (is_refused) {
        CHECK(duecare_text_get(into, NULL)[0] == '\0' || k_calls[which].is_silent);
        ++g_refusals;
        look(store, now, sizeof now);
        if (strcmp(now, before) != 0 && strcmp(now, after) != 0) {
            ++g_failures;
            fprintf(stderr, "%s: allocation %llu: half of it is there: %s\n", k_calls[which].name,
                    (unsigned long long)fail_at, now);
        }
        CHECK_OK(k_calls[which].call(store, into, &error));
    }
    look(store, now, sizeof now);
    if (strcmp(now, after) != 0) {
        ++g_failures;
        fprintf(stderr, "%s: allocation %llu: expected %s, got %s\n", k_calls[which].name,
                (unsigned long long)fail_at, after, now);
    }
    duecare_text_free(into);
    duecare_store_free(store);
    /* OpenSSL itself loses a few blocks when it has no memory. */
    if (g_live != live && !(g_has_signatures && uses_openssl(which))) {
        ++g_failures;
        fprintf(stderr, "%s: allocation %llu: %lld not given back\n", k_calls[which].name,
                (unsigned long long)fail_at, (long long)(g_live - live));
    }
    return is_through;
}

static void sweep(size_t which, uint64_t step) {
    static char answer[65536];
    static char before[4096];
    static char after[4096];
    duecare_error* error = NULL;
    duecare_store* store = begin();
    uint64_t n = 1;
    look(store, before, sizeof before);
    MUST(duecare_text_set(g_text, "before", 6, &error));
    CHECK_OK(k_calls[which].call(store, g_text, &error));
    copy_text(answer, sizeof answer, duecare_text_get(g_text, NULL));
    look(store, after, sizeof after);
    duecare_store_free(store);
    for (g_and_after = 0; g_and_after < 2; ++g_and_after) {
        for (n = 1; !attempt(which, n, answer, before, after) && g_failures < 20; n += step) continue;
    }
    if (getenv("FAULTS_VERBOSE") != NULL) printf("%s %llu\n", k_calls[which].name, (unsigned long long)n);
}

static void set_up_all(void) {
    duecare_error* error = NULL;
    duecare_store* store = NULL;
    duecare_result* second = NULL;
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    options.flags = DUECARE_AUDIT_AS_OF;
    options.as_of = k_later;
    options.verdicts = DUECARE_VERDICTS_ALL;
    (void)remove(STORE);
    MUST(duecare_text_new(&g_text, &error));
    g_result = audit_fixture(&options);
    options.as_of += INT64_C(86400000000);
    second = audit_fixture(&options);
    options.as_of += INT64_C(86400000000);
    g_later = audit_fixture(&options);
    MUST(open_store(&store, STORE, DUECARE_STORE_CREATE, &error));
    MUST(duecare_store_put_run(store, g_result, k_now, sizeof k_now - 1, g_text, &error));
    MUST(duecare_store_put_run(store, second, k_now, sizeof k_now - 1, g_text, &error));
    duecare_result_free(second);
    if (g_has_signatures)
        MUST(duecare_store_sign(store, k_first, sizeof k_first - 1, k_key, sizeof k_key - 1, g_text, &error));
    duecare_store_free(store);
    read_file();
}

int main(int argc, char** argv) {
    size_t i;
    uint64_t step;
    if (argc != 2) return 2;
    step = strtoull(argv[1], NULL, 10);
    if (!duecare_feature_supported("store", 5)) return 0;
    g_has_signatures = duecare_feature_supported("signatures", 10);
    set_up_all();
    for (i = 0; i < CALLS; ++i) {
        const char* feature = k_calls[i].feature;
        if (feature == NULL || duecare_feature_supported(feature, strlen(feature))) sweep(i, step);
    }
    CHECK(g_refusals > 150);
    printf("%u calls, %llu refusals\n", (unsigned)CALLS, (unsigned long long)g_refusals);
    write_file();
    (void)remove(STORE);
    duecare_result_free(g_later);
    duecare_result_free(g_result);
    duecare_text_free(g_text);
    return finish("store_fault_test");
}
