/* dlopen, audit, at times sign, dlclose, a thousand times: each time the library is gone afterwards, and
   nothing of it is left, no memory, no file, no thread. Argument: the library. This program is not linked
   with it. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "duecare/duecare.h" /* for its types */
#include "fixture.h"

#define ROUNDS 1000
#define STORE "capi_unload_test.db"
#define WARM_UP 200
/* What allocators and the loader may still settle: a leak of 256 bytes a round would be more. */
#define GROWTH_KIB 200

static void fail(const char* what, const char* detail) {
    fprintf(stderr, "%s: %s\n", what, detail == NULL ? "" : detail);
    exit(1);
}

typedef struct {
    duecare_status (*policy_compile)(const char*, size_t, const char*, size_t, duecare_policy**,
                                     duecare_error**);
    duecare_status (*caseload_new)(const duecare_caseload_options*, duecare_caseload**, duecare_error**);
    duecare_status (*caseload_begin)(duecare_caseload*, const char*, size_t, duecare_error**);
    duecare_status (*caseload_push)(duecare_caseload*, const void*, size_t, duecare_error**);
    duecare_status (*caseload_finish)(duecare_caseload*, duecare_error**);
    duecare_status (*audit_run)(const duecare_policy*, const duecare_caseload*, const duecare_audit_options*,
                                duecare_result**, duecare_error**);
    uint64_t (*count_findings)(const duecare_result*);
    void (*policy_free)(duecare_policy*);
    void (*caseload_free)(duecare_caseload*);
    void (*result_free)(duecare_result*);
    duecare_status (*text_new)(duecare_text**, duecare_error**);
    const char* (*text_get)(const duecare_text*, size_t*);
    void (*text_free)(duecare_text*);
    duecare_status (*store_open)(const char*, size_t, const duecare_store_options*, duecare_store**,
                                 duecare_error**);
    duecare_status (*store_put_run)(duecare_store*, const duecare_result*, const char*, size_t, duecare_text*,
                                    duecare_error**);
    duecare_status (*store_sign)(duecare_store*, const char*, size_t, const char*, size_t, duecare_text*,
                                 duecare_error**);
    duecare_status (*store_verify)(duecare_store*, const char*, size_t, duecare_text*, duecare_error**);
    void (*store_free)(duecare_store*);
} Api;

/* ISO C has no conversion of an object pointer to a function pointer; POSIX promises that the bytes will do.
 */
static void find(void* library, const char* name, void* function) {
    void* const found = dlsym(library, name);
    if (found == NULL) fail(name, dlerror());
    memcpy(function, &found, sizeof found);
}

static void load(void* library, Api* api) {
    find(library, "duecare_policy_compile", &api->policy_compile);
    find(library, "duecare_caseload_new", &api->caseload_new);
    find(library, "duecare_caseload_begin", &api->caseload_begin);
    find(library, "duecare_caseload_push", &api->caseload_push);
    find(library, "duecare_caseload_finish", &api->caseload_finish);
    find(library, "duecare_audit_run", &api->audit_run);
    find(library, "duecare_result_count_findings", &api->count_findings);
    find(library, "duecare_policy_free", &api->policy_free);
    find(library, "duecare_caseload_free", &api->caseload_free);
    find(library, "duecare_result_free", &api->result_free);
    find(library, "duecare_text_new", &api->text_new);
    find(library, "duecare_text_get", &api->text_get);
    find(library, "duecare_text_free", &api->text_free);
    find(library, "duecare_store_open", &api->store_open);
    find(library, "duecare_store_put_run", &api->store_put_run);
    find(library, "duecare_store_sign", &api->store_sign);
    find(library, "duecare_store_verify", &api->store_verify);
    find(library, "duecare_store_free", &api->store_free);
}

/* Signs a run in a store of its own, and has the signature checked: OpenSSL stays in the process, as it does
   for everybody who uses it, and the library goes all the same. */
