/* The fixture as the tests of stores put it: audited. */
#ifndef DUECARE_TESTS_AUDITED_H
#define DUECARE_TESTS_AUDITED_H

#include "check.h"
#include "fixture.h"

/* The caller frees the result, which keeps what it is of. */
static inline duecare_result* audit_fixture(const duecare_audit_options* options) {
    duecare_error* error = NULL;
    duecare_policy* policy = NULL;
    duecare_caseload* caseload = NULL;
    duecare_result* result = NULL;
    CHECK_OK(duecare_policy_compile(NULL, 0, k_policy, sizeof k_policy - 1, &policy, &error));
    CHECK_OK(duecare_caseload_new(NULL, &caseload, &error));
    CHECK_OK(duecare_caseload_begin(caseload, NULL, 0, &error));
    CHECK_OK(duecare_caseload_push(caseload, k_caseload, sizeof k_caseload - 1, &error));
    CHECK_OK(duecare_caseload_finish(caseload, &error));
    CHECK_OK(duecare_audit_run(policy, caseload, options, &result, &error));
    duecare_caseload_free(caseload);
    duecare_policy_free(policy);
    return result;
}

#endif
