/* Objects keep what they need: free them in every order and read what is left (run under the sanitizers). */
#include "check.h"
#include "fixture.h"

enum { k_policy_at, k_caseload_at, k_token_at, k_result_at, k_finding_at, k_compiler_at, k_objects };

struct objects {
    duecare_compiler* compiler;
    duecare_policy* policy;
    duecare_caseload* caseload;
    duecare_token* token;
    duecare_result* result;
    duecare_finding* finding;
};

static struct objects make_objects(void) {
    struct objects o;
    duecare_error* error = NULL;
    duecare_audit_options options = DUECARE_AUDIT_OPTIONS_INIT;
    CHECK_OK(duecare_compiler_new(&o.compiler, &error));
    CHECK_OK(duecare_compiler_compile(o.compiler, "p", 1, k_policy, sizeof k_policy - 1, &o.policy, &error));
    CHECK_OK(duecare_caseload_new(NULL, &o.caseload, &error));
    CHECK_OK(duecare_caseload_begin(o.caseload, "c", 1, &error));
    CHECK_OK(duecare_caseload_push(o.caseload, k_caseload, sizeof k_caseload - 1, &error));
    CHECK_OK(duecare_caseload_finish(o.caseload, &error));
    CHECK_OK(duecare_token_new(&o.token, &error));
    options.token = o.token;
    CHECK_OK(duecare_audit_run(o.policy, o.caseload, &options, &o.result, &error));
    CHECK_OK(duecare_finding_new(o.result, &o.finding, &error));
    CHECK_OK(duecare_finding_at(o.finding, 0, &error));
    return o;
}

static void free_one(struct objects* o, int which) {
    switch (which) {
        case k_policy_at:
            duecare_policy_free(o->policy);
            o->policy = NULL;
            break;
        case k_caseload_at:
            duecare_caseload_free(o->caseload);
            o->caseload = NULL;
            break;
        case k_token_at:
            duecare_token_free(o->token);
            o->token = NULL;
            break;
        case k_result_at:
            duecare_result_free(o->result);
            o->result = NULL;
            break;
        case k_finding_at:
            duecare_finding_free(o->finding);
            o->finding = NULL;
            break;
        default:
            duecare_compiler_free(o->compiler);
            o->compiler = NULL;
            break;
    }
}

/* Whatever is left can be read. */
static void read_all(const struct objects* o) {
    duecare_error* error = NULL;
    duecare_text* text = NULL;
    CHECK_OK(duecare_text_new(&text, &error));
    if (o->policy != NULL)
        CHECK(strcmp(duecare_policy_get_duty_id(o->policy, 0, NULL), "return-interview") == 0);
    if (o->caseload != NULL) CHECK(strlen(duecare_caseload_get_reject_reason(o->caseload, 0, NULL)) > 0);
    if (o->result != NULL) {
        CHECK_OK(duecare_result_export_findings(o->result, 0, 9, text, &error));
        CHECK(strstr(duecare_text_get(text, NULL), "MC-1") != NULL);
        CHECK(duecare_result_count_rejects(o->result) == 1);
    }
    if (o->finding != NULL) {
        CHECK_OK(duecare_finding_at(o->finding, 0, &error));
        CHECK(strcmp(duecare_finding_get_duty_id(o->finding, NULL), "return-interview") == 0);
        CHECK_OK(duecare_finding_export_explanation(o->finding, text, &error));
    }
    duecare_text_free(text);
}

static void free_in_order(const int order[k_objects]) {
    struct objects o = make_objects();
    int i;
    for (i = 0; i < k_objects; ++i) {
        free_one(&o, order[i]);
        read_all(&o);
    }
}

static int permute(int order[k_objects], int from) {
    int i;
    int tried = 0;
    if (from == k_objects) {
        free_in_order(order);
        return 1;
    }
    for (i = from; i < k_objects; ++i) {
        int kept = order[from];
        order[from] = order[i];
        order[i] = kept;
        tried += permute(order, from + 1);
        kept = order[from];
        order[from] = order[i];
        order[i] = kept;
    }
    return tried;
}

/* A caseload is closed while a result or a finding refers to it, and open again afterwards. */
static void closed_while_read(void) {
    duecare_error* error = NULL;
    struct objects o = make_objects();
    duecare_result_free(o.result);
    CHECK_FAILS(DUECARE_STATUS_INVALID_STATE, duecare_caseload_begin(o.caseload, "d", 1, &error));
    duecare_finding_free(o.finding);
    CHECK_OK(duecare_caseload_begin(o.caseload, "d", 1, &error));
    CHECK_OK(duecare_caseload_finish(o.caseload, &error));
    duecare_caseload_free(o.caseload);
    duecare_policy_free(o.policy);
    duecare_token_free(o.token);
    duecare_compiler_free(o.compiler);
}

static void free_nothing(void) {
    duecare_text_free(NULL);
    duecare_error_free(NULL);
    duecare_zones_free(NULL);
    duecare_compiler_free(NULL);
    duecare_policy_free(NULL);
    duecare_caseload_free(NULL);
    duecare_token_free(NULL);
    duecare_result_free(NULL);
    duecare_finding_free(NULL);
}

/* The user data of a resolver is destroyed once, whatever happens. */
static void count(void* user_data) {
    ++*(int*)user_data;
}
static int32_t resolve(const char* id, size_t length, duecare_text* name, duecare_text* json,
                       void* user_data) {
    (void)id, (void)length, (void)name, (void)json, (void)user_data;
    return DUECARE_STATUS_NOT_FOUND;
}
static void user_data_is_destroyed(void) {
    duecare_error* error = NULL;
    duecare_compiler* compiler = NULL;
    int first = 0;
    int second = 0;
    int refused = 0;
    CHECK_OK(duecare_compiler_new(&compiler, &error));
    CHECK_OK(duecare_compiler_set_resolver(compiler, resolve, &first, count, &error));
    CHECK(first == 0);
    CHECK_OK(duecare_compiler_set_resolver(compiler, resolve, &second, count, &error));
    CHECK(first == 1 && second == 0);
    CHECK_FAILS(DUECARE_STATUS_INVALID_ARGUMENT,
                duecare_compiler_set_resolver(NULL, resolve, &refused, count, &error));
    CHECK(refused == 1);
    duecare_compiler_free(compiler);
    CHECK(first == 1 && second == 1);
}

int main(void) {
    int order[k_objects] = {0, 1, 2, 3, 4, 5};
    CHECK(permute(order, 0) == 720);
    closed_while_read();
    free_nothing();
    user_data_is_destroyed();
    return finish("ownership_test");
}
