/* duecare.h alone, as C and as C++, in every dialect (tests/CMakeLists.txt), with the layout of its
   structures as the releases had it. A check that fails is an array of negative size. */
#include "duecare/duecare.h"

#include "duecare/duecare.h" /* guarded */

#define HOLDS(name, condition) typedef char holds_##name[(condition) ? 1 : -1]

HOLDS(status_is_32_bits, sizeof(duecare_status) == 4);
HOLDS(verdict_is_32_bits, sizeof(duecare_verdict) == 4);
HOLDS(context_options_0_1,
      sizeof(void*) != 8 || sizeof(duecare_context_options) == DUECARE_CONTEXT_OPTIONS_SIZE_0_1);
HOLDS(caseload_options_0_1, offsetof(duecare_caseload_options, context) == DUECARE_CASELOAD_OPTIONS_SIZE_0_1);
HOLDS(caseload_flags, offsetof(duecare_caseload_options, flags) == 4);
HOLDS(caseload_max_document_bytes, offsetof(duecare_caseload_options, max_document_bytes) == 8);
HOLDS(caseload_max_string_bytes, offsetof(duecare_caseload_options, max_string_bytes) == 16);
HOLDS(caseload_max_nesting, offsetof(duecare_caseload_options, max_nesting) == 24);
HOLDS(caseload_max_events_per_case, offsetof(duecare_caseload_options, max_events_per_case) == 28);
HOLDS(audit_options_0_1,
      sizeof(void*) != 8 || offsetof(duecare_audit_options, context) == DUECARE_AUDIT_OPTIONS_SIZE_0_1);
HOLDS(audit_flags, offsetof(duecare_audit_options, flags) == 4);
HOLDS(audit_as_of, offsetof(duecare_audit_options, as_of) == 8);
HOLDS(audit_known_at, offsetof(duecare_audit_options, known_at) == 16);
HOLDS(audit_verdicts, offsetof(duecare_audit_options, verdicts) == 24);
HOLDS(audit_threads, offsetof(duecare_audit_options, threads) == 28);
HOLDS(audit_progress, offsetof(duecare_audit_options, progress) == 32);
HOLDS(audit_user_data, offsetof(duecare_audit_options, user_data) == 32 + sizeof(void*));
HOLDS(audit_token, offsetof(duecare_audit_options, token) == 32 + 2 * sizeof(void*));
HOLDS(monitor_options_0_1, offsetof(duecare_monitor_options, context) == DUECARE_MONITOR_OPTIONS_SIZE_0_1);
HOLDS(monitor_flags, offsetof(duecare_monitor_options, flags) == 4);
HOLDS(monitor_as_of, offsetof(duecare_monitor_options, as_of) == 8);
HOLDS(monitor_known_at, offsetof(duecare_monitor_options, known_at) == 16);
HOLDS(monitor_query_0_1,
      sizeof(void*) != 8 || sizeof(duecare_monitor_query) == DUECARE_MONITOR_QUERY_SIZE_0_1);
HOLDS(query_flags, offsetof(duecare_monitor_query, flags) == 4);
HOLDS(query_verdicts, offsetof(duecare_monitor_query, verdicts) == 8);
HOLDS(query_reserved, offsetof(duecare_monitor_query, reserved) == 12);
HOLDS(query_due_until, offsetof(duecare_monitor_query, due_until) == 16);
HOLDS(query_case_id, offsetof(duecare_monitor_query, case_id) == 24);
HOLDS(query_case_id_length, offsetof(duecare_monitor_query, case_id_length) == 24 + sizeof(void*));
HOLDS(query_key, offsetof(duecare_monitor_query, key) == 24 + 2 * sizeof(void*));
HOLDS(query_key_length, offsetof(duecare_monitor_query, key_length) == 24 + 3 * sizeof(void*));
HOLDS(query_owner, offsetof(duecare_monitor_query, owner) == 24 + 4 * sizeof(void*));
HOLDS(query_owner_length, offsetof(duecare_monitor_query, owner_length) == 24 + 5 * sizeof(void*));
HOLDS(store_options_0_1,
      sizeof(void*) != 8 || offsetof(duecare_store_options, context) == DUECARE_STORE_OPTIONS_SIZE_0_1);
HOLDS(store_flags, offsetof(duecare_store_options, flags) == 4);
HOLDS(store_busy_ms, offsetof(duecare_store_options, busy_ms) == 8);
HOLDS(store_keep, offsetof(duecare_store_options, keep) == 12);
HOLDS(store_key, offsetof(duecare_store_options, key) == 16);
HOLDS(store_key_length, offsetof(duecare_store_options, key_length) == 16 + sizeof(void*));
HOLDS(store_vfs, offsetof(duecare_store_options, vfs) == 16 + 2 * sizeof(void*));
HOLDS(store_vfs_length, offsetof(duecare_store_options, vfs_length) == 16 + 3 * sizeof(void*));
HOLDS(store_cipher_key, offsetof(duecare_store_options, cipher_key) == 16 + 5 * sizeof(void*));
HOLDS(store_cipher_key_length, offsetof(duecare_store_options, cipher_key_length) == 16 + 6 * sizeof(void*));
HOLDS(version_number, DUECARE_VERSION_NUMBER == DUECARE_VERSION_MAJOR * 10000 + DUECARE_VERSION_MINOR * 100 +
                                                    DUECARE_VERSION_PATCH);

duecare_audit_options header_test_audit_options(void);
duecare_audit_options header_test_audit_options(void) {
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    return options;
}
