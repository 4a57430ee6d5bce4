/* A host that brings SQLCipher: linked before the library, its SQLite is the one that the loader gives to
   all. The store is encrypted under a key that the host gives, and so are its backups. */
#include "audited.h"

#define BAD DUECARE_STATUS_INVALID_ARGUMENT
#define FILE_NAME "capi_sqlcipher_test.db"
#define COPY_NAME "capi_sqlcipher_test_copy.db"
#define PLAIN_NAME "capi_sqlcipher_test_plain.db"
#define TEXT(literal) literal, sizeof(literal) - 1
#define PLAIN_HEAD "SQLite format 3"

/* SQLCipher's header is called as SQLite's, so what is needed of it stands here. */
int sqlite3_open(const char* name, void** db);
int sqlite3_key(void* db, const void* key, int size);
int sqlite3_exec(void* db, const char* sql, void* callback, void* argument, char** message);
int sqlite3_close(void* db);

static duecare_error* error;
static duecare_text* g_text;

static void remove_files(void) {
    static const char* const k_names[] = {FILE_NAME, COPY_NAME, PLAIN_NAME};
    static const char* const k_ends[] = {"", "-wal", "-shm"};
    char name[128];
    size_t i = 0;
    for (i = 0; i < 9; ++i) {
        strcpy(name, k_names[i / 3]);
        strcat(name, k_ends[i % 3]);
        remove(name);
    }
}

static int says(const char* part) {
    return strstr(duecare_text_get(g_text, NULL), part) != NULL;
}

static duecare_status open_with(const char* name, const char* key, uint32_t flags, duecare_store** store) {
    duecare_store_options options = DUECARE_STORE_OPTIONS_INIT;
    options.flags = flags;
    options.cipher_key = (const uint8_t*)key;
    options.cipher_key_length = key == NULL ? 0 : strlen(key);
    return duecare_store_open(name, strlen(name), &options, store, &error);
}

/* Fails, and says so in words that have this in them. */
static void refuses(const char* name, const char* key, duecare_status status, const char* part) {
    duecare_store* store = NULL;
    CHECK(open_with(name, key, 0, &store) == status);
    CHECK(store == NULL && error != NULL && strstr(duecare_error_get_text(error, NULL), part) != NULL);
    if (error != NULL && strstr(duecare_error_get_text(error, NULL), part) == NULL)
        fprintf(stderr, "%s\n", duecare_error_get_text(error, NULL));
    duecare_error_free(error);
    error = NULL;
}

/* Whether these bytes stand anywhere in the file. */
static int holds(const char* name, const char* part) {
    static char bytes[4 << 20];
    FILE* const file = fopen(name, "rb");
    const size_t length = strlen(part);
    size_t size = 0;
    size_t i = 0;
    CHECK(file != NULL);
    if (file == NULL) return 1;
    size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    CHECK(size > 0 && size < sizeof bytes);
    for (i = 0; i + length <= size; ++i) {
        if (memcmp(bytes + i, part, length) == 0) return 1;
    }
    return 0;
}

static void put_run(duecare_store* store) {
    duecare_result* result = NULL;
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    options.verdicts = DUECARE_VERDICTS_ALL;
    result = audit_fixture(&options);
    CHECK_OK(duecare_store_put_run(store, result, TEXT("{\"recorded_at\": \"2023-02-01T09:00:00Z\"}"), g_text,
                                   &error));
    duecare_result_free(result);
}

static void reads_back(const char* name, const char* key, uint32_t flags) {
    duecare_store* store = NULL;
    CHECK_OK(open_with(name, key, flags, &store));
    CHECK_OK(duecare_store_query(store, TEXT("{\"what\": \"runs\"}"), g_text, &error));
    CHECK(says("\"policy_id\":\"example\""));
    CHECK_OK(duecare_store_verify(store, NULL, 0, g_text, &error));
    CHECK(says("\"ok\":true"));
    duecare_store_free(store);
}

/* The host's own SQLCipher opens it with the key, as it opens any file of its own. */
static void is_the_hosts_too(const char* name, const char* key) {
    void* db = NULL;
    CHECK(sqlite3_open(name, &db) == 0);
    CHECK(sqlite3_key(db, key, (int)strlen(key)) == 0);
    CHECK(sqlite3_exec(db, "SELECT count(*) FROM run", NULL, NULL, NULL) == 0);
    CHECK(sqlite3_close(db) == 0);
}

int main(void) {
    duecare_store* store = NULL;
    CHECK_OK(duecare_text_new(&g_text, &error));
    remove_files();

    CHECK_OK(open_with(FILE_NAME, "secret", DUECARE_STORE_CREATE, &store));
    put_run(store);
    CHECK(!holds(FILE_NAME "-wal", "example"));
    CHECK_OK(duecare_store_backup(store, COPY_NAME, strlen(COPY_NAME), &error));
    duecare_store_free(store);
    CHECK(!holds(FILE_NAME, PLAIN_HEAD) && !holds(FILE_NAME, "example") && !holds(FILE_NAME, "MC-1"));
    CHECK(!holds(COPY_NAME, PLAIN_HEAD) && !holds(COPY_NAME, "example") && !holds(COPY_NAME, "MC-1"));

    reads_back(FILE_NAME, "secret", 0);
    reads_back(FILE_NAME, "secret", DUECARE_STORE_READ_ONLY);
    reads_back(COPY_NAME, "secret", 0);
    is_the_hosts_too(FILE_NAME, "secret");
    is_the_hosts_too(COPY_NAME, "secret");
    refuses(FILE_NAME, "Secret", BAD, "This key (cipher_key) does not open the store");
    refuses(COPY_NAME, "Secret", BAD, "This key (cipher_key) does not open the store");
    refuses(FILE_NAME, NULL, DUECARE_STATUS_DATA,
            "it is encrypted and was opened without its key (cipher_key)");
    reads_back(FILE_NAME, "secret", 0); /* none of that has changed it */

    /* Without a key, SQLCipher is as any SQLite. */
    CHECK_OK(open_with(PLAIN_NAME, NULL, DUECARE_STORE_CREATE, &store));
    put_run(store);
    duecare_store_free(store);
    CHECK(holds(PLAIN_NAME, PLAIN_HEAD) && holds(PLAIN_NAME, "example"));
    refuses(PLAIN_NAME, "secret", BAD, "This key (cipher_key) does not open the store");
    reads_back(PLAIN_NAME, NULL, 0);

    remove_files();
    duecare_text_free(g_text);
    return finish("sqlcipher_test");
}
