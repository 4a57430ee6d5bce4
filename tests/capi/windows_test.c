/* What is another way on Windows: paths are UTF-8 there too, gzip is read; Zstandard and the store, which
   this build is without, are refused in words; a thread has a small stack. */
#include "check.h"
#include "fixture.h"

#include <stdlib.h>
#include <windows.h>

#define TEXT_OF(literal) literal, sizeof(literal) - 1

static duecare_error* error;

static const char k_case[] = "{\"format\":\"duecare.case/1\",\"id\":\"Z-1\",\"events\":[]}\n";

static void write_file(const wchar_t* path, const char* bytes, size_t length) {
    FILE* file = _wfopen(path, L"wb");
    CHECK(file != NULL);
    if (file == NULL) return;
    CHECK(fwrite(bytes, 1, length, file) == length);
    fclose(file);
}

static void paths(void) {
    /* "fälle-儿.jsonl": no code page of one byte has both. */
    static const wchar_t wide[] = L"f\u00e4lle-\u513f.jsonl";
    static const char path[] = "f\xc3\xa4lle-\xe5\x84\xbf.jsonl";
    duecare_caseload* cases = NULL;
    write_file(wide, k_case, sizeof k_case - 1);
    CHECK_OK(duecare_caseload_new(NULL, &cases, &error));
    CHECK_OK(duecare_caseload_read_file(cases, path, sizeof path - 1, &error));
    CHECK(duecare_caseload_count_cases(cases) == 1 && duecare_caseload_count_rejects(cases) == 0);
    CHECK_FAILS(DUECARE_STATUS_IO, duecare_caseload_read_file(cases, TEXT_OF("nowhere.jsonl"), &error));
    duecare_caseload_free(cases);
    CHECK(_wremove(wide) == 0);
}

static void compression(void) {
    static const unsigned char gzip[] = {
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0x4a, 0xcb, 0x2f, 0xca, 0x4d,
        0x2c, 0x51, 0xb2, 0x52, 0x4a, 0x29, 0x4d, 0x4d, 0x4e, 0x2c, 0x4a, 0xd5, 0x4b, 0x4e, 0x2c, 0x4e, 0xd5,
        0x37, 0x54, 0xd2, 0x51, 0xca, 0x4c, 0x01, 0x8a, 0x46, 0xe9, 0x82, 0x98, 0xa9, 0x65, 0xa9, 0x79, 0x25,
        0xc5, 0x4a, 0x56, 0xd1, 0xb1, 0xb5, 0x5c, 0x00, 0x5e, 0xb0, 0x45, 0x37, 0x33, 0x00, 0x00, 0x00,
    };
    static const char zstd[] = "\x28\xb5\x2f\xfd\x04\x00\x01\x02\x03";
    duecare_caseload* cases = NULL;
    CHECK(duecare_feature_supported(TEXT_OF("gzip")) == 1);
    CHECK(duecare_feature_supported(TEXT_OF("zstd")) == 0);
    CHECK(duecare_feature_supported(TEXT_OF("store")) == 0);
    CHECK_OK(duecare_caseload_new(NULL, &cases, &error));
    CHECK_OK(duecare_caseload_begin(cases, TEXT_OF("a.gz"), &error));
    CHECK_OK(duecare_caseload_push(cases, (const char*)gzip, sizeof gzip, &error));
    CHECK_OK(duecare_caseload_finish(cases, &error));
    CHECK(duecare_caseload_count_cases(cases) == 1 && duecare_caseload_count_rejects(cases) == 0);
    CHECK_OK(duecare_caseload_begin(cases, TEXT_OF("a.zst"), &error));
    CHECK_OK(duecare_caseload_push(cases, zstd, sizeof zstd - 1, &error));
    CHECK_OK(duecare_caseload_finish(cases, &error));
    CHECK(duecare_caseload_count_cases(cases) == 1 && duecare_caseload_count_rejects(cases) == 1);
    CHECK(strstr(duecare_caseload_get_reject_reason(cases, 0, NULL), "built without Zstandard") != NULL);
    duecare_caseload_free(cases);
}

static void store(void) {
    duecare_store* opened = NULL;
    CHECK(duecare_feature_supported(TEXT_OF("store")) == 0);
    CHECK_FAILS(DUECARE_STATUS_UNSUPPORTED, duecare_store_open(TEXT_OF("a.db"), NULL, &opened, &error));
    CHECK(opened == NULL);
}

/* The deepest and the longest expressions that a policy may have fit on the stack of 1 MiB that threads of
   Windows have (tests/install/windows_test.py links this program with one), also on those of the library. */
static void audit_with(const char* condition) {
    static char policy[16384];
    const char* on = strstr(k_policy, "\"missing.returned\"}");
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    duecare_policy* compiled = NULL;
    duecare_caseload* cases = NULL;
    duecare_result* result = NULL;
    const int length =
        snprintf(policy, sizeof policy, "%.*s\"missing.returned\", \"where\": \"%s\"%s", (int)(on - k_policy),
                 k_policy, condition, on + strlen("\"missing.returned\""));
    CHECK(length > 0 && (size_t)length < sizeof policy);
    CHECK_OK(duecare_policy_compile("p", 1, policy, (size_t)length, &compiled, &error));
    CHECK_OK(duecare_caseload_new(NULL, &cases, &error));
    CHECK_OK(duecare_caseload_begin(cases, "c", 1, &error));
    CHECK_OK(duecare_caseload_push(cases, k_caseload, sizeof k_caseload - 1, &error));
    CHECK_OK(duecare_caseload_finish(cases, &error));
    options.threads = 4;
    CHECK_OK(duecare_audit_run(compiled, cases, &options, &result, &error));
    CHECK(duecare_result_count_findings(result) == 1);
    duecare_result_free(result);
    duecare_caseload_free(cases);
    duecare_policy_free(compiled);
}

static void deep(void) {
    static char condition[8192];
    int i;
    for (i = 0; i < 190; ++i) strcat(condition, "(");
    strcat(condition, "true");
    for (i = 0; i < 190; ++i) strcat(condition, ")");
    audit_with(condition);
    strcpy(condition, "true");
    for (i = 0; i < 990; ++i) strcat(condition, i % 2 == 0 ? "&&true" : "||true");
    audit_with(condition);
}

int main(void) {
    paths();
    compression();
    store();
    deep();
    return finish("windows_test");
}
