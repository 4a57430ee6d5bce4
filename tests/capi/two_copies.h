/* What the programs of the test of two copies have in common: an audit through a library that was loaded, and
   where a symbol is found. */
#ifndef DUECARE_TESTS_TWO_COPIES_H
#define DUECARE_TESTS_TWO_COPIES_H

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "duecare/duecare.h" /* for its types */
#include "fixture.h"

/* A name of Boost.JSON: boost::json::serialize(boost::json::value const&). */
#define BOOST_SYMBOL "_ZN5boost4json9serializeB5cxx11ERKNS0_5valueE"
#define SQLITE_SYMBOL "sqlite3_libversion"

static void demand(int holds, const char* what) {
    if (holds) return;
    fprintf(stderr, "not so: %s\n", what);
    exit(1);
}

/* The file that a program finds the name in, "" for none. */
static const char* home_of(void* scope, const char* symbol) {
    Dl_info info;
    void* const address = dlsym(scope, symbol);
    if (address == NULL || dladdr(address, &info) == 0 || info.dli_fname == NULL) return "";
    return info.dli_fname;
}

static int is_in(void* scope, const char* symbol, const char* file) {
    return strstr(home_of(scope, symbol), file) != NULL;
}

/* ISO C has no conversion of an object pointer to a function pointer; POSIX promises that the bytes will do.
 */
static void find_function(void* library, const char* name, void* function) {
    void* const found = dlsym(library, name);
    demand(found != NULL, name);
    memcpy(function, &found, sizeof found);
}

/* Compiles a policy, reads a caseload (both are JSON) and audits. */
static void audit_with(void* library) {
    duecare_status (*compile)(const char*, size_t, const char*, size_t, duecare_policy**, duecare_error**);
    duecare_status (*create)(const duecare_caseload_options*, duecare_caseload**, duecare_error**);
    duecare_status (*begin)(duecare_caseload*, const char*, size_t, duecare_error**);
    duecare_status (*push)(duecare_caseload*, const void*, size_t, duecare_error**);
    duecare_status (*close)(duecare_caseload*, duecare_error**);
    duecare_status (*run)(const duecare_policy*, const duecare_caseload*, const duecare_audit_options*,
                          duecare_result**, duecare_error**);
    uint64_t (*count)(const duecare_result*);
    void (*free_policy)(duecare_policy*);
    void (*free_caseload)(duecare_caseload*);
    void (*free_result)(duecare_result*);
    duecare_policy* policy = NULL;
    duecare_caseload* caseload = NULL;
    duecare_result* result = NULL;

    find_function(library, "duecare_policy_compile", &compile);
    find_function(library, "duecare_caseload_new", &create);
    find_function(library, "duecare_caseload_begin", &begin);
    find_function(library, "duecare_caseload_push", &push);
    find_function(library, "duecare_caseload_finish", &close);
    find_function(library, "duecare_audit_run", &run);
    find_function(library, "duecare_result_count_findings", &count);
    find_function(library, "duecare_policy_free", &free_policy);
    find_function(library, "duecare_caseload_free", &free_caseload);
    find_function(library, "duecare_result_free", &free_result);
    demand(compile("p", 1, k_policy, strlen(k_policy), &policy, NULL) == 0, "the policy compiles");
    demand(create(NULL, &caseload, NULL) == 0 && begin(caseload, "c", 1, NULL) == 0, "a caseload is made");
    demand(push(caseload, k_caseload, strlen(k_caseload), NULL) == 0, "the caseload is read");
    demand(close(caseload, NULL) == 0, "the caseload is finished");
    demand(run(policy, caseload, NULL, &result, NULL) == 0 && count(result) == 1, "the audit finds one");
    free_result(result);
    free_caseload(caseload);
    free_policy(policy);
}

#define STORE "capi_two_copies.db"

/* Opens a store, which is a file of SQLite's, and asks it. */
static void store_with(void* library) {
    int32_t (*supported)(const char*, size_t);
    duecare_status (*open)(const char*, size_t, const duecare_store_options*, duecare_store**,
                           duecare_error**);
    duecare_status (*query)(duecare_store*, const char*, size_t, duecare_text*, duecare_error**);
    duecare_status (*new_text)(duecare_text**, duecare_error**);
    void (*free_store)(duecare_store*);
    void (*free_text)(duecare_text*);
    static const char k_query[] = "{\"what\": \"runs\"}";
    duecare_store_options options = DUECARE_STORE_OPTIONS_INIT;
    duecare_store* store = NULL;
    duecare_text* text = NULL;

    find_function(library, "duecare_feature_supported", &supported);
    if (!supported("store", 5)) return;
    find_function(library, "duecare_store_open", &open);
    find_function(library, "duecare_store_query", &query);
    find_function(library, "duecare_store_free", &free_store);
    find_function(library, "duecare_text_new", &new_text);
    find_function(library, "duecare_text_free", &free_text);
    remove(STORE);
    options.flags = DUECARE_STORE_CREATE;
    demand(open(STORE, sizeof STORE - 1, &options, &store, NULL) == 0, "the store opens");
    demand(new_text(&text, NULL) == 0, "there is a text");
    demand(query(store, k_query, sizeof k_query - 1, text, NULL) == 0, "the store answers");
    free_text(text);
    free_store(store);
    remove(STORE);
}

#endif
