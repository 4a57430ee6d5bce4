/* Layers, the resolver, and the diagnostics of policies that do not compile. */
#include "check.h"
#include "fixture.h"

static const char k_force[] =
    "{\"format\": \"duecare.policy/1\", \"id\": \"force\", \"version\": \"2.0.0\", \"title\": \"Force\",\n"
    " \"extends\": \"example\",\n"
    " \"duties\": [{\"id\": \"return-interview\", \"within\": \"24 hours\"}]}";
static const char k_broken[] =
    "{\"format\": \"duecare.policy/1\", \"id\": \"broken\", \"version\": \"1.0.0\", \"title\": \"Broken\",\n"
    " \"time_zone\": \"Europe/London\",\n"
    " \"duties\": [\n"
    "  {\"id\": \"d\", \"title\": \"D\", \"area\": \"a\", \"severity\": \"high\",\n"
    "   \"source\": {\"title\": \"T\", \"section\": \"1\", \"url\": \"https://example.org\", \"status\": "
    "\"illustrative\"},\n"
    "   \"on\": {\"event\": \"a.b\", \"where\": \"event.x == \"},\n"
    "   \"require\": {\"event\": \"c.d\"}, \"within\": \"72 huors\"}]}";

static int g_asked = 0;

static int32_t resolve(const char* id, size_t length, duecare_text* name, duecare_text* json,
                       void* user_data) {
    const int32_t answer = *(const int32_t*)user_data;
    ++g_asked;
    CHECK(length == 7 && strcmp(id, "example") == 0);
    if (answer != DUECARE_STATUS_OK) return answer;
    if (duecare_text_set(name, "example.json", 12, NULL) != DUECARE_STATUS_OK) return DUECARE_STATUS_INTERNAL;
    return duecare_text_set(json, k_policy, sizeof k_policy - 1, NULL);
}

static void handed_over(void) {
    duecare_error* error = NULL;
    duecare_compiler* compiler = NULL;
    duecare_policy* policy = NULL;
    CHECK_OK(duecare_compiler_new(&compiler, &error));
    CHECK_FAILS(DUECARE_STATUS_POLICY, duecare_compiler_compile(compiler, "force.json", 10, k_force,
                                                                sizeof k_force - 1, &policy, &error));
    CHECK_OK(duecare_compiler_add_layer(compiler, "example.json", 12, k_policy, sizeof k_policy - 1, &error));
    CHECK_OK(
        duecare_compiler_compile(compiler, "force.json", 10, k_force, sizeof k_force - 1, &policy, &error));
    CHECK(strcmp(duecare_policy_get_id(policy, NULL), "force") == 0);
    CHECK(duecare_policy_count_duties(policy) == 1);
    CHECK(strcmp(duecare_policy_get_time_zone(policy, NULL), "Europe/London") == 0);
    CHECK(strstr(duecare_policy_get_json(policy, NULL), "24 hours") != NULL);
    duecare_policy_free(policy);
    duecare_compiler_free(compiler);
}

static void resolved(void) {
    duecare_error* error = NULL;
    duecare_compiler* compiler = NULL;
    duecare_policy* policy = NULL;
    int32_t answer = DUECARE_STATUS_OK;
    CHECK_OK(duecare_compiler_new(&compiler, &error));
    CHECK_OK(duecare_compiler_set_resolver(compiler, resolve, &answer, NULL, &error));
    CHECK_OK(duecare_compiler_compile(compiler, NULL, 0, k_force, sizeof k_force - 1, &policy, &error));
    CHECK(g_asked == 1);
    duecare_policy_free(policy);

    answer = DUECARE_STATUS_NOT_FOUND;
    CHECK_FAILS(DUECARE_STATUS_POLICY,
                duecare_compiler_compile(compiler, NULL, 0, k_force, sizeof k_force - 1, &policy, &error));
    CHECK(policy == NULL);
    answer = DUECARE_STATUS_IO;
    CHECK_FAILS(DUECARE_STATUS_IO,
                duecare_compiler_compile(compiler, NULL, 0, k_force, sizeof k_force - 1, &policy, &error));
    answer = 1234;
    CHECK(duecare_compiler_compile(compiler, NULL, 0, k_force, sizeof k_force - 1, &policy, &error) ==
          DUECARE_STATUS_CANCELLED);
    CHECK(duecare_error_get_callback_code(error) == 1234);
    CHECK(duecare_error_get_diagnostics(error) == NULL);
    duecare_error_free(error);
    duecare_compiler_free(compiler);
}

static void diagnosed(void) {
    duecare_error* error = NULL;
    duecare_policy* policy = NULL;
    const duecare_diagnostics* list;
    uint64_t i;
    int place_of_expression = 0;
    int place_of_duration = 0;
    CHECK(duecare_policy_compile("broken.json", 11, k_broken, sizeof k_broken - 1, &policy, &error) ==
          DUECARE_STATUS_POLICY);
    CHECK(policy == NULL);
    list = duecare_error_get_diagnostics(error);
    CHECK(duecare_diagnostics_count(list) >= 2);
    for (i = 0; i < duecare_diagnostics_count(list); ++i) {
        const char* pointer = duecare_diagnostics_get_pointer(list, i, NULL);
        CHECK(duecare_diagnostics_get_severity(list, i) == DUECARE_SEVERITY_ERROR);
        CHECK(strlen(duecare_diagnostics_get_policy(list, i, NULL)) > 0);
        CHECK(strlen(duecare_diagnostics_get_message(list, i, NULL)) > 0);
        CHECK(strstr(duecare_error_get_text(error, NULL), duecare_diagnostics_get_text(list, i, NULL)) !=
              NULL);
        if (strcmp(pointer, "/duties/0/on/where") == 0) {
            place_of_expression = 1;
            CHECK(strcmp(duecare_diagnostics_get_expression(list, i, NULL), "event.x == ") == 0);
            CHECK(duecare_diagnostics_get_column(list, i) >= 10);
            CHECK(duecare_diagnostics_get_line(list, i) == 6);
            CHECK(strchr(duecare_diagnostics_get_text(list, i, NULL), '^') != NULL);
        }
        if (strcmp(pointer, "/duties/0/within") == 0) {
            place_of_duration = 1;
            CHECK(strstr(duecare_diagnostics_get_message(list, i, NULL), "hours") != NULL);
        }
    }
    CHECK(place_of_expression && place_of_duration);
    CHECK(duecare_diagnostics_get_message(list, i, NULL) == NULL);
    duecare_error_free(error);
    error = NULL;
    CHECK_FAILS(DUECARE_STATUS_POLICY, duecare_policy_compile(NULL, 0, NULL, 0, &policy, &error));
    CHECK_FAILS(DUECARE_STATUS_POLICY, duecare_policy_compile(NULL, 0, "\xFF", 1, &policy, &error));
}

static void zones(void) {
    duecare_error* error = NULL;
    duecare_zones* none = NULL;
    CHECK_FAILS(DUECARE_STATUS_DATA, duecare_zones_import("nonsense", 8, &none, &error));
    CHECK_FAILS(DUECARE_STATUS_DATA, duecare_zones_import(NULL, 0, &none, &error));
    CHECK(none == NULL);
}

int main(void) {
    handed_over();
    resolved();
    diagnosed();
    zones();
    return finish("layers_test");
}
