/* The store through C: a file of its own in the folder that the test runs in. */
#include "audited.h"

#define BAD DUECARE_STATUS_INVALID_ARGUMENT
#define TEXT(literal) literal, sizeof(literal) - 1
#define DIRTY(type) ((type*)&g_failures)
#define FILE_NAME "capi_store_test.db"
#define COPY_NAME "capi_store_test_copy.db"
#define OTHER_HEAD "00000000000000000000000000000000000000000000000000000000000000ff"
/* RFC 8032, section 7.1, TEST 1 */
#define PEM                                                                                         \
    "-----BEGIN PRIVATE "                                                                           \
    "KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE " \
    "KEY-----\n"
#define PUBLIC "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define SIGN "{\"run\": 1, \"by\": \"b\", \"at\": \"2023-02-01T10:00:00Z\"}"
#define TRUST "{\"trusted\": [\"" PUBLIC "\"], \"require_signatures\": true}"
#define INFO "{\"recorded_at\": \"2023-02-01T09:00:00Z\", \"label\": \"January\"}"

static duecare_error* error;
static duecare_text* g_text;

static const char* text(void) {
    return duecare_text_get(g_text, NULL);
}
static int says(const char* part) {
    return strstr(text(), part) != NULL;
}

static void remove_files(void) {
    remove(FILE_NAME);
    remove(FILE_NAME "-wal");
    remove(FILE_NAME "-shm");
    remove(COPY_NAME);
}

static duecare_result* audit(uint32_t verdicts) {
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    options.verdicts = verdicts;
    return audit_fixture(&options);
}

static void options_and_open(void) {
    duecare_store_options options = DUECARE_STORE_OPTIONS_INIT;
    duecare_store_options other;
    duecare_store* store = DIRTY(duecare_store);
    CHECK(offsetof(duecare_store_options, context) == DUECARE_STORE_OPTIONS_SIZE_0_1 || sizeof(void*) != 8);
    CHECK(duecare_store_options_init(&other, sizeof other) == DUECARE_STATUS_OK);
    CHECK(memcmp(&options, &other, sizeof options) == 0);
    CHECK(duecare_store_options_init(NULL, sizeof other) == BAD);
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND, duecare_store_open(TEXT(FILE_NAME), NULL, &store, &error));
    CHECK(store == NULL);
    CHECK_FAILS(BAD, duecare_store_open(NULL, 3, NULL, &store, &error));
    CHECK_FAILS(BAD, duecare_store_open(NULL, 0, NULL, &store, &error));
    CHECK_FAILS(BAD, duecare_store_open(TEXT(FILE_NAME), NULL, NULL, &error));
    options.flags = 64;
    CHECK_FAILS(BAD, duecare_store_open(TEXT(FILE_NAME), &options, &store, &error));
    options.flags = DUECARE_STORE_CREATE | DUECARE_STORE_READ_ONLY;
    CHECK_FAILS(BAD, duecare_store_open(TEXT(FILE_NAME), &options, &store, &error));
    options.flags = DUECARE_STORE_CREATE;
    options.keep = 3;
    CHECK_FAILS(BAD, duecare_store_open(TEXT(FILE_NAME), &options, &store, &error));
    options.keep = DUECARE_STORE_KEEP_IDENTITY;
    options.key = (const uint8_t*)"short";
    options.key_length = 5;
    CHECK_FAILS(BAD, duecare_store_open(TEXT(FILE_NAME), &options, &store, &error));
    options.key = (const uint8_t*)"0123456789abcdef";
    options.key_length = 16;
    options.keep = DUECARE_STORE_KEEP_HISTORIES;
    CHECK_FAILS(BAD, duecare_store_open(TEXT(FILE_NAME), &options, &store, &error));
    options.key = NULL;
    options.key_length = 0;
    options.keep = 0;
    options.cipher_key = (const uint8_t*)"secret";
    CHECK_FAILS(BAD, duecare_store_open(TEXT(FILE_NAME), &options, &store, &error));
    options.cipher_key_length = 6; /* plain SQLite */
    CHECK_FAILS(DUECARE_STATUS_UNSUPPORTED, duecare_store_open(TEXT(FILE_NAME), &options, &store, &error));
    CHECK(fopen(FILE_NAME, "rb") == NULL);
    options.cipher_key = NULL;
    options.cipher_key_length = 0;
    options.vfs = "no such";
    options.vfs_length = 7;
    CHECK_FAILS(BAD, duecare_store_open(TEXT(FILE_NAME), &options, &store, &error));
    options.struct_size = 8;
    CHECK_FAILS(BAD, duecare_store_open(TEXT(FILE_NAME), &options, &store, &error));
    remove_files();
}