static void sign(void* library, const Api* api, const duecare_result* result) {
    static const char k_info[] = "{\"recorded_at\": \"2023-02-01T09:00:00Z\"}";
    static const char k_what[] = "{\"run\": 1, \"by\": \"b\", \"at\": \"2023-02-01T10:00:00Z\"}";
    static const char k_pem[] =
        "-----BEGIN PRIVATE "
        "KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE "
        "KEY-----\n";
    int32_t (*supported)(const char*, size_t);
    duecare_store_options options = DUECARE_STORE_OPTIONS_INIT;
    duecare_store* store = NULL;
    duecare_text* text = NULL;
    int failed = 0;
    find(library, "duecare_feature_supported", &supported);
    if (!supported("signatures", 10)) return;
    remove(STORE);
    options.flags = DUECARE_STORE_CREATE | DUECARE_STORE_RELAXED;
    failed |= api->text_new(&text, NULL);
    failed |= api->store_open(STORE, sizeof STORE - 1, &options, &store, NULL);
    failed |= api->store_put_run(store, result, k_info, sizeof k_info - 1, text, NULL);
    failed |= api->store_sign(store, k_what, sizeof k_what - 1, k_pem, sizeof k_pem - 1, text, NULL);
    failed |= api->store_verify(store, NULL, 0, text, NULL);
    if (failed || strstr(api->text_get(text, NULL), "\"valid\":1") == NULL) fail("signing failed", NULL);
    api->store_free(store);
    api->text_free(text);
    remove(STORE);
}

static void audit(const Api* api, void* library, int signs) {
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    duecare_policy* policy = NULL;
    duecare_caseload* caseload = NULL;
    duecare_result* result = NULL;
    int failed = 0;

    options.threads = 2;
    options.verdicts = DUECARE_VERDICTS_ALL;
    failed |= api->policy_compile("p", 1, k_policy, strlen(k_policy), &policy, NULL);
    failed |= api->caseload_new(NULL, &caseload, NULL);
    failed |= api->caseload_begin(caseload, "c", 1, NULL);
    failed |= api->caseload_push(caseload, k_caseload, strlen(k_caseload), NULL);
    failed |= api->caseload_finish(caseload, NULL);
    failed |= api->audit_run(policy, caseload, &options, &result, NULL);
    if (failed || api->count_findings(result) != 2) fail("the audit failed", NULL);
    if (signs) sign(library, api, result);
    api->result_free(result);
    api->caseload_free(caseload);
    api->policy_free(policy);
}

static size_t entries(const char* folder) {
    DIR* const open = opendir(folder);
    size_t count = 0;
    if (open == NULL) fail(folder, "cannot be read");
    while (readdir(open) != NULL) ++count;
    closedir(open);
    return count;
}

static int is_mapped(const char* name) {
    char line[4096];
    int found = 0;
    FILE* const maps = fopen("/proc/self/maps", "r");
    if (maps == NULL) fail("/proc/self/maps", "cannot be read");
    while (!found && fgets(line, sizeof line, maps) != NULL) found = strstr(line, name) != NULL;
    fclose(maps);
    return found;
}

static long resident_kib(void) {
    long size = 0;
    long resident = 0;
    FILE* const statm = fopen("/proc/self/statm", "r");
    if (statm == NULL || fscanf(statm, "%ld %ld", &size, &resident) != 2)
        fail("/proc/self/statm", "unreadable");
    fclose(statm);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void once(const char* path, int look_closer) {
    Api api;
    void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) fail(path, dlerror());
    load(library, &api);
    audit(&api, library, look_closer);
    if (look_closer && !is_mapped("libduecare")) fail(path, "should be mapped, so the look-up says nothing");
    if (dlclose(library) != 0) fail(path, dlerror());
    if (dlopen(path, RTLD_NOW | RTLD_NOLOAD) != NULL) fail(path, "is still loaded after dlclose");
    if (look_closer && is_mapped("libduecare")) fail(path, "is still mapped after dlclose");
}

int main(int argc, char** argv) {
    size_t files = 0;
    size_t threads = 0;
    long before = 0;
    long after = 0;
    int i = 0;

    if (argc != 2) fail("usage", "unload_test LIBRARY");
    for (i = 0; i < ROUNDS; ++i) {
        if (i == WARM_UP) {
            before = resident_kib();
            files = entries("/proc/self/fd");
            threads = entries("/proc/self/task");
        }
        once(argv[1], i % 50 == 0);
    }
    after = resident_kib();
    printf("%d rounds; resident after %d of them %ld KiB, at the end %ld KiB\n", ROUNDS, WARM_UP, before,
           after);
    if (after - before > GROWTH_KIB) fail("the process has grown", NULL);
    if (entries("/proc/self/fd") != files) fail("a file is left open", NULL);
    if (entries("/proc/self/task") != threads) fail("a thread is left", NULL);
    return 0;
}
