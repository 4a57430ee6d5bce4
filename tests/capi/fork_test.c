/* Objects from before a fork in the child: no thread and no lock outlives a call, so that they are as good
   there as in the parent. A store is not, and says so: the child opens its own. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "fixture.h"

#define STORE "capi_fork_test.db"

static duecare_error* error = NULL;

/* The findings as JSON, audited with several threads. */
static void audit(const duecare_policy* policy, const duecare_caseload* caseload, duecare_text* text) {
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    duecare_result* result = NULL;
    options.threads = 3;
    CHECK_OK(duecare_audit_run(policy, caseload, &options, &result, &error));
    CHECK_OK(duecare_result_export_findings(result, 0, UINT64_MAX, text, &error));
    duecare_result_free(result);
}

static void ask(duecare_store* store, int is_child, duecare_text* text) {
    static const char k_query[] = "{\"what\": \"runs\"}";
    if (is_child) {
        CHECK_FAILS(DUECARE_STATUS_INVALID_STATE,
                    duecare_store_query(store, k_query, strlen(k_query), text, &error));
    } else {
        CHECK_OK(duecare_store_query(store, k_query, strlen(k_query), text, &error));
    }
}

int main(void) {
    duecare_store_options store_options = DUECARE_STORE_OPTIONS_INIT;
    duecare_store* store = NULL;
    duecare_policy* policy = NULL;
    duecare_caseload* caseload = NULL;
    duecare_text* before = NULL;
    duecare_text* after = NULL;
    pid_t child = 0;
    int status = -1;

    CHECK_OK(duecare_policy_compile("p", 1, k_policy, strlen(k_policy), &policy, &error));
    CHECK_OK(duecare_caseload_new(NULL, &caseload, &error));
    CHECK_OK(duecare_caseload_begin(caseload, "c", 1, &error));
    CHECK_OK(duecare_caseload_push(caseload, k_caseload, strlen(k_caseload), &error));
    CHECK_OK(duecare_caseload_finish(caseload, &error));
    CHECK_OK(duecare_text_new(&before, &error));
    CHECK_OK(duecare_text_new(&after, &error));
    if (duecare_feature_supported("store", 5)) {
        remove(STORE);
        store_options.flags = DUECARE_STORE_CREATE;
        CHECK_OK(duecare_store_open(STORE, strlen(STORE), &store_options, &store, &error));
    }
    audit(policy, caseload, before);
    CHECK(strlen(duecare_text_get(before, NULL)) > 0);

    child = fork();
    CHECK(child >= 0);
    if (child == 0) alarm(60); /* a child that waits for a thread of the parent's would wait for ever */
    audit(policy, caseload, after);
    CHECK(strcmp(duecare_text_get(before, NULL), duecare_text_get(after, NULL)) == 0);
    if (store != NULL) ask(store, child == 0, after);
    duecare_store_free(store);
    duecare_text_free(after);
    duecare_text_free(before);
    duecare_caseload_free(caseload);
    duecare_policy_free(policy);
    if (child == 0) _exit(finish("fork_test, child")); /* past leak checks: the store was let go of */
    CHECK(waitpid(child, &status, 0) == child);
    remove(STORE);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return finish("fork_test");
}