static void null_objects(duecare_store* store, const duecare_result* result) {
    CHECK_FAILS(BAD, duecare_store_put_run(NULL, result, TEXT(INFO), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_put_run(store, NULL, TEXT(INFO), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_put_run(store, result, NULL, 4, g_text, &error));
    CHECK_FAILS(BAD, duecare_store_put_run(store, result, NULL, 0, g_text, &error));
    CHECK_FAILS(BAD, duecare_store_put_run(store, result, TEXT("\xC3"), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_put_run(store, result, TEXT(INFO), NULL, &error));
    CHECK_FAILS(BAD, duecare_store_put_run((duecare_store*)result, result, TEXT(INFO), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_put(NULL, TEXT("note"), TEXT("{}"), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_put(store, NULL, 4, TEXT("{}"), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_put(store, NULL, 0, TEXT("{}"), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_put(store, TEXT("note"), TEXT("{}"), NULL, &error));
    CHECK_FAILS(BAD, duecare_store_query(NULL, TEXT("{}"), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_query(store, TEXT("{}"), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_query(store, TEXT("{\"what\":\"runs\"}"), NULL, &error));
    CHECK_FAILS(BAD, duecare_store_verify(NULL, NULL, 0, g_text, &error));
    CHECK_FAILS(BAD, duecare_store_verify(store, NULL, 0, NULL, &error));
    CHECK_FAILS(BAD, duecare_store_verify_trusted(NULL, TEXT("{}"), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_verify_trusted(store, NULL, 0, g_text, &error));
    CHECK_FAILS(BAD, duecare_store_verify_trusted(store, TEXT("{}"), NULL, &error));
    CHECK_FAILS(BAD, duecare_store_sign(NULL, TEXT("{}"), TEXT(PEM), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_sign(store, NULL, 2, TEXT(PEM), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_sign(store, TEXT("{}"), NULL, 2, g_text, &error));
    CHECK_FAILS(BAD, duecare_store_sign(store, TEXT("{}"), TEXT(PEM), NULL, &error));
    CHECK_FAILS(BAD, duecare_store_compare_run(NULL, 1, result, g_text, &error));
    CHECK_FAILS(BAD, duecare_store_compare_run(store, 1, NULL, g_text, &error));
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND,
                duecare_store_compare_run(store, UINT64_MAX, result, g_text, &error));
    CHECK_FAILS(BAD, duecare_store_prune(NULL, TEXT("{}"), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_prune(store, TEXT("{}"), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_backup(NULL, TEXT(COPY_NAME), &error));
    CHECK_FAILS(BAD, duecare_store_backup(store, NULL, 0, &error));
    duecare_store_free(NULL);
}

static void signatures(duecare_store* store) {
    if (!duecare_feature_supported("signatures", 10)) {
        CHECK_FAILS(DUECARE_STATUS_UNSUPPORTED,
                    duecare_store_sign(store, TEXT(SIGN), TEXT(PEM), g_text, &error));
        CHECK_FAILS(DUECARE_STATUS_UNSUPPORTED,
                    duecare_store_verify_trusted(store, TEXT(TRUST), g_text, &error));
        return;
    }
    CHECK_FAILS(BAD, duecare_store_sign(store, TEXT(SIGN), TEXT("\xFF no key"), g_text, &error));
    CHECK_OK(duecare_store_verify_trusted(store, TEXT(TRUST), g_text, &error));
    CHECK(says("\"ok\":false") && says("\"kind\":\"unsigned\"") && says("\"signed\":[]"));
    CHECK_OK(duecare_store_sign(store, TEXT(SIGN), TEXT(PEM), g_text, &error));
    CHECK(says("\"is_new\":true,\"head\":\""));
    CHECK_OK(duecare_store_verify_trusted(store, TEXT(TRUST), g_text, &error));
    CHECK(says("\"ok\":true") && says("\"signed\":[{\"run\":1,") && says("\"unsigned\":[]"));
}

/* What is not said of an action stays as it was. */
static void actions(duecare_store* store) {
    CHECK_OK(
        duecare_store_put(store, TEXT("action"),
                          TEXT("{\"id\": \"A-1\", \"title\": \"Ask\", \"due_at\": \"2023-03-01T12:00:00Z\", "
                               "\"owner\": \"o\", \"by\": \"b\", \"at\": \"2023-02-01T10:00:00Z\"}"),
                          g_text, &error));
    CHECK_OK(duecare_store_put(store, TEXT("action"),
                               TEXT("{\"id\": \"A-1\", \"status\": \"done\", \"by\": \"c\", \"at\": "
                                    "\"2023-02-02T10:00:00Z\"}"),
                               g_text, &error));
    CHECK_OK(duecare_store_query(store, TEXT("{\"what\": \"actions\"}"), g_text, &error));
    CHECK(
        says("{\"id\":\"A-1\",\"title\":\"Ask\",\"status\":\"done\",\"due_at\":\"2023-03-01T12:00:00Z\","
             "\"owner\":\"o\",\"by\":\"c\""));
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND,
                duecare_store_put(store, TEXT("action"),
                                  TEXT("{\"id\": \"A-1\", \"duty_id\": \"none\", \"by\": \"c\", \"at\": "
                                       "\"2023-02-02T10:00:00Z\"}"),
                                  g_text, &error));
}

static void runs_and_records(void) {
    duecare_store_options options = DUECARE_STORE_OPTIONS_INIT;
    duecare_store* store = NULL;
    duecare_result* result = audit(DUECARE_VERDICTS_ALL);
    duecare_result* some = audit(DUECARE_VERDICTS_DEFAULT);
    char head[65];
    const char* at;
    options.flags = DUECARE_STORE_CREATE;
    CHECK_OK(duecare_store_open(TEXT(FILE_NAME), &options, &store, &error));
    null_objects(store, result);
    CHECK_FAILS(BAD, duecare_store_put_run(store, some, TEXT(INFO), g_text, &error));
    CHECK_OK(duecare_store_put_run(store, result, TEXT(INFO), g_text, &error));
    CHECK(says("\"run\":1,\"is_new\":true,\"findings\":2,\"head\":\""));
    at = strstr(text(), "\"head\":\"") + 8;
    memcpy(head, at, 64);
    head[64] = '\0';
    CHECK_OK(duecare_store_put_run(store, result, TEXT(INFO), g_text, &error));
    CHECK(says("\"run\":1,\"is_new\":false") && says(head));
    CHECK_OK(duecare_store_put(
        store, TEXT("note"),
        TEXT("{\"about\": \"run 1\", \"text\": \"t\", \"by\": \"b\", \"at\": \"2023-02-01T10:00:00Z\"}"),
        g_text, &error));
    CHECK(says("\"record\":1"));
    actions(store);
    CHECK_OK(duecare_store_query(store, TEXT("{\"what\": \"runs\"}"), g_text, &error));
    CHECK(says("\"label\":\"January\"") && says("\"rejects\":1"));
    CHECK_OK(duecare_store_verify(store, head, 64, g_text, &error));
    CHECK(says("\"ok\":true"));
    CHECK_OK(duecare_store_verify(store, TEXT(OTHER_HEAD), g_text, &error));
    CHECK(says("\"ok\":false") && says("head_rewritten"));
    CHECK_FAILS(BAD, duecare_store_verify(store, TEXT("00"), g_text, &error));
    CHECK_FAILS(BAD, duecare_store_verify(store, OTHER_HEAD "0", 65, g_text, &error));
    signatures(store);
    CHECK_OK(duecare_store_compare_run(store, 1, result, g_text, &error));
    CHECK(says("\"same\":true"));
    CHECK_OK(duecare_store_backup(store, TEXT(COPY_NAME), &error));
    CHECK_FAILS(BAD, duecare_store_backup(store, TEXT(COPY_NAME), &error));
    CHECK_OK(
        duecare_store_prune(store,
                            TEXT("{\"before\": \"2024-01-01T00:00:00Z\", \"what\": [\"findings\"], \"at\": "
                                 "\"2024-01-01T00:00:00Z\", \"by\": \"b\", \"reason\": \"r\"}"),
                            g_text, &error));
    CHECK_FAILS(DUECARE_STATUS_INVALID_STATE, duecare_store_compare_run(store, 1, result, g_text, &error));
    CHECK_OK(duecare_store_verify(store, head, 64, g_text, &error));
    CHECK(says("\"ok\":true"));
    /* The result and the store need each other no longer. */
    duecare_result_free(result);
    duecare_result_free(some);
    duecare_store_free(store);
}

static void reading_alone(void) {
    duecare_store_options options = DUECARE_STORE_OPTIONS_INIT;
    duecare_store* store = NULL;
    options.flags = DUECARE_STORE_READ_ONLY;
    CHECK_OK(duecare_store_open(TEXT(FILE_NAME), &options, &store, &error));
    CHECK_FAILS(DUECARE_STATUS_INVALID_STATE,
                duecare_store_put(store, TEXT("note"), TEXT("{}"), g_text, &error));
    CHECK(strcmp(text(), "") == 0);
    CHECK_OK(duecare_store_query(store, TEXT("{\"what\": \"info\"}"), g_text, &error));
    CHECK(says("\"runs\":1"));
    duecare_store_free(store);
}

int main(void) {
    remove_files();
    CHECK_OK(duecare_text_new(&g_text, &error));
    CHECK(strcmp(duecare_status_get_name(DUECARE_STATUS_BUSY), "BUSY") == 0);
    options_and_open();
    runs_and_records();
    reading_alone();
    duecare_text_free(g_text);
    remove_files();
    return finish("store_test");
}
