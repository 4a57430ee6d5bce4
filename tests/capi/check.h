/* Checks for the C programs of this folder: they go on after a failure and say how many there were. */
#ifndef DUECARE_TESTS_CHECK_H
#define DUECARE_TESTS_CHECK_H

#include <stdio.h>
#include <string.h>

#include "duecare/duecare.h"

static int g_failures = 0;

static inline void check_at(int holds, const char* what, const char* file, int line) {
    if (holds) return;
    ++g_failures;
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
}
#define CHECK(condition) check_at((condition) != 0, #condition, __FILE__, __LINE__)

/* The call succeeds and leaves no error. */
static inline void check_ok_at(duecare_status status, duecare_error** error, const char* what,
                               const char* file, int line) {
    if (status == DUECARE_STATUS_OK && *error == NULL) return;
    ++g_failures;
    fprintf(stderr, "%s:%d: %s: %s: %s\n", file, line, what, duecare_status_get_name(status),
            *error == NULL ? "" : duecare_error_get_text(*error, NULL));
    duecare_error_free(*error);
    *error = NULL;
}
#define CHECK_OK(call) check_ok_at((call), &error, #call, __FILE__, __LINE__)

/* The call fails with that status and an error that says so in words; the error is freed. */
static inline void check_fails_at(duecare_status status, duecare_status expected, duecare_error** error,
                                  const char* what, const char* file, int line) {
    size_t length = 0;
    const char* message = duecare_error_get_message(*error, &length);
    if (status != expected || *error == NULL || duecare_error_get_status(*error) != expected ||
        message == NULL || length < 8 || strlen(message) != length) {
        ++g_failures;
        fprintf(stderr, "%s:%d: %s: expected %s with a message, got %s: %s\n", file, line, what,
                duecare_status_get_name(expected), duecare_status_get_name(status),
                message == NULL ? "(none)" : message);
    }
    duecare_error_free(*error);
    *error = NULL;
}
#define CHECK_FAILS(expected, call) check_fails_at((call), (expected), &error, #call, __FILE__, __LINE__)

static inline int finish(const char* name) {
    if (g_failures == 0) return 0;
    fprintf(stderr, "%s: %d failures\n", name, g_failures);
    return 1;
}

#endif
